"""Options that several commands share, and how a command answers and talks."""

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from_option = click.option(
    "--from", "origin", metavar="PATH|URL", help="Where the pages are; default issues/DATE."
)
out_option = click.option("--out", metavar="DIR", help="The output folder.  [default: out]")
wait_option = click.option(
    "--wait",
    type=click.FloatRange(0, 86_400),
    metavar="SECONDS",
    help="How long to wait for another run that writes the feed.  [default: 120]",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
voice_option = click.option(
    "--voice",
    metavar="NAME",
    help="auto, edge, kokoro, silent, or one voice such as kokoro:zm_yunxi.  [default: auto]",
)
minutes_option = click.option(
    "--minutes",
    type=click.FloatRange(min=0, min_open=True),
    help="Fill or trim to about this length; default: what tells each story.",
)
force_option = click.option(
    "--force", is_flag=True, help="Accept pages whose masthead names another day."
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


def json_text(value: Any, *, indent: int | None = None) -> str:
    """A value for a program; in ASCII alone where stdout cannot hold Chinese."""
    encoding = (getattr(sys.stdout, "encoding", "") or "").lower()
    return json.dumps(value, ensure_ascii=not encoding.startswith("utf"), indent=indent)


def print_json(value: Any) -> None:
    """The answer for a program."""
    click.echo(json_text(value, indent=1))


def tell(text: str) -> None:
    """Write a line on stderr; one that is closed, full or gone stops nobody."""
    try:
        click.echo(text, err=True)
    except (OSError, ValueError):
        drop_stream("stderr")


def drop_stream(name: str) -> None:
    """Let whatever is still written to `stdout` or `stderr` go nowhere: it takes nothing more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, getattr(sys, name).fileno())
    except (OSError, ValueError, AttributeError):  # it is closed, or none of the system's
        setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - for good
    finally:
        os.close(nowhere)


def is_terminal() -> bool:
    """Whether somebody watches stderr."""
    try:
        return sys.stderr.isatty()
    except (ValueError, AttributeError):
        return False


class Talk:
    """Shows progress on stderr; stdout stays free for the answer."""

    def say(self, text: str) -> None:
        """One line."""
        from qjaudio.log import one_line  # late, so that --help does not wait for it

        tell(f"· {one_line(text)}")

    @contextmanager
    def step(self, text: str, total: int) -> Iterator[Callable[[], None]]:
        """A bar on a terminal; elsewhere a line at the start, at each quarter and at the end."""
        shown = _progress_bar(text, total) if is_terminal() else _progress_lines(text, total)
        yield from shown


def _progress_bar(text: str, total: int) -> Iterator[Callable[[], None]]:
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
    bars = Progress(*columns, console=Console(stderr=True))
    with contextlib.suppress(OSError, ValueError):  # a terminal that has gone
        bars.start()
    task = bars.add_task(text, total=total)
    try:
        yield lambda: bars.advance(task)
    finally:
        with contextlib.suppress(OSError, ValueError):
            bars.stop()


def _progress_lines(text: str, total: int) -> Iterator[Callable[[], None]]:
    tell(f"{text} …")
    began = time.monotonic()
    done = 0

    def one() -> None:
        nonlocal done
        done += 1
        if total >= 8 and done < total and done % -(-total // 4) == 0:
            tell(f"{text}: {done} of {total}")

    yield one
    tell(f"{text}: done in {time.monotonic() - began:.1f} s")
