"""Where a voice may breathe in a long clause without a mark."""

import pytest

from qjaudio.script.lexicon import Lexicon
from qjaudio.script.model import Line
from qjaudio.script.pronounce import NEVER, pronounce_line
from qjaudio.speech.plan import split

LIMIT = 40


def cut(text: str) -> list[str]:
    """The utterances of a text, at most `LIMIT` characters each."""
    line = pronounce_line(Line(text=text, kind="body"), Lexicon())
    return [utterance.spoken for utterance in split(line, LIMIT)]


@pytest.mark.parametrize(
    "parts",
    [
        (
            "由省茶叶学会和市农业农村局共同主办的第二十三届江南云雾茶产业发展大会",
            "昨天在衢州市开幕。",
        ),
        (
            "来自全国各地的一百二十名返乡青年代表",
            "和来自八个国家的六十名客商走进了衢江的田间地头。",
        ),
        ("村里的老木匠用六十年时间收集的两百多件明清时期的", "雕花木窗捐给了刚落成的乡村记忆馆。"),
        (
            "区人力资源和社会保障局和区住房和城乡建设局",
            "联合发布的新一批保障房申请条件今起施行。",
        ),
    ],
)
def test_a_long_clause_is_cut_at_the_edge_of_a_word_group(parts: tuple[str, ...]) -> None:
    """After 的, before 和, between a long subject and its verb."""
    assert parts == tuple(cut("".join(parts)))


@pytest.mark.parametrize(
    "name",
    ["中国国家铁路集团有限公司", "国际铁路联盟", "人力资源和社会保障局", "“山海协作与共同富裕”"],
)
@pytest.mark.parametrize("fill", [12, 18, 24, 30])
def test_a_name_is_never_cut(name: str, fill: int) -> None:
    """However long the words before it: an institution's name and a quotation stay whole."""
    before = "经过反复讨论研究比较之后大家一致决定同意推荐支持我们县里申报的"[:fill]
    text = f"{before}{name}今年在本县设立的首个山区服务中心建设项目的前期准备工作。"
    assert any(name.strip("“”") in piece for piece in cut(text))


def test_nothing_is_looked_for_in_short_clauses() -> None:
    """A clause that is said in one breath has no places to breathe."""
    line = pronounce_line(Line(text="今天和明天都在家里。", kind="body"), Lexicon())
    assert {NEVER} == {word.breath for clause in line.clauses for word in clause.words}
