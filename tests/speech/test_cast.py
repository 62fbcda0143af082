"""Who reads what."""

from dataclasses import replace

import pytest

from builders import script, story
from qjaudio.errors import UsageError
from qjaudio.script.model import Part
from qjaudio.speech.plan import Delivery, parse_cast

CAST = {"opening": "a", "headlines": "b", "sign_off": "a", "stories": ["a", "b"]}
TABLE = {
    "readers": {
        "a": {"name": "女声", "kokoro": ["gone", "zf"]},
        "b": {"name": "男声", "kokoro": ["zm"]},
        "c": {"name": "评论", "kokoro": ["zm", "zf"]},
    },
    "cast": CAST,
}
PLACED = parse_cast(
    {
        **TABLE,
        "cast": {**CAST, "pages": {"1": "a", "2": "b"}, "sections": {"评论": "c"}},
    }
)


def keys(*stories: Part) -> list[str]:
    """The readers of these stories."""
    return [reader.key for reader in PLACED.assigned(script(*stories))[1:-1]]


def on(page: int | None, section: str = "", reader: str = "") -> Part:
    return replace(story(), page=page, section=section, reader=reader)


def test_stories_alternate() -> None:
    """The readers take the stories in turn, whatever else is between."""
    readers = parse_cast(TABLE).assigned(script(story("甲"), story("乙"), story("丙")))
    assert ["a", "a", "b", "a", "a"] == [reader.key for reader in readers]


def test_a_named_reader_wins() -> None:
    """A reader named in the edited script reads that story; the turn goes on."""
    named = Part(kind="story", title="甲", lines=story("甲").lines, reader="男声")
    readers = parse_cast(TABLE).assigned(script(named, story("乙")))
    assert ["b", "b"] == [reader.key for reader in readers[1:3]]


def test_a_page_has_its_reader() -> None:
    """All stories of a page are read by the one whom the cast names for it."""
    assert ["a", "a", "b", "b"] == keys(on(1), on(1), on(2), on(2))


def test_other_pages_go_by_turns() -> None:
    """Stories of pages without a reader take turns among themselves, from the first on."""
    assert ["a", "b", "b", "a"] == keys(on(3), on(2), on(None), on(4))


@pytest.mark.parametrize(
    ("page", "section", "named", "reader"),
    [
        (2, "评论", "女声", "a"),
        (2, "评论", "", "c"),
        (2, "要闻", "", "b"),
        (3, "要闻", "", "a"),
        (3, "", "b", "b"),
    ],
)
def test_script_before_section_before_page_before_turn(
    page: int, section: str, named: str, reader: str
) -> None:
    """The nearer word wins."""
    assert [reader] == keys(on(page, section, named))


def test_a_reader_that_nobody_is_called_is_refused() -> None:
    """Else the story would be read by somebody whom the editor has not chosen."""
    with pytest.raises(UsageError, match="谁"):
        keys(on(2, "", "谁"))


def test_a_withdrawn_voice_is_passed_over() -> None:
    """The first voice that the engine offers is taken, else the engine's first."""
    reader = parse_cast(TABLE).readers["a"]
    assert "zf" == reader.voice("kokoro", ("zx", "zf"))
    assert "v1" == reader.voice("edge", ("v1", "v2"))


def test_one_voice_for_everybody() -> None:
    """Readers stay who they are; on that engine all have the voice, on others their own."""
    cast = PLACED.with_one_voice("edge", "v1")
    assert {("v1",)} == {reader.voices["edge"] for reader in cast.readers.values()}
    assert ("zm",) == cast.readers["b"].voices["kokoro"]
    assert ("kokoro",) == PLACED.engines_of("zm")
    assert () == PLACED.engines_of("v1")


def test_what_an_engine_must_follow() -> None:
    """A gain is ours, rate and pitch are the engine's; a voice without a table asks nothing."""
    assert {"rate", "pitch"} == Delivery(rate=1.1, pitch_hz=-2, gain_db=3).asked()
    assert set() == PLACED.delivery("zm").asked()
