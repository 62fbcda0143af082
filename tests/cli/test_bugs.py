"""What nobody expected is told in two lines too."""

import re
from pathlib import Path

import pytest

from commands import Command


def test_a_bug_is_two_lines_and_a_report(qjaudio: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 1, no traceback on the terminal; the file that is named holds it."""

    def broken(*_words: object, **_more: object) -> None:
        raise ZeroDivisionError("one\nand two")

    monkeypatch.setattr("qjaudio.cli.read.read_pages", broken)
    answer = qjaudio("read", "2025-05-20")
    first, second = answer.err.splitlines()
    assert (1, "qjaudio: a bug in qjaudio: ZeroDivisionError: one and two") == (answer.code, first)
    report = Path(re.findall(r"\S+\.txt", second)[0])
    assert "Traceback" in report.read_text("utf-8")
    report.unlink()


def test_ctrl_c_ends_with_130(qjaudio: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped by the user: one line, and what a rerun does."""

    def stopped(*_words: object, **_more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("qjaudio.cli.read.read_pages", stopped)
    answer = qjaudio("read", "2025-05-20")
    assert 130 == answer.code
    assert "run it again" in answer.err
