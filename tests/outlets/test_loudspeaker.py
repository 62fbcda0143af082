"""A programme of an exact length: whole stories, nothing announced that is not told."""

import hashlib
import random
import struct
import wave
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from mutagen.mp3 import MP3

from builders import story
from qjaudio.episode.model import lay_out
from qjaudio.episode.music import Levels
from qjaudio.episode.tag import check_label
from qjaudio.errors import UsageError
from qjaudio.outlets import Finished, loudspeaker, outlet_of
from qjaudio.outlets.loudspeaker import Loudspeaker, best_filled
from qjaudio.speech.model import Utterance

Build = Callable[..., Finished]
LEVELS = Levels(sting=-3.0, bed=-24.0, chime=-9.0, closing=-5.0)


def planned(source: Finished, want_ms: int) -> tuple[list[Utterance], int]:
    """What is said in so long, and how much of it is music at the end."""
    said, lengths = source.spoken.utterances, source.spoken.durations_ms  # type: ignore[attr-defined]
    numbers = loudspeaker._choose(source, said, lengths, LEVELS, want_ms)
    kept, times = [said[n] for n in numbers], [lengths[n] for n in numbers]
    kept = loudspeaker._stretch(source, kept, times, LEVELS, want_ms)
    episode = lay_out(source.script, kept, times, lead_ms=LEVELS.lead_ms, tail_ms=LEVELS.tail_ms)
    return kept, want_ms - episode.duration_ms


@pytest.mark.parametrize("seed", range(20))
def test_every_edition_fits_its_slot(seed: int, build: Build) -> None:
    """Never longer; the rest is under a second, or all is told and the pauses are at their most."""
    chance = random.Random(seed)  # noqa: S311
    count = chance.randint(3, 20)
    stories = [
        story(f"第{n}条新闻", *["说了一句话。"] * chance.randint(1, 9)) for n in range(count)
    ]
    lines = 1 + count + 1 + sum(len(one.lines) for one in stories) + 2
    source = build(*stories, lengths=[chance.randint(900, 9000) for _ in range(lines)])
    want_ms = chance.randint(90, 600) * 1000
    said, music_ms = planned(source, want_ms)
    told = {one.part for one in said}
    parts = [one.part for one in said]
    gaps = sum(first != second for first, second in pairwise(parts))
    assert 0 <= music_ms
    assert music_ms < 1000 or len(told) == count + 3 or music_ms < 90_000
    extra = sum(one.pause_ms - 400 for one in said)
    assert extra <= gaps * loudspeaker.STRETCH_MS
    for at in told:  # a story is told whole
        assert sum(one.part == at for one in said) == len(source.script.parts[at].lines) or at == 1


def test_a_story_that_is_left_out_is_not_announced(build: Build) -> None:
    """Neither it nor its headline in the rundown is said, and the producer is told."""
    source = build(*(story(f"第{n}条新闻", *["说了一句很长的话。"] * 6) for n in "一二三四"))
    said, _ = planned(source, 50_000)
    titles = {one.text for one in said if one.part == 1}
    told = {source.script.parts[one.part].title for one in said}
    left = {part.title for part in source.script.stories} - told
    assert left
    assert not left & titles
    assert titles >= told & {part.title for part in source.script.stories}
    remarks = loudspeaker._remarks(source, said, 0.0)
    assert {f"left out: {one}" for one in left} == set(remarks)


def test_the_room_is_filled_as_well_as_can_be() -> None:
    """Two that fit beat one that is longer; of equals the first stories are told."""
    assert frozenset({2, 3}) == best_filled({1: 700, 2: 500, 3: 500}, 1000)
    assert frozenset({1}) == best_filled({1: 600, 2: 600}, 1000)
    assert frozenset() == best_filled({1: 1100}, 1000)


@pytest.mark.parametrize(("form", "before"), [("wav", "gong"), ("mp3", "none")])
def test_a_file_has_the_length_that_was_asked_for(
    form: str, before: str, build: Build, tmp_path: Path
) -> None:
    """To the sample, gong and music included; a WAV carries its label in a chunk of its own."""
    source = build(lengths=[700] * 11, sting=None, bed=-24.0, chime=None, closing=-5.0)
    kind = Loudspeaker(length="0:26", format=form, before=before, rate=16_000, lufs=-23.0)
    assert () == tuple(kind.write(source, tmp_path, tmp_path))
    path = tmp_path / f"2025-05-20.{form}"
    if form == "mp3":
        assert 26 == pytest.approx(MP3(path).info.length, abs=0.1)
        return
    content = path.read_bytes()
    with wave.open(str(path)) as file:
        assert (16_000, 1, 26 * 16_000) == (
            file.getframerate(),
            file.getnchannels(),
            pytest.approx(file.getnframes(), abs=160),
        )
    assert len(content) - 8 == struct.unpack("<I", content[4:8])[0]
    at = content.rindex(b"AIGC")
    label = content[at + 8 :].decode().strip()
    check_label(label, hashlib.sha256(content[12:at]).hexdigest())


def test_a_length_in_which_nothing_fits_is_refused(build: Build, tmp_path: Path) -> None:
    """It is said what does not fit, and how long it has to be."""
    source = build(sting=None, bed=None, chime=None, closing=None)
    for length, what in (("0:02", "opening and sign-off"), ("0:15", "the shortest story")):
        with pytest.raises(UsageError, match=what) as caught:
            Loudspeaker(length=length, before="none").write(source, tmp_path, tmp_path)
        assert "at least 00:" in caught.value.hint
        needed = caught.value.hint.rpartition(" ")[2]
    said, _ = planned(source, 60_000)
    assert said
    Loudspeaker(length=needed)


@pytest.mark.parametrize(
    "settings",
    [
        {"length": "later"}, {"length": "0"}, {"length": "9:00:00"}, {"format": "ogg"},
        {"before": "siren"}, {"lufs": "-3"}, {"lufs": "loud"}, {"rate": "8000"}, {"sise": "1"},
        {"lufs": True}, {"length": ["30:00"]},
    ],
)  # fmt: skip
def test_a_wrong_setting_is_refused(settings: dict[str, object]) -> None:
    """Each names itself, before anything is made."""
    with pytest.raises(UsageError, match=f"{next(iter(settings))}|setting"):
        outlet_of("loudspeaker", settings)
