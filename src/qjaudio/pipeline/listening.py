"""`check DATE --listen` and what `make` listens to: is what is heard what was to be said?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qjaudio import store
from qjaudio.config import Config
from qjaudio.engines.listened import Listened, Whisper
from qjaudio.engines.wrappers import Cached, ClipCache
from qjaudio.errors import MissingPartError, NotAnIssueError
from qjaudio.machine import decode_audio
from qjaudio.pipeline import catalogue
from qjaudio.pipeline.lexicons import lexicon_of
from qjaudio.script.model import Word
from qjaudio.script.pronounce import pronounce_text
from qjaudio.speech import recognition
from qjaudio.speech.model import BYTES_PER_SAMPLE, Clip, letters_to_say
from qjaudio.store import OutFolder

_RATE = 16_000
_WINDOW_MS = 24_000
"""Whisper hears 30 seconds at once and takes as long for one: neighbours share a window, which
also lets it understand a short cue from those around it."""
_AROUND_MS = 200
_SAMPLE = 20
"""Of the clips of an offline voice, which loses no word on its way, one in so many is heard."""


@dataclass(frozen=True, slots=True)
class CueStretch:
    """One cue, or several that share a printed text, and the syllables that it should have."""

    start_ms: int
    end_ms: int
    text: str
    wanted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """A stretch and how much of it was heard."""

    stretch: CueStretch
    comparison: recognition.Comparison
    text: str
    """What the recogniser wrote; of the whole window where that was good enough."""


@dataclass(frozen=True, slots=True)
class Listening:
    """What listening to a whole episode found."""

    heard: tuple[Heard, ...]

    @property
    def rate(self) -> float:
        """Errors for each syllable of the episode."""
        wanted = sum(one.comparison.wanted for one in self.heard)
        return sum(one.comparison.errors for one in self.heard) / wanted if wanted else 0.0

    @property
    def dropped(self) -> tuple[Heard, ...]:
        """The cue_stretches of which most is missing."""
        return tuple(one for one in self.heard if one.comparison.dropped)

    @property
    def worst(self) -> tuple[Heard, ...]:
        """Those that can be judged, worst first."""
        judged = [one for one in self.heard if one.comparison.wanted >= recognition.LEAST_SYLLABLES]
        return tuple(sorted(judged, key=lambda one: -one.comparison.rate))

    @property
    def good(self) -> bool:
        """Whether nothing is dropped and the rate is within the limit."""
        return not self.dropped and self.rate <= recognition.RATE_LIMIT


def listen_to_episode(out: OutFolder, date: str, config: Config) -> Listening:
    """Listen to a finished episode that `prove` found whole.

    Raises:
        MissingPartError, NotAnIssueError: there is no recogniser; no complete episode.
    """
    recogniser = Whisper(config.whisper)
    episode = catalogue.finished_episode(out, date, config)
    script = store.read_json(out.stage(date, "script.json"))
    if episode is None or script is None:
        reason = f"no complete episode of {date}"
        raise NotAnIssueError(reason, hint=catalogue.make_command(out, date))
    reading = reading_of(config)
    cues = [(cue.start_ms, cue.end_ms, cue.text) for cue in episode.cues]
    windows = list(windows_of(cue_stretches(cues, script, reading)))
    spans = [(w[0].start_ms - _AROUND_MS, w[-1].end_ms + _AROUND_MS) for w in windows]
    sounds = decode_spans(out.published(date, ".mp3"), spans)
    return Listening(
        tuple(
            heard
            for window, sound, (start, _) in zip(windows, sounds, spans, strict=True)
            for heard in _hear_window(window, sound, max(0, start), recogniser, reading)
        )
    )


class ClipListener:
    """What `make` listens with: to every clip of an online engine, to a sample of the others."""

    def __init__(self, config: Config, *, every: bool = True) -> None:
        """Load the recogniser, or raise MissingPartError; with `every` it hears all clips."""
        self._recogniser = Whisper(config.whisper)
        self._reading = reading_of(config)
        self._every = every

    @property
    def identity(self) -> str:
        """The recogniser and the rules by which it judges."""
        return f"{self._recogniser.identity}, rules {recognition.RULES}"

    def hears_all(self, online: bool) -> bool:
        """Whether it hears every clip of an engine that is online, or is not."""
        return self._every or online

    def listened(self, engine: Cached, cache: ClipCache) -> Listened:
        """The engine with somebody who listens; verdicts are kept beside the clips."""
        one_in = 1 if self.hears_all(engine.online) else _SAMPLE
        return Listened(engine, self._recogniser, self._reading, cache, one_in=one_in)


def listener_of(config: Config, *, asked_for: bool) -> ClipListener | None:
    """Who listens to clips, if installed; MissingPartError: nobody, and that is asked for."""
    if asked_for:
        return ClipListener(config)
    try:
        return ClipListener(config, every=False) if config.verify else None
    except MissingPartError:
        return None


def listening_summary(counts: dict[str, int]) -> str:
    """What listening to the clips of a run came to, in one line."""
    return (
        f"listened to {counts['listened']} clips: {counts['again']} hard to understand, "
        f"{counts['better']} of these better when said differently"
    )


def reading_of(config: Config) -> recognition.Reading:
    """Our front end with the user's lexicon, so that both sides read numbers and units alike."""
    lexicon = lexicon_of(config)

    def read(text: str) -> tuple[str, ...]:
        clauses = pronounce_text(text, lexicon)
        return recognition.syllables(word for clause in clauses for word in clause.words)

    return read


def cue_stretches(
    cues: Iterable[tuple[int, int, str]], script: dict[str, Any], reading: recognition.Reading
) -> list[CueStretch]:
    """The cues with the readings of the script; of the front end where a cue cuts a clause."""
    clauses = iter(
        (
            letters_to_say(clause["text"]),
            [Word(word["text"], tuple(word["pinyin"])) for word in clause["words"]],
        )
        for part in script["parts"]
        for line in part["lines"]
        for clause in line["clauses"]
    )
    found: list[CueStretch] = []
    ahead = 0  # letters of clauses taken, over those of cues
    for start, end, text in cues:
        if found and not letters_to_say(text):  # the rest of a text printed with the cue before
            before = found.pop()
            found.append(CueStretch(before.start_ms, end, before.text, before.wanted))
            continue
        is_whole = ahead == 0
        words: list[Word] = []
        ahead -= len(letters_to_say(text))
        while ahead < 0 and (clause := next(clauses, None)):
            ahead += len(clause[0])
            words += clause[1]
        wanted = recognition.syllables(words) if is_whole and ahead == 0 else reading(text)
        found.append(CueStretch(start, end, text, wanted))
    return found


def windows_of(found: Sequence[CueStretch]) -> Iterator[list[CueStretch]]:
    """Neighbours in windows that a recogniser hears at once; a longer stretch has one alone."""
    window: list[CueStretch] = []
    for stretch in found:
        if window and stretch.end_ms - window[0].start_ms > _WINDOW_MS:
            yield window
            window = []
        window.append(stretch)
    if window:
        yield window


def decode_spans(audio: Path, spans: Iterable[tuple[int, int]]) -> Iterator[Clip]:
    """The sound of each span (ms); only one span is in memory."""
    sound = decode_audio(audio, _RATE)
    for start, end in spans:
        first, last = (max(0, ms) * _RATE // 1000 * BYTES_PER_SAMPLE for ms in (start, end))
        yield Clip(sound[first:last], _RATE)


def _hear_window(
    window: Sequence[CueStretch],
    sound: Clip,
    start_ms: int,
    recogniser: recognition.Recogniser,
    reading: recognition.Reading,
) -> list[Heard]:
    """A window's cue_stretches; one that was not understood is listened to once more, alone."""
    text = recogniser.hear(sound)
    shares = recognition.align([stretch.wanted for stretch in window], reading(text))
    found: list[Heard] = []
    for stretch, share in zip(window, shares, strict=True):
        best = Heard(stretch, share, text)
        if (
            share.rate > recognition.DOUBT_RATE
            and share.wanted >= recognition.LEAST_SYLLABLES
            and len(window) > 1
        ):
            alone = recogniser.hear(_cut_stretch(sound, stretch, start_ms))
            other = Heard(stretch, recognition.compare(stretch.wanted, reading(alone)), alone)
            best = min(best, other, key=lambda one: one.comparison.errors)
        found.append(best)
    return found


def _cut_stretch(sound: Clip, stretch: CueStretch, start_ms: int) -> Clip:
    per_ms = sound.sample_rate * BYTES_PER_SAMPLE // 1000
    first = max(0, stretch.start_ms - start_ms - _AROUND_MS // 2)
    last = stretch.end_ms - start_ms + _AROUND_MS // 2
    return Clip(sound.pcm[first * per_ms : last * per_ms], sound.sample_rate)
