"""Breaking a Chinese headline into lines (GB/T 15834: which marks may not begin or end one)."""

import re
from collections.abc import Callable, Iterator

NOT_FIRST = "、，。．：；！？,.:;!?）)》〉」』】〕]｝}”’…—～·%％‰℃"
"""Marks that cling to what stands before them."""
NOT_LAST = "（(《〈「『【〔[｛{“‘"
"""Marks that cling to what follows."""
PAUSES = tuple("，。；：！？,;:!?…— ")
"""Where a line ends well."""
_PIECE = re.compile(
    rf"[{re.escape(NOT_LAST)}]*"
    r"(?:(?<=“)[^“”]{1,6}(?=”)|[0-9A-Za-z]+(?:[.,:/&'+-][0-9A-Za-z]+)*|.)"
    rf"[{re.escape(NOT_FIRST)}]*"
)
"""A short quotation, a word of Latin letters or a number, or one character, with its marks."""
_WORTH_OF_A_PAUSE = 0.2
"""A line may be two fifths shorter than the others if it then ends with a mark."""
_EQUAL = 1e-9  # costs are sums of floats

WidthOf = Callable[[str], float]


def wrap(text: str, width_of: WidthOf, most_width: float) -> list[str]:
    """The text in lines no wider than `most_width`, as `width_of` measures them.

    Words of Latin letters, numbers and short quotations stay whole, marks stay with their
    neighbours; only what is wider than a whole line is cut inside.
    """
    return [line.rstrip() for line in _lines(text, width_of, most_width)]


def balanced(text: str, width_of: WidthOf, most_width: float) -> list[str]:
    """As `wrap`, in as few lines, which are as even as can be and end where the sentence pauses.

    Of all ways to fill so many lines the one with the least `_cost` is taken.
    """
    text = text.strip()
    count = len(_lines(text, width_of, most_width))
    pieces = list(_pieces(text, width_of, most_width))
    ideal = width_of(text) / max(count, 1)
    best: dict[int, tuple[float, list[str]]] = {0: (0.0, [])}  # by how many pieces are placed
    for _ in range(count):
        longer: dict[int, tuple[float, list[str]]] = {}
        for start, (cost, lines) in best.items():
            for end, line in _beginnings(pieces, start, width_of, most_width):
                total = cost + _cost(line, width_of, ideal, is_last=end == len(pieces))
                # Of equals the later start wins: it leaves more on the lines above.
                if end not in longer or total <= longer[end][0] + _EQUAL:
                    longer[end] = total, [*lines, line.rstrip()]
        best = longer
    return best[len(pieces)][1]


def _beginnings(
    pieces: list[str], start: int, width_of: WidthOf, most_width: float
) -> Iterator[tuple[int, str]]:
    """Every line that can begin with piece number `start`, and the number of the piece after it."""
    line = ""
    for end, piece in enumerate(pieces[start:], start + 1):
        line = line + piece if line else piece.lstrip()
        if width_of(line.rstrip()) > most_width:
            return
        yield end, line


def _cost(line: str, width_of: WidthOf, ideal: float, *, is_last: bool) -> float:
    """How far a line is from the ideal width, squared; less where it ends at a mark or a space."""
    uneven = (width_of(line.rstrip()) / ideal - 1) ** 2
    pauses = not is_last and line[-1:] in PAUSES
    return uneven - _WORTH_OF_A_PAUSE * pauses


def keeps_pieces(text: str, width_of: WidthOf, most_width: float) -> bool:
    """Whether no word is so wide that `wrap` cuts it."""
    return all(width_of(piece) <= most_width for piece in _PIECE.findall(text))


def _lines(text: str, width_of: WidthOf, most_width: float) -> list[str]:
    """The lines with the spaces at which they were broken."""
    lines = [""]
    for piece in _pieces(text, width_of, most_width):
        if lines[-1] and width_of((lines[-1] + piece).rstrip()) > most_width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line for line in lines if line.strip()]


def _pieces(text: str, width_of: WidthOf, most_width: float) -> Iterator[str]:
    """What may not be broken; a piece wider than a line comes character by character."""
    for piece in _PIECE.findall(text):
        if width_of(piece) <= most_width:
            yield piece
        else:
            yield from piece
