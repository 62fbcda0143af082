"""Aliyun's Model Studio: JSON goes there, events with sound come back."""

import base64
import json
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from qjaudio.engines import service
from qjaudio.engines.aliyun import AliyunEngine
from qjaudio.errors import UsageError
from qjaudio.speech.model import Utterance, Word
from qjaudio.testing import check_engine
from speech_server import KEY, flood, send, server

HEADER = 44
"""Bytes of a WAV before its samples."""


def event(sound: bytes, reason: str = "null") -> bytes:
    output = {"audio": {"data": base64.b64encode(sound).decode()}, "finish_reason": reason}
    text = json.dumps({"output": output}, indent=1).replace("\n", "\ndata:")
    return f"id:1\nevent:result\n:HTTP_STATUS/200\ndata:{text}\n\n".encode()


def stream(handler: BaseHTTPRequestHandler, sound: bytes) -> None:
    """As the service does: pieces, and a last event that says so."""
    pcm = sound[HEADER:]
    send(handler, event(pcm[:1_001]) + event(pcm[1_001:]) + event(b"", "stop"))


def test_the_engine_keeps_the_contract() -> None:
    """Key, model and voice reach the service as its documentation says."""
    with server(stream) as (url, asked):
        check_engine(AliyunEngine(base_url=url, key=KEY))
    assert asked[0]["path"].endswith("/api/v1/services/audio/tts/SpeechSynthesizer")
    assert asked[0]["headers"]["Authorization"] == f"Bearer {KEY}"
    assert asked[0]["headers"]["X-DashScope-SSE"] == "enable"
    assert asked[0]["model"] == "cosyvoice-v3-flash"
    assert asked[0]["input"]["voice"] == "longanyang"


def test_readings_reach_the_service() -> None:
    """In the one way that the model takes; a word that nobody misreads is not marked."""
    utterance = Utterance(text="", words=(Word("区", ("ou1",)), Word("苹果", ("ping2", "guo3"))))
    sent = {
        way: json.loads(AliyunEngine(readings=way, key=KEY).request(utterance, "v").body)["input"]
        for way in ("none", "hot_fix", "ssml")
    }
    assert "hot_fix" not in sent["none"]
    assert sent["none"]["text"] == sent["hot_fix"]["text"] == "区苹果"
    assert sent["hot_fix"]["hot_fix"] == {"pronunciation": [{"区": "ou1"}]}
    assert sent["ssml"]["enable_ssml"] is True
    marked = '<phoneme alphabet="py" ph="ou1">区</phoneme>'
    assert sent["ssml"]["text"] == f"<speak>{marked}苹果</speak>"


FAULTS = {
    "key": (lambda h, _: send(h, b"", 401), service.UnauthorizedError),
    "busy": (lambda h, _: send(h, b"", 429), service.ThrottledError),
    "no end": (lambda h, s: send(h, event(s[HEADER:])), service.CutError),
    "no sound": (lambda h, _: send(h, event(b"", "stop")), service.NoAudioError),
    "error event": (
        lambda h, _: send(h, b'data:{"code":"InvalidParameter","message":"bad voice"}\n\n'),
        service.NotAudioError,
    ),
    "rubbish": (lambda h, _: send(h, b"data:[1\n\n"), service.NotAudioError),
    "no base64": (
        lambda h, _: send(h, event(b"").replace(b'""', b'"*"')),
        service.NotAudioError,
    ),
    "deep": (lambda h, _: send(h, b"data:" + b"[" * 100_000), service.NotAudioError),
    "another shape": (lambda h, _: send(h, b'data:{"output":[]}\n\n'), service.NotAudioError),
    "flood": (flood, service.NotAudioError),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_has_its_name(utterance: Any, fault: str) -> None:
    """Whatever the service sends is an error of the online voice, so that the next one speaks."""
    answer, error = FAULTS[fault]
    with server(answer) as (url, _), pytest.raises(error) as caught:
        AliyunEngine(base_url=url, key=KEY).speak(utterance())
    assert KEY not in str(caught.value)


def test_settings_that_cannot_be_are_refused() -> None:
    """A way of readings that nobody knows."""
    with pytest.raises(UsageError, match="telepathy"):
        AliyunEngine(readings="telepathy", key=KEY)
