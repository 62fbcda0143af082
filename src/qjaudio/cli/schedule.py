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
@options.json_option
def command(at: str, expect_by: str, every: int, as_json: bool) -> None:
    """Print a systemd timer and a cron line that make each day's episode; nothing is installed.

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
        click.echo(page(morning, offset, config), nl=False)


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


def schedule_answer(morning: timers.Morning, offset: datetime.timedelta) -> dict[str, object]:
    """The same for a program: each text alone."""
    return {
        "command": list(morning.command),
        "folder": morning.folder,
        "times": [f"{at:%H:%M}" for at in morning.timetable.times],
        "time_zone": "Asia/Shanghai",
        "service": timers.service(morning),
        "timer": timers.timer(morning),
        "cron": timers.cron(morning, offset),
    }


def page(morning: timers.Morning, offset: datetime.timedelta, config: settings.Config) -> str:
    """Both ways with the words that explain them; every line that is not a setting is a comment."""
    return str(rules.phrases("schedule")["page"]).format(
        at=morning.timetable.at,
        every_minutes=morning.timetable.every_minutes,
        expect_by=morning.timetable.expect_by,
        warnings="".join(f"# {warning}\n" for warning in _warnings(config)),
        service=timers.service(morning),
        timer=timers.timer(morning),
        zone=datetime.timezone(offset).tzname(None),
        cron=timers.cron(morning, offset),
    )


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
