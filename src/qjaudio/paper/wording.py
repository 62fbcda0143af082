"""All that stands on a page, ready to be asked often: what is repeated, quoted, counted."""

import re
from functools import cached_property

from qjaudio.paper.characters import HAN

_SIZES = (3, 4)
_QUOTED = re.compile(f"(?<=[“‘\"'「])[{HAN}]{{3,4}}(?=[”’\"'」])")
_QUOTATION = re.compile(r"“([^“”]{2,24})”")
_LONGEST_LOSS = 4


class Wording:
    """The text of one page. Every question takes the same time, however long the page is."""

    def __init__(self, text: str = "") -> None:
        self.text = text
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


def quotations_by_end(text: str) -> dict[str, str]:
    """The first quotation in a text for each of its possible ends, at most four characters less."""
    found: dict[str, str] = {}
    for quotation in _QUOTATION.findall(text):
        for lost in range(min(_LONGEST_LOSS + 1, len(quotation) - 1)):
            found.setdefault(quotation[lost:], quotation)
    return found
