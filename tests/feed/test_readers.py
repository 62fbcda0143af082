"""What other people's readers find in our files."""

import io

import feedparser
import podcastparser
import pytest
import webvtt

from feed.shows import episode, hostile, show
from qjaudio.episode.model import Episode, printable
from qjaudio.feed.rss import rss, srt, vtt

DAYS = [episode("2025-05-19"), episode("2025-05-20"), hostile()]
FEED = rss(show(), DAYS[:2])


def test_feedparser_reads_it_back() -> None:
    """Title, dates, lengths and pictures are found, and nothing is called malformed."""
    read = feedparser.parse(FEED.encode())
    assert not read.bozo
    assert ("今日衢江 · 有声版", "zh-cn") == (read.feed.title, read.feed.language)
    newest = read.entries[0]
    assert (2025, 5, 19, 22, 0) == tuple(newest.published_parsed[:5])
    assert ("90", "3854") == (newest.itunes_duration, newest.itunes_episode)
    enclosure = newest.enclosures[0]
    assert "https://example.cn/qj/2025-05-20.mp3" == enclosure.href
    assert ("724000", "audio/mpeg") == (enclosure.length, enclosure.type)
    assert "https://example.cn/qj/2025-05-20.jpg" == newest.image.href


def test_gpodder_reads_it_back() -> None:
    """podcastparser, which gPodder uses, finds episodes, guids, times and chapters."""
    read = podcastparser.parse("https://example.cn/qj/feed.xml", io.BytesIO(FEED.encode()))
    assert "https://example.cn/qj/cover.jpg" == read["cover_url"]
    newest = read["episodes"][0]
    assert "%E4%BB%8A%E6%97%A5%E8%A1%A2%E6%B1%9F:2025-05-20" == newest["guid"]
    assert (90, 1747692000) == (newest["total_time"], newest["published"])
    assert 724_000 == newest["enclosures"][0]["file_size"]
    expected = [(0, "开场"), (10, "新桥通车了"), (61, "老街又热闹了"), (80, "结束语")]
    assert expected == [(one["start"], one["title"]) for one in newest["chapters"]]


def test_hostile_feed_is_read_back() -> None:
    """Strange text harms neither the feed nor itself."""
    text = rss(show(), DAYS[2:])
    read = podcastparser.parse("https://example.cn/qj/feed.xml", io.BytesIO(text.encode()))
    assert not feedparser.parse(text.encode()).bozo
    chapters = read["episodes"][0]["chapters"]
    assert 41 == len(chapters)
    assert chapters[0]["title"].startswith('A<b>&amp;"c"\' ]]> --> 😀')


@pytest.mark.parametrize("one", DAYS, ids=["Monday", "Tuesday", "hostile"])
def test_webvtt_reads_both_transcripts(one: Episode) -> None:
    """webvtt-py finds the same times and texts in WebVTT and SubRip."""
    heard = [cue for cue in one.cues if printable(cue.text)]
    captions = webvtt.from_string(vtt(one)).captions
    assert [printable(cue.text) for cue in heard] == [unescaped(each.text) for each in captions]
    assert [cue.start_ms for cue in heard] == [milliseconds(each.start) for each in captions]
    subtitles = webvtt.from_buffer(io.StringIO(srt(one)), format="srt").captions
    assert [each.start for each in captions] == [each.start for each in subtitles]


def milliseconds(time: str) -> int:
    hours, minutes, seconds = time.split(":")
    return (int(hours) * 60 + int(minutes)) * 60_000 + int(seconds.replace(".", ""))


def unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
