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
from typing import TYPE_CHECKING

from qjaudio.paper.lines import (
    Jumps,
    is_credit,
    is_label,
    is_signed,
    kind_of_compact,
    opens_story,
    take_jumps,
)
from qjaudio.paper.model import Block, Page, TextLine
from qjaudio.paper.text import (
    MARK_WIDTH,
    TAIL,
    Box,
    PageText,
    box_around,
    compact,
    ends_sentence,
    han,
    han_count,
    is_enumeration,
    join_texts,
    print_width,
    width_parts,
)
from qjaudio.paper.words import parted_word

if TYPE_CHECKING:
    from qjaudio.paper.layout_lines import LayoutLine
    from qjaudio.paper.layout_regions import Scale

INDENT = 1.3
"""A first line that is this much narrower than the column is indented (the indent is 2 characters;
squeezed marks take some of it away)."""
FULL = 0.9
"""A line within this much of the column's width is full."""


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
        said = quoted and _SAYS.fullmatch(piece.text)
        ended = ends_sentence(self.end) or is_enumeration(self.end)
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


RAGGED_SIZES, FEWEST_RAGGED = 0.8, 3
"""The lines of a poem end so far from each other, in type sizes, so often at least."""


def is_poem(parts: "Iterable[Sequence[LayoutLine]]") -> bool:
    """Whether a text is set line for line: most lines end elsewhere than the next, in no sentence's
    end. In running text only the last lines of paragraphs do, and those beside a photo once."""
    pairs = [pair for lines in parts for pair in pairwise(lines)]
    ragged = sum(
        abs(upper.box.right - lower.box.right) > RAGGED_SIZES * upper.size
        and not (ends_sentence(upper.text) or ends_sentence(lower.text))
        for upper, lower in pairs
    )
    if ragged < max(FEWEST_RAGGED, len(pairs) / 2):
        return False
    # Running text that is not justified ends its lines inside words and numbers.
    return sum(bool(parted_word(upper.text, lower.text)) for upper, lower in pairs) < 2


LABEL_OVER = (-1.0, 6.0)
"""How far the first heading stands under the label 简讯, in type sizes."""
LABEL_ASIDE = 12.0
"""How far beside it that heading may be, in type sizes: half a column where it is centred."""
MAX_RULED_LABEL = 8
"""Han characters of the longest label over a rule."""


def take_label_words(
    lines: "list[LayoutLine]", rules: list[Box], frames: Iterable[Box], body: float
) -> "tuple[list[Block], list[LayoutLine], list[Box]]":
    """The lines that are a label by their words (简讯), by a long rule between them and a headline,
    or by a place in the upper edge of a frame; the others; and the rules but those."""
    framed = [
        line
        for line in lines
        for frame in frames
        if frame.left < line.box.left
        and line.box.right < frame.right
        and abs(frame.top - line.box.centre) < 0.25 * line.box.height
    ]
    under = {id(line): _rule_of_label(line, rules, lines, body) for line in lines}
    found = [
        line
        for line in lines
        if line in framed
        or under[id(line)]
        or (
            is_label(compact(line.text))
            and any(_stands_under(other, line, body) for other in lines)
        )
    ]
    blocks = [
        Block(lines=(TextLine(text=line.text, box=line.box, size=line.size),), kind="banner")
        for line in found
    ]
    rest = [line for line in lines if line not in found]
    return blocks, rest, [rule for rule in rules if rule not in under.values()]


def _rule_of_label(
    line: "LayoutLine", rules: list[Box], lines: "list[LayoutLine]", body: float
) -> Box | None:
    """The rule right under a few words in small type at its beginning, with a headline next."""
    words, box = compact(line.text), line.box
    short = 2 <= len(han(words)) == len(words) <= MAX_RULED_LABEL
    if not short or line.size > 1.2 * body:
        return None
    over = (x.box for x in lines if -body < box.top - x.box.bottom < 1.5 * body and x is not line)
    if any(x.shared_width(box) > 0 for x in over):  # the last line of a text
        return None
    for rule in rules:
        flush = abs(rule.left - line.box.left) < body
        wide = rule.width > max(2 * line.box.width, 8 * body)
        if not (flush and wide and -0.1 * body < rule.top - line.box.bottom < 0.8 * body):
            continue
        under = [x for x in lines if x.box.top > rule.top and x.box.shared_width(rule) > 0]
        nearest = min(under, key=lambda x: x.box.top, default=line)
        near = nearest.box.top - rule.bottom < 3 * nearest.size
        return rule if near and nearest.size > 1.2 * line.size else None
    return None


def _stands_under(heading: "LayoutLine", label: "LayoutLine", body: float) -> bool:
    """Whether a line in large type, but no larger than the label, stands under it."""
    low, high = LABEL_OVER
    near = low < (heading.box.top - label.box.bottom) / body < high
    near = near and -heading.box.shared_width(label.box) < LABEL_ASIDE * body
    return near and 1.05 * body < heading.size < label.size and len(han(heading.text)) > 3


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
        crossed = any(
            min(box.shared_width(area), box.shared_height(area)) > 0.5 * box.height
            for _, box in placed
            if not area.holds(box, 2.0)
        )
        text = any("。" in line.text for block in inside for line in block.lines)
        if len(inside) < MIN_CELLS or crossed or text:
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


MAX_BRIEF = 1.4
"""Larger type than so many times the text's is no headline of a brief."""
PACK_PITCHES = 6.0
"""The next brief of a column begins within so many line pitches; white may be spread between."""


def briefs_from(
    top: "LayoutLine", below: "list[LayoutLine]", scale: "Scale"
) -> "list[list[LayoutLine]]":
    """The headlines of the briefs that the column under a line consists of, which is the first."""
    column, whole = [top], top.box
    for line in (x for x in below if x is not top):
        if line.box.shared_width(whole) <= 0:
            continue
        low, high, wide = column[-1].box.bottom, line.box.top, whole.width + 2 * scale.body
        rules = (x for x in scale.rules if low < x.top < high and x.shared_width(whole) > 0)
        ends = any(rule.width > wide for rule in rules)  # one of a column's width parts briefs
        ends |= line.size > MAX_BRIEF * scale.body
        if ends or high - low > PACK_PITCHES * scale.pitch:
            break
        if high < column[-1].box.centre:
            return []  # it is of two columns
        column.append(line)
        whole = box_around((whole, line.box))
    heads: list[list[LayoutLine]] = []
    at = missed = 0
    while at < len(column) and (heads or not at):
        tries = ((n, _end_of_brief(column, at, n, scale)) for n in (1, 2))
        count, end = next((x for x in tries if x[1]), (0, at + 1))
        heads += [column[at : at + count]] * bool(count)
        missed, at = missed + (not count), end
    return heads if 4 * missed <= len(column) else []


def _end_of_brief(column: "list[LayoutLine]", at: int, count: int, scale: "Scale") -> int:
    """Where a brief ends whose headline is so many lines of a column; 0 where there is none."""
    head, text = column[at : at + count], column[at + count :]
    left = min(line.box.left for line in column)
    if len(head) < count or not any(x.box.left > left + 1.2 * scale.body for x in text[:1]):
        return 0
    said = any("。" in x.text or ends_sentence(x.text) or is_credit(x.text) for x in head)
    if said or len(han(head[0].text)) < 3 or head[0].size != head[-1].size:
        return 0
    lines, below = [text[0]], [*text[2:], None]
    for above, line, after in zip(text, text[1:], below, strict=False):
        flush = line.box.left < left + 0.6 * scale.body
        if not flush or line.box.top - above.box.top > 1.3 * scale.pitch:
            break
        ended = ends_sentence(above.text) and not ends_sentence(line.text)
        if ended and after and after.box.left > left + 1.2 * scale.body:
            break  # the next headline
        lines.append(line)
    plain = all(line.size < 1.02 * scale.body for line in lines)
    whole = ends_sentence(lines[-1].text) or lines[-1].text[-1:] in ")）"
    return at + count + len(lines) if plain and whole else 0
