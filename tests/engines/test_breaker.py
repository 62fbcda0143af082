"""When many attempts in a row fail, nobody goes on asking."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from qjaudio.engines.wrappers import Breaker, Retrying
from qjaudio.errors import EngineError
from qjaudio.speech.model import Clip


def test_opens_after_failures_in_a_row() -> None:
    """A success between begins the row again; once open it stays open."""
    breaker = Breaker(limit=3)
    for word in "ffsff":
        breaker.failed(EngineError("no")) if word == "f" else breaker.succeeded()
        assert not breaker.is_open
    breaker.failed(EngineError("the last"))
    breaker.succeeded()
    assert breaker.is_open
    assert "the last" == breaker.reason


def test_whoever_waits_is_woken() -> None:
    """A wait of an hour ends when the breaker opens."""
    breaker = Breaker()
    threading.Timer(0.05, breaker.open).start()
    started = time.monotonic()
    breaker.wait(3600)
    assert 30 > time.monotonic() - started


def test_an_open_breaker_asks_nothing(scripted: Any, utterance: Any, good_clip: Clip) -> None:
    """The next utterance is refused with the reason of the last failure, unasked."""
    breaker = Breaker(limit=2)
    engine = scripted(EngineError("blocked"), EngineError("blocked again"), good_clip)
    retrying = Retrying(engine, breaker=breaker, sleep=lambda _: None)
    for _ in range(2):
        with pytest.raises(EngineError, match="blocked again") as caught:
            retrying.speak(utterance())
    assert 2 == len(engine.asked)
    assert "fails again and again" in str(caught.value)


def test_callers_share_the_row(scripted: Any, utterance: Any) -> None:
    """Four callers that wait a minute each are done as soon as each has failed once."""
    breaker = Breaker(limit=4)
    retrying = Retrying(scripted(EngineError("no")), breaker=breaker, base_s=60.0, budget_s=9000.0)
    started = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(retrying.speak, utterance()) for _ in range(4)]
        errors = [call.exception() for call in calls]
    assert all(isinstance(error, EngineError) for error in errors)
    assert 30 > time.monotonic() - started


def test_without_a_breaker_of_the_run_each_utterance_has_its_tries(
    scripted: Any, utterance: Any
) -> None:
    """An engine that is used alone never opens one by itself."""
    engine = scripted(EngineError("no"))
    retrying = Retrying(engine, sleep=lambda _: None)
    for _ in range(5):
        with pytest.raises(EngineError):
            retrying.speak(utterance())
    assert 20 == len(engine.asked)
