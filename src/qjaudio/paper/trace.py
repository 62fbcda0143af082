"""Where each character of a page went: the way back from the issue to its source."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from qjaudio.paper.model import Article, Issue, Page

SHORTEST = 2
"""A stretch of fewer letters may stand anywhere by chance; it follows what is around it."""
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
    for number, article in enumerate(issue.articles, start=1):
        yield Target("article", number), _letters(_whole(article))
        mended = (
            fix.before for fix in issue.repairs if fix.where.startswith(article.headline.main)
        )
        yield Target("article", number), _letters("\n".join(mended))
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
        self._texts = texts
        self._last = 0

    def longest(self, letters: str) -> tuple[int, Target]:
        """How many of the first letters stand together in one text, and in which."""
        best = (0, self._last)
        order = sorted(range(len(self._texts)), key=lambda index: index != self._last)
        for index in order:
            length = _common(letters, self._texts[index][1], best[0])
            if length > best[0]:
                best = (length, index)
            if best[0] == len(letters):
                break
        if best[0] >= min(SHORTEST, len(letters)) and best[0]:
            self._last = best[1]
            return best[0], self._texts[best[1]][0]
        return 1, NOWHERE


def _common(letters: str, text: str, least: int) -> int:
    """The length of the longest beginning of `letters`, over `least`, that is in `text`."""
    length = least
    while length < len(letters) and letters[: length + 1] in text:
        length += 1
    return length if length > least else 0


def _placed(text: str, finder: _Finder) -> list[Target]:
    """A target for each letter of a line, gaps filled from both sides where they agree."""
    letters = _letters(text)
    targets: list[Target] = []
    while len(targets) < len(letters):
        length, target = finder.longest(letters[len(targets) :])
        targets += [target] * length
    for index, target in enumerate(targets):
        before = targets[index - 1] if index else NOWHERE
        if target is NOWHERE and before in targets[index + 1 : index + 1 + LONGEST_GAP]:
            targets[index] = before
    return targets


def _stretches(text: str, targets: list[Target]) -> tuple[Stretch, ...]:
    found: list[Stretch] = []
    letters = iter(targets)
    current = targets[0] if targets else NOWHERE
    for char in text:
        if char.isalnum():
            current = next(letters)
        if found and found[-1].target == current:
            found[-1] = Stretch(found[-1].text + char, current)
        else:
            found.append(Stretch(char, current))
    return tuple(found)
