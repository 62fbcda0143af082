"""Sound for tests."""

import math
from array import array

from qjaudio.speech.model import SAMPLE_RATE, Clip


def tone(ms: int, volume: float = 0.2, hertz: float = 300.0) -> Clip:
    """A tone with a slow beat, so that it has the dynamics of a voice."""
    samples = range(ms * SAMPLE_RATE // 1000)
    wave = (
        math.sin(2 * math.pi * hertz * n / SAMPLE_RATE) * (0.6 + 0.4 * math.sin(n / 900))
        for n in samples
    )
    return Clip(array("h", (int(32767 * volume * x) for x in wave)).tobytes())
