"""An engine that speaks nothing twice."""

import json
import threading

from qjaudio.engines.wrapping import Wrapping
from qjaudio.speech.model import SAMPLE_RATE, Clip, Engine, Utterance
from qjaudio.store import ClipCache


class Cached(Wrapping):
    """Takes a clip from the cache where it can, and keeps what the engine inside speaks.

    What it keeps is never looked at again, so it belongs outside of the gate:
    `Cached(Checked(Retrying(engine)), cache)`.
    """

    def __init__(self, engine: Engine, cache: ClipCache) -> None:
        """Wrap `engine`; clips are kept in `cache`."""
        super().__init__(engine)
        self._cache = cache
        self._counting = threading.Lock()
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
        pcm = self._cache.get(key)
        self._count(hit=pcm is not None)
        if pcm is not None:
            return Clip(pcm)
        clip = self.engine.speak(utterance)
        if clip.sample_rate == SAMPLE_RATE:  # an entry does not say its rate
            self._cache.put(key, clip.pcm)
        return clip

    def key(self, utterance: Utterance) -> str:
        """All that shapes the sound: engine, model, version, voice, words and readings."""
        voice = utterance.voice or self.voices[0]
        words = [
            (word.text, word.pinyin, word.citation, word.homophone) for word in utterance.words
        ]
        return json.dumps([self.identity, voice, words], ensure_ascii=False)

    def _count(self, *, hit: bool) -> None:
        with self._counting:
            self._hits += hit
            self._misses += not hit
