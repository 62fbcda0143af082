"""Which heading stands over a column of text: above it, beside it, or centred over its row."""

from itertools import combinations

from qjaudio.paper.layout_ground import Ground, Part
from qjaudio.paper.plane import around, middle, shared_height, shared_width

ALIGNED = 0.8
"""Tops that differ by less than this share of the line pitch are level."""


def headed(text: Part, parts: list[Part], ground: Ground) -> bool:
    """Whether a heading stands right over a column (pictures aside), or one beside it."""
    return heading_over(text, parts, ground) is not None


def heading_over(text: Part, parts: list[Part], ground: Ground) -> Part | None:
    """The heading right over a column, with no text between, or a vertical one beside it."""
    vertical = [
        part
        for part in parts
        if part.kind == "heading"
        and part.lines[0].vertical
        and _beside(part, text, ground)
        and _is_level_with(part, text, parts, ground)
    ]
    over = [
        part
        for part in parts
        if part.kind in ("heading", "text", "frame")
        and part is not text
        and part.box.bottom < text.box.top + ground.body
        and shared_width(part.box, text.box) > 0.2 * ground.body
        and not (part.kind == "heading" and part.lines[0].vertical)
    ]
    nearest = max(over, key=lambda part: part.box.bottom, default=None)
    if nearest and nearest.kind == "heading" and not ground.ruled(nearest.box, text.box):
        return nearest
    return vertical[0] if vertical else None


def _beside(heading: Part, text: Part, ground: Ground) -> bool:
    level = abs(heading.box.top - text.box.top) < 3 * ground.pitch
    inside = heading.box.top - ground.pitch < text.box.top < heading.box.bottom
    away = -shared_width(heading.box, text.box)
    return (level or inside) and -ground.body < away < 3.5 * ground.body


def _is_level_with(heading: Part, text: Part, parts: list[Part], ground: Ground) -> bool:
    """Whether of the columns on both sides of a vertical heading this one begins level with it."""
    away = [
        abs(heading.box.top - other.box.top)
        for other in parts
        if other.kind == "text" and _beside(heading, other, ground)
    ]
    return abs(heading.box.top - text.box.top) < min(away, default=0.0) + 0.5 * ground.pitch


def row_headed(text: Part, side: list[Part], ground: Ground) -> bool:
    """Whether a column, or one level with it to its left, has a heading on its side of a gutter."""
    row = [
        part
        for part in side
        if part.kind == "text"
        and part.box.left <= text.box.left
        and (part is text or shared_height(part.box, text.box) > 0.5 * ground.body)
    ]
    return any(headed(part, side, ground) for part in row) or centred_under(text, side, ground)


def centred_under(text: Part, side: list[Part], ground: Ground) -> bool:
    """Whether a column stands under no heading, but in a row that one is centred over."""
    row = sorted(
        (
            part
            for part in side
            if part.kind == "text" and abs(part.box.top - text.box.top) < ALIGNED * ground.pitch
        ),
        key=lambda part: part.box.left,
    )
    heads = [heading_over(part, side, ground) for part in row]
    for start, end in combinations(range(len(row) + 1), 2):
        found = {id(head): head for head in heads[start:end] if head}
        if text not in row[start:end] or len(found) != 1:
            continue
        (head,) = found.values()
        whole = around(part.box for part in row[start:end])
        if abs(middle(head.box) - middle(whole)) < 1.5 * ground.body:
            return True
    return False
