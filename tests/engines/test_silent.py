"""The shipped fake."""

from dataclasses import replace
from typing import Any

from qjaudio.engines.silent import SilentEngine
from qjaudio.speech.gate import sounding
from qjaudio.testing import check_engine


def test_takes_the_time_of_a_voice(utterance: Any) -> None:
    """220 ms a syllable and 200 ms a mark."""
    assert SilentEngine().speak(utterance("今天，很热啊。")).duration_ms == 5 * 220 + 2 * 200


def test_follows_the_rate(utterance: Any) -> None:
    """Twice as fast takes half of the time, marks included."""
    fast = replace(utterance("今天，很热啊。"), rate=2.0)
    assert SilentEngine().speak(fast).duration_ms == 5 * 110 + 2 * 100


def test_is_the_same_each_time(utterance: Any) -> None:
    """The same utterance gives the same bytes, whatever the voice."""
    first, second = utterance(), utterance(voice="zm_yunxi")
    assert SilentEngine().speak(first) == SilentEngine().speak(second)


def test_is_hardly_to_be_heard_but_no_digital_silence(utterance: Any) -> None:
    """Peaks stay at −54 dBFS; loudness can still be measured."""
    clip = SilentEngine().speak(utterance())
    samples = memoryview(clip.pcm).cast("h")
    assert 60 <= max(samples) <= 66
    assert sounding(clip) is not None


def test_nothing_to_say_is_a_short_silence(utterance: Any) -> None:
    """Even an empty utterance has a clip."""
    assert SilentEngine().speak(utterance("")).duration_ms == 200


def test_keeps_the_contract() -> None:
    """The fake passes the check that plugin authors run."""
    check_engine(SilentEngine())
