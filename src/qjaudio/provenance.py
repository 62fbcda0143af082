"""Where a piece of text comes from, and where the program is not sure of it."""

import re
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, Self, SupportsIndex, overload


@dataclass(frozen=True, slots=True)
class Box:
    """Where something stands on the page: points from the top left corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of one printed line."""

    page: int
    """The number of the page."""
    line: int
    """Which line of the page, from 0, in the order in which the source gave them."""
    start: int
    """Its first character in the line."""
    end: int
    """The character after its last one."""
    box: Box | None = None
    """The place of the whole line on the page, where the source knows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A place at which the program is not sure, told to whoever answers for the words."""

    kind: Literal["grave", "slight"]
    """Whether it can put a wrong word into the listener's ear, or only an unusual one."""
    where: Span | tuple[int, int]
    """Where it stands: on the page, or from which character to which of the text in hand."""
    what: str
    """The words themselves, as printed."""
    why: str
    """What is not sure, in Chinese, for an editor."""
    alternatives: tuple[str, ...] = ()
    """What else it could be; the first is what the program takes."""


NOWHERE = -1
"""The place of a character that no page has: a full stop put back, a space between two lines."""
_LINE = 1 << 32
"""The place of a character is the number of its line times this, plus its place in the line."""


class PageText(str):
    """A text that knows of each of its characters where it stands on the page.

    It is a string like any other. What is sliced, stripped, joined or replaced by the methods below
    keeps its origin; the other methods of `str` give plain strings.
    """

    __slots__ = ("lines", "places")

    lines: tuple[Span, ...]
    """The lines of all pages, each as the span of the whole line."""
    places: "array[int]"

    def __new__(
        cls, text: str = "", places: "array[int] | None" = None, lines: tuple[Span, ...] = ()
    ) -> Self:
        """Take a text as it is; one that is plain stands on no page."""
        self = super().__new__(cls, text)
        if isinstance(text, PageText) and places is None:
            places, lines = text.places, text.lines
        self.places = array("q", [NOWHERE]) * len(text) if places is None else places
        self.lines = lines
        return self

    @classmethod
    def of_line(cls, text: str, number: int, lines: tuple[Span, ...]) -> Self:
        """The text of line `number` of `lines`."""
        return cls(text, array("q", range(number * _LINE, number * _LINE + len(text))), lines)

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where it stands, in its own order; characters that follow each other are one span."""
        found: list[Span] = []
        runs: list[list[int]] = []
        for place in self.places:
            if place == NOWHERE:
                continue
            if runs and runs[-1][1] == place:
                runs[-1][1] = place + 1
            else:
                runs.append([place, place + 1])
        for first, end in runs:
            number, start = divmod(first, _LINE)
            line = self.lines[number]
            found.append(Span(line.page, line.line, start, start + end - first, line.box))
        return tuple(found)

    @overload
    def __getitem__(self, key: SupportsIndex) -> str: ...
    @overload
    def __getitem__(self, key: slice) -> "PageText": ...
    def __getitem__(self, key: SupportsIndex | slice) -> str:
        """A slice keeps its origin; a single character is a plain string."""
        part = super().__getitem__(key)
        return PageText(part, self.places[key], self.lines) if isinstance(key, slice) else part

    def __add__(self, other: str) -> "PageText":
        """Both texts, one after the other."""
        return join_texts((self, other))

    def __radd__(self, other: str) -> "PageText":
        """A plain text with this one after it."""
        return join_texts((other, self))

    def lstrip(self, chars: str | None = None) -> "PageText":
        """The text without the white space, or these characters, at its start."""
        return self[len(self) - len(super().lstrip(chars)) :]

    def rstrip(self, chars: str | None = None) -> "PageText":
        """The text without the white space, or these characters, at its end."""
        return self[: len(super().rstrip(chars))]

    def strip(self, chars: str | None = None) -> "PageText":
        """The text without the white space, or these characters, at both ends."""
        return self.rstrip(chars).lstrip(chars)

    def words(self) -> "list[PageText]":
        """What stands between white space."""
        return [self[word.start() : word.end()] for word in _WORD.finditer(self)]

    def only(self, wanted: Callable[[str], bool]) -> "PageText":
        """The characters that are wanted, in their order."""
        return join_texts(self[at : at + 1] for at, char in enumerate(self) if wanted(char))

    def rewritten(self, text: str) -> "PageText":
        """The same places with other characters, one for one."""
        if len(text) != len(self):
            raise ValueError(f"{len(text)} characters for {len(self)} places")
        return PageText(text, self.places, self.lines)

    def without(self, pattern: re.Pattern[str]) -> "PageText":
        """The text without all that a pattern matches."""
        return join_texts(self.split_by(pattern))

    def split_by(self, pattern: re.Pattern[str]) -> "list[PageText]":
        """The pieces between the matches of a pattern, empty ones too."""
        pieces, start = [], 0
        for match in pattern.finditer(self):
            pieces.append(self[start : match.start()])
            start = match.end()
        return [*pieces, self[start:]] if start else [self]


_WORD = re.compile(r"\S+")


def join_texts(texts: Iterable[str], separator: str = "") -> PageText:
    """Texts put together, each character with its origin; the separator stands on no page."""
    plain: list[str] = []
    places: array[int] = array("q")
    lines: tuple[Span, ...] = ()
    between = array("q", [NOWHERE]) * len(separator)
    for text in texts:
        if plain:
            places.extend(between)
        if isinstance(text, PageText):
            places.extend(text.places)
            lines = text.lines or lines
        else:
            places.extend(array("q", [NOWHERE]) * len(text))
        plain.append(text)
    return PageText(separator.join(plain), places, lines)


def spans_of(text: str) -> tuple[Span, ...]:
    """Where a text stands on the page; nothing for one that is not from a page."""
    return text.spans if isinstance(text, PageText) else ()
