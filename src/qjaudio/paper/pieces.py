"""Blocks of the page as pieces that know their indents, and pieces put together to paragraphs.

A column, a photo or a page turn cuts a paragraph anywhere. Print tells what belongs together:
sentence ends, words cut in two, the indent of a first line and the room left in a last line.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, repeat
from operator import attrgetter
from statistics import median
from typing import Protocol

from qjaudio.paper.lines import (
    NAME_MARKS,
    Jumps,
    has_surname,
    is_credit,
    is_signed,
    kind_of_compact,
    names_of_credit,
    opens_story,
    take_jumps,
    take_opening,
)
from qjaudio.paper.model import Block, LayoutLine, Page
from qjaudio.paper.text import (
    MARK_WIDTH,
    RADICALS,
    TAIL,
    Box,
    PageText,
    box_around,
    compact,
    ends_sentence,
    han,
    han_count,
    is_ended,
    join_texts,
    print_width,
    width_parts,
)
from qjaudio.paper.words import parted_word

INDENT = 1.3
"""A first line that is this much narrower than the column is indented (the indent is 2 characters;
squeezed marks take some of it away)."""
FULL = 0.9
"""A line within this much of the column's width is full."""
MAX_BYLINE = 60
"""Characters of the longest line that says who wrote a story."""
MAX_JUMP_LINE = 40
"""Characters of the longest line that says where a story goes on."""
_RUN_IN = re.compile(r"[■●◆★□]([^。；！？（]{4,26}?)(?:\s+(本(?:报(?:讯.*)?)?|（.*))?")
_ENTRY = re.compile(
    r"[■●◆★□▲△▶◇○]?\s?([^，。；：！？（\s]{4,26}?)(?:(?:\s+|(?<=[”》])(?=\S*[，。]\S*$))(\S.*))?"
)
_HEAD_END = re.compile(r"([^，。；！？：（\s]{1,8})\s+(?=\S)")
ENTRY_SPACE, ENTRY_STEP = (0.6, 2.5), 2.6
"""Type sizes between a headline and its text on one line, and at most from line to line."""
MIN_RUN_IN = 2
"""So many headlines in the first lines of their text show that the page sets briefs so."""
MAX_BOX_LABEL = 8
"""Han characters of the longest label of briefs."""
ROOM_SIZES = 1.3
"""A last line that leaves less room than this, in type sizes, is full."""


class _Printed(Protocol):
    @property
    def text(self) -> PageText: ...


def is_byline(line: _Printed) -> bool:
    """Whether a line says who wrote a story and nothing else: its role, or a name behind a mark."""
    text = line.text.translate(RADICALS).strip(NAME_MARKS + " ")
    if line.text[:1] in NAME_MARKS and names_of_credit(f"□{text}"):
        return True
    opened = text.count("（") != text.count("）")  # a dateline that goes on
    if len(text) > MAX_BYLINE or opened or any(mark in text for mark in "，。；！？"):
        return False
    names = names_of_credit(text)
    glued = text == han(text) and len(names) > 1  # 秦海燕给记者展示: a role inside a sentence
    if glued and text.startswith(names[0]) and text.endswith(names[-1]):
        return False
    return bool(names) and all(len(name) <= 4 and has_surname(name) for name in names)


def is_back_line(line: _Printed) -> bool:
    """Whether a line says only from which page a story goes on here: it heads its columns."""
    if len(line.text) > MAX_JUMP_LINE:
        return False
    jumps = take_jumps(line.text)
    return jumps.back is not None and not compact(jumps.text)


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What a line or a paragraph says of itself, whatever stands around it."""

    compact: str
    """The text without white space."""
    han_count: int
    ends_sentence: bool
    kind: str
    """The kind of furniture that it is (`kind_of_compact`)."""
    jumps: Jumps
    is_credit: bool
    opens_story: bool
    is_signed: bool
    """Whether a credit stands at its end."""


def with_facts(texts: Iterable[PageText]) -> list[tuple[PageText, LineFacts]]:
    """Texts with what they say of themselves: each is looked at once, for all who ask."""
    texts = list(texts)
    plain = list(map(compact, texts))
    counts, ends = list(map(han_count, texts)), list(map(ends_sentence, texts))
    kinds, jumps = map(kind_of_compact, plain), map(take_jumps, texts)
    credits, openings, signed = (
        map(is_credit, texts),
        map(opens_story, texts),
        map(is_signed, texts),
    )
    facts = map(LineFacts, plain, counts, ends, kinds, jumps, credits, openings, signed)
    return list(zip(texts, facts, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One block in reading order, ready to be sorted."""

    text: PageText
    """Its printed lines, joined with spaces."""
    page: int
    order: int
    """Its place in the issue, from 0."""
    lines: tuple[str, ...] = ()
    level: int = 0
    opens: bool | None = None
    """Whether its first line is indented as a paragraph's first line is; None = cannot tell."""
    filled: bool | None = None
    """Whether its last line goes to the edge of the column; None = cannot tell."""

    kind: str = ""
    """What the page's geometry showed it to be: `headline`, `kicker`, `deck`, `crosshead`,
    `caption` or `banner`; empty where it did not tell."""

    facts: LineFacts = field(repr=False, compare=False)
    """What its text says of itself."""

    def with_text(self, text: PageText) -> "Piece":
        """The same piece with another text, or a part of it."""
        return replace(self, text=text, facts=with_facts([text])[0][1])


NARROWEST = 6
OTHER_COLUMN = 1.6
"""Columns of one page that differ by more are set in different measures."""
WINDOW = 24
"""How many lines measure a column: enough that one squeezed line does not count."""
_UNBROKEN = re.compile(r"\s*[A-Za-z0-9.%]+")
MARK_WIDTHS = (0.5, 0.7, 0.85, 1.0)


def mark_width(pages: tuple[Page, ...]) -> float:
    """How wide this paper sets its punctuation: the width with which full lines come out alike."""

    blocks = (block.lines[1:-1] for page in pages for block in page.blocks)
    columns = [[width_parts(line.text) for line in lines] for lines in blocks if len(lines) > 1]

    def unevenness(mark: float) -> float:
        total = 0.0
        for column in columns:
            widths = [letters + mark * marks for letters, marks in column]
            middle = median(widths)
            total += sum(min(2.0, abs(width - middle)) for width in widths)
        return total

    # Ties (pages without printed lines) go to the middle of the road.
    return min(MARK_WIDTHS, key=lambda mark: (unevenness(mark), abs(mark - MARK_WIDTH)))


def pieces_of(pages: tuple[Page, ...]) -> list[Piece]:
    """The blocks of all pages as pieces; a short block is measured by its neighbour's column."""
    mark = mark_width(pages)
    blocks = [block for page in pages for block in page.blocks]
    known = iter(texts_of_blocks(blocks))
    made: list[Piece] = []
    for page in pages:
        column: list[float] = []
        for block, (text, facts) in zip(page.blocks, known, strict=False):
            if not text:
                continue
            column = _column(column, block, mark)
            opens, filled = _edges(block, median(column) if column else None, mark)
            if block.opens is not None:
                opens, filled = block.opens, filled if block.filled is None else block.filled
            made.append(
                Piece(
                    text=text,
                    lines=tuple(line.text for line in block.lines),
                    page=page.number,
                    order=len(made),
                    level=block.level,
                    opens=opens,
                    filled=filled,
                    kind=block.kind,
                    facts=facts,
                )
            )
    return made


def texts_of_blocks(blocks: Iterable[Block]) -> list[tuple[PageText, LineFacts]]:
    """The lines of each block, joined with spaces, and what they say of themselves."""
    printed = [[line.text for line in block.lines if line.text] for block in blocks]
    return with_facts(map(join_texts, printed, repeat(" ")))


def _column(column: list[float], block: Block, mark: float) -> list[float]:
    """The widths of the full lines of the column that a block stands in, the latest ones.

    A block in a column of another width starts again. Of two lines the first may be indented, the
    last is short: they tell nothing.
    """
    inner = [print_width(line.text, mark) for line in block.lines[1:-1]]
    if block.level or not inner or max(inner) < NARROWEST:
        return column
    if column and abs(median(inner) - median(column)) > OTHER_COLUMN:
        column = []
    return [*column, *inner][-WINDOW:]


def _edges(block: Block, width: float | None, mark: float) -> tuple[bool | None, bool | None]:
    if width is None or block.level:
        return None, None
    boxed = _boxed_edges(block)
    if boxed is not None:
        return boxed
    first = width - print_width(block.lines[0].text, mark)
    last = width - print_width(block.lines[-1].text, mark)
    if len(block.lines) == 1:
        # One line alone says little: it may be the last of a paragraph or the first of one.
        return (False if abs(first) <= FULL else None), (abs(last) <= INDENT or None)
    # A number or a Latin word that did not fit leaves room at the end of the line before it.
    unbroken = _UNBROKEN.match(block.lines[1].text)
    slack = max(0.0, print_width(unbroken[0], mark) - 0.5) if unbroken else 0.0
    wider = first < -OTHER_COLUMN  # than the column that it is measured by
    opens = True if first - slack >= INDENT else None if wider or first > FULL else False
    return opens, last < INDENT + 0.5


def _boxed_edges(block: Block) -> tuple[bool, bool] | None:
    """The same from coordinates, where every line has them."""
    boxes = [line.box for line in block.lines]
    if any(box is None for box in boxes) or len({*boxes}) < 2:  # one box is that of the block
        return None
    known = [box for box in boxes if box is not None]
    size = median(box.bottom - box.top for box in known)
    left, right = min(box.left for box in known), max(box.right for box in known)
    return known[0].left > left + size, known[-1].right > right - 1.5 * size


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as put together, with what is known of its end."""

    text: PageText
    filled: bool | None
    """Whether its last printed line is full."""
    last_line: str
    order: int
    """The `order` of its last piece."""
    page: int
    verse: bool = False
    """Whether it is a line of a poem, which ends without a full stop."""


def has_indents(pieces: Sequence[Piece]) -> bool:
    """Whether the first lines of paragraphs can be told by their indent in this text."""
    known = [piece for piece in pieces if len(piece.lines) > 2]
    return sum(piece.opens is True for piece in known) >= max(2, 0.3 * len(known))


def paragraphs_of(
    pieces: Sequence[Piece], *, indents: bool, marked: bool = False
) -> list[Paragraph]:
    """Put the pieces of a story together again.

    Where the source `marked` the paragraphs, only one that the page turn cut is put together.
    """
    growing: list[_Growing] = []
    for piece in pieces:
        if not growing or not growing[-1].runs_on(piece, indents=indents):
            growing.append(_Growing(marked))
        growing[-1].add(piece)
    return [paragraph.whole() for paragraph in growing]


_SAYS = re.compile(r"[^“”。！？：]{2,30}(?:说|表示|告诉记者|介绍道?|说道|笑道)。")
"""Who said the words before: no paragraph by itself."""
_APART = ("body", "verse")
"""Kinds of pieces that are paragraphs by themselves."""


@dataclass(slots=True)
class _Growing:
    """A paragraph while it is put together: its pieces, and what its end tells."""

    marked: bool
    pieces: list[Piece] = field(default_factory=list)
    end: str = ""
    """Its last characters."""
    open_quotes: int = 0
    straight_quotes: int = 0

    def add(self, piece: Piece) -> None:
        """Take up the next piece."""
        tail = str(piece.text)[-TAIL:]
        self.end = f"{self.end} {tail}"[-TAIL:] if self.pieces else tail
        self.pieces.append(piece)
        self.open_quotes += piece.text.count("“") - piece.text.count("”")
        self.straight_quotes += piece.text.count('"')

    def runs_on(self, piece: Piece, *, indents: bool) -> bool:
        """Whether a piece goes on with this paragraph."""
        if self.marked:
            return piece.page != self.pieces[-1].page and not ends_sentence(self.end)
        filled = self.pieces[-1].filled
        quoted = self.end.rstrip()[-1:] == "”" and piece.opens is not True
        said = self.only_opens or (quoted and _SAYS.fullmatch(piece.text))
        ended = is_ended(self.end)
        if not said and (ended or self.pieces[-1].kind in _APART):
            # A paragraph that the column's end cut exactly after a full stop: only full lines on
            # both sides of the break prove it, and only where this paper indents.
            return indents and filled is True and piece.opens is False and len(piece.lines) > 1
        if said or self.end.rstrip()[-1:] in "，,、" or parted_word(self.end, piece.text):
            return True
        if self.open_quotes > 0 or self.straight_quotes % 2 == 1:  # it stops inside a quotation
            return True
        if indents and piece.opens is True:
            return False
        return filled is not False or piece.opens is False

    @property
    def only_opens(self) -> bool:
        """Whether no word stands behind who wrote it, at most the first figure of a number."""
        opens = len(self.pieces) == 1 and self.pieces[0].facts.opens_story
        return opens and not han_count(take_opening(self.pieces[0].text).text)

    def whole(self) -> Paragraph:
        """The paragraph as it is now."""
        last = self.pieces[-1]
        return Paragraph(
            text=join_texts([piece.text for piece in self.pieces], " "),
            filled=last.filled,
            last_line="" if self.marked else last.lines[-1] if last.lines else last.text,
            order=last.order,
            page=last.page,
            verse=last.kind == "verse",
        )


_CENTRE = attrgetter("centre")
MIN_TABLE_RULES, MIN_CELLS = 3, 4
"""A table has so many level rules, and so many texts between them."""
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
        parted = sum(len({round(edge.left) for edge in row}) > 1 for row in group)
        upright = sum(
            rule.is_tall and area.holds(rule, 2.0) and rule.left > area.left + 2 for rule in rules
        )
        heights = {round(row[0].top / 3) for row in group}
        if len(heights) >= MIN_TABLE_RULES and (parted >= MIN_TABLE_RULES or upright > 1):
            areas.append(area)
    return areas


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


def with_run_in_heads(lines: list[LayoutLine], least: float) -> tuple[list[LayoutLine], list[Box]]:
    """Lines, the headlines of briefs apart that stand in the first line of their text, in type of
    at least `least`; and rules that part the briefs, which are as near as lines.
    """
    found = {id(line): m for line in lines if (m := _RUN_IN.fullmatch(line.text))}
    if sum(bool(match[2]) for match in found.values()) < MIN_RUN_IN:
        found = {}
    packs = _packs_of(lines, least)
    taken = {id(line) for entry in packs.values() for line in entry.lines}
    apart = [line for line in lines if id(line) not in found.keys() | taken]
    cuts: list[Box] = []
    for line in lines:
        match, entry = found.get(id(line)), packs.get(id(line))
        if match and not entry and id(line) not in taken:
            rest = line.text[match.start(2) :] if match[2] else ""
            entry = _RunIn((line,), line.text[match.start(1) : match.end(1)].strip(), rest)
        if not entry:
            continue
        last, size = entry.lines[-1], line.size
        right = max(one.box.right for one in entry.lines)
        cuts.append(Box(line.box.left, line.box.top - 0.1, right, line.box.top - 0.1))
        top, bottom = (y - 0.3 * size for y in (line.box.top, line.box.bottom))
        raised = replace(line.box, top=top, bottom=bottom)
        apart.append(LayoutLine(entry.head, raised, max(size, least)))
        if entry.rest:
            first = replace(last.box, left=min(line.box.left + 2 * size, last.box.right - 1))
            apart.append(replace(last, text=PageText(entry.rest), box=first))
    return apart, cuts


@dataclass(frozen=True, slots=True)
class _RunIn:
    """A headline that stands in the first line of its text."""

    lines: tuple[LayoutLine, ...]
    """The line in which both stand; two if a wide space parts them, or the headline takes two."""
    head: PageText
    rest: PageText | str = ""
    """The text behind it."""

    @property
    def marked(self) -> bool:
        """Whether a mark stands before it."""
        return self.lines[0].text[:1] != self.head[:1]


def _packs_of(lines: list[LayoutLine], least: float) -> dict[int, _RunIn]:
    """By their first lines, the entries of packs of briefs, each of which begins with its headline
    and a wide space: no paragraph of their column begins without."""
    entries = {id(line): entry for line in lines if (entry := _run_in(line, lines))}
    found = dict[int, _RunIn]()
    for first in sorted(lines, key=lambda line: line.box.top):
        if id(first) in entries and id(first) not in found:
            pack = _pack_from(first, lines, entries)
            if any(x.rest for x in pack) and not _is_headed(first, lines, least):
                found |= {id(entry.lines[0]): entry for entry in pack}
    return found


def _run_in(line: LayoutLine, lines: list[LayoutLine]) -> _RunIn | None:
    """The headline, a few words without a mark of a sentence, and what a wide space parts from it
    on its line, if anything does."""
    match = _ENTRY.fullmatch(line.text)
    if not match or opens_story(line.text) or is_byline(line):
        return None
    head = line.text[match.start(1) : match.end(1)]
    if match[2]:
        return _RunIn((line,), head, line.text[match.start(2) :])
    low, high = (x * line.size for x in ENTRY_SPACE)
    for one in (x for x in lines if abs(x.box.top - line.box.top) < 0.2 * line.size):
        if low < one.box.left - line.box.right < high and _is_alike(one, line):
            return _RunIn((line, one), head, one.text)
    return _RunIn((line,), head)


def _is_alike(one: LayoutLine, other: LayoutLine) -> bool:
    return abs(one.size - other.size) < 0.02 * other.size


def _pack_from(
    first: LayoutLine, lines: list[LayoutLine], entries: dict[int, _RunIn]
) -> list[_RunIn]:
    """The entries of which a column consists from a line on; none if a paragraph has no headline,
    or there is but one."""
    size = first.size

    def shift(line: LayoutLine) -> float:
        """How many type sizes further right than the first one a line begins."""
        return (line.box.left - first.box.left) / size - 0.5 * (line.text[0] in "（“《")

    near = (x for x in lines if _is_alike(x, first) and abs(shift(x)) < 2.6)
    column = sorted(near, key=lambda line: line.box.top)
    steps = [low.box.top - up.box.top for up, low in pairwise(column)]
    ends = [n for n, step in enumerate(steps, 1) if step > ENTRY_STEP * size]
    at = column.index(first)
    if at and at not in ends:
        return []  # a text is above
    column = column[at : next((n for n in ends if n > at), None)]
    held = [entries.get(id(x), _RunIn((x,), x.text)) for x in column]
    right = max(line.box.right for entry in held for line in entry.lines)
    flush = {round(shift(x)) for x in column} - {0}  # what is further left than the headlines
    pack = list[_RunIn]()
    for n, line in enumerate(column):
        last = held[n - 1].lines[-1]
        text, short = last.text.rstrip(), last.box.right < right - ROOM_SIZES * size
        ended = not n or ends_sentence(text) or text.endswith(("）", ")"))
        full = held[n].lines[-1].box.right > right - ROOM_SIZES * size
        alone = held[n].marked or (full and (short or not n) and not any(x.marked for x in pack))
        if ended and id(line) in entries and abs(shift(line)) < 0.3 and (held[n].rest or alone):
            pack.append(_with_next(held[n], held[n + 1 : n + 2] if full else []))
        elif (flush and abs(shift(line)) < 0.3) or (ended and short):
            return []
    return pack if len(pack) >= MIN_RUN_IN and flush <= {-2} else []


def _with_next(entry: _RunIn, after: list[_RunIn]) -> _RunIn:
    """An entry whose headline is longer than its line, with the end of it on the next."""
    for last in after:
        if not entry.rest and (match := _HEAD_END.match(last.lines[0].text)):
            line = last.lines[0]
            head = join_texts((entry.head, line.text[: match.end(1)]))
            return _RunIn((*entry.lines, line), head, line.text[match.end() :])
    return entry


def _is_headed(first: LayoutLine, lines: list[LayoutLine], least: float) -> bool:
    """Whether a headline, which is longer than a label, stands right over a line: what begins the
    paragraphs of its text are crossheads."""
    box = first.box
    over = (x for x in lines if 0 < box.top - x.box.bottom < ENTRY_STEP * first.size)
    heads = (x for x in over if x.size >= least and x.box.shared_width(box) > 0)
    return any(len(han(x.text)) > MAX_BOX_LABEL for x in heads)
