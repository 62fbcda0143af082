"""Lines of a scan between level rules, which detectors of lines take for a part of them."""

from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter

from qjaudio.paper.text import Box
from qjaudio.sources.raster import Grey, ink_level

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
