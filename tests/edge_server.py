"""A loopback service that speaks the protocol of the online voice, with faults on demand.

In a test: `with EdgeServer("stall", "none") as server: EdgeEngine(endpoint=server.url)`.
As a program: `python tests/edge_server.py --fault cut,none --for 60` prints its address.
"""

import argparse
import asyncio
import functools
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from xml.etree import ElementTree

import aiohttp
import imageio_ffmpeg
from aiohttp import web

FAULTS = {
    "none": "speaks well",
    "slow": "speaks well, with a short wait before each message",
    "blocked": "HTTP 403",
    "blocked_dateless": "HTTP 403 without a Date",
    "throttled": "HTTP 429 with Retry-After: 7",
    "unavailable": "HTTP 503",
    "portal": "HTTP 200 with a web page",
    "mute": "takes the connection and never answers the handshake",
    "no_audio": "ends the turn without sound",
    "cut": "drops the connection in mid-audio",
    "cut_politely": "closes the WebSocket in mid-audio",
    "cut_at_the_end": "closes the WebSocket after all audio, without ending the turn",
    "stall": "falls silent in mid-audio",
    "noise": "sends random bytes as audio",
    "half_noise": "sends random bytes as the second half of the audio",
    "garbage": "sends a text message of no known form",
    "short": "speaks everything in a quarter of the time",
    "one_sentence": "speaks the first sentence only and ends the turn properly",
    "doubled": "says every sentence twice, and says so",
    "another": "says another sentence",
    "deep": "names its sentences in metadata that are nested 100,000 deep",
    "endless": "gives a place in time that no number can hold",
    "flood": "goes on with sound for minutes",
    "lingering": "speaks well, then never closes the connection",
}
FRAME_BYTES = 144
"""One frame of MPEG-2 layer III at 24 kHz and 48 kbit/s: 576 samples, 24 ms."""
FRAME_MS = 24
SYLLABLE_MS = 220
LEAD_MS = 120
TAIL_MS = 720
_LONGEST_S = 90
_FRAMES_A_MESSAGE = 30
_NAMESPACE = "{http://www.w3.org/2001/10/synthesis}"
_HTTP = {"blocked": 403, "throttled": 429, "unavailable": 503, "portal": 200}


@dataclass(frozen=True, slots=True)
class Request:
    """What one client asked for."""

    text: str
    voice: str
    config: dict[str, object]
    rate: str = ""
    """As sent: `+5%`."""
    pitch: str = ""


class EdgeServer:
    """The service, in a thread of its own; faults apply to its connections in turn.

    After the last fault of the list that one goes on for good. A voice of `withdrawn` (by its
    short name) gets no sound, as from the real service.
    """

    def __init__(self, *faults: str, withdrawn: tuple[str, ...] = ()) -> None:
        unknown = set(faults) - set(FAULTS)
        if unknown:
            raise ValueError(f"no such fault: {unknown}")
        self._faults = faults or ("none",)
        self._withdrawn = {name.rpartition("-")[2] for name in withdrawn}
        self.connections = 0
        self.requests: list[Request] = []
        self.url = ""
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        _frames(sound=True), _frames(sound=False)  # made before the clock of a test runs
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the loopback service did not start")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        self.url = f"ws://127.0.0.1:{port}/consumer/speech/synthesize/readaloud/edge/v1"
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        fault = self._faults[min(self.connections, len(self._faults) - 1)]
        self.connections += 1
        if fault == "mute":
            await self._stop.wait()
            return web.Response(status=503)
        if fault in _HTTP:
            headers = {"Retry-After": "7"} if fault == "throttled" else {}
            return web.Response(status=_HTTP[fault], text="<html></html>", headers=headers)
        if fault == "blocked_dateless":
            return web.Response(status=403, headers={"Date": ""})
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await self._speak(socket, request, fault)
        return socket

    async def _speak(self, socket: web.WebSocketResponse, request: web.Request, fault: str) -> None:
        config = json.loads((await socket.receive_str()).partition("\r\n\r\n")[2])
        asked = _asked(await socket.receive_str(), config)
        self.requests.append(asked)
        if any(name in asked.voice for name in self._withdrawn):
            fault = "no_audio"
        try:
            for message in _messages(asked.text, fault):
                await asyncio.sleep(0.02 if fault == "slow" else 0)
                await self._send(socket, request, message)
        except aiohttp.ClientConnectionResetError:
            return
        if fault == "lingering":
            await self._stop.wait()

    async def _send(
        self, socket: web.WebSocketResponse, request: web.Request, message: str | bytes
    ) -> None:
        if message == "STALL":
            await self._stop.wait()
        elif message == "DROP":
            assert request.transport is not None
            request.transport.abort()
        elif message == "CLOSE":
            await socket.close(code=1011)
        elif isinstance(message, str):
            await socket.send_str(message)
        else:
            await socket.send_bytes(message)


def _asked(message: str, config: dict[str, object]) -> Request:
    markup = message.partition("\r\n\r\n")[2]
    speak = ElementTree.fromstring(markup)  # noqa: S314 - from the test's own client
    voice = speak.find(f"{_NAMESPACE}voice")
    assert voice is not None
    prosody = voice.find(f"{_NAMESPACE}prosody")
    manner = prosody.attrib if prosody is not None else {}
    return Request(
        "".join(speak.itertext()),
        voice.attrib["name"],
        config,
        rate=manner.get("rate", ""),
        pitch=manner.get("pitch", ""),
    )


def _messages(text: str, fault: str) -> Iterator[str | bytes]:
    """What is sent, in order; DROP, CLOSE and STALL stand for what is done instead."""
    yield _text_message("turn.start", {"context": {"serviceTag": "0"}})
    yield _text_message("response", {"context": {"serviceTag": "0"}})
    if fault == "garbage":
        yield "good morning\r\nthis is not a header\r\n\r\n"
    if fault != "no_audio":
        yield from _broken(list(_speech(text, fault)), fault)
    if fault == "cut_at_the_end":
        yield "CLOSE"
    yield _text_message("turn.end", {})


def _broken(speech: list[str | bytes], fault: str) -> Iterator[str | bytes]:
    ends = {"cut": "DROP", "cut_politely": "CLOSE", "stall": "STALL"}
    if fault not in ends:
        yield from speech
        return
    audio = [index for index, message in enumerate(speech) if isinstance(message, bytes)]
    yield from speech[: audio[len(audio) // 2]]
    yield ends[fault]


def _speech(text: str, fault: str) -> Iterator[str | bytes]:
    """Metadata of each sentence and its audio, then the message that ends the audio."""
    sentences = [part for part in re.split(r"(?<=[。！？])", text.strip()) if part]
    if fault == "doubled":
        sentences *= 2
    if fault == "another":
        sentences = ["买西瓜就到城东瓜果行，今天八折。"]
    offset_ms = 0
    yield from _audio(_frames(sound=False)[: LEAD_MS // FRAME_MS], fault)
    for sentence in sentences[:1] if fault == "one_sentence" else sentences:
        syllables = sum(char.isalnum() for char in sentence)
        count = -(-syllables * SYLLABLE_MS // FRAME_MS)
        count = max(1, count // 4) if fault == "short" else count
        boundary = _boundary(sentence, LEAD_MS + offset_ms, count * FRAME_MS)
        yield _ODD_METADATA.get(fault, boundary)
        said = offset_ms // FRAME_MS
        yield from _audio(_frames(sound=True)[said : said + count], fault)
        offset_ms += count * FRAME_MS
    for _ in range(200 if fault == "flood" else 0):
        yield from _audio(_frames(sound=True)[:400], fault)
    yield from _audio(_frames(sound=False)[: TAIL_MS // FRAME_MS], fault)
    yield _binary_message(b"", b"X-RequestId:0\r\nX-StreamId:0\r\nPath:audio\r\n")


def _audio(frames: list[bytes], fault: str) -> Iterator[bytes]:
    header = b"X-RequestId:0\r\nContent-Type:audio/mpeg\r\nX-StreamId:0\r\nPath:audio\r\n"
    for start in range(0, len(frames), _FRAMES_A_MESSAGE):
        sound = b"".join(frames[start : start + _FRAMES_A_MESSAGE])
        if fault == "noise" or (fault == "half_noise" and start >= len(frames) // 2):
            sound = bytes(n * n * 7 % 251 for n in range(len(sound)))
        yield _binary_message(sound, header)


def _binary_message(sound: bytes, header: bytes) -> bytes:
    return len(header).to_bytes(2, "big") + header + sound


def _text_message(path: str, body: dict[str, object]) -> str:
    return (
        "X-RequestId:0\r\nContent-Type:application/json; charset=utf-8\r\n"
        f"Path:{path}\r\n\r\n{json.dumps(body)}"
    )


def _boundary(sentence: str, offset_ms: int, duration_ms: int) -> str:
    said = {"Text": sentence, "Length": len(sentence), "BoundaryType": "SentenceBoundary"}
    place = {"Offset": offset_ms * 10_000, "Duration": duration_ms * 10_000, "text": said}
    return _text_message(
        "audio.metadata", {"Metadata": [{"Type": "SentenceBoundary", "Data": place}]}
    )


_HEADER = "X-RequestId:0\r\nPath:audio.metadata\r\n\r\n"
_ODD_METADATA = {
    "deep": _HEADER + '{"Metadata":' + "[" * 100_000,
    "endless": _HEADER + '{"Metadata":[{"Type":"SentenceBoundary","Data":{"Offset":1e999,'
    '"Duration":1,"text":{"Text":"a"}}}]}',
}


@functools.cache
def _frames(*, sound: bool) -> list[bytes]:
    """Real MP3 frames: three tones that swell and fade each in its own time, or silence.

    Never the same stretch twice, as in speech: the gate takes a loop for a fault.

    Without bit reservoir, so that every run of frames decodes by itself.
    """
    tones = (  # volume, hertz, swells a second (incommensurate), depth
        "0.2*sin(2*PI*200*t)*(0.6-0.4*cos(2*PI*4.5*t))",
        "0.1*sin(2*PI*730*t)*(0.5+0.5*sin(2*PI*(3.1*t+2*sin(0.9*t))))",
        "0.1*sin(2*PI*1900*t)*(0.5+0.5*sin(2*PI*(2.3*t+3*sin(0.7*t))))",
    )
    wave = "+".join(tones) if sound else "0"
    done = subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi",
         "-i", f"aevalsrc={wave}:s=24000:d={_LONGEST_S if sound else 2}",
         "-c:a", "libmp3lame", "-b:a", "48k", "-ac", "1", "-reservoir", "0",
         "-write_xing", "0", "-id3v2_version", "0", "-f", "mp3", "pipe:1"],
        capture_output=True, check=True,
    )  # fmt: skip
    mp3 = done.stdout
    return [mp3[start : start + FRAME_BYTES] for start in range(0, len(mp3), FRAME_BYTES)]


def main() -> None:
    """Serve until the time is over; the first line printed is the address."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fault", default="none", help=f"one or more of {', '.join(FAULTS)}")
    parser.add_argument("--for", dest="seconds", type=float, default=60.0, metavar="SECONDS")
    asked = parser.parse_args()
    with EdgeServer(*asked.fault.split(",")) as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        time.sleep(asked.seconds)


if __name__ == "__main__":
    main()
