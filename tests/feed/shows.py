"""A show and its episodes for the tests of the feed."""

from dataclasses import replace
from typing import Any

from qjaudio.episode.model import Chapter, Cue, Episode
from qjaudio.feed.model import Show

HOSTILE = 'A<b>&amp;"c"\' ]]> --> \x00\x07\x1b\ud800\ufffe 😀👨‍👩‍👧 \u202e坏\n\n标题'
"""Markup, quotes, the end of a CDATA section and of a cue's times, what XML forbids, emoji."""


def show(**others: Any) -> Show:
    """A show with everything that it needs."""
    given = Show(
        paper="今日衢江",
        title="今日衢江 · 有声版",
        description="每天听报，由人工智能合成语音播报。",
        author="今日衢江",
        base_url="https://example.cn/qj/",
    )
    return replace(given, **others)


def episode(date: str = "2025-05-20", **others: Any) -> Episode:
    """An episode of two stories: 90 seconds and a half."""
    given = Episode(
        paper="今日衢江",
        date=date,
        title=f"今日衢江 {date}",
        duration_ms=90_500,
        chapters=(
            Chapter(start_ms=0, end_ms=10_000, title="开场", kind="opening"),
            story(10_000, 61_000, "新桥通车了", byline=("甲一", "乙二")),
            story(61_000, 80_000, "老街又热闹了", page=2, byline=("乙二",)),
            Chapter(start_ms=80_000, end_ms=90_500, title="结束语", kind="sign_off"),
        ),
        cues=(
            Cue(start_ms=0, end_ms=2_345, text="您好。", speaker="晓伊"),
            Cue(start_ms=10_000, end_ms=12_000, text="新桥通车了。", speaker="云希"),
            Cue(start_ms=12_700, end_ms=15_030, text="桥很长。", speaker="云希"),
            Cue(start_ms=61_000, end_ms=64_000, text="老街又热闹了。", speaker="晓伊"),
        ),
        issue_number=3854,
        published=f"{date}T06:00:00+08:00",
        audio_bytes=724_000,
    )
    return replace(given, **others)


def story(start_ms: int, end_ms: int, title: str, **others: Any) -> Chapter:
    """A chapter of page 1, unless told otherwise."""
    return replace(Chapter(start_ms=start_ms, end_ms=end_ms, title=title, page=1), **others)


def hostile() -> Episode:
    """An episode in which every text is meant to break something."""
    stories = [
        story(number * 1000, number * 1000 + 1000, HOSTILE + "长" * 5000, byline=(HOSTILE,))
        for number in range(40)
    ]
    return episode(
        paper=HOSTILE,
        title=HOSTILE * 20,
        chapters=(*stories, story(40_000, 41_000, " \x00 ", url="javascript:alert(1)")),
        cues=(
            Cue(start_ms=0, end_ms=900, text=HOSTILE, speaker=HOSTILE),
            Cue(start_ms=900, end_ms=900, text="短。", speaker=""),
            Cue(start_ms=1000, end_ms=1500, text=" \n\x00 ", speaker="晓伊"),
        ),
    )
