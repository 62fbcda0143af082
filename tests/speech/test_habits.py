"""A clip that is unlike the others of its voice is noticed."""

from dataclasses import replace

import numpy as np
import pytest

from qjaudio.speech.gate import Habits
from qjaudio.speech.model import SAMPLE_RATE, Clip, Utterance, Word

RATE = SAMPLE_RATE
TWELVE = Utterance(text="", words=(Word("甲" * 12, ("jia3",) * 12),), voice="somebody")


def voice(hertz: float, *, seconds: float = 2.4, seed: int = 0) -> Clip:
    """Something like a voice: a tone with overtones, loud and soft in turn, and noise."""
    time = np.arange(round(seconds * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * hertz * n * time) / n for n in range(1, 20))
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * (4.3 + seed * 0.1) * time + seed)
    noise = np.random.default_rng(seed).normal(0, 0.01, len(time))
    return Clip((8_000 * (tone * swell + noise) / 3).astype("<i2").tobytes())


def familiar() -> Habits:
    habits = Habits()
    for seed in range(6):
        assert not habits.doubt(TWELVE, voice(150, seed=seed))
    return habits


def test_a_clip_like_the_others_is_no_doubt() -> None:
    """The seventh clip of the voice, a little faster and a little slower."""
    habits = familiar()
    assert not habits.doubt(TWELVE, voice(150, seconds=2.2, seed=7))
    assert not habits.doubt(TWELVE, voice(150, seconds=2.7, seed=8))


@pytest.mark.parametrize(
    ("clip", "said"),
    [
        (voice(150, seconds=1.6, seed=9), "a syllable"),
        (voice(150, seconds=4.8, seed=9), "a syllable"),
        (voice(390, seed=9), "another voice"),
    ],
)
def test_another_pace_and_another_voice_are_noticed(clip: Clip, said: str) -> None:
    """A third is lost, all is said twice, somebody else says it."""
    assert said in familiar().doubt(TWELVE, clip)


def test_each_voice_has_habits_of_its_own() -> None:
    """And until there are six clips of it, nothing can be told."""
    habits = familiar()
    assert not habits.doubt(replace(TWELVE, voice="somebody else"), voice(390, seconds=4.8))


def test_the_rate_that_was_asked_counts() -> None:
    """A voice that is to speak faster by half is not refused for it."""
    assert not familiar().doubt(replace(TWELVE, rate=1.5), voice(150, seconds=1.6, seed=9))


def test_a_measured_pace_is_left_to_the_gate() -> None:
    """The table of paces knows more than six clips."""
    known = replace(TWELVE, voice="zm_yunxi")
    habits = Habits()
    for seed in range(6):
        habits.doubt(known, voice(150, seed=seed))
    assert not habits.doubt(known, voice(150, seconds=1.6, seed=9))
