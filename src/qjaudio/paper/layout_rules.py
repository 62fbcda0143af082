"""Level rules that belong to a headline: under it, or over and under its deck or who wrote it.

Any other rule parts what stands above it from what stands below.
"""

from collections.abc import Iterable
from dataclasses import replace
from operator import attrgetter

from qjaudio.paper.layout_frames import UNDER_SIZES, text_under
from qjaudio.paper.layout_regions import EDITORS_NOTE, HEADING_RATIO
from qjaudio.paper.model import LayoutLine
from qjaudio.paper.pieces import is_byline
from qjaudio.paper.text import Box, box_around, ends_sentence
from qjaudio.paper.words import is_pen_name

FENCE_SIZES = (0.9, 3.2)
"""Two rules around a line of small type, or two, stand so far from each other, in type sizes."""
FENCE_ROOM = 1.6
"""So far from the rule stands the headline over it, in its own type sizes at most."""


def without_fences(rules: Iterable[Box], lines: list[LayoutLine], body: float) -> list[Box]:
    """Rules, but no two alike that hold the deck of the headline over them, or who wrote it, and no
    box drawn around that."""
    found = sorted(rules, key=attrgetter("top"))
    level = [x for x in found if x.width > 2 * body and x.height < 0.5 * body]
    heads = [x for x in lines if x.size > HEADING_RATIO * body and not x.vertical]
    for at, upper in enumerate(level):
        for lower in level[at + 1 :]:
            down = lower.top - upper.bottom
            if down > FENCE_SIZES[1] * body:
                break
            ends = max(abs(upper.left - lower.left), abs(upper.right - lower.right))
            if ends > 0.4 * body or down < FENCE_SIZES[0] * body:
                continue
            held = [x for x in lines if upper.top < x.box.centre < lower.bottom]
            held = [x for x in held if x.box.shared_width(upper) > 0]
            if _is_fenced(held, box_around((upper, lower)), heads, lines):
                found = [x for x in found if x is not upper and x is not lower]
                heads += held  # who wrote it may stand between two more
                break
    low, high = (size * body for size in FENCE_SIZES)
    for box in (x for x in found if low <= x.height <= min(high, x.width)):
        held = [x for x in lines if box.holds(x.box, 0.2 * body)]
        if all(map(is_byline, held)) and _is_fenced(held, box, heads, lines):
            found = [x for x in found if x is not box]
    return found


def _is_fenced(
    held: list[LayoutLine], area: Box, heads: list[LayoutLine], lines: list[LayoutLine]
) -> bool:
    """Whether what stands between two rules is in smaller type than the headline right over it, or
    a kicker as wide as they are over a larger one."""
    wide = (replace(x.box, left=area.left, right=area.right) for x in held)
    if not 0 < len(held) < 3 or not all(area.holds(box, 0.4 * area.height) for box in wide):
        return False
    if any(x.box.shared_width(area) < 0.8 * x.box.width for x in held):
        return False
    if any(ends_sentence(x.text) for x in held):
        return False
    size = max(x.size for x in held)
    over = [x for x in lines if x.box.centre < area.top and x.box.shared_width(area) > 0]
    near = [x for x in over if area.top - x.box.bottom < FENCE_ROOM * x.size]
    lowest = max(near, key=lambda x: x.box.bottom, default=None)
    byline = all(is_byline(x) for x in held)
    if lowest is not None and lowest in heads and (byline or lowest.size > 1.1 * size):
        return True
    under = [x for x in heads if 0 < x.box.top - area.bottom < FENCE_ROOM * size]
    larger = any(x.size > 1.3 * size and x.box.shared_width(area) > 0 for x in under)
    return larger and area.width < box_around(x.box for x in held).width + size


NOTE_DEPTH = 6.0
"""A rule that ends 编者按 over a story stands so near under its first line, in type sizes."""


def without_underlines(rules: Iterable[Box], lines: list[LayoutLine], body: float) -> list[Box]:
    """Rules, none that is drawn under a headline, over the text of its story."""
    free = (x for x in rules if not any(_is_underline(x, line, body) for line in lines))
    return [rule for rule in free if not _is_over_text(rule, lines, body)]


def _is_underline(rule: Box, line: LayoutLine, body: float) -> bool:
    """Whether a rule is drawn under the words of a headline, and as wide as they are, or ends a
    note of the editors."""
    ends = max(abs(rule.left - line.box.left), abs(rule.right - line.box.right))
    down = rule.top - line.box.bottom
    note = bool(EDITORS_NOTE.match(line.text)) and -0.2 * body < down < NOTE_DEPTH * body
    if note and rule.shared_width(line.box) > 0.5 * line.box.width:
        return True  # its story stands under it
    return (
        line.size > HEADING_RATIO * body
        and ends < 0.3 * line.size
        and -0.2 * line.size < down < 0.5 * line.size
        and rule.height < 0.3 * line.size
    )


def _is_over_text(rule: Box, lines: list[LayoutLine], body: float) -> bool:
    """Whether a level rule stands right under a headline, its deck or who wrote it, and right over
    columns that begin a text where the rule begins: that has no other headline."""
    near = [x for x in lines if x.box.shared_width(rule) > 0]
    over = [x for x in near if x.box.centre < rule.top < x.box.bottom + UNDER_SIZES * body]
    while over and not any(_is_of_head(x, body) for x in over):
        decks = (x.size > 1.05 * body and not ends_sentence(x.text) for x in over)
        if not (all(decks) or all(is_byline(x) or is_pen_name(x.text) for x in over)):
            return False
        top = min(x.box.top for x in over)
        over = [x for x in near if x.box.centre < top < x.box.bottom + UNDER_SIZES * body]
    head = [x for x in over if _is_of_head(x, body)]
    under = text_under(rule, near, max((x.size for x in head), default=0.0), body)
    if under is None or not head or any(x.size >= HEADING_RATIO * body for x in under):
        return False
    band = box_around(x.box for x in head)
    beside = (x for x in near if x.box.shared_height(band) > 0 and x not in head)
    lefts = [x.box.left for x in sorted(under, key=lambda x: (round(x.box.top / body), x.box.left))]
    first = lefts[0] - rule.left if lefts else body  # a photo stands under its deck
    inside = band.left > rule.left - body and band.right < rule.right + body
    return inside and 0.8 * body < first < 3 * body and not any(beside)


def _is_of_head(line: LayoutLine, body: float) -> bool:
    return line.size > HEADING_RATIO * body and not is_byline(line) and not line.vertical
