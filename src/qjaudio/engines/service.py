"""A speech service on the network: what can go wrong, by its name; an end to it; sound as PCM."""

import asyncio
import subprocess
import threading
from collections.abc import Coroutine, Mapping
from typing import Any, ClassVar, TypeVar

from qjaudio.errors import EngineError, IncompleteError, cut_short
from qjaudio.machine import ffmpeg, not_startable
from qjaudio.speech.gate import band_ms
from qjaudio.speech.model import SAMPLE_RATE, Clip, Utterance

T = TypeVar("T")

UNSPEAKABLE_MS = 200
"""How long a text without a speakable character lasts: no service is asked for it."""
_LONGEST_WAIT_S = 600.0
_SPARE_MS = 10_000
"""Sound beyond the most that a text can last: what comes after is no speech of ours."""
_STOP_POLL_S = 0.1


class OnlineVoiceError(EngineError):
    """The base of all that the online voice can do to us."""

    tries: ClassVar[int] = 8
    """How many failures of this class are enough (see `Retrying`)."""
    in_the_text: ClassVar[bool] = False
    """Whether the text may be the reason, so that smaller pieces of it may go (see `Checked`)."""
    what: ClassVar[str] = "failed"
    advice: ClassVar[str] = "try again later, or take the offline voice with --voice kokoro"

    def __init__(self, detail: str = "", *, hint: str = "", wait_s: float = 0.0) -> None:
        message = f"the online voice {self.what}"
        super().__init__(f"{message}: {detail}" if detail else message, hint=hint or self.advice)
        self.wait_s = wait_s
        """Seconds that the service asked us to wait."""


class BlockedError(OnlineVoiceError):
    """HTTP 403, also after edge-tts has set its clock by the service's and asked again."""

    tries = 2
    what = "refuses access (HTTP 403)"
    advice = "set a proxy, check the clock, update edge-tts, or take --voice kokoro"


class UnauthorizedError(OnlineVoiceError):
    """HTTP 401: the service does not accept the key."""

    tries = 1
    what = "does not accept the key (HTTP 401)"
    advice = "put the key of the service into the environment (docs/reference/config.md)"


class ThrottledError(OnlineVoiceError):
    """HTTP 429 or 503: too many requests from this address, or an overloaded service."""

    what = "asks us to slow down"


class RejectedError(OnlineVoiceError):
    """An HTTP status that the service has no reason to send."""

    what = "gave a strange answer"
    advice = "is a login page or a proxy in the way? --voice kokoro works without a network"


class UnreachableError(OnlineVoiceError):
    """No connection: the name is unknown, the port refuses, the certificate or proxy is wrong."""

    what = "cannot be reached"
    advice = "check the network and the proxy, or take the offline voice with --voice kokoro"


class StalledError(OnlineVoiceError):
    """No bytes for the set time, or the whole took longer than a piece may."""

    what = "stalled"


class NoAudioError(OnlineVoiceError):
    """The turn ended properly without a byte of sound: often a voice that was withdrawn."""

    tries = 4
    in_the_text = True
    what = "sent no audio"
    advice = "try another voice (qjaudio voices), or take the offline voice with --voice kokoro"


class CutError(OnlineVoiceError):
    """The connection closed in mid-audio, or the sound ends before its text does."""

    in_the_text = True
    what = "broke off"


class NotAudioError(OnlineVoiceError):
    """The answer is not what the service sends, or does not decode as MP3."""

    what = "sent something that is not speech"
    advice = "update edge-tts (pip install -U edge-tts), or take --voice kokoro"


class TooShortError(OnlineVoiceError):
    """The sound decodes well but is shorter than its text can be."""

    tries = 3
    in_the_text = True
    what = "left something out"


class OtherTextError(OnlineVoiceError):
    """What the service says that it has spoken is not what it was asked."""

    tries = 3
    what = "said something else"


class StoppedError(OnlineVoiceError):
    """The run ended while the service was still speaking: nobody waits for it."""

    tries = 1
    what = "was not waited for"


def require_short(text: str, most_chars: int) -> None:
    """Raise IncompleteError where a text is too long for one request: nothing is cut in silence."""
    if len(text) > most_chars:
        reason = f"{len(text)} characters are too many for one request: {text[:18]}…"
        raise IncompleteError(
            reason, hint="put a full stop or a comma into this sentence in script.md"
        )


def most_sound_ms(utterance: Utterance) -> int:
    """How much sound is taken for an utterance."""
    return band_ms(utterance)[1] + _SPARE_MS


def require_bounded(size: int, most_bytes: int) -> None:
    """Raise NotAudioError where more bytes have come than are taken."""
    if size > most_bytes:
        raise NotAudioError(f"over {most_bytes} bytes for so short a text")


def classify_connection(error: Exception, *, bytes_received: int) -> OnlineVoiceError:
    """The name of what aiohttp or the socket raised.

    `bytes_received` counts the audio that had come before. The order matters: aiohttp's time-outs
    are connection errors too.
    """
    import aiohttp

    if isinstance(error, aiohttp.ClientResponseError):
        return classify_status(error.status, error.headers or {})
    if bytes_received:
        return CutError(f"after {bytes_received} bytes: {brief(error)}")
    if isinstance(error, aiohttp.SocketTimeoutError):
        return StalledError(brief(error))
    if isinstance(error, aiohttp.ClientError | OSError):
        return UnreachableError(brief(error))
    return NotAudioError(brief(error))


def classify_status(status: int, headers: Mapping[str, str]) -> OnlineVoiceError:
    """The name of an HTTP status that is not a success."""
    if status == 401:
        return UnauthorizedError()
    if status == 403:
        return BlockedError()
    if status in (429, 503):
        return ThrottledError(f"HTTP {status}", wait_s=_retry_after_s(headers))
    return RejectedError(f"HTTP {status}")


def _retry_after_s(headers: Mapping[str, str]) -> float:
    """The seconds of Retry-After (RFC 9110, 10.2.3); its other form, a date, counts as none."""
    value = headers.get("Retry-After", "")
    return min(float(value), _LONGEST_WAIT_S) if value.isascii() and value.isdigit() else 0.0


def brief(error: Exception) -> str:
    """What an error says, on one line of 90 characters at most."""
    import aiohttp

    if isinstance(error, aiohttp.ClientConnectorError):  # its own words show our TLS context
        return cut_short(f"{error.host}: {error.os_error.strerror or error.os_error}", 90)
    return cut_short(" ".join(str(error).split()), 90) or type(error).__name__


def converse(conversation: Coroutine[Any, Any, T], stop: threading.Event | None) -> T:
    """The outcome of a conversation, or a StoppedError soon after `stop` is set.

    Safe in any thread that runs no event loop of its own. Unlike `asyncio.run` it does not wait
    for the threads that look names up: a dead name server can keep one for half a minute after our
    time-out.
    """
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(_until(stop, conversation) if stop else conversation)
    finally:
        try:
            for task in asyncio.all_tasks(loop):
                task.cancel()
            loop.run_until_complete(_settle(loop))
        finally:
            loop.close()


async def _until(stop: threading.Event, conversation: Coroutine[Any, Any, T]) -> T:
    speaking = asyncio.ensure_future(conversation)
    while not speaking.done():
        await asyncio.wait({speaking}, timeout=_STOP_POLL_S)
        if stop.is_set() and not speaking.done():
            raise StoppedError  # `converse` cancels what is left
    return speaking.result()


async def _settle(loop: asyncio.AbstractEventLoop) -> None:
    rest = asyncio.all_tasks(loop) - {asyncio.current_task(loop)}
    await asyncio.gather(*rest, return_exceptions=True)
    await loop.shutdown_asyncgens()


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
        NotAudioError, MissingPartError: four frames of it are no such MP3; there is no ffmpeg.
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
        NoAudioError, CutError, NotAudioError: nothing; less than the WAV says; something else.
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
    """16-bit mono PCM of another rate at 24 kHz; empty where ffmpeg makes nothing of it."""
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
