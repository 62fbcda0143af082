"""Characters with several readings: rules by context, before the readings of characters."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from qjaudio.paper.characters import is_han
from qjaudio.rules import table
from qjaudio.script.readings import Token
from qjaudio.script.surnames import surname_reading

_REACH = 16
"""How many characters before and after may be looked at."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One rule: which reading a character has in a context."""

    reading: str
    scope: str
    """字: only where the character is a word by itself or its word is unknown; 词: anywhere."""
    before: re.Pattern[str]
    after: re.Pattern[str]
    tags: frozenset[str]
    """Parts of speech that it asks for; empty = any."""
    reason: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """The reading of a word after the rules."""

    reading: tuple[str, ...]
    why: str
    """The reasons of the rules that changed it, or the source of its reading."""
    fixed: bool = False
    """Whether its 一 and 不 have the tone that is heard."""


@cache
def choices() -> dict[str, tuple[Choice, ...]]:
    """The rules of `rules/polyphones.tsv` by character, in their order."""
    found: dict[str, list[Choice]] = {}
    for row in table("polyphones"):
        char, reading, scope, before, after, tags, reason = (*row, *[""] * 7)[:7]
        choice = Choice(
            reading,
            scope or "字",
            re.compile(f"(?:{before})$"),
            re.compile(after),
            frozenset(tags.split()),
            reason,
        )
        found.setdefault(char, []).append(choice)
    return {char: tuple(listed) for char, listed in found.items()}


def chosen(text: str, cut: Sequence[Token]) -> tuple[Chosen, ...]:
    """For each word its reading after the rules, and what decided it."""
    found: list[Chosen] = []
    start = 0
    for token in cut:
        found.append(_chosen(text, start, token))
        start += len(token.text)
    return tuple(found)


def _chosen(text: str, start: int, token: Token) -> Chosen:
    fixed = token.source in ("lexicon", "our words")
    if token.source == "lexicon" or not token.reading:
        return Chosen(token.reading, token.source, fixed)
    reading, reasons = list(token.reading), []
    syllable = 0
    for offset, char in enumerate(token.text):
        if not is_han(char):
            continue
        choice = _rule(text, start + offset, token) if char in choices() else None
        if choice is not None and (choice.reading != reading[syllable] or char == "一"):
            reading[syllable] = choice.reading
            reasons.append(choice.reason)
            fixed = fixed or char == "一"
        syllable += 1
    surname = surname_reading(
        token,
        text[max(0, start - _REACH) : start],
        text[start + len(token.text) : start + len(token.text) + _REACH],
    )
    if surname and tuple(reading[: len(surname)]) != surname:
        reading[: len(surname)] = surname
        reasons.append("姓")
    return Chosen(tuple(reading), "；".join(reasons) or token.source, fixed)


def _rule(text: str, at: int, token: Token) -> Choice | None:
    lone = len(token.text) == 1 or token.source in ("character", "unknown")
    before, after = text[max(0, at - _REACH) : at], text[at + 1 : at + 1 + _REACH]
    for choice in choices()[text[at]]:
        if (
            (lone or choice.scope == "词")
            and (not choice.tags or token.tag in choice.tags)
            and choice.before.search(before)
            and choice.after.match(after)
        ):
            return choice
    return None
