"""From clips to one MP3: kept in a file, placed, brought to a loudness, encoded once from PCM."""

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Literal

import numpy as np

from qjaudio.episode.model import Episode
from qjaudio.episode.music import Layer, add_music
from qjaudio.machine import Loudness, measure_loudness, run_ffmpeg
from qjaudio.speech.model import BYTES_PER_SAMPLE, SAMPLE_RATE, Clip


class ClipFile:
    """Clips written once, in order, and read back as often as needed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.durations_ms: list[int] = []
        self._sizes: list[int] = []

    def record(self, clips: Iterable[Clip]) -> None:
        """Write the clips; a clip is padded to whole milliseconds, the unit of the timeline."""
        with self.path.open("wb") as file:
            for clip in clips:
                size = clip.duration_ms * clip.sample_rate * BYTES_PER_SAMPLE // 1000
                file.write(clip.pcm.ljust(size, b"\0"))
                self.durations_ms.append(clip.duration_ms)
                self._sizes.append(size)

    def clips(self, numbers: Iterable[int] | None = None) -> Iterator[Clip]:
        """The clips in order, or those of these numbers in theirs."""
        starts = [0, *accumulate(self._sizes)]
        with self.path.open("rb") as file:
            for number in range(len(self._sizes)) if numbers is None else numbers:
                file.seek(starts[number])
                yield Clip(file.read(self._sizes[number]))


_log = logging.getLogger(__name__)
ROOM_DB = -68.0
"""How loud the room is between the clips; with the gain of the mix about −60 dB in the file."""
BYTES_PER_MS = SAMPLE_RATE * BYTES_PER_SAMPLE // 1000


@dataclass(frozen=True, slots=True)
class AudioSpec:
    """What the file shall be. Apple's values for podcasts: −16 LUFS, true peak under −1 dBTP."""

    lufs: float = -16.0
    tolerance: float = 0.3
    true_peak: float = -1.0
    limit_db: float = -2.5
    """Where the limiter holds peaks before encoding: the encoder adds up to 1.3 dB to a voice."""
    expected_loss: float = 1.0
    """What limiter and encoder take from speech, in LU: so that mostly one pass is enough."""
    sample_rate: int = 44_100
    bit_rate: str = "96k"
    """Apple recommends 96 to 128 kbit/s for one channel: podcasters.apple.com/support/893."""
    container: Literal["mp3", "wav"] = "mp3"


def mix(
    clips: Iterable[Clip],
    episode: Episode,
    path: Path,
    target: AudioSpec | None = None,
    *,
    layers: Sequence[Layer] = (),
    before: bytes = b"",
) -> Loudness:
    """Write the MP3 of `episode`: clip i is heard from the start of cue i, over `layers` of music.

    `before` is PCM that is heard before all of it: a gong.

    Memory stays flat: the PCM passes through one file beside `path`. The loudness is measured on
    the encoded file, which comes out quieter and peakier than its PCM, and corrected there.
    Returns what was measured last.
    """
    target = target or AudioSpec()
    pcm = path.with_name(f"{path.name}.pcm")
    try:
        with pcm.open("wb") as file:
            file.write(before)
            for piece in add_music(_place_clips(clips, episode), layers):
                file.write(piece)
        return _encode_to_spec(pcm, path, target)
    finally:
        pcm.unlink(missing_ok=True)


def _place_clips(clips: Iterable[Clip], episode: Episode) -> Iterable[bytes]:
    """The PCM of the whole episode in pieces: silence, clip, room tone, clip, …"""
    written = 0
    gap: Callable[[int], bytes] = bytes
    for clip, cue in zip(clips, episode.cues, strict=True):
        start = cue.start_ms * BYTES_PER_MS
        yield gap(start - written)
        yield clip.pcm
        written = start + len(clip.pcm)
        gap = room_tone if clip.pcm.strip(b"\0") else bytes
    yield gap(episode.duration_ms * BYTES_PER_MS - written)


@cache
def _room() -> bytes:
    """Four seconds of soft noise, the same bytes everywhere."""
    drawn = np.frombuffer(hashlib.shake_256(b"room tone").digest(4 * SAMPLE_RATE), np.int8)
    soft = drawn.astype(np.float64) + np.roll(drawn, 1)
    level = 10 ** (ROOM_DB / 20) * 32768
    noise: bytes = (soft * level / np.sqrt(np.mean(soft**2))).round().astype("<i2").tobytes()
    return noise


def room_tone(size: int) -> bytes:
    """So many bytes of a quiet room: between sentences a machine's silence sounds like a fault."""
    room = _room()
    return (room * (size // len(room) + 1))[:size]


def _encode_to_spec(pcm: Path, path: Path, target: AudioSpec) -> Loudness:
    source = ["-f", "s16le", "-ar", str(SAMPLE_RATE), "-ac", "1", "-i", str(pcm)]
    gain = target.lufs + target.expected_loss - measure_loudness(source).integrated
    limit = target.limit_db
    reached, best, former = Loudness(0.0, 0.0), Loudness(-99.0, 0.0), (gain, limit)
    for _ in range(4):
        _encode(source, path, target, gain, limit)
        reached = measure_loudness(["-f", target.container, "-i", str(path)])
        facts = {"lufs": reached.integrated, "true_peak": reached.true_peak, "gain_db": gain}
        _log.info("loudness", extra={"facts": facts})
        off = target.lufs - reached.integrated
        over = reached.true_peak - target.true_peak
        if abs(off) <= target.tolerance and over <= 0:
            break
        if abs(off) > abs(target.lufs - best.integrated) + target.tolerance:
            # Music between long silences: louder, it passes the gate of R 128 and measures less.
            _encode(source, path, target, *former)
            return best
        best, former = reached, (gain, limit)
        gain += off if abs(off) < 6 else 0  # silence has no loudness to correct
        limit -= over + 0.2 if over > 0 else 0
    return reached


def _encode(source: list[str], path: Path, target: AudioSpec, gain: float, limit: float) -> None:
    """One pass: gain, limiter at four times the rate (between samples peaks are higher), MP3."""
    held = 10 ** (limit / 20)
    filters = (
        f"volume={gain:.2f}dB,aresample={4 * target.sample_rate},"
        f"alimiter=limit={held:.4f}:level=false:attack=4:release=60,aresample={target.sample_rate}"
    )
    mp3 = ["-c:a", "libmp3lame", "-b:a", target.bit_rate, "-write_xing", "1", "-id3v2_version", "0"]
    codec = mp3 if target.container == "mp3" else ["-c:a", "pcm_s16le"]
    run_ffmpeg(
        [
            *source, "-af", filters, *codec, "-ac", "1", "-bitexact", "-f", target.container,
            str(path),
        ]
    )  # fmt: skip
