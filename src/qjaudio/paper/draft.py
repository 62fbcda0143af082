"""An article in the making: the pieces that belong to it, before its text is put in order."""

from dataclasses import dataclass, field

from qjaudio.paper.model import LeftOut
from qjaudio.paper.pieces import Piece


@dataclass(slots=True)
class Draft:
    """Pieces of one article, gathered while walking down the page (so it is changed in place)."""

    page: int
    heads: list[Piece] = field(default_factory=list)
    """The headings above its text, in order."""
    body: list[Piece] = field(default_factory=list)
    crossheads: set[int] = field(default_factory=set)
    """The `order` of those pieces of the body that are crossheads."""
    credits: list[Piece] = field(default_factory=list)
    """Lines that only say who wrote it."""
    signoffs: list[Piece] = field(default_factory=list)
    repeats: list[Piece] = field(default_factory=list)
    """Headings that repeat its own above the part on another page."""
    onward: int | None = None
    """The page that its jump line names."""
    back: int | None = None
    """The page that its 上接 line names: it is the rest of a story."""

    @property
    def text(self) -> str:
        """The text of its body so far."""
        return " ".join(piece.text for piece in self.body)


@dataclass(slots=True)
class Remains:
    """What belongs to no article, with its place in the issue."""

    rows: list[tuple[int, LeftOut]] = field(default_factory=list)

    def add(self, piece: Piece, kind: str, text: str | None = None) -> None:
        """Leave out a piece, or a part of its text."""
        printed = piece.text if text is None else text
        if printed.strip():
            self.rows.append((piece.order, LeftOut(text=printed, kind=kind, page=piece.page)))

    def in_order(self) -> tuple[LeftOut, ...]:
        """Everything left out, in the order of the page."""
        return tuple(row for _, row in sorted(self.rows, key=lambda row: row[0]))
