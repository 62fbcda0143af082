"""The contracts of the two plug points, for authors of plugins to run in their tests.

    from qjaudio.testing import check_engine

    def test_my_engine_keeps_the_contract():
        check_engine(MyEngine())

A broken contract raises AssertionError with a sentence that says which.
"""

import inspect
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from qjaudio.errors import NotAnIssueError, QjaudioError
from qjaudio.paper.model import Page
from qjaudio.sources.model import Source, SourceContext
from qjaudio.speech.gate import doubt
from qjaudio.speech.model import BYTES_PER_SAMPLE, SAMPLE_RATE, Clip, Engine, Utterance, Word

__all__ = ["check_engine", "check_source"]

_SPOTS = (
    Word("河边", ("he2", "bian1")),
    Word("山下", ("shan1", "xia4")),
    Word("村口", ("cun1", "kou3")),
    Word("城南", ("cheng2", "nan2")),
    Word("湖心", ("hu2", "xin1")),
)
_THINGS = (
    Word("步道", ("bu4", "dao4")),
    Word("书屋", ("shu1", "wu1")),
    Word("广场", ("guang3", "chang3")),
    Word("码头", ("ma3", "tou5")),
)
_DEEDS = (
    Word("修好", ("xiu1", "hao3")),
    Word("开放", ("kai1", "fang4")),
    Word("变样", ("bian4", "yang4")),
)
_OF, _DONE, _COMMA = Word("的", ("de5",)), Word("了", ("le5",)), Word("，")
_CLAUSE_CHARS = 9
_CHANGES = {"rate", "pitch"}
_MISSING = ".no-such-location"


def check_engine(engine: object) -> None:
    """Check that `engine` keeps the contract of `qjaudio.speech.model.Engine`.

    It is made to speak a short utterance, one as long as it takes, two at once, one without
    anything to say, and to face one that is too long.

    Raises:
        AssertionError: a sentence says what is broken.
    """
    if not isinstance(engine, Engine):
        raise AssertionError(f"{engine!r} lacks one of {_members(Engine)}")
    _check_face(engine)
    longest = _utterance(max(1, engine.max_chars // _CLAUSE_CHARS), engine.voices[0])
    for utterance in (_utterance(1), longest):
        clip = _speak(engine, utterance)
        _check_clip(utterance, clip)
        same = not engine.repeatable or clip == _speak(engine, utterance)
        _require(same, "it calls itself repeatable and spoke the same text in another way")
    _check_together(engine)
    _check_nothing_to_say(engine)
    _check_too_long(engine)


def _check_face(engine: Engine) -> None:
    _require(bool(engine.name) and engine.name == engine.name.strip().lower(),
             f"name is a short lower-case word, not {engine.name!r}")  # fmt: skip
    _require(bool(engine.identity), "identity is empty: cached clips would be taken for others")
    first, second = engine.identity, engine.identity
    _require(first == second, "identity changes from call to call")
    _require(engine.max_chars >= 10, f"max_chars is {engine.max_chars}: no clause fits")
    _require(engine.parallel >= 1, f"parallel is {engine.parallel}")
    _require(isinstance(engine.voices, tuple), "voices is not a tuple")
    _require(bool(engine.voices) and all(engine.voices), "voices is empty or has an empty name")
    _require(len(set(engine.voices)) == len(engine.voices), "voices names one twice")
    _require(isinstance(engine.online, bool), "online is neither True nor False")
    _require(isinstance(engine.repeatable, bool), "repeatable is neither True nor False")
    follows = set(engine.follows) if isinstance(engine.follows, tuple) else {"?"}
    _require(follows <= _CHANGES, f"follows holds something else than {sorted(_CHANGES)}")
    _check_settings(engine)


def _check_settings(engine: Engine) -> None:
    """What `[engine.NAME]` may hold are keyword arguments of the class, with plain defaults."""
    settings = getattr(engine, "settings", None)
    if not isinstance(settings, Mapping):
        raise AssertionError(
            "settings is not a table of names and defaults: {} where there are none"
        )
    taken = inspect.signature(type(engine)).parameters
    takes_all = any(one.kind is one.VAR_KEYWORD for one in taken.values())
    wanted = {*settings, *(("stop",) if engine.online else ())}
    lacking = set() if takes_all else wanted - set(taken)
    _require(not lacking, f"the class takes no {sorted(lacking)} by name")
    for name, default in settings.items():
        kinds = (str, float, bool, tuple, dict)
        _require(isinstance(default, kinds), f"the default of {name} is not text, float, bool, …")
    secrets = set(getattr(engine, "secrets", ()))
    _require(secrets <= set(settings), f"secrets names no setting: {sorted(secrets)}")


def _check_together(engine: Engine) -> None:
    """As many at once as it says: each clip must be whole."""
    utterances = [_utterance(1 + number % 2) for number in range(min(engine.parallel, 2))]
    with ThreadPoolExecutor(len(utterances)) as pool:
        clips = list(pool.map(lambda utterance: _speak(engine, utterance), utterances))
    for utterance, clip in zip(utterances, clips, strict=True):
        _check_clip(utterance, clip)


def _check_nothing_to_say(engine: Engine) -> None:
    marks = Utterance(text="……", words=(Word("…"), Word("…")))
    clip = _speak(engine, marks)
    _require(clip is None or clip.samples > 0, "an utterance of marks alone became an empty clip")


def _check_too_long(engine: Engine) -> None:
    """Far more text than it takes is spoken whole or refused, never cut in silence."""
    utterance = _utterance(4 * -(-engine.max_chars // _CLAUSE_CHARS))
    clip = _speak(engine, utterance, may_refuse=True)
    if clip is not None:
        reason = doubt(utterance, clip)
        _require(
            not reason, f"a text over max_chars was neither refused nor spoken whole: {reason}"
        )


def _speak(engine: Engine, utterance: Utterance, *, may_refuse: bool = False) -> Clip | None:
    try:
        return engine.speak(utterance)
    except QjaudioError as error:
        if may_refuse or not utterance.syllables:
            return None
        raise AssertionError(f"it did not speak {utterance.text!r}: {error}") from error
    except Exception as error:
        raise AssertionError(
            f"speak raised {type(error).__name__}, not one of qjaudio.errors: {error}"
        ) from error


def _check_clip(utterance: Utterance, clip: Clip | None) -> None:
    if not isinstance(clip, Clip):
        raise AssertionError(f"speak returned {type(clip).__name__}, not a Clip")
    _require(clip.sample_rate == SAMPLE_RATE, f"sample_rate is {clip.sample_rate}, not 24000")
    _require(len(clip.pcm) % BYTES_PER_SAMPLE == 0, "pcm ends in half a sample")
    reason = doubt(utterance, clip)
    _require(not reason, f"{utterance.text!r} was not spoken whole: {reason}")


def _utterance(clauses: int, voice: str = "") -> Utterance:
    """So many clauses, no two alike: the gate takes the same over and over for a fault."""
    words: tuple[Word, ...] = ()
    for at in range(clauses):
        place, thing, deed = (kind[at % len(kind)] for kind in (_SPOTS, _THINGS, _DEEDS))
        words += (place, _OF, thing, deed, _DONE, _COMMA)
    words = (*words[:-1], Word("。"))
    utterance = Utterance(text="", words=words, voice=voice)
    return replace(utterance, text=utterance.spoken)


def check_source(source: object, location: str) -> None:
    """Check that `source` keeps the contract of `qjaudio.sources.model.Source`.

    `source` is the class, as the entry point names it, or one that was made with settings for a
    test. `location` is a good one, of the author's choice. It is read twice; unless it is a URL, a
    location that does not exist is tried too.

    Raises:
        AssertionError: a sentence says what is broken.
    """
    if isinstance(source, type):
        source = _made_source(source)
    if not isinstance(source, Source):
        raise AssertionError(f"{source!r} lacks one of {_members(Source)}")
    _require(bool(source.name), "name is empty")
    _require(isinstance(source.priority, int), f"priority is {source.priority!r}, no whole number")
    _require(source.accepts(location) is True, f"accepts({location!r}) is not True")
    _require(source.accepts("") is False, "accepts an empty location")
    pages = _read_pages(source, location)
    _check_pages(pages)
    _require(pages == _read_pages(source, location), "reading twice gave different pages")
    if "://" not in location:
        _check_missing(source, location + _MISSING)


def _made_source(made: type) -> object:
    try:
        return made(SourceContext())
    except TypeError as error:
        raise AssertionError(f"it cannot be made from a SourceContext: {error}") from error


def _read_pages(source: Source, location: str) -> list[Page]:
    try:
        return list(source.pages(location))
    except QjaudioError as error:
        raise AssertionError(f"it did not read {location!r}: {error}") from error


def _check_pages(pages: list[Page]) -> None:
    _require(bool(pages), "there are no pages")
    _require(
        all(isinstance(page, Page) for page in pages), "pages yields something that is not a Page"
    )
    numbers = [page.number for page in pages]
    _require(numbers[0] >= 1, f"the first page has number {numbers[0]}")
    _require(sorted(set(numbers)) == numbers, f"pages are out of order: {numbers}")
    lines = [line.text for page in pages for block in page.blocks for line in block.lines]
    _require(any(text.strip() for text in lines), "there is no text on any page")
    _require(not any("\n" in text for text in lines), "a printed line holds a line break")


def _check_missing(source: Source, location: str) -> None:
    try:
        pages = list(source.pages(location))
    except NotAnIssueError as error:
        _require(bool(error.hint), "NotAnIssueError comes without a hint")
        return
    except Exception as error:
        raise AssertionError(
            f"a missing location raised {type(error).__name__}, not NotAnIssueError"
        ) from error
    raise AssertionError(f"a missing location gave {len(pages)} pages, not NotAnIssueError")


def _members(protocol: type) -> str:
    return ", ".join(name for name in vars(protocol) if not name.startswith("_"))


def _require(truth: bool, otherwise: str) -> None:
    if not truth:
        raise AssertionError(otherwise)
