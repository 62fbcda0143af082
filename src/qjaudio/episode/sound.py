"""The sound of a clip: its loudness after ITU-R BS.1770, its silent edges, its level."""

import os
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qjaudio.speech.model import BYTES_PER_SAMPLE, Clip

Wave = NDArray[np.floating]
"""One channel, full scale is ±1."""
SILENT = -120.0
"""LUFS of what holds no sound."""
BLOCK_S = 0.4
HOP_S = 0.1
"""BS.1770-4, annex 1: blocks of 400 ms that overlap by three quarters."""
ABSOLUTE_GATE = -70.0
RELATIVE_GATE = -10.0
SHELF_HZ, SHELF_Q, SHELF_DB = 1681.9744509555319, 0.7071752369554193, 3.99984385397
HIGH_PASS_HZ, HIGH_PASS_Q = 38.13547087613982, 0.5003270373253953
"""The two filters of the K weighting as analogue prototypes: the coefficients that the standard
prints for 48 kHz, taken back through the bilinear transform, so that any sampling rate will do."""


def pcm_wave(pcm: bytes) -> Wave:
    """Signed 16-bit little-endian PCM as a wave of full scale ±1."""
    return np.frombuffer(pcm, dtype="<i2").astype(np.float32) / 32768


def integrated_loudness(wave: Wave, sample_rate: int) -> float:
    """The integrated loudness in LUFS: of the blocks in which something is heard."""
    blocks = _gated_blocks(wave, sample_rate)
    heard = blocks[_lufs(blocks) > ABSOLUTE_GATE]
    if not heard.size:
        return SILENT
    speaking = heard[_lufs(heard) > _lufs(heard.mean()) + RELATIVE_GATE]
    return float(_lufs(speaking.mean()))


def momentary_peak(wave: Wave, sample_rate: int) -> float:
    """The loudness in LUFS of the loudest 400 ms: what a struck note is as loud as."""
    return float(_lufs(_gated_blocks(wave, sample_rate).max()))


def _lufs(power: NDArray[np.float64] | np.float64) -> NDArray[np.float64]:
    return np.asarray(-0.691 + 10 * np.log10(np.maximum(power, 1e-12)))


def _gated_blocks(wave: Wave, sample_rate: int) -> NDArray[np.float64]:
    """The weighted power of each block; of a wave shorter than a block, its own."""
    size = min(len(wave), round(BLOCK_S * sample_rate))
    if not size:
        return np.zeros(1)
    power = np.concatenate(([0.0], np.cumsum(_weighted(wave, sample_rate) ** 2)))
    starts = np.arange(0, len(wave) - size + 1, round(HOP_S * sample_rate))
    return np.asarray((power[starts + size] - power[starts]) / size)


def _weighted(wave: Wave, sample_rate: int) -> NDArray[np.float64]:
    """The wave through the K filter. As the spectrum is at hand, no recursion over samples."""
    size = 1 << (len(wave) + sample_rate // 4).bit_length()  # room for the filter to ring out
    spectrum = np.fft.rfft(wave, size) * _k_response(size, sample_rate)
    return np.asarray(np.fft.irfft(spectrum, size)[: len(wave)])


def _k_response(size: int, sample_rate: int) -> NDArray[np.complex128]:
    """The response of the K filter at the frequencies of a real spectrum of `size` points."""
    s = 1j * np.tan(np.pi * np.arange(size // 2 + 1) / size)  # the bilinear transform's axis
    shelf = s / np.tan(np.pi * SHELF_HZ / sample_rate)
    high = 10 ** (SHELF_DB / 20)
    middle = high**0.4996667741545416
    pole = shelf**2 + shelf / SHELF_Q + 1
    lifted = (high * shelf**2 + middle / SHELF_Q * shelf + 1) / pole
    passed = s / np.tan(np.pi * HIGH_PASS_HZ / sample_rate)
    return np.asarray(lifted * passed**2 / (passed**2 + passed / HIGH_PASS_Q + 1))


with warnings.catch_warnings():
    # pydub warns of a missing ffmpeg on PATH (ours comes in a wheel and is named where it is
    # used) and of invalid escapes in its own source.
    warnings.simplefilter("ignore")
    # It looks for one all the same, and takes it for granted that PATH is set.
    os.environ.setdefault("PATH", os.defpath)
    from pydub import AudioSegment

SPEECH_LUFS = -23.0
"""Gated loudness of every clip before mixing, so that no reader and no story jumps. By ear, not by
RMS: a voice of much bass has more power than it is loud. Low enough to leave room for peaks."""
MAX_GAIN_DB = 20.0
SILENCE_DBFS = -48.0
"""Quieter than this at an edge is breath or noise of the vocoder."""
LEAD_MS = 20
TAIL_MS = 70
"""What stays of the silence at the edges: soft onsets and fading ends are speech too."""
STEP_MS = 5
"""The edge of the speech is looked for in pieces of this length."""
FADE_MS = 8


def segment_of(clip: Clip) -> Any:
    """The clip as a pydub AudioSegment."""
    return AudioSegment(
        data=clip.pcm, sample_width=BYTES_PER_SAMPLE, frame_rate=clip.sample_rate, channels=1
    )


def trim(clip: Clip) -> Clip:
    """The clip without the silence at its edges, levelled, with edges that do not click.

    Only the edges are touched, never a pause inside: a trimmer that cuts speech is the worse
    fault. The length is a whole number of milliseconds, as the timeline counts.
    """
    sound = segment_of(clip)
    wave = pcm_wave(clip.pcm)
    start = max(0, _leading_silence_ms(wave, clip.sample_rate) - LEAD_MS)
    end = len(sound) - max(0, _leading_silence_ms(wave[::-1], clip.sample_rate) - TAIL_MS)
    if end <= start:
        return clip
    return Clip(
        _set_level(sound[start:end]).fade_in(FADE_MS).fade_out(FADE_MS).raw_data, clip.sample_rate
    )


def _leading_silence_ms(wave: Wave, sample_rate: int) -> int:
    """How long the wave stays below `SILENCE_DBFS`, in whole steps, and at most to its end."""
    size = STEP_MS * sample_rate // 1000
    steps = -(-len(wave) // size)
    power = (np.pad(wave, (0, steps * size - len(wave))) ** 2).reshape(steps, size).mean(axis=1)
    loud = np.flatnonzero(power >= 10 ** (SILENCE_DBFS / 10))
    length_ms = len(wave) * 1000 // sample_rate
    return min(int(loud[0]) * STEP_MS, length_ms) if loud.size else length_ms


def _set_level(sound: Any) -> Any:
    if sound.dBFS == float("-inf"):
        return sound
    loudness = integrated_loudness(pcm_wave(sound.raw_data), sound.frame_rate)
    gain = max(-MAX_GAIN_DB, min(MAX_GAIN_DB, SPEECH_LUFS - loudness))
    headroom = -0.5 - sound.max_dBFS
    return sound.apply_gain(min(gain, headroom))
