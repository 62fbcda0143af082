"""Timers for every morning, as text to copy: for systemd, cron, launchd and Windows.

systemd's side is that of systemd.timer(5), systemd.time(7) and systemd.service(5): a time may name
its zone, `%` begins a specifier and `$` a variable, and both are doubled to mean themselves. cron's
side is that of crontab(5): no zone that every cron knows, and `%` is a line break unless escaped.
launchd's is that of launchd.plist(5), in the machine's time. The Task Scheduler of Windows takes
XML of its schema 1.2, in which a time may name its offset.
"""

import datetime
import plistlib
import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import PurePosixPath
from xml.sax.saxutils import escape

from qjaudio import rules
from qjaudio.errors import UsageError
from qjaudio.pipeline.reading import CHINA

_DAY_MINUTES = 24 * 60
_SAFE = re.compile(r"[\w@%+=:,./-]+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """When to try to make the day's episode, in China's time."""

    at: datetime.time
    expect_by: datetime.time
    every_minutes: int

    def __post_init__(self) -> None:
        """Refuse a timetable that cannot be.

        Raises:
            UsageError: the last time is before the first, or no whole minutes lie between two.
        """
        if self.expect_by <= self.at:
            raise UsageError(
                f"--expect-by {self.expect_by:%H:%M} is not after --at {self.at:%H:%M}",
                hint="give both in China's time: --at 06:30 --expect-by 09:00",
            )
        if not 1 <= self.every_minutes <= _DAY_MINUTES:
            raise UsageError(
                f"--every {self.every_minutes} is not a number of minutes", hint="write --every 15"
            )

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
    agent = {
        "Label": "qjaudio",
        "ProgramArguments": list(morning.command),
        "WorkingDirectory": morning.folder,
        "StartCalendarInterval": [
            {"Hour": hour, "Minute": minute}
            for hour, minute in _times_there(morning.timetable, offset)
        ],
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
        at=table.at,
        expect_by=table.expect_by,
        every=min(table.every_minutes, lasts),
        lasts=lasts,
        program=escape(program),
        words=escape(subprocess.list2cmdline(words)),
        folder=escape(morning.folder),
    )


def _unit_word(word: str) -> str:
    r"""A word of ExecStart: quoted where it needs it, with `\`, `"`, `%` and `$` as themselves."""
    plain = word.replace("%", "%%").replace("$", "$$")
    if _SAFE.fullmatch(plain):
        return plain
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _minutes_of(at: datetime.time) -> int:
    return at.hour * 60 + at.minute
