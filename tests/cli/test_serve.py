"""A phone gets the episode from `qjaudio serve`."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import feedparser
import pytest


def test_a_client_subscribes_and_downloads(made: Path) -> None:
    """The feed names this server, its enclosure is the MP3; Ctrl-C ends it with code 0."""
    command = [sys.executable, "-m", "qjaudio", "serve", "--port", "0", "--out", str(made)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        page = re.findall(r"http://127\.0\.0\.1:\d+/", server.stdout.readline())[0]
        with urllib.request.urlopen(f"{page}feed.xml", timeout=30) as answer:
            (entry,) = feedparser.parse(answer.read()).entries
        (enclosure,) = entry.enclosures
        assert enclosure.href == f"{page}2025-05-20.mp3"
        with urllib.request.urlopen(enclosure.href, timeout=30) as answer:
            audio = answer.read()
        assert (made / "2025-05-20.mp3").read_bytes() == audio
        assert int(enclosure.length) == len(audio)
        with urllib.request.urlopen(f"{page}2025-05-20.chapters.json", timeout=30) as answer:
            assert 8 <= len(json.load(answer)["chapters"])
        server.send_signal(signal.SIGINT)
        assert 0 == server.wait(60)


def test_without_a_folder_there_is_nothing_to_serve(tmp_path: Path) -> None:
    """Exit code 4 and what to do first."""
    command = [sys.executable, "-m", "qjaudio", "serve", "--out", str(tmp_path / "none")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert 4 == done.returncode
    assert "make an episode first" in done.stderr


def first_lines(made: Path, lines: int, *words: str, **settings: str) -> tuple[str, str]:
    """What `serve` prints at its start, and on stderr until it is ended."""
    command = [sys.executable, "-m", "qjaudio", "serve", "--port", "0", "--out", str(made), *words]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, **settings},
    ) as server:  # fmt: skip
        assert server.stdout is not None
        told = "".join(server.stdout.readline() for _ in range(lines))
        feed = re.findall(r"feed  (\S+)", told)[0]
        with urllib.request.urlopen(feed, timeout=30) as answer:
            (entry,) = feedparser.parse(answer.read()).entries
        assert entry.enclosures[0].href.startswith(feed.removesuffix("feed.xml"))
        server.send_signal(signal.SIGINT)
        _, errors = server.communicate(timeout=60)
    assert 0 == server.returncode
    return told, errors


def test_a_key_without_a_value_is_made_and_shown(made: Path) -> None:
    """The addresses hold it, and the hint how to keep it does not."""
    told, errors = first_lines(made, 2, "--key")
    (key,) = set(re.findall(r"http://127\.0\.0\.1:\d+/([\w-]{24})/", told))
    assert "qjaudio.toml" in errors
    assert key not in errors


@pytest.mark.parametrize("words", [(), ("--key",), ("--key", "another-long-key-0")])
def test_the_key_of_the_settings_holds(made: Path, words: tuple[str, ...]) -> None:
    """With --key alone too; a key on the command line beats it. Nothing of it goes to stderr."""
    expected = words[1] if len(words) > 1 else "a-key-of-the-settings"
    told, errors = first_lines(made, 2, *words, QJAUDIO_KEY="a-key-of-the-settings")
    assert f"/{expected}/feed.xml" in told
    assert "" == errors


def test_a_weak_key_is_refused_and_not_repeated(made: Path) -> None:
    """Exit code 2, before anything is served."""
    command = [sys.executable, "-m", "qjaudio", "serve", "--out", str(made), "--key", "hunter2"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert 2 == done.returncode
    assert "hunter2" not in done.stdout + done.stderr


def test_phones_get_codes_of_page_and_feed(made: Path) -> None:
    """One picture for who wants to listen at once, one for the podcast app."""
    from qjaudio.web.addresses import terminal_qr

    command = [sys.executable, "-m", "qjaudio", "serve", "--port", "0", "--lan", "--out", str(made)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        told = ""
        while told.count("\npage  ") + told.startswith("page  ") < 2 or told.count("█") < 300:
            told += server.stdout.readline()
        server.send_signal(signal.SIGINT)
        told += server.stdout.read()
    page = re.findall(r"page  (\S+)", told)[0]
    assert terminal_qr(page) in told
    assert terminal_qr(f"{page}feed.xml") in told


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (["serve", "--key", "s3cret", "--lan"], "serve --key *** --lan"),
        (["serve", "--key=s3cret"], "serve --key=***"),
        (["serve", "--key", "--lan"], "serve --key --lan"),
    ],
)
def test_a_bug_report_does_not_hold_the_key(typed: list[str], expected: str) -> None:
    """The command goes into it as it was typed, but for the secret."""
    from qjaudio import cli

    assert expected == cli._typed_words(typed)
