"""A published folder and a server of it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from qjaudio.web.app import create_app
from web.served import AUDIO, BASE_URL, FEED, Site, running

MODIFIED = 1747701000  # Tue, 20 May 2025 00:30:00 GMT


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An output folder with an episode, its feed, and things that nobody may see."""
    out = tmp_path / "out"
    files = {
        "feed.xml": FEED.encode(),
        "2025-05-20.mp3": AUDIO,
        "2025-05-20.vtt": b"WEBVTT\n",
        "2025-05-20.srt": b"1\n",
        "shows.opml": b"<opml version='2.0'/>",
        "2025-05-20.jpg": b"\xff\xd8\xff",
        "2025-05-20.json": b"{}",
        "2025-05-20.chapters.json": b'{"url": "https://news.example/qj/2025-05-20.html"}',
        "index.html": b"<!doctype html>",
        "2025-05-20.html": b"<!doctype html>",
        "节目 一.html": b"<!doctype html>",
        "2025-05-20/episode.json": b"secret",
        "2025-05-20/script.html": b"secret",
        ".cache/clip.mp3": b"secret",
        ".hidden.html": b"secret",
        ".feed.xml.x1.tmp": b"secret",
        "feed.tmp": b"secret",
        "notes.docx": b"secret",
        "README.md": b"secret",
        "more/page.html": b"<!doctype html>",
        "../outside.html": b"secret",
    }
    for name, content in files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (MODIFIED, MODIFIED))
    return out


@pytest.fixture
def site(root: Path) -> Iterator[Site]:
    """A server of `root`."""
    with running(create_app(root, base_url=BASE_URL)) as port:
        yield Site(root, port)
