"""The whole job, from the command line."""

import json
import os
import re
import shutil
from pathlib import Path

import feedparser
import pytest
from mutagen.id3 import ID3

from commands import Command, snapshot
from qjaudio.errors import EngineError
from qjaudio.machine import measure_loudness
from qjaudio.pipeline import making, scripting, voicing
from qjaudio.script.model import Script


def test_make_leaves_a_whole_episode(qjaudio: Command, folder: Path) -> None:
    """MP3, transcripts, chapters, picture, stages and feed are there; four lines tell it."""
    answer = qjaudio("make", "2025-05-20", "--voice", "silent")
    assert (0, 4) == (answer.code, answer.out.count("\n")), answer.err
    assert re.search(r"^check    \d+ places, \d+ of them grave", answer.out, re.M)
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


def spoken(made: Path) -> Path:
    """The record of the episode in `made`, as if the offline voice had spoken it."""
    record = made / "2025-05-20/episode.json"
    record.write_text(record.read_text("utf-8").replace('"silent"', '"kokoro"'), "utf-8")
    return record


def test_auto_does_not_speak_a_finished_episode_again(
    qjaudio: Command, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an engine has said stays, whichever would be taken today."""
    monkeypatch.setenv("QJAUDIO_VOICE", "auto")
    monkeypatch.setattr("qjaudio.pipeline.making.audio_fingerprint", lambda *_: "as it was")
    record = spoken(made)
    record.write_text(
        re.sub('"inputs": "[^"]*"', '"inputs": "as it was"', record.read_text("utf-8")), "utf-8"
    )
    assert 0 == qjaudio("make", "2025-05-20").code
    before = snapshot(made)
    answer = json.loads(qjaudio("make", "2025-05-20", "--json").out)
    assert ("kokoro", False) == (answer["engine"], answer["fresh"])
    assert before == snapshot(made)


def test_auto_speaks_what_is_only_timed_silence(
    qjaudio: Command, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An episode of the silent voice is not finished: with `auto` a voice has to be asked."""
    monkeypatch.setenv("QJAUDIO_VOICE", "auto")
    asked = []

    def no_voice(self: object, script: object, folder: Path) -> None:
        asked.append(folder)
        raise EngineError("no voice today")

    monkeypatch.setattr("qjaudio.pipeline.voicing.Speaker.speak", no_voice)
    assert 6 == qjaudio("make", "2025-05-20").code
    assert 6 == qjaudio("make", "2025-05-20..2025-05-20").code
    assert 2 == len(asked)


def test_silence_enters_no_feed_unless_the_show_asks_for_it(
    qjaudio: Command, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not in the feed, not published, not finished; with the setting by name it is all three."""
    monkeypatch.setenv("QJAUDIO_BASE_URL", "https://example.cn/qj/")
    for voice, number in (("auto", 0), ("silent", 1), ("kokoro", 0)):
        monkeypatch.setenv("QJAUDIO_VOICE", voice)
        assert number == json.loads(qjaudio("feed", "--json").out)["episodes"]
        assert number == len(feedparser.parse((made / "feed.xml").read_bytes()).entries)
        assert (0 if number else 4) == qjaudio("publish", "www", "--dry-run").code
        missing = json.loads(qjaudio("make", "--missing", "--dry-run", "--json").out)
        assert (1 - number) == len(missing["outcomes"])


def test_check_fails_on_silence(qjaudio: Command, made: Path) -> None:
    """Whoever asked for it: nothing can be heard in it."""
    answer = qjaudio("check", "2025-05-20")
    assert 3 == answer.code
    assert "silence" in answer.err


@pytest.mark.usefixtures("unmixed")
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


@pytest.mark.usefixtures("unmixed")
def test_minutes_make_it_longer(qjaudio: Command, made: Path) -> None:
    """--minutes fills the time with further paragraphs of the paper."""
    short = json.loads(qjaudio("make", "2025-05-20", "--voice", "silent", "--json").out)
    longer = qjaudio("make", "2025-05-20", "--voice", "silent", "--minutes", "30", "--json")
    assert short["duration_s"] < json.loads(longer.out)["duration_s"]


DRY = {
    "--dry-run": ("auto", ["--dry-run"]),
    "--voice silent, which the show does not ask for": ("auto", ["--voice", "silent"]),
    "--dry-run of a silent show": ("silent", ["--dry-run", "--minutes", "3"]),
    "--dry-run with a voice": ("auto", ["--dry-run", "--voice", "kokoro"]),
}


@pytest.mark.parametrize("case", DRY)
def test_a_dry_run_writes_nothing(
    qjaudio: Command, folder: Path, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    """It tells length and chapters, of one date and of a range; there is not even a folder."""
    voice, words = DRY[case]
    monkeypatch.setenv("QJAUDIO_VOICE", voice)
    answer = json.loads(qjaudio("make", "2025-05-20", *words, "--json").out)
    assert (False, True) == (answer["made"], answer["dry_run"])
    assert ("--dry-run" in words) == ("dry run" in answer["reason"])
    assert answer["duration_s"] > 60
    assert "opening" == answer["chapters"][0]["kind"]
    told = qjaudio("make", "2025-05-20", *words)
    assert answer["chapters"][1]["title"] in told.out
    assert "script.json" not in told.out + told.err
    many = json.loads(qjaudio("make", "2025-05-20..2025-05-21", *words, "--json").out)
    assert (0, 1) == (many["exit_code"], many["counts"]["dry_run"])
    assert not (folder / "out").exists()


@pytest.mark.parametrize("case", DRY)
def test_a_dry_run_changes_no_published_episode(
    qjaudio: Command, made: Path, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    """The episode that a voice has spoken stays, and so do feed, pages and stage files."""
    voice, words = DRY[case]
    spoken(made)
    monkeypatch.setenv("QJAUDIO_VOICE", voice)
    assert 0 == qjaudio("feed").code
    before = snapshot(made)
    for dates in ("2025-05-20", "2025-05-20..2025-05-21"):
        assert 0 == qjaudio("make", dates, *words).code
    assert before == snapshot(made)


@pytest.mark.usefixtures("unmixed")
def test_a_script_saved_while_make_runs_is_kept(
    qjaudio: Command, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The editor's text stays, that is said, and the next run speaks it; also in a range."""
    path = made / "2025-05-20/script.md"
    edited = path.read_text("utf-8").replace("## ", "## 编者：", 1)
    speak = voicing.Speaker.speak

    def saved_meanwhile(self: voicing.Speaker, script: Script, folder: Path) -> voicing.Spoken:
        path.write_text(edited, encoding="utf-8")
        return speak(self, script, folder)

    for dates in ("2025-05-20", "2025-05-20..2025-05-20"):
        path.unlink(missing_ok=True)
        (made / "2025-05-20/episode.json").unlink()
        with monkeypatch.context() as patch:
            patch.setattr(voicing.Speaker, "speak", saved_meanwhile)
            answer = qjaudio("make", dates)
        assert 0 == answer.code, answer.err
        assert "script.md was saved while this ran" in answer.err
        assert edited == path.read_text("utf-8")
        os.utime(path, (0, path.stat().st_mtime - 120))
        answer = qjaudio("make", dates)
        assert "speaking the edited" in answer.err
        assert "编者：" in (made / "2025-05-20.chapters.json").read_text("utf-8")
        assert edited == path.read_text("utf-8")


@pytest.mark.usefixtures("unmixed")
def test_an_edited_script_saved_again_is_kept(
    qjaudio: Command, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So is the second of two edits, while the first is spoken."""
    path = made / "2025-05-20/script.md"
    first, second = (path.read_text("utf-8").replace("## ", f"## {n}：", 1) for n in "甲乙")
    path.write_text(first, encoding="utf-8")
    mix = making.mix

    def saved_meanwhile(*words: object, **more: object) -> object:
        path.write_text(second, encoding="utf-8")
        return mix(*words, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(making, "mix", saved_meanwhile)
        assert "script.md was saved while this ran" in qjaudio("make", "2025-05-20").err
    assert second == path.read_text("utf-8")
    assert 0 == qjaudio("make", "2025-05-20").code
    assert "乙：" in (made / "2025-05-20.chapters.json").read_text("utf-8")


def test_script_keeps_what_is_saved_meanwhile(
    qjaudio: Command, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`qjaudio script`, too."""
    path = made / "2025-05-20/script.md"
    prepare = scripting.prepare_issue

    def saved_meanwhile(*words: object, **more: object) -> object:
        path.write_text("# 编者\n", encoding="utf-8")
        return prepare(*words, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(scripting, "prepare_issue", saved_meanwhile)
    answer = qjaudio("script", "2025-05-20", "--minutes", "20")
    assert "script.md was saved while this ran" in answer.err
    assert "# 编者\n" == path.read_text("utf-8")


@pytest.mark.usefixtures("unmixed")
def test_a_record_of_an_engine_that_is_gone_is_made_anew(
    qjaudio: Command, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever spoke it cannot be asked whether it is up to date: it is not, and no run stops."""
    record = made / "2025-05-20/episode.json"
    record.write_text(record.read_text("utf-8").replace('"silent"', '"parrot"'), "utf-8")
    answer = qjaudio("make", "2025-05-20", "--json")
    assert 0 == answer.code, answer.err
    assert ("silent", True) == tuple(json.loads(answer.out)[name] for name in ("engine", "fresh"))
    record.write_text(record.read_text("utf-8").replace('"silent"', '"parrot"'), "utf-8")
    assert 0 == qjaudio("make", "2025-05-20..2025-05-21").code
    assert "parrot" not in record.read_text("utf-8")
    record.write_text(record.read_text("utf-8").replace('"silent"', '"parrot"'), "utf-8")
    monkeypatch.setenv("QJAUDIO_VOICE", "auto")
    monkeypatch.setattr("qjaudio.pipeline.making.publishing.cover_of", lambda *_: b"")
    said = []

    def no_voice(self: object, script: object, folder: Path) -> None:
        said.append("asked")
        raise EngineError("no voice today")

    monkeypatch.setattr("qjaudio.pipeline.voicing.Speaker.speak", no_voice)
    assert (6, ["asked"]) == (qjaudio("make", "2025-05-20").code, said)


@pytest.mark.parametrize("stray", ["2025-05-21.bak", "2025-05-21.md~", "2025-05-21.old/notes.x"])
def test_what_an_editor_leaves_is_no_date(qjaudio: Command, folder: Path, stray: str) -> None:
    """A range takes no date of which only a backup is there, and no backup for the pages."""
    left = folder / "issues" / stray
    left.parent.mkdir(exist_ok=True)
    left.write_text("old words")
    range_of_it = ("make", "2025-05-01..2025-05-31", "--dry-run", "--json")
    found = json.loads(qjaudio(*range_of_it).out)["outcomes"]
    assert ["2025-05-20"] == [one["date"] for one in found]
    assert 4 == qjaudio("read", "2025-05-21").code
    page = next((folder / "issues/2025-05-20").glob("page*"))
    shutil.copy(page, folder / "issues/2025-05-21.md")
    found = json.loads(qjaudio(*range_of_it).out)["outcomes"]
    assert ["2025-05-20", "2025-05-21"] == [one["date"] for one in found]
    assert "articles" in qjaudio("read", "2025-05-21", "--json").out


@pytest.mark.usefixtures("unmixed")
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
    "not a date": (2, ["make"]),
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
    if case != "not a date":  # click's own words
        lines = [line for line in answer.err.splitlines() if not line.startswith("·")]
        lines = [line for line in lines if "…" not in line]
        assert lines[-2].startswith("qjaudio: "), answer.err
        assert lines[-1].startswith("  hint: "), answer.err
    assert before == snapshot(made)


@pytest.mark.usefixtures("unmixed")
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
