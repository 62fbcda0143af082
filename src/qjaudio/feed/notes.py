"""Show notes: the stories with their times, pages and reporters, plain and in HTML."""

from collections.abc import Iterator
from html import escape
from typing import Any

from qjaudio.episode.model import Chapter, Episode
from qjaudio.episode.titles import chapter_link, chapter_title, disclosures, printable, shortened
from qjaudio.rules import phrases

MOST_BYTES = 4000
"""Apple's limit for a description, in UTF-8."""
_LEAD_STORIES = 3
_MOST_LEAD_CHARS = 50


def plain_notes(episode: Episode) -> str:
    """The notes as lines of text, in at most 4000 bytes; stories at the end give way."""
    head = "\n".join(_opening(episode))
    times = "\n".join(_timed(chapter) for chapter in episode.chapters)
    return within_bytes(f"{head}\n\n{times}".strip(), MOST_BYTES, _words()["more"])


def html_notes(episode: Episode, page_url: str = "") -> str:
    """The notes in HTML, with the few tags that every app shows: p, ul, li, a."""
    paragraphs = "".join(f"<p>{escape(line)}</p>\n" for line in _opening(episode))
    items = "".join(f"<li>{_timed_html(chapter)}</li>\n" for chapter in episode.chapters)
    stories = f"<ul>\n{items}</ul>\n" if items else ""
    page = _linked(_words()["online_page"], page_url)
    return paragraphs + stories + (f"<p>{page}</p>\n" if page_url else "")


def within_bytes(text: str, most: int, more: str) -> str:
    """The text cut to `most` bytes of UTF-8, at a line end if there is one; `more` then ends it."""
    if len(text.encode("utf-8")) <= most:
        return text
    room = most - len(f"\n{more}".encode())
    kept = text.encode("utf-8")[: room + 1].decode("utf-8", errors="ignore")
    whole_lines, newline, _ = kept.rpartition("\n")
    if not newline:  # one long line: cut inside it
        whole_lines = kept.encode("utf-8")[:room].decode("utf-8", errors="ignore")
    return f"{whole_lines.rstrip()}\n{more}"


def clock(milliseconds: int) -> str:
    """A time as `00:01:23`, cut to the whole second."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}"


def _words() -> dict[str, Any]:
    words: dict[str, Any] = phrases("notes")["notes"]
    return words


def _opening(episode: Episode) -> Iterator[str]:
    """What stands before the times: the news first, then who speaks."""
    lead = _lead(episode)
    if lead:
        yield lead
    yield from disclosures(episode)


def _lead(episode: Episode) -> str:
    """The first headlines: what a list of episodes shows under the title."""
    words = _words()
    stories = [chapter for chapter in episode.chapters if chapter.kind == "story"]
    headlines = [shortened(chapter_title(story), _MOST_LEAD_CHARS) for story in stories]
    if not headlines:
        return ""
    return str(words["lead"].format(headlines=words["between"].join(headlines[:_LEAD_STORIES])))


def _described(chapter: Chapter) -> str:
    """The title with page, reporters and who signs, where the paper gives them."""
    words = _words()
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


def _timed(chapter: Chapter) -> str:
    return f"{clock(chapter.start_ms)} {_described(chapter)}"


def _timed_html(chapter: Chapter) -> str:
    return f"{clock(chapter.start_ms)} {_linked(_described(chapter), chapter_link(chapter))}"


def _linked(text: str, url: str) -> str:
    """The text, as a link where there is an address."""
    return f'<a href="{escape(url)}">{escape(text)}</a>' if url else escape(text)
