"""What nobody expected is told in two lines too."""

import errno
import re
from pathlib import Path

import pytest

from commands import Command
from qjaudio import errors


def test_a_bug_is_two_lines_and_a_report(qjaudio: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 1, no traceback on the terminal; the file that is named holds it."""

    def broken(*_words: object, **_more: object) -> None:
        raise ZeroDivisionError("one\nand two")

    monkeypatch.setattr("qjaudio.pipeline.reading.read_pages", broken)
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

    monkeypatch.setattr("qjaudio.pipeline.reading.read_pages", stopped)
    answer = qjaudio("read", "2025-05-20")
    assert 130 == answer.code
    assert "run it again" in answer.err


SHORT = [OSError(getattr(errno, name), name, "file") for name in errors.WAYS_OUT]


@pytest.mark.parametrize("error", [*SHORT, MemoryError()], ids=str)
@pytest.mark.parametrize("words", [("read", "2025-05-20"), ("make", "2025-05-20..2025-05-21")])
def test_what_the_system_refuses_is_no_bug(
    qjaudio: Command, monkeypatch: pytest.MonkeyPatch, error: Exception, words: tuple[str, str]
) -> None:
    """A full disk, too many files, no memory, wherever they strike: their own words, and a way."""

    def broken(*_words: object, **_more: object) -> None:
        raise error

    monkeypatch.setattr("qjaudio.pipeline.reading.read_pages", broken)
    answer = qjaudio(*words)
    assert (5 if isinstance(error, MemoryError) else 7) == answer.code
    assert "bug" not in answer.err
    if words[0] == "read":  # a range tells no hints
        assert errors.way_out(error, errors.WAYS_OUT["ENOMEM"]) in answer.err


def test_without_a_folder_for_temporary_files_the_way_out_is_told(
    qjaudio: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container whose only disk is read-only; `make` needs none, `say` does."""

    def nowhere() -> str:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found in []")

    for name in ("STING", "BED", "CHIME", "CLOSING"):
        monkeypatch.setenv(f"QJAUDIO_{name}", "off")
    monkeypatch.setattr("tempfile.gettempdir", nowhere)
    monkeypatch.setattr("tempfile.tempdir", None)
    answer = qjaudio("say", "新桥通车了。", "-o", "a.mp3")
    assert (7, True) == (answer.code, "TMPDIR" in answer.err)
    assert 0 == qjaudio("make", "2025-05-20", "--minutes", "0.2").code


def test_a_bug_that_cannot_be_written_down_is_told(
    qjaudio: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no folder for temporary files."""

    def broken(*_words: object, **_more: object) -> None:
        raise ZeroDivisionError

    def nowhere(*_words: object, **_more: object) -> None:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    monkeypatch.setattr("qjaudio.pipeline.reading.read_pages", broken)
    monkeypatch.setattr("tempfile.mkstemp", nowhere)
    answer = qjaudio("read", "2025-05-20")
    assert 1 == answer.code
    assert "Traceback" in answer.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("check --listen", 2, "--listen needs a date"),
        ("desk --cert missing.pem", 2, "cannot read missing.pem"),
        ("make 2025-05-20..2025-05-21 --cluster local:1 --dry-run", 2, "--dry-run is done here"),
        ("status 2030-01-01", 4, "there is no edition of 2030-01-01"),
        ("stats", 4, "there is no log"),
    ],
)
def test_what_cannot_be_done_is_said(qjaudio: Command, words: str, code: int, said: str) -> None:
    """By commands that nobody else's test asks for it."""
    answer = qjaudio(*words.split())
    assert (code, True) == (answer.code, said in answer.err)
    assert "\n  hint: " in answer.err


def test_who_looks_for_a_bug_gets_it(qjaudio: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """With `QJAUDIO_DEBUG` in the environment."""

    def broken(*_words: object, **_more: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("qjaudio.pipeline.reading.read_pages", broken)
    monkeypatch.setenv("QJAUDIO_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        qjaudio("read", "2025-05-20")
