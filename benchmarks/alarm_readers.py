"""Other programs that read Chinese, to ring an alarm: where one disagrees, somebody should look.

None of them is better than this project's reader on newspapers, and each is wrong in its own way.
They are no part of the project:

    pip install pypinyin jieba g2pM==0.1.2.5 polypoly==0.0.3

A reader that is not installed is left out. polypoly brings tensorflow, and is by far the slowest.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qjaudio.paper.text import is_han
from qjaudio.script.lexicon import Lexicon
from qjaudio.script.pronounce import explain

Reader = Callable[[str], Sequence[str | None]]
"""Gives a syllable with tone digit for each character of a text, None where it has none."""

_BY_RULE = "一不"
"""Read by what follows: each program writes them its own way."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One character that another program reads otherwise."""

    word: str
    char: str
    ours: str
    theirs: str
    """`reading:readers` for each other reading."""
    context: str
    is_doubt: bool
    """Whether the project itself says that it is not sure."""


def _pypinyin_by_jieba() -> Reader:
    import jieba  # type: ignore[import-untyped,import-not-found,unused-ignore]
    from pypinyin import Style, lazy_pinyin

    def read(text: str) -> list[str | None]:
        found: list[str | None] = []
        for word in jieba.lcut(text):
            syllables = lazy_pinyin(
                word, style=Style.TONE3, neutral_tone_with_five=True, errors=lambda chars: [*chars]
            )
            found += syllables if len(syllables) == len(word) else [None] * len(word)
        return found

    return read


def _g2pm() -> Reader:
    from g2pM import G2pM  # type: ignore[import-untyped,import-not-found,unused-ignore]

    model = G2pM()
    return lambda text: model(text, tone=True, char_split=True)


def _polypoly() -> Reader:
    import polypoly  # type: ignore[import-untyped,import-not-found,unused-ignore]

    def read(text: str) -> list[str | None]:
        parts: list[Any] = polypoly.predict([text[:290]])[0]
        return [part[0] if isinstance(part, list) else part for part in parts]

    return read


MAKERS: Mapping[str, Callable[[], Reader]] = {
    "jieba": _pypinyin_by_jieba,
    "g2pM": _g2pm,
    "polypoly": _polypoly,
}


def readers() -> dict[str, Reader]:
    """Those of the readers that are installed."""
    found = {}
    for name, make in MAKERS.items():
        try:
            found[name] = make()
        except ImportError:
            print(f"without {name}: not installed")
    return found


def _agree(ours: str, theirs: str) -> bool:
    """Whether two readings are one: neutral tones and third tones that rise do not count."""
    tones = {ours[-1], theirs[-1]}
    return ours[:-1] == theirs[:-1] and (len(tones) == 1 or "5" in tones or tones == {"2", "3"})


def disagreements(
    sentences: Iterable[str], others: Mapping[str, Reader], lexicon: Lexicon
) -> list[Disagreement]:
    """Every character of the spoken forms that at least one other program reads otherwise."""
    found: list[Disagreement] = []
    for sentence in sentences:
        said = explain(sentence, lexicon)
        doubts = "".join(doubt.what for doubt in said.doubts)
        words = [word.text for word in said.words for char in word.text if is_han(char)]
        places = [at for at, char in enumerate(said.spoken) if is_han(char)]
        readings = {name: read(said.spoken) for name, read in others.items()}
        for at, word, ours in zip(places, words, said.pinyin, strict=True):
            char = said.spoken[at]
            theirs: dict[str, list[str]] = defaultdict(list)
            for name, reading in readings.items():
                other = (reading[at] if at < len(reading) else None) or ""
                other = other.replace("u:", "v").replace("ü", "v")
                if other[-1:].isdigit() and char not in _BY_RULE and not _agree(ours, other):
                    theirs[other].append(name)
            if theirs:
                told = " ".join(f"{other}:{','.join(names)}" for other, names in theirs.items())
                context = said.spoken[max(0, at - 8) : at + 9]
                found.append(Disagreement(word, char, ours, told, context, char in doubts))
    return found


def show_disagreements(found: Sequence[Disagreement], limit: int) -> None:
    """The commonest disagreements, each with one place where it happened."""
    counts = Counter((one.char, one.word, one.ours, one.theirs) for one in found)
    example = {(one.char, one.word, one.ours, one.theirs): one for one in found}
    for key, count in counts.most_common(limit):
        print(count, *key, example[key].context, sep="\t")
    disputed = [one for one in found if one.theirs.count(",") + one.theirs.count(":") > 1]
    told = sum(one.is_doubt for one in disputed)
    print(f"{len(found):,} disagreements; two or more readers dispute {len(disputed):,}, ", end="")
    print(f"of which {told:,} are told as doubts")
