"""Images of pages, made level: what is on them, and how large type is.

Boxes are in pixels.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qjaudio.paper.model import TextLine
from qjaudio.paper.text import Box, han, is_han, print_width

MAX_AREA = 7_500_000
"""Pixels of a page that are read: newsprint of 9 points is then 17 pixels high or more."""
MIN_AREA = 4_000_000
MAX_SIDE = 8000
MAX_SKEW = 5.0
"""Degrees by which a page may lie askew."""
_FINE, _AROUND = 0.05, np.full(15, 1 / 15)  # pictures, most of the ink, have no sharp rows

Grey = NDArray[np.uint8]

WINDOW = 0.014
"""Side of the window in which the ground is sought, as a share of the page's width: wider than the
gaps between strokes of a headline."""
BLOCK, GROUND = 8, 0.6
"""Side in pixels of the blocks in which it is sought, and which of a block's pixels, from the
darkest on, it is like."""
FAINT = 45
"""Ink is at least so many steps darker than its ground: strokes thinner than a pixel are grey."""


def working_size(width: float, height: float) -> tuple[int, int]:
    """The size in pixels at which a page, or a sheet of two side by side, of this size is read."""
    pages = 2 if width > height else 1
    area = min(max(width * height, pages * MIN_AREA), pages * MAX_AREA)
    share = min((area / (width * height)) ** 0.5, MAX_SIDE / max(width, height))
    return max(1, round(width * share)), max(1, round(height * share))


def width_of(grey: Grey) -> float:
    """The width of a page, of which two may lie side by side."""
    tall, wide = grey.shape
    return float(wide / 2 if wide > tall else wide)


def level_page(grey: Grey) -> Grey:
    """The page turned so that its lines of text run level."""
    from PIL import Image

    angle = skew(grey)
    if abs(angle) < _FINE:
        return grey
    paper = int(np.median(grey))
    turned = Image.fromarray(grey).rotate(angle, Image.Resampling.BICUBIC, fillcolor=paper)
    return np.asarray(turned, dtype=np.uint8)


def skew(grey: Grey) -> float:
    """How far text falls to the right, in degrees: where rows stand out most from those around."""
    step = max(1, max(grey.shape) // 1600)
    small = grey[::step, ::step]
    rows, columns = np.nonzero(small < ink_level(small))
    if len(rows) < 500:
        return 0.0
    if len(rows) > 150_000:
        thin = len(rows) // 150_000 + 1
        rows, columns = rows[::thin], columns[::thin]

    def sharpness(angle: float) -> float:
        moved = rows - columns * np.tan(np.radians(angle))
        counts = np.bincount((moved - moved.min()).astype(np.int64))
        return float(np.square(counts - np.convolve(counts, _AROUND, "same")).sum())

    best = max(np.arange(-MAX_SKEW, MAX_SKEW + 0.1, 0.25), key=sharpness)
    return float(max(np.arange(best - 0.25, best + 0.26, _FINE), key=sharpness))


def ink_level(grey: Grey) -> int:
    """Below this a pixel is ink: between the paper's grey and black (Otsu's threshold)."""
    counts = np.bincount(grey.ravel(), minlength=256).astype(np.float64)
    weight = np.cumsum(counts)
    mean = np.cumsum(counts * np.arange(256))
    rest = weight[-1] - weight
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = (mean[-1] * weight / weight[-1] - mean) ** 2 / (weight * rest)
    return int(np.nanargmax(np.where(np.isfinite(spread), spread, 0.0) * weight[-1])) + 1


def blocks_of(grey: Grey) -> Grey:
    """The grey of the ground in each small block."""
    tall, wide = (side // BLOCK for side in grey.shape)
    even = grey[: tall * BLOCK, : wide * BLOCK].reshape(tall, BLOCK, wide, BLOCK)
    blocks = even.swapaxes(1, 2).reshape(tall, wide, BLOCK * BLOCK)
    at = int(GROUND * BLOCK * BLOCK)
    return np.asarray(np.partition(blocks, at, axis=2)[:, :, at], np.uint8)


def ground_of(grey: Grey) -> tuple[Grey, int]:
    """The grey of what lies under the ink of each place, and the side of the window it is from.

    In a small block most pixels are ground; next to ink a scan that was reduced is brighter than
    its paper, so that the lightest pixel would tell nothing. Large type leaves whole blocks black.
    """
    import cv2

    ground = blocks_of(grey)
    around = max(3, round(WINDOW * min(grey.shape) / BLOCK) | 1)
    lightest = cv2.dilate(ground, np.ones((around, around), np.uint8))
    size = grey.shape[1], grey.shape[0]
    whole = cv2.resize(lightest, size, interpolation=cv2.INTER_NEAREST)
    return np.asarray(whole, np.uint8), (around + 1) * BLOCK


def ink_of(grey: Grey) -> NDArray[np.bool_]:
    """Where ink is, on tinted ground too: strokes of a pixel's width and small marks as well."""
    ground, _ = ground_of(grey)
    return np.asarray(grey < ground.astype(np.int16) - FAINT, np.bool_)


LONG = 9
"""From so many Han on the width of a line tells the size of its type."""
USUAL_SHARE, DIGITS = 1.08, 1.3
"""How many times as high as its ink type is: with Han characters, and with digits alone."""
PARTED, ONE_MARK, MOST_BARE = 0.25, 0.35, 0.06
"""Gaps that part ink, and ink of a mark in one row, in heights; the most of the row that it is."""
TALLER, CLOSE = 1.25, 0.08
"""A character alone is no higher, in its width; and the gaps that part it from others then."""
MARK_ROOM = 0.5
"""Share of its room that a mark at the end of a line leaves bare."""
LIKE_BODY, UNSURE = 0.07, 0.13
"""By so much type of the body's size seems larger or smaller: by ink or width, and by ink alone."""
FEW, FEW_UNSURE = 3, 0.2
"""So few characters tell little by their ink."""
ONE_STEP, SPREAD, LARGE, SMALL_HEAD = 1.04, 1.1, 1.35, 1.12
"""Types of one size in headlines follow each other so closely, and differ no more in all; and from
how many times the text's size on lines are a headline's, and those that follow each other."""
MARK_SIDE, FULL, DASH = 0.25, 0.93, 1.2
"""How high a mark is, and how long a dash, in heights of its line; and how much of a square is ink:
measured 0.96 to 1, and up to 0.82 of a dense character like 圈."""
STEADY, STEADY_LINES = 0.05, 2
"""The same as `LIKE_BODY` where so many long lines of a column are measured together."""
NEXT_LINE, INDENT, STAGGERED = 2.2, 2.8, 8.0
"""How far the next line of a column stands under one, and how far its beginning to the side: of a
headline further."""
SAME_HEIGHT, SAME_PIXELS, SAME_WEIGHT = 1.2, 2.5, 1.4
"""Lines of one type differ by less in their ink's height, by a share or in pixels, and in how thick
their strokes are: of small bold type twice as thick as of text."""
NOISE = 0.15
"""Paper is up to so much as dark as ink."""
MOSTLY_DARK, LIGHT = 0.5, 0.3
"""Where so much of a line's box, and of its edges, is dark its type is light: by how much."""
BAR_EDGE, SOLID, THROUGH = 3, 0.9, 0.15
"""In so many pixels from its edge a bar is as dark as that, if a box reaches beyond; and no row of
it is lighter than that, as between bold strokes."""
SPACE, MOST_SPACES = 0.85, 4
"""From which width on, in heights of boxes, a gap is a space of its own; and how many a line has:
本报记者, two names and who took the photo."""
BOLD_SPACE, BOLDER = 0.4, 1.7
"""The same behind bold words, whose strokes are so many times as thick: measured 2, and 1.5 at most
in one type."""
TAIL = 3
"""Pixels under each other that are no speck: what a comma of small print is made of."""
MIN_STEPS, OWN_ROOM = 2, 0.65
"""So many neighbours tell how far apart characters stand; and how far from its middle a character
reaches, in that."""
UNREAD_WIDE, UNREAD_HIGH = 0.5, 0.5
"""Ink of a character that was not read: wide in that room, high in the line's image."""
CHARACTER = (6, 90)
"""Pixels: smaller spots of ink are marks and specks, larger ones are headlines and pictures."""
USUAL_HEIGHT = 20.0
INNER = 0.7
"""Share of a gap's width that has to be bare there: columns are not quite straight in scans."""
SIDE = 4.0
"""How far to both sides of a gutter text is looked for, in heights of boxes."""
REACH = 6.0
SPECKLE = 0.04
"""Share of ink that is still bare paper: noise."""
MARKS = "，。、；：！？“”‘’（）《》—…·"
_IN_NUMBER = re.compile(r"\d[\d.,:%]|[.,:]\d")


def part_of(image: Any, box: Box, *, edge: int = 1) -> Any:
    """The pixels of an image in a box."""
    top, left = max(0, int(box.top)), max(0, int(box.left))
    return image[top : int(box.bottom) + edge, left : int(box.right) + edge]


def unread_ink(line: Grey, places: list[tuple[float, bool]]) -> list[int]:
    """Before which characters of a line ink stands that is none of them, as high as they are.

    `places` are the middles of its characters as shares of its width, and whether they are Han.
    """
    wide = line.shape[1]
    steps = [b - a for (a, one), (b, other) in pairwise(places) if one and other]
    if len(steps) < MIN_STEPS:
        return []
    ink, room = line < ink_level(line), OWN_ROOM * median(steps)
    ends = [(-room, places[0][1]), *places, (1 + room, places[-1][1])]
    found = []
    for at, ((a, one), (b, other)) in enumerate(pairwise(ends)):
        part = ink[:, max(0, int((a + room) * wide)) : max(0, int((b - room) * wide))]
        rows, across = np.flatnonzero(part.any(axis=1)), part.any(axis=0).sum()
        tall = rows[-1] - rows[0] if one and other and len(rows) else 0
        wide_enough = across > UNREAD_WIDE * room * wide
        if tall > UNREAD_HIGH * line.shape[0] and wide_enough and not _is_solid(part):
            found.append(at)
    return found


def resized(grey: Grey, wide: float, tall: float = 1.0) -> Grey:
    """An image so many times as wide and as tall."""
    import cv2

    size = (max(1, round(wide * grey.shape[1])), max(1, round(tall * grey.shape[0])))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def last_inked(rows: NDArray[np.bool_], start: int, step: int, gap: float) -> int:
    """The last inked row from `start` on, before a gap that is too wide."""
    last = at = start
    while 0 <= at < len(rows) and abs(at - last) <= gap:
        if rows[at]:
            last = at
        at += step
    return last


def _is_solid(ink: NDArray[np.bool_]) -> bool:
    """Whether ink is a mark like ● or ▲, without gaps."""
    reach = [
        sum(np.ptp(np.flatnonzero(row)) + 1 for row in rows if row.any()) for rows in (ink, ink.T)
    ]
    return bool(ink.sum() > FULL * max(reach))


def opening_mark(box: Box, ink: NDArray[np.bool_]) -> str:
    """■ where the first thing on a line is a full square, —— where it is a dash."""
    part = part_of(ink, box)
    bare = np.flatnonzero(~part.any(axis=0))
    mark = part[:, : bare[0]] if len(bare) else part
    rows = np.flatnonzero(mark.any(axis=1))
    wide, tall = mark.shape[1], rows[-1] - rows[0] + 1 if len(rows) else 0
    if abs(tall - wide) <= 0.25 * tall and tall > MARK_SIDE * box.height:
        return "■" if mark.sum() > FULL * tall * wide else ""
    return "——" if wide > DASH * box.height and tall < MARK_SIDE * box.height else ""


def space_out(line: TextLine, ink: NDArray[np.bool_]) -> TextLine:
    """A line with the spaces that OCR left out of its text: the wide one after 本报讯, say."""
    box, text = line.box, line.text
    if box is None or box.is_tall or " " in text:
        return line
    inked = inked_columns(box, ink)
    wide = [(a, b) for a, b in pairwise(inked) if b - a > SPACE * box.height]
    wide = wide or _behind_bold(part_of(ink, box), inked, box.height)
    if len(wide) > MOST_SPACES:
        return line
    unit = (box.width - sum(b - a for a, b in wide)) / max(1.0, print_width(text))
    bare, cuts = 0.0, list[int]()
    for low, high in wide:
        place = low - bare
        at = min(
            range(1, len(text)), key=lambda n: abs(print_width(text[:n]) * unit - place), default=0
        )
        bare += high - low
        pair = text[at - 1 : at + 1]
        if at and not {*pair} & {*MARKS} and not _IN_NUMBER.fullmatch(pair):
            cuts.append(at)
    parts = [text[a:b] for a, b in pairwise([0, *cuts, len(text)])]
    return replace(line, text=" ".join(part for part in parts if part))


def _behind_bold(
    part: NDArray[np.bool_], inked: NDArray[np.intp], height: float
) -> list[tuple[np.intp, np.intp]]:
    """The gap of a line behind bold words that text in thinner strokes follows: a brief's headline
    in the first line of its text."""
    gaps = [(a, b) for a, b in pairwise(inked) if b - a > BOLD_SPACE * height]
    bolder = [
        (_thickness(part[:, : a + 1]) / _thickness(part[:, b:]), at)
        for at, (a, b) in enumerate(gaps)
        if a > height and part.shape[1] - b > height / 2
    ]
    ratio, at = max(bolder, default=(0.0, 0))
    return [gaps[at]] if ratio > BOLDER else []


def _thickness(ink: NDArray[np.bool_]) -> float:
    """How thick strokes are, in pixels: ink over where it begins and ends across."""
    return float(2 * ink.sum() / max(1, int((ink[:, 1:] != ink[:, :-1]).sum())))


def inked_columns(box: Box, ink: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The columns of a box with ink in them; runs of one or two are specks, if no comma's tail."""
    share = part_of(ink, box).sum(axis=0)
    columns = share > 0
    tail = share >= TAIL
    wide = columns.copy()
    wide[2:] &= columns[1:-1] & columns[:-2]  # the third of a run, then the two before it
    wide[:-1] |= wide[1:] & columns[:-1]
    wide[:-1] |= wide[1:] & columns[:-1]
    return np.flatnonzero(wide | tail)


def gap_goes_on(
    box: Box, low: float, high: float, ink: NDArray[np.bool_], witness: float, *, level: bool = True
) -> bool:
    """Whether a gap goes on above and below its line, with text on both sides, in level rows."""
    tall, (top, bottom) = box.height, stretch_of(box, low, high, ink)
    sides = (low - SIDE * tall, low), (high, high + SIDE * tall)
    text = np.array([_inked_rows(ink, *side) > 0 for side in sides])
    text[:, int(box.top) : int(box.bottom)] = False
    seen = text[:, top:bottom]
    return bool((seen.all(axis=0).sum() if level else seen.sum(axis=1).min()) > witness * tall)


def stretch_of(box: Box, low: float, high: float, ink: NDArray[np.bool_]) -> tuple[int, int]:
    """From which row to which the gap of a line goes on above and below it."""
    spare, reach = (1 - INNER) / 2 * (high - low), REACH * box.height
    bare = _inked_rows(ink, low + spare, high - spare) <= SPECKLE
    above = _bare_rows(bare[max(0, int(box.top - reach)) : int(box.top)][::-1])
    below = _bare_rows(bare[int(box.bottom) : int(box.bottom + reach)])
    return int(box.top) - above, int(box.bottom) + below


def _inked_rows(ink: NDArray[np.bool_], left: float, right: float) -> NDArray[np.floating[Any]]:
    """The share of ink in each row between two columns."""
    share: NDArray[np.floating[Any]] = ink[:, max(0, int(left)) : int(right) + 1].mean(axis=1)
    return share


def _bare_rows(bare: NDArray[np.bool_]) -> int:
    """How many rows from the first on are bare; single speckled rows do not count."""
    blocked = ~bare
    blocked[1:] &= blocked[:-1]
    stops = np.flatnonzero(blocked)
    return int(stops[0]) if len(stops) else len(bare)


def character_height(grey: Grey) -> float:
    """How tall the ink of most characters is, in pixels."""
    import cv2

    ink = (grey < ink_level(grey)).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    wide, tall = stats[1:count, cv2.CC_STAT_WIDTH], stats[1:count, cv2.CC_STAT_HEIGHT]
    square = (tall >= CHARACTER[0]) & (tall < CHARACTER[1]) & (abs(np.log(wide / tall)) < 0.5)
    return float(np.percentile(tall[square], 75)) if square.any() else USUAL_HEIGHT


def unify_sizes(lines: list[TextLine], grey: Grey) -> list[TextLine]:
    """The lines with their type size in pixels, and boxes as high as their type.

    A page has few sizes of type: what differs by less than can be measured is one size. A line is
    measured by its ink; how much smaller that is than the type, the long lines tell by their width.
    """
    ink, level = ink_of(grey), ink_level(grey)
    spans = [_inked_span(line, ink, grey, level) for line in lines]
    long = [
        (_advance(line), bottom - top)
        for line, (top, bottom) in zip(lines, spans, strict=True)
        if len(han(line.text)) >= LONG and not _is_upright(line)
    ]
    share = median(along / inked for along, inked in long) if long else USUAL_SHARE
    large = LARGE * median(along for along, _ in long) if long else 0.0
    measured = [
        _type_sizes(line, share * (bottom - top), large)
        for line, (top, bottom) in zip(lines, spans, strict=True)
    ]
    weights = [_weight(line, span, grey) for line, span in zip(lines, spans, strict=True)]
    chains = _runs_of_type(lines, weights, measured)
    telling = [len(line.text) if han(line.text) else min(FEW, len(line.text)) for line in lines]
    sizes = _classify(measured, telling, chains)
    return [
        replace(line, size=size, box=_as_high_as(size, line, span))
        for line, size, span in zip(lines, sizes, spans, strict=True)
    ]


def _is_upright(line: TextLine) -> bool:
    """Whether a line is set from top to bottom; a character like 1 is tall by itself."""
    return line.box is not None and line.box.is_tall and len(line.text) > 1


def _inked_span(
    line: TextLine, ink: NDArray[np.bool_], grey: Grey, level: int
) -> tuple[float, float]:
    """From where to where a line's ink goes: down, or across in a line set from top to bottom."""
    box = line.box or Box(0, 0, 0, 0)
    part, upright = part_of(ink, box), _is_upright(line)
    light = _light_type(part_of(grey, box), part_of(grey < level, box))
    part = part if light is None else light
    along, first = (0, box.left) if upright else (1, box.top)
    share = part.mean(axis=along) if part.size else np.array([])
    # A comma hangs lower than all characters: what is of one mark alone does not count.
    inked = np.flatnonzero(
        share > min(MOST_BARE, ONE_MARK * part.shape[1 - along] / max(1, part.shape[along]))
    )
    if not len(inked):
        return (box.left, box.right) if upright else (box.top, box.bottom)
    # The box may reach into the lines beside; a character like 二 has a gap inside.
    runs = np.split(inked, np.flatnonzero(np.diff(inked) > PARTED * part.shape[1 - along]) + 1)
    main = max(runs, key=len)
    if len(line.text) == 1 and is_han(line.text) and np.ptp(main) > TALLER * part.shape[along]:
        # A drop cap, and what is drawn over it.
        near = np.split(inked, np.flatnonzero(np.diff(inked) > CLOSE * part.shape[along]) + 1)
        main = min(near, key=lambda run: abs(len(run) - part.shape[along]))
    first = max(0, int(first))
    return first + float(main[0]), first + float(main[-1]) + 1


def _light_type(here: Grey, dark: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """Where type is lighter than its bar, beyond which the box may reach; None where it is dark."""
    if not dark.size or dark.mean() <= MOSTLY_DARK:
        return None
    light = here > np.median(here) + LIGHT * np.ptp(here)
    for share, paper in (dark.mean(axis=1), light), (dark.mean(axis=0), light.T):
        bar = np.flatnonzero(share > MOSTLY_DARK)
        first, end = int(bar[0]), int(bar[-1]) + 1
        above = share[first : first + BAR_EDGE].max() > SOLID
        below = share[max(0, end - BAR_EDGE) : end].max() > SOLID
        solid = (above or not first) and (below or end == len(share))
        beyond = paper is light and end - first < len(share)
        if beyond and not (solid and share[first:end].min() > THROUGH):
            return None
        paper[: first * above] = paper[end if below else len(share) :] = False
    return light


def _advance(line: TextLine) -> float:
    """How much room a character takes along a line."""
    box = line.box or Box(0, 0, 0, 0)
    bare = MARK_ROOM * (line.text[-1:] in MARKS)
    return (box.height if _is_upright(line) else box.width) / max(
        1.0, print_width(line.text) - bare
    )


def _type_sizes(line: TextLine, by_ink: float, large: float) -> tuple[float, ...]:
    """What the size of a line's type is by its ink, and by its width where that says something;
    from `large` on it is a headline's."""
    if not han(line.text):
        return (by_ink * DIGITS,)
    along = _advance(line)
    # Wider than its ink is type whose spaces were lost, narrower a squeezed headline, or the
    # box holds ink of the lines beside.
    squeezed = by_ink > large and along < (1 - UNSURE) * by_ink
    near = len(line.text) >= LONG and along < (1 + LIKE_BODY) * by_ink and not squeezed
    return (along, by_ink) if near else (by_ink,)


def _weight(line: TextLine, span: tuple[float, float], grey: Grey) -> float:
    """How thick a line's strokes are, in pixels: its ink over the edges that part it from paper."""
    box = line.box or Box(0, 0, 0, 0)
    part = part_of(grey, replace(box, top=span[0], bottom=span[1] - 1)).astype(np.float64)
    if not part.size:
        return 0.0
    dark = np.percentile(part, 80) - part
    dark = (dark / max(1.0, np.percentile(dark, 98)) - NOISE).clip(0)
    edges = sum(float(abs(np.diff(dark, axis=axis)).sum()) for axis in (0, 1))
    return 4 * float(dark.sum()) / max(1.0, edges)


def _runs_of_type(
    lines: list[TextLine], weights: list[float], sizes: list[tuple[float, ...]]
) -> list[list[int]]:
    """The numbers of lines: those together that follow each other in a column, in one type."""
    boxes = [line.box or Box(0, 0, 0, 0) for line in lines]
    large = LARGE * median(own[-1] for own in sizes) if sizes else 0.0
    chains: list[list[int]] = []
    for at in sorted(range(len(lines)), key=lambda at: boxes[at].top):
        for chain in reversed(chains):
            last = chain[-1]
            light, dark = sorted((weights[last], weights[at]))
            low, high = sorted((sizes[last][-1], sizes[at][-1]))
            alike = dark < SAME_WEIGHT * light and high < max(SAME_HEIGHT * low, low + SAME_PIXELS)
            alike = alike and _is_one_type(sizes[at], [sizes[one] for one in chain])
            indent = STAGGERED if low > large else INDENT
            if alike and any(_is_next(boxes[one], boxes[at], indent) for one in chain[-2:]):
                chain.append(at)
                break
        else:
            chains.append([at])
    return chains


def _is_one_type(own: tuple[float, ...], others: list[tuple[float, ...]]) -> bool:
    """Whether ink or width of a line is that of others, where they are known of both."""
    both = [other for other in others if len(other) > 1]
    usual = [median(values) for values in zip(*both, strict=True)]
    return len(own) < 2 or not both or _is_like(own, usual)


def _is_like(own: Sequence[float], usual: Sequence[float], most: float = LIKE_BODY) -> bool:
    """Whether one measure of a line's type at least is the usual one."""
    return any(abs(one / other - 1) < most for one, other in zip(own, usual, strict=True))


def _is_next(above: Box, below: Box, indent: float) -> bool:
    """Whether a line is the next one of the same column, or goes on with the other one."""
    tall = min(above.height, below.height)
    level = above.shared_height(below) > 0.6 * tall
    return (level and below.left - above.right < 0.9 * tall and below.left > above.left) or (
        0.6 * tall < below.top - above.top < NEXT_LINE * tall
        and abs(above.left - below.left) < indent * tall
        and above.shared_width(below) > 0
    )


def _classify(
    sizes: list[tuple[float, ...]], lengths: list[int], chains: list[list[int]]
) -> list[float]:
    """The sizes, those that cannot be told apart made one; each chain of lines has one."""
    body = _middle(sorted((own[0], length) for own, length in zip(sizes, lengths, strict=True)))
    sure = [
        LIKE_BODY if len(own) > 1 else UNSURE if length > FEW else FEW_UNSURE
        for own, length in zip(sizes, lengths, strict=True)
    ]
    sizes, sure = _as_in_chains(sizes, sure, chains, body)
    classed = [body] * len(sizes)
    groups: list[list[int]] = []
    for at in sorted(range(len(sizes)), key=lambda at: sizes[at][0]):
        size = sizes[at][0]
        if _is_like(sizes[at], [body] * len(sizes[at]), sure[at]):
            continue
        last = groups[-1] if groups else []
        if last and size < min(ONE_STEP * sizes[last[-1]][0], SPREAD * sizes[last[0]][0]):
            last.append(at)
        else:
            groups.append([at])
    for group in groups:
        size = _middle([(sizes[at][0], lengths[at]) for at in group])
        for at in group:
            classed[at] = size
    return classed


def _as_in_chains(
    sizes: list[tuple[float, ...]], sure: list[float], chains: list[list[int]], body: float
) -> tuple[list[tuple[float, ...]], list[float]]:
    """The sizes, and within what each is the body's, as the chain of lines tells them."""
    sizes, sure = list(sizes), list(sure)
    for chain in chains:
        steady, within = _size_of_chain([sizes[at] for at in chain], body)
        inks = [sizes[at][-1] for at in chain if len(sizes[at]) > 1]
        for at in chain if steady else ():
            own = sizes[at][0]
            # A short line of the text stands under the words to a photo.
            small = steady < body and len(sizes[at]) == 1
            if not (small and abs(own - body) < abs(own - median(inks))):
                sizes[at], sure[at] = (steady,), min(sure[at], within)
    return sizes, sure


def _size_of_chain(sizes: list[tuple[float, ...]], body: float) -> tuple[float, float]:
    """The size of lines in one type, and within what it is the body's; 0 where it is not told.

    The long ones tell it, or one of them and two short ones, or one as high; or a headline's ink.
    """
    both = [own for own in sizes if len(own) > 1]
    steady = len(both) >= STEADY_LINES
    inks = sorted(own[-1] for own in sizes)
    alike = len(inks) > 1 and inks[-1] < ONE_STEP * inks[0]
    if steady or (both and (alike or len(sizes) > STEADY_LINES)):
        size = median(sum(own) / len(own) for own in (both if steady else sizes))
        return size, STEADY if steady else LIKE_BODY
    low, high = min(sizes)[0], max(sizes)[0]
    headline = len(sizes) > 1 and high < SPREAD * low and low > SMALL_HEAD * body
    return (high if headline else 0.0), STEADY


def _middle(values: list[tuple[float, int]]) -> float:
    """The median of rising values, each so many times."""
    half = sum(count for _, count in values) / 2
    for value, count in values:
        half -= count
        if half <= 0:
            return max(1.0, value)
    return 1.0


def _as_high_as(size: float, line: TextLine, span: tuple[float, float]) -> Box | None:
    """A line's box, as high as its type."""
    told = han(line.text) or any(map(str.isdigit, line.text))
    if line.box is None or _is_upright(line) or not told:
        return line.box
    middle = (span[0] + span[1]) / 2
    return replace(line.box, top=middle - size / 2, bottom=middle + size / 2)
