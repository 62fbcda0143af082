"""Lines of a scan clear of what detectors of lines take for a part of them: the level rules around
them, the lines over and under them."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from statistics import median

import numpy as np
from numpy.typing import NDArray

from qjaudio.paper.model import TextLine
from qjaudio.paper.text import Box
from qjaudio.sources.raster import Grey, ink_level, ink_of

_TOP = attrgetter("top")
RULED_SHARE = 0.8
"""Level rules over and under words are as wide as this share of the box found around both."""


def clear_of_rules(found: list[Box], level: Sequence[Box], grey: Grey) -> list[Box]:
    """The boxes of lines as a detector found them, without the level rules over and under the words
    that they took in: no wider than the ink between those."""
    dark, rules = ink_level(grey), sorted(level, key=_TOP)
    return [_clear_of_rules(box, rules, grey, dark) for box in found]


def _clear_of_rules(box: Box, rules: list[Box], grey: Grey, dark: int) -> Box:
    third = box.height / 3
    first = bisect_left(rules, box.top - third, key=_TOP)
    near = rules[first : bisect_left(rules, box.bottom + third, key=_TOP)]
    near = [x for x in near if x.shared_width(box) > RULED_SHARE * box.width]
    top = max([box.top, *(x.bottom for x in near if x.bottom < box.top + third)])
    bottom = min([box.bottom, *(x.top for x in near if x.top > box.bottom - third)])
    if (top, bottom) == (box.top, box.bottom) or bottom - top < box.height / 2:
        return box
    left = max(0, round(box.left))
    rows = grey[round(top) + 2 : round(bottom) - 2, left : round(box.right)] < dark
    inked = (rows.sum(axis=0) > 1).nonzero()[0]  # no speck
    if not inked.size:
        return box
    return Box(float(left + inked[0]), top, float(left + inked[-1] + 1), bottom)


LARGE_BOX, SMALL_BOX = 1.8, 0.7
"""A headline's box is so many times as high as the usual one; a kicker's, as that, less than so."""
OVERLAP, AROUND, SPECK = 1 / 3, 0.15, 0.02
"""How far one box may reach into another, in the height of the higher one; how far around that bare
rows part their ink, in the height of the lower one; and what share of a row specks are."""


def clear_of_next(lines: list[TextLine], grey: Grey) -> list[TextLine]:
    """The lines; the boxes of two that stand close under each other end where bare rows part their
    ink, and that of a large one at the latest where that of a kicker or a deck in it begins."""
    level = [line.box for line in lines if line.box and not line.box.is_tall]
    boxes, ink = sorted(level, key=_TOP), ink_of(grey)
    usual = median(box.height for box in boxes) if boxes else 0.0
    ends = dict(zip(boxes, boxes, strict=True))
    for at, upper in enumerate(boxes):
        first = bisect_left(boxes, upper.centre, at, key=_TOP)
        for lower in boxes[first : bisect_left(boxes, upper.bottom + upper.height, at, key=_TOP)]:
            low, high = sorted((upper.height, lower.height))
            if not -AROUND * low < upper.bottom - lower.top < OVERLAP * high:
                continue
            beside = upper.shared_width(lower) <= min(upper.width, lower.width) / 2
            if beside or lower.bottom <= upper.bottom:
                continue
            row = _bare_row(upper, lower, AROUND * low, ink)
            if row is None and low < SMALL_BOX * high > SMALL_BOX * LARGE_BOX * usual:
                row = lower.top if upper.height == high else upper.bottom
            if row is not None:
                ends[upper] = replace(ends[upper], bottom=min(ends[upper].bottom, row))
                ends[lower] = replace(ends[lower], top=max(ends[lower].top, row))
    return [replace(x, box=ends.get(x.box, x.box)) if x.box else x for x in lines]


def _bare_row(upper: Box, lower: Box, room: float, ink: NDArray[np.bool_]) -> float | None:
    """The middle of the bare rows between two lines around where their boxes meet."""
    top = max(0, round(min(upper.bottom, lower.top) - room))
    left, right = max(0.0, upper.left, lower.left), min(upper.right, lower.right)
    end = round(max(upper.bottom, lower.top) + room)
    bare = np.flatnonzero(ink[top:end, int(left) : int(right)].mean(axis=1) < SPECK)
    if not bare.size:
        return None
    runs = np.split(bare, np.flatnonzero(np.diff(bare) > 1) + 1)
    return top + float(np.mean(max(runs, key=len))) + 0.5
