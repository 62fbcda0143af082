"""From pages to the issue: the whole of reading, step by step."""

import re
from collections.abc import Iterable
from dataclasses import replace

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.article import article_of
from qjaudio.paper.characters import compact, han
from qjaudio.paper.drafts import Draft, Evidence, Remains, walk
from qjaudio.paper.entries import drafts_of_entries, is_marked
from qjaudio.paper.furniture import kind_of, read_masthead, sections_of
from qjaudio.paper.joining import join_jumps, merge_crossheads
from qjaudio.paper.layout import arrange
from qjaudio.paper.model import Article, Issue, Masthead, Page, Repair
from qjaudio.paper.pieces import Piece, has_indents, pieces_of
from qjaudio.provenance import Span, place_lines

MAX_NAME = 12
"""Characters of the longest line that may be the name of the paper."""
MIN_HAN_SHARE = 0.5
MAX_FOREIGN_SHARE = 0.05
"""Of the letters: a Chinese paper has at least so many Han characters, at most so much kana."""
_NEWS = re.compile(r"\d{1,2}月\d{1,2}日|日前|近日|连日来|今年以来|记者|昨天|昨日")
_FOREIGN = re.compile("[\u3040-\u30ff\uac00-\ud7a3]")


def read_issue(pages: Iterable[Page], *, date: str = "") -> Issue:
    """Turn pages into the issue: masthead, articles in the order of the page, and what is left out.

    Every Han character of the pages goes to one place: a headline, a paragraph, a crosshead, a
    byline, a sign-off or `left_out`, and each of these texts knows its spans on the page.
    Characters that are changed are listed in `repairs`. `date` (ISO 8601) stands in where the pages
    print none.

    Raises:
        NotAnIssueError: the pages hold no article, or are no newspaper.
    """
    pages = in_reading_order(pages)
    marked = is_marked(pages)
    if marked:
        remains = Remains()
        masthead, drafts = drafts_of_entries(pages, remains, date=date)
        evidence, sections = Evidence(), dict[int, str]()
    else:
        pieces = pieces_of(pages)
        masthead, rest, names = _take_masthead(pieces)
        state = walk(rest)
        remains = state.remains
        for piece in names:
            remains.add(piece, "masthead")
        drafts = merge_crossheads(state.drafts)
        evidence = Evidence.of(rest, state.debris, masthead.paper, indents=has_indents(rest))
        sections = sections_of(pages, masthead.paper)
    drafts = join_jumps(drafts)
    articles, repairs = _articles(drafts, remains, evidence)
    if not articles or not (marked or _is_newspaper(masthead, drafts, articles)):
        raise _no_article_error(marked=marked)
    return Issue(
        masthead=masthead if masthead.date else replace(masthead, date=date),
        articles=tuple(
            replace(article, section=sections.get(article.page, "")) for article in articles
        ),
        left_out=remains.in_order(),
        repairs=tuple(repairs),
    )


def in_reading_order(pages: Iterable[Page]) -> tuple[Page, ...]:
    """The pages with blocks in reading order, and lines whose text knows its place (`PageText`).

    Lines are counted as the source gave them.
    """
    pages = tuple(pages)
    counts: dict[int, int] = {}
    spans = []
    for page in pages:
        for line in (line for block in page.blocks for line in block.lines):
            number = counts[page.number] = counts.get(page.number, -1) + 1
            spans.append(Span(page.number, number, 0, len(line.text), line.box))
    every = [str(line.text) for page in pages for block in page.blocks for line in block.lines]
    placed = iter(place_lines(every, tuple(spans)))
    ordered = []
    for page in pages:
        blocks = tuple(
            replace(block, lines=tuple(replace(line, text=next(placed)) for line in block.lines))
            for block in page.blocks
        )
        ordered.append(arrange(replace(page, blocks=blocks)))
    return tuple(ordered)


def _take_masthead(pieces: list[Piece]) -> tuple[Masthead, list[Piece], list[Piece]]:
    """The masthead's facts, the other pieces, and those that are only the paper's name."""
    lines, names = _name_lines(pieces)
    text = " ".join(piece.text for piece in pieces)
    masthead = read_masthead(lines, [piece.text for piece in names], text)
    own = {
        piece.order for piece in names if masthead.paper and compact(piece.text) == masthead.paper
    }
    rest = [piece for piece in pieces if piece.order not in own]
    return masthead, rest, [piece for piece in pieces if piece.order in own]


def _name_lines(pieces: list[Piece]) -> tuple[list[str], list[Piece]]:
    """The lines with facts of the masthead, and the short lines that may be the paper's name."""
    facts: list[str] = []
    names: list[Piece] = []
    text_began = False
    first = pieces[0].page if pieces else 0
    for piece in pieces:
        if kind_of(piece.text) in {"masthead", "folio"}:
            facts.append(piece.text)
            names.append(piece)
        elif piece.page == first and not text_began:
            if len(han(piece.text)) <= MAX_NAME and len(compact(piece.text)) <= MAX_NAME:
                names.append(piece)
            text_began = piece.level == 0 and len(han(piece.text)) > 60
    return facts, names


def _articles(
    drafts: list[Draft], remains: Remains, evidence: Evidence
) -> tuple[list[Article], list[Repair]]:
    articles: list[Article] = []
    repairs: list[Repair] = []
    for draft in drafts:
        if draft.told and draft.back and not any(han(piece.text) for piece in draft.heads):
            # The rest of a story whose beginning is not here.
            for piece in (*draft.heads, *draft.body, *draft.credits, *draft.signoffs):
                remains.add(piece, "rest")
            continue
        article, changes = article_of(draft, remains, evidence)
        repairs += changes
        if article:
            articles.append(article)
    return articles, repairs


def _is_newspaper(masthead: Masthead, drafts: list[Draft], articles: list[Article]) -> bool:
    """Whether the pages show any sign of a Chinese newspaper: masthead, bylines, headed news."""
    text = "".join("".join(article.paragraphs) for article in articles)
    letters = sum(char.isalpha() for char in text)
    if len(_FOREIGN.findall(text)) > MAX_FOREIGN_SHARE * letters:
        return False
    if len(han(text)) < MIN_HAN_SHARE * letters:
        return False
    if masthead.date or masthead.issue_number or masthead.publisher:
        return True
    if any(article.dateline or article.byline or article.signoff for article in articles):
        return True
    headed = [draft for draft in drafts if draft.heads]
    return any(_NEWS.search(draft.text[:200]) for draft in headed)


def _no_article_error(*, marked: bool) -> NotAnIssueError:
    if marked:
        return NotAnIssueError(
            "no article found on the pages of this site",
            hint="check the address in a browser, or give the pages as files",
        )
    return NotAnIssueError(
        "no article found: this does not read like a page of a Chinese newspaper",
        hint="give the text of the day's pages, with headlines and datelines as printed",
    )
