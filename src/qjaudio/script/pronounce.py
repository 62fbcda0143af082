"""Spoken → readings: words, their sounds, the tones that are heard, and why they are so."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any

from qjaudio.paper.sentences import clauses, stretches
from qjaudio.paper.text import Doubt, is_han
from qjaudio.rules import phrases
from qjaudio.script.lexicon import Lexicon
from qjaudio.script.model import Clause, Line, LineKind, Script, Word
from qjaudio.script.normalize import MARKS, Traced, doubts_of_print, rewrite
from qjaudio.script.people import Person, find_people, is_chinese_name, is_name, with_people
from qjaudio.script.polyphones import ChosenReading, choose_readings
from qjaudio.script.readings import NUMERALS, Token, tokens
from qjaudio.script.sandhi import Syllable, apply_sandhi

SILENT = "“”‘’《》"
"""Marks that have no sound: they are not passed to the words."""
_PAUSE = {"（": "，", "）": "，"}
_FINAL = "。！？…"


@dataclass(frozen=True, slots=True)
class ReadWord:
    """One word with its reading in place: where it stands in the spoken form."""

    start: int
    token: Token
    chosen: ChosenReading
    """The tones of the dictionary, after the rules for characters with several readings."""
    heard: tuple[str, ...]
    """The tones that are heard."""
    breath: int = 0
    """How well a voice may breathe after it."""

    @property
    def word(self) -> Word:
        """The word as the script keeps it."""
        citation = self.chosen.reading if self.chosen.reading != self.heard else ()
        return Word(self.token.text, self.heard, citation, self.token.homophone, self.breath)


def pronounce(script: Script, lexicon: Lexicon, people: Iterable[Person] | None = None) -> Script:
    """The script with each line's clauses and doubts filled: spoken forms and readings.

    `people` are the persons of the whole issue; without them those whom the script itself names.
    """
    if people is None:
        people = find_people(str(line.text) for part in script.parts for line in part.lines)
    lexicon = with_people(lexicon, people)
    known: dict[tuple[str, str], Line] = {}

    def said(line: Line) -> Line:
        key = (
            str(line.text),
            line.kind,
        )  # a headline is said twice: in the rundown, above its story
        if key not in known:
            known[key] = pronounce_line(line, lexicon)
        return replace(line, clauses=known[key].clauses, doubts=known[key].doubts)

    parts = (replace(part, lines=tuple(map(said, part.lines))) for part in script.parts)
    return replace(script, parts=tuple(parts))


def pronounce_text(text: str, lexicon: Lexicon, *, kind: LineKind = "body") -> tuple[Clause, ...]:
    """The clauses of a text that is one line, printed and spoken."""
    return pronounce_line(Line(text=text, kind=kind), lexicon).clauses


def pronounce_line(line: Line, lexicon: Lexicon) -> Line:
    """One line with its clauses, printed and spoken, and what is not sure in them.

    A headline's space is a short pause; a line without an end mark gets 。 in its words, so that
    the voice falls. A clause whose words stand in another (80、90后) is joined with that one.
    """
    text = str(line.text)  # plain strings are quicker to cut than texts that know their place
    traced = rewrite(headline_pauses(text) if line.kind == "headline" else text)
    words = read_words(traced.text, lexicon)
    found = _clauses_of(text, traced, words)
    return replace(line, clauses=_punctuated(found), doubts=_doubts_of(text, traced, words))


def _doubts_of(text: str, traced: Traced, words: Sequence[ReadWord]) -> tuple[Doubt, ...]:
    """What is not sure in a text: expressions that no rule knows, then readings."""
    found = [*doubts_of_print(text, traced)]
    for word in words:
        if word.chosen.doubt:
            start, end = traced.printed_span(word.start, word.start + len(word.token.text), text)
            found.append(
                Doubt(
                    kind="slight",
                    where=(start, end),
                    what=text[start:end],
                    why=word.chosen.doubt,
                    alternatives=word.chosen.alternatives,
                )
            )
    return tuple(found)


def _clauses_of(text: str, traced: Traced, words: Sequence[ReadWord]) -> list[Clause]:
    starts = [word.start for word in words]
    found: list[Clause] = []
    done, at, first, checked = 0, 0, 0, 0
    for piece in clauses(text):
        at += len(piece)
        last = bisect_left(starts, traced.place(at), lo=first)
        if any(map(_sounds, words[checked:last])):
            spoken = tuple(word.word for word in words[first:last])
            found.append(Clause(text[done:at], spoken))
            done, first = at, last
        checked = last
    if done < at:
        rest = tuple(word.word for word in words[first:])
        before = found.pop() if found else Clause("", ())
        found.append(Clause(before.text + text[done:], before.words + rest))
    return found


def _sounds(word: ReadWord) -> bool:
    return bool(word.heard) or word.token.text.isalnum()


def headline_pauses(text: str) -> str:
    """A headline with its spaces between Han characters as commas; the length stays the same."""
    return "".join(
        "，"
        if char.isspace() and 0 < index < len(text) - 1 and _is_between_han(text, index)
        else char
        for index, char in enumerate(text)
    )


def _is_between_han(text: str, index: int) -> bool:
    closing, opening = "”’》）", "“‘《（"
    before, after = text[index - 1], text[index + 1]
    return (is_han(before) or before in closing) and (is_han(after) or after in opening)


def read_words(spoken: str, lexicon: Lexicon) -> tuple[ReadWord, ...]:
    """The words of a spoken form with their readings, without the marks that have no sound."""
    found: list[ReadWord] = []
    start = 0
    for stretch in stretches(spoken):
        found += _read_stretch(stretch, lexicon, start)
        start += len(stretch)
    return tuple(found)


def _read_stretch(spoken: str, lexicon: Lexicon, start: int) -> list[ReadWord]:
    """The same for a stretch that stands at `start`."""
    cut = tokens(spoken, lexicon)
    readings = choose_readings(spoken, cut)
    syllables = [
        syllable
        for number, (token, choice) in enumerate(zip(cut, readings, strict=True))
        for syllable in _syllables(token, choice, number)
    ]
    heard = iter(zip(syllables, apply_sandhi(syllables), strict=True))
    found: list[ReadWord] = []
    for token, choice, breath in zip(cut, readings, breaths(cut), strict=True):
        kept = "".join(char for char in token.text if char not in SILENT)
        sounds = tuple(sound for _, sound in (next(heard) for _ in kept) if sound)
        if kept.strip():
            said = replace(token, text=_PAUSE.get(kept, kept))
            found.append(ReadWord(start, said, choice, sounds, breath))
        start += len(token.text)
    return found


def _keeps_third_tones(token: Token) -> bool:
    """Names of persons keep their tones apart, and so do digits in a row (but 九九, 三五)."""
    digits = token.text.rstrip("年月日号")
    numeral = all(char in NUMERALS for char in digits) and len(set(digits)) > 1
    if numeral or token.source == "number":
        return True
    is_person = token.source == "person" or is_name(token.text, token.tag)
    return is_person and is_chinese_name(token.text, token.tag)


def _syllables(token: Token, choice: ChosenReading, number: int) -> list[Syllable]:
    """Each sounding character and mark of a word; the sound is empty for what is not Han."""
    loose = token.source == "character" and len(token.text) == 2
    holds = _keeps_third_tones(token)
    sounds = iter(zip(choice.reading, choice.fixed, strict=True))
    found = []
    for char in token.text:
        sound, fixed = next(sounds) if is_han(char) else ("", False)
        if char not in SILENT:
            found.append(Syllable(char, sound, number, fixed, loose, holds))
    return found


def _punctuated(found: list[Clause]) -> tuple[Clause, ...]:
    """The clauses without marks at the start or doubled, with an end mark at the end."""
    tidy: list[Clause] = []
    for clause in found:
        words: list[Word] = []
        for word in clause.words:
            is_mark = word.text in MARKS
            if is_mark and (not words or words[-1].text in MARKS):
                if words and word.text in _FINAL:
                    words[-1] = word
                continue
            words.append(word)
        tidy.append(Clause(clause.text, tuple(words)))
    if tidy and tidy[-1].words and tidy[-1].words[-1].text not in _FINAL:
        last = tidy[-1]
        words = [*last.words]
        if words[-1].text in MARKS:
            words.pop()
        tidy[-1] = Clause(last.text, (*words, Word("。")))
    return tuple(tidy)


@dataclass(frozen=True, slots=True)
class ExplainedWord:
    """One word: how it is said, and what decided it."""

    text: str
    pinyin: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A text, its spoken form and the reading of each word."""

    text: str
    spoken: str
    """The spoken form with its marks."""
    words: tuple[ExplainedWord, ...]
    doubts: tuple[Doubt, ...] = ()

    @property
    def pinyin(self) -> tuple[str, ...]:
        """A syllable for each Han character of `spoken`, tones as heard (5 = neutral, v = ü)."""
        return tuple(syllable for word in self.words for syllable in word.pinyin)

    def as_json(self) -> dict[str, Any]:
        """What `qjaudio say --explain --json` prints; `doubts` only where there are any."""
        found = {"text": self.text, "spoken": self.spoken, "pinyin": list(self.pinyin)}
        return {**found, "doubts": list(map(asdict, self.doubts))} if self.doubts else found

    def as_table(self) -> tuple[tuple[str, str, str], ...]:
        """Rows for the terminal: word, pinyin, reason; at the end what is not sure, and why."""
        words = tuple((word.text, " ".join(word.pinyin), word.reason) for word in self.words)
        return words + tuple(("?", doubt.what, doubt.why) for doubt in self.doubts)


def explain(text: str, lexicon: Lexicon) -> Explanation:
    """How a text is said, and why."""
    traced = rewrite(text)
    lexicon = with_people(lexicon, find_people([text]))
    words = []
    found = read_words(traced.text, lexicon)
    for word in found:
        printed = traced.rule[word.start : word.start + len(word.token.text)]
        reasons = [*dict.fromkeys(rule for rule in printed if rule), word.chosen.why]
        if word.chosen.reading != word.heard:
            reasons.append("tone change")
        words.append(ExplainedWord(word.token.text, word.heard, ", ".join(reasons)))
    return Explanation(text, traced.text, tuple(words), _doubts_of(text, traced, found))


NEVER, POOR, GOOD, BEST = range(4)
"""How well a voice may breathe after a word."""

_LONG = re.compile("[^，。；：！？、…—]{25}")
"""A stretch that no voice has to say in one breath; where there is none, nothing is looked for."""
_MODIFIER = 8
"""A verb that 的 follows within so many words belongs to a modifier, not to the subject."""
_NOUN, _ADVERB = ("n", "vn", "j", "b", "s", "x"), ("d",)
_BOUND = ("m", "q", "p", "c", "a")
"""Words that lean on the next one: numbers, prepositions, conjunctions, adjectives."""
_OPENING, _CLOSING = "“‘《（", "”’》）"
_MARKS = frozenset(_OPENING + _CLOSING)


@cache
def _breath_words(name: str) -> frozenset[str]:
    return frozenset(phrases("breath")[name])


@cache
def _names_with_and() -> re.Pattern[str]:
    return re.compile("|".join(phrases("breath")["names_with_and"]))


def breaths(tokens: Sequence[Token]) -> tuple[int, ...]:
    """For each word of a sentence how well a voice may breathe after it, `NEVER` to `BEST`."""
    found = [NEVER] * len(tokens)
    text = "".join(token.text for token in tokens)
    if not _LONG.search(text):
        return tuple(found)
    closed = {at for name in _names_with_and().finditer(text) for at in range(*name.span())}
    depth, last, at = 0, -1, 0
    gap = 0  # the least depth of marks since the last word that sounds
    for index, token in enumerate(tokens):
        closing = sum(char in _CLOSING for char in token.text)
        gap = min(gap, depth - closing)
        depth = max(0, depth + sum(char in _OPENING for char in token.text) - closing)
        if not set(token.text) <= _MARKS:
            if last >= 0 and gap <= 0 and not (at in closed and at - 1 in closed):
                modifies = any(token.text == "的" for token in tokens[index : index + _MODIFIER])
                found[last] = min(_between(tokens[last], token), GOOD if modifies else BEST)
            last, gap = index, depth
        at += len(token.text)
    return tuple(found)


def _between(token: Token, following: Token) -> int:
    """How well a voice may breathe between two words."""
    tight = following.text in _breath_words("never_before") or token.text in _breath_words(
        "never_after"
    )
    if tight or _is(token, _ADVERB):
        return NEVER
    if _is(token, _NOUN) and following.text in _breath_words("verbs"):
        return BEST  # a long subject and its verb
    edge = token.text == "的" or token.text in _breath_words("after")
    if edge or following.text in _breath_words("before") or _is(following, _ADVERB):
        return GOOD
    in_a_name = _is(token, _NOUN) and _is(following, _NOUN)
    return NEVER if in_a_name or _is(token, _BOUND) else POOR


def _is(token: Token, tags: tuple[str, ...]) -> bool:
    return token.tag.startswith(tags)
