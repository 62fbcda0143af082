"""One text, one engine: who speaks it when the online voice does not."""

import functools
from pathlib import Path
from typing import Any

import pytest

from edge_server import EdgeServer
from qjaudio.config import Config
from qjaudio.engines.wrappers import Retrying
from qjaudio.errors import EngineError, UsageError
from qjaudio.machine import decode_audio
from qjaudio.pipeline import voicing
from qjaudio.pipeline.voicing import say

CHAIN = ("edge", "silent")
"""The offline voice of these tests speaks timed silence."""
TEXT = "新桥通车了。大家走上桥头。从此过河不用船。"


@pytest.fixture(autouse=True)
def nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits before a retry."""
    monkeypatch.setattr(voicing.wrappers, "Retrying", functools.partial(Retrying, base_s=0.0))


def said(folder: Path, *, voice: str = "auto", **settings: Any) -> tuple[float, list[str]]:
    told: list[str] = []
    config = Config(out=str(folder / "out"), voice=voice, **settings, chain=CHAIN)
    return say(TEXT, config, folder / "say.mp3", told.append), told


def test_online_speaks_when_it_answers(tmp_path: Path) -> None:
    """One reader says a text, so one voice is asked for a word before it."""
    with EdgeServer() as server:
        length, told = said(tmp_path, engines={"edge": {"endpoint": server.url}})
    assert 4 == len(server.requests)
    assert 1 == len({request.voice for request in server.requests})
    assert [] == told
    assert len(decode_audio(tmp_path / "say.mp3", 1000)) / 2000 == pytest.approx(length, abs=0.2)


def test_a_withdrawn_voice_is_passed_over(tmp_path: Path) -> None:
    """As in `make`: the reader's next voice says all of it."""
    with EdgeServer(withdrawn=("XiaoxiaoNeural",)) as server:
        _, told = said(tmp_path, engines={"edge": {"endpoint": server.url}})
    assert [] == told
    assert {True} == {"XiaoyiNeural" in request.voice for request in server.requests[-3:]}


@pytest.mark.parametrize("faults", [("blocked",), ("none", "none", "blocked")])
def test_offline_speaks_all_of_it_else(tmp_path: Path, faults: tuple[str, ...]) -> None:
    """Without an answer, or when it fails in the middle: told once, and whole."""
    with EdgeServer(*faults) as server:
        length, told = said(tmp_path, engines={"edge": {"endpoint": server.url}})
    assert 1 == len(told)
    assert "the offline voice speaks all of it" in told[0]
    silent, _ = said(tmp_path, voice="silent")
    assert silent == length


def test_a_named_engine_is_not_replaced(tmp_path: Path) -> None:
    """--voice edge means edge, and nothing is written without it."""
    with pytest.raises(EngineError):
        said(tmp_path, voice="edge", engines={"edge": {"endpoint": "ws://127.0.0.1:9/edge"}})
    assert not (tmp_path / "say.mp3").exists()


def test_nothing_to_say_asks_nobody(tmp_path: Path) -> None:
    """Marks alone are refused before the service is asked."""
    with EdgeServer() as server, pytest.raises(UsageError):
        say("……！", Config(engines={"edge": {"endpoint": server.url}}), tmp_path / "say.mp3", print)
    assert 0 == server.connections
