"""There is no paper: the one way of having nothing to read that is nobody's fault."""

from qjaudio.errors import NotAnIssueError


class NoPaperError(NotAnIssueError):
    """There is no issue of the day asked for: none was printed, or it is not out yet.

    A source raises it only where the place that was asked answered and has nothing for that day.
    A site that cannot be reached is an EngineError, pages that cannot be read a NotAnIssueError.
    """
