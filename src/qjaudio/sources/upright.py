"""Headlines set from top to bottom: OCR finds them in pieces, the ink shows them whole."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from qjaudio.paper.model import TextLine
from qjaudio.paper.plane import height, is_tall, shared_height, shared_width, width
from qjaudio.provenance import Box
from qjaudio.sources.raster import Grey, ink_level

LARGE = 1.35
"""Headlines set so are at least this many times as high as the lines of the text."""
MAX_LARGE = 6.0
STEP = 0.55
"""Widest gap between two characters of a headline, in widths of it."""
MIN_LENGTH = 2.4
"""A headline is at least this many times as long as wide."""
CLEAR = 0.03
"""Share of ink that is still clear paper: speckles."""

Mask = NDArray[np.bool_]


def with_upright(
    lines: list[TextLine],
    seeds: list[Box],
    solid: list[Box],
    grey: Grey,
    read: Callable[[Grey], str],
) -> list[TextLine]:
    """The lines with the vertical headlines read whole, instead of in pieces.

    `seeds` are further places where a detector saw large type; `solid` are rules and pictures.
    """
    level = [line.box for line in lines if line.box and not is_tall(line.box)]
    body = float(np.median([height(box) for box in level])) if level else 0.0
    found = [line.box for line in lines if line.box]
    starts = [box for box in [*found, *seeds] if _is_seed(box, body)]
    if not starts:
        return lines
    text = [box for box in level if width(box) > 3.3 * height(box)]
    ink = _ink(grey, [*text, *solid])
    strips = _strips(starts, ink)
    kept = [line for line in lines if not _is_part(line.box, strips)]
    whole = [(strip, read(np.rot90(_crop(grey, strip)))) for strip in strips]
    return kept + [TextLine(text=words, box=strip) for strip, words in whole if words]


def _is_seed(box: Box, body: float) -> bool:
    """Whether a box may be a character of a vertical headline, or some of them."""
    wide = width(box)
    return LARGE * body < wide < MAX_LARGE * body and height(box) > 0.6 * wide


def _ink(grey: Grey, blocked: list[Box]) -> Mask:
    ink = grey < ink_level(grey)
    for box in blocked:
        top, left = max(0, int(box.top) - 2), max(0, int(box.left) - 2)
        ink[top : int(box.bottom) + 2, left : int(box.right) + 2] = False
    return ink


def _strips(starts: list[Box], ink: Mask) -> list[Box]:
    """The vertical headlines that grow from some of their characters."""
    strips: list[Box] = []
    for box in sorted(starts, key=height, reverse=True):
        if any(
            shared_width(box, s) > 0.3 * width(box) and shared_height(box, s) > 0 for s in strips
        ):
            continue
        strip = _grown(box, ink)
        if strip and height(strip) > MIN_LENGTH * width(strip):
            strips.append(strip)
    return strips


def _grown(box: Box, ink: Mask) -> Box | None:
    """A box stretched up and down as far as characters follow; None where others stand beside."""
    tight = _tight(box, ink)
    if tight is None:
        return None
    left, right = int(tight.left), int(tight.right)
    wide = right - left
    rows = ink[:, left:right].mean(axis=1) > CLEAR
    top = _end(rows, int(tight.top), -1, STEP * wide)
    bottom = _end(rows, int(tight.bottom) - 1, 1, STEP * wide) + 1
    margin = max(2, round(0.08 * wide))
    beside = (
        ink[top:bottom, max(0, left - margin) : left],
        ink[top:bottom, right : right + margin],
    )
    if any(side.size and side.mean() > CLEAR for side in beside):
        return None
    return Box(left - margin, top - margin, right + margin, bottom + margin)


def _tight(box: Box, ink: Mask) -> Box | None:
    """A box drawn in (or out a little) to the ink of the character that it holds."""
    slack = round(0.1 * width(box))
    top, left = max(0, int(box.top)), max(0, int(box.left) - slack)
    part = ink[top : int(box.bottom), left : int(box.right) + slack]
    columns = np.flatnonzero(part.mean(axis=0) > CLEAR) if part.size else np.array([])
    rows = np.flatnonzero(part.mean(axis=1) > CLEAR) if part.size else np.array([])
    if not len(columns) or not len(rows):
        return None
    runs = np.split(columns, np.flatnonzero(np.diff(columns) > 0.2 * width(box)) + 1)
    main = max(runs, key=len)  # the detector's box may reach into the line beside
    return Box(
        left + float(main[0]),
        top + float(rows[0]),
        left + float(main[-1]) + 1,
        top + float(rows[-1]) + 1,
    )


def _end(rows: NDArray[np.bool_], start: int, step: int, gap: float) -> int:
    """The last inked row from `start` on, before a gap that is too wide."""
    last = at = start
    while 0 <= at < len(rows) and abs(at - last) <= gap:
        if rows[at]:
            last = at
        at += step
    return last


def _is_part(box: Box | None, strips: list[Box]) -> bool:
    """Whether most of a box lies in vertical headlines."""
    if box is None:
        return False
    shared = sum(
        max(0.0, shared_width(box, strip)) * max(0.0, shared_height(box, strip)) for strip in strips
    )
    return shared > 0.4 * width(box) * height(box)


def _crop(grey: Grey, box: Box) -> Grey:
    top, left = max(0, int(box.top)), max(0, int(box.left))
    return grey[top : int(box.bottom), left : int(box.right)]
