"""Blocks of the page as pieces that know their indents, and pieces put together to paragraphs.

A column, a photo or a page turn cuts a paragraph anywhere. Print tells what belongs together:
sentence ends, words cut in two, the indent of a first line and the room left in a last line.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
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
from qjaudio.paper.model import Block, Page
from qjaudio.paper.sentences import (
    FILED,
    TAKEN_BY,
    TOLD_BELOW,
    TOLD_MORE,
    advert_points,
    is_contact,
    resembles_advert,
)
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
    has_box,
    is_ended,
    join_texts,
    overlap,
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


MIN_RUN = 3
"""Fewest single characters in a row that are the remains of a vertical headline."""


def is_fragment(piece: Piece) -> bool:
    """Whether a piece is no more than a character or two, so no text of an article by itself."""
    if any(char in "。！？；，、,;.!?" for char in piece.text):
        return False  # the last characters of a paragraph
    if piece.level and piece.facts.han_count > 1:
        return False  # a short headline
    words = piece.text.split()
    if len(words) > MIN_RUN:
        return all(len(word) <= 1 for word in words)
    return len(piece.facts.compact) <= 2


def debris_runs(pieces: list[Piece]) -> list[list[Piece]]:
    """The runs of neighbouring fragments on a page that together hold at least three characters."""
    runs: list[list[Piece]] = []
    for piece in pieces:
        if not is_fragment(piece):
            continue
        last = runs[-1][-1] if runs else None
        if last and last.order == piece.order - 1 and last.page == piece.page:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return [run for run in runs if sum(len(piece.facts.compact) for piece in run) >= MIN_RUN]


def characters(run: list[Piece]) -> str:
    """The characters of a run, in the order in which they were read."""
    return "".join(piece.facts.compact for piece in run)


_SENTENCES = re.compile("[。！？]")
NEAR_TEXT = 0.3  # so much of a headline's words the text below it has
MAX_TOLD, MAX_BARE = 120, 45
"""Han characters of the longest words to a photo, and where nothing tells who took it."""


def is_of_photo(piece: Piece, head: str, after: Piece | None, credit: str = "") -> bool:
    """Whether a piece is the words to a photo: it says who took it, and the story goes on below; or
    it is one sentence between a headline and a story that begins as one, with the words of that.

    `head` is the headline above, empty inside a story; `credit` a line below of who took it.
    """
    size, ends = piece.facts.han_count, _SENTENCES.findall(piece.text)
    if piece.level or piece.kind or piece.facts.opens_story or not 4 < size <= MAX_TOLD:
        return False
    if has_box(piece.text):
        return False  # its place tells it
    below = after.facts if after and not after.level else piece.facts
    goes_on = below is not piece.facts and (bool(head) or not below.opens_story)
    goes_on = goes_on and (below.ends_sentence or below.opens_story or below.han_count > MAX_BARE)
    if FILED.search(piece.text):
        return len(ends) < 3 and (goes_on or not head)
    if TAKEN_BY.search(credit or piece.text):
        parted = re.search(r"[\s（(]", piece.text.strip())
        return len(ends) < 3 and (goes_on if ends else bool(parted) and not credit)
    if not (head and after and after.facts.opens_story and size <= MAX_BARE and len(ends) == 1):
        return False
    return overlap(head, piece.text) < NEAR_TEXT <= overlap(head, after.text)


_LISTED, _PAGED = re.compile(r"(.{4,40}?)[.…·]*\d{1,2}"), re.compile(r"\d版[▶►→>)）]*$")
MAY_REACH = re.compile(r"[:：]|\d{5}")  # in each line that says how to reach somebody


def words_of_lines(piece: Piece) -> list[str]:
    """What a blank or a line break parts in a piece."""
    return [part for line in piece.lines or (piece.text,) for part in line.split()]


def listed_below(pieces: Sequence[Piece]) -> set[int]:
    """The `order` of pieces in a list of what stands below: each line is a heading and its page."""
    headings, found, under = Counter(piece.facts.compact for piece in pieces), set[int](), False
    for piece in pieces:
        lines = ["".join(line.split()) for line in piece.lines]
        named = {match[1] if (match := _LISTED.fullmatch(line)) else "" for line in lines}
        paged = under and all(
            _PAGED.search(line) or headings[line] > (len(lines) == 1) for line in lines
        )
        if listed := not piece.level and (named <= headings.keys() or paged):
            found.add(piece.order)
        under = listed or piece.facts.kind == "teaser"
    return found


def reaches(piece: Piece) -> bool:
    """Whether a piece without a sentence says, in a part of its own, how to reach somebody."""
    if piece.kind or "。" in piece.text or not MAY_REACH.search(piece.text):
        return False
    parts = words_of_lines(piece)
    return any(MAY_REACH.search(part) and is_contact(part) for part in parts)


def is_told_below(piece: Piece, last: Piece) -> bool:
    """Whether a line under a text tells when, where, or whom to ask; or goes on with such lines."""
    if TOLD_BELOW.fullmatch(piece.text) or (reaches(piece) and len(piece.lines) == 1):
        return True
    return last.kind == "verse" and bool(TOLD_MORE.fullmatch(piece.text))


def is_shop(name: Piece, below: Piece | None = None) -> bool:
    """Whether a name too long for a person's stands over what its shop offers."""
    said = re.search("[□（(]|记者|通讯员|供稿", name.text)
    if said or len(name.facts.compact) < 4 or not below or below.level or "。" in below.text:
        return False
    return advert_points([], [below.facts.compact]) > 1 or reaches(below)


def advert_among(heads: Sequence[Piece]) -> tuple[int, int]:
    """From which to which of the headings over a text an advert runs: lines with what a shop
    offers, over the last heading, and its name above them."""
    texts = [piece.facts.compact for piece in heads]
    offers = [n for n, text in enumerate(texts[:-1]) if advert_points([], [text]) > 1]
    end = offers[-1] + 1 if offers and not heads[-1].kind else 0
    start = max((n for n, head in enumerate(heads[:end]) if head.level), default=0)
    return (
        (start, end) if end and resembles_advert(texts[start], texts[start + 1 : end]) else (0, 0)
    )


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
TITLE_SIZES, SAME_ROW = 1.2, 1.5
"""The title of a table is no further above it, in its type size; its last rule, in its rows."""


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
        if not near or ends_sentence(text) or not 1.5 * size < box.width <= table.width:
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
        parted = [row for row in group if max(x.left for x in row) > min(x.left for x in row) + 2]
        inside = (rule for rule in rules if rule.is_tall and area.holds(rule, 2.0))
        uprights = [rule for rule in inside if rule.left > area.left + 2]
        heights = {round(row[0].top / 3) for row in group}
        told = len(parted) >= MIN_TABLE_RULES or len(uprights) > 1
        if len(heights) >= MIN_TABLE_RULES and told:
            tops = [row[0].top for row in parted] + [y for x in uprights for y in (x.top, x.bottom)]
            areas.append(_of_cells(group, min(tops) - 2, max(tops) + 2))
    return areas


def _of_cells(group: list[list[Box]], top: float, bottom: float) -> Box:
    """What level rules hold between two heights, or right beside: no photo under the table."""
    inner = [row[0].top for row in group if top < row[0].top < bottom]
    most = SAME_ROW * max((b - a for a, b in pairwise(inner)), default=0.0)
    rows = [row for row in group if top - most < row[0].top < bottom + most]
    return box_around(edge for row in rows or group for edge in row)


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
