"""The log of an episode: whole, bounded, and never in the way."""

import datetime
import logging
import re
from pathlib import Path

import pytest

from qjaudio.config import Config
from qjaudio.errors import EngineError, NotAnIssueError, UsageError
from qjaudio.pipeline import reporting
from qjaudio.pipeline.reporting import Quiet
from qjaudio.store import OutFolder

NOW = datetime.datetime(2026, 11, 23, 6, 30, tzinfo=datetime.UTC)
DATE = "2026-11-23"


def work(folder: Path, *, fails: BaseException | None = None, words: int = 0) -> Path:
    """A run that begins to work, and where its log is."""
    out = OutFolder(folder / "out")
    with reporting.logged(out, DATE, Config(), NOW, ["make"]) as run:
        progress = reporting.Logged(Quiet(), run)
        with progress.step("speaking", 2) as spoke:
            spoke()
            for number in range(words):
                logging.getLogger("qjaudio.test").info("word %d %s", number, "x" * 1000)
            if fails:
                raise fails
    return out.stage(DATE, reporting.NAME)


def log_of(folder: Path) -> str:
    return (folder / "out" / DATE / "run.log").read_text("utf-8")


def test_a_run_tells_program_settings_steps_and_end(tmp_path: Path) -> None:
    """The header, then what a maintainer asks first, each with its values."""
    rows = work(tmp_path).read_text("utf-8").splitlines()
    assert rows[0].startswith("=== 2026-11-23T")
    events = [row.split()[3] for row in rows[1:]]
    assert ["start", "parts", "settings", "begin", "stage", "end"] == events
    assert {"version=", "python=", "platform=", "cores="} <= set(re.findall(r"\w+=", rows[1]))
    assert re.search(r"edge-tts=\d\S* onnxruntime=\d\S* imageio-ffmpeg=\d\S* free_gb=", rows[2])
    assert "stage=speaking done=1 parts=2 seconds=0.0" in rows[5]


def test_a_run_with_nothing_to_do_leaves_no_trace(tmp_path: Path) -> None:
    """No paper, or nothing changed: not even a folder."""
    out = OutFolder(tmp_path / "out")
    with reporting.logged(out, DATE, Config(), NOW, ["make"]):
        pass
    assert not out.root.exists()
    assert logging.getLogger("qjaudio").level == logging.NOTSET


def test_failures_are_told_with_reason_and_way_out(tmp_path: Path) -> None:
    """An expected error is one line, with its exit code."""
    with pytest.raises(EngineError):
        work(tmp_path, fails=EngineError("the voice broke", hint="wait"))
    last = log_of(tmp_path).splitlines()[-1]
    assert 'failed exit=6 kind=EngineError reason="the voice broke" hint=wait' in last


def test_bugs_are_told_with_their_traceback(tmp_path: Path) -> None:
    """What nobody expected names the line of ours where it happened."""
    with pytest.raises(ZeroDivisionError):
        work(tmp_path, fails=ZeroDivisionError("oh"))
    assert "bug exit=1 kind=ZeroDivisionError reason=oh" in log_of(tmp_path)
    assert "  | Traceback" in log_of(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        work(tmp_path, fails=KeyboardInterrupt())
    assert "stopped exit=130" in log_of(tmp_path)


@pytest.mark.parametrize("error", [NotAnIssueError("no"), UsageError("no")])
def test_input_that_is_no_issue_leaves_out_as_it_is(tmp_path: Path, error: Exception) -> None:
    """There is no episode to log for, and two lines on stderr say it all."""
    out = OutFolder(tmp_path / "out")
    with pytest.raises(type(error)), reporting.logged(out, DATE, Config(), NOW, ["make"]):
        raise error
    assert not out.root.exists()


def test_a_killed_run_leaves_its_log(tmp_path: Path) -> None:
    """Once work has begun each line is on the disk when it is written."""
    out = OutFolder(tmp_path / "out")
    with reporting.logged(out, DATE, Config(), NOW, ["make"]) as run:
        run.open()
        logging.getLogger("qjaudio.test").info("speaking now")
        assert "speaking now" in log_of(tmp_path)


def test_the_last_ten_runs_are_kept(tmp_path: Path) -> None:
    """Of fourteen runs the newest ten, each whole; foreign lines before them go."""
    path = work(tmp_path)
    path.write_text("something else\n" + path.read_text("utf-8"), "utf-8")
    for _ in range(13):
        work(tmp_path)
    text = log_of(tmp_path)
    assert 10 == text.count("=== ") == text.count(" end exit=0")
    assert text.startswith("=== ")


def test_a_talkative_run_is_cut(tmp_path: Path) -> None:
    """However much is told the file stays under its limit, and says that it was cut."""
    for _ in range(4):
        path = work(tmp_path, words=600)
        assert reporting.MOST_BYTES >= path.stat().st_size
    assert 2 <= log_of(tmp_path).count("more to tell")


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    """A folder in the log's place, or a file in the folder's: the run goes on."""
    (tmp_path / "out" / DATE / "run.log").mkdir(parents=True)
    work(tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other/out").touch()
    work(tmp_path / "other")
    assert (tmp_path / "other/out").is_file()


def test_input_files_are_told_with_size_and_hash(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Each page of the folder; an address and a missing path are told as they are."""
    (tmp_path / "page1.md").write_bytes(b"abc")
    with caplog.at_level(logging.INFO, "qjaudio"):
        reporting.log_input(str(tmp_path))
        reporting.log_input("http://example.cn/node_1.htm")
        reporting.log_input("nowhere\x00.md")
    (page,) = [record.facts for record in caplog.records if record.msg == "file"]
    assert 3 == page["bytes"]
    assert page["sha256"].startswith("ba7816bf8f01cfea")
