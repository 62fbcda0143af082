"""Louder and softer."""

import array

import pytest

from qjaudio.speech.model import Clip, louder


def peaks(*samples: int) -> Clip:
    return Clip(array.array("h", samples).tobytes())


def peak(clip: Clip) -> int:
    return max(abs(sample) for sample in memoryview(clip.pcm).cast("h"))


@pytest.mark.parametrize(("gain_db", "expected"), [(6.0, 1995), (-6.0, 501), (0.0, 1000)])
def test_gain_is_in_decibels(gain_db: float, expected: int) -> None:
    """6 dB are a factor of two, nearly, both ways; the length stays."""
    clip = louder(peaks(1000, -1000, 0), gain_db)
    assert expected == peak(clip)
    assert 3 == clip.samples


def test_nothing_is_overloaded() -> None:
    """A gain ends half a decibel below full scale; what is above that stays as it is."""
    assert peak(louder(peaks(25000, -20000), 6.0)) == pytest.approx(30934, abs=2)
    loud = peaks(32700, -32768, 5)
    assert loud == louder(loud, 6.0)


@pytest.mark.parametrize("clip", [Clip(b""), peaks(0, 0)])
def test_silence_stays_silence(clip: Clip) -> None:
    """Nothing to raise is not an error."""
    assert clip == louder(clip, 6.0)
