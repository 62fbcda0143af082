"""The cast of a user, against what the engines can do."""

from pathlib import Path

import pytest

from builders import script, story
from qjaudio.config import Config
from qjaudio.engines.silent import SilentEngine
from qjaudio.errors import UsageError
from qjaudio.pipeline import making, speaking, voicing
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
AUTO = voicing.VoiceChoice(engine="auto")


def config(folder: Path, more: str) -> Config:
    path = folder / f"{len(list(folder.iterdir()))}.toml"
    path.write_text(CAST + more, encoding="utf-8")
    return Config(cast=str(path), out=str(folder / "out"))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('[voices.zm_yunxi]\npitch = "+2Hz"', "kokoro cannot change the pitch"),
        ('[voices.zf_xiaoyi]\npitch = "+2Hz"', "kokoro cannot change the pitch"),
        ('[voices.zm_nobody]\nrate = "+2%"', "nobody has that voice"),
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
    cast = voicing.cast_of(mine, voicing.VoiceChoice(engine="kokoro", voice="zf_xiaoyi"))
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


def test_gain_comes_after_the_levelling(tmp_path: Path) -> None:
    """All clips are at one level, and those of a voice with a gain that much above or below."""
    levels = {}
    for gain in (0, -6):
        cast = voicing.cast_of(config(tmp_path, f"[voices.silence]\ngain_db = {gain}"), AUTO)
        planned = plan(script(story()), cast, SilentEngine(), phrases("pauses"))
        clips = speaking.speak_all(planned, SilentEngine(), lambda: None)
        levels[gain] = [max(memoryview(clip.pcm).cast("h")) for clip in clips]
    assert levels[0]
    for plain, softer in zip(levels[0], levels[-6], strict=True):
        assert softer == pytest.approx(plain / 2, rel=0.02, abs=1)
