"""The list of all shows as OPML 2.0, which podcast apps import in one go."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from qjaudio.feed.tree import add_element, serialize


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedShow:
    """A show as lists of shows tell of it."""

    title: str
    feed_url: str
    """Where its feed is: an absolute address, else one relative to the list."""
    page_url: str
    """Where its first page is, likewise."""
    description: str = ""
    newest: str = ""
    """The ISO date of its newest episode."""
    headline: str = ""
    """The first story of that episode."""
    episodes: int = 0


def opml(title: str, shows: Sequence[ListedShow]) -> str:
    """The OPML serialize of the shows in their order; the same shows give the same bytes.

    It bears no date for that reason: http://opml.org/spec2.opml asks for none.
    """
    root = ET.Element("opml", version="2.0")
    add_element(add_element(root, "head"), "title", title)
    body = add_element(root, "body")
    for show in shows:
        more = {"description": show.description} if show.description else {}
        add_element(
            body, "outline", type="rss", text=show.title, title=show.title,
            xmlUrl=show.feed_url, htmlUrl=show.page_url, language="zh-cn", **more,
        )  # fmt: skip
    return serialize(root)
