"""Every morning: the timer, `make --if-new`, what a failing run leaves for the maintainer."""

import datetime
import json
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest

from commands import Command, snapshot
from qjaudio.cli import run
from qjaudio.pipeline.reading import CHINA


def test_schedule_prints_and_installs_nothing(qjaudio: Command, folder: Path) -> None:
    """Both ways on stdout, with this folder and this program; no file is written."""
    before = snapshot(folder)
    answer = qjaudio("schedule", "--at", "5:45", "--expect-by", "8:00")
    assert (0, "") == (answer.code, answer.err)
    assert before == snapshot(folder)
    assert f"\nWorkingDirectory={folder}\n" in answer.out
    assert "\nOnCalendar=*-*-* 05:45:00 Asia/Shanghai\n" in answer.out
    assert 3 <= answer.out.count("make today --if-new --expect-by 08:00")


@pytest.mark.parametrize(
    ("system", "wanted"),
    [("linux", "OnCalendar="), ("macos", "<key>StartCalendarInterval"), ("windows", "<Exec>")],
)
def test_each_system_gets_its_timer(
    qjaudio: Command, folder: Path, system: str, wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And its explanation in the language of whoever reads it."""
    english = qjaudio("schedule", "--system", system).out
    assert wanted in english
    assert "# Nothing is installed by this command." in english
    monkeypatch.setenv("QJAUDIO_LANG", "zh")
    chinese = qjaudio("schedule", "--system", system).out
    assert "# 本命令不安装任何东西。" in chinese
    assert str(folder) in chinese


def let_the_day_end() -> None:
    """Let China's day end if it is about to: from 23:59 on, what was expected by then is late."""
    now = datetime.datetime.now(CHINA)
    if (now.hour, now.minute) >= (23, 57):
        end = now.replace(hour=0, minute=0, second=0) + datetime.timedelta(days=1, seconds=1)
        time.sleep((end - now).total_seconds())


def test_the_printed_command_runs(qjaudio: Command, folder: Path) -> None:
    """As cron runs it: hardly any environment, a shell's paths, the words as they are printed."""
    answer = json.loads(qjaudio("schedule", "--json").out)
    assert str(folder) == answer["folder"]
    assert Path(answer["command"][0]).is_absolute()
    start = answer["service"].split("ExecStart=")[1].splitlines()[0]
    assert answer["command"] == shlex.split(start)
    bare = {"HOME": str(folder), "PATH": "/usr/bin:/bin"}
    let_the_day_end()
    done = subprocess.run(
        [*answer["command"][:-1], "23:59"], cwd=answer["folder"], env=bare,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert 0 == done.returncode, done.stderr
    assert done.stdout.startswith("nothing made: no issue for 20"), done.stdout


def test_schedule_says_what_will_be_missing(
    qjaudio: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings of this terminal are not those of a timer; without `epaper` nobody brings pages."""
    monkeypatch.setenv("QJAUDIO_PAPER", "衢江报")
    remarks = qjaudio("schedule").out
    assert "QJAUDIO_PAPER" in remarks
    assert "epaper is not set" in remarks
    (folder / "qjaudio.toml").write_text('epaper = "http://example.cn/{year}{month}{day}"', "utf-8")
    assert "epaper is not set" not in qjaudio("schedule").out


@pytest.mark.parametrize(
    "words",
    [
        ["schedule", "--at", "9:00", "--expect-by", "6:30"],
        ["schedule", "--at", "half past six"],
        ["schedule", "--every", "0"],
        ["make", "today", "--if-new", "--expect-by", "nine"],
    ],
)
def test_times_that_cannot_be_are_usage_errors(qjaudio: Command, words: list[str]) -> None:
    """Exit code 2 and nothing on stdout."""
    answer = qjaudio(*words)
    assert (2, "") == (answer.code, answer.out)


def test_no_paper_is_one_kind_line(qjaudio: Command, folder: Path) -> None:
    """Exit 0, the reason on stdout, as JSON too; out/ does not even come to be."""
    answer = qjaudio("make", "2999-01-01", "--if-new", "--expect-by", "09:00")
    assert (0, "", 1) == (answer.code, answer.err, answer.out.count("\n"))
    assert answer.out.startswith("nothing made: no issue for 2999-01-01")
    told = json.loads(qjaudio("make", "2999-01-01", "--if-new", "--json").out)
    assert ("2999-01-01", False) == (told["date"], told["made"])
    assert "no issue for 2999-01-01" in told["reason"]
    assert not (folder / "out").exists()


def test_late_is_exit_4(qjaudio: Command) -> None:
    """A day that is over has no paper any more; one of rest has none to miss."""
    late = qjaudio("make", "2025-05-21", "--expect-by", "09:00")
    assert (4, "") == (late.code, late.out)
    assert "late: at 09:00 in China" in late.err
    assert 0 == qjaudio("make", "2025-05-21", "--if-new").code
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QJAUDIO_DAYS", "mon, tue, thu")
        assert 0 == qjaudio("make", "2025-05-21", "--expect-by", "09:00").code


def test_if_new_makes_what_is_there_once(qjaudio: Command, folder: Path) -> None:
    """The first run makes the episode, the second says that there is nothing to do."""
    words = ("make", "2025-05-20", "--voice", "silent", "--if-new", "--expect-by", "09:00")
    assert json.loads(qjaudio(*words, "--json").out)["made"]
    before = {p: p.read_bytes() for p in (folder / "out").rglob("*") if p.is_file()}
    again = qjaudio(*words)
    assert (0, 1) == (again.code, again.out.count("\n"))
    assert again.out.startswith("nothing made: the episode is finished")
    told = json.loads(qjaudio(*words, "--json").out)
    assert (False, True) == (told["made"], "finished" in told["reason"])
    assert before == {p: p.read_bytes() for p in (folder / "out").rglob("*") if p.is_file()}


def test_run_log_holds_what_a_maintainer_asks(made: Path) -> None:
    """Version, settings, pages with their hashes, stages with times, clips, loudness, the end."""
    text = (made / "2025-05-20/run.log").read_text("utf-8")
    for wanted in (
        " start version=", " settings ", " file path=", " sha256=", "stage=reading",
        "stage=mixing", "stage=publishing", "stage=feed", " loudness lufs=", "clips_spoken=",
        " end exit=0",
    ):  # fmt: skip
        assert wanted in text, text


def test_run_log_tells_why_a_voice_failed(qjaudio: Command, folder: Path) -> None:
    """The service that is down: the exit code, the reason and the way out."""
    assert 6 == qjaudio("make", "2025-05-20", "--voice", "edge").code
    text = (folder / "out/2025-05-20/run.log").read_text("utf-8")
    assert " failed exit=6 " in text


def test_run_log_holds_the_traceback_of_a_bug(
    qjaudio: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody expected, where it happened."""

    def broken(_job: object) -> None:
        raise ZeroDivisionError("in the making")

    monkeypatch.setattr("qjaudio.pipeline.making.EpisodeJob.make", broken)
    assert 1 == qjaudio("make", "2025-05-20").code
    text = (folder / "out/2025-05-20/run.log").read_text("utf-8")
    assert "kind=ZeroDivisionError" in text
    assert "  | ZeroDivisionError: in the making" in text


@pytest.mark.parametrize(
    "words",
    [["--verbose", "script", "2025-05-20"], ["script", "2025-05-20", "-v"]],
    ids=["before", "after"],
)
def test_verbose_is_one_line_an_event(qjaudio: Command, words: list[str]) -> None:
    """On stderr, before or after the command; stdout stays the answer, and nothing stays on."""
    answer = qjaudio(*words)
    assert "out/2025-05-20/script.md" == answer.out.strip()
    assert " info pipeline.reporting input location=issues/2025-05-20" in answer.err
    assert "" == qjaudio("read", "2025-05-20").err


def test_verbose_may_be_set_for_all_runs(qjaudio: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """QJAUDIO_VERBOSE=1, and 0 is no."""
    monkeypatch.setenv("QJAUDIO_VERBOSE", "1")
    assert " input location=" in qjaudio("script", "2025-05-20").err
    monkeypatch.setenv("QJAUDIO_VERBOSE", "0")
    assert " input location=" not in qjaudio("script", "2025-05-20").err


@pytest.mark.parametrize("command", ["read", "script", "make", "check"])
def test_today_is_a_date(qjaudio: Command, command: str) -> None:
    """Every command that takes a date takes the word; here there is no paper today."""
    answer = qjaudio(command, "today")
    assert 4 == answer.code
    assert "today" not in answer.err.splitlines()[0]


def test_the_program_can_be_a_module(qjaudio: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no script was installed beside Python, Python itself is called."""
    monkeypatch.setattr("shutil.which", lambda *_words, **_others: None)
    told = json.loads(qjaudio("schedule", "--json").out)
    assert [sys.executable, "-m", "qjaudio"] == told["command"][:3]
    assert 0 == run(["schedule"])
