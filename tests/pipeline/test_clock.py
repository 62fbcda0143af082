"""A clock that is wrong between two runs harms no date and no guid of the feed."""

import datetime
import itertools
import os
from email.utils import parsedate_to_datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from builders import article, issue
from crash_scenes import cheapened
from qjaudio import store
from qjaudio.config import Config
from qjaudio.pipeline import making, publishing, reading
from qjaudio.pipeline.locking import locked
from qjaudio.pipeline.reporting import Quiet
from qjaudio.pipeline.scripting import find_script, script_issue
from qjaudio.store import OutFolder

MORNING = datetime.datetime(2025, 5, 20, 8, 0, tzinfo=reading.CHINA)
DATES = ("2025-05-20", "2025-05-21")
CLOCKS = {
    "right": datetime.datetime(2025, 5, 21, 8, 0, tzinfo=reading.CHINA),
    "yesterday": datetime.datetime(2025, 5, 19, 8, 0, tzinfo=reading.CHINA),
    "1970": datetime.datetime(1970, 1, 1, 0, 0, 40, tzinfo=datetime.UTC),
    "a year ahead": datetime.datetime(2026, 5, 21, 8, 0, tzinfo=reading.CHINA),
}


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OutFolder:
    """A folder with the episode of the first date, made by a clock that was right."""
    for module, name in (
        (publishing, "draw_cover"), (publishing, "draw_show_cover"), (publishing.pages, "icon"),
        (making, "place_music"), (making, "mix"), (making, "write_tags"),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, getattr(module, name))
    cheapened()
    folder = OutFolder(tmp_path / "out")
    make(folder, DATES[0], MORNING)
    return folder


def make(out: OutFolder, date: str, now: datetime.datetime, story: str = "乙") -> None:
    """One run whose clock shows `now`; the files that it writes bear that time."""
    began = {path: store.stamp_of(path) for path in out.root.rglob("*")}
    config = Config(out=str(out.root), voice="silent")
    paper = issue(article(f"{story}村的桥通车了", "桥很长。"), date=date)
    scripted = script_issue(paper, config, out)
    making.EpisodeJob(
        issue=paper,
        scripted=scripted,
        config=config,
        out=out,
        progress=Quiet(),
        now=now,
        found=find_script(out, paper.masthead.date),
    ).make()
    for path in out.root.rglob("*"):
        if path.is_file() and began.get(path) != store.stamp_of(path):
            os.utime(path, (now.timestamp(), now.timestamp()))
    (out.cache / "feed.json").unlink()  # it knows the files by their times


def feed(out: OutFolder) -> tuple[list[str], list[datetime.datetime]]:
    """The guids and dates of the feed, by the dates of the papers, after a rebuild from scratch."""
    publishing.publish_feed(out, Config(out=str(out.root), voice="silent"))
    items = list(ET.parse(out.feed).getroot().iter("item"))  # noqa: S314 - our own
    items.sort(key=lambda item: item.findtext("link", ""))
    dates = [parsedate_to_datetime(item.findtext("pubDate", "")) for item in items]
    return [item.findtext("guid", "") for item in items], dates


@pytest.mark.parametrize("clock", CLOCKS)
def test_a_re_issue_keeps_its_date_and_guid(clock: str, out: OutFolder) -> None:
    """Whatever the clock shows when the episode is made again."""
    before = feed(out)
    make(out, DATES[0], CLOCKS[clock], story="丙")
    assert before == feed(out)


@pytest.mark.parametrize("clock", CLOCKS)
def test_a_new_episode_comes_after_the_one_before(clock: str, out: OutFolder) -> None:
    """It is not older than yesterday's, and no later than the morning of its paper."""
    first, _ = feed(out)
    make(out, DATES[1], CLOCKS[clock])
    guids, dates = feed(out)
    assert [*first, guids[1]] == guids
    assert dates[0] < dates[1] <= datetime.datetime(2025, 5, 21, 6, 0, tzinfo=reading.CHINA)
    make(out, DATES[1], CLOCKS["right"], story="丙")
    assert (guids, dates) == feed(out)


@pytest.mark.parametrize(("first", "then"), list(itertools.permutations(CLOCKS, 2)))
def test_no_pair_of_clocks_spoils_the_order(first: str, then: str, out: OutFolder) -> None:
    """Three dates, made by clocks of which two may be wrong: in order, none ahead of its paper."""
    make(out, "2025-05-21", CLOCKS[first])
    make(out, "2025-05-22", CLOCKS[then])
    guids, dates = feed(out)
    assert 3 == len(set(guids))
    assert sorted(set(dates)) == dates
    assert ["2025-05-20", "2025-05-21", "2025-05-22"] >= [str(date.date()) for date in dates]


def test_the_feed_alone_does_not_look_at_the_clock(out: OutFolder) -> None:
    """A rebuild gives the same bytes, whenever it is made."""
    make(out, DATES[1], CLOCKS["1970"])
    feed(out)
    before = out.feed.read_bytes()
    os.utime(out.feed, (0, 0))
    os.utime(out.cache / "feed.lock", (2**31, 2**31))
    feed(out)
    assert before == out.feed.read_bytes()


def test_a_lock_file_of_the_future_is_no_obstacle(out: OutFolder) -> None:
    """What a dead run has left is taken over, whatever time it bears."""
    lock = out.cache / f"{DATES[1]}.lock"
    lock.write_text('{"pid": 1, "since": "2099-01-01T00:00:00+08:00"}')
    os.utime(lock, (2**32, 2**32))
    with locked(out, DATES[1], CLOCKS["1970"]):
        assert lock.exists()
    assert not lock.exists()
    make(out, DATES[1], CLOCKS["1970"])
    assert 2 == len(feed(out)[0])
