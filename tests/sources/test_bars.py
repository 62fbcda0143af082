"""Bars, pills and marks of scans, on drawn pages."""

from dataclasses import replace

import numpy as np
import pytest

from qjaudio.paper.model import TextLine
from qjaudio.paper.text import Box
from qjaudio.sources.bars import bars_of, inked_pieces, marks_of, with_ends_on_bars
from qjaudio.sources.raster import Grey
from qjaudio.sources.rules import straight_lines, under_bars, with_frames

HEIGHT = 20.0


def drawn(*boxes: tuple[Box, int]) -> Grey:
    """A white page with boxes in greys."""
    grey = np.full((1400, 1000), 250, np.uint8)
    for box, level in boxes:
        grey[int(box.top) : int(box.bottom), int(box.left) : int(box.right)] = level
    return grey


def type_on(line: Box, level: int) -> list[tuple[Box, int]]:
    """Strokes of characters, as high as a line."""
    at = np.arange(line.left, line.right, 12)
    return [(Box(float(x), line.top, float(x) + 5, line.bottom), level) for x in at]


@pytest.mark.parametrize(("ground", "ink"), [(30, 250), (90, 250), (200, 20), (238, 40)])
def test_the_ground_of_a_line_is_a_bar(ground: int, ink: int) -> None:
    """Black, in colour or in a light tint; an empty one is no label's."""
    bar, line = Box(104, 200, 304, 248), Box(120, 214, 280, 234)
    page = drawn((bar, ground), *type_on(line, ink))
    (found,) = bars_of(page, HEIGHT, [], [line])
    assert all(
        abs(one - other) <= 16
        for one, other in zip(
            (found.left, found.top, found.right, found.bottom),
            (bar.left, bar.top, bar.right, bar.bottom),
            strict=True,
        )
    )
    assert [] == bars_of(page, HEIGHT, [], [Box(120, 400, 280, 420)])


def test_text_and_strokes_of_a_headline_are_no_bars() -> None:
    """Nor is a line between two rules."""
    head, line = Box(100, 100, 500, 160), Box(100, 300, 300, 320)
    thick = [(Box(120, 120, 170, 145), 20), (Box(300, 120, 360, 150), 20)]
    rules = [(Box(90, 290, 400, 293), 20), (Box(90, 327, 400, 330), 20)]
    page = drawn(*thick, *rules, *type_on(line, 20))
    assert [] == bars_of(page, HEIGHT, [], [head, line])


@pytest.mark.parametrize(("right", "bars"), [(420, 0), (300, 1)])
def test_bold_characters_amid_a_headline_are_no_bar(*, right: int, bars: int) -> None:
    """A blurred scan has no bare paper between their strokes; a headline stands on its own bar."""
    dark = Box(104, 200, 304, 248)
    page = drawn((dark, 215), *type_on(Box(112, 204, right, 244), 20))
    assert bars == len(bars_of(page, HEIGHT, [], [Box(112, 202, right, 246)]))


def test_the_stroke_of_a_headline_under_a_dark_bar_is_no_part_of_it() -> None:
    """A character like 一 is as long as the bare edge of a bar is."""
    bar, words, stroke = Box(104, 200, 600, 248), Box(120, 214, 220, 234), Box(200, 268, 280, 274)
    page = drawn((bar, 80), *type_on(words, 240), (stroke, 20))
    (found,) = bars_of(page, HEIGHT, [], [words, Box(190, 252, 400, 290)])
    assert abs(found.top - bar.top) < 4 and abs(found.bottom - bar.bottom) < 4
    beside = Box(360, 204, 600, 224)
    page = drawn((replace(bar, right=350), 80), *type_on(beside, 20), (stroke, 20))
    assert not any(box.meets(beside) for box in bars_of(page, HEIGHT, [], [beside]))


def test_squares_in_a_row_are_the_ground_of_one_label() -> None:
    """One square is none, nor are bold characters, whose sides are not dark all along."""
    squares = [Box(100 + 36 * at, 200, 130 + 36 * at, 230) for at in range(4)]
    inked = [(Box(x.left + 8, 208, x.left + 22, 211), 250) for x in squares]
    line = Box(104, 204, 234, 226)
    page = drawn(*((x, 30) for x in squares), *inked)
    (found,) = bars_of(page, HEIGHT, [], [line])
    assert found.holds(line)
    assert [] == bars_of(drawn((squares[0], 30)), HEIGHT, [], [Box(104, 204, 126, 226)])
    notches = [(Box(x.left, 208, x.left + 6, 222), 250) for x in squares]
    assert [] == bars_of(drawn(*((x, 30) for x in squares), *notches), HEIGHT, [], [line])
    down, across = np.mgrid[0:30, 0:30] - 14.5
    for one in squares:
        page[200:230, int(one.left) : int(one.right)][np.hypot(down, across) > 15] = 250
    assert bars_of(page, HEIGHT, [], [line])


def test_a_thick_short_bar_is_a_mark() -> None:
    """Thinner ones are strokes or rules."""
    page = drawn((Box(100, 200, 110, 232), 30), (Box(200, 200, 203, 232), 30))
    (found,) = marks_of(*inked_pieces(page), HEIGHT)
    assert 100 == found.left


def test_a_frame_may_have_a_thick_side() -> None:
    """A coloured bar along its left edge."""
    box = Box(100, 100, 700, 500)
    sides = [Box(100, 100, 122, 500), Box(698, 100, 700, 500)]
    sides += [Box(100, 100, 700, 102), Box(100, 498, 700, 500)]
    _, (frame,) = with_frames(*straight_lines(drawn(*((side, 30) for side in sides))))
    assert frame.holds(Box(box.left + 26, box.top + 4, box.right - 4, box.bottom - 4))


def test_what_ends_a_headline_on_its_bar_is_as_large() -> None:
    """A small line under a headline is a deck."""
    bar = Box(0, 0, 200, 80)
    first = TextLine(text="渡口步道上周修", box=Box(5, 5, 180, 35), size=30.0)
    last = TextLine(text="好", box=Box(5, 42, 30, 66), size=24.0)
    deck = TextLine(text="走走", box=Box(5, 42, 30, 66), size=14.0)
    assert 30.0 == with_ends_on_bars([first, last], [bar])[1].size
    assert 14.0 == with_ends_on_bars([first, deck], [bar])[1].size


@pytest.mark.parametrize(("right", "frames"), [(800, 1), (600, 0)])
def test_a_bar_is_the_upper_side_of_a_frame_as_wide(*, right: int, frames: int) -> None:
    """It has no rule there: classified advertisements under their label."""
    bar = Box(100, 200, right, 240)
    sides = [Box(100, 240, 103, 600), Box(797, 240, 800, 600), Box(100, 597, 800, 600)]
    level, upright, length = straight_lines(drawn((bar, 80), *((x, 20) for x in sides)))
    found = under_bars([bar], level, upright, length)
    assert frames == len(found) and all(box.top == bar.top for box in found)


def _framed(*rules: Box) -> list[Box]:
    """The frames of a page with these rules."""
    return with_frames(*straight_lines(drawn(*((rule, 20) for rule in rules))))[1]


def test_a_frame_with_its_corners_cut_off_is_as_wide_as_its_sides_stand_apart() -> None:
    """A rule beside a whole frame is none of its sides."""
    level = [Box(110, 200, 690, 203), Box(110, 597, 690, 600)]
    (frame,) = _framed(*level, Box(100, 212, 103, 588), Box(697, 212, 700, 588))
    assert frame.left < 104 and frame.right > 696
    whole = [Box(100, 200, 700, 203), Box(100, 597, 700, 600), Box(100, 200, 103, 600)]
    (frame,) = _framed(*whole, Box(697, 200, 700, 600), Box(712, 220, 715, 580))
    assert frame.right < 704


@pytest.mark.parametrize(("top", "frames"), [(200, 1), (120, 0)])
def test_a_label_in_the_end_of_the_upper_side_of_a_frame_parts_it(top: int, frames: int) -> None:
    """Both sides begin level with the rest of the rule; those of a larger frame go on."""
    rules = [Box(220, 200, 700, 203), Box(100, 597, 700, 600)]
    assert frames == len(_framed(*rules, Box(100, top, 103, 600), Box(697, top, 700, 600)))
