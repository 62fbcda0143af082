"""The pictures of the show and of its episodes, drawn like the head of a newspaper."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache, partial
from typing import Any, Literal, NamedTuple

from PIL import Image, ImageDraw, ImageFont

from qjaudio.episode.model import ELLIPSIS, printable, shorten
from qjaudio.errors import MissingPartError
from qjaudio.rules import phrases

NOT_FIRST = "、，。．：；！？,.:;!?）)》〉」』】〕]｝}”’…—～·%％‰℃"
"""Marks that cling to what stands before them."""
NOT_LAST = "（(《〈「『【〔[｛{“‘"
"""Marks that cling to what follows."""
PAUSES = tuple("，。；：！？,;:!?…— ")
"""Where a line ends well."""
_PIECE = re.compile(
    rf"[{re.escape(NOT_LAST)}]*"
    r"(?:(?<=“)[^“”]{1,6}(?=”)|[0-9A-Za-z]+(?:[.,:/&'+-][0-9A-Za-z]+)*"
    r"|[一二三四五六七八九十廿卅百千万亿〇零]+|.)"
    rf"[{re.escape(NOT_FIRST)}]*"
)
"""A short quotation, a word of Latin letters, a number (廿八) or one character, with its marks."""
_WORTH_OF_A_PAUSE = 0.2
"""A line may be two fifths shorter than the others if it then ends with a mark."""
_EQUAL = 1e-9  # costs are sums of floats

WidthOf = Callable[[str], float]


def wrap(text: str, width_of: WidthOf, most_width: float) -> list[str]:
    """The text in lines no wider than `most_width`, as `width_of` measures them.

    Words of Latin letters, numbers and short quotations stay whole, marks stay with their
    neighbours; only what is wider than a whole line is cut inside.
    """
    return [line.rstrip() for line in _wrap(text, width_of, most_width)]


def balance_lines(text: str, width_of: WidthOf, most_width: float) -> list[str]:
    """As `wrap`, in as few lines, which are as even as can be and end where the sentence pauses.

    Of all ways to fill so many lines the one with the least `_cost` is taken.
    """
    text = text.strip()
    count = len(_wrap(text, width_of, most_width))
    pieces = list(_unbreakable(text, width_of, most_width))
    ideal = width_of(text) / max(count, 1)
    best: dict[int, tuple[float, list[str]]] = {0: (0.0, [])}  # by how many pieces are placed
    for _ in range(count):
        longer: dict[int, tuple[float, list[str]]] = {}
        for start, (cost, lines) in best.items():
            for end, line in _possible_lines(pieces, start, width_of, most_width):
                total = cost + _cost(line, width_of, ideal, is_last=end == len(pieces))
                # Of equals the later start wins: it leaves more on the lines above.
                if end not in longer or total <= longer[end][0] + _EQUAL:
                    longer[end] = total, [*lines, line.rstrip()]
        best = longer
    return best[len(pieces)][1]


def _possible_lines(
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


def _wrap(text: str, width_of: WidthOf, most_width: float) -> list[str]:
    """The lines with the spaces at which they were broken."""
    lines = [""]
    for piece in _unbreakable(text, width_of, most_width):
        if lines[-1] and width_of((lines[-1] + piece).rstrip()) > most_width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line for line in lines if line.strip()]


def _unbreakable(text: str, width_of: WidthOf, most_width: float) -> Iterator[str]:
    """What may not be broken; a piece wider than a line comes character by character."""
    for piece in _PIECE.findall(text):
        if width_of(piece) <= most_width:
            yield piece
        else:
            yield from piece


GRID = 1500
Face = Literal["sans", "serif"]
_MOST_BYTES = 500_000
"""Podcast hosts refuse pictures over 512 kB."""
_MOST_FITTED = 160
"""No box of ours holds more characters; an endless headline is not measured to its end."""
_UNDEFINED = "\U0010ffff"  # no cover_font has it: what is drawn instead is drawn for all it lacks


@dataclass(frozen=True, slots=True)
class Style:
    """How text looks. The packaged fonts have one weight; false bold would smear 衢."""

    face: Face
    size: float
    colour: str
    leading: float = field(default=1.3, kw_only=True)
    """From one line to the next, as a part of the size."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """A picture in the making."""

    side: int
    """The width in pixels; the grid has `GRID` units to it."""
    background: str
    height: int = 0
    """0 = a square."""
    image: Image.Image = field(init=False)

    def __post_init__(self) -> None:
        """Begin with an empty picture."""
        image = Image.new("RGB", (self.side, self.height or self.side), self.background)
        object.__setattr__(self, "image", image)

    def fill(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        """Paint a rectangle; right and bottom edges do not belong to it."""
        box = (
            self._px(left),
            self._px(top),
            max(self._px(right) - 1, self._px(left)),
            max(self._px(bottom) - 1, self._px(top)),
        )
        ImageDraw.Draw(self.image).rectangle(box, fill=colour)

    def write(self, x: float, y: float, text: str, style: Style, anchor: str = "lm") -> None:
        """Write one line; `anchor` as Pillow has it: l, m, r across and m for the middle."""
        ImageDraw.Draw(self.image).text(
            (self._px(x), self._px(y)),
            text,
            font=cover_font(style.face, self._px(style.size)),
            fill=style.colour,
            anchor=anchor,
        )

    def width(self, style: Style, text: str) -> float:
        """How wide a line of this text is."""
        pixels = sum(_text_width(style.face, self._px(style.size), char) for char in text)
        return pixels * GRID / self.side

    def fit_text(
        self,
        text: str,
        style: Style,
        width: float,
        height: float,
        sizes: range,
        most_lines: int = 9,
    ) -> tuple[Style, list[str]]:
        """The largest of `sizes` in which the text fits into the box, and its lines.

        A size that cuts a word, or leaves one character alone on a line, is passed over
        where another fits. What does not fit in the smallest size either ends with an ellipsis.
        """
        second_best = None
        beginning = shorten(text, _MOST_FITTED)
        for size in sizes:
            style = replace(style, size=size)
            measure = partial(self.width, style)
            room = min(most_lines, int(height // (size * style.leading)))
            if len(wrap(beginning, measure, width)) <= room:
                lines = balance_lines(beginning, measure, width)
                alone = len(lines) > 1 and min(map(len, lines)) == 1
                if not alone and keeps_pieces(beginning, measure, width):
                    return style, lines
                second_best = second_best or (style, lines)
        return second_best or (style, _cut_to_fit(room, beginning, measure, width))

    def paste_logo(self, logo: bytes, x: float, y: float, most: float) -> None:
        """Put a PNG with its middle at x and y, at most so wide and so high."""
        if not logo:
            return
        with Image.open(io.BytesIO(logo)) as picture:
            scale = self._px(most) / max(picture.size)
            size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
            small = picture.convert("RGBA").resize(size, Image.Resampling.LANCZOS)
        corner = self._px(x) - size[0] // 2, self._px(y) - size[1] // 2
        self.image.paste(small, corner, small)

    def jpeg(self) -> bytes:
        """The finished picture, as good as it can be under 500 kB."""
        return as_jpeg(self.image)

    def _px(self, length: float) -> int:
        return round(length * self.side / GRID)


def as_jpeg(picture: Image.Image) -> bytes:
    """The picture as good as it can be under 500 kB; smaller where nothing else helps."""
    for side in (picture.width, 1400):
        if side < picture.width:
            picture = picture.resize((side, side), Image.Resampling.LANCZOS)
        for quality in range(90, 50, -10):
            file = io.BytesIO()
            picture.save(file, "JPEG", quality=quality, subsampling=0, optimize=True)
            if file.tell() <= _MOST_BYTES:
                return file.getvalue()
    return file.getvalue()


def _cut_to_fit(
    most_lines: int, text: str, width_of: Callable[[str], float], width: float
) -> list[str]:
    """As much of the text as fits in so many lines, with an ellipsis at its end."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if len(wrap(text[:middle].rstrip() + ELLIPSIS, width_of, width)) <= most_lines:
            low = middle
        else:
            high = middle - 1
    return balance_lines(text[:low].rstrip() + ELLIPSIS, width_of, width)


@lru_cache(maxsize=64)
def cover_font(face: Face, pixels: int) -> ImageFont.FreeTypeFont:
    """A font of the package of Noto CJK fonts; MissingPartError where it is not there."""
    try:
        import pylopdf_fonts_zh_cn as noto

        path = noto.sans_path() if face == "sans" else noto.serif_path()
        # The basic layout is the same with and without libraqm: the same bytes everywhere.
        return ImageFont.truetype(str(path), pixels, layout_engine=ImageFont.Layout.BASIC)
    except (ImportError, OSError) as error:
        raise MissingPartError(
            f"the font of the covers cannot be read: {error}",
            hint="install it again: pip install --force-reinstall pylopdf-fonts-zh-cn",
        ) from error


@lru_cache(maxsize=8192)
def _text_width(face: Face, pixels: int, char: str) -> float:
    """How far a character moves the pen, in pixels."""
    return cover_font(face, pixels).getlength(char)


def drawable(text: str) -> str:
    """The text without characters that the fonts lack (emoji), which would show as boxes."""
    return "".join(char for char in text if char.isspace() or _is_in_font(char)).strip()


@cache
def _is_in_font(char: str) -> bool:
    return _draw_char(char) != _draw_char(_UNDEFINED)


def _draw_char(char: str) -> tuple[tuple[int, int], bytes]:
    mask = cover_font("sans", 24).getmask(char)
    return mask.size, bytes(mask)


EPISODE_SIDE = 1500
PAGE_SIDE = 320
"""Pixels of the picture on a page, which is shown at up to half of that."""
TAG_SIDE, _TAG_QUALITY = 200, 60
"""Pixels and JPEG quality of the picture inside the MP3: browsers read it before the first sound.
Firefox takes a file in blocks of 32 kB and plays once it has a second of sound: with 300 pixels
that is in the second block."""
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
_NAME = Style("sans", 320, _LIGHT, leading=1.12)
_DATE = Style("serif", 172, _INK)
_FACTS = Style("sans", 56, _GREY)
_FACTS_WIDTH = 560
"""What the longest date, 12月28日, leaves beside it."""
_HEADLINE = Style("serif", 136, _INK, leading=1.28)
_FOOT = Style("sans", 42, _GREY)


class Look(NamedTuple):
    """What a show has of its own on its pictures."""

    colour: str = ""
    """Of the ground; empty = ours."""
    logo: bytes = b""
    """A PNG; empty = none."""


_OURS = Look()


def draw_cover(
    *,
    paper: str,
    date: str,
    weekday: str,
    lunar_date: str,
    headline: str,
    look: Look = _OURS,
    size: int = EPISODE_SIDE,
) -> bytes:
    """The picture of one day: name, date, weekday, lunar date and the first headline.

    `date` is ISO 8601, `size` the side in pixels. Returns a JPEG, RGB and square; the same words
    give the same bytes.

    Raises:
        MissingPartError: the font is not there.
    """
    canvas = Canvas(size, _PAPER)
    canvas.fill(0, 0, GRID, _BAND, look.colour or _RED)
    _write_name(canvas, paper, middle=_BAND / 2, height=_BAND - 80, largest=320)
    _write_date(canvas, date, (drawable(printable(weekday)), drawable(printable(lunar_date))))
    canvas.fill(_MARGIN, 888, GRID - _MARGIN, 894, _INK)
    canvas.fill(_MARGIN, 902, GRID - _MARGIN, 904, _INK)
    _write_headline(canvas, headline)
    canvas.write(
        _MARGIN,
        1420,
        " · ".join((_cover_phrases()["edition"], _cover_phrases()["disclosure"])),
        _FOOT,
    )
    canvas.paste_logo(look.logo, GRID - _MARGIN - 60, 1405, 120)
    return canvas.jpeg()


def shrink_cover(cover: bytes, side: int = TAG_SIDE) -> bytes:
    """The same picture, a JPEG, with this side in pixels; the same bytes each time."""
    file = io.BytesIO()
    with Image.open(io.BytesIO(cover)) as picture:
        small = picture.resize((side, side), Image.Resampling.LANCZOS)
    small.save(file, "JPEG", quality=_TAG_QUALITY, optimize=True)
    return file.getvalue()


def small_cover(cover: bytes, side: int = PAGE_SIDE) -> bytes:
    """The same picture as a PNG of few colours, for pages; OSError where it is not a picture."""
    file = io.BytesIO()
    with Image.open(io.BytesIO(cover)) as picture:
        picture.draft("RGB", (side, side))
        small = picture.convert("RGB").resize((side, side), Image.Resampling.LANCZOS)
    small.quantize(16).save(file, "PNG", optimize=True)
    return file.getvalue()


def draw_show_cover(paper: str, size: int = SHOW_SIDE, look: Look = _OURS) -> bytes:
    """The picture of the show, its name as large as can be: a JPEG, RGB and square."""
    canvas = Canvas(size, look.colour or _RED)
    for inset, width in ((60, 8), (82, 3)):
        _frame(canvas, inset, width)
    canvas.paste_logo(look.logo, GRID / 2, 230, 240)
    middle, height = (730, 900) if look.logo else (660, 1180)
    _write_name(canvas, paper, middle=middle, height=height, largest=500)
    canvas.fill(GRID / 2 - 170, 1262, GRID / 2 + 170, 1265, _LIGHT)
    canvas.write(GRID / 2, 1330, _cover_phrases()["edition"], Style("sans", 84, _LIGHT), "mm")
    return canvas.jpeg()


def _cover_phrases() -> dict[str, Any]:
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
    style, lines = canvas.fit_text(drawable(printable(paper)), _NAME, _WIDTH, height, sizes, 2)
    _write_lines(canvas, lines, style, GRID / 2, middle, "mm")


def _write_date(canvas: Canvas, date: str, facts: tuple[str, str]) -> None:
    """The day in large figures on the left; year, weekday and lunar date on the right."""
    year, month, day = (int(number) for number in date.split("-"))
    words = _cover_phrases()
    canvas.write(_MARGIN, 760, words["date"].format(month=month, day=day), _DATE)
    weekday, lunar_date = facts
    first = f"{words['year'].format(year=year)} {weekday}".strip()
    lines = [shorten(line, 20) for line in (first, lunar_date) if line]
    if lines:
        longest = max(lines, key=lambda line: canvas.width(_FACTS, line))
        height = _FACTS.size * _FACTS.leading
        style, _ = canvas.fit_text(longest, _FACTS, _FACTS_WIDTH, height, range(56, 26, -2))
        _write_lines(canvas, lines, style, GRID - _MARGIN, 760, "rm")


def _write_headline(canvas: Canvas, headline: str) -> None:
    text = drawable(printable(headline))
    style, lines = canvas.fit_text(text, _HEADLINE, _WIDTH, 440, range(136, 64, -4))
    _write_lines(canvas, lines, style, _MARGIN, 1136, "lm")


def _write_lines(
    canvas: Canvas, lines: list[str], style: Style, x: float, middle: float, anchor: str
) -> None:
    """Lines one below the other, around the height `middle`."""
    step = style.size * style.leading
    top = middle - step * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        canvas.write(x, top + number * step, line, style, anchor)
