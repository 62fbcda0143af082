"""From a script to sound: all of it by one engine, for `make`, for `say` and for a dry run."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qjaudio import rules, store
from qjaudio.config import Config
from qjaudio.engines.cached import ClipCache
from qjaudio.engines.wrappers import Breaker, Wrapping
from qjaudio.episode.mix import ClipFile, mix
from qjaudio.episode.sound import trim
from qjaudio.episode.timeline import lay_out
from qjaudio.errors import EngineError, QjaudioError, UsageError
from qjaudio.pipeline import voicing
from qjaudio.pipeline.listening import ClipListener
from qjaudio.pipeline.reporting import Progress, Remarks
from qjaudio.pipeline.scripting import lexicon_of
from qjaudio.script.model import Script
from qjaudio.script.prepare import prepare_text
from qjaudio.speech.cast import Cast
from qjaudio.speech.clip import louder
from qjaudio.speech.gate import is_speakable
from qjaudio.speech.model import Clip, Engine, Utterance
from qjaudio.speech.plan import plan

CLIPS = "clips.pcm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A whole script, spoken by one engine."""

    engine: str
    utterances: tuple[Utterance, ...]
    durations_ms: Sequence[int]
    """Of the clip of each utterance."""
    clips: ClipFile | None = None
    """The clips themselves; None after a dry run."""
    offline: bool = False
    """Whether the offline voice took over because the online one did not speak all of it."""
    clips_spoken: int = 0
    """How many were not in the cache."""
    listened: dict[str, int] | None = None
    """What a listener has counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Speaks scripts as the settings say, into files in a folder of the caller's."""

    config: Config
    cast: Cast
    cache: ClipCache
    progress: Progress
    listener: ClipListener | None = None

    def speak(self, script: Script, folder: Path) -> Spoken:
        """Speak all of a script with one engine.

        That is the first of the chain which passes its audition and speaks all of it; where one
        takes over from another, that is told.

        Raises:
            EngineError: no engine could speak.
            IncompleteError: something could not be spoken whole.
        """
        chain = voicing.chain_of(self.config)

        def attempt(name: str) -> Spoken:
            offline = name != chain.engines[0] and not voicing.is_online(name)
            return self._speak_with(name, script, folder, offline=offline)

        return voicing.speak_with_first(chain, attempt, self.progress.say)

    def _speak_with(self, name: str, script: Script, folder: Path, *, offline: bool) -> Spoken:
        breaker = Breaker()
        readers = self.cast.assigned(script)
        engine = voicing.engine_for(name, self.config, self.cache, breaker, readers)
        heard = self.listener.listened(engine, self.cache) if self.listener else None
        utterances = plan(script, self.cast, engine, rules.phrases("pauses"))
        clips = ClipFile(folder / CLIPS)
        with self.progress.step(f"speaking with {name}", len(utterances)) as spoke:
            clips.record(speak_all(utterances, heard or engine, spoke, breaker))
        return Spoken(
            engine=name,
            utterances=utterances,
            durations_ms=clips.durations_ms,
            clips=clips,
            offline=offline,
            clips_spoken=engine.misses,
            listened=heard.counts if heard else None,
        )


def rehearse(script: Script, cast: Cast) -> Spoken:
    """How long each utterance would take, by timed silence; nothing is written or kept."""
    engine = voicing.make_engine(voicing.SILENT, Config())
    utterances = plan(script, cast, engine, rules.phrases("pauses"))
    clips = (trim(engine.speak(utterance)) for utterance in utterances)
    durations_ms = [clip.duration_ms for clip in clips]
    return Spoken(engine=voicing.SILENT, utterances=utterances, durations_ms=durations_ms)


def say(text: str, config: Config, path: Path, tell: Callable[[str], None]) -> float:
    """Speak a text into an MP3 file, as `make` would; returns its length in seconds.

    `tell` is told when another voice has to take over.

    Raises:
        UsageError: there is nothing to say.
        EngineError: no engine could speak.
        IncompleteError: something could not be spoken whole.
    """
    script = prepare_text(text, lexicon_of(config))
    if not any(is_speakable(line.spoken) for line in script.parts[0].lines):
        raise UsageError("there is nothing to say in this text", hint="give Chinese text")
    cast = voicing.cast_of(config, voicing.chain_of(config))
    cache = ClipCache(config.out_folder / ".cache" / "clips")
    speaker = Speaker(config=config, cast=cast, cache=cache, progress=Remarks(tell))
    with tempfile.TemporaryDirectory(prefix="qjaudio-say-") as folder:
        spoken = speaker.speak(script, Path(folder))
        episode = lay_out(script, spoken.utterances, spoken.durations_ms)
        with store.writing(path) as beside:
            mix(spoken.clips.clips() if spoken.clips else (), episode, beside)
    return episode.duration_ms / 1000


def speak_all(
    utterances: Sequence[Utterance],
    engine: Engine,
    spoke: Callable[[], None],
    breaker: Breaker | None = None,
) -> Iterator[Clip]:
    """The trimmed clips in order, as many at once as the engine can; `spoke` after each.

    All are brought to one level; an utterance's `gain_db` is on top of that.

    The first utterance that fails for good opens the breaker: the others stop at once, whether
    they wait for another attempt or are being spoken, and its error is the one that is raised.
    """
    breaker = breaker or Breaker()
    stopping = _StopAtFirstError(engine, breaker)
    with _speaking_pool(engine.parallel, breaker) as pool:
        try:
            clips = pool.map(stopping.speak, utterances)
            for utterance, clip in zip(utterances, clips, strict=True):
                spoke()
                yield louder(trim(clip), utterance.gain_db)
        except EngineError as error:
            raise stopping.first or error from error


class _StopAtFirstError(Wrapping):
    """Opens the breaker at the first error and remembers it."""

    def __init__(self, engine: Engine, breaker: Breaker) -> None:
        super().__init__(engine)
        self.first: QjaudioError | None = None
        self._breaker = breaker

    def speak(self, utterance: Utterance) -> Clip:
        try:
            return self.engine.speak(utterance)
        except QjaudioError as error:
            self.first = self.first or error
            self._breaker.open()
            raise


@contextmanager
def _speaking_pool(workers: int, breaker: Breaker) -> Iterator[ThreadPoolExecutor]:
    """A pool that drops what it has not begun when the run fails or is stopped."""
    pool = ThreadPoolExecutor(max_workers=workers)
    try:
        yield pool
    except BaseException:
        breaker.open()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
