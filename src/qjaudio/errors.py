"""What can go wrong; each class carries its exit code.

`str(error)` says what happened; `error.hint` says what to do now.
"""

import errno


class QjaudioError(Exception):
    """The base of every error that we expect; shown in two lines, without a traceback."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(QjaudioError):
    """The command line or a setting is not valid."""

    exit_code = 2


class IncompleteError(QjaudioError):
    """Something that was chosen could not be spoken whole, so nothing is published."""

    exit_code = 3


class NotAnIssueError(QjaudioError):
    """The input is not an issue of a newspaper that we can read."""

    exit_code = 4


class NoPaperError(NotAnIssueError):
    """There is no issue of the day asked for: none was printed, or it is not out yet.

    A source raises it only where the place that was asked answered and has nothing for that day.
    A site that cannot be reached is an EngineError, pages that cannot be read a NotAnIssueError.
    """


class MissingPartError(QjaudioError):
    """A model, a voice, a font or a program is not there or is not what it should be."""

    exit_code = 5


class EngineError(QjaudioError):
    """A voice or the network failed."""

    exit_code = 6


class NotWritableError(QjaudioError):
    """The output folder cannot be written."""

    exit_code = 7


_MOUNT = "mount that disk again"
WAYS_OUT = {
    "ENOSPC": "free some space",
    "EDQUOT": "free some space of your own, or have your quota raised",
    "EFBIG": "raise the limit of the size of files (ulimit -f)",
    "EACCES": "give this user access to it (chown, chmod)",
    "EPERM": "give this user access to it (chown, chmod)",
    "EROFS": "mount that disk for writing",
    "EMFILE": "raise the limit of open files (ulimit -n)",
    "ENFILE": "end other programs: the system has too many files open",
    "ENOMEM": "end other programs, or give this machine more memory",
    "EAGAIN": "end other programs, or raise the limit of processes (ulimit -u)",
    "EIO": "check the disk: the log of the system (dmesg) says what fails",
    "ENAMETOOLONG": "choose a shorter path",
    "EBUSY": "end the program that uses it",
    "EISDIR": "move away the folder that stands in place of a file",
    "ESTALE": _MOUNT, "ENOTCONN": _MOUNT, "EHOSTDOWN": _MOUNT, "ETIMEDOUT": _MOUNT,
    "ENOLCK": "choose a disk that has file locks",
}  # fmt: skip
"""What to do where the system refuses something, by the name of its error (errno(3))."""


def way_out(error: Exception, otherwise: str = "") -> str:
    """What to do about an error of the system; `otherwise` where it is none of `WAYS_OUT`."""
    return WAYS_OUT.get(errno.errorcode.get(getattr(error, "errno", None) or 0, ""), otherwise)


def cut_short(text: str, most: int) -> str:
    """The text, with an ellipsis at its end where it is longer than so many characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def in_brief(value: object, most: int = 80) -> str:
    """A value as a message shows it; a whole number of thousands of digits has no text."""
    try:
        return cut_short(repr(value), most)
    except (ValueError, RecursionError):
        return f"a {type(value).__name__} that is far too large"


def unreadable(path: object, error: Exception, hint: str) -> UsageError:
    """What to say of a file of the user's; `hint` is for one whose content is at fault."""
    return UsageError(f"cannot read {path}: {error}", hint=way_out(error, hint))


def of_the_system(error: Exception) -> QjaudioError | None:
    """What to say of an error that is the machine's and no bug of ours; None for a bug."""
    if isinstance(error, MemoryError) or "start new thread" in str(error):
        hint = f"{WAYS_OUT['ENOMEM']}, then run it again"
        return MissingPartError("there is not enough memory", hint=hint)
    if isinstance(error, FileNotFoundError) and "temporary directory" in str(error):
        hint = "set TMPDIR to a folder that can be written"
        return NotWritableError("there is no folder for temporary files", hint=hint)
    if not isinstance(error, OSError) or not way_out(error):
        return None
    named = f" {error.filename}" if error.filename else ""
    reason = f"the system refuses{named}: {error.strerror}"
    return NotWritableError(reason, hint=f"{way_out(error)}, then run it again")
