"""What can go wrong, as a tree; each class carries its exit code.

QjaudioError (1)
├── UsageError (2)          the command line or a setting is not valid
├── IncompleteError (3)     speech is missing or doubtful: nothing is published
├── NotAnIssueError (4)     the input is not an issue that can be read
├── MissingPartError (5)    a model, font or program is not there
├── EngineError (6)         a voice or the network failed
└── NotWritableError (7)    the output folder cannot be written

`str(error)` says what happened; `error.hint` says what to do now.
"""


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
