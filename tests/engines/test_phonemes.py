"""Pinyin becomes the symbols of the offline voice."""

import pytest
from pypinyin.contrib.tone_convert import to_normal
from pypinyin.pinyin_dict import pinyin_dict

from qjaudio.engines.kokoro import (
    letter_names,
    syllable,
    symbols_of,
    tokens_of,
    vocabulary,
)
from qjaudio.speech.model import Word


def every_syllable() -> set[str]:
    """Every toneless syllable of the common characters."""
    common = (code for code in range(0x4E00, 0x9FA6) if code in pinyin_dict)
    readings = (pinyin_dict[code].split(",")[0] for code in common)
    return {to_normal(reading, v_to_u=False).replace("ü", "v") for reading in readings}


def test_every_syllable_is_in_the_vocabulary() -> None:
    """No reading of a common character has a symbol that the model lacks, in any tone."""
    known = set(vocabulary())
    for plain in sorted(every_syllable()):
        for tone in "12345":
            assert set(syllable(f"{plain}{tone}")) <= known, f"{plain}{tone}"


def test_the_vocabulary_has_its_114_symbols() -> None:
    """The numbers are the model's own and none stands twice."""
    assert 114 == len(vocabulary()) == len(set(vocabulary().values()))
    assert (16, 171, 172, 169, 173) == tuple(vocabulary()[symbol] for symbol in " →↗↓↘")


@pytest.mark.parametrize(
    ("pinyin", "symbols"),
    [
        ("zhong1", "ꭧʊ→ŋ"),
        ("qu2", "ʨʰy↗"),
        ("shi4", "ʂɨ↘"),
        ("zi5", "ʦɨ"),
        ("yuan2", "ɥɛ↗n"),
        ("ma3", "ma↓"),
    ],
)
def test_known_syllables(pinyin: str, symbols: str) -> None:
    """Affricates are one symbol, tones are arrows, a neutral tone has none."""
    assert symbols == syllable(pinyin)


def test_words_stand_apart_and_marks_close() -> None:
    """A space between words, none before a mark; quotes and unknown marks vanish."""
    words = (
        Word("衢江", ("qu2", "jiang1")),
        Word("，"),
        Word("好", ("hao3",)),
        Word("。"),
        Word("※"),
    )
    assert "ʨʰy↗ʨja→ŋ, xau↓." == symbols_of(words)


def test_latin_letters_are_called_by_name() -> None:
    """GDP is three letter names, all of them in the vocabulary."""
    assert " ".join(letter_names()[letter] for letter in "gdp") == symbols_of((Word("GDP"),))
    assert 26 == len(letter_names())
    assert all(tokens_of((Word(letter),)) for letter in letter_names())
