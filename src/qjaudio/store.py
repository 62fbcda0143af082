"""Files of the output folder: their names, atomic writes, and the cache of spoken clips."""

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qjaudio.errors import NotWritableError

SCHEMA = 1
"""Number of the layout of our JSON files; a file of another number is made again."""

CACHE_BYTES = 2_000_000_000
"""What the cache of clips may hold: eleven hours of speech, a month of daily episodes and more."""
_DAY_S = 86_400.0


@contextlib.contextmanager
def writing(path: Path) -> Iterator[Path]:
    """Yield a temporary file beside `path` that replaces it when the block succeeds.

    The file is synced before and its folder after the rename, so that a crash leaves the old
    file or the new one, never half of either (as borg's SaveFile does).

    Raises:
        NotWritableError: the folder or the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise not_writable(path, error) from error
    beside = Path(name)
    try:
        yield beside
        _replace(beside, path)
    except OSError as error:
        raise not_writable(path, error) from error
    finally:
        beside.unlink(missing_ok=True)


def _replace(beside: Path, path: Path) -> None:
    beside.chmod(0o644)
    with beside.open("rb") as file:
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def not_writable(path: Path, error: OSError) -> NotWritableError:
    """What to say when the system refuses to write `path`."""
    reason = error.strerror or str(error)
    return NotWritableError(
        f"cannot write {path}: {reason}",
        hint="free some space or choose another folder with --out DIR",
    )


def write_bytes(path: Path, content: bytes) -> None:
    """Write a whole file atomically; an identical file is left untouched."""
    with contextlib.suppress(OSError):
        if path.read_bytes() == content:
            return
    with writing(path) as beside:
        beside.write_bytes(content)


def write_text(path: Path, text: str) -> None:
    """Write a whole UTF-8 file atomically; an identical file is left untouched."""
    write_bytes(path, text.encode("utf-8"))


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Write a JSON object with our schema number."""
    write_text(path, json.dumps({"schema": SCHEMA, **value}, ensure_ascii=False, indent=1) + "\n")


def sha256_of(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stamp_of(path: Path) -> list[int]:
    """What changes when a file is edited or replaced: time, size, number; empty where none is."""
    try:
        status = path.stat()
    except OSError:
        return []
    return [status.st_mtime_ns, status.st_size, status.st_ino]


def check_writable(folder: Path) -> None:
    """Write a file there and remove it.

    Raises:
        NotWritableError: that is not possible.
    """
    probe = folder / ".writable"
    with writing(probe) as beside:
        beside.write_bytes(b"")
    probe.unlink(missing_ok=True)


def read_json(path: Path) -> dict[str, Any] | None:
    """Read a JSON object of our schema; None where it is missing, damaged or of another schema."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):  # nested a thousand deep: not ours
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

    def published(self, date: str, suffix: str) -> Path:
        """A file of the episode of `date`, by its suffix: `.mp3`, `.vtt`, `.chapters.json`, …"""
        return self.root / f"{date}{suffix}"

    def stage(self, date: str, name: str) -> Path:
        """A stage's file: `issue.json`, `script.md`, `script.json`, `episode.json`."""
        return self.root / date / name

    def dates(self) -> tuple[str, ...]:
        """The dates that have a finished episode, oldest first."""
        return tuple(sorted(path.parent.name for path in self.root.glob("????-??-??/episode.json")))


@dataclass(frozen=True, slots=True)
class ClipCache:
    """Clips by what was spoken. The key covers text, readings, engine, model, voice and version.

    An entry is the PCM after its own sha256, so that a damaged one is noticed and made again.
    """

    folder: Path

    def _path(self, key: str) -> Path:
        name = hashlib.sha256(key.encode("utf-8")).hexdigest()
        return self.folder / name[:2] / f"{name}.pcm"

    def get(self, key: str) -> bytes | None:
        """The PCM of `key`, or None."""
        path = self._path(key)
        try:
            entry = path.read_bytes()
        except OSError:
            return None
        digest, pcm = entry[:32], entry[32:]
        if not pcm or hashlib.sha256(pcm).digest() != digest:
            return None
        with contextlib.suppress(OSError):  # many disks keep no time of access: `prune` needs one
            os.utime(path)
        return pcm

    def put(self, key: str, pcm: bytes) -> None:
        """Keep `pcm` under `key`."""
        write_bytes(self._path(key), hashlib.sha256(pcm).digest() + pcm)

    def prune(self, limit_bytes: int = CACHE_BYTES) -> None:
        """Remove the entries that were not used for longest until the rest fits.

        Another program may use the cache meanwhile: it speaks again what it does not find. What
        killed runs have left half written goes after a day.
        """
        entries = []
        for path in self.folder.glob("??/*"):
            with contextlib.suppress(OSError):
                status = path.stat()
                entries.append((status.st_mtime, status.st_size, path))
        newest = max((used for used, _, _ in entries), default=0.0)
        total = 0
        for used, size, path in sorted(entries, reverse=True):
            total += size
            is_half = path.suffix != ".pcm" and used < newest - _DAY_S
            if total > limit_bytes or is_half:
                with contextlib.suppress(OSError):
                    path.unlink()
