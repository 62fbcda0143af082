"""Utterances know their voice and the silence after them."""

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from builders import line, script, story, utterance
from qjaudio.engines.silent import SilentEngine
from qjaudio.rules import phrases
from qjaudio.script.model import Part
from qjaudio.speech.model import Utterance
from qjaudio.speech.plan import (
    PACE_OFF,
    Delivery,
    at_rate,
    characters_a_minute,
    pace_rates,
    parse_cast,
    plan,
)

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


def spoken(utterances: Sequence[Utterance]) -> list[int]:
    """The lengths of clips of voices that follow a rate, but none of them quite as it is asked.

    "stepped" is like Kokoro: each sound takes whole frames, most of them two, and each clip
    begins and ends slowly.
    """
    habits = {"slow": (260, 0.9), "fast": (150, 1.1), "deaf": (190, 0.0)}
    lengths = []
    for one in utterances:
        by_text = random.Random(one.text)  # noqa: S311
        if one.voice == "stepped":
            sounds = [by_text.gauss(2.0, 0.15) for _ in range(4 * one.syllables)]
            frames = sum(max(1, round(sound / one.rate)) for sound in sounds)
            lengths.append(round(frames * 25 + 300 / one.rate))
            continue
        syllable, follows = habits[one.voice]
        lengths.append(round(one.syllables * syllable * by_text.gauss(1, 0.04) / one.rate**follows))
    return lengths


@pytest.mark.parametrize("pace", range(220, 301, 8))
def test_a_pace_holds_in_every_voice(pace: int) -> None:
    """Measured on all clips of a voice, pauses included; a voice that cannot is named."""
    asked = [
        utterance("桥很长，" * (1 + at % 9) + f"{at}。", voice=voice, pause_ms=300, part=at // 5)
        for voice in ("slow", "fast", "stepped", "deaf")
        for at in range(40)
    ]
    rates, off = pace_rates(asked, spoken, pace)
    for voice in ("slow", "fast", "stepped"):
        own = [at_rate(one, rates[voice]) for one in asked if one.voice == voice]
        found = characters_a_minute(own, 1.0, spoken(own))
        assert abs(found / pace - 1) <= PACE_OFF
    assert set(off) <= {"deaf"}
    assert off or pace > 264  # what it says anyhow


def test_a_rate_stays_where_a_service_follows() -> None:
    """A voice that does not care is not asked for ever more: services refuse −60 %."""
    asked: list[float] = []

    def lengths(sample: Sequence[Utterance]) -> list[int]:
        asked.append(sample[0].rate)
        return [9000]

    rates, off = pace_rates([utterance("桥很长，桥很长。", voice="deaf")], lengths, 300)
    assert (2.0, {"deaf"}, {"deaf"}) == (max(asked), set(rates), set(off))


def test_a_voice_of_the_asked_pace_is_spoken_once() -> None:
    """Nothing is said at two rates where the first is right already."""
    asked = [utterance("桥很长，桥很长。", voice="usual") for _ in range(20)]
    calls: list[float] = []

    def lengths(sample: Sequence[Utterance]) -> list[int]:
        calls.append(sample[0].rate)
        return [round(one.syllables * 60_000 / 296 / one.rate) for one in sample]

    rates, off = pace_rates(asked, lengths, 240)
    assert ({"usual": 0.81}, {}, [0.81]) == (rates, off, calls)
