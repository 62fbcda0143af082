"""The sound of an edition: sentences as they are asked for, and the whole of it ahead.

A sentence is heard in the voice that it will have, from the cache of `make` or spoken now. One that
would take too long is spoken in pieces, each while the one before is heard, and whole afterwards,
when nobody waits for it; what is spoken here stays in the cache, so that `make` takes it.
"""

import asyncio
import contextlib
import copy
import dataclasses
import datetime
import io
import logging
import os
import sys
import threading
import time
import wave
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from qjaudio import rules
from qjaudio.config import Config
from qjaudio.engines.wrappers import Breaker, Cached, ClipCache
from qjaudio.episode.sound import trim
from qjaudio.errors import QjaudioError
from qjaudio.pipeline import voicing
from qjaudio.pipeline.making import Made, Order, make_day
from qjaudio.pipeline.reporting import Quiet
from qjaudio.script.model import Script
from qjaudio.speech.model import BYTES_PER_SAMPLE, SAMPLE_RATE, Clip, Utterance, louder, silence
from qjaudio.speech.plan import Cast, plan

SOON_S = 1.4
"""A piece that would take longer is cut; with the ways there and back it is heard within 2 s."""
_FEWEST_CHARS, _START_CHARS = 8, 5
"""To begin takes the offline voice as long as so many characters."""
_USUAL_S = 0.075
"""A character takes about so long, until it was measured: by one core of an office computer."""
_LOG = logging.getLogger(__name__)


class Sounds:
    """Speaks the sentences of scripts by the engines of the settings."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._cache = ClipCache(config.clip_folder)
        self._making: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._later = threading.Lock()
        self._seconds: dict[str, float] = {}
        """What a character has taken each engine of late."""
        self._ready: dict[str, Cached] = {}
        """Engines that can speak now: an online one has passed its audition."""
        self._plain: dict[str, Cached] = {}

    def get_ready(self) -> None:
        """Make the engines that are not ready, and load the models of those that have some.

        An online one that does not answer is tried again by the next call: at a sentence nobody
        waits for it.
        """
        chain, cast = self._chain_and_cast()
        for name in chain.engines:
            try:
                self._first(name, cast)
            except Exception as error:
                self._set_aside(name, error)

    def sentence(
        self, script: Script, part: int, line: int, piece: int = 0, most: int = 0
    ) -> tuple[bytes, int]:
        """A sentence of a script as a WAV file, or a piece of it.

        Returned with a piece that others follow is of how many characters they are, for `most` of
        the next call; else 0. The first call has none.

        Raises:
            QjaudioError: no engine could speak it.
        """
        chain, cast = self._chain_and_cast()
        for name in () if most else chain.engines:
            if clips := self._cached(name, script, cast, part, line):
                return _wav(clips), 0
        asked = (script, cast, part, line)
        # The first engine that is ready, else the first offline one.
        for name in chain.engines:
            last = name == chain.engines[-1]
            if name not in self._ready and not last and voicing.is_online(name):
                continue
            try:
                return self._spoken(name, asked, piece, most)
            except Exception as error:
                self._set_aside(name, error)
                if last:
                    raise
        return _wav([]), 0

    def _chain_and_cast(self) -> tuple[voicing.EngineChain, Cast]:
        chain = voicing.chain_of(self._config)
        return chain, voicing.cast_of(self._config, chain)

    def _cached(
        self, name: str, script: Script, cast: Cast, part: int, line: int
    ) -> list[tuple[Utterance, Clip]]:
        """The clips of a sentence by one engine, where all are in the cache; nothing is asked."""
        try:
            if name not in self._plain:
                self._plain[name] = Cached(voicing.make_engine(name, self._config), self._cache)
        except QjaudioError:
            return []
        engine = self._ready.get(name, self._plain[name])
        found = []
        for utterance in _utterances(script, cast, engine, part, line):
            pcm = self._cache.get(engine.key(utterance))
            if pcm is None:
                return []
            found.append((utterance, Clip(pcm)))
        return found

    def _spoken(
        self, name: str, asked: tuple[Script, Cast, int, int], piece: int, most: int
    ) -> tuple[bytes, int]:
        """What was asked for, by one engine."""
        script, cast, part, line = asked
        engine = self._first(name, cast)
        soon = SOON_S / self._seconds.get(name, _USUAL_S) - _START_CHARS
        most = most or max(_FEWEST_CHARS, int(soon))
        wanted = _utterances(script, cast, engine, part, line, most)
        wav = _wav([(one, self._timed(engine, one)) for one in wanted[piece : piece + 1]])
        if piece + 1 < len(wanted):
            return wav, most
        if piece:
            whole = _utterances(script, cast, engine, part, line)
            threading.Thread(target=self._keep, args=(engine, whole), daemon=True).start()
        return wav, 0

    def _timed(self, engine: Cached, utterance: Utterance) -> Clip:
        """The clip of an utterance; how long a character took is remembered."""
        began, known = time.monotonic(), engine.misses
        clip = engine.speak(utterance)
        if engine.misses > known:
            took = (time.monotonic() - began) / (len(utterance.spoken) + _START_CHARS)
            self._seconds[engine.name] = (self._seconds.get(engine.name, took) + took) / 2
        return clip

    def _keep(self, engine: Cached, utterances: Sequence[Utterance]) -> None:
        """Speak utterances for the cache, one sentence after the other, behind all else."""
        _step_back()
        with self._later, contextlib.suppress(Exception):  # `make` says what is wrong
            for utterance in utterances:
                engine.speak(utterance)

    def _first(self, name: str, cast: Cast) -> Cached:
        """An engine that has said a word: its model is loaded."""
        with self._making[name]:  # an audition of one keeps nobody from another
            if name not in self._ready:
                readers = cast.readers.values()
                made = voicing.engine_for(name, self._config, self._cache, Breaker(), readers)
                made.engine.speak(voicing.WORD)
                self._ready[name] = made
            return self._ready[name]

    def _set_aside(self, name: str, error: Exception) -> None:
        _LOG.info("%s cannot speak now: %s", name, error)
        self._ready.pop(name, None)


class _Counted(Quiet):
    """How far a run is."""

    def __init__(self) -> None:
        self.share = 0.0

    @contextlib.contextmanager
    def step(self, _text: str, total: int) -> Iterator[Callable[[], None]]:
        """Count the parts of a step."""
        done = 0

        def count() -> None:
            nonlocal done
            done += 1
            self.share = done / max(1, total)

        yield count


class Drafts:
    """Makes the audio of editions ahead, one after the other, in threads that end with us.

    With a review it is a draft, that waits for its signatures; without one it is published.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._due: dict[str, float] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._turn = asyncio.Lock()
        self._progress: dict[str, _Counted] = {}
        self.failures: dict[str, str] = {}
        """Why an edition could not be made, by date."""

    def share(self, date: str) -> float | None:
        """How far a run is, from 0 to 1; None where there is none."""
        return self._progress.get(date, _Counted()).share if date in self._tasks else None

    def plan(self, date: str, *, after_s: float = 0.0) -> None:
        """Make an edition after so long without another call."""
        self._due[date] = time.monotonic() + after_s
        if date not in self._tasks:
            self._tasks[date] = asyncio.create_task(self._run(date))

    async def _run(self, date: str) -> None:
        try:
            while (due := self._due.get(date)) is not None:
                if (rest := due - time.monotonic()) > 0:
                    await asyncio.sleep(rest)
                    continue
                del self._due[date]
                async with self._turn:
                    await self._made(date)
        finally:
            del self._tasks[date]

    async def _made(self, date: str) -> None:
        loop, done = asyncio.get_running_loop(), asyncio.Event()
        self._progress[date] = _Counted()

        def make() -> None:
            _step_back()
            day, now = datetime.date.fromisoformat(date), datetime.datetime.now(datetime.UTC)
            order = Order(words=("desk", date))
            self.failures.pop(date, None)
            try:
                found = make_day(day, self._config, order, now=now, progress=self._progress[date])
                if not isinstance(found, Made):  # a silent voice that the settings do not name
                    self.failures[date] = getattr(found, "reason", "rehearsed only: voice = silent")
            except Exception as error:
                _LOG.warning("the draft of %s was not made: %s", date, error)
                self.failures[date] = str(error)
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(done.set)

        threading.Thread(target=make, daemon=True).start()
        await done.wait()


def _step_back() -> None:
    """Leave the processor to those for whom somebody waits, where a thread can (Linux)."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


def _utterances(
    script: Script, cast: Cast, engine: Cached, part: int, line: int, most: int = 0
) -> Sequence[Utterance]:
    """What an engine is asked for one sentence, in pieces of at most so many characters."""
    if 0 < most < engine.max_chars:
        engine = copy.copy(engine)
        engine.max_chars = most
    # The readers of all parts are chosen together, so that the others stay, without their lines.
    parts = tuple(
        dataclasses.replace(one, lines=one.lines[line : line + 1] if number == part else ())
        for number, one in enumerate(script.parts)
    )
    alone = dataclasses.replace(script, parts=parts)
    return plan(alone, cast, engine, rules.phrases("pauses"))


def _wav(clips: Sequence[tuple[Utterance, Clip]]) -> bytes:
    """Clips with the pauses between them, as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, BYTES_PER_SAMPLE, SAMPLE_RATE, 0, "NONE", ""))
        for number, (utterance, clip) in enumerate(clips, start=1):
            sound.writeframes(louder(trim(clip), utterance.gain_db).pcm)
            sound.writeframes(silence(utterance.pause_ms).pcm if number < len(clips) else b"")
    return file.getvalue()
