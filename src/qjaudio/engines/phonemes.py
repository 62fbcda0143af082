"""From words with pinyin to the symbols that Kokoro's Mandarin voices were trained on.

The mapping is that of the model's own Mandarin front end (design.md section 7 lists it): IPA of
each syllable, affricates as one symbol, tones as arrows, a space between words.
"""

from functools import cache

from pinyin_to_ipa import pinyin_to_ipa

from qjaudio.rules import table
from qjaudio.speech.model import Word

_AFFRICATES = (("ʈʂ", "ꭧ"), ("tɕ", "ʨ"), ("ts", "ʦ"))
# The third tone first: its letters contain those of the others.
_TONES = (("˧˩˧", "↓"), ("˧˥", "↗"), ("˥˩", "↘"), ("˥", "→"))
_SYLLABIC = (("ɻ̩", "ɨ"), ("ɹ̩", "ɨ"), ("ʐ̩", "ɨ"), ("z̩", "ɨ"), ("̯", ""))
_MARKS = {
    "，": ",", "、": ",", "。": ".", "！": "!", "？": "?", "：": ":", "；": ";",
    "（": "(", "）": ")", "“": "“", "”": "”", "《": "“", "》": "”", "…": "…", "—": "—",
}  # fmt: skip


@cache
def vocabulary() -> dict[str, int]:
    """The model's symbols and their numbers."""
    return {symbol.replace("\\s", " "): int(number) for symbol, number in table("kokoro")}


@cache
def letter_names() -> dict[str, str]:
    """How each Latin letter is called, in the model's symbols."""
    return {row[0]: row[1] for row in table("letters")}


@cache
def syllable(pinyin: str) -> str:
    """The symbols of one syllable: `zhong1` → `ꭧʊ→ŋ`; `5` is the neutral tone."""
    symbols = "".join(pinyin_to_ipa(pinyin)[0])
    for found, wanted in (*_AFFRICATES, *_TONES, *_SYLLABIC):
        symbols = symbols.replace(found, wanted)
    return symbols


def word_symbols(word: Word) -> str:
    """The symbols of one word; empty for a mark that the voice does not know."""
    if word.pinyin:
        # Dictionary tones: the voices were trained on them and change third tones themselves
        # (docs/explanation/offline-voice.md: changed tones were heard worse with both readers).
        return "".join(syllable(pinyin) for pinyin in word.citation or word.pinyin)
    if word.text in _MARKS:
        return _MARKS[word.text]
    return " ".join(letter_names().get(char, "") for char in word.text.lower()).strip()


def symbols_of(words: tuple[Word, ...]) -> str:
    """The symbols of an utterance: words apart, marks close to the word before them."""
    spoken = ""
    for word in words:
        symbols = word_symbols(word)
        close = symbols in _MARKS.values() and symbols not in "(“"
        spoken += symbols if close or not spoken or not symbols else f" {symbols}"
    return spoken


def tokens_of(words: tuple[Word, ...]) -> list[int]:
    """The numbers of an utterance's symbols; a symbol that the model lacks is an error of ours."""
    numbers = vocabulary()
    return [numbers[symbol] for symbol in symbols_of(words)]
