"""Where the files of a show are reached, and the names that it keeps for ever."""

import re
import unicodedata
import uuid
from urllib.parse import quote, urlsplit, urlunsplit

from qjaudio.feed.model import Show

FEED = "feed.xml"
SHOW_COVER = "cover.jpg"
PODCAST_NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""The UUID under which the podcast namespace makes its guids."""
_URL_MARKS = "/%:@!$&'()*+,;=~?#[]"


def ascii_url(url: str) -> str:
    """The address in ASCII, as feeds need it: IDNA for the host, percent signs for the rest."""
    scheme, host, path, query, fragment = urlsplit(url)
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    quoted = (quote(part, safe=_URL_MARKS) for part in (path, query, fragment))
    return urlunsplit((scheme, host, *quoted))


def file_url(show: Show, name: str) -> str:
    """The address of a published file."""
    return ascii_url(show.base_url.rstrip("/") + "/") + quote(name)


def podcast_guid(feed_url: str) -> str:
    """The podcast:guid of a feed: UUIDv5 of its address without scheme and slashes at the end."""
    address = re.sub(r"^[a-z]+://", "", feed_url).rstrip("/")
    return str(uuid.uuid5(PODCAST_NAMESPACE, address))


def show_guid(show: Show) -> str:
    """The guid of a show: its own where it has one, so that it survives a move of the feed."""
    return show.guid or podcast_guid(file_url(show, FEED))


def episode_guid(show: Show, date: str) -> str:
    """The guid of an episode: the paper's name in percent signs, a colon, the ISO date.

    It depends on nothing else: neither a new host, a new title nor new audio may change it,
    because apps would show the episode as another one and play it twice.
    """
    name = unicodedata.normalize("NFC", "".join(show.paper.split()))
    return f"{quote(name, safe='')}:{date}"
