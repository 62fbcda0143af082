"""Whether a clip can be all of its text, sounds whole, and is like the other clips of its voice.

The limits of faults were set on 52 clips (322 s) of the offline voice; each comment says how near
those came. The same clips with the fault put in are all found: see docs/explanation/voices.md.
"""

import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from statistics import median
from typing import TYPE_CHECKING

from qjaudio import rules
from qjaudio.speech.model import SAMPLE_RATE, Clip, Utterance, Word, wave_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FRAME_MS = 20
_SILENT = 10 ** (-70 / 20)
"""Full scale = 1. A clip that never rises above −70 dBFS is digital silence or its dither."""
_QUIET = 10 ** (-35 / 20)
"""Below the loudest frame by 35 dB a voice pauses: its weakest consonants stay above that."""
_PAUSE_MS = 120
"""A shorter gap belongs to a consonant: the closure of p, t, k lasts about 100 ms."""
MAX_GAP_MS = 1500
"""A longer silence inside an utterance is lost speech, not a pause; a full stop takes about 700."""

FASTEST_MS = 120
"""The least speaking time of one syllable of a voice whose pace is not known, pauses left out."""
SLOWEST_MS = 400
"""The most of such a voice. The measured ones take 160 to 215 ms."""
LEAST_PACE = 0.8
"""The least share of its usual pace at which a voice speaks a whole utterance."""
MOST_PACE = 1.25
"""The most; with the slack below. See docs/explanation/voices.md for both."""
_FASTEST_LETTER_MS = 40
"""Latin letters may be read as a word: seven letters of a brand are two syllables."""
_SLOWEST_LETTER_MS = 700
"""And W has three syllables."""
SLACK_MS = 600
"""A very short utterance is drawn out, and its ends ring."""


@dataclass(frozen=True, slots=True)
class Sounding:
    """Where a clip sounds, in milliseconds from its start."""

    start_ms: int
    end_ms: int
    pauses_ms: int
    """The sum of the gaps of 120 ms and more."""
    longest_gap_ms: int

    @property
    def speaking_ms(self) -> int:
        """From the first to the last sound, without the pauses between."""
        return self.end_ms - self.start_ms - self.pauses_ms


def sounding(clip: Clip) -> Sounding | None:
    """Where the clip sounds; None where it is silent throughout."""
    import numpy as np

    levels = _levels(clip)
    loudest = float(levels.max(initial=0.0))
    if loudest < _SILENT:
        return None
    heard = np.flatnonzero(levels >= max(_SILENT, loudest * _QUIET))
    gaps = (np.diff(heard) - 1) * FRAME_MS
    return Sounding(
        start_ms=int(heard[0]) * FRAME_MS,
        end_ms=(int(heard[-1]) + 1) * FRAME_MS,
        pauses_ms=int(gaps[gaps >= _PAUSE_MS].sum()),
        longest_gap_ms=int(gaps.max(initial=0)),
    )


def _levels(clip: Clip) -> "NDArray[np.float64]":
    """The root mean square of each frame, full scale = 1; zeros fill up the last one."""
    import numpy as np

    frame = clip.sample_rate * FRAME_MS // 1000
    samples = wave_of(clip)
    padded = np.zeros(-(-len(samples) // frame) * frame, dtype=np.float64)
    padded[: len(samples)] = samples
    levels: NDArray[np.float64] = np.sqrt((padded.reshape(-1, frame) ** 2).mean(axis=1))
    return levels


def band_ms(utterance: Utterance) -> tuple[int, int]:
    """The least and the most speaking time that the words can take with this voice and rate."""
    pace = known_pace(utterance.voice)
    syllable = (pace * LEAST_PACE, pace * MOST_PACE) if pace else (FASTEST_MS, SLOWEST_MS)
    bounds = [_word_band(word, syllable) for word in utterance.words]
    least, most = sum(low for low, _ in bounds), sum(high for _, high in bounds) + SLACK_MS
    return round(least / utterance.rate), round(most / utterance.rate)


def known_pace(voice: str) -> int:
    """The usual milliseconds of a syllable of a voice that was measured; 0 of another."""
    return _paces().get(voice, 0)


@cache
def _paces() -> dict[str, int]:
    return {voice: int(pace) for voice, pace in rules.table("paces")}


def _word_band(word: Word, syllable: tuple[float, float]) -> tuple[float, float]:
    letters = 0 if word.pinyin else sum(char.isascii() and char.isalnum() for char in word.text)
    syllables = len(word.pinyin) or sum(char.isalnum() for char in word.text) - letters
    return (
        syllables * syllable[0] + letters * _FASTEST_LETTER_MS,
        syllables * syllable[1] + letters * _SLOWEST_LETTER_MS,
    )


def doubt(utterance: Utterance, clip: Clip) -> str:
    """Why the clip cannot be the whole utterance; empty when it can.

    A loss of a few syllables stays inside the band: this catches clips that are empty, silent,
    broken off early, holed or drawn out, and those that sound broken (see `faults`).
    """
    if clip.sample_rate != SAMPLE_RATE:
        return f"{clip.sample_rate} samples a second instead of {SAMPLE_RATE}"
    if not clip.samples:
        return "no sound came"
    if not utterance.syllables:
        return ""
    heard = sounding(clip)
    if heard is None:
        return "only silence came"
    return _doubt_of_time(utterance, heard) or fault(clip)


def _doubt_of_time(utterance: Utterance, heard: Sounding) -> str:
    if heard.longest_gap_ms > MAX_GAP_MS:
        return f"{heard.longest_gap_ms / 1000:.1f} s of silence inside"
    least, most = band_ms(utterance)
    speaking = f"{heard.speaking_ms / 1000:.1f} s of speech for {utterance.syllables} syllables"
    if heard.speaking_ms < least:
        return f"only {speaking}, at least {least / 1000:.1f} s are needed"
    if heard.speaking_ms > most:
        return f"{speaking}, at most {most / 1000:.1f} s are usual"
    return ""


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
    frames = _whole_frames(sound, clip.sample_rate)
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
    loud = np.flatnonzero(levels > levels.max() - 35.0)  # silence around it is like itself
    said = frames[loud[0] : loud[-1] + 1]
    return "it says the same over and over" if _is_looping(said) else ""


def short_time_power(clip: Clip, edges: Sequence[int]) -> "NDArray[np.float64]":
    """The power of each whole frame of 20 ms in bands between `edges`, bins of 50 Hz."""
    return _band_power(_whole_frames(wave_of(clip), clip.sample_rate), edges)


def _band_power(frames: "NDArray[np.float64]", edges: Sequence[int]) -> "NDArray[np.float64]":
    import numpy as np

    power = np.abs(np.fft.rfft(frames * np.hanning(frames.shape[1]), axis=1)) ** 2
    bands: NDArray[np.float64] = np.add.reduceat(power, edges[:-1], axis=1)
    return bands


def _whole_frames(sound: "NDArray[np.float64]", sample_rate: int) -> "NDArray[np.float64]":
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

    shape = 10 * np.log10(_band_power(frames, _BAND_EDGES) + 1e-7)
    shape = np.maximum(shape, shape.max() - _RANGE_DB)
    shape -= shape.mean(axis=0)
    own = _window_sums((shape**2).sum(axis=1))
    for lag in _LOOP_LAGS:
        if len(shape) < lag + _LOOP_WINDOW:
            break
        shared = _window_sums((shape[lag:] * shape[:-lag]).sum(axis=1))
        likeness = shared / np.sqrt(own[lag:] * own[:-lag] + 1e-9)
        if float(likeness.max()) > _LOOP_LIKENESS:
            return True
    return False


def _window_sums(values: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """The sum of each window of 1.5 s, one for each frame at which it can begin."""
    import numpy as np

    if len(values) < _LOOP_WINDOW:
        return np.zeros(0)
    total = np.concatenate(([0.0], np.cumsum(values)))
    summed: NDArray[np.float64] = total[_LOOP_WINDOW:] - total[:-_LOOP_WINDOW]
    return summed


_LEAST_CLIPS = 6
"""So many clips make a habit."""
_LEAST_SYLLABLES = 6
"""Shorter clips are drawn out."""
_LEAST_FOR_COLOUR = 10
"""Shorter clips hold too few sounds to have the colour of their voice."""
_EDGES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 17, 20, 24, 28, 34, 40, 48, 60, 80, 110, 150, 200, 240)
"""Bins of 50 Hz."""
_FAINT = 1e-3
"""Frames fainter than the loudest by 30 dB do not count."""
_UNLIKE_DB = 2.25
"""Root mean square of the differences of the bands. Measured on 138 clips of three voices: clips of
the voice itself at most 1.9 from the median of any six, those of the nearest other at least 2.2."""


class Habits:
    """The pace and the colour of each voice, learnt from the clips that it has spoken.

    Safe in several threads. A voice whose pace is measured (`rules/paces.tsv`) is judged by that.
    """

    def __init__(self) -> None:
        """Know nothing yet."""
        self._paces: dict[str, list[float]] = defaultdict(list)
        self._colours: dict[str, list[NDArray[np.float64]]] = defaultdict(list)
        self._learning = threading.Lock()

    def doubt(self, utterance: Utterance, clip: Clip) -> str:
        """Why the clip is unlike the others of its voice; empty where it is not, or cannot be told.

        A clip without doubt is learnt from.
        """
        import numpy as np

        heard = sounding(clip)
        if heard is None or utterance.syllables < _LEAST_SYLLABLES:
            return ""
        pace = heard.speaking_ms * utterance.rate / utterance.syllables
        has_colour = utterance.syllables >= _LEAST_FOR_COLOUR
        colour = colour_of(clip) if has_colour else None
        with self._learning:
            paces, colours = self._paces[utterance.voice], self._colours[utterance.voice]
            if len(paces) >= _LEAST_CLIPS:
                usual = median(paces)
                slack = SLACK_MS / utterance.syllables
                is_paced = LEAST_PACE * usual <= pace <= MOST_PACE * usual + slack
                if not (is_paced or known_pace(utterance.voice)):
                    return f"{pace:.0f} ms a syllable, {usual:.0f} are usual for this voice"
            if len(colours) >= _LEAST_CLIPS and colour is not None:
                apart = np.sqrt(((colour - np.median(colours, axis=0)) ** 2).mean())
                if apart > _UNLIKE_DB:
                    return f"it sounds like another voice ({apart:.1f} dB apart)"
            paces.append(pace)
            if colour is not None:
                colours.append(colour)
            return ""


def colour_of(clip: Clip) -> "NDArray[np.float64]":
    """The mean level of each of 22 bands where the voice is heard, in dB around their mean."""
    import numpy as np

    power = short_time_power(clip, _EDGES)
    whole = power.sum(axis=1)
    levels: NDArray[np.float64] = 10 * np.log10(power[whole > whole.max() * _FAINT] + 1e-7)
    means = levels.mean(axis=0)
    colour: NDArray[np.float64] = means - means.mean()
    return colour
