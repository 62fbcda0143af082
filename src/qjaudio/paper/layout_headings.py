"""Headings with their kickers and decks, and the 小标题 inside columns."""

import re

from qjaudio.paper.byline import opens_story
from qjaudio.paper.characters import compact, ends_sentence
from qjaudio.paper.layout_ground import Ground, Part, part
from qjaudio.paper.layout_lines import Line
from qjaudio.paper.plane import middle, shared_width, width
from qjaudio.provenance import Box

CROSSHEAD = 1.4
"""A 小标题 is set in type up to this many times the body's size."""
_NO_HEADING = re.compile(r"[，。；、]$|^[（(]?(下转|上接|转第|本报讯|责任编辑|责编)")


def headings_of(
    large: list[Line], weak: list[Line], columns: list[Part], ground: Ground
) -> list[Part]:
    """Headings with their kickers and decks: lines close together, one centred on the other."""
    single = [column.lines[0] for column in columns if len(column.lines) == 1]
    single = [line for line in single if not opens_story(line.text)]
    groups: list[list[Line]] = []
    for line in sorted(large, key=lambda line: (line.box.top, -line.box.left)):
        group = next((group for group in groups if _belongs(line, group, ground)), None)
        if group:
            group.append(line)
        else:
            groups.append([line])
    for line in sorted([*weak, *single], key=lambda line: line.box.top):
        if _NO_HEADING.search(compact(line.text)) or ends_sentence(line.text):
            continue
        fitting = [g for g in groups if _belongs(line, g, ground)]
        if fitting:
            min(fitting, key=lambda g: abs(middle(g[0].box) - middle(line.box))).append(line)
    return [part("heading", group) for group in groups]


def _belongs(line: Line, group: list[Line], ground: Ground) -> bool:
    """Whether a line is part of a heading: near, aligned, and no rule between."""
    for other in group:
        if line.vertical != other.vertical:
            continue
        if line.vertical:
            aside = -shared_width(line.box, other.box)
            level = abs(line.box.top - other.box.top) < 2.5 * max(line.size, other.size)
            if level and aside < 1.1 * max(line.size, other.size):
                return True
            continue
        upper, lower = sorted((line.box, other.box), key=lambda box: box.top)
        away = lower.top - upper.bottom
        aligned = (
            abs(middle(line.box) - middle(other.box)) < 1.2 * ground.body
            or abs(line.box.left - other.box.left) < 1.2 * ground.body
            or (
                line.size < other.size
                and other.box.left <= line.box.left <= line.box.right <= other.box.right
            )
        )
        near = -0.3 * ground.body < away < 0.9 * max(line.size, other.size, 1.3 * ground.body)
        if near and aligned and shared_width(upper, lower) > 0 and not ground.ruled(upper, lower):
            return True
    return False


def with_crossheads(headings: list[Part], columns: list[Part], ground: Ground) -> list[Part]:
    """Tell the 小标题 inside a column from the headings above articles."""
    found: list[Part] = []
    for heading in headings:
        inside = _is_crosshead(heading, headings, columns, ground)
        found.append(Part("crosshead", heading.box, heading.lines) if inside else heading)
    return found + columns


def _is_crosshead(heading: Part, headings: list[Part], columns: list[Part], ground: Ground) -> bool:
    """Whether text of the same column runs right above and below, and a larger heading over it."""
    if (
        heading.size > CROSSHEAD * ground.body
        or len(heading.lines) > 2
        or heading.lines[0].vertical
    ):
        return False
    above = [c for c in columns if _next_to(c.box, heading.box, ground)]
    below = [c for c in columns if _next_to(heading.box, c.box, ground)]
    if not above or not below or opens_story(below[0].lines[0].text):
        return False
    return any(
        other.size > 1.25 * heading.size
        and other.box.top < heading.box.top
        and not ground.ruled(other.box, heading.box)
        for other in headings
    )


def _next_to(upper: Box, lower: Box, ground: Ground) -> bool:
    """Whether two boxes of one column follow each other without more than a line between."""
    shared = shared_width(upper, lower)
    near = -0.5 * ground.body < lower.top - upper.bottom < 1.6 * ground.pitch
    return (
        near and shared > 0.8 * min(width(upper), width(lower)) and not ground.ruled(upper, lower)
    )
