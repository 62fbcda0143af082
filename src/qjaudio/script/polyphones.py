"""Characters with several readings: rules by context."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from qjaudio.paper.characters import is_han
from qjaudio.rules import table
from qjaudio.script.readings import Token

_REACH = 16
"""How many characters before and after may be looked at."""

_UNASKED = "这个姓名有不止一种读法，要问本人；读音词典里写了就不再问"
_UNREADABLE = "字典里没有其中的字，念“某”"


@dataclass(frozen=True, slots=True)
class PolyphoneRule:
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
class ChosenReading:
    """The reading of a word after the rules."""

    reading: tuple[str, ...]
    why: str
    """The reasons of the rules that changed it, or the source of its reading."""
    fixed: bool = False
    """Whether its 一 and 不 have the tone that is heard."""
    doubt: str = ""
    """Why the reading is not sure, in Chinese for an editor; empty where it is."""
    alternatives: tuple[str, ...] = ()
    """Other readings that it could have."""


@cache
def polyphone_rules() -> dict[str, tuple[PolyphoneRule, ...]]:
    """The rules of `rules/polyphones.tsv` by character, in their order."""
    found: dict[str, list[PolyphoneRule]] = {}
    for row in table("polyphones"):
        char, reading, scope, before, after, tags, reason = (*row, *[""] * 7)[:7]
        choice = PolyphoneRule(
            reading,
            scope or "字",
            re.compile(f"(?:{before})$"),
            re.compile(after),
            frozenset(tags.split()),
            reason,
        )
        found.setdefault(char, []).append(choice)
    return {char: tuple(listed) for char, listed in found.items()}


def choose_readings(text: str, cut: Sequence[Token]) -> tuple[ChosenReading, ...]:
    """For each word its reading after the rules, and what decided it."""
    found: list[ChosenReading] = []
    start = 0
    for token in cut:
        found.append(_choose_reading(text, start, token))
        start += len(token.text)
    return tuple(found)


def _choose_reading(text: str, start: int, token: Token) -> ChosenReading:
    fixed = token.source in ("lexicon", "person", "our words")
    if token.source == "person" and token.alternatives:
        choices = (" ".join(token.reading), *token.alternatives)
        return ChosenReading(token.reading, token.source, fixed, _UNASKED, choices)
    if token.source in ("lexicon", "person") or not token.reading:
        return ChosenReading(token.reading, token.source, fixed)
    reading, reasons = list(token.reading), []
    syllable = 0
    for offset, char in enumerate(token.text):
        if not is_han(char):
            continue
        choice = _applying_rule(text, start + offset, token) if char in polyphone_rules() else None
        if choice is not None and (choice.reading != reading[syllable] or char == "一"):
            reading[syllable] = choice.reading
            reasons.append(choice.reason)
            fixed = fixed or char == "一"
        syllable += 1
    return ChosenReading(
        tuple(reading),
        "；".join(reasons) or token.source,
        fixed,
        doubt=_UNREADABLE if token.source == "unknown" else "",
    )


def _applying_rule(text: str, at: int, token: Token) -> PolyphoneRule | None:
    lone = len(token.text) == 1 or token.source in ("character", "unknown")
    before, after = text[max(0, at - _REACH) : at], text[at + 1 : at + 1 + _REACH]
    for choice in polyphone_rules()[text[at]]:
        if (
            (lone or choice.scope == "词")
            and (not choice.tags or token.tag in choice.tags)
            and choice.before.search(before)
            and choice.after.match(after)
        ):
            return choice
    return None
