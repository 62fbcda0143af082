"""What counts as a Han character."""

import re

HAN = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
"""The Han characters as a range inside a regular expression: with 〇, extensions, compatibility."""

_HAN = re.compile(f"[{HAN}]")


def is_han(char: str) -> bool:
    """Whether `char` is one Han character."""
    return _HAN.fullmatch(char) is not None


def han_count(text: str) -> int:
    """How many Han characters `text` has."""
    return len(_HAN.findall(text))
