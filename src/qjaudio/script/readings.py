"""Words and their readings: segmentation by rjieba, dictionaries of pypinyin and CC-CEDICT."""

import importlib.util
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from qjaudio.errors import MissingPartError
from qjaudio.paper.text import is_han
from qjaudio.paper.words import is_word
from qjaudio.rules import table
from qjaudio.script.lexicon import Lexicon, WordFinder, known_syllables

Source = Literal[
    "lexicon",
    "person",
    "our words",
    "neutral tone",
    "dictionary",
    "CC-CEDICT",
    "number",
    "parts",
    "character",
    "unknown",
    "sign",
]

UNKNOWN = "mou3"
"""A character that no dictionary has is read 某, as newsreaders do with a name they cannot read."""

_TONES = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
_YI_BU = {"一": "yi1", "不": "bu4"}
_INTERJECTIONS = {"m": "mu", "n": "en", "ng": "en", "hm": "heng", "hng": "heng", "ê": "ei"}
NUMERALS = frozenset("零〇一二两三四五六七八九十百千万亿幺")
_LONGEST_PHRASE = 8
_WEAK: tuple[Source, ...] = ("unknown", "character")
_FULL_NAME = 3
_SURE_LENGTH = 3
"""An entry of the lexicon of so many characters wins against every segmentation."""


@dataclass(frozen=True, slots=True)
class KnownPart:
    """A stretch of a word that one entry of a dictionary reads, or one character of a word."""

    text: str
    reading: tuple[str, ...]
    source: Source

    @property
    def is_known(self) -> bool:
        """Whether it is a word or a surname, so that no rule for a character may change it."""
        return len(self.text) > 1 or self.source == "person"


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a spoken text with the reading of a dictionary."""

    text: str
    tag: str
    """Its part of speech by jieba: n noun, v verb, uv 地, nr name of a person, x sign …"""
    parts: tuple[KnownPart, ...]
    source: Source
    homophone: str = ""
    """What the lexicon writes for engines that take no readings."""
    alternatives: tuple[str, ...] = ()
    """Other readings that the person of this name may have."""

    @property
    def reading(self) -> tuple[str, ...]:
        """A syllable for each of its Han characters."""
        return tuple(syllable for part in self.parts for syllable in part.reading)


def tokens(text: str, lexicon: Lexicon) -> tuple[Token, ...]:
    """The words of a text; joined they give it back.

    Entries of the lexicon are never cut, the longest first; after them our own words of three
    characters and more. An entry of one or two characters must not cut a word in two: with 乐清
    in the lexicon 快乐清单 is still 快乐 and 清单.
    """
    found: list[Token] = []
    start = at = 0
    spans = cache(lambda: _word_spans(text))
    while at < len(text):
        token = _listed_token(text, at, lexicon, spans)
        if token is None:
            at += 1
            continue
        found.extend(_tag_words(text[start:at]))
        found.append(token)
        start = at = at + len(token.text)
    found.extend(_tag_words(text[start:]))
    return _numbers_joined(found)


def _listed_token(
    text: str, at: int, lexicon: Lexicon, spans: Callable[[], Sequence[tuple[int, int]]]
) -> Token | None:
    """The entry of the lexicon, name or long word of ours that begins at a place of a text."""
    entry = lexicon.longest(text, at)
    if entry and len(entry.text) < _SURE_LENGTH:
        end = at + len(entry.text)
        # 等 after a name ends a list, though 平等 is a word
        is_name = entry.tag == "nr"
        edges = [] if is_name and text[:at].endswith("长") else [at]  # 台长|葛敏
        edges += [] if is_name and text.startswith("等", end) else [end]
        if _cuts_a_word(text, spans(), edges):
            entry = None
    if entry:
        source: Source = "person" if entry.tag == "nr" else "lexicon"
        part = KnownPart(entry.text, entry.reading, source)
        return Token(entry.text, entry.tag, (part,), source, entry.homophone, entry.alternatives)
    word = _sure_words().longest(text, at)
    return Token(word, "", known_parts(word), "our words") if word else None


def _numbers_joined(cut: Sequence[Token]) -> tuple[Token, ...]:
    """The words with the pieces of one number put together: 二零二|四年, 五百|八十四|点|三八."""
    found: list[Token] = []
    for token in cut:
        last = found[-1] if found else None
        if last is not None and _begins_number(last) and _continues_number(token.text):
            found[-1] = Token(last.text + token.text, "m", last.parts + token.parts, "number")
        else:
            found.append(token)
    return tuple(found)


def _begins_number(token: Token) -> bool:
    """Whether a token is the beginning of a number; only its end is looked at where it is long."""
    if token.source == "number":
        return token.text[-1] in NUMERALS or token.text[-1] == "点"
    if token.source in ("lexicon", "person") or token.text[-1] not in NUMERALS:
        return False
    return all(char in NUMERALS or char in "分之点" for char in token.text)


def _continues_number(text: str) -> bool:
    return text[0] in NUMERALS or text == "点"


def _word_spans(text: str) -> list[tuple[int, int]]:
    """For each character of a text where its word begins and ends."""
    import rjieba

    spans: list[tuple[int, int]] = []
    for word in rjieba.cut(text):
        start = len(spans)
        spans += [(start, start + len(word))] * len(word)
    return spans


_PLACES = ("县", "市", "区", "州", "镇", "乡", "村", "街道", "山", "湖")


def _cuts_a_word(text: str, words: Sequence[tuple[int, int]], edges: Iterable[int]) -> bool:
    """Whether one of these edges stands inside a word of the dictionary.

    筠连 does not cut 筠连县: what follows only says what kind of place it is.
    """
    for edge in edges:
        begins, ends = words[edge] if edge < len(words) else (edge, edge)
        if begins < edge < ends and is_word(text[begins:ends]) and text[edge:ends] not in _PLACES:
            return True
    return False


def _tag_words(text: str) -> Iterator[Token]:
    if not text:
        return
    import rjieba

    for word, tag in rjieba.tag(text):
        parts = _with_surname(word, tag)
        yield Token(word, tag, parts, _weakest(parts))


def _with_surname(word: str, tag: str) -> tuple[KnownPart, ...]:
    """The parts of a word; a name that jieba takes for a person's begins as its bearers say it."""
    first, *rest = known_parts(word)
    surname = _surnames(tag).get(first.text, "")
    is_long = len(word) == _FULL_NAME or tag == "nrfg"
    if surname and is_long and rest and not rest[0].is_known and not _is_no_name(word):
        return (KnownPart(first.text, (surname,), "person"), *rest)
    return (first, *rest)


def _is_no_name(word: str) -> bool:
    """Whether a word that jieba takes for a name begins with another or ends as a place does."""
    begins = len(word) > 2 and (is_word(word[:2]) or word[1] in NUMERALS)
    return begins or word[-1] in "村庄率号"


@cache
def _surnames(tag: str) -> dict[str, str]:
    """Surnames that are read their own way; common words only where names begin with them."""
    rows = [row for row in table("surnames") if len(row) > 1] if tag in ("nr", "nrfg") else []
    return {row[0]: row[1] for row in rows if len(row) < 4 or tag == "nrfg" or "名" in row[-1]}


@lru_cache(maxsize=20_000)
def known_parts(word: str) -> tuple[KnownPart, ...]:
    """The parts by which a word is read: one where a dictionary has it, else the longest known.

    The words that rjieba finds inside are taken, unless our dictionaries have longer ones.
    """
    if not any(is_han(char) for char in word):
        return (KnownPart(word, (), "sign"),)
    known = _phrase_reading(word)
    if known is not None:
        return (KnownPart(word, *known),)
    return _fewest_parts(word)


def _fewest_parts(word: str) -> tuple[KnownPart, ...]:
    """The word in as few words as can be; of two ways the one with the longer first words.

    Words of two characters that only rjieba knows (行政, 权益) count as words too: they keep the
    others apart, though they are read character by character.
    """
    best: list[tuple[int, tuple[KnownPart, ...]]] = [(0, ())]
    for start in range(len(word) - 1, -1, -1):
        rest = len(word) - start
        ways = []
        for length in range(min(rest, _LONGEST_PHRASE), 0, -1):
            parts = _entry(word[start : start + length])
            if parts:
                count, after = best[rest - length]
                ways.append((count + 1, parts + after))
        best.append(min(ways, key=lambda way: way[0]))
    return best[-1][1]


def word_reading(word: str) -> tuple[str, ...]:
    """A syllable for each Han character of a word, as the dictionaries read it."""
    return tuple(syllable for part in known_parts(word) for syllable in part.reading)


def _entry(word: str) -> tuple[KnownPart, ...]:
    """The parts of one word or character; none where no dictionary has it."""
    if len(word) == 1:
        return (_character_part(word),)
    known = _phrase_reading(word)
    if known is not None:
        return (KnownPart(word, *known),)
    return tuple(map(_character_part, word)) if len(word) == 2 and is_word(word) else ()


def _character_part(char: str) -> KnownPart:
    if not is_han(char):
        return KnownPart(char, (), "sign")
    syllable = character(char)
    return KnownPart(char, (syllable or UNKNOWN,), "character" if syllable else "unknown")


def _weakest(parts: Sequence[KnownPart]) -> Source:
    """The source of a word: of its only part, or how the least known of its parts was read."""
    sources = {part.source for part in parts}
    if len(parts) == 1:
        return parts[0].source
    return next((weak for weak in _WEAK if weak in sources), "parts")


def _phrase_reading(word: str) -> tuple[tuple[str, ...], Source] | None:
    if word in our_words():
        return tuple(our_words()[word].split()), "our words"
    found = _dictionary_reading(word)
    if word not in neutral():
        return found
    reading = found[0] if found else tuple(character(char) or UNKNOWN for char in word)
    return (*reading[:-1], f"{reading[-1][:-1]}5"), "neutral tone"


def _dictionary_reading(word: str) -> tuple[tuple[str, ...], Source] | None:
    """The reading in CC-CEDICT or in pypinyin."""
    if word in cedict():
        return tuple(cedict()[word].split()), "CC-CEDICT"
    marked = _pypinyin_table("phrases_dict").get(word)
    if marked is None or len(marked) != len(word):
        return None
    # pypinyin writes some 一 and 不 as they are heard; here they have the tone of the dictionary.
    reading = tuple(
        _YI_BU.get(char) or digit(choices[0]) for char, choices in zip(word, marked, strict=True)
    )
    return reading, "dictionary"


@lru_cache(maxsize=8_000)
def character(char: str) -> str:
    """The commonest reading of one Han character; empty where no dictionary has it.

    That is the last rule of `rules/polyphones.tsv` for it, the one without a context, or the first
    reading of pypinyin, which is not always the commonest: 佛 fú.
    """
    if char in _usual():
        return _usual()[char]
    readings = _pypinyin_table("pinyin_dict")
    marked = readings.get(ord(char)) or readings.get(ord(unicodedata.normalize("NFKC", char)))
    return digit(marked.split(",")[0]) if marked else ""


def readings_of(char: str) -> tuple[str, ...]:
    """All readings of one Han character, the commonest first; empty where no dictionary has it."""
    marked = _pypinyin_table("pinyin_dict").get(ord(char), "")
    found = (character(char), *map(digit, marked.split(",")))
    return tuple(dict.fromkeys(one for one in found if one and one != UNKNOWN))


@cache
def _pypinyin_table(name: str) -> Mapping[Any, Any]:
    """One of pypinyin's dictionaries, without the rest of the package.

    The package trains a segmenter of its own when it is imported: 0.1 s at each start.
    """
    full_name = f"pypinyin.{name}"
    if full_name not in sys.modules:
        package = importlib.util.find_spec("pypinyin")
        if package is None or package.origin is None:
            raise MissingPartError("pypinyin is missing", hint="install qjaudio again")
        module = ModuleType(full_name)
        module.__file__ = str(Path(package.origin).with_name(f"{name}.py"))
        SourceFileLoader(full_name, module.__file__).exec_module(module)
        sys.modules[full_name] = module  # the package, if it is imported later, takes this one
    table: Mapping[Any, Any] = getattr(sys.modules[full_name], name)
    return table


@cache
def _usual() -> dict[str, str]:
    """What the rules read a character where no context says otherwise."""
    return {row[0]: row[1] for row in table("polyphones") if not any(row[2:5])}


@cache
def our_words() -> dict[str, str]:
    """Words that the dictionaries read wrongly, and words that they do not have."""
    return {row[0]: row[1] for row in table("words")}


@cache
def _sure_words() -> WordFinder:
    """Our words that are long enough to be found whatever words stand around them."""
    return WordFinder(word for word in our_words() if len(word) >= _SURE_LENGTH)


@cache
def neutral() -> frozenset[str]:
    """Words whose last syllable is neutral."""
    return frozenset(word for row in table("neutral") for word in row[0].split())


@cache
def cedict() -> dict[str, str]:
    """The phrases of CC-CEDICT that pypinyin reads otherwise."""
    return {row[0]: row[1] for row in table("cedict")}


@lru_cache(maxsize=2_000)
def digit(marked: str) -> str:
    """A syllable with a tone mark as one with a tone digit: lǜ → lv4, de → de5."""
    tone, letters = "5", ""
    for char in unicodedata.normalize("NFD", marked):
        if char in _TONES:
            tone = _TONES[char]
        elif char == "\u0308":
            letters = letters[:-1] + "v"
        else:
            letters += char
    plain = unicodedata.normalize("NFC", letters)
    plain = _INTERJECTIONS.get(plain, plain)
    return plain + tone if plain in known_syllables() else UNKNOWN
