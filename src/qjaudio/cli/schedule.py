"""`qjaudio schedule`."""

import datetime
import getpass
import os
import shutil
import sys
from pathlib import Path

import click

from qjaudio import config as settings
from qjaudio import rules
from qjaudio.cli import options
from qjaudio.language import translated
from qjaudio.pipeline import reading, timers


@click.command("schedule")
@click.option("--at", default="06:30", show_default=True, help="First try, in China's time.")
@click.option(
    "--expect-by",
    default="09:00",
    show_default=True,
    help="Last try; then a missing paper is a failure.",
)
@click.option(
    "--every", type=int, default=15, show_default=True, help="Minutes from one try to the next."
)
@click.option(
    "--system",
    type=click.Choice(["linux", "macos", "windows"]),
    help="Whose timer to print.  [default: that of this machine]",
)
@options.json_option
def command(at: str, expect_by: str, every: int, system: str | None, as_json: bool) -> None:
    """Print a timer that makes each day's episode; nothing is installed.

    For systemd and cron, launchd of macOS, or the Task Scheduler of Windows.

    Run it in the show's folder, the one with qjaudio.toml and issues/.

    Example: qjaudio schedule --at 06:30 --expect-by 09:00
    """
    config = settings.load()
    morning = timers.Morning(
        program=program(),
        folder=str(Path.cwd()),
        user=_user(),
        timetable=timers.Timetable(
            at=reading.parse_time(at), expect_by=reading.parse_time(expect_by), every_minutes=every
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


def _user() -> str:
    """Who runs this; empty where the system does not say."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def _timers(morning: timers.Morning, offset: datetime.timedelta) -> dict[str, str]:
    """The timers of all systems."""
    return {
        "service": timers.service(morning),
        "timer": timers.timer(morning),
        "cron": timers.cron(morning, offset),
        "launchd": timers.launchd(morning, offset),
        "windows": timers.windows_task(morning),
    }


def schedule_answer(morning: timers.Morning, offset: datetime.timedelta) -> dict[str, object]:
    """The same for a program: each text alone."""
    return {
        "command": list(morning.command),
        "folder": morning.folder,
        "times": [f"{at:%H:%M}" for at in morning.timetable.times],
        "time_zone": "Asia/Shanghai",
        **_timers(morning, offset),
    }


def page(
    morning: timers.Morning, offset: datetime.timedelta, config: settings.Config, system: str
) -> str:
    """The timer of a system with the words that explain it.

    Every line that is not a setting is a comment, in the language of whoever reads it.
    """
    text = str(rules.phrases("schedule")[system]).format(
        at=morning.timetable.at,
        every_minutes=morning.timetable.every_minutes,
        expect_by=morning.timetable.expect_by,
        warnings="".join(f"# {warning}\n" for warning in _warnings(config)),
        zone=datetime.timezone(offset).tzname(None),
        **_timers(morning, offset),
    )
    return "".join(map(_translated_comment, text.splitlines(keepends=True)))


def _translated_comment(line: str) -> str:
    return f"# {translated(line[2:].rstrip())}\n" if line.startswith("# ") else line


def _warnings(config: settings.Config) -> list[str]:
    """What works here and would not work there."""
    found = []
    if not config.epaper:
        found.append(
            f"epaper is not set: each day's pages must be in {config.issues}/DATE by themselves."
        )
    names = sorted(name for name in os.environ if name.startswith("QJAUDIO_"))
    if names:
        found.append(f"Set here but not there, write them into qjaudio.toml: {', '.join(names)}")
    return found
