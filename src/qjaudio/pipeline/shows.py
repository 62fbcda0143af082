"""Many shows: a folder with a folder for each, and the page and OPML that list them."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

from qjaudio import store
from qjaudio.config import FILE, Config, load_show
from qjaudio.errors import QjaudioError, UsageError
from qjaudio.feed.model import FEED, ascii_url
from qjaudio.feed.rss import ListedShow, opml
from qjaudio.pipeline import catalogue
from qjaudio.pipeline.publishing import check_replaces_nothing, write_static
from qjaudio.player.pages import OPML, shows_page, shows_title
from qjaudio.store import OutFolder

FRONT = "out"
"""The folder for page and OPML; like every `out` it holds nothing that a web host must not show."""
_STATIC = ("player.css", "player.js", "icon.svg", "apple-touch-icon.png")
_PAGE = "index.html"


@dataclass(frozen=True, slots=True)
class FoundShow:
    """A show's folder with its settings, or with what is wrong with them."""

    name: str
    settings: Config | QjaudioError


def shows_in(folder: Path, flags: Mapping[str, Any]) -> tuple[FoundShow, ...]:
    """The shows in a folder, by name: each folder there that has a qjaudio.toml.

    A show whose settings are wrong is found, too: the others are made without it.

    Raises:
        UsageError: there is none, the folder is a show itself, or two shows share what must be
            each one's own.
    """
    if (folder / FILE).is_file():
        raise UsageError(
            f"{folder} is a show itself: it has a {FILE}",
            hint="give --shows the folder that holds a folder for each show",
        )
    try:
        files_found = sorted(folder.glob(f"*/{FILE}"))
    except OSError as error:
        raise UsageError(f"cannot read {folder}: {error}", hint="check --shows") from error
    found = [_found(path.parent, flags) for path in files_found if path.parent.name[0] != "."]
    if not found:
        raise UsageError(
            f"no show in {folder}: no folder there has a {FILE}",
            hint="make a folder for each paper, with its settings in it",
        )
    _check_apart(found)
    return tuple(found)


def _found(folder: Path, flags: Mapping[str, Any]) -> FoundShow:
    try:
        return FoundShow(folder.name, load_show(folder, flags))
    except QjaudioError as error:
        return FoundShow(folder.name, error)


def _check_apart(shows: Sequence[FoundShow]) -> None:
    """Refuse two shows in one output folder, or under one address: one would undo the other."""
    seen: dict[tuple[str, str], str] = {}
    for show in shows:
        if isinstance(show.settings, QjaudioError):
            continue
        own = {"out": str(show.settings.out_folder.resolve()), "base_url": show.settings.base_url}
        for name, value in own.items():
            other = seen.setdefault((name, value), show.name) if value else show.name
            if other != show.name:
                raise UsageError(
                    f"{other} and {show.name} have the same {name}",
                    hint=f"give each its own in its {FILE}; unset QJAUDIO_{name.upper()}",
                )


def write_front(folder: Path, shows: Sequence[FoundShow]) -> tuple[Path, tuple[str, ...]]:
    """Write the list of shows; returns the OPML's path and remarks for the producer.

    Private shows and those without an episode are not in it. A show without a base_url is, with
    addresses that only hold where the whole folder is served.

    Raises:
        NotWritableError: the folder cannot be written.
        UsageError: it holds the page of somebody else.
    """
    root = folder / FRONT
    listed, remarks = [], []
    for show in shows:
        if isinstance(show.settings, QjaudioError):
            continue
        if show.settings.key:
            remarks.append(f"{show.name} is private (key): not in {OPML}")
        elif one := _listed(show.settings, root):
            listed.append(one)
            if not show.settings.base_url:
                remarks.append(f"{show.name} has no base_url: no app can use its line of {OPML}")
    check_replaces_nothing(root, (_PAGE,), is_ours=(root / OPML).exists())
    store.write_text(root / OPML, opml(shows_title(), listed))
    write_static(root, _STATIC)
    store.write_text(root / _PAGE, shows_page(listed))
    return root / OPML, tuple(remarks)


def _listed(config: Config, root: Path) -> ListedShow | None:
    """What the feed of a show says of it; None where no episode is in it."""
    out = OutFolder(config.out_folder)
    newest = catalogue.newest_episode(out, config)
    channel = _channel(out.feed)
    if newest is None or channel is None:
        return None
    base = ascii_url(config.base_url) or quote(os.path.relpath(out.root, root) + "/")
    return ListedShow(
        title=channel.findtext("title", ""),
        description=channel.findtext("description", ""),
        feed_url=f"{base}{FEED}",
        page_url=f"{base}{_PAGE}",
        newest=newest.date,
        headline=next((c.title for c in newest.chapters if c.kind == "story"), ""),
        episodes=len(out.dates()),
    )


def _channel(feed: Path) -> ET.Element | None:
    try:
        return ET.parse(feed).getroot().find("channel")  # noqa: S314 - our own file
    except (OSError, ET.ParseError):
        return None
