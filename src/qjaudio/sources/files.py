"""Files of pages: one, or the folder that holds them; read whole, within a limit."""

import re
from collections.abc import Iterator
from pathlib import Path

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.model import Page

MAX_FILES = 200
_TEXT = (".txt", ".md", ".markdown", ".text")


def is_folder_of(location: str, suffixes: tuple[str, ...]) -> bool:
    """Whether a location has one of these suffixes, or is a folder that holds such files.

    A folder that also holds pages of text belongs to the text source.
    """
    if not location or "://" in location:
        return False
    path = Path(location)
    if not is_folder(path):
        return path.suffix.lower() in suffixes
    try:
        return bool(_found(path, suffixes)) and not _found(path, _TEXT)
    except OSError:
        return False


def is_folder(path: Path) -> bool:
    """Whether a folder lies at a path; False for one that the system does not take."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def files_of(location: str, suffixes: tuple[str, ...]) -> list[Path]:
    """The file, or the files of the folder in natural order (page10 after page2).

    Raises:
        NotAnIssueError: there is none, or there are too many for one issue.
    """
    path = Path(location)
    try:
        single = [path] if path.is_file() else []
        found = _found(path, suffixes) if path.is_dir() else single
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if not found:
        raise NotAnIssueError(f"there is no file {location}", hint="check the path")
    if len(found) > MAX_FILES:
        raise NotAnIssueError(
            f"{location} holds {len(found)} files", hint="give the pages of one issue"
        )
    return found


def bytes_of(path: Path, limit: int) -> bytes:
    """The bytes of a file.

    Raises:
        NotAnIssueError: it is empty, larger than `limit` bytes, or cannot be read.
    """
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for, for ever
            raise NotAnIssueError(f"{path.name!r} is no file", hint="take it out of the folder")
        with path.open("rb") as stream:
            raw = stream.read(limit + 1)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if not raw:
        raise NotAnIssueError(f"{path.name} is empty", hint="copy or download it once more")
    if len(raw) > limit:
        raise NotAnIssueError(
            f"{path.name} is larger than {limit // 1_000_000} MB",
            hint="give the pages of one issue, in screen quality",
        )
    return raw


def with_text(pages: Iterator[Page], location: str) -> Iterator[Page]:
    """The pages one by one; one without text may be among them, but not all of them.

    Raises:
        NotAnIssueError: after the last page, when none held text.
    """
    found = False
    for page in pages:
        found = found or bool(page.blocks)
        yield page
    if not found:
        raise NotAnIssueError(
            f"no text found in {Path(location).name}",
            hint="scan the pages upright, at 200 to 300 dpi",
        )


def _found(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    files = [
        path
        for path in folder.iterdir()
        if path.suffix.lower() in suffixes
        and not path.name.startswith((".", "~"))
        and not path.stem.lower().startswith("readme")
    ]
    return sorted(files, key=lambda path: _natural(path.name))


def _natural(name: str) -> list[tuple[int, str]]:
    parts = re.split(r"(\d+)", name.lower())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts if part]


def _unreadable(path: Path, error: Exception) -> NotAnIssueError:
    reason = getattr(error, "strerror", None) or str(error)
    return NotAnIssueError(
        f"cannot read {path.name!r}: {reason}", hint="check the path and its permissions"
    )
