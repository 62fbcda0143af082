"""Lines that belong to no article, by the patterns of rules/furniture.toml."""

import re
from functools import cache, lru_cache

from qjaudio import rules
from qjaudio.paper.characters import compact, has_han
from qjaudio.paper.masthead import is_latin_line

_NARROW = str.maketrans("：（）", ":()")
_SHORT = 200
"""Lines of so many characters come again; longer ones are text."""


@cache
def _kinds() -> tuple[tuple[str, int, re.Pattern[str]], ...]:
    return tuple(
        (kind["name"], kind["limit"], re.compile("|".join(f"(?:{p})" for p in kind["patterns"])))
        for kind in rules.phrases("furniture")["kind"]
    )


def kind_of(text: str) -> str:
    """The kind of furniture that a line is (`editors`, `advert`, …); empty for other text."""
    return _known_kind(text) if len(text) <= _SHORT else _kind_of(text)


@lru_cache(maxsize=4096)
def _known_kind(text: str) -> str:
    return _kind_of(text)


def _kind_of(text: str) -> str:
    plain = compact(text).translate(_NARROW)
    if not has_han(plain):
        return "masthead" if is_latin_line(plain) and len(plain) <= 60 else "mark"
    for name, limit, pattern in _kinds():
        if len(plain) <= limit and pattern.search(plain):
            return name
    return ""
