"""Talk on stderr: a bar for each long step on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from qjaudio.log import one_line


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
