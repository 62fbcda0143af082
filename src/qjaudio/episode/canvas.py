"""A square picture on which text is set, measured and fitted; lengths are 1/1500 of the side."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache, partial
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

from qjaudio.episode.lines import balanced, keeps_pieces, wrap
from qjaudio.episode.titles import ELLIPSIS, shortened
from qjaudio.errors import MissingPartError

GRID = 1500
Face = Literal["sans", "serif"]
_MOST_BYTES = 500_000
"""Podcast hosts refuse pictures over 512 kB."""
_MOST_FITTED = 160
"""No box of ours holds more characters; an endless headline is not measured to its end."""
_UNDEFINED = "\U0010ffff"  # no font has it: what is drawn instead is drawn for all it lacks


@dataclass(frozen=True, slots=True)
class Style:
    """How text looks. Chinese fonts in packages have one weight: `weight` thickens the strokes."""

    face: Face
    size: float
    colour: str
    weight: float = 0.0
    """Thickness added on each side of a stroke, as a part of the size."""
    leading: float = 1.3
    """From one line to the next, as a part of the size."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """A picture in the making."""

    side: int
    background: str
    image: Image.Image = field(init=False)

    def __post_init__(self) -> None:
        """Begin with an empty picture."""
        image = Image.new("RGB", (self.side, self.side), self.background)
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
            font=self._font(style),
            fill=style.colour,
            anchor=anchor,
            stroke_width=self._px(style.size * style.weight),
        )

    def width(self, style: Style, text: str) -> float:
        """How wide a line of this text is."""
        stroke = 2 * self._px(style.size * style.weight)
        pixels = sum(_advance(style.face, self._px(style.size), char) for char in text)
        return (pixels + stroke) * GRID / self.side

    def fitted(
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
        beginning = shortened(text, _MOST_FITTED)
        for size in sizes:
            style = replace(style, size=size)
            measure = partial(self.width, style)
            room = min(most_lines, int(height // (size * style.leading)))
            if len(wrap(beginning, measure, width)) <= room:
                lines = balanced(beginning, measure, width)
                alone = len(lines) > 1 and min(map(len, lines)) == 1
                if not alone and keeps_pieces(beginning, measure, width):
                    return style, lines
                second_best = second_best or (style, lines)
        return second_best or (style, _cut(room, beginning, measure, width))

    def jpeg(self) -> bytes:
        """The finished picture, as good as it can be under 500 kB."""
        for quality in range(90, 50, -10):
            file = io.BytesIO()
            self.image.save(file, "JPEG", quality=quality, subsampling=0, optimize=True)
            if file.tell() <= _MOST_BYTES:
                break
        return file.getvalue()

    def _px(self, length: float) -> int:
        return round(length * self.side / GRID)

    def _font(self, style: Style) -> ImageFont.FreeTypeFont:
        return font(style.face, self._px(style.size))


def _cut(most_lines: int, text: str, width_of: Callable[[str], float], width: float) -> list[str]:
    """As much of the text as fits in so many lines, with an ellipsis at its end."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if len(wrap(text[:middle].rstrip() + ELLIPSIS, width_of, width)) <= most_lines:
            low = middle
        else:
            high = middle - 1
    return balanced(text[:low].rstrip() + ELLIPSIS, width_of, width)


@lru_cache(maxsize=64)
def font(face: Face, pixels: int) -> ImageFont.FreeTypeFont:
    """A font of the package of Noto CJK fonts.

    Raises:
        MissingPartError: the package or its file is not there.
    """
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
def _advance(face: Face, pixels: int, char: str) -> float:
    """How far a character moves the pen, in pixels."""
    return font(face, pixels).getlength(char)


def drawable(text: str) -> str:
    """The text without characters that the fonts lack (emoji), which would show as boxes."""
    return "".join(char for char in text if char.isspace() or _has(char)).strip()


@cache
def _has(char: str) -> bool:
    return _drawn(char) != _drawn(_UNDEFINED)


def _drawn(char: str) -> tuple[tuple[int, int], bytes]:
    mask = font("sans", 24).getmask(char)
    return mask.size, bytes(mask)
