"""What engines tell the log: each retry, cut and refusal with its reason."""

import logging

import pytest

from builders import utterance
from qjaudio.engines.silent import SilentEngine
from qjaudio.engines.wrappers import Breaker, Checked, Retrying
from qjaudio.errors import EngineError, IncompleteError
from qjaudio.speech.model import Clip, Utterance


class Broken(SilentEngine):
    """Fails as often as it is told to, then speaks."""

    def __init__(self, failures: int) -> None:
        self.failures = failures

    def speak(self, utterance: Utterance) -> Clip:
        self.failures -= 1
        if self.failures >= 0:
            raise EngineError("the line is busy")
        return super().speak(utterance)


class Mute(SilentEngine):
    """Answers with nothing."""

    def speak(self, utterance: Utterance) -> Clip:  # noqa: ARG002
        return Clip(b"")


def events(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    return [(record.message, str(record.facts["reason"])) for record in caplog.records]


@pytest.fixture(autouse=True)
def listening(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "qjaudio")


def test_every_retry_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """Two failures, two lines; a success is none."""
    engine = Retrying(Broken(2), sleep=lambda _s: None)
    engine.speak(utterance("桥通车了。"))
    assert [("retry", "the line is busy")] * 2 == events(caplog)


def test_giving_up_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """The last failure says that it was the last, an opened breaker why."""
    engine = Retrying(Broken(9), attempts=2, breaker=Breaker(limit=2), sleep=lambda _s: None)
    with pytest.raises(EngineError):
        engine.speak(utterance("桥通车了。"))
    assert ["retry", "breaker_open", "given_up"] == [event for event, _ in events(caplog)]


def test_cuts_and_refusals_are_told(caplog: pytest.LogCaptureFixture) -> None:
    """A clip without sound: asked again, the text cut in two, then refused; reasons with each."""
    words = utterance("新修的大桥今天通车了，两岸的人们从此过河不用坐船。")
    with pytest.raises(IncompleteError):
        Checked(Mute()).speak(words)
    told = events(caplog)
    assert "doubtful" == told[0][0]
    assert {"doubtful", "cut", "refused"} == {event for event, _ in told}
    assert all(reason for _, reason in told)
    assert "refused" == told[-1][0]
