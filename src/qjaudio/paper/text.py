"""Text: its characters and marks, and where each of them stands on the page."""

import re
import unicodedata
from array import array
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, Literal, Self, SupportsIndex, overload


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

    def scaled(self, by: float) -> "Box":
        """The same place in another unit."""
        return Box(self.left * by, self.top * by, self.right * by, self.bottom * by)

    def shared_width(self, other: "Box") -> float:
        """How much of their widths overlaps; negative: how far they stand apart."""
        return min(self.right, other.right) - max(self.left, other.left)

    def shared_height(self, other: "Box") -> float:
        """How much of their heights overlaps; negative: how far they stand apart."""
        return min(self.bottom, other.bottom) - max(self.top, other.top)

    def meets(self, other: "Box") -> bool:
        """Whether two boxes overlap."""
        return self.shared_width(other) > 0 and self.shared_height(other) > 0

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


def merged(boxes: Iterable[Box]) -> list[Box]:
    """The boxes, those that overlap or touch taken together."""
    found: list[Box] = []
    for box in sorted(boxes, key=lambda box: -box.width * box.height):
        near = [x for x in found if min(box.shared_width(x), box.shared_height(x)) > -2]
        found = [other for other in found if other not in near] + [box_around([box, *near])]
    return found


def frames_of(rules: Iterable[Box], least: float) -> tuple[list[Box], list[Box]]:
    """Frames, smallest first, and plain rules; a frame is wider and higher than `least`."""
    found = [box for box in rules if min(box.width, box.height) > least]
    found.sort(key=lambda box: box.width * box.height)
    return found, [box for box in rules if box not in found]


def with_joined_rules(rules: Iterable[Box], reach: float) -> list[Box]:
    """Rules, and as one those on one line that another rule or a short gap interrupts."""
    found = [*rules]
    for tall in (False, True):
        chains: list[list[Box]] = []
        own = [rule for rule in found if rule.is_tall == tall]
        for rule in sorted(own, key=lambda box: box.top if tall else box.left):
            for chain in chains:
                away = (rule.left, chain[-1].left) if tall else (rule.top, chain[-1].top)
                gap = rule.top - chain[-1].bottom if tall else rule.left - chain[-1].right
                if abs(away[0] - away[1]) < 1.5 and 0 < gap < reach:
                    chain.append(rule)
                    break
            else:
                chains.append([rule])
        found += [box_around(chain) for chain in chains if len(chain) > 1]
    return found


def gaps_between(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """The gaps between intervals, from low to high."""
    found: list[tuple[float, float]] = []
    reach: float | None = None
    for low, high in sorted(spans):
        if reach is not None and low > reach:
            found.append((reach, low))
        reach = high if reach is None else max(reach, high)
    return found


def parts_level(rule: Box, one: Box, other: Box) -> bool:
    """Whether an upright rule stands between two boxes side by side."""
    left, right = sorted((one.middle, other.middle))
    level = min(rule.shared_height(one), rule.shared_height(other)) > 0
    return rule.is_tall and level and left < rule.middle < right


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

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        """Nobody can change it, so that it is its own copy."""
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


def spans_json(text: str) -> list[dict[str, Any]]:
    """The spans of a text as rows of JSON, each with the place in the text where it begins."""
    runs = text.runs if text and isinstance(text, PageText) else ()
    return [{"at": at, **asdict(span)} for at, span in runs]


def spans_of(*texts: str) -> tuple[Span, ...]:
    """Where texts stand on the page; nothing for one that is not from a page."""
    return tuple(span for text in texts if isinstance(text, PageText) for span in text.spans)


def has_box(text: str) -> bool:
    """Whether it is known where on the page a text stands."""
    return any(span.box for span in spans_of(text))


def line_breaks(text: str) -> list[int]:
    """Where in a text one line of the page ends and another one follows."""
    runs = text.runs if isinstance(text, PageText) else ()
    return [at for (_, before), (at, span) in pairwise(runs) if before.line != span.line]


@dataclass(frozen=True, slots=True)
class TextLook:
    """What is asked of a text by several checks, looked up once."""

    text: str
    compact: str
    han_count: int
    ends: bool
    """Whether it ends as a sentence does."""
    breaks: tuple[int, ...]
    """Where one line of the page ends and another one follows."""
    has_box: bool
    """Whether it is known where on the page it stands."""
    pairs: frozenset[str]
    """Its pairs of neighbouring letters."""


def look_at(text: str) -> TextLook:
    """Look at a text once, for all who ask."""
    ends = is_ended(text)
    breaks, pairs = tuple(line_breaks(text)), frozenset(bigrams(text))
    return TextLook(text, compact(text), han_count(text), ends, breaks, has_box(text), pairs)


RADICALS: dict[int, str | int | None] = {
    **{
        code: unicodedata.normalize("NFKC", chr(code))
        for code in (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFADA))
    },
    **str.maketrans(
        "⺝⺟⺠⺩⺬⺮⺳⺶⺷⺹⺼⺽⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻞⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳",
        "月母民王示竹网羊羊老肉臼虎西见角贝车长门青韦页风飞食食马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
    ),
}
"""Radicals and characters of other standards that fonts give for those that look like them."""
HAN = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
"""The Han characters, as a range inside a regular expression: with 〇 and the extensions."""
SENTENCE_ENDS = "。！？…!?"
CLOSERS = "”’）》」』】〉\"')"
INNER_DE = "的(?![士哥姐确话])"  # a 的 that begins no word stands inside a sentence

_HAN = re.compile(f"[{HAN}]")
_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_NUMERALS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0}

DIGIT_WIDTH = 0.5
MARK_WIDTH = 0.7
"""The width of a mark where nothing else is known: papers squeeze them, or set them in full."""

TAIL = 200
"""How many characters before its end are looked at to tell how a text ends."""


def is_han(char: str) -> bool:
    """Whether `char` is one Han character."""
    return _HAN.fullmatch(char) is not None


def han(text: str) -> str:
    """The Han characters of a text, in order."""
    return "".join(_HAN.findall(text))


def han_count(text: str) -> int:
    """How many Han characters a text has."""
    return len(_HAN.findall(text))


def letters(text: str) -> str:
    """Letters, digits and Han of a text in lower case: what counts when marks do not."""
    return "".join(char for char in text.translate(_DIGITS).lower() if char.isalnum())


def compact(text: str) -> str:
    """The text without any white space."""
    return "".join(text.split())


def print_width(text: str, mark: float = MARK_WIDTH) -> float:
    """How wide a line is, in Han characters; `mark` is the width of a punctuation mark."""
    letters, marks = width_parts(text)
    return letters + mark * marks


def width_parts(text: str) -> tuple[float, int]:
    """The width of the letters and digits of a line, in Han characters, and its number of marks."""
    width, marks = 0.0, 0
    for char in text:
        if char.isalnum():
            width += DIGIT_WIDTH if char.isascii() else 1.0
        elif not char.isspace():
            marks += 1
    return width, marks


def ends_sentence(text: str) -> bool:
    """Whether a text stops where a sentence may stop; a colon or semicolon closes a listed item, a
    square the story."""
    bare = text[-TAIL:].rstrip().rstrip(CLOSERS + " □■◆●")
    return bool(bare) and bare[-1] in SENTENCE_ENDS + "：:；;"


def bigrams(text: str) -> set[str]:
    """The pairs of neighbouring letters, for comparing wordings."""
    plain = letters(text)
    return {plain[at : at + 2] for at in range(len(plain) - 1)}


def overlap(phrase: str, text: str) -> float:
    """How much of a phrase's wording stands in a text, 0 to 1."""
    return shared_with(phrase, bigrams(text))


def shared_with(phrase: str, pairs: set[str]) -> float:
    """How much of a phrase's wording is among these pairs of letters, 0 to 1."""
    mine = bigrams(phrase)
    return len(mine & pairs) / len(mine) if mine else 0.0


def number(text: str) -> int | None:
    """A number in digits, or in Chinese numerals up to ninety-nine; None where it is none."""
    plain = text.translate(_DIGITS).strip()
    if plain.isascii() and plain.isdigit():
        return int(plain)
    if not plain or any(char not in "十廿卅" and char not in _NUMERALS for char in plain):
        return None
    plain = plain.replace("廿", "二十").replace("卅", "三十")
    if "十" in plain:
        tens, _, ones = plain.partition("十")
        if len(tens) > 1 or len(ones) > 1:
            return None
        return 10 * (_NUMERALS[tens] if tens else 1) + (_NUMERALS[ones] if ones else 0)
    return int("".join(str(_NUMERALS[char]) for char in plain))


_WIDE = f"{HAN}“”‘’（）《》「」『』【】〔〕、。，；：？！…—·○□■◆●★％℃"
_SPACE = re.compile(r"\s+")
_SPACE_BY_WIDE = re.compile(rf"(?<=[{_WIDE}])\s+|\s+(?=[{_WIDE}])")
_SPACE_BY_MARK = re.compile(r"\s+(?=[,;:?!)\]}'\"+%])|(?<=[(\[{'\"+])\s+")
_SPACE_IN_FIGURE = re.compile(r"(?<=\d)\s+(?=[.,:]?\d)|(?<=\d[.,:])\s+(?=\d)")
_FULL = str.maketrans(",;:?!", "，；：？！")
_PAIR = re.compile(r"\(([^()]*)\)")
_FOLDED = re.compile(r"[,;:?!.()]")
_THOUSAND = re.compile(r"\d{3}(?!\d)")
_LIST = re.compile(
    rf"(?!.*(?:(?<!\S)[{HAN}]\s){{3}})(?:[{HAN}·]{{1,6}}(?:[（(][^（）()\s]{{1,8}}[）)])?(?:\s+|$)){{6,}}"
    "|[^，。：；！？]{1,12}：[^，。：；！？]+、[^，。：；！？]+"
)
_SINGLE = re.compile(rf"(?<![{HAN}·])([{HAN}]) ([{HAN}·]+)")
_NEAR = 20
"""A mark belongs to nothing that is further away, whatever spaces stand between."""


def close_up(text: str) -> PageText:
    """Take out the spaces that no printer set; those between Latin words stay.

    A line may end inside a number, so its digits close up too.
    """
    if "：" not in text and _LIST.fullmatch(text.strip()):
        return shortened(text, _SINGLE.sub(r"\1\2", " ".join(text.split())))
    line = _SPACE_BY_WIDE.sub("", _SPACE.sub(" ", text.strip()))
    if _HAN.search(line):
        line = _SPACE_IN_FIGURE.sub("", _SPACE_BY_MARK.sub("", line))
    return shortened(text, line)


def is_ended(text: str) -> bool:
    """Whether a paragraph stops here: as a sentence does, or as a list, which has no full stop
    (names with blanks between, `甲组：…、…`)."""
    return ends_sentence(text) or _LIST.fullmatch(text.strip()) is not None


def close_up_heading(text: str) -> PageText:
    """The same for a heading, in which a space between two longer phrases is meant."""
    words = text.split()
    spaced_out = all(len(word) == 1 for word in words)
    line = "".join(words[:1])
    for before, word in pairwise(words):
        parted = _phrase(before) and _phrase(word)
        latin = before[-1].isascii() and word[0].isascii() and before[-1].isalpha()
        apart = (parted or latin) and not spaced_out
        line += f" {word}" if apart else word
    return shortened(text, line)


def _phrase(word: str) -> bool:
    return len(_HAN.findall(word)) >= 3


def full_width(text: str) -> PageText:
    """Half-width marks between Chinese become full-width; numbers, times and Latin keep theirs."""
    if not _HAN.search(text):
        return PageText(text)
    line = _FOLDED.sub(_folded, _PAIR.sub(_brackets, text))
    return rewritten(text, pair_quotes(line))


def _brackets(match: re.Match[str]) -> str:
    text, inner = match.string, match[1]
    beside = text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]
    wide = _HAN.search(inner) or _HAN.search(beside) or not inner.isascii()
    return f"（{inner}）" if wide else match[0]


def _folded(match: re.Match[str]) -> str:
    """A mark as its neighbours ask for it, whatever space stands between."""
    mark, text = match[0], match.string
    before, after = _near_char(text, match.start(), -1), _near_char(text, match.start(), 1)
    if mark in "()":
        wide = _HAN.match(before or " ") or _HAN.match(after or " ")
        return {"(": "（", ")": "）"}[mark] if wide else mark
    if mark == ".":
        ends = _HAN.match(before or " ") and not (after.isascii() and after.isalpha())
        return "。" if ends else mark
    return mark if _inside_figure(match, before, after) else mark.translate(_FULL)


def _near_char(text: str, at: int, step: int) -> str:
    """The next character that is not a space; empty where there is none near."""
    for _ in range(_NEAR):
        at += step
        if not 0 <= at < len(text):
            return ""
        if not text[at].isspace():
            return text[at]
    return ""


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _inside_figure(match: re.Match[str], before: str, after: str) -> bool:
    """Whether a mark stands inside a number, a time, a ratio or a Latin phrase."""
    if before.isdigit() and after.isdigit():
        # A time or a ratio; a comma between digits is one of thousands only before three digits.
        return match[0] == ":" or (
            match[0] == "," and _THOUSAND.match(match.string, match.end()) is not None
        )
    return _latin(before) and before.isalpha() and _latin(after) and after.isalpha()


def pair_quotes(text: str) -> str:
    """Turn straight quotation marks into pairs, the single ones inside the double ones."""
    text = _pair(text, '"', "“", "”")
    return _pair(text, "'", "‘", "’", apostrophes=True)


def _pair(
    text: str, straight: str, opening: str, closing: str, *, apostrophes: bool = False
) -> str:
    chars, inside = list(text), False
    for at, char in enumerate(chars):
        if char == opening:
            inside = True
        elif char == closing:
            inside = False
        elif char == straight and not (apostrophes and _apostrophe(chars, at)):
            chars[at] = closing if inside else opening
            inside = not inside
    return "".join(chars)


def _apostrophe(chars: list[str], at: int) -> bool:
    return 0 < at < len(chars) - 1 and _latin(chars[at - 1]) and _latin(chars[at + 1])
