"""The feed: RSS 2.0 for Apple, Spotify, 小宇宙, AntennaPod, Pocket Casts and PSP-1."""

from collections.abc import Container, Mapping, Sequence
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from qjaudio import __version__
from qjaudio.episode.model import Episode
from qjaudio.episode.titles import printable
from qjaudio.feed.address import FEED, SHOW_COVER, ascii_url, file_url, show_guid
from qjaudio.feed.archive import Part
from qjaudio.feed.item import add_item, published
from qjaudio.feed.model import Show
from qjaudio.feed.notes import MOST_BYTES, within_bytes
from qjaudio.feed.tree import add, document
from qjaudio.rules import phrases

_NO_GUIDS: Mapping[str, str] = {}


def rss(show: Show, episodes: Sequence[Episode], *, files: Container[str] | None = None) -> str:
    """The feed of a show in one document; see `rendered`."""
    return rendered(show, Part(name=FEED, episodes=tuple(episodes)), files=files)


def rendered(
    show: Show,
    part: Part,
    *,
    files: Container[str] | None = None,
    guids: Mapping[str, str] = _NO_GUIDS,
) -> str:
    """A document of the feed, newest episode first; the same input gives the same bytes.

    `files` are the names in `out/`: of the files beside an MP3, `2025-05-20.vtt` and so on, the
    feed names those that are there. None stands for all that `make` writes, without pages.
    `guids` are those that apps know already, by date.
    """
    newest_first = sorted(part.episodes, key=lambda one: (published(one), one.date), reverse=True)
    root = ET.Element("rss", version="2.0")
    channel = add(root, "channel")
    _add_facts(channel, show, part)
    if newest_first:
        # Not the time of the run: a rebuild without a new episode must not change a byte.
        add(channel, "lastBuildDate", format_datetime(published(newest_first[0])))
    _add_itunes(channel, show)
    _add_podcast(channel, show)
    for episode in newest_first:
        add_item(channel, show, episode, files, guids.get(episode.date, ""))
    return document(root)


def _add_facts(channel: ET.Element, show: Show, part: Part) -> None:
    link = ascii_url(show.link or file_url(show, ""))
    add(channel, "title", show.title)
    add(channel, "link", link)
    add(channel, "description", within_bytes(printable(show.description), MOST_BYTES, ""))
    add(channel, "language", show.language)
    add(channel, "generator", f"qjaudio {__version__}")
    add(
        channel, "atom:link",
        href=file_url(show, part.name), rel="self", type="application/rss+xml",
    )  # fmt: skip
    for relation, name in part.links:
        add(
            channel, "atom:link",
            href=file_url(show, name), rel=relation, type="application/rss+xml",
        )  # fmt: skip
    if part.is_archive:
        add(channel, "fh:archive")
    image = add(channel, "image")
    add(image, "url", file_url(show, SHOW_COVER))
    add(image, "title", show.title)
    add(image, "link", link)


def _add_itunes(channel: ET.Element, show: Show) -> None:
    add(channel, "itunes:author", show.author)
    parent = channel
    for name in show.category:  # each further name is a subcategory of the one before
        parent = add(parent, "itunes:category", text=name)
    add(channel, "itunes:explicit", "false")
    add(channel, "itunes:image", href=file_url(show, SHOW_COVER))
    add(channel, "itunes:type", "episodic")
    if show.email:  # Apple advises to leave it out: it is harvested
        owner = add(channel, "itunes:owner")
        add(owner, "itunes:name", show.author)
        add(owner, "itunes:email", show.email)


def _add_podcast(channel: ET.Element, show: Show) -> None:
    owner = {"owner": show.email} if show.email else {}
    add(channel, "podcast:guid", show_guid(show))
    add(channel, "podcast:locked", "yes", **owner)
    add(channel, "podcast:medium", "podcast")
    if show.author:
        add(channel, "podcast:person", show.author, role="author", group="writing")
    add(
        channel, "podcast:updateFrequency", phrases("notes")["feed"]["frequency"],
        rrule="FREQ=DAILY",
    )  # fmt: skip
    add(channel, "podcast:txt", "true", purpose="ai-content")
