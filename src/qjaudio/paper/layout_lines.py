"""From what a source found side by side on a page to printed lines."""

from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from qjaudio.paper.characters import compact, han
from qjaudio.paper.model import Page, TextLine
from qjaudio.paper.plane import around, centre, height, is_tall, middle, shared_height, width
from qjaudio.provenance import Box, PageText, join_texts, shortened

SAME_SIZE = 1.15
"""Types of one size differ by less: scans measure them within a tenth or so."""
INLINE_GAP = 3.0
"""Widest gap inside a line of text in type sizes: between its end and a signature, say."""
HEADING_GAP = 1.3
CERTAIN, CERTAIN_EXACT = 0.4, 0.55
"""Narrower gaps are never gutters: in scans, whose boxes are wider than the type, and in PDFs."""
NEARBY = 3.5
"""How many type sizes above and below are searched for lines that show a gutter."""
MAX_ABREAST = 3
"""So many vertical lines side by side may be taken for level ones."""
LARGE = 1.3
SPACE = 0.2
OPENING, CLOSING = "（《“‘「『【", "，。、；：！？）》”’」』】"
"""Marks that leave room beside them without a space."""
MARK = 0.35
"""That room, in type sizes: 0.1 to 0.7, as marks are squeezed."""
SHORT, ROUGHLY = 8, 1.4
ROWS = 0.6
"""Lines that overlap by this share of their height stand in one row."""


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line with its place and type size in points."""

    text: PageText
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
    exact = is_exact(level, body)
    around_them = _Around(level, [rule for rule in page.rules if is_tall(rule)], body, exact)
    for row in _rows(level, exact=exact):
        lines += _joined(row, around_them)
    return lines


@dataclass(frozen=True, slots=True)
class _Around:
    """What tells a gap inside a line from a gutter: the other runs, and upright rules."""

    runs: list[Line]
    rules: list[Box]
    body: float
    exact: bool


def body_size(lines: list[Line]) -> float:
    """The type size in which most of the text is set."""
    sizes = [line.size for line in lines for _ in compact(line.text) if len(line.text) > 5]
    sizes = sizes or [line.size for line in lines]
    return median(sizes) if sizes else 10.0


def is_exact(lines: list[Line], body: float) -> bool:
    """Whether the type sizes of a page are known exactly (PDF) or were measured (scan)."""
    near = [abs(line.size - body) / body for line in lines if 0.85 < line.size / body < 1.15]
    return bool(near) and median(near) < 0.004


def _line(line: TextLine) -> Line | None:
    if line.box is None or not line.text.strip():
        return None
    size = line.size or min(height(line.box), width(line.box))
    return Line(PageText(line.text).strip(), line.box, max(size, 1.0))


def _stacked(runs: list[Line]) -> list[Line]:
    """Put characters that stand one below the other together into vertical lines.

    Sources take the heads of two vertical lines side by side for a level line of two characters:
    such short runs in large type are looked at character by character.
    """
    body = body_size(runs)
    cells = [cell for run in runs for cell in _cells(run, body)]
    chains: list[list[Cell]] = []
    for cell in sorted(cells, key=lambda cell: cell.line.box.top):
        chain = next((chain for chain in chains if _below(cell.line, chain[-1].line)), None)
        if chain:
            chain.append(cell)
        else:
            chains.append([cell])
    good = [c for c in chains if len(c) > 1 and sum(len(x.line.text) for x in c) > 2]
    kept = {id(cell) for chain in good for cell in chain}
    broken = {id(cell.run) for cell in cells if id(cell) not in kept}
    stacked = [
        Line(
            join_texts(cell.line.text for cell in chain),
            around(cell.line.box for cell in chain),
            max(cell.line.size for cell in chain),
        )
        for chain in good
        if not any(id(cell.run) in broken for cell in chain)
    ]
    taken = {
        id(cell.run)
        for chain in good
        if not any(id(cell.run) in broken for cell in chain)
        for cell in chain
    }
    return stacked + [run for run in runs if id(run) not in taken]


@dataclass(frozen=True, slots=True)
class Cell:
    """A character, or a vertical run, that may be part of a vertical line."""

    line: Line
    run: Line


def _cells(run: Line, body: float) -> list[Cell]:
    if run.vertical or len(run.text) == 1:
        return [Cell(run, run)]
    text = shortened(run.text, compact(run.text))
    if len(text) > MAX_ABREAST or run.size < LARGE * body or len(han(text)) < len(text):
        return []
    box, step = run.box, width(run.box) / len(text)
    return [
        Cell(
            Line(
                text[at : at + 1],
                replace(box, left=box.left + at * step, right=box.left + (at + 1) * step),
                run.size,
            ),
            run,
        )
        for at in range(len(text))
    ]


def _below(run: Line, above: Line) -> bool:
    gap = run.box.top - above.box.bottom
    centred = abs(middle(run.box) - middle(above.box)) < 0.4 * above.size
    return alike(run, above, 1.4) and centred and -0.4 * above.size < gap < above.size


def _rows(runs: list[Line], *, exact: bool) -> list[list[Line]]:
    """Runs of one size that stand side by side, from left to right."""
    rows: list[list[Line]] = []
    for run in sorted(runs, key=lambda run: run.box.left):
        fitting = [row for row in rows if _in_row(run, row[-1], exact=exact)]
        if fitting:
            max(fitting, key=lambda row: row[-1].box.right).append(run)
        else:
            rows.append([run])
    return rows


def _in_row(run: Line, before: Line, *, exact: bool) -> bool:
    shared = shared_height(run.box, before.box)
    level = shared >= ROWS * min(height(run.box), height(before.box))
    # A scan measures the type of short runs only roughly.
    rough = not exact and min(len(run.text), len(before.text)) < SHORT
    return (
        level
        and alike(run, before, ROUGHLY if rough else SAME_SIZE)
        and run.box.left > middle(before.box)
    )


def _joined(row: list[Line], page: _Around) -> list[Line]:
    """A row, with those runs joined that are one line."""
    if _is_spaced(row):
        return [_one(row)]
    lines: list[list[Line]] = [[row[0]]]
    for run in row[1:]:
        last = lines[-1][-1]
        if _is_one_line(last, run, page):
            lines[-1].append(run)
        else:
            lines.append([run])
    return [_one(line) for line in lines]


def _one(row: list[Line]) -> Line:
    texts: list[str] = [row[0].text]
    for last, run in pairwise(row):
        wide = run.box.left - last.box.right > SPACE * run.size
        wide = wide and last.text[-1] not in CLOSING and run.text[0] not in OPENING
        texts += [" ", run.text] if wide else [run.text]
    return Line(join_texts(texts), around(run.box for run in row), max(run.size for run in row))


def _is_spaced(row: list[Line]) -> bool:
    """Whether a row is one line set with wide even gaps: short words, all alike."""
    found = [b.box.left - a.box.right for a, b in pairwise(row)]
    if len(found) < 2 or max(len(run.text) for run in row) > 4:
        return False
    return max(found) < 3 * row[0].size and max(found) - min(found) < 0.5 * row[0].size


def _is_one_line(last: Line, run: Line, page: _Around) -> bool:
    size = max(last.size, run.size)
    marks = (last.text[-1] in CLOSING) + (run.text[0] in OPENING)
    gap = run.box.left - last.box.right - marks * MARK * size
    if any(_stands_between(rule, last.box, run.box) for rule in page.rules):
        return False
    if gap < (CERTAIN_EXACT if page.exact else CERTAIN) * size:
        return True
    if gap > (INLINE_GAP if size < SAME_SIZE * page.body else HEADING_GAP) * size:
        return False
    return not _is_gutter(last, run, page)


def _stands_between(rule: Box, left: Box, right: Box) -> bool:
    across = left.right - 2 <= middle(rule) <= right.left + 2
    return across and rule.top < centre(left) < rule.bottom


def _is_gutter(last: Line, run: Line, page: _Around) -> bool:
    """Whether the gap between two runs goes on above or below them, as between two columns."""
    low, high, body = last.box.right, run.box.left, page.body
    across, beside = 0, 0
    reach = NEARBY * body + max(0.0, run.size - body)
    for other in page.runs:
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
