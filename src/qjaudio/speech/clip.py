"""Arithmetic on clips: as numbers, silence, louder."""

from typing import TYPE_CHECKING

from qjaudio.speech.model import BYTES_PER_SAMPLE, SAMPLE_RATE, Clip

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PEAK = 10 ** (-0.5 / 20)
"""Full scale = 1: half a decibel of room, as when clips are levelled."""


def wave_of(clip: Clip) -> "NDArray[np.float64]":
    """Its samples, full scale = 1; half a sample at the end is left out."""
    import numpy as np

    return np.frombuffer(clip.pcm[: clip.samples * BYTES_PER_SAMPLE], dtype="<i2") / 32768.0


def silence(duration_ms: int) -> Clip:
    """So many milliseconds of nothing."""
    return Clip(bytes(duration_ms * SAMPLE_RATE // 1000 * BYTES_PER_SAMPLE))


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
