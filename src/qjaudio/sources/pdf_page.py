"""What is printed on a page of PDF: characters, rules, frames and pictures with their places.

Characters come in runs that certainly belong together: neighbours on one line without a wide gap,
or one below the other. Whether runs side by side are one line or two is for `qjaudio.paper` to say.
"""

import ctypes
import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from operator import attrgetter
from statistics import median
from typing import Any

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.model import TextLine
from qjaudio.paper.text import Box, box_around
from qjaudio.sources.sheets import shift_signs

MAX_GAP = 0.6
"""Widest gap inside a run, in type sizes: columns can be as near as 0.8, justified text opens
up to about 0.5."""
MIN_WALL, MAX_WALLS = 3.0, 50
"""An upright rule that parts columns is higher than so many type sizes; of those in one gap, so
many at most are looked at."""
SPACE_GAP = 0.18
"""A gap that is wider than the line's others by this many type sizes is a space."""
SAME_SIZE = 1.12
_ASCENT = 0.88
"""Share of a Han character's square that lies above the baseline (OpenType's ideographic box)."""
OPENING = "（《“‘〈「『【〔"
CLOSING = "，。、；：！？）》”’〉」』】〕"
WIDE, MIN_COLUMN_GAP = 0.1, 0.02
MIN_COLUMN_ROWS, COLUMN_REACH, NEXT_ROW = 4, 20.0, 3.2
"""So many rows that begin at one place, within so many type sizes above and below, and the next
one so near, show a column."""
MARK, HALF = 0.35, 0.4
"""What a mark leaves bare inside a line, in type sizes: 0.1 to 0.7, as it is squeezed."""

NAMELESS = "\ufffd"
"""A character whose font does not say which one it is, or a number for private use."""
SHIFTED_SIGNS = "0123456789+-n"
SHIFTED_SIZES, SHIFTS, HOST_REACH = (0.4, 0.8), (0.05, 0.7), 2.8
"""Raised and lowered figures are so large and lie so far off the baseline, in sizes of the type
that they hang on, whose middle is by these no further up or down than so many sizes of theirs."""
LOWERED = 0.4
"""Lowered ones lie no further below: a phone number under the large words of an advert does."""
PageObject = tuple[Any, Box]
_MIDDLE = attrgetter("middle")
MAX_ABREAST = 5
"""Vertical lines side by side are no more: rows of more characters are level text."""
_NEAR = 6.0
"""Points of a cell or a row of the page: what is near a character is looked for in those around."""

MAX_CHARS = 60_000
"""A broadsheet page of nothing but text has about 12,000 characters."""
MAX_DRAWINGS = 60_000
WHITE, RECTANGLE, MAX_HIDDEN = 250, 6, 0.5
"""The least share of a colour in 255ths that is white on paper; so many segments a rectangle has; a
larger share of a page's characters is not hidden."""
MAX_SEEN = 2000.0
"""Longest side of a picture of the page on which colours are looked up, in pixels."""
MAX_CLIPS = 40
"""So many paths, and points of one, at most are asked for what crops a picture."""
ASLANT = 0.36
"""Slope of a line from which it is no text of the page; a headline leans by up to 20 degrees."""
WHOLE_PAGE = 0.8
"""What covers this share of a page is its background or a scan."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character on the page, with its square in points from the top left corner."""

    char: str
    box: Box
    size: float
    """Its type size in points."""
    ink: Box
    """Where it is printed: marks leave half their square bare."""

    @property
    def left(self) -> float:
        """Where it begins as a line's first character."""
        return self.ink.left if self.char in OPENING else self.box.left

    @property
    def right(self) -> float:
        """Where it ends as a line's last character."""
        return self.ink.right if self.char in CLOSING else self.box.right


def square(
    x: float, baseline: float, size: float, ink: Box, char: str, width: float | None = None
) -> Box:
    """The box of a character: the square of a Han character or mark, the ink's width of others.

    `x` and `baseline` are where the font puts it; `ink` is what is printed; condensed type is not
    as wide as high. Fonts for vertical text put the origin elsewhere: then the ink alone counts.
    """
    top = baseline - _ASCENT * size
    box = Box(x, top, x + (width or size), top + size)
    if not box.holds(ink, 0.25 * size):
        return ink
    if ord(char) < 0x2E80 and char not in OPENING + CLOSING:
        return Box(x, top, max(ink.right + 0.05 * size, x + 0.2 * size), top + size)
    return box


def runs_of(glyphs: Iterable[Glyph], rules: Iterable[Box] = ()) -> list[TextLine]:
    """Put characters, given in the order of the file, together into runs, none across a rule."""
    level, runs = list[Glyph](), list[TextLine]()
    chains = _chains(_with_shifted(_printed_once(glyphs)))
    cells: _Cells = {}
    for glyph in (one for chain in chains for one in chain):
        cells.setdefault(_cell(glyph.box.middle, glyph.box.centre), []).append(glyph)
    for chain in chains:
        # Characters stand so in lines, too, in whatever order a file gives them.
        tall = len(chain) * any(one.char not in CLOSING for one in chain)  # marks hang at the edge
        near = 1.0 if tall < 3 else (chain[1].box.top - chain[0].box.bottom) / chain[0].size
        most = min(tall, MAX_ABREAST) if tall > 2 else 1  # rows no longer than a block is high
        beside = sum(_is_in_line(one, cells, near, most) for one in chain[:tall])
        if tall > 1 and beside < max(1, tall / 2):
            runs.append(_upright_run(chain))
        else:
            level += chain
    walls = sorted((rule for rule in rules if rule.is_tall), key=_MIDDLE)
    rows = [row for line in _baselines(level) for row in _cut_at_gaps(line, walls)]
    starts = _column_starts(rows)
    return runs + [_level_run(part) for row in rows for part in _cut_at_columns(row, starts)]


_Cells = dict[tuple[int, int], list[Glyph]]


def _printed_once(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """The characters, one of those printed twice to look bold."""
    kept: list[Glyph] = []
    cells: _Cells = {}
    for glyph in glyphs:
        box, near = glyph.box, 0.12 * glyph.size
        reach = math.ceil(near / _NEAR)
        if any(
            x.char == glyph.char and abs(x.box.left - box.left) < near > abs(x.box.top - box.top)
            for x in _close(cells, box.left, box.top, reach, reach)
        ):
            continue
        cells.setdefault(_cell(box.left, box.top), []).append(glyph)
        kept.append(glyph)
    return kept


def _cell(across: float, down: float) -> tuple[int, int]:
    return round(across / _NEAR), round(down / _NEAR)


def _close(cells: _Cells, x: float, y: float, across: int, down: int) -> Iterator[Glyph]:
    """The characters in the cells around a place, so many to each side."""
    column, row = _cell(x, y)
    columns, rows = range(column - across, column + across + 1), range(row - down, row + down + 1)
    for at in product(columns, rows):
        yield from cells.get(at, ())


def _with_shifted(glyphs: list[Glyph]) -> list[Glyph]:
    """The characters, with small figures beside a larger one, as in m² and CO₂, set on its line."""
    hosts: _Cells = {}
    for glyph in glyphs:
        hosts.setdefault(_cell(glyph.box.right, glyph.box.centre), []).append(glyph)
    placed = list(glyphs)
    for at in sorted(range(len(glyphs)), key=lambda at: glyphs[at].box.left):
        glyph, box = glyphs[at], glyphs[at].box
        if glyph.char not in SHIFTED_SIGNS:
            continue
        reach = math.ceil(HOST_REACH * glyph.size / _NEAR) + 1
        near = _close(hosts, box.left, box.centre, 1, reach)
        host = next((host for host in near if _hangs_on(glyph, host)), None)
        if host:
            up = box.centre < host.box.centre
            box = replace(box, top=host.box.top, bottom=host.box.bottom)
            placed[at] = Glyph(shift_signs("", glyph.char, up=up), box, host.size, glyph.ink)
            hosts.setdefault(_cell(box.right, box.centre), []).append(placed[at])
    return placed


def _hangs_on(glyph: Glyph, host: Glyph) -> bool:
    """Whether a small character stands right behind a larger one, above or below its baseline."""
    size = host.size
    small = SHIFTED_SIZES[0] * size < glyph.size < SHIFTED_SIZES[1] * size
    beside = -0.15 * size < glyph.box.left - host.box.right < 0.3 * size
    off = (host.box.bottom - glyph.box.bottom) / size - (1 - _ASCENT) * (1 - glyph.size / size)
    return small and beside and SHIFTS[0] < abs(off) and -LOWERED < off < SHIFTS[1]


def _column_starts(rows: list[list[Glyph]]) -> dict[int, list[float]]:
    """Where rows begin, by tenths of a point: at which heights."""
    starts: dict[int, list[float]] = {}
    for last, row in pairwise([[], *rows]):
        # A full stop before a quotation mark leaves as much bare as a gutter, but not by squares.
        marks = last and last[-1].char in CLOSING and row[0].char in OPENING
        beside = marks and abs(row[0].box.left - last[-1].box.right) < 0.5 * row[0].size
        if len(row) > 3 and not beside:
            starts.setdefault(round(row[0].box.left * 10), []).append(row[0].box.bottom)
    return starts


def _cut_at_columns(row: list[Glyph], starts: dict[int, list[float]]) -> list[list[Glyph]]:
    """A row, cut where many rows near it begin: a line that was set too long meets the next
    column."""
    parts = [[row[0]]]
    for last, glyph in pairwise(row):
        at = round(glyph.box.left * 10)
        near = (y - glyph.box.bottom for x in (at - 1, at, at + 1) for y in starts.get(x, ()))
        beside = sorted(abs(y) / glyph.size for y in near if abs(y) > 0.2 * glyph.size)
        gap, before = glyph.box.left - last.box.right, parts[-1][-2:][0]
        odd = min(abs(gap), abs(gap - (last.box.left - before.box.right)))  # not as in one line
        # After a mark that was set too long one row next to it is enough.
        least = 1 if last.char in CLOSING and gap > WIDE * glyph.size else MIN_COLUMN_ROWS
        shown = len(beside) >= least and beside[0] < NEXT_ROW and beside[least - 1] < COLUMN_REACH
        if shown and -0.5 * glyph.size < gap and odd > MIN_COLUMN_GAP * glyph.size:
            parts.append([])
        parts[-1].append(glyph)
    return parts


def _chains(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Characters that follow each other in the file and stand one below the other."""
    chains: list[list[Glyph]] = []
    for glyph in glyphs:
        if chains and _stands_below(glyph, chains[-1][-1]):
            chains[-1].append(glyph)
        else:
            chains.append([glyph])
    return chains


def _is_in_line(glyph: Glyph, cells: _Cells, most: float, abreast: int) -> bool:
    """Whether more than `abreast` characters of its size stand side by side on the baseline of one,
    within `most` sizes of each other."""
    found, ends = 1, [glyph, glyph]
    while found <= abreast and ends:
        end = ends.pop()
        box, reach = end.box, math.ceil(2 * end.size / _NEAR)
        near = (x for x in _close(cells, box.middle, box.centre, reach, 1) if _same_size(x, end))
        level = (x for x in near if abs(x.box.bottom - box.bottom) < 0.3 * end.size)
        way = 1 if ends else -1
        onward = (x for x in level if (x.box.middle - box.middle) * way > 0)
        beside = (x for x in onward if -0.5 < -x.box.shared_width(box) / end.size < most)
        if following := next(beside, None):
            found += 1
            ends.append(following)
    return found > abreast


def _stands_below(glyph: Glyph, above: Glyph) -> bool:
    size = above.size
    gap = glyph.box.top - above.box.bottom
    centred = abs(glyph.box.middle - above.box.middle) < 0.3 * size
    return centred and -0.3 * size < gap < 0.6 * size and _same_size(glyph, above)


def _same_size(one: Glyph, other: Glyph) -> bool:
    return max(one.size, other.size) <= SAME_SIZE * min(one.size, other.size)


def _upright_run(chain: list[Glyph]) -> TextLine:
    size = median(one.size for one in chain)
    return TextLine(text="".join(one.char for one in chain), box=_box_of_run(chain), size=size)


def _baselines(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Characters of one size on one baseline, from left to right."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: (g.box.bottom, g.box.left)):
        for row in reversed(rows[-12:]):
            last = row[-1]
            near = abs(last.box.bottom - glyph.box.bottom) < 0.2 * min(last.size, glyph.size)
            if near and _same_size(last, glyph):
                row.append(glyph)
                break
        else:
            rows.append([glyph])
    return [sorted(row, key=lambda g: g.box.left) for row in rows]


def _cut_at_gaps(row: list[Glyph], walls: list[Box]) -> list[list[Glyph]]:
    """A row, cut at its wide gaps and at the upright rules between its characters."""
    parts = [[row[0]]]
    gaps = [b.box.left - a.box.right for a, b in pairwise([row[0], *row, row[-1]])]
    for at, (last, glyph) in enumerate(pairwise(row), 1):
        size = max(last.size, glyph.size)
        # Two marks leave as much bare as a gutter, but their squares are spaced as the others.
        even = last.char in CLOSING and glyph.char in OPENING
        even &= max(abs(gaps[at] - gap) for gap in gaps[at - 1 : at + 2]) < MIN_COLUMN_GAP * size
        wide = _gap_between(last, glyph) > MAX_GAP * size and not even
        if wide or _stands_between(walls, last, glyph):
            parts.append([])
        parts[-1].append(glyph)
    return parts


def _stands_between(walls: list[Box], last: Glyph, glyph: Glyph) -> bool:
    """Whether one of the rules, in order from left to right, parts what stands on both its sides: a
    bar in a headline is hardly higher than that."""
    first = bisect_left(walls, last.right, key=_MIDDLE)
    end = bisect_left(walls, glyph.left, first, min(len(walls), first + MAX_WALLS), key=_MIDDLE)
    tall = (x for x in walls[first:end] if x.height > MIN_WALL * max(last.size, glyph.size))
    return any(x.top < last.box.top and x.bottom > last.box.bottom for x in tall)


def _gap_between(last: Glyph, glyph: Glyph) -> float:
    """The gap between two characters of a line; less what a mark leaves bare in its square."""
    marks = (last.char in CLOSING) + (glyph.char in OPENING)
    # No space is set behind a comma: more than it leaves is a gutter.
    apart = last.char in "，、；" and glyph.box.left - last.box.right > HALF * glyph.size
    return glyph.left - last.right - (not apart) * marks * MARK * glyph.size


def _box_of_run(glyphs: list[Glyph]) -> Box:
    return box_around(Box(one.left, one.box.top, one.right, one.box.bottom) for one in glyphs)


def _level_run(row: list[Glyph]) -> TextLine:
    size = median(glyph.size for glyph in row)
    gaps = [b.box.left - a.box.right for a, b in pairwise(row)]
    usual = median(gaps) if gaps else 0.0
    text = row[0].char
    for gap, glyph in zip(gaps, row[1:], strict=True):
        text += (" " if gap > max(usual, 0.0) + SPACE_GAP * size else "") + glyph.char
    return TextLine(text=text, box=_box_of_run(row), size=size)


@dataclass(frozen=True, slots=True)
class Sheet:
    """How the file's coordinates lie on the page as it is seen: points from the top left corner."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int = 0
    """Degrees by which a viewer turns the page clockwise: 0, 90, 180 or 270."""

    @property
    def area(self) -> float:
        """The area in square points."""
        return (self.right - self.left) * (self.top - self.bottom)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the file as it is seen."""
        if self.turn == 90:
            return y - self.bottom, x - self.left
        if self.turn == 180:
            return self.right - x, y - self.bottom
        if self.turn == 270:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box of the file as it is seen."""
        (x, y), (far_x, far_y) = self.point(left, bottom), self.point(right, top)
        return Box(min(x, far_x), min(y, far_y), max(x, far_x), max(y, far_y))

    def shows(self, box: Box) -> bool:
        """Whether a box as it is seen lies on the page, and not beside it where pages are cut."""
        page = self.box(self.left, self.bottom, self.right, self.top)
        return page.left < box.middle < page.right and page.top < box.centre < page.bottom

    def is_upright(self, across: float, up: float) -> bool:
        """Whether a direction of writing in the file is seen as a level one."""
        level = abs(across) >= abs(up)
        return level if self.turn in (0, 180) else not level


def glyphs_on(page: Any, sheet: Sheet, objects: Sequence[PageObject]) -> list[Glyph]:
    """The characters that are seen on a page, in the order of the file."""
    import pypdfium2.raw as pdfium

    text = page.get_textpage()
    try:
        count = text.count_chars()
        if count > MAX_CHARS:
            raise no_newspaper(f"a page with {count} characters")
        found = ((at, _glyph(pdfium, text, at, sheet)) for at in range(count))
        glyphs = {at: glyph for at, glyph in found if glyph and sheet.shows(glyph.box)}
        hidden = _covered(pdfium, objects, sheet, text, glyphs)
        alone, bare = _white_on_white(pdfium, objects, text, glyphs)
        hidden |= bare - _seen_printed(page, {at: glyphs[at].ink for at in alone})
    finally:
        text.close()
    # A page that is all hidden is the text of a scan, or not understood here.
    hidden = hidden if len(hidden) < MAX_HIDDEN * len(glyphs) else set()
    return [glyph for at, glyph in glyphs.items() if at not in hidden]


def _covered(
    pdfium: Any, objects: Sequence[PageObject], sheet: Sheet, text: Any, glyphs: dict[int, Glyph]
) -> set[int]:
    """The characters under an opaque rectangle drawn later, which nobody sees."""
    order: dict[int, int] = {}
    covers: list[tuple[int, Box]] = []
    for at, (drawn, box) in enumerate(objects):
        if drawn.type == pdfium.FPDF_PAGEOBJ_TEXT:
            order[_pointer(drawn.raw)] = at
        elif order and _is_opaque(pdfium, drawn, box, sheet):
            covers.append((at, box))
    last = _first_over(reversed(covers), {at: glyph.ink for at, glyph in glyphs.items()})
    drawn_at = {at: order.get(_pointer(pdfium.FPDFText_GetTextObject(text, at))) for at in last}
    return {at for at, when in drawn_at.items() if when is not None and when < last[at]}


def _white_on_white(
    pdfium: Any, objects: Sequence[PageObject], text: Any, glyphs: dict[int, Glyph]
) -> tuple[set[int], set[int]]:
    """The white characters that no ground shows: those where no other stands, and all.

    Of a headline in two layers pdfium tells the lower: white then, where black shows no other.
    It calls white, too, what is filled with a gradient.
    """
    grounds = ((0, box) for drawn, box in objects if _shows_white(pdfium, drawn))
    white = [at for at in glyphs if _is_white(pdfium.FPDFText_GetFillColor, text, at)]
    inks = ((at, glyphs[at].ink) for at in white)
    middles = {at: Box(ink.middle, ink.centre, ink.middle, ink.centre) for at, ink in inks}
    bare = middles.keys() - _first_over(grounds, middles).keys()
    told = ((0, glyph.box) for at, glyph in glyphs.items() if at not in middles)
    return bare - _first_over(told, {at: middles[at] for at in bare}).keys(), set(bare)


def _shows_white(pdfium: Any, drawn: Any) -> bool:
    """Whether a drawing is a ground that is known not to be white."""
    held = drawn.type in (pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_FORM)
    return not held and not _is_white(pdfium.FPDFPageObj_GetFillColor, drawn.raw)


def _seen_printed(page: Any, inks: dict[int, Box]) -> set[int]:
    """Those of some places on a page where a viewer shows anything but white."""
    if not inks:
        return set()
    width, height = page.get_size()
    scale = min(1.0, MAX_SEEN / max(width, height))
    bitmap = page.render(scale=scale, grayscale=True)
    grey = bitmap.to_numpy().reshape(bitmap.height, bitmap.width)

    def part(low: float, high: float) -> slice:
        return slice(max(0, int(scale * low)), max(0, int(scale * high)) + 1)

    parts = {at: grey[part(x.top, x.bottom), part(x.left, x.right)] for at, x in inks.items()}
    return {at for at, seen in parts.items() if seen.min(initial=255) < WHITE}


def _first_over(boxes: Iterable[tuple[int, Box]], inks: dict[int, Box]) -> dict[int, int]:
    """The number of the first box that lies over an ink, for each that has one."""
    rows: dict[int, list[tuple[float, float, int]]] = {}
    for at, ink in sorted(inks.items(), key=lambda row: row[1].middle):
        rows.setdefault(round(ink.centre / _NEAR), []).append((ink.middle, ink.centre, at))
    found: dict[int, int] = {}
    for number, box in boxes:
        top, bottom = box.top - 0.5, box.bottom + 0.5
        for place, row in rows.items():
            if not top - _NEAR < place * _NEAR < bottom + _NEAR:
                continue
            some = slice(bisect_left(row, (box.left - 0.5,)), bisect_left(row, (box.right + 0.5,)))
            level = [at for _, down, at in row[some] if top < down < bottom]
            held = {at for at in level if box.holds(inks[at], 0.5)}
            if held:  # each ink is found once, however many boxes lie over it
                row[some] = [each for each in row[some] if each[2] not in held]
                found |= dict.fromkeys(held, number)
    return found


def _pointer(handle: Any) -> int:
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def _is_white(colour_of: Any, *what: Any) -> bool:
    """Whether something is filled with white, and not seen through."""
    colour = [ctypes.c_uint() for _ in range(4)]
    return bool(colour_of(*what, *colour)) and all(part.value >= WHITE for part in colour)


def _paint(pdfium: Any, drawn: Any) -> tuple[bool, bool]:
    """Whether a drawing is filled, and has a line around it."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    known = drawn.type == pdfium.FPDF_PAGEOBJ_PATH
    known = known and bool(pdfium.FPDFPath_GetDrawMode(drawn.raw, fill, stroke))
    return bool(known and fill.value), bool(not known or stroke.value)


def is_blank(pdfium: Any, drawn: Any) -> bool:
    """Whether a drawing is filled with white and has no line around it."""
    return _is_white(pdfium.FPDFPageObj_GetFillColor, drawn.raw) and not _paint(pdfium, drawn)[1]


def _is_opaque(pdfium: Any, drawn: Any, box: Box, sheet: Sheet) -> bool:
    """Whether a drawing is a filled rectangle that hides what was drawn before it."""
    return (
        _paint(pdfium, drawn)[0]
        and box.width * box.height < WHOLE_PAGE * sheet.area
        and pdfium.FPDFPath_CountSegments(drawn.raw) <= RECTANGLE
        and not pdfium.FPDFPageObj_HasTransparency(drawn.raw)
    )


def no_newspaper(page: str) -> NotAnIssueError:
    """The refusal of a page that holds more than a newspaper's."""
    return NotAnIssueError(f"{page} is not a newspaper page", hint="check the PDF in a viewer")


def _glyph(pdfium: Any, text: Any, at: int, sheet: Sheet) -> Glyph | None:
    """Character number `at`; None for spaces, what cannot be printed, and a watermark's, aslant."""
    code = pdfium.FPDFText_GetUnicode(text, at)
    if pdfium.FPDFText_IsGenerated(text, at) or not 0x20 < code <= 0x10FFFF:
        return None
    private = 0xE000 <= code <= 0xF8FF or code >= 0xF0000
    unknown = private or pdfium.FPDFText_HasUnicodeMapError(text, at) == 1
    char = NAMELESS if unknown else chr(code)
    x, y = ctypes.c_double(), ctypes.c_double()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetCharOrigin(text, at, x, y)
    pdfium.FPDFText_GetCharBox(text, at, left, right, bottom, top)
    pdfium.FPDFText_GetMatrix(text, at, matrix)
    width = pdfium.FPDFText_GetFontSize(text, at) * math.hypot(matrix.a, matrix.b)
    # Figures in a condensed font are as high as the text around them.
    share = math.hypot(matrix.a, matrix.b) ** 2
    size = width * abs(matrix.a * matrix.d - matrix.b * matrix.c) / share if share else 0.0
    ink = sheet.box(left.value, bottom.value, right.value, top.value)
    across, baseline = sheet.point(x.value, y.value)
    known = math.isfinite(ink.width + ink.height + across + baseline + size)
    low, high = sorted((abs(matrix.a), abs(matrix.b)))
    known &= low <= ASLANT * high
    if char.isspace() or not char.isprintable() or not known or size < 1.0:
        return None
    if not sheet.is_upright(matrix.a, matrix.b):
        return Glyph(char, ink, size, ink)
    return Glyph(char, square(across, baseline, size, ink, char, width), size, ink)


def _cropped(pdfium: Any, drawn: Any, box: Box, form: Any, sheet: Sheet) -> Box:
    """The part of a picture that its frame shows: layout programs and browsers crop photos so."""
    clip = pdfium.FPDFPageObj_GetClipPath(drawn.raw)
    for path in range(max(0, min(MAX_CLIPS, pdfium.FPDFClipPath_CountPaths(clip)))):
        points = list[tuple[float, float]]()
        count = pdfium.FPDFClipPath_CountPathSegments(clip, path)
        for at in range(count if count <= MAX_CLIPS else 0):
            x, y = ctypes.c_float(), ctypes.c_float()
            segment = pdfium.FPDFClipPath_GetPathSegment(clip, path, at)
            if segment and pdfium.FPDFPathSegment_GetPoint(segment, x, y):
                points.append((x.value, y.value))
        if len(points) < 3:
            continue
        across, up = zip(*points, strict=True)
        seen = sheet.box(*form.on_rect(min(across), min(up), max(across), max(up)))
        part = Box(
            max(box.left, seen.left),
            max(box.top, seen.top),
            min(box.right, seen.right),
            min(box.bottom, seen.bottom),
        )
        box = part if min(part.width, part.height) > 0 else box
    return box


def objects_on(page: Any, sheet: Sheet) -> Iterator[PageObject]:
    """All that is drawn, in its order, with the box in which it is seen."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    forms = [pypdfium2.PdfMatrix()]
    for count, drawn in enumerate(page.get_objects(max_depth=4)):
        if count > MAX_DRAWINGS + MAX_CHARS:
            raise NotAnIssueError(
                f"more than {count} drawings on a page", hint="check the PDF in a viewer"
            )
        if drawn.type == pdfium.FPDF_PAGEOBJ_FORM:  # what it holds comes next, in its own places
            forms[drawn.level + 1 :] = [drawn.get_matrix().multiply(forms[drawn.level])]
        box = sheet.box(*forms[drawn.level].on_rect(*drawn.get_bounds()))
        if drawn.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            box = _cropped(pdfium, drawn, box, forms[drawn.level], sheet)
        if math.isfinite(box.width + box.height):
            yield drawn, box
