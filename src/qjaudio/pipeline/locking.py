"""Two runs of one date are kept apart, and what a dead run has left is cleared away."""

import contextlib
import datetime
import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import IO

from qjaudio import store
from qjaudio.errors import UsageError
from qjaudio.store import OutFolder

RUN_PREFIX = "run-"
_OF_A_DATE = re.compile(r"\.\d{4}-\d{2}-\d{2}\.(?!html\.)")
"""Pages are written with the feed, all other files of a date by the run that makes it."""


class BusyError(UsageError):
    """Another run is making the same date: it will be finished without us."""


@contextlib.contextmanager
def locked(out: OutFolder, date: str, now: datetime.datetime) -> Iterator[None]:
    """Hold the lock of a date; it is the system's, so that it goes when the process dies.

    Its file names the process and when it began, for the message to the other. On Windows, which
    has no such locks, runs are not kept apart. Folders that are empty at the end are removed.

    Raises:
        UsageError: another run of this date is going on.
        NotWritableError: the folder cannot be written.
    """
    try:
        with _held(out, date) as file:
            json.dump({"pid": os.getpid(), "since": now.isoformat(timespec="seconds")}, file)
            file.flush()
            yield
    finally:
        for empty in (out.cache, out.root):
            with contextlib.suppress(OSError):
                empty.rmdir()


@contextlib.contextmanager
def _held(out: OutFolder, date: str) -> Iterator[IO[str]]:
    """The emptied lock file of a date, locked; removed at the end."""
    path = out.cache / f"{date}.lock"
    with _opened(path, date) as file:
        file.seek(0)
        file.truncate()
        try:
            yield file
        finally:
            path.unlink(missing_ok=True)


def _opened(path: Path, date: str) -> IO[str]:
    while True:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("a+", encoding="utf-8")
        except OSError as error:
            raise store.not_writable(path, error) from error
        try:
            _take(file)
        except OSError as error:
            with file:
                raise BusyError(
                    f"{date} is being made by another run ({_holder(file)})",
                    hint="wait or stop it, then run this again: it goes on where that one was",
                ) from error
        if _is_there(path, file):
            return file
        file.close()  # its holder removed it between our opening and our locking


def _is_there(path: Path, file: IO[str]) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    return False


def _take(file: IO[str]) -> None:
    """Lock the file or raise OSError; closing it, or the end of the process, lets it go."""
    fcntl = _fcntl()
    if fcntl is not None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _fcntl() -> ModuleType | None:
    """The module of POSIX locks; None on Windows, where runs are not kept apart."""
    try:
        import fcntl
    except ImportError:
        return None
    return fcntl


def _holder(file: IO[str]) -> str:
    file.seek(0)
    try:
        found = json.loads(file.read())
        return f"process {int(found['pid'])} since {found['since']}"
    except (ValueError, KeyError, TypeError):
        return "it has just begun"


@contextlib.contextmanager
def workspace(out: OutFolder, date: str) -> Iterator[Path]:
    """A folder for the files of this run, removed at its end, however it ends.

    Whoever holds the lock of the date is its only run: folders of that date are of dead ones.

    Raises:
        NotWritableError: it cannot be written.
    """
    store.check_writable(out.cache)
    clear(out, date)
    folder = out.cache / f"{RUN_PREFIX}{date}"
    try:
        folder.mkdir()
        yield folder
    except OSError as error:
        raise store.not_writable(folder, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clear(out: OutFolder, date: str) -> None:
    """Remove what killed runs have left: their folders, and this date's files half written."""
    for left in out.cache.glob(f"{RUN_PREFIX}*"):
        other = left.name.removeprefix(RUN_PREFIX)
        if other == date:
            shutil.rmtree(left, ignore_errors=True)
            continue
        with contextlib.suppress(UsageError), _held(out, other):
            shutil.rmtree(left, ignore_errors=True)
    for half in (*out.root.glob(f".{date}.*.tmp"), *(out.root / date).glob(".*.tmp")):
        half.unlink(missing_ok=True)


@contextlib.contextmanager
def feed_lock(out: OutFolder) -> Iterator[None]:
    """Wait for the right to write the feed: two dates can be finished in one moment.

    What killed runs have left half written is cleared away on the way in; the files of a date
    are its own run's affair (see `clear`).

    Raises:
        NotWritableError: the folder cannot be written.
    """
    path = out.cache / "feed.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a")
    except OSError as error:
        raise store.not_writable(path, error) from error
    with file:
        if (fcntl := _fcntl()) is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
        for half in (*out.root.glob(".*.tmp"), *out.cache.glob(".*.json.*.tmp")):
            if not _OF_A_DATE.match(half.name):
                half.unlink(missing_ok=True)
        yield
