"""Names of people in a credit: apart again where print ran them together or broke them."""

import re
from functools import cache

from qjaudio import rules
from qjaudio.paper.characters import HAN

_SEPARATORS = re.compile(r"[\s、，,;；|/／:：&和]+")
_NAME = re.compile(
    f"[{HAN}]{{1,4}}(?:[·•][{HAN}]{{1,8}})?|[{HAN}]{{1,8}}(?:[·•][{HAN}]{{1,8}}){{1,3}}"
)
MAX_NAMES = 12


@cache
def surnames() -> frozenset[str]:
    """The family names of rules/surnames.tsv, of one character and of two."""
    known: set[str] = set()
    for surname, *reading in rules.table("surnames"):
        known.update([surname] if reading else surname.split() if " " in surname else surname)
    return frozenset(known)


def has_surname(name: str) -> bool:
    """Whether a name begins with a known family name."""
    return name[:1] in surnames() or name[:2] in surnames()


def names_in(text: str) -> tuple[str, ...]:
    """The names in a text that holds nothing but names; empty where it holds anything else.

    A vertical line stands where a word for a role was: no name runs over it.
    """
    groups = [_SEPARATORS.split(group.strip()) for group in text.split("|")]
    words = [mended for group in groups for mended in _mended([word for word in group if word])]
    if not words or len(words) > 3 * MAX_NAMES:
        return ()
    names = [name for word in words for name in _apart(word)]
    fits = all(_NAME.fullmatch(name) and len(name) >= 2 for name in names)
    return tuple(names) if fits and len(names) <= MAX_NAMES else ()


def _mended(words: list[str]) -> list[str]:
    """Join what a line break or a wide setting parted: 徐俊 杰, 李 勤."""
    mended: list[str] = []
    for at, word in enumerate(words):
        after = words[at + 1] if at + 1 < len(words) else ""
        size = len(mended[-1]) if mended else 0
        second = size == 1 and len(word) <= 2
        third = size == 2 and len(word) == 1 and not _begins(word, after)
        if second or third:
            mended[-1] += word
        else:
            mended.append(word)
    return mended


def _begins(word: str, after: str) -> bool:
    """Whether a single character is the family name of what follows."""
    return has_surname(word) and 0 < len(after) <= 2


def _apart(word: str) -> list[str]:
    """Split names that were printed without a space, by their family names."""
    size = len(word)
    if size <= 3 or "·" in word or "•" in word or (size == 4 and word[:2] in surnames()):
        return [word]
    for first in (3, 2, 4):
        rest = word[first:]
        if len(rest) >= 2 and has_surname(word) and has_surname(rest):
            parts = _apart(rest)
            if all(2 <= len(part) <= 4 for part in parts):
                return [word[:first], *parts]
    return [word]
