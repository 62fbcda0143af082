"""From places on the page to reading order: pure geometry, no word is read.

`arrange` takes the lines of a PDF or scan as they were found and gives the page as text sources
give it: headings with their level, then the paragraphs of their article, whole across columns.
"""

from dataclasses import replace

from qjaudio.paper.layout_articles import articles_of
from qjaudio.paper.layout_ground import Ground, Part, line_pitch
from qjaudio.paper.layout_lines import body_size, is_exact, lines_of
from qjaudio.paper.layout_parts import parts_of
from qjaudio.paper.layout_text import blocks_of_group
from qjaudio.paper.model import Page
from qjaudio.paper.plane import around, height, holds, width
from qjaudio.provenance import Box

MIN_FRAME = 3.0
"""A frame is at least so many type sizes high and wide; a thinner one is a double rule."""


def has_places(page: Page) -> bool:
    """Whether the source knew where the lines of a page stand, and no more."""
    lines = [line for block in page.blocks for line in block.lines]
    return bool(lines) and all(line.box for line in lines) and not any(b.kind for b in page.blocks)


def arrange(page: Page) -> Page:
    """The page with its blocks in reading order; a page without places stays as it is."""
    if not has_places(page):
        return page
    lines = lines_of(page)
    body = body_size(lines)
    frames, rules = _frames(page.rules, body)
    ground = Ground(body, line_pitch(lines, body), tuple(rules), is_exact(lines, body))
    parts = _framed(parts_of(lines, page.pictures, ground), frames)
    groups = articles_of(parts, ground)
    blocks = [block for group in groups for block in blocks_of_group(group, ground)]
    return replace(page, blocks=tuple(blocks))


def _frames(rules: tuple[Box, ...], body: float) -> tuple[list[Box], list[Box]]:
    """Frames, smallest first, and plain rules."""
    frames = [box for box in rules if min(width(box), height(box)) > MIN_FRAME * body]
    frames.sort(key=lambda box: width(box) * height(box))
    return frames, [box for box in rules if box not in frames]


def _framed(parts: list[Part], frames: list[Box]) -> list[Part]:
    """Put the parts inside each frame together, inner frames first."""
    for frame in frames:
        inside = [part for part in parts if holds(frame, part.box, 3.0)]
        if any(part.kind in ("text", "heading") for part in inside) and len(inside) < len(parts):
            box = around([frame, *(part.box for part in inside)])
            rest = [part for part in parts if part not in inside]
            parts = [*rest, Part("frame", box, (), tuple(inside))]
    return parts
