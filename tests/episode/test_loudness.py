"""Our own loudness is that of the standard, as ffmpeg measures it."""

from pathlib import Path

import numpy as np
import pytest

from qjaudio.episode.sound import SILENT, integrated_loudness, momentary_peak, pcm_wave
from qjaudio.machine import measure_loudness
from qjaudio.speech.model import SAMPLE_RATE
from tones import tone


@pytest.mark.parametrize("hertz", [60, 300, 1000, 2500, 6000])
def test_tones_measure_as_in_ffmpeg(tmp_path: Path, hertz: int) -> None:
    """From the bass, which counts less, to the treble, which counts more, within 0.2 LU."""
    pcm = tone(4000, 0.2, hertz).pcm + bytes(SAMPLE_RATE * 2) + tone(2000, 0.02, hertz).pcm
    raw = tmp_path / "tone.pcm"
    raw.write_bytes(pcm)
    by_ffmpeg = measure_loudness(
        ["-f", "s16le", "-ar", str(SAMPLE_RATE), "-ac", "1", "-i", str(raw)]
    )
    assert 0.2 >= abs(by_ffmpeg.integrated - integrated_loudness(pcm_wave(pcm), SAMPLE_RATE))


def test_a_pause_makes_nothing_quieter() -> None:
    """The gate leaves out what is silent: speech with a long pause is as loud as without."""
    pcm = tone(3000, hertz=900).pcm
    paused = pcm + bytes(len(pcm)) + pcm
    both = [integrated_loudness(pcm_wave(each), SAMPLE_RATE) for each in (pcm, paused)]
    assert 0.5 >= abs(both[0] - both[1])


def test_the_loudest_moment_counts_for_a_struck_note() -> None:
    """What follows a struck note does not change how loud it is."""
    struck = tone(500, hertz=900).pcm
    waves = [pcm_wave(struck + bytes(SAMPLE_RATE * 2 * seconds)) for seconds in (1, 9)]
    levels = [momentary_peak(wave, SAMPLE_RATE) for wave in waves]
    assert levels[0] == pytest.approx(levels[1], abs=0.01)


@pytest.mark.parametrize("samples", [0, 1, 100, SAMPLE_RATE])
def test_silence_and_scraps_have_a_loudness(samples: int) -> None:
    """A wave of no or few samples, or without sound, is measured as silence, not as an error."""
    wave = np.zeros(samples, dtype=np.float32)
    assert SILENT == integrated_loudness(wave, SAMPLE_RATE)
    assert SILENT >= momentary_peak(wave, SAMPLE_RATE)
