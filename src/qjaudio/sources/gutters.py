"""Lines that OCR read across a gutter, cut there: two columns are never one line."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from qjaudio.paper.model import Box, TextLine
from qjaudio.paper.plane import centre, height, is_tall, width
from qjaudio.sources.raster import Grey, ink_level

MIN_GAP = 0.9
"""Narrowest gutter in heights of OCR's boxes; a mark leaves a gap of 0.8 inside a line."""
NEARBY = 4.0
MIN_WITNESSES = 2
"""Lines above and below that must end or begin at a gap to make it a gutter."""
SLIVER = 0.7
"""A side that is narrower than this share of its height is the edge of the next column's line."""
SPECKLE = 0.06
"""Share of a line's height that may be ink in a bare column: noise."""


def cut_at_gutters(
    lines: list[TextLine], grey: Grey, read: Callable[[Grey], str]
) -> list[TextLine]:
    """Cut lines at gutters and read both sides again."""
    level = ink_level(grey)
    boxes = [line.box for line in lines if line.box]
    found: list[TextLine] = []
    for line in lines:
        gap = _gutter(line.box, boxes, grey, level) if line.box else None
        if gap is None or line.box is None:
            found.append(line)
            continue
        sides = (replace(line.box, right=gap[0]), replace(line.box, left=gap[1]))
        for side in sides:
            if width(side) > SLIVER * height(side) and (text := read(_crop(grey, side))):
                found.append(TextLine(text=text, box=side))
    return found


def _crop(grey: Grey, box: Box) -> Grey:
    top, left = max(0, int(box.top)), max(0, int(box.left))
    return grey[top : int(box.bottom) + 1, left : int(box.right) + 1]


def _gutter(box: Box, boxes: list[Box], grey: Grey, level: int) -> tuple[float, float] | None:
    """The gap inside a line that goes on above or below it, if there is one."""
    if is_tall(box) or width(box) < 10 * height(box):
        return None
    ink = (_crop(grey, box) < level).mean(axis=0) > SPECKLE
    for start, end in _bare(ink, MIN_GAP * height(box)):
        low, high = box.left + start, box.left + end
        if _goes_on(box, low, high, boxes):
            return low, high
    return None


def _bare(ink: np.ndarray, least: float) -> list[tuple[int, int]]:  # type: ignore[type-arg]
    """Runs of columns without ink inside a line, widest first."""
    inked = np.flatnonzero(ink)
    gaps = [(int(a) + 1, int(b)) for a, b in zip(inked, inked[1:], strict=False) if b - a > least]
    return sorted(gaps, key=lambda gap: gap[0] - gap[1])


def _goes_on(box: Box, low: float, high: float, boxes: list[Box]) -> bool:
    tall = height(box)
    ends = begins = across = 0
    for other in boxes:
        if other is box or abs(centre(other) - centre(box)) > NEARBY * tall or is_tall(other):
            continue
        if other.left < low - tall and other.right > high + tall:
            across += height(other) < 1.3 * tall
        else:
            ends += abs(other.right - low) < tall
            begins += abs(other.left - high) < 0.6 * tall
    return min(ends, begins) >= MIN_WITNESSES and ends + begins > across
