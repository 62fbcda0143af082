"""Whatever strikes at a touch of the disk: subscribers see no fault, and a rerun repairs it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).with_name("crashing.py")
FAULTS = ("killed", "torn", "full", "readonly", "gone")
MOST = 2
"""Of each scene and fault so many touches are tried here; the program by itself tries all."""


def rows_of(folder: Path, *scenes: str, faults: tuple[str, ...]) -> Iterator[list[dict[str, Any]]]:
    """What the program tells of each touch that it tried, scene by scene; all share one process."""
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(folder), ",".join(scenes), ",".join(faults), str(MOST)],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert 0 == done.returncode, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    for scene in scenes:
        yield (found := [row for row in rows if row["scene"] == scene])
        assert set(faults) == {row["fault"] for row in found}


def harm_of(rows: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """The rows in which somebody saw a fault, or the rerun gave other bytes or spoke twice."""
    most = max(row["again"].get("spoken", 0) + row["kept"] for row in rows)
    return [
        (what, row)
        for row in rows
        for what, is_so in {
            "shown": row["wrong"] or row["unfit"],
            "a bug": "bug" in row["first"],
            "not made again": list(row["again"]) != ["spoken"],
            "shown after the rerun": row["wrong_again"],
            # Where all is gone, so is the day of first publication: a new episode is made.
            "other bytes": not row["same"] and row["fault"] != "gone",
            "left behind": row["left"],
            "spoken twice": row["again"].get("spoken", 0) + row["kept"] > most,
            "refused otherwise": row["fault"] in ("full", "readonly")
            and row["first"].get("refused", "NotWritableError") != "NotWritableError",
        }.items()
        if is_so
    ]


def felt(rows: list[dict[str, Any]]) -> set[str]:
    """How runs ended at a strike."""
    return {end for row in rows for end in ("killed", "refused") if end in row["first"]}


@pytest.mark.slow
def test_no_strike_harms_the_show(tmp_path: Path) -> None:
    """The feed stays true, nothing half written is shown, and the rerun leaves nothing behind."""
    for rows in rows_of(tmp_path, "first", "again", "unrecorded", "feed", faults=FAULTS):
        assert ([], {"killed", "refused"}) == (harm_of(rows), felt(rows))


@pytest.mark.slow
def test_no_strike_harms_a_target(tmp_path: Path) -> None:
    """What is at the target is whole and named truly; a rerun makes it that of a quiet run."""
    for rows in rows_of(tmp_path, "publish", "republish", faults=FAULTS[:-1]):
        assert ([], {"killed", "refused"}) == (harm_of(rows), felt(rows))


@pytest.mark.slow
def test_no_strike_harms_a_review(tmp_path: Path) -> None:
    """What is signed is published whole, what is withdrawn is gone whole."""
    for rows in rows_of(tmp_path, "approve", "withdraw", faults=FAULTS[:-1]):
        assert ([], {"killed", "refused"}) == (harm_of(rows), felt(rows))
