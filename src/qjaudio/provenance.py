"""Where a piece of text comes from, and where the program is not sure of it."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Self, SupportsIndex, overload


@dataclass(frozen=True, slots=True)
class Box:
    """Where something stands on the page: points from the top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """How wide it is."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """How tall it is."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """The middle of its width."""
        return (self.left + self.right) / 2

    @property
    def centre(self) -> float:
        """The middle of its height."""
        return (self.top + self.bottom) / 2

    @property
    def is_tall(self) -> bool:
        """Whether a line of this box is set from top to bottom."""
        return self.height > 1.5 * self.width

    def shared_width(self, other: "Box") -> float:
        """How much of their widths overlaps; negative: how far they stand apart."""
        return min(self.right, other.right) - max(self.left, other.left)

    def shared_height(self, other: "Box") -> float:
        """How much of their heights overlaps; negative: how far they stand apart."""
        return min(self.bottom, other.bottom) - max(self.top, other.top)

    def holds(self, inner: "Box", slack: float = 1.0) -> bool:
        """Whether a box lies inside this one, but for `slack` points."""
        return (
            self.left - slack <= inner.left
            and inner.right <= self.right + slack
            and self.top - slack <= inner.top
            and inner.bottom <= self.bottom + slack
        )


def box_around(boxes: Iterable[Box]) -> Box:
    """The smallest box around some boxes."""
    found = list(boxes)
    return Box(
        min(box.left for box in found),
        min(box.top for box in found),
        max(box.right for box in found),
        max(box.bottom for box in found),
    )


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


NOWHERE = -2
"""The place of a character that no page has: a full stop put back, a space between two lines.

It is not -1, which would be the place before the first character of the first line."""
_LINE = 1 << 32
"""The place of a character is the number of its line times this, plus its place in the line."""


class PageText(str):
    """A text that knows of each of its characters where it stands on the page.

    It is a string like any other. What is sliced, stripped, joined or replaced by the methods below
    keeps its origin; the other methods of `str` give plain strings.
    """

    __slots__ = ("lines", "places")

    lines: tuple[Span, ...]
    """The lines that places count."""
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

    @property
    def runs(self) -> tuple[tuple[int, Span], ...]:
        """Its spans, each with the place in this text where it begins."""
        starts = [
            at
            for at, place in enumerate(self.places)
            if place != NOWHERE and not (at and self.places[at - 1] == place - 1)
        ]
        found = []
        for at in starts:
            end = at + 1
            while end < len(self) and self.places[end] == self.places[end - 1] + 1:
                end += 1
            number, start = divmod(self.places[at], _LINE)
            line = self.lines[number]
            found.append((at, Span(line.page, line.line, start, start + end - at, line.box)))
        return tuple(found)

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where it stands, in its own order; characters that follow each other are one span."""
        return tuple(span for _, span in self.runs)

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


NO_TEXT = PageText()


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


def place_lines(texts: Iterable[str], lines: tuple[Span, ...]) -> list[PageText]:
    """The texts of lines, without the white space around them; `lines` says where they stand."""
    placed = []
    for number, text in enumerate(texts):
        bare, start = text.strip(), number * _LINE + len(text) - len(text.lstrip())
        placed.append(PageText(bare, array("q", range(start, start + len(bare))), lines))
    return placed


def rewritten(text: str, other: str) -> PageText:
    """The same places with other characters, one for one."""
    if text == other and isinstance(text, PageText):
        return text
    if len(text) != len(other):
        raise ValueError(f"{len(other)} characters for {len(text)} places")
    return PageText(other, PageText(text).places, PageText(text).lines)


def shortened(text: str, short: str) -> PageText:
    """What is left of a text as `short`: some characters fewer, white space as a space.

    Characters that are taken out must not come again among those that stay.
    """
    page_text = PageText(text)
    if text == short:
        return page_text
    places, at, printed = array("q"), -1, str(text)
    for char in short:
        at += 1
        while printed[at] != char and not (char == " " and printed[at].isspace()):
            at += 1
        places.append(page_text.places[at])
    return PageText(short, places, page_text.lines)


def spans_of(text: str) -> tuple[Span, ...]:
    """Where a text stands on the page; nothing for one that is not from a page."""
    return text.spans if isinstance(text, PageText) else ()
