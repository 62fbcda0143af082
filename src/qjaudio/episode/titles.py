"""Text for other people's programs: apps, players and readers of tags and feeds."""

import re

from qjaudio.episode.model import Chapter, Episode
from qjaudio.rules import phrases

MOST_TITLE_CHARS = 120
"""A longer chapter title is cut: players show one or two lines of it."""
ELLIPSIS = "…"

# Not allowed in XML 1.0 (section 2.2) or in UTF-16 tags, or able to turn the line around.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_LOOSE_ENDS = "\u200d\ufe0f ，、；：（《“‘【"


def printable(text: str) -> str:
    """The text on one line, without control characters and with single spaces."""
    return " ".join(_UNPRINTABLE.sub("", text).split())


def shortened(text: str, most: int) -> str:
    """The text in at most `most` characters; what is cut off is marked by an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip(_LOOSE_ENDS) + ELLIPSIS


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


def timestamp(milliseconds: int, mark: str = "") -> str:
    """A time as `00:01:23`; `mark` stands before the milliseconds, without it they are cut off."""
    seconds, fraction = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}" + (f"{mark}{fraction:03}" if mark else "")


def chapter_title(chapter: Chapter) -> str:
    """The title of a chapter as every list of chapters shows it; never empty."""
    title = shortened(printable(chapter.title), MOST_TITLE_CHARS)
    return title or str(phrases("notes")["titles"]["untitled"])


def chapter_link(chapter: Chapter) -> str:
    """The address that a chapter leads to; empty unless it is one of the web."""
    url = "".join(printable(chapter.url).split())
    return url if url.startswith(("https://", "http://")) else ""


def disclosures(episode: Episode) -> tuple[str, ...]:
    """The sentences that say which programme this is and that a machine speaks it."""
    words = phrases("notes")["notes"]
    year, month, day = (int(number) for number in episode.date.split("-"))
    paper = printable(episode.paper)
    said = words["disclosure"].format(paper=paper, year=year, month=month, day=day)
    return (said, words["offline"]) if episode.offline else (said,)
