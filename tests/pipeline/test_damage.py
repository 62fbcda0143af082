"""Whatever becomes of a file of the show, the next `make` and `feed` cope with it."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).with_name("damaging.py")
EVERY = 23
"""Which pairs of a file and a damage are tried here; the program by itself tries all."""
MAY_BE_SOMEBODYS = re.compile(
    r"out/(index|archive[-\w]*)\.html|out/(cover|icon-512|apple-touch-icon)\.(jpg|png)"
)
"""Strange bytes there are a page or a picture of the producer's own, which is kept."""


def rows_of(folder: Path) -> list[dict[str, Any]]:
    """What the program tells of each pair that it tried."""
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(folder), str(EVERY)],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert 0 == done.returncode, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.slow
def test_no_damaged_file_is_a_bug_or_costs_an_episode(tmp_path: Path) -> None:
    """It is made again, with its guid and its audio, or two lines say what stands in the way."""
    rows = rows_of(tmp_path)
    assert 20 < len(rows)
    assert 10 < len({row["damage"] for row in rows})
    for row in rows:
        assert [] == row["wrong"], row
        is_text = row["file"].endswith("script.md")  # what is not ours there is an editor's
        is_in_the_way = row["damage"] in ("folder", "locked")
        for answer in (row["make"], row["feed"]):
            assert answer.get("code") in ((0, 2, 7) if is_text or is_in_the_way else (0,)), row
            heads = [line.partition(":")[0] for line in answer["said"]]
            assert heads == (["qjaudio", "  hint"] if answer["code"] else []), row
        if not is_in_the_way:
            assert row["guids"], row
            assert row["audio"] or is_text, row
        is_lost = row["damage"] in ("empty", "gone")
        if not (is_text or is_in_the_way or MAY_BE_SOMEBODYS.fullmatch(row["file"])) or is_lost:
            assert [] == row["unrepaired"] or is_text, row
