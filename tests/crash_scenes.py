"""The runs that crashing.py breaks off, and what has to be true of the folders that they leave.

A place is a folder with `out/` and, for what is published, the target `www/`.
"""

import contextlib
import datetime
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from builders import article, issue
from qjaudio.config import Config
from qjaudio.engines.silent import SilentEngine
from qjaudio.errors import UsageError
from qjaudio.machine import Loudness
from qjaudio.pipeline import making, publishing, reading
from qjaudio.pipeline.locking import locked
from qjaudio.pipeline.reporting import Quiet
from qjaudio.pipeline.review import Review
from qjaudio.pipeline.scripting import find_script, script_issue
from qjaudio.speech.model import Clip, Utterance
from qjaudio.store import OutFolder
from qjaudio.targets import place_of
from qjaudio.targets.sending import Manifest
from qjaudio.web.addresses import published_path

NOW = datetime.datetime(2025, 5, 21, 8, 0, tzinfo=reading.CHINA)
DATE = "2025-05-20"
BASE = "https://example.cn/qj/"
REWRITTEN = ("feed.xml", "index.html", f"{DATE}.html")
"""While an episode is replaced, these are neither those of before nor those of the end."""
PAGE = """{year}年{month}月{day}日 {weekday}

总第385{day}期 JIN RI QU JIANG

# {place}村的新桥通车了

本报讯(记者 甲乙丙) 昨天上午，{place}村的新桥通车了。桥长三百米，村民过河不用再坐船。

# {place}村的路也修好了

本报讯(记者 丁戊己) 从村口到桥头的路有两公里，原来坑坑洼洼，如今铺上了柏油。
"""
_speak = SilentEngine.speak


@dataclass(frozen=True)
class Scene:
    """What is there before a run, and the run, which tells how many utterances were spoken."""

    prepare: Callable[[Path], object]
    run: Callable[[Path], int]


def settings(place: Path) -> Config:
    """Those of every run; the address is needed to publish."""
    return Config(out=str(place / "out"), voice="silent", base_url=BASE)


def make(place: Path, story: str, date: str = DATE, review: str = "none") -> int:
    """One run of `make` on a small issue; returns how many utterances were spoken."""
    spoken = 0

    def counted(self: SilentEngine, utterance: Utterance) -> Clip:
        nonlocal spoken
        spoken += 1
        return _speak(self, utterance)

    SilentEngine.speak = counted  # type: ignore[method-assign]
    config = replace(settings(place), review=review)
    folder = OutFolder(config.out_folder)
    paper = issue(
        article("甲村的桥通车了", "甲村的桥很长。"),
        article(f"{story}村的路修好了", "路很平。"),
        date=date,
    )
    scripted = script_issue(paper, config, folder)
    making.EpisodeJob(
        issue=paper,
        scripted=scripted,
        config=config,
        out=folder,
        progress=Quiet(),
        now=NOW,
        found=find_script(folder, date),
    ).make()
    making.note_if_drafted(date, config, NOW, print)
    return spoken


def in_review(place: Path) -> Review:
    """The editions of a show with one signature."""
    return Review(config=replace(settings(place), review="one"), now=NOW, progress=Quiet())


def drafted(place: Path) -> None:
    """An episode is public, and another version of it waits for its signature."""
    make(place, "乙")
    make(place, "丙", review="one")


def approve(place: Path) -> int:
    """Sign the draft; what is signed already is published."""
    review = in_review(place)
    edition = review.edition(DATE)
    if edition and edition.roles_left:
        review.approve(DATE, who="王编辑")
    review.publish_due()
    with locked(review.out, DATE, NOW):  # clears away what a run has left that was killed
        pass
    publishing.publish_feed(review.out, review.config)
    return 0


def withdraw(place: Path) -> int:
    """Withdraw the episode; where that is noted already, carry it out."""
    review = in_review(place)
    with contextlib.suppress(UsageError):
        review.withdraw(DATE, who="王编辑", why="有误")
    publishing.publish_feed(review.out, review.config)
    return 0


def rebuild(place: Path) -> int:
    """One run of `feed`."""
    config = settings(place)
    publishing.publish_feed(OutFolder(config.out_folder), config)
    return 0


def publish(place: Path) -> int:
    """One run of `publish` to the folder `www`."""
    config = settings(place)
    publishing.mirror(
        target=str(place / "www"), config=config, out=OutFolder(config.out_folder),
        progress=Quiet(), now=NOW, sleep=lambda _: None,
    )  # fmt: skip
    return 0


def put_pages(place: Path, date: str, weekday: str, village: str) -> None:
    """The printed issue of a date, where the command line looks for it."""
    year, month, day = map(int, date.split("-"))
    folder = place / "issues" / date
    folder.mkdir(parents=True)
    text = PAGE.format(year=year, month=month, day=day, weekday=weekday, place=village)
    (folder / "page1.md").write_text(text, encoding="utf-8")


def nothing(_: Path) -> None:
    """An empty place."""


def one_episode(place: Path) -> None:
    """An episode of yesterday's text is there already."""
    make(place, "乙")


def one_without_feed(place: Path) -> None:
    """An episode is there, its feed is not."""
    make(place, "乙")
    (place / "out/feed.xml").unlink()


def one_without_record(place: Path) -> None:
    """An episode is in the feed, its record is lost."""
    make(place, "乙")
    (place / "out" / DATE / "episode.json").unlink()


def one_published(place: Path) -> None:
    """An episode was published, then it was replaced, and another one was made."""
    make(place, "乙")
    publish(place)
    make(place, "丙")
    make(place, "丁", "2025-05-21")


SCENES = {
    "first": Scene(nothing, lambda place: make(place, "乙")),
    "again": Scene(one_episode, lambda place: make(place, "丙")),
    "unrecorded": Scene(one_without_record, lambda place: make(place, "丙")),
    "feed": Scene(one_without_feed, rebuild),
    "approve": Scene(drafted, approve),
    "withdraw": Scene(one_episode, withdraw),
    "publish": Scene(one_episode, publish),
    "republish": Scene(one_published, publish),
}


def _drawn(**words: str) -> bytes:
    return repr(sorted(words.items())).encode()


def _mixed(clips: Any, episode: Any, path: Path, *_: Any, **__: Any) -> Loudness:
    sound = b"".join(clip.pcm for clip in clips)
    path.write_bytes(f"{episode.duration_ms} ".encode() + sound[: episode.duration_ms % 997 + 99])
    return Loudness(-16.0, -1.5)


def cheapened() -> None:
    """Pictures, music and encoding take the time and touch nothing of `out/`."""
    for module, name, made in (
        (publishing, "draw_cover", _drawn),
        (publishing, "draw_show_cover", lambda paper, **_: _drawn(paper=paper)),
        (publishing.pages, "icon", lambda side, *_: f"icon {side}".encode()),
        (making, "place_music", lambda *_: ()),
        (making, "mix", _mixed),
        (making, "write_tags", lambda *_, **__: None),
    ):
        setattr(module, name, made)


def warmed(place: Path) -> None:
    """Modules and dictionaries are loaded once, here, not in each child; no thread stays."""
    make(place, "乙")
    publish(place)
    assert 1 == threading.active_count()


def wrong(place: Path) -> list[str]:
    """What is wrong with what subscribers get, here and at the target: nothing, if all is well."""
    return [*wrong_in(place / "out"), *wrong_in(place / "www")]


def wrong_in(root: Path) -> Iterator[str]:
    """The same in one folder."""
    feed = root / "feed.xml"
    if not feed.is_file():
        return
    channel = ET.parse(feed).getroot()  # noqa: S314 - our own
    for enclosure in channel.iter("enclosure"):
        audio = root / unquote(enclosure.attrib["url"]).rpartition("/")[2]
        if not audio.exists():
            yield f"{audio.name} is not in {root.name}"
        elif audio.stat().st_size != int(enclosure.attrib["length"]):
            yield f"{audio.name} has another length in {root.name} than its feed says"
    for one in channel.iter():
        for address in (one.get("url", ""), one.get("href", ""), one.text or ""):
            name = address.strip().partition(BASE)[2]
            if address.strip().startswith(BASE) and name and not (root / unquote(name)).exists():
                yield f"the feed of {root.name} names {name}, which is not there"


def files(place: Path) -> dict[str, str]:
    """All files but the cache and what remembers times, as text that can be compared."""
    skipped = {".cache", ".published", ".journal.sqlite", ".journal.begun"}
    found = [one for one in place.rglob("*") if one.is_file() and not skipped & set(one.parts)]
    return {str(path.relative_to(place)): path.read_bytes().hex() for path in sorted(found)}


def left_over(place: Path, whole: Path) -> list[str]:
    """Files and folders that an undisturbed run does not leave."""
    wanted = {path.relative_to(whole) for path in whole.rglob("*")}
    found = {path.relative_to(place) for path in place.rglob("*")}
    return sorted(map(str, found - wanted))


def unfit(place: Path, before: Path, whole: Path, looked: Path) -> list[str]:
    """What is shown to the world and is not a finished file of the run or of the one before.

    Through the server, at the target, or in the next `publish`; `looked` is for a copy, since to
    look is to write into the cache.
    """
    shutil.rmtree(looked, ignore_errors=True)
    shutil.copytree(place, looked)
    out = OutFolder(looked / "out")
    names = {str(path.relative_to(out.root)) for path in out.root.rglob("*")}
    shown = {name for name in names if _is_served(out.root, name)}
    if out.root.is_dir():
        manifest = Manifest(out.root / ".published" / f"{place_of('www').key}.jsonl")
        shown |= {upload.name for upload in publishing.publishable(out, settings(looked), manifest)}
    at_target = [path.name for path in (looked / "www").glob("*") if path.name[0] != "."]
    return [
        f"{root.name}/{name}"
        for root, some in ((out.root, shown), (looked / "www", at_target))
        for name in sorted(some)
        if not _is_finished(root / name, [before / root.name, whole / root.name])
    ]


def _is_served(root: Path, name: str) -> bool:
    return published_path(root, tuple(name.split("/"))) is not None


def _is_finished(path: Path, roots: list[Path]) -> bool:
    name = path.name.replace(".former.", ".")
    known = [root / name for root in roots if (root / name).exists()]
    if name in REWRITTEN:
        return bool(known) and path.read_bytes().rstrip().endswith((b"</rss>", b"</html>"))
    return path.read_bytes() in [one.read_bytes() for one in known]
