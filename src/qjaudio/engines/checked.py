"""The gate: an engine that lets no doubtful clip pass."""

import logging

from qjaudio import rules
from qjaudio.engines.wrapping import Wrapping
from qjaudio.errors import EngineError, IncompleteError
from qjaudio.speech.duration import doubt, silence, sounding
from qjaudio.speech.model import BYTES_PER_SAMPLE, SAMPLE_RATE, Clip, Engine, Utterance
from qjaudio.speech.split import smaller

_log = logging.getLogger(__name__)
_SHOWN_CHARS = 18
_LEAST_CHARS = 8
"""Shorter pieces are said as single words are: drawn out, and out of their sentence."""
_LEAD_MS = 40
_TAIL_MS = 80
"""What stays of the silence at the ends of a piece that is joined to another."""


class Checked(Wrapping):
    """Passes clips that can be all of their text; for any other it finds another way, or refuses.

    What it looks at is written in `speech.duration.doubt` and `speech.faults.fault`. A doubtful
    clip is spoken again where that may help (`takes`: a voice that always says the same gets one);
    then the text is cut in two at a mark, and each half in two again, the pieces spoken alone and
    joined: still one clip. A text that the engine inside says is too much for it, or a failure
    that lies in the text (an error whose `in_the_text` is true), is cut at once.
    """

    def __init__(self, engine: Engine, *, takes: int = 2, cuts: int = 2) -> None:
        """Wrap `engine`; a text is cut in two `cuts` times at most."""
        super().__init__(engine)
        self._takes = takes
        self._cuts = cuts

    def speak(self, utterance: Utterance) -> Clip:
        """Speak the utterance whole.

        Raises:
            IncompleteError: no way led to a good clip; names the text and the reason.
            EngineError: the engine inside failed for another reason than the text.
        """
        return self._speak(utterance, self._cuts)

    def _speak(self, utterance: Utterance, cuts: int) -> Clip:
        refusal: EngineError | IncompleteError
        try:
            clip, reason = self._attempt(utterance)
            if not reason:
                return clip
            refusal = _refused(self.name, utterance, reason)
        except IncompleteError as error:
            refusal = error
        except EngineError as error:
            if not getattr(error, "in_the_text", False):
                raise
            refusal = error
        pieces = self._pieces(utterance) if cuts else ()
        facts = {"engine": self.name, "voice": utterance.voice, "text": utterance.text}
        if len(pieces) < 2:
            _log.error("refused", extra={"facts": {**facts, "reason": refusal}})
            raise refusal
        _log.warning("cut", extra={"facts": {**facts, "pieces": len(pieces), "reason": refusal}})
        whole = joined([(piece, self._speak(piece, cuts - 1)) for piece in pieces])
        reason = doubt(utterance, whole)
        if reason:
            _log.error("refused", extra={"facts": {**facts, "reason": reason}})
            raise _refused(self.name, utterance, reason)
        return whole

    def _attempt(self, utterance: Utterance) -> tuple[Clip, str]:
        """A clip and what is doubtful about it, after as many takes as may help."""
        clip = self.engine.speak(utterance)
        reason = doubt(utterance, clip)
        for _ in range(1, self._takes):
            if not reason:
                break
            facts = {"engine": self.name, "text": utterance.text, "reason": reason}
            _log.warning("doubtful", extra={"facts": facts})
            clip = self.engine.speak(utterance)
            reason = doubt(utterance, clip)
        return clip, reason

    def _pieces(self, utterance: Utterance) -> tuple[Utterance, ...]:
        chars = len(utterance.spoken)
        limit = min(-(-chars * 3 // 5), self.max_chars)  # two uneven halves rather than three
        return smaller(utterance, limit) if chars >= 2 * _LEAST_CHARS else ()


def joined(spoken: list[tuple[Utterance, Clip]]) -> Clip:
    """The clips of pieces as one, with the pause that belongs to the mark between two."""
    pauses = rules.phrases("pauses")
    pcm = bytearray()
    for number, (piece, clip) in enumerate(spoken):
        first, last = number == 0, number == len(spoken) - 1
        pcm += _trimmed(clip, start=not first, end=not last)
        if not last:
            mark = piece.words[-1].text
            ending = {"、": "list_comma"}.get(mark, "none" if mark.isalnum() else "clause")
            pcm += silence(pauses[ending]).pcm
    return Clip(bytes(pcm))


def _trimmed(clip: Clip, *, start: bool, end: bool) -> bytes:
    heard = sounding(clip)
    if heard is None:
        return clip.pcm
    begins = max(0, heard.start_ms - _LEAD_MS) if start else 0
    ends = heard.end_ms + _TAIL_MS if end else clip.duration_ms
    per_ms = SAMPLE_RATE * BYTES_PER_SAMPLE // 1000
    return clip.pcm[begins * per_ms : ends * per_ms]


def _refused(name: str, utterance: Utterance, reason: str) -> IncompleteError:
    return IncompleteError(
        f"not spoken whole by {name}: {_shortened(utterance.text)} ({reason})",
        hint="try another --voice, or put a comma into this sentence in script.md",
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARS else f"{text[: _SHOWN_CHARS - 1]}…"
