"""Edges are trimmed, speech is not."""

from pathlib import Path

from qjaudio.episode.reel import Reel
from qjaudio.episode.sound import LEAD_MS, SPEECH_DBFS, TAIL_MS, segment_of, trimmed
from qjaudio.speech.model import SAMPLE_RATE, Clip
from tones import tone


def silence(ms: int) -> bytes:
    return bytes(2 * SAMPLE_RATE * ms // 1000)


def test_edges_are_trimmed() -> None:
    """Silence before and after goes, but for a margin."""
    clip = trimmed(Clip(silence(400) + tone(1000).pcm + silence(600)))
    assert 10 >= abs(clip.duration_ms - 1000 - LEAD_MS - TAIL_MS)


def test_a_pause_inside_stays() -> None:
    """A trimmer never touches what lies between the edges."""
    clip = trimmed(Clip(tone(500).pcm + silence(900) + tone(500).pcm))
    assert 1890 <= clip.duration_ms


def test_clips_come_to_one_level() -> None:
    """Loud and quiet readers leave at the same level, within what the gain may do."""
    levels = [segment_of(trimmed(tone(1000, volume))).dBFS for volume in (0.1, 0.3)]
    assert all(abs(level - SPEECH_DBFS) < 1 for level in levels)


def test_silence_stays_as_it_is() -> None:
    """A clip without any sound is left alone: the gate judges it, not the trimmer."""
    clip = Clip(silence(300))
    assert clip == trimmed(clip)


def test_a_reel_gives_back_what_it_recorded(tmp_path: Path) -> None:
    """Clips return in order, padded to whole milliseconds."""
    reel = Reel(tmp_path / "reel.pcm")
    clips = [Clip(b"\1\0" * 24), Clip(b"\2\0" * 25)]
    reel.record(clips)
    assert [1, 2] == reel.durations_ms
    assert [b"\1\0" * 24, b"\2\0" * 25 + b"\0\0" * 23] == [clip.pcm for clip in reel.clips()]
