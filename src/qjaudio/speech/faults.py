"""What is wrong with a clip whatever its text is: overloaded, a drone, a loop, cut off.

The limits were set on 52 clips (322 s) of the offline voice; each comment says how near those
came. The same clips with the fault put in are all found: see docs/explanation/voices.md.
"""

from typing import TYPE_CHECKING

from qjaudio.speech.model import Clip
from qjaudio.speech.wave import wave_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FRAME_MS = 20
_FAINT_DB = -45.0
"""A clip that never rises above this holds no fault that a listener could hear."""
_FULL_SCALE = 0.998
_OVERLOADED = 0.001
"""The share of samples at full scale that crackles. Measured: none, peaks up to 0.956."""
_STEADY_DB = 3.0
_STEADY_MS = 1000
"""Speech changes its level with every syllable. Measured: within 3 dB for at most 300 ms."""
_CUT_DB = -20.0
"""The level of the last 20 ms, the loudest being 0. Measured: under −160, the voices fade out."""
_LOOP_WINDOW = 75
"""Frames that are compared with what came before them: 1.5 s, about seven syllables."""
_LOOP_LAGS = range(10, 151)
"""Frames: loops of 0.2 to 3 s."""
_LOOP_LIKENESS = 0.95
"""Correlation of the two stretches' spectra. Measured: at most 0.76."""
_BAND_EDGES = (1, 3, 5, 8, 12, 17, 24, 34, 48, 70, 100, 150, 240)
"""Bins of 50 Hz: bands as wide as the ear's, roughly."""
_RANGE_DB = 60.0


def fault(clip: Clip) -> str:
    """What a listener would hear as broken; empty when nothing is."""
    import numpy as np

    sound = wave_of(clip)
    frames = _frames(sound, clip.sample_rate)
    if not len(frames):
        return ""
    levels = 10 * np.log10((frames**2).mean(axis=1) + 1e-12)
    if float(levels.max()) < _FAINT_DB:
        return ""
    share = float((np.abs(sound) >= _FULL_SCALE).mean())
    if share > _OVERLOADED:
        return f"overloaded: {share:.1%} of it at full scale"
    steady_ms = _longest_steady(levels) * FRAME_MS
    if steady_ms > _STEADY_MS:
        return f"a drone of {steady_ms / 1000:.1f} s"
    if float(levels[-1] - levels.max()) > _CUT_DB:
        return "it ends in the middle of a sound"
    return "it says the same over and over" if _is_looping(frames) else ""


def _frames(sound: "NDArray[np.float64]", sample_rate: int) -> "NDArray[np.float64]":
    """Whole frames of 20 ms, the last one flush with the end; shape (frames, samples)."""
    size = sample_rate * FRAME_MS // 1000
    count = len(sound) // size
    return sound[len(sound) - count * size :].reshape(count, size)


def _longest_steady(levels: "NDArray[np.float64]") -> int:
    """The most frames in a row whose levels stay within 3 dB and are no pause."""
    floor = float(levels.max()) - 35.0
    longest = start = 0
    for end in range(len(levels)):
        if levels[end] < floor:
            start = end + 1
            continue
        stretch = levels[start : end + 1]
        while stretch.max() - stretch.min() > _STEADY_DB:
            start += 1
            stretch = stretch[1:]
        longest = max(longest, end + 1 - start)
    return longest


def _is_looping(frames: "NDArray[np.float64]") -> bool:
    """Whether 1.5 s of the clip are like the stretch some lag before them."""
    import numpy as np

    window = np.hanning(frames.shape[1])
    power = np.abs(np.fft.rfft(frames * window, axis=1)) ** 2
    bands = np.add.reduceat(power, _BAND_EDGES[:-1], axis=1)
    shape = 10 * np.log10(bands + 1e-7)
    shape = np.maximum(shape, shape.max() - _RANGE_DB)
    shape -= shape.mean(axis=0)
    own = _sums((shape**2).sum(axis=1))
    for lag in _LOOP_LAGS:
        if len(shape) < lag + _LOOP_WINDOW:
            break
        shared = _sums((shape[lag:] * shape[:-lag]).sum(axis=1))
        likeness = shared / np.sqrt(own[lag:] * own[:-lag] + 1e-9)
        if float(likeness.max()) > _LOOP_LIKENESS:
            return True
    return False


def _sums(values: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """The sum of each window of 1.5 s, one for each frame at which it can begin."""
    import numpy as np

    if len(values) < _LOOP_WINDOW:
        return np.zeros(0)
    total = np.concatenate(([0.0], np.cumsum(values)))
    summed: NDArray[np.float64] = total[_LOOP_WINDOW:] - total[:-_LOOP_WINDOW]
    return summed
