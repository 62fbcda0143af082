"""Credits in all their forms become names, and sentences about reporters stay text."""

import pytest

from qjaudio.paper.lines import is_credit, opens_story, take_closing, take_name, take_opening
from qjaudio.paper.reading import read_issue
from qjaudio.sources.text import split_pages

OPENINGS = [
    ("本报讯(记者 方小怡)5月16日,会议召开。", "本报讯", ("方小怡",)),
    ("本报讯（张涛 记者 吴明）12月3日", "本报讯", ("张涛", "吴明")),
    ("本报讯 记者 陈立 通讯员 何晓红 报道:6月10日", "本报讯", ("陈立", "何晓红")),
    ("本报讯 记者 陈立 报 道:6月10日", "本报讯", ("陈立",)),
    ("本报讯昨日渡口通了船", "本报讯", ()),  # OCR loses the space
    ("本报综合消息 天气回暖", "本报综合消息", ()),
    ("新华社北京9月7日电(记者李文、张 强)国务院", "新华社北京9月7日电", ("李文", "张强")),
    ("据新华社电 国家统计局", "据新华社电", ()),
    ("石桥日报讯（全媒体记者 王海洋）昨天", "石桥日报讯", ("王海洋",)),
    ("讯（记者 王海洋 实习生 周敏）昨天", "讯", ("王海洋", "周敏")),
    ("本报记者 周敏 清晨六点", "", ("周敏",)),
    ("□记者 周敏 曾经尘土 飞扬的采石场", "", ("周敏",)),
    ("□记者 周敏 欧阳小明 昨天", "", ("周敏", "欧阳小明")),
]


def test_whom_a_letter_greets_is_no_reporter() -> None:
    """编辑同志 has no family name."""
    assert not is_credit("编辑同志：")


@pytest.mark.parametrize(("text", "dateline", "names"), OPENINGS)
def test_an_opening_gives_dateline_and_names(
    text: str, dateline: str, names: tuple[str, ...]
) -> None:
    """Dateline and names are taken off, the story begins with its own words."""
    opening = take_opening(text)
    assert (dateline, names) == (opening.dateline, opening.names)
    assert text.endswith(opening.text)
    assert "记者" not in opening.text


@pytest.mark.parametrize(
    "text",
    [
        "记者从会上了解到,今年夏粮丰收。",
        "本报讯者不存在。",
        "本报讯息中心昨天搬了家。",
        "(点)试点名单公布。",
        "记者来到村里采访。",
    ],
)
def test_a_sentence_is_no_opening(text: str) -> None:
    """A sentence that only speaks of reporters stays whole."""
    assert text == take_opening(text).text
    assert not opens_story(text)


@pytest.mark.parametrize(
    ("text", "kept", "names"),
    [
        ("活动结束了。(李勤)", "活动结束了。", ("李勤",)),
        ("活动结束了。 新渝报记者 黄舒摄", "活动结束了。", ("黄舒",)),
        ("活动结束了。（记者 周大海 文/图）", "活动结束了。", ("周大海",)),
        ("活动结束了。（据新华社）", "活动结束了。", ()),
        ("活动结束了。（责任编辑：赵青）", "活动结束了。", ()),
        ("活动结束了。【责编 赵青 校对 李飞】", "活动结束了。", ()),
        ("活动结束了。责任编辑：赵青", "活动结束了。", ()),
        ("活动结束了。（记者 周大海）（责任编辑：赵青）", "活动结束了。（记者 周大海）", ()),
        ("活动结束了。（花自芳 言午）", "活动结束了。", ("花自芳", "言午")),
        ("活动覆盖三个县（市、区）", "活动覆盖三个县（市、区）", ()),
        ("他说：“好。”", "他说：“好。”", ()),
        ("桥修好了。（本报记者李勤本报通讯员王海洋）", "桥修好了。", ("李勤", "王海洋")),
    ],
)
def test_a_closing_credit_is_taken_off(text: str, kept: str, names: tuple[str, ...]) -> None:
    """Names at the end of a story are its byline; other brackets are text."""
    closing = take_closing(text)
    assert (kept, names) == (closing.text, closing.names)


@pytest.mark.parametrize(
    "text", ["□ 本报记者 张三 通讯员 李四", "全媒体记者 王海洋 文/图", "来源：石桥日报"]
)
def test_a_line_of_names_is_a_credit(text: str) -> None:
    """A line with roles, names or a source and nothing else is a credit."""
    assert is_credit(text)


def test_a_headline_over_its_reporter_is_no_credit() -> None:
    """Words before 记者 that are too many for who sent them are a headline."""
    assert not is_credit("荒滩变良田 稻子种上盐碱地 本报记者 李勤")
    assert is_credit("江海潮 周小山 本报记者 王海洋")


def test_a_number_cut_behind_the_byline_stays_whole() -> None:
    """The first figure of a day on the line of the names is of the text on the next line."""
    text = "老桥修好了\n\n    本报讯（记者 李勤 王海洋）1\n2月9日，"
    text += "横跨小石河两岸的老桥修好了，两岸的村民\n都来看。\n"
    text += "    桥长三十米，宽六米，能过两辆车，两边有人行\n道。\n"
    (article,) = read_issue(split_pages(text)).articles
    assert article.paragraphs[0].startswith("12月9日，横跨")


def test_what_is_taken_off_keeps_everything_but_the_names() -> None:
    """The wording of the credit is left over, so that no character is lost."""
    opening = take_opening("本报讯(记者 徐俊 杰)会议")
    assert ("徐俊杰",) == opening.names
    assert ("徐俊杰", "本报讯(记者 )") == take_name(opening.printed, opening.names[0])
