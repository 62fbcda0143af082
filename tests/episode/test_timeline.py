"""Clips become chapters and cues."""

import pytest

from builders import script, story, utterance
from qjaudio import rules
from qjaudio.episode.model import TAIL_MS, lay_out

SCRIPT = script(story())
SPOKEN = (
    utterance("您好。", part=0, pause_ms=1100, reader="女声"),
    utterance("新桥通车了。", part=1, line=0, pause_ms=700),
    utterance("桥很长。", part=1, line=1, pause_ms=380),
    utterance("大家走上桥头。", part=1, line=2, pause_ms=1100),
    utterance("再会。", part=2, pause_ms=1100),
)
LENGTHS = (610, 1500, 900, 1400, 620)


def test_chapters_start_on_whole_seconds() -> None:
    """The pause before a chapter is stretched, never shortened."""
    episode = lay_out(SCRIPT, SPOKEN, LENGTHS)
    assert [0, 2000, 8000] == [chapter.start_ms for chapter in episode.chapters]
    assert ["开场", "新桥通车了", "结束语"] == [chapter.title for chapter in episode.chapters]


def test_chapters_leave_no_gap() -> None:
    """Each ends where the next begins, the last with the file."""
    episode = lay_out(SCRIPT, SPOKEN, LENGTHS)
    ends = [*(chapter.start_ms for chapter in episode.chapters[1:]), episode.duration_ms]
    assert ends == [chapter.end_ms for chapter in episode.chapters]


def test_a_cue_is_as_long_as_its_clip() -> None:
    """Cues hold the printed text; pauses lie between them."""
    episode = lay_out(SCRIPT, SPOKEN, LENGTHS)
    assert list(LENGTHS) == [cue.end_ms - cue.start_ms for cue in episode.cues]
    assert [u.text for u in SPOKEN] == [cue.text for cue in episode.cues]
    assert 2000 + 1500 + 700 == episode.cues[2].start_ms
    assert episode.cues[-1].end_ms + TAIL_MS == episode.duration_ms


def test_facts_of_the_story_survive() -> None:
    """The printed page of a story is that of its chapter."""
    assert [None, 1, None] == [c.page for c in lay_out(SCRIPT, SPOKEN, LENGTHS).chapters]


def test_the_first_chapter_starts_with_the_file() -> None:
    """A lead for the sting lies inside the first chapter; the others start with their words."""
    episode = lay_out(SCRIPT, SPOKEN, LENGTHS, lead_ms=2300, tail_ms=3650)
    assert [0, 5000, 11000] == [chapter.start_ms for chapter in episode.chapters]
    assert [2300, 5000] == [cue.start_ms for cue in episode.cues[:2]]
    assert episode.cues[-1].end_ms + 3650 == episode.duration_ms == episode.chapters[-1].end_ms


@pytest.mark.parametrize("duration", range(0, 2000, 97))
def test_between_stories_is_no_dead_air(duration: int) -> None:
    """However long a part is, the next begins between 1.1 and 2.1 s after its last word."""
    lengths = (610, 1500, 900, duration, 620)
    cues = lay_out(SCRIPT, SPOKEN, lengths, lead_ms=2300).cues
    gaps = [cues[after].start_ms - cues[after - 1].end_ms for after in (1, 4)]
    assert all(1100 <= gap < 2100 for gap in gaps)


def test_pauses_are_a_news_readers() -> None:
    """Part over headline over paragraph over sentence over clause over list comma."""
    pauses = rules.phrases("pauses")
    order = ("part", "headline", "paragraph", "sentence", "clause", "list_comma", "none")
    lengths = [pauses[name] for name in order]
    assert sorted(set(lengths), reverse=True) == lengths
