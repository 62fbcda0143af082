"""What services send, as PCM."""

import subprocess

from qjaudio.engines.service import NotAudioError
from qjaudio.programs import ffmpeg, not_startable
from qjaudio.speech.model import SAMPLE_RATE, Clip

MP3_BYTES_PER_MS = 6
"""48 kbit/s, constant."""
_DECODE_TIMEOUT_S = 30


def decode_mp3(mp3: bytes) -> bytes:
    """Decode MP3 of constant 48 kbit/s to signed 16-bit little-endian mono PCM at 24 kHz.

    Raises:
        NotAudioError: the bytes, or a tenth of them, are no such MP3.
        MissingPartError: there is no ffmpeg.
    """
    try:
        done = subprocess.run(
            [ffmpeg(), "-hide_banner", "-loglevel", "error", "-f", "mp3", "-i", "pipe:0",
             "-f", "s16le", "-ac", "1", "-ar", str(SAMPLE_RATE), "pipe:1"],
            input=mp3, capture_output=True, timeout=_DECODE_TIMEOUT_S, check=False,
        )  # fmt: skip
    except OSError as error:
        raise not_startable(error) from error
    except subprocess.TimeoutExpired as error:
        raise NotAudioError("ffmpeg could not make sense of it in time") from error
    decoded_ms, expected_ms = Clip(done.stdout).duration_ms, len(mp3) / MP3_BYTES_PER_MS
    # ffmpeg skips what it cannot read and is content; a frame or two may be lost at the ends.
    if decoded_ms < expected_ms * 0.9 - 100 or not done.stdout:
        raise NotAudioError(f"{decoded_ms} ms of sound in {len(mp3)} bytes")
    return done.stdout
