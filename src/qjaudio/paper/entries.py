"""Pages of which the source knows every block: the entries of an e-paper become drafts of articles.

Nothing is guessed of headlines and order here; only what print adds to an article (datelines,
names, jump lines, editors' lines) is told apart with the same grammar as everywhere. Of a page in
print its entries that are no stories, ruled tables and the paper's name, are taken here too.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from operator import attrgetter
from statistics import median

from qjaudio import rules
from qjaudio.paper.drafts import (
    BULLETS,
    MAX_CROSSHEAD,
    MIN_PHOTO_STORY,
    Draft,
    Remains,
    is_short_name,
)
from qjaudio.paper.lines import (
    is_credit,
    is_signoff,
    kind_of,
    names_of_credit,
    read_masthead,
    take_jumps,
)
from qjaudio.paper.model import Block, Masthead, Page, TextLine
from qjaudio.paper.pieces import Piece, texts_of_blocks
from qjaudio.paper.text import Box, box_around, compact, ends_sentence, han, letters, overlap
from qjaudio.paper.words import is_pen_name

MIN_COPY = 40
"""Letters of a text that cannot be the same by chance, whatever the title."""
MAX_NAME_LINE = 30
"""Characters of the longest line that may hold nothing but names."""
MAX_SHORT_SHARE = 0.4
"""Where more of the paragraphs look like crossheads, they are verse, or a list of names."""
SAME_TITLE = 0.6
"""Titles that share so much of their wording are those of one story on two pages."""
MAX_RESTED = 60
"""So many rests, and headings over a story, are compared."""
_FACTS = ("paper", "date", "masthead")
_BRACKETS = "【】[]（）()《》■□●：: "
_CREDIT_MARKS = "□■◎●○◆（("
_FURNITURE = ("editors", "folio", "mark")


def drafts_of_entries(
    pages: Iterable[Page], *, date: str = ""
) -> tuple[Masthead, list[Draft], Remains]:
    """The masthead's facts and the drafts of marked pages, and what is left out of them.

    `date` (ISO 8601) stands in where the pages have none.
    """
    remains = Remains()
    facts, entries = _entries(pages, remains)
    drafts: list[Draft] = []
    wordings = _Wordings()
    for entry in entries:
        kind = _no_article(entry, wordings)
        if kind:
            for piece in (entry.main, *entry.beside, *entry.body):
                remains.add(piece, kind)
        else:
            wordings.add(entry)
            drafts.append(_draft(entry, remains))
    return _site_masthead(facts, date), drafts, remains


@dataclass(slots=True)
class _SiteFacts:
    paper: str = ""
    date: str = ""
    lines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _SiteArticle:
    """What a site gives as one article."""

    main: Piece
    beside: list[Piece] = field(default_factory=list)
    """Kickers, decks, bylines and captions."""
    body: list[Piece] = field(default_factory=list)
    onward: int | None = None
    back: int | None = None

    @property
    def letters(self) -> str:
        """The letters of its body."""
        return letters(" ".join(piece.text for piece in self.body))


def _entries(pages: Iterable[Page], remains: Remains) -> tuple[_SiteFacts, list[_SiteArticle]]:
    """The blocks, gathered into entries, each beginning with its headline."""
    facts, entries, order = _SiteFacts(), list[_SiteArticle](), 0
    for page in pages:
        entry: _SiteArticle | None = None
        for block in page.blocks:
            text, facts_of_text = texts_of_blocks([block])[0]
            piece = Piece(
                text=text, page=page.number, order=order, kind=block.kind, facts=facts_of_text
            )
            order += 1
            if block.kind == "headline":
                entry = _SiteArticle(piece)
                entries.append(entry)
            elif block.kind == "masthead":
                facts.lines.append(text)
                remains.add(piece, "masthead")
            elif block.kind in _FACTS:
                setattr(facts, block.kind, str(text))
            elif entry is None:
                remains.add(piece, block.kind)
            else:
                (entry.body if block.kind == "body" else entry.beside).append(piece)
    for entry in entries:
        _take_jump_lines(entry, remains)
    return facts, entries


def _take_jump_lines(entry: _SiteArticle, remains: Remains) -> None:
    """Take the jump lines off title and text; the text that held nothing else goes."""

    def rest(piece: Piece) -> Piece:
        found = take_jumps(piece.text)
        for line in found.printed:
            remains.add(piece, "jump_line", line)
        entry.onward = entry.onward or found.onward
        entry.back = entry.back or found.back
        return piece.with_text(found.text) if found.printed else piece

    entry.main = rest(entry.main)
    entry.beside = [rest(piece) for piece in entry.beside]
    entry.body = [piece for piece in map(rest, entry.body) if piece.text.strip()]


@cache
def _titles_of_no_article() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (row["kind"], re.compile("|".join(f"(?:{title})" for title in row["titles"])))
        for row in rules.phrases("epaper")["entry"]
    )


@dataclass(slots=True)
class _Wordings:
    """The letters of the articles so far, to know one that comes again."""

    texts: dict[str, set[str]] = field(default_factory=dict)
    """For each text the titles above it."""

    def add(self, entry: _SiteArticle) -> None:
        self.texts.setdefault(entry.letters, set()).add(letters(entry.main.text))

    def has(self, entry: _SiteArticle) -> bool:
        """Whether an entry repeats another, or is a rest that another holds."""
        mine = entry.letters
        titles = self.texts.get(mine)
        if titles and (len(mine) > MIN_COPY or letters(entry.main.text) in titles):
            return True
        is_rest = bool(entry.back) and len(mine) > MIN_COPY
        return is_rest and any(mine in theirs for theirs in self.texts)


def _no_article(entry: _SiteArticle, before: _Wordings) -> str:
    """Why an entry is not an article, as a kind of what is left out; empty for an article."""
    kind = kind_of_entry(entry.main.text)
    if kind and not (kind == "untitled" and entry.back):
        return kind
    _use_caption(entry)
    if not any(han(piece.text) for piece in entry.body):
        return "empty"
    return "duplicate" if before.has(entry) else ""


def kind_of_entry(title: str) -> str:
    """What an entry is that is no article, by its title (广告, 报头); empty for any other."""
    plain, rows = compact(title).strip(_BRACKETS), _titles_of_no_article()
    return next((kind for kind, titles in rows if titles.fullmatch(plain)), "")


def _use_caption(entry: _SiteArticle) -> None:
    """Where a photo is the whole story, its words are the text."""
    words = [
        piece
        for piece in entry.beside
        if piece.kind == "caption" and len(han(piece.text)) >= MIN_PHOTO_STORY
    ]
    if not entry.body and words:
        entry.body = words
        entry.beside = [piece for piece in entry.beside if piece not in words]


def _draft(entry: _SiteArticle, remains: Remains) -> Draft:
    """An entry as a draft: its heads by kind, its text without furniture, lines of names apart."""
    heads = [piece for piece in entry.beside if piece.kind in ("kicker", "deck")]
    whole = _without_furniture(entry, heads, remains)
    body, credits, signoffs = _without_name_lines(whole)
    for piece in entry.beside:
        if piece.kind == "byline":
            (signoffs if is_signoff(piece.text) else credits).append(piece)
        elif piece not in heads:
            remains.add(piece, "table" if piece.kind == "table" else "caption")
    body, crossheads = _with_crossheads(body)
    return Draft(
        page=entry.main.page,
        heads=(entry.main, *heads) if entry.main.text else tuple(heads),
        body=tuple(body),
        crossheads=crossheads,
        credits=tuple(credits),
        signoffs=tuple(signoffs),
        onward=entry.onward,
        back=entry.back,
        marked=True,
    )


def _without_furniture(entry: _SiteArticle, heads: list[Piece], remains: Remains) -> list[Piece]:
    """Leave out editors' lines, captions, and headings that the body repeats at its top."""
    titles = {letters(piece.text) for piece in (entry.main, *heads)}
    kept: list[Piece] = []
    tables = any(piece.kind == "table" for piece in entry.beside)
    for piece in entry.body:
        kind, text = kind_of(piece.text), piece.text
        over = tables and piece is entry.body[-1] and _is_title(text) and not _is_name_line(text)
        guide = kind == "teaser" and text.strip()[:1] in "（("
        if len(kept) < 2 and letters(text) in titles:
            remains.add(piece, "banner")
        elif kind in _FURNITURE or guide or (kind == "caption" and len(entry.body) > 1):
            remains.add(piece, kind)
        elif over:
            remains.add(piece, "table")
        else:
            kept.append(piece)
    return kept


def _without_name_lines(pieces: list[Piece]) -> tuple[list[Piece], list[Piece], list[Piece]]:
    """A text without the lines of names and departments at its top and its end, and those lines."""
    body, credits, signoffs = [*pieces], list[Piece](), list[Piece]()
    while len(body) > 1 and _is_name_line(body[0].text):
        credits.append(body.pop(0))
    # A name that is a word, too, where no other short line stands over a text.
    over = [at for at in range(len(body)) if _looks_like_crosshead(body, at)]
    if not credits and over == [0] and is_short_name(body[0].text.strip()):
        credits.append(body.pop(0))
    while len(body) > 1:
        text = body[-1].text
        short = len(han(text)) <= 4 and names_of_credit(text, role_needed=False)
        if is_signoff(text):
            signoffs.append(body.pop())
        elif short or _is_name_line(text):
            credits.append(body.pop())
        else:
            break
    return body, credits, signoffs


def _is_title(text: str) -> bool:
    return 0 < len(han(text)) <= MAX_CROSSHEAD and not ends_sentence(text)


def _is_name_line(text: str) -> bool:
    """Whether a line of its own is a credit, also one of names alone as print sets them: 陈 默."""
    if is_credit(text) or is_pen_name(text):
        return True
    marked = text.strip()[:1] in _CREDIT_MARKS or " " in text.strip()
    return marked and len(text) <= MAX_NAME_LINE and bool(names_of_credit(text, role_needed=False))


def _with_crossheads(pieces: list[Piece]) -> tuple[list[Piece], frozenset[int]]:
    """The text and its crossheads: short lines over longer paragraphs, unless most are short."""
    body = [piece.with_text(piece.text.lstrip().lstrip(BULLETS)) for piece in pieces]
    short = [_looks_like_crosshead(body, at) for at in range(len(body))]
    if sum(short) > MAX_SHORT_SHARE * len(body):
        return pieces, frozenset()
    return body, frozenset(piece.order for piece, so in zip(body, short, strict=True) if so)


def _looks_like_crosshead(body: list[Piece], at: int) -> bool:
    if at + 1 >= len(body):
        return False
    text, below = body[at].text, body[at + 1].text
    return _is_title(text) and ends_sentence(below) and len(han(below)) > len(han(text))


def with_pages_of_rests(drafts: Sequence[Draft]) -> list[Draft]:
    """Let the story that a rest belongs to name its page, where its jump line was lost.

    A jump line that ends up in another story, for it stands in a box, is that story's no more where
    a third one of the page is headed as the rest is.
    """
    named = [*drafts]
    for rest in [draft for draft in drafts if draft.back][:MAX_RESTED]:
        on_page = [d for d in named if d.page == rest.back and not d.back and d.body]
        title = " ".join(piece.text for piece in rest.heads)
        alike = [
            draft
            for draft in on_page
            if any(overlap(title, head.text) >= SAME_TITLE for head in draft.heads[:MAX_RESTED])
        ]
        naming = [draft for draft in on_page if draft.onward == rest.page]
        cut = [] if naming else [d for d in on_page if not ends_sentence(d.body[-1].text)]
        owner = (alike or (cut if len(cut) == 1 else []))[:1]
        if not owner or owner[0].onward or len(naming) > 1:
            continue
        turned = {id(draft): None for draft in naming} | {id(owner[0]): rest.page}
        named = [replace(d, onward=turned.get(id(d), d.onward)) for d in named]
    return named


def _site_masthead(facts: _SiteFacts, date: str) -> Masthead:
    """The facts of the masthead; a weekday or lunar date of another day is the server's."""
    read = read_masthead(facts.lines, [facts.paper], "")
    same = not facts.date or read.date in ("", facts.date)
    return replace(
        read,
        paper=facts.paper or read.paper,
        date=facts.date or read.date or date,
        weekday=read.weekday if same else "",
        lunar_date=read.lunar_date if same else "",
    )


_CENTRE = attrgetter("centre")
MIN_TABLE_RULES, MIN_CELLS = 3, 4
"""A table has so many level rules, and so many texts between them."""
SAME_ROW = 1.5
"""The rule that closes a table is no further from its cells than so many of their heights."""
TITLE_SIZES = 1.2
"""The title of a table stands no further above it, in its type size."""


def take_tables(page: Page) -> tuple[Page, list[Block]]:
    """A page without the text and the rules of its ruled tables, and that text; they are pictures.

    A table has three level rules or more of one width, each in pieces, or upright ones between.
    """
    found: list[Block] = []
    lines = [line for block in page.blocks for line in block.lines if "。" in line.text]
    sentences = sorted((line.box for line in lines if line.box), key=_CENTRE)
    for area in _ruled_areas((*page.rules, *page.pictures), sentences):
        placed = [(block, box) for block in page.blocks if (box := block.lines[0].box)]
        inside = [block for block, box in placed if area.holds(box, 2.0)]
        if len(inside) < MIN_CELLS:
            continue
        inside += _title_of(area, page.blocks)
        found += [replace(block, kind="table") for block in inside]
        page = replace(
            page,
            blocks=tuple(block for block in page.blocks if block not in inside),
            rules=tuple(rule for rule in page.rules if not area.holds(rule, 2.0)),
            pictures=(*(box for box in page.pictures if not area.holds(box, 2.0)), area),
        )
    return page, found


def _title_of(table: Box, blocks: tuple[Block, ...]) -> list[Block]:
    """The title right above a table, and 单位：亿元 between, but no line of a column of text."""
    title: list[Block] = []
    placed = [(block, box) for block in blocks if (box := block.lines[0].box)]
    for block, box in sorted(placed, key=lambda row: -row[1].bottom):
        text, size = block.lines[0].text, block.lines[0].size or box.height
        near = -0.2 * size < table.top - box.bottom < TITLE_SIZES * size
        if not near or ends_sentence(text) or box.width > table.width:
            continue
        middle = abs(box.middle - table.middle) < 0.6 * size
        flush = abs(box.left - table.left) < size and box.width < 0.7 * table.width
        unit = text.startswith("单位") and table.right - box.right < 6 * size
        if unit or ((middle or flush) and not any(_is_over(box, x, size) for _, x in placed)):
            title.append(block)
            table = box_around([table, box])
    return title


def _is_over(box: Box, above: Box, size: float) -> bool:
    """Whether a line of a column stands right over another, which ends where it does."""
    near = 0.5 * size < box.top - above.top < 2.2 * size
    flush = abs(above.left - box.left) < 2.5 * size
    return near and flush and abs(above.right - box.right) < size


def _ruled_areas(rules: tuple[Box, ...], sentences: Sequence[Box]) -> list[Box]:
    """What groups of level rules of one width hold, where something parts them upright and no
    sentence stands between them, as between those that part the stories of a column."""
    edges = [Box(x.left, y, x.right, y) for x in rules for y in (x.top, x.bottom)]
    rows: list[list[Box]] = []
    for edge in sorted((x for x in edges if x.width > 0), key=lambda x: (round(x.top), x.left)):
        last = rows[-1][-1] if rows else None
        if last and abs(edge.top - last.top) < 1.5 and edge.left < last.right + 1.5:
            rows[-1].append(edge)
        else:
            rows.append([edge])
    groups: dict[tuple[int, int], list[list[Box]]] = {}
    for row in rows:
        whole = box_around(row)
        groups.setdefault((round(whole.left / 3), round(whole.right / 3)), []).append(row)
    areas = []
    for group in (part for whole in groups.values() for part in _unbroken(whole, sentences)):
        area = box_around(edge for row in group for edge in row)
        parted = sum(map(_is_parted, group))
        inside = (rule for rule in rules if rule.is_tall and area.holds(rule, 2.0))
        uprights = [rule for rule in inside if rule.left > area.left + 2]
        heights = {round(row[0].top / 3) for row in group}
        if len(heights) >= MIN_TABLE_RULES and (parted >= MIN_TABLE_RULES or len(uprights) > 1):
            areas.append(box_around(x for row in _rows_of_table(group, uprights) for x in row))
    return areas


def _is_parted(row: list[Box]) -> bool:
    """Whether a level rule comes in pieces, one for each cell."""
    return len({round(edge.left) for edge in row}) > 1


def _rows_of_table(group: list[list[Box]], uprights: Sequence[Box]) -> list[list[Box]]:
    """Level rules without those beyond the cells, as the edges of a photo below the table."""
    tops = [row[0].top for row in group]
    cells = [
        at
        for at, (row, y) in enumerate(zip(group, tops, strict=True))
        if _is_parted(row) or any(x.top - 2 < y < x.bottom + 2 for x in uprights)
    ]
    first, last = (cells[0], cells[-1]) if cells else (0, len(group) - 1)
    most = SAME_ROW * max((b - a for a, b in pairwise(tops[first : last + 1])), default=0.0)
    while first and tops[first] - tops[first - 1] < most:
        first -= 1
    while last + 1 < len(tops) and tops[last + 1] - tops[last] < most:
        last += 1
    return group[first : last + 1]


def _unbroken(rows: list[list[Box]], sentences: Sequence[Box]) -> list[list[list[Box]]]:
    """Rows of level rules, parted where a sentence stands between one and the next.

    `sentences` are the lines that one ends in, down the page.
    """
    parts = [rows[:1]]
    for above, row in pairwise(rows):
        whole = box_around(row)
        start = bisect_right(sentences, above[0].top, key=_CENTRE)
        between = sentences[start : bisect_left(sentences, whole.top, key=_CENTRE)]
        if any(box.shared_width(whole) > 0 for box in between):
            parts.append([])
        parts[-1].append(row)
    return parts


NAME_SIZES = 2.5
"""The paper's name at the top of its first page is so many times as large as most lines."""
NAME_SHARE = 0.1
"""It begins within this share of the page's height."""


def take_paper_name(page: Page) -> tuple[Page, list[Block]]:
    """A page without the paper's name, and the name: in the largest type, at the very top.

    It stands on a ground like a label's, upright like a headline, or beside a guide.
    """
    lines = [(block, line) for block in page.blocks for line in block.lines]
    block, largest = max(lines, key=lambda row: _size_of(row[1]))
    box, size = largest.box, _size_of(largest)
    if box is None or size < NAME_SIZES * median(_size_of(line) for _, line in lines):
        return page, []
    boxes = [line.box for _, line in lines if line.box]
    above = any(one.bottom < box.top and one.shared_width(box) > 0 for one in boxes)
    deep = box.top > NAME_SHARE * max(one.bottom for one in boxes)
    if above or deep or not read_masthead((), (largest.text,), "").paper:
        return page, []
    rest = tuple(one for one in page.blocks if one is not block)
    return replace(page, blocks=rest), [replace(block, kind="masthead")]


def _size_of(line: TextLine) -> float:
    return line.size or (line.box.height if line.box else 0.0)
