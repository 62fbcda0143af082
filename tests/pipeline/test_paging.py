"""The pages in the output folder."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from commands import snapshot
from player.test_episode_page import EPISODE, SHOW
from qjaudio import store
from qjaudio.episode.model import Cue, Episode, to_record
from qjaudio.pipeline import publishing
from qjaudio.store import OutFolder
from qjaudio.targets.sending import is_ours

LIMIT_BYTES = 70_000
"""What a first visit loads without audio and pictures."""


def put(out: OutFolder, episode: Episode) -> Episode:
    """Leave the record of a finished episode; returns it as the feed knows it, without cues."""
    store.write_json(out.stage(episode.date, "episode.json"), to_record(episode))
    return replace(episode, cues=())


def test_pages_are_written_once(tmp_path: Path) -> None:
    """A second run renders nothing and touches no file."""
    out = OutFolder(tmp_path)
    episodes = [put(out, EPISODE), put(out, replace(EPISODE, date="2025-05-21"))]
    assert 2 == publishing.write_pages(out, SHOW, episodes)
    before = {name: (tmp_path / name).stat().st_mtime_ns for name in snapshot(tmp_path)}
    assert 0 == publishing.write_pages(out, SHOW, episodes)
    assert before == {name: (tmp_path / name).stat().st_mtime_ns for name in snapshot(tmp_path)}
    assert "桥很长。" in (tmp_path / "2025-05-20.html").read_text("utf-8")


def test_a_page_is_made_again_when_it_has_to_be(tmp_path: Path) -> None:
    """A new record, a new name of the show or a lost page: only what it concerns is rendered."""
    out = OutFolder(tmp_path)
    episodes = [put(out, EPISODE), put(out, replace(EPISODE, date="2025-05-21"))]
    publishing.write_pages(out, SHOW, episodes)
    episodes[0] = put(out, replace(EPISODE, cues=(Cue(start_ms=0, end_ms=9, text="更正。"),)))
    assert 1 == publishing.write_pages(out, SHOW, episodes)
    assert "更正。" in (tmp_path / "2025-05-20.html").read_text("utf-8")
    (tmp_path / "2025-05-21.html").unlink()
    assert 1 == publishing.write_pages(out, SHOW, episodes)
    assert 2 == publishing.write_pages(out, replace(SHOW, title="新名字"), episodes)


def test_every_file_of_the_player_is_published(tmp_path: Path) -> None:
    """`publish` knows all of them as ours; none is left behind on the way to the host."""
    out = OutFolder(tmp_path)
    episodes = [put(out, replace(EPISODE, date=f"20{year}-01-01")) for year in range(10, 90)]
    publishing.write_pages(out, SHOW, episodes)
    names = {path.name for path in tmp_path.iterdir() if path.is_file()}
    assert {"index.html", "archive.html", "archive-2010-01.html", "sw.js"} <= names
    dates = {episode.date for episode in episodes}
    assert [] == [name for name in names if not is_ours(name, dates)]


def test_a_published_feed_gets_a_code_to_scan(tmp_path: Path) -> None:
    """Without an address of the show's own there is nothing that a phone could scan."""
    for has_address in (False, True):
        publishing.write_pages(OutFolder(tmp_path), SHOW, [], has_address=has_address)
        assert has_address == ("<figure>" in (tmp_path / "index.html").read_text("utf-8"))


def test_a_first_page_of_ones_own_is_kept(tmp_path: Path) -> None:
    """A page that we have not made is left alone; ours is brought up to date."""
    out = OutFolder(tmp_path)
    publishing.write_pages(out, SHOW, [])
    publishing.write_pages(out, SHOW, [put(out, EPISODE)])
    assert "5月20日" in (tmp_path / "index.html").read_text("utf-8")
    (tmp_path / "index.html").write_text("<!doctype html><title>我们的主页</title>", "utf-8")
    publishing.write_pages(out, SHOW, [put(out, EPISODE)])
    assert "我们的主页" in (tmp_path / "index.html").read_text("utf-8")


def test_pages_show_a_small_picture(tmp_path: Path) -> None:
    """It is made from the large one, again when that is newer; a damaged one is left out."""
    out = OutFolder(tmp_path)
    episode, large = put(out, EPISODE), tmp_path / "2025-05-20.jpg"
    Image.new("RGB", (1500, 1500), "red").save(large)
    publishing.write_pages(out, SHOW, [episode])
    small = tmp_path / "2025-05-20.png"
    for page in ("index.html", "2025-05-20.html"):
        assert '<img src="2025-05-20.png"' in (tmp_path / page).read_text("utf-8")
    before = small.read_bytes()
    assert (320, 320) == Image.open(BytesIO(before)).size
    Image.new("RGB", (1500, 1500), "blue").save(large)
    publishing.write_pages(out, replace(SHOW, title="新名字"), [episode])
    assert before != small.read_bytes()
    large.write_bytes(b"no picture")
    publishing.write_pages(out, SHOW, [episode])
    assert "<img" not in (tmp_path / "2025-05-20.html").read_text("utf-8")


def test_a_damaged_record_gives_no_page(tmp_path: Path) -> None:
    """Half a record is passed over; the others get their pages."""
    out = OutFolder(tmp_path)
    episodes = [put(out, EPISODE), put(out, replace(EPISODE, date="2025-05-21"))]
    out.stage("2025-05-21", "episode.json").write_text('{"schema": 1, "cues"', "utf-8")
    assert 1 == publishing.write_pages(out, SHOW, episodes)
    out.stage("2025-05-21", "episode.json").unlink()
    assert 0 == publishing.write_pages(out, SHOW, episodes)


def test_a_page_weighs_less_than_a_picture(tmp_path: Path) -> None:
    """All that a phone loads for an episode of a hundred sentences, without the audio."""
    out = OutFolder(tmp_path)
    text = "今年春天，乡里推出新办法，由一家工厂统一收购各村的鲜叶，按质论价，当天付款。"
    stories = tuple(
        replace(EPISODE.chapters[1], start_ms=n * 50_000, end_ms=(n + 1) * 50_000, title=text[:20])
        for n in range(10)
    )
    cues = tuple(Cue(start_ms=n * 5123, end_ms=n * 5123 + 4000, text=text) for n in range(100))
    long = replace(EPISODE, chapters=stories, cues=cues, duration_ms=515_000)
    publishing.write_pages(out, SHOW, [put(out, long)])
    loaded = ("2025-05-20.html", "player.css", "player.js", "sw.js", "player.webmanifest",
              "icon.svg")  # fmt: skip
    weights = {name: (tmp_path / name).stat().st_size for name in loaded}
    assert LIMIT_BYTES > sum(weights.values()), weights


def test_an_upgrade_makes_every_page_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that another release has rendered are not left as they are."""
    out = OutFolder(tmp_path)
    episodes = [put(out, EPISODE), put(out, replace(EPISODE, date="2025-05-21"))]
    publishing.write_pages(out, SHOW, episodes)
    monkeypatch.setattr(publishing.pages, "program_fingerprint", lambda: "of the next release")
    assert 2 == publishing.write_pages(out, SHOW, episodes)
    assert 0 == publishing.write_pages(out, SHOW, episodes)
