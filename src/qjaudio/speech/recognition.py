"""What was heard against what was to be said: toneless syllables, aligned."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from qjaudio.script.model import Word
from qjaudio.speech.model import Clip

LEAST_SYLLABLES = 4
"""Fewer are not judged alone: a recogniser guesses at them, and a third wrong says nothing."""
RATE_LIMIT = 0.1
"""The most an episode may have: clear voices have 0.02 to 0.04, of which most is the recogniser."""
RULES = 3
"""Number of the rules by which a clip is judged; with a new one what was heard is heard again."""
DOUBT_RATE = 0.2
"""A clip or a cue over this is listened to, or spoken, once more."""
_OTHER_RATE = 0.5
_FOUND_SHARE = 0.5
_WORD = 2
"""Syllables."""


class Recogniser(Protocol):
    """Something that writes down what it hears."""

    @property
    def identity(self) -> str:
        """Name and version of its model: a part of the key of a remembered verdict."""

    def hear(self, clip: Clip) -> str:
        """What is said in a clip of at most 30 seconds; empty where nothing is."""


Reading = Callable[[str], tuple[str, ...]]
"""From what a recogniser wrote to syllables; the same front end reads it as read the script."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How much of a stretch of speech was heard."""

    wanted: int
    """Syllables that were to be said."""
    errors: int
    """Syllables wrong, missing or too many (the Levenshtein distance)."""
    found: int
    """Wanted syllables that were heard, in their order."""
    heard: int
    """Syllables that were heard."""

    @property
    def rate(self) -> float:
        """Errors for each wanted syllable; over 1 where much was heard that nobody wrote."""
        return self.errors / self.wanted if self.wanted else float(self.errors > 0)

    @property
    def is_other(self) -> bool:
        """Whether a word was lost or doubled, or most is something else.

        A recogniser mishears syllables, but it hears as many as there are: of 94 clips of three
        voices, Whisper base heard one too few or too many in two, and in none more than one.
        """
        is_unlike = abs(self.heard - self.wanted) >= _WORD or self.rate > _OTHER_RATE
        return is_unlike and self.wanted >= LEAST_SYLLABLES

    @property
    def is_doubtful(self) -> bool:
        """Whether another take should be tried."""
        return self.rate > DOUBT_RATE or self.is_other

    @property
    def badness(self) -> tuple[bool, float]:
        """By which the better of two takes is found."""
        return self.is_other, self.rate

    @property
    def dropped(self) -> bool:
        """Whether most of it is missing: under half of four syllables or more were heard."""
        return self.wanted >= LEAST_SYLLABLES and self.found < self.wanted * _FOUND_SHARE


def syllables(words: Iterable[Word]) -> tuple[str, ...]:
    """The toneless syllables of pronounced words; letters and digits count as one each."""
    found: list[str] = []
    for word in words:
        if word.pinyin:
            found += [sound.rstrip("12345") for sound in word.pinyin]
        else:
            found += [char.lower() for char in word.text if char.isalnum()]
    return tuple(found)


def compare(wanted: Sequence[str], heard: Sequence[str]) -> Comparison:
    """One stretch against what was heard of it."""
    return align([wanted], heard)[0]


def align(stretches: Sequence[Sequence[str]], heard: Sequence[str]) -> list[Comparison]:
    """Several stretches, heard in one go, each against its own share of what was heard.

    The cheapest alignment of the whole decides; what was heard too much counts against the
    stretch that it follows.
    """
    owners = [number for number, stretch in enumerate(stretches) for _ in stretch]
    wanted = [sound for stretch in stretches for sound in stretch]
    errors = [0] * len(stretches)
    found = [0] * len(stretches)
    lengths = [0] * len(stretches)
    table = _distances(wanted, heard)
    row, column = len(wanted), len(heard)
    while row or column:
        here = table[row][column]
        owner = owners[max(0, row - 1)] if owners else 0
        is_same = bool(row and column) and wanted[row - 1] == heard[column - 1]
        if row and column and here == table[row - 1][column - 1] + (not is_same):
            row, column = row - 1, column - 1
            found[owner] += is_same
            errors[owner] += not is_same
            lengths[owner] += 1
        elif row and here == table[row - 1][column] + 1:
            row -= 1
            errors[owner] += 1
        else:
            column -= 1
            if errors:
                errors[owner] += 1
                lengths[owner] += 1
    sizes = [len(stretch) for stretch in stretches]
    return [Comparison(*four) for four in zip(sizes, errors, found, lengths, strict=True)]


def _distances(wanted: Sequence[str], heard: Sequence[str]) -> list[list[int]]:
    """Levenshtein's table: entry [i][j] is the distance of the first i from the first j."""
    table = [list(range(len(heard) + 1))]
    for number, sound in enumerate(wanted, 1):
        above, row = table[-1], [number]
        for column, other in enumerate(heard, 1):
            replaced = above[column - 1] + (sound != other)
            row.append(min(above[column] + 1, row[-1] + 1, replaced))
        table.append(row)
    return table
