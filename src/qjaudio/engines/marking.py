"""Telling a service the reading of the words that it might misread."""

from functools import cache, lru_cache
from xml.sax.saxutils import escape, quoteattr

from qjaudio import rules
from qjaudio.speech.model import Utterance, Word

_AS_HEARD = frozenset("一不")
"""Their tone is given as it changes; other changes of tone are left to the service."""
_LASTING = 4_096


@lru_cache(_LASTING)
def reading_of(word: Word) -> tuple[str, ...]:
    """The syllables of a word that a service might misread, with tone digits; else none.

    These are the words with a character for which we need rules of context, and those which
    pypinyin reads otherwise: a surname, a place, a word of the lexicon. 儿 is never marked: whether
    it is a syllable of its own is the service's to know.
    """
    if len(word.pinyin) != len(word.text) or "儿" in word.text:
        return ()
    citation = word.citation or word.pinyin
    told = tuple(
        heard if char in _AS_HEARD else tone
        for char, heard, tone in zip(word.text, word.pinyin, citation, strict=True)
    )
    if word.homophone or not _ambiguous().isdisjoint(word.text) or told != _usual(word.text):
        return told
    return ()


@cache
def _ambiguous() -> frozenset[str]:
    return frozenset(row[0] for row in rules.table("polyphones"))


def _usual(text: str) -> tuple[str, ...]:
    from pypinyin import Style, lazy_pinyin

    return tuple(lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True))


def with_phonemes(utterance: Utterance, alphabet: str, *, syllable: str, between: str) -> str:
    """The spoken form as the content of an SSML element.

    `syllable` is a format for letters and tone, as in `{0} {1}`, `between` stands between two.
    """
    return "".join(
        f"<phoneme alphabet={quoteattr(alphabet)} ph={quoteattr(ph)}>{escape(word.text)}</phoneme>"
        if (ph := between.join(syllable.format(one[:-1], one[-1]) for one in reading_of(word)))
        else escape(word.text)
        for word in utterance.words
    )
