"""Characters as a printer sees them: Han, width on the line, marks that end a sentence."""

import re

HAN = "〇㐀-鿿豈-﫿\U00020000-\U000323af"
"""The Han characters, as a range inside a regular expression: with 〇 and the extensions."""
SENTENCE_ENDS = "。！？…!?"
CLOSERS = "”’）》」』】〉\"')"

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


def has_han(text: str) -> bool:
    """Whether a text has any Han character."""
    return _HAN.search(text) is not None


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
    """Whether a text stops where a sentence may stop; a colon or semicolon closes a listed item."""
    bare = text[-TAIL:].rstrip().rstrip(CLOSERS + " ")
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
