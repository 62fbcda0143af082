"""From a script to the utterances of an episode, each with its voice and the pause after it."""

from collections.abc import Mapping
from dataclasses import replace

from qjaudio.script.model import Line, Part, Script
from qjaudio.speech.cast import Cast
from qjaudio.speech.model import Engine, Utterance
from qjaudio.speech.split import split


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
                    pause_ms=pauses[_ending(part, index, piece, last=piece is pieces[-1])],
                )
                for piece in pieces
            )
    return tuple(planned)


def _ending(part: Part, index: int, piece: Utterance, *, last: bool) -> str:
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
