"""From pieces of columns back to paragraphs.

A column, a photo or a page turn cuts a paragraph anywhere. Print tells what belongs together:
sentence ends, words cut in two, the indent of a first line and the room left in a last line.
"""

from dataclasses import dataclass

from qjaudio.paper.characters import ends_sentence
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
    paragraphs: list[Paragraph] = []
    for piece in pieces:
        joined = bool(paragraphs) and runs_on(paragraphs[-1], piece, indents=indents)
        text = f"{paragraphs.pop().text} {piece.text}" if joined else piece.text
        paragraphs.append(
            Paragraph(
                text=text,
                filled=piece.filled,
                last_line=piece.lines[-1] if piece.lines else piece.text,
                order=piece.order,
                page=piece.page,
            )
        )
    return paragraphs


def _quoting(text: str) -> bool:
    """Whether a text stops inside a quotation."""
    return text.count("“") > text.count("”") or text.count('"') % 2 == 1


def runs_on(before: Paragraph, piece: Piece, *, indents: bool) -> bool:
    """Whether a piece goes on with the paragraph before it."""
    if ends_sentence(before.text):
        # A paragraph that the column's end cut exactly after a full stop: only full lines on both
        # sides of the break prove it, and only where this paper indents.
        return indents and before.filled is True and piece.opens is False and len(piece.lines) > 1
    if before.text.rstrip()[-1:] in "，,、" or parted_word(before.text, piece.text):
        return True
    if _quoting(before.text):
        return True
    if indents and piece.opens is True:
        return False
    return before.filled is not False or piece.opens is False
