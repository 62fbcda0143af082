"""Where each character of a page went: the way back from the issue to its source."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

from qjaudio.paper.model import Article, Issue, Page

_KEYS = (6, 4, 2, 1)
"""Letters by which a stretch is looked up; one of a single letter only where it is all there is."""
_MOST_LETTERS = 32
"""Letters that are compared at first: a printed line has about 20."""
_MOST_PLACES = 4
"""Of the places where a key stands, so many at both ends are compared."""
LONGEST_GAP = 2
"""So many letters between two of one article are mended ones, not lost ones."""


@dataclass(frozen=True, slots=True)
class Target:
    """A text that characters of the page went into."""

    kind: str
    """`article`, or the kind of a piece that was left out; empty = nowhere."""
    number: int = 0
    """Of the article, from 1."""


NOWHERE = Target("")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters of one source line that went to one place."""

    text: str
    target: Target


def trace(pages: Iterable[Page], issue: Issue) -> tuple[tuple[tuple[Stretch, ...], ...], ...]:
    """The lines of each page as stretches; joined, the stretches of a line are its text.

    Letters are looked for in the articles and in what was left out, the longest stretch first and
    near to where the last one was found; marks and mended characters go with their neighbours.
    """
    finder = _Finder(tuple(_texts(issue)))
    return tuple(
        tuple(
            _stretches(line.text, _placed(line.text, finder))
            for block in page.blocks
            for line in block.lines
        )
        for page in pages
    )


def _texts(issue: Issue) -> Iterator[tuple[Target, str]]:
    mended: dict[str, list[str]] = {}
    for fix in issue.repairs:
        mended.setdefault(fix.where.rpartition(": ")[0], []).append(fix.before)
    for number, article in enumerate(issue.articles, start=1):
        yield Target("article", number), _letters(_whole(article))
        slips = mended.get(article.headline.main, ())
        yield Target("article", number), _letters("\n".join(slips))
    for left in issue.left_out:
        yield Target(left.kind), _letters(left.text)


def _whole(article: Article) -> str:
    head = article.headline
    crossheads = "".join(crosshead.text for crosshead in article.crossheads)
    body = "".join(article.paragraphs)
    names = "".join(article.byline)
    return "".join((head.kicker, head.main, head.deck, names, article.dateline)) + "\n".join(
        ("", body, crossheads, article.signoff)
    )


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum() or char == "\n")


class _Finder:
    """Looks stretches up, first where the last one ended."""

    def __init__(self, texts: tuple[tuple[Target, str], ...]) -> None:
        self._targets = [target for target, _ in texts]
        self._whole = "".join(f"{text}\f" for _, text in texts)
        self._starts = [0, *accumulate(len(text) + 1 for _, text in texts)][:-1]
        self._places: dict[str, list[int]] = {}
        for size in _KEYS:
            for at in range(len(self._whole) - size + 1):
                self._places.setdefault(self._whole[at : at + size], []).append(at)
        self._last = 0
        """Where the last stretch ended."""

    def longest(self, letters: str, start: int) -> tuple[int, Target]:
        """How many letters from `start` on stand together in one text, and in which."""
        last_text = self._text_at(self._last)
        best = (0, False, 0)
        left = len(letters) - start
        for size in (size for size in _KEYS if size <= left and (size > 1 or left == 1)):
            for place in self._near(letters[start : start + size]):
                length = self._common(letters, start, place)
                best = max(best, (length, self._text_at(place) == last_text, -place))
                if best[:2] == (left, True):
                    break
            if best[0]:
                break
        length, _, place = best
        if not length:
            return 1, NOWHERE
        self._last = length - place
        return length, self._targets[self._text_at(-place)]

    def _text_at(self, place: int) -> int:
        return bisect_right(self._starts, min(place, len(self._whole) - 1)) - 1

    def _near(self, key: str) -> list[int]:
        """Where a key stands; of many places those after the last stretch, and the first ones."""
        places = self._places.get(key, [])
        if len(places) <= 2 * _MOST_PLACES:
            return places
        at = bisect_left(places, self._last - len(key))
        return [*places[at : at + _MOST_PLACES], *places[:_MOST_PLACES]]

    def _common(self, letters: str, start: int, place: int) -> int:
        """How many letters are the same from here on."""
        if self._whole.startswith(letters[start : start + _MOST_LETTERS], place):
            length, step = min(_MOST_LETTERS, len(letters) - start), _MOST_LETTERS
        else:
            length, step = 0, _MOST_LETTERS // 2
        while step and start + length < len(letters):
            here = letters[start + length : start + length + step]
            there = self._whole[place + length : place + length + step]
            if here and here == there:
                length += step
                step *= 2
            else:
                step //= 2
        return min(length, len(letters) - start)


def _placed(text: str, finder: _Finder) -> list[Target]:
    """A target for each letter of a line, gaps filled from both sides where they agree."""
    letters = _letters(text)
    targets: list[Target] = []
    while len(targets) < len(letters):
        length, target = finder.longest(letters, len(targets))
        targets += [target] * length
    for index, target in enumerate(targets):
        before = targets[index - 1] if index else NOWHERE
        if target is NOWHERE and before in targets[index + 1 : index + 1 + LONGEST_GAP]:
            targets[index] = before
    return targets


def _stretches(text: str, targets: list[Target]) -> tuple[Stretch, ...]:
    letters = iter(targets)
    current = targets[0] if targets else NOWHERE
    places: list[Target] = []
    for char in text:
        current = next(letters) if char.isalnum() else current
        places.append(current)
    starts = [at for at, place in enumerate(places) if not at or place != places[at - 1]]
    return tuple(Stretch(text[a:b], places[a]) for a, b in pairwise([*starts, len(text)]))
