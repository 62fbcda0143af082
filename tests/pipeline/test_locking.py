"""Two runs of one date are kept apart; a dead one is in nobody's way."""

import datetime
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from commands import Command, finished, folder, made, qjaudio
from qjaudio.errors import UsageError
from qjaudio.pipeline import locking
from qjaudio.pipeline.locking import BusyError, locked, workspace
from qjaudio.store import OutFolder

__all__ = ["finished", "folder", "made", "qjaudio"]

NOW = datetime.datetime(2025, 5, 20, 8, 0, tzinfo=datetime.UTC)
DATE = "2025-05-20"
HOLDER = """
import datetime, sys, time
from pathlib import Path
from qjaudio.pipeline.locking import locked, workspace
from qjaudio.store import OutFolder
out = OutFolder(Path(sys.argv[1]))
with locked(out, "2025-05-20", datetime.datetime.now(datetime.UTC)):
    with workspace(out, "2025-05-20") as folder:
        (folder / "reel.pcm").write_bytes(b"half")
        print("held", flush=True)
        time.sleep(60)
"""


def test_another_run_of_the_date_is_refused(tmp_path: Path) -> None:
    """The message names the process and when it began; another date is free."""
    out = OutFolder(tmp_path / "out")
    with locked(out, DATE, NOW):
        named = f"process {os.getpid()} since {NOW:%Y-%m-%dT%H:%M}"
        with pytest.raises(UsageError, match=named), locked(out, DATE, NOW):
            pass
        with locked(out, "2025-05-21", NOW):
            pass
    with locked(out, DATE, NOW):
        pass
    assert not out.root.exists()


def test_a_dead_run_is_taken_over(tmp_path: Path) -> None:
    """A process that was killed holds no lock; its lock file and its work folder are replaced."""
    out = OutFolder(tmp_path / "out")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(out.root)], stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout
        assert "held\n" == holder.stdout.readline()
        with pytest.raises(UsageError, match=str(holder.pid)), locked(out, DATE, NOW):
            pass
        holder.send_signal(signal.SIGKILL)
    assert (out.cache / f"run-{DATE}/reel.pcm").exists()
    with locked(out, DATE, NOW):
        assert os.getpid() == json.loads((out.cache / f"{DATE}.lock.holder").read_text())["pid"]
        with workspace(out, DATE) as folder:
            assert not list(folder.iterdir())
    assert not out.root.exists()


def test_only_dead_runs_are_cleared_away(tmp_path: Path) -> None:
    """The work folder of a run of another date that goes on stays; that of a dead one goes."""
    out = OutFolder(tmp_path / "out")
    with locked(out, "2025-05-21", NOW), workspace(out, "2025-05-21") as living:
        dead = out.cache / "run-2025-05-19"
        dead.mkdir()
        half = out.root / f".{DATE}.mp3.x1.tmp"
        half.write_bytes(b"half")
        with locked(out, DATE, NOW), workspace(out, DATE):
            assert living.is_dir()
            assert not dead.exists()
            assert not half.exists()


def test_a_damaged_lock_file_is_no_obstacle(tmp_path: Path) -> None:
    """Whatever stands in it, only the system's lock counts."""
    out = OutFolder(tmp_path / "out")
    out.cache.mkdir(parents=True)
    (out.cache / f"{DATE}.lock").write_text("{ no json")
    held = locked(out, DATE, NOW)
    with held, pytest.raises(UsageError, match="another run"), locked(out, DATE, NOW):
        pass


def test_the_feed_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who holds it since when is told after a moment, and said again when we give up."""
    monkeypatch.setattr(locking, "TELL_AFTER_S", 0.05)
    out, told = OutFolder(tmp_path / "out"), list[str]()
    named = f"process {os.getpid()} since 20"
    with locking.feed_lock(out):
        waiting = locking.feed_lock(out, told.append, wait_s=0.2)
        with pytest.raises(BusyError, match=named), waiting:
            pass
        assert named in told[0]
        assert 1 == len(told)
    with locking.feed_lock(out, told.append):
        assert 1 == len(told)


def test_commands_say_whom_they_wait_for(
    made: Path, qjaudio: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`feed`, `publish` and `make` say who writes the feed, and end with exit 2."""
    monkeypatch.setattr(locking, "TELL_AFTER_S", 0.05)
    monkeypatch.setenv("QJAUDIO_WAIT", "0.2")
    monkeypatch.setenv("QJAUDIO_BASE_URL", "https://example.cn/qj/")
    for words in (["feed"], ["feed", "--wait", "0.1"], ["publish", "www"], ["make", "2025-05-20"]):
        with locking.feed_lock(OutFolder(made)):
            answer = qjaudio(*words)
        assert 2 == answer.code, answer.err
        assert f"waiting for the feed in out: another run (process {os.getpid()}" in answer.err
        assert f"process {os.getpid()} since" in answer.err.splitlines()[-2]
