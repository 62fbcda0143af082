"""The feed as a whole: valid, stable and deterministic."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from feed.inspected import ITUNES, PODCAST
from feed.shows import HOSTILE, episode, hostile, show
from feed.validator import faults
from qjaudio.episode.model import Episode
from qjaudio.feed.model import Show
from qjaudio.feed.rss import chapters_json, rss, srt, transcript_json, vtt

NOW = datetime(2025, 5, 21, tzinfo=UTC)
WEEK = [episode(f"2025-05-{day:02}") for day in range(14, 21)]


def published(episodes: Sequence[Episode]) -> dict[str, str]:
    """The texts beside the audio, by their names."""
    renderers = {
        ".vtt": vtt,
        ".srt": srt,
        ".json": transcript_json,
        ".chapters.json": chapters_json,
    }
    return {
        one.date + suffix: render(one) for one in episodes for suffix, render in renderers.items()
    }


def tree(text: str) -> ET.Element:
    return ET.fromstring(text.encode())  # noqa: S314  (our own feed)


@pytest.mark.parametrize(
    ("a_show", "episodes"),
    [
        pytest.param(show(), WEEK, id="a week"),
        pytest.param(show(email="bao@example.cn"), WEEK[:1], id="with an owner"),
        pytest.param(show(base_url="https://报纸.cn/今日 衢江"), WEEK, id="Chinese address"),
        pytest.param(show(), [hostile()], id="hostile episode"),
        pytest.param(
            show(title=HOSTILE, author=HOSTILE, description="合成语音" + HOSTILE * 200),
            WEEK,
            id="hostile show",
        ),
        pytest.param(show(), [], id="no episode"),
    ],
)
def test_every_rule_holds(a_show: Show, episodes: list[Episode]) -> None:
    """The feed and all that it names is what the apps ask for, whatever the texts are."""
    assert [] == faults(rss(a_show, episodes), files=published(episodes), now=NOW)


def test_same_input_gives_same_bytes() -> None:
    """Neither the order of the episodes nor another run changes a byte."""
    assert rss(show(), WEEK) == rss(show(), WEEK[3:] + WEEK[:3])


def test_newest_comes_first() -> None:
    """Items stand by the time of publication, and the newest dates the feed."""
    channel = tree(rss(show(), WEEK)).find("channel")
    assert channel is not None
    dates = [item.findtext("pubDate") for item in channel.iter("item")]
    assert "Tue, 20 May 2025 06:00:00 +0800" == dates[0] == channel.findtext("lastBuildDate")
    assert "Wed, 14 May 2025 06:00:00 +0800" == dates[-1]


def test_an_episode_made_again_dates_the_feed() -> None:
    """Apps that look at lastBuildDate alone fetch it again; its own date stays."""
    again = [replace(one, updated="2025-05-20T09:30:00+08:00") for one in WEEK[:2]]
    channel = tree(rss(show(), [*again, *WEEK[2:]])).find("channel")
    assert channel is not None
    assert "Tue, 20 May 2025 09:30:00 +0800" == channel.findtext("lastBuildDate")
    dates = [item.findtext("pubDate") for item in channel.iter("item")]
    assert "Tue, 20 May 2025 06:00:00 +0800" == dates[0]


def test_guid_outlives_everything_but_paper_and_date() -> None:
    """A new host, title, audio or time of making leaves the guid of an episode as it was."""
    moved = show(base_url="https://elsewhere.cn/", title="新名字", author="新作者")
    remade = episode(duration_ms=1, audio_bytes=99, title="更正", published="2025-05-20T09:30:00Z")
    assert guids(show(), [episode()]) == guids(moved, [remade])
    assert ["%E4%BB%8A%E6%97%A5%E8%A1%A2%E6%B1%9F:2025-05-20"] == guids(show(), [episode()])


def guids(a_show: Show, episodes: list[Episode]) -> list[str | None]:
    return [guid.text for guid in tree(rss(a_show, episodes)).iter("guid")]


def test_only_files_that_are_there_are_named() -> None:
    """A feed never promises a file that `out/` lacks, and links a page that it has."""
    names = {"2025-05-20.vtt", "2025-05-20.html"}
    text = rss(show(), [episode()], files=names)
    urls = [one.get("url") for one in tree(text).iter(f"{PODCAST}transcript")]
    assert ["https://example.cn/qj/2025-05-20.vtt"] == urls
    item = tree(text).find("channel/item")
    assert item is not None
    assert "https://example.cn/qj/2025-05-20.html" == item.findtext("link")
    assert item.find(f"{PODCAST}chapters") is None
    assert item.find(f"{ITUNES}image") is None


def test_no_page_is_promised_unasked() -> None:
    """Without word of the files an item has no link."""
    assert tree(rss(show(), [episode()])).find("channel/item/link") is None


def test_number_of_the_issue_is_optional() -> None:
    """An issue without a number gives no itunes:episode, one with a number gives it."""
    with_number, without = rss(show(), [episode()]), rss(show(), [episode(issue_number=None)])
    assert "<itunes:episode>3854</itunes:episode>" in with_number
    assert "<itunes:episode>" not in without


def test_reporters_are_credited_once() -> None:
    """Each reporter of the day is named once, in the order of the paper."""
    item = tree(rss(show(), [episode()])).find("channel/item")
    assert item is not None
    assert ["甲一", "乙二"] == [one.text for one in item.iter(f"{PODCAST}person")]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2025-05-20T09:30:00+08:00", "Tue, 20 May 2025 09:30:00 +0800"),
        ("2025-05-20T01:30:00+00:00", "Tue, 20 May 2025 01:30:00 +0000"),
        ("2025-05-20T09:30:00", "Tue, 20 May 2025 09:30:00 +0800"),
        ("", "Tue, 20 May 2025 06:00:00 +0800"),
    ],
)
def test_date_of_publication(given: str, expected: str) -> None:
    """A time keeps its offset; without one it is China's, without a time it is the morning."""
    item = tree(rss(show(), [episode(published=given)])).find("channel/item")
    assert item is not None
    assert expected == item.findtext("pubDate")


def test_no_paper_without_chapters_breaks_it() -> None:
    """An episode without chapters has no chapter elements instead of empty ones."""
    text = rss(show(), [episode(chapters=())])
    assert "podcast:chapters" not in text
    assert "psc:chapter" not in text
