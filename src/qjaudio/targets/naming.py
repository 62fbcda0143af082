"""Which names in the output folder are ours to publish, and in which order they go."""

import re
from collections.abc import Container

FEED = "feed.xml"
AUDIO = ".mp3"
_DATED = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})(\.former)?\.(mp3|vtt|srt|json|chapters\.json|jpg|png|html)"
)
"""Second names are there only while the feed uses them: see pipeline/replacing.py."""
_SHOW = re.compile(
    r"""
    feed(-[\w-]+)?\.xml                             # the feed and the pages of its archive
    | archive(-[\w-]+)?\.(xml|html)
    | (cover|icon|favicon|apple-touch-icon)(-[\w-]+)?\.(jpg|png|svg|ico)
    | (index|offline|404)\.html
    | (player|episode|reading|theme|style|app|sw|service-worker|register)(-[\w-]+)?\.(js|css)
    | [\w-]+\.webmanifest | manifest\.json | episodes\.json
    """,
    re.VERBOSE | re.ASCII,
)
_RANKS = (
    (0, (AUDIO,)),
    (1, (".jpg", ".png", ".svg", ".ico", ".woff2")),
    (2, (".vtt", ".srt", ".json")),
    (4, (".xml",)),
)
_PAGES = 3
_ARCHIVES = 4
_LAST = 5


def is_ours(name: str, dates: Container[str]) -> bool:
    """Whether a file of this name is published; `dates` are those of the finished episodes.

    Foreign files are left alone: a picture or a page that somebody has put into `out/` was not
    meant for the world.
    """
    dated = _DATED.fullmatch(name)
    return dated["date"] in dates if dated else _SHOW.fullmatch(name) is not None


def rank(name: str) -> int:
    """What goes first has the lower number: whatever is named goes before what names it.

    Audio, pictures, transcripts and chapters, pages, archive feeds; the feed last of all.
    """
    if name == FEED:
        return _LAST
    return next((number for number, ends in _RANKS if name.endswith(ends)), _PAGES)


def is_feed(name: str) -> bool:
    """Whether the file names audio with its length."""
    return rank(name) >= _ARCHIVES
