"""A speech service on loopback, of whatever shape, that hums as long as a voice would speak."""

import io
import json
import re
import subprocess
import threading
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from xml.sax.saxutils import unescape

import imageio_ffmpeg
import numpy as np

from qjaudio.engines.silent import SilentEngine
from qjaudio.speech.model import Utterance, Word

KEY = "sk-pa55word"
Answer = Callable[[BaseHTTPRequestHandler, bytes], None]


def hum(text: str, *, rate: int = 24_000, channels: int = 1) -> bytes:
    """A WAV as long as a voice would take for the text."""
    words = tuple(Word(char, ("ma1",)) if char.isalnum() else Word(char) for char in text)
    pcm = SilentEngine().speak(Utterance(text=text, words=words)).pcm
    samples = np.frombuffer(pcm, "<i2")[:: 24_000 // rate] if rate < 24_000 else (
        np.repeat(np.frombuffer(pcm, "<i2"), rate // 24_000)
    )  # fmt: skip
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((channels, 2, rate, 0, "NONE", ""))
        sound.writeframes(np.repeat(samples, channels).tobytes())
    return file.getvalue()


def mp3(sound: bytes) -> bytes:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-i", "pipe:0", "-f", "mp3"]
    return subprocess.run([*command, "pipe:1"], input=sound, capture_output=True, check=True).stdout


def endless(sound: bytes) -> bytes:
    """A WAV whose lengths a streaming server did not know."""
    return sound[:4] + b"\xff" * 4 + sound[8:40] + b"\xff" * 4 + sound[44:]


def send(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def flood(handler: BaseHTTPRequestHandler, sound: bytes) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(sound[:100] + bytes(1_000_000))


def half(handler: BaseHTTPRequestHandler, sound: bytes) -> None:
    send(handler, sound[: len(sound) // 2], Content_Length=str(len(sound)))


def quiet(handler: BaseHTTPRequestHandler, _sound: bytes) -> None:
    time.sleep(1)


@contextmanager
def server(answer: Answer = send) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A server that answers in that way, its address, and the requests that came."""
    asked: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            request = json.loads(body) if body.startswith("{") else {"input": body}
            asked.append({**request, "path": self.path, "headers": dict(self.headers)})
            try:
                answer(self, hum(text_asked(request["input"])))
            except OSError:  # the other side has heard enough
                self.close_connection = True

        def log_message(self, *_words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.daemon_threads = True
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/v1", asked
        running.shutdown()


def text_asked(told: Any) -> str:
    """What a request wants spoken, without its markup."""
    text = told["text"] if isinstance(told, dict) else str(told)
    return unescape(re.sub(r"<[^>]*>", "", text))
