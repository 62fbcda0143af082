"""The cast of a user, against what the engines can do."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from builders import script, story
from qjaudio import plugins
from qjaudio.config import Config
from qjaudio.engines.edge import EdgeEngine
from qjaudio.engines.silent import SilentEngine
from qjaudio.engines.wrappers import ClipCache
from qjaudio.errors import UsageError
from qjaudio.pipeline import making, voicing
from qjaudio.pipeline.reporting import Remarks
from qjaudio.rules import phrases
from qjaudio.speech.plan import plan

CAST = """
[readers.a]
kokoro = ["zm_yunxi"]
edge = ["zh-CN-Some-OtherNeural"]

[cast]
opening = "a"
headlines = "a"
sign_off = "a"
stories = ["a"]
"""
AUTO = voicing.EngineChain(engines=("edge", "kokoro"))


def config(folder: Path, more: str) -> Config:
    path = folder / f"{len(list(folder.iterdir()))}.toml"
    path.write_text(CAST + more, encoding="utf-8")
    return Config(cast=str(path), out=str(folder / "out"))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('[voices.zm_yunxi]\npitch = "+2Hz"', "kokoro cannot change the pitch"),
        ('[voices.zf_xiaoyi]\npitch = "+2Hz"', "kokoro cannot change the pitch"),
        ('[voices.zm_nobody]\nrate = "+2%"', "no engine has that voice"),
        ('[readers.b]\nkokro = ["zm_yunxi"]', "'kokro'"),
    ],
)
def test_what_no_listener_would_hear_is_refused(tmp_path: Path, more: str, said: str) -> None:
    """A setting that would do nothing is a slip, and is said so."""
    with pytest.raises(UsageError, match=said):
        voicing.cast_of(config(tmp_path, more), AUTO)


@pytest.mark.parametrize(
    "more",
    [
        '[voices.zm_yunxi]\nrate = "-5%"\ngain_db = 1',
        '[voices.zh-CN-Some-OtherNeural]\npitch = "+2Hz"',
        '[voices.zh-CN-YunxiNeural]\npitch = "+2Hz"',
    ],
)
def test_what_an_engine_follows_is_taken(tmp_path: Path, more: str) -> None:
    """Voices of the lists that the cast or an engine has, also those that we do not know."""
    assert 1 == len(voicing.cast_of(config(tmp_path, more), AUTO).deliveries)


def test_one_voice_for_everything_keeps_its_manner(tmp_path: Path) -> None:
    """--voice kokoro:zf_xiaoyi: all readers have it, at the rate that its table says."""
    mine = config(tmp_path, '[voices.zf_xiaoyi]\nrate = "+10%"')
    cast = voicing.cast_of(mine, voicing.EngineChain(engines=("kokoro",), voice="zf_xiaoyi"))
    assert ("zf_xiaoyi",) == cast.readers["a"].voices["kokoro"]
    assert 1.1 == cast.delivery("zf_xiaoyi").rate


@pytest.mark.parametrize("line", ['rate = "+10%"', "gain_db = -3"])
def test_a_change_of_manner_makes_the_episode_anew(tmp_path: Path, line: str) -> None:
    """Rate and gain are among what shapes the audio, so that an old episode does not count."""
    told = script(story())
    inputs = {
        making.audio_fingerprint(told, voicing.cast_of(one, AUTO), "silent", one)
        for one in (config(tmp_path, ""), config(tmp_path, f"[voices.zm_yunxi]\n{line}"))
    }
    assert 2 == len(inputs)


def test_a_pace_makes_the_episode_anew(tmp_path: Path) -> None:
    """It is among what shapes the audio; so is none."""
    plain = config(tmp_path, "")
    cast = voicing.cast_of(plain, AUTO)
    inputs = {
        making.audio_fingerprint(script(story()), cast, "silent", replace(plain, pace=pace))
        for pace in (None, 240, 260)
    }
    assert 3 == len(inputs)


@pytest.mark.parametrize("follows", [("rate",), ()])
def test_an_engine_speaks_at_the_pace_or_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, follows: tuple[str, ...]
) -> None:
    """Every clip is spoken at one rate; an engine that cannot change its own is named."""
    monkeypatch.setattr(SilentEngine, "follows", follows)
    mine, told = replace(config(tmp_path, ""), voice="silent", pace=220), list[str]()
    speaker = voicing.Speaker(
        config=mine,
        cast=voicing.cast_of(mine, AUTO),
        cache=ClipCache(tmp_path / "clips"),
        progress=Remarks(told.append),
    )
    spoken = speaker.speak(script(story("从此过河不用船，" * 3)), tmp_path)
    assert bool(follows) == ({1.0} != {one.rate for one in spoken.utterances})
    remarks = [] if follows else ["silent cannot change its pace: 220 is not kept"]
    assert remarks == [one for one in told if "pace: " in one]


def test_gain_comes_after_the_levelling(tmp_path: Path) -> None:
    """All clips are at one level, and those of a voice with a gain that much above or below."""
    levels = {}
    for gain in (0, -6):
        cast = voicing.cast_of(config(tmp_path, f"[voices.silence]\ngain_db = {gain}"), AUTO)
        planned = plan(script(story()), cast, SilentEngine(), phrases("pauses"))
        clips = voicing.speak_all(planned, SilentEngine(), lambda: None)
        levels[gain] = [max(memoryview(clip.pcm).cast("h")) for clip in clips]
    assert levels[0]
    for plain, softer in zip(levels[0], levels[-6], strict=True):
        assert softer == pytest.approx(plain / 2, rel=0.02, abs=1)


@pytest.mark.parametrize("voice", ["auto:zm_yunxi", "auto:", "auto:nobody"])
def test_auto_takes_no_voice(voice: str) -> None:
    """auto is not an engine whose voice could be named: it takes those of the cast, and says so."""
    with pytest.raises(UsageError, match="takes the voices of the cast") as caught:
        voicing.chain_of(Config(voice=voice))
    assert "kokoro:zm_yunxi" in caught.value.hint


@pytest.mark.parametrize("voice", ["kokoro:", "kokoro:nobody", "nobody:zm_yunxi", ":zm_yunxi", ""])
def test_a_voice_that_no_engine_has_is_refused(voice: str) -> None:
    """Whatever stands before and after the colon; those that there are are named."""
    with pytest.raises(UsageError, match="no voice") as caught:
        voicing.chain_of(Config(voice=voice))
    assert "kokoro:zm_yunxi" in caught.value.hint


def test_a_voice_is_found_with_and_without_its_engine() -> None:
    """Its engine alone speaks then."""
    expected = voicing.EngineChain(engines=("kokoro",), voice="zm_yunxi")
    for voice in ("kokoro:zm_yunxi", "zm_yunxi"):
        assert expected == voicing.chain_of(Config(voice=voice))


@pytest.mark.parametrize("settings", [{"chain": ("edge", "nobody")}, {"engines": {"nobody": {}}}])
def test_an_engine_that_is_not_installed_is_named(settings: dict[str, Any]) -> None:
    """With the list of those that are."""
    with pytest.raises(UsageError, match="no engine 'nobody'") as caught:
        voicing.chain_of(Config(**settings))
    assert "kokoro" in caught.value.hint


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"speed": 2.0}, "no setting 'speed'"),
        ({"proxy": 3}, "proxy must be a text"),
        ({"total_timeout_s": "long"}, "total_timeout_s must be a number"),
        ({"total_timeout_s": True}, "total_timeout_s must be a number"),
        ({"endpoint": "http://127.0.0.1"}, "begins with ws://|no endpoint"),
    ],
)
def test_a_table_that_does_not_fit_the_engine_is_refused(table: dict[str, Any], said: str) -> None:
    """By the name of the setting and what it has to be."""
    with pytest.raises(UsageError, match=said):
        voicing.make_engine("edge", Config(engines={"edge": table}))


def test_the_environment_beats_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """QJAUDIO_, the engine and the setting: as for every other setting."""
    monkeypatch.setenv("QJAUDIO_EDGE_TOTAL_TIMEOUT_S", "7")
    options = plugins.engine_options("edge", EdgeEngine, {"total_timeout_s": 9}, os.environ)
    assert {"total_timeout_s": 7.0} == options


def test_a_secret_never_stands_in_the_file() -> None:
    """It comes from the environment; the message does not show it."""

    class Keyed:
        settings: ClassVar[dict[str, object]] = {"key": "", "region": ""}
        secrets = ("key",)

    table = {"key": "pa55word", "region": "here"}
    with pytest.raises(UsageError, match="key is a secret") as caught:
        plugins.engine_options("keyed", Keyed, table, {})
    assert "pa55word" not in str(caught.value) + caught.value.hint
    environ = {"QJAUDIO_KEYED_KEY": "pa55word"}
    assert {"key": "pa55word"} == plugins.engine_options("keyed", Keyed, {}, environ)
