"""What services and programs send, as PCM."""

import subprocess

from qjaudio.engines.service import CutError, NoAudioError, NotAudioError
from qjaudio.machine import ffmpeg, not_startable
from qjaudio.speech.model import SAMPLE_RATE, Clip

MP3_BYTES_PER_MS = 6
"""48 kbit/s, constant: what edge-tts asks for."""
_LOST_MS = 96
"""Four frames of 24 ms. Of 46 clips that were encoded so, ffmpeg lost none; of each of those with
7 % rubbish, a quarter of a second."""
_DECODE_TIMEOUT_S = 30
_FORMATS = {b"RIFF": "wav", b"fLaC": "flac", b"OggS": "ogg", b"ID3": "mp3"}
_UNKNOWN_LENGTHS = range(0x7FFF_0000, 0x1_0000_0000)
"""What a server that streams writes as the length of a WAV that it does not know yet."""


def decode_mp3(mp3: bytes) -> bytes:
    """Decode MP3 of constant 48 kbit/s to signed 16-bit little-endian mono PCM at 24 kHz.

    Raises:
        NotAudioError: the bytes, or four frames of them, are no such MP3.
        MissingPartError: there is no ffmpeg.
    """
    pcm = _decode(mp3, "mp3")
    decoded_ms, expected_ms = Clip(pcm).duration_ms, len(mp3) / MP3_BYTES_PER_MS
    # ffmpeg skips what it cannot read and is content; a frame or two may be lost at the ends.
    if decoded_ms < expected_ms - _LOST_MS or not pcm:
        raise NotAudioError(f"{decoded_ms} ms of sound in {len(mp3)} bytes")
    return pcm


def decode_speech(sound: bytes) -> bytes:
    """Decode WAV, MP3, FLAC or Ogg, by its first bytes, to 16-bit mono PCM at 24 kHz.

    What a server calls it is not asked: MP3 comes as `audio/wav`, and a WAV may be stereo, of any
    rate, and without a length.

    Raises:
        NoAudioError: there is nothing.
        NotAudioError: it is something else, or cannot be decoded.
        CutError: a WAV holds less than it says.
        MissingPartError: there is no ffmpeg.
    """
    if not sound:
        raise NoAudioError()
    kind = next((kind for start, kind in _FORMATS.items() if sound.startswith(start)), "")
    if not kind and sound[0] == 0xFF and sound[1:2] > b"\xe0":  # the sync word of a frame
        kind = "mp3"
    if not kind:
        raise NotAudioError(_first_words(sound))
    if kind == "wav":
        _require_whole_wav(sound)
    pcm = _decode(sound, kind, *(() if kind == "wav" else ("-xerror",)))
    if not pcm:
        raise NotAudioError(f"{len(sound)} bytes of {kind} without sound")
    return pcm


def resample(pcm: bytes, rate: int) -> bytes:
    """16-bit mono PCM of another rate at 24 kHz; empty where ffmpeg makes nothing of it.

    Raises:
        NotAudioError: ffmpeg does not end.
        MissingPartError: there is no ffmpeg.
    """
    return _decode(pcm, "s16le", "-ar", str(rate))


def _require_whole_wav(wav: bytes) -> None:
    """Refuse a WAV whose `data` chunk ends before the length that it gives (RIFF, 1991)."""
    at = 12
    while at + 8 <= len(wav):
        name, size = wav[at : at + 4], int.from_bytes(wav[at + 4 : at + 8], "little")
        if name == b"data":
            came = len(wav) - at - 8
            if size not in _UNKNOWN_LENGTHS and came < size:
                raise CutError(f"{came} of {size} bytes came")
            return
        at += 8 + size + size % 2
    raise NotAudioError(f"a WAV of {len(wav)} bytes without sound")


def _first_words(sound: bytes) -> str:
    text = sound[:60].decode("utf-8", "replace")
    return "".join(char if char.isprintable() else " " for char in text).strip()


def _decode(sound: bytes, kind: str, *options: str) -> bytes:
    """PCM of one named format: a playlist that names files or addresses is never followed."""
    try:
        done = subprocess.run(
            [ffmpeg(), "-hide_banner", "-loglevel", "error", *options, "-f", kind, "-i", "pipe:0",
             "-f", "s16le", "-ac", "1", "-ar", str(SAMPLE_RATE), "pipe:1"],
            input=sound, capture_output=True, timeout=_DECODE_TIMEOUT_S, check=False,
        )  # fmt: skip
    except OSError as error:
        raise not_startable(error) from error
    except subprocess.TimeoutExpired as error:
        raise NotAudioError("ffmpeg could not make sense of it in time") from error
    if "-xerror" in options and done.returncode:
        raise NotAudioError(f"{len(sound)} bytes of damaged {kind}")
    return done.stdout
