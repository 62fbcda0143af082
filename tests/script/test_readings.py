"""Segmentation and dictionaries."""

import pytest

from qjaudio.rules import table
from qjaudio.script.lexicon import Lexicon, parse_reading
from qjaudio.script.polyphones import polyphone_rules
from qjaudio.script.readings import dictionary, digit, tokens


@pytest.mark.parametrize(
    ("marked", "plain"), [("lǜ", "lv4"), ("de", "de5"), ("nǚ", "nv3"), ("ń", "en2")]
)
def test_tone_marks_become_digits(marked: str, plain: str) -> None:
    """ü is v, no mark is the neutral tone."""
    assert plain == digit(marked)


def test_tokens_give_the_text_back() -> None:
    """Segmentation loses nothing; numbers are not cut."""
    cut = tokens("二零二四年完成五百八十四点三八万元", Lexicon())
    assert "二零二四年完成五百八十四点三八万元" == "".join(token.text for token in cut)
    assert "五百八十四点三八万元" in [token.text for token in cut]


def test_a_character_in_no_dictionary_is_read_mou() -> None:
    """Newsreaders say 某 for a character that they cannot read; it is never skipped."""
    assert (("mou3",), "unknown") == dictionary("\U000323af")
    assert (("mou3",), "character") == dictionary("某")


def test_a_long_word_is_read_by_its_longest_parts() -> None:
    """Words in no dictionary are read by the phrases inside."""
    assert ("zhong4", "qing4") != dictionary("重庆市民卡")[0][:2]
    assert ("chong2", "qing4", "shi4") == dictionary("重庆市民卡")[0][:3]


@pytest.mark.parametrize("name", ["words", "cedict"])
def test_every_listed_reading_exists(name: str) -> None:
    """Each phrase has as many syllables as characters, all of them Mandarin."""
    for row in table(name):
        assert tuple(row[1].split()) == parse_reading(row[0], row[1]), row


def test_every_rule_reads_an_existing_syllable() -> None:
    """Rules for polyphones name real syllables and give a reason."""
    for char, listed in polyphone_rules().items():
        for choice in listed:
            assert (choice.reading,) == parse_reading(char, choice.reading)
            assert choice.reason
            assert choice.scope in ("字", "词")
