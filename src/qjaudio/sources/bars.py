"""Bars, pills and small boxes of a scan: the grounds of labels and headlines, by their darkness."""

from collections.abc import Iterable
from dataclasses import replace
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qjaudio.paper.model import TextLine
from qjaudio.paper.text import Box, box_around
from qjaudio.sources.raster import BLOCK, Grey, blocks_of, ink_level, part_of
from qjaudio.sources.rules import components_of
from qjaudio.sources.scan import is_inside

STEP, DARK = 9, 60
"""By how many steps of grey the ground of a bar is darker than what lies around, and a dark one."""
HIGH, WIDE = (1.15, 9.0), 0.8
"""How high a bar is, in heights of the text's characters, and how wide at least, in its height."""
STRIP, BETWEEN, FILLED = 2.0, (1.7, 4.0), (0.55, 0.45)
"""Heights of characters that the bare edge of a dark bar is long, and that light type between its
edges is high; and how much of a bar, and of a dark one, is ground."""
EDGED, IN_EDGE, IN_COLUMN = 0.6, 3, 0.3
"""How much of the edges of a dark bar is dark, so many pixels in: its corners may be round; and at
least how much of a column of pixels, in light type too."""
MOST_SQUARE = 3.0
"""How high the square ground of one character is at most, in heights of the text's characters."""
LEAST_HELD, STROKE, OUT = 0.25, 0.8, 0.6
"""Share of a bar's height that its lines take; what is lower than that of a line is a stroke; and
what a line may stand out of a bar at its ends, in its height: bold type is as dark as one."""
MOST_ON_BAR, FEW_AT_END = 2, 3
"""Lines of a headline on a bar, and so few characters end it on the second."""
MARK_WIDE, MARK_HIGH, SOLID = (0.22, 0.9), (0.9, 2.4), 0.9
"""The thick short bar before a label: its width and height in those of characters, and its ink."""
MAX_BLOCK_LINES, BLOCK_HEAD, ONE_COLOUR, IN_BLOCK = 6, 1.5, 24, 8
"""So many lines at most, of the headline, a deck and who wrote the story, stand on a block of one
colour, which differs by so many steps of grey; and how high a headline is there, in usual lines,
and from how many pixels inside its edge on that is looked at."""


def bars_of(grey: Grey, height: float, tints: list[Box], lines: list[Box]) -> list[Box]:
    """Bars on paper or on a tint, on which `lines` stand; `height` is that of characters."""
    import cv2

    areas = [(Box(0, 0, 0, 0), grey)]
    areas += [(Box(max(0.0, x.left), max(0.0, x.top), 0, 0), part_of(grey, x)) for x in tints]
    found = list[Box]()
    for at, part in areas:
        if min(part.shape) < 3 * height:
            continue
        left, top = int(at.left), int(at.top)
        for x in _bars_on(cv2, part, height):
            box = Box(x.left + left, x.top + top, x.right + left, x.bottom + top)
            on_tint = not at.top and any(_is_within(box, tint) for tint in tints)
            if not on_tint and _holds_lines(box, lines):
                found.append(box)
    largest = sorted(found, key=lambda box: -box.width * box.height)
    whole = list[Box]()
    for box in largest:
        if not any(_is_within(box, one) for one in whole):
            whole.append(box)
    return whole


def is_block(area: Box, lines: list[Box], page: Grey) -> bool:
    """Whether a dark area is of one colour, with a headline in white on it and little else."""
    held = [x for x in lines if area.shared_width(x) > x.width / 2]
    held = [x for x in held if area.shared_height(x) > x.height / 2]
    usual = median(line.height for line in lines) if lines else 0.0
    if not 0 < len(held) <= MAX_BLOCK_LINES or max(x.height for x in held) < BLOCK_HEAD * usual:
        return False
    low, high = np.percentile(part_of(page, area)[IN_BLOCK:-IN_BLOCK, IN_BLOCK:-IN_BLOCK], (10, 75))
    return bool(high - low < ONE_COLOUR)


def _holds_lines(bar: Box, lines: list[Box]) -> bool:
    """Whether lines stand on a bar, which is no stroke of one, and fill it."""
    held = [line for line in lines if is_inside(line, [bar]) and not _stands_out(line, bar)]
    inside = (line for line in lines if line.holds(bar, 0.3 * line.height))
    stroke = any(bar.height < STROKE * line.height for line in inside)
    return not stroke and sum(line.height for line in held) > LEAST_HELD * bar.height


def _stands_out(line: Box, bar: Box) -> bool:
    """Whether a line goes on beside a bar: some of its bold characters were taken for that."""
    return max(bar.left - line.left, line.right - bar.right) > OUT * line.height


def _is_within(box: Box, other: Box) -> bool:
    """Whether most of a box lies in another one."""
    wide, tall = box.shared_width(other), box.shared_height(other)
    return wide > 0 and tall > 0 and wide * tall > 0.6 * box.width * box.height


def _bars_on(cv2: Any, part: Grey, height: float) -> list[Box]:
    """The bars on one ground."""
    ground = cv2.dilate(blocks_of(part), np.ones((3, 3), np.uint8))
    level = int(np.bincount(ground.ravel(), minlength=256)[1:].argmax()) + 1
    dark = (part < level - DARK).astype(np.uint8)
    found = list[Box]()

    def keep(boxes: Iterable[Box], mask: Any, share: float, edge: float = 0.0) -> None:
        for whole in boxes:
            for box in (whole, *(_filled_rows(whole, mask, share) if edge else ())):
                if _is_bar(box, height) and _fills(part_of(mask, box, edge=0), share, edge):
                    found.append(box)
                    part_of(dark, box)[:] = 0
                    break

    def edged(between: float) -> list[Box]:
        """Dark bars by their bare edges over and under light type."""
        runs = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, round(STRIP * height)), np.uint8))
        side = np.ones((round(between * height), 1), np.uint8)
        runs = cv2.morphologyEx(runs, cv2.MORPH_CLOSE, side)
        least = np.ones((round(HIGH[0] * height), 1), np.uint8)
        return components_of(cv2, cv2.morphologyEx(runs, cv2.MORPH_OPEN, least))

    keep(_rows_of_squares(components_of(cv2, dark), dark, height), dark, 0.0)
    keep(edged(BETWEEN[0]), dark.copy(), FILLED[1], EDGED)
    # Between the strokes of dark type the ground of a bar is seen.
    tinted = (ground < level - STEP).astype(np.uint8)
    grown = cv2.dilate(tinted, np.ones((3, 3), np.uint8))
    whole = cv2.resize(grown, None, fx=BLOCK, fy=BLOCK, interpolation=cv2.INTER_NEAREST)
    keep((box.scaled(BLOCK) for box in components_of(cv2, grown)), whole, FILLED[0])
    keep(edged(BETWEEN[1]), dark.copy(), FILLED[1], EDGED)
    return found


def _fills(ground: NDArray[np.uint8], share: float, edge: float) -> bool:
    """Whether more than so much of a place is ground, and so much of its upper and lower edge."""
    return bool(
        ground.mean() > share and min(ground[IN_EDGE].mean(), ground[-IN_EDGE].mean()) >= edge
    )


def _filled_rows(box: Box, mask: Any, share: float) -> list[Box]:
    """The highest part of a place whose rows are filled so much, if from end to end: the strokes of
    a headline, or a rule, stand close over or under a bar."""
    part = part_of(mask, box, edge=0)
    rows = np.flatnonzero(part.mean(axis=1) > share)
    if not len(rows):
        return []
    run = max(np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1), key=len)
    if (part[run].mean(axis=0) > IN_COLUMN).mean() < SOLID:
        return []  # a picture, and text beside it
    top = max(0, int(box.top))
    return [replace(box, top=top + float(run[0]), bottom=top + float(run[-1]) + 1)]


def _rows_of_squares(boxes: list[Box], dark: Any, height: float) -> list[Box]:
    """The rows of dark squares or circles, each the ground of one character of a label."""
    low, high = HIGH[0] * height, MOST_SQUARE * height
    squares = [
        box
        for box in boxes
        if low < box.height < high
        and abs(box.width - box.height) < 0.15 * box.height
        and part_of(dark, box, edge=0).mean() > FILLED[1]
        and _is_edged(part_of(dark, box, edge=0))
    ]
    rows: list[list[Box]] = []
    for box in sorted(squares, key=lambda box: box.left):
        for row in rows:
            last = row[-1]
            level = abs(last.top - box.top) < 0.1 * box.height > abs(last.height - box.height)
            if level and 0 < box.left - last.right < 0.8 * box.height:
                row.append(box)
                break
        else:
            rows.append([box])
    return [box_around(row) for row in rows if len(row) > 1]


def _is_edged(part: NDArray[np.uint8]) -> bool:
    """Whether the middles of all four sides are dark: a circle's too, those of few characters."""
    for across in (part, part.T):
        middle = across[:, across.shape[1] // 3 : -(across.shape[1] // 3)].mean(axis=1)
        if min(middle[:IN_EDGE].max(), middle[-IN_EDGE:].max()) < SOLID:
            return False
    return True


def _is_bar(box: Box, height: float) -> bool:
    low, high = HIGH
    return low * height < box.height < high * height and box.width > WIDE * box.height


def without_bars(pictures: list[Box], bars: list[Box]) -> list[Box]:
    """The pictures that are no part of a bar."""
    return [
        area
        for area in pictures
        if not any(is_inside(area, [bar]) and area.height < 1.2 * bar.height for bar in bars)
    ]


LOW_BAR = 2.8
"""A bar that is lower, in heights of the page's lines, is the ground of a line; else a frame."""


def grounds_of_lines(
    grey: Grey, height: float, lines: list[Box], bars: list[Box], tall: float
) -> tuple[list[Box], list[Box]]:
    """The boxes of labels and the bars that are frames; those under one line, and marks before one.

    `height` is that of the text's characters, `tall` that of the page's `lines`.
    """
    ink, pieces = inked_pieces(grey)
    labels = labels_of(ink, pieces, height, lines)
    free = [bar for bar in bars if not any(is_inside(bar, [box]) for box in labels)]
    high = [bar for bar in free if bar.height > LOW_BAR * tall or bar.width < 4 * bar.height]
    marks = [mark for mark in marks_of(ink, pieces, height) if not is_inside(mark, lines)]
    return labels + high, [bar for bar in free if bar not in high] + marks


def inked_pieces(grey: Grey) -> tuple[NDArray[np.uint8], list[Box]]:
    """Where a page has ink, as 0 and 1, and the boxes of what hangs together of it."""
    import cv2

    ink = (grey < ink_level(grey)).astype(np.uint8)
    return ink, components_of(cv2, ink)


def marks_of(ink: NDArray[np.uint8], pieces: Iterable[Box], height: float) -> list[Box]:
    """Of a page's `inked_pieces`, the thick short bars, wider than any stroke, before labels."""
    return [
        box
        for box in pieces
        if MARK_WIDE[0] * height < box.width < MARK_WIDE[1] * height
        and MARK_HIGH[0] * height < box.height < MARK_HIGH[1] * height
        and box.height > 1.6 * box.width
        and part_of(ink, box, edge=0).mean() > SOLID
    ]


def with_ends_on_bars(lines: list[TextLine], bars: list[Box]) -> list[TextLine]:
    """The lines; a few characters that end a headline on its bar are as large as that, as their
    own ink tells little."""
    found = [*lines]
    for bar in bars:
        held = [at for at, line in enumerate(lines) if line.box and is_inside(line.box, [bar])]
        if len(held) != MOST_ON_BAR:
            continue
        first, last = sorted(held, key=lambda at: lines[at].box.top)  # type: ignore[union-attr]
        size, own = lines[first].size or 0.0, lines[last].size or 0.0
        if len(lines[last].text) <= FEW_AT_END < len(lines[first].text) and own > 0.7 * size:
            found[last] = replace(lines[last], size=size)
    return found


IN_TYPE = 0.8
"""A frame that is lower than this share of the type it stands in is part of a character like 员."""
LABEL_HEIGHTS, LABEL_SHAPE, LABEL_WIDTH = (1.2, 6.0), 1.6, 40.0
"""The box of a label: how high and wide it is in heights of the text's characters, and how many
times as wide as high, at least: a character like 国 has four sides, too."""
EDGE, WHOLE_SIDE = 4, 0.9
"""In so many pixels from its edge a box has its line, which is whole but for so much."""


def labels_of(
    ink: NDArray[np.uint8], pieces: Iterable[Box], height: float, lines: Iterable[Box] = ()
) -> list[Box]:
    """Of a page's `inked_pieces`, the small boxes, black or drawn with a line, in which a label
    stands; none inside `lines`. `height` is that of the text's characters.
    """
    low, high = LABEL_HEIGHTS
    return [
        box
        for box in pieces
        if low * height < box.height < high * height
        and LABEL_SHAPE * box.height < box.width < LABEL_WIDTH * height
        and _is_framed(ink, box)
        and not any(box.height < IN_TYPE * x.height and is_inside(box, [x]) for x in lines)
    ]


def _is_framed(ink: NDArray[np.uint8], box: Box) -> bool:
    """Whether ink runs along all four sides of a box."""
    part = ink[int(box.top) : int(box.bottom), int(box.left) : int(box.right)]
    rows, columns = part.mean(axis=1), part.mean(axis=0)
    sides = (rows[:EDGE], rows[-EDGE:], columns[:EDGE], columns[-EDGE:])
    return all(side.max() > WHOLE_SIDE for side in sides)
