"""publish_feed on a folder: archive documents, guids for ever, and folders in a bad state."""

import contextlib
import errno
import json
import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from feed.inspected import ATOM, PODCAST
from feed.shows import HOSTILE, episode, hostile, story
from qjaudio import store
from qjaudio.config import Config
from qjaudio.episode.model import Episode, to_record
from qjaudio.errors import NotWritableError
from qjaudio.pipeline.publishing import publish_feed
from qjaudio.store import OutFolder

ARCHIVE = "{http://purl.org/syndication/history/1.0}archive"
BASE = Config(base_url="https://example.cn/qj/")


def put(out: OutFolder, one: Episode) -> None:
    out.stage(one.date, "").mkdir(parents=True, exist_ok=True)
    out.published(one.date, ".mp3").write_bytes(b"m" * 10)
    record = {**to_record(one), "schema": store.SCHEMA, "audio_bytes": 10}
    out.stage(one.date, "episode.json").write_text(json.dumps(record), "utf-8")


def day(number: int) -> str:
    return (date(2020, 1, 1) + timedelta(days=number)).isoformat()


@pytest.fixture
def out(tmp_path: Path) -> OutFolder:
    (tmp_path / "cover.jpg").write_bytes(b"jpg")
    return OutFolder(tmp_path)


def tree(out: OutFolder, name: str = "feed.xml") -> ET.Element:
    channel = ET.fromstring(out.root.joinpath(name).read_text("utf-8")).find("channel")  # noqa: S314
    assert channel is not None
    return channel


def dates(out: OutFolder, name: str = "feed.xml") -> list[str]:
    return [(item.findtext("guid") or "")[-10:] for item in tree(out, name).iter("item")]


def links(out: OutFolder, name: str = "feed.xml") -> dict[str, str]:
    found = tree(out, name).findall(f"{ATOM}link")
    return {one.get("rel", ""): one.get("href", "").rpartition("/")[2] for one in found}


def test_the_rest_goes_into_archives(out: OutFolder) -> None:
    """Newest 100 in the feed; following prev-archive, or next, meets each episode once."""
    for number in range(230):
        put(out, episode(day(number)))
    publish_feed(out, BASE)
    for relation in ("prev-archive", "next"):
        name, met, walked = "feed.xml", [], []
        while name:
            met += dates(out, name)
            walked.append(name)
            name = links(out, name).get(relation, "")
        assert ["feed.xml", "archive-2.xml", "archive-1.xml"] == walked
        assert [day(number) for number in reversed(range(230))] == met
    assert [100, 30, 100] == [len(dates(out, name)) for name in walked]
    assert tree(out).find(ARCHIVE) is None
    assert all(tree(out, name).find(ARCHIVE) is not None for name in walked[1:])
    assert "feed.xml" == links(out, "archive-1.xml")["current"]
    assert "archive-2.xml" == links(out, "archive-1.xml")["next-archive"]


def test_a_new_episode_leaves_full_archives_alone(out: OutFolder) -> None:
    """Only feed and newest archive change; with fewer episodes an archive goes, a foreign stays."""
    for number in range(310):
        put(out, episode(day(number)))
    (out.root / "archive-9.xml").write_text("<rss/>")
    publish_feed(out, BASE)
    before = {path.name: path.read_bytes() for path in out.root.glob("*.xml")}
    publish_feed(out, BASE)
    assert before == {path.name: path.read_bytes() for path in out.root.glob("*.xml")}
    put(out, episode(day(310)))
    publish_feed(out, BASE)
    after = {path.name: path.read_bytes() for path in out.root.glob("*.xml")}
    assert {"feed.xml", "archive-3.xml"} == {name for name in after if after[name] != before[name]}
    for number in range(150):
        out.published(day(number), ".mp3").unlink()
    publish_feed(out, BASE)
    names = {path.name for path in out.root.glob("*.xml")}
    assert {"feed.xml", "archive-1.xml", "archive-9.xml"} == names
    assert day(210) == dates(out, "archive-1.xml")[0]


def test_a_spoiled_archive_is_made_again(out: OutFolder) -> None:
    """What somebody has edited or cut comes back, although nothing else has changed."""
    for number in range(101):
        put(out, episode(day(number)))
    publish_feed(out, BASE)
    good = out.root.joinpath("archive-1.xml").read_bytes()
    out.root.joinpath("archive-1.xml").write_bytes(good[:99])
    publish_feed(out, BASE)
    assert good == out.root.joinpath("archive-1.xml").read_bytes()


def guids(out: OutFolder) -> list[str | None]:
    channel = tree(out)
    return [channel.findtext(f"{PODCAST}guid"), *(one.text for one in channel.iter("guid"))]


@pytest.mark.parametrize("lost", [False, True])
def test_guids_outlive_every_change(out: OutFolder, lost: bool) -> None:
    """A new host or name or a misread masthead changes none, even with .show.json lost."""
    put(out, episode("2025-05-20"))
    publish_feed(out, BASE)
    before = guids(out)
    if lost:
        (out.root / ".show.json").unlink()
    put(out, episode("2025-05-19", paper="今日衞江"))
    put(out, episode("2025-05-20", paper="今曰衢江"))
    publish_feed(out, Config(base_url="https://other.cn/", paper="新名字", title="新"))
    after = guids(out)
    assert before == after[:2]
    assert 3 == len(after)


def test_without_an_address_no_guid_is_kept(out: OutFolder) -> None:
    """The guid of a show on loopback is nobody's own; the first real address makes it."""
    put(out, episode("2025-05-20"))
    publish_feed(out, Config())
    local = guids(out)
    publish_feed(out, BASE)
    assert local[0] != guids(out)[0]
    assert local[1:] == guids(out)[1:]
    publish_feed(out, Config(guid="given"))
    assert "given" == guids(out)[0]


@pytest.mark.parametrize(
    "text",
    ["", '{"schema": 1, "paper": "今', "[]", "null", '{"schema": 1}', "\x00" * 50],
)
def test_half_a_record_does_not_count(out: OutFolder, text: str) -> None:
    """A damaged episode.json is passed over, also when it was good at the run before."""
    for number in (0, 1):
        put(out, episode(day(number)))
    publish_feed(out, BASE)
    out.stage(day(1), "episode.json").write_text(text, "utf-8")
    assert 1 == publish_feed(out, BASE)[1]
    assert [day(0)] == dates(out)


def test_no_episode_leaves_the_feed_for_a_refusal(
    out: OutFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever look at the show the system refuses for the moment: an error, or the same feed."""
    for number in (0, 1):
        put(out, episode(day(number)))
    publish_feed(out, BASE)
    wanted, numbers = dates(out), (errno.EIO, errno.EMFILE, errno.EPERM, errno.EACCES)
    left = 0

    def refusing(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*words: Any, **others: Any) -> Any:
            nonlocal left
            left -= str(words[0] if words else "").startswith(str(out.root))
            if left == 0:
                left = -1
                raise OSError(numbers[at % 4], "refused", str(words[0]))
            return real(*words, **others)

        return call

    for module, name in ((os, "stat"), (os, "listdir"), (os, "scandir"), (os, "open")):
        monkeypatch.setattr(module, name, refusing(getattr(module, name)))
    struck = 0
    for at in range(1, 200):
        left = at
        with contextlib.suppress(NotWritableError, OSError):
            publish_feed(out, BASE)
        struck += left < 0 and at > 0
        left, missed = -1, left > 0
        assert wanted == dates(out), at
        if missed:
            break
    assert 15 < struck


@pytest.mark.parametrize(
    "others",
    [{"published": "gestern"}, {"duration_ms": "9"}, {"title": None}, {"chapters": [1]},
     {"chapters": "abc"}, {"date": "2020-01-09"}, {"cues": None, "paper": 7}],
)  # fmt: skip
def test_wrong_values_do_not_count(out: OutFolder, others: dict[str, object]) -> None:
    """A record whose values are of another kind is passed over, the rest stands."""
    for number in (0, 1):
        put(out, episode(day(number)))
    record = {**to_record(episode(day(1))), "schema": store.SCHEMA, "audio_bytes": 10, **others}
    out.stage(day(1), "episode.json").write_text(json.dumps(record), "utf-8")
    assert 1 == publish_feed(out, BASE)[1]


def test_foreign_files_and_another_paper_stay_out(out: OutFolder) -> None:
    """A folder holds one show: records of another paper and foreign files are not in its feed."""
    for number in range(3):
        put(out, episode(day(number)))
    put(out, episode(day(3), paper="远山晨报"))
    (out.root / "holiday.mp3").write_bytes(b"1")
    (out.root / "2020-02-30").mkdir()
    (out.root / "2020-02-30/episode.json").write_text("{}")
    (out.root / "2020-03-01/episode.json").mkdir(parents=True)
    assert 3 == publish_feed(out, BASE)[1]


def test_hostile_texts_and_addresses(out: OutFolder) -> None:
    """Markup, emoji, control characters, endless headlines, Chinese and blanks in the address."""
    put(out, hostile())
    put(out, episode(day(1), paper=HOSTILE, chapters=(story(0, 900, "长" * 5000 + HOSTILE),)))
    publish_feed(out, Config(base_url="https://example.cn/听 报/", title=HOSTILE))
    text = out.feed.read_text("utf-8")
    assert 2 == len(list(tree(out).iter("item")))
    urls = [one.get("url", "") for one in tree(out).iter("enclosure")]
    assert all(url.isascii() and " " not in url for url in urls)
    assert text == "".join(char for char in text if char >= " " or char == "\n")


def test_a_date_ahead_of_now_is_not_published(out: OutFolder) -> None:
    """An edited record counts as published when it was written; the bytes stay the same."""
    put(out, episode("2025-05-20", published="2999-01-01T06:00:00+08:00"))
    written = datetime(2025, 5, 20, 1, 2, 3, tzinfo=UTC).timestamp()
    os.utime(out.stage("2025-05-20", "episode.json"), (written, written))
    publish_feed(out, BASE)
    first = out.feed.read_bytes()
    assert "Tue, 20 May 2025 09:02:03 +0800" == tree(out).findtext("item/pubDate")
    publish_feed(out, BASE)
    assert first == out.feed.read_bytes()
