"""Utterances and a scripted engine for the engines' tests."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from qjaudio.engines.silent import SilentEngine
from qjaudio.speech.model import Clip, Utterance, Word

TEXT = "城里的新步道今天开放。第一批游客早上七点就到了，大家都说好。"

Speaking = Callable[..., Utterance]


@pytest.fixture
def utterance() -> Speaking:
    """Makes an utterance of single characters; every Han character reads `ma1`."""

    def make(text: str = TEXT, voice: str = "") -> Utterance:
        words = tuple(Word(char, ("ma1",)) if "一" <= char <= "鿿" else Word(char) for char in text)
        return Utterance(text=text, words=words, voice=voice)

    return make


@dataclass
class ScriptedEngine:
    """Answers with what the test has laid out, in turn; the last answer goes on for good."""

    answers: list[Clip | Exception]
    asked: list[Utterance] = field(default_factory=list)
    name: str = "scripted"
    identity: str = "scripted/1"
    max_chars: int = 40
    parallel: int = 3
    voices: tuple[str, ...] = ("first", "second")
    online: bool = False
    repeatable: bool = False
    follows: tuple[str, ...] = ()

    def speak(self, utterance: Utterance) -> Clip:
        """The next answer."""
        self.asked.append(utterance)
        answer = self.answers[min(len(self.asked), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def scripted() -> Callable[..., ScriptedEngine]:
    """Makes an engine that gives these answers: clips are returned, errors raised."""
    return lambda *answers: ScriptedEngine(list(answers))


@pytest.fixture
def good_clip(utterance: Speaking) -> Clip:
    """A clip that can be all of the default utterance."""
    return SilentEngine().speak(utterance())
