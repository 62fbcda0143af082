"""From what a source found side by side on a page to printed lines."""

from dataclasses import dataclass
from statistics import median

from qjaudio.paper.characters import compact
from qjaudio.paper.model import Box, Page, TextLine
from qjaudio.paper.plane import around, centre, height, is_tall, middle, shared_height, width

SAME_SIZE = 1.15
"""Types of one size differ by less: scans measure them within a tenth or so."""
INLINE_GAP = 3.0
"""Widest gap inside a line of text in type sizes: between its end and a signature, say."""
HEADING_GAP = 1.3
NEARBY = 3.5
"""How many type sizes above and below are searched for lines that show a gutter."""
SPACE = 0.2
ROWS = 0.6
"""Lines that overlap by this share of their height stand in one row."""


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line with its place and type size in points."""

    text: str
    box: Box
    size: float

    @property
    def vertical(self) -> bool:
        """Whether it is set from top to bottom."""
        return is_tall(self.box) and len(compact(self.text)) > 1


def alike(one: Line, other: Line, ratio: float = SAME_SIZE) -> bool:
    """Whether two lines are set in type of one size."""
    return max(one.size, other.size) <= ratio * min(one.size, other.size)


def lines_of(page: Page) -> list[Line]:
    """The printed lines of a page, in no special order."""
    found = [_line(line) for block in page.blocks for line in block.lines]
    runs = _stacked([line for line in found if line])
    level = [run for run in runs if not run.vertical]
    body = body_size(level)
    lines = [run for run in runs if run.vertical]
    for row in _rows(level):
        lines += _joined(row, level, body)
    return lines


def body_size(lines: list[Line]) -> float:
    """The type size in which most of the text is set."""
    sizes = [line.size for line in lines for _ in compact(line.text) if len(line.text) > 5]
    sizes = sizes or [line.size for line in lines]
    return median(sizes) if sizes else 10.0


def _line(line: TextLine) -> Line | None:
    if line.box is None or not line.text.strip():
        return None
    size = line.size or min(height(line.box), width(line.box))
    return Line(line.text.strip(), line.box, max(size, 1.0))


def _stacked(runs: list[Line]) -> list[Line]:
    """Put single characters that stand one below the other together into vertical lines."""
    single = sorted((run for run in runs if len(run.text) == 1), key=lambda run: run.box.top)
    chains: list[list[Line]] = []
    for run in single:
        chain = next((chain for chain in chains if _below(run, chain[-1])), None)
        if chain:
            chain.append(run)
        else:
            chains.append([run])
    taken = {id(run) for chain in chains if len(chain) > 2 for run in chain}
    stacked = [
        Line("".join(run.text for run in chain), around(run.box for run in chain), chain[0].size)
        for chain in chains
        if len(chain) > 2
    ]
    return stacked + [run for run in runs if id(run) not in taken]


def _below(run: Line, above: Line) -> bool:
    gap = run.box.top - above.box.bottom
    centred = abs(middle(run.box) - middle(above.box)) < 0.35 * above.size
    return alike(run, above) and centred and -0.4 * above.size < gap < above.size


def _rows(runs: list[Line]) -> list[list[Line]]:
    """Runs of one size that stand side by side, from left to right."""
    rows: list[list[Line]] = []
    for run in sorted(runs, key=lambda run: run.box.left):
        fitting = [row for row in rows if _in_row(run, row[-1])]
        if fitting:
            max(fitting, key=lambda row: row[-1].box.right).append(run)
        else:
            rows.append([run])
    return rows


def _in_row(run: Line, before: Line) -> bool:
    shared = shared_height(run.box, before.box)
    level = shared >= ROWS * min(height(run.box), height(before.box))
    return level and alike(run, before) and run.box.left > middle(before.box)


def _joined(row: list[Line], runs: list[Line], body: float) -> list[Line]:
    """A row, with those runs joined that are one line."""
    if _is_spaced(row):
        return [_one(row)]
    lines: list[list[Line]] = [[row[0]]]
    for run in row[1:]:
        last = lines[-1][-1]
        if _is_one_line(last, run, runs, body):
            lines[-1].append(run)
        else:
            lines.append([run])
    return [_one(line) for line in lines]


def _one(row: list[Line]) -> Line:
    text = row[0].text
    for last, run in zip(row, row[1:], strict=False):
        wide = run.box.left - last.box.right > SPACE * run.size
        text += (" " if wide else "") + run.text
    return Line(text, around(run.box for run in row), max(run.size for run in row))


def _is_spaced(row: list[Line]) -> bool:
    """Whether a row is one line set with wide even gaps: short words, all alike."""
    found = [b.box.left - a.box.right for a, b in zip(row, row[1:], strict=False)]
    if len(found) < 2 or max(len(run.text) for run in row) > 4:
        return False
    return max(found) < 3 * row[0].size and max(found) - min(found) < 0.5 * row[0].size


def _is_one_line(last: Line, run: Line, runs: list[Line], body: float) -> bool:
    size = max(last.size, run.size)
    gap = run.box.left - last.box.right
    if gap < 0.55 * size:
        return True
    if gap > (INLINE_GAP if size < SAME_SIZE * body else HEADING_GAP) * size:
        return False
    return not _is_gutter(last, run, runs, body)


def _is_gutter(last: Line, run: Line, runs: list[Line], body: float) -> bool:
    """Whether the gap between two runs goes on above or below them, as between two columns."""
    low, high = last.box.right, run.box.left
    across, beside = 0, 0
    reach = NEARBY * body + max(0.0, run.size - body)
    for other in runs:
        if other is last or other is run or other.size > SAME_SIZE * body:
            continue
        away = abs(centre(other.box) - centre(run.box))
        if not 0.3 * body < away <= reach:
            continue
        if other.box.left < low - body and other.box.right > high + body:
            across += 1
        elif _ends_at(other, low, high, body):
            beside += 1
    return beside > across


def _ends_at(other: Line, low: float, high: float, body: float) -> bool:
    """Whether a run ends or begins at a gap."""
    ends = low - 2.5 * body < other.box.right <= high - 0.2 * body
    begins = low + 0.2 * body <= other.box.left < high + 2.5 * body
    return ends or begins
