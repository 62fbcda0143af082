"""The pages of the player are written beside the audio, each only when it has changed."""

import contextlib
import hashlib
import os
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from qjaudio import store
from qjaudio.episode.model import Episode, from_record
from qjaudio.feed.model import FEED, Show, file_url
from qjaudio.player.episode_page import STAMP, episode_page
from qjaudio.player.install import APPLE_ICON_SIDE, LARGE_ICON_SIDE, MANIFEST, icon, manifest
from qjaudio.player.list_pages import (
    MOST_ON_INDEX,
    archive_pages,
    index_page,
    summarize_episode,
)
from qjaudio.player.templating import program_fingerprint, words
from qjaudio.store import OutFolder
from qjaudio.web.qr import svg_qr

_STATIC = ("player.css", "player.js", "sw.js", "icon.svg")
_ICONS = {"apple-touch-icon.png": APPLE_ICON_SIDE, "icon-512.png": LARGE_ICON_SIDE}
_MARK = b'<meta name="qjaudio-page"'
_TAIL_BYTES = 32
_HEAD_BYTES = 512  # the stamp stands in the second line of the head


def write_pages(
    out: OutFolder, show: Show, episodes: Iterable[Episode], *, has_address: bool = False
) -> int:
    """Write the page of each episode, the lists and what they need; returns the pages rendered.

    A page that says that it was made from the same record by the same program is left alone
    unread: of 4,000 pages only that of the day is rendered. `has_address` says that the show's
    base_url is one that the world can reach, so that its feed gets a QR code.
    """
    write_static(out.root, (*_STATIC, *_ICONS))
    store.write_text(out.root / MANIFEST, manifest(show))
    entries, rendered = [], 0
    for episode in episodes:
        entries.append(summarize_episode(episode))
        rendered += _write_page(out, show, episode.date)
    entries.sort(key=lambda entry: entry.date, reverse=True)
    address = file_url(show, FEED) if has_address else ""
    qr = svg_qr(address, words()["index"]["qr"]) if address else ""
    lists = {"index.html": index_page(show, entries, qr=qr)}
    if len(entries) > MOST_ON_INDEX:
        lists |= archive_pages(show, entries)
    for name, page in lists.items():
        if not _is_foreign(out.root / name):
            store.write_text(out.root / name, page)
    return rendered


def _is_foreign(path: Path) -> bool:
    """Whether somebody has put a page of his own there, which is kept."""
    head = _head(path)
    return bool(head) and _MARK not in head


def _write_page(out: OutFolder, show: Show, date: str) -> bool:
    """Write the page of a date unless it is there already; whether it was rendered."""
    path = out.published(date, ".html")
    try:
        record = store.bytes_of(out.stage(date, "episode.json"))
    except OSError:
        return False
    audio_version = hashlib.sha256(record).hexdigest()[:12]
    shown = "\n".join((show.title, show.author, program_fingerprint()))
    stamp = hashlib.sha256(shown.encode() + record).hexdigest()[:24]
    if STAMP.format(stamp=stamp).encode() in _head(path) and _has_end(path):
        return False
    value = store.read_json(out.stage(date, "episode.json"))
    episode = from_record(value) if value else None
    if episode is None:
        return False
    page = episode_page(show, episode, audio_version=audio_version, stamp=stamp)
    store.write_text(path, page)
    return True


def _head(path: Path) -> bytes:
    """The first bytes of a page; none where it cannot be read."""
    try:
        with open(path, "rb", opener=store.only_file) as file:
            return file.read(_HEAD_BYTES)
    except OSError:
        return b""


def _has_end(path: Path) -> bool:
    """Whether nothing is cut off from a page."""
    with contextlib.suppress(OSError), path.open("rb") as file:
        file.seek(-min(_TAIL_BYTES, path.stat().st_size), os.SEEK_END)
        return file.read().rstrip().endswith(b"</html>")
    return False


def write_static(root: Path, names: Iterable[str]) -> None:
    """Style, script, worker and icons, by their names; an icon of somebody's own is kept."""
    folder = files("qjaudio.player") / "static"
    for name in names:
        if name not in _ICONS:
            store.write_bytes(root / name, (folder / name).read_bytes())
        elif not ((root / name).exists() and (root / name).stat().st_size):
            store.write_bytes(root / name, icon(_ICONS[name]))
