"""Any page at all, from segmentation to the feed: no crash, nothing invented, sound XML."""

import re
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from feed.shows import show
from qjaudio import rules
from qjaudio.engines.silent import SilentEngine
from qjaudio.episode.model import lay_out
from qjaudio.episode.music import Levels, place_music
from qjaudio.errors import QjaudioError
from qjaudio.feed.rss import rss
from qjaudio.paper.digest import digest
from qjaudio.paper.model import Block, Issue, Page, TextLine
from qjaudio.paper.reading import read_issue
from qjaudio.script.compose import compose
from qjaudio.script.lexicon import default_lexicon
from qjaudio.script.model import Script
from qjaudio.script.prepare import unprinted
from qjaudio.script.pronounce import pronounce
from qjaudio.sources.text import split_pages
from qjaudio.speech.plan import parse_cast, plan

CAST = parse_cast(
    {
        "readers": {"a": {"name": "女声"}},
        "cast": {"opening": "a", "headlines": "a", "sign_off": "a", "stories": ["a"]},
    }
)
FRAME = (
    "今日衢江\n2025年5月20日 星期二\n\n# 新桥通车了\n\n"
    "本报讯（记者 甲一）桥很长，大家都来看。路很平。\n\n"
)
"""So that most pages are an issue and the later stages are reached."""
PIECE = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.text("桥路水山人，。！？“”（）1290年月日%.：·-— \t", max_size=30),
    st.sampled_from(
        ["# ", "## ", "\n", "\n\n", "（记者 甲一）", "本报记者 乙二\n", "下转第2版", "第二版\n",
         "\f", "\x1b[2J", "\u202e", "]]>", "<script>", "&#0;", "20%", "3.5万", "1-2-3", "○○",
         "…………", "《", "》", "2025-05-20"]
    ),
)  # fmt: skip
TEXT = st.lists(PIECE, max_size=30).map("".join)
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


def spoken(pages: list[Page]) -> tuple[Issue, Script]:
    """The issue and its pronounced script."""
    issue = digest(read_issue(pages, date="2025-05-20"), None)
    return issue, pronounce(compose(issue, rules.phrases("phrases")), default_lexicon())


@settings(deadline=None, max_examples=90, derandomize=True)
@given(TEXT, st.booleans())
def test_any_page_goes_through_the_chain_or_is_refused(text: str, framed: bool) -> None:
    """Only errors of ours come out; every stage takes what the one before it gives."""
    try:
        issue, script = spoken(split_pages(FRAME + text if framed else text))
    except QjaudioError:
        return
    # `unprinted` takes the fixed phrases from a script of the same issue without its stories
    empty = Issue(masthead=issue.masthead, articles=())
    fixed = compose(empty, rules.phrases("phrases"))
    stories = tuple(part for part in script.parts if part.kind == "story")
    told = Script(paper=script.paper, date=script.date, parts=stories)
    assert () == unprinted(told, issue, fixed)
    utterances = plan(script, CAST, SilentEngine(), rules.phrases("pauses"))
    episode = lay_out(script, utterances, [700] * len(utterances))
    place_music(episode, Levels(sting=-12, bed=-30, chime=-20, closing=-12))
    feed = rss(show(), [episode])
    ElementTree.fromstring(feed)  # noqa: S314 - our own feed
    assert not FORBIDDEN.search(feed)


@settings(deadline=None, max_examples=80, derandomize=True)
@given(st.lists(st.tuples(TEXT, st.integers(0, 6)), min_size=1, max_size=8))
def test_blocks_of_a_source_are_no_trap(blocks: list[tuple[str, int]]) -> None:
    """A plugin's page, with any lines at any level, is understood or refused."""
    found = tuple(
        Block(lines=tuple(TextLine(text=row) for row in text.split("\n")), level=level)
        for text, level in blocks
    )
    try:
        issue = read_issue([Page(number=1, blocks=found)], date="2025-05-20")
    except QjaudioError:
        return
    assert "2025-05-20" == issue.masthead.date
    assert issue.articles
