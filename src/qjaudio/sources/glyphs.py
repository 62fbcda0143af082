"""Characters with their place, as a PDF's text layer gives them, put together into runs.

A run is what certainly belongs together: neighbours on one line without a wide gap, or characters
set one below the other. Whether runs side by side are one line or two columns is for
`qjaudio.paper.layout` to say.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from qjaudio.paper.model import TextLine
from qjaudio.provenance import Box

MAX_GAP = 0.6
"""Widest gap inside a run, in type sizes: columns can be as near as 0.8, justified text opens
up to about 0.5."""
SPACE_GAP = 0.18
"""A gap that is wider than the line's others by this many type sizes is a space."""
SAME_SIZE = 1.12
_ASCENT = 0.88
"""Share of a Han character's square that lies above the baseline (OpenType's ideographic box)."""
OPENING = "（《“‘〈「『【〔"
CLOSING = "，。、；：！？）》”’〉」』】〕"
MARK = 0.35
"""What a mark leaves bare inside a line, in type sizes: 0.1 to 0.7, as it is squeezed."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character on the page, with its square in points from the top left corner."""

    char: str
    box: Box
    size: float
    """Its type size in points."""
    ink: Box
    """Where it is printed: marks leave half their square bare."""

    @property
    def left(self) -> float:
        """Where it begins as a line's first character."""
        return self.ink.left if self.char in OPENING else self.box.left

    @property
    def right(self) -> float:
        """Where it ends as a line's last character."""
        return self.ink.right if self.char in CLOSING else self.box.right

    @property
    def middle(self) -> float:
        """The middle of its width."""
        return (self.box.left + self.box.right) / 2


def square(x: float, baseline: float, size: float, ink: Box, char: str) -> Box:
    """The box of a character: the square of a Han character or mark, the ink's width of others.

    `x` and `baseline` are where the font puts it; `ink` is what is printed. Fonts for vertical text
    put the origin elsewhere: then the ink alone counts.
    """
    top = baseline - _ASCENT * size
    box = Box(x, top, x + size, top + size)
    slack = 0.25 * size
    inside = (
        box.left - slack <= ink.left
        and ink.right <= box.right + slack
        and box.top - slack <= ink.top
        and ink.bottom <= box.bottom + slack
    )
    if not inside:
        return ink
    if ord(char) < 0x2E80 and char not in OPENING + CLOSING:
        return Box(x, top, max(ink.right + 0.05 * size, x + 0.2 * size), top + size)
    return box


def runs_of(glyphs: Iterable[Glyph]) -> list[TextLine]:
    """Put characters, given in the order of the file, together into runs."""
    level: list[Glyph] = []
    runs: list[TextLine] = []
    before: Glyph | None = None
    for chain in _chains(list(glyphs)):
        # Two characters also stand so where a short last line meets an indented first one.
        if len(chain) > 2 or (
            len(chain) == 2 and not (before and _stands_beside(chain[0], before))
        ):
            runs.append(_vertical(chain))
        else:
            level += chain
        before = chain[-1]
    return runs + [_horizontal(row) for line in _rows(level) for row in _parted(line)]


def _chains(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Characters that follow each other in the file and stand one below the other."""
    chains: list[list[Glyph]] = []
    for glyph in glyphs:
        if chains and _stands_below(glyph, chains[-1][-1]):
            chains[-1].append(glyph)
        else:
            chains.append([glyph])
    return chains


def _stands_beside(glyph: Glyph, before: Glyph) -> bool:
    gap = glyph.box.left - before.box.right
    return abs(glyph.box.bottom - before.box.bottom) < 0.3 * glyph.size and gap < glyph.size


def _stands_below(glyph: Glyph, above: Glyph) -> bool:
    size = above.size
    gap = glyph.box.top - above.box.bottom
    centred = abs(glyph.middle - above.middle) < 0.3 * size
    return centred and -0.3 * size < gap < size and _same_size(glyph, above)


def _same_size(one: Glyph, other: Glyph) -> bool:
    return max(one.size, other.size) <= SAME_SIZE * min(one.size, other.size)


def _vertical(chain: list[Glyph]) -> TextLine:
    return TextLine(
        text="".join(glyph.char for glyph in chain),
        box=_around(chain),
        size=median(glyph.size for glyph in chain),
    )


def _rows(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Characters of one size on one baseline, from left to right."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: (g.box.bottom, g.box.left)):
        for row in reversed(rows[-12:]):
            last = row[-1]
            near = abs(last.box.bottom - glyph.box.bottom) < 0.2 * min(last.size, glyph.size)
            if near and _same_size(last, glyph):
                row.append(glyph)
                break
        else:
            rows.append([glyph])
    return [sorted(row, key=lambda g: g.box.left) for row in rows]


def _parted(row: list[Glyph]) -> list[list[Glyph]]:
    """A row, cut at its wide gaps."""
    parts = [[row[0]]]
    for glyph in row[1:]:
        last = parts[-1][-1]
        if _is_double(glyph, last):
            continue  # bold type made by printing twice
        if _gap(last, glyph) > MAX_GAP * max(last.size, glyph.size):
            parts.append([glyph])
        else:
            parts[-1].append(glyph)
    return parts


def _gap(last: Glyph, glyph: Glyph) -> float:
    """The gap between two characters of a line; less what a mark leaves bare."""
    marks = (last.char in CLOSING) + (glyph.char in OPENING)
    return glyph.left - last.right - marks * MARK * glyph.size


def _is_double(glyph: Glyph, last: Glyph) -> bool:
    return glyph.char == last.char and glyph.box.left - last.box.left < 0.12 * glyph.size


def _horizontal(row: list[Glyph]) -> TextLine:
    size = median(glyph.size for glyph in row)
    gaps = [b.box.left - a.box.right for a, b in pairwise(row)]
    usual = median(gaps) if gaps else 0.0
    text = row[0].char
    for gap, glyph in zip(gaps, row[1:], strict=True):
        text += (" " if gap > max(usual, 0.0) + SPACE_GAP * size else "") + glyph.char
    return TextLine(text=text, box=_around(row), size=size)


def _around(glyphs: list[Glyph]) -> Box:
    return Box(
        min(glyph.left for glyph in glyphs),
        min(glyph.box.top for glyph in glyphs),
        max(glyph.right for glyph in glyphs),
        max(glyph.box.bottom for glyph in glyphs),
    )
