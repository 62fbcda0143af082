"""What a voice is like by its own clips: a clip that is unlike the others was not said by it."""

import threading
from collections import defaultdict
from statistics import median
from typing import TYPE_CHECKING

from qjaudio.speech.gate import (
    LEAST_PACE,
    MOST_PACE,
    SLACK_MS,
    has_known_pace,
    short_time_power,
    sounding,
)
from qjaudio.speech.model import Clip, Utterance

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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
                if not (is_paced or has_known_pace(utterance.voice)):
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
