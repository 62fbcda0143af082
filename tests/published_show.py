"""A show of small files in an output folder, and the rule that every target has to keep."""

import random
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from qjaudio import store
from qjaudio.episode.model import Chapter, Cue, Episode, to_record
from qjaudio.store import OutFolder

BASE = "https://example.cn/听 报/"
DATES = ("2025-05-20", "2025-05-21")


def show(root: Path, *dates: str) -> OutFolder:
    """An output folder with an episode of each date and a picture of the show."""
    out = OutFolder(root)
    for date in dates or DATES:
        add_episode(out, date)
    (root / "cover.jpg").write_bytes(b"cover")
    return out


def add_episode(out: OutFolder, date: str, size: int = 5000, seed: int = 1) -> None:
    """An episode whose MP3 has `size` bytes; made again where it is there."""
    audio = random.Random(f"{date}{seed}").randbytes(size)  # noqa: S311
    store.write_bytes(out.published(date, ".mp3"), audio)
    for suffix in (".vtt", ".srt", ".json", ".chapters.json", ".jpg"):
        store.write_text(out.published(date, suffix), f"{date}{suffix} {seed}")
    episode = Episode(
        paper="今日衢江",
        date=date,
        title=f"今日衢江 {date}",
        duration_ms=9000,
        chapters=(Chapter(start_ms=0, end_ms=9000, title="新桥通车了"),),
        cues=(Cue(start_ms=0, end_ms=9000, text="桥很长。"),),
        audio_bytes=size,
    )
    store.write_json(out.stage(date, "episode.json"), to_record(episode))


def enclosures(feed: bytes) -> dict[str, int]:
    """The MP3s that a feed names, with the lengths that it names."""
    found = [item.find("enclosure") for item in ET.fromstring(feed).iter("item")]  # noqa: S314
    return {
        unquote(one.attrib["url"]).rpartition("/")[2]: int(one.attrib["length"])
        for one in found
        if one is not None
    }


def assert_true(read: Callable[[str], bytes | None]) -> dict[str, int]:
    """Whatever the feed of a target names is there with its length; returns what it names."""
    feed = read("feed.xml")
    if feed is None:
        return {}
    named = enclosures(feed)
    assert named == {name: len(read(name) or b"") for name in named}
    return named


def reader(root: Path) -> Callable[[str], bytes | None]:
    """Reads the files of a folder; None for what is missing."""

    def read(name: str) -> bytes | None:
        path = root / name
        return path.read_bytes() if path.exists() else None

    return read


def whole(out: OutFolder) -> int:
    """How many files there are to publish: all that stand in the folder itself and are no dots."""
    return sum(path.is_file() and path.name[0] != "." for path in out.root.iterdir())


def published(root: Path) -> dict[str, bytes]:
    """The files of a folder itself with their bytes, dot files too."""
    return {path.name: path.read_bytes() for path in root.iterdir() if path.is_file()}
