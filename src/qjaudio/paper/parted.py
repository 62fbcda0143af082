"""Paragraphs that another story parts, as where the reading order broke at a wide picture.

A story stops in the middle of a sentence, and its rest stands below the text of another one. Which
pieces are the rest is told by the word that the break cuts in two, by what cannot begin a sentence,
and by the wording of both stories.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby

from qjaudio.paper.drafts import Draft
from qjaudio.paper.pieces import Piece
from qjaudio.paper.text import han
from qjaudio.paper.words import is_common, parted_word, stops_midway, tagged

CERTAIN, PROOF, LIKELY = 6, 4, 3
"""Points of a break inside a number, of a proof by words, and the fewest that join two pieces."""
MAX_STORIES, MAX_STOPS = 60, 12
"""No page has more stories; where more of them stop in a sentence, the source drops full stops."""
_NO_BEGINNING = "，。、；：！？）》”’%℃"
_NO_START = ("uj", "ul", "uz", "uv", "ud", "ug", "y", "k", "q", "zg", "ng", "vg", "ag")
"""Of words that begin none: 的, 了, 着, of 吗 and 呢, of 们, of measures, parts of words."""
_NOUNS = ("n", "nz", "nr", "ns", "nt", "vn", "l", "j")
MIN_CLAUSE = 4
"""Han characters of the shortest clause that opens a sentence, but for 目前, 随后 and such."""
MIN_NOUNS = 2
"""So many nouns of one story alone tell whose a text is."""


def join_parted(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts, each with the rest that stood in another one of its page."""
    found: list[Draft] = []
    for _, page in groupby(drafts, key=lambda draft: draft.page):
        stories = [*page]
        if 1 < len(stories) <= MAX_STORIES:
            stories = _joined_on_page(stories)
        found += [story for story in stories if story.body]
    return found


def _joined_on_page(stories: list[Draft]) -> list[Draft]:
    stopped = [story for story in stories if _stops(story)]
    if not 0 < len(stopped) <= MAX_STOPS:
        return stories
    for _ in stopped:
        pairs = [
            (points, story, other, at)
            for story in stories
            if _stops(story)
            for other in stories
            if other is not story
            for points, at in _rests(story, other)
        ]
        if not pairs:
            break
        _, story, other, at = max(pairs, key=lambda pair: pair[0])
        now = dict(zip((id(story), id(other)), _moved(story, other, at), strict=True))
        stories = [now.get(id(one), one) for one in stories]
    return stories


def _stops(story: Draft) -> bool:
    """Whether a story stops in the middle of a sentence, and no other page has its rest."""
    if story.marked or story.onward or story.signoffs or not story.body:
        return False
    return not _ended(story.body[-1])


def _ended(piece: Piece) -> bool:
    return piece.facts.ends_sentence or piece.facts.is_signed


@lru_cache(maxsize=4096)
def _nouns(text: str) -> frozenset[str]:
    return frozenset(word for word, tag in tagged(text) if len(word) > 1 and tag in _NOUNS)


def _nouns_of(pieces: Iterable[Piece]) -> set[str]:
    return set().union(*(_nouns(str(piece.text)) for piece in pieces))


def _rests(story: Draft, other: Draft) -> Iterator[tuple[int, int]]:
    """How much speaks for the pieces of another draft being the rest of a story, and from where."""
    tail = story.body[-1]
    mine, theirs = _nouns_of([*story.heads, *story.body]), _nouns_of(other.heads)
    for at, piece in enumerate(other.body):
        above = other.body[at - 1] if at else None
        if _is_unopened(tail, piece) and (at or not (other.heads or other.back)):
            points = _goes_on(tail, piece)
            if above is not None and not _ended(above):
                # Both stories stop: only a proof decides.
                points = points if points >= PROOF > _goes_on(above, piece) else 0
            else:
                nearer = _nearer(_nouns_of(other.body[at : at + 3]), mine, theirs)
                points += nearer if points < CERTAIN else 0
            if points >= LIKELY:
                yield points, at
        theirs |= _nouns_of([piece])


def _is_unopened(tail: Piece, piece: Piece) -> bool:
    """Whether nothing shows that a piece begins a paragraph, a story, or stands further up."""
    begins = piece.opens is True or piece.level or piece.facts.opens_story
    return not begins and piece.order > tail.order


def _nearer(rest: set[str], mine: set[str], theirs: set[str]) -> int:
    """What the nouns say for the story that stops, against the one above the rest."""
    shared = len(rest & mine - theirs) - len(rest & theirs - mine)
    return 2 if shared >= MIN_NOUNS else -2 if shared < 0 else 0


def _goes_on(tail: Piece, piece: Piece) -> int:
    """How much speaks for a piece that goes on where another one stops, by their words alone."""
    before, after = tail.text.rstrip(), piece.text.lstrip()
    if after[0] in _NO_BEGINNING or (before[-1].isdecimal() and after[0].isdecimal()):
        return CERTAIN
    midway = _midway(after)
    word = parted_word(before, after)
    parted = 3 if word and is_common(word) else 2 * bool(word)
    return midway + (midway > 1) + parted + 2 * stops_midway(before)


def _midway(text: str) -> int:
    """How much the first words of a text look as if a sentence had begun before them."""
    words = tagged(text[:8])
    first, tag = words[0]
    if tag in _NO_START:
        return 3
    clause = re.split("[，。；：！？]", text[:14], maxsplit=1)[0]
    inside = tagged(clause)
    stopped = len(clause) < len(text[:14]) and text[len(clause)] != "，"
    if stopped and not any(tag[0] in "va" for _, tag in inside):
        return 2  # a sentence without a verb
    bare = len(han(clause)) < MIN_CLAUSE and len(inside) < 3 and inside[-1][1][0] in "vn"
    if bare and len(first) == 1:
        return 2
    return 1 if tag == "d" or (tag == "v" and len(first) == 1) else 0


def _moved(story: Draft, other: Draft, at: int) -> tuple[Draft, Draft]:
    """Both, the pieces of the other from `at` on in the story, but for what goes on above them."""
    end = len(other.body)
    if at and not _ended(other.body[at - 1]):
        above = other.body[at - 1]
        goes_on = (n for n in range(at + 1, end) if _goes_on(above, other.body[n]) >= PROOF)
        end = next(goes_on, end)
    first, *rest = other.body[at:end]
    last = other.body[end].order if end < len(other.body) else None
    moved = {piece.order for piece in rest}
    taken = {
        piece.order
        for piece in other.credits + other.signoffs
        if first.order < piece.order and (last is None or piece.order < last)
    }

    def of(pieces: tuple[Piece, ...], *, below: bool) -> tuple[Piece, ...]:
        return tuple(piece for piece in pieces if (piece.order in taken) == below)

    return replace(
        story,
        body=(*story.body, replace(first, opens=False), *rest),
        credits=story.credits + of(other.credits, below=True),
        signoffs=story.signoffs + of(other.signoffs, below=True),
        crossheads=story.crossheads | other.crossheads & moved,
        onward=other.onward if last is None else story.onward,
    ), replace(
        other,
        body=other.body[:at] + other.body[end:],
        credits=of(other.credits, below=False),
        signoffs=of(other.signoffs, below=False),
        crossheads=other.crossheads - moved,
        onward=None if last is None else other.onward,
    )
