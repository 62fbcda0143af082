"""The lexicon: how names and words are read, as a table that the producer keeps."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from types import MappingProxyType

from qjaudio.errors import UsageError
from qjaudio.paper.text import han_count
from qjaudio.rules import shipped_text, table

SHIPPED = "lexicon.tsv"
"""The name of the lexicon in `voices/`, and of a user's own beside `qjaudio.toml`."""

MAX_CHARS = 2_000_000
"""Of a lexicon: some 60,000 words, more than any show keeps."""
MAX_WORD = 60
MAX_SYLLABLE = 8
"""Letters of a syllable (zhuang), its tone and a space."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SYLLABLE = re.compile(r"([a-z]+)([1-5])")


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """One word and its reading."""

    text: str
    reading: tuple[str, ...]
    """A syllable with tone digit for each Han character, before tone changes (5 = neutral)."""
    homophone: str = ""
    """What to write instead for an engine that takes no readings; empty = `text` itself."""
    note: str = ""
    tag: str = "nz"
    """Its part of speech by jieba; nr is the name of a person."""
    alternatives: tuple[str, ...] = ()
    """Other readings that a person of this name may have."""


class WordFinder:
    """Finds the longest of many words at a place, whether there are ten or sixty thousand."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        lengths: dict[str, set[int]] = {}
        for word in self._words:
            lengths.setdefault(word[0], set()).add(len(word))
        self._lengths = {char: sorted(found, reverse=True) for char, found in lengths.items()}

    def longest(self, text: str, at: int) -> str:
        """The longest word that begins at a place of a text; empty where none does."""
        for length in self._lengths.get(text[at], ()):
            if text[at : at + length] in self._words:
                return text[at : at + length]
        return ""


@dataclass(frozen=True)
class Lexicon:
    """Words with readings that come before every dictionary and rule."""

    entries: Mapping[str, LexiconEntry] = field(default_factory=lambda: MappingProxyType({}))
    names: Mapping[str, LexiconEntry] = field(default_factory=lambda: MappingProxyType({}))
    """The persons of one issue; where an entry is the same word, the entry is right."""
    finder: WordFinder | None = field(default=None, compare=False, repr=False)
    """The finder of the same entries, where it was made before."""

    def merged(self, other: "Lexicon") -> "Lexicon":
        """Both lexicons in one; where they disagree, `other` is right."""
        return Lexicon(MappingProxyType({**self.entries, **other.entries}))

    @cached_property
    def _entry_finder(self) -> WordFinder:
        return self.finder or WordFinder(self.entries)

    @cached_property
    def _name_finder(self) -> WordFinder:
        return WordFinder(self.names)

    def with_names(self, names: Mapping[str, LexiconEntry]) -> "Lexicon":
        """The same lexicon for an issue that names these persons."""
        return replace(self, names=names, finder=self._entry_finder) if names else self

    def longest(self, text: str, at: int) -> LexiconEntry | None:
        """The longest entry or name that stands at a place of a text."""
        entry, name = (f.longest(text, at) for f in (self._entry_finder, self._name_finder))
        if entry and len(entry) >= len(name):
            return self.entries[entry]
        return self.names[name] if name else None


def parse_lexicon(text: str, origin: str) -> Lexicon:
    """Read a lexicon: `text<TAB>reading[<TAB>homophone[<TAB>note]]`, # begins a comment.

    Args:
        text: The content of the file.
        origin: Its name, for messages.

    Raises:
        UsageError: a line has no reading, a syllable does not exist in Mandarin, the reading has
            more or fewer syllables than the word has Han characters, or two lines disagree.
    """
    if len(text) > MAX_CHARS:
        raise UsageError(
            f"{origin} has more than {MAX_CHARS:,} characters", hint="keep names and words only"
        )
    entries: dict[str, LexiconEntry] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        where = f"{origin}, line {number}"
        entry = _parse_row(line, where)
        known = entries.setdefault(entry.text, entry)
        if known.reading != entry.reading:
            raise UsageError(
                f"{where}: {entry.text} has two readings, {' '.join(known.reading)} and "
                f"{' '.join(entry.reading)}",
                hint="keep one of the two lines",
            )
    return Lexicon(MappingProxyType(entries))


def _parse_row(line: str, where: str) -> LexiconEntry:
    cells = [cell.strip() for cell in line.split("\t")] + ["", "", ""]
    text, reading, homophone, note = cells[:4]
    if not text or len(text) > MAX_WORD:
        raise UsageError(
            f"{where}: {'a word is missing' if not text else 'the word is too long'}",
            hint=f"write a word of at most {MAX_WORD} characters, a tab, and its pinyin",
        )
    if _CONTROL.search(text + homophone):
        raise UsageError(
            f"{where}: a control character stands in it", hint="type the line again by hand"
        )
    if len(reading) > MAX_WORD * MAX_SYLLABLE:
        raise UsageError(
            f"{where}: the reading is too long",
            hint="write one syllable for each Han character, with spaces between",
        )
    if not reading:
        raise UsageError(
            f"{where}: no reading for {text}",
            hint="write the word, a tab, and pinyin with tone digits: 廿里<TAB>nian4 li3",
        )
    return LexiconEntry(text, parse_reading(text, reading, where), homophone, note)


def parse_reading(text: str, reading: str, where: str = "reading") -> tuple[str, ...]:
    """The syllables of a reading, checked against the word: `lü4` and `lv4` are the same.

    Raises:
        UsageError: a syllable does not exist, or their number is not that of the Han characters.
    """
    syllables = tuple(part.replace("u:", "v").replace("ü", "v") for part in reading.lower().split())
    for syllable in syllables:
        parts = _SYLLABLE.fullmatch(syllable)
        if parts is None or parts[1] not in known_syllables():
            raise UsageError(
                f"{where}: {syllable} is not a syllable of Mandarin",
                hint="write pinyin with a tone digit from 1 to 5, 5 for the neutral tone: nian4",
            )
    if len(syllables) != han_count(text):
        raise UsageError(
            f"{where}: {text} has {han_count(text)} Han characters, {reading} "
            f"has {len(syllables)} syllables",
            hint="write one syllable for each Han character, with spaces between",
        )
    return syllables


@cache
def known_syllables() -> frozenset[str]:
    """The syllables of Mandarin without tones."""
    return frozenset(row[0] for row in table("syllables"))


@cache
def default_lexicon() -> Lexicon:
    """The lexicon that ships with qjaudio: `rules/places.tsv`, `voices/lexicon.tsv` before it."""
    return gazetteer().merged(parse_lexicon(shipped_text(SHIPPED), SHIPPED))


@cache
def gazetteer() -> Lexicon:
    """The places of `rules/places.tsv`; a third column says if they were looked up."""
    rows = (LexiconEntry(row[0], tuple(row[1].split()), tag="ns") for row in table("places"))
    return Lexicon(MappingProxyType({entry.text: entry for entry in rows}))
