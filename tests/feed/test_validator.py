"""The validator finds what it is there for: each rule has a fault that it reports."""

from datetime import UTC, datetime

import pytest

from feed import feed_rules, file_rules, item_rules
from feed.shows import episode, show
from feed.test_rss import NOW, published
from feed.validator import faults
from qjaudio.feed.rss import rss

DAYS = [episode("2025-05-19"), episode("2025-05-20")]
IN_FEED = [
    ("F01", 'version="2.0"', 'version="0.91"'),
    ("F02", "https://podcastindex.org/namespace/1.0", "https://podcastindex.org/namespace/1.0/"),
    ("F06", "<title>今日衢江 · 有声版</title>", ""),
    ("F07", "zh-cn</language>", "Chinese</language>"),
    ("F08", "Daily News", "daily news"),
    ("F09", "<itunes:explicit>false", "<itunes:explicit>no"),
    ("F10", "<itunes:author>今日衢江</itunes:author>", ""),
    ("F11", 'type="application/rss+xml"', ""),
    ("F12", "feed.xml", "other.xml"),
    ("F13", "<podcast:locked>yes", "<podcast:locked>maybe"),
    ("F14", "<podcast:medium>podcast", "<podcast:medium>music"),
    ("F15", 'purpose="ai-content"', 'purpose="verify"'),
    ("F15", "由人工智能合成语音播报", "由人播报"),
    ("F18", "FREQ=DAILY", ""),
    ("F19", ">甲一</podcast:person>", "></podcast:person>"),
    ("A01", "cover.jpg", "cover.webp"),
    ("I01", "<title>今日衢江 2025-05-20</title>", ""),
    ("I02", ":2025-05-20</guid>", ":2025-05-19</guid>"),
    ("I02", 'isPermaLink="false"', ""),
    ("I03", "Tue, 20 May", "20 May"),
    ("I04", "20 May 2025", "20 May 2035"),
    ("I04", "20 May 2025", "10 May 2025"),
    ("I05", "本期要闻", "长" * 1400),
    ("I06", "&lt;p&gt;", "&lt;script&gt;"),
    ("I06", "&lt;p&gt;", '&lt;a href="javascript:1"&gt;'),
    ("I07", "qj/2025-05-20.mp3", "qj/五月.mp3"),
    ("I08", 'length="724000"', 'length="0"'),
    ("I09", 'href="https:', 'href="http:'),
    ("I10", "<itunes:duration>90", "<itunes:duration>90.5"),
    ("I11", "<itunes:episode>3854", "<itunes:episode>0"),
    ("T01", 'type="text/vtt"', 'type="text/plain"'),
    ("T02", "2025-05-20.srt", "missing.srt"),
    ("C01", "application/json+chapters", "application/json"),
    ("C05", 'start="00:00:10"', 'start="00:00:11"'),
    ("C05", "00:00:10 新桥", "00:00:12 新桥"),
]
IN_FILES = [
    ("T03", "2025-05-20.vtt", "您好。", ""),
    ("T03", "2025-05-20.vtt", "您好。", "您&好。"),
    ("T03", "2025-05-20.vtt", "WEBVTT", "VTT"),
    ("T04", "2025-05-20.vtt", "00:00:10.000", "00:00:13.000"),
    ("T05", "2025-05-20.srt", "您好。", "您\n\n好。"),
    ("T06", "2025-05-20.json", "您好。", " "),
    ("C01", "2025-05-20.chapters.json", "1.2.0", "1.1.0"),
    ("C02", "2025-05-20.chapters.json", '"startTime": 10,', '"startTime": 10.5,'),
    ("C02", "2025-05-20.chapters.json", '"startTime": 0,', '"startTime": 1,'),
]


def found(text: str, files: dict[str, str], now: datetime = NOW) -> set[str]:
    return {fault.partition(":")[0] for fault in faults(text, files=files, now=now)}


@pytest.mark.parametrize(("rule", "good", "bad"), IN_FEED)
def test_fault_in_the_feed_is_found(rule: str, good: str, bad: str) -> None:
    """A feed spoiled in one place breaks the rule that speaks of it."""
    text = rss(show(), DAYS)
    assert good in text
    assert rule in found(text.replace(good, bad), published(DAYS))


@pytest.mark.parametrize(("rule", "name", "good", "bad"), IN_FILES)
def test_fault_in_a_file_is_found(rule: str, name: str, good: str, bad: str) -> None:
    """A transcript or a list of chapters spoiled in one place breaks its rule."""
    files = published(DAYS)
    assert good in files[name]
    spoiled = {**files, name: files[name].replace(good, bad, 1)}
    assert rule in found(rss(show(), DAYS), spoiled)


def test_every_rule_has_a_fault() -> None:
    """No check is without a case above that makes it speak."""
    rules = {
        name.upper()
        for module in (feed_rules, item_rules, file_rules)
        for name in vars(module)
        if len(name) == 3 and name[1:].isdigit()
    }
    assert rules == {case[0] for case in (*IN_FEED, *IN_FILES)}


def test_date_ahead_of_now_is_found() -> None:
    """The same feed is good after its date and bad before it."""
    text = rss(show(), DAYS)
    assert set() == found(text, published(DAYS))
    assert {"I04"} == found(text, published(DAYS), datetime(2025, 5, 19, tzinfo=UTC))
