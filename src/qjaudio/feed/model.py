"""The show: its settings, where its files are reached, elements of XML, and its identity.

By its podcast:guid, its paper and the guids of its episodes apps know a show for ever.
"""

import re
import unicodedata
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit
from xml.etree import ElementTree as ET

from qjaudio.episode.model import Episode, printable

FEED = "feed.xml"
SHOW_COVER = "cover.jpg"
_URL_MARKS = "/%:@!$&'()*+,;=~?#[]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """The programme that people subscribe to."""

    paper: str
    """`今日衢江`; with the date it makes the guid of an episode, for ever."""
    title: str
    description: str
    author: str
    base_url: str
    """Where `out/` will be reached, with a slash at the end."""
    language: str = "zh-cn"
    category: tuple[str, ...] = ("News", "Daily News")
    copyright: str = ""
    owner: str = ""
    """Whom Apple writes to; empty = the author."""
    explicit: bool = False
    colour: str = ""
    """The colour of the pages, `#0b5c4a`; empty = ours."""
    footer: str = ""
    """A line at the foot of every page."""
    logo: str = ""
    """The name of the picture at the head of every page; empty = none."""
    link: str = ""
    email: str = ""
    guid: str = ""
    """The show's podcast:guid; empty = made from the feed's address."""
    is_slow: bool = False
    """Whether it is the slow edition of another, whose pages are in large print."""


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


NAMESPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "psc": "http://podlove.org/simple-chapters",
    "fh": "http://purl.org/syndication/history/1.0",
}
for _prefix, _namespace in NAMESPACES.items():
    ET.register_namespace(_prefix, _namespace)


def tag(name: str) -> str:
    """The name of an element as the tree holds it: `itunes:image` with its namespace."""
    prefix, colon, local = name.rpartition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if colon else name


def add_element(parent: ET.Element, name: str, text: str = "", /, **attributes: str) -> ET.Element:
    """Put an element at the end of `parent`: one line of clean text, attributes in their order."""
    clean = {key: printable(value) for key, value in attributes.items()}
    element = ET.SubElement(parent, tag(name), clean)
    element.text = printable(text) or None
    return element


def add_lines(parent: ET.Element, name: str, text: str) -> ET.Element:
    """Put an element whose text keeps its line ends."""
    element = add_element(parent, name)
    element.text = "\n".join(printable(line) for line in text.split("\n"))
    return element


def serialize(root: ET.Element) -> str:
    """The whole document, indented; UTF-8 is what the declaration promises."""
    ET.indent(root, " ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


PODCAST_NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""The UUID under which the podcast namespace makes its guids."""


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


_SAME_PAPER = 0.5
"""Share of equal characters from which two mastheads are one paper, read differently."""
_AUDIO = re.compile(r"(\d{4}-\d{2}-\d{2})\.mp3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What apps know a show and its episodes by."""

    guid: str = ""
    """The podcast:guid; empty as long as the show has no address of its own."""
    paper: str = ""
    """The paper as the first feed named it."""
    episodes: Mapping[str, str] = field(default_factory=dict)
    """The guid of each episode that ever stood in the feed, by its date."""


def identity_from_record(record: Mapping[str, Any]) -> Identity | None:
    """The identity of a JSON record; None where the record is not one."""
    guid, paper, episodes = (record.get(name) for name in ("guid", "paper", "episodes"))
    if not (isinstance(guid, str) and isinstance(paper, str) and isinstance(episodes, dict)):
        return None
    known = {date: one for date, one in episodes.items() if isinstance(one, str) and one}
    return Identity(guid=guid, paper=paper, episodes=known)


def identity_from_feeds(feeds: Iterable[str]) -> Identity:
    """What feeds of this show that were written earlier tell; damaged ones are passed over."""
    guid, episodes = "", {}
    for text in feeds:
        try:
            root = ET.fromstring(text)  # noqa: S314 - written by this program
        except (ET.ParseError, ValueError):
            continue
        guid = guid or root.findtext(f"channel/{tag('podcast:guid')}") or ""
        for item in root.iter("item"):
            enclosure = item.find("enclosure")
            url = "" if enclosure is None else enclosure.get("url", "")
            named = _AUDIO.fullmatch(url.rpartition("/")[2])
            if named and (one := item.findtext("guid")):
                episodes[named[1]] = one
    return Identity(guid=guid, episodes=episodes)


def main_paper(episodes: Sequence[Episode]) -> str:
    """The name that most of the records bear, the oldest of them among equals."""
    names = Counter(printable(episode.paper) for episode in episodes)
    return names.most_common(1)[0][0] if names else ""


def belongs_to_show(episode: Episode, known: Identity, papers: Iterable[str]) -> bool:
    """Whether a record is of this show: it stood in its feed, or bears about the paper's name.

    A masthead that was read differently one day is the same paper; another paper is not.
    """
    return episode.date in known.episodes or any(
        SequenceMatcher(None, printable(episode.paper), name).ratio() >= _SAME_PAPER
        for name in papers
        if name
    )


def grow_identity(known: Identity, show: Show, dates: Iterable[str]) -> Identity:
    """The identity with the guids of new episodes; what it holds already is never changed."""
    fresh = {date: episode_guid(show, date) for date in dates if date not in known.episodes}
    return Identity(
        guid=known.guid,
        paper=known.paper or show.paper,
        episodes=dict(sorted({**known.episodes, **fresh}.items())),
    )
