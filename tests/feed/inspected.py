"""A feed under inspection by our own validator, which imports nothing of qjaudio."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
PSC = "{http://podlove.org/simple-chapters}"
HISTORY = "{http://purl.org/syndication/history/1.0}"


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
        return self.files.get(file_name(url), "")

    def links(self) -> dict[str, str]:
        """The addresses of the channel's Atom links, by their relation."""
        found = self.channel.findall(f"{ATOM}link")
        return {one.get("rel", ""): one.get("href", "") for one in found}


class Folder:
    """A published folder under inspection: feed, archives and all files that they name."""

    def __init__(self, root: Path, now: datetime, previous: str = "", speech: str = "") -> None:
        self.root, self.now, self.previous = root, now, previous
        self.speech = speech
        """Filters of ffmpeg that leave of the sound only the speech."""

    @cached_property
    def documents(self) -> dict[str, Feed]:
        """feed.xml and the archives that it leads to, by their names."""
        files = {
            path.name: path.read_text("utf-8")
            for path in self.root.iterdir()
            if path.suffix in (".vtt", ".srt", ".json")
        }
        found: dict[str, Feed] = {}
        name = "feed.xml"
        while name and name not in found:
            found[name] = Feed((self.root / name).read_text("utf-8"), files, self.now)
            name = file_name(found[name].links().get("prev-archive", ""))
        return found

    @property
    def items(self) -> list[ET.Element]:
        """The items of all documents."""
        return [item for feed in self.documents.values() for item in feed.items]

    def path(self, url: str) -> Path:
        """The file behind an address."""
        return self.root / (file_name(url) or "nothing")

    def audio(self, item: ET.Element) -> Path:
        """The MP3 of an item."""
        enclosure = item.find("enclosure")
        return self.path("" if enclosure is None else enclosure.get("url", ""))

    def chapters(self, item: ET.Element) -> list[dict[str, Any]]:
        """The chapters of its JSON file."""
        named = item.find(f"{PODCAST}chapters")
        path = self.path("" if named is None else named.get("url", ""))
        return list(json.loads(path.read_text("utf-8"))["chapters"]) if path.exists() else []


def file_name(url: str) -> str:
    return unquote(urlsplit(url).path.rpartition("/")[2])


def text_of(parent: ET.Element, name: str) -> str:
    return (parent.findtext(name) or "").strip()


def only_ascii_url(url: str) -> bool:
    return url.isascii() and " " not in url and bool(urlsplit(url).netloc)
