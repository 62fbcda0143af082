"""What makes a show one's own, from files of the producer: its words, its pictures and its music.

Whatever stands there is looked at before anything is made of it: size and kind first, then all of
it. `check` does so for every file at once, so that a run ends before it speaks and not after.
"""

import contextlib
import datetime
import io
import re
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

from qjaudio import rules, store
from qjaudio.config import Config
from qjaudio.errors import MissingPartError, UsageError, unreadable
from qjaudio.feed.model import SHOW_COVER, Show
from qjaudio.player.pages import icon
from qjaudio.speech.model import BYTES_PER_SAMPLE, SAMPLE_RATE
from qjaudio.store import OutFolder

if TYPE_CHECKING:
    from PIL import Image

    from qjaudio.episode.cover import Look
    from qjaudio.episode.music import OwnMusic

OWN_TABLES = ("opening", "headlines", "sign_off")
"""The tables of phrases.toml that a show may have of its own."""
FIELDS = {"paper", "date", "day", "weekday", "lunar", "count"}
"""What may stand in braces in a sentence of the opening and the sign-off."""
MOST_PHRASES_BYTES = 80_000
MOST_PICTURE_BYTES = 20_000_000
MOST_PIXELS = 30_000_000
COVER_SIDES = (1400, 3000)
"""Pixels, as Apple takes them."""
LOGO_SIDE = 512
MOST_SOUND_BYTES = 300_000_000
STING_SECONDS = (1, 12)
BED_SECONDS = (4, 300)
PAGE_WHITE = (247, 242, 232)
LEAST_CONTRAST = 4.5


def check(config: Config) -> None:
    """Look at all settings and files of the brand; UsageError where one is not as it must be."""
    category_of(config)
    brand_colour(config)
    publication_of(config)
    phrases_of(config)
    own_cover(config)
    logo_of(config)
    music_of(config)


def category_of(config: Config) -> tuple[str, ...]:
    """`News > Daily News` as one or two names as Apple has them; UsageError where it has none."""
    names = tuple(name.strip() for name in config.category.split(">"))
    known = rules.phrases("categories")
    if len(names) <= 2 and names[0] in known and {*names[1:]} <= {*known[names[0]]}:
        return names
    raise UsageError(
        f"category = {config.category!r:.80} is none of Apple's",
        hint='write category = "News > Daily News"; '
        f"known are {', '.join(known.get(names[0], known))}",
    )


def publication_of(config: Config) -> datetime.time:
    """The time of day in China under which old dates are published; UsageError where it is none."""
    if re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", config.publish_at):
        return datetime.time.fromisoformat(config.publish_at)
    reason = f"publish_at = {config.publish_at!r:.80} is not a time of day"
    raise UsageError(reason, hint="write 06:00")


def brand_colour(config: Config) -> str:
    """The show's colour, `#0b5c4a`, empty = ours; UsageError: too light by WCAG 2.2 (1.4.3)."""
    colour = config.colour.lower()
    if not re.fullmatch(r"(#[0-9a-f]{6})?", colour):
        raise UsageError(f"colour = {colour!r:.80} is not a colour", hint='write "#0b5c4a"')
    if colour and contrast(rgb(colour), PAGE_WHITE) < LEAST_CONTRAST:
        reason = f"colour = {colour} is too light for white letters"
        hint = f"take a darker one: a contrast of at least {LEAST_CONTRAST} to 1"
        raise UsageError(reason, hint=hint)
    return colour


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of `#0b5c4a`, from 0 to 255."""
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """The contrast of two colours, from 1 to 21, as WCAG 2.2 defines it."""

    def light(colour: tuple[int, int, int]) -> float:
        parts = [part / 255 for part in colour]
        even = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
        return 0.2126 * even[0] + 0.7152 * even[1] + 0.0722 * even[2]

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


def phrases_of(config: Config) -> dict[str, Any]:
    """Our phrases, under those of the show's own file; UsageError where that is not like ours."""
    ours = rules.phrases("phrases")
    if not config.phrases:
        return ours
    path = _file("phrases", config.phrases, MOST_PHRASES_BYTES)
    try:
        own = rules.parse_phrases(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise unreadable(path, error, "repair it, or start again from qjaudio init") from error
    _check_names(path, "", own, OWN_TABLES)
    for name, table in own.items():
        _check_kind(path, name, table, ours[name])
        _check_names(path, f"{name}.", table, ours[name])
        for key, value in table.items():
            _check_kind(path, f"{name}.{key}", value, ours[name][key])
            _check_fields(path, f"{name}.{key}", value, ours[name][key])
    return {name: table | own.get(name, {}) for name, table in ours.items()}


def _check_names(path: Path, within: str, found: dict[str, Any], known: Iterable[str]) -> None:
    for name in found:
        if name not in known:
            reason = f"{path}: there is no {within}{name}"
            raise UsageError(reason, hint=f"known are {', '.join(known)}")


def _check_kind(path: Path, name: str, value: Any, ours: Any) -> None:
    texts = isinstance(value, list) and value and all(isinstance(one, str) and one for one in value)
    if type(value) is not type(ours) or (isinstance(ours, list) and not texts):
        kinds = {dict: "a table", list: "a list of sentences", str: "a text", int: "a number"}
        reason = f"{path}: {name} is not {kinds[type(ours)]}"
        raise UsageError(reason, hint=f"write it as ours: {ours!r:.60}")


def _check_fields(path: Path, name: str, value: Any, ours: Any) -> None:
    known = FIELDS if isinstance(ours, list) else _fields_in(str(ours))
    for text in value if isinstance(value, list) else [value]:
        try:
            strange = _fields_in(str(text)) - known
        except ValueError:
            strange = {"}"}
        if strange:
            raise UsageError(
                f"{path}: {name} has {{{'}, {'.join(sorted(strange))}}}, which nothing fills in",
                hint=f"known are {', '.join(f'{{{one}}}' for one in sorted(known)) or 'none here'}",
            )


def _fields_in(text: str) -> set[str]:
    """The names in braces, each with what would change the form of its value."""
    return {
        f"{name}{f'!{how}' if how else ''}{f':{form}' if form else ''}"
        for _, name, form, how in Formatter().parse(text)
        if name is not None
    }


def _file(name: str, value: str, most_bytes: int) -> Path:
    """A file of the settings that is there, is one, and is not too large."""
    path = Path(value)
    check = f"check {name} in qjaudio.toml"
    try:
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        raise unreadable(path, error, check) from error
    if not path.is_file():
        raise UsageError(f"{path} is not a file", hint=check)
    if not 0 < size <= most_bytes:
        reason = f"{path} has {size:,} bytes, {name} has 1 to {most_bytes:,}"
        raise UsageError(reason, hint="give a smaller one" if size else "copy the file again")
    return path


def own_cover(config: Config) -> bytes:
    """The show's own picture as a JPEG, empty = none; UsageError where it will not do."""
    return _cover(config.cover, _stamp_of(config.cover)) if config.cover else b""


def _stamp_of(name: str) -> tuple[int, ...]:
    return tuple(store.stamp_of(Path(name)))


@lru_cache(maxsize=4)
def _cover(value: str, _stamp: Sequence[int]) -> bytes:
    from qjaudio.episode.cover import as_jpeg  # late, as for all that draws or decodes

    picture = _read_picture("cover", value)
    least, most = COVER_SIDES
    width, height = picture.size
    if width != height or not least <= width <= most:
        raise UsageError(
            f"{value} has {width} × {height} pixels",
            hint=f"a cover is square, with {least:,} to {most:,} pixels on each side",
        )
    return as_jpeg(_on_white(picture))


def logo_of(config: Config) -> bytes:
    """The logo as a PNG of at most `LOGO_SIDE` pixels, empty = none; UsageError: no picture."""
    return _logo(config.logo, _stamp_of(config.logo)) if config.logo else b""


@lru_cache(maxsize=4)
def _logo(value: str, _stamp: Sequence[int]) -> bytes:
    picture = _read_picture("logo", value).convert("RGBA")
    picture.thumbnail((LOGO_SIDE, LOGO_SIDE))
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def _read_picture(name: str, value: str) -> "Image.Image":
    """A picture that was read to its end, as cameras say that it stands."""
    from PIL import Image, ImageOps

    path = _file(name, value, MOST_PICTURE_BYTES)
    try:
        with warnings.catch_warnings(), path.open("rb") as file:
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(file, formats=("JPEG", "PNG")) as picture:
                width, height = picture.size
                if width * height > MOST_PIXELS:
                    reason = f"{path} has {width} × {height} pixels"
                    raise UsageError(reason, hint="give a smaller one")
                if picture.mode == "I;16":  # 16 bits of grey: Pillow would make all of it white
                    return picture.point(lambda value: value * (1 / 256)).convert("L")
                return ImageOps.exif_transpose(picture)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        reason = f"{path} cannot be read as a picture"
        raise UsageError(reason, hint="save it as PNG or JPEG") from error


def _on_white(picture: "Image.Image") -> "Image.Image":
    from PIL import Image

    white = Image.new("RGB", picture.size, "white")
    clear = picture.convert("RGBA")
    white.paste(clear, mask=clear.getchannel("A"))
    return white


def look_of(config: Config) -> "Look":
    """What the show has of its own on pictures that are drawn."""
    from qjaudio.episode.cover import Look

    return Look(brand_colour(config), logo_of(config))


def write_cover(
    out: OutFolder, show: Show, config: Config, icons: Mapping[str, int], draw: Callable[..., bytes]
) -> None:
    """Write cover.jpg where there is none, or where the settings of the brand have changed.

    A picture that somebody has put there himself stays as long as the settings name no other. The
    `icons`, names and sides, that had the former colour go: they are drawn again with the pages.
    """
    cover, note = out.root / SHOW_COVER, out.cache / "cover.json"
    stamps = [store.stamp_of(Path(name)) if name else [] for name in (config.cover, config.logo)]
    made_of = repr((show.paper, config.colour, stamps))
    known = store.read_json(note) or {}
    is_branded = config.cover or config.logo or config.colour or known
    is_there = cover.exists() and cover.stat().st_size
    if is_there and not (is_branded and known.get("made_of") != made_of):
        return
    store.write_bytes(cover, own_cover(config) or draw(look=look_of(config)))
    former = str(known.get("colour", ""))
    for name, side in icons.items() if former != show.colour else ():
        with contextlib.suppress(OSError):
            if (path := out.root / name).read_bytes() == icon(side, former):
                path.unlink()
    if is_branded:
        store.write_json(note, {"made_of": made_of, "colour": show.colour})


def music_of(config: Config) -> "tuple[OwnMusic | None, OwnMusic | None]":
    """The show's own opening music and bed, None = none; UsageError where one will not do."""
    sting, bed = (
        _music(name, value, bounds, _stamp_of(value)) if value else None
        for name, value, bounds in (
            ("sting_file", config.sting_file, STING_SECONDS),
            ("bed_file", config.bed_file, BED_SECONDS),
        )
    )
    return sting, bed


@lru_cache(maxsize=8)
def _music(name: str, value: str, bounds: tuple[int, int], _stamp: Sequence[int]) -> "OwnMusic":
    from qjaudio.episode.music import OwnMusic
    from qjaudio.machine import decode_audio

    path, (least, most) = _file(name, value, MOST_SOUND_BYTES).absolute(), bounds
    try:
        pcm = decode_audio(f"file:{path}", SAMPLE_RATE, most + 1)
    except MissingPartError as error:
        reason = f"{path} cannot be read as audio"
        raise UsageError(reason, hint="save it as WAV or MP3") from error
    seconds = len(pcm) / BYTES_PER_SAMPLE / SAMPLE_RATE
    if not least <= seconds <= most:
        lasts = f"{seconds:.1f}" if seconds <= most else f"more than {most}"
        reason = f"{path} lasts {lasts} s"
        raise UsageError(reason, hint=f"{name} lasts {least} to {most} s: cut it")
    if not any(pcm[at] for at in range(1, len(pcm), 997)):
        raise UsageError(f"{path} is silent", hint=f"give another one, or leave out {name}")
    return OwnMusic(str(path), store.sha256_of(path), seconds)


def palette(colour: str) -> dict[str, str]:
    """The colours of our pages and icons, and what takes their place in a show of this colour."""
    if not colour:
        return {}
    red, green, blue = rgb(colour)

    def mixed(other: int, share: float) -> str:
        parts = (round(part + (other - part) * share) for part in (red, green, blue))
        return "#" + "".join(f"{part:02x}" for part in parts)

    return {
        "#a3161b": colour, "#8f1217": mixed(0, 0.12), "#b9282d": mixed(255, 0.1),
        "#3a1112": mixed(0, 0.65), "#ff8f85": mixed(255, 0.55), "#ffa79c": mixed(255, 0.62),
    }  # fmt: skip


def recoloured(content: bytes, colour: str) -> bytes:
    """A style sheet or a drawing of ours in another colour."""
    for ours, other in palette(colour).items():
        content = content.replace(ours.encode(), other.encode())
    return content
