"""When many attempts in a row fail, all callers stop at once: none waits out its own retries."""

import logging
import threading

LIMIT = 8
"""Failed attempts in a row, over all callers: two rounds of the online voice's four connections.
A service that fails three attempts in ten comes here by chance once in 15,000 attempts."""

_log = logging.getLogger(__name__)


class Breaker:
    """Shared by all who ask one service in one run; once open it stays open."""

    def __init__(self, limit: float = LIMIT) -> None:
        """Open after `limit` failed attempts without one success between them."""
        self.opened = threading.Event()
        """Set when nobody shall ask any more; whoever waits may wait on it."""
        self._limit = limit
        self._failures = 0
        self.reason = ""
        """What the last failed attempt said."""
        self._counting = threading.Lock()

    @property
    def is_open(self) -> bool:
        """Whether nobody shall ask any more."""
        return self.opened.is_set()

    def failed(self, error: Exception) -> None:
        """Count an attempt that failed."""
        with self._counting:
            self._failures += 1
            self.reason = str(error)
            if self._failures >= self._limit:
                if not self.is_open:
                    facts = {"failures": self._failures, "reason": self.reason}
                    _log.warning("breaker_open", extra={"facts": facts})
                self.opened.set()

    def succeeded(self) -> None:
        """Count an attempt that succeeded: the row begins anew."""
        with self._counting:
            self._failures = 0

    def open(self) -> None:
        """Stop everybody: the run is over, whatever they would still bring."""
        self.opened.set()

    def wait(self, seconds: float) -> None:
        """Sleep, but not longer than until the breaker opens."""
        self.opened.wait(seconds)
