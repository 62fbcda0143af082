"""Which files of the output folder the world may see, and how each kind is served."""

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

_FRESH = "no-cache"  # kept, but asked about each time: a correction is seen at once
_QUIET = "public, max-age=600"  # large and seldom changed; a re-issue is seen in ten minutes
_STAGE_FOLDER = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f/\\:]")  # a colon is a drive or a stream on Windows


@dataclass(frozen=True, slots=True)
class Medium:
    """How files of one kind are served."""

    media_type: str
    cache_control: str = _FRESH
    open_to_all: bool = False
    """Whether players on other people's pages may read it (CORS)."""
    holds_addresses: bool = False
    """Whether it may hold absolute addresses that begin with the show's base_url."""

    @property
    def is_text(self) -> bool:
        """Whether files of this kind become smaller: audio, pictures and fonts do not."""
        kind, _, rest = self.media_type.partition("/")
        return kind in ("text", "application") or rest.startswith("svg+xml")


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


def medium_of(name: str) -> Medium | None:
    """How a file of this name is served; None where it is of a kind that we never publish."""
    parts = name.lower().split(".")
    for keep in (2, 1):
        if len(parts) > keep and (medium := _MEDIA.get("." + ".".join(parts[-keep:]))):
            return medium
    return None


def published_parts(raw_path: str) -> tuple[str, ...] | None:
    """The names in the path of a URL, decoded once; None where it cannot name a published file.

    `raw_path` is still percent-encoded. It is cut at its slashes before it is decoded, so that an
    encoded slash stays inside a name, where it is refused.
    """
    if not raw_path.startswith("/"):
        return None
    try:
        parts = tuple(unquote_to_bytes(part).decode() for part in raw_path[1:].split("/"))
    except UnicodeDecodeError:
        return None
    return parts if _is_public(parts) else None


def _is_public(parts: tuple[str, ...]) -> bool:
    """Whether nothing in these names is hidden, a stage file, half written or a foreign kind."""
    return (
        all(part and not _FORBIDDEN.search(part) for part in parts)
        and not any(part.startswith(".") or part.endswith((".", " ")) for part in parts)
        and not any(_STAGE_FOLDER.fullmatch(part) for part in parts)
        and medium_of(parts[-1]) is not None
    )


def published_path(root: Path, parts: tuple[str, ...]) -> Path | None:
    """Where a published file lies; None where there is none, or it lies outside `root`.

    Links are followed; where they lead has to be as public as where they began. It is a regular
    file: reading a named pipe would wait for its writer.
    """
    try:
        folder = root.resolve(strict=True)
        path = folder.joinpath(*parts).resolve(strict=True)
        if not path.is_relative_to(folder) or not _is_public(path.relative_to(folder).parts):
            return None
        is_readable = stat.S_ISREG(path.stat().st_mode) and os.access(path, os.R_OK)
    except (OSError, ValueError, RuntimeError):  # gone, too long, a loop of links, not allowed
        return None
    return path if is_readable else None
