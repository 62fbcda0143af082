"""A target that asks again when the network fails."""

import time
from collections.abc import Callable
from typing import TypeVar

from qjaudio.targets.model import Stored, Target, UnreachableError, Upload

WAITS_S = (1.0, 2.0, 4.0, 8.0)
"""The pauses between five tries: a line that is down for longer is left to the next run."""
_Answer = TypeVar("_Answer")


class Retrying:
    """Wraps a target; each step is tried again after a pause, the last failure is let through."""

    def __init__(
        self,
        target: Target,
        *,
        told: Callable[[str], None],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._target, self._told, self._sleep = target, told, sleep

    @property
    def puts_whole(self) -> bool:
        """As the target does."""
        return self._target.puts_whole

    def listing(self, folder: str) -> dict[str, Stored]:
        """The files of one folder."""
        return self._again(lambda: self._target.listing(folder))

    def stat(self, name: str) -> Stored | None:
        """One file."""
        return self._again(lambda: self._target.stat(name))

    def read(self, name: str) -> bytes:
        """Its bytes."""
        return self._again(lambda: self._target.read(name))

    def put(self, upload: Upload, name: str) -> None:
        """Send a file, from its beginning each time."""
        self._again(lambda: self._target.put(upload, name))

    def move(self, old: str, new: str) -> None:
        """Put `old` into the place of `new`; an answer that was lost is not taken for a failure."""
        tried = False

        def once() -> None:
            nonlocal tried
            if tried and self._target.stat(old) is None and self._target.stat(new) is not None:
                return
            tried = True
            self._target.move(old, new)

        self._again(once)

    def remove(self, name: str) -> None:
        """Remove a file."""
        self._again(lambda: self._target.remove(name))

    def close(self) -> None:
        """Let the connection go."""
        self._target.close()

    def _again(self, step: Callable[[], _Answer]) -> _Answer:
        for wait_s in WAITS_S:
            try:
                return step()
            except UnreachableError as error:
                self._told(f"{error}; trying again in {wait_s:g} s")
                self._sleep(wait_s)
        return step()
