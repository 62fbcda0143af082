"""Sound for tests."""

import math
import random
from array import array

import numpy as np

from qjaudio.speech.model import SAMPLE_RATE, Clip


def tone(ms: int, volume: float = 0.2, hertz: float = 300.0) -> Clip:
    """A tone with a slow beat, so that it has the dynamics of a voice."""
    at = np.arange(ms * SAMPLE_RATE // 1000)
    wave = np.sin(2 * np.pi * hertz * at / SAMPLE_RATE) * (0.6 + 0.4 * np.sin(at / 900))
    return Clip((32767 * volume * wave).astype("<i2").tobytes())


def syllables(duration_ms: int) -> bytes:
    """A hum of 120 Hz in syllables of different length and loudness."""
    chance = random.Random(duration_ms)  # noqa: S311
    sound = array("h")
    while len(sound) < duration_ms * SAMPLE_RATE // 1000:
        loud, quiet = chance.randint(90, 240), chance.randint(40, 110)
        volume = chance.randint(5000, 9000)
        samples = range(loud * SAMPLE_RATE // 1000)
        sound.extend(round(volume * math.sin(2 * math.pi * 120 * n / SAMPLE_RATE)) for n in samples)
        sound.extend([0] * (quiet * SAMPLE_RATE // 1000))
    rest = 40 * SAMPLE_RATE // 1000
    return (sound[: duration_ms * SAMPLE_RATE // 1000 - rest] + array("h", [0] * rest)).tobytes()
