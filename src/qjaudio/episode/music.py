"""The music of the show: struck bars in a pentatonic mode, computed from sines alone.

Nothing here is sampled or drawn by chance: the same numbers give the same sound on every machine.
All waves are mono at the sampling rate of speech, and every one begins and ends at zero.
"""

from functools import cache

import numpy as np

from qjaudio.episode.loudness import Wave
from qjaudio.speech.model import SAMPLE_RATE

POST_S = 2.3
"""When the reader begins, as on the radio: while the last chord of the sting still rings."""
FADES_S = 1.7
"""From here on the sting gives way."""
STING_S = 4.2
CHIME_S = 1.5
CLOSING_S = 3.4
BED_S = 16.0
"""After this long the bed repeats, without a seam."""
D3, A3, B3, D4, FS4, A4, B4, D5, E5, FS5, A5, B5, D6 = (
    50, 57, 59, 62, 66, 69, 71, 74, 76, 78, 81, 83, 86,
)  # fmt: skip
"""MIDI numbers of the notes of D 宫 that we use: D E F♯ A B."""
PARTIALS = ((1.0, 1.0, 1.0), (4.0, 0.16, 0.35), (9.9, 0.03, 0.12))
"""A tuned bar: frequency, strength and length of each partial, as parts of the first one's."""
TAPS_MS = (29, 47, 73, 101, 149, 211, 283, 389, 521)
"""The echoes of the room: primes, so that they colour no pitch."""
TAP_STRENGTH = 0.32
TAP_DECAY_MS = 220.0

Note = tuple[float, int, float, float]
"""Seconds from the start, MIDI number, strength, and time of decay in seconds."""
STING: tuple[Note, ...] = (
    (0.00, D5, 0.8, 0.5), (0.00, D4, 0.5, 0.9), (0.24, FS5, 0.7, 0.45), (0.48, A5, 0.75, 0.45),
    (0.72, B5, 0.75, 0.45), (1.08, A5, 0.8, 0.6), (1.44, D6, 0.65, 0.9), (1.44, A4, 0.35, 1.1),
    (1.44, FS4, 0.3, 1.1), (1.44, D4, 0.35, 1.2), (1.44, D3, 0.3, 1.2),
)  # fmt: skip
CHIME: tuple[Note, ...] = ((0.00, A5, 0.8, 0.3), (0.15, D6, 0.8, 0.38), (0.15, D5, 0.25, 0.4))
CLOSING: tuple[Note, ...] = (
    (0.00, B5, 0.7, 0.45), (0.00, B4, 0.35, 0.6), (0.26, A5, 0.7, 0.45), (0.52, FS5, 0.7, 0.5),
    (0.90, E5, 0.6, 0.5), (1.28, D5, 0.7, 0.8), (1.28, A4, 0.35, 0.9), (1.28, FS4, 0.3, 0.9),
    (1.28, D4, 0.35, 1.0), (1.28, D3, 0.3, 1.0),
)  # fmt: skip
CHORDS = (
    (D3, A3, D4, FS4),
    (B3 - 12, FS4 - 12, B3, D4),
    (D3, A3, B3, FS4),
    (A3 - 12, E5 - 24, A3, B3),
)
"""The pad of the bed: one chord for each quarter of the loop."""
PLUCKS = (D5, A4, FS5, A4, B4, FS5, D5, FS5, E5, A4, B4, A4, FS5, E5, B4, A4)
"""One quiet note each second of the loop."""


@cache
def sting() -> Wave:
    """The opening call: four rising notes and a chord that fades from the post on."""
    wave = _struck(STING, STING_S)
    fading = np.clip((_times(STING_S) - FADES_S) / (STING_S - FADES_S), 0, 1)
    return _closed(wave * np.cos(fading * np.pi / 2) ** 2)


@cache
def chime() -> Wave:
    """The cue before a story: two bars, a fourth apart."""
    return _closed(_struck(CHIME, CHIME_S))


@cache
def closing() -> Wave:
    """The answer to the sting: the same notes going home."""
    return _closed(_struck(CLOSING, CLOSING_S))


@cache
def bed() -> Wave:
    """A loop of `BED_S` seconds: slow chords, and over them a quiet note each second."""
    time = _times(BED_S)
    wave = np.zeros(len(time))
    quarter = BED_S / len(CHORDS)
    for number, chord in enumerate(CHORDS):
        away = np.abs((time - (number + 0.5) * quarter + BED_S / 2) % BED_S - BED_S / 2)
        swell = np.cos(np.clip(away / quarter, 0, 1) * np.pi / 2) ** 2
        for note in chord:
            # a whole number of periods fits the loop: no seam
            hertz = round(_hertz(note) * BED_S) / BED_S
            wave += swell * (_sine(hertz, time) + 0.15 * _sine(2 * hertz, time)) / len(chord)
    for second, note in enumerate(PLUCKS):
        bar = _bar(note, 0.5, 3.0)
        at = (np.arange(len(bar)) + second * SAMPLE_RATE) % len(wave)
        wave[at] += 0.22 * bar
    return _scaled(sum((g * np.roll(wave, d) for d, g in _taps()), wave))


def _struck(notes: tuple[Note, ...], seconds: float) -> Wave:
    """The notes with their room, cut to `seconds`."""
    wave = np.zeros(len(_times(seconds)))
    for start, note, strength, decay in notes:
        at = round(start * SAMPLE_RATE)
        wave[at:] += strength * _bar(note, decay, seconds)[: len(wave) - at]
    room = wave.copy()
    for delay, strength in _taps():
        room[delay:] += strength * wave[:-delay]
    return _scaled(room)


def _bar(note: int, decay_s: float, seconds: float) -> Wave:
    """A struck bar: its upper partials die first. The mallet is soft: 6 ms to full strength."""
    time = _times(seconds)
    hertz = _hertz(note)
    wave = np.zeros(len(time))
    for ratio, strength, length in PARTIALS:
        if ratio * hertz < SAMPLE_RATE * 0.45:
            wave += strength * np.exp(-time / (decay_s * length)) * _sine(ratio * hertz, time)
    wave *= np.clip(time / 0.006, 0, 1) * np.clip((seconds - time) / 0.1, 0, 1)
    return wave.astype(np.float32)


def _closed(wave: Wave) -> Wave:
    """The wave with a tail that reaches zero without a click."""
    tail = round(0.25 * SAMPLE_RATE)
    faded = wave.copy()
    faded[-tail:] *= np.cos(np.linspace(0, np.pi / 2, tail)) ** 2
    return _scaled(faded)


def _scaled(wave: Wave) -> Wave:
    return np.asarray(wave / max(1e-9, float(np.abs(wave).max())), dtype=np.float32)


def _taps() -> list[tuple[int, float]]:
    return [
        (ms * SAMPLE_RATE // 1000, TAP_STRENGTH * float(np.exp(-ms / TAP_DECAY_MS)))
        for ms in TAPS_MS
    ]


def _times(seconds: float) -> Wave:
    return np.asarray(np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE)


def _hertz(note: int) -> float:
    return float(440.0 * 2 ** ((note - 69) / 12))


def _sine(hertz: float, time: Wave) -> Wave:
    return np.asarray(np.sin(2 * np.pi * hertz * time))
