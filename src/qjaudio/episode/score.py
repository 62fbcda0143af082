"""Which music is heard when, and how it joins the speech."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from qjaudio.episode import music
from qjaudio.episode.loudness import Wave, gated, loudest
from qjaudio.episode.model import Cue, Episode
from qjaudio.episode.sound import SPEECH_LUFS
from qjaudio.episode.timeline import TAIL_MS
from qjaudio.speech.model import BYTES_PER_SAMPLE, SAMPLE_RATE

CLOSING_AFTER_MS = 250
"""From the last word to the closing."""
CHIME_AT = 0.38
"""Where in the gap before a chapter its chime is struck: nearer to what ends there."""
BED_KINDS = ("opening", "headlines")
BED_ENTERS_MS = 1200
BED_LIFT_DB = 5.0
"""How much louder the bed is where nobody speaks."""
RAMP_MS = 300
"""How long the bed takes to make room, or to come back."""
BREATH_MS = 900
"""The bed stays down in a pause shorter than this."""
FADE_MS = 1400
FADED_DB = -60.0

Point = tuple[int, float]
"""Milliseconds from the start of the episode, and decibels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """How loud each piece is, in decibels over the speech; None = it is not there."""

    sting: float | None = None
    bed: float | None = None
    chime: float | None = None
    closing: float | None = None

    @property
    def lead_ms(self) -> int:
        """From the start of the file to the first word."""
        return 0 if self.sting is None else round(music.POST_S * 1000)

    @property
    def tail_ms(self) -> int:
        """From the last word to the end of the file."""
        if self.closing is None:
            return TAIL_MS
        return CLOSING_AFTER_MS + round(music.CLOSING_S * 1000)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layer:
    """One piece of music in its place."""

    start: int
    """First sample."""
    end: int
    """The sample after the last."""
    wave: Wave
    """Repeated when it is shorter than the layer."""
    gain_db: float
    curve: tuple[Point, ...] = ()
    """How the gain moves; between the points it does so evenly."""

    def between(self, start: int, end: int) -> Wave:
        """The samples from `start` to `end` of the episode, both inside the layer."""
        at = np.arange(start, end)
        gain = np.full(len(at), self.gain_db)
        if self.curve:
            times, moves = zip(*self.curve, strict=True)
            gain += np.interp(at * (1000 / SAMPLE_RATE), times, moves)
        wave = self.wave[(at - self.start) % len(self.wave)]
        return np.asarray(wave * 10 ** (gain / 20), dtype=np.float32)


def score(episode: Episode, levels: Levels) -> tuple[Layer, ...]:
    """All music of an episode, in the order in which it begins."""
    layers: list[Layer] = []
    cues = episode.cues
    if not cues:
        return ()
    if levels.sting is not None:
        layers.append(_struck(music.sting(), levels.sting, 0))
    if levels.bed is not None:
        layers += _bed(episode, levels)
    if levels.chime is not None:
        layers += (_struck(music.chime(), levels.chime, at) for at in _chimes(episode))
    if levels.closing is not None:
        at = cues[-1].end_ms + CLOSING_AFTER_MS
        layers.append(_struck(music.closing(), levels.closing, at))
    return tuple(sorted(layers, key=lambda layer: layer.start))


def joined(pieces: Iterable[bytes], layers: Sequence[Layer]) -> Iterator[bytes]:
    """The pieces of PCM as they pass, with the music of `layers` (in order of start) added.

    Only what sounds at the moment is looked at: time grows evenly with the length.
    """
    waiting, sounding, at = list(reversed(layers)), [], 0
    for piece in pieces:
        end = at + len(piece) // BYTES_PER_SAMPLE
        while waiting and waiting[-1].start < end:
            sounding.append(waiting.pop())
        sounding = [layer for layer in sounding if layer.end > at]
        yield _added(piece, at, sounding) if sounding else piece
        at = end


def _added(piece: bytes, at: int, layers: Sequence[Layer]) -> bytes:
    """The piece with the layers on top; what would overflow stays at full scale."""
    total = np.frombuffer(piece, dtype="<i2").astype(np.float32)
    for layer in layers:
        start, end = max(at, layer.start), min(at + len(total), layer.end)
        if start < end:
            total[start - at : end - at] += 32768 * layer.between(start, end)
    return np.clip(np.rint(total), -32768, 32767).astype("<i2").tobytes()


def _struck(wave: Wave, level: float, at_ms: int) -> Layer:
    start = at_ms * SAMPLE_RATE // 1000
    gain = _gain(wave, level, loudest)
    return Layer(start=start, end=start + len(wave), wave=wave, gain_db=gain)


def _gain(wave: Wave, level: float, measure: Callable[[Wave, int], float]) -> float:
    return SPEECH_LUFS + level - measure(wave, SAMPLE_RATE)


def _chimes(episode: Episode) -> Iterator[int]:
    """When a chime is struck, in ms: in the gap before each story, and before the sign-off."""
    ends = [cue.end_ms for cue in episode.cues]
    for chapter in episode.chapters:
        before = bisect_right(ends, chapter.start_ms)
        if chapter.kind not in BED_KINDS and before:
            yield round(ends[before - 1] + CHIME_AT * (chapter.start_ms - ends[before - 1]))


def _bed(episode: Episode, levels: Levels) -> Iterator[Layer]:
    """The bed under the chapters at the head of the episode that have one."""
    stop = 0
    for chapter in episode.chapters:
        if chapter.kind not in BED_KINDS:
            break
        stop = chapter.end_ms
    under = [cue for cue in episode.cues if cue.start_ms < stop]
    if not under or levels.bed is None:
        return
    start = BED_ENTERS_MS if levels.sting is not None else 0
    end = min(under[-1].end_ms + FADE_MS, episode.duration_ms)
    wave = music.bed()
    yield Layer(
        start=start * SAMPLE_RATE // 1000,
        end=end * SAMPLE_RATE // 1000,
        wave=wave,
        gain_db=_gain(wave, levels.bed, gated),
        curve=_ducking(start, under, end),
    )


def _ducking(start: int, cues: Sequence[Cue], end: int) -> tuple[Point, ...]:
    """Down before the first word, up in a long pause, down before the next, away at the end."""
    first = max(start + 1, cues[0].start_ms - RAMP_MS)
    points: list[Point] = [(start, FADED_DB)]
    points.append((first, BED_LIFT_DB if first - start > RAMP_MS else FADED_DB))
    points.append((max(first + 1, cues[0].start_ms), 0.0))
    for cue, following in pairwise(cues):
        if following.start_ms - cue.end_ms >= BREATH_MS:
            points += [
                (cue.end_ms, 0.0),
                (cue.end_ms + RAMP_MS, BED_LIFT_DB),
                (following.start_ms - RAMP_MS, BED_LIFT_DB),
                (following.start_ms, 0.0),
            ]
    return (*points, (cues[-1].end_ms, 0.0), (end, FADED_DB))
