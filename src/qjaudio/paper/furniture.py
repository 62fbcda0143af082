"""Lines that belong to no article, by the patterns of rules/furniture.toml."""

import re
from functools import cache

from qjaudio import rules
from qjaudio.paper.characters import compact, han
from qjaudio.paper.masthead import is_latin_line


@cache
def _kinds() -> tuple[tuple[str, int, tuple[re.Pattern[str], ...]], ...]:
    return tuple(
        (kind["name"], kind["limit"], tuple(re.compile(p) for p in kind["patterns"]))
        for kind in rules.phrases("furniture")["kind"]
    )


def kind_of(text: str) -> str:
    """The kind of furniture that a line is (`editors`, `advert`, …); empty for other text."""
    plain = compact(text).translate(str.maketrans("：（）", ":()"))
    if not han(plain):
        return "masthead" if is_latin_line(plain) and len(plain) <= 60 else "mark"
    for name, limit, patterns in _kinds():
        if len(plain) <= limit and any(pattern.search(plain) for pattern in patterns):
            return name
    return ""
