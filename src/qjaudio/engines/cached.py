"""The cache of spoken clips, and an engine that speaks nothing twice."""

import contextlib
import hashlib
import json
import os
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qjaudio import store
from qjaudio.engines.wrappers import Wrapping
from qjaudio.speech.model import SAMPLE_RATE, Clip, Engine, Utterance

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


class Cached(Wrapping):
    """Takes a clip from the cache where it can, and keeps what the engine inside speaks.

    Two callers that want the same clip at once get it from one speaking: the second waits. What it
    keeps is never looked at again, so it belongs outside of the gate:
    `Cached(Checked(Retrying(engine)), cache)`.
    """

    def __init__(self, engine: Engine, cache: ClipCache) -> None:
        """Wrap `engine`; clips are kept in `cache`."""
        super().__init__(engine)
        self._cache = cache
        self._counting = threading.Lock()
        self._speaking: dict[str, threading.Lock] = {}
        self._wanted: Counter[str] = Counter()
        self._hits = 0
        self._misses = 0

    @property
    def hits(self) -> int:
        """How many clips came from the cache."""
        return self._hits

    @property
    def misses(self) -> int:
        """How many clips the engine inside had to speak."""
        return self._misses

    def speak(self, utterance: Utterance) -> Clip:
        """The clip of the utterance, from the cache or from the engine inside."""
        key = self.key(utterance)
        with self._alone(key):
            pcm = self._cache.get(key)
            self._count(hit=pcm is not None)
            if pcm is not None:
                return Clip(pcm)
            clip = self.engine.speak(utterance)
            if clip.sample_rate == SAMPLE_RATE:  # an entry does not say its rate
                self._cache.put(key, clip.pcm)
            return clip

    @contextlib.contextmanager
    def _alone(self, key: str) -> Iterator[None]:
        """Nobody else looks for, or speaks, the clip of this key."""
        with self._counting:
            self._wanted[key] += 1
            lock = self._speaking.setdefault(key, threading.Lock())
        try:
            with lock:
                yield
        finally:
            with self._counting:
                self._wanted[key] -= 1
                if not self._wanted[key]:
                    del self._wanted[key], self._speaking[key]

    def key(self, utterance: Utterance) -> str:
        """All that shapes the sound: engine, version, voice, rate, pitch, words and readings."""
        voice = utterance.voice or self.voices[0]
        words = [
            (word.text, word.pinyin, word.citation, word.homophone) for word in utterance.words
        ]
        return json.dumps([self.identity, voice, *_changed(utterance), words], ensure_ascii=False)

    def _count(self, *, hit: bool) -> None:
        with self._counting:
            self._hits += hit
            self._misses += not hit


def _changed(utterance: Utterance) -> list[float]:
    """Rate and pitch where they are not the voice's own, so that most keys stay as they were."""
    asked = [utterance.rate, utterance.pitch_hz]
    return asked if asked != [1.0, 0] else []
