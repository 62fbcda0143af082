"""Written → spoken: the rules in their order, and the guard behind them."""

import re
from functools import cache

from qjaudio.paper.characters import HAN
from qjaudio.paper.sentences import stretches
from qjaudio.script.newspaper import rules
from qjaudio.script.traced import Rule, Traced

MARKS = "，。！？：；、（）“”‘’《》…—"
"""The marks that a spoken form may hold."""

_PLAIN = re.compile(rf"[{HAN}{MARKS}]*")


def normalize(text: str) -> str:
    """The spoken form of a sentence or clause: Han characters, Latin words and `MARKS`, no digit.

    A text without digits and symbols comes back as it is; no Han character is ever lost; what
    cannot be spoken is dropped.
    """
    return trace(text).text


def trace(text: str) -> Traced:
    """The spoken form of a text, with the printed place and the rule of each character."""
    if _PLAIN.fullmatch(text):
        return Traced.printed(text)
    return Traced.joined([(stretch, _rewritten(stretch)) for stretch in stretches(text)])


def _rewritten(text: str) -> Traced:
    traced = Traced.printed(text)
    for rule in _rules():
        traced = traced.rewritten(rule)
    return traced


@cache
def _rules() -> tuple[Rule, ...]:
    return rules()
