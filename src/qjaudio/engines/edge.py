"""The online voice: Microsoft's read-aloud service, by way of edge-tts.

edge-tts 7.3 has three gaps that we close here, each confirmed by a test: it ends in silence when
the connection closes in mid-audio; its receive time-out does not hold once the WebSocket is open
(aiohttp drops it there); and it takes no address.
"""

import asyncio
import contextlib
import math
import re
import threading
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, ClassVar

from qjaudio.engines import service
from qjaudio.errors import MissingPartError, UsageError
from qjaudio.speech.gate import band_ms, sounding
from qjaudio.speech.model import Clip, Utterance, is_speakable, letters_to_say, silence

if TYPE_CHECKING:
    from edge_tts import Communicate
    from edge_tts.typing import TTSChunk

VOICES = (
    "zh-CN-YunyangNeural",  # made for news
    "zh-CN-XiaoxiaoNeural",
    "zh-CN-YunjianNeural",
    "zh-CN-XiaoyiNeural",
    "zh-CN-YunxiNeural",
)
"""Mandarin voices, the newsreader first."""
MAX_REQUEST_CHARS = 300
"""edge-tts cuts text over 4,096 bytes, at spaces, which Chinese has none of. 300 characters are
1,500 bytes even if every one is escaped as `&amp;`, so that it never cuts."""
_SHOWN_CHARS = 18
_VOICE_NAME = re.compile(r"[a-z]{2,3}-[A-Z]{2}-(?:[a-z]+-)?[A-Za-z]+Neural")
_TICKS_PER_MS = 10_000
_BOUNDARY_SLACK_MS = 100
_FASTEST_CHAR_MS = 60
"""No voice says a character in less."""
_LEAST_LIKENESS = 0.9
"""Of the sentences that the service names to the text, as difflib measures it: a sentence said
twice or left out, or another one, is far below; a sign that it names in other words is above."""

_endpoint: ContextVar[str] = ContextVar("endpoint", default="")
_routing = threading.Lock()


class EdgeEngine:
    """Speaks Mandarin by way of a foreign service that may fail in every way (see `service`).

    It follows an utterance's rate and pitch. Readings cannot be told to it: it speaks the spoken
    form as it thinks best, with the homophones of the lexicon where it would be wrong. An utterance
    without a speakable character is not sent (the service would answer with nothing): it becomes
    0.2 s of silence.
    """

    name = "edge"
    max_chars = 120
    online = True
    repeatable = False
    follows = ("rate", "pitch")
    settings: ClassVar[Mapping[str, object]] = {
        "proxy": "",
        "endpoint": "",
        "connect_timeout_s": 5.0,
        "receive_timeout_s": 15.0,
        "total_timeout_s": 60.0,
    }
    parallel = 4
    """More connections at once invite a block."""

    def __init__(
        self,
        *,
        proxy: str = "",
        endpoint: str = "",
        connect_timeout_s: float = 5,
        receive_timeout_s: float = 15,
        total_timeout_s: float = 60,
        voices: tuple[str, ...] = VOICES,
        stop: threading.Event | None = None,
    ) -> None:
        """Speak with `voices`, best first.

        `proxy` is an http:// address; without it the proxy variables of the environment count.
        `endpoint` is a ws:// or wss:// address without query in place of the service's: for a
        reverse proxy, or a test. A piece fails when no connection stands after `connect_timeout_s`
        (whole seconds), when nothing comes for `receive_timeout_s`, or when it is not whole after
        `total_timeout_s`. Setting `stop` ends all conversations.

        Raises:
            UsageError: the endpoint is no such address.
        """
        if endpoint and not re.fullmatch(r"wss?://[^\s?#]+", endpoint):
            reason = f"no endpoint of the online voice: {endpoint}"
            raise UsageError(reason, hint="it begins with ws:// or wss:// and has no ?")
        self.voices = voices
        self._proxy, self._endpoint, self._stop = proxy or None, endpoint, stop
        self._connect_s, self._receive_s, self._total_s = (
            connect_timeout_s, receive_timeout_s, total_timeout_s
        )  # fmt: skip

    @property
    def identity(self) -> str:
        """Version of edge-tts and of our recipe; the service does not tell its own."""
        return f"edge/{version('edge-tts')}/1"

    def speak(self, utterance: Utterance) -> Clip:
        """Speak one utterance; the silence that the service adds at both ends stays.

        Raises:
            OnlineVoiceError: one of its classes tells what happened.
            IncompleteError: more text than one request takes; nothing is cut in silence.
            MissingPartError: no such voice, or no ffmpeg.
        """
        if not is_speakable(utterance.respelled):
            return silence(service.UNSPEAKABLE_MS)
        service.require_short(utterance.respelled, MAX_REQUEST_CHARS)
        voice = utterance.voice or self.voices[0]
        if not _VOICE_NAME.fullmatch(voice):
            raise MissingPartError(f"no online voice {voice!r}", hint="qjaudio voices lists them")
        mp3 = service.converse(self._converse(utterance, voice), self._stop)
        clip = Clip(service.decode_mp3(mp3))
        heard, least_ms = sounding(clip), band_ms(utterance)[0]
        said_ms = heard.speaking_ms if heard else 0
        if said_ms < least_ms:
            told = f"{said_ms / 1000:.1f} s of speech; at least {least_ms / 1000:.1f} s are needed"
            raise service.TooShortError(told)
        return clip

    async def _converse(self, utterance: Utterance, voice: str) -> bytes:
        """Have an utterance spoken and return the whole MP3 (24 kHz, 48 kbit/s, mono)."""
        import aiohttp
        import edge_tts

        _route_to(self._endpoint)
        text = utterance.respelled
        communicate = edge_tts.Communicate(
            text,
            voice,
            rate=f"{round(utterance.rate * 100) - 100:+d}%",
            pitch=f"{utterance.pitch_hz:+d}Hz",
            proxy=self._proxy,
            connect_timeout=math.ceil(self._connect_s),
            receive_timeout=math.ceil(self._receive_s),
        )
        most_bytes = service.most_sound_ms(utterance) * service.MP3_BYTES_PER_MS
        # The last five: messages of another form than edge-tts expects.
        failures = (
            aiohttp.ClientError, edge_tts.exceptions.EdgeTTSException, OSError,
            ArithmeticError, LookupError, RecursionError, TypeError, ValueError,
        )  # fmt: skip
        reply = Reply()
        try:
            async with asyncio.timeout(self._total_s) as whole:
                await _listen(communicate, reply, self._receive_s, most_bytes)
        except failures as error:
            if not _turn_ended(communicate, reply):  # afterwards only the farewell went wrong
                size = len(reply.mp3)
                limit_s = self._total_s if whole.expired() else self._receive_s
                if type(error) is TimeoutError:  # ours; aiohttp raises classes of its own
                    told = f"{size} bytes of sound, then {limit_s:g} s were up"
                    raise service.StalledError(told) from error
                raise classify(error, bytes_received=size) from error
        if not _turn_ended(communicate, reply) or reply.is_short_of(text):
            raise service.CutError(f"after {reply.audio_ms / 1000:.1f} s of sound")
        if reply.says_other_than(text):
            raise service.OtherTextError(reply.said[:_SHOWN_CHARS])
        return bytes(reply.mp3)


@dataclass(slots=True)
class Reply:
    """What has come so far."""

    mp3: bytearray = field(default_factory=bytearray)
    said: str = ""
    """The text of all sentences that the service has named."""
    said_until_ms: float = 0.0
    """Where the last of them ends."""

    def take(self, message: "TTSChunk") -> None:
        """Add one message of the stream."""
        if message["type"] == "audio":
            self.mp3 += message["data"]
        else:
            self.said += message["text"]
            end = (message["offset"] + message["duration"]) / _TICKS_PER_MS
            self.said_until_ms = max(self.said_until_ms, end)

    @property
    def audio_ms(self) -> float:
        """How long the sound is, by its bytes."""
        return len(self.mp3) / service.MP3_BYTES_PER_MS

    def is_short_of(self, text: str) -> bool:
        """Whether the sound ends before the sentences that were named and the text that was not."""
        unnamed = max(0, len(letters_to_say(text)) - len(letters_to_say(self.said)))
        needed_ms = self.said_until_ms + unnamed * _FASTEST_CHAR_MS
        return self.audio_ms + _BOUNDARY_SLACK_MS < needed_ms

    def says_other_than(self, text: str) -> bool:
        """Whether the sentences that were named, if any, are not those of the text."""
        said = letters_to_say(self.said)
        alike = SequenceMatcher(None, letters_to_say(text), said, autojunk=False).ratio
        return bool(said) and alike() < _LEAST_LIKENESS


async def _listen(
    communicate: "Communicate", reply: Reply, receive_timeout_s: float, most_bytes: int
) -> None:
    loop = asyncio.get_running_loop()
    async with (
        asyncio.timeout(receive_timeout_s) as patience,
        contextlib.aclosing(communicate.stream()) as messages,
    ):
        async for message in messages:
            patience.reschedule(loop.time() + receive_timeout_s)
            reply.take(message)
            service.require_bounded(len(reply.mp3), most_bytes)


def _turn_ended(communicate: "Communicate", reply: Reply) -> bool:
    """Whether the service has said that it is done.

    edge-tts moves its count of audio bytes to the total when, and only when, `turn.end` comes.
    """
    return bool(reply.mp3) and communicate.state["cumulative_audio_bytes"] >= len(reply.mp3)


class _Address(str):
    """edge-tts's address of the service, except in a conversation that goes elsewhere.

    edge-tts formats a constant of its module into each request. One value that looks up its own
    conversation lets engines with different endpoints speak at once in one program.
    """

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        endpoint = _endpoint.get()
        return f"{endpoint}?{self.partition('?')[2]}" if endpoint else super().__format__(spec)


def _route_to(endpoint: str) -> None:
    """Send this conversation, and no other, to `endpoint` (the service's own where empty)."""
    communicate: Any = import_module("edge_tts.communicate")
    _endpoint.set(endpoint)
    with _routing:
        if endpoint and not isinstance(communicate.WSS_URL, _Address):
            communicate.WSS_URL = _Address(communicate.WSS_URL)


def classify(error: Exception, *, bytes_received: int) -> service.OnlineVoiceError:
    """The name of what happened while edge-tts was talking to the service.

    `error` is anything that edge-tts, aiohttp or the socket raise; `bytes_received` counts the
    audio that had come before.
    """
    from edge_tts import exceptions as edge

    if isinstance(error, edge.SkewAdjustmentError):
        return service.BlockedError("and hides its clock")
    if isinstance(error, edge.NoAudioReceived):
        return service.NoAudioError()
    if isinstance(error, edge.UnexpectedResponse | edge.UnknownResponse):
        return service.NotAudioError(service.brief(error))
    if isinstance(error, edge.WebSocketError) and not bytes_received:
        return service.UnreachableError(service.brief(error))
    return service.classify_connection(error, bytes_received=bytes_received)
