"""One episode as an item of the feed."""

from collections.abc import Container
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from qjaudio.episode.model import Episode
from qjaudio.episode.titles import (
    MOST_TITLE_CHARS,
    chapter_link,
    chapter_title,
    printable,
    shortened,
)
from qjaudio.feed.address import ascii_url, episode_guid, file_url
from qjaudio.feed.model import Show
from qjaudio.feed.notes import clock, html_notes, plain_notes
from qjaudio.feed.tree import add, add_lines

MORNING = "T06:00:00+08:00"
"""When an episode without a time of its own counts as published: the morning of its paper."""
TRANSCRIPTS = {
    ".vtt": "text/vtt",
    ".srt": "application/x-subrip",
    ".json": "application/json",
}
CHAPTERS = ".chapters.json"
PICTURE = ".jpg"
PAGE = ".html"
COMPANIONS = (*TRANSCRIPTS, CHAPTERS, PICTURE)
"""The files that `make` writes beside every MP3."""


def add_item(
    channel: ET.Element,
    show: Show,
    episode: Episode,
    files: Container[str] | None,
    guid: str = "",
) -> None:
    """Put an episode at the end of the channel; only files in `files` are named.

    `guid` is the one that apps know it by; empty = made from paper and date.
    """
    urls = {
        suffix: file_url(show, name)
        for suffix in (*COMPANIONS, PAGE)
        if _is_there(name := _name(episode, suffix), files)
    }
    item = add(channel, "item")
    add(item, "title", shortened(printable(episode.title), MOST_TITLE_CHARS) or episode.date)
    add(item, "guid", guid or episode_guid(show, episode.date), isPermaLink="false")
    add(item, "pubDate", format_datetime(published(episode)))
    if PAGE in urls:
        add(item, "link", urls[PAGE])
    audio = file_url(show, episode.file(".mp3"))
    add(item, "enclosure", url=audio, length=str(episode.audio_bytes), type="audio/mpeg")
    add_lines(item, "description", plain_notes(episode))
    add_lines(item, "content:encoded", html_notes(episode, urls.get(PAGE, "")))
    _add_itunes(item, episode, urls)
    _add_podcast(item, show, episode, urls)
    _add_podlove_chapters(item, episode)


def published(episode: Episode) -> datetime:
    """When the episode was first published, with its offset from UTC."""
    time = datetime.fromisoformat(episode.published or episode.date + MORNING)
    return time if time.tzinfo else datetime.fromisoformat(f"{time.isoformat()}+08:00")


def _name(episode: Episode, suffix: str) -> str:
    """A page keeps its address, whatever becomes of the audio."""
    return f"{episode.date}{PAGE}" if suffix == PAGE else episode.file(suffix)


def _is_there(name: str, files: Container[str] | None) -> bool:
    return not name.endswith(PAGE) if files is None else name in files


def _add_itunes(item: ET.Element, episode: Episode, urls: dict[str, str]) -> None:
    add(item, "itunes:duration", str(max(1, round(episode.duration_ms / 1000))))
    if PICTURE in urls:
        add(item, "itunes:image", href=urls[PICTURE])
    add(item, "itunes:episodeType", "full")
    if episode.issue_number:
        add(item, "itunes:episode", str(episode.issue_number))
    add(item, "itunes:explicit", "false")


def _add_podcast(item: ET.Element, show: Show, episode: Episode, urls: dict[str, str]) -> None:
    for suffix, media_type in TRANSCRIPTS.items():
        if suffix in urls:
            add(
                item, "podcast:transcript",
                url=urls[suffix], type=media_type, language=show.language, rel="captions",
            )  # fmt: skip
    if CHAPTERS in urls and episode.chapters:
        add(item, "podcast:chapters", url=urls[CHAPTERS], type="application/json+chapters")
    for name in dict.fromkeys(name for chapter in episode.chapters for name in chapter.byline):
        # In the taxonomy an author is whoever wrote the text that is now read out verbatim.
        if printable(name):
            add(item, "podcast:person", shortened(name, 128), role="author", group="writing")
    add(item, "podcast:txt", "true", purpose="ai-content")


def _add_podlove_chapters(item: ET.Element, episode: Episode) -> None:
    if not episode.chapters:
        return
    chapters = add(item, "psc:chapters", version="1.2")
    for chapter in episode.chapters:
        url = chapter_link(chapter)
        link = {"href": ascii_url(url)} if url else {}
        add(
            chapters, "psc:chapter",
            start=clock(chapter.start_ms), title=chapter_title(chapter), **link,
        )  # fmt: skip
