"""One way to a script that is ready to be spoken, without a disk."""

import builtins
from dataclasses import replace
from pathlib import Path

import pytest

from builders import article, issue, script, story
from qjaudio.paper.text import Doubt, Span, place_lines, spans_of
from qjaudio.rules import phrases
from qjaudio.script.lexicon import default_lexicon
from qjaudio.script.model import Line
from qjaudio.script.prepare import prepare_issue, prepare_text

PHRASES = phrases("phrases")
ISSUE = issue(article("甲村通车"), article("乙村“开学”", "“开学了！”他说。书很新。"))
LEXICON = default_lexicon()


def test_what_we_composed_is_not_an_edit() -> None:
    """Our own script.md, given back, is spoken as ours."""
    ours = prepare_issue(ISSUE, PHRASES, LEXICON)
    again = prepare_issue(ISSUE, PHRASES, LEXICON, edited=ours.markdown)
    assert not again.edited
    assert ours == again


def test_an_edited_script_wins() -> None:
    """It is spoken, named, and what is not in the paper is told."""
    ours = prepare_issue(ISSUE, PHRASES, LEXICON)
    edited = ours.markdown.replace("桥很长。", "桥很长！明天修路。")
    found = prepare_issue(ISSUE, PHRASES, LEXICON, edited=edited, edited_name="a/script.md")
    assert found.edited
    assert edited == found.markdown
    assert ("明天修路。",) == found.unprinted
    told = ("speaking the edited a/script.md", "not in the paper: 明天修路。")
    assert told == found.messages()[-2:]


def test_a_notice_that_was_edited_away_is_in_grave_doubt() -> None:
    """Whoever takes 人工智能合成 out of the sign-off is told; other words for it will do."""
    ours = prepare_issue(ISSUE, PHRASES, LEXICON)
    assert not ours.script.doubts
    notice = "本节目由人工智能合成语音播报。"
    for instead, doubted in (("", True), ("由机器播报。", True), ("播音由AI生成。", False)):
        edited = ours.markdown.replace(notice, instead)
        assert edited != ours.markdown
        doubts = prepare_issue(ISSUE, PHRASES, LEXICON, edited=edited).script.doubts
        assert doubted == any(one.kind == "grave" and "人工智能" in one.why for one in doubts)


def test_what_an_editor_left_alone_keeps_its_place() -> None:
    """Of an edited script the printed sentences, each in its story; a changed comma has none."""
    texts = ["甲村通车", "桥很长。路很宽。书很新。", "乙村", "桥很长。路很窄。"]
    page = place_lines(texts, tuple(Span(1, at, 0, 12) for at in range(4)))
    whole = issue(*(replace(article(page[at], page[at + 1]), crossheads=()) for at in (0, 2)))
    ours = prepare_issue(whole, PHRASES, LEXICON)
    edited = ours.markdown.replace("书很新", "书，很新").replace("路很窄。", "路很窄。路很宽。")
    lines = [line for part in prepare_issue(whole, PHRASES, LEXICON, edited=edited).script.stories
             for line in part.lines]  # fmt: skip
    wanted = [
        "甲村通车",
        "桥很长。",
        "路很宽。",
        "书，很新。",
        "乙村",
        "桥很长。",
        "路很窄。",
        "路很宽。",
    ]
    assert wanted == [line.text for line in lines]
    found = [span.line for line in lines for span in spans_of(line.text) or (Span(0, -1, 0, 0),)]
    assert [0, 1, 1, -1, 2, 3, 3, 1] == found


def test_a_file_is_named_where_one_is_written() -> None:
    """Places to check: a dry run, which writes none, sends nobody to script.json."""
    doubt = Doubt(kind="grave", where=(0, 1), what="重", why="读音")
    line = Line(text="重。", kind="body", doubts=(doubt,))
    whole = script(replace(story(), lines=(line,)))
    found = replace(prepare_issue(ISSUE, PHRASES, LEXICON), script=whole)
    assert "1 place to check: 重" == found.messages()[-1]
    assert "1 place to check, see a/script.json: 重" == found.messages(see="a/script.json")[-1]


def test_every_line_is_pronounced() -> None:
    """A text of two sentences is two lines with their words."""
    lines = prepare_text("今天7月1日。我们去看看！", LEXICON).parts[0].lines
    assert ["今天七月一日。", "我们去看看！"] == [line.spoken for line in lines]


def test_no_file_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the rules loaded, composing and pronouncing need no disk."""
    prepare_issue(ISSUE, PHRASES, LEXICON)

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a file is opened")

    monkeypatch.setattr(builtins, "open", refused)
    monkeypatch.setattr(Path, "open", refused)
    assert prepare_issue(ISSUE, PHRASES, LEXICON).script.parts


def test_a_slow_pace_leaves_room_for_less() -> None:
    """With minutes a slower voice says fewer sentences, and the remark counts its time."""
    stories = [article(f"{name}村通车", *["桥很长，大家都走上桥头看。"] * 9) for name in "甲乙丙丁"]
    long = {}
    for pace in (220, 300):
        found = prepare_issue(issue(*stories), PHRASES, LEXICON, minutes=1.5, pace=pace)
        long[pace] = sum(len(line.text) for part in found.script.stories for line in part.lines)
    assert long[220] < 0.85 * long[300]
    told = [
        prepare_issue(issue(*stories), PHRASES, LEXICON, minutes=30, pace=pace).remarks[-1]
        for pace in (220, 300)
    ]
    lasts = [float(one.split("about ")[1].split()[0]) for one in told]
    assert lasts[0] == pytest.approx(lasts[1] * 300 / 220, rel=0.05)


def test_the_first_leaders_are_named_in_every_way_of_choosing() -> None:
    """With minutes and without; the paper's own words beside that."""
    text = "区长张立主持会议。区领导李海、王田、赵青、孙明等参加会议。"
    for minutes in (None, 1.0):
        found = prepare_issue(
            issue(article("全区春耕会召开", text)), PHRASES, LEXICON, minutes=minutes, leaders=2
        )
        said = "".join(line.text for part in found.script.stories for line in part.lines)
        assert "区领导李海、王田等参加会议。" in said
        assert "赵青" not in said
