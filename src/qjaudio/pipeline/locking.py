"""Locks with a time limit: two runs of one date are kept apart, and the feed has one writer.

They are the system's, by `filelock`, so that they go when their process dies, on Windows too. A
note beside each says who holds it, and since when, for the message to the other.
"""

import contextlib
import datetime
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from qjaudio import store
from qjaudio.errors import UsageError
from qjaudio.store import OutFolder

RUN_PREFIX = "run-"
EDIT_WAIT_S = 30.0
"""How long to wait for a file of one's own: a line is added in milliseconds."""
TELL_AFTER_S = 2.0
"""How long to wait without a word."""

Tell = Callable[[str], None]


class BusyError(UsageError):
    """Another run holds what this one needs: it will be finished without us."""


def tell_nobody(_text: str) -> None:
    """Tell nobody what is waited for."""


@contextlib.contextmanager
def locked(out: OutFolder, date: str, now: datetime.datetime, what: str = "") -> Iterator[None]:
    """Hold the lock of a date, or of what is told as `what`; another run is not waited for.

    What killed runs have left is cleared away first; folders that are empty at the end are removed.
    Raises BusyError while another run holds it, and NotWritableError.
    """
    try:
        with _date_lock(out, date, now, what):
            clear_leftovers(out, date)
            yield
    finally:
        for empty in (out.cache, out.root):
            with contextlib.suppress(OSError):
                empty.rmdir()


@contextlib.contextmanager
def feed_lock(out: OutFolder, tell: Tell = tell_nobody, *, wait_s: float = 120.0) -> Iterator[None]:
    """Wait for the right to write the feed: two dates can be finished in one moment.

    What killed runs have left half written beside it is cleared away. Raises BusyError where
    another run holds it for longer than `wait_s`, of which `tell` was told, and NotWritableError.
    """
    path = out.cache / "feed.lock"
    acquired = _acquire(path, tell, what=f"the feed in {out.root}", wait_s=wait_s)
    with acquired, _note_holder(path, datetime.datetime.now(datetime.UTC)):
        for folder in (out.root, out.cache):
            store.remove_halves(folder.glob(".*.tmp"))
        yield


@contextlib.contextmanager
def edit_lock(path: Path) -> Iterator[None]:
    """Wait for the right to read `path` and to write it again, so that no change to it is lost.

    The lock stands beside the file: several shows may share it. Raises as `feed_lock` does.
    """
    lock = path.with_name(f".{path.name}.lock")
    with _acquire(lock, tell_nobody, what=str(path), wait_s=EDIT_WAIT_S):
        yield


@contextlib.contextmanager
def _date_lock(out: OutFolder, date: str, now: datetime.datetime, what: str = "") -> Iterator[None]:
    path = out.cache / f"{date}.lock"
    with _acquire(path, tell_nobody, what=what or date, wait_s=0), _note_holder(path, now):
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                path.unlink()


@contextlib.contextmanager
def _acquire(path: Path, tell: Tell, *, what: str, wait_s: float) -> Iterator[None]:
    """Hold a lock for which others may have to be waited for."""
    from filelock import FileLock, Timeout  # imported late: it takes as long as half of ours

    lock = FileLock(path, thread_local=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(Timeout):
            lock.acquire(timeout=min(wait_s, TELL_AFTER_S))
        if not lock.is_locked and wait_s:
            tell(f"waiting for {what}: another run ({_holder(path)}) is writing it")
        if not lock.is_locked:
            lock.acquire(timeout=max(0.0, wait_s - TELL_AFTER_S))
    except Timeout as error:
        raise BusyError(
            f"{what} is being made by another run ({_holder(path)})",
            hint="wait or stop it, then run this again: it goes on where that one was",
        ) from error
    except OSError as error:
        raise store.not_writable(path, error) from error
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def _note_holder(path: Path, since: datetime.datetime) -> Iterator[None]:
    """Note beside a lock who holds it; whoever cannot write that holds it all the same."""
    note = _note(path)
    holder = {"pid": os.getpid(), "since": since.isoformat(timespec="seconds")}
    try:
        with (
            contextlib.suppress(OSError),
            open(note, "w", encoding="utf-8", opener=store.only_file) as file,
        ):
            json.dump(holder, file)
        yield
    finally:
        with contextlib.suppress(OSError):
            note.unlink()


def _holder(path: Path) -> str:
    try:
        found = json.loads(store.text_of(_note(path)))
        return f"process {int(found['pid'])} since {found['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "it has just begun"


def _note(path: Path) -> Path:
    return path.with_name(f"{path.name}.holder")


@contextlib.contextmanager
def workspace(out: OutFolder, date: str) -> Iterator[Path]:
    """A folder for the files of this run, removed at its end, however it ends.

    Whoever holds the lock of the date is its only run: folders of that date are of dead ones.
    Raises NotWritableError.
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


def clear_leftovers(out: OutFolder, date: str) -> None:
    """Remove what killed runs have left: their folders, and files half written.

    The clips that they were writing go when the cache is pruned.
    """
    for left in out.cache.glob(f"{RUN_PREFIX}*"):
        other = left.name.removeprefix(RUN_PREFIX)
        if other == date:
            shutil.rmtree(left, ignore_errors=True)
            continue
        now = datetime.datetime.now(datetime.UTC)
        with contextlib.suppress(UsageError), _date_lock(out, other, now):
            shutil.rmtree(left, ignore_errors=True)
    for halves in (".*.tmp", ".*/.*.tmp", ".*/*/.*.tmp"):
        store.remove_halves(out.root.glob(halves))
    store.remove_halves((out.root / date).glob(".*.tmp"))
