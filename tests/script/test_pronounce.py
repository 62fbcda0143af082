"""Words and readings of whole lines: printed clauses beside what is said."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qjaudio.paper.text import han_count
from qjaudio.rules import parse_table
from qjaudio.script.lexicon import Lexicon, default_lexicon
from qjaudio.script.model import Line, Part, Script, Word
from qjaudio.script.pronounce import (
    explain,
    headline_pauses,
    pronounce,
    pronounce_line,
    pronounce_text,
)

CASES = parse_table((Path(__file__).parent / "cases" / "readings.tsv").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("text", "pinyin", "about"), CASES)
def test_readings_are_those_of_newsreaders(text: str, pinyin: str, about: str) -> None:
    """Each line of the table: polyphones, names, tone changes."""
    assert pinyin.split() == list(explain(text, default_lexicon()).pinyin)


@settings(deadline=None, max_examples=200)
@given(
    st.one_of(
        st.text(max_size=30),
        st.text(alphabet=st.sampled_from("一二不为得地了，。、（）“”1258:-%年月 A"), max_size=30),
    )
)
def test_each_han_character_has_one_syllable(text: str) -> None:
    """In the explanation and in the words of the clauses; the printed text is kept whole."""
    explanation = explain(text, Lexicon())
    assert han_count(explanation.spoken) == len(explanation.pinyin)
    clauses = pronounce_text(text, Lexicon())
    words = [word for clause in clauses for word in clause.words]
    assert all(len(word.pinyin) == han_count(word.text) for word in words)
    assert len(explanation.pinyin) == sum(len(word.pinyin) for word in words)
    assert text == "".join(clause.text for clause in clauses)


def test_clauses_keep_their_print_beside_their_words() -> None:
    """A spoken form may be longer or in another order; each clause still shows what is printed."""
    found = [(c.text, c.spoken) for c in pronounce_text("每亩增收，12万元/亩，占5%。", Lexicon())]
    assert [
        ("每亩增收，", "每亩增收，"),
        ("12万元/亩，", "每亩十二万元，"),
        ("占5%。", "占百分之五。"),
    ] == found


def test_quotes_and_titles_have_no_sound() -> None:
    """Quotation marks are not passed to an engine; brackets become short pauses."""
    (clause,) = pronounce_text("“两山”论（摘编）很好。", Lexicon())
    assert "两山论，摘编，很好。" == clause.spoken


def test_a_line_without_end_mark_falls() -> None:
    """The voice falls at the end of a line that has no mark, or only a comma."""
    assert ["天晴。", "天晴。", "天晴？"] == [
        "".join(clause.spoken for clause in pronounce_text(text, Lexicon()))
        for text in ("天晴", "天晴，", "天晴？")
    ]


def test_a_headline_pauses_at_its_space() -> None:
    """Two phrases with a space between are two phrases for the ear."""
    assert "稳增长，促发展" == headline_pauses("稳增长 促发展")
    (clause,) = pronounce_text("稳增长 促发展", Lexicon(), kind="headline")
    assert ("稳增长 促发展", "稳增长，促发展。") == (clause.text, clause.spoken)


def test_the_dictionary_tone_is_kept_where_it_changes() -> None:
    """An engine may choose between heard and dictionary tones."""
    (clause,) = pronounce_text("管理", Lexicon())
    assert Word("管理", ("guan2", "li3"), ("guan3", "li3")) == clause.words[0]


def test_a_script_is_filled_line_by_line() -> None:
    """Every line gets its clauses; nothing else changes."""
    line = Line(text="天晴。", kind="body")
    script = Script(
        paper="报", date="2025-01-01", parts=(Part(kind="story", title="天", lines=(line,)),)
    )
    (part,) = pronounce(script, Lexicon()).parts
    assert ("天晴。", "天晴。") == (part.lines[0].text, part.lines[0].spoken)


def test_marks_alone_say_nothing() -> None:
    """A line of dots has no words, and keeps its print."""
    assert [("……", ())] == [(c.text, c.words) for c in pronounce_text("……", Lexicon())]


def test_what_no_dictionary_has_is_a_doubt() -> None:
    """A character that is read 某 is told, at its printed place, once for a headline said twice."""
    text = "他叫\U00031351，9岁。"
    found = pronounce(
        Script(
            paper="",
            date="",
            parts=(
                Part(kind="headlines", title="", lines=(Line(text=text, kind="headline"),)),
                Part(kind="story", title="", lines=(Line(text=text, kind="headline"),)),
            ),
        ),
        Lexicon(),
    )
    assert [("\U00031351", (2, 3))] == [(doubt.what, doubt.where) for doubt in found.doubts]
    assert "某" in found.doubts[0].why
    assert () == pronounce_line(Line(text="他9岁。", kind="body"), Lexicon()).doubts
