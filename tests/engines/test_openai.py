"""Speech servers of the OpenAI shape, as they are: many lie about what they send."""

import io
import json
import subprocess
import threading
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import imageio_ffmpeg
import numpy as np
import pytest

from qjaudio.config import Config
from qjaudio.engines import service
from qjaudio.engines.openai import OpenAIEngine, with_readings
from qjaudio.engines.silent import SilentEngine
from qjaudio.errors import UsageError
from qjaudio.pipeline import voicing
from qjaudio.speech.gate import sounding
from qjaudio.speech.model import Utterance, Word
from qjaudio.testing import check_engine

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
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append({**request, "path": self.path, "key": self.headers["Authorization"]})
            try:
                answer(self, hum(request["input"]))
            except OSError:  # the other side has heard enough
                self.close_connection = True

        def log_message(self, *_words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.daemon_threads = True
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/v1", asked
        running.shutdown()


def test_the_engine_keeps_the_contract() -> None:
    """Four lines of settings are enough; model, voice and key reach the server."""
    with server() as (url, asked):
        check_engine(OpenAIEngine(base_url=url + "/", voices=("female",), key=KEY))
    assert {"/v1/audio/speech"} == {one["path"] for one in asked}
    assert {("tts-1", "female", "wav", f"Bearer {KEY}")} == {
        (one["model"], one["voice"], one["response_format"], one["key"]) for one in asked
    }


@pytest.mark.parametrize(
    "change",
    [
        endless,
        mp3,
        lambda _: hum("甲" * 29, rate=48_000, channels=2),
        lambda _: hum("甲" * 29, rate=12_000),
    ],
)
def test_what_servers_call_wav(utterance: Any, change: Callable[[bytes], bytes]) -> None:
    """No length, MP3, stereo, other rates: the sound is what counts."""
    kind = {"Content_Type": "audio/wav"}
    with server(lambda handler, sound: send(handler, change(sound), **kind)) as (url, _):
        heard = sounding(OpenAIEngine(base_url=url).speak(utterance()))
    assert heard is not None
    assert 4000 < heard.end_ms < 8000


FAULTS: dict[str, tuple[Answer, type[service.OnlineVoiceError], str]] = {
    "key": (lambda h, _: send(h, b"", 401), service.UnauthorizedError, "401"),
    "blocked": (lambda h, _: send(h, b"", 403), service.BlockedError, "403"),
    "busy": (lambda h, _: send(h, b"", 429, Retry_After="7"), service.ThrottledError, "429"),
    "redirect": (
        lambda h, _: send(h, b"", 307, Location="http://192.0.2.1/"),
        service.RejectedError,
        "redirect",
    ),
    "reason": (
        lambda h, _: send(h, b'{"error": {"message": "no such voice"}}', 400),
        service.RejectedError,
        "no such voice",
    ),
    "error 200": (
        lambda h, _: send(h, b'{"error": "out of memory"}'),
        service.NotAudioError,
        "out of memory",
    ),
    "empty": (lambda h, _: send(h, b""), service.NoAudioError, "no audio"),
    "page": (lambda h, _: send(h, b"<html>login"), service.NotAudioError, "login"),
    "playlist": (lambda h, _: send(h, b"#EXTM3U\n"), service.NotAudioError, "EXTM3U"),
    "cut": (half, service.CutError, "broke off"),
    "cut well": (lambda h, s: send(h, s[: len(s) // 2]), service.CutError, "bytes came"),
    "header": (lambda h, s: send(h, s[:30]), service.NotAudioError, "without sound"),
    "flood": (flood, service.NotAudioError, "for so short a text"),
    "mute": (quiet, service.StalledError, "were up"),
    "echo": (
        lambda h, _: send(h, b'{"message": "bad key sk-pa55word"}', 400),
        service.RejectedError,
        r"bad key \*\*\*",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_has_its_name(utterance: Any, fault: str) -> None:
    """And none shows the key."""
    answer, error, said = FAULTS[fault]
    with server(answer) as (url, _):
        engine = OpenAIEngine(base_url=url, key=KEY, total_timeout_s=0.5 if fault == "mute" else 20)
        with pytest.raises(error, match=said) as caught:
            engine.speak(utterance())
    assert KEY not in str(caught.value) + caught.value.hint
    assert fault != "busy" or caught.value.wait_s == 7


@pytest.mark.parametrize(
    "settings",
    [
        {"base_url": ""},
        {"base_url": "file:///etc/passwd"},
        {"base_url": "/v1"},
        {"base_url": "http://me:pa55word@127.0.0.1/v1"},
        {"base_url": "http://127.0.0.1:port/v1"},
        {"base_url": "http://127.0.0.1/v1", "key": "sk-pa55word\n"},
        {"base_url": "http://127.0.0.1/v1", "readings": "telepathy"},
        {"base_url": "http://127.0.0.1/v1", "voices": ()},
        {"base_url": "http://127.0.0.1/v1", "extra": {"input": "x"}},
    ],
)
def test_settings_that_cannot_be_are_refused(settings: dict[str, Any]) -> None:
    """Before anything is sent, and without a word of a secret."""
    with pytest.raises(UsageError) as caught:
        OpenAIEngine(**settings)
    assert "pa55word" not in str(caught.value) + caught.value.hint


@pytest.mark.parametrize(
    ("readings", "text"),
    [
        ("homophones", "到虫庆去"),
        ("none", "到重庆去"),
        ("brackets", "到重庆(chong2qing4)去"),
        ("index-tts", "到CHONG2QING4去"),
    ],
)
def test_readings_reach_the_server(readings: str, text: str) -> None:
    """Only words that would be misread are marked."""
    words = (
        Word("到", ("dao4",)),
        Word("重庆", ("chong2", "qing4"), homophone="虫庆"),
        Word("去", ("qu4",)),
    )
    assert text == with_readings(Utterance(text="到重庆去", words=words), readings)


def test_it_stops_when_nobody_waits(utterance: Any) -> None:
    """The run is over: the conversation ends long before its time-out."""
    stop = threading.Event()
    with server(quiet) as (url, _):
        threading.Timer(0.2, stop.set).start()
        with pytest.raises(service.StoppedError):
            OpenAIEngine(base_url=url, stop=stop).speak(utterance())


def test_its_table_of_settings_makes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Address and voices from the file, the key from the environment alone."""
    monkeypatch.setattr(voicing.plugins, "load_plugin", lambda *_words: OpenAIEngine)
    monkeypatch.setenv("QJAUDIO_OPENAI_KEY", KEY)
    table = {"base_url": "http://127.0.0.1:9/v1", "voices": ["female", "male"]}
    engine = voicing.make_engine("openai", Config(engines={"openai": table}))
    assert ("female", "male") == engine.voices
    assert KEY not in engine.identity
    with pytest.raises(UsageError, match="secret"):
        voicing.make_engine("openai", Config(engines={"openai": {**table, "key": KEY}}))
