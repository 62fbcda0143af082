"""Speak many utterances, in order, with whatever parallelism the caller has."""

from collections.abc import Callable, Iterable, Iterator

from qjaudio.speech.model import Clip, Engine, Utterance

Mapping = Callable[[Callable[[Utterance], Clip], Iterable[Utterance]], Iterator[Clip]]


def speak_all(
    utterances: Iterable[Utterance], engine: Engine, mapping: Mapping = map
) -> Iterator[Clip]:
    """The clips of the utterances in their order; `mapping` may be a pool's `map`."""
    return iter(mapping(engine.speak, utterances))
