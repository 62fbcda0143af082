"""What a listener would hear as broken."""

import numpy as np
import pytest
from numpy.typing import NDArray

from qjaudio.speech.gate import fault
from qjaudio.speech.model import SAMPLE_RATE, Clip

Sound = NDArray[np.float64]
SECOND = SAMPLE_RATE


def babble(seconds: float, seed: int = 1) -> Sound:
    """Syllables of 0.2 s of ever new vowels and consonants, then 0.1 s of silence; peak 0.5."""
    chance = np.random.default_rng(seed)
    syllables = []
    for _ in range(round(seconds / 0.2)):
        time = np.arange(SECOND // 5) / SECOND
        pitch = chance.uniform(110, 240)
        strengths = chance.uniform(0, 1, 18)
        waves = (s * np.sin(2 * np.pi * pitch * (n + 1) * time) for n, s in enumerate(strengths))
        voice = np.sum(list(waves), axis=0)
        noise = np.zeros(len(time))
        noise[: SECOND // 25] = chance.normal(0, 1, SECOND // 25)
        syllables.append(voice / 9 * np.hanning(len(time)) + noise * 0.2)
    speech = np.concatenate(syllables)
    return np.concatenate([speech / np.abs(speech).max() * 0.5, np.zeros(SECOND // 10)])


def clip(sound: Sound) -> Clip:
    return Clip((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())


def hum(seconds: float, volume: float = 0.2) -> Sound:
    return volume * np.sin(2 * np.pi * 180 * np.arange(int(seconds * SECOND)) / SECOND)


@pytest.mark.parametrize("seconds", [0.2, 0.6, 2, 12])
@pytest.mark.parametrize("volume", [0.1, 1.0, 1.9])
def test_babble_has_no_fault(seconds: float, volume: float) -> None:
    """Whatever changes like speech passes, soft or loud, short or long, with silence around it."""
    assert not fault(clip(babble(seconds) * volume))
    quiet = np.zeros(3 * SECOND)
    assert not fault(clip(np.concatenate([quiet, babble(seconds) * volume, quiet])))


def test_an_overloaded_clip_crackles() -> None:
    """A thousandth of it at full scale is too much; a peak that touches it is none."""
    assert "full scale" in fault(clip(babble(4) * 6))
    touching = babble(4)
    touching[5000:5020] = 1.0
    assert not fault(clip(touching))


def test_a_drone_is_found_inside_speech() -> None:
    """A second of unchanging level is not speech; a long vowel of half a second is."""
    speech = babble(4)
    middle = len(speech) // 2
    for seconds, word in ((1.3, "drone"), (0.5, "")):
        drone = np.concatenate([speech[:middle], hum(seconds), speech[middle:]])
        assert bool(word) == bool(fault(clip(drone)))
        assert word in fault(clip(drone))


def test_a_clip_that_ends_in_mid_sound_is_cut_off() -> None:
    """A voice fades out; a cut one stands at its loudest."""
    speech = babble(4)
    assert "middle of a sound" in fault(clip(speech[: SECOND * 2 + SECOND // 10]))


@pytest.mark.parametrize("loop_s", [0.3, 0.6, 1.1, 2.0])
def test_a_loop_is_found(loop_s: float) -> None:
    """The same stretch again and again, even with some noise on it."""
    speech = babble(5)
    middle, size = len(speech) // 2, int(loop_s * SECOND)
    again = np.tile(speech[middle : middle + size], int(3 // loop_s) + 2)
    noise = np.random.default_rng(2).normal(0, 0.001, len(again))
    looping = np.concatenate([speech[:middle], again + noise, speech[middle:]])
    assert "over and over" in fault(clip(looping))


def test_what_nobody_hears_is_no_fault() -> None:
    """The faint hum of the silent engine, nothing at all and one sample are left alone."""
    for sound in (hum(3, 0.002), np.zeros(0), np.zeros(SECOND), np.ones(1)):
        assert not fault(clip(sound))
