"""Words of the language, by the dictionary of rjieba (jieba's)."""

from functools import lru_cache

from qjaudio.paper.characters import is_han


@lru_cache(maxsize=4096)
def _cut(text: str) -> tuple[str, ...]:
    import rjieba

    return tuple(rjieba.cut(text))


@lru_cache(maxsize=4096)
def _tagged(text: str) -> tuple[tuple[str, str], ...]:
    import rjieba

    return tuple((word, tag) for word, tag in rjieba.tag(text))


_KEPT = 200
"""Longer texts are not kept in memory: they do not come again."""


def cut(text: str) -> tuple[str, ...]:
    """The words of a text, in order; together they are the text."""
    return _cut(text) if len(text) <= _KEPT else _cut.__wrapped__(text)


def tagged(text: str) -> tuple[tuple[str, str], ...]:
    """The words of a text with jieba's part of speech: n…, v…, p preposition, c conjunction, …"""
    return _tagged(text) if len(text) <= _KEPT else _tagged.__wrapped__(text)


@lru_cache(maxsize=65536)
def is_word(text: str) -> bool:
    """Whether the dictionary has a word."""
    import rjieba

    return bool(rjieba.has_word(text))


_REACH = 60
"""How far words are looked for where no mark stands."""
_MARKS = frozenset("，。！？；：、“”‘’（）《》【】…—◆ \n")
"""Marks at which the dictionary parts a text before it looks for words."""


def phrase_around(text: str, at: int) -> tuple[int, int]:
    """Start and end of what stands between two marks around `at`: words do not reach beyond."""
    start, end = at, at + 1
    while start > max(0, at - _REACH) and text[start - 1] not in _MARKS:
        start -= 1
    while end < min(len(text), at + _REACH) and text[end] not in _MARKS:
        end += 1
    return start, end


def word_around(text: str, at: int) -> tuple[int, int]:
    """Start and end of the word that covers position `at`."""
    start, end = phrase_around(text, at)
    for word in cut(text[start:end]):
        if start <= at < start + len(word):
            return start, start + len(word)
        start += len(word)
    return at, at + 1


def parted_word(before: str, after: str) -> str:
    """The word that a break between two texts cuts in two, or an empty string.

    Only words of the dictionary count whose halves are not both words that stand well alone.
    """
    left, right = before[-6:], after[:6]
    if not left or not right or not (is_han(left[-1]) and is_han(right[0])):
        return ""
    start, end = word_around(left + right, len(left))
    word = (left + right)[start:end]
    return word if start < len(left) < end and is_word(word) else ""
