"""A service says one word before an episode depends on it, in good time or not at all."""

import socket
import threading
import time

import pytest

from edge_server import EdgeServer
from qjaudio.config import Config
from qjaudio.pipeline import voicing
from speech_server import send, server


def test_a_dead_name_server_does_not_hold_the_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    """The probe returns in its time although the thread that looks the name up still hangs."""
    answered = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answered.wait(60))
    monkeypatch.setattr(voicing, "PATIENCE_S", 0.2)
    started = time.monotonic()
    reason = voicing.probe(Config())
    spent_s = time.monotonic() - started
    answered.set()
    assert reason is not None
    assert "stalled" in reason
    assert spent_s < 30


def test_the_probe_is_silent_about_a_service_that_speaks() -> None:
    """None means that one short word came back as sound."""
    with EdgeServer() as server:
        assert voicing.probe(Config(engines={"edge": {"endpoint": server.url}})) is None
    assert len(server.requests) == 1


def test_a_server_of_ones_own_may_load_its_model_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """It gets more time for its first word than a service in the world."""
    monkeypatch.setattr(voicing, "PATIENCE_S", 0.05)
    with server(lambda *answer: (time.sleep(0.3), send(*answer))[1]) as (url, _):
        config = Config(chain=("openai", "kokoro"), engines={"openai": {"base_url": url}})
        assert voicing.probe(config) is None


@pytest.mark.parametrize("fault", ["blocked", "stall", "noise", "mute"])
def test_the_probe_gives_the_reason_in_time(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any fault becomes one line of text, whatever the engine's own time-outs are."""
    monkeypatch.setattr(voicing, "PATIENCE_S", 0.3)
    started = time.monotonic()
    with EdgeServer(fault) as server:
        table = {"endpoint": server.url, "receive_timeout_s": 30.0}
        reason = voicing.probe(Config(engines={"edge": table}))
    assert reason is not None
    assert "\n" not in reason
    assert time.monotonic() - started < 25


def test_a_chain_without_an_online_engine_says_so() -> None:
    """Nobody is asked, and nobody answers."""
    config = Config(voice="silent", chain=("silent",))
    assert "the chain has none" == voicing.probe(config)
    assert not voicing.needs_network(config)
