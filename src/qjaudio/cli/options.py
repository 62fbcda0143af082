"""Options that several commands share, and how a command answers and talks."""

import contextlib
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from shutil import get_terminal_size
from typing import Any

import click

from qjaudio.language import ENGLISH, display_width, language, padded, translated, wrapped

_ROW = re.compile(r"([a-z]+(?: [a-z]+)*)( {2,})(.*)")
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
    metavar="MINUTES",
    help="Fill or trim to about this length; default: what tells each story.",
)
force_option = click.option(
    "--force", is_flag=True, help="Accept pages whose masthead names another day."
)


def _speak_up(_context: click.Context, _option: click.Parameter, wished: bool) -> None:
    if wished:
        from qjaudio import log

        log.speak_up()


VERBOSE: dict[str, Any] = {
    "is_flag": True,
    "envvar": "QJAUDIO_VERBOSE",
    "help": "Show every event on stderr, one line each.",
}
verbose_option = click.option(
    "-v", "--verbose", expose_value=False, is_eager=True, callback=_speak_up, **VERBOSE
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
    """Write a line on stderr in the language of whoever reads it."""
    tell_as_is(translated(text))


def tell_as_is(text: str) -> None:
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


def tell_error(text: str, hint: str) -> None:
    """Two lines on stderr, what is wrong and what now; wrapped where a terminal is narrower."""
    for line in (f"qjaudio: {text}", f"  {translated('hint: ')}{hint}"):
        first, *others = wrapped(line, get_terminal_size().columns - 4) if is_terminal() else [line]
        for row in (first, *(f"    {other}" for other in others)):
            tell_as_is(row)


def clock_text(milliseconds: int) -> str:
    """A length in minutes and seconds: `12:05`."""
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    return f"{minutes}:{seconds:02d}"


def answer(text: str) -> None:
    """Write the answer for a person on stdout: lines of text, or of a label, spaces and a value."""
    click.echo("\n".join(map(_translated_row, text.split("\n"))))


def _translated_row(line: str) -> str:
    found = _ROW.fullmatch(line)
    if not found or language() == ENGLISH:
        return translated(line)
    label, spaces, value = found.groups()
    said = translated(label)
    return padded(said, max(len(label + spaces), display_width(said) + 1)) + translated(value)


class Context(click.Context):
    """Shows help in the language of whoever reads it."""

    @property
    def formatter_class(self) -> type[click.HelpFormatter]:  # type: ignore[override]
        """click's own in English, which it wraps by spaces."""
        is_english = language() == ENGLISH
        return click.HelpFormatter if is_english else _ChineseHelp


class _ChineseHelp(click.HelpFormatter):
    """Writes help in Chinese, which has no spaces to wrap at and takes two columns a character."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        args = args.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 [参数]…")
        super().write_usage(prog, args, prefix or translated("Usage: "))

    def write_heading(self, heading: str) -> None:
        self.write(f"{translated(heading)}：\n")

    def write_text(self, text: str) -> None:
        for paragraph in text.split("\n\n"):
            there = translated(" ".join(paragraph.split()))
            indent = " " * self.current_indent
            lines = wrapped(there, self.width - self.current_indent)
            self.write("\n".join([*(f"{indent}{line}" for line in lines), "", ""]))
        self.buffer[-1] = self.buffer[-1][:-1]

    def write_dl(self, rows: Any, col_max: int = 30, col_spacing: int = 2) -> None:
        rows = [(first, _translated_help(second)) for first, second in rows]
        width = min(max(len(first) for first, _ in rows), col_max) + col_spacing
        left = self.current_indent + width
        for first, second in rows:
            head = f"{'':{self.current_indent}}{first}"
            lines = wrapped(second, self.width - left - 2) or [""]
            if len(first) + col_spacing > width:
                self.write(f"{head}\n")
                head = ""
            for line in lines:
                self.write(f"{head:{left}}{line}\n")
                head = ""


def _translated_help(text: str) -> str:
    """What an option does, and behind it what click adds: `[default: out]`, `[x>0]`."""
    said, *added = text.split("  [")
    return " [".join((translated(said), *map(translated, added)))


class Talk:
    """Shows progress on stderr; stdout stays free for the answer."""

    def say(self, text: str) -> None:
        """One line."""
        from qjaudio.log import one_line  # late, so that --help does not wait for it

        tell_as_is(f"· {translated(one_line(text))}")

    @contextmanager
    def step(self, text: str, total: int) -> Iterator[Callable[[], None]]:
        """A bar on a terminal; elsewhere a line at the start, at each quarter and at the end."""
        text = translated(text)
        shown = progress_bar(text, total) if is_terminal() else _progress_lines(text, total)
        yield from shown


def progress_bar(text: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar with this text on a terminal; yields once what moves it on."""
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
