"""Who speaks: the engines with their wrappers, and which voices are able to speak today."""

import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qjaudio import plugins, rules
from qjaudio.config import Config
from qjaudio.engines.cached import Cached, ClipCache
from qjaudio.engines.service import NoAudioError
from qjaudio.engines.wrappers import Breaker, Checked, Retrying
from qjaudio.errors import EngineError, QjaudioError, UsageError
from qjaudio.speech.cast import Cast, Delivery, Reader, parse_cast
from qjaudio.speech.gate import doubt
from qjaudio.speech.model import Engine, Utterance, Word
from qjaudio.store import text_of

ONLINE = "edge"
OFFLINE = "kokoro"
SILENT = "silent"
"""The engine of dry runs."""
ONLINE_ATTEMPTS = 6
"""Of a service that fails three times in ten, one utterance in 1,400 fails for good."""
DETERMINISTIC = frozenset({"kokoro", "silent"})
"""Engines that say the same every time: a doubtful clip of theirs is not asked for again."""
_CAST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceChoice:
    """What a `--voice` asks for."""

    engine: str
    """`auto` or the name of an engine."""
    voice: str = ""
    """One voice for everything that its engine says; empty = as the cast says."""


def choice_of(name: str) -> VoiceChoice:
    """Understand `auto`, `kokoro`, `kokoro:zm_yunxi`, a bare `zm_yunxi` and `auto:zm_yunxi`.

    The last is `auto` with that voice for everything if its engine is the one that speaks.

    Raises:
        UsageError: no engine has such a voice.
    """
    engine, _, voice = name.partition(":")
    if engine == "auto" or engine in plugins.plugin_names(plugins.ENGINES):
        having = _engines_with(voice) if voice else (engine,)
        if not having or (engine != "auto" and engine not in having):
            raise _no_voice(name)
        return VoiceChoice(engine=engine, voice=voice)
    for candidate in _engines_with(name):
        return VoiceChoice(engine=candidate, voice=name)
    raise _no_voice(name)


def _engines_with(voice: str) -> tuple[str, ...]:
    """The engines that have a voice."""
    names = plugins.plugin_names(plugins.ENGINES)
    return tuple(name for name in names if voice in bare_engine(name, Config()).voices)


def _no_voice(name: str) -> UsageError:
    return UsageError(f"no voice {name!r}", hint="qjaudio voices lists those that are there")


def bare_engine(name: str, config: Config, **others: Any) -> Any:
    """The engine itself, without wrappers; `others` are arguments of the online voice."""
    engine = plugins.load_plugin(plugins.ENGINES, name)
    if name == ONLINE:
        endpoint = config.edge_endpoint or None
        return engine(proxy=config.edge_proxy or None, endpoint=endpoint, **others)
    return engine()


def engine_for(
    name: str, config: Config, cache: ClipCache, breaker: Breaker | None = None, **others: Any
) -> Cached:
    """The engine with its wrappers: cached, checked and, online, tried again until `breaker` opens.

    `others` are arguments of the online voice.
    """
    if name == ONLINE:
        breaker = breaker or Breaker()
        online: Engine = bare_engine(name, config, stop=breaker.opened, **others)
        return Cached(Checked(Retrying(online, attempts=ONLINE_ATTEMPTS, breaker=breaker)), cache)
    engine: Engine = bare_engine(name, config)
    return Cached(Checked(engine, takes=1 if name in DETERMINISTIC else 2), cache)


def probe(config: Config) -> str | None:
    """Why the online voice cannot be used; None when it answers."""
    return bare_engine(ONLINE, config).probe()  # type: ignore[no-any-return]


def cast_of(config: Config, choice: VoiceChoice) -> Cast:
    """The cast of the settings, or ours; with a single voice everybody has that one.

    Raises:
        UsageError: the file cannot be read, is not consistent, or asks for what a voice cannot do.
    """
    path = Path(config.cast) if config.cast else rules.voices_folder() / "cast.toml"
    try:
        table = tomllib.loads(text_of(path, _CAST_BYTES).removeprefix("\ufeff"))
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"cannot read {path}: {error}", hint="repair or remove it") from error
    cast = parse_cast(table, engines=plugins.plugin_names(plugins.ENGINES))
    for voice, delivery in cast.deliveries.items():
        _check_settings(voice, delivery, cast)
    if choice.voice:
        having = _engines_with(choice.voice) if choice.engine == "auto" else (choice.engine,)
        for engine in having:
            cast = cast.with_one_voice(engine, choice.voice)
    return cast


def _check_settings(voice: str, delivery: Delivery, cast: Cast) -> None:
    """Refuse what no listener would ever hear: an engine names in `settings` what it follows."""
    engines = cast.engines_of(voice) or _engines_with(voice)
    if not engines:
        raise UsageError(
            f"cast.toml: [voices.{voice}]: nobody has that voice",
            hint="qjaudio voices lists those that are there",
        )
    for engine in engines:
        follows = getattr(plugins.load_plugin(plugins.ENGINES, engine), "settings", ())
        for setting in sorted(delivery.asked() - set(follows)):
            raise UsageError(
                f"cast.toml: [voices.{voice}]: {engine} cannot change the {setting} of a voice",
                hint=f"take {setting} out of that table",
            )


_CONNECTIONS = 4
_TRIES = 2
"""One lost connection is no dead service."""
WORD = Utterance(text="你好。", words=(Word("你好", ("ni2", "hao3")), Word("。")))
"""你好: what a voice is asked to say."""


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


def online_voices(config: Config, readers: Iterable[Reader]) -> tuple[str, ...]:
    """For each reader the first of its online voices that speaks.

    A voice that answers without sound has been withdrawn: the next one of the reader's list is
    asked. All that these readers say is spoken by the voices that come out here.

    Raises:
        EngineError: the service does not answer, or a reader has no voice left.
    """
    found: dict[str, EngineError | None] = {}
    wanted = [reader.voices.get(ONLINE, ()) for reader in readers]
    offered = bare_engine(ONLINE, config).voices
    lists = [voices or offered[:1] for voices in wanted]
    while True:
        turn = {_able_voice(voices, found) for voices in lists} - found.keys()
        if not turn:
            return tuple(voice for voice, error in found.items() if error is None)
        found |= _ask_voices(sorted(turn), config)
        for error in found.values():
            if error is not None and not isinstance(error, NoAudioError):
                raise error


def _able_voice(voices: tuple[str, ...], found: Mapping[str, EngineError | None]) -> str:
    """The first voice of a list that spoke, or that was not asked yet."""
    for voice in voices:
        if found.get(voice) is None:
            return voice
    last = found[voices[-1]]
    raise last or EngineError("a reader has no online voice")


def _ask_voices(voices: Iterable[str], config: Config) -> dict[str, EngineError | None]:
    engine = bare_engine(ONLINE, config)

    def ask(voice: str) -> tuple[str, EngineError | None]:
        error: EngineError | None = None
        for _ in range(_TRIES):
            try:
                engine.ask(voice)
            except EngineError as failure:
                error = failure
            else:
                return voice, None
        return voice, error

    with ThreadPoolExecutor(_CONNECTIONS) as pool:
        return dict(pool.map(ask, voices))


def auditions(config: Config, cast: Cast) -> Iterator[Audition]:
    """Every voice of the cast on both engines, each asked for one word."""
    online = bare_engine(ONLINE, config)
    offline = bare_engine(OFFLINE, config)

    def speak_offline(voice: str) -> None:
        word = Utterance(text=WORD.text, words=WORD.words, voice=voice)
        reason = doubt(word, offline.speak(word))
        if reason:
            raise EngineError(reason)

    rows = [(ONLINE, voice, online.ask) for voice in _voices_of(cast, ONLINE)]
    with ThreadPoolExecutor(_CONNECTIONS) as pool:
        heard = list(pool.map(lambda row: _audition(*row), rows))
    heard += [_audition(OFFLINE, voice, speak_offline) for voice in _voices_of(cast, OFFLINE)]
    for engine in (ONLINE, OFFLINE):
        able = tuple(a.voice.partition(":")[2] for a in heard if not a.reason and engine in a.voice)
        roles = {
            f"{engine}:{reader.voice(engine, able)}": reader.name
            for reader in cast.readers.values()
            if able
        }
        for one in heard:
            if one.voice.startswith(f"{engine}:"):
                yield Audition(
                    voice=one.voice,
                    reader=roles.get(one.voice, ""),
                    reason=one.reason,
                    seconds=one.seconds,
                )


def _voices_of(cast: Cast, engine: str) -> tuple[str, ...]:
    """The voices of all readers on an engine, each once, first choices first."""
    lists = [reader.voices.get(engine, ()) for reader in cast.readers.values()]
    ranked = sorted((rank, voice) for voices in lists for rank, voice in enumerate(voices))
    return tuple(dict.fromkeys(voice for _, voice in ranked))


def _audition(engine: str, voice: str, speak: Callable[[str], None]) -> Audition:
    started = time.monotonic()
    try:
        speak(voice)
        reason = ""
    except QjaudioError as error:
        reason = str(error)
    seconds = time.monotonic() - started
    return Audition(voice=f"{engine}:{voice}", reader="", reason=reason, seconds=seconds)
