"""The tables of all errors are those of the code, in both languages, and each has a way out."""

import runpy
from pathlib import Path

import pytest

from qjaudio import errors

REFERENCE = Path(__file__).parents[1] / "docs/reference"
MAY_WAIT = 8
GENERATOR = runpy.run_path(str(REFERENCE / "generate_errors.py"))


@pytest.mark.parametrize("name", GENERATOR["HEADS"])
def test_the_tables_are_those_of_the_code(name: str) -> None:
    """Whoever changes a message runs docs/reference/generate_errors.py."""
    assert GENERATOR["pages"]()[name] == (REFERENCE / name).read_text("utf-8")


def test_every_error_stands_there_in_chinese() -> None:
    """A message of a new error gets its line in error-messages.zh-CN.tsv; few may wait for it."""
    known = GENERATOR["chinese"]()
    wanted = {what for _, what, _ in GENERATOR["rows"]()} | {*errors.WAYS_OUT}
    assert 250 < len(wanted)
    assert len(wanted ^ known.keys()) <= MAY_WAIT, sorted(wanted ^ known.keys())


def test_no_error_is_only_a_bug() -> None:
    """Whatever we expect has an exit status of its own; 1 is for what we do not."""
    bugs = {what for code, what, _ in GENERATOR["rows"]() if code == errors.QjaudioError.exit_code}
    assert {"a bug in qjaudio: …: …", "the caller has gone"} >= bugs
