"""Where a voice may breathe in a long clause without a mark: at the edges of word groups.

Rules and words are in `rules/breath.toml`. A cut never falls inside a pair of quotation or title
marks, between nouns in a row (国际铁路联盟), or inside a name that is written with 和
(人力资源和社会保障局).
"""

import re
from collections.abc import Sequence
from functools import cache

from qjaudio.rules import phrases
from qjaudio.script.readings import Token

NEVER, POOR, GOOD, BEST = range(4)
"""How well a voice may breathe after a word."""

_LONG = re.compile("[^，。；：！？、…—]{25}")
"""A stretch that no voice has to say in one breath; where there is none, nothing is looked for."""
_MODIFIER = 8
"""A verb that 的 follows within so many words belongs to a modifier, not to the subject."""
_NOUN, _ADVERB = ("n", "vn", "j", "b", "s", "x"), ("d",)
_BOUND = ("m", "q", "p", "c", "a")
"""Words that lean on the next one: numbers, prepositions, conjunctions, adjectives."""
_OPENING, _CLOSING = "“‘《（", "”’》）"
_MARKS = frozenset(_OPENING + _CLOSING)


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(phrases("breath")[name])


@cache
def _names_with_and() -> re.Pattern[str]:
    return re.compile("|".join(phrases("breath")["names_with_and"]))


def breaths(tokens: Sequence[Token]) -> tuple[int, ...]:
    """For each word of a sentence how well a voice may breathe after it, `NEVER` to `BEST`."""
    found = [NEVER] * len(tokens)
    text = "".join(token.text for token in tokens)
    if not _LONG.search(text):
        return tuple(found)
    closed = {at for name in _names_with_and().finditer(text) for at in range(*name.span())}
    depth, last, at = 0, -1, 0
    gap = 0  # the least depth of marks since the last word that sounds
    for index, token in enumerate(tokens):
        closing = sum(char in _CLOSING for char in token.text)
        gap = min(gap, depth - closing)
        depth = max(0, depth + sum(char in _OPENING for char in token.text) - closing)
        if not set(token.text) <= _MARKS:
            if last >= 0 and gap <= 0 and not (at in closed and at - 1 in closed):
                modifies = any(token.text == "的" for token in tokens[index : index + _MODIFIER])
                found[last] = min(_between(tokens[last], token), GOOD if modifies else BEST)
            last, gap = index, depth
        at += len(token.text)
    return tuple(found)


def _between(token: Token, following: Token) -> int:
    """How well a voice may breathe between two words."""
    tight = following.text in _words("never_before") or token.text in _words("never_after")
    if tight or _is(token, _ADVERB):
        return NEVER
    if _is(token, _NOUN) and following.text in _words("verbs"):
        return BEST  # a long subject and its verb
    edge = token.text == "的" or token.text in _words("after")
    if edge or following.text in _words("before") or _is(following, _ADVERB):
        return GOOD
    in_a_name = _is(token, _NOUN) and _is(following, _NOUN)
    return NEVER if in_a_name or _is(token, _BOUND) else POOR


def _is(token: Token, tags: tuple[str, ...]) -> bool:
    return token.tag.startswith(tags)
