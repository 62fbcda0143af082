"""Random faults against a living show: see benchmarks/chaos.py, of which this is a short run."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[1] / "benchmarks/chaos.py"
FAULTS = "100"
"""What half a minute of a quiet machine allows; the program by itself does thousands."""


def a_disk_of_its_own() -> list[str]:
    """The option for a disk that really fills up, where this user may mount one."""
    words = ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", tempfile.gettempdir()]
    if not shutil.which("unshare"):
        return []
    tried = subprocess.run(words, capture_output=True, check=False)
    return [] if tried.returncode else ["--full"]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="each fault strikes in a fork")
def test_whatever_strikes_the_show_is_true(tmp_path: Path) -> None:
    """No bug, no feed that lies, no guid that changes, nothing of others touched, all repaired."""
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(tmp_path / "s"), "--faults", FAULTS, "--minutes", "4",
         *a_disk_of_its_own()],
        capture_output=True, text=True, check=False, timeout=280,
    )  # fmt: skip
    assert 0 == done.returncode, done.stdout + done.stderr
    assert "\n0 wrong after " in done.stdout
