"""What is sent, and in which order, is decided without touching anything."""

from pathlib import Path

import pytest

from qjaudio.targets.model import Stored, Upload, is_part_name
from qjaudio.targets.sending import ManifestEntry, is_ours, is_waiting, plan_uploads


def upload(name: str, sha256: str = "aa", size: int = 10) -> Upload:
    return Upload(
        name=name, path=Path(name), size=size, sha256=sha256, md5=f"m{sha256}", modified_ns=1
    )


def entry(name: str, sha256: str = "aa", mark: str = "1") -> ManifestEntry:
    return ManifestEntry(name=name, size=10, sha256=sha256, md5="", modified_ns=1, mark=mark)


def stored(size: int = 10, mark: str = "1", md5: str = "") -> Stored:
    return Stored(size=size, mark=mark, modified=0.0, md5=md5)


NAMES = (
    "feed.xml", "feed-2.xml", "index.html", "2025-05-20.html", "2025-05-20.vtt",
    "2025-05-20.chapters.json", "2025-05-20.jpg", "2025-05-21.mp3", "2025-05-20.mp3", "player.js",
)  # fmt: skip


def test_what_is_named_goes_before_what_names_it() -> None:
    """Audio, pictures, transcripts, pages, archive feeds, the feed."""
    names = [one.name for one in plan_uploads(map(upload, NAMES), {}, {}).sends]
    assert [
        "2025-05-20.mp3", "2025-05-21.mp3", "2025-05-20.jpg", "2025-05-20.chapters.json",
        "2025-05-20.vtt", "2025-05-20.html", "index.html", "player.js", "feed-2.xml", "feed.xml",
    ] == names  # fmt: skip


def test_what_replaces_and_what_names_is_held() -> None:
    """A file that is there in another form waits for the end; a feed waits always."""
    what = plan_uploads(
        map(upload, ("2025-05-20.mp3", "2025-05-21.mp3", "feed.xml")),
        {"2025-05-20.mp3": stored(size=9)},
        {},
    )
    assert ["2025-05-21.mp3"] == [one.name for one in what.fresh]
    assert ["2025-05-20.mp3", "feed.xml"] == [one.name for one in what.held]


@pytest.mark.parametrize(
    ("there", "known", "sent"),
    [
        (stored(), entry("a.mp3"), False),
        (None, entry("a.mp3"), True),
        (stored(size=9), entry("a.mp3"), True),
        (stored(mark="2"), entry("a.mp3"), True),
        (stored(), entry("a.mp3", sha256="bb"), True),
        (stored(), None, True),
        (stored(md5="maa"), None, False),
        (stored(md5="mbb"), None, True),
    ],
    ids=["same", "deleted", "cut", "touched", "made again", "unknown", "same md5", "other md5"],
)
def test_only_what_the_target_has_not_is_sent(
    there: Stored | None, known: ManifestEntry | None, sent: bool
) -> None:
    """What we remember counts only while the target still shows the same file."""
    what = plan_uploads(
        [upload("a.mp3")],
        {"a.mp3": there} if there else {},
        {"a.mp3": known} if known else {},
    )
    assert sent == bool(what.sends)


def test_a_waiting_file_counts_only_when_it_was_proved() -> None:
    """The right length alone is not enough: the blocks of a cut transfer come in any order."""
    one = upload("a.mp3")
    assert is_part_name(one.part)
    assert not is_waiting(one, {one.part: stored()}, {})
    assert is_waiting(one, {one.part: stored()}, {one.part: entry(one.part)})
    assert not is_waiting(one, {one.part: stored(mark="2")}, {one.part: entry(one.part)})


def test_equal_files_wait_under_different_names() -> None:
    """Neither may take away what the other waits for; folders are kept."""
    assert upload("a.jpg").part != upload("b.jpg").part
    assert upload("a.jpg", "aa").part != upload("a.jpg", "bb").part
    assert upload("player/a.js").part.startswith("player/.qjaudio-")
    assert is_part_name(upload("player/a.js").part)


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("2025-05-20.mp3", True), ("2025-05-20.chapters.json", True), ("feed.xml", True),
        ("2025-05-22.mp3", False), ("2025-05-20.mp3.bak", False), ("2025-05-20.wav", False),
        ("holiday.jpg", False), ("notes.html", False), (".2025-05-20.mp3.x.tmp", False),
        ("qjaudio.toml", False), ("index.html", True), ("cover.jpg", True), ("sw.js", True),
        ("manifest.webmanifest", True), ("feed-2024.xml", True), ("feed.xml\n", False),
    ],
)  # fmt: skip
def test_only_our_own_names_are_published(name: str, ours: bool) -> None:
    """Foreign files, half files and episodes that are not finished stay at home."""
    assert ours == is_ours(name, {"2025-05-20"})
