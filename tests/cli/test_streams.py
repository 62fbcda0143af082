"""Streams that fail: a run goes on without stderr, and an answer is never a bug."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from commands import Command

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full")
CLOSED = "import os, sys; os.close({number}); os.execv(sys.executable, sys.argv[1:])"
NIGHTLY = pytest.mark.nightly
DATE = "2025-05-20"
MAKE = ("make", DATE, "--minutes", "0.2")


@pytest.fixture(autouse=True)
def plain_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """No music: a short episode is mixed in half the time."""
    for name in ("STING", "BED", "CHIME", "CLOSING"):
        monkeypatch.setenv(f"QJAUDIO_{name}", "off")


def gone() -> int:
    """The end of a pipe whose reader has gone."""
    reader, writer = os.pipe()
    os.close(reader)
    return writer


def command(
    *words: str, closed: int | None = None, encoding: str = "utf-8", **streams: int
) -> subprocess.CompletedProcess[bytes]:
    """A command in a process of its own, one of whose streams may be closed."""
    python = [sys.executable, "-m", "qjaudio", *words]
    if closed is not None:
        python = [sys.executable, "-c", CLOSED.format(number=closed), *python]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    environ = {**os.environ, "PYTHONIOENCODING": encoding}
    return subprocess.run(python, env=environ, check=False, timeout=200, **pipes)  # type: ignore[call-overload,no-any-return]


@needs_full
@pytest.mark.parametrize(
    "how", ["closed", "full", "gone", pytest.param("closed, with every event", marks=NIGHTLY)]
)
def test_a_stderr_that_takes_nothing_stops_no_run(folder: Path, how: str) -> None:
    """The episode is made, stdout has the answer, and exit statuses stay what they are."""
    with FULL.open("wb") as full:
        way = {"full": full.fileno(), "gone": gone()}
        more = {"stderr": way[how]} if how in way else {"closed": 2}
        loud = ["--verbose"] if "event" in how else []
        done = command(*MAKE, "--json", *loud, **more)  # type: ignore[arg-type]
        assert (0, True) == (done.returncode, json.loads(done.stdout)["fresh"])
        assert (folder / "out" / f"{DATE}.mp3").stat().st_size > 10_000
        refused = ((4, ["make", "2025-05-21"]), (2, ["make", "never"]), (2, ["mak"]))
        for code, words in refused if how == "closed" else refused[:1]:
            done = command(*words, **more)  # type: ignore[arg-type]
            assert (code, b"") == (done.returncode, done.stdout)
    os.close(way["gone"])


@needs_full
def test_an_answer_that_cannot_be_written(folder: Path) -> None:
    """Closed, or read by nobody: 0. Full: 7 in two lines, for whoever asked must know."""
    assert 0 == command("read", DATE, closed=1).returncode
    writer = gone()
    assert 0 == command("read", DATE, stdout=writer).returncode
    os.close(writer)
    with FULL.open("wb") as full:
        done = command(*MAKE, stdout=full.fileno())
    said = done.stderr.decode().splitlines()[-2:]
    assert (7, True) == (done.returncode, said[1].startswith("  hint: the work is done"))
    assert "cannot write the answer" in said[0]
    assert (folder / "out/feed.xml").exists()


@pytest.mark.parametrize("encoding", ["latin-1", "gb18030", pytest.param("ascii", marks=NIGHTLY)])
def test_a_stdout_without_chinese_gets_escapes(qjaudio: Command, encoding: str) -> None:
    """A list for people has escapes where it must, JSON is the same JSON."""
    told = command("read", DATE, encoding=encoding)
    assert (0, True) == (told.returncode, b"left out:" in told.stdout), told.stderr
    for words in (["read", DATE, "--json"], ["say", "廿里镇", "--explain", "--json"]):
        found = command(*words, encoding=encoding)
        assert 0 == found.returncode
        assert json.loads(qjaudio(*words).out) == json.loads(found.stdout.decode(encoding))


def test_a_stderr_that_fails_inside_a_program_stops_no_run(
    qjaudio: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who runs commands in a process of his own may have closed it, too."""
    with Path(os.devnull).open("w") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
    assert 4 == qjaudio("make", "2025-05-21").code
    assert 0 == qjaudio("read", DATE).code


def test_an_environment_of_nothing_stops_no_run(folder: Path) -> None:
    """Without PATH, HOME and the rest a line is spoken all the same."""
    speak = ["say", "您好。", "--voice", "silent", "-o", "line.wav"]
    words = [sys.executable, "-m", "qjaudio", *speak]
    done = subprocess.run(words, env={}, check=False, capture_output=True, timeout=200)
    assert 0 == done.returncode, done.stderr.decode()
    assert (folder / "line.wav").stat().st_size > 1000
