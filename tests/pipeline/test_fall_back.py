"""The same morning: who speaks when the online voice does not."""

import datetime
import functools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builders import article, issue
from edge_server import EdgeServer
from qjaudio.config import Config
from qjaudio.engines.wrappers import Retrying
from qjaudio.errors import EngineError, IncompleteError, MissingPartError
from qjaudio.pipeline import making, reading, voicing
from qjaudio.pipeline.listening import listener_of
from qjaudio.pipeline.scripting import find_script, script_issue
from qjaudio.speech.model import Clip, Utterance
from qjaudio.store import OutFolder

NOW = datetime.datetime(2025, 5, 20, 8, 0, tzinfo=reading.CHINA)


class Told:
    """Remembers what a run says."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, text: str) -> None:
        self.lines.append(text)

    def step(self, text: str, total: int) -> object:
        from qjaudio.pipeline.reporting import Quiet

        self.lines.append(text)
        return Quiet().step(text, total)


@pytest.fixture(autouse=True)
def nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits before a retry."""
    monkeypatch.setattr(voicing.wrappers, "Retrying", functools.partial(Retrying, base_s=0.0))


def run(folder: Path, told: Told, **settings: Any) -> making.Made:
    settings = {"verify": False, **settings}
    config = Config(out=str(folder / "out"), chain=("edge", "silent"), bed=None, **settings)
    out = OutFolder(config.out_folder)
    paper = issue(article("甲村通车"), article("乙村开学"))
    return making.EpisodeJob(
        issue=paper,
        scripted=script_issue(paper, config, out),
        config=config,
        out=out,
        progress=told,  # type: ignore[arg-type]
        now=NOW,
        found=find_script(out, paper.masthead.date),
    ).make()


def test_online_speaks_when_it_answers(tmp_path: Path) -> None:
    """With auto and a service that works, all of the episode is spoken online."""
    told = Told()
    with EdgeServer() as server:
        made = run(tmp_path, told, engines={"edge": {"endpoint": server.url}})
    assert ("edge", False) == (made.episode.engine, made.episode.offline)
    assert made.clips_spoken + 2 == len(server.requests)  # and a word of each of the two readers


def test_a_dead_service_is_asked_once(tmp_path: Path) -> None:
    """The probe decides: the offline voice takes the whole episode, and that is told."""
    told = Told()
    made = run(tmp_path, told, engines={"edge": {"endpoint": "ws://127.0.0.1:9/edge"}})
    assert ("silent", True) == (made.episode.engine, made.episode.offline)
    assert 1 == sum("offline voice speaks all of it" in line for line in told.lines)
    notes = (tmp_path / "out/feed.xml").read_text("utf-8")
    assert "本期由离线语音合成" in notes


def test_a_service_that_dies_in_the_middle_gives_nothing(tmp_path: Path) -> None:
    """Clips that were made online are not mixed with offline ones."""
    told = Told()
    with EdgeServer("none", "none", "none", "blocked") as server:
        made = run(tmp_path, told, engines={"edge": {"endpoint": server.url}})
        assert 3 < server.connections
    assert ("silent", True) == (made.episode.engine, made.episode.offline)
    assert len({cue.text for cue in made.episode.cues}) <= made.clips_spoken


@pytest.mark.parametrize("calls", [0, 1, 5])
@pytest.mark.parametrize("error", [OverflowError, RecursionError, MemoryError, KeyError])
def test_whatever_a_service_does_the_offline_voice_is_there(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: type[Exception],
    calls: int,
) -> None:
    """An error that nobody expected, in an audition or in the middle; the log has its traceback."""
    from qjaudio.engines.edge import EdgeEngine
    from qjaudio.engines.silent import SilentEngine

    left = iter(range(calls))

    def odd(_self: object, utterance: Utterance) -> Clip:
        if next(left, None) is None:
            raise error("of the service")
        return SilentEngine().speak(utterance)

    monkeypatch.setattr(EdgeEngine, "speak", odd)
    told = Told()
    made = run(tmp_path, told)
    assert ("silent", True) == (made.episode.engine, made.episode.offline)
    assert any(line.startswith(f"edge: {error.__name__}") for line in told.lines)
    (record,) = [record for record in caplog.records if record.msg == "fall_back"]
    assert record.exc_info
    with pytest.raises(error):
        run(tmp_path / "alone", Told(), voice="edge")


def test_a_named_engine_is_not_replaced(tmp_path: Path) -> None:
    """--voice edge means edge: without the service it is an error and out/ stays as it was."""
    with pytest.raises(EngineError) as caught:
        run(tmp_path, Told(), voice="edge", engines={"edge": {"endpoint": "ws://127.0.0.1:9/edge"}})
    assert 6 == caught.value.exit_code
    assert not (tmp_path / "out").exists()


def test_both_engines_down_leaves_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither speaks: exit code 6, and the last episode and feed are untouched."""
    made = run(tmp_path, Told(), voice="silent")
    before = {p: p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()}

    def broken(_self: object, utterance: Utterance) -> Clip:
        raise EngineError("no sound", hint="none")

    monkeypatch.setattr("qjaudio.engines.silent.SilentEngine.speak", broken)
    monkeypatch.setattr("qjaudio.engines.wrappers.ClipCache.get", lambda _self, _key: None)
    monkeypatch.setattr(making, "audio_fingerprint", lambda *_words: "changed")
    with pytest.raises(EngineError):
        run(tmp_path, Told(), engines={"edge": {"endpoint": "ws://127.0.0.1:9/edge"}})
    assert before == {p: p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()}
    assert made.audio.exists()


def test_speech_that_is_too_short_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clip that cannot hold its text never reaches the feed: exit code 3."""
    from qjaudio.engines.silent import SilentEngine

    whole = SilentEngine.speak

    def half(self: SilentEngine, utterance: Utterance) -> Clip:
        clip = whole(self, utterance)
        return replace(clip, pcm=clip.pcm[: len(clip.pcm) // 8 * 2])

    monkeypatch.setattr(SilentEngine, "speak", half)
    with pytest.raises(IncompleteError) as caught:
        run(tmp_path, Told(), voice="silent")
    assert 3 == caught.value.exit_code
    assert not (tmp_path / "out").exists()


def test_an_episode_is_dated_to_its_morning_and_stays_so(tmp_path: Path) -> None:
    """Made at eight, it is published at six; made again, at the same time; never ahead of now."""
    first = run(tmp_path, Told(), voice="silent").episode
    assert "2025-05-20T06:00:00+08:00" == first.published
    record = json.loads((tmp_path / "out/2025-05-20/episode.json").read_text("utf-8"))
    assert first.published == record["published"]


class Ear:
    """Hears nothing wrong, or two syllables too few; counts the clips."""

    identity = "ear/1"
    clips = 0
    lacking = 0

    def __init__(self, _model: str = "") -> None:
        Ear.clips = 0


@pytest.fixture
def listened_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A recogniser is installed, the online voice speaks, and no service is asked."""
    from qjaudio.engines.edge import EdgeEngine
    from qjaudio.engines.listened import Listened
    from qjaudio.engines.silent import SilentEngine
    from qjaudio.speech.recognition import Comparison, syllables

    def compare(_self: Listened, utterance: Utterance, _clip: Clip) -> Comparison:
        Ear.clips += 1
        wanted = len(syllables(utterance.words))
        return Comparison(wanted, Ear.lacking, wanted - Ear.lacking, wanted - Ear.lacking)

    monkeypatch.setattr("qjaudio.pipeline.listening.Whisper", Ear)
    monkeypatch.setattr(Listened, "_compare", compare)
    monkeypatch.setattr(EdgeEngine, "speak", lambda _self, one: SilentEngine().speak(one))


@pytest.mark.usefixtures("listened_to")
def test_every_clip_of_an_online_voice_is_heard(tmp_path: Path) -> None:
    """Without being asked, where a recogniser is installed; not again, and not when turned off."""
    told = Told()
    made = run(tmp_path, told, verify=True)
    assert made.listened
    assert f"listened to {Ear.clips} clips" in "".join(told.lines)
    # Two have too few syllables to be judged.
    assert made.clips_spoken - 2 == made.listened["listened"] == Ear.clips
    assert not run(tmp_path, Told(), verify=True).fresh
    made.audio.unlink()
    told = Told()
    assert run(tmp_path, told, verify=True).fresh
    assert "listened to" not in "".join(told.lines)  # all verdicts are known
    assert run(tmp_path / "off", Told()).listened is None


@pytest.mark.usefixtures("listened_to")
def test_an_online_voice_that_loses_a_word_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The offline voice speaks all of it: nothing with a lost word is published."""
    monkeypatch.setattr(Ear, "lacking", 2)
    told = Told()
    assert "silent" == run(tmp_path, told, verify=True).episode.engine
    assert any("left out a word" in line for line in told.lines)


def test_nobody_installed_is_no_error_unless_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`verify` is on by default, and a computer without a recogniser speaks as before."""
    monkeypatch.setattr("qjaudio.pipeline.listening.Whisper", _not_installed)
    config = Config(out=str(tmp_path))
    assert listener_of(config, asked_for=False) is None
    with pytest.raises(MissingPartError):
        listener_of(config, asked_for=True)


def _not_installed(_model: str) -> None:
    raise MissingPartError("listening needs faster-whisper", hint="install it")
