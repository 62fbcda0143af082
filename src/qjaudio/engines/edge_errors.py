"""What the online voice can do to us, each by its name.

OnlineVoiceError
├── BlockedError        HTTP 403: this address, this clock or this version is refused
├── ThrottledError      HTTP 429 or 503: too much was asked
├── RejectedError       another HTTP status: a portal or a proxy in the way
├── UnreachableError    no connection: name, route, certificate, proxy
├── StalledError        nothing came for too long, or the whole took too long
├── NoAudioError        a proper answer without sound
├── CutError            the answer broke off
├── NotAudioError       the answer is not speech
├── TooShortError       the sound is shorter than the text can be
└── StoppedError        the run was over before the answer came
"""

from collections.abc import Mapping
from typing import ClassVar

from qjaudio.errors import EngineError

_LONGEST_WAIT_S = 600.0


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
    what = "refuses us (HTTP 403)"
    advice = "set a proxy, check the clock, update edge-tts, or take --voice kokoro"


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


class StoppedError(OnlineVoiceError):
    """The run ended while the service was still speaking: nobody waits for it."""

    tries = 1
    what = "was not waited for"


def named(error: Exception, *, bytes_received: int) -> OnlineVoiceError:
    """The name of what happened while edge-tts was talking to the service.

    `error` is anything that edge-tts, aiohttp or the socket raise; `bytes_received` counts the
    audio that had come before. The order matters: aiohttp's time-outs are connection errors too.
    """
    import aiohttp
    from edge_tts import exceptions as edge

    detail = _brief(error)
    if isinstance(error, aiohttp.ClientResponseError):
        return _by_status(error.status, error.headers or {})
    if isinstance(error, edge.SkewAdjustmentError):
        return BlockedError("and hides its clock")
    answer: type[OnlineVoiceError] = NotAudioError
    if isinstance(error, edge.NoAudioReceived):
        answer, detail = NoAudioError, ""
    elif isinstance(error, edge.UnexpectedResponse | edge.UnknownResponse):
        answer = NotAudioError
    elif bytes_received:
        answer, detail = CutError, f"after {bytes_received} bytes: {detail}"
    elif isinstance(error, aiohttp.SocketTimeoutError):
        answer = StalledError
    elif isinstance(error, aiohttp.ClientError | OSError | edge.WebSocketError):
        answer = UnreachableError
    return answer(detail)


def _by_status(status: int, headers: Mapping[str, str]) -> OnlineVoiceError:
    if status == 403:
        return BlockedError()
    if status in (429, 503):
        return ThrottledError(f"HTTP {status}", wait_s=_retry_after_s(headers))
    return RejectedError(f"HTTP {status}")


def _retry_after_s(headers: Mapping[str, str]) -> float:
    """The seconds of Retry-After (RFC 9110, 10.2.3); its other form, a date, counts as none."""
    value = headers.get("Retry-After", "")
    return min(float(value), _LONGEST_WAIT_S) if value.isascii() and value.isdigit() else 0.0


def _brief(error: Exception) -> str:
    import aiohttp

    if isinstance(error, aiohttp.ClientConnectorError):  # its own words show our TLS context
        words = f"{error.host}: {error.os_error.strerror or error.os_error}"
    else:
        words = " ".join(str(error).split()) or type(error).__name__
    return words if len(words) <= 90 else f"{words[:89]}…"
