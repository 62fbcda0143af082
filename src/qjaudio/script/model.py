"""The script as frozen values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from qjaudio.paper.text import Doubt, spans_json

PartKind = Literal["opening", "headlines", "story", "sign_off"]
LineKind = Literal["phrase", "headline", "crosshead", "body"]

USUAL_PACE = 296.0
"""Characters a minute of the offline readers as they are, with the pauses inside stories."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the spoken form, or one punctuation mark."""

    text: str
    pinyin: tuple[str, ...] = ()
    """A syllable with tone digit for each Han character (5 = neutral, v = ü), tones as heard."""
    citation: tuple[str, ...] = ()
    """The same with the tones of the dictionary; empty where no tone changes."""
    homophone: str = ""
    """Characters of the same sound, for an engine that takes no readings; never shown."""
    breath: int = 0
    """How well a voice may breathe after it where no mark stands: 0 never, 3 best."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a line up to its clause mark, printed and spoken."""

    text: str
    """As printed, with its mark."""
    words: tuple[Word, ...]

    @property
    def spoken(self) -> str:
        """The spoken form, with its mark."""
        return "".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sentence to be said."""

    text: str
    """As printed; a `PageText` where it comes from a page, so that it knows its place there."""
    kind: LineKind
    paragraph: int = 0
    """The number of its paragraph inside the part: lines that share it stand together."""
    clauses: tuple[Clause, ...] = ()
    """Filled by `pronounce`."""
    doubts: tuple[Doubt, ...] = ()
    """Filled by `pronounce`: places of `text` that may be said wrongly."""

    @property
    def spoken(self) -> str:
        """The spoken form; empty before `pronounce`."""
        return "".join(clause.spoken for clause in self.clauses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the script: opening, headlines, a story or the sign-off. One chapter each."""

    kind: PartKind
    title: str
    """In Chinese; a story's title is its headline."""
    lines: tuple[Line, ...]
    page: int | None = None
    """The printed page of a story."""
    section: str = ""
    """The name of that page, as printed: 要闻; empty where it is not known."""
    byline: tuple[str, ...] = ()
    signoff: str = ""
    """The department that signs a story at its end: 区卫生健康局."""
    reader: str = ""
    """A reader named in an edited script; empty = as the cast says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Everything that is said in one episode, in order."""

    paper: str
    date: str
    """ISO 8601."""
    parts: tuple[Part, ...]

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """What may be said wrongly, in order; a headline, which is said twice, counts once."""
        lines = {(line.text, line.kind): line for part in self.parts for line in part.lines}
        return tuple(doubt for line in lines.values() for doubt in line.doubts)

    @property
    def stories(self) -> tuple[Part, ...]:
        """The parts that are stories."""
        return tuple(part for part in self.parts if part.kind == "story")


def script_json(script: Script) -> dict[str, Any]:
    """The script as an object of JSON; the `spans` of a line say where it stands on the pages.

    They are empty for our own sentences, and for those that an editor has written.
    """
    found = asdict(script)
    for part, rows in zip(script.parts, found["parts"], strict=True):
        for line, row in zip(part.lines, rows["lines"], strict=True):
            row |= {"text": str(line.text), "spans": spans_json(line.text)}
    return found


def script_from_json(record: Mapping[str, Any]) -> Script:
    """The script of a script.json, but for places and doubts.

    Raises:
        KeyError, TypeError: it is damaged.
    """

    def word(row: Mapping[str, Any]) -> Word:
        return Word(**{**row, "pinyin": tuple(row["pinyin"]), "citation": tuple(row["citation"])})

    def line(row: Mapping[str, Any]) -> Line:
        clauses = (Clause(one["text"], tuple(map(word, one["words"]))) for one in row["clauses"])
        plain = {name: row[name] for name in ("text", "kind", "paragraph")}
        return Line(**plain, clauses=tuple(clauses))

    def part(row: Mapping[str, Any]) -> Part:
        return Part(
            **{**row, "lines": tuple(map(line, row["lines"])), "byline": tuple(row["byline"])}
        )

    parts = tuple(map(part, record["parts"]))
    return Script(paper=record["paper"], date=record["date"], parts=parts)
