"""A department that signs at the end of a story: 区卫生健康局."""

import re
from functools import cache

from qjaudio import rules
from qjaudio.paper.characters import HAN, ends_sentence

MIN_LENGTH, MAX_LENGTH = 4, 16
_SOURCE = re.compile(r"^(?:来源|供稿|供稿单位)[:：]?\s*")


@cache
def _body() -> re.Pattern[str]:
    endings = "|".join(sorted(rules.phrases("bylines")["signoff_endings"], key=len, reverse=True))
    return re.compile(rf"[{HAN}]{{1,{MAX_LENGTH}}}?(?:{endings})")


def is_signoff(text: str) -> bool:
    """Whether a line is the name of a department, firm or body and nothing else."""
    bare = _SOURCE.sub("", text.strip("（）() \t　"))
    return MIN_LENGTH <= len(bare) <= MAX_LENGTH and bool(_body().fullmatch(bare))


def take_signoff(text: str, last_line: str) -> tuple[str, str]:
    """A paragraph without the sign-off in its last printed line, and that sign-off.

    Only where the paragraph has ended before it, or the line holds the name alone and no full stop
    follows: print puts the name at the right edge of the last line or on a line of its own.
    """
    for words in (last_line.strip(), last_line.split()[-1] if last_line.split() else ""):
        rest = text.rstrip()[: -len(words)].rstrip() if words else ""
        alone = words == last_line.strip()
        if rest and text.rstrip().endswith(words) and is_signoff(words):
            if ends_sentence(rest) or (alone and len(rest) > 20 and rest[-1] not in "，,、"):
                return rest, words
    return text, ""
