"""The sound of sentences in the voice that they will have, from the cache of `make` or new.

One sentence is spoken at a time. What is spoken here stays in the cache, so that `make` takes it.
"""

import dataclasses
import io
import logging
import threading
import wave
from collections.abc import Sequence

from qjaudio import rules
from qjaudio.config import Config
from qjaudio.engines.cached import Cached, ClipCache
from qjaudio.engines.wrappers import Breaker
from qjaudio.episode.sound import trim
from qjaudio.errors import QjaudioError
from qjaudio.pipeline import voicing
from qjaudio.script.model import Script
from qjaudio.speech.cast import Cast
from qjaudio.speech.model import BYTES_PER_SAMPLE, SAMPLE_RATE, Clip, Utterance, louder, silence
from qjaudio.speech.plan import plan

_LOG = logging.getLogger(__name__)


class Sounds:
    """Speaks the sentences of scripts by the engines of the settings."""

    def __init__(self, config: Config) -> None:
        """Take the settings; no engine is made yet."""
        self._config = config
        self._cache = ClipCache(config.output.cache / "clips")
        self._speaking = threading.Lock()
        self._ready: dict[str, Cached] = {}
        """Engines that can speak now: an online one has passed its audition."""
        self._plain: dict[str, Cached] = {}

    def get_ready(self, script: Script) -> None:
        """Make the engines that are not ready, and load the models of those that have some.

        An online one that does not answer is tried again by the next call: at a sentence nobody
        waits for it.
        """
        chain, cast = self._chain_and_cast()
        for name in chain.engines:
            try:
                if name not in self._ready:
                    self._ready[name] = self._make(name, script, cast)
                    self._ready[name].engine.speak(voicing.WORD)
            except Exception as error:
                self._set_aside(name, error)

    def sentence(self, script: Script, part: int, line: int) -> bytes:
        """A sentence of a script as a WAV file, as it will be in the episode.

        Raises:
            QjaudioError: no engine could speak it.
        """
        chain, cast = self._chain_and_cast()
        for name in chain.engines:
            if clips := self._cached(name, script, cast, part, line):
                return _wav(clips)
        with self._speaking:
            return _wav(self._spoken(script, chain, cast, part, line))

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
        self, script: Script, chain: voicing.EngineChain, cast: Cast, part: int, line: int
    ) -> list[tuple[Utterance, Clip]]:
        """The clips of a sentence by the first engine that is ready, else the first offline one."""
        for name in chain.engines:
            last = name == chain.engines[-1]
            if name not in self._ready and not last and voicing.is_online(name):
                continue
            try:
                engine = self._ready.get(name) or self._make(name, script, cast)
                wanted = _utterances(script, cast, engine, part, line)
                found = [(utterance, engine.speak(utterance)) for utterance in wanted]
            except Exception as error:
                self._set_aside(name, error)
                if last:
                    raise
            else:
                self._ready[name] = engine
                return found
        return []

    def _make(self, name: str, script: Script, cast: Cast) -> Cached:
        readers = cast.assigned(script)
        return voicing.engine_for(name, self._config, self._cache, Breaker(), readers)

    def _set_aside(self, name: str, error: Exception) -> None:
        _LOG.warning("%s cannot speak now: %s", name, error)
        self._ready.pop(name, None)


def _utterances(
    script: Script, cast: Cast, engine: Cached, part: int, line: int
) -> Sequence[Utterance]:
    """What an engine is asked to speak for one sentence."""
    # The readers of all parts are chosen together, so that the others stay, without their lines.
    parts = tuple(
        dataclasses.replace(one, lines=one.lines[line : line + 1] if number == part else ())
        for number, one in enumerate(script.parts)
    )
    alone = dataclasses.replace(script, parts=parts)
    return plan(alone, cast, engine, rules.phrases("pauses"))


def _wav(clips: Sequence[tuple[Utterance, Clip]]) -> bytes:
    """Clips with the pauses between them, as a WAV file."""
    pcm = bytearray()
    for number, (utterance, clip) in enumerate(clips):
        pcm += louder(trim(clip), utterance.gain_db).pcm
        if number + 1 < len(clips):
            pcm += silence(utterance.pause_ms).pcm
    with io.BytesIO() as file:
        with wave.open(file, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(BYTES_PER_SAMPLE)
            sound.setframerate(SAMPLE_RATE)
            sound.writeframes(bytes(pcm))
        return file.getvalue()
