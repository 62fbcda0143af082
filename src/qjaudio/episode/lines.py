"""Breaking a Chinese headline into lines (GB/T 15834: which marks may not begin or end one)."""

import re
from collections.abc import Callable, Iterator

NOT_FIRST = "、，。．：；！？,.:;!?）)》〉」』】〕]｝}”’…—～·%％‰℃"
"""Marks that cling to what stands before them."""
NOT_LAST = "（(《〈「『【〔[｛{“‘"
"""Marks that cling to what follows."""
_PIECE = re.compile(
    rf"[{re.escape(NOT_LAST)}]*"
    r"(?:(?<=“)[^“”]{1,6}(?=”)|[0-9A-Za-z]+(?:[.,:/&'+-][0-9A-Za-z]+)*|.)"
    rf"[{re.escape(NOT_FIRST)}]*"
)
"""A short quotation, a word of Latin letters or a number, or one character, with its marks."""
_WIDTHS_TRIED = 16

WidthOf = Callable[[str], float]


def wrap(text: str, width_of: WidthOf, most_width: float) -> list[str]:
    """The text in lines no wider than `most_width`, as `width_of` measures them.

    Words of Latin letters, numbers and short quotations stay whole, marks stay with their
    neighbours; only what is wider than a whole line is cut inside.
    """
    return [line.rstrip() for line in _lines(text, width_of, most_width)]


def balanced(text: str, width_of: WidthOf, most_width: float) -> list[str]:
    """As `wrap`, in as few lines, broken after marks and spaces where that can be, and even."""
    count = len(_lines(text, width_of, most_width))
    least = max((min(width_of(piece), most_width) for piece in _PIECE.findall(text)), default=0)
    step = (most_width - least) / _WIDTHS_TRIED
    layouts = [_lines(text, width_of, most_width - step * n) for n in range(_WIDTHS_TRIED + 1)]
    # Of equals max takes the first, here the narrowest, so its lines are the most even.
    best = max(
        (lines for lines in reversed(layouts) if len(lines) == count),
        key=_beauty,
    )
    return [line.rstrip() for line in best]


def keeps_pieces(text: str, width_of: WidthOf, most_width: float) -> bool:
    """Whether no word is so wide that `wrap` cuts it."""
    return all(width_of(piece) <= most_width for piece in _PIECE.findall(text))


def _beauty(lines: list[str]) -> int:
    """How many lines end where the sentence pauses; a short remnant at the end costs one."""
    pauses = sum(line[-1] in NOT_FIRST + " " for line in lines[:-1])
    remnant = bool(lines) and 3 * len(lines[-1]) < max(map(len, lines))
    return pauses - remnant


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
