"""The music is pleasant to a meter at least: whole, calm, without clicks, always the same."""

import numpy as np
import pytest

from qjaudio.episode import music
from qjaudio.episode.sound import Wave
from qjaudio.speech.model import SAMPLE_RATE

PIECES = {
    "sting": music.STING_S,
    "chime": music.CHIME_S,
    "closing": music.CLOSING_S,
    "bed": music.BED_S,
}


def piece(name: str) -> Wave:
    wave: Wave = getattr(music, name)()
    return wave


def level(wave: Wave) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(wave**2)) + 1e-9))


@pytest.mark.parametrize("name", PIECES)
def test_a_piece_has_its_length_and_fills_the_scale(name: str) -> None:
    """As long as it says, finite everywhere, with its peak at full scale and no offset."""
    wave = piece(name)
    assert round(PIECES[name] * SAMPLE_RATE) == len(wave)
    assert np.isfinite(wave).all()
    assert 1.0 == pytest.approx(float(np.abs(wave).max()))
    assert 0.01 > abs(float(wave.mean()))


@pytest.mark.parametrize("name", ["sting", "chime", "closing"])
def test_struck_pieces_begin_and_end_at_zero(name: str) -> None:
    """No click at the edges: the first sample is zero, the last 10 ms are inaudible."""
    wave = piece(name)
    assert 0.0 == wave[0]
    assert 0.001 > np.abs(wave[-SAMPLE_RATE // 100 :]).max()


@pytest.mark.parametrize("name", PIECES)
def test_nothing_is_harsh(name: str) -> None:
    """Less than a hundredth of the power lies over 4 kHz: no hiss, no rattle, no click."""
    power = np.abs(np.fft.rfft(piece(name))) ** 2
    treble = power[len(power) * 4000 // (SAMPLE_RATE // 2) :]
    assert 0.01 > treble.sum() / power.sum()


def test_the_bed_repeats_without_a_seam() -> None:
    """Where its end meets its start the slope changes no faster than elsewhere in the loop."""
    bends = np.abs(np.diff(np.tile(piece("bed"), 2), 2))
    size = len(bends) // 2
    assert float(np.percentile(bends, 99)) > bends[size - 2 : size + 2].max()


def test_the_bed_is_even() -> None:
    """No second of it is more than 6 dB from the others: it never draws attention."""
    seconds = piece("bed").reshape(-1, SAMPLE_RATE)
    levels = [level(second) for second in seconds]
    assert 6 > max(levels) - min(levels)


def test_the_sting_makes_room_for_the_reader() -> None:
    """From the post on it fades: a second later it is 12 dB down, after 1.6 s it is nearly gone."""
    wave = piece("sting")
    post = round(music.POST_S * SAMPLE_RATE)
    chord = level(wave[post - SAMPLE_RATE // 2 : post])
    after = [level(wave[post + round(s * SAMPLE_RATE) :][: SAMPLE_RATE // 4]) for s in (1, 1.6)]
    assert chord - 12 > after[0]
    assert chord - 35 > after[1]


@pytest.mark.parametrize("name", ["sting", "chime", "closing", "bed"])
def test_the_same_sound_every_time(name: str) -> None:
    """Computed again, it is the same to the last bit."""
    first = piece(name).copy()
    getattr(music, name).cache_clear()
    assert np.array_equal(first, piece(name))
