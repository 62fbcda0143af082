"""Tone changes, syllable by syllable."""

import pytest

from qjaudio.script.sandhi import Syllable, apply_sandhi


def spoken(words: str) -> list[str]:
    """`管guan3理li3 好hao3`: words are separated by spaces, - is a mark."""
    syllables = []
    for number, word in enumerate(words.split()):
        if word == "-":
            syllables.append(Syllable("，", "", number))
            continue
        for start in range(len(word)):
            if not word[start].isascii():
                end = start + 1
                while end < len(word) and word[end].isascii():
                    end += 1
                syllables.append(Syllable(word[start], word[start + 1 : end], number))
    return [sound for sound in apply_sandhi(syllables) if sound]


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("一yi1 定ding4", "yi2 ding4"),
        ("一yi1 年nian2", "yi4 nian2"),
        ("一yi1 个ge5", "yi2 ge5"),
        ("第di4一yi1 名ming2", "di4 yi1 ming2"),
        ("十shi2一yi1 月yue4", "shi2 yi1 yue4"),
        ("看kan4一yi1看kan4", "kan4 yi5 kan4"),
        ("不bu4 是shi4", "bu2 shi4"),
        ("不bu4 好hao3", "bu4 hao3"),
        ("不bu4 - 是shi4", "bu4 shi4"),
        ("管guan3理li3", "guan2 li3"),
        ("很hen3 好hao3", "hen2 hao3"),
        ("很hen3 - 好hao3", "hen3 hao3"),
        ("我wo3 也ye3 来lai2", "wo3 ye3 lai2"),
        ("展zhan3览lan3馆guan3", "zhan2 lan2 guan3"),
        ("小xiao3老lao3虎hu3", "xiao3 lao2 hu3"),
        ("老lao3老lao3少shao3少shao3", "lao2 lao3 shao2 shao3"),
    ],
)
def test_tones_as_heard(words: str, heard: str) -> None:
    """一, 不 and third tones, inside words and at the end of a clause."""
    assert heard.split() == spoken(words)


def test_a_quotation_mark_parts_a_doubled_verb() -> None:
    """In 港“一港”, where the mark is a word of its own, 一 is not neutral."""
    syllables = [Syllable("港", "gang3", 0), Syllable("一", "yi1", 2), Syllable("港", "gang3", 2)]
    assert ("gang3", "yi4", "gang3") == apply_sandhi(syllables)


def test_fixed_words_keep_their_yi() -> None:
    """A reading from the lexicon is said as it is written there."""
    syllables = [Syllable("一", "yi1", 0, fixed=True), Syllable("重", "zhong4", 0, fixed=True)]
    assert ("yi1", "zhong4") == apply_sandhi(syllables)


@pytest.mark.parametrize(
    ("name", "heard"),
    [("沈shen3 晓xiao3 明ming2", "shen2 xiao3 ming2"), ("马ma3 晓xiao3 伟wei3", "ma3 xiao3 wei3")],
)
def test_only_a_surname_before_one_third_tone_leans_on_it(name: str, heard: str) -> None:
    """Where the given name goes on in the third tone, all are held apart."""
    syllables = [Syllable(part[0], part[1:], 0, holds=True) for part in name.split()]
    assert tuple(heard.split()) == apply_sandhi(syllables)
