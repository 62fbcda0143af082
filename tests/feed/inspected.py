"""A feed under inspection by our own validator, which imports nothing of qjaudio."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
PSC = "{http://podlove.org/simple-chapters}"


class Feed:
    """A feed under inspection, with the text of the files that it names and the time of day."""

    def __init__(self, text: str, files: Mapping[str, str], now: datetime) -> None:
        self.text, self.files, self.now = text, files, now
        self.root = ET.fromstring(text.encode("utf-8"))  # noqa: S314  (our own feed)
        channel = self.root.find("channel")
        assert channel is not None
        self.channel = channel
        self.items = channel.findall("item")

    def file(self, url: str) -> str:
        """The text behind an address of the feed; empty where there is none."""
        return self.files.get(unquote(urlsplit(url).path.rpartition("/")[2]), "")


def text_of(parent: ET.Element, name: str) -> str:
    return (parent.findtext(name) or "").strip()


def only_ascii_url(url: str) -> bool:
    return url.isascii() and " " not in url and bool(urlsplit(url).netloc)
