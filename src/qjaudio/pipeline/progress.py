"""How the steps of a run are shown: the command line draws them, a library caller may not."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol


class Progress(Protocol):
    """Somebody who shows what is happening."""

    def say(self, text: str) -> None:
        """Tell one thing."""

    def step(self, text: str, total: int) -> AbstractContextManager[Callable[[], None]]:
        """Begin a long step of `total` parts; the value that it yields is called after each."""


class Quiet:
    """Shows nothing."""

    def say(self, text: str) -> None:
        """Tell nobody."""

    @contextmanager
    def step(self, text: str, total: int) -> Iterator[Callable[[], None]]:  # noqa: ARG002
        """Count nothing."""
        yield lambda: None
