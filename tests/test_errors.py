"""The tables of all errors are those of the code, in both languages, and each has a way out."""

import re
import runpy
from functools import cache
from pathlib import Path

import pytest

from qjaudio import errors

REFERENCE = Path(__file__).parents[1] / "docs/reference"
GENERATOR = runpy.run_path(str(REFERENCE / "generate_errors.py"))
pages, rows = cache(GENERATOR["pages"]), cache(lambda: [*GENERATOR["rows"]()])


@pytest.mark.parametrize("name", GENERATOR["HEADS"])
def test_the_tables_are_those_of_the_code(name: str) -> None:
    """Whoever changes a message runs docs/reference/generate_errors.py."""
    assert pages()[name] == (REFERENCE / name).read_text("utf-8")


def test_every_error_stands_there_in_chinese() -> None:
    """What is said, and what to do now; but for commands and settings, which have no language."""
    told = {text for _, *texts in rows() for text in texts} | {*errors.WAYS_OUT.values()}
    assert 400 < len(told)
    english = {text for text in told if re.search(r"[a-z]{2,} [a-z]{2,}", text)}
    assert set() == {
        text for text in english if not re.search("[一-鿿]", GENERATOR["in_chinese"](text))
    } - {text for text in english if text.startswith(("pip install", "on Debian", "--as"))}


def test_no_error_is_only_a_bug() -> None:
    """Whatever we expect has an exit status of its own; 1 is for what we do not."""
    bugs = {what for code, what, _ in rows() if code == errors.QjaudioError.exit_code}
    assert {"a bug in qjaudio: …: …", "the caller is gone"} >= bugs
