"""引题, 主题 and 副题: which of the headings above a story is which."""

import re
from dataclasses import dataclass

from qjaudio.paper.characters import bigrams, han, letters, overlap, shared_with
from qjaudio.paper.pieces import Piece
from qjaudio.paper.punctuation import close_up_heading
from qjaudio.paper.words import parted_word

LEVEL_BONUS = 0.35
"""What the biggest type in the group counts against wording shared with the lead (0 to 1)."""
MOTTO_MALUS = 0.2
NEAR = 0.25
LONGEST = 120
"""Characters; a heading is never joined with more lines than make that."""
UNMARKED = 7
"""A heading without Markdown mark counts as smaller than all marked ones."""
_JOINERS = tuple("的和与及暨、，—·：:在将为对向")


@dataclass(frozen=True, slots=True)
class Unit:
    """One heading: a piece, or several that one heading was broken over."""

    text: str
    level: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Headings:
    """The headings of a story by their part."""

    main: Unit | None = None
    kicker: Unit | None = None
    decks: tuple[Unit, ...] = ()
    banners: tuple[Unit, ...] = ()


def units_of(heads: list[Piece], lead: str) -> list[Unit]:
    """The headings of a group, those that were broken over lines joined again.

    A word cut in two, a quotation left open, or the joined wording in the lead prove a break.
    """
    wording = letters(lead)
    units: list[Unit] = []
    for piece in heads:
        text = close_up_heading(piece.text)
        level = piece.level or UNMARKED
        if units and units[-1].level == level and _goes_on(units[-1].text, text, wording):
            last = units.pop()
            units.append(Unit(close_up_heading(f"{last.text}{text}"), level, (*last.pieces, piece)))
        else:
            units.append(Unit(text, level, (piece,)))
    return units


def _goes_on(before: str, after: str, wording: str) -> bool:
    if len(before) > LONGEST:
        return False
    if letters(before + after) in wording:
        return True
    if before.endswith(_JOINERS) or after.startswith(("暨", "、", "”", "》")):
        return True
    return _open_quote(before) or bool(parted_word(before, after))


def _open_quote(text: str) -> bool:
    return (
        text.count("“") > text.count("”")
        or text.count("《") > text.count("》")
        or text.count('"') % 2 == 1
    )


def choose(heads: list[Piece], lead: str, body: str) -> Headings:
    """Choose the main heading by its type size and by the wording it shares with the lead."""
    units = units_of(heads, lead)
    if not units:
        return Headings()
    biggest = min(unit.level for unit in units)
    of_lead, of_body = bigrams(lead), bigrams(body)
    scores = [_score(unit, biggest, of_lead, of_body) for unit in units]
    at = max(range(len(units)), key=lambda place: (scores[place], -place))
    # Where the page's geometry told the parts of a heading, nothing is guessed.
    told = [n for n, unit in enumerate(units) if unit.pieces[0].kind == "headline"]
    at = told[-1] if told else at
    main, above, below = units[at], units[:at], units[at + 1 :]
    kicker = above[-1] if above and _is_kicker(above[-1], main, body) else None
    if above and above[-1].pieces[0].kind == "kicker":
        kicker = above[-1]
    banners = above[:-1] if kicker else above
    return Headings(main, kicker, tuple(below[:2]), (*banners, *below[2:]))


def _score(unit: Unit, biggest: int, lead: set[str], body: set[str]) -> float:
    shared = shared_with(unit.text, lead)
    score = shared + 0.2 * shared_with(unit.text, body)
    score += LEVEL_BONUS if unit.level == biggest else 0.0
    score -= 1.0 if unit.text.startswith(("—", "-")) else 0.0  # a dash begins a 副题
    return score - (MOTTO_MALUS if shared < NEAR and _is_motto(unit.text) else 0.0)


def _is_motto(text: str) -> bool:
    """Two halves of the same length, as banners and kickers like them: `同心聚力 共创未来`."""
    halves = [han(half) for half in re.split(r"[\s，,]+", text.strip())]
    return len(halves) == 2 and len(halves[0]) == len(halves[1]) <= 9


def _is_kicker(unit: Unit, main: Unit, body: str) -> bool:
    """A line right above the main heading in smaller type, or one about the same matter."""
    return unit.level > main.level or overlap(unit.text, body) >= NEAR
