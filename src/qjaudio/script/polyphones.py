"""Words and characters with several readings: rules by context.

A rule for a character sees only characters that stand alone: never one that a dictionary reads as
a part of a word. What such a word is in another context says a rule for the whole word.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from qjaudio.paper.characters import is_han
from qjaudio.paper.words import is_word
from qjaudio.rules import phrases, table
from qjaudio.script.people import is_name
from qjaudio.script.readings import Part, Token

_GROUP = re.compile(r"\{([\u4e00-\u9fff]+)\}")
_WITHIN, _LAST = "词中", "词尾"
"""What a rule asks for instead of a part of speech: a character inside, or at the end, of a longer
word that the segmenter knows (克罗地亚, 最长), so that it is not a word by itself."""
_REACH = 24
"""How many characters before and after may be looked at."""

_UNASKED = "这个姓名有不止一种读法，要问本人；读音词典里写了就不再问"
_UNREADABLE = "字典里没有其中的字，念“某”"


@dataclass(frozen=True, slots=True)
class ReadingRule:
    """One rule: which reading a character or a word has in a context."""

    reading: tuple[str, ...]
    before: re.Pattern[str]
    after: re.Pattern[str]
    tags: frozenset[str]
    """Parts of speech that it asks for; empty = any."""
    doubtful: bool
    """Whether it is a guess that somebody should look at."""
    reason: str

    def applies(self, text: str, start: int, end: int, tag: str) -> bool:
        """Whether the stretch of a text stands in the context of the rule."""
        return bool(
            (not self.tags or tag in self.tags)
            and self.before.search(text[max(0, start - _REACH) : start])
            and self.after.match(text[end : end + _REACH])
        )


@dataclass(frozen=True, slots=True)
class ChosenReading:
    """The reading of a word after the rules."""

    reading: tuple[str, ...]
    fixed: tuple[bool, ...]
    """For each syllable whether its tone, if it is 一 or 不, is the one that is heard."""
    why: str
    """The reasons of the rules that changed it, or the source of its reading."""
    doubt: str = ""
    """Why the reading is not sure, in Chinese for an editor; empty where it is."""
    alternatives: tuple[str, ...] = ()
    """Other readings that it could have."""


@cache
def reading_rules(name: str) -> dict[str, tuple[ReadingRule, ...]]:
    """The rules of `rules/<name>.tsv` by character or word, in their order."""
    found: dict[str, list[ReadingRule]] = {}
    for row in table(name):
        text, reading, before, after, tags, doubt, reason = (*row, *[""] * 7)[:7]
        rule = ReadingRule(
            tuple(reading.split()),
            re.compile(f"(?:{_with_groups(before)})$"),
            re.compile(_with_groups(after)),
            frozenset(tags.split()),
            bool(doubt),
            reason,
        )
        found.setdefault(text, []).append(rule)
    return {text: tuple(listed) for text, listed in found.items()}


def _with_groups(pattern: str) -> str:
    """A pattern with the words of `rules/groups.toml` in the place of their {name}."""
    groups = phrases("groups")
    return _GROUP.sub(lambda match: f"(?:{'|'.join(groups[match[1]])})", pattern)


def choose_readings(text: str, cut: Sequence[Token]) -> tuple[ChosenReading, ...]:
    """For each word its reading after the rules, and what decided it."""
    found: list[ChosenReading] = []
    start = 0
    for token in cut:
        found.append(_choose_reading(text, start, token))
        start += len(token.text)
    return tuple(found)


def _choose_reading(text: str, start: int, token: Token) -> ChosenReading:
    if token.source in ("lexicon", "person") or not token.reading:
        heard = (True,) * len(token.reading)
        if not token.alternatives:
            return ChosenReading(token.reading, heard, token.source)
        choices = (" ".join(token.reading), *token.alternatives)
        return ChosenReading(token.reading, heard, token.source, _UNASKED, choices)
    reading: list[str] = []
    fixed: list[bool] = []
    reasons: list[str] = []
    at = start
    for part in token.parts:
        rule = _part_rule(text, at, part, token, start + len(token.text))
        if rule:
            reasons.append(rule.reason)
        reading += rule.reading if rule else part.reading
        is_heard = part.source == "our words" or (rule is not None and part.is_known)
        fixed += [is_heard] * len(part.reading)
        at += len(part.text)
    reasons += _settle_yi(text, start, token, fixed)
    return ChosenReading(
        tuple(reading),
        tuple(fixed),
        "；".join(reasons) or token.source,
        doubt=_UNREADABLE if token.source == "unknown" else "",
    )


def _part_rule(text: str, at: int, part: Part, token: Token, at_end: int) -> ReadingRule | None:
    """The rule for a whole known part, or for a character that stands alone."""
    rules = reading_rules("words_in_context" if part.is_known else "polyphones")
    tag = token.tag
    if part.text != token.text:
        is_last = at_end == at + len(part.text)
        tag = (_LAST if is_last else _WITHIN) if is_word(token.text) else ""
    for rule in rules.get(part.text, ()):
        if rule.applies(text, at, at + len(part.text), tag):
            return rule
    return None


def _settle_yi(text: str, start: int, token: Token, fixed: list[bool]) -> list[str]:
    """Mark each 一 that counts, orders or names, so that it keeps its tone; the reasons."""
    reasons = []
    in_name = len(token.text) > 1 and is_name(token.text, token.tag)
    syllable = 0
    for offset, char in enumerate(token.text):
        if char == "一" and not fixed[syllable]:
            for rule in reading_rules("yi")["一"]:
                if in_name or rule.applies(text, start + offset, start + offset + 1, token.tag):
                    fixed[syllable] = True
                    reasons.append("一：人名" if in_name else rule.reason)
                    break
        syllable += is_han(char)
    return reasons
