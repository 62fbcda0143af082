"""A page that takes the process that reads it with it costs that page alone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from misreading import PAGE
from qjaudio.errors import MissingPartError, NotAnIssueError
from qjaudio.sources import apart
from qjaudio.sources.pdf import PdfSource, sheets_of
from qjaudio.sources.pictures import page_pictures
from sources.made_pdf import with_forms

PAGES = Path(__file__).parent / "pages"
TWO = PAGES / "four_columns.pdf"
pytestmark = pytest.mark.usefixtures("read_apart")


def misread(*names: str) -> list[object]:
    return list(apart.read_apart("misreading", [Path(name) for name in names]))


def test_what_a_child_reads_is_what_we_read() -> None:
    """Pages come through the pipe as they are, whatever is in them; pictures too."""
    assert [PAGE, PAGE] == misread("good.pdf", "also good.pdf")
    pages = list(apart.read_apart(sheets_of.__module__, [TWO]))
    assert list(sheets_of(TWO)) == pages
    assert [page.number for page in pages] == [*page_pictures(str(TWO), pages)]


def test_what_libraries_print_does_not_disturb() -> None:
    """Our answers have a way of their own."""
    assert [PAGE, PAGE] == misread("noise.pdf", "good.pdf")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("memory", "more than 1 GB of memory"),
        ("opencv", "more than 1 GB of memory"),
        ("endless", "longer than 0.01"),
        ("crash", "crash"),
        ("exit", "crash"),
    ],
)
def test_each_way_to_die_is_told_with_its_page(
    monkeypatch: pytest.MonkeyPatch, name: str, words: str
) -> None:
    """The page that was being read is named, and what may have come before it is not lost on us."""
    assert (4 * 2**30, 600) == (apart.MAX_MEMORY, apart.MAX_SECONDS)  # as the fault map says
    monkeypatch.setattr(apart, "MAX_MEMORY", 2**30)
    monkeypatch.setattr(apart, "MAX_SECONDS", 1)
    with pytest.raises(NotAnIssueError, match=rf"page 2 of {name}\.pdf .*{words}") as caught:
        misread("good.pdf", f"{name}.pdf")
    assert caught.value.hint


def test_errors_of_the_child_are_ours() -> None:
    """One that is expected keeps its kind and its hint; a bug keeps its traceback."""
    with pytest.raises(MissingPartError, match="no model") as caught:
        misread("refused.pdf")
    assert "get it" == caught.value.hint
    with pytest.raises(RuntimeError, match="ValueError: not expected") as bug:
        misread("bug.pdf")
    assert "misreading.py" in bug.value.__notes__[0]


@pytest.mark.parametrize("count", [1, 30])
def test_forms_without_end_cost_their_page_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """A form that draws itself twice, and a chain of forms that each draw the next one twice."""
    monkeypatch.setattr(apart, "MAX_MEMORY", 300_000_000)
    (tmp_path / "page.pdf").write_bytes(with_forms(count))
    with pytest.raises(NotAnIssueError):
        list(PdfSource().pages(str(tmp_path / "page.pdf")))
    assert {} == page_pictures(str(tmp_path / "page.pdf"), [PAGE])


def test_a_process_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit of processes; a Python that is broken."""
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", "/nowhere/python")
        with pytest.raises(MissingPartError, match="no process can be started"):
            misread("good.pdf")
    monkeypatch.setattr(apart, "_START", "import nothing_of_that_name")
    with pytest.raises(MissingPartError, match="ended at once"):
        misread("good.pdf")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="looks for processes by their number")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_child_ends_with_its_parent(tmp_path: Path, number: int) -> None:
    """However the run ends, nothing of it goes on."""
    told = tmp_path / "fork"
    code = f"""
import signal, sys
from pathlib import Path
from qjaudio.sources.apart import read_apart
signal.signal(signal.SIGINT, signal.default_int_handler)  # a suite in the background ignores it
sys.path.append({str(Path(__file__).parents[1])!r})
list(read_apart("misreading", [Path({str(told)!r})]))
"""
    parent = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
    while not (told.exists() and told.read_text("ascii")):
        time.sleep(0.02)
    child = int(told.read_text("ascii"))
    parent.send_signal(number)
    parent.wait(60)
    assert has_ended(child)


def has_ended(process: int) -> bool:
    """Whether a process is gone within ten seconds."""
    for _ in range(100):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
