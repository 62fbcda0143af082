"""Louder or softer, never overloaded."""

from qjaudio.speech.model import Clip
from qjaudio.speech.wave import wave_of

_PEAK = 10 ** (-0.5 / 20)
"""Full scale = 1: half a decibel of room, as when clips are levelled."""


def louder(clip: Clip, gain_db: float) -> Clip:
    """The clip by so many decibels louder, less where its loudest sample would go over -0.5 dBFS.

    A clip that is louder than that already is not touched by a positive gain.
    """
    if not gain_db or not clip.samples:
        return clip
    import numpy as np

    samples = wave_of(clip)
    factor: float = 10 ** (gain_db / 20)
    if factor > 1:
        peak = float(np.abs(samples).max())
        factor = max(1.0, min(factor, _PEAK / peak)) if peak else 1.0
    return Clip(
        bytes(np.round(samples * factor * 32768.0).astype("<i2").tobytes()), clip.sample_rate
    )
