"""What is asked of the feed (F) and of its pictures (A); each check yields what is wrong."""

import re
import uuid
from collections.abc import Iterator

from feed.inspected import ATOM, ITUNES, PODCAST, Feed, only_ascii_url, text_of

GUIDS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")


def f01(feed: Feed) -> Iterator[str]:
    """RSS 2.0 in UTF-8."""
    if not feed.text.startswith('<?xml version="1.0" encoding="UTF-8"?>'):
        yield "no declaration of UTF-8"
    if feed.root.tag != "rss" or feed.root.get("version") != "2.0":
        yield "not RSS 2.0"


def f02(feed: Feed) -> Iterator[str]:
    """The namespaces, letter by letter."""
    for name in (ITUNES, PODCAST, ATOM):
        if f'="{name[1:-1]}"' not in feed.text:
            yield f"namespace {name} is missing"


def f06(feed: Feed) -> Iterator[str]:
    """Title, description (4000 bytes) and link."""
    for name in ("title", "description", "link"):
        if not text_of(feed.channel, name):
            yield f"no {name}"
    if len(text_of(feed.channel, "description").encode()) > 4000:
        yield "description over 4000 bytes"


def f07(feed: Feed) -> Iterator[str]:
    """A language by ISO 639."""
    if not LANGUAGE.fullmatch(text_of(feed.channel, "language")):
        yield "language is not code"


def f08(feed: Feed) -> Iterator[str]:
    """Apple's category, spelled as Apple spells it."""
    category = feed.channel.find(f"{ITUNES}category")
    if category is None or category.get("text") != "News":
        yield "category is not News"
    elif [one.get("text") for one in category] != ["Daily News"]:
        yield "subcategory is not Daily News"


def f09(feed: Feed) -> Iterator[str]:
    """explicit is true or false; the older yes, no and clean fail."""
    for parent in (feed.channel, *feed.items):
        if text_of(parent, f"{ITUNES}explicit") not in ("true", "false"):
            yield "explicit is neither true nor false"


def f10(feed: Feed) -> Iterator[str]:
    """An author; an owner only with an e-mail address."""
    if not text_of(feed.channel, f"{ITUNES}author"):
        yield "no author"
    owner = feed.channel.find(f"{ITUNES}owner")
    if owner is not None and "@" not in text_of(owner, f"{ITUNES}email"):
        yield "owner without e-mail"


def f11(feed: Feed) -> Iterator[str]:
    """The feed names its own address and type."""
    links = [one.attrib for one in feed.channel.findall(f"{ATOM}link") if one.get("rel") == "self"]
    if len(links) != 1 or links[0].get("type") != "application/rss+xml":
        yield "no atom:link to itself with its type"
    elif not only_ascii_url(links[0].get("href", "")):
        yield "the link to itself is not an ASCII address"


def f12(feed: Feed) -> Iterator[str]:
    """podcast:guid is UUIDv5 of the address without scheme and last slash."""
    links = feed.links()
    address = links.get("current", links.get("self", "")).partition("://")[2].rstrip("/")
    if text_of(feed.channel, f"{PODCAST}guid") != str(uuid.uuid5(GUIDS, address)):
        yield "podcast:guid is not made of the address"


def f13(feed: Feed) -> Iterator[str]:
    """Whether other hosts may import the feed."""
    if text_of(feed.channel, f"{PODCAST}locked") not in ("yes", "no"):
        yield "locked is neither yes nor no"


def f14(feed: Feed) -> Iterator[str]:
    """The medium."""
    if text_of(feed.channel, f"{PODCAST}medium") != "podcast":
        yield "medium is not podcast"


def f15(feed: Feed) -> Iterator[str]:
    """The synthetic voice is disclosed, to machines and to people."""
    for parent in (feed.channel, *feed.items):
        marks = [
            one for one in parent.findall(f"{PODCAST}txt") if one.get("purpose") == "ai-content"
        ]
        if [one.text for one in marks] != ["true"]:
            yield "the synthetic voice is not marked"
        if "合成语音" not in text_of(parent, "description"):
            yield "the description does not say that the voice is synthetic"


def f18(feed: Feed) -> Iterator[str]:
    """How often it appears."""
    frequency = feed.channel.find(f"{PODCAST}updateFrequency")
    if frequency is None or not (frequency.get("rrule") or "").startswith("FREQ="):
        yield "no update frequency"


def f19(feed: Feed) -> Iterator[str]:
    """Who stands behind it."""
    if feed.channel.find(f"{PODCAST}person") is None:
        yield "nobody is named in the channel"
    for person in feed.root.iter(f"{PODCAST}person"):
        if not 0 < len(person.text or "") <= 128:
            yield "a person without a name, or with an endless one"


def a01(feed: Feed) -> Iterator[str]:
    """A picture for the show and for each episode."""
    for parent in (feed.channel, *feed.items):
        image = parent.find(f"{ITUNES}image")
        url = image.get("href", "") if image is not None else ""
        if not (only_ascii_url(url) and url.endswith((".jpg", ".png"))):
            yield f"no picture: {url!r}"
