"""From pages to the issue: the whole of reading, step by step."""

from collections.abc import Iterable
from dataclasses import replace

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.article import article_of
from qjaudio.paper.characters import compact
from qjaudio.paper.drafts import Draft, Evidence, Walk, is_newspaper, name_lines, walk
from qjaudio.paper.joining import join_jumps, merge_crossheads
from qjaudio.paper.marked import is_marked, marked_issue
from qjaudio.paper.masthead import read_masthead, sections_of
from qjaudio.paper.model import Article, Issue, Masthead, Page, Repair
from qjaudio.paper.pieces import Piece, has_indents, pieces_of


def segment(pages: Iterable[Page], *, date: str = "") -> Issue:
    """Turn pages into the issue: masthead, articles in the order of the page, and what is left out.

    Every Han character of the pages goes to one place: a headline, a paragraph, a crosshead, a
    byline, a sign-off or `left_out`. Characters that are changed are listed in `repairs`.
    `date` (ISO 8601) stands in where the pages print none.

    Raises:
        NotAnIssueError: the pages hold no article, or are no newspaper.
    """
    pages = tuple(pages)
    if is_marked(pages):
        return marked_issue(pages, date=date)
    pieces = pieces_of(pages)
    masthead, pieces, names = _masthead(pieces)
    state = walk(pieces)
    for piece in names:
        state.remains.add(piece, "masthead")
    drafts = join_jumps(merge_crossheads(state.drafts))
    evidence = Evidence.of(pieces, state, masthead.paper, indents=has_indents(pieces))
    articles, repairs = _articles(drafts, state, evidence)
    if not articles or not is_newspaper(masthead, drafts, articles):
        raise NotAnIssueError(
            "no article found: this does not read like a page of a Chinese newspaper",
            hint="give the text of the day's pages, with headlines and datelines as printed",
        )
    sections = sections_of(pages, masthead.paper)
    return Issue(
        masthead=masthead if masthead.date else replace(masthead, date=date),
        articles=tuple(
            replace(article, section=sections.get(article.page, "")) for article in articles
        ),
        left_out=state.remains.in_order(),
        repairs=tuple(repairs),
    )


def _masthead(pieces: list[Piece]) -> tuple[Masthead, list[Piece], list[Piece]]:
    """The masthead's facts, the other pieces, and those that are only the paper's name."""
    lines, names = name_lines(pieces)
    text = " ".join(piece.text for piece in pieces)
    masthead = read_masthead(lines, [piece.text for piece in names], text)
    own = {
        piece.order for piece in names if masthead.paper and compact(piece.text) == masthead.paper
    }
    rest = [piece for piece in pieces if piece.order not in own]
    return masthead, rest, [piece for piece in pieces if piece.order in own]


def _articles(
    drafts: list[Draft], state: Walk, evidence: Evidence
) -> tuple[list[Article], list[Repair]]:
    articles: list[Article] = []
    repairs: list[Repair] = []
    for draft in drafts:
        article, changes = article_of(draft, state.remains, evidence)
        repairs += changes
        if article:
            articles.append(article)
    return articles, repairs
