"""Nothing is spoken twice, and nothing is taken for something else."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qjaudio.engines.wrappers import Cached, ClipCache
from qjaudio.errors import EngineError
from qjaudio.speech.model import Clip, Word


def test_the_second_time_comes_from_the_cache(
    scripted: Any, utterance: Any, good_clip: Clip, tmp_path: Path
) -> None:
    """A hit calls nothing and gives the same sound, in a later program too."""
    engine = scripted(good_clip)
    first = Cached(engine, ClipCache(tmp_path))
    later = Cached(engine, ClipCache(tmp_path))
    assert good_clip == first.speak(utterance())
    assert good_clip == later.speak(utterance())
    assert len(engine.asked) == 1
    assert [1, 0] == [cached.misses for cached in (first, later)]


def test_whatever_shapes_the_sound_is_in_the_key(scripted: Any, utterance: Any) -> None:
    """Another engine, voice, rate, pitch, word or reading is another clip."""
    cached = Cached(scripted(), ClipCache(Path()))
    plain = utterance("长。")
    other = replace(scripted(), identity="scripted/2")
    keys = {
        cached.key(plain),
        cached.key(replace(plain, voice="second")),
        cached.key(replace(plain, words=(Word("长", ("zhang3",)), Word("。")))),
        cached.key(replace(plain, words=(Word("长", ("ma1",), ("ma3",)), Word("。")))),
        cached.key(replace(plain, words=(Word("常", ("ma1",)), Word("。")))),
        cached.key(replace(plain, words=(Word("长", ("ma1",)), Word("！")))),
        cached.key(replace(plain, rate=1.05)),
        cached.key(replace(plain, pitch_hz=2)),
        cached.key(replace(plain, rate=1.05, pitch_hz=2)),
        Cached(other, ClipCache(Path())).key(plain),
    }
    assert len(keys) == 10


def test_whatever_does_not_shape_the_sound_is_not(scripted: Any, utterance: Any) -> None:
    """Place, pause, reader, gain (given later) and the default voice's name make no clip."""
    cached = Cached(scripted(), ClipCache(Path()))
    plain = utterance("长。")
    moved = replace(plain, part=3, line=7, pause_ms=500, reader="甲", text="长", voice="first")
    moved = replace(moved, gain_db=3.0)
    assert cached.key(plain) == cached.key(moved)


def test_a_damaged_entry_is_spoken_again(
    scripted: Any, utterance: Any, good_clip: Clip, tmp_path: Path
) -> None:
    """A flipped byte in the cache never reaches the listener."""
    engine = scripted(good_clip)
    cached = Cached(engine, ClipCache(tmp_path))
    cached.speak(utterance())
    (entry,) = tmp_path.rglob("*.pcm")
    damaged = bytearray(entry.read_bytes())
    damaged[1000] ^= 1
    entry.write_bytes(damaged)
    assert good_clip == cached.speak(utterance())
    assert 2 == cached.misses


def test_a_failure_is_not_kept(
    scripted: Any, utterance: Any, good_clip: Clip, tmp_path: Path
) -> None:
    """After an error the next call asks the engine again."""
    cached = Cached(scripted(EngineError("no"), good_clip), ClipCache(tmp_path))
    with pytest.raises(EngineError):
        cached.speak(utterance())
    assert good_clip == cached.speak(utterance())


def test_a_clip_of_another_rate_is_not_kept(
    scripted: Any, utterance: Any, good_clip: Clip, tmp_path: Path
) -> None:
    """An entry does not say its rate, so only 24 kHz goes in."""
    odd = Clip(good_clip.pcm, 22_050)
    cached = Cached(scripted(odd), ClipCache(tmp_path))
    assert [odd, odd] == [cached.speak(utterance()), cached.speak(utterance())]


def test_counts_are_right_under_threads(
    scripted: Any, utterance: Any, good_clip: Clip, tmp_path: Path
) -> None:
    """Of callers at once one has it spoken, and is counted."""
    cached = Cached(scripted(good_clip), ClipCache(tmp_path))
    with ThreadPoolExecutor(8) as pool:
        clips = list(pool.map(lambda _: cached.speak(utterance()), range(64)))
    assert 1 == cached.misses
    assert {good_clip} == set(clips)


def test_a_clip_in_the_making_is_not_made_twice(
    scripted: Any, utterance: Any, good_clip: Clip, tmp_path: Path
) -> None:
    """A headline is said in the rundown and in its story: eight callers, one speaking."""
    together = threading.Barrier(8)
    engine = scripted(good_clip)
    cached = Cached(engine, ClipCache(tmp_path))

    def speak(_: int) -> Clip:
        together.wait(60)
        return cached.speak(utterance())

    with ThreadPoolExecutor(8) as pool:
        assert {good_clip} == set(pool.map(speak, range(8)))
    assert (1, 1) == (cached.misses, len(engine.asked))


def test_whoever_waits_for_a_failure_tries_it_himself(
    scripted: Any, utterance: Any, good_clip: Clip, tmp_path: Path
) -> None:
    """An error goes to the one who met it; nobody is locked out afterwards."""
    cached = Cached(scripted(EngineError("no"), good_clip), ClipCache(tmp_path))
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(cached.speak, utterance()) for _ in range(2)]
        failed = [call.exception() for call in calls]
    assert 1 == sum(error is None for error in failed)
