"""The show as a frozen value, where its files are reached, and elements of XML."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit
from xml.etree import ElementTree as ET

from qjaudio.episode.model import printable

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
