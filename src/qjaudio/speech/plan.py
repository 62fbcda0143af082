"""From a script to the utterances of an episode, each with its voice and the pause after it.

The cast says which reader says which part, with which voice of an engine, and how. A line becomes
as few utterances as fit, of even length, cut where a reader may breathe.
"""

import itertools
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from qjaudio.errors import UsageError, in_brief
from qjaudio.script.model import USUAL_PACE, Clause, Line, Part, Script, Word
from qjaudio.speech.gate import known_pace
from qjaudio.speech.model import Engine, Utterance

_KINDS = ("opening", "headlines", "sign_off")
_TABLES = ("readers", "cast", "voices")
_CAST = (*_KINDS, "stories", "pages", "sections")
_RATE = re.compile(r"([+-]?\d{1,3}) ?%")
_RATES = (-50, 100)
"""Per cent. Beyond these a voice cannot be followed; the services take about the same."""
_PITCH = re.compile(r"([+-]?\d{1,3}) ?Hz", re.IGNORECASE)
_PITCHES = (-100, 100)
"""Hertz: from a man's voice of 110 Hz to a woman's of 210."""
_GAINS = (-12.0, 6.0)
"""Decibels. Clips are levelled to leave their peaks about that much room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One who reads: a name for the listener, and voices for each engine, best first."""

    key: str
    name: str
    voices: Mapping[str, tuple[str, ...]]

    def voice(self, engine: str, offered: tuple[str, ...]) -> str:
        """The first of its voices that the engine offers, else the engine's first."""
        wanted = self.voices.get(engine, ())
        return next((voice for voice in wanted if voice in offered), offered[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How a voice speaks; the defaults are the voice as it is."""

    rate: float = 1.0
    """A factor: 1.05 speaks faster by a twentieth."""
    pitch_hz: int = 0
    """How much higher than the voice is by nature."""
    gain_db: float = 0.0
    """How much louder than the common level of all clips."""

    def asked(self) -> set[str]:
        """What an engine must follow: `rate`, `pitch`; the gain is ours."""
        asked = {"rate": self.rate != 1.0, "pitch": self.pitch_hz != 0}
        return {setting for setting, is_asked in asked.items() if is_asked}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Readers and their parts."""

    readers: Mapping[str, Reader]
    parts: Mapping[str, str]
    """Reader of `opening`, `headlines` and `sign_off`."""
    stories: tuple[str, ...]
    """Readers of the stories, in turn."""
    pages: Mapping[int, str] = field(default_factory=dict)
    """Readers of the stories of a printed page."""
    sections: Mapping[str, str] = field(default_factory=dict)
    """Readers of the stories of a section (版名); before `pages`."""
    deliveries: Mapping[str, Delivery] = field(default_factory=dict)
    """By the name of the voice."""

    def assigned(self, script: Script) -> tuple[Reader, ...]:
        """The reader of each part: who the script names, else by section, by page, in turn.

        A reader named in the script takes no turn away, so that naming one changes one story.
        """
        turns = itertools.cycle(self.stories)
        keys = [self._placed(part) or next(turns) for part in script.parts]
        pairs = zip(script.parts, keys, strict=True)
        return tuple(self.readers[self._named(part) or key] for part, key in pairs)

    def delivery(self, voice: str) -> Delivery:
        """How a voice is to speak."""
        return self.deliveries.get(voice, Delivery())

    def engines_of(self, voice: str) -> tuple[str, ...]:
        """The engines for which a reader has the voice."""
        lists = [pair for reader in self.readers.values() for pair in reader.voices.items()]
        return tuple(dict.fromkeys(engine for engine, voices in lists if voice in voices))

    def with_one_voice(self, engine: str, voice: str) -> "Cast":
        """The same cast, everybody with one voice of an engine."""
        readers = {
            key: replace(reader, voices={**reader.voices, engine: (voice,)})
            for key, reader in self.readers.items()
        }
        return replace(self, readers=readers)

    def _named(self, part: Part) -> str:
        """The reader whom an edited script names; empty where it names none."""
        wanted = ((key, reader.name) for key, reader in self.readers.items())
        found = next((key for key, name in wanted if part.reader in (key, name)), "")
        if part.reader and not found:
            names = "、".join(reader.name for reader in self.readers.values())
            reason = f"script.md: {part.title}: the cast has no reader {part.reader}"
            raise UsageError(reason, hint=f"write 播读: with one of {names}")
        return found

    def _placed(self, part: Part) -> str:
        """The reader by kind of part, section or page; empty for a story that goes by turns."""
        if part.kind != "story":
            return self.parts[part.kind]
        by_page = self.pages.get(part.page, "") if part.page is not None else ""
        return self.sections.get(part.section, by_page)


def parse_cast(table: Mapping[str, Any], engines: Collection[str] = ()) -> Cast:
    """Read the tables of cast.toml; `engines` are those that a reader may name, empty = any.

    Raises:
        UsageError: a table, a key or a value is none that we know, or a part has no reader.
    """
    _require_known(table, _TABLES, "tables")
    named = _subtable(table, "readers")
    readers = {key: _reader(key, _subtable(named, key, "readers."), engines) for key in named}
    cast = _subtable(table, "cast")
    _require_known(cast, _CAST, "[cast]")
    parts = {kind: _reader_name(cast.get(kind, ""), f"[cast] {kind}") for kind in _KINDS}
    stories = _reader_names(cast.get("stories", []), "[cast] stories")
    pages = _subtable(cast, "pages", "cast.")
    sections = _subtable(cast, "sections", "cast.")
    by_page = {key: _reader_name(pages[key], f"[cast.pages] {key}") for key in pages}
    by_section = {key: _reader_name(sections[key], f"[cast.sections] {key}") for key in sections}
    wanted = [*parts.values(), *stories, *by_page.values(), *by_section.values()]
    unknown = sorted({name for name in wanted if name not in readers})
    if unknown or not stories:
        reason = f"names no such reader: {', '.join(unknown)}" if unknown else "stories is empty"
        raise UsageError(
            f"cast.toml {reason}", hint="each name under [cast] needs a table [readers.NAME]"
        )
    voices = _subtable(table, "voices")
    return Cast(
        readers=readers,
        parts=parts,
        stories=stories,
        pages={_page_of_name(key): reader for key, reader in by_page.items()},
        sections={key.strip(): reader for key, reader in by_section.items()},
        deliveries={key: _delivery(key, _subtable(voices, key, "voices.")) for key in voices},
    )


def _reader(key: str, facts: Mapping[str, Any], engines: Collection[str]) -> Reader:
    where = f"[readers.{key}]"
    if engines:
        _require_known(facts, ("name", *engines), where)
    name = facts.get("name", key)
    if not isinstance(name, str) or not name.strip():
        raise _wrong(f"{where} name", name, 'a text: name = "女主播"')
    lists = {
        engine: _reader_names(voices, f"{where} {engine}")
        for engine, voices in facts.items()
        if engine != "name"
    }
    return Reader(key=key, name=name, voices=lists)


def _delivery(voice: str, facts: Mapping[str, Any]) -> Delivery:
    where = f"[voices.{voice}]"
    _require_known(facts, ("rate", "pitch", "gain_db"), where)
    rate = _change(facts.get("rate", "0%"), _RATE, _RATES, f"{where} rate", "+5%")
    pitch = _change(facts.get("pitch", "0Hz"), _PITCH, _PITCHES, f"{where} pitch", "+2Hz")
    gain = facts.get("gain_db", 0.0)
    least, most = _GAINS
    if isinstance(gain, bool) or not isinstance(gain, int | float) or not least <= gain <= most:
        raise _wrong(f"{where} gain_db", gain, f"a number from {least:g} to {most:g}")
    return Delivery(rate=1 + rate / 100, pitch_hz=pitch, gain_db=float(gain))


def _change(
    text: object, form: re.Pattern[str], bounds: tuple[int, int], where: str, example: str
) -> int:
    """The number of a text like `+5%`, within its bounds."""
    found = form.fullmatch(text.strip()) if isinstance(text, str) else None
    if not found or not bounds[0] <= int(found[1]) <= bounds[1]:
        unit = example.lstrip("+0123456789")
        allowed = f'a text like "{example}", from {bounds[0]}{unit} to +{bounds[1]}{unit}'
        raise _wrong(where, text, allowed)
    return int(found[1])


def _page_of_name(key: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,2}", key):
        raise _wrong("[cast.pages]", key, 'the number of a page: 1 = "anchor"')
    return int(key)


def _reader_name(name: object, where: str) -> str:
    if not isinstance(name, str):
        reason = f"cast.toml {where} names no such reader: {in_brief(name, 40)}"
        raise UsageError(reason, hint='give the name of one: "anchor"')
    return name


def _reader_names(names: object, where: str) -> tuple[str, ...]:
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise _wrong(where, names, 'a list of names: ["one", "another"]')
    return tuple(names)


def _subtable(table: Mapping[str, Any], key: str, within: str = "") -> Mapping[str, Any]:
    found = table.get(key, {})
    if not isinstance(found, Mapping):
        raise _wrong(f"{within}{key}", found, f"a table: a line [{within}{key}], its keys below it")
    return found


def _require_known(table: Mapping[str, Any], keys: Collection[str], where: str) -> None:
    unknown = sorted(set(table) - set(keys))
    if unknown:
        reason = f"cast.toml: {where} has no {unknown[0]!r}"
        raise UsageError(reason, hint=f"available: {', '.join(keys)}")


def _wrong(where: str, found: object, wanted: str) -> UsageError:
    reason = f"cast.toml: {where} cannot be {in_brief(found, 40)}"
    return UsageError(reason, hint=f"it is {wanted}")


_LIST_COMMA = "、"
_CUT_COST = {_LIST_COMMA: 12, "，": 2}
"""What a cut costs beside unevenness, by the mark before it; other marks are the best places."""
_BREATH_COST = (110, 60, 34, 12)
"""The same where no mark stands, by how well a voice may breathe after the word."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A clause, or a stretch of a clause too long for one utterance."""

    text: str
    words: tuple[Word, ...]

    @property
    def chars(self) -> int:
        return sum(len(word.text) for word in self.words)


def plan(
    script: Script, cast: Cast, engine: Engine, pauses: Mapping[str, int]
) -> tuple[Utterance, ...]:
    """Every utterance of the episode in order. `pauses` are milliseconds by what ends there."""
    planned: list[Utterance] = []
    readers = cast.assigned(script)
    for number, (part, reader) in enumerate(zip(script.parts, readers, strict=True)):
        voice = reader.voice(engine.name, engine.voices)
        said: dict[str, Any] = {"voice": voice, "reader": reader.name, "part": number}
        said |= asdict(cast.delivery(voice))
        for index, line in enumerate(part.lines):
            pieces = split(line, engine.max_chars)
            for piece in pieces:
                name = _pause_name(part, index, piece, last=piece is pieces[-1])
                planned.append(replace(piece, **said, line=index, pause_ms=pauses[name]))
    return tuple(planned)


def at_rate(utterance: Utterance, rate: float) -> Utterance:
    """The utterance said by so much faster than its voice speaks, and the pause after it too."""
    return replace(utterance, rate=rate, pause_ms=round(utterance.pause_ms / rate))


PACE_SAMPLE = 12
"""So many utterances of a voice, from the shortest to the longest, tell its pace: of the eight
offline voices within 1.7 % of that of all in 19 of 20 cases, where single ones are 4 % from it."""
PACE_WITHIN, PACE_OFF = 0.015, 0.03
"""How near to a pace to come, and from where on to say that it was not reached."""
_PACE_TRIES = 7
_USUAL_MS = 170
"""A syllable of the voices that say `USUAL_PACE`."""


def pace_rates(
    utterances: Sequence[Utterance],
    lengths_of: Callable[[Sequence[Utterance]], Sequence[int]],
    pace: float,
) -> tuple[dict[str, float], dict[str, float]]:
    """The rate of each voice at which it says `pace` characters a minute, pauses included.

    `lengths_of` speaks some utterances and tells the milliseconds of their clips. Also returned is
    the pace of those voices that cannot be brought near it.

    A voice need not follow its rate evenly: Kokoro rounds each sound to frames of 25 ms, and most
    take two, so that it is a tenth faster at 0.81 than at 0.79, and a sixth at 1.34 than at 1.32.
    So the rate is looked for between the nearest that were too slow and too fast.
    """
    rates, off = {}, {}
    for voice in dict.fromkeys(one.voice for one in utterances):
        own = [one for one in utterances if one.voice == voice and one.syllables]
        ranked = sorted(own, key=lambda one: one.syllables)
        steps = min(PACE_SAMPLE, len(ranked)) - 1
        sample = [ranked[at * (len(ranked) - 1) // max(1, steps)] for at in range(steps + 1)]
        found: dict[float, float] = {}
        rate = pace / USUAL_PACE * (known_pace(voice) or _USUAL_MS) / _USUAL_MS
        while len(found) < _PACE_TRIES:
            rate = min(2.0, max(0.5, round(rate * 200) / 200))
            if rate in found:
                break
            lengths = lengths_of([at_rate(one, rate) for one in sample])
            said = found[rate] = characters_a_minute(own, rate, lengths, sample)
            if abs(said / pace - 1) <= PACE_WITHIN:
                break
            slow = max((one for one in found if found[one] < pace), default=0.0)
            fast = min((one for one in found if found[one] >= pace), default=0.0)
            if slow and fast:
                rate = slow + (fast - slow) * (pace - found[slow]) / (found[fast] - found[slow])
            else:
                rate *= pace / said
        rates[voice] = min(found, key=lambda one: abs(found[one] / pace - 1))
        if abs(found[rates[voice]] / pace - 1) > PACE_OFF:
            off[voice] = found[rates[voice]]
    return rates, off


def characters_a_minute(
    utterances: Sequence[Utterance],
    rate: float,
    lengths_ms: Sequence[int],
    sample: Sequence[Utterance] = (),
) -> float:
    """How many characters a minute are said at a rate, with the pauses inside stories.

    `lengths_ms` are those of the clips of the `sample`, or of all `utterances`.
    """
    pairs = itertools.pairwise(utterances)
    pauses = sum(one.pause_ms for one, after in pairs if after.part == one.part)
    pauses_each = pauses / rate / sum(one.syllables for one in utterances)
    return 60_000 / (sum(lengths_ms) / sum(u.syllables for u in sample or utterances) + pauses_each)


def _pause_name(part: Part, index: int, piece: Utterance, *, last: bool) -> str:
    """What ends with this utterance: the name of its pause."""
    if not last:
        mark = piece.words[-1].text if piece.words else ""
        return "list_comma" if mark == "、" else "none" if not mark or mark.isalnum() else "clause"
    line, following = part.lines[index], part.lines[index + 1 : index + 2]
    if not following:
        return "part"
    if line.kind in ("headline", "crosshead"):
        return "headline"
    alike = (line.paragraph, line.kind) == (following[0].paragraph, following[0].kind)
    return "sentence" if alike else "paragraph"


def split(line: Line, max_chars: int) -> tuple[Utterance, ...]:
    """Cut a pronounced line into utterances of at most `max_chars` spoken characters.

    A word is never cut; a single longer word stays whole. Joined, the utterances are the line;
    a line of which nothing can be said gives none.
    """
    pieces = [part for clause in line.clauses for part in _clause_pieces(clause, max_chars)]
    if not any(char.isalnum() for piece in pieces for word in piece.words for char in word.text):
        return ()
    cuts = _best_cuts(pieces, max_chars)
    return tuple(
        Utterance(
            text="".join(piece.text for piece in pieces[start:end]),
            words=tuple(word for piece in pieces[start:end] for word in piece.words),
        )
        for start, end in cuts
    )


def smaller(utterance: Utterance, max_chars: int) -> tuple[Utterance, ...]:
    """Cut an utterance again into pieces of at most `max_chars`, at its marks where it can be.

    For a voice that stumbled over the whole. Each piece has something to say and keeps voice and
    place; only the last keeps the pause after it. One piece means that it cannot be cut.
    """
    clauses: list[list[Word]] = [[]]
    for word in utterance.words:
        clauses[-1].append(word)
        if not any(char.isalnum() for char in word.text):
            clauses.append([])
    line = Line(
        text=utterance.text,
        kind="body",
        clauses=tuple(
            Clause("".join(word.text for word in words), tuple(words)) for words in clauses if words
        ),
    )
    pieces: list[Utterance] = []
    for piece in split(line, max_chars):
        kept = replace(utterance, text=piece.text, words=piece.words, pause_ms=0)
        if pieces and not (kept.syllables and pieces[-1].syllables):  # a mark is not an utterance
            before = pieces.pop()
            kept = replace(kept, text=before.text + kept.text, words=before.words + kept.words)
        pieces.append(kept)
    pieces[-1:] = [replace(last, pause_ms=utterance.pause_ms) for last in pieces[-1:]]
    return tuple(pieces)


def _clause_pieces(clause: Clause, max_chars: int) -> list[_Piece]:
    """The clause as one piece, or as several of whole words where it is too long."""
    whole = _Piece(clause.text, clause.words)
    if whole.chars <= max_chars:
        return [whole]
    pieces = [_Piece(word.text, (word,)) for word in clause.words]
    groups = [clause.words[start:end] for start, end in _best_cuts(pieces, max_chars)]
    texts = _printed_texts(clause.text, ["".join(word.text for word in group) for group in groups])
    return [_Piece(text, group) for text, group in zip(texts, groups, strict=True)]


def _printed_texts(text: str, spoken: list[str]) -> list[str]:
    """The printed text of each spoken stretch; all of it with the first where the two differ."""
    if "".join(spoken).rstrip("。") == text.rstrip("。"):
        texts, start = [], 0
        for stretch in spoken[:-1]:
            texts.append(text[start : start + len(stretch)])
            start += len(stretch)
        return [*texts, text[start:]]
    return [text, *("" for _ in spoken[1:])]


def _best_cuts(pieces: list[_Piece], max_chars: int) -> list[tuple[int, int]]:
    """The cheapest way to group the pieces: few utterances of even length (dynamic programming)."""
    sizes = [piece.chars for piece in pieces]
    total = sum(sizes)
    target = total / max(1, -(-total // max_chars))
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(pieces) + 1):
        options = []
        size = 0
        for start in range(end - 1, -1, -1):
            size += sizes[start]
            if size > max_chars and start < end - 1:
                break
            options.append((best[start][0] + _cost_of_cut(pieces, end, size, target), start))
        best.append(min(options))
    cuts: list[tuple[int, int]] = []
    end = len(pieces)
    while end:
        start = best[end][1]
        cuts.append((start, end))
        end = start
    return cuts[::-1]


def _cost_of_cut(pieces: list[_Piece], end: int, size: int, target: float) -> float:
    uneven = ((size - target) / target) ** 2 * 30
    if end == len(pieces):
        return uneven
    words = pieces[end - 1].words
    last = words[-1] if words else Word("")
    if last.pinyin or last.text.isalnum() or not last.text:
        return uneven + 10 + _BREATH_COST[last.breath]
    return uneven + 10 + _CUT_COST.get(last.text, 0)
