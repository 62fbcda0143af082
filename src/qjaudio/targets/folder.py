"""A local folder as a target, or one that is mounted."""

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from qjaudio import store
from qjaudio.errors import NotWritableError, way_out
from qjaudio.targets.model import Stored, TargetUnreachableError, Upload

_PASSING = {
    getattr(errno, name)
    for name in ("EIO", "ESTALE", "ETIMEDOUT", "EHOSTDOWN", "EHOSTUNREACH", "ENOTCONN", "EAGAIN")
    if hasattr(errno, name)
}
"""What mounted folders say when their server does not answer."""


class FolderTarget:
    """Files below a folder, which is made where it is missing."""

    puts_whole = False

    def __init__(self, root: Path) -> None:
        self._root = root

    def listing(self, folder: str) -> dict[str, Stored]:
        """The files of one folder, and links to whatever it be: all that a rename would replace."""
        with self._explained(), contextlib.suppress(FileNotFoundError):
            return {
                f"{folder}/{entry.name}" if folder else entry.name: _stored_file(
                    entry.stat(follow_symlinks=entry.is_file())
                )
                for entry in os.scandir(self._root / folder)
                if entry.is_file() or entry.is_symlink()
            }
        return {}

    def stat(self, name: str) -> Stored | None:
        """One file."""
        with self._explained(), contextlib.suppress(FileNotFoundError):
            return _stored_file((self._root / name).stat())
        return None

    def read(self, name: str) -> bytes:
        """Its bytes."""
        with self._explained():
            return store.bytes_of(self._root / name)

    def put(self, upload: Upload, name: str) -> None:
        """Copy it and wait until the disk has it."""
        path = self._root / name
        with self._explained():
            path.parent.mkdir(parents=True, exist_ok=True)
            with upload.path.open("rb") as file, path.open("wb") as copy:
                shutil.copyfileobj(file, copy, 1 << 20)
                copy.flush()
                os.fsync(copy.fileno())

    def move(self, old: str, new: str) -> None:
        """Rename, which replaces in one step."""
        with self._explained():
            (self._root / old).replace(self._root / new)

    def remove(self, name: str) -> None:
        """Remove a file."""
        with self._explained():
            (self._root / name).unlink(missing_ok=True)

    def close(self) -> None:
        """There is nothing to close."""

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = error.strerror or str(error)
            if error.errno in _PASSING:
                reason = f"{self._root} does not answer: {reason}"
                raise TargetUnreachableError(reason, hint="is it still mounted?") from error
            hint = (
                f"{way_out(error, 'make it a folder that you can write to')}, then run this again"
            )
            reason = f"cannot publish to {error.filename2 or self._root}: {reason}"
            raise NotWritableError(reason, hint=hint) from error


def _stored_file(status: os.stat_result) -> Stored:
    return Stored(
        size=status.st_size, mark=str(status.st_mtime_ns), modified=status.st_mtime_ns / 1e9
    )
