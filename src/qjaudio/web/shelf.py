"""Which files of the output folder a URL may reach: the published ones and no other."""

import os
import re
import stat
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote_to_bytes

from qjaudio.web.media import medium_of

_STAGE_FOLDER = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f/\\:]")  # a colon is a drive or a stream on Windows
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a named pipe would wait for its writer
    | getattr(os, "O_NOFOLLOW", 0)
)


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


def open_published(root: Path, parts: tuple[str, ...]) -> BinaryIO | None:
    """Open a published file for reading; None where there is none, or it lies outside `root`.

    Links are followed first; where they lead has to be as public as where they began.
    """
    try:
        folder = root.resolve(strict=True)
        path = folder.joinpath(*parts).resolve(strict=True)
        if not path.is_relative_to(folder) or not _is_public(path.relative_to(folder).parts):
            return None
        descriptor = os.open(path, _OPEN_FLAGS)
    except (OSError, ValueError, RuntimeError):  # gone, too long, a loop of links, not allowed
        return None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    return os.fdopen(descriptor, "rb")
