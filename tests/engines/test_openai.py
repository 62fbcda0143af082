"""Speech servers of the OpenAI shape, as they are: many lie about what they send."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qjaudio.config import Config
from qjaudio.engines import service
from qjaudio.engines.openai import OpenAIEngine, with_readings
from qjaudio.errors import UsageError
from qjaudio.pipeline import voicing
from qjaudio.speech.gate import sounding
from qjaudio.speech.model import Utterance, Word
from qjaudio.testing import check_engine
from speech_server import KEY, Answer, endless, flood, half, hum, mp3, quiet, send, server


def test_the_engine_keeps_the_contract() -> None:
    """Four lines of settings are enough; model, voice and key reach the server."""
    with server() as (url, asked):
        check_engine(OpenAIEngine(base_url=url + "/", voices=("female",), key=KEY))
    assert {"/v1/audio/speech"} == {one["path"] for one in asked}
    assert {("tts-1", "female", "wav", f"Bearer {KEY}")} == {
        (one["model"], one["voice"], one["response_format"], one["headers"]["Authorization"])
        for one in asked
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


def test_a_secret_may_be_in_a_file_of_ones_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """That only its owner can read."""
    monkeypatch.setattr(voicing.plugins, "load_plugin", lambda *_words: OpenAIEngine)
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    monkeypatch.setenv("QJAUDIO_OPENAI_KEY_FILE", str(file))
    config = Config(engines={"openai": {"base_url": "http://127.0.0.1:9/v1"}})
    file.chmod(0o644)
    with pytest.raises(UsageError, match="others can read"):
        voicing.make_engine("openai", config)
    file.chmod(0o600)
    engine = voicing.make_engine("openai", config)
    assert isinstance(engine, OpenAIEngine)
    told = engine.request(Utterance(text="", words=()), "v")
    assert told.headers["Authorization"] == f"Bearer {KEY}"
    file.unlink()
    with pytest.raises(UsageError, match="cannot be read"):
        voicing.make_engine("openai", config)
