"""Options that several commands share, and how a command answers and talks."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from qjaudio.log import one_line

from_option = click.option(
    "--from", "origin", metavar="PATH|URL", help="Where the pages are; default issues/DATE."
)
out_option = click.option("--out", metavar="DIR", help="The output folder.  [default: out]")
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
voice_option = click.option(
    "--voice",
    metavar="NAME",
    help="auto, edge, kokoro, silent, or one voice such as kokoro:zm_yunxi.  [default: auto]",
)
minutes_option = click.option(
    "--minutes",
    type=click.FloatRange(min=0, min_open=True),
    help="Fill or trim to about this length; default: headlines and leads.",
)
force_option = click.option(
    "--force", is_flag=True, help="Take the pages although their masthead names another day."
)


def _speak_up(_context: click.Context, _option: click.Parameter, wished: bool) -> None:
    if wished:
        from qjaudio import log

        log.speak_up()


verbose_option = click.option(
    "-v",
    "--verbose",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    envvar="QJAUDIO_VERBOSE",
    callback=_speak_up,
    help="Show every event on stderr, one line each.",
)


def words_of(command: str) -> list[str]:
    """A command as it was given, for the log: its name, then the options that are set."""
    given = click.get_current_context().params
    named = [f"{name}={value}" for name, value in given.items() if value not in (None, False)]
    return [command, *named]


def all_of(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Several options as one decorator, in the order of the help."""

    def decorate(function: Any) -> Any:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def print_json(value: Any) -> None:
    """The answer for a program."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


class Talk:
    """Shows progress on stderr; stdout stays free for the answer."""

    def say(self, text: str) -> None:
        """One line."""
        click.echo(f"· {one_line(text)}", err=True)

    @contextmanager
    def step(self, text: str, total: int) -> Iterator[Callable[[], None]]:
        """A bar on a terminal; elsewhere a line at the start, at each quarter and at the end."""
        shown = _bar(text, total) if sys.stderr.isatty() else _lines(text, total)
        yield from shown


def _bar(text: str, total: int) -> Iterator[Callable[[], None]]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(),
        TimeElapsedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task(text, total=total)
        yield lambda: bars.advance(task)


def _lines(text: str, total: int) -> Iterator[Callable[[], None]]:
    click.echo(f"{text} …", err=True)
    began = time.monotonic()
    done = 0

    def one() -> None:
        nonlocal done
        done += 1
        if total >= 8 and done < total and done % -(-total // 4) == 0:
            click.echo(f"{text}: {done} of {total}", err=True)

    yield one
    click.echo(f"{text}: done in {time.monotonic() - began:.1f} s", err=True)
