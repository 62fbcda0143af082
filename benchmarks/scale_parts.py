"""What pages, a bundle and a feed cost: the parts of the plan beside making a date."""

import datetime
import os
import random
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from qjaudio import store
from qjaudio.cluster import storage
from qjaudio.config import Config
from qjaudio.episode.model import Episode, from_record, to_record
from qjaudio.feed.rss import COMPANIONS
from qjaudio.pipeline.publishing import publish_feed
from qjaudio.pipeline.reading import issue_at
from qjaudio.store import OutFolder
from qjaudio.targets import place_of

REPO = Path(__file__).parents[1]
SAMPLE = REPO / "issues" / "2025-05-20" / "page1.md"
SCANS = REPO / "tests" / "sources" / "pages"
PAGES = 4
"""A county daily has four pages; the sample is the first of them."""
FIRST = datetime.date(2025, 5, 20)
BASE_URL = "https://example.cn/qj/"
_START_OF_NEWS = "### 路面宽了"


def clocks() -> tuple[float, float]:
    """Core-seconds of this process and its children, and wall seconds."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used), time.monotonic()


def peak_mib() -> float:
    """The most memory that this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def issue_of(folder: Path, date: str, pages: int) -> None:
    """An issue of so many pages made of the sample, with sentences that no other date has."""
    day = datetime.date.fromisoformat(date)
    head, news = SAMPLE.read_text(encoding="utf-8").split(_START_OF_NEWS, 1)
    head = head.replace("2025年5月20日", f"{day.year}年{day.month}月{day.day}日")
    head = head.replace("星期二", f"星期{'一二三四五六日'[day.weekday()]}")
    head = head.replace("农历乙巳年四月廿三", "")
    folder.mkdir(parents=True)
    for page in range(1, pages + 1):
        mark = f"{'甲乙丙丁'[page - 1]}{'一二三四五六七八九'[day.toordinal() % 9]}回。"
        top = head if page == 1 else f"第{page}版\n\n"
        text = f"{top}{_START_OF_NEWS}{news}".replace("。", mark)
        (folder / f"page{page}.md").write_text(text, encoding="utf-8")


def page_costs() -> dict[str, float]:
    """Core-seconds to read a page, by what it comes as; each kind is read once before."""
    costs = {}
    with tempfile.TemporaryDirectory() as name:
        issue_of(Path(name) / "issue", str(FIRST), PAGES)
        inputs = {
            "text": (str(Path(name) / "issue"), PAGES),
            "pdf": (str(SCANS / "two_pages.pdf"), 2),
            "scan": (str(SCANS / "two_pages_1.png"), 1),
        }
        for kind, (location, pages) in inputs.items():
            issue_at(location, Config())
            before = clocks()[0]
            issue_at(location, Config())
            costs[kind] = round((clocks()[0] - before) / pages, 3)
    return costs


def bundle_costs(made_in: Path, folder: Path) -> dict[str, float]:
    """What a worker takes to hand a date in, and its caller to put it in place, on a local disk."""
    out, home = OutFolder(made_in / "out"), OutFolder(folder / "out")
    home.cache.mkdir(parents=True)
    packed, date = folder / "packed.zip", FIRST.isoformat()
    config = Config(out=str(home.root), base_url=BASE_URL)
    with storage.open_storage(place_of(str(folder / "storage"))) as there:
        before = clocks()
        storage.pack_bundle(out, date, packed)
        handed_in = there.hand_in(packed, "run", date)
        sent = clocks()
        there.fetch(handed_in, folder / "bundle.zip")
        storage.unpack_bundle(folder / "bundle.zip", home, date, config, None)
        placed = clocks()
    return {
        "bytes": packed.stat().st_size,
        "hand_in_s": round(sent[1] - before[1], 4),
        "take_s": round(placed[1] - sent[1], 4),
        "take_core_s": round(placed[0] - sent[0], 4),
    }


def feed_costs(made_in: Path, folder: Path, days: int) -> dict[str, Any]:
    """The feed and pages of as many days as the measured one: built whole, and with one more."""
    out, config = OutFolder(folder), Config(base_url=BASE_URL, voice="silent")
    episode = from_record(store.read_json(made_in / "out" / str(FIRST) / "episode.json") or {})
    assert episode
    sources = OutFolder(made_in / "out")

    def add(number: int) -> None:
        date = str(FIRST - datetime.timedelta(days=number))
        out.stage(date, "").mkdir(parents=True)
        with out.published(date, ".mp3").open("wb") as audio:
            audio.truncate(episode.audio_bytes)  # as long, and no bytes on the disk
        for end in COMPANIONS:
            os.link(sources.published(str(FIRST), end), out.published(date, end))
        one = replace(_other_words(episode, number), date=date)
        one = replace(one, published=f"{date}T06:00:00+08:00")
        store.write_json(out.stage(date, "episode.json"), to_record(one))

    for number in range(days):
        add(number)
    whole = _spent(lambda: publish_feed(out, config))
    add(days)
    one_more = _spent(lambda: publish_feed(out, config))
    archives = sorted(out.root.glob("archive-*.xml"))
    return {
        "episodes": days,
        "whole_core_s": round(whole, 2),
        "one_more_core_s": round(one_more, 2),
        "feed_bytes": out.feed.stat().st_size,
        "archives": len(archives),
        "archive_bytes": sum(path.stat().st_size for path in archives),
        "page_bytes": out.published(str(FIRST), ".html").stat().st_size,
        "show_bytes": _show_bytes(out.root),
        "peak_mib": round(peak_mib()),
    }


def _other_words(episode: Episode, number: int) -> Episode:
    """The episode with its titles stirred: no two alike, and none easier to compress than text."""
    dice = random.Random(number)  # noqa: S311 - the same feed each time
    chapters = tuple(
        replace(one, title="".join(dice.sample(one.title, len(one.title))))
        for one in episode.chapters
    )
    return replace(episode, chapters=chapters)


def _spent(work: Callable[[], object]) -> float:
    before = clocks()[0]
    work()
    return clocks()[0] - before


def _show_bytes(root: Path) -> int:
    """The files of a show that no date brings: cover, player, icons; without feeds and lists."""
    return sum(
        path.stat().st_size
        for path in root.iterdir()
        if path.is_file()
        and not path.name.startswith("20")
        and path.suffix not in (".xml", ".html")
    )
