"""A service that fails three times in ten, in every way: episodes are whole, of one voice."""

import datetime
import functools
import random
import threading
import time
from pathlib import Path

import pytest

from builders import article, issue
from edge_server import FAULTS, EdgeServer
from qjaudio.config import Config
from qjaudio.engines.edge import VOICES, EdgeEngine
from qjaudio.engines.service import StoppedError
from qjaudio.engines.silent import SilentEngine
from qjaudio.engines.wrappers import Breaker, Retrying
from qjaudio.episode.model import Episode
from qjaudio.errors import EngineError
from qjaudio.pipeline import making, reading, voicing
from qjaudio.pipeline.reporting import Quiet
from qjaudio.pipeline.scripting import find_script, script_issue
from qjaudio.script.prepare import Scripted
from qjaudio.speech.model import Clip, Utterance
from qjaudio.store import OutFolder

NOW = datetime.datetime(2025, 5, 20, 8, 0, tzinfo=reading.CHINA)
EPISODES = 10


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short waits and no MP3."""
    asleep = functools.partial(Retrying, sleep=lambda _seconds: None)
    monkeypatch.setattr(voicing.wrappers, "Retrying", asleep)
    monkeypatch.setattr(
        making, "mix", lambda _clips, _episode, path, **_: path.write_bytes(b"sound")
    )
    monkeypatch.setattr(making, "write_tags", lambda *_words, **_others: None)
    monkeypatch.setattr("qjaudio.pipeline.publishing.cover_of", lambda *_words: b"picture")


@pytest.fixture
def offline_texts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the offline voice was asked to say."""
    said: list[str] = []
    speak = SilentEngine.speak

    def heard(self: SilentEngine, utterance: Utterance) -> Clip:
        said.append(utterance.text)
        return speak(self, utterance)

    monkeypatch.setattr(SilentEngine, "speak", heard)
    return said


def scripted(config: Config) -> Scripted:
    paper = issue(article("甲村通车", "桥很长。"), article("乙村开学", "书声很响。"))
    return script_issue(paper, config, OutFolder(config.out_folder))


def made(folder: Path, url: str, patience_s: float = 15.0, **settings: object) -> Episode:
    edge = {"endpoint": url, "receive_timeout_s": patience_s, "total_timeout_s": 10 * patience_s}
    settings |= {"verify": False, "engines": {"edge": edge}}
    config = Config(out=str(folder), chain=("edge", "silent"), **settings)
    return (
        making.EpisodeJob(
            issue=issue(article()),
            scripted=scripted(config),
            config=config,
            out=OutFolder(config.out_folder),
            progress=Quiet(),
            now=NOW,
            found=find_script(OutFolder(config.out_folder), "2025-05-20"),
        )
        .make()
        .episode
    )


def shaky(chance: random.Random) -> list[str]:
    """Faults for the connections of a run, three in ten, of every kind."""
    kinds = sorted(set(FAULTS) - {"none"})
    return [chance.choice(kinds) if chance.random() < 0.3 else "none" for _ in range(300)]


def letters(texts: list[str]) -> list[str]:
    return ["".join(char for char in text if char.isalnum()) for text in texts]


@pytest.mark.parametrize("number", range(EPISODES))
def test_every_episode_is_whole_and_of_one_voice(
    tmp_path: Path, offline_texts: list[str], number: int
) -> None:
    """All of the script is said, either by the online voices alone or by the offline one alone."""
    faults = shaky(random.Random(number))  # noqa: S311 - faults by chance
    with EdgeServer(*faults) as server:
        episode = made(tmp_path, server.url, patience_s=0.3)
    script = scripted(Config(out=str(tmp_path))).script
    selected = "".join(letters([line.text for part in script.parts for line in part.lines]))
    assert selected == "".join(letters([cue.text for cue in episode.cues]))
    if episode.engine == "edge":
        assert not episode.offline
        assert not offline_texts
    else:
        assert ("silent", True) == (episode.engine, episode.offline)
        assert {cue.text for cue in episode.cues} == set(offline_texts)


def test_a_withdrawn_voice_is_replaced_for_the_whole_episode(tmp_path: Path) -> None:
    """A voice that sends no sound is out; the reader's next one takes all of its lines."""
    with EdgeServer(withdrawn=(VOICES[1],)) as server:
        episode = made(tmp_path, server.url)
    assert ("edge", False) == (episode.engine, episode.offline)
    spoke = {request.voice for request in server.requests if request.text != "你好。"}
    assert not any("XiaoxiaoNeural" in voice for voice in spoke)
    assert 2 == len(spoke)


def test_a_reader_without_a_voice_left_sends_the_episode_offline(tmp_path: Path) -> None:
    """When the whole list is withdrawn nobody else takes the reader's place."""
    with EdgeServer(withdrawn=VOICES) as server:
        episode = made(tmp_path, server.url)
        assert ("silent", True) == (episode.engine, episode.offline)
        with pytest.raises(EngineError, match="no audio"):
            made(tmp_path / "other", server.url, voice="edge")


@pytest.mark.parametrize("fault", ["unavailable", "throttled", "no_audio"])
def test_nobody_waits_for_a_service_that_died(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """Both readers answered, then nothing: the breaker wakes all who wait a minute to ask again."""
    patient = functools.partial(Retrying, base_s=60.0, budget_s=9000.0)
    monkeypatch.setattr(voicing.wrappers, "Retrying", patient)
    monkeypatch.setattr(voicing.wrappers, "Breaker", lambda: Breaker(limit=4))
    started = time.monotonic()
    with EdgeServer("none", "none", fault) as server:
        episode = made(tmp_path, server.url)
    assert ("silent", True) == (episode.engine, episode.offline)
    assert 30 > time.monotonic() - started


def test_nobody_waits_for_a_talk_that_hangs() -> None:
    """Once the run is over, a conversation in flight ends though its time-outs are far off."""
    stop = threading.Event()
    with EdgeServer("stall") as server:
        engine = EdgeEngine(endpoint=server.url, stop=stop)
        threading.Timer(0.3, stop.set).start()
        started = time.monotonic()
        with pytest.raises(StoppedError):
            engine.speak(voicing.WORD)
    assert 14 > time.monotonic() - started
