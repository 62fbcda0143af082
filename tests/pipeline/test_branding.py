"""A show looks, sounds and speaks as its producer wishes, and says what is wrong with his files."""

import io
import math
import os
import struct
import wave
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from qjaudio import rules
from qjaudio.config import Config, load
from qjaudio.episode.cover import Look, as_jpeg, draw_cover, draw_show_cover
from qjaudio.episode.model import Cue, Episode
from qjaudio.episode.music import Levels, own_wave, place_music_to_end
from qjaudio.errors import UsageError
from qjaudio.pipeline import branding
from qjaudio.pipeline.branding import contrast, rgb
from qjaudio.pipeline.making import levels_of
from qjaudio.pipeline.publishing import publish_feed
from qjaudio.speech.model import SAMPLE_RATE
from qjaudio.store import OutFolder

GREEN = "#0b5c4a"


def tone(path: Path, seconds: float, strength: float = 0.4) -> str:
    """A WAV of 8 kHz, quiet on purpose."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        count = int(seconds * 8000)
        waves = (math.sin(at / 3) * strength * 32767 for at in range(min(count, 80_000)))
        file.writeframes(b"".join(struct.pack("<h", int(one)) for one in waves))
        file.writeframes(bytes(2 * max(0, count - 80_000)))
    return str(path)


def picture(path: Path, width: int, height: int, colour: str = GREEN) -> str:
    Image.new("RGB", (width, height), colour).save(path)
    return str(path)


def colours_of(jpeg: bytes, *places: tuple[float, float]) -> list[tuple[int, ...]]:
    """The colours at these places, as shares of the side."""
    with Image.open(io.BytesIO(jpeg)) as shown:
        side = shown.width
        return [shown.getpixel((int(x * side), int(y * side))) for x, y in places]  # type: ignore[misc]


def large(path: Path) -> None:
    """A file of 3 GB that takes no room."""
    path.touch()
    os.truncate(path, 3_000_000_000)


def is_near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(one, other, strict=True))


def test_own_phrases_stand_in_the_place_of_ours(tmp_path: Path) -> None:
    """What the file does not name stays as it is."""
    path = tmp_path / "phrases.toml"
    path.write_text('[opening]\nlines = ["听众朋友好，{weekday}好。"]\n', "utf-8")
    found = branding.phrases_of(Config(phrases=str(path)))
    assert ["听众朋友好，{weekday}好。"] == found["opening"]["lines"]
    assert rules.phrases("phrases")["opening"]["title"] == found["opening"]["title"]
    assert rules.phrases("phrases")["sign_off"] == found["sign_off"]
    assert rules.phrases("phrases") == branding.phrases_of(Config())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[openning]\n", "there is no openning"),
        ('[opening]\nline = "x"\n', "there is no opening.line"),
        ('[opening]\nlines = "x"\n', "opening.lines is not a list of sentences"),
        ("[opening]\nlines = []\n", "opening.lines is not a list of sentences"),
        ("[opening]\nlines = [3]\n", "opening.lines is not a list of sentences"),
        ('[opening]\nlines = ["{papper}"]\n', "{papper}, which nothing fills in"),
        ('[opening]\nlines = ["{paper"]\n', "which nothing fills in"),
        ('[opening]\nlines = ["{paper.x}"]\n', "which nothing fills in"),
        ('[opening]\nlines = ["{count:d}"]\n', "{count:d}, which nothing fills in"),
        ('[opening]\nlines = ["{paper!x:>9999999999}"]\n', "which nothing fills in"),
        ('[headlines]\nafter = "{paper}"\n', "which nothing fills in"),
        ('[headlines]\nseconds = "9"\n', "headlines.seconds is not a number"),
        ("opening = 3\n", "opening is not a table"),
        ('[script]\nnote = ""\n', "there is no script"),
        ("[opening\n", "cannot read"),
        ("\0", "cannot read"),
    ],
)
def test_own_phrases_are_checked(tmp_path: Path, text: str, reason: str) -> None:
    """Unknown tables, keys and fields, and values of another kind, are told with what is known."""
    path = tmp_path / "phrases.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError, match=r"phrases\.toml") as caught:
        branding.phrases_of(Config(phrases=str(path)))
    assert reason in str(caught.value)
    assert caught.value.hint


def test_a_cover_of_ones_own_is_the_shows(tmp_path: Path) -> None:
    """A PNG becomes the JPEG that apps take, under 500 kB."""
    own = branding.own_cover(Config(cover=picture(tmp_path / "c.png", 1400, 1400)))
    assert own.startswith(b"\xff\xd8")
    assert len(own) <= 500_000
    assert is_near(rgb(GREEN), colours_of(own, (0.5, 0.5))[0])


def test_a_heavy_cover_is_made_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not fit into 500 kB in the worst quality gets the least size that Apple takes."""
    monkeypatch.setattr("qjaudio.episode.cover._MOST_BYTES", 1)
    with Image.open(io.BytesIO(as_jpeg(Image.new("RGB", (1450, 1450))))) as small:
        assert (1400, 1400) == small.size


@pytest.mark.parametrize(
    ("name", "make", "reason"),
    [
        ("cover", lambda path: picture(path, 1400, 1500), "1400 × 1500"),
        ("cover", lambda path: picture(path, 600, 600), "600 × 600"),
        ("cover", lambda path: picture(path, 3100, 3100), "3100 × 3100"),
        ("cover", lambda path: path.write_bytes(b""), "has 0 bytes"),
        ("logo", lambda path: path.write_text("a logo", "utf-8"), "cannot be read as a picture"),
        (
            "logo",
            lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * 99),
            "cannot be read as a picture",
        ),
        ("logo", lambda path: path.mkdir(), "is not a file"),
        ("logo", lambda _: None, "cannot read"),
        ("logo", large, "3,000,000,000 bytes"),
        ("sting_file", lambda path: path.write_text("la la", "utf-8"), "cannot be read as audio"),
        ("sting_file", lambda path: tone(path, 0.4), "lasts 0.4 s"),
        ("sting_file", lambda path: tone(path, 3600), "lasts more than 12 s"),
        ("sting_file", lambda path: tone(path, 3, 0.0), "is silent"),
        ("bed_file", lambda path: tone(path, 2), "lasts 2.0 s"),
        ("bed_file", lambda path: tone(path, 400), "lasts more than 300 s"),
    ],
)
def test_files_that_will_not_do_are_told(tmp_path: Path, name: str, make: Any, reason: str) -> None:
    """Each with what is wrong and what to give, at once and not after an hour of work."""
    path = tmp_path / "file.png"
    make(path)
    with pytest.raises(UsageError) as caught:
        branding.check(Config(**{name: str(path)}))
    assert reason in str(caught.value)
    assert caught.value.hint


def test_a_cut_off_logo_is_told(tmp_path: Path) -> None:
    """A picture is read to its end before it is taken."""
    path = tmp_path / "logo.png"
    Image.effect_noise((300, 300), 50).save(path)
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(UsageError, match="cannot be read as a picture"):
        branding.logo_of(Config(logo=str(path)))


def test_a_photograph_stands_upright(tmp_path: Path) -> None:
    """Cameras save a picture as it lay, and which side was up."""
    lying = Image.Exif()
    lying[0x0112] = 6  # to be turned by a quarter (Exif 3.0, Orientation)
    path = tmp_path / "logo.jpg"
    Image.new("RGB", (400, 200)).save(path, exif=lying)
    with Image.open(io.BytesIO(branding.logo_of(Config(logo=str(path))))) as logo:
        assert (200, 400) == logo.size


def test_sixteen_bits_of_grey_stay_grey(tmp_path: Path) -> None:
    """They are no white picture."""
    path = tmp_path / "logo.png"
    Image.new("I;16", (60, 60), 0x8000).save(path)
    with Image.open(io.BytesIO(branding.logo_of(Config(logo=str(path))))) as logo:
        assert (128, 128, 128, 255) == logo.getpixel((30, 30))


def test_covers_have_the_colour_and_the_logo(tmp_path: Path) -> None:
    """On the ground of both pictures the colour, on it the logo."""
    logo = branding.logo_of(Config(logo=picture(tmp_path / "logo.png", 900, 900, "#ffffff")))
    with Image.open(io.BytesIO(logo)) as small:
        assert (512, 512) == small.size
    look = Look(GREEN, logo)
    words = {"weekday": "星期二", "lunar_date": "", "headline": "杜莲公路改造段开放通行"}
    day = draw_cover(paper="今日衢江", date="2025-05-20", look=look, size=300, **words)
    ground, corner = colours_of(day, (0.02, 0.02), (1340 / 1500, 1405 / 1500))
    assert is_near(rgb(GREEN), ground)
    assert is_near((255, 255, 255), corner)
    show = draw_show_cover("今日衢江", 300, look)
    ground, middle = colours_of(show, (0.02, 0.02), (0.5, 230 / 1500))
    assert is_near(rgb(GREEN), ground)
    assert is_near((255, 255, 255), middle)


def test_own_music_is_levelled_and_in_its_place(tmp_path: Path) -> None:
    """A quiet file becomes as loud as ours; the reader begins while its last second sounds."""
    config = Config(sting_file=tone(tmp_path / "s.wav", 5), bed_file=tone(tmp_path / "b.wav", 6))
    levels = levels_of(config)
    assert 4000 == levels.lead_ms
    assert 0 == replace(levels, sting=None).lead_ms
    assert levels.own_sting
    assert 1.0 == pytest.approx(float(abs(own_wave(levels.own_sting)).max()), abs=0.01)
    assert Levels(sting=-3.0).lead_ms != levels.lead_ms
    cue = Cue(start_ms=4000, end_ms=6000, text="字")
    episode = Episode(paper="", date="", title="", duration_ms=20_000, chapters=(), cues=(cue,))
    layers = place_music_to_end(episode, replace(levels, closing=None))
    assert [5, 6] == [len(one.wave) // SAMPLE_RATE for one in layers]  # opening, and the rest


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"colour": "green"}, "is not a colour"),
        ({"colour": "#0b5c4"}, "is not a colour"),
        ({"colour": 3}, "must be text"),
        ({"colour": "#ffee00"}, "too light"),
        ({"category": "Newspapers"}, "none of Apple's"),
        ({"category": "News > Cricket"}, "none of Apple's"),
        ({"category": 3}, "must be text"),
        ({"explicit": "perhaps"}, "not true or false"),
        ({"publish_at": "25:00"}, "not a time of day"),
    ],
)
def test_settings_of_the_brand_are_checked(settings: dict[str, Any], reason: str) -> None:
    """A wrong value is told when the settings are read."""
    with pytest.raises(UsageError) as caught:
        branding.check(load(settings, {}))
    assert reason in str(caught.value)


@pytest.mark.parametrize("colour", ["#0b5c4a", "#123a8c", "#6b2fa0", "#000000", "#7a4b00"])
def test_every_colour_can_be_read(colour: str) -> None:
    """Links, in the light and in the dark, have a contrast of 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    there = branding.palette(branding.brand_colour(Config(colour=colour)))
    for ours, ground in (("#a3161b", "#fffbf2"), ("#8f1217", "#f7f2e8"), ("#ffa79c", "#161310")):
        assert contrast(rgb(there[ours]), rgb(ground)) >= 4.5
    assert contrast(rgb(there["#3a1112"]), rgb("#fffbf2")) >= 4.5
    assert contrast(rgb(there["#b9282d"]), rgb("#fffbf2")) >= 4.5


def test_feed_and_pages_show_the_brand(tmp_path: Path) -> None:
    """Category, copyright, owner, explicit in the feed; colour, logo and footer on the pages."""
    out = OutFolder(tmp_path / "out")
    brand = {
        "category": "News > Politics", "copyright": "© 某某县融媒体中心", "owner": "编辑部",
        "email": "a@example.cn", "explicit": True, "colour": GREEN,
        "footer": "浙ICP备00000000号", "logo": picture(tmp_path / "logo.png", 60, 40),
    }  # fmt: skip
    publish_feed(out, load({"paper": "今日衢江"}, {}))
    red = colours_of((out.root / "cover.jpg").read_bytes(), (0.01, 0.01))[0]
    publish_feed(out, load({"paper": "今日衢江", **brand}, {}))
    feed = out.feed.read_text("utf-8")
    for words in (
        'text="Politics"', "<copyright>© 某某县融媒体中心", "<itunes:name>编辑部",
        "<itunes:explicit>true",
    ):  # fmt: skip
        assert words in feed
    page = (out.root / "index.html").read_text("utf-8")
    assert 'src="logo.png"' in page
    assert '<a href="https://beian.miit.gov.cn/">浙ICP备00000000号</a>' in page
    assert f'content="{GREEN}"' in page
    style = (out.root / "player.css").read_text("utf-8")
    assert GREEN in style
    assert "#a3161b" not in style
    green = colours_of((out.root / "cover.jpg").read_bytes(), (0.01, 0.01))[0]
    assert is_near(rgb(GREEN), green)
    with Image.open(out.root / "icon-512.png") as shown:
        icon = shown.convert("RGB").getpixel((3, 3))
    assert is_near(rgb(GREEN), icon)
    publish_feed(out, load({"paper": "今日衢江"}, {}))
    assert is_near(red, colours_of((out.root / "cover.jpg").read_bytes(), (0.01, 0.01))[0])
    (out.root / "cover.jpg").write_bytes(b"mine")
    publish_feed(out, load({"paper": "今日衢江"}, {}))
    assert b"mine" == (out.root / "cover.jpg").read_bytes()
