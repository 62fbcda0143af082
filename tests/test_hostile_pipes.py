"""What is not a file in place of one: nothing that we read or write waits at a pipe."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from commands import finished, folder, made, qjaudio
from qjaudio import store
from qjaudio.config import Config
from qjaudio.errors import UsageError
from qjaudio.pipeline.lexicons import own_lexicon
from qjaudio.pipeline.scripting import find_script
from qjaudio.store import OutFolder

__all__ = ["finished", "folder", "made", "qjaudio"]
DATE = "2025-05-20"


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(path))  # the whole path may be too long for a socket


def _endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


KINDS: dict[str, Callable[[Path], None]] = {
    "fifo": _fifo, "socket": _socket, "device": _endless, "folder": Path.mkdir,
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_only_regular_files_are_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Bytes, text and JSON come from files alone, whatever else has their name."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "lexicon.tsv"
    KINDS[kind](path)
    with pytest.raises(OSError, match=r"file|directory|device"):
        store.bytes_of(path)
    assert store.read_json(path) is None
    with pytest.raises(UsageError, match="cannot read") as caught:
        own_lexicon(Config(lexicon=str(path)))
    assert caught.value.hint


@pytest.mark.parametrize("kind", KINDS)
def test_a_script_that_is_no_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """A pipe as out/DATE/script.md is an error of ours in each place that reads it."""
    out = OutFolder(tmp_path)
    (tmp_path / DATE).mkdir()
    monkeypatch.chdir(tmp_path / DATE)
    KINDS[kind](out.stage(DATE, "script.md"))
    with pytest.raises(UsageError, match=r"cannot read|link to another place"):
        find_script(out, DATE)


def test_more_than_the_limit_is_not_read(tmp_path: Path) -> None:
    """A sparse file of a terabyte costs nothing: its size is looked at first."""
    with (tmp_path / "script.md").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(OSError, match="more than 250,000,000 bytes"):
        store.bytes_of(tmp_path / "script.md")


READ = (
    f"{DATE}/episode.json", f"{DATE}/script.json", f"{DATE}/script.md", f"{DATE}/issue.json",
    f"{DATE}/run.log", f"{DATE}.jpg", f"{DATE}.html", f"{DATE}.vtt", "feed.xml", "index.html",
    ".cache/feed.lock", ".cache/feed.json", f".cache/{DATE}.lock", "icon-192.png", ".show.json",
)  # fmt: skip
"""What `make` and `feed` read in `out/`, or write after a look at what is there."""


ALL_WITH_PIPES = """
import faulthandler, os, shutil, sys
from pathlib import Path
from qjaudio.cli import run
from qjaudio.pipeline import making

making.mix = lambda _clips, _episode, path, **_: shutil.copy(f"kept/{path.name}", path)
faulthandler.dump_traceback_later(240, exit=True)
for name in sys.argv[1:]:
    shutil.rmtree("out")
    shutil.copytree("kept", "out")
    Path("out", name).unlink(missing_ok=True)
    os.mkfifo(Path("out", name))
    some = [["publish", "there"]] if name.startswith("feed") or name.endswith(".jpg") else []
    for words in (["make", "2025-05-20", "--voice", "silent"], ["feed"], *some):
        print(name, words[0], run(words), flush=True)
"""


def test_no_command_hangs_at_a_pipe_in_out(made: Path, folder: Path) -> None:
    """`make`, `feed` and `publish` end in order, with a FIFO in place of each file in turn."""
    made.rename(folder / "kept")
    made.mkdir()
    done = subprocess.run(  # a process of its own: a hang is a failure here, not of the suite
        [sys.executable, "-c", ALL_WITH_PIPES, *READ],
        cwd=folder, timeout=280, check=False, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    rows = [row.rsplit(" ", 2) for row in done.stdout.splitlines() if row.startswith((".", *READ))]
    assert "" == "".join(row for row in done.stderr.splitlines() if "Traceback" in row)
    codes = {(name, word): int(code) for name, word, code in rows if code.isdecimal()}
    assert 2 * len(READ) + 2 == len(codes), done.stderr[-2000:]
    assert set() == set(codes.values()) - {0, 2, 7}
    assert 0 == codes["feed.xml", "make"] == codes[f"{DATE}.jpg", "make"]
    assert 2 == codes[f"{DATE}/script.md", "make"]
