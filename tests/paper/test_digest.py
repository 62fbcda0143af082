"""The digest leaves out, never rewords, and keeps to the time."""

from hypothesis import given
from hypothesis import strategies as st

from builders import article, issue
from qjaudio.paper.model import Article, Issue
from qjaudio.paper.sentences import FRAME_SECONDS, digest, first_paragraphs, seconds_of

SENTENCES = st.lists(
    st.sampled_from(["桥通了。", "“真好！”他说。", "路有八里长，车来车往。"]), min_size=1
)
PARAGRAPHS = st.lists(SENTENCES.map("".join), min_size=1, max_size=6)
ISSUES = st.lists(PARAGRAPHS, min_size=1, max_size=6).map(
    lambda stories: issue(*(article("新桥", *paragraphs) for paragraphs in stories))
)


def spoken(found: Article) -> str:
    return "".join(found.paragraphs)


def test_without_minutes_every_story_keeps_its_lead() -> None:
    """Headline and lead of each story stay; what is shortened says so."""
    whole = issue(article("甲", "一。", "二。"), article("乙", "三。"))
    chosen = digest(whole)
    assert [("一。",), ("三。",)] == [story.paragraphs for story in chosen.articles]
    assert [True, False] == [story.abridged for story in chosen.articles]


def test_a_crosshead_goes_with_the_paragraph_below_it() -> None:
    """A crosshead stays only where a paragraph follows it."""
    whole = article("甲", "一。", "二。", "三。")
    assert () == first_paragraphs(whole, 1).crossheads
    assert whole.crossheads == first_paragraphs(whole, 2).crossheads


def test_enough_minutes_bring_the_whole_paper() -> None:
    """With time to spare nothing is left out and nothing is marked as shortened."""
    whole = issue(article("甲", "一。", "二。"), article("乙", "三。", "四。"))
    assert whole == digest(whole, 60)


def test_the_front_of_the_paper_gets_the_time_first() -> None:
    """A paragraph more goes to the story that the paper puts first."""
    paragraphs = ("一" * 20 + "。", "二" * 40 + "。")
    whole = issue(article("甲", *paragraphs), article("乙", *paragraphs))
    leads = seconds_of(list(digest(whole).articles))
    chosen = digest(whole, (leads + 12) / 60)
    assert [2, 1] == [len(story.paragraphs) for story in chosen.articles]


def test_too_few_minutes_trim_the_end_first() -> None:
    """Leads shrink to their first sentences from the back, then stories go, but one stays."""
    lead = "一" * 30 + "。" + "二" * 30 + "。"
    whole = issue(article("甲", lead), article("乙", lead))
    both = seconds_of(list(whole.articles))
    trimmed = digest(whole, (both - 3) / 60)
    assert [lead, "一" * 30 + "。"] == [spoken(story) for story in trimmed.articles]
    assert [False, True] == [story.abridged for story in trimmed.articles]
    assert ["一" * 30 + "。"] == [spoken(story) for story in digest(whole, 0.1).articles]


@given(ISSUES, st.floats(min_value=0, max_value=5))
def test_a_digest_is_a_beginning_of_each_story(whole: Issue, minutes: float) -> None:
    """Each story is spoken from its start and stops at the end of a sentence."""
    chosen = digest(whole, minutes)
    assert 1 <= len(chosen.articles) <= len(whole.articles)
    for story, original in zip(chosen.articles, whole.articles, strict=False):
        assert spoken(original).startswith(spoken(story))
        assert spoken(story).endswith(("。", "”"))
        assert (spoken(story) != spoken(original)) == story.abridged


@given(ISSUES, st.floats(min_value=0, max_value=5))
def test_a_digest_keeps_to_the_time(whole: Issue, minutes: float) -> None:
    """Only one first sentence may be longer than the time there is."""
    chosen = list(digest(whole, minutes).articles)
    short = len(chosen) == 1 and len(chosen[0].paragraphs) == 1
    assert seconds_of(chosen) <= minutes * 60 or short


def test_an_empty_programme_still_has_its_frame() -> None:
    """Opening and sign-off take their time without any story."""
    assert FRAME_SECONDS == seconds_of([])


def test_a_title_that_asks_is_not_cut() -> None:
    """A story is shortened at the ends of sentences, and a mark inside 《》 ends none."""
    first = "《谁来爱我？》的首发式在县图书馆举行。"
    whole = issue(article("新书首发", first + "作者说：“写了三年！”读者排起长队。" * 20))
    (short,) = digest(whole, minutes=0.7).articles
    assert (first,) == short.paragraphs
