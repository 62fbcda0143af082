"""A clip as numbers."""

from typing import TYPE_CHECKING

from qjaudio.speech.model import BYTES_PER_SAMPLE, Clip

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def wave_of(clip: Clip) -> "NDArray[np.float64]":
    """Its samples, full scale = 1; half a sample at the end is left out."""
    import numpy as np

    return np.frombuffer(clip.pcm[: clip.samples * BYTES_PER_SAMPLE], dtype="<i2") / 32768.0
