"""The pictures of the show and of its episodes, made like the head of a newspaper."""

from typing import Any

from qjaudio.episode.canvas import GRID, Canvas, Style, drawable
from qjaudio.episode.titles import printable, shortened
from qjaudio.rules import phrases

EPISODE_SIDE = 1500
SHOW_SIDE = 3000
"""Pixels; Apple takes 1400 to 3000 and prefers the latter."""

_PAPER = "#F7F2E8"
_INK = "#1E1B18"
_RED = "#A3161B"
_LIGHT = "#FFFBF2"
_GREY = "#5F574D"
_MARGIN = 100
_WIDTH = GRID - 2 * _MARGIN

_BAND = 620
"""Height of the red band: the name has to be read on a phone where the picture has 64 pixels."""
_NAME = Style("serif", 320, _LIGHT, weight=0.012, leading=1.12)
_DATE = Style("serif", 172, _INK, weight=0.012)
_FACTS = Style("sans", 56, _GREY)
_FACTS_WIDTH = 560
"""What the longest date, 12月28日, leaves beside it."""
_HEADLINE = Style("serif", 136, _INK, weight=0.006, leading=1.28)
_FOOT = Style("sans", 42, _GREY)


def draw_cover(
    *,
    paper: str,
    date: str,
    weekday: str,
    lunar_date: str,
    headline: str,
    size: int = EPISODE_SIDE,
) -> bytes:
    """The picture of one day: name, date, weekday, lunar date and the first headline.

    `date` is ISO 8601, `size` the side in pixels. Returns a JPEG, RGB and square; the same words
    give the same bytes.

    Raises:
        MissingPartError: the font is not there.
    """
    canvas = Canvas(size, _PAPER)
    canvas.fill(0, 0, GRID, _BAND, _RED)
    _write_name(canvas, paper, middle=_BAND / 2, height=_BAND - 80, largest=320)
    _write_date(canvas, date, (drawable(printable(weekday)), drawable(printable(lunar_date))))
    canvas.fill(_MARGIN, 888, GRID - _MARGIN, 894, _INK)
    canvas.fill(_MARGIN, 902, GRID - _MARGIN, 904, _INK)
    _write_headline(canvas, headline)
    canvas.write(_MARGIN, 1420, " · ".join((_words()["edition"], _words()["disclosure"])), _FOOT)
    return canvas.jpeg()


def draw_show_cover(paper: str, size: int = SHOW_SIDE) -> bytes:
    """The picture of the show: its name as large as it can be, as a JPEG, RGB and square.

    Raises:
        MissingPartError: the font is not there.
    """
    canvas = Canvas(size, _RED)
    for inset, width in ((60, 8), (82, 3)):
        _frame(canvas, inset, width)
    _write_name(canvas, paper, middle=660, height=1180, largest=500)
    canvas.fill(GRID / 2 - 170, 1262, GRID / 2 + 170, 1265, _LIGHT)
    canvas.write(GRID / 2, 1330, _words()["edition"], Style("sans", 84, _LIGHT), "mm")
    return canvas.jpeg()


def _words() -> dict[str, Any]:
    words: dict[str, Any] = phrases("notes")["cover"]
    return words


def _frame(canvas: Canvas, inset: float, width: float) -> None:
    far = GRID - inset
    for box in (
        (inset, inset, far, inset + width),
        (inset, far - width, far, far),
        (inset, inset, inset + width, far),
        (far - width, inset, far, far),
    ):
        canvas.fill(*box, _LIGHT)


def _write_name(canvas: Canvas, paper: str, *, middle: float, height: float, largest: int) -> None:
    sizes = range(largest, 100, -10)
    style, lines = canvas.fitted(drawable(printable(paper)), _NAME, _WIDTH, height, sizes, 2)
    _write_lines(canvas, lines, style, GRID / 2, middle, "mm")


def _write_date(canvas: Canvas, date: str, facts: tuple[str, str]) -> None:
    """The day in large figures on the left; year, weekday and lunar date on the right."""
    year, month, day = (int(number) for number in date.split("-"))
    words = _words()
    canvas.write(_MARGIN, 760, words["date"].format(month=month, day=day), _DATE)
    weekday, lunar_date = facts
    first = f"{words['year'].format(year=year)} {weekday}".strip()
    lines = [shortened(line, 20) for line in (first, lunar_date) if line]
    if lines:
        longest = max(lines, key=lambda line: canvas.width(_FACTS, line))
        height = _FACTS.size * _FACTS.leading
        style, _ = canvas.fitted(longest, _FACTS, _FACTS_WIDTH, height, range(56, 26, -2))
        _write_lines(canvas, lines, style, GRID - _MARGIN, 760, "rm")


def _write_headline(canvas: Canvas, headline: str) -> None:
    text = drawable(printable(headline))
    style, lines = canvas.fitted(text, _HEADLINE, _WIDTH, 440, range(136, 64, -4))
    _write_lines(canvas, lines, style, _MARGIN, 1136, "lm")


def _write_lines(
    canvas: Canvas, lines: list[str], style: Style, x: float, middle: float, anchor: str
) -> None:
    """Lines one below the other, around the height `middle`."""
    step = style.size * style.leading
    top = middle - step * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        canvas.write(x, top + number * step, line, style, anchor)
