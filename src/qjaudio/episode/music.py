"""The music of the show: struck bars in a pentatonic mode, computed and placed around the speech.

Nothing here is sampled or drawn by chance: the same numbers give the same sound on every machine.
All waves are mono at the sampling rate of speech, and every one begins and ends at zero.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import numpy as np

from qjaudio.episode.model import TAIL_MS, Cue, Episode
from qjaudio.episode.sound import SPEECH_LUFS, Wave, integrated_loudness, momentary_peak
from qjaudio.machine import decode_audio
from qjaudio.rules import phrases
from qjaudio.speech.model import BYTES_PER_SAMPLE, SAMPLE_RATE

POST_S = 2.3
"""When the reader begins, as on the radio: while the last chord of the sting still rings."""
FADES_S = 1.7
"""From here on the sting gives way."""
STING_S = 4.2
CHIME_S = 1.5
CLOSING_S = 3.4
BED_S = 16.0
"""After this long the bed repeats, without a seam."""
PARTIALS = ((1.0, 1.0, 1.0), (4.0, 0.16, 0.35), (9.9, 0.03, 0.12))
"""A tuned bar: frequency, strength and length of each partial, as parts of the first one's."""
TAPS_MS = (29, 47, 73, 101, 149, 211, 283, 389, 521)
"""The echoes of the room: primes, so that they colour no pitch."""
TAP_STRENGTH = 0.32
TAP_DECAY_MS = 220.0

Note = tuple[float, str, float, float]
"""Seconds from the start, name, strength, and time of decay in seconds."""
_SEMITONES = {"D": 2, "E": 4, "F#": 6, "A": 9, "B": 11}
"""Of the notes of D 宫, over C."""


@cache
def sting() -> Wave:
    """The opening call: four rising notes and a chord that fades from the post on."""
    wave = _ring(_notes("sting"), STING_S)
    fading = np.clip((_sample_times(STING_S) - FADES_S) / (STING_S - FADES_S), 0, 1)
    return _fade_out(wave * np.cos(fading * np.pi / 2) ** 2)


@cache
def chime() -> Wave:
    """The cue before a story: two bars, a fourth apart."""
    return _fade_out(_ring(_notes("chime"), CHIME_S))


@cache
def closing() -> Wave:
    """The answer to the sting: the same notes going home."""
    return _fade_out(_ring(_notes("closing"), CLOSING_S))


@cache
def bed() -> Wave:
    """A loop of `BED_S` seconds: slow chords, and over them a quiet note each second."""
    time = _sample_times(BED_S)
    wave = np.zeros(len(time))
    chords = phrases("music")["chords"]
    quarter = BED_S / len(chords)
    for number, chord in enumerate(chords):
        away = np.abs((time - (number + 0.5) * quarter + BED_S / 2) % BED_S - BED_S / 2)
        swell = np.cos(np.clip(away / quarter, 0, 1) * np.pi / 2) ** 2
        for note in chord:
            # a whole number of periods fits the loop: no seam
            hertz = round(_hertz(note) * BED_S) / BED_S
            wave += swell * (_sine(hertz, time) + 0.15 * _sine(2 * hertz, time)) / len(chord)
    for second, note in enumerate(phrases("music")["plucks"]):
        bar = _bar_wave(note, 0.5, 3.0)
        at = (np.arange(len(bar)) + second * SAMPLE_RATE) % len(wave)
        wave[at] += 0.22 * bar
    return _normalize(sum((g * np.roll(wave, d) for d, g in _taps()), wave))


@cache
def gong() -> Wave:
    """Two low notes that call people together, before a programme from a loudspeaker."""
    return _fade_out(_ring(_notes("gong"), 4.0))


@cache
def line_up_tone() -> Wave:
    """A second of 1 kHz, by which engineers set their levels."""
    return _fade_out(np.asarray(_sine(1000.0, _sample_times(1.0)), dtype=np.float32))


def _notes(piece: str) -> Iterable[Note]:
    """The notes of a piece of rules/music.toml."""
    notes: list[Note] = phrases("music")[piece]
    return notes


def _ring(notes: Iterable[Note], seconds: float) -> Wave:
    """The notes with their room, cut to `seconds`."""
    wave = np.zeros(len(_sample_times(seconds)))
    for start, note, strength, decay in notes:
        at = round(start * SAMPLE_RATE)
        wave[at:] += strength * _bar_wave(note, decay, seconds)[: len(wave) - at]
    room = wave.copy()
    for delay, strength in _taps():
        room[delay:] += strength * wave[:-delay]
    return _normalize(room)


def _bar_wave(note: str, decay_s: float, seconds: float) -> Wave:
    """A struck bar: its upper partials die first. The mallet is soft: 6 ms to full strength."""
    time = _sample_times(seconds)
    hertz = _hertz(note)
    wave = np.zeros(len(time))
    for ratio, strength, length in PARTIALS:
        if ratio * hertz < SAMPLE_RATE * 0.45:
            wave += strength * np.exp(-time / (decay_s * length)) * _sine(ratio * hertz, time)
    wave *= np.clip(time / 0.006, 0, 1) * np.clip((seconds - time) / 0.1, 0, 1)
    return wave.astype(np.float32)


def _fade_out(wave: Wave) -> Wave:
    """The wave with a tail that reaches zero without a click."""
    tail = round(0.25 * SAMPLE_RATE)
    faded = wave.copy()
    faded[-tail:] *= np.cos(np.linspace(0, np.pi / 2, tail)) ** 2
    return _normalize(faded)


def _normalize(wave: Wave) -> Wave:
    return np.asarray(wave / max(1e-9, float(np.abs(wave).max())), dtype=np.float32)


def _taps() -> list[tuple[int, float]]:
    return [
        (ms * SAMPLE_RATE // 1000, TAP_STRENGTH * float(np.exp(-ms / TAP_DECAY_MS)))
        for ms in TAPS_MS
    ]


def _sample_times(seconds: float) -> Wave:
    return np.asarray(np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE)


def _hertz(note: str) -> float:
    """The pitch of `F#5`, in equal temperament."""
    number = 12 * (int(note[-1]) + 1) + _SEMITONES[note[:-1]]  # of MIDI
    return float(440.0 * 2 ** ((number - 69) / 12))


def _sine(hertz: float, time: Wave) -> Wave:
    return np.asarray(np.sin(2 * np.pi * hertz * time))


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


@dataclass(frozen=True, slots=True)
class OwnMusic:
    """A piece of music from a file of the producer, checked."""

    path: str
    sha256: str
    seconds: float


@cache
def own_wave(piece: OwnMusic) -> Wave:
    """The sound of such a piece at full level, with soft ends; MissingPartError: it has none."""
    pcm = decode_audio(f"file:{piece.path}", SAMPLE_RATE, piece.seconds)
    wave = np.frombuffer(pcm, dtype="<i2").astype(np.float32)
    wave[:_EDGE] *= np.linspace(0, 1, _EDGE, dtype=np.float32)
    return _fade_out(wave)


_EDGE = SAMPLE_RATE // 100
OWN_OVERLAP_S = 1.0
"""How much of an opening music of one's own is left when the reader begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """How loud each piece is, in decibels over the speech; None = it is not there."""

    sting: float | None = None
    bed: float | None = None
    chime: float | None = None
    closing: float | None = None
    own_sting: OwnMusic | None = None
    """In place of ours; likewise `own_bed`."""
    own_bed: OwnMusic | None = None

    @property
    def sting_wave(self) -> Wave:
        """One's own opening, or ours."""
        return own_wave(self.own_sting) if self.own_sting else sting()

    @property
    def bed_wave(self) -> Wave:
        """One's own bed, or ours."""
        return own_wave(self.own_bed) if self.own_bed else bed()

    @property
    def lead_ms(self) -> int:
        """From the start of the file to the first word."""
        if self.sting is None:
            return 0
        own = self.own_sting
        return round(1000 * (max(0.0, own.seconds - OWN_OVERLAP_S) if own else POST_S))

    @property
    def tail_ms(self) -> int:
        """From the last word to the end of the file."""
        if self.closing is None:
            return TAIL_MS
        return CLOSING_AFTER_MS + round(CLOSING_S * 1000)


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


def place_music(episode: Episode, levels: Levels) -> tuple[Layer, ...]:
    """All music of an episode, in the order in which it begins."""
    layers: list[Layer] = []
    cues = episode.cues
    if not cues:
        return ()
    if levels.sting is not None:
        layers.append(_struck_layer(levels.sting_wave, levels.sting, 0))
    if levels.bed is not None:
        layers += _bed_layer(episode, levels)
    if levels.chime is not None:
        layers += (_struck_layer(chime(), levels.chime, at) for at in _chime_times(episode))
    if levels.closing is not None:
        at = cues[-1].end_ms + CLOSING_AFTER_MS
        layers.append(_struck_layer(closing(), levels.closing, at))
    return tuple(sorted(layers, key=lambda layer: layer.start))


FILL_DB = -10.0
"""How loud music is that fills a slot after the last word, over the speech."""


def place_music_to_end(episode: Episode, levels: Levels) -> tuple[Layer, ...]:
    """The same where the end of the episode is given: the closing ends with it.

    The bed fills the time from the last word to the closing. What is off in `levels` is not there.
    """
    layers = place_music(episode, replace(levels, closing=None))
    closed_ms = round(CLOSING_S * 1000) if levels.closing is not None else 0
    start = episode.cues[-1].end_ms + CLOSING_AFTER_MS
    end = episode.duration_ms - closed_ms
    if levels.bed is not None and end - start > FADE_MS:
        curve = ((start, FADED_DB), (start + FADE_MS // 2, 0.0), (end - RAMP_MS, 0.0))
        fill = Layer(
            start=start * SAMPLE_RATE // 1000,
            end=(end + RAMP_MS) * SAMPLE_RATE // 1000,
            wave=levels.bed_wave,
            gain_db=_gain_db(levels.bed_wave, FILL_DB, integrated_loudness),
            curve=(*curve, (end + RAMP_MS, FADED_DB)),
        )
        layers = (*layers, fill)
    if levels.closing is not None:
        layers = (*layers, _struck_layer(closing(), levels.closing, end))
    return layers


def add_music(pieces: Iterable[bytes], layers: Sequence[Layer]) -> Iterator[bytes]:
    """The pieces of PCM as they pass, with the music of `layers` (in order of start) added.

    Only what sounds at the moment is looked at: time grows evenly with the length.
    """
    waiting, sounding, at = list(reversed(layers)), [], 0
    for piece in pieces:
        end = at + len(piece) // BYTES_PER_SAMPLE
        while waiting and waiting[-1].start < end:
            sounding.append(waiting.pop())
        sounding = [layer for layer in sounding if layer.end > at]
        yield _add_layers(piece, at, sounding) if sounding else piece
        at = end


def _add_layers(piece: bytes, at: int, layers: Sequence[Layer]) -> bytes:
    """The piece with the layers on top; what would overflow stays at full scale."""
    total = np.frombuffer(piece, dtype="<i2").astype(np.float32)
    for layer in layers:
        start, end = max(at, layer.start), min(at + len(total), layer.end)
        if start < end:
            total[start - at : end - at] += 32768 * layer.between(start, end)
    return np.clip(np.rint(total), -32768, 32767).astype("<i2").tobytes()


def _struck_layer(wave: Wave, level: float, at_ms: int) -> Layer:
    start = at_ms * SAMPLE_RATE // 1000
    gain = _gain_db(wave, level, momentary_peak)
    return Layer(start=start, end=start + len(wave), wave=wave, gain_db=gain)


def _gain_db(wave: Wave, level: float, measure: Callable[[Wave, int], float]) -> float:
    return SPEECH_LUFS + level - measure(wave, SAMPLE_RATE)


def _chime_times(episode: Episode) -> Iterator[int]:
    """When a chime is struck, in ms: in the gap before each story, and before the sign-off."""
    ends = [cue.end_ms for cue in episode.cues]
    for chapter in episode.chapters:
        before = bisect_right(ends, chapter.start_ms)
        if chapter.kind not in BED_KINDS and before:
            yield round(ends[before - 1] + CHIME_AT * (chapter.start_ms - ends[before - 1]))


def _bed_layer(episode: Episode, levels: Levels) -> Iterator[Layer]:
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
    yield Layer(
        start=start * SAMPLE_RATE // 1000,
        end=end * SAMPLE_RATE // 1000,
        wave=levels.bed_wave,
        gain_db=_gain_db(levels.bed_wave, levels.bed, integrated_loudness),
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
