"""Callers take turns within a budget, so that memory has a bound."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """Lets in so many callers at once, and only as much together as the budget allows.

    One that is too big to go beside another waits, and smaller ones go first; alone, it always
    gets in.
    """

    def __init__(self, *, callers: int, budget: float) -> None:
        self._callers, self._budget = callers, budget
        self._inside: list[float] = []
        self._changed = threading.Condition()

    @contextmanager
    def taken(self, size: float) -> Iterator[None]:
        """Wait for a turn of this size, and hold it."""
        with self._changed:
            self._changed.wait_for(lambda: self._has_room(size))
            self._inside.append(size)
        try:
            yield
        finally:
            with self._changed:
                self._inside.remove(size)
                self._changed.notify_all()

    def _has_room(self, size: float) -> bool:
        if not self._inside:
            return True
        return len(self._inside) < self._callers and sum(self._inside) + size <= self._budget
