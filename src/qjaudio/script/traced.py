"""Text that remembers where it was printed while rules rewrite it."""

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Said = Callable[[re.Match[str]], str]
Listed = tuple[tuple[str, str, Said | str], ...]
"""Rules in a list: name, pattern, and what is said (a text, or a function of the match)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the written language: a pattern, and what is said for a match."""

    name: str
    pattern: re.Pattern[str]
    said: Said
    """Gives the spoken form of a match; the match itself where the rule does not apply."""


def compiled(listed: Listed) -> tuple[Rule, ...]:
    """The rules of a list, ready to be tried in its order."""
    return tuple(
        Rule(name, re.compile(pattern), said if callable(said) else _always(said))
        for name, pattern, said in listed
    )


def _always(text: str) -> Said:
    return lambda _: text


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

    def place(self, printed: int) -> int:
        """The first index of the text that comes from `printed` or later."""
        return bisect_left(self.origin, printed)
