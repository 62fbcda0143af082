"""The online voice against a loopback service with every fault that the real one has."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib import import_module
from typing import Any
from xml.sax.saxutils import escape

import edge_tts
import pytest

from edge_server import SYLLABLE_MS, EdgeServer
from ports import free_port
from qjaudio.engines import service
from qjaudio.engines.edge import MAX_REQUEST_CHARS, VOICES, EdgeEngine
from qjaudio.engines.wrappers import Checked, Retrying
from qjaudio.errors import EngineError, IncompleteError, MissingPartError, UsageError
from qjaudio.speech.gate import doubt, sounding
from qjaudio.speech.model import SAMPLE_RATE, Utterance, Word
from qjaudio.testing import check_engine

edge_communicate: Any = import_module("edge_tts.communicate")


def engine_at(server: EdgeServer, **options: Any) -> EdgeEngine:
    return EdgeEngine(endpoint=server.url, **options)


SILENT = ("mute", "stall")
"""Faults that only the time-out ends."""


def test_speaks_the_whole_text(utterance: Any) -> None:
    """Speech of real MP3 frames comes out as 24 kHz PCM that is as long as its text."""
    asked = utterance()
    with EdgeServer() as server:
        clip = engine_at(server).speak(asked)
    heard = sounding(clip)
    assert heard is not None
    assert clip.sample_rate == SAMPLE_RATE
    assert heard.speaking_ms == pytest.approx(asked.syllables * SYLLABLE_MS, abs=100)
    assert not doubt(asked, clip)


def test_sends_the_spoken_form_to_the_voice_asked_for(utterance: Any) -> None:
    """The text of the request is the spoken form, markup escaped; the voice is the utterance's."""
    with EdgeServer() as server:
        engine_at(server).speak(utterance("甲<乙>&丙", voice=VOICES[3]))
        engine_at(server).speak(utterance("甲乙丙"))
    assert [request.text for request in server.requests] == ["甲<乙>&丙", "甲乙丙"]
    assert [request.voice.rpartition(" ")[2].rstrip(")") for request in server.requests] == [
        "XiaoyiNeural",
        "YunyangNeural",
    ]
    assert "audio-24khz-48kbitrate-mono-mp3" in str(server.requests[0].config)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("blocked", service.BlockedError),
        ("blocked_dateless", service.BlockedError),
        ("throttled", service.ThrottledError),
        ("unavailable", service.ThrottledError),
        ("portal", service.RejectedError),
        ("mute", service.StalledError),
        ("stall", service.StalledError),
        ("no_audio", service.NoAudioError),
        ("cut", service.CutError),
        ("cut_politely", service.CutError),
        ("cut_at_the_end", service.CutError),
        ("noise", service.NotAudioError),
        ("half_noise", service.NotAudioError),
        ("garbage", service.NotAudioError),
        ("short", service.TooShortError),
        ("doubled", service.OtherTextError),
        ("another", service.OtherTextError),
        ("deep", service.CutError),
        ("endless", service.CutError),
        ("flood", service.NotAudioError),
    ],
)
def test_every_fault_has_its_name(utterance: Any, fault: str, error: type[EngineError]) -> None:
    """Each fault of the service raises its own error, short and with advice, within its time."""
    started = time.monotonic()
    with EdgeServer(fault) as server, pytest.raises(error) as caught:
        engine_at(server, receive_timeout_s=0.4 if fault in SILENT else 15).speak(utterance())
    assert error is type(caught.value)
    assert caught.value.hint
    assert len(str(caught.value)) < 160
    assert time.monotonic() - started < 14


def test_text_that_the_service_leaves_out_is_missed(utterance: Any) -> None:
    """A turn that ends properly after the first of three sentences is an error."""
    with (
        EdgeServer("one_sentence") as server,
        pytest.raises(service.OnlineVoiceError) as caught,
    ):
        engine_at(server).speak(utterance("天气晴。" + "游客沿着河边的步道走到老码头。" * 2))
    assert isinstance(caught.value, service.CutError | service.TooShortError)


def test_a_slow_service_is_no_stalled_one(utterance: Any) -> None:
    """The stall clock starts again with each message."""
    with EdgeServer("slow") as server:
        engine = engine_at(server, receive_timeout_s=1.0)
        assert engine.speak(utterance("河边的步道今天开放。" * 29)).samples


def test_a_piece_has_a_total_time(utterance: Any) -> None:
    """A service that keeps talking slowly is given up after the total time."""
    with EdgeServer("slow") as server, pytest.raises(service.StalledError):
        engine_at(server, total_timeout_s=0.1).speak(utterance("河边的步道今天开放。" * 10))


def test_a_farewell_that_never_comes_loses_nothing(utterance: Any) -> None:
    """Once the turn has ended the clip is whole, though the connection stays open."""
    with EdgeServer("lingering") as server:
        assert engine_at(server, receive_timeout_s=1.0).speak(utterance()).samples


def test_a_wrong_clock_is_set_by_the_service(utterance: Any) -> None:
    """One 403 with a Date is answered by a second try inside edge-tts."""
    with EdgeServer("blocked", "none") as server:
        assert engine_at(server).speak(utterance()).samples
    assert server.connections == 2


def test_throttling_tells_how_long_to_wait(utterance: Any) -> None:
    """The seconds of Retry-After reach the error."""
    with EdgeServer("throttled") as server, pytest.raises(service.ThrottledError) as caught:
        engine_at(server).speak(utterance())
    assert caught.value.wait_s == 7.0


def test_a_refused_connection_is_unreachable(utterance: Any) -> None:
    """A port that nobody listens on is named with its host."""
    engine = EdgeEngine(endpoint=f"ws://127.0.0.1:{free_port()}")
    with pytest.raises(service.UnreachableError, match=r"127\.0\.0\.1"):
        engine.speak(utterance())


@pytest.mark.parametrize(
    ("rate", "pitch_hz", "sent"),
    [
        (1.0, 0, ("+0%", "+0Hz")),
        (1.05, 2, ("+5%", "+2Hz")),
        (0.8, -12, ("-20%", "-12Hz")),
        (2.0, 0, ("+100%", "+0Hz")),
        (1.29, 0, ("+29%", "+0Hz")),
    ],
)
def test_sends_rate_and_pitch(
    utterance: Any, rate: float, pitch_hz: int, sent: tuple[str, str]
) -> None:
    """Rate in whole per cent more or less, pitch in hertz."""
    with EdgeServer() as server:
        engine_at(server).speak(replace(utterance(), rate=rate, pitch_hz=pitch_hz))
    assert [sent] == [(request.rate, request.pitch) for request in server.requests]


def test_a_dead_proxy_is_unreachable(utterance: Any) -> None:
    """The proxy is really used: with a dead one a living service cannot be reached."""
    with EdgeServer() as server, pytest.raises(service.UnreachableError):
        engine_at(server, proxy=f"http://127.0.0.1:{free_port()}").speak(utterance())
    assert server.connections == 0


def test_an_unknown_name_is_unreachable(utterance: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that does not resolve is an unreachable service."""

    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(service.UnreachableError, match="Name or service not known"):
        EdgeEngine().speak(utterance())


@pytest.mark.parametrize("text", ["……", "。", "——", " ", ""])
def test_nothing_to_say_is_not_sent(utterance: Any, text: str) -> None:
    """An utterance without a speakable character is a short silence, without a connection."""
    with EdgeServer() as server:
        clip = engine_at(server).speak(utterance(text))
    assert clip.duration_ms == 200
    assert server.connections == 0


def test_too_much_for_one_request_is_refused(utterance: Any) -> None:
    """Over 300 characters nothing is sent: edge-tts is never given a text that it would cut."""
    with EdgeServer() as server, pytest.raises(IncompleteError, match="301 characters"):
        engine_at(server).speak(utterance("一" * (MAX_REQUEST_CHARS + 1)))
    assert server.connections == 0


@pytest.mark.parametrize("char", ["&", "国", "😀", "𠮷"])
def test_edge_tts_never_cuts_what_we_send(char: str) -> None:
    """The longest request stays one piece inside edge-tts, whatever its characters."""
    text = escape(char * MAX_REQUEST_CHARS)
    pieces = list(edge_communicate.split_text_by_byte_length(text, 4096))
    assert [text.encode()] == pieces


@pytest.mark.parametrize("voice", ["zf_xiaoyi", "zh-CN-Xiao", "zh-CN-Yun'/>Neural", "晓晓"])
def test_a_name_that_is_no_voice_is_not_sent(utterance: Any, voice: str) -> None:
    """Voices of other engines and markup in a name are refused before anything is sent."""
    with EdgeServer() as server, pytest.raises(MissingPartError):
        engine_at(server).speak(utterance(voice=voice))
    assert server.connections == 0


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1", "127.0.0.1:80", "ws://", "ws://h/?a=1"])
def test_an_endpoint_is_an_address_of_websockets(endpoint: str) -> None:
    """Anything but ws:// or wss:// without a query is a slip of the user."""
    with pytest.raises(UsageError):
        EdgeEngine(endpoint=endpoint)


def test_endpoints_do_not_mix(utterance: Any) -> None:
    """Engines with different endpoints in one program speak at once, each to its own."""
    with EdgeServer() as left, EdgeServer() as right, ThreadPoolExecutor(4) as pool:
        engines = [engine_at(left), engine_at(right)] * 4
        clips = list(pool.map(lambda engine: engine.speak(utterance()), engines))
    assert [left.connections, right.connections] == [4, 4]
    assert len({clip.pcm for clip in clips}) == 1


def test_the_address_is_untouched_for_others(utterance: Any) -> None:
    """After a conversation with an endpoint edge-tts still formats the service's own address."""
    with EdgeServer() as server:
        engine_at(server).speak(utterance())
    address = f"{edge_communicate.WSS_URL}"
    assert address.startswith("wss://speech.platform.bing.com/")


def test_retrying_brings_a_shaky_service_through(utterance: Any) -> None:
    """Three faults and then speech: the wrapped engine gives a whole clip."""
    with EdgeServer("cut", "unavailable", "noise", "none") as server:
        engine = Checked(Retrying(engine_at(server), sleep=lambda _: None))
        assert engine.speak(utterance()).samples
    assert server.connections == 4


def test_a_block_is_not_hammered(utterance: Any) -> None:
    """Two refusals are enough; each is two requests, since edge-tts sets its clock and repeats."""
    with EdgeServer("blocked") as server, pytest.raises(service.BlockedError):
        Retrying(engine_at(server), sleep=lambda _: None).speak(utterance())
    assert server.connections == 4


def test_keeps_the_contract() -> None:
    """The online voice passes the check that plugin authors run."""
    with EdgeServer() as server:
        check_engine(engine_at(server))


def test_identity_names_the_version_of_edge_tts() -> None:
    """Clips of another edge-tts are not taken for this one's."""
    assert edge_tts.__version__ in EdgeEngine().identity


def test_decoding_refuses_what_is_no_mp3() -> None:
    """Nothing and text are both not audio."""
    for content in (b"", b"<html>please log in</html>" * 40):
        with pytest.raises(service.NotAudioError):
            service.decode_mp3(content)


def test_homophones_are_sent_and_never_shown() -> None:
    """A word that the service would misread is respelled in what it gets, not in the text."""
    words = (Word("廿里", ("nian4", "li3"), (), "念里"), Word("。"))
    asked = Utterance(text="廿里。", words=words)
    with EdgeServer() as server:
        EdgeEngine(endpoint=server.url).speak(asked)
    assert "念里。" == server.requests[-1].text
    assert "廿里。" == asked.text == asked.spoken
