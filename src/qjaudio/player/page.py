"""The page of an episode: player, stories and transcript."""

import json
from collections.abc import Mapping

from qjaudio.episode.model import Episode
from qjaudio.episode.titles import chapter_link, chapter_title, disclosures, printable
from qjaudio.feed.model import Show
from qjaudio.player import wording
from qjaudio.player.templating import filled
from qjaudio.player.transcript import passages, seconds

SPEEDS = ("0.75", "1", "1.25", "1.5", "1.75", "2")
SLEEP_MINUTES = (15, 30)
STAMP = '<meta name="qjaudio-page" content="{stamp}">'
"""How a page says from what it was made; it stands in the first lines of the page."""
_SCRIPT_WORDS = (
    "play", "pause", "position_text", "slept", "keep", "keeping", "kept", "keep_failed", "broken",
    "story_now",
)  # fmt: skip


def episode_page(show: Show, episode: Episode, *, audio_version: str, stamp: str) -> str:
    """The page of an episode; `audio_version` changes whenever the audio does.

    The version stands in the address of the audio, so that neither a browser nor our worker can
    play yesterday's file to today's corrected transcript.
    """
    words = wording.words()["episode"]
    return filled(
        "episode.html",
        show,
        stamp=STAMP.format(stamp=stamp),
        date=episode.date,
        length_s=-(-episode.duration_ms // 1000),
        audio=f"{episode.date}.mp3?v={audio_version}",
        heading=wording.long_day(episode.date),
        facts=_facts(episode),
        chapters=_listed(episode),
        passages=passages(episode),
        disclosures=disclosures(episode),
        speeds=SPEEDS,
        sleep_minutes=SLEEP_MINUTES,
        script_words=json.dumps({name: words[name] for name in _SCRIPT_WORDS}, ensure_ascii=False),
    )


def _facts(episode: Episode) -> str:
    """Weekday, lunar date, number of the issue, stories and length."""
    words = wording.words()
    count = sum(chapter.kind == "story" for chapter in episode.chapters)
    number = episode.issue_number
    return wording.joined(
        wording.weekday(episode.date),
        printable(episode.lunar_date),
        words["issue_number"].format(number=number) if number else "",
        words["stories_count"].format(count=count) if count else "",
        wording.about(episode.duration_ms),
    )


def _listed(episode: Episode) -> list[Mapping[str, str]]:
    """The chapters as a list for the template; stories are numbered."""
    listed: list[Mapping[str, str]] = []
    number = 0
    for chapter in episode.chapters:
        number += chapter.kind == "story"
        listed.append(
            {
                "number": str(number) if chapter.kind == "story" else "",
                "kind": chapter.kind,
                "start": seconds(chapter.start_ms),
                "title": chapter_title(chapter),
                "facts": wording.story_facts(chapter),
                "url": chapter_link(chapter),
            }
        )
    return listed
