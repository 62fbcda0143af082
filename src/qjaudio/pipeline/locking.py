"""Two runs of one date are kept apart, and what a dead run has left is cleared away."""

import contextlib
import datetime
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from qjaudio import store
from qjaudio.errors import UsageError
from qjaudio.store import OutFolder

RUN_PREFIX = "run-"


class BusyError(UsageError):
    """Another run is making the same date: it will be finished without us."""


@contextlib.contextmanager
def locked(out: OutFolder, date: str, now: datetime.datetime) -> Iterator[None]:
    """Hold the lock of a date; it is the system's, so that it goes when the process dies.

    Its file names the process and when it began, for the message to the other. On Windows, which
    has no such locks, runs are not kept apart. What killed runs have left is cleared away first;
    folders that are empty at the end are removed.

    Raises:
        UsageError: another run of this date is going on.
        NotWritableError: the folder cannot be written.
    """
    try:
        with _held(out, date) as file:
            json.dump({"pid": os.getpid(), "since": now.isoformat(timespec="seconds")}, file)
            file.flush()
            clear(out, date)
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
            file = open(path, "a+", encoding="utf-8", opener=store.only_file)  # noqa: SIM115
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
    locks = store.system_locks()
    if locks is not None:
        locks.flock(file, locks.LOCK_EX | locks.LOCK_NB)


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
    folder = out.cache / f"{RUN_PREFIX}{date}"
    try:
        folder.mkdir()
        yield folder
    except OSError as error:
        raise store.not_writable(folder, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clear(out: OutFolder, date: str) -> None:
    """Remove what killed runs have left: their folders, and files half written.

    The clips that they were writing go when the cache is pruned.
    """
    for left in out.cache.glob(f"{RUN_PREFIX}*"):
        other = left.name.removeprefix(RUN_PREFIX)
        if other == date:
            shutil.rmtree(left, ignore_errors=True)
            continue
        with contextlib.suppress(UsageError), _held(out, other):
            shutil.rmtree(left, ignore_errors=True)
    for folder, halves in ((out.root, ".*.tmp"), (out.root, ".*/.*.tmp"), (out.cache, "*/.*.tmp")):
        store.remove_halves(folder.glob(halves))
    store.remove_halves((out.root / date).glob(".*.tmp"))


@contextlib.contextmanager
def feed_lock(out: OutFolder) -> Iterator[None]:
    """Wait for the right to write the feed: two dates can be finished in one moment.

    What killed runs have left half written beside the feed is cleared away on the way in.

    Raises:
        NotWritableError: the folder cannot be written.
    """
    path = out.cache / "feed.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = open(path, "a", opener=store.only_file)  # noqa: SIM115
    except OSError as error:
        raise store.not_writable(path, error) from error
    with file:
        if (locks := store.system_locks()) is not None:
            locks.flock(file, locks.LOCK_EX)
        for folder in (out.root, out.cache):
            store.remove_halves(folder.glob(".*.tmp"))
        yield
