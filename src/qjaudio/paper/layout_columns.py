"""Lines of text, one under the other, as columns."""

from qjaudio.paper.byline import opens_story
from qjaudio.paper.layout_ground import DOUBTFUL, Ground, Part, part
from qjaudio.paper.layout_lines import Line, alike
from qjaudio.paper.plane import around, centre, shared_width, width


def columns_of_lines(lines: list[Line], ground: Ground) -> list[Part]:
    """Put lines of text that stand one under the other together."""
    columns: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.box.top, line.box.left)):
        fitting = [column for column in columns if _continues(line, column, ground)]
        if fitting:
            max(fitting, key=lambda column: column[-1].box.bottom).append(line)
        else:
            columns.append([line])
    return [part("text", piece) for column in columns for piece in _without_deck(column, ground)]


def _without_deck(column: list[Line], ground: Ground) -> list[list[Line]]:
    """A column, its first line by itself where that is a 副题 and not the first one of the text.

    A first line of text is flush or indented by two characters, one pitch above the second; a deck
    is centred, at a distance of its own, and the text under it begins with an indent.
    """
    if len(column) < 3:
        return [column]
    first, second, third = column[:3]
    left = min(third.box.left, second.box.left)
    offset = (first.box.left - left) / ground.body
    at_home = abs(offset) < 0.6 or abs(offset - 2) < 0.6
    step = centre(second.box) - centre(first.box)
    apart = abs(step - ground.pitch) > 0.15 * ground.pitch
    indented = second.box.left > third.box.left + 1.2 * ground.body
    if (apart and indented) or (not at_home and indented and not opens_story(first.text)):
        return [[first], column[1:]]
    return [column]


def _continues(line: Line, column: list[Line], ground: Ground) -> bool:
    last = column[-1]
    step = centre(line.box) - centre(last.box)
    in_step = abs(step - ground.pitch) < 0.12 * ground.pitch
    if not 0.5 * ground.body < step < 1.75 * ground.pitch:
        return False
    if not alike(line, last, DOUBTFUL if in_step and not ground.exact else ground.same):
        return False
    box = around(one.box for one in column)
    slack = 0.8 * ground.body
    if len(column) == 1:  # the first line is indented, or stands alone
        inside = line.box.left > box.left - 3 * ground.body
        inside = inside and shared_width(line.box, box) > 0.5 * min(width(line.box), width(box))
    else:
        inside = box.left - slack <= line.box.left and line.box.right <= box.right + slack
        short = max(width(one.box) for one in column) < 8 * ground.body
        wide = abs(line.box.left - box.left) < 2.6 * ground.body and short
        inside = inside or wide
    return inside and not ground.ruled(last.box, line.box)
