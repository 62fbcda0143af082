"""What is asked of each item (I); each check yields what is wrong."""

import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

from feed.inspected import CONTENT, ITUNES, Feed, only_ascii_url, text_of

RFC_2822 = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}"
)

HTTPS = re.compile(r"https:|http://(127\.|10\.|192\.168\.|localhost[:/])")


def i01(feed: Feed) -> Iterator[str]:
    """A title and one enclosure."""
    for item in feed.items:
        if not text_of(item, "title") or len(item.findall("enclosure")) != 1:
            yield "an item without a title or without one enclosure"


def i02(feed: Feed) -> Iterator[str]:
    """A unique guid that is not an address."""
    guids = [text_of(item, "guid") for item in feed.items]
    if len(set(guids)) != len(guids) or not all(guids):
        yield "guids are missing or not unique"
    if any(guid.get("isPermaLink") != "false" for guid in feed.root.iter("guid")):
        yield "a guid pretends to be an address"


def i03(feed: Feed) -> Iterator[str]:
    """Dates by RFC 2822, with weekday and offset."""
    for date in (*feed.root.iter("pubDate"), *feed.root.iter("lastBuildDate")):
        if not RFC_2822.fullmatch(date.text or ""):
            yield f"date {date.text!r} is not RFC 2822"
    if any(item.find("pubDate") is None for item in feed.items):
        yield "an item without a date"


def i04(feed: Feed) -> Iterator[str]:
    """No date ahead of now; the newest first."""
    dates = [parsedate_to_datetime(date.text or "") for date in feed.root.iter("pubDate")]
    if any(date > feed.now for date in dates):
        yield "a date ahead of now: apps drop it"
    if dates != sorted(dates, reverse=True):
        yield "not the newest first"


def i05(feed: Feed) -> Iterator[str]:
    """A description of at most 4000 bytes."""
    for item in feed.items:
        if not 0 < len(text_of(item, "description").encode()) <= 4000:
            yield "description is empty or over 4000 bytes"


def i06(feed: Feed) -> Iterator[str]:
    """Notes in the few tags that every app shows, with links to the web only."""
    for item in feed.items:
        notes = text_of(item, f"{CONTENT}encoded")
        tags = set(re.findall(r"</?([^\s>]*)", notes))
        if not notes or tags - {"p", "ol", "ul", "li", "a"}:
            yield f"notes are empty or hold other tags: {sorted(tags)}"
        if re.search(r'href="(?!https?://)', notes):
            yield "a link in the notes does not lead to the web"


def i07(feed: Feed) -> Iterator[str]:
    """Unique addresses in ASCII."""
    urls = [one.get("url", "") for one in feed.root.iter("enclosure")]
    if len(set(urls)) != len(urls) or not all(map(only_ascii_url, urls)):
        yield "enclosures are not unique, or not ASCII"


def i08(feed: Feed) -> Iterator[str]:
    """Length and type of the audio; AntennaPod takes less than 16384 bytes for unknown."""
    for one in feed.root.iter("enclosure"):
        if one.get("type") != "audio/mpeg" or int(one.get("length", "0")) < 16_384:
            yield "enclosure without its type or its length"


def i09(feed: Feed) -> Iterator[str]:
    """Everything is reached by https; http will do on this machine and in a house."""
    for one in feed.root.iter():
        for name in ("url", "href"):
            if not HTTPS.match(one.get(name, "https:")):
                yield f"{one.tag} is not reached by https: {one.get(name)}"


def i10(feed: Feed) -> Iterator[str]:
    """The duration in whole seconds."""
    for item in feed.items:
        if not re.fullmatch(r"[1-9]\d*", text_of(item, f"{ITUNES}duration")):
            yield "duration is not in whole seconds"


def i11(feed: Feed) -> Iterator[str]:
    """The type of the episode, and a number that is not zero."""
    for item in feed.items:
        number = item.findtext(f"{ITUNES}episode")
        if text_of(item, f"{ITUNES}episodeType") != "full" or (
            number is not None and not re.fullmatch(r"[1-9]\d*", number)
        ):
            yield "episode type or number"
