"""The script of an issue."""

import json
from dataclasses import asdict, replace

from builders import article, issue
from qjaudio.paper.model import Headline
from qjaudio.paper.text import Box, PageText, Span, place_lines, spans_json, spans_of
from qjaudio.rules import phrases
from qjaudio.script.compose import calendar_differences, compose
from qjaudio.script.model import Line, Part, Script, script_json

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


def test_the_lines_of_a_script_know_their_place() -> None:
    """Each printed sentence; titles and names are plain, and so are our own sentences."""
    page = place_lines(["新桥通车了", "桥很长。路很宽。"], (Span(1, 0, 0, 5), Span(1, 1, 0, 8)))
    printed = replace(
        article("标题", page[1]),
        headline=Headline(main=page[0]),
        section=PageText("要闻"),
        byline=(PageText("甲一"),),
        crossheads=(),
    )
    whole = compose(issue(printed), PHRASES)
    found = {line.text: spans_of(line.text) for part in whole.parts for line in part.lines}
    assert {
        "新桥通车了": (Span(1, 0, 0, 5),),
        "桥很长。": (Span(1, 1, 0, 4),),
        "路很宽。": (Span(1, 1, 4, 8),),
    } == {text: spans for text, spans in found.items() if spans}
    facts = [text for part in whole.stories for text in (part.title, part.section, *part.byline)]
    assert {str} == set(map(type, facts))


def test_the_stage_file_has_the_place_of_each_line() -> None:
    """Its `spans` are those of `read --json`; a copy of a script does not copy the page."""
    page = place_lines(["新桥通车了"], (Span(1, 0, 0, 5, Box(1, 2, 3, 4)),))[0]
    line = Line(text=page, kind="headline")
    whole = Script(paper="", date="", parts=(Part(kind="story", title="", lines=(line,)),))
    row = json.loads(json.dumps(script_json(whole)))["parts"][0]["lines"][0]
    assert ("新桥通车了", spans_json(page)) == (row["text"], row["spans"])
    assert asdict(whole)["parts"][0]["lines"][0]["text"] is page
