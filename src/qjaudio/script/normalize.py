"""Written → spoken: all rules of print in their order, and a text that remembers its print."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from qjaudio.paper.sentences import stretches
from qjaudio.paper.text import HAN, Doubt
from qjaudio.rules import phrases
from qjaudio.script.codes import codes, models
from qjaudio.script.dates import clock, dates
from qjaudio.script.quantities import quantities
from qjaudio.script.symbols import addresses, folding, marks, plain_numbers

MARKS = "，。！？：；、（）“”‘’《》…—"
"""The marks that a spoken form may hold."""

_PLAIN = re.compile(rf"(?:[{HAN}，。！？：；、“‘’《…—]|[”》](?![“《]))*")
"""A text in which no rule finds anything."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the written language: a pattern, and what is said for a match."""

    name: str
    pattern: re.Pattern[str]
    said: Callable[[re.Match[str]], str]
    """Gives the spoken form of a match; the match itself where the rule does not apply."""


@dataclass(frozen=True, slots=True)
class Traced:
    """A text in which each character knows its printed place and the rule that wrote it."""

    text: str
    origin: tuple[int, ...]
    """For each character the index of the printed character that it comes from; never falls."""
    rule: tuple[str, ...]
    """For each character the name of the last rule that wrote it; empty = as printed."""

    @classmethod
    def printed(cls, text: str) -> "Traced":
        """A text as it is printed."""
        return cls(text, tuple(range(len(text))), ("",) * len(text))

    @classmethod
    def joined(cls, pieces: Sequence[tuple[str, "Traced"]]) -> "Traced":
        """Texts that are printed one after the other, each with what it became."""
        if len(pieces) == 1:
            return pieces[0][1]
        origin: list[int] = []
        rules: list[str] = []
        start = 0
        for text, traced in pieces:
            origin += [start + place for place in traced.origin]
            rules += traced.rule
            start += len(text)
        return cls("".join(traced.text for _, traced in pieces), tuple(origin), tuple(rules))

    def rewritten(self, rule: Rule) -> "Traced":
        """The text after one rule; itself where the rule finds nothing."""
        if not rule.pattern.search(self.text):
            return self
        text: list[str] = []
        origin: list[int] = []
        names: list[str] = []
        done = 0
        for match in rule.pattern.finditer(self.text):
            said = rule.said(match)
            start, end = match.span()
            if said == match[0]:
                continue
            text += (self.text[done:start], said)
            origin += (*self.origin[done:start], *(self.origin[start],) * len(said))
            names += (*self.rule[done:start], *(rule.name,) * len(said))
            done = end
        if not done and not text:
            return self
        text.append(self.text[done:])
        origin += self.origin[done:]
        names += self.rule[done:]
        return Traced("".join(text), tuple(origin), tuple(names))

    def printed_span(self, start: int, end: int, printed: str) -> tuple[int, int]:
        """From which to which character of `printed` the characters `start` to `end` come."""
        after = bisect_right(self.origin, self.origin[end - 1])
        return self.origin[start], self.origin[after] if after < len(self.origin) else len(printed)

    def place(self, printed: int) -> int:
        """The first index of the text that comes from `printed` or later."""
        return bisect_left(self.origin, printed)


def normalize(text: str) -> str:
    """The spoken form of a sentence or clause: Han characters, Latin words and `MARKS`, no digit.

    A text without digits and symbols comes back as it is; no Han character is ever lost; what
    cannot be spoken is dropped.
    """
    return rewrite(text).text


def rewrite(text: str) -> Traced:
    """The spoken form of a text, with the printed place and the rule of each character."""
    if _PLAIN.fullmatch(text):
        return Traced.printed(text)
    pieces: list[tuple[str, Traced]] = []
    for stretch in stretches(text):
        traced = Traced.printed(stretch)
        for rule in rules_of_print():
            traced = traced.rewritten(rule)
        pieces.append((stretch, traced))
    return Traced.joined(pieces)


def doubts_of_print(printed: str, traced: Traced) -> tuple[Doubt, ...]:
    """The expressions of a printed text that no rule knows, so that they are said by guess."""
    found: list[Doubt] = []
    unsure: dict[str, str] = phrases("contexts")["unsure"]
    places = zip(traced.rule, traced.origin, strict=True)
    for (name, origin), _ in groupby(place for place in places if place[0] in unsure):
        at = traced.place(origin)
        start, end = traced.printed_span(at, at + 1, printed)
        found.append(
            Doubt(kind="slight", where=(start, end), what=printed[start:end], why=unsure[name])
        )
    return tuple(found)


@cache
def rules_of_print() -> tuple[Rule, ...]:
    """Every rule, first to last: signs of print, dates, names, times, quantities, what is left."""
    listed = (
        *folding(),
        *addresses(),
        *dates(),
        *clock(),
        *codes(),
        *quantities(),
        *models(),
        *plain_numbers(),
        *marks(),
    )
    return tuple(
        Rule(name, re.compile(pattern), said if callable(said) else _always(said))
        for name, pattern, said in listed
    )


def _always(text: str) -> Callable[[re.Match[str]], str]:
    return lambda _: text
