"""The digest leaves out, never rewords, and keeps to the time."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import article, issue
from qjaudio.paper.digest import (
    FRAME_SECONDS,
    WITHIN,
    digest,
    length_remark,
    news_values,
    seconds_of,
)
from qjaudio.paper.model import Article, Headline, Issue
from qjaudio.paper.sentences import sentences
from qjaudio.paper.text import Box, Span, place_lines

SENTENCES = st.lists(
    st.sampled_from(["桥通了。", "“真好！”他说。", "路有八里长，车来车往。", "此外，该桥有人看。"]),
    min_size=1,
)
PARAGRAPHS = st.lists(SENTENCES.map("".join), min_size=1, max_size=6)
ISSUES = st.lists(PARAGRAPHS, min_size=1, max_size=6).map(
    lambda stories: issue(*(article("新桥", *paragraphs) for paragraphs in stories))
)


def plain(headline: str, *paragraphs: str) -> Article:
    """An article without crossheads."""
    return replace(article(headline, *paragraphs), crossheads=())


def spoken(found: Article) -> str:
    return "".join(found.paragraphs)


@settings(deadline=None, max_examples=40)
@given(ISSUES, st.none() | st.floats(min_value=0, max_value=5))
def test_a_digest_is_whole_sentences_in_their_order(whole: Issue, minutes: float | None) -> None:
    """Each story keeps some of its sentences, unchanged and in the order of print."""
    chosen = digest(whole, minutes)
    assert 1 <= len(chosen.articles) <= len(whole.articles)
    rest = iter(whole.articles)
    for story in chosen.articles:
        original = next(one for one in rest if one.headline is story.headline)
        assert _is_part(story, original)
        assert (spoken(story) != spoken(original)) == story.abridged
        assert 1 <= story.lead_count <= len(story.paragraphs)


def _is_part(story: Article, original: Article) -> bool:
    """Whether each sentence of a story is the next but some of another."""
    there = iter([text for paragraph in original.paragraphs for text in sentences(paragraph)])
    told = [text for paragraph in story.paragraphs for text in sentences(paragraph)]
    return bool(told) and all(any(text == one for one in there) for text in told)


@settings(deadline=None, max_examples=40)
@given(ISSUES, st.floats(min_value=0, max_value=5))
def test_a_digest_keeps_to_the_time(whole: Issue, minutes: float) -> None:
    """It is over it by at most a twentieth, unless the first thing told is longer than it."""
    chosen = list(digest(whole, minutes).articles)
    is_least = len(chosen) == 1 and len(spoken(chosen[0])) <= 100
    assert seconds_of(chosen) <= minutes * 60 * (1 + WITHIN) or is_least


@pytest.mark.parametrize("minutes", [2, 3, 5, 8])
def test_a_digest_fills_the_time(minutes: float) -> None:
    """Where the paper has enough, the time is used but for a twentieth."""
    text = "这条路有{}公里长，两边种了树。"
    whole = issue(
        *(
            plain(
                f"{name}路通车", *("".join(text.format(n * k) for n in range(5)) for k in range(9))
            )
            for name in "甲乙丙丁戊己庚辛"
        )
    )
    chosen = digest(whole, minutes)
    assert (1 - WITHIN) * minutes * 60 <= seconds_of(chosen.articles) <= (1 + WITHIN) * minutes * 60
    assert () == length_remark(whole, chosen, minutes)


def test_the_producer_hears_why_the_time_is_not_met() -> None:
    """A paper that has too little says so, and so does a time that is too short for a story."""
    whole = issue(plain("甲", "一。"))
    (little,) = length_remark(whole, digest(whole, 30), 30)
    (much,) = length_remark(whole, digest(whole, 0.1), 0.1)
    assert little == "all of the paper lasts about 0.4 minutes, not 30"
    assert much == "the shortest episode lasts about 0.4 minutes, not 0.1"
    assert () == length_remark(whole, digest(whole), None)


def test_enough_minutes_bring_the_whole_paper() -> None:
    """With time to spare nothing is left out and nothing is marked as shortened."""
    whole = issue(article("甲", "一。", "二。"), article("乙", "三。", "四。"))
    assert whole == digest(whole, 60)


def test_the_news_of_the_paper_comes_first() -> None:
    """Where only one story fits, it is the one that the paper sets largest, not its first one."""
    lines = place_lines(
        ["小的在先", "大的在后"],
        (Span(1, 0, 0, 4, Box(0, 0, 40, 10)), Span(1, 1, 0, 4, Box(0, 50, 120, 80))),
    )
    small, large = (
        replace(plain("", "这件事有3人做了。" * 8), headline=Headline(main=line)) for line in lines
    )
    (story,) = digest(issue(small, large), (FRAME_SECONDS + 6) / 60).articles
    assert "大的在后" == story.headline.main


def test_the_place_in_the_paper_is_what_a_story_is_worth() -> None:
    """The first page before the second, the top before the foot, its own before an agency's."""
    top, foot = plain("甲", "一。"), plain("乙", "二。")
    agency = replace(plain("丙", "三。"), dateline="新华社北京5月19日电")
    inside = replace(plain("丁", "四。"), page=2)
    values = news_values(issue(top, foot, inside))
    assert values[0] > values[1] > values[2]
    ours, theirs = news_values(issue(foot, agency))
    assert theirs < 0.7 * ours


def test_an_empty_programme_still_has_its_frame() -> None:
    """Opening and sign-off take their time without any story."""
    assert FRAME_SECONDS == seconds_of([])
