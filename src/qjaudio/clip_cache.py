"""The cache of spoken clips."""

import contextlib
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from qjaudio import store

CACHE_BYTES = 2_000_000_000
"""What the cache of clips may hold: eleven hours of speech, a month of daily episodes and more."""


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
            entry = store.bytes_of(path)
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
        store.write_bytes(self._path(key), hashlib.sha256(pcm).digest() + pcm)

    def prune(self, limit_bytes: int = CACHE_BYTES) -> None:
        """Remove the entries that were not used for longest until the rest fits.

        Another program may use the cache meanwhile: it speaks again what it does not find. What
        killed runs have left half written goes, too.
        """
        entries, halves = [], []
        for path in self.folder.glob("??/*"):
            if path.suffix == store.HALF:
                halves.append(path)
                continue
            with contextlib.suppress(OSError):
                status = path.stat()
                entries.append((status.st_mtime, status.st_size, path))
        store.remove_halves(halves)
        total = 0
        for _, size, path in sorted(entries, reverse=True):
            total += size
            if total > limit_bytes:
                with contextlib.suppress(OSError):
                    path.unlink()
