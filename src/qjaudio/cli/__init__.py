"""The command line: `qjaudio COMMAND`. Only this package prints."""

import contextlib
import errno
import importlib
import os
import sys
import tempfile
import traceback
from typing import TYPE_CHECKING, Any

import click

from qjaudio import __version__
from qjaudio.cli.options import drop_stream, tell, verbose_option

if TYPE_CHECKING:
    from qjaudio.errors import QjaudioError

COMMANDS = {
    "make": "the whole job: read, choose, speak, mix, publish",
    "read": "show the issue as it was read",
    "script": "write the script of a day, to be read and edited",
    "say": "speak one line, or explain how it would be said",
    "lexicon": "add a reading, or list your own",
    "feed": "rebuild the feed from what is in the output folder",
    "serve": "serve the output folder to phones",
    "publish": "publish the show to a folder, an SFTP server or S3",
    "export": "write an episode for loudspeakers, WeChat, video and e-readers",
    "voices": "list the voices and test them",
    "check": "check the set-up, or a finished episode",
    "stats": "count who listened, by the logs of the web server",
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
    _open_closed_streams()
    with contextlib.suppress(AttributeError, ValueError):
        # In an encoding without Chinese an answer is better with escapes than not at all.
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code."""
    try:
        return _run_command(arguments)
    finally:
        if "qjaudio.log" in sys.modules:
            sys.modules["qjaudio.log"].fall_silent()


def _run_command(arguments: list[str] | None) -> int:
    from qjaudio.errors import QjaudioError

    streams = sys.stdout, sys.stderr
    try:
        result: Any = group.main(arguments, prog_name="qjaudio", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Abort:
        tell("qjaudio: stopped; run it again to go on from here")
        return INTERRUPTED
    except click.ClickException as error:
        try:
            error.show()
        except (OSError, ValueError):
            drop_stream("stderr")
        return error.exit_code
    except QjaudioError as error:
        return _refuse(error)
    except SystemExit:  # click's answer to a broken pipe, whosever it is: it wraps both streams
        if sys.stdout is streams[0]:
            raise
        sys.stdout, sys.stderr = streams
        return _unexpected(BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE)))
    except Exception as error:
        return _unexpected(error)


def _unexpected(error: Exception) -> int:
    """The exit code of a bug, which is written down; or that of a stdout that takes no more."""
    if isinstance(error, OSError) and _stdout_fails():
        return _give_up_stdout(error)
    if "QJAUDIO_DEBUG" in os.environ:
        raise error
    from qjaudio.errors import of_the_system

    known = of_the_system(error)
    if known:
        return _refuse(known)
    tell(f"qjaudio: a bug in qjaudio: {type(error).__name__}: {_on_one_line(str(error))}")
    tell(f"  hint: please send us {_bug_report(error)}")
    return 1


def _refuse(error: "QjaudioError") -> int:
    """Say what is wrong, and what now; returns the exit code."""
    tell(f"qjaudio: {_on_one_line(str(error))}")
    tell(f"  hint: {_on_one_line(error.hint or 'see qjaudio COMMAND --help')}")
    return error.exit_code


def _stdout_fails() -> bool:
    """Whether it is stdout that takes nothing more: even the end of a line fails."""
    try:
        sys.stdout.write("\n")
        sys.stdout.flush()
    except (OSError, ValueError):
        return True
    return False


def _give_up_stdout(error: OSError) -> int:
    """The exit code for an answer that could not be written, although all else was done."""
    from qjaudio.errors import NotWritableError

    drop_stream("stdout")
    if isinstance(error, BrokenPipeError):  # whoever read it has had enough: head, less
        return 0
    reason = f"cannot write the answer to stdout: {error.strerror or error}"
    return _refuse(NotWritableError(reason, hint="the work is done; free some space and ask again"))


def _open_closed_streams() -> None:
    """Give streams that were closed by the caller a place to go.

    Else their numbers go to the next files that are opened, which libraries then write into.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number: this one
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            stream = open(os.devnull, mode, encoding="utf-8")  # noqa: PTH123, SIM115 - for good, and
            setattr(sys, name, stream)  # without pathlib, which takes a tenth of the start


def _bug_report(error: Exception) -> str:
    """Write down an error, ready to be sent; returns the file's path."""
    text = f"qjaudio {__version__}, Python {sys.version}\n{_typed_words(sys.argv)}\n\n"
    text += "".join(traceback.format_exception(error))
    try:
        handle, path = tempfile.mkstemp(prefix="qjaudio-bug-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError:  # no folder for it, or a full one
        tell(text)
        return "the lines above"
    return path


def _typed_words(arguments: list[str]) -> str:
    """The command as it was typed, without the key of a private show."""
    words = list(arguments)
    for place, word in enumerate(words):
        if word.startswith("--key="):
            words[place] = "--key=***"
        elif place and words[place - 1] == "--key" and not word.startswith("-"):
            words[place] = "***"
    return " ".join(words)


def _on_one_line(text: str) -> str:
    """As in the log; it is imported here, so that a command that succeeds does not wait for it."""
    from qjaudio.log import one_line

    return one_line(text).strip()
