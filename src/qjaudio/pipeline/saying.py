"""`say`: a few words as an MP3, for trying a voice or a reading."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from qjaudio import rules, store
from qjaudio.config import Config
from qjaudio.engines.cached import ClipCache
from qjaudio.engines.wrappers import Breaker
from qjaudio.episode.mix import mix
from qjaudio.episode.timeline import lay_out
from qjaudio.errors import UsageError
from qjaudio.pipeline import voicing
from qjaudio.pipeline.scripting import lexicon_of
from qjaudio.script.model import Script
from qjaudio.script.prepare import prepare_text
from qjaudio.speech.gate import is_speakable
from qjaudio.speech.model import Clip, Utterance
from qjaudio.speech.plan import plan


@dataclass(frozen=True, slots=True, kw_only=True)
class _Take:
    """The utterances of a text and their clips, all of one engine."""

    utterances: tuple[Utterance, ...]
    clips: list[Clip]


def say(text: str, config: Config, path: Path, tell: Callable[[str], None]) -> float:
    """Speak a text into an MP3 file; returns its length in seconds.

    With the voice `auto` it goes as in `make`: the online voice where it passes its audition and
    speaks all of the text, else the offline voice for all of it, which `tell` is told.

    Raises:
        UsageError: there is nothing to say.
        EngineError: no engine could speak.
        IncompleteError: something could not be spoken whole.
    """
    script = prepare_text(text, lexicon_of(config))
    if not any(is_speakable(line.spoken) for line in script.parts[0].lines):
        raise UsageError("there is nothing to say in this text", hint="give Chinese text")
    chain = voicing.chain_of(config)
    take = voicing.speak_with_first(chain, lambda name: _spoken(script, name, chain, config), tell)
    episode = lay_out(script, take.utterances, [clip.duration_ms for clip in take.clips])
    with store.writing(path) as beside:
        mix(take.clips, episode, beside)
    return episode.duration_ms / 1000


def _spoken(script: Script, name: str, chain: voicing.EngineChain, config: Config) -> _Take:
    cast = voicing.cast_of(config, chain)
    breaker = Breaker()
    cache = ClipCache(config.out_folder / ".cache" / "clips")
    engine = voicing.engine_for(name, config, cache, breaker, cast.assigned(script))
    utterances = plan(script, cast, engine, rules.phrases("pauses"))
    return _Take(
        utterances=utterances,
        clips=list(voicing.spoken(utterances, engine, lambda: None, breaker)),
    )
