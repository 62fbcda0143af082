"""The command line: `qjaudio COMMAND`. Only this package prints."""

import importlib
import os
import sys
import tempfile
import traceback
from typing import Any

import click

from qjaudio import __version__
from qjaudio.cli.options import verbose_option

COMMANDS = {
    "make": "the whole job: read, choose, speak, mix, publish",
    "read": "show the issue as understood",
    "script": "write the script of a day, to be read and edited",
    "say": "speak one line, or explain how it would be said",
    "lexicon": "add a reading, or list your own",
    "feed": "rebuild the feed from what is in the output folder",
    "serve": "serve the output folder to phones",
    "publish": "bring the show to a folder, an SFTP server or S3",
    "voices": "list the voices and test them",
    "check": "check the set-up, or a finished episode",
    "schedule": "print a timer for every morning",
}
"""Each command's name, module and one-line help: `--help` imports none of them."""

INTERRUPTED = 130


class Lazy(click.Group):
    """A group whose commands are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names in the order of a working day."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import one command's module."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"qjaudio.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="qjaudio")
@verbose_option
def group() -> None:
    """Turn a day's printed newspaper into a Mandarin podcast.

    Example: qjaudio make 2025-05-20
    """


def main(arguments: list[str] | None = None) -> None:
    """Run a command; an expected error is two lines on stderr and its exit code."""
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code."""
    try:
        return _run(arguments)
    finally:
        if "qjaudio.log" in sys.modules:
            sys.modules["qjaudio.log"].fall_silent()


def _run(arguments: list[str] | None) -> int:
    from qjaudio.errors import QjaudioError

    try:
        result: Any = group.main(arguments, prog_name="qjaudio", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("qjaudio: stopped; a rerun goes on where this one was", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except QjaudioError as error:
        click.echo(f"qjaudio: {_one_line(str(error))}", err=True)
        click.echo(f"  hint: {_one_line(error.hint or 'see qjaudio COMMAND --help')}", err=True)
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as error:
        if "QJAUDIO_DEBUG" in os.environ:
            raise
        click.echo(
            f"qjaudio: a bug of ours: {type(error).__name__}: {_one_line(str(error))}", err=True
        )
        click.echo(f"  hint: please send us {_bug_report()}", err=True)
        return 1
    return result if isinstance(result, int) else 0


def _bug_report() -> str:
    """Write down the error that is being handled, ready to be sent; returns the file's path."""
    handle, path = tempfile.mkstemp(prefix="qjaudio-bug-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"qjaudio {__version__}, Python {sys.version}\n{_words(sys.argv)}\n\n")
        traceback.print_exc(file=file)
    return path


def _words(arguments: list[str]) -> str:
    """The command as it was typed, without the key of a private show."""
    words = list(arguments)
    for place, word in enumerate(words):
        if word.startswith("--key="):
            words[place] = "--key=***"
        elif place and words[place - 1] == "--key" and not word.startswith("-"):
            words[place] = "***"
    return " ".join(words)


def _one_line(text: str) -> str:
    """As in the log; it is imported here, so that a command that succeeds does not wait for it."""
    from qjaudio.log import one_line

    return one_line(text).strip()
