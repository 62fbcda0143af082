"""Who can speak today: the voices of the cast say a short word before anything depends on them."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from qjaudio.config import Config
from qjaudio.engines.service import NoAudioError
from qjaudio.errors import EngineError, QjaudioError
from qjaudio.pipeline import voicing
from qjaudio.speech.cast import Cast, Reader
from qjaudio.speech.gate import doubt
from qjaudio.speech.model import Utterance, Word

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
    wanted = [reader.voices.get(voicing.ONLINE, ()) for reader in readers]
    offered = voicing.bare_engine(voicing.ONLINE, config).voices
    lists = [voices or offered[:1] for voices in wanted]
    while True:
        turn = {_next(voices, found) for voices in lists} - found.keys()
        if not turn:
            return tuple(voice for voice, error in found.items() if error is None)
        found |= _asked(sorted(turn), config)
        for error in found.values():
            if error is not None and not isinstance(error, NoAudioError):
                raise error


def _next(voices: tuple[str, ...], found: Mapping[str, EngineError | None]) -> str:
    """The first voice of a list that spoke, or that was not asked yet."""
    for voice in voices:
        if found.get(voice) is None:
            return voice
    last = found[voices[-1]]
    raise last or EngineError("a reader has no online voice")


def _asked(voices: Iterable[str], config: Config) -> dict[str, EngineError | None]:
    engine = voicing.bare_engine(voicing.ONLINE, config)

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
    online = voicing.bare_engine(voicing.ONLINE, config)
    offline = voicing.bare_engine(voicing.OFFLINE, config)

    def speak_offline(voice: str) -> None:
        word = Utterance(text=WORD.text, words=WORD.words, voice=voice)
        reason = doubt(word, offline.speak(word))
        if reason:
            raise EngineError(reason)

    rows = [(voicing.ONLINE, voice, online.ask) for voice in _of(cast, voicing.ONLINE)]
    with ThreadPoolExecutor(_CONNECTIONS) as pool:
        heard = list(pool.map(lambda row: _audition(*row), rows))
    heard += [
        _audition(voicing.OFFLINE, voice, speak_offline) for voice in _of(cast, voicing.OFFLINE)
    ]
    for engine in (voicing.ONLINE, voicing.OFFLINE):
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


def _of(cast: Cast, engine: str) -> tuple[str, ...]:
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
