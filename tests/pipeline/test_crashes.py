"""Whatever strikes at a touch of the disk: subscribers see no fault, and a rerun mends it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).with_name("crashing.py")
EVERY = {"killed": 9, "torn": 3, "full": 19, "readonly": 29, "gone": 31}
"""Which touches are tried. A file is written in five: no stride is a multiple of that."""
SCENARIOS = ("first", "again", "feed")


def rows_of(folder: Path, scenario: str, fault: str) -> list[dict[str, Any]]:
    """What the program tells of each touch that it tried."""
    every = 1 if scenario == "feed" else EVERY[fault]
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(folder), scenario, fault, str(every)],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert 0 == done.returncode, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.slow
@pytest.mark.parametrize("fault", EVERY)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_no_strike_harms_the_show(scenario: str, fault: str, tmp_path: Path) -> None:
    """The feed stays true after it, the rerun gives the same bytes and speaks nothing twice."""
    rows = rows_of(tmp_path, scenario, fault)
    assert rows, "nothing was tried"
    most = max(row["again"].get("spoken", 0) + row["kept"] for row in rows)
    for row in rows:
        assert [] == row["wrong"], row
        assert "bug" not in row["first"], row
        assert "bug" not in row["again"], row
        assert [] == row["wrong_again"], row
        # Where all is gone, so is the day of first publication: the rerun makes a new episode.
        assert row["same"] or fault == "gone", row
        assert row["again"]["spoken"] + row["kept"] <= most, row
        if fault in ("full", "readonly") and "refused" in row["first"]:
            assert "NotWritableError" == row["first"]["refused"], row
    struck = [row for row in rows if "killed" in row["first"] or "refused" in row["first"]]
    assert struck or fault == "gone", "no strike was felt"
