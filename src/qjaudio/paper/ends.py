"""The end of a paragraph that print lost: a full stop put back, or a cut clause left unspoken."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qjaudio import rules
from qjaudio.paper.characters import CLOSERS, ends_sentence, han, is_han
from qjaudio.paper.words import tagged

_SENTENCE = re.compile(r"[。！？…][”’）》]*")
_CLAUSE = re.compile(r"[，；]")
_OPENING, _CLOSING = "“‘（《", "”’）》"
_HANGING = frozenset({"p", "c", "uj", "uv", "ud"})
MIN_CLAUSE = 4
MIN_KEPT = 8
"""A sentence of fewer Han characters says nothing by itself."""


@dataclass(frozen=True, slots=True)
class End:
    """A paragraph that ends, and what was cut off to make it so."""

    text: str
    cut: str = ""
    evidence: str = ""
    """Why it was changed; empty where it was not."""


def mend_end(text: str, *, filled: bool | None, jumped: bool = False) -> End:
    """Let a paragraph end where a sentence ends.

    Room left in its last line shows that only the full stop was lost. A full last line, or a jump
    to a page that is not here, shows that words were lost: the clause that was cut is left out.
    """
    if ends_sentence(text):
        return End(text)
    hanging = text.rstrip(CLOSERS)[-1:] in "，、—" or _hangs(text)
    if not jumped and not hanging and filled is not True:
        return End(f"{text}。", evidence="the last line has room left: only the full stop is lost")
    why = "the story jumps to a page that is not here" if jumped else "the last line is full"
    return _cut_back(text, f"{why}: its last clause is cut and left out")


def _hangs(text: str) -> bool:
    """Whether the last word cannot end a sentence."""
    words = tagged(text[-24:])
    return bool(words) and words[-1][1] in _HANGING and len(words[-1][0]) < 3


def _cut_back(text: str, evidence: str) -> End:
    """Cut at the last conjunction, clause or sentence that leaves a whole statement."""
    start = max((found.end() for found in _SENTENCE.finditer(text)), default=0)
    sentence = text[start:]
    balanced = _balanced(sentence)
    places = [at for at, char in enumerate(sentence, start=1) if is_han(char)]
    shortest = places[MIN_KEPT - 1] if len(places) >= MIN_KEPT else len(sentence) + 1
    for at in _clause_cuts(sentence):
        if balanced[at] and at >= shortest:
            return End(f"{text[: start + at]}。", text[start + at :].lstrip("，；"), evidence)
    return End(text[:start], sentence, evidence)


def _clause_cuts(sentence: str) -> Iterator[int]:
    """The places inside a sentence where it may stop, last first."""
    marks = [found.start() for found in _CLAUSE.finditer(sentence)]
    last = marks[-1] + 1 if marks else 0
    joint = _joint(sentence[last:])
    if joint:
        yield last + joint
    starts = [0, *(mark + 1 for mark in marks)]
    for start, mark in reversed([*zip(starts, marks, strict=False)]):
        if _complete(sentence[start:mark]):
            yield mark


def _joint(clause: str) -> int:
    """Where 及 joins the last of several objects of a verb: the others stand without it."""
    at = max(clause.rfind("以及"), clause.rfind("及"))
    if clause[at - 1 : at + 1] == "以及":
        at -= 1
    kept = tagged(clause[:at]) if at > 0 else ()
    tags = [tag for _, tag in kept]
    verbs = any(tag == "v" for tag in tags[:3]) and "p" not in tags
    return at if verbs and len(kept) > 3 and (clause[at - 1] in "”》" or "、" in clause[:at]) else 0


def _complete(clause: str) -> bool:
    """Whether a clause can stand at the end: it says something (目前, 今年3月 do not), and does not
    only open the next one (通过…, 为了…)."""
    words = tagged(clause)
    if len(han(clause)) < MIN_CLAUSE or not any(tag[0] == "v" for _, tag in words):
        return False
    opener = next(
        (
            at
            for at, (word, _) in enumerate(words[:6])
            if word in rules.phrases("clauses")["openers"]
        ),
        None,
    )
    if opener is None:
        return words[-1][1] not in _HANGING
    rest = words[opener + 1 :]
    return any(word in rules.phrases("clauses")["predicates"] for word, _ in rest) or words[-1][
        1
    ] in {"v", "ul"}


def _balanced(text: str) -> list[bool]:
    """For each place in a text whether it has as many opening as closing marks before it."""
    depths = dict.fromkeys(range(len(_OPENING)), 0)
    balanced = [True]
    for char in text:
        if char in _OPENING:
            depths[_OPENING.index(char)] += 1
        elif char in _CLOSING:
            depths[_CLOSING.index(char)] -= 1
        balanced.append(not any(depths.values()))
    return balanced
