"""One utterance, one clip, and the Protocol of an engine."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from qjaudio.script.model import Word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SAMPLE_RATE = 24_000
"""Hertz. Both engines speak at 24 kHz: Kokoro by its vocoder, edge-tts by its format."""
BYTES_PER_SAMPLE = 2

__all__ = ["BYTES_PER_SAMPLE", "SAMPLE_RATE", "Clip", "Engine", "Utterance", "Word"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """What an engine is asked to speak in one go."""

    text: str
    """As printed: what the transcript shows."""
    words: tuple[Word, ...]
    """What is said, with readings."""
    voice: str = ""
    """The engine's own name of the voice; empty = the engine's first."""
    part: int = 0
    """Index of its part in the script."""
    line: int = 0
    """Index of its line in the part."""
    pause_ms: int = 0
    """Silence after it."""
    reader: str = ""
    """The name shown to the listener."""
    rate: float = 1.0
    """A factor: 1.05 is faster by a twentieth."""
    pitch_hz: int = 0
    """How much higher than the voice is by nature; only for engines that have it."""
    gain_db: float = 0.0
    """How much louder than the other clips, once all are at one level."""

    @property
    def spoken(self) -> str:
        """The spoken form."""
        return "".join(word.text for word in self.words)

    @property
    def respelled(self) -> str:
        """The spoken form with homophones in place of words that would be misread."""
        return "".join(word.homophone or word.text for word in self.words)

    @property
    def syllables(self) -> int:
        """How many syllables are heard: Han characters, and Latin letters or digits as one each."""
        return sum(
            len(word.pinyin) or sum(char.isalnum() for char in word.text) for word in self.words
        )


@dataclass(frozen=True, slots=True)
class Clip:
    """Sound: signed 16-bit little-endian mono PCM."""

    pcm: bytes
    sample_rate: int = SAMPLE_RATE

    @property
    def samples(self) -> int:
        """How many samples."""
        return len(self.pcm) // BYTES_PER_SAMPLE

    @property
    def duration_ms(self) -> int:
        """How long, rounded up to a whole millisecond."""
        return -(-self.samples * 1000 // self.sample_rate)


@runtime_checkable
class Engine(Protocol):
    """Something that can speak one utterance, and says what it is.

    How the program treats it follows from that: an engine that is online gets an audition, a retry
    policy and a breaker; one that is not repeatable is asked for a second take of a doubtful clip.

    Its class also says `settings`: the names and defaults of what `[engine.NAME]` in qjaudio.toml
    may hold, which are keyword arguments of the class; a value has the type of its default (text,
    number as float, true or false, a tuple of texts, a table). `secrets`, if it is there, names
    those settings that come from the environment alone. `minute_costs`, if it is there, is what
    `qjaudio voices --test` shows: `about 0.06 yuan`. An online engine is also made with
    `stop`, a `threading.Event` or None: once it is set nobody waits for the service any more.
    """

    @property
    def name(self) -> str:
        """Its short name: `kokoro`."""

    @property
    def identity(self) -> str:
        """Name and versions of all that shapes its sound: a part of the key of cached clips."""

    @property
    def max_chars(self) -> int:
        """The most spoken characters that one utterance should have."""

    @property
    def parallel(self) -> int:
        """How many utterances it can speak at once."""

    @property
    def voices(self) -> tuple[str, ...]:
        """The voices that it offers, best first."""

    @property
    def online(self) -> bool:
        """Whether it needs the network."""

    @property
    def repeatable(self) -> bool:
        """Whether it speaks an utterance the same every time."""

    @property
    def follows(self) -> tuple[str, ...]:
        """What it follows of a delivery: `rate`, `pitch`. A cast that asks for more is refused."""

    def speak(self, utterance: Utterance) -> Clip:
        """Speak the whole utterance, or raise EngineError or IncompleteError."""


def letters_to_say(text: str) -> str:
    """The characters to say: Han, letters and digits; marks alone have no sound."""
    return "".join(filter(str.isalnum, text))


def is_speakable(text: str) -> bool:
    """Whether there is a character to say."""
    return any(map(str.isalnum, text))


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
    pcm = np.round(samples * factor * 32768.0).astype("<i2").tobytes()
    return Clip(bytes(pcm), clip.sample_rate)
