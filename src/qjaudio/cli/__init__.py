"""The command line: `qjaudio COMMAND`. Only this package prints."""

import contextlib
import errno
import importlib
import os
import re
import sys
import tempfile
import traceback
from typing import TYPE_CHECKING, Any

import click

from qjaudio import __version__
from qjaudio.cli.options import VERBOSE, Context, drop_stream, tell_as_is, tell_error
from qjaudio.language import translated

if TYPE_CHECKING:
    from qjaudio.errors import QjaudioError

COMMANDS = {
    "init": "begin a show: settings, folders, a first lexicon",
    "make": "the whole job: read, choose, speak, mix, publish",
    "read": "show the issue as it was read",
    "script": "write the script of a day, to be read and edited",
    "say": "speak one line, or explain how it would be said",
    "lexicon": "add a reading, or list your own",
    "feed": "rebuild the feed from what is in the output folder",
    "serve": "serve the output folder to phones",
    "desk": "put editions right, sign and publish them in a browser",
    "publish": "publish the show to a folder, an SFTP server or S3",
    "export": "write an episode for loudspeakers, WeChat, video and e-readers",
    "voices": "list the voices and test them",
    "check": "check the set-up, or a finished episode",
    "stats": "count who listened, by the logs of the web server",
    "schedule": "print a timer for every morning",
    "status": "list the editions: drafted, signed, published, withdrawn",
    "approve": "sign the draft of a day; the last signature publishes it",
    "return": "send the draft of a day back with a reason",
    "withdraw": "take an episode back, or one story of it",
    "restore": "undo a withdrawal",
    "journal": "show who did what to which content, and test the webhook",
}
"""Each command's name and one-line help: `--help` imports none of them."""
_IN_REVIEW = ("status", "approve", "return", "withdraw", "restore", "journal")
"""These stand together in one module; each of the others in one of its own name."""

INTERRUPTED = 130


class Lazy(click.Group):
    """A group whose commands are imported when they are used."""

    context_class = Context

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names in the order of a working day."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import one command's module."""
        if cmd_name not in COMMANDS:
            return None
        together = cmd_name in _IN_REVIEW
        module = importlib.import_module(f"qjaudio.cli.{'review' if together else cmd_name}")
        command: click.Command = module.OF_REVIEW[cmd_name] if together else module.command
        for one in (command, *getattr(command, "commands", {}).values()):
            one.context_class = Context
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="qjaudio")
@click.option("-v", "--verbose", **VERBOSE)
def group(verbose: bool) -> None:
    """Turn a day's printed newspaper into a Mandarin podcast.

    Example: qjaudio make 2025-05-20
    """
    if verbose:
        from qjaudio import log

        log.speak_up()


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
        tell_as_is(f"qjaudio: {translated('stopped; run it again to go on from here')}")
        return INTERRUPTED
    except click.UsageError as error:
        return _refuse(_misused(error))
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
    from qjaudio.errors import QjaudioError, of_the_system

    known = of_the_system(error)
    if known:
        return _refuse(known)
    what = f"a bug in qjaudio: {type(error).__name__}: {_on_one_line(str(error))}"
    return _refuse(QjaudioError(what, hint=f"please send us {_bug_report(error)}"))


def _misused(error: click.UsageError) -> "QjaudioError":
    """An error of click's as one of ours: what is wrong, and what was meant or where help is."""
    from difflib import get_close_matches

    from qjaudio.errors import UsageError

    words = error.ctx.command_path if error.ctx else "qjaudio"
    near = getattr(error, "possibilities", None) or []
    what = error.message if near else error.format_message()
    if not near and (unknown := re.match(r"No such command '(.*?)'", what)):
        near = get_close_matches(unknown[1], COMMANDS)
    hint = f"did you mean {near[0]}? {words} --help" if near else f"see {words} --help"
    return UsageError(what, hint=hint)


def _refuse(error: "QjaudioError") -> int:
    """Say what is wrong, and what now; returns the exit code."""
    hint = _on_one_line(error.hint or "see qjaudio COMMAND --help")
    tell_error(translated(_on_one_line(str(error))), translated(hint))
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
        tell_as_is(text)
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
