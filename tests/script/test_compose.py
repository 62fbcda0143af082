"""The script of an issue."""

import json
from dataclasses import asdict, replace

import pytest

from builders import article, issue
from qjaudio.paper.digest import reading_seconds, short_headline
from qjaudio.paper.model import Headline
from qjaudio.paper.text import Box, PageText, Span, place_lines, spans_json, spans_of
from qjaudio.rules import phrases
from qjaudio.script.compose import calendar_differences, compose, discloses
from qjaudio.script.model import Line, Part, Script, script_json
from qjaudio.script.prepare import from_markdown, to_markdown

PHRASES = phrases("phrases")


def test_the_parts_stand_in_order() -> None:
    """Opening, contents, each story, sign-off."""
    script = compose(issue(article("甲村通车"), article("乙村开学")), PHRASES)
    assert ["opening", "headlines", "story", "story", "sign_off"] == [p.kind for p in script.parts]
    assert ["甲村通车", "乙村开学"] == [part.title for part in script.stories]


def test_the_opening_tells_paper_and_day() -> None:
    """Paper, day, weekday and lunar date; at the end, that the voice is synthetic."""
    parts = compose(issue(), PHRASES).parts
    opening, end = ("".join(line.text for line in parts[at].lines) for at in (0, -1))
    for words in ("《今日衢江》", "5月20日", "星期二", "农历四月廿三"):
        assert words in opening
    assert "人工智能合成语音" in end


def test_news_comes_soon() -> None:
    """The first headline within ten seconds, the first story within thirty, music included."""
    heads = [f"{name}村修通了一条十八公里长的环湖公路" for name in "甲乙丙丁戊己庚辛"]
    whole = issue(*map(article, heads))
    opening, rundown, *_ = compose(whole, PHRASES).parts
    first = 2.3 + sum(reading_seconds(line.text) for line in opening.lines) + 1.1
    assert first <= 9
    told = sum(reading_seconds(line.text) + 0.7 for line in rundown.lines)
    assert first + 1 + told + 1 <= 30
    assert 3 <= len([line for line in rundown.lines if line.kind == "headline"]) < 8


def test_the_rundown_of_many_stories_is_grouped_by_page() -> None:
    """After the first headlines it tells how many each page has; the first story is no later."""
    heads = [f"{name}村修通了一条十八公里长的环湖公路" for name in "甲乙丙丁戊己庚辛壬癸" * 3]
    pages = ("要闻", "综合新闻", "", "文化", "", "")
    stories = [
        replace(article(head), page=1 + at // 5, section=pages[at // 5])
        for at, head in enumerate(heads)
    ]
    lines = compose(issue(*stories), PHRASES).parts[1].lines
    counts = "今天共30条：要闻5条，综合新闻5条，第3版5条，文化5条，其他各版10条。"
    assert counts == lines[-1].text
    assert sum(reading_seconds(line.text) + 0.7 for line in lines) <= 20
    alone = [replace(story, page=1, section="") for story in stories]
    for few in (stories[:11], alone):
        assert "下面请听详细内容。" == compose(issue(*few), PHRASES).parts[1].lines[-1].text


def test_a_long_headline_is_said_to_a_mark() -> None:
    """In the rundown; before its story too, where the first sentence says all of it again."""
    head = "全县秋季水利建设调度会暨冬修项目现场办公推进会召开"
    again = article(head, f"5月16日，{head}。会上签了8个项目。")
    other = article(head, "会上签了8个项目，共45亿元。")
    short = "全县秋季水利建设调度会"
    for told, said in ((again, short), (other, head)):
        script = compose(issue(told), PHRASES)
        assert short == script.parts[1].lines[0].text
        assert said == script.stories[0].lines[0].text
        assert head == script.stories[0].title
        back = from_markdown(to_markdown(script, PHRASES), script, PHRASES)
        assert said == back.stories[0].lines[0].text


@pytest.mark.parametrize(
    ("headline", "said"),
    [
        ("新桥通车了", "新桥通车了"),
        ("十年帮扶 三百名学生圆了大学梦 又有二十人起程", "十年帮扶 三百名学生圆了大学梦"),
        *((text, text) for text in ("“让群众少跑路，让数据多跑腿”的经验在全省推广", "长" * 30)),
    ],
)
def test_a_headline_is_cut_at_a_mark_or_not_at_all(headline: str, said: str) -> None:
    """Never inside quotation marks, and never where no mark stands."""
    assert said == short_headline(headline)


def test_an_agency_is_named_before_its_story() -> None:
    """新华社 is said as printed; 本报讯 is the paper itself."""
    agency = replace(article(), dateline="新华社北京5月19日电")
    own = replace(article(), dateline="本报讯")
    first, second = compose(issue(agency, own), PHRASES).stories
    assert ["headline", "body"] == [line.kind for line in first.lines[:2]]
    assert "新华社北京5月19日电" == first.lines[1].text
    assert "桥很长。" == second.lines[1].text


def test_the_contents_are_the_headlines() -> None:
    """Each headline once, then a phrase of ours, and one before them where we have one."""
    lines = compose(issue(article("甲村通车"), article("乙村开学")), PHRASES).parts[1].lines
    assert ["甲村通车", "乙村开学"] == [line.text for line in lines if line.kind == "headline"]
    assert ["headline", "headline", "phrase"] == [line.kind for line in lines]
    words = {**PHRASES, "headlines": {**PHRASES["headlines"], "before": "先听提要。"}}
    assert "先听提要。" == compose(issue(), words).parts[1].lines[0].text


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
    assert "星期二" in compose(wrong, PHRASES).parts[0].lines[1].text


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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("本节目由人工智能合成语音播报。", True),
        ("本期声音由AI生成。", True),
        ("由合成语音播报。", False),
        ("关注人工智能。这是合成的。", False),
        ("", False),
    ],
)
def test_a_notice_needs_both_words(text: str, said: bool) -> None:
    """人工智能 or AI, and 合成 or 生成, in one sentence."""
    assert said == discloses(text)
