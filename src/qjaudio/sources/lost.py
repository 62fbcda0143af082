"""What of a column's text nobody found: lines, as ink in rows like text between or under others,
and the full stop behind a figure that ends one."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qjaudio.paper.model import TextLine
from qjaudio.paper.text import Box
from qjaudio.sources.ocr import UNREAD, unsure_of
from qjaudio.sources.raster import Grey, ink_of, inked_columns, part_of
from qjaudio.sources.rules import components_of

ROOM, EDGE = 0.25, 4
"""What a line's ink may lie outside its box, in its height; pixels around rules and pictures."""
GAP, THIN, WIDE, HIGH = 0.9, 0.3, 3.0, (0.5, 1.5)
"""Gaps inside a line, and between lines, in heights of the page's lines; how wide a lost one is at
least, and how high."""
INKED, CHARACTERS = (0.08, 0.55), 3
"""Share of a line's room that its ink takes; and in how many pieces it is at least."""
NEAR, ASIDE = 1.6, 3.0
"""How far a line of the same column is above or under it, and how far its beginning to the side, in
heights of lines: a paragraph begins two characters in."""
STOP_SIDE, STOP_TOP, STOP_SHAPE = 0.4, 0.5, 0.8
"""How wide and high the ring of a full stop is at most, from where on it stands, in heights of its
line, and how wide at least, in its height: a comma is narrower."""
_FIGURE = re.compile(r"..[\d%‰]$")  # no page's number


def with_lost_stops(page: Grey, lines: list[TextLine]) -> list[TextLine]:
    """The lines; one that ends in a figure with the full stop that stands behind it."""
    ink = ink_of(page)
    return [
        replace(line, text=f"{line.text}。")
        if line.box and _FIGURE.search(line.text) and _ends_in_stop(line.box, ink)
        else line
        for line in lines
    ]


def _ends_in_stop(box: Box, ink: NDArray[np.bool_]) -> bool:
    part = part_of(ink, box)
    columns = np.flatnonzero(part.any(axis=0))
    if box.is_tall or not len(columns):
        return False
    last = np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1)[-1]
    rows = np.flatnonzero(part[:, last].any(axis=1))
    side, (wide, tall) = STOP_SIDE * len(part), (len(last), int(rows[-1] - rows[0]) + 1)
    return rows[0] > STOP_TOP * len(part) and max(wide, tall) < side and wide > STOP_SHAPE * tall


def lost_lines(
    page: Grey,
    lines: list[TextLine],
    solid: list[Box],
    tall: float,
    read: Callable[[list[Grey]], Sequence[str]],
) -> list[TextLine]:
    """The lines of columns that nobody found, read or not: an editor is told where text is lost."""
    lost = boxes_of_lost(page, [line.box for line in lines if line.box], solid, tall)
    texts = read([part_of(page, box) for box in lost]) if lost else ()
    pairs = zip(texts, lost, strict=True)
    return [TextLine(text=text or UNREAD, box=box, unsure=unsure_of(text)) for text, box in pairs]


def boxes_of_lost(page: Grey, lines: list[Box], solid: list[Box], tall: float) -> list[Box]:
    """Where lines of the columns of some others stand that are none of them.

    `solid` are rules and pictures; `tall` is how high the page's lines are.
    """
    import cv2

    ink = ink_of(page)
    rooms = [
        *((box, ROOM * min(box.width, box.height)) for box in lines),
        *((x, EDGE) for x in solid),
    ]
    for box, room in rooms:
        around = Box(box.left - room, box.top - room, box.right + room, box.bottom + room)
        part_of(ink, around)[:] = False
    free = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    side = np.ones((max(1, round(THIN * tall)), max(1, round(GAP * tall))), np.uint8)
    low, high = HIGH
    found = []
    for box in components_of(cv2, cv2.morphologyEx(free, cv2.MORPH_CLOSE, side)):
        if not (low * tall < box.height < high * tall and box.width > WIDE * tall):
            continue
        share = part_of(free, box).mean()
        pieces = 1 + int((np.diff(inked_columns(box, free > 0)) > 1).sum())
        if INKED[0] < share < INKED[1] and pieces >= CHARACTERS and _is_in_column(box, lines, tall):
            found.append(box)
    return found


def _is_in_column(box: Box, lines: list[Box], tall: float) -> bool:
    """Whether a line of text stands close over or under a place and begins like it."""
    return any(
        abs(line.left - box.left) < ASIDE * tall
        and HIGH[0] * tall < line.height < HIGH[1] * tall
        and line.width > WIDE * tall
        and -ROOM * tall < max(line.top - box.bottom, box.top - line.bottom) < NEAR * tall
        for line in lines
    )
