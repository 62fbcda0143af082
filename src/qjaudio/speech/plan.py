"""From a script to the utterances of an episode, each with its voice and the pause after it.

A line becomes as few utterances as fit, of even length, cut where a reader may breathe.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from qjaudio.script.model import USUAL_PACE, Clause, Line, Part, Script, Word
from qjaudio.speech.cast import Cast
from qjaudio.speech.model import Engine, Utterance

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
        delivery = cast.delivery(voice)
        for index, line in enumerate(part.lines):
            pieces = split(line, engine.max_chars)
            planned += (
                replace(
                    piece,
                    voice=voice,
                    rate=delivery.rate,
                    pitch_hz=delivery.pitch_hz,
                    gain_db=delivery.gain_db,
                    reader=reader.name,
                    part=number,
                    line=index,
                    pause_ms=pauses[_pause_name(part, index, piece, last=piece is pieces[-1])],
                )
                for piece in pieces
            )
    return tuple(planned)


def at_rate(utterance: Utterance, rate: float) -> Utterance:
    """The utterance said by so much faster than its voice speaks, and the pause after it too."""
    return replace(utterance, rate=rate, pause_ms=round(utterance.pause_ms / rate))


PACE_SAMPLE = 10
"""So many utterances of a voice tell its pace: their mean is within 1.5 % of that of all. Single
ones of both offline readers are 4 % from it."""
PACE_WITHIN, PACE_OFF = 0.015, 0.04
"""How near to a pace to come, and from where on to say that it was not reached."""
_TRIES = 4


def pace_rates(
    utterances: Sequence[Utterance],
    lengths_of: Callable[[Sequence[Utterance]], Sequence[int]],
    pace: float,
) -> tuple[dict[str, float], dict[str, float]]:
    """The rate of each voice at which it says `pace` characters a minute, pauses included.

    `lengths_of` speaks some utterances and tells the milliseconds of their clips. Also returned is
    the pace of those voices that cannot be brought near it.
    """
    rates, off = {}, {}
    for voice in dict.fromkeys(one.voice for one in utterances):
        own = [one for one in utterances if one.voice == voice and one.syllables]
        told = sorted(own, key=lambda one: one.syllables)[len(own) // 3 :]
        sample = told[:: -(-len(told) // PACE_SAMPLE)]
        rate = pace / USUAL_PACE
        for _ in range(_TRIES):
            rate = round(rate, 2)  # services take whole per cents
            found = characters_a_minute(
                own, rate, lengths_of([at_rate(u, rate) for u in sample]), sample
            )
            rates[voice] = rate
            if abs(found / pace - 1) <= PACE_WITHIN:
                break
            rate *= pace / found
        if abs(found / pace - 1) > PACE_OFF:
            off[voice] = found
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
    pairs = pairwise(utterances)
    pauses = sum(one.pause_ms for one, after in pairs if after.part == one.part)
    pauses_each = pauses / rate / sum(one.syllables for one in utterances)
    return 60_000 / (sum(lengths_ms) / sum(u.syllables for u in sample or utterances) + pauses_each)


def _pause_name(part: Part, index: int, piece: Utterance, *, last: bool) -> str:
    """What ends with this utterance: the name of its pause."""
    if not last:
        mark = piece.words[-1].text if piece.words else ""
        return {"": "none", "、": "list_comma"}.get(
            mark, "clause" if not mark.isalnum() else "none"
        )
    line = part.lines[index]
    following = part.lines[index + 1] if index + 1 < len(part.lines) else None
    if following is None:
        return "part"
    if line.kind in ("headline", "crosshead"):
        return "headline"
    return "sentence" if _stand_together(line, following) else "paragraph"


def _stand_together(line: Line, following: Line) -> bool:
    return line.paragraph == following.paragraph and line.kind == following.kind


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
