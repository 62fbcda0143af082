"""What kinds of files are served, and how each is announced to clients."""

from dataclasses import dataclass

_FRESH = "no-cache"  # kept, but asked about each time: a correction is seen at once
_QUIET = "public, max-age=600"  # large and seldom changed; a re-issue is seen in ten minutes


@dataclass(frozen=True, slots=True)
class Medium:
    """How files of one kind are served."""

    media_type: str
    cache_control: str = _FRESH
    open_to_all: bool = False
    """Whether players on other people's pages may read it (CORS)."""
    holds_addresses: bool = False
    """Whether it may hold absolute addresses that begin with the show's base_url."""


_MEDIA = {
    # The podcast namespace names these types; transcripts and chapters have to be open to all.
    ".xml": Medium("application/rss+xml; charset=utf-8", open_to_all=True, holds_addresses=True),
    ".opml": Medium("text/x-opml; charset=utf-8", open_to_all=True),
    ".vtt": Medium("text/vtt", open_to_all=True),
    ".srt": Medium("application/x-subrip", open_to_all=True),
    ".chapters.json": Medium("application/json+chapters", open_to_all=True, holds_addresses=True),
    ".json": Medium("application/json", open_to_all=True, holds_addresses=True),
    ".mp3": Medium("audio/mpeg", _QUIET),
    ".jpg": Medium("image/jpeg", _QUIET),
    ".png": Medium("image/png", _QUIET),
    ".svg": Medium("image/svg+xml; charset=utf-8", _QUIET),
    ".ico": Medium("image/vnd.microsoft.icon", _QUIET),
    ".html": Medium("text/html; charset=utf-8", holds_addresses=True),
    ".css": Medium("text/css; charset=utf-8"),
    ".js": Medium("text/javascript; charset=utf-8"),
    ".webmanifest": Medium("application/manifest+json", holds_addresses=True),
    ".woff2": Medium("font/woff2", _QUIET),
}

HOME_PAGE = Medium("text/html; charset=utf-8")
"""How a page that is made on request is served."""


def medium_of(name: str) -> Medium | None:
    """How a file of this name is served; None where it is of a kind that we never publish."""
    parts = name.lower().split(".")
    for keep in (2, 1):
        if len(parts) > keep and (medium := _MEDIA.get("." + ".".join(parts[-keep:]))):
            return medium
    return None
