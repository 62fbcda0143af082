"""The page of an episode: player, stories and transcript."""

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qjaudio.episode.model import Cue, Episode
from qjaudio.episode.titles import chapter_link, chapter_title, disclosures, printable
from qjaudio.feed.model import Show
from qjaudio.player.templating import (
    long_day_text,
    render,
    rough_length_text,
    story_facts,
    weekday_text,
    with_dots,
    words,
)

SPEEDS = ("0.75", "1", "1.25", "1.5", "1.75", "2")
SLEEP_MINUTES = (15, 30)
STAMP = '<meta name="qjaudio-page" content="{stamp}">'
"""How a page says from what it was made; it stands in the first lines of the page."""
_SCRIPT_WORDS = (
    "play", "pause", "position_text", "slept", "keep", "keeping", "kept", "keep_failed", "offline",
    "gone", "server_fails", "interrupted", "damaged", "no_output", "story_now",
)  # fmt: skip
_MARKS = "。，、；：！？ "


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSentence:
    """One cue of the transcript, ready to be shown."""

    start: str
    """Seconds, as an attribute of the page."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What is said in one chapter."""

    title: str
    kind: str
    heading: ShownSentence | None
    """The sentence that says the title, where the chapter begins with it."""
    sentences: tuple[ShownSentence, ...]


def episode_page(show: Show, episode: Episode, *, audio_version: str, stamp: str) -> str:
    """The page of an episode; `audio_version` changes whenever the audio does.

    The version stands in the address of the audio, so that neither a browser nor our worker can
    play yesterday's file to today's corrected transcript.
    """
    labels = words()["episode"]
    spoken = {name: labels[name] for name in _SCRIPT_WORDS}
    spoken |= {name: words()[name] for name in ("seconds", "minutes_seconds")}
    return render(
        "episode.html",
        show,
        stamp=STAMP.format(stamp=stamp),
        date=episode.date,
        length_s=-(-episode.duration_ms // 1000),
        audio=f"{episode.date}.mp3?v={audio_version}",
        heading=long_day_text(episode.date),
        facts=_episode_facts(episode),
        chapters=_list_chapters(episode),
        passages=_passages(episode),
        disclosures=disclosures(episode),
        speeds=SPEEDS,
        sleep_minutes=SLEEP_MINUTES,
        script_words=json.dumps(spoken, ensure_ascii=False),
    )


def _episode_facts(episode: Episode) -> str:
    """Weekday, lunar date, number of the issue, stories and length."""
    labels = words()
    count = sum(chapter.kind == "story" for chapter in episode.chapters)
    number = episode.issue_number
    return with_dots(
        weekday_text(episode.date),
        printable(episode.lunar_date),
        labels["issue_number"].format(number=number) if number else "",
        labels["stories_count"].format(count=count) if count else "",
        rough_length_text(episode.duration_ms),
    )


def _list_chapters(episode: Episode) -> list[Mapping[str, str]]:
    """The chapters as a list for the template; stories are numbered."""
    rows: list[Mapping[str, str]] = []
    number = 0
    for chapter in episode.chapters:
        number += chapter.kind == "story"
        rows.append(
            {
                "number": str(number) if chapter.kind == "story" else "",
                "kind": chapter.kind,
                "start": start_attribute(chapter.start_ms),
                "title": chapter_title(chapter),
                "facts": story_facts(chapter),
                "url": chapter_link(chapter),
            }
        )
    return rows


def start_attribute(milliseconds: int) -> str:
    """A time in seconds as short as it can be written: `52`, `4.4`."""
    return f"{milliseconds / 1000:.3f}".rstrip("0").rstrip(".")


def _passages(episode: Episode) -> tuple[Passage, ...]:
    """The cues by the chapter in which they begin; one passage without title if there is none."""
    if not episode.chapters:
        return (_passage("", "", episode.cues),) if episode.cues else ()
    starts = [chapter.start_ms for chapter in episode.chapters]
    said: list[list[Cue]] = [[] for _ in starts]
    for cue in episode.cues:
        said[max(0, bisect_right(starts, cue.start_ms) - 1)].append(cue)
    return tuple(
        _passage(chapter_title(chapter), chapter.kind, cues)
        for chapter, cues in zip(episode.chapters, said, strict=True)
    )


def _passage(title: str, kind: str, cues: Sequence[Cue]) -> Passage:
    sentences = tuple(
        ShownSentence(start=start_attribute(cue.start_ms), text=text)
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
