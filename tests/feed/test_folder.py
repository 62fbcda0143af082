"""A whole published folder is what the apps ask for; each rule about it has a fault it reports."""

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from mutagen.id3 import ID3
from PIL import Image

from feed import audio_rules, folder_rules
from feed.inspected import Folder
from feed.validator import OF_FOLDERS, folder_faults, rule_names
from published_show import show
from qjaudio.config import Config
from qjaudio.pipeline.publishing import publish_feed

NOW = datetime(2025, 5, 21, tzinfo=UTC)
HUM = "lowpass=f=150,lowpass=f=150"
"""Leaves the 120 Hz of the hum; the lowest bar that is struck is an octave above."""
MP3 = "2025-05-20.mp3"
Spoil = Callable[[Path], None]


def test_a_published_episode_keeps_every_rule(sounding: Path) -> None:
    """Feed, transcripts, chapters, pictures and MP3 of a `make`, with and without music."""
    assert [] == folder_faults(Folder(sounding, NOW, speech=HUM))


def test_the_sample_episode_keeps_every_rule(finished: Path) -> None:
    """So does the sample issue, before it has an address of its own; its hum is under the music."""
    found = folder_faults(Folder(finished, NOW))
    assert [] == [fault for fault in found if not fault.startswith("C06")]


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A show of 230 days, whose small files stand for audio."""
    root = tmp_path_factory.mktemp("archived") / "out"
    dates = [(date(2024, 6, 1) + timedelta(days=number)).isoformat() for number in range(230)]
    publish_feed(show(root, *dates), Config(base_url="https://example.cn/qj/"))
    return root


def test_a_long_show_hangs_together(archived: Path) -> None:
    """Feed and archives are one chain of all episodes; guids outlive a rebuild without a cache."""
    former = (archived / "feed.xml").read_text("utf-8")
    shutil.rmtree(archived / ".cache")
    (archived / "feed.xml").unlink()
    publish_feed(show(archived), Config(base_url="https://other.cn/"))
    folder = Folder(archived, NOW, former)
    assert 232 == len(folder.items)
    for rule in ("r01", "r02", "r03", "r04", "i12", "i13"):
        assert [] == list(vars(folder_rules)[rule](folder))


def edited(name: str, good: str, bad: str) -> Spoil:
    """Put other words into a text."""

    def spoil(root: Path) -> None:
        text = (root / name).read_text("utf-8")
        assert good in text
        (root / name).write_text(text.replace(good, bad, 1), "utf-8")

    return spoil


def tagged(name: str, frame: str, field: str, value: object) -> Spoil:
    """Change a field of a frame in the tag, or take the frame out."""

    def spoil(root: Path) -> None:
        tag = ID3(root / MP3)
        for one in tag.getall(frame)[1:2] or tag.getall(frame):
            setattr(one, field, value)
        if not field:
            tag.delall(frame)
        tag.save(root / MP3, v2_version=3)

    return spoil


def picture(**how: object) -> Spoil:
    """Another picture in place of the show's."""

    def spoil(root: Path) -> None:
        given = {"mode": "RGB", "size": (1400, 1400), "format": "JPEG", **how}
        image = Image.new(str(given["mode"]), given["size"])  # type: ignore[arg-type]
        image.save(root / "cover.jpg", format=str(given["format"]))

    return spoil


def cut(root: Path) -> None:
    """Only the first half of the MP3."""
    audio = (root / MP3).read_bytes()
    (root / MP3).write_bytes(audio[: len(audio) // 2])


def late(root: Path) -> None:
    """All chapters after the first a second later."""
    path = root / "2025-05-20.chapters.json"
    text = path.read_text("utf-8")
    head, zero, rest = text.partition('"startTime": 0,')
    path.write_text(head + zero + rest.replace('"startTime": ', '"startTime": 1'), "utf-8")


def stray(root: Path) -> None:
    """An archive that nothing leads to."""
    shutil.copy(root / "feed.xml", root / "archive-7.xml")


def encoded(*words: str) -> Spoil:
    """The MP3 encoded in another way."""

    def spoil(root: Path) -> None:
        command = [
            audio_rules.imageio_ffmpeg.get_ffmpeg_exe(),
            "-v",
            "error",
            "-i",
            str(root / MP3),
        ]
        audio_rules.subprocess.run([*command, *words, str(root / "new.mp3")], check=True)
        (root / "new.mp3").replace(root / MP3)

    return spoil


SPOILED: list[tuple[str, Spoil]] = [
    ("I13", lambda root: (root / MP3).unlink()),
    ("I13", cut),
    ("A02", picture(size=(1400, 1300))),
    ("A02", picture(size=(1300, 1300))),
    ("A02", picture(mode="L")),
    ("A02", picture(format="PNG")),
    ("A02", lambda root: (root / "cover.jpg").unlink()),
    ("T07", edited("2025-05-20.vtt", "WEBVTT", "WEB")),
    ("T07", edited("2025-05-20.json", '"body"', '"text"')),
    ("M01", edited("feed.xml", "<itunes:duration>", "<itunes:duration>1")),
    ("M01", cut),
    ("M02", encoded("-q:a", "4")),
    ("M02", encoded("-b:a", "32k", "-ar", "44100")),
    ("M03", encoded("-af", "volume=-6dB", "-b:a", "64k")),
    ("M04", tagged(MP3, "TLAN", "", None)),
    ("M04", tagged(MP3, "APIC", "data", b"GIF")),
    ("C03", tagged(MP3, "CHAP", "start_time", 999)),
    ("C03", edited("2025-05-20.chapters.json", "老茶馆", "新茶馆")),
    ("C04", tagged(MP3, "CTOC", "flags", 0)),
    ("C06", late),
    ("R02", stray),
]
IN_ARCHIVES: list[tuple[str, Spoil]] = [
    ("R01", edited("archive-1.xml", "<fh:archive />", "")),
    ("R01", edited("archive-1.xml", 'rel="current"', 'rel="related"')),
    ("R02", lambda root: (root / "archive-9.xml").write_text("<rss/>") and None),
    ("R02", edited("archive-1.xml", 'rel="next-archive"', 'rel="related"')),
    ("R03", edited("feed.xml", 'rel="next"', 'rel="related"')),
    ("R04", edited("archive-1.xml", "<podcast:guid>", "<podcast:guid>0")),
    ("R04", edited("archive-1.xml", ":2024-06-02</guid>", ":2024-06-03</guid>")),
    ("I12", edited("feed.xml", "<podcast:guid>", "<podcast:guid>0")),
    ("I12", edited("feed.xml", ":2025-01-10</guid>", ":2025-01-10-b</guid>")),
]


def found(rule: str, folder: Folder) -> bool:
    checks = {name: check for module in OF_FOLDERS for name, check in vars(module).items()}
    return bool(list(checks[rule.lower()](folder)))


@pytest.mark.parametrize(("rule", "spoil"), SPOILED)
@pytest.mark.parametrize("sounding", ["no music"], indirect=True)
def test_fault_of_an_episode_is_found(
    sounding: Path, tmp_path: Path, rule: str, spoil: Spoil
) -> None:
    """A folder spoiled in one place breaks the rule that speaks of it."""
    root = tmp_path / "out"
    shutil.copytree(sounding, root)
    spoil(root)
    assert found(rule, Folder(root, NOW, speech=HUM))


@pytest.mark.parametrize(("rule", "spoil"), IN_ARCHIVES)
def test_fault_of_an_archive_is_found(
    archived: Path, tmp_path: Path, rule: str, spoil: Spoil
) -> None:
    """A chain spoiled in one place breaks the rule that speaks of it."""
    former = (archived / "feed.xml").read_text("utf-8")
    for path in archived.glob("*.xml"):
        shutil.copy(path, tmp_path)
    spoil(tmp_path)
    assert found(rule, Folder(tmp_path, NOW, former))


def test_every_rule_has_a_fault() -> None:
    """No check is without a case above that makes it speak."""
    assert {name.upper() for name in rule_names(OF_FOLDERS)} == {
        rule for rule, _ in (*SPOILED, *IN_ARCHIVES)
    }
