"""The whole job, from the command line."""

import json
import re
import shutil
from pathlib import Path

import feedparser
import pytest
from mutagen.id3 import ID3

from commands import Command, snapshot
from qjaudio.episode.ffmpeg import measure_loudness


def test_make_leaves_a_whole_episode(qjaudio: Command, folder: Path) -> None:
    """MP3, transcripts, chapters, picture, stages and feed are there; three lines tell it."""
    answer = qjaudio("make", "2025-05-20", "--voice", "silent")
    assert (0, 3) == (answer.code, answer.out.count("\n")), answer.err
    out = folder / "out"
    for name in (".mp3", ".vtt", ".srt", ".json", ".chapters.json", ".jpg"):
        assert (out / f"2025-05-20{name}").stat().st_size, name
    for name in ("issue.json", "script.md", "script.json", "episode.json"):
        assert (out / "2025-05-20" / name).stat().st_size, name
    assert not list(out.rglob("*.tmp")), "no temporary file stays"
    kept = {path.name for path in (out / ".cache").iterdir()}
    assert {"clips", "feed.json", "archives.json", "feed.lock"} == kept


def test_each_story_is_a_chapter_in_all_forms(made: Path) -> None:
    """Feed, JSON, ID3 and record agree on titles and whole seconds."""
    record = json.loads((made / "2025-05-20/episode.json").read_text("utf-8"))
    wanted = [(c["start_ms"], c["title"]) for c in record["chapters"]]
    issue = json.loads((made / "2025-05-20/issue.json").read_text("utf-8"))
    assert [a["headline"] for a in issue["articles"]] == [t for _, t in wanted[2:-1]]
    assert all(start % 1000 == 0 for start, _ in wanted)
    chapters = json.loads((made / "2025-05-20.chapters.json").read_text("utf-8"))
    assert wanted == [(c["startTime"] * 1000, c["title"]) for c in chapters["chapters"]]
    frames = ID3(made / "2025-05-20.mp3").getall("CHAP")
    by_time = sorted(frames, key=lambda frame: frame.start_time)
    assert wanted == [(f.start_time, f.sub_frames["TIT2"].text[0]) for f in by_time]


def test_the_feed_names_the_episode(made: Path) -> None:
    """A feed reader finds the MP3 with its length, and a guid of paper and date."""
    feed = feedparser.parse((made / "feed.xml").read_bytes())
    (entry,) = feed.entries
    (enclosure,) = entry.enclosures
    assert enclosure.href.endswith("/2025-05-20.mp3")
    assert (made / "2025-05-20.mp3").stat().st_size == int(enclosure.length)
    assert "2025-05-20" in entry.id


def test_a_second_run_changes_nothing(qjaudio: Command, made: Path) -> None:
    """Nothing is spoken, no file has other bytes."""
    before = snapshot(made)
    answer = qjaudio("make", "2025-05-20", "--voice", "silent", "--json")
    result = json.loads(answer.out)
    assert (False, 0) == (result["fresh"], result["clips_spoken"])
    assert before == snapshot(made)


def test_auto_does_not_speak_a_finished_episode_again(qjaudio: Command, made: Path) -> None:
    """What an engine has said stays, whichever would be taken today."""
    before = snapshot(made)
    assert 0 == qjaudio("make", "2025-05-20").code
    assert before == snapshot(made)


def test_an_edited_script_is_spoken(qjaudio: Command, made: Path) -> None:
    """A deleted story is gone, an added sentence is reported and heard, only it is new."""
    path = made / "2025-05-20/script.md"
    text = path.read_text("utf-8")
    stories = re.split(r"(?m)^(?=## )", text)
    edited = "".join([*stories[:4], stories[4].rstrip(), "编者加了这一句。\n\n", stories[-1]])
    path.write_text(edited, encoding="utf-8")
    answer = qjaudio("make", "2025-05-20", "--voice", "silent", "--json")
    result = json.loads(answer.out)
    assert "not in the paper: 编者加了这一句。" in answer.err
    assert 1 == result["clips_spoken"]
    assert 2 == sum(chapter["kind"] == "story" for chapter in result["chapters"])
    assert "编者加了这一句" in (made / "2025-05-20.vtt").read_text("utf-8")
    assert edited == path.read_text("utf-8")


def test_minutes_make_it_longer(qjaudio: Command, made: Path) -> None:
    """--minutes fills the time with further paragraphs of the paper."""
    short = json.loads(qjaudio("make", "2025-05-20", "--voice", "silent", "--json").out)
    longer = qjaudio("make", "2025-05-20", "--voice", "silent", "--minutes", "30", "--json")
    assert short["duration_s"] < json.loads(longer.out)["duration_s"]


def test_dry_run_is_the_silent_voice(qjaudio: Command) -> None:
    """--dry-run lays out the whole episode without a voice."""
    assert (
        "silent" == json.loads(qjaudio("make", "2025-05-20", "--dry-run", "--json").out)["engine"]
    )


def test_pages_and_output_may_lie_anywhere(qjaudio: Command, folder: Path) -> None:
    """--from takes a file, --out another folder; a path may hold spaces and Chinese."""
    page = folder / "今天 的报纸.md"
    shutil.copy(next((folder / "issues/2025-05-20").glob("page*")), page)
    words = ("--from", str(page), "--out", str(folder / "播客 一"), "--voice", "silent")
    assert 0 == qjaudio("make", "2025-05-20", *words).code
    assert (folder / "播客 一/feed.xml").is_file()
    assert not (folder / "out").exists()


def test_loudness_is_that_of_a_podcast(made: Path) -> None:
    """The whole file is at −16 ±1 LUFS, its true peak under −1 dBTP."""
    loudness = measure_loudness(["-i", str(made / "2025-05-20.mp3")])
    assert 1 >= abs(loudness.integrated + 16)
    assert -1 >= loudness.true_peak


REFUSED = {
    "a date in words": (2, ["make", "tomorrow"]),
    "a day that is none": (2, ["make", "2025-02-30"]),
    "no date": (2, ["make"]),
    "no pages for the date": (4, ["make", "2025-05-21"]),
    "pages of another day": (4, ["make", "2025-05-21", "--from", "issues/2025-05-20"]),
    "no such path": (4, ["make", "2025-05-20", "--from", "nowhere.md"]),
    "an empty file": (4, ["make", "2025-05-20", "--from", "empty.md"]),
    "no newspaper": (4, ["make", "2025-05-20", "--from", "letter.txt"]),
    "no text at all": (4, ["make", "2025-05-20", "--from", "noise.txt"]),
    "an unknown voice": (2, ["make", "2025-05-20", "--voice", "nobody"]),
    "the online voice is down": (6, ["make", "2025-05-20", "--voice", "edge"]),
    "out is a file": (7, ["make", "2025-05-20", "--voice", "silent", "--out", "empty.md"]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_in_two_lines(
    qjaudio: Command, folder: Path, made: Path, case: str
) -> None:
    """The exit code of the design, two lines with a way out, and nothing in out/ changed."""
    (folder / "empty.md").write_bytes(b"")
    (folder / "letter.txt").write_text("Dear Sir,\n\nhow are you?\n", "utf-8")
    (folder / "noise.txt").write_bytes(bytes(range(256)) * 40)
    code, words = REFUSED[case]
    before = snapshot(made)
    answer = qjaudio(*words)
    assert code == answer.code, answer.err
    if case != "no date":  # click's own words
        lines = [line for line in answer.err.splitlines() if not line.startswith("·")]
        lines = [line for line in lines if "…" not in line]
        assert lines[-2].startswith("qjaudio: "), answer.err
        assert lines[-1].startswith("  hint: "), answer.err
    assert before == snapshot(made)


def test_force_takes_pages_of_another_day(qjaudio: Command) -> None:
    """With --force the producer answers for the date."""
    words = ("make", "2025-05-21", "--from", "issues/2025-05-20", "--voice", "silent")
    refused = qjaudio(*words)
    assert "2025-05-20" in refused.err
    assert "2025-05-21" in refused.err
    assert 0 == qjaudio(*words, "--force").code


def test_gb18030_pages_are_read(qjaudio: Command, folder: Path) -> None:
    """Pages in the encoding of older systems give the same episode."""
    page = next((folder / "issues/2025-05-20").glob("page*"))
    old = folder / "old.txt"
    old.write_bytes(page.read_text("utf-8").encode("gb18030"))
    first = json.loads(qjaudio("read", str(page), "--json").out)
    assert first["articles"] == json.loads(qjaudio("read", str(old), "--json").out)["articles"]
