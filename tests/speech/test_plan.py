"""Utterances know their voice and the silence after them."""

from dataclasses import replace

from builders import line, script, story
from qjaudio.engines.silent import SilentEngine
from qjaudio.rules import phrases
from qjaudio.script.model import Part
from qjaudio.speech.cast import Delivery, parse_cast
from qjaudio.speech.plan import plan

CAST = parse_cast(
    {
        "readers": {"a": {"name": "女声"}},
        "cast": {"opening": "a", "headlines": "a", "sign_off": "a", "stories": ["a"]},
    }
)


def test_pauses_grow_with_what_ends() -> None:
    """Part over headline over paragraph over sentence over clause."""
    pauses = phrases("pauses")
    wanted = ["part", "headline", "paragraph", "sentence", "clause", "list_comma", "none"]
    assert sorted((pauses[name] for name in wanted), reverse=True) == [pauses[n] for n in wanted]


def test_each_pause_is_that_of_what_ends() -> None:
    """Headline, sentence, paragraph and part, in this order in a story of two paragraphs."""
    lines = (
        line("新桥通车了。", kind="headline", paragraph=0),
        line("桥很长。", paragraph=1),
        line("人很多。", paragraph=1),
        line("从此过河不用船。", paragraph=2),
    )
    told = Part(kind="story", title="新桥通车了", lines=lines)
    planned = plan(script(told), CAST, SilentEngine(), phrases("pauses"))
    names = ["part", "headline", "sentence", "paragraph", "part", "part"]
    assert [phrases("pauses")[name] for name in names] == [u.pause_ms for u in planned]


def test_utterances_know_where_they_come_from() -> None:
    """Part and line are counted, reader and voice are set."""
    planned = plan(script(story()), CAST, SilentEngine(), phrases("pauses"))
    assert [(0, 0), (1, 0), (1, 1), (1, 2), (2, 0)] == [(u.part, u.line) for u in planned]
    assert {"女声"} == {u.reader for u in planned}
    assert {SilentEngine().voices[0]} == {u.voice for u in planned}


def test_utterances_speak_as_their_voice_is_told() -> None:
    """Rate, pitch and gain of the voice that was taken, not of another one."""
    told = Delivery(rate=1.1, pitch_hz=3, gain_db=-2.0)
    voices = {"silence": told, "other": Delivery(rate=0.5)}
    planned = plan(
        script(story()), replace(CAST, deliveries=voices), SilentEngine(), phrases("pauses")
    )
    assert {(1.1, 3, -2.0)} == {(u.rate, u.pitch_hz, u.gain_db) for u in planned}
