"""Edges are trimmed, speech is not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from qjaudio.episode.mix import ClipFile
from qjaudio.episode.sound import LEAD_MS, SPEECH_LUFS, TAIL_MS, integrated_loudness, pcm_wave, trim
from qjaudio.speech.model import SAMPLE_RATE, Clip
from tones import tone


def silence(ms: int) -> bytes:
    return bytes(2 * SAMPLE_RATE * ms // 1000)


def test_edges_are_trimmed() -> None:
    """Silence before and after goes, but for a margin."""
    clip = trim(Clip(silence(400) + tone(1000).pcm + silence(600)))
    assert 10 >= abs(clip.duration_ms - 1000 - LEAD_MS - TAIL_MS)


def test_a_pause_inside_stays() -> None:
    """A trimmer never touches what lies between the edges."""
    clip = trim(Clip(tone(500).pcm + silence(900) + tone(500).pcm))
    assert 1890 <= clip.duration_ms


@pytest.mark.parametrize("volume", [0.05, 0.12, 0.3])
@pytest.mark.parametrize("hertz", [80, 300, 2500])
def test_clips_come_to_one_loudness(volume: float, hertz: int) -> None:
    """Loud or quiet, dark or bright: a voice leaves as loud as any other, within the gain."""
    clip = trim(tone(1500, volume, hertz))
    assert SPEECH_LUFS == pytest.approx(
        integrated_loudness(pcm_wave(clip.pcm), SAMPLE_RATE), abs=0.5
    )


def test_a_pause_does_not_make_a_clip_louder() -> None:
    """A clip with a long pause inside comes to the same loudness while it speaks."""
    paused = trim(Clip(tone(1500).pcm + silence(2000) + tone(1500).pcm))
    first = pcm_wave(paused.pcm)[: SAMPLE_RATE * 3 // 2]
    assert SPEECH_LUFS == pytest.approx(integrated_loudness(first, SAMPLE_RATE), abs=1.0)


def test_silence_stays_as_it_is() -> None:
    """A clip without any sound is left alone: the gate judges it, not the trimmer."""
    clip = Clip(silence(300))
    assert clip == trim(clip)


def test_a_reel_gives_back_what_it_recorded(tmp_path: Path) -> None:
    """Clips return in order, padded to whole milliseconds."""
    reel = ClipFile(tmp_path / "reel.pcm")
    clips = [Clip(b"\1\0" * 24), Clip(b"\2\0" * 25)]
    reel.record(clips)
    assert [1, 2] == reel.durations_ms
    assert [b"\1\0" * 24, b"\2\0" * 25 + b"\0\0" * 23] == [clip.pcm for clip in reel.clips()]


def test_an_environment_without_a_path_is_no_obstacle() -> None:
    """A timer may start us with no PATH at all; the libraries take it for granted."""
    environ = {name: value for name, value in os.environ.items() if name != "PATH"}
    code = "import qjaudio.episode.sound"
    done = subprocess.run([sys.executable, "-c", code], check=False, env=environ, timeout=60)
    assert 0 == done.returncode
