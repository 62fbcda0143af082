"""The feed, and what stands beside each MP3: transcripts as WebVTT, SubRip, JSON; chapters as JSON.

RSS 2.0 for Apple, Spotify, 小宇宙, AntennaPod, Pocket Casts and PSP-1; a long-lived show has
several documents: RFC 5005, sections 3 and 4.
"""

import json
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any
from xml.etree import ElementTree as ET

from qjaudio import __version__
from qjaudio.episode.model import (
    MOST_TITLE_CHARS,
    Chapter,
    Cue,
    Episode,
    chapter_link,
    chapter_title,
    disclosures,
    printable,
    shorten,
    timestamp,
    within_bytes,
)
from qjaudio.feed.model import (
    FEED,
    SHOW_COVER,
    Show,
    add_element,
    add_lines,
    ascii_url,
    episode_guid,
    file_url,
    serialize,
    show_guid,
)
from qjaudio.rules import phrases

_NO_GUIDS: Mapping[str, str] = {}
PER_DOCUMENT = 100
"""The newest so many episodes stand in feed.xml; an archive document holds as many."""
MORNING = "T06:00:00+08:00"
"""When an episode without a time of its own counts as published: the morning of its paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    """One document: its file, its episodes, and the links to its neighbours."""

    name: str
    episodes: tuple[Episode, ...]
    links: tuple[tuple[str, str], ...] = ()
    """Relation and file name."""
    is_archive: bool = False


def archive_name(number: int) -> str:
    """The file of an archive document; number 1 holds the oldest episodes."""
    return f"archive-{number}.xml"


def split_feed(episodes: Sequence[Episode]) -> Iterator[FeedDocument]:
    """The documents, oldest archive first and feed.xml last.

    Blocks are counted from the oldest date, so that a new episode changes the feed and the newest
    archive only. The links of both sections stand together: readers that know archives follow
    prev-archive, podcast apps follow next, and both come by the same documents.
    """
    by_date = sorted(episodes, key=lambda one: one.date)
    older, newest = by_date[:-PER_DOCUMENT], by_date[-PER_DOCUMENT:]
    blocks = [older[at : at + PER_DOCUMENT] for at in range(0, len(older), PER_DOCUMENT)]
    for number, block in enumerate(blocks, 1):
        links = _archive_links(number, len(blocks))
        yield FeedDocument(
            name=archive_name(number), episodes=tuple(block), links=links, is_archive=True
        )
    yield FeedDocument(name=FEED, episodes=tuple(newest), links=_feed_links(len(blocks)))


def _feed_links(count: int) -> tuple[tuple[str, str], ...]:
    if not count:
        return ()
    before = archive_name(count)
    return (
        ("prev-archive", before), ("first", FEED), ("next", before), ("last", archive_name(1)),
    )  # fmt: skip


def _archive_links(number: int, count: int) -> tuple[tuple[str, str], ...]:
    """Of an archive; `last` is always the oldest, so a full block keeps its bytes."""
    older = archive_name(number - 1)
    newer = archive_name(number + 1)
    links = [("current", FEED), ("first", FEED), ("last", archive_name(1))]
    if number > 1:
        links += [("prev-archive", older), ("next", older)]
    if number < count:
        links += [("next-archive", newer), ("previous", newer)]
    else:
        links += [("previous", FEED)]
    return tuple(links)


def rss(show: Show, episodes: Sequence[Episode], *, files: Container[str] | None = None) -> str:
    """The feed of a show in one document; see `render_feed`."""
    return render_feed(show, FeedDocument(name=FEED, episodes=tuple(episodes)), files=files)


def render_feed(
    show: Show,
    document: FeedDocument,
    *,
    files: Container[str] | None = None,
    guids: Mapping[str, str] = _NO_GUIDS,
) -> str:
    """A document of the feed, newest episode first; the same input gives the same bytes.

    `files` are the names in `out/`: of the files beside an MP3, `2025-05-20.vtt` and so on, the
    feed names those that are there. None stands for all that `make` writes, without pages.
    `guids` are those that apps know already, by date.
    """
    newest_first = sorted(
        document.episodes, key=lambda one: (publication_time(one), one.date), reverse=True
    )
    root = ET.Element("rss", version="2.0")
    channel = add_element(root, "channel")
    _add_channel(channel, show, document)
    if newest_first:
        # Not the time of the run: a rebuild without a new episode must not change a byte.
        add_element(channel, "lastBuildDate", format_datetime(max(map(_change_time, newest_first))))
    _add_channel_itunes(channel, show)
    _add_channel_podcast(channel, show)
    for episode in newest_first:
        _add_item(channel, show, episode, files, guids.get(episode.date, ""))
    return serialize(root)


def _add_channel(channel: ET.Element, show: Show, document: FeedDocument) -> None:
    link = ascii_url(show.link or file_url(show, ""))
    add_element(channel, "title", show.title)
    add_element(channel, "link", link)
    add_element(channel, "description", within_bytes(printable(show.description), MOST_BYTES, ""))
    add_element(channel, "language", show.language)
    if show.copyright:
        add_element(channel, "copyright", show.copyright)
    add_element(channel, "generator", f"qjaudio {__version__}")
    add_element(
        channel, "atom:link",
        href=file_url(show, document.name), rel="self", type="application/rss+xml",
    )  # fmt: skip
    for relation, name in document.links:
        add_element(
            channel, "atom:link",
            href=file_url(show, name), rel=relation, type="application/rss+xml",
        )  # fmt: skip
    if document.is_archive:
        add_element(channel, "fh:archive")
    image = add_element(channel, "image")
    add_element(image, "url", file_url(show, SHOW_COVER))
    add_element(image, "title", show.title)
    add_element(image, "link", link)


def _add_channel_itunes(channel: ET.Element, show: Show) -> None:
    add_element(channel, "itunes:author", show.author)
    parent = channel
    for name in show.category:  # each further name is a subcategory of the one before
        parent = add_element(parent, "itunes:category", text=name)
    add_element(channel, "itunes:explicit", "true" if show.explicit else "false")
    add_element(channel, "itunes:image", href=file_url(show, SHOW_COVER))
    add_element(channel, "itunes:type", "episodic")
    if show.email:  # Apple advises to leave it out: it is harvested
        owner = add_element(channel, "itunes:owner")
        add_element(owner, "itunes:name", show.owner or show.author)
        add_element(owner, "itunes:email", show.email)


def _add_channel_podcast(channel: ET.Element, show: Show) -> None:
    owner = {"owner": show.email} if show.email else {}
    add_element(channel, "podcast:guid", show_guid(show))
    add_element(channel, "podcast:locked", "yes", **owner)
    add_element(channel, "podcast:medium", "podcast")
    if show.author:
        add_element(channel, "podcast:person", show.author, role="author", group="writing")
    add_element(
        channel, "podcast:updateFrequency", phrases("notes")["feed"]["frequency"],
        rrule="FREQ=DAILY",
    )  # fmt: skip
    add_element(channel, "podcast:txt", "true", purpose="ai-content")


def _add_item(
    channel: ET.Element, show: Show, episode: Episode, files: Container[str] | None, guid: str = ""
) -> None:
    """Put an episode at the end of the channel; only files in `files` are named.

    `guid` is the one that apps know it by; empty = made from paper and date.
    """
    # A page keeps its address, whatever becomes of the audio.
    names = {suffix: episode.file(suffix) for suffix in COMPANIONS}
    names |= {PAGE: f"{episode.date}{PAGE}"} if files is not None else {}
    urls = {
        suffix: file_url(show, name)
        for suffix, name in names.items()
        if files is None or name in files
    }
    item = add_element(channel, "item")
    title = shorten(printable(episode.title), MOST_TITLE_CHARS)
    add_element(item, "title", title or episode.date)
    add_element(item, "guid", guid or episode_guid(show, episode.date), isPermaLink="false")
    add_element(item, "pubDate", format_datetime(publication_time(episode)))
    if PAGE in urls:
        add_element(item, "link", urls[PAGE])
    audio = file_url(show, episode.file(".mp3"))
    add_element(item, "enclosure", url=audio, length=str(episode.audio_bytes), type="audio/mpeg")
    add_lines(item, "description", plain_notes(episode))
    add_lines(item, "content:encoded", html_notes(episode, urls.get(PAGE, "")))
    _add_item_itunes(item, episode, urls)
    _add_item_podcast(item, show, episode, urls)
    _add_podlove_chapters(item, episode)


def publication_time(episode: Episode) -> datetime:
    """When the episode was first published, with its offset from UTC."""
    time = datetime.fromisoformat(episode.published or episode.date + MORNING)
    return time if time.tzinfo else datetime.fromisoformat(f"{time.isoformat()}+08:00")


def _change_time(episode: Episode) -> datetime:
    """When the episode last changed."""
    made = publication_time(episode)
    return max(made, datetime.fromisoformat(episode.updated)) if episode.updated else made


def _add_item_itunes(item: ET.Element, episode: Episode, urls: dict[str, str]) -> None:
    add_element(item, "itunes:duration", str(max(1, round(episode.duration_ms / 1000))))
    if PICTURE in urls:
        add_element(item, "itunes:image", href=urls[PICTURE])
    add_element(item, "itunes:episodeType", "full")
    if episode.issue_number:
        add_element(item, "itunes:episode", str(episode.issue_number))
    add_element(item, "itunes:explicit", "false")


def _add_item_podcast(item: ET.Element, show: Show, episode: Episode, urls: dict[str, str]) -> None:
    for suffix, media_type in TRANSCRIPTS.items():
        if suffix in urls:
            add_element(
                item, "podcast:transcript",
                url=urls[suffix], type=media_type, language=show.language, rel="captions",
            )  # fmt: skip
    if CHAPTERS in urls and episode.chapters:
        add_element(item, "podcast:chapters", url=urls[CHAPTERS], type="application/json+chapters")
    for name in dict.fromkeys(name for chapter in episode.chapters for name in chapter.byline):
        # In the taxonomy an author is whoever wrote the text that is now read out verbatim.
        if printable(name):
            add_element(item, "podcast:person", shorten(name, 128), role="author", group="writing")
    add_element(item, "podcast:txt", "true", purpose="ai-content")


def _add_podlove_chapters(item: ET.Element, episode: Episode) -> None:
    if not episode.chapters:
        return
    chapters = add_element(item, "psc:chapters", version="1.2")
    for chapter in episode.chapters:
        url = chapter_link(chapter)
        link = {"href": ascii_url(url)} if url else {}
        add_element(
            chapters, "psc:chapter",
            start=timestamp(chapter.start_ms), title=chapter_title(chapter), **link,
        )  # fmt: skip


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


MOST_BYTES = 4000
"""Apple's limit for a description, in UTF-8."""
_LEAD_STORIES = 3
_MOST_LEAD_CHARS = 50


def plain_notes(episode: Episode) -> str:
    """The notes as lines of text, in at most 4000 bytes; stories at the end give way."""
    head = "\n".join(_head_lines(episode))
    times = "\n".join(f"{timestamp(one.start_ms)} {_describe(one)}" for one in episode.chapters)
    return within_bytes(f"{head}\n\n{times}".strip(), MOST_BYTES, _notes_phrases()["more"])


def html_notes(episode: Episode, page_url: str = "") -> str:
    """The notes in HTML, with the few tags that every app shows: p, ul, li, a."""
    paragraphs = "".join(f"<p>{escape(line)}</p>\n" for line in _head_lines(episode))
    rows = ((timestamp(c.start_ms), _describe(c), chapter_link(c)) for c in episode.chapters)
    items = "".join(f"<li>{time} {_link(text, url)}</li>\n" for time, text, url in rows)
    stories = f"<ul>\n{items}</ul>\n" if items else ""
    page = _link(_notes_phrases()["online_page"], page_url)
    return paragraphs + stories + (f"<p>{page}</p>\n" if page_url else "")


def _notes_phrases() -> dict[str, Any]:
    words: dict[str, Any] = phrases("notes")["notes"]
    return words


def _head_lines(episode: Episode) -> Iterator[str]:
    """What stands before the times: the news first, then who speaks."""
    lead = _lead_line(episode)
    if lead:
        yield lead
    yield from disclosures(episode)


def _lead_line(episode: Episode) -> str:
    """The first headlines: what a list of episodes shows under the title."""
    words = _notes_phrases()
    stories = [chapter for chapter in episode.chapters if chapter.kind == "story"]
    headlines = [shorten(chapter_title(story), _MOST_LEAD_CHARS) for story in stories]
    if not headlines:
        return ""
    return str(words["lead"].format(headlines=words["between"].join(headlines[:_LEAD_STORIES])))


def _describe(chapter: Chapter) -> str:
    """The title with page, reporters and who signs, where the paper gives them."""
    words = _notes_phrases()
    names = [name for name in map(printable, chapter.byline) if name]
    details = []
    if chapter.page is not None:
        details.append(words["page"].format(page=chapter.page))
    if names:
        details.append(words["byline"].format(names=words["names_between"].join(names)))
    if signoff := printable(chapter.signoff):
        details.append(words["signoff"].format(name=signoff))
    title = chapter_title(chapter)
    if not details:
        return title
    return str(words["story"].format(title=title, details=words["details_between"].join(details)))


def _link(text: str, url: str) -> str:
    """The text, as a link where there is an address."""
    return f'<a href="{escape(url)}">{escape(text)}</a>' if url else escape(text)


TRANSCRIPTS = {".vtt": "text/vtt", ".srt": "application/x-subrip", ".json": "application/json"}
CHAPTERS = ".chapters.json"
PICTURE = ".jpg"
PAGE = ".html"
COMPANIONS = (*TRANSCRIPTS, CHAPTERS, PICTURE)
"""The files that `make` writes beside every MP3."""


def vtt(episode: Episode) -> str:
    """The transcript as WebVTT; each cue names its speaker in a voice span."""
    blocks = (
        f"{number}\n{_time_span(cue, '.')}\n{_voiced(cue)}\n"
        for number, cue in enumerate(_cues_with_text(episode), 1)
    )
    return "\n".join(("WEBVTT\n", *blocks))


def srt(episode: Episode) -> str:
    """The transcript as SubRip; a cue begins with the speaker's name where the speaker changes."""
    blocks = []
    speaker = ""
    for number, cue in enumerate(_cues_with_text(episode), 1):
        name = f"{cue.speaker}: " if cue.speaker and cue.speaker != speaker else ""
        speaker = cue.speaker
        text = f"{name}{cue.text}".replace("-->", "→")  # SubRip can escape nothing
        blocks.append(f"{number}\n{_time_span(cue, ',')}\n{text}\n")
    return "\n".join(blocks)


def transcript_json(episode: Episode) -> str:
    """The transcript as JSON, a segment for each cue; times are seconds."""
    segments = [_segment(cue) for cue in _cues_with_text(episode)]
    document = {"version": "1.0.0", "segments": segments}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _cues_with_text(episode: Episode) -> Iterator[Cue]:
    """The cues that have text, in the order of time, each with a length.

    Players fail on an empty cue (AntennaPod reads the first character of the next one).
    """
    for cue in sorted(episode.cues, key=lambda cue: cue.start_ms):
        text, speaker = printable(cue.text), printable(cue.speaker)
        if text:
            end = max(cue.end_ms, cue.start_ms + 1)
            yield replace(cue, text=text, speaker=speaker, end_ms=end)


def _segment(cue: Cue) -> dict[str, Any]:
    speaker = {"speaker": cue.speaker} if cue.speaker else {}
    times = {"startTime": cue.start_ms / 1000, "endTime": cue.end_ms / 1000}
    return {**speaker, **times, "body": cue.text}


def _time_span(cue: Cue, mark: str) -> str:
    return f"{timestamp(cue.start_ms, mark)} --> {timestamp(cue.end_ms, mark)}"


def _voiced(cue: Cue) -> str:
    text = _escaped(cue.text)
    return f"<v {_escaped(cue.speaker)}>{text}" if cue.speaker else text


def _escaped(text: str) -> str:
    """Text with the three marks that WebVTT would take for markup as references."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def chapters_json(episode: Episode) -> str:
    """The chapters of an episode; starts are whole seconds, because players cut off fractions."""
    document = {
        "version": "1.2.0",
        "title": printable(episode.title),
        "podcastName": printable(episode.paper),
        "fileName": f"{episode.date}.mp3",
        "chapters": [
            {"startTime": one.start_ms // 1000, "title": chapter_title(one), "toc": True}
            | ({"url": url} if (url := chapter_link(one)) else {})
            for one in episode.chapters
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
