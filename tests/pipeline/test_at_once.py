"""Runs at one time, in processes of their own: one date is made once, two dates both appear."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from crash_scenes import put_pages, wrong

TESTS = Path(__file__).parents[1]
RUN = """
import sys, threading
from crash_scenes import cheapened
from qjaudio.cli import run
from qjaudio.engines.silent import SilentEngine

spoken, gate, waited = SilentEngine.speak, threading.Lock(), []

def speak(self, utterance):
    with gate:
        if not waited:
            waited.append(1)
            print("speaking", flush=True)
            sys.stdin.readline()
    return spoken(self, utterance)

SilentEngine.speak = speak
cheapened()
sys.exit(run(sys.argv[1:]))
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the pages of two dates."""
    put_pages(tmp_path, "2025-05-20", "星期二", "甲")
    put_pages(tmp_path, "2025-05-21", "星期三", "乙")
    (tmp_path / "qjaudio.toml").write_text(
        'voice = "silent"\nbase_url = "https://example.cn/qj/"\n'
    )
    return tmp_path


def started(place: Path, *words: str) -> subprocess.Popen[str]:
    """A command of ours that waits for a line when it begins to speak."""
    return subprocess.Popen(
        [sys.executable, "-c", RUN, *words],
        cwd=place, env={**os.environ, "PYTHONPATH": str(TESTS)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@contextmanager
def speaking(place: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """The same, which has begun to speak and waits."""
    with started(place, *words) as running:
        assert running.stdout
        try:
            said = running.stdout.readline()
            assert "speaking\n" == said, running.stderr and running.stderr.read()
            yield running
        finally:
            running.kill()


def answer(running: subprocess.Popen[str]) -> tuple[int, str]:
    """Let it go on to its end: its exit status and what it says on stderr."""
    _, told = running.communicate("\n", timeout=120)
    return running.returncode, told


def left(place: Path) -> list[str]:
    """What dead or unfinished runs would leave."""
    names = ("*.tmp", "run-*", "????-??-??.lock", "*.former.*")
    return [path.name for name in names for path in (place / "out").rglob(name)]


def audio_in_feed(place: Path) -> list[str]:
    """The MP3s that the feed names, newest first."""
    root = ET.parse(place / "out/feed.xml").getroot()  # noqa: S314 - our own
    return [one.attrib["url"].rpartition("/")[2] for one in root.iter("enclosure")]


@pytest.mark.slow
def test_one_date_is_made_once(place: Path) -> None:
    """The second run ends with 2 and two lines that name the first, which goes on to its end."""
    with speaking(place, "make", "2025-05-20") as first:
        code, told = answer(started(place, "make", "2025-05-20"))
        what, hint = told.splitlines()[-2:]
        assert (2, True) == (code, hint.startswith("  hint: wait or stop it")), told
        assert f"2025-05-20 is being made by another run (process {first.pid} since " in what
        assert 4 == answer(started(place, "feed"))[0]  # at once: there is no show yet
        assert 0 == answer(first)[0]
    assert ["2025-05-20.mp3"] == audio_in_feed(place)
    assert ([], []) == (wrong(place), left(place))


@pytest.mark.slow
def test_two_dates_both_land_in_the_feed(place: Path) -> None:
    """They speak at the same time and write the feed one after the other."""
    with ExitStack() as both:
        runs = [
            both.enter_context(speaking(place, "make", date))
            for date in ("2025-05-21", "2025-05-20")
        ]
        for run in runs:
            assert run.stdin
            run.stdin.write("\n")
            run.stdin.flush()
        assert [0, 0] == [answer(run)[0] for run in runs]
    assert ["2025-05-21.mp3", "2025-05-20.mp3"] == audio_in_feed(place)
    assert ([], []) == (wrong(place), left(place))


@pytest.mark.slow
def test_a_date_is_made_while_another_is_published(place: Path) -> None:
    """What `publish` sends is whole, and the next one brings the rest."""
    assert 0 == answer(started(place, "make", "2025-05-20"))[0]
    with speaking(place, "make", "2025-05-21") as running:
        assert 0 == answer(started(place, "publish", "www"))[0]
        assert [] == wrong(place)
        assert 0 == answer(running)[0]
    assert 0 == answer(started(place, "publish", "www"))[0]
    assert (place / "out/feed.xml").read_bytes() == (place / "www/feed.xml").read_bytes()
    assert ([], []) == (wrong(place), left(place))
