"""Two runs of one date are kept apart; a dead one is in nobody's way."""

import datetime
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from qjaudio.errors import UsageError
from qjaudio.pipeline.locking import locked, workspace
from qjaudio.store import OutFolder

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
