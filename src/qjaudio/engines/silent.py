"""An engine that speaks next to nothing, for as long as a voice would: for tests and dry runs."""

import math
import struct
from collections.abc import Mapping
from typing import ClassVar

from qjaudio.speech.model import BYTES_PER_SAMPLE, SAMPLE_RATE, Clip, Utterance, Word, silence

SYLLABLE_MS = 220
"""Between the paces of the offline voices."""
PAUSE_MS = 200
_PAUSE_MARKS = frozenset("，、；：。！？…—,;:.!?")
_HERTZ = 120
_PERIOD = SAMPLE_RATE // _HERTZ
_AMPLITUDE = 65
"""Of 32768, −54 dBFS: hardly to be heard, but no digital silence, so that loudness can be
measured and the gate needs no exception for this engine."""
_EMPTY_MS = 200


class SilentEngine:
    """A faint 120 Hz hum of 220 ms a syllable and a pause at each mark; always the same."""

    name = "silent"
    identity = "silent/1"
    max_chars = 120
    parallel = 4
    voices = ("silence",)
    online = False
    repeatable = True
    follows = ("rate",)
    settings: ClassVar[Mapping[str, object]] = {}

    def speak(self, utterance: Utterance) -> Clip:
        """Hum as long as the utterance would take; the voice asked for does not matter."""
        pcm = b"".join(_sound(word, utterance.rate) for word in utterance.words)
        return Clip(pcm) if pcm else silence(_EMPTY_MS)


def _sound(word: Word, rate: float) -> bytes:
    syllables = len(word.pinyin) or sum(char.isalnum() for char in word.text)
    if syllables:
        return _hum(round(syllables * SYLLABLE_MS / rate))
    marks = sum(char in _PAUSE_MARKS for char in word.text)
    return silence(round(marks * PAUSE_MS / rate)).pcm


def _hum(duration_ms: int) -> bytes:
    samples = duration_ms * SAMPLE_RATE // 1000
    wave = (round(_AMPLITUDE * math.sin(2 * math.pi * n / _PERIOD)) for n in range(_PERIOD))
    period = struct.pack(f"<{_PERIOD}h", *wave)
    return (period * (samples // _PERIOD + 1))[: samples * BYTES_PER_SAMPLE]
