"""cast.toml, as people write it."""

import tomllib
from typing import Any

import pytest

from qjaudio.errors import UsageError
from qjaudio.rules import voices_folder
from qjaudio.speech.plan import Delivery, parse_cast

WHOLE = """
[readers.a]
name = "女声"
edge = ["one", "two"]

[readers.b]

[cast]
opening = "a"
headlines = "a"
sign_off = "b"
stories = ["a"]

[cast.pages]
2 = "b"

[cast.sections]
"要闻" = "b"

[voices.one]
rate = "+5%"
pitch = "-2Hz"
gain_db = 1.5

[voices.two]
rate = "-20%"
"""


def test_everything_is_read() -> None:
    """Readers, pages, sections and how voices speak."""
    cast = parse_cast(tomllib.loads(WHOLE), engines=("edge",))
    assert ("one", "two") == cast.readers["a"].voices["edge"]
    assert "b" == cast.readers["b"].name
    assert ({2: "b"}, {"要闻": "b"}) == (cast.pages, cast.sections)
    assert Delivery(rate=1.05, pitch_hz=-2, gain_db=1.5) == cast.delivery("one")
    assert Delivery(rate=0.8) == cast.delivery("two")
    assert Delivery() == cast.delivery("three")


def test_ours_is_right() -> None:
    """The cast that ships is read, with the engines it names."""
    table = tomllib.loads((voices_folder() / "cast.toml").read_text("utf-8"))
    cast = parse_cast(table, engines=("azure", "edge", "kokoro"))
    assert {"anchor", "second"} == set(cast.readers)


@pytest.mark.parametrize(
    ("ours", "theirs", "said"),
    [
        ('opening = "a"', 'opening = "nobody"', "nobody"),
        ('sign_off = "b"', "", "no such reader"),
        ('2 = "b"', '2 = "nobody"', "nobody"),
        ('"要闻" = "b"', '"要闻" = "nobody"', "nobody"),
        ('"要闻" = "b"', '"要闻" = ["b"]', "no such reader"),
        ('2 = "b"', 'two = "b"', "two"),
        ('2 = "b"', '0 = "b"', "0"),
        ('stories = ["a"]', "stories = []", "stories is empty"),
        ('stories = ["a"]', 'stories = "a"', "stories"),
        ('stories = ["a"]', "stories = [1]", "stories"),
        ('stories = ["a"]', 'stories = ["a"]\nstory = "a"', "'story'"),
        ("[cast.pages]", "[cast.page]", "'page'"),
        ("[voices.one]", "[voice.one]", "'voice'"),
        ('name = "女声"', "name = 3", "name"),
        ('name = "女声"', 'name = " "', "name"),
        ('name = "女声"', 'nane = "女声"', "'nane'"),
        ('edge = ["one", "two"]', 'edgy = ["one"]', "'edgy'"),
        ('edge = ["one", "two"]', 'edge = "one"', "edge"),
        ('rate = "+5%"', 'rate = "fast"', "rate"),
        ('rate = "+5%"', "rate = 1.05", "rate"),
        ('rate = "+5%"', 'rate = "+101%"', "rate"),
        ('rate = "+5%"', 'rate = "-51%"', "rate"),
        ('rate = "+5%"', 'speed = "+5%"', "'speed'"),
        ('pitch = "-2Hz"', 'pitch = "-2"', "pitch"),
        ('pitch = "-2Hz"', 'pitch = "+101Hz"', "pitch"),
        ("gain_db = 1.5", "gain_db = 7", "gain_db"),
        ("gain_db = 1.5", "gain_db = true", "gain_db"),
        ("gain_db = 1.5", "gain_db = nan", "gain_db"),
        ("gain_db = 1.5", 'gain_db = "1.5"', "gain_db"),
        ('[voices.one]\nrate = "+5%"\npitch = "-2Hz"\ngain_db = 1.5', "[voices]\none = 1", "one"),
    ],
)
def test_a_slip_is_named(ours: str, theirs: str, said: str) -> None:
    """Two short lines: what is wrong, by its own name, and what would be right."""
    assert ours in WHOLE
    with pytest.raises(UsageError) as caught:
        parse_cast(tomllib.loads(WHOLE.replace(ours, theirs, 1)), engines=("edge",))
    assert said in str(caught.value)
    assert "\n" not in f"{caught.value}{caught.value.hint}"
    assert caught.value.hint
    assert len(str(caught.value)) < 100


@pytest.mark.parametrize("table", [{}, {"readers": []}, {"cast": 1}, {"readers": {"a": 1}}])
def test_other_tables_are_refused(table: dict[str, Any]) -> None:
    """Whatever a TOML file can hold is an error that we expect, or a cast."""
    with pytest.raises(UsageError):
        parse_cast(table)
