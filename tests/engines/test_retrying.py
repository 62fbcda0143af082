"""Asking again: when, how often, how long."""

from collections.abc import Callable
from typing import Any

import pytest

from qjaudio.engines.service import BlockedError, CutError, ThrottledError
from qjaudio.engines.wrappers import Retrying
from qjaudio.errors import EngineError, IncompleteError, MissingPartError
from qjaudio.speech.model import Clip


class Time:
    """A clock that runs only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def retrying(
    engine: Any, time: Time, jitter: Callable[[], float] = lambda: 1.0, **more: Any
) -> Any:
    return Retrying(engine, sleep=time.sleep, clock=time.clock, jitter=jitter, **more)


def test_a_passing_failure_is_asked_again(scripted: Any, utterance: Any, good_clip: Clip) -> None:
    """Two failures and a clip: the clip comes, after pauses that double."""
    time, engine = Time(), scripted(CutError(), CutError(), good_clip)
    assert good_clip == retrying(engine, time).speak(utterance())
    assert time.slept == [1.0, 2.0]


def test_the_last_error_comes_out(scripted: Any, utterance: Any) -> None:
    """After the last try its error is raised as it is."""
    last = EngineError("the fourth")
    engine = scripted(EngineError("1"), EngineError("2"), EngineError("3"), last)
    with pytest.raises(EngineError) as caught:
        retrying(engine, Time()).speak(utterance())
    assert last is caught.value
    assert len(engine.asked) == 4


@pytest.mark.parametrize(("jitter", "slept"), [(0.0, [0.5, 1.0, 2.0]), (1.0, [1.0, 2.0, 4.0])])
def test_jitter_halves_a_pause_at_most(
    scripted: Any, utterance: Any, jitter: float, slept: list[float]
) -> None:
    """Pauses lie between half and all of the doubling time."""
    time = Time()
    with pytest.raises(EngineError):
        retrying(scripted(EngineError("no")), time, lambda: jitter).speak(utterance())
    assert slept == time.slept


def test_the_budget_is_never_overrun(scripted: Any, utterance: Any) -> None:
    """A pause that would end after the budget is not begun."""
    time, engine = Time(), scripted(EngineError("no"))
    with pytest.raises(EngineError):
        retrying(engine, time, attempts=50, budget_s=10.0).speak(utterance())
    assert time.slept == [1.0, 2.0, 4.0]
    assert len(engine.asked) == 4


def test_time_spent_speaking_counts(scripted: Any, utterance: Any) -> None:
    """The budget covers the tries themselves, not only the pauses."""
    time, engine = Time(), scripted(EngineError("no"))
    speak = engine.speak

    def slowly(asked: Any) -> Clip:
        time.now += 6.0
        clip: Clip = speak(asked)
        return clip

    engine.speak = slowly
    with pytest.raises(EngineError):
        retrying(engine, time, budget_s=12.5).speak(utterance())
    assert len(engine.asked) == 2


def test_the_service_may_ask_for_a_longer_wait(
    scripted: Any, utterance: Any, good_clip: Clip
) -> None:
    """A wait that the service asked for is kept; one over the budget ends the trying."""
    time = Time()
    retrying(scripted(ThrottledError(wait_s=30.0), good_clip), time).speak(utterance())
    assert time.slept == [30.0]
    engine = scripted(ThrottledError(wait_s=300.0), good_clip)
    with pytest.raises(ThrottledError):
        retrying(engine, time).speak(utterance())
    assert len(engine.asked) == 1


def test_a_block_is_tried_twice_only(scripted: Any, utterance: Any, good_clip: Clip) -> None:
    """Refusals count by class: a cut between two of them does not give a third chance."""
    engine = scripted(BlockedError(), CutError(), BlockedError(), good_clip)
    with pytest.raises(BlockedError):
        retrying(engine, Time()).speak(utterance())
    assert len(engine.asked) == 3


@pytest.mark.parametrize("error", [IncompleteError("no"), MissingPartError("no"), ValueError("no")])
def test_what_cannot_pass_is_not_asked_again(
    scripted: Any, utterance: Any, error: Exception
) -> None:
    """Only failures of a voice or the network are tried again."""
    engine = scripted(error)
    with pytest.raises(type(error)):
        retrying(engine, Time()).speak(utterance())
    assert len(engine.asked) == 1


def test_looks_like_the_engine_inside(scripted: Any) -> None:
    """Name, identity, limits and voices are those of the engine inside."""
    engine = scripted()
    wrapped = Retrying(engine)
    assert (
        wrapped.name,
        wrapped.identity,
        wrapped.max_chars,
        wrapped.parallel,
        wrapped.voices,
    ) == ("scripted", "scripted/1", 40, 3, ("first", "second"))
