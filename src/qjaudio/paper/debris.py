"""Vertical headlines that OCR scattered into single characters."""

from qjaudio.paper.pieces import Piece

MIN_RUN = 3
"""Fewest single characters in a row that are the remains of a vertical headline."""


def is_fragment(piece: Piece) -> bool:
    """Whether a piece is no more than a character or two, so no text of an article by itself."""
    if any(char in "。！？；，、,;.!?" for char in piece.text):
        return False  # the last characters of a paragraph
    words = piece.text.split()
    if len(words) > MIN_RUN:
        return all(len(word) <= 1 for word in words)
    return len(piece.compact) <= 2


def debris_runs(pieces: list[Piece]) -> list[list[Piece]]:
    """The runs of neighbouring fragments on a page that together hold at least three characters."""
    runs: list[list[Piece]] = []
    for piece in pieces:
        if not is_fragment(piece):
            continue
        last = runs[-1][-1] if runs else None
        if last and last.order == piece.order - 1 and last.page == piece.page:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return [run for run in runs if sum(len(piece.compact) for piece in run) >= MIN_RUN]


def characters(run: list[Piece]) -> str:
    """The characters of a run, in the order in which they were read."""
    return "".join(piece.compact for piece in run)
