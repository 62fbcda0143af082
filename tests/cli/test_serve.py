"""A phone gets the episode from `qjaudio serve`."""

import json
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import feedparser


def test_a_client_subscribes_and_downloads(made: Path) -> None:
    """The feed names this server, its enclosure is the MP3; Ctrl-C ends it with code 0."""
    command = [sys.executable, "-m", "qjaudio", "serve", "--port", "0", "--out", str(made)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        page = re.findall(r"http://127\.0\.0\.1:\d+/", server.stdout.readline())[0]
        with urllib.request.urlopen(f"{page}feed.xml", timeout=5) as answer:
            (entry,) = feedparser.parse(answer.read()).entries
        (enclosure,) = entry.enclosures
        assert enclosure.href == f"{page}2025-05-20.mp3"
        with urllib.request.urlopen(enclosure.href, timeout=5) as answer:
            audio = answer.read()
        assert (made / "2025-05-20.mp3").read_bytes() == audio
        assert int(enclosure.length) == len(audio)
        with urllib.request.urlopen(f"{page}2025-05-20.chapters.json", timeout=5) as answer:
            assert 8 <= len(json.load(answer)["chapters"])
        server.send_signal(signal.SIGINT)
        assert 0 == server.wait(10)


def test_without_a_folder_there_is_nothing_to_serve(tmp_path: Path) -> None:
    """Exit code 4 and what to do first."""
    command = [sys.executable, "-m", "qjaudio", "serve", "--out", str(tmp_path / "none")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    assert 4 == done.returncode
    assert "make an episode first" in done.stderr
