"""An engine that asks again when the engine inside fails for a moment."""

import logging
import math
import random
import time
from collections import Counter
from collections.abc import Callable

from qjaudio.engines.breaker import Breaker
from qjaudio.engines.wrapping import Wrapping
from qjaudio.errors import EngineError
from qjaudio.speech.model import Clip, Engine, Utterance

_log = logging.getLogger(__name__)


class Retrying(Wrapping):
    """Asks again after an EngineError, with growing pauses, inside a budget of time.

    Before try n + 1 it waits between half and all of `base_s` × 2ⁿ⁻¹ seconds, so that parallel
    callers do not come back together. An error may say more by two attributes: `tries`, how many
    failures of its class are enough, and `wait_s`, the least wait that the service asked for.
    Other errors (a part is missing, the text cannot be spoken whole) are never asked again.
    Once the `breaker` is open the last error is raised at once, and nothing is asked any more.
    """

    def __init__(  # noqa: PLR0913 - the clock, chance and sleep are arguments too
        self,
        engine: Engine,
        *,
        attempts: int = 4,
        budget_s: float = 90.0,
        base_s: float = 1.0,
        breaker: Breaker | None = None,
        sleep: Callable[[float], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """Wrap `engine`; `jitter` gives numbers from 0 to 1."""
        super().__init__(engine)
        self._attempts = attempts
        self._budget_s = budget_s
        self._base_s = base_s
        self._breaker = breaker or Breaker(limit=math.inf)
        self._sleep = sleep or self._breaker.wait
        self._clock = clock
        self._jitter = jitter

    def speak(self, utterance: Utterance) -> Clip:
        """Speak the utterance, or raise the last error when trying again is no use."""
        started = self._clock()
        failures: Counter[type[EngineError]] = Counter()
        while True:
            if self._breaker.is_open:
                raise EngineError(
                    f"{self.name} fails again and again: {self._breaker.reason or 'stopped'}",
                    hint="try again later, or take the offline voice with --voice kokoro",
                )
            try:
                clip = self.engine.speak(utterance)
            except EngineError as error:
                self._breaker.failed(error)
                failures[type(error)] += 1
                wait_s = self._wait_s(error, failures.total())
                spent_s = self._clock() - started
                facts = {"kind": type(error).__name__, "reason": error, "text": utterance.text}
                if self._is_enough(error, failures) or spent_s + wait_s > self._budget_s:
                    tried = {"tries": failures.total(), "seconds": spent_s}
                    _log.warning("given_up", extra={"facts": {**tried, **facts}})
                    raise
                again = {"failures": failures.total(), "wait_s": wait_s}
                _log.warning("retry", extra={"facts": {**again, **facts}})
                self._sleep(wait_s)
                if self._breaker.is_open:
                    raise
            else:
                self._breaker.succeeded()
                return clip

    def _is_enough(self, error: EngineError, failures: Counter[type[EngineError]]) -> bool:
        tries: int = getattr(error, "tries", self._attempts)
        return failures.total() >= self._attempts or failures[type(error)] >= tries

    def _wait_s(self, error: EngineError, failed: int) -> float:
        asked_s: float = getattr(error, "wait_s", 0.0)
        longest_s = self._base_s * float(2 ** (failed - 1))
        return max(asked_s, longest_s * (0.5 + self._jitter() / 2))
