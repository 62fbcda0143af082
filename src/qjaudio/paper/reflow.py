"""From pieces of columns back to paragraphs.

A column, a photo or a page turn cuts a paragraph anywhere. Print tells what belongs together:
sentence ends, words cut in two, the indent of a first line and the room left in a last line.
"""

from dataclasses import dataclass, field

from qjaudio.paper.characters import TAIL, ends_sentence
from qjaudio.paper.pieces import Piece
from qjaudio.paper.words import parted_word


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as put together, with what is known of its end."""

    text: str
    filled: bool | None
    """Whether its last printed line is full."""
    last_line: str
    order: int
    """The `order` of its last piece."""
    page: int


def has_indents(pieces: list[Piece]) -> bool:
    """Whether the first lines of paragraphs can be told by their indent in this text."""
    known = [piece for piece in pieces if len(piece.lines) > 2]
    return sum(piece.opens is True for piece in known) >= max(2, 0.3 * len(known))


def paragraphs_of(pieces: list[Piece], *, indents: bool) -> list[Paragraph]:
    """Put the pieces of a story together again."""
    growing: list[_Growing] = []
    for piece in pieces:
        if not growing or not growing[-1].runs_on(piece, indents=indents):
            growing.append(_Growing())
        growing[-1].add(piece)
    return [paragraph.whole() for paragraph in growing]


@dataclass(slots=True)
class _Growing:
    """A paragraph while it is put together: its pieces, and what its end tells."""

    pieces: list[Piece] = field(default_factory=list)
    end: str = ""
    """Its last characters."""
    open_quotes: int = 0
    straight_quotes: int = 0

    def add(self, piece: Piece) -> None:
        """Take up the next piece."""
        self.end = f"{self.end} {piece.text[-TAIL:]}"[-TAIL:] if self.pieces else piece.text[-TAIL:]
        self.pieces.append(piece)
        self.open_quotes += piece.text.count("“") - piece.text.count("”")
        self.straight_quotes += piece.text.count('"')

    def runs_on(self, piece: Piece, *, indents: bool) -> bool:
        """Whether a piece goes on with this paragraph."""
        filled = self.pieces[-1].filled
        if ends_sentence(self.end):
            # A paragraph that the column's end cut exactly after a full stop: only full lines on
            # both sides of the break prove it, and only where this paper indents.
            return indents and filled is True and piece.opens is False and len(piece.lines) > 1
        if self.end.rstrip()[-1:] in "，,、" or parted_word(self.end, piece.text):
            return True
        if self.open_quotes > 0 or self.straight_quotes % 2 == 1:  # it stops inside a quotation
            return True
        if indents and piece.opens is True:
            return False
        return filled is not False or piece.opens is False

    def whole(self) -> Paragraph:
        """The paragraph as it is now."""
        last = self.pieces[-1]
        return Paragraph(
            text=" ".join(piece.text for piece in self.pieces),
            filled=last.filled,
            last_line=last.lines[-1] if last.lines else last.text,
            order=last.order,
            page=last.page,
        )
