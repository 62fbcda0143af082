"""The contract checks find what is broken, and say it."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from qjaudio.engines.silent import SilentEngine
from qjaudio.errors import EngineError, NotAnIssueError
from qjaudio.paper.model import Block, Page, TextLine
from qjaudio.speech.model import Clip, Utterance
from qjaudio.testing import check_engine, check_source

PAGE = Page(number=1, blocks=(Block(lines=(TextLine(text="河边的步道修好了"),)),))


class BrokenEngine(SilentEngine):
    """The fake with one thing changed."""

    def __init__(self, **changes: Any) -> None:
        self.__dict__.update(changes)


def cutting(utterance: Utterance) -> Clip:
    return SilentEngine().speak(replace(utterance, words=utterance.words[:60]))


def crashing(utterance: Utterance) -> Clip:
    raise KeyError(utterance.text)


def refusing(utterance: Utterance) -> Clip:
    raise EngineError("down")


def wavering() -> Callable[[Utterance], Clip]:
    """Speaks a little slower each time."""
    times = itertools.count()
    rates = (1 - 0.01 * next(times) for _ in itertools.count())
    return lambda utterance: SilentEngine().speak(replace(utterance, rate=next(rates)))


class Deaf(SilentEngine):
    """An online engine that cannot be stopped."""

    online = True

    def __init__(self, *, threads: float = 1.0) -> None:
        pass


def test_an_online_engine_is_made_with_stop() -> None:
    """The program has to end a conversation that nobody waits for."""
    with pytest.raises(AssertionError, match=r"takes no .{2}stop"):
        check_engine(Deaf())


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "name is"),
        ({"name": "My Voice"}, "name is"),
        ({"identity": ""}, "identity is empty"),
        ({"max_chars": 1}, "max_chars"),
        ({"parallel": 0}, "parallel"),
        ({"voices": ()}, "voices is empty"),
        ({"voices": ("a", "a")}, "voices names one twice"),
        ({"voices": ["a"]}, "not a tuple"),
        ({"online": None}, "online is neither"),
        ({"repeatable": "yes"}, "repeatable is neither"),
        ({"follows": ["rate"]}, "follows holds"),
        ({"follows": ("mood",)}, "follows holds"),
        ({"settings": None}, "settings is not a table"),
        ({"settings": {"threads": 1}}, "the default of threads"),
        ({"secrets": ("key",)}, "secrets names no setting"),
        ({"speak": wavering()}, "in another way"),
        ({"speak": lambda _: Clip(b"")}, "no sound"),
        ({"speak": lambda _: b"RIFF"}, "not a Clip"),
        ({"speak": lambda u: Clip(SilentEngine().speak(u).pcm, 22_050)}, "sample_rate"),
        ({"speak": lambda u: Clip(SilentEngine().speak(u).pcm + b"1")}, "half a sample"),
        ({"speak": cutting}, "nor spoken whole"),
        ({"speak": crashing}, "raised KeyError"),
        ({"speak": refusing}, "did not speak"),
    ],
)
def test_a_broken_engine_is_told_what_is_broken(changes: dict[str, Any], sentence: str) -> None:
    """Each broken promise of an engine has its sentence."""
    with pytest.raises(AssertionError, match=sentence):
        check_engine(BrokenEngine(**changes))


def test_something_else_is_no_engine() -> None:
    """The missing members are listed."""
    with pytest.raises(AssertionError, match="max_chars"):
        check_engine(object())


@dataclass
class ListSource:
    """A source of pages that the test has laid out."""

    listed: tuple[Any, ...] = (PAGE,)
    name: str = "list"
    priority: Any = 10
    any_location: bool = False
    failure: type[Exception] | None = NotAnIssueError

    def accepts(self, location: str) -> bool:
        return location.startswith("list:") or self.any_location

    def pages(self, location: str) -> Iterator[Page]:
        if location != "list:good" and self.failure is NotAnIssueError:
            raise NotAnIssueError(f"there is no {location}", hint="try list:good")
        if location != "list:good" and self.failure:
            raise self.failure(location)
        yield from self.listed


def test_a_good_source_passes() -> None:
    """A source that reads its location, twice alike, and refuses a missing one is good."""
    check_source(ListSource(), "list:good")


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (ListSource(name=""), "name is empty"),
        (ListSource(priority="high"), "priority is 'high'"),
        (ListSource(priority=None), "priority is None"),
        (ListSource(any_location=True), "accepts an empty location"),
        (ListSource(listed=()), "no pages"),
        (ListSource(listed=("text",)), "not a Page"),
        (ListSource(listed=(replace(PAGE, number=2), PAGE)), "out of order"),
        (ListSource(listed=(replace(PAGE, number=0),)), "number 0"),
        (ListSource(listed=(Page(number=1, blocks=()),)), "no text"),
        (ListSource(failure=None), "a missing location gave 1 pages"),
        (ListSource(failure=FileNotFoundError), "raised FileNotFoundError"),
    ],
)
def test_a_broken_source_is_told_what_is_broken(source: ListSource, sentence: str) -> None:
    """Each broken promise of a source has its sentence."""
    with pytest.raises(AssertionError, match=sentence):
        check_source(source, "list:good")


class Needy:
    """A class that asks for more than it is given."""

    def __init__(self, context: object, address: str) -> None: ...


@pytest.mark.parametrize(
    ("source", "sentence"), [(Needy, "cannot be made"), (object, "cannot be made")]
)
def test_a_class_is_made_as_the_program_makes_it(source: type, sentence: str) -> None:
    """An entry point names a class that takes a SourceContext and nothing else."""
    with pytest.raises(AssertionError, match=sentence):
        check_source(source, "list:good")


def test_a_location_that_is_not_accepted_is_told() -> None:
    """The author's own good location must look good to the source."""
    with pytest.raises(AssertionError, match="accepts"):
        check_source(ListSource(), "other:good")
