"""Corrections: what a person puts right, anchored to the page's own words."""

import re
from pathlib import Path

import pytest

from builders import ROADS, SHOPS, WELLS
from builders import read_page as read
from qjaudio.errors import UsageError
from qjaudio.paper.corrections import (
    Corrections,
    correct,
    names_of_stories,
    parse_corrections,
)
from qjaudio.paper.model import Issue
from qjaudio.paper.reading import read_issue
from qjaudio.paper.text import PageText, spans_of
from qjaudio.sources.text import TextSource

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "zh" / "correct-the-issue.md"
NAME = "corrections.toml"
HEADS = ["三个村的老井通了电", "集市搬进新大棚", "山路上装了护栏"]


def corrected(text: str, issue: Issue | None = None) -> Issue:
    """The issue of three stories, or another one, with the corrections of a text."""
    return correct(issue or read(WELLS, SHOPS, ROADS), parse_corrections(text, NAME))


def entry(story: str, rest: str) -> str:
    """An entry of corrections.toml."""
    return f'[[correction]]\nstory = "{story}"\n{rest}\n'


def heads(issue: Issue) -> list[str]:
    return [str(article.headline.main) for article in issue.articles]


def test_nothing_to_correct_changes_nothing() -> None:
    """An empty file gives the issue as it was read."""
    issue = read(WELLS, SHOPS, ROADS)
    assert issue == correct(issue, parse_corrections("", NAME)) == correct(issue, Corrections())


@pytest.mark.parametrize("words", ["老井通电", "老井", "三个村子的老井昨天一起都通了电"])
def test_another_headline_stands_where_the_printed_one_did(words: str) -> None:
    """However unlike it is, and however long: the page shows which one it is."""
    printed = read(WELLS, SHOPS, ROADS).articles[0].headline.main
    head = corrected(entry("三个村", f'headline = "{words}"')).articles[0].headline.main
    assert words == head
    (place,) = {(span.page, span.line) for span in spans_of(printed)}
    assert {place} == {(span.page, span.line) for span in spans_of(head)}


def test_a_story_gets_another_headline() -> None:
    """That of the page is left out and told among the repairs; marks and spaces do not count."""
    issue = corrected(entry("三个村 的 老井，", 'headline = "老井通电了"\ndeck = "村民高兴"'))
    assert ["老井通电了", *HEADS[1:]] == heads(issue)
    assert "村民高兴" == issue.articles[0].headline.deck
    assert HEADS[0] in [row.text for row in issue.left_out]
    assert (HEADS[0], "老井通电了") in [(fix.before, fix.after) for fix in issue.repairs]


def test_a_story_gets_other_reporters() -> None:
    """Names that stay keep their place; those that go are left out; an empty text names nobody."""
    issue = corrected(entry("三个村", 'byline = "甲一、戊五"'))
    assert ("甲一", "戊五") == issue.articles[0].byline
    assert ("甲一", "甲一、戊五") in [(fix.before, fix.after) for fix in issue.repairs]
    bare = corrected(entry("三个村", 'byline = ""'))
    assert () == bare.articles[0].byline
    assert "甲一" in [row.text for row in bare.left_out]


def test_each_story_has_a_name_for_one_more_correction() -> None:
    """Also after others: a story goes by the words of the page, not by those it was given."""
    issue = read(WELLS, SHOPS, ROADS)
    text = entry("三个村", 'headline = "老井通电了"') + entry("山路", 'before = "集市"')
    names = names_of_stories(issue, parse_corrections(text, NAME))
    assert [(HEADS[0], None), (HEADS[2], None), (HEADS[1], None)] == list(names)


def test_words_are_put_right_and_the_rest_keeps_its_place() -> None:
    """Only the words themselves are no longer those of the page."""
    issue = corrected(entry("昨天，三个村的", 'wrong = "水泵一按"\nright = "电闸一合"'))
    text = issue.articles[0].paragraphs[0]
    assert "昨天，三个村的老井都通了电，电闸一合就响。" == text
    before = read(WELLS).articles[0].paragraphs[0]
    assert isinstance(text, PageText)
    assert isinstance(before, PageText)
    assert before.places == text.places  # as many characters stand where those of the page stood
    shorter = corrected(entry("集市", 'wrong = "，先到先选"\nright = ""'))
    assert "大棚有四百个摊位。" == shorter.articles[1].paragraphs[1]


@pytest.mark.parametrize(
    ("line", "kind"), [("spoken = false", "correction"), ("advert = true", "advert")]
)
def test_a_story_is_not_spoken(line: str, kind: str) -> None:
    """It goes to what is left out, headline and text."""
    issue = corrected(entry("集市搬进", line))
    assert [HEADS[0], HEADS[2]] == heads(issue)
    gone = [row.text for row in issue.left_out if row.kind == kind]
    assert {HEADS[1], "大棚有四百个摊位，先到先选。"} <= set(gone)


def test_stories_come_in_another_order() -> None:
    """Before or after the story that is named."""
    assert [HEADS[2], *HEADS[:2]] == heads(corrected(entry("山路", 'before = "三个村"')))
    assert [*HEADS[1:], HEADS[0]] == heads(corrected(entry("三个村", 'after = "山路"')))


def test_two_stories_become_one() -> None:
    """The headline of the second is a crosshead, text, or gone; a sentence in halves is whole."""
    issue = corrected(entry("三个村", 'join = "山路"'))
    assert HEADS[:2] == heads(issue)
    assert [(2, HEADS[2])] == [(row.before, row.text) for row in issue.articles[0].crossheads]
    assert ("甲一", "丙三") == issue.articles[0].byline
    assert 4 == len(issue.articles[0].paragraphs)
    gone = corrected(entry("三个村", 'join = "山路"\njoin_headline = "none"'))
    assert not gone.articles[0].crossheads
    assert HEADS[2] in [row.text for row in gone.left_out]
    halves = read(
        (*WELLS[:2], "村民说，以后不用再挑水，大家都高"),
        ("# 大家都说好", "兴地来看水。"),
        SHOPS,
    )
    whole = corrected(entry("三个村", 'join = "大家都说"\njoin_headline = "none"'), halves)
    assert "村民说，以后不用再挑水，大家都高兴地来看水。" == whole.articles[0].paragraphs[-1]
    assert not whole.doubts


def test_a_story_is_cut_in_two() -> None:
    """The second gets its headline, its reporters and the rest of the text; all can be named."""
    long = (
        *WELLS[:2],
        "村民说好。山路上装了护栏本报讯（记者 丙三）通往茶山的山路装了护栏。",
        "司机说，稳当。",
    )
    issue = corrected(
        entry("三个村", 'cut = "山路上装了护栏"\ncut_headline = "山路上装了护栏"\nafter = "集市"')
        + entry("通往茶山", 'deck = "稳当"'),
        read(long, SHOPS),
    )
    assert [HEADS[2], HEADS[1], HEADS[0]] == heads(issue)
    new = issue.articles[0]
    assert ("通往茶山的山路装了护栏。", "司机说，稳当。") == new.paragraphs
    assert ("丙三",) == new.byline
    assert "稳当" == new.headline.deck


def test_what_was_looked_at_is_in_no_doubt() -> None:
    """A story, or the whole issue, that somebody compared with the page."""
    issue = read(WELLS, (*SHOPS, "（下转第3版）"), ("# 简讯", *ROADS[1:]))
    assert 2 == len(issue.doubts)
    assert ["简讯"] == [d.what for d in corrected(entry("集市", "checked = true"), issue).doubts]
    assert 1 == len(corrected(entry("简讯", 'headline = "山路护栏"'), issue).doubts)
    assert not corrected("checked = true", issue).doubts


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        (entry("没有这一篇", "spoken = false"), "line 1: no story begins with", "take it out"),
        (entry("集市搬进新大篷", "spoken = false"), "no story begins with", "集市搬进新大棚"),
        ("\n" + entry("集市", 'headlin = "新"'), "line 4: there is no 'headlin'", "headline?"),
        ("corrections = 1", "line 1: there is no 'corrections'", "correction?"),
        (entry("集市", "spoken = 0"), "line 3: spoken is not true or false", "spoken = true"),
        (entry("集市", 'page = "1"\nspoken = false'), "line 3: page is not a number", "page = 2"),
        (entry("集市", ""), "line 1: it corrects nothing", "spoken"),
        (entry("", "spoken = false"), "line 1: it names no story", "story ="),
        (
            entry("集市", 'wrong = "大棚"\nright = "棚"'),
            "stands in the story 3 times",
            "more words",
        ),
        (entry("集市", 'wrong = "没有"\nright = "棚"'), "does not stand in the story", "read"),
        (entry("集市", 'wrong = "大棚"'), "belong together", "right"),
        (entry("集市", 'cut = "集市昨天"'), "does not stand", "qjaudio read"),
        (entry("集市", 'cut = "先到先选"'), "has no headline", "cut_headline"),
        (entry("集市", 'join = "集市"'), "with itself", "goes on"),
        (entry("集市", 'before = "集市"'), "before or after itself", "another story"),
        (entry("集市", 'cut = "城西"\ncut_headline = "x"'), "nothing stands before", "further"),
        (
            entry("山路", 'cut = "司机说"\ncut_headline = "司机说，开车稳当多了"'),
            "has no text",
            "at which it begins",
        ),
        (
            entry("三个村", 'wrong = "三个村的老井通了电"\nright = ""'),
            "no text, or no headline, is left",
            "spoken = false",
        ),
        (entry("集市", 'headline = "…"'), "headline is empty", "keep it"),
        (entry("集市", 'join = "山路"\njoin_headline = "x"'), "join_headline", "crosshead"),
        ("[[correction]]\nstory = 集市", "cannot read corrections.toml", "line"),
        ("correction = 3", "not a list of tables", "[[correction]]"),
        ("a" * 9 + "=" + "[" * 5000, "cannot read", "line"),
        ("".join(entry(head, "spoken = false") for head in HEADS), "leaves no story", "again"),
    ],
)
def test_what_fits_nothing_is_refused(text: str, said: str, hint: str) -> None:
    """With the line of the file, and what to do."""
    with pytest.raises(UsageError) as caught:
        corrected(text)
    assert said in str(caught.value)
    assert hint in caught.value.hint


def test_an_anchor_that_fits_two_stories_is_refused() -> None:
    """Until its page, or more words, tell which."""
    twice = read(WELLS, ("# 三个村的路修好了", *ROADS[1:]))
    with pytest.raises(UsageError, match="2 stories begin with"):
        corrected(entry("三个村的", "spoken = false"), twice)
    assert ["三个村的老井通了电"] == heads(corrected(entry("三个村的路", "spoken = false"), twice))


def test_corrections_survive_a_second_reading() -> None:
    """The same page with other spaces and marks, and with one more story above."""
    rules = entry("三个村的老井", "spoken = false") + entry("集市", 'headline = "新大棚"')
    again = read(ROADS, ("# 三个村 的老井通了电", *WELLS[1:]), SHOPS)
    assert [HEADS[2], "新大棚"] == heads(corrected(rules, again))


def test_the_example_of_the_guide_works() -> None:
    """The example for editors does with the sample issue what the guide says."""
    example = re.findall(r"```toml\n(.*?)```", GUIDE.read_text("utf-8"), re.S)[0]
    issue = read_issue(TextSource().pages(str(ROOT / "issues" / "2025-05-20" / "page1.md")))
    found = corrected(example, issue)
    assert [
        "全区山塘水库度汛巡查全面展开",
        "杜莲公路改造段开放通行",
        "举村乡卫生室连上大医院",
        "一家茶厂带活十片茶园",
        "“秧苗课”一上就是十年",
        "上方镇小学十年育苗",
    ] == heads(found)
    assert "省级补助约占三成半" in found.articles[1].paragraphs[1]
    assert 7 == len(found.articles[3].paragraphs)
    assert found.articles[5].paragraphs[0].startswith("校长盛文杰介绍")
    assert len(found.doubts) < len(issue.doubts)
