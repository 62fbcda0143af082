"""Who reads what."""

import pytest

from builders import script, story
from qjaudio.errors import UsageError
from qjaudio.script.model import Part
from qjaudio.speech.cast import parse_cast

TABLE = {
    "readers": {
        "a": {"name": "女声", "kokoro": ["gone", "zf"]},
        "b": {"name": "男声", "kokoro": ["zm"]},
    },
    "cast": {"opening": "a", "headlines": "b", "sign_off": "a", "stories": ["a", "b"]},
}


def test_stories_alternate() -> None:
    """The readers take the stories in turn, whatever else is between."""
    readers = parse_cast(TABLE).assigned(script(story("甲"), story("乙"), story("丙")))
    assert ["a", "a", "b", "a", "a"] == [reader.key for reader in readers]


def test_a_named_reader_wins() -> None:
    """A reader named in the edited script reads that story; the turn goes on."""
    named = Part(kind="story", title="甲", lines=story("甲").lines, reader="男声")
    readers = parse_cast(TABLE).assigned(script(named, story("乙")))
    assert ["b", "b"] == [reader.key for reader in readers[1:3]]


def test_a_withdrawn_voice_is_passed_over() -> None:
    """The first voice that the engine offers is taken, else the engine's first."""
    reader = parse_cast(TABLE).readers["a"]
    assert "zf" == reader.voice("kokoro", ("zx", "zf"))
    assert "v1" == reader.voice("edge", ("v1", "v2"))


def test_an_unknown_reader_is_refused() -> None:
    """A part that nobody reads is found when the file is read."""
    with pytest.raises(UsageError, match="nobody"):
        parse_cast({**TABLE, "cast": {**TABLE["cast"], "opening": "nobody"}})
