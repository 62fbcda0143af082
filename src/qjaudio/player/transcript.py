"""The transcript in its chapters, as the page shows it."""

from bisect import bisect_right
from dataclasses import dataclass

from qjaudio.episode.model import Chapter, Cue, Episode
from qjaudio.episode.titles import chapter_title, printable

_MARKS = "。，、；：！？ "


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One cue of the transcript, ready to be shown."""

    start: str
    """Seconds, as an attribute of the page."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What is said in one chapter."""

    title: str
    kind: str
    heading: Sentence | None
    """The sentence that says the title, where the chapter begins with it."""
    sentences: tuple[Sentence, ...]


def seconds(milliseconds: int) -> str:
    """A time in seconds as short as it can be written: `52`, `4.4`."""
    return f"{milliseconds / 1000:.3f}".rstrip("0").rstrip(".")


def passages(episode: Episode) -> tuple[Passage, ...]:
    """The cues by the chapter in which they begin; one passage without title if there is none."""
    if not episode.chapters:
        return (_passage("", "", episode.cues),) if episode.cues else ()
    starts = [chapter.start_ms for chapter in episode.chapters]
    said: list[list[Cue]] = [[] for _ in starts]
    for cue in episode.cues:
        said[max(0, bisect_right(starts, cue.start_ms) - 1)].append(cue)
    return tuple(_of_chapter(*pair) for pair in zip(episode.chapters, said, strict=True))


def _of_chapter(chapter: Chapter, cues: list[Cue]) -> Passage:
    return _passage(chapter_title(chapter), chapter.kind, cues)


def _passage(title: str, kind: str, cues: list[Cue] | tuple[Cue, ...]) -> Passage:
    sentences = tuple(
        Sentence(start=seconds(cue.start_ms), text=text)
        for cue in cues
        if (text := printable(cue.text))
    )
    says_title = bool(title and sentences) and sentences[0].text.rstrip(_MARKS) == title.rstrip(
        _MARKS
    )
    return Passage(
        title=title,
        kind=kind,
        heading=sentences[0] if says_title else None,
        sentences=sentences[1:] if says_title else sentences,
    )
