"""Clips as pydub segments: edges trimmed, voices brought to one level."""

import warnings
from typing import Any

from qjaudio.episode.loudness import gated, pcm_wave
from qjaudio.speech.model import BYTES_PER_SAMPLE, Clip

with warnings.catch_warnings():
    # pydub warns of a missing ffmpeg on PATH (ours comes in a wheel and is named where it is
    # used) and of invalid escapes in its own source.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment
    from pydub.silence import detect_leading_silence

SPEECH_LUFS = -23.0
"""Gated loudness of every clip before mixing, so that no reader and no story jumps. By ear, not by
RMS: a voice of much bass has more power than it is loud. Low enough to leave room for peaks."""
MAX_GAIN_DB = 20.0
SILENCE_DBFS = -48.0
"""Quieter than this at an edge is breath or noise of the vocoder."""
LEAD_MS = 20
TAIL_MS = 70
"""What stays of the silence at the edges: soft onsets and fading ends are speech too."""
FADE_MS = 8


def segment_of(clip: Clip) -> Any:
    """The clip as a pydub AudioSegment."""
    return AudioSegment(
        data=clip.pcm,
        sample_width=BYTES_PER_SAMPLE,
        frame_rate=clip.sample_rate,
        channels=1,
    )


def trimmed(clip: Clip) -> Clip:
    """The clip without the silence at its edges, levelled, with edges that do not click.

    Only the edges are touched, never a pause inside: a trimmer that cuts speech is the worse
    fault. The length is a whole number of milliseconds, as the timeline counts.
    """
    sound = segment_of(clip)
    start = max(0, detect_leading_silence(sound, SILENCE_DBFS, 5) - LEAD_MS)
    end = len(sound) - max(0, detect_leading_silence(sound.reverse(), SILENCE_DBFS, 5) - TAIL_MS)
    if end <= start:
        return clip
    return Clip(
        _levelled(sound[start:end]).fade_in(FADE_MS).fade_out(FADE_MS).raw_data, clip.sample_rate
    )


def _levelled(sound: Any) -> Any:
    if sound.dBFS == float("-inf"):
        return sound
    loudness = gated(pcm_wave(sound.raw_data), sound.frame_rate)
    gain = max(-MAX_GAIN_DB, min(MAX_GAIN_DB, SPEECH_LUFS - loudness))
    headroom = -0.5 - sound.max_dBFS
    return sound.apply_gain(min(gain, headroom))
