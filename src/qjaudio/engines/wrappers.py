"""Engines around an engine: one asks again, one lets no doubtful clip pass, one keeps clips."""

import contextlib
import json
import logging
import math
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from qjaudio import rules, store
from qjaudio.errors import EngineError, IncompleteError, cut_short
from qjaudio.speech.gate import Habits, doubt, sounding
from qjaudio.speech.model import BYTES_PER_SAMPLE, SAMPLE_RATE, Clip, Engine, Utterance, silence
from qjaudio.speech.plan import smaller

_log = logging.getLogger(__name__)

LIMIT = 8
"""Failed attempts in a row, over all callers: two rounds of the online voice's four connections.
A service that fails three attempts in ten comes here by chance once in 15,000 attempts."""

_SHOWN_CHARS = 18
_LEAST_CHARS = 8
"""Shorter pieces are said as single words are: drawn out, and out of their sentence."""
_LEAD_MS = 40
_TAIL_MS = 80
"""What stays of the silence at the ends of a piece that is joined to another."""


class Wrapping:
    """An engine's face, passed on; a subclass adds its own `speak`."""

    def __init__(self, engine: Engine) -> None:
        """Wrap `engine`, and say of oneself what it says; a wrapper never changes the sound."""
        self.engine = engine
        self.name, self.identity = engine.name, engine.identity
        self.max_chars, self.parallel = engine.max_chars, engine.parallel
        self.voices, self.follows = engine.voices, engine.follows
        self.online, self.repeatable = engine.online, engine.repeatable


class Restricted(Wrapping):
    """An engine with some of its voices: those that can speak today."""

    def __init__(self, engine: Engine, voices: tuple[str, ...]) -> None:
        """Wrap `engine`; `voices` are best first."""
        super().__init__(engine)
        self.voices = voices

    def speak(self, utterance: Utterance) -> Clip:
        """Speak with the voice that the utterance names, else with the best that is left."""
        voice = utterance.voice or self.voices[0]
        return self.engine.speak(replace(utterance, voice=voice))


class Breaker:
    """Shared by all who ask one service in one run; once open it stays open."""

    def __init__(self, limit: float = LIMIT) -> None:
        """Open after `limit` failed attempts without one success between them."""
        self.opened = threading.Event()
        """Set when nobody shall ask any more; whoever waits may wait on it."""
        self._limit = limit
        self._failures = 0
        self.reason = ""
        """What the last failed attempt said."""
        self._counting = threading.Lock()

    @property
    def is_open(self) -> bool:
        """Whether nobody shall ask any more."""
        return self.opened.is_set()

    def failed(self, error: Exception) -> None:
        """Count an attempt that failed."""
        with self._counting:
            self._failures += 1
            self.reason = str(error)
            if self._failures >= self._limit and not self.is_open:
                facts = {"failures": self._failures, "reason": self.reason}
                _log.warning("breaker_open", extra={"facts": facts})
                self.opened.set()

    def succeeded(self) -> None:
        """Count an attempt that succeeded: the row starts again."""
        with self._counting:
            self._failures = 0

    def open(self) -> None:
        """Stop everybody: the run is over, whatever they would still bring."""
        self.opened.set()

    def wait(self, seconds: float) -> None:
        """Sleep, but not longer than until the breaker opens."""
        self.opened.wait(seconds)


class Retrying(Wrapping):
    """Asks again after an EngineError, with growing pauses, inside a budget of time.

    Before try n + 1 it waits between half and all of `base_s` × 2ⁿ⁻¹ seconds, so that parallel
    callers do not come back together. An error may say more by two attributes: `tries`, how many
    failures of its class are enough, and `wait_s`, the least wait that the service asked for.
    Other errors (a part is missing, the text cannot be spoken whole) are never asked again.
    Once the `breaker` is open the last error is raised at once, and nothing is asked any more.
    """

    def __init__(  # noqa: PLR0913 - the clock, chance and sleep are arguments too
        self,
        engine: Engine,
        *,
        attempts: int = 4,
        budget_s: float = 90.0,
        base_s: float = 1.0,
        breaker: Breaker | None = None,
        sleep: Callable[[float], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """Wrap `engine`; `jitter` gives numbers from 0 to 1."""
        super().__init__(engine)
        self._attempts = attempts
        self._budget_s = budget_s
        self._base_s = base_s
        self._breaker = breaker or Breaker(limit=math.inf)
        self._sleep = sleep or self._breaker.wait
        self._clock = clock
        self._jitter = jitter

    def speak(self, utterance: Utterance) -> Clip:
        """Speak the utterance, or raise the last error when trying again is no use."""
        started = self._clock()
        failures: Counter[type[EngineError]] = Counter()
        while True:
            if self._breaker.is_open:
                raise EngineError(
                    f"{self.name} fails again and again: {self._breaker.reason or 'stopped'}",
                    hint="try again later, or take the offline voice with --voice kokoro",
                )
            try:
                clip = self.engine.speak(utterance)
            except EngineError as error:
                self._breaker.failed(error)
                failures[type(error)] += 1
                wait_s = self._wait_s(error, failures.total())
                spent_s = self._clock() - started
                facts = {"kind": type(error).__name__, "reason": error, "text": utterance.text}
                if self._is_enough(error, failures) or spent_s + wait_s > self._budget_s:
                    tried = {"tries": failures.total(), "seconds": spent_s}
                    _log.warning("given_up", extra={"facts": {**tried, **facts}})
                    raise
                again = {"failures": failures.total(), "wait_s": wait_s}
                _log.warning("retry", extra={"facts": {**again, **facts}})
                self._sleep(wait_s)
                if self._breaker.is_open:
                    raise
            else:
                self._breaker.succeeded()
                return clip

    def _is_enough(self, error: EngineError, failures: Counter[type[EngineError]]) -> bool:
        tries: int = getattr(error, "tries", self._attempts)
        return failures.total() >= self._attempts or failures[type(error)] >= tries

    def _wait_s(self, error: EngineError, failed: int) -> float:
        asked_s: float = getattr(error, "wait_s", 0.0)
        longest_s = self._base_s * float(2 ** (failed - 1))
        return max(asked_s, longest_s * (0.5 + self._jitter() / 2))


class Checked(Wrapping):
    """Passes clips that can be all of their text; for any other it finds another way, or refuses.

    What it looks at is written in `speech.gate`. A doubtful
    clip is spoken again where that may help (`takes`: a voice that always says the same gets one);
    then the text is cut in two at a mark, and each half in two again, the pieces spoken alone and
    joined: still one clip. A text that the engine inside says is too much for it, or a failure
    that lies in the text (an error whose `in_the_text` is true), is cut at once.
    """

    def __init__(self, engine: Engine, *, takes: int = 2, cuts: int = 2) -> None:
        """Wrap `engine`; a text is cut in two `cuts` times at most."""
        super().__init__(engine)
        self._takes = takes
        self._cuts = cuts
        self._habits = Habits()

    def speak(self, utterance: Utterance) -> Clip:
        """Speak the utterance whole; IncompleteError names the text that no way led through."""
        return self._speak(utterance, self._cuts)

    def _speak(self, utterance: Utterance, cuts: int) -> Clip:
        refusal: EngineError | IncompleteError
        try:
            clip, reason = self._attempt(utterance)
            if not reason:
                return clip
            refusal = _refusal(self.name, utterance, reason)
        except IncompleteError as error:
            refusal = error
        except EngineError as error:
            if not getattr(error, "in_the_text", False):
                raise
            refusal = error
        pieces = self._pieces(utterance) if cuts else ()
        facts = {"engine": self.name, "voice": utterance.voice, "text": utterance.text}
        if len(pieces) < 2:
            _log.error("refused", extra={"facts": {**facts, "reason": refusal}})
            raise refusal
        _log.warning("cut", extra={"facts": {**facts, "pieces": len(pieces), "reason": refusal}})
        whole = join_pieces([(piece, self._speak(piece, cuts - 1)) for piece in pieces])
        reason = doubt(utterance, whole)
        if reason:
            _log.error("refused", extra={"facts": {**facts, "reason": reason}})
            raise _refusal(self.name, utterance, reason)
        return whole

    def _attempt(self, utterance: Utterance) -> tuple[Clip, str]:
        """A clip and what is doubtful about it, after as many takes as may help."""
        for _ in range(self._takes):
            clip = self.engine.speak(utterance)
            reason = doubt(utterance, clip) or self._habits.doubt(utterance, clip)
            if not reason:
                break
            facts = {"engine": self.name, "text": utterance.text, "reason": reason}
            _log.warning("doubtful", extra={"facts": facts})
        return clip, reason

    def _pieces(self, utterance: Utterance) -> tuple[Utterance, ...]:
        chars = len(utterance.spoken)
        limit = min(-(-chars * 3 // 5), self.max_chars)  # two uneven halves rather than three
        return smaller(utterance, limit) if chars >= 2 * _LEAST_CHARS else ()


def join_pieces(spoken: list[tuple[Utterance, Clip]]) -> Clip:
    """The clips of pieces as one, with the pause that belongs to the mark between two."""
    pauses = rules.phrases("pauses")
    pcm = bytearray()
    for number, (piece, clip) in enumerate(spoken):
        first, last = number == 0, number == len(spoken) - 1
        pcm += _cut_edges(clip, start=not first, end=not last)
        if not last:
            mark = piece.words[-1].text
            ending = {"、": "list_comma"}.get(mark, "none" if mark.isalnum() else "clause")
            pcm += silence(pauses[ending]).pcm
    return Clip(bytes(pcm))


def _cut_edges(clip: Clip, *, start: bool, end: bool) -> bytes:
    heard = sounding(clip)
    if heard is None:
        return clip.pcm
    begins = max(0, heard.start_ms - _LEAD_MS) if start else 0
    ends = heard.end_ms + _TAIL_MS if end else clip.duration_ms
    per_ms = SAMPLE_RATE * BYTES_PER_SAMPLE // 1000
    return clip.pcm[begins * per_ms : ends * per_ms]


def _refusal(name: str, utterance: Utterance, reason: str) -> IncompleteError:
    told = f"not spoken whole by {name}: {cut_short(utterance.text, _SHOWN_CHARS)} ({reason})"
    hint = "try another --voice, or put a comma into this sentence in script.md"
    return IncompleteError(told, hint=hint)


CACHE_BYTES = 2_000_000_000
"""What the cache of clips may hold: eleven hours of speech, a month of daily episodes and more."""


@dataclass(frozen=True, slots=True)
class ClipCache:
    """Clips by what was spoken. The key covers text, readings, engine, model, voice and version.

    An entry is the PCM after its own sha256, so that a damaged one is noticed and made again.
    """

    folder: Path

    def get(self, key: str) -> bytes | None:
        """The PCM of `key`, or None."""
        path = store.kept_path(self.folder, key, ".pcm")
        pcm = store.read_sealed(path)
        with contextlib.suppress(OSError):  # many disks keep no time of access: `prune` needs one
            os.utime(path)
        return pcm or None

    def put(self, key: str, pcm: bytes) -> None:
        """Keep `pcm` under `key`."""
        store.write_sealed(store.kept_path(self.folder, key, ".pcm"), pcm)

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
        self.misses = 0
        """How many clips the engine inside had to speak."""

    def speak(self, utterance: Utterance) -> Clip:
        """The clip of the utterance, from the cache or from the engine inside."""
        key = self.key(utterance)
        with self._alone(key):
            pcm = self._cache.get(key)
            with self._counting:
                self.misses += pcm is None
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
        words = [
            (word.text, word.pinyin, word.citation, word.homophone) for word in utterance.words
        ]
        # Rate and pitch where they are not the voice's own, so that most keys stay as they were.
        asked = [utterance.rate, utterance.pitch_hz]
        asked = asked if asked != [1.0, 0] else []
        voice = utterance.voice or self.voices[0]
        return json.dumps([self.identity, voice, *asked, words], ensure_ascii=False)
