"""Stories that are none: adverts, and notices that somebody paid for.

What speaks for one is in rules/adverts.toml: how to reach a shop, its own voice, prices, what it
offers. A dateline, a reporter and people who say something speak for news, so that news with a
telephone number stays news.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from qjaudio import rules
from qjaudio.paper.drafts import Draft, Remains
from qjaudio.paper.model import LeftOut
from qjaudio.paper.pieces import Piece
from qjaudio.paper.text import compact, han_count

_RULES = rules.phrases("adverts")
_ENDLESS = 1 << 60
MAX_HAN = 600
"""Han characters of the longest text that is looked at: a longer one is written to be read."""
LONGEST_SHORT = 300
"""Of one that is short, and not signed."""
MAX_CONTACT = 90
"""Characters of the longest line that only says how to reach somebody."""


@dataclass(frozen=True, slots=True)
class _Sign:
    where: str
    points: int
    most: int
    patterns: tuple[re.Pattern[str], ...]
    without: re.Pattern[str] | None


_SIGNS = tuple(
    _Sign(
        row["where"],
        row["points"],
        row["most"],
        tuple(map(re.compile, row["patterns"])),
        re.compile(row["except"]) if "except" in row else None,
    )
    for row in _RULES["sign"]
)


def leave_adverts(
    drafts: Sequence[Draft], left_out: Iterable[tuple[int, LeftOut]]
) -> tuple[list[Draft], Remains]:
    """The drafts that are stories, and the others, as adverts.

    `left_out` are the rows left out so far: lines of editors among them may belong to an advert.
    """
    stories, found, remains = [*drafts], list[Draft](), Remains()
    rows = sorted((order, row.text) for order, row in left_out if row.kind == "editors")
    for at in range(len(stories)):
        draft, after = stories[at], stories[at + 1] if at + 1 < len(stories) else None
        end = _order(after) if after else _ENDLESS
        below = rows[bisect_left(rows, (_order(draft), "")) : bisect_left(rows, (end, ""))]
        heads = [*takewhile(_is_contact, after.heads)] if after else []
        contacts = [*(text for _, text in below), *(piece.text for piece in heads)]
        if not is_advert(draft, contacts):
            found.append(draft)
            continue
        for piece in (*draft.heads, *draft.body, *draft.credits, *draft.signoffs, *heads):
            remains.add(piece, "advert")
        if after:
            stories[at + 1] = replace(after, heads=after.heads[len(heads) :])
    return found, remains


def _is_contact(piece: Piece) -> bool:
    """Whether a line without a heading's mark only says how to reach somebody."""
    return not piece.level and is_contact(piece.facts.compact)


def is_contact(line: str) -> bool:
    """Whether a line without white space says how to reach somebody."""
    return any(_points_of(sign, [line]) for sign in _SIGNS if sign.where == "lines")


def _order(draft: Draft) -> int:
    """The place of its first piece in the issue."""
    return min(piece.order for piece in (*draft.heads, *draft.body))


def is_advert(draft: Draft, contacts: Iterable[str] = ()) -> bool:
    """Whether a draft is an advert or a notice; `contacts` are lines below it that say how to reach
    somebody."""
    if draft.marked or draft.onward or draft.back or draft.credits or not draft.body:
        return False
    if any(piece.facts.opens_story or piece.facts.is_signed for piece in draft.body):
        return False
    if sum(piece.facts.han_count for piece in draft.body) > MAX_HAN:
        return False
    heads = [piece.facts.compact for piece in draft.heads]
    body = [piece.facts.compact for piece in draft.body]
    return advert_points(heads, body, contacts) >= int(_RULES["threshold"])


def may_be_advert(headline: str, body: Sequence[str]) -> bool:
    """Whether a story is not far from an advert, or headed by a number to call; `body` is without
    white space."""
    head = "".join(headline.split())
    near = advert_points([head], body) >= int(_RULES["doubt"]) or is_contact(head)
    return near and han_count("".join(body)) <= LONGEST_SHORT


def advert_points(heads: Sequence[str], body: Sequence[str], contacts: Iterable[str] = ()) -> int:
    """How much speaks for an advert in texts without white space."""
    lines = [*(text for text in body if len(text) <= MAX_CONTACT), *map(compact, contacts)]
    seen = {"text": ["".join([*heads, *body, *lines])], "heads": heads, "lines": lines}
    return sum(_points_of(sign, seen[sign.where]) for sign in _SIGNS)


def _points_of(sign: _Sign, texts: Sequence[str]) -> int:
    if sign.without:
        texts = [text for text in texts if not sign.without.search(text)]
    hits = sum(any(map(pattern.search, texts)) for pattern in sign.patterns)
    return sign.points * min(hits, sign.most)
