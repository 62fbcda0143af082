"""Only published files are reached."""

import os
from pathlib import Path

import pytest

from qjaudio.web.addresses import medium_of, published_parts, published_path


@pytest.mark.parametrize(
    "path",
    [
        "/feed.xml",
        "/2025-05-20.chapters.json",
        "/more/page.html",
        "/%E8%8A%82%E7%9B%AE%20%E4%B8%80.html",
    ],
)
def test_a_published_file_is_found(root: Path, path: str) -> None:
    """Plain names, sub-folders and encoded Chinese lead to their files."""
    parts = published_parts(path)
    assert parts is not None
    assert published_path(root, parts) is not None


@pytest.mark.parametrize(
    "path",
    [
        "",
        "*",
        "/",
        "//feed.xml",
        "/feed.xml/",
        "/../outside.html",
        "/more/../feed.xml",
        "/%2e%2e/outside.html",
        "/%2e%2e%2foutside.html",
        "/..%2Foutside.html",
        "/..%5coutside.html",
        "/more%2fpage.html",
        "/more\\page.html",
        "/feed.xml%00",
        "/feed%00.xml",
        "/feed.xml%0a",
        "/c:feed.xml",
        "/feed.xml::$DATA.xml",
        "/feed.xml.",
        "/feed.xml%20",
        "/%ff.xml",
        "/%ed%a0%80.xml",
        "/.hidden.html",
        "/.cache/clip.mp3",
        "/.feed.xml.x1.tmp",
        "/feed.tmp",
        "/2025-05-20/episode.json",
        "/2025-05-20/script.html",
        "/more/2025-05-20/script.html",
        "/notes.docx",
        "/README.md",
        "/more",
    ],
)
def test_tricks_and_private_names_are_no_file(path: str) -> None:
    """Hidden, half-written, foreign and stage files are not even looked for."""
    assert published_parts(path) is None


@pytest.mark.parametrize("path", ["/%252e%252e/outside.html", "/absent.html", "/feed.xml/x.html"])
def test_a_name_without_a_file_is_no_file(root: Path, path: str) -> None:
    """What is encoded twice is decoded once, and then is only a strange name."""
    parts = published_parts(path)
    assert parts is not None
    assert published_path(root, parts) is None


def test_a_very_long_name_is_no_file(root: Path) -> None:
    """A name longer than the file system allows is just not there."""
    assert published_path(root, ("a" * 5000 + ".html",)) is None


def test_links_out_of_the_folder_are_not_followed(root: Path) -> None:
    """Where a link leads has to be as public as where it stands."""
    (root / "out.html").symlink_to(root.parent / "outside.html")
    (root / "stage.html").symlink_to(root / "2025-05-20" / "script.html")
    (root / "cache.mp3").symlink_to(root / ".cache" / "clip.mp3")
    (root / "parent").symlink_to(root.parent)
    (root / "loop.html").symlink_to(root / "loop.html")
    names = [
        ("out.html",),
        ("stage.html",),
        ("cache.mp3",),
        ("parent", "outside.html"),
        ("loop.html",),
    ]
    assert [None] * len(names) == [published_path(root, name) for name in names]


def test_a_link_to_a_published_file_is_followed(root: Path) -> None:
    """`latest.mp3` may point to the newest episode."""
    (root / "latest.mp3").symlink_to("2025-05-20.mp3")
    path = published_path(root, ("latest.mp3",))
    assert path is not None
    assert path.stat().st_size == 256_000


def test_a_folder_or_a_pipe_is_no_file(root: Path) -> None:
    """Only regular files are read: a named pipe would wait for ever."""
    (root / "folder.html").mkdir()
    os.mkfifo(root / "pipe.html")
    assert [published_path(root, (name,)) for name in ("folder.html", "pipe.html")] == [None, None]


def test_a_folder_that_is_gone_has_no_files(tmp_path: Path) -> None:
    """The output folder may vanish while the server runs."""
    assert published_path(tmp_path / "nowhere", ("feed.xml",)) is None


@pytest.mark.parametrize("name", ["a.mp3", "a.jpg", "a.png", "a.ico", "a.woff2"])
def test_sound_and_pictures_are_no_text(name: str) -> None:
    """They are compressed already."""
    medium = medium_of(name)
    assert medium is not None
    assert not medium.is_text


@pytest.mark.parametrize(
    "name", ["a.xml", "a.vtt", "a.srt", "a.json", "a.html", "a.css", "a.js", "a.svg"]
)
def test_pages_feeds_and_transcripts_are_text(name: str) -> None:
    """Everything that is written in characters."""
    medium = medium_of(name)
    assert medium is not None
    assert medium.is_text
