"""Bytes made for clients (readdressed, compressed), kept in a bounded part of memory.

All clients that are sent the same bytes share one copy. What is lent out and what is kept
together never exceed the limit: who asks for more when all is lent out is asked to come back.
"""

import io
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable

MOST_BYTES = 64 * 2**20
"""How many bytes a pantry holds; the feed of a daily has some hundred thousand."""


class PantryFull(Exception):
    """All room is taken by what is being sent just now; the answer is 503."""


class Pantry:
    """Made bytes by their names, those asked for last kept longest; safe between threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lent: Counter[Hashable] = Counter()
        self._size = 0
        self._lock = threading.Lock()
        self._making = threading.Lock()

    @property
    def size(self) -> int:
        """How many bytes are held just now."""
        return self._size

    def lend(self, name: Hashable, make: Callable[[], bytes]) -> tuple[io.BytesIO, int]:
        """The bytes of this name as a file to be closed after use, and their number.

        `make` is called where they are not kept, one at a time: many clients that want something
        new share one processor and one scratch space.

        Raises:
            PantryFull: there is no room.
        """
        if found := self._take(name):
            return found
        with self._making:
            if found := self._take(name):  # another made it while we waited
                return found
            content = make()
            with self._lock:
                self._make_room(len(content))
                self._kept[name] = content
                self._size += len(content)
            found = self._take(name)
            if found is None:  # pragma: no cover - only makers remove, and we are the only one
                raise PantryFull
            return found

    def _take(self, name: Hashable) -> tuple[io.BytesIO, int] | None:
        with self._lock:
            content = self._kept.get(name)
            if content is None:
                return None
            self._kept.move_to_end(name)
            self._lent[name] += 1
            return _Lent(content, lambda: self._give_back(name)), len(content)

    def _give_back(self, name: Hashable) -> None:
        with self._lock:
            self._lent[name] -= 1
            if not self._lent[name]:
                del self._lent[name]

    def _make_room(self, needed: int) -> None:
        idle = [name for name in self._kept if name not in self._lent]
        for name in idle:
            if self._size + needed <= self._most:
                return
            self._size -= len(self._kept.pop(name))
        if self._size + needed > self._most:
            raise PantryFull


class _Lent(io.BytesIO):
    """A view of kept bytes (CPython shares them until they are written to)."""

    def __init__(self, content: bytes, give_back: Callable[[], None]) -> None:
        super().__init__(content)
        self._give_back = give_back

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._give_back()
