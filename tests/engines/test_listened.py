"""A clip that is not understood is said in another way, once."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from qjaudio.engines.listened import Listened
from qjaudio.engines.wrappers import Cached, ClipCache
from qjaudio.errors import EngineError, IncompleteError
from qjaudio.speech.model import Clip, silence


@dataclass
class Ear:
    """Hears what the test says that it hears: syllables by the length of a clip."""

    heard: dict[int, int]
    other: int = 28
    identity: str = "ear/1"
    asked: list[Clip] = field(default_factory=list)

    def hear(self, clip: Clip) -> str:
        self.asked.append(clip)
        return "x" * self.heard.get(clip.samples, self.other)


def reading(text: str) -> tuple[str, ...]:
    return ("ma",) * len(text)


@pytest.fixture
def clips() -> list[Clip]:
    return [silence(milliseconds) for milliseconds in (1000, 2000, 3000)]


def listened(engine: Any, ear: Ear, folder: Path, *, same_again: bool = False) -> Listened:
    cache = ClipCache(folder)
    engine.repeatable = same_again
    return Listened(Cached(engine, cache), ear, reading, cache)


def test_the_better_take_is_kept(
    scripted: Any, utterance: Any, clips: list[Clip], tmp_path: Path
) -> None:
    """A doubtful clip is spoken once more; a rerun neither speaks nor listens."""
    engine, ear = scripted(clips[0], clips[1]), Ear({clips[0].samples: 5})
    assert clips[1] == (first := listened(engine, ear, tmp_path)).speak(utterance())
    assert {"listened": 1, "again": 1, "better": 1} == first.counts
    assert clips[1] == (later := listened(engine, ear, tmp_path)).speak(utterance())
    assert {"listened": 0, "again": 0, "better": 0} == later.counts
    assert (2, 2) == (len(engine.asked), len(ear.asked))


def test_a_bad_ear_changes_nothing(
    scripted: Any, utterance: Any, clips: list[Clip], tmp_path: Path
) -> None:
    """Where the second take is no better the first stays, and that is remembered too."""
    engine, ear = scripted(*clips), Ear({}, other=3)
    assert clips[0] == listened(engine, ear, tmp_path).speak(utterance())
    assert clips[0] == listened(engine, ear, tmp_path).speak(utterance())
    assert 2 == len(ear.asked)


def test_a_clip_nobody_listened_to_is_listened_to(
    scripted: Any, utterance: Any, clips: list[Clip], tmp_path: Path
) -> None:
    """A cached clip has no verdict, and the verdict does not change the cached clip."""
    engine, ear = scripted(*clips), Ear({clips[0].samples: 5})
    plain = Cached(engine, ClipCache(tmp_path))
    assert clips[0] == plain.speak(utterance())
    assert clips[1] == listened(engine, ear, tmp_path).speak(utterance())
    assert clips[0] == plain.speak(utterance())


def test_a_steady_voice_says_it_in_pieces(
    scripted: Any, utterance: Any, clips: list[Clip], tmp_path: Path
) -> None:
    """The same again would be the same: the text is cut instead."""
    engine, ear = scripted(clips[0]), Ear({clips[0].samples: 5})
    listened(engine, ear, tmp_path, same_again=True).speak(utterance())
    whole, *pieces = [asked.text for asked in engine.asked]
    assert whole == "".join(pieces)
    assert len(pieces) > 1


def test_a_failing_second_take_is_no_failure(
    scripted: Any, utterance: Any, clips: list[Clip], tmp_path: Path
) -> None:
    """The first take had passed the gate, so it is used."""
    engine, ear = scripted(clips[0], EngineError("gone")), Ear({}, other=0)
    assert clips[0] == listened(engine, ear, tmp_path).speak(utterance())


def test_another_ear_listens_for_itself(
    scripted: Any, utterance: Any, clips: list[Clip], tmp_path: Path
) -> None:
    """A verdict belongs to its recogniser."""
    other = Ear({}, identity="ear/2")
    listened(scripted(clips[0]), Ear({}), tmp_path).speak(utterance())
    listened(scripted(clips[0]), other, tmp_path).speak(utterance())
    assert 1 == len(other.asked)


def test_a_clip_heard_by_other_rules_is_heard_again(
    scripted: Any, utterance: Any, clips: list[Clip], tmp_path: Path, monkeypatch: Any
) -> None:
    """What passed before a rule was there has not passed it."""
    ear = Ear({})
    for rules, heard in ((2, 1), (2, 1), (3, 2)):
        monkeypatch.setattr("qjaudio.speech.recognition.RULES", rules)
        listened(scripted(clips[0]), ear, tmp_path).speak(utterance())
        assert heard == len(ear.asked)


def test_a_sample_is_the_same_in_each_run(
    scripted: Any, utterance: Any, clips: list[Clip], tmp_path: Path
) -> None:
    """One of five utterances, about, and no other one later."""
    texts = [utterance(f"城里的步道开放了{'好' * number}。") for number in range(50)]
    heard = []
    for turn in ("first", "second"):
        ear, cache = Ear({}), ClipCache(tmp_path / turn)
        engine = Listened(Cached(scripted(clips[0]), cache), ear, reading, cache, one_in=5)
        for text in texts:
            engine.speak(text)
        heard.append(engine.counts["listened"])
    assert heard[0] == heard[1]
    assert 3 <= heard[0] <= 20


def test_an_online_voice_that_loses_a_word_twice_is_refused(
    scripted: Any, utterance: Any, clips: list[Clip], tmp_path: Path
) -> None:
    """Two takes with two syllables too few; one of the right length would do."""
    engine, ear = scripted(*clips), Ear({}, other=24)
    engine.online = True
    with pytest.raises(IncompleteError, match="left out a word"):
        listened(engine, ear, tmp_path).speak(utterance())
    other = scripted(*clips)
    other.online = True
    ear = Ear({clips[0].samples: 24})
    assert clips[1] == listened(other, ear, tmp_path / "other").speak(utterance())
