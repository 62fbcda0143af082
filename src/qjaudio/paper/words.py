"""Words of the language, by the dictionary of rjieba (jieba's), and the wording of a page."""

import re
from functools import cache, cached_property, lru_cache

from qjaudio.paper.characters import HAN, close_up, full_width, is_han
from qjaudio.rules import table


@lru_cache(maxsize=4096)
def _cut_words(text: str) -> tuple[str, ...]:
    import rjieba

    return tuple(rjieba.cut(text))


@lru_cache(maxsize=4096)
def _tagged(text: str) -> tuple[tuple[str, str], ...]:
    import rjieba

    return tuple((word, tag) for word, tag in rjieba.tag(text))


@cache
def surnames() -> frozenset[str]:
    """The family names of rules/surnames.tsv, of one character and of two."""
    known: set[str] = set()
    for surname, *reading in table("surnames"):
        known.update([surname] if reading else surname.split() if " " in surname else surname)
    return frozenset(known)


_KEPT = 200
"""Longer texts are not kept in memory: they do not come again."""


def cut(text: str) -> tuple[str, ...]:
    """The words of a text, in order; together they are the text."""
    plain = str(text)
    return _cut_words(plain) if len(plain) <= _KEPT else _cut_words.__wrapped__(plain)


def tagged(text: str) -> tuple[tuple[str, str], ...]:
    """The words of a text with jieba's part of speech: n…, v…, p preposition, c conjunction, …"""
    plain = str(text)
    return _tagged(plain) if len(plain) <= _KEPT else _tagged.__wrapped__(plain)


def is_word(text: str) -> bool:
    """Whether the dictionary has a word."""
    return _is_word(str(text))


@lru_cache(maxsize=65536)
def _is_word(text: str) -> bool:
    import rjieba

    return bool(rjieba.has_word(text))


_REACH = 60
"""How far words are looked for where no mark stands."""
_MARKS = frozenset("，。！？；：、“”‘’（）《》【】…—◆ \n")
"""Marks at which the dictionary parts a text before it looks for words."""


def phrase_around(text: str, at: int) -> tuple[int, int]:
    """Start and end of what stands between two marks around `at`: words do not reach beyond."""
    text, start, end = str(text), at, at + 1
    while start > max(0, at - _REACH) and text[start - 1] not in _MARKS:
        start -= 1
    while end < min(len(text), at + _REACH) and text[end] not in _MARKS:
        end += 1
    return start, end


def word_around(text: str, at: int) -> tuple[int, int]:
    """Start and end of the word that covers position `at`."""
    text = str(text)
    start, end = phrase_around(text, at)
    for word in cut(text[start:end]):
        if start <= at < start + len(word):
            return start, start + len(word)
        start += len(word)
    return at, at + 1


def parted_word(before: str, after: str) -> str:
    """The word that a break between two texts cuts in two, or an empty string.

    Only words of the dictionary count whose halves are not both words that stand well alone.
    """
    left, right = str(before)[-6:], str(after)[:6]
    if not left or not right or not (is_han(left[-1]) and is_han(right[0])):
        return ""
    start, end = word_around(left + right, len(left))
    word = (left + right)[start:end]
    return word if start < len(left) < end and is_word(word) else ""


_SIZES = (3, 4)
_QUOTED = re.compile(f"(?<=[“‘\"'「])[{HAN}]{{3,4}}(?=[”’\"'」])")
_QUOTATION = re.compile(r"“([^“”]{2,24})”")
_LONGEST_LOSS = 4


class Wording:
    """The text of one page. Every question takes the same time, however long the page is."""

    def __init__(self, *lines: str) -> None:
        self._lines = lines
        self._counts: dict[str, int] = {}
        self._lost: dict[tuple[str, str], bool] = {}

    def quotes(self, phrase: str) -> bool:
        """Whether a phrase of three or four Han characters stands in quotation marks."""
        return phrase in self._quoted

    def repeats(self, phrase: str) -> bool:
        """Whether a phrase of three or four characters stands in two places."""
        first, last = self._places.get(phrase, (0, 0))
        return last - first >= len(phrase)

    def count(self, phrase: str) -> int:
        """How often a phrase stands on the page."""
        if phrase not in self._counts:
            self._counts[phrase] = self.text.count(phrase)
        return self._counts[phrase]

    def always_after(self, phrase: str, before: str) -> bool:
        """Whether a phrase that stands on the page twice or more has `before` in front of it, but
        for one place at the most."""
        key = (phrase, before)
        if key not in self._lost:
            self._lost[key] = self._stands_after(phrase, before)
        return self._lost[key]

    def _stands_after(self, phrase: str, before: str) -> bool:
        places = others = 0
        place = self.text.find(phrase, 1)
        while place >= 0 and others < 2:
            places += 1
            others += not self.text.startswith(before, max(0, place - len(before)), place)
            place = self.text.find(phrase, place + len(phrase))
        return places >= 2 and others < 2

    def quotation(self, tail: str) -> str:
        """The first quotation of the page that ends so and has at most four characters more."""
        return self._quotations.get(tail, "")

    @cached_property
    def text(self) -> str:
        """All that is printed, with full-width marks."""
        return "\n".join(str(full_width(close_up(line))) for line in self._lines)

    @cached_property
    def _places(self) -> dict[str, tuple[int, int]]:
        """The first and the last place of each phrase."""
        found: dict[str, tuple[int, int]] = {}
        for size in _SIZES:
            for at in range(len(self.text) - size + 1):
                phrase = self.text[at : at + size]
                known = found.get(phrase)
                found[phrase] = (known[0] if known else at, at)
        return found

    @cached_property
    def _quoted(self) -> frozenset[str]:
        return frozenset(_QUOTED.findall(self.text))

    @cached_property
    def _quotations(self) -> dict[str, str]:
        return quotations_by_end(self.text)


NO_WORDING = Wording()


def quotations_by_end(text: str) -> dict[str, str]:
    """The first quotation in a text for each of its possible ends, at most four characters less."""
    found: dict[str, str] = {}
    for quotation in _QUOTATION.findall(text):
        for lost in range(min(_LONGEST_LOSS + 1, len(quotation) - 1)):
            found.setdefault(quotation[lost:], quotation)
    return found
