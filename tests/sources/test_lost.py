"""Ink in the columns of a page that is in none of its lines."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from qjaudio.paper.model import TextLine
from qjaudio.paper.text import Box
from qjaudio.sources.lost import boxes_of_lost, lost_lines, with_lost_stops

PITCH, SIZE, WIDE = 30, 20, 12


def _column(rows: int, *, left: int = 60) -> tuple[Image.Image, list[Box]]:
    """A column of lines of characters, and where its lines are."""
    page, lines = Image.new("L", (700, 900), 235), list[Box]()
    for row in range(rows):
        top = 60 + PITCH * row
        _draw(page, left, top, WIDE)
        lines.append(Box(left - 2, top - 2, left + WIDE * SIZE, top + SIZE))
    return page, lines


def _draw(page: Image.Image, left: int, top: int, count: int) -> None:
    """Characters of strokes across and down."""
    draw = ImageDraw.Draw(page)
    for at in range(count):
        x = left + SIZE * at
        for step in (0, 7, 14):
            draw.rectangle((x, top + step, x + 16, top + step + 2), fill=30)
        draw.rectangle((x + 7, top, x + 9, top + 16), fill=30)


def _lost(page: Image.Image, lines: list[Box], solid: tuple[Box, ...] = ()) -> list[Box]:
    return boxes_of_lost(np.asarray(page), lines, [*solid], SIZE + 2.0)


@pytest.mark.parametrize("at", [0, 3, 9])
def test_a_line_of_a_column_that_nobody_found_is_seen(at: int) -> None:
    """At its top, its end or in between; and there is none where all were found."""
    page, lines = _column(10)
    assert _lost(page, lines) == []
    (box,) = _lost(page, [line for line in lines if line is not lines[at]])
    assert abs(box.top - lines[at].top) < 4 and abs(box.width - lines[at].width) < 10


def test_what_is_no_line_of_a_column_is_left_alone() -> None:
    """Characters by themselves, a rule, a stain, a short end of ink, and what is on a picture."""
    page, lines = _column(6)
    draw = ImageDraw.Draw(page)
    under = 60 + PITCH * 6
    draw.rectangle((60, under, 300, under + 3), fill=30)
    draw.ellipse((60, under + 14, 260, under + 30), fill=30)
    _draw(page, 400, 700, 10)  # far from all text
    assert _lost(page, lines) == []
    page, lines = _column(6)
    _draw(page, 60, under, 2)
    assert _lost(page, lines) == []
    _draw(page, 60, under, 10)
    picture = Box(50, under - 8, 320, under + 200)
    assert _lost(page, lines, (picture,)) == []
    assert len(_lost(page, lines)) == 1


def test_a_lost_line_is_read_or_told() -> None:
    """What cannot be read stands in the text as a sign that is doubted."""
    page, lines = _column(4)
    known = [TextLine(text="已读", box=box) for box in lines[:-1]]
    grey = np.asarray(page)
    (line,) = lost_lines(grey, known, [], SIZE + 2.0, lambda crops: ["桥修好了"] * len(crops))
    assert line.text == "桥修好了" and line.box and line.box.top > lines[-2].bottom
    (line,) = lost_lines(grey, known, [], SIZE + 2.0, lambda crops: [""] * len(crops))
    assert line.text == "\ufffd"


@pytest.mark.parametrize(
    ("text", "mark", "read"),
    [
        ("水渠已修好45%", (304, 74, 309, 79), "水渠已修好45%。"),
        ("水渠已修好45%", (304, 74, 306, 81), "水渠已修好45%"),  # a comma
        ("水渠已修好45%", (304, 64, 309, 69), "水渠已修好45%"),
        ("水渠已修好了呀", (304, 74, 309, 79), "水渠已修好了呀"),
    ],
)
def test_the_full_stop_behind_a_figure_comes_back(
    text: str, mark: tuple[int, int, int, int], read: str
) -> None:
    """OCR leaves it out behind %, and the last sentence of a story would not be spoken."""
    page, (box,) = _column(1)
    ImageDraw.Draw(page).ellipse(mark, fill=30)
    line = TextLine(text=text, box=Box(box.left, box.top, 312, box.bottom))
    assert [read] == [one.text for one in with_lost_stops(np.asarray(page), [line])]
