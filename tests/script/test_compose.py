"""The script of an issue."""

from dataclasses import replace

from builders import article, issue
from qjaudio.paper.model import Headline
from qjaudio.paper.text import PageText
from qjaudio.rules import phrases
from qjaudio.script.compose import calendar_differences, compose

PHRASES = phrases("phrases")


def test_the_parts_stand_in_order() -> None:
    """Opening, contents, each story, sign-off."""
    script = compose(issue(article("甲村通车"), article("乙村开学")), PHRASES)
    assert ["opening", "headlines", "story", "story", "sign_off"] == [p.kind for p in script.parts]
    assert ["甲村通车", "乙村开学"] == [part.title for part in script.stories]


def test_the_opening_tells_paper_and_day() -> None:
    """Paper, date, weekday, lunar date, and that the voice is synthetic."""
    opening = "".join(line.text for line in compose(issue(), PHRASES).parts[0].lines)
    for words in ("《今日衢江》", "2025年5月20日", "星期二", "农历四月廿三", "合成语音"):
        assert words in opening


def test_the_contents_are_the_headlines() -> None:
    """Each headline once, between two phrases of ours."""
    lines = compose(issue(article("甲村通车"), article("乙村开学")), PHRASES).parts[1].lines
    assert ["甲村通车", "乙村开学"] == [line.text for line in lines if line.kind == "headline"]
    assert ["phrase", "headline", "headline", "phrase"] == [line.kind for line in lines]


def test_a_story_is_headline_paragraphs_and_crossheads() -> None:
    """A crosshead stands before the paragraph it heads; sentences are lines."""
    story = compose(issue(), PHRASES).stories[0]
    wanted = [
        ("headline", "新桥通车了", 0),
        ("body", "桥很长。", 1),
        ("body", "大家走上桥头。", 1),
        ("crosshead", "一桥两岸", 2),
        ("body", "从此过河不用船。", 2),
    ]
    assert wanted == [(line.kind, line.text, line.paragraph) for line in story.lines]
    assert (1, ("甲一",)) == (story.page, story.byline)


def test_a_masthead_that_errs_is_reported() -> None:
    """Weekday and lunar date are calculated; the difference is told, the right day spoken."""
    said = issue()
    wrong = replace(
        said, masthead=replace(said.masthead, weekday="星期三", lunar_date="农历四月廿二")
    )
    assert 2 == len(calendar_differences(wrong))
    assert () == calendar_differences(said)
    assert "星期二" in compose(wrong, PHRASES).parts[0].lines[2].text


def test_the_script_is_of_plain_texts() -> None:
    """Texts of a page know their places; those of the script do not, and are copied cheaply."""
    placed = PageText("新桥通车了")
    printed = replace(
        article("标题", PageText("桥很长。路很宽。")),
        headline=Headline(main=placed),
        section=PageText("要闻"),
        byline=(PageText("甲一"),),
    )
    script = compose(issue(printed), PHRASES)
    texts = [line.text for part in script.parts for line in part.lines]
    facts = [text for part in script.stories for text in (part.title, part.section, *part.byline)]
    assert {str} == {type(text) for text in (*texts, *facts)}
