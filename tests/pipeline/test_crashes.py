"""Whatever strikes at a touch of the disk: subscribers see no fault, and a rerun repairs it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).with_name("crashing.py")
FAULTS = ("killed", "torn", "full", "readonly", "gone")
MOST = 2
"""Of each scene and fault so many touches are tried here; the program by itself tries all."""


def rows_of(folder: Path, scene: str, faults: tuple[str, ...]) -> list[dict[str, Any]]:
    """What the program tells of each touch that it tried."""
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(folder), scene, ",".join(faults), str(MOST)],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert 0 == done.returncode, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert set(faults) == {row["fault"] for row in rows}
    return rows


def assert_repaired(rows: list[dict[str, Any]]) -> None:
    """Nobody has seen a fault; the rerun gives the same bytes and speaks nothing twice."""
    most = max(row["again"].get("spoken", 0) + row["kept"] for row in rows)
    for row in rows:
        assert ([], []) == (row["wrong"], row["unfit"]), row
        assert "bug" not in row["first"], row
        assert ["spoken"] == list(row["again"]), row
        assert [] == row["wrong_again"], row
        # Where all is gone, so is the day of first publication: the rerun makes a new episode.
        assert row["same"] or row["fault"] == "gone", row
        assert [] == row["left"], row
        assert row["again"]["spoken"] + row["kept"] <= most, row
        if row["fault"] in ("full", "readonly") and "refused" in row["first"]:
            assert "NotWritableError" == row["first"]["refused"], row
    assert any("killed" in row["first"] for row in rows), "no strike was felt"
    assert any("refused" in row["first"] for row in rows), "no strike was felt"


@pytest.mark.slow
@pytest.mark.parametrize("scene", ["first", "again", "unrecorded", "feed"])
def test_no_strike_harms_the_show(scene: str, tmp_path: Path) -> None:
    """The feed stays true, nothing half written is shown, and the rerun leaves nothing behind."""
    assert_repaired(rows_of(tmp_path, scene, FAULTS))


@pytest.mark.slow
@pytest.mark.parametrize("scene", ["publish", "republish"])
def test_no_strike_harms_a_target(scene: str, tmp_path: Path) -> None:
    """What is at the target is whole and named truly; a rerun makes it that of a quiet run."""
    assert_repaired(rows_of(tmp_path, scene, FAULTS[:-1]))


@pytest.mark.slow
@pytest.mark.parametrize("scene", ["approve", "withdraw"])
def test_no_strike_harms_a_review(scene: str, tmp_path: Path) -> None:
    """What is signed is published whole, what is withdrawn is gone whole."""
    assert_repaired(rows_of(tmp_path, scene, FAULTS[:-1]))
