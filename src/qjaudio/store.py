"""Files of the output folder: their names, atomic writes, and reading what is a file."""

import contextlib
import errno
import fnmatch
import hashlib
import json
import logging
import os
import stat
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from qjaudio.errors import NotWritableError, way_out

SCHEMA = 1
"""Number of the layout of our JSON files; a file of another number is made again."""

HALF = ".tmp"
"""How the name of a file ends while it is written."""
_DAY_S = 86_400.0
_log = logging.getLogger(__name__)
_WHOLE_BYTES = 250_000_000
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)


def only_file(name: str, flags: int) -> int:
    """An opener for `open` that takes regular files alone: a pipe would be waited for, for ever.

    Raises:
        OSError: also for a pipe, a socket, a device (which may have no end) and a folder.
    """
    descriptor = os.open(name, flags | _NO_WAIT, 0o666)
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return descriptor
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), name)
    raise OSError(errno.EINVAL, "not a file but a pipe or a device", name)


def bytes_of(path: Path, limit: int = _WHOLE_BYTES) -> bytes:
    """The bytes of a regular file; OSError where it is none, or has more than `limit`."""
    with open(path, "rb", opener=only_file) as file:
        is_too_large = os.fstat(file.fileno()).st_size > limit
        found = b"" if is_too_large else file.read()
    if is_too_large:
        raise OSError(errno.EFBIG, f"more than {limit:,} bytes", str(path))
    return found


def text_of(path: Path, limit: int = _WHOLE_BYTES) -> str:
    """The UTF-8 text of a regular file, line breaks as LF; raises as `bytes_of` and `decode`."""
    text = bytes_of(path, limit).decode("utf-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")


@contextlib.contextmanager
def writing(path: Path) -> Iterator[Path]:
    """Yield a temporary file beside `path` that replaces it when the block succeeds.

    The file is synced before and its folder after the rename, so that a crash leaves the old
    file or the new one, never half of either (as borg's SaveFile does). While it is written it is
    locked: what a dead run has left is known by its open lock (see `remove_halves`).

    Raises:
        NotWritableError: the folder or the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside, lock = _create_beside(path)
    except OSError as error:
        raise not_writable(path, error) from error
    try:
        yield beside
        _replace(beside, path)
    except OSError as error:
        raise not_writable(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        if lock is not None:
            os.close(lock)


def _create_beside(path: Path) -> tuple[Path, int | None]:
    """An empty temporary file beside `path`, and the handle that holds its lock."""
    while True:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=HALF, dir=path.parent)
        locks = system_locks()
        if locks is None:
            os.close(handle)  # Windows moves no file that is open
            return Path(name), None
        with contextlib.suppress(OSError):  # a network disk without locks
            locks.flock(handle, locks.LOCK_EX)
        if os.fstat(handle).st_nlink:
            return Path(name), handle
        os.close(handle)  # somebody cleared it away between its making and its locking


def system_locks() -> ModuleType | None:
    """The module of POSIX locks, which go when their process dies; None on Windows."""
    try:
        import fcntl
    except ImportError:
        return None
    return fcntl


def remove_halves(paths: Iterable[Path]) -> None:
    """Remove those temporary files of `writing` that no living run holds.

    Where the system has no such locks, what is younger than a day stays.
    """
    with contextlib.suppress(OSError):  # a folder that vanishes meanwhile
        for path in paths:
            if path.suffix == HALF and path.name.startswith("."):
                _remove_half(path)


def _remove_half(path: Path) -> None:
    locks = system_locks()
    with contextlib.suppress(OSError):
        if locks is None:
            if path.stat().st_mtime < time.time() - _DAY_S:
                path.unlink()
            return
        with open(path, "rb", opener=only_file) as file:
            locks.flock(file, locks.LOCK_EX | locks.LOCK_NB)
            path.unlink()


def _replace(beside: Path, path: Path) -> None:
    beside.chmod(0o644)
    with beside.open("r+b") as file:  # Windows syncs only what it may write
        os.fsync(file.fileno())
    replace_when_free(beside, path)
    if _is_windows():  # it opens no folders, and keeps their entries by itself
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def replace_when_free(new: Path, path: Path) -> None:
    """Put `new` in place of `path`; Windows refuses that while somebody reads it."""
    for wait_s in (0.1, 0.5, 2.0, 4.0) if _is_windows() else ():
        with contextlib.suppress(PermissionError):
            new.replace(path)
            return
        time.sleep(wait_s)
    new.replace(path)


def _is_windows() -> bool:
    return os.name == "nt"


_NOT_ELSEWHERE = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN, errno.EFBIG)
"""With these another folder does not help."""
_IN_THE_WAY = (errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOTEMPTY)


def not_writable(path: Path, error: OSError) -> NotWritableError:
    """What to say when the system refuses to write `path`."""
    in_the_way = error.errno in _IN_THE_WAY
    hint = "move away what stands there" if in_the_way else way_out(error, "make that folder")
    other = ", then" if error.errno in _NOT_ELSEWHERE else ", or choose another folder, and"
    reason = f"cannot write {path}: {error.strerror or error}"
    return NotWritableError(reason, hint=f"{hint}{other} run it again")


_OF_SQLITE = {
    5: errno.EBUSY, 8: errno.EACCES, 10: errno.EIO, 13: errno.ENOSPC, 14: errno.EACCES,
}  # fmt: skip
"""What the system has refused, by the lower byte of SQLite's code (sqlite.org/rescode.html)."""


def refused_by_sqlite(error: Exception) -> OSError | None:
    """What the system has refused to SQLite; None where the file is no database, or damaged."""
    code = _OF_SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    return OSError(code, os.strerror(code)) if code else None


def write_bytes(path: Path, content: bytes) -> None:
    """Write a whole file atomically; an identical file is left untouched."""
    with contextlib.suppress(OSError):
        if bytes_of(path, len(content)) == content:
            return
    with writing(path) as beside:
        beside.write_bytes(content)


def write_text(path: Path, text: str) -> None:
    """Write a whole UTF-8 file atomically; an identical file is left untouched."""
    write_bytes(path, text.encode("utf-8"))


def keep(path: Path, content: bytes) -> bool:
    """Keep what can be made again for the next run; whether that was possible."""
    try:
        write_bytes(path, content)
    except NotWritableError as error:
        _log.warning("not_kept", extra={"facts": {"path": path, "reason": error}})
        return False
    return True


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Write a JSON object with our schema number."""
    write_text(path, json.dumps({"schema": SCHEMA, **value}, ensure_ascii=False, indent=1) + "\n")


def sha256_of(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with open(path, "rb", opener=only_file) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def has_sum(path: Path, sha256: str) -> bool:
    """Whether a file is there, can be read, and has this sum."""
    try:
        return sha256_of(path) == sha256
    except OSError:
        return False


def stamp_of(path: Path) -> list[int]:
    """What changes when a file is edited or replaced: time, size, number; empty where none is."""
    try:
        status = path.stat()
    except OSError:
        return []
    return [status.st_mtime_ns, status.st_size, status.st_ino]


def leads_outside(path: Path, *folders: Path) -> bool:
    """Whether a path is a link, or lies behind one, to what is in none of the folders.

    Raises:
        OSError, RuntimeError, ValueError: the system cannot follow it: a circle of links, NUL.
    """
    there = path.resolve()
    return not any(there.is_relative_to(folder.resolve()) for folder in folders)


def check_writable(folder: Path) -> None:
    """Write a file there and remove it; NotWritableError where that is not possible."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder, prefix=".writable.", suffix=HALF) as probe:
            probe.write(b"writable")
    except OSError as error:
        raise not_writable(folder, error) from error


_NO_FILE = (
    errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.EINVAL, errno.EFBIG,
    errno.ENXIO,
)  # fmt: skip


def is_refused(error: OSError) -> bool:
    """Whether an error says nothing of what is there: an episode must not leave the feed for it."""
    return error.errno not in _NO_FILE


def read_json(path: Path) -> dict[str, Any] | None:
    """Read a JSON object of our schema; None where it is missing, damaged or of another schema.

    Raises:
        OSError: the system refuses to read it (see `is_refused`).
    """
    try:
        return parse_json(bytes_of(path))
    except OSError as error:
        if is_refused(error):
            raise
        return None


def kept_path(folder: Path, key: str, suffix: str) -> Path:
    """Where a cache in a folder keeps what belongs to a key."""
    name = hashlib.sha256(key.encode("utf-8")).hexdigest()
    return folder / name[:2] / f"{name}{suffix}"


def read_sealed(path: Path) -> bytes | None:
    """What `write_sealed` has written there; None where nothing is, or not all of it."""
    with contextlib.suppress(OSError):
        entry = bytes_of(path)
        digest, content = entry[:32], entry[32:]
        return content if hashlib.sha256(content).digest() == digest else None
    return None


def write_sealed(path: Path, content: bytes) -> None:
    """Write a file that begins with the sha256 of its content, so that damage is noticed."""
    write_bytes(path, hashlib.sha256(content).digest() + content)


def parse_json(content: bytes) -> dict[str, Any] | None:
    """The JSON object of our schema in the bytes of a file; None where they hold none."""
    try:
        value = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):  # nested a thousand deep: not ours
        return None
    return value if isinstance(value, dict) and value.get("schema") == SCHEMA else None


@dataclass(frozen=True, slots=True)
class OutFolder:
    """The names of everything in `out/`."""

    root: Path

    @property
    def feed(self) -> Path:
        """`feed.xml`."""
        return self.root / "feed.xml"

    @property
    def cache(self) -> Path:
        """The folder of what can be made again."""
        return self.root / ".cache"

    @property
    def drafts(self) -> "Shelf":
        """The episodes that wait for signatures."""
        return Shelf(self.root, ".drafts")

    @property
    def withdrawn(self) -> "Shelf":
        """The episodes that were withdrawn, to be restored."""
        return Shelf(self.root, ".withdrawn")

    @property
    def audience(self) -> Path:
        """The folder of what `serve --count` writes."""
        return self.root / ".audience"

    def published(self, date: str, suffix: str) -> Path:
        """A file of the episode of `date`, by its suffix: `.mp3`, `.vtt`, `.chapters.json`, …"""
        return self.root / f"{date}{suffix}"

    def stage(self, date: str, name: str) -> Path:
        """A stage's file: `issue.json`, `script.md`, `script.json`, `episode.json`."""
        return self.root / date / name

    def dates(self) -> tuple[str, ...]:
        """The dates that have a finished episode, oldest first."""
        try:
            names = sorted(path.name for path in self.root.iterdir())  # a glob hides refusals
        except (FileNotFoundError, NotADirectoryError):
            return ()
        dates = (name for name in names if fnmatch.fnmatchcase(name, "????-??-??"))
        return tuple(date for date in dates if self.stage(date, "episode.json").exists())


@dataclass(frozen=True, slots=True)
class Shelf(OutFolder):
    """The same folder with episodes that are not public: none of their files lies where others do.

    Their records and what is published of them are in `out/NAME/DATE/`; all else is shared.
    """

    name: str = ".drafts"

    def folder(self, date: str) -> Path:
        """Where the files of the episode of `date` are."""
        return self.root / self.name / date

    def published(self, date: str, suffix: str) -> Path:
        """As for what is public."""
        return self.folder(date) / f"{date}{suffix}"

    def stage(self, date: str, name: str) -> Path:
        """As for what is public; the record of the episode is its own."""
        return (self.folder(date) if name == "episode.json" else self.root / date) / name

    def dates(self) -> tuple[str, ...]:
        """As for what is public."""
        found = sorted((self.root / self.name).glob("????-??-??/episode.json"))
        return tuple(path.parent.name for path in found)
