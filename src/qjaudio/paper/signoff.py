"""A department that signs at the end of a story: 区卫生健康局."""

import re
from functools import cache

from qjaudio import rules
from qjaudio.paper.characters import HAN, TAIL, ends_sentence

MIN_LENGTH, MAX_LENGTH = 4, 16
_BRACKET = re.compile(r"\s*[（(]([^（）()]{4,20})[）)]\s*$")
_SOURCE = re.compile(r"^(?:来源|供稿单位|供稿|据)[:：]?\s*")


@cache
def _body() -> re.Pattern[str]:
    endings = "|".join(sorted(rules.phrases("bylines")["signoff_endings"], key=len, reverse=True))
    return re.compile(rf"[{HAN}]{{1,{MAX_LENGTH}}}?(?:{endings})")


def is_signoff(text: str) -> bool:
    """Whether a line is the name of a department, firm or body and nothing else."""
    bare = _SOURCE.sub("", text.strip("（）() \t　"))
    return MIN_LENGTH <= len(bare) <= MAX_LENGTH and bool(_body().fullmatch(bare))


def take_signoff(text: str, last_line: str) -> tuple[str, str]:
    """A paragraph without the sign-off at its end, and that sign-off as printed.

    Only where the paragraph has ended before it, or the last printed line holds the name alone and
    no full stop follows: print puts the name at the right edge or on a line of its own.
    """
    cut = max(0, len(text) - TAIL)
    bracket = _BRACKET.search(text, cut)
    if bracket and ends_sentence(text[: bracket.start()]) and is_signoff(bracket[1]):
        return text[: bracket.start()].rstrip(), bracket[0].strip()
    line = last_line.strip()
    for words in {line: None, (line.split() or [""])[-1]: None}:
        rest = text.rstrip()[: -len(words)].rstrip() if words else ""
        if not rest or not text.rstrip().endswith(words) or not is_signoff(words):
            continue
        if ends_sentence(rest) or (words == line and len(rest) > 20 and rest[-1] not in "，,、"):
            return rest, words
    return text, ""


def name_of(printed: str) -> str:
    """The body's name in a printed sign-off, without 来源 and brackets."""
    return _SOURCE.sub("", printed.strip("（）() \t　"))
