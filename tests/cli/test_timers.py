"""Units and cron lines that can be copied."""

import datetime
import plistlib
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from qjaudio.cli.schedule import (
    Morning,
    Timetable,
    cron,
    launchd,
    on_calendar,
    service,
    timer,
    windows_task,
)
from qjaudio.errors import UsageError

TABLE = Timetable(at=datetime.time(6, 30), expect_by=datetime.time(9), every_minutes=45)
ODD = "/srv/今日 100% of $HOME/it's"
HOUR = datetime.timedelta(hours=1)


def morning(folder: str = "/srv/show", program: str = "/opt/qj/bin/qjaudio") -> Morning:
    return Morning(program=(program,), folder=folder, timetable=TABLE, user="radio")


def test_the_last_try_is_at_the_time_of_expectation() -> None:
    """Every 45 minutes, and once more when no paper becomes a failure."""
    assert ["06:30", "07:15", "08:00", "08:45", "09:00"] == [f"{at:%H:%M}" for at in TABLE.times]


def test_systemd_is_told_chinas_time() -> None:
    """One line an hour, each with its zone."""
    zone = "Asia/Shanghai"
    assert [
        f"*-*-* 06:30:00 {zone}",
        f"*-*-* 07:15:00 {zone}",
        f"*-*-* 08:00,45:00 {zone}",
        f"*-*-* 09:00:00 {zone}",
    ] == on_calendar(TABLE)


def fires(lines: str) -> list[str]:
    """The times of day of cron lines."""
    found = []
    for row in lines.splitlines():
        minutes, hours, *days, command = row.split(maxsplit=5)
        assert ["*"] * 3 == days
        assert command
        found += [
            f"{int(h):02d}:{int(m):02d}" for h in hours.split(",") for m in minutes.split(",")
        ]
    return sorted(found)


@pytest.mark.parametrize(
    ("hours", "wanted"),
    [
        (8, ["06:30", "07:15", "08:00", "08:45", "09:00"]),
        (0, ["00:00", "00:45", "01:00", "22:30", "23:15"]),
        (5.5, ["04:00", "04:45", "05:30", "06:15", "06:30"]),
        (-5, ["17:30", "18:15", "19:00", "19:45", "20:00"]),
    ],
)
def test_cron_is_told_the_machines_time(hours: float, wanted: list[str]) -> None:
    """The same moments on a clock east, west and half an hour off; days may differ, so all do."""
    assert wanted == fires(cron(morning(), hours * HOUR))


def test_a_shell_gets_the_folder_whole() -> None:
    """What cron hands to the shell, with its escapes undone, goes into that very folder."""
    row = cron(morning(ODD), 8 * HOUR).splitlines()[0].split(maxsplit=5)[5]
    assert "%" not in row.replace(r"\%", "")
    command = row.replace(r"\%", "%").replace("cd ", "printf %s ").partition(" && ")[0]
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=True)
    assert ODD == done.stdout.decode()


def test_both_ways_run_the_same_command() -> None:
    """Both ways run the same words, in the show's folder."""
    words = "/opt/qj/bin/qjaudio make today --if-new --expect-by 09:00"
    assert f"\nExecStart={words}\n" in service(morning())
    assert "\nWorkingDirectory=/srv/show\n" in service(morning())
    assert cron(morning(), HOUR).splitlines()[0].endswith(f"cd /srv/show && {words}")
    assert "\nPersistent=true\n" in timer(morning())
    assert "\nRandomizedDelaySec=60\n" in timer(morning())


def test_systemd_gets_odd_paths_whole() -> None:
    """A per cent sign and a dollar are doubled, a space and a quote are quoted."""
    unit = service(morning(ODD, '/opt/a "b" 50%/$x/qjaudio'))
    assert "\nWorkingDirectory=/srv/今日 100%% of $HOME/it's\n" in unit
    assert '\nExecStart="/opt/a \\"b\\" 50%%/$$x/qjaudio" make today' in unit


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    """Its own checker finds nothing to say; the program must exist for that."""
    folder = tmp_path / "50% 今日"
    folder.mkdir()
    program = folder / "qjaudio"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    whole = Morning(program=(str(program),), folder=str(folder), timetable=TABLE, user="root")
    units = [tmp_path / "qjaudio.service", tmp_path / "qjaudio.timer"]
    units[0].write_text(service(whole), "utf-8")
    units[1].write_text(timer(whole), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, units)], capture_output=True, text=True, check=False
    )
    told = [line for line in done.stderr.splitlines() if "qjaudio" in line]
    assert (0, []) == (done.returncode, told)


@pytest.mark.parametrize(
    ("at", "by", "every"), [((9, 0), (9, 0), 15), ((9, 0), (6, 30), 15), ((6, 30), (9, 0), 0)]
)
def test_timetables_that_cannot_be_are_refused(
    at: tuple[int, int], by: tuple[int, int], every: int
) -> None:
    """The end not after the beginning, or no time between two tries."""
    with pytest.raises(UsageError):
        Timetable(at=datetime.time(*at), expect_by=datetime.time(*by), every_minutes=every)


@pytest.mark.parametrize("hours", [8, 0, 5.5, -5])
def test_launchd_is_told_what_cron_is(hours: float) -> None:
    """The same times of the machine's clock; odd folders and programs as they are."""
    agent = plistlib.loads(launchd(morning(ODD), hours * HOUR).encode())
    times = [f"{at['Hour']:02d}:{at['Minute']:02d}" for at in agent["StartCalendarInterval"]]
    assert fires(cron(morning(), hours * HOUR)) == sorted(times)
    assert ODD == agent["WorkingDirectory"]
    assert list(morning().command) == agent["ProgramArguments"]


def test_windows_is_told_chinas_time() -> None:
    """XML of its schema: times with their offset, the last try at the time of expectation."""
    space = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
    folder, program = r"C:\今日 & 明日", r"C:\Program Files\qj\qjaudio.exe"
    task = ET.fromstring(windows_task(morning(folder, program)))  # noqa: S314 - our own
    starts = [one.text for one in task.iter(f"{space}StartBoundary")]
    assert ["2026-01-01T06:30:00+08:00", "2026-01-01T09:00:00+08:00"] == starts
    trigger = next(task.iter(f"{space}CalendarTrigger"))  # a sequence in Microsoft's schema
    order = ["StartBoundary", "Repetition", "ScheduleByDay"]
    assert order == [one.tag.removeprefix(space) for one in trigger]
    assert ["PT45M"] == [one.text for one in task.iter(f"{space}Interval")]
    assert ["PT149M"] == [one.text for one in task.iter(f"{space}Duration")]
    assert [program] == [one.text for one in task.iter(f"{space}Command")]
    assert [folder] == [one.text for one in task.iter(f"{space}WorkingDirectory")]
    words = "make today --if-new --expect-by 09:00"
    assert [words] == [one.text for one in task.iter(f"{space}Arguments")]
