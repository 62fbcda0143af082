"""Show notes: the stories with their times, pages and reporters, plain and in HTML."""

from collections.abc import Iterator
from html import escape
from typing import Any

from qjaudio.episode.model import Chapter, Episode
from qjaudio.episode.titles import (
    chapter_link,
    chapter_title,
    disclosures,
    printable,
    shortened,
    timestamp,
    within_bytes,
)
from qjaudio.rules import phrases

MOST_BYTES = 4000
"""Apple's limit for a description, in UTF-8."""
_LEAD_STORIES = 3
_MOST_LEAD_CHARS = 50


def plain_notes(episode: Episode) -> str:
    """The notes as lines of text, in at most 4000 bytes; stories at the end give way."""
    head = "\n".join(_head_lines(episode))
    times = "\n".join(_timed_line(chapter) for chapter in episode.chapters)
    return within_bytes(f"{head}\n\n{times}".strip(), MOST_BYTES, _notes_phrases()["more"])


def html_notes(episode: Episode, page_url: str = "") -> str:
    """The notes in HTML, with the few tags that every app shows: p, ul, li, a."""
    paragraphs = "".join(f"<p>{escape(line)}</p>\n" for line in _head_lines(episode))
    items = "".join(f"<li>{_timed_item(chapter)}</li>\n" for chapter in episode.chapters)
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
    headlines = [shortened(chapter_title(story), _MOST_LEAD_CHARS) for story in stories]
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


def _timed_line(chapter: Chapter) -> str:
    return f"{timestamp(chapter.start_ms)} {_describe(chapter)}"


def _timed_item(chapter: Chapter) -> str:
    return f"{timestamp(chapter.start_ms)} {_link(_describe(chapter), chapter_link(chapter))}"


def _link(text: str, url: str) -> str:
    """The text, as a link where there is an address."""
    return f'<a href="{escape(url)}">{escape(text)}</a>' if url else escape(text)
