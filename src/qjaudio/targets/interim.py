"""The feed for the moment in which an MP3 is replaced by one of another length."""

from collections.abc import Mapping
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

from qjaudio.feed.tree import serialize, tag


def without(feed: bytes, sizes: Mapping[str, int]) -> bytes | None:
    """A feed without the items that name a file of `sizes` with another length than there.

    Two files cannot be replaced in one step. Were the MP3 first, the old feed would name a wrong
    length; were it the feed, the new one would. So the feed says nothing of that episode until
    both are there. None where nothing has to be left out, or where this is no feed.
    """
    root = _parsed(feed)
    channel = None if root is None else root.find("channel")
    if root is None or channel is None:
        return None
    stale = [item for item in channel.findall("item") if _is_stale(item, sizes)]
    for item in stale:
        channel.remove(item)
    return serialize(root).encode() if stale else None


def guid_of(feed: bytes) -> str:
    """The podcast:guid of the show that a feed belongs to; empty where it tells none."""
    root = _parsed(feed)
    found = None if root is None else root.findtext(f"channel/{tag('podcast:guid')}")
    return (found or "").strip()


def _parsed(feed: bytes) -> ET.Element | None:
    try:
        return ET.fromstring(feed)  # noqa: S314 - expat limits entities; it is our own feed
    except (ET.ParseError, ValueError, LookupError):
        return None


def _is_stale(item: ET.Element, sizes: Mapping[str, int]) -> bool:
    enclosure = item.find("enclosure")
    if enclosure is None:
        return False
    name = unquote(urlsplit(enclosure.get("url", "")).path).rpartition("/")[2]
    return name in sizes and enclosure.get("length") != str(sizes[name])
