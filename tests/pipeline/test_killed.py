"""A run that is killed loses what was being said, and nothing else."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from qjaudio.engines.silent import SilentEngine

RUNS = 6
PROGRAM = Path(__file__).with_name("killed_runs.py")


def published(folder: Path) -> dict[str, bytes]:
    """All files but the cache."""
    files = [path for path in (folder / "out").rglob("*") if path.is_file()]
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in files
        if ".cache" not in path.parts
    }


@pytest.mark.slow
def test_a_killed_run_is_taken_up_where_it_was(tmp_path: Path) -> None:
    """Whatever the moment, the rerun ends in the same bytes and repeats only what was in flight."""
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(tmp_path / "runs"), str(RUNS), "7"],
        capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    whole = tmp_path / "runs/whole"
    wanted = published(whole)
    total = (whole / "begun").stat().st_size
    assert RUNS == len(rows), done.stderr
    assert {"out/feed.xml", "out/2025-05-20.mp3"} < set(wanted)
    for number, row in enumerate(rows):
        folder = tmp_path / f"runs/{number}"
        assert wanted == published(folder), row
        assert row["begun"] - row["kept"] <= SilentEngine.parallel, row
        assert total - row["kept"] == row["begun_again"], row
        assert row["feed"] in (0, len(wanted["out/feed.xml"])), row
        left = {path.name for path in (folder / "out/.cache").iterdir()}
        assert {"clips", "feed.json", "archives.json", "feed.lock"} == left, row
    assert 1 < len({row["kept"] for row in rows}), "the moments were not spread"
