"""Rules of a scan, and the frames that they make: boxes with a rule along each side, though a label
stands in one, a bar is one, or their corners are cut off."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qjaudio.paper.text import Box, box_around

if TYPE_CHECKING:
    from qjaudio.sources.raster import Grey

RULE_SHARE = 0.05
"""A rule is at least this share of the page's width long: longer than any stroke of a character."""
MAX_RULE_SHARE = 0.004
"""…and at most this share of its height thick."""
HAIR, EVENED, CLEARANCE = 28, 8, 4
"""By how many steps of grey a rule thinner than a pixel is darker than its ground, along so many
pixels; and so many pixels beside it are bare."""
DOT, DOT_GAP = 0.3, 0.6
"""How thick a dotted rule is at most, and the gap in it, in heights of the text's characters."""


def drawn_through(grey: "Grey", height: float) -> "Grey":
    """The page with its dotted and dashed rules drawn through; `height` as in `labels_of`."""
    import cv2
    import numpy as np

    from qjaudio.sources.raster import ground_of, ink_level, width_of

    ink, (ground, _) = (grey < ink_level(grey)).astype(np.uint8), ground_of(grey)
    _, spots, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    wide, tall = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    least, drawn = round(RULE_SHARE * width_of(grey)), grey.copy()
    for across, along, (x, y) in ((wide, tall, (0, 1)), (tall, wide, (1, 0))):
        small = (across < DOT * height) & (along < height)
        runs = small[spots].astype(np.uint8)
        for way, length in (cv2.MORPH_CLOSE, round(DOT_GAP * height)), (cv2.MORPH_OPEN, least):
            side = np.ones((max(1, y * length), max(1, x * length)), np.uint8)
            runs = cv2.morphologyEx(runs, way, side)
        drawn[runs > 0] = 0
        drawn[_hairlines(grey, ground, (x, y), least) > 0] = 0
    return drawn


def _hairlines(grey: "Grey", ground: "Grey", way: tuple[int, int], least: int) -> "Grey":
    """Where rules thinner than a pixel, which are grey, run free of other ink this way."""
    import cv2
    import numpy as np

    x, y = way
    dark = cv2.blur(cv2.subtract(ground, grey), (1 + EVENED * x, 1 + EVENED * y))
    beside = np.maximum(np.roll(dark, CLEARANCE, axis=y), np.roll(dark, -CLEARANCE, axis=y))
    runs: Any = ((dark > HAIR) & (beside < HAIR / 2)).astype(np.uint8)
    for how, length in (cv2.MORPH_CLOSE, EVENED), (cv2.MORPH_OPEN, least):
        side = np.ones((max(1, y * length), max(1, x * length)), np.uint8)
        runs = cv2.morphologyEx(runs, how, side)
    return np.asarray(runs, np.uint8)


def straight_lines(grey: "Grey") -> tuple[list[Box], list[Box], int]:
    """The level rules, the upright ones, short sides of boxes too, and how long a rule is."""
    import cv2
    import numpy as np

    from qjaudio.sources.raster import ink_level, width_of

    ink = (grey < ink_level(grey)).astype(np.uint8)
    length = max(20, round(RULE_SHARE * width_of(grey)))
    thick = max(4.0, MAX_RULE_SHARE * grey.shape[0])
    solid = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((int(thick) + 1,) * 2, np.uint8))
    broad = [x for x in components_of(cv2, solid) if x.height > length > 2 * x.width]
    ink[cv2.dilate(solid, np.ones((5, 5), np.uint8)) > 0] = 0  # a picture that rules run into
    level = _straight_runs(cv2, ink, (length, 1))
    level = [box for box in level if box.height <= thick and box.width >= length]
    sides = _straight_runs(cv2, ink, (1, length // 2))
    sides = [box for box in sides if box.width <= thick and box.height >= length / 2]
    for box in broad:  # the thick coloured bar along a box
        sides += [replace(box, right=box.left + 1), replace(box, left=box.right - 1)]
    return level, sides, length


def _straight_runs(cv2: Any, ink: Any, kernel: tuple[int, int]) -> list[Box]:
    """Long straight runs of ink; speckles of paper in them are closed first."""
    import numpy as np

    whole = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    runs = cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones(kernel[::-1], np.uint8))
    runs = cv2.dilate(runs, np.ones((3, 3), np.uint8))
    return components_of(cv2, runs)


def components_of(cv2: Any, mask: Any) -> list[Box]:
    """The boxes of what hangs together in a mask."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found = stats[1:count].tolist()
    return [Box(x, y, x + wide, y + tall) for x, y, wide, tall, _ in found]


TOUCH = 4
"""So many pixels beside the end of one rule another meets it."""
MOSTLY = 0.5
"""A rule beside a label in the upper side of a frame is at least so much of that long."""


def with_frames(level: list[Box], sides: list[Box], length: int) -> tuple[list[Box], list[Box]]:
    """The rules of `straight_lines`, and the frames that they make."""
    upright = [box for box in sides if box.height >= length]
    return [*level, *upright], _framed_boxes(level, sides, length / 4)


def under_bars(bars: list[Box], level: list[Box], sides: list[Box], length: int) -> list[Box]:
    """The frames whose upper side is a bar as wide."""
    if not bars:
        return []
    tops = {(x.left, x.bottom - 1, x.right): x.top for x in bars}
    edges = [replace(x, top=x.bottom - 1) for x in bars]
    found = _framed_boxes([*edges, *level], sides, length / 4)
    wide = ((tops.get((box.left, box.top, box.right)), box) for box in found)
    return [replace(box, top=top) for top, box in wide if top is not None]


def _framed_boxes(level: list[Box], upright: list[Box], slack: float) -> list[Box]:
    """Boxes with a rule along each side, but for those that a frame makes with a rule beside it."""
    bare: dict[Box, float] = {}  # how much of its height a side lacks
    tops = [*level, *_parted_by_label(level, upright), *_beside_label(level, upright)]
    for top in tops:
        for bottom in level:
            same = abs(top.left - bottom.left) < slack and abs(top.right - bottom.right) < slack
            if not same or bottom.top - top.top < 2 * slack:
                continue
            box = Box(top.left, top.top, top.right, bottom.bottom)
            bare[box] = box.height - min(
                max(
                    (r.shared_height(box) for r in upright if _is_side_at(r, x, box, slack)),
                    default=0,
                )
                for x in (box.left, box.right)
            )
    bare = {box: lacks for box, lacks in bare.items() if lacks < 0.2 * box.height}
    return [
        _with_cut_corners(box, upright, slack)
        for box, lacks in bare.items()
        if lacks <= slack / 4
        or not any(
            lacks > least + slack / 4
            and (box.top == one.top or box.bottom == one.bottom or box.holds(one, slack / 4))
            for one, least in bare.items()
        )
    ]


def _with_cut_corners(box: Box, upright: list[Box], slack: float) -> Box:
    """A frame as wide as its sides stand apart where one of their ends is free: its corners are cut
    off there."""
    long = [x for x in upright if x.shared_height(box) > 0.8 * box.height]
    long = [x for x in long if box.top - TOUCH < x.top and x.bottom < box.bottom + TOUCH]
    cut = [x for x in long if box.top + TOUCH < x.top or x.bottom < box.bottom - TOUCH]
    left, right = box.left, box.right
    if not any(abs(x.middle - left) < TOUCH for x in long):
        left = min((x.left for x in cut if 0 < left - x.middle < slack), default=left)
    if not any(abs(x.middle - right) < TOUCH for x in long):
        right = max((x.right for x in cut if 0 < x.middle - right < slack), default=right)
    return replace(box, left=left, right=right)


def _is_side_at(rule: Box, x: float, box: Box, slack: float) -> bool:
    """Whether an upright rule is a side of a box: one that goes on both ways has to touch it."""
    goes_on = rule.top < box.top - slack and rule.bottom > box.bottom + slack
    return abs(rule.middle - x) < (TOUCH if goes_on else slack)


def _parted_by_label(level: list[Box], upright: list[Box]) -> Iterator[Box]:
    """The tops of frames in which a label stands: two rules level, and no side between them."""
    for left in level:
        for right in level:
            apart = right.left - left.right
            if not (0 <= apart < left.width + right.width and left.shared_height(right) > 0):
                continue
            between = Box(left.right - TOUCH, left.top - TOUCH, right.left + TOUCH, left.bottom)
            if not any(rule.bottom > left.bottom and rule.meets(between) for rule in upright):
                yield box_around((left, right))


def _beside_label(level: list[Box], upright: list[Box]) -> Iterator[Box]:
    """The tops of frames in whose end a label stands, so that little is left of the rule there:
    both sides begin level with the rest of it."""
    for top in level:
        begun = [x for x in upright if abs(x.top - top.top) < 2 * TOUCH]
        for low in level:
            ends = [abs(top.left - low.left) < TOUCH, abs(top.right - low.right) < TOUCH]
            if sum(ends) != 1 or not MOSTLY * low.width < top.width < low.width - TOUCH:
                continue
            corners = (
                any(abs(x.middle - end) < 2 * TOUCH for x in begun) for end in (low.left, low.right)
            )
            if low.top > top.bottom and all(corners):
                yield replace(top, left=low.left, right=low.right)
