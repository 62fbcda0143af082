"""What counts as a Han character."""

import re

HAN = "〇㐀-鿿豈-﫿\U00020000-\U000323af"
"""The Han characters, as a range inside a regular expression: with 〇, extensions and compatibility forms."""

_HAN = re.compile(f"[{HAN}]")


def is_han(char: str) -> bool:
    """Whether `char` is one Han character."""
    return _HAN.fullmatch(char) is not None


def han_count(text: str) -> int:
    """How many Han characters `text` has."""
    return len(_HAN.findall(text))
