"""Characters with several readings: rules by context, and surnames in the position of a name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from qjaudio.paper.byline import has_surname
from qjaudio.paper.characters import is_han
from qjaudio.rules import phrases, table
from qjaudio.script.readings import Token

_REACH = 16
"""How many characters before and after may be looked at."""

_PERSON = ("nr", "nrt", "nrfg")
_LONGEST_NAME = 4
_TITLED = re.compile(f"(?:{'|'.join(phrases('contexts')['titled'])})$")
_TITLES = tuple(phrases("contexts")["titles"])
_GIVEN_NAME = re.compile(
    r"[\u4e00-\u9fff]{1,2}(?:$|[，。、：；）说在率带主出参强指表介告和与等一])"
)

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
    fixed = token.source in ("lexicon", "our words")
    if token.source == "lexicon" or not token.reading:
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
    surname = surname_reading(
        token,
        text[max(0, start - _REACH) : start],
        text[start + len(token.text) : start + len(token.text) + _REACH],
    )
    if surname and tuple(reading[: len(surname)]) != surname:
        reading[: len(surname)] = surname
        reasons.append("姓")
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


@cache
def surname_readings() -> dict[str, str]:
    """Surnames that are read otherwise than in common words."""
    return {row[0]: row[1] for row in table("surnames") if len(row) > 1}


def is_name(token: Token) -> bool:
    """Whether a word is the name of a person: tagged as one, and a surname in front or foreign."""
    return token.tag in _PERSON[1:] or (token.tag == "nr" and has_surname(token.text))


def surname_reading(token: Token, before: str, after: str) -> tuple[str, ...]:
    """The syllables of the surname that begins a name; empty where it is read as usual."""
    if len(token.text) == 1:
        titled = _TITLED.search(before) and _GIVEN_NAME.match(after)
        named = titled or after.startswith(_TITLES)
        return tuple(surname_readings().get(token.text, "").split()) if named else ()
    if token.source != "character" or token.tag != "nr" or len(token.text) > _LONGEST_NAME:
        return ()
    if len(token.text) == 2 and not _TITLED.search(before):
        return ()  # two characters tagged as a name are a word as often as not: 应邀, 盖楼
    listed = surname_readings().get(token.text[:2]) or surname_readings().get(token.text[0], "")
    return tuple(listed.split())
