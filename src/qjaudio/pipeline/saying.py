"""`say`: a few words as an MP3, for trying a voice or a reading."""

from pathlib import Path

from qjaudio import rules, store
from qjaudio.config import Config
from qjaudio.episode.mix import mix
from qjaudio.episode.timeline import lay_out
from qjaudio.errors import UsageError
from qjaudio.pipeline import voicing
from qjaudio.pipeline.scripting import lexicon_of
from qjaudio.script.model import Line, Part, Script
from qjaudio.script.pronounce import pronounce
from qjaudio.script.sentences import sentences
from qjaudio.speech.plan import plan
from qjaudio.store import ClipCache


def say(text: str, config: Config, path: Path) -> float:
    """Speak a text into an MP3 file; returns its length in seconds.

    Raises:
        UsageError: there is nothing to say.
    """
    lines = tuple(Line(text=sentence, kind="body") for sentence in sentences(text))
    part = Part(kind="story", title="", lines=lines)
    script = pronounce(Script(paper="", date="", parts=(part,)), lexicon_of(config))
    choice = voicing.choice_of(config.voice)
    name = choice.engine
    if name == "auto":
        name = voicing.OFFLINE if voicing.probe(config) else voicing.ONLINE
    engine = voicing.engine_for(name, config, ClipCache(config.out_folder / ".cache" / "clips"))
    utterances = plan(script, voicing.cast_of(config, choice), engine, rules.phrases("pauses"))
    if not any(utterance.syllables for utterance in utterances):
        raise UsageError("there is nothing to say in this text", hint="give Chinese text")
    clips = list(voicing.spoken(utterances, engine, lambda: None))
    episode = lay_out(script, utterances, [clip.duration_ms for clip in clips])
    with store.writing(path) as beside:
        mix(clips, episode, beside)
    return episode.duration_ms / 1000
