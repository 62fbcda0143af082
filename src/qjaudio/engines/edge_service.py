"""One conversation with Microsoft's read-aloud service, by way of edge-tts.

edge-tts 7.3 has three gaps that we close here, each confirmed by a test: it ends in silence when
the connection closes in mid-audio; its receive time-out does not hold once the WebSocket is open
(aiohttp drops it there); and it takes no address.
"""

import asyncio
import contextlib
import math
import threading
from collections.abc import Coroutine
from contextvars import ContextVar
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from qjaudio.engines.edge_errors import (
    CutError,
    OnlineVoiceError,
    StalledError,
    StoppedError,
    named,
)

if TYPE_CHECKING:
    from edge_tts import Communicate
    from edge_tts.typing import TTSChunk

T = TypeVar("T")

MP3_BYTES_PER_MS = 6
"""48 kbit/s, constant."""
_TICKS_PER_MS = 10_000
_STOP_POLL_S = 0.1
_BOUNDARY_SLACK_MS = 500
_FASTEST_CHAR_MS = 60
"""No voice says a character in less."""

_endpoint: ContextVar[str] = ContextVar("endpoint", default="")
_routing = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How to reach the service, and how long to wait for it."""

    proxy: str | None
    endpoint: str | None
    connect_timeout_s: float
    receive_timeout_s: float
    stop: threading.Event | None = None
    """Once it is set, a conversation ends within a tenth of a second with a StoppedError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to say, and how."""

    text: str
    voice: str
    rate: float = 1.0
    """A factor, sent in whole per cent."""
    pitch_hz: int = 0


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
        return len(self.mp3) / MP3_BYTES_PER_MS

    def is_short_of(self, text: str) -> bool:
        """Whether the sound ends before the sentences that were named and the text that was not."""
        unnamed = max(0, _letters(text) - _letters(self.said))
        needed_ms = self.said_until_ms + unnamed * _FASTEST_CHAR_MS
        return self.audio_ms + _BOUNDARY_SLACK_MS < needed_ms


def converse(request: Request, route: Route, *, total_timeout_s: float) -> bytes:
    """Have the text spoken and return the whole MP3 (24 kHz, 48 kbit/s, mono).

    Safe in any thread that runs no event loop of its own.

    Raises:
        OnlineVoiceError: one of its classes tells what happened.
    """
    conversation = _converse(request, route, total_timeout_s)
    return _run(_until(route.stop, conversation) if route.stop else conversation)


async def _converse(request: Request, route: Route, total_timeout_s: float) -> bytes:
    import aiohttp
    import edge_tts

    _route_to(route.endpoint or "")
    communicate = edge_tts.Communicate(
        request.text,
        request.voice,
        rate=f"{round(request.rate * 100) - 100:+d}%",
        pitch=f"{request.pitch_hz:+d}Hz",
        proxy=route.proxy,
        connect_timeout=math.ceil(route.connect_timeout_s),
        receive_timeout=math.ceil(route.receive_timeout_s),
    )
    reply = Reply()
    try:
        async with asyncio.timeout(total_timeout_s) as whole:
            await _listen(communicate, reply, route.receive_timeout_s)
    except (
        aiohttp.ClientError,
        edge_tts.exceptions.EdgeTTSException,
        OSError,
        LookupError,  # this and the next two: messages of another form than edge-tts expects
        TypeError,
        ValueError,
    ) as error:
        if not _turn_ended(communicate, reply):  # afterwards only the farewell went wrong
            limit_s = total_timeout_s if whole.expired() else route.receive_timeout_s
            raise _named(error, reply, limit_s) from error
    if not _turn_ended(communicate, reply) or reply.is_short_of(request.text):
        raise CutError(f"after {reply.audio_ms / 1000:.1f} s of sound")
    return bytes(reply.mp3)


async def _until(stop: threading.Event, conversation: Coroutine[Any, Any, T]) -> T:
    """The outcome of the conversation, or a StoppedError soon after `stop` is set."""
    speaking = asyncio.ensure_future(conversation)
    while not speaking.done():
        await asyncio.wait({speaking}, timeout=_STOP_POLL_S)
        if stop.is_set() and not speaking.done():
            raise StoppedError  # `_run` cancels what is left
    return speaking.result()


async def _listen(communicate: "Communicate", reply: Reply, receive_timeout_s: float) -> None:
    loop = asyncio.get_running_loop()
    async with (
        asyncio.timeout(receive_timeout_s) as patience,
        contextlib.aclosing(communicate.stream()) as messages,
    ):
        async for message in messages:
            patience.reschedule(loop.time() + receive_timeout_s)
            reply.take(message)


def _named(error: Exception, reply: Reply, limit_s: float) -> OnlineVoiceError:
    if type(error) is TimeoutError:  # ours; aiohttp raises classes of its own
        return StalledError(f"{len(reply.mp3)} bytes of sound, then {limit_s:g} s were up")
    return named(error, bytes_received=len(reply.mp3))


def _turn_ended(communicate: "Communicate", reply: Reply) -> bool:
    """Whether the service has said that it is done.

    edge-tts moves its count of audio bytes to the total when, and only when, `turn.end` comes.
    """
    return bool(reply.mp3) and communicate.state["cumulative_audio_bytes"] >= len(reply.mp3)


def _letters(text: str) -> int:
    return sum(char.isalnum() for char in text)


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


def _run(conversation: Coroutine[Any, Any, T]) -> T:
    """Run on a fresh event loop.

    Unlike `asyncio.run` it does not wait for the threads that look names up: a dead name server
    can keep one for half a minute after our time-out.
    """
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(conversation)
    finally:
        try:
            for task in asyncio.all_tasks(loop):
                task.cancel()
            loop.run_until_complete(_settle(loop))
        finally:
            loop.close()


async def _settle(loop: asyncio.AbstractEventLoop) -> None:
    rest = asyncio.all_tasks(loop) - {asyncio.current_task(loop)}
    await asyncio.gather(*rest, return_exceptions=True)
    await loop.shutdown_asyncgens()
