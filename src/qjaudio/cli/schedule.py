"""`qjaudio schedule`: timers for every morning, as text to copy: systemd, cron, launchd, Windows.

systemd's side is that of systemd.timer(5), systemd.time(7) and systemd.service(5): a time may name
its zone, `%` begins a specifier and `$` a variable, and both are doubled to mean themselves. cron's
side is that of crontab(5): no zone that every cron knows, and `%` is a line break unless escaped.
launchd's is that of launchd.plist(5), in the machine's time. The Task Scheduler of Windows takes
XML of its schema 1.2, in which a time may name its offset.
"""

import datetime
import os
import plistlib
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from xml.sax.saxutils import escape

import click

from qjaudio import config as settings
from qjaudio import rules
from qjaudio.cli import options
from qjaudio.errors import UsageError
from qjaudio.language import translated
from qjaudio.pipeline.journal import system_user
from qjaudio.pipeline.reading import CHINA, parse_time

_DAY_MINUTES = 24 * 60
_SAFE = re.compile(r"[\w@%+=:,./-]+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """When to try to make the day's episode, in China's time."""

    at: datetime.time
    expect_by: datetime.time
    every_minutes: int

    def __post_init__(self) -> None:
        """Refuse a timetable that cannot be, by a UsageError."""
        if self.expect_by <= self.at:
            reason = f"--expect-by {self.expect_by:%H:%M} is not after --at {self.at:%H:%M}"
            raise UsageError(reason, hint="give both in China's time: --at 06:30 --expect-by 09:00")
        if not 1 <= self.every_minutes <= _DAY_MINUTES:
            reason = f"--every {self.every_minutes} is not a number of minutes"
            raise UsageError(reason, hint="write --every 15")

    @property
    def times(self) -> tuple[datetime.time, ...]:
        """Every try; the last is at `expect_by`, where no paper becomes a failure."""
        first, last = _minutes_of(self.at), _minutes_of(self.expect_by)
        minutes = (*range(first, last, self.every_minutes), last)
        return tuple(datetime.time(*divmod(at, 60)) for at in minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """What is to run, where and when."""

    program: tuple[str, ...]
    """The words that start qjaudio, its path absolute."""
    folder: str
    """The show's folder, with `qjaudio.toml`, `issues/` and `out/`; absolute."""
    timetable: Timetable
    user: str = ""
    """Who owns that folder; empty = whoever the timer belongs to."""

    @property
    def command(self) -> tuple[str, ...]:
        """The whole command."""
        due = f"{self.timetable.expect_by:%H:%M}"
        return (*self.program, "make", "today", "--if-new", "--expect-by", due)


def service(morning: Morning) -> str:
    """The unit `qjaudio.service`."""
    return str(rules.phrases("schedule")["service"]).format(
        user=f"User={morning.user.replace('%', '%%')}\n" if morning.user else "",
        folder=morning.folder.replace("%", "%%"),
        command=" ".join(map(_unit_word, morning.command)),
    )


def timer(morning: Morning) -> str:
    """The unit `qjaudio.timer`."""
    return str(rules.phrases("schedule")["timer"]).format(
        calendar="".join(f"OnCalendar={line}\n" for line in on_calendar(morning.timetable)),
        spread_s=min(60, morning.timetable.every_minutes * 20),
    )


def on_calendar(timetable: Timetable) -> list[str]:
    """systemd's words for the times, one for each hour: `*-*-* 06:30,45:00 Asia/Shanghai`."""
    hours: dict[int, list[int]] = {}
    for at in timetable.times:
        hours.setdefault(at.hour, []).append(at.minute)
    return [
        f"*-*-* {hour:02d}:{','.join(f'{minute:02d}' for minute in minutes)}:00 Asia/Shanghai"
        for hour, minutes in hours.items()
    ]


def cron(morning: Morning, offset: datetime.timedelta) -> str:
    """Lines for `crontab -e` on a machine whose clock is `offset` ahead of UTC.

    Hours with the same minutes share a line. Every day is tried, weekends too: on a day without a
    paper the command does nothing, and a line on weekdays would fall on others in other zones.
    """
    minutes: dict[int, list[int]] = {}
    for hour, minute in _times_there(morning.timetable, offset):
        minutes.setdefault(hour, []).append(minute)
    lines: dict[tuple[int, ...], list[int]] = {}
    for hour, marks in minutes.items():
        lines.setdefault(tuple(sorted(marks)), []).append(hour)
    words = f"cd {shlex.quote(morning.folder)} && {shlex.join(morning.command)}"
    command = words.replace("%", r"\%")
    return "".join(
        f"{','.join(map(str, marks))} {','.join(map(str, hours))} * * * {command}\n"
        for marks, hours in lines.items()
    )


def _times_there(timetable: Timetable, offset: datetime.timedelta) -> list[tuple[int, int]]:
    """Hour and minute of each try by a clock that is `offset` ahead of UTC."""
    shift = int((offset - CHINA.utcoffset(None)).total_seconds() // 60)
    return [divmod((_minutes_of(at) + shift) % _DAY_MINUTES, 60) for at in timetable.times]


def launchd(morning: Morning, offset: datetime.timedelta) -> str:
    """The property list of an agent of launchd, on a machine whose clock is `offset` ahead of UTC.

    A Mac that sleeps at one of the times makes up for it when it wakes.
    """
    log = str(PurePosixPath(morning.folder) / "qjaudio.log")
    times = _times_there(morning.timetable, offset)
    agent = {
        "Label": "qjaudio",
        "ProgramArguments": list(morning.command),
        "WorkingDirectory": morning.folder,
        "StartCalendarInterval": [{"Hour": hour, "Minute": minute} for hour, minute in times],
        "StandardOutPath": log,
        "StandardErrorPath": log,
        "ProcessType": "Background",
    }
    return plistlib.dumps(agent, sort_keys=False).decode()


def windows_task(morning: Morning) -> str:
    """The XML of a task of Windows' Task Scheduler."""
    table = morning.timetable
    lasts = max(1, _minutes_of(table.expect_by) - _minutes_of(table.at) - 1)
    program, *words = morning.command
    return str(rules.phrases("schedule")["task"]).format(
        at=table.at, expect_by=table.expect_by, every=min(table.every_minutes, lasts), lasts=lasts,
        program=escape(program), words=escape(subprocess.list2cmdline(words)),
        folder=escape(morning.folder),
    )  # fmt: skip


def _unit_word(word: str) -> str:
    r"""A word of ExecStart: quoted where it needs it, with `\`, `"`, `%` and `$` as themselves."""
    plain = word.replace("%", "%%").replace("$", "$$")
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
    return plain if _SAFE.fullmatch(plain) else f'"{escaped}"'


def _minutes_of(at: datetime.time) -> int:
    return at.hour * 60 + at.minute


@click.command("schedule")
@click.option(
    "--at", metavar="HH:MM", default="06:30", show_default=True, help="First try, in China's time."
)
@click.option(
    "--expect-by",
    metavar="HH:MM",
    default="09:00",
    show_default=True,
    help="Last try; then a missing paper is a failure.",
)
@click.option(
    "--every",
    type=int,
    metavar="MINUTES",
    default=15,
    show_default=True,
    help="How long to wait from one try to the next.",
)
@click.option(
    "--system",
    type=click.Choice(["linux", "macos", "windows"]),
    help="The system to print a timer for; default: this one.",
)
@options.json_option
def command(at: str, expect_by: str, every: int, system: str | None, as_json: bool) -> None:
    """Print a timer that makes each day's episode; nothing is installed.

    For systemd and cron, launchd of macOS, or the Task Scheduler of Windows.

    Run it in the show's folder, the one with qjaudio.toml and issues/.

    Example: qjaudio schedule --at 06:30 --expect-by 09:00
    """
    config = settings.load()
    morning = Morning(
        program=program(),
        folder=str(Path.cwd()),
        user=system_user(""),
        timetable=Timetable(
            at=parse_time(at), expect_by=parse_time(expect_by), every_minutes=every
        ),
    )
    offset = datetime.datetime.now().astimezone().utcoffset() or datetime.timedelta()
    if as_json:
        options.print_json(schedule_answer(morning, offset))
    else:
        here = {"darwin": "macos", "win32": "windows"}.get(sys.platform, "linux")
        click.echo(page(morning, offset, config, system or here), nl=False)


def program() -> tuple[str, ...]:
    """The words that start this very qjaudio from anywhere."""
    beside = Path(sys.executable).parent
    found = shutil.which("qjaudio", path=str(beside))
    return (found,) if found else (sys.executable, "-m", "qjaudio")


def _timers(morning: Morning, offset: datetime.timedelta) -> dict[str, str]:
    """The timers of all systems."""
    return {
        "service": service(morning),
        "timer": timer(morning),
        "cron": cron(morning, offset),
        "launchd": launchd(morning, offset),
        "windows": windows_task(morning),
    }


def schedule_answer(morning: Morning, offset: datetime.timedelta) -> dict[str, object]:
    """The same for a program: each text alone."""
    command, times = list(morning.command), [f"{at:%H:%M}" for at in morning.timetable.times]
    told = {"command": command, "folder": morning.folder, "times": times}
    return {**told, "time_zone": "Asia/Shanghai", **_timers(morning, offset)}


def page(morning: Morning, offset: datetime.timedelta, config: settings.Config, system: str) -> str:
    """The timer of a system with the words that explain it.

    Every line that is not a setting is a comment, in the language of whoever reads it.
    """
    table = morning.timetable
    text = str(rules.phrases("schedule")[system]).format(
        at=table.at, every_minutes=table.every_minutes, expect_by=table.expect_by,
        warnings="".join(f"# {warning}\n" for warning in _warnings(config)),
        zone=datetime.timezone(offset).tzname(None), **_timers(morning, offset),
    )  # fmt: skip
    return "".join(map(_translated_comment, text.splitlines(keepends=True)))


def _translated_comment(line: str) -> str:
    return f"# {translated(line[2:].rstrip())}\n" if line.startswith("# ") else line


def _warnings(config: settings.Config) -> list[str]:
    """What works here and would not work there."""
    found = []
    if not config.epaper:
        found.append(
            f"epaper is not set: each day's pages must be in {config.issues}/DATE in time."
        )
    names = sorted(name for name in os.environ if name.startswith("QJAUDIO_"))
    if names:
        found.append(f"Set here but not there, write them into qjaudio.toml: {', '.join(names)}")
    return found
