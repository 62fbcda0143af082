"""The name of the paper, from the titles of its web pages."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from qjaudio import rules
from qjaudio.paper.characters import compact, han
from qjaudio.paper.masthead import read_masthead

_PARTS = re.compile(r"[-_—–|｜·:：,，\s《》【】()（）]+")
_NO_NAME = re.compile(r"版|\d|^第|要闻|首页|欢迎|综合")


@cache
def _suffixes() -> tuple[str, ...]:
    suffixes: list[str] = rules.phrases("epaper")["paper"]["suffixes"]
    return tuple(sorted(suffixes, key=len, reverse=True))


def paper_name(titles: Iterable[str]) -> str:
    """The name that most titles give; empty where none does."""
    votes = Counter(name for title in titles if (name := _name_in(title)))
    return votes.most_common(1)[0][0] if votes else ""


def _name_in(title: str) -> str:
    parts = [_bare(part) for part in _PARTS.split(title) if han(part)]
    name = read_masthead([], parts, "").paper
    plausible = (part for part in parts if 2 <= len(part) <= 12 and not _NO_NAME.search(part))
    return name or next(plausible, "")


def _bare(part: str) -> str:
    part = compact(part)
    for suffix in _suffixes():
        if part.endswith(suffix) and len(part) > len(suffix) + 1:
            return part.removesuffix(suffix)
        part = part if part != suffix else ""
    return part
