"""Who speaks: the chain of engines, each with its wrappers, and the voices that can speak today.

What is done with an engine follows from what it says of itself (`speech.model.Engine`), never from
its name: one that is online gets an audition, a retry policy and a breaker.
"""

import logging
import os
import tempfile
import threading
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from qjaudio import plugins, rules, store
from qjaudio.config import Config
from qjaudio.engines import wrappers
from qjaudio.engines.service import NoAudioError, StalledError, StoppedError
from qjaudio.episode.mix import ClipFile, mix
from qjaudio.episode.model import lay_out
from qjaudio.episode.sound import trim
from qjaudio.errors import (
    EngineError,
    MissingPartError,
    NotWritableError,
    QjaudioError,
    UsageError,
    unreadable,
)
from qjaudio.pipeline.lexicons import lexicon_of
from qjaudio.pipeline.listening import ClipListener
from qjaudio.pipeline.reporting import Progress, Remarks
from qjaudio.script.model import Script
from qjaudio.script.prepare import prepare_text
from qjaudio.speech.gate import doubt
from qjaudio.speech.model import Clip, Engine, Utterance, Word, is_speakable, louder
from qjaudio.speech.plan import Cast, Delivery, Reader, at_rate, pace_rates, parse_cast, plan
from qjaudio.store import text_of

T = TypeVar("T")

SILENT = "silent"
"""The engine of dry runs."""
AUTO = "auto"
"""The voice that stands for the chain of the settings."""
ONLINE_ATTEMPTS = 6
"""Of a service that fails three times in ten, one utterance in 1,400 fails for good."""
WORD = Utterance(text="你好。", words=(Word("你好", ("ni2", "hao3")), Word("。")))
"""你好: what a voice is asked to say in its audition."""
PATIENCE_S = 4.0
"""How long a service may take for that word."""
_AUDITIONS_AT_ONCE = 4
_AUDITION_TRIES = 2
"""One lost connection is not a dead service."""
_CAST_BYTES = 1_000_000

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineChain:
    """The engines that may speak: the next one where one fails, each for the whole episode."""

    engines: tuple[str, ...]
    voice: str = ""
    """One voice for everything; empty = as the cast says."""


def chain_of(config: Config) -> EngineChain:
    """What the setting `voice` asks for: `auto`, `kokoro`, `kokoro:zm_yunxi` or `zm_yunxi`.

    Raises:
        UsageError: there is no such engine or voice, or the settings of an engine are wrong.
    """
    installed = _installed(config)
    engine, colon, voice = config.voice.partition(":")
    if engine == AUTO and colon:
        reason = f"no voice {config.voice!r}: {AUTO} takes the voices of the cast"
        raise UsageError(reason, hint="name the engine of the one voice: kokoro:zm_yunxi")
    if engine == AUTO:
        return EngineChain(engines=config.chain)
    if engine in installed:
        if colon and voice not in (known := make_engine(engine, config).voices):
            raise _no_voice(config.voice, {engine: known})
        return EngineChain(engines=(engine,), voice=voice)
    offered = voices_offered(config)
    for name, voices in offered.items():
        if config.voice in voices:
            return EngineChain(engines=(name,), voice=config.voice)
    raise _no_voice(config.voice, offered)


def _installed(config: Config) -> tuple[str, ...]:
    """The names of all engines; refuses settings that name another."""
    installed = plugins.plugin_names(plugins.ENGINES)
    for name in (*config.chain, *config.engines):
        if name not in installed:
            raise UsageError(f"no engine {name!r}", hint=f"available: {', '.join(installed)}")
    return installed


def _no_voice(name: str, offered: Mapping[str, Iterable[str]]) -> UsageError:
    known = ", ".join(f"{engine}:{one}" for engine, voices in offered.items() for one in voices)
    return UsageError(f"no voice {name!r}", hint=f"available: {known}")


def voices_offered(config: Config) -> dict[str, tuple[str, ...]]:
    """The voices of each engine that is installed and set up, best first."""
    offered: dict[str, tuple[str, ...]] = {}
    for name in plugins.plugin_names(plugins.ENGINES):
        try:
            offered[name] = make_engine(name, config).voices
        except (MissingPartError, UsageError):
            if name in config.chain or name in config.engines:
                raise
    return offered


def is_online(name: str) -> bool:
    """Whether an engine says that it needs the network."""
    return bool(plugins.load_plugin(plugins.ENGINES, name).online)


def make_engine(name: str, config: Config, stop: threading.Event | None = None) -> Engine:
    """The engine itself, without wrappers, made from its table; raises as `engine_parts`.

    An online engine ends its conversations once `stop` is set.
    """
    made, options = engine_parts(name, config)
    if made.online:
        options["stop"] = stop
    engine: Engine = made(**options)
    return engine


def engine_parts(name: str, config: Config) -> tuple[Any, dict[str, Any]]:
    """What makes an engine, and its settings; raises as `load_plugin` and `engine_options`."""
    made = plugins.load_plugin(plugins.ENGINES, name)
    return made, plugins.engine_options(name, made, config.engines.get(name, {}), os.environ)


def engine_for(
    name: str,
    config: Config,
    cache: wrappers.ClipCache,
    breaker: wrappers.Breaker,
    readers: Iterable[Reader],
) -> wrappers.Cached:
    """The engine with its wrappers: cached, checked and, online, tried again until `breaker` opens.

    An online engine has the voices that pass their audition.

    Raises:
        EngineError: the service does not answer, or one of the readers has no voice left.
    """
    engine = make_engine(name, config, breaker.opened)
    takes = 1 if engine.repeatable else 2
    if engine.online:
        able = audition_readers(engine, config, readers)
        engine = wrappers.Retrying(
            wrappers.Restricted(engine, able), attempts=ONLINE_ATTEMPTS, breaker=breaker
        )
    return wrappers.Cached(wrappers.Checked(engine, takes=takes), cache)


def speak_with_first(
    chain: EngineChain, attempt: Callable[[str], T], tell: Callable[[str], None]
) -> T:
    """What `attempt` makes with the first engine of the chain that can speak; `tell` of the others.

    Whatever an engine does, the next one gets its turn: a service can send what no library expects.
    What stands in the way of them all (UsageError, NotWritableError) is raised at once.
    """
    for name, following in zip(chain.engines, chain.engines[1:], strict=False):
        try:
            return attempt(name)
        except (UsageError, NotWritableError):
            raise
        except Exception as error:
            facts = {"kind": type(error).__name__, "reason": error, "engine": following}
            is_bug = not isinstance(error, QjaudioError)
            _log.warning("fall_back", exc_info=is_bug, extra={"facts": facts})
            said = _words_of(error)
            offline = f"{name}: {said}; the offline voice speaks all of it ({following})"
            online = f"{name}: {said}; the online voice speaks all of it ({following})"
            tell(online if is_online(following) else offline)
    return attempt(chain.engines[-1])


def _words_of(error: Exception) -> str:
    """What an error says; with its kind, where nobody has expected it."""
    return str(error) if isinstance(error, QjaudioError) else f"{type(error).__name__}: {error}"


def cast_of(config: Config, chain: EngineChain) -> Cast:
    """The cast of the settings, or ours, or one voice for all; UsageError where it will not do."""
    path = Path(config.cast) if config.cast else rules.voices_folder() / "cast.toml"
    try:
        table = tomllib.loads(text_of(path, _CAST_BYTES).removeprefix("\ufeff"))
    except (OSError, ValueError, RecursionError) as error:
        raise unreadable(path, error, "fix or remove it") from error
    cast = parse_cast(table, engines=plugins.plugin_names(plugins.ENGINES))
    for voice, delivery in cast.deliveries.items():
        _check_delivery(voice, delivery, cast, config)
    return cast.with_one_voice(chain.engines[0], chain.voice) if chain.voice else cast


def _check_delivery(voice: str, delivery: Delivery, cast: Cast, config: Config) -> None:
    """Refuse what no listener would ever hear: an engine names in `follows` what it can change."""
    engines = cast.engines_of(voice) or tuple(
        name for name, offered in voices_offered(config).items() if voice in offered
    )
    if not engines:
        reason = f"cast.toml: [voices.{voice}]: no engine has that voice"
        raise UsageError(reason, hint="qjaudio voices lists them")
    for engine in engines:
        follows = plugins.load_plugin(plugins.ENGINES, engine).follows
        for change in sorted(delivery.asked() - set(follows)):
            reason = f"cast.toml: [voices.{voice}]: {engine} cannot change the {change} of a voice"
            raise UsageError(reason, hint=f"take {change} out of that table")


@dataclass(frozen=True, slots=True, kw_only=True)
class Audition:
    """How a voice did."""

    voice: str
    """With its engine: `edge:zh-CN-YunyangNeural`."""
    reader: str
    """The reader whose voice it is today; empty where it stands by."""
    reason: str
    """Why it cannot speak; empty when it can."""
    seconds: float
    """From the question to the whole word."""
    minute_costs: str = ""
    """What a minute costs, where the service has a public price."""


def audition_readers(engine: Engine, config: Config, readers: Iterable[Reader]) -> tuple[str, ...]:
    """For each reader the first of its voices on an engine that speaks.

    A voice that answers without sound has been withdrawn: the next one of the reader's list is
    asked. All that these readers say is spoken by the voices that come out here.

    Raises:
        EngineError: the service does not answer, or a reader has no voice left.
    """
    found: dict[str, EngineError | None] = {}
    lists = [reader.voices.get(engine.name, ()) or engine.voices[:1] for reader in readers]
    while True:
        turn = {_next_voice(voices, found) for voices in lists} - found.keys()
        if not turn:
            return tuple(voice for voice, error in found.items() if error is None)
        with ThreadPoolExecutor(_AUDITIONS_AT_ONCE) as pool:
            errors = pool.map(lambda voice: _ask_twice(engine.name, voice, config), sorted(turn))
            found |= dict(zip(sorted(turn), errors, strict=True))
        for error in found.values():
            if error is not None and not isinstance(error, NoAudioError):
                raise error


def _next_voice(voices: tuple[str, ...], found: Mapping[str, EngineError | None]) -> str:
    """The first voice of a list that spoke, or that was not asked yet."""
    for voice in voices:
        if found.get(voice) is None:
            return voice
    last = found[voices[-1]]
    raise last or EngineError("a reader has no online voice", hint="qjaudio voices tests them")


def _ask_twice(name: str, voice: str, config: Config) -> EngineError | None:
    """None when the voice says its word; else why the last try failed."""
    for tries_left in reversed(range(_AUDITION_TRIES)):
        try:
            ask_online(name, config, voice)
            break
        except EngineError as failure:
            if not tries_left:
                return failure
    return None


def ask_online(name: str, config: Config, voice: str) -> None:
    """Have a voice of an online engine say one word; raises as `speak` does."""
    stop = threading.Event()
    engine = make_engine(name, config, stop)
    patience_s = getattr(engine, "patience_s", PATIENCE_S)
    timer = threading.Timer(patience_s, stop.set)
    timer.daemon = True
    timer.start()
    try:
        _ask(engine, voice)
    except StoppedError as error:
        raise StalledError(f"no word within {patience_s:g} s") from error
    finally:
        timer.cancel()


def _ask(engine: Engine, voice: str) -> None:
    word = replace(WORD, voice=voice)
    if reason := doubt(word, engine.speak(word)):
        raise EngineError(reason)


def needs_network(config: Config) -> bool:
    """Whether every engine that may speak is online."""
    wanted = _engines_wanted(config)
    return bool(wanted) and all(map(is_online, wanted))


def probe(config: Config) -> str | None:
    """Why the online engines that may speak cannot be used; None when one of them answers."""
    reasons = []
    for name in filter(is_online, dict.fromkeys((*_engines_wanted(config), *config.chain))):
        try:
            ask_online(name, config, "")
            return None
        except Exception as error:
            reasons.append(_words_of(error))
    return "; ".join(reasons) or "the chain has none"


def _engines_wanted(config: Config) -> tuple[str, ...]:
    """The engines that the setting `voice` names, as far as there are such."""
    engine = config.voice.partition(":")[0]
    installed = plugins.plugin_names(plugins.ENGINES)
    return tuple(
        name for name in (config.chain if engine == AUTO else (engine,)) if name in installed
    )


def auditions(config: Config, cast: Cast) -> Iterator[Audition]:
    """Every voice that the cast has on an engine of the chain, each asked for one word.

    Of an engine without one its first voice is asked, which would speak.
    """
    for name in config.chain:
        try:
            engine = make_engine(name, config)
        except QjaudioError as error:
            yield Audition(voice=f"{name}:", reader="", reason=str(error), seconds=0.0)
            continue
        heard = _audition_all(engine, _voices_of_cast(cast, name) or engine.voices[:1], config)
        able = tuple(one.voice.partition(":")[2] for one in heard if not one.reason)
        roles = {
            f"{name}:{reader.voice(name, able)}": reader.name
            for reader in cast.readers.values()
            if able
        }
        yield from (replace(one, reader=roles.get(one.voice, "")) for one in heard)


def _audition_all(engine: Engine, voices: tuple[str, ...], config: Config) -> list[Audition]:
    if engine.online:
        ask, at_once = partial(ask_online, engine.name, config), _AUDITIONS_AT_ONCE
    else:
        ask, at_once = partial(_ask, engine), 1
    cost = getattr(engine, "minute_costs", "")

    def hear(voice: str) -> Audition:
        started, reason = time.monotonic(), ""
        try:
            ask(voice)
        except Exception as error:
            reason = _words_of(error)
        seconds, named = time.monotonic() - started, f"{engine.name}:{voice}"
        return Audition(voice=named, reader="", reason=reason, seconds=seconds, minute_costs=cost)

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(hear, voices))


def _voices_of_cast(cast: Cast, engine: str) -> tuple[str, ...]:
    """The voices of all readers on an engine, each once, first choices first."""
    lists = [reader.voices.get(engine, ()) for reader in cast.readers.values()]
    ranked = sorted((rank, voice) for voices in lists for rank, voice in enumerate(voices))
    return tuple(dict.fromkeys(voice for _, voice in ranked))


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

    def clips_of(self, numbers: Iterable[int] | None = None) -> Iterable[Clip]:
        """The clips of all utterances, or of these; none after a dry run."""
        return self.clips.clips(numbers) if self.clips else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Speaks scripts as the settings say, into files in a folder of the caller's."""

    config: Config
    cast: Cast
    cache: wrappers.ClipCache
    progress: Progress
    listener: ClipListener | None = None

    def speak(self, script: Script, folder: Path) -> Spoken:
        """Speak all of a script with one engine: the first of the chain that can.

        Where one takes over from another, that is told.

        Raises:
            EngineError: no engine could speak.
            IncompleteError: something could not be spoken whole.
        """
        chain = chain_of(self.config)

        def attempt(name: str) -> Spoken:
            offline = name != chain.engines[0] and not is_online(name)
            return self.speak_with(name, script, folder, offline=offline)

        return speak_with_first(chain, attempt, self.progress.say)

    def speak_with(
        self,
        name: str,
        script: Script,
        folder: Path,
        *,
        offline: bool,
        made: wrappers.Cached | None = None,
    ) -> Spoken:
        """Speak all of a script with the engine of this name, or with the one that is `made`."""
        breaker = wrappers.Breaker()
        readers = self.cast.assigned(script)
        engine = made or engine_for(name, self.config, self.cache, breaker, readers)
        listens = self.listener and name != SILENT
        heard = self.listener.listened(engine, self.cache) if self.listener and listens else None
        utterances = plan(script, self.cast, engine, rules.phrases("pauses"))
        if self.config.pace:
            with self.progress.step(f"finding the pace with {name}", 0):
                utterances = self._paced(utterances, engine, self.config.pace)
        clips = ClipFile(folder / CLIPS)
        with self.progress.step(f"speaking with {name}", len(utterances)) as spoke:
            clips.record(speak_all(utterances, heard or engine, spoke, breaker))
        return Spoken(
            engine=name, utterances=utterances, durations_ms=clips.durations_ms, clips=clips,
            offline=offline, clips_spoken=engine.misses, listened=heard.counts if heard else None,
        )  # fmt: skip

    def _paced(
        self, utterances: tuple[Utterance, ...], engine: Engine, pace: int
    ) -> tuple[Utterance, ...]:
        """The utterances at the rates at which each voice says `pace` characters a minute."""
        if "rate" not in engine.follows:
            self.progress.say(f"{engine.name} cannot change its pace: {pace} is not kept")
            return utterances
        rates, off = _pace_rates(utterances, engine, pace)
        for voice, found in off.items():
            self.progress.say(f"{engine.name}:{voice} says {found:.0f} characters a minute")
        return tuple(at_rate(one, rates[one.voice]) for one in utterances)


def _pace_rates(
    utterances: Sequence[Utterance], engine: Engine, pace: int
) -> tuple[dict[str, float], dict[str, float]]:
    """See `pace_rates`: measured on the clips of an engine."""

    def lengths(sample: Sequence[Utterance]) -> list[int]:
        return [clip.duration_ms for clip in speak_all(sample, engine, lambda: None)]

    return pace_rates(utterances, lengths, pace)


def rehearse(script: Script, cast: Cast, pace: int | None = None) -> Spoken:
    """How long each utterance would take, by timed silence; nothing is written or kept."""
    engine = make_engine(SILENT, Config())
    utterances = plan(script, cast, engine, rules.phrases("pauses"))
    if pace:
        rates, _ = _pace_rates(utterances, engine, pace)
        utterances = tuple(at_rate(one, rates[one.voice]) for one in utterances)
    clips = (trim(engine.speak(utterance)) for utterance in utterances)
    durations_ms = [clip.duration_ms for clip in clips]
    return Spoken(engine=SILENT, utterances=utterances, durations_ms=durations_ms)


def say(text: str, config: Config, path: Path, tell: Callable[[str], None]) -> float:
    """Speak a text into an MP3 file, as `make` would; returns its length in seconds.

    `tell` is told when another voice has to take over.

    Raises:
        UsageError: there is nothing to say.
        EngineError, IncompleteError: as `Speaker.speak`.
    """
    script = prepare_text(text, lexicon_of(config))
    if not any(is_speakable(line.spoken) for line in script.parts[0].lines):
        raise UsageError("there is nothing to say in this text", hint="give Chinese text")
    cast = cast_of(config, chain_of(config))
    cache = wrappers.ClipCache(config.clip_folder)
    speaker = Speaker(config=config, cast=cast, cache=cache, progress=Remarks(tell))
    store.remove_halves(path.parent.glob(f".{path.name}.*{store.HALF}"))
    with tempfile.TemporaryDirectory(prefix="qjaudio-say-") as folder:
        spoken = speaker.speak(script, Path(folder))
        episode = lay_out(script, spoken.utterances, spoken.durations_ms)
        with store.writing(path) as beside:
            mix(spoken.clips_of(), episode, beside)
    return episode.duration_ms / 1000


def speak_all(
    utterances: Sequence[Utterance],
    engine: Engine,
    spoke: Callable[[], None],
    breaker: wrappers.Breaker | None = None,
) -> Iterator[Clip]:
    """The trimmed clips in order, as many at once as the engine can; `spoke` after each.

    All are brought to one level; an utterance's `gain_db` is on top of that.

    The first utterance that fails for good opens the breaker: the others stop at once, whether
    they wait for another attempt or are being spoken, and its error is the one that is raised.
    """
    breaker, first = breaker or wrappers.Breaker(), list[Exception]()

    def speak(utterance: Utterance) -> Clip:
        try:
            return engine.speak(utterance)
        except Exception as error:
            first.append(error)
            breaker.open()
            raise

    pool = ThreadPoolExecutor(engine.parallel)
    try:
        for utterance, clip in zip(utterances, pool.map(speak, utterances), strict=True):
            spoke()
            yield louder(trim(clip), utterance.gain_db)
    except BaseException as error:
        breaker.open()
        if first and isinstance(error, Exception):
            raise first[0] from error
        raise
    finally:
        pool.shutdown(cancel_futures=True)
