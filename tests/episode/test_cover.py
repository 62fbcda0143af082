"""The pictures, looked at by their pixels."""

import io
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from qjaudio.episode.cover import (
    _NAME,
    Canvas,
    Style,
    draw_cover,
    draw_show_cover,
    drawable,
    shrink_cover,
)

WORDS = {
    "paper": "今日衢江",
    "date": "2025-05-20",
    "weekday": "星期二",
    "lunar_date": "农历乙巳年四月廿三",
    "headline": "新桥通车，两岸居民从此过河不用船",
}
HEADLINES = [
    WORDS["headline"],
    "长" * 5000,
    "Supercalifragilisticexpialidocious" * 9,
    "<b>&\"' 😀\x00\n新桥",
    "",
]
RED = (163, 22, 27)
PAPER = (247, 242, 232)


def drawn(**others: Any) -> Image.Image:
    return opened(draw_cover(**{**WORDS, **others}))


def opened(jpeg: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(jpeg))
    picture.load()
    return picture


def is_like(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 14 for one, other in zip(pixel, colour, strict=True))


def has_ink(picture: Image.Image, box: tuple[float, float, float, float]) -> bool:
    """Whether anything dark stands in a box of the grid of 1500."""
    scale = picture.width / 1500
    part = picture.convert("L").crop(tuple(round(edge * scale) for edge in box))  # type: ignore[arg-type]
    darkest, _ = part.getextrema()
    assert isinstance(darkest, int | float)
    return darkest < 200


@pytest.mark.parametrize("size", [1400, 1500, 3000])
@pytest.mark.parametrize("headline", HEADLINES[:2])
def test_apple_takes_it(size: int, headline: str) -> None:
    """A square RGB JPEG of the size asked for, under 512 kB."""
    jpeg = draw_cover(**WORDS | {"headline": headline}, size=size)
    picture = opened(jpeg)
    assert ("JPEG", "RGB", (size, size)) == (picture.format, picture.mode, picture.size)
    assert len(jpeg) < 512_000


@pytest.mark.parametrize("paper", ["今日衢江", "衢州报", "人民生活报海外周末版", "Qujiang Daily"])
def test_apple_takes_the_cover_of_the_show(paper: str) -> None:
    """3000 pixels, which Apple prefers, under 512 kB, whatever the name."""
    jpeg = draw_show_cover(paper)
    picture = opened(jpeg)
    assert ("JPEG", "RGB", (3000, 3000)) == (picture.format, picture.mode, picture.size)
    assert len(jpeg) < 512_000


def test_same_words_give_same_bytes() -> None:
    """A rebuild changes no picture; another headline does."""
    assert draw_cover(**WORDS) == draw_cover(**WORDS)
    assert draw_cover(**WORDS) != draw_cover(**{**WORDS, "headline": "老街又热闹了"})
    assert draw_show_cover("今日衢江", 1500) == draw_show_cover("今日衢江", 1500)


@pytest.mark.parametrize("headline", HEADLINES)
@pytest.mark.parametrize("paper", ["今日衢江", "一份名字特别特别特别特别长的地方报纸"])
def test_nothing_overflows(paper: str, headline: str) -> None:
    """The margins stay empty, and nothing of the headline reaches the foot or the rule."""
    picture = drawn(paper=paper, headline=headline)
    for box in ((0, 640, 85, 1500), (1415, 640, 1500, 1500), (100, 1378, 1400, 1392)):
        assert not has_ink(picture, box), box
    assert not has_ink(picture, (100, 906, 1400, 912))
    pixels = [picture.getpixel((x, y)) for x in (20, 1480) for y in range(10, 610, 10)]
    assert all(is_like(pixel, RED) for pixel in pixels)


@pytest.mark.parametrize("date", ["2025-05-20", "2025-12-28", "2025-10-30"])
@pytest.mark.parametrize("lunar_date", ["农历乙巳年四月廿三", "农历乙巳年闰十二月二十九 " * 3, ""])
def test_date_and_lunar_date_do_not_touch(date: str, lunar_date: str) -> None:
    """Between the large day and the small facts there is a gap."""
    picture = drawn(date=date, lunar_date=lunar_date)
    assert has_ink(picture, (100, 660, 700, 860))
    assert has_ink(picture, (1000, 660, 1400, 860))
    gaps = [x for x in range(500, 1300, 4) if not has_ink(picture, (x, 650, x + 24, 870))]
    assert gaps


def test_name_is_readable_on_a_phone() -> None:
    """At 64 pixels light and red still alternate across the name: strokes, not a blur."""
    small = drawn().resize((64, 64), Image.Resampling.LANCZOS)
    row = [small.convert("L").getpixel((x, y)) for y in range(8, 20) for x in range(6, 58)]
    light = sum(1 for grey in row if isinstance(grey, int | float) and grey > 190)
    dark = sum(1 for grey in row if isinstance(grey, int | float) and grey < 90)
    assert light > 100
    assert dark > 100


def test_headline_may_be_missing() -> None:
    """Without a headline its place stays empty."""
    assert not has_ink(drawn(headline=""), (100, 920, 1400, 1380))
    assert has_ink(drawn(), (100, 920, 1400, 1380))


def test_what_the_font_lacks_is_left_out() -> None:
    """Emoji would be boxes; Chinese, Latin and marks stay."""
    assert "新桥 AI“通车”" == drawable("新桥😀 AI“通车”")


def test_short_text_is_large_and_long_text_small() -> None:
    """The size follows the length, inside its bounds, and the end of what is cut shows."""
    canvas = Canvas(1500, "white")
    style = Style("serif", 100, "black")
    sizes = range(100, 40, -10)
    assert (100, ["新桥"]) == _sized(canvas.fit_text("新桥", style, 1000, 300, sizes))
    size, lines = _sized(canvas.fit_text("长" * 1000, style, 1000, 300, sizes))
    assert 50 == size
    assert lines[-1].endswith("…")
    assert len(lines) * size * style.leading <= 300


def _sized(fitted: tuple[Style, list[str]]) -> tuple[float, list[str]]:
    style, lines = fitted
    return style.size, lines


def test_the_picture_in_the_audio_is_small() -> None:
    """It is the same picture, in few bytes: with it Firefox plays what its first 32 kB hold."""
    cover = draw_cover(**WORDS)
    small = shrink_cover(cover)
    assert small == shrink_cover(cover)
    assert (200, 200) == Image.open(io.BytesIO(small)).size
    assert len(small) < 9_000


@pytest.mark.parametrize("char", "衢疃潭黄")
def test_a_dense_character_is_not_smeared(char: str) -> None:
    """At 64 pixels a side, as phones show a show, half of its box is still the ground."""
    canvas = Canvas(1500, "#000000")
    canvas.write(750, 750, char, replace(_NAME, size=500, colour="#ffffff"), "mm")
    box = canvas.image.convert("L").crop((500, 500, 1000, 1000))
    shades = box.resize((21, 21), Image.Resampling.LANCZOS).tobytes()
    assert sum(shade < 110 for shade in shades) / len(shades) > 0.48
