"""Marks and spaces as a Chinese paper prints them: OCR gives half-width marks and stray spaces."""

import re
from itertools import pairwise

from qjaudio.paper.characters import HAN
from qjaudio.provenance import PageText, rewritten, shortened

_WIDE = f"{HAN}“”‘’（）《》「」『』【】〔〕、。，；：？！…—·○□■◆●★％℃"
_SPACE = re.compile(r"\s+")
_SPACE_BY_WIDE = re.compile(rf"(?<=[{_WIDE}])\s+|\s+(?=[{_WIDE}])")
_SPACE_BY_MARK = re.compile(r"\s+(?=[,;:?!)\]}'\"+%])|(?<=[(\[{'\"+])\s+")
_SPACE_IN_FIGURE = re.compile(r"(?<=\d)\s+(?=[.,:]?\d)|(?<=\d[.,:])\s+(?=\d)")
_FULL = str.maketrans(",;:?!", "，；：？！")
_HAN = re.compile(f"[{HAN}]")
_PAIR = re.compile(r"\(([^()]*)\)")
_FOLDED = re.compile(r"[,;:?!.()]")
_THOUSAND = re.compile(r"\d{3}(?!\d)")
_NEAR = 20
"""A mark belongs to nothing that is further away, whatever spaces stand between."""


def close_up(text: str) -> PageText:
    """Take out the spaces that no printer set; those between Latin words stay.

    A line may end inside a number, so its digits close up too.
    """
    line = _SPACE_BY_WIDE.sub("", _SPACE.sub(" ", text.strip()))
    if _HAN.search(line):
        line = _SPACE_IN_FIGURE.sub("", _SPACE_BY_MARK.sub("", line))
    return shortened(text, line)


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
    before, after = _neighbour(text, match.start(), -1), _neighbour(text, match.start(), 1)
    if mark in "()":
        wide = _HAN.match(before or " ") or _HAN.match(after or " ")
        return {"(": "（", ")": "）"}[mark] if wide else mark
    if mark == ".":
        ends = _HAN.match(before or " ") and (not after or not _latin(after))
        return "。" if ends else mark
    return mark if _inside_figure(match, before, after) else mark.translate(_FULL)


def _neighbour(text: str, at: int, step: int) -> str:
    """The next character that is no space; empty where there is none near."""
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
