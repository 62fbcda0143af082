"""From printed lines to the parts of a page: columns of text, headings, captions, pictures."""

from qjaudio.paper.characters import han
from qjaudio.paper.layout_captions import captions_of, pictures_of
from qjaudio.paper.layout_columns import columns_of_lines
from qjaudio.paper.layout_ground import DOUBTFUL, Ground, Part, part
from qjaudio.paper.layout_headings import headings_of, with_crossheads
from qjaudio.paper.layout_lines import Line
from qjaudio.paper.plane import centre, shared_width, width
from qjaudio.provenance import Box

MOST_NEAR = 40
"""So many lines under one are compared; three lines in each of twelve columns are 36."""


def parts_of(lines: list[Line], pictures: tuple[Box, ...], ground: Ground) -> list[Part]:
    """Sort the lines of a page into parts."""
    shots = pictures_of(pictures)
    captions = captions_of(lines, shots, ground)
    taken = {id(line) for caption in captions for line in caption.lines}
    rest = [line for line in lines if id(line) not in taken]
    large = [line for line in rest if _is_large(line, ground) and not _in_step(line, rest, ground)]
    small = [line for line in rest if line not in large]
    weak = [line for line in small if _spans(line, small, ground)]
    columns = columns_of_lines([line for line in small if line not in weak], ground)
    headings = headings_of(large, weak, columns, ground)
    used = {id(line) for heading in headings for line in heading.lines}
    columns = [column for column in columns if id(column.lines[0]) not in used]
    columns += [part("text", [line]) for line in weak if id(line) not in used]
    photos = [Part("picture", box) for box in shots]
    return with_crossheads(headings, columns, ground) + captions + photos


def _is_large(line: Line, ground: Ground) -> bool:
    if line.vertical:
        return line.size > 1.05 * ground.body or len(han(line.text)) > 3
    return line.size >= ground.heading


def _in_step(line: Line, lines: list[Line], ground: Ground) -> bool:
    """Whether a line that seems a little larger keeps step with the text over or under it.

    Scans measure type roughly, but a heading never stands just one line pitch from the text.
    """
    if ground.exact or line.vertical or line.size > DOUBTFUL * ground.body:
        return False
    return any(
        abs(abs(centre(other.box) - centre(line.box)) - ground.pitch) < 0.12 * ground.pitch
        and line.box.left > other.box.left - 0.6 * ground.body
        and shared_width(other.box, line.box) > 0.8 * width(line.box)
        and other.size < ground.heading
        for other in lines
    )


def _spans(line: Line, small: list[Line], ground: Ground) -> bool:
    """Whether a line of small type stands over two columns, so in neither."""
    near = [
        other
        for other in small
        if 0.5 * ground.body < other.box.top - line.box.top < 3.2 * ground.pitch
        and shared_width(other.box, line.box) > 1.5 * ground.body
        and width(other.box) < 1.6 * width(line.box)
    ][:MOST_NEAR]
    return any(
        shared_width(one.box, other.box) < -0.4 * ground.body
        and abs(one.box.top - other.box.top) < 0.6 * ground.pitch
        for one in near
        for other in near
    )
