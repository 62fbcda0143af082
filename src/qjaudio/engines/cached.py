"""An engine that speaks nothing twice."""

import contextlib
import json
import threading
from collections import Counter
from collections.abc import Iterator

from qjaudio.clip_cache import ClipCache
from qjaudio.engines.wrapping import Wrapping
from qjaudio.speech.model import SAMPLE_RATE, Clip, Engine, Utterance


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
