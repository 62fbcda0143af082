"""A block of the page with what its printed lines tell: indent at the top, room left at the end."""

from dataclasses import dataclass
from statistics import median

from qjaudio.paper.characters import compact, print_width
from qjaudio.paper.model import Block, Page

INDENT = 1.3
"""A first line that is this much narrower than the column is indented (the indent is 2 characters;
squeezed marks take some of it away)."""
FULL = 0.9
"""A line within this much of the column's width is full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One block in reading order, ready to be sorted."""

    text: str
    """Its printed lines, joined with spaces."""
    page: int
    order: int
    """Its place in the issue, from 0."""
    lines: tuple[str, ...] = ()
    level: int = 0
    opens: bool | None = None
    """Whether its first line is indented as a paragraph's first line is; None = cannot tell."""
    filled: bool | None = None
    """Whether its last line goes to the edge of the column; None = cannot tell."""

    @property
    def compact(self) -> str:
        """The text without spaces."""
        return compact(self.text)


def pieces_of(pages: tuple[Page, ...]) -> list[Piece]:
    """The blocks of all pages as pieces; a short block is measured by its neighbour's column."""
    pieces: list[Piece] = []
    for page in pages:
        width: float | None = None
        for block in page.blocks:
            text = " ".join(line.text.strip() for line in block.lines if line.text.strip())
            if not text:
                continue
            own = _column_width(block)
            width = own or (width if block.level == 0 else None)
            opens, filled = _edges(block, width, own is not None)
            pieces.append(
                Piece(
                    text=text,
                    lines=tuple(line.text for line in block.lines),
                    page=page.number,
                    order=len(pieces),
                    level=block.level,
                    opens=opens,
                    filled=filled,
                )
            )
    return pieces


def _column_width(block: Block) -> float | None:
    """The width of the column that a block was set in, by its inner lines; None for short ones."""
    widths = [print_width(line.text) for line in block.lines]
    inner = widths[1:-1] if len(widths) > 3 else widths[:-1]
    if block.level or not inner or max(inner) < 6:
        return None
    return max(widths[:-1]) if len(inner) < 3 else median(inner)


def _edges(block: Block, width: float | None, own: bool) -> tuple[bool | None, bool | None]:
    if width is None or block.level:
        return None, None
    boxed = _boxed_edges(block)
    if boxed is not None and own:
        return boxed
    first = width - print_width(block.lines[0].text)
    last = width - print_width(block.lines[-1].text)
    if len(block.lines) == 1:
        # One line alone says little: it may be the last of a paragraph or the first of one.
        return (False if abs(first) <= FULL else None), (abs(last) <= INDENT or None)
    opens = True if first >= INDENT else False if first <= FULL else None
    return opens, last < INDENT + 0.5


def _boxed_edges(block: Block) -> tuple[bool, bool] | None:
    """The same from coordinates, where every line has them."""
    boxes = [line.box for line in block.lines]
    if len(boxes) < 2 or any(box is None for box in boxes):
        return None
    known = [box for box in boxes if box is not None]
    size = median(box.bottom - box.top for box in known)
    left, right = min(box.left for box in known), max(box.right for box in known)
    return known[0].left > left + size, known[-1].right > right - 1.5 * size
