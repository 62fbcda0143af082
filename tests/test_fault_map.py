"""The fault map names a test in each row, and every test that it names exists."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
MAP = ROOT / "docs/explanation/faults.md"
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_every_test_of_the_map_exists() -> None:
    """A renamed or removed test leaves no row without proof."""
    named = _NAMED.findall(MAP.read_text("utf-8"))
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).is_file() or f"def {name}(" not in (ROOT / path).read_text("utf-8")
    ]
    assert 40 < len(named)
    assert [] == missing


def test_every_row_of_a_map_has_a_test() -> None:
    """Tables whose last column is `test` have one in every row."""
    lacking, is_map = [], False
    for row in MAP.read_text("utf-8").splitlines():
        if not row.startswith("|"):
            is_map = False
        elif row.rstrip(" |").endswith("| test"):
            is_map = True
        elif is_map and not row.startswith("|---") and not _NAMED.search(row):
            lacking.append(row)
    assert [] == lacking
