"""An engine that listens to what it has said, and says again what was not understood."""

import hashlib
import json
import logging
import threading
from collections import Counter

from qjaudio.engines.cached import Cached, ClipCache
from qjaudio.engines.wrappers import Wrapping, join_pieces
from qjaudio.errors import EngineError, IncompleteError
from qjaudio.speech.hearing import (
    DOUBT_RATE,
    LEAST_SYLLABLES,
    Reading,
    Recogniser,
    compare,
    syllables,
)
from qjaudio.speech.model import Clip, Utterance
from qjaudio.speech.plan import smaller

_log = logging.getLogger(__name__)
_AS_IT_WAS = b"as it was"


class Listened(Wrapping):
    """Takes each clip of a cached engine to a recogniser; of a doubtful one it tries another take.

    A voice that always says the same says the text in two pieces; any other says it once more. The
    better of the two is the clip, the first where they are equal: a recogniser that does not know a
    rare name changes nothing. The verdict is remembered by recogniser and by the very sound, apart
    from the clips themselves, so that a clip which nobody has listened to never passes for one.
    """

    def __init__(
        self,
        engine: Cached,
        recogniser: Recogniser,
        reading: Reading,
        verdicts: ClipCache,
    ) -> None:
        """Wrap `engine`; what was found of each clip is kept in `verdicts`."""
        super().__init__(engine)
        self._cached = engine
        self._recogniser = recogniser
        self._reading = reading
        self._verdicts = verdicts
        self._counts: Counter[str] = Counter()
        self._counting = threading.Lock()

    @property
    def counts(self) -> dict[str, int]:
        """How many clips were `listened` to, how many spoken `again`, how many of these `better`.

        Clips with a remembered verdict are in none of them.
        """
        return {name: self._counts[name] for name in ("listened", "again", "better")}

    def speak(self, utterance: Utterance) -> Clip:
        """The clip of the engine inside, or a take of it that is better understood."""
        clip = self._cached.speak(utterance)
        if len(syllables(utterance.words)) < LEAST_SYLLABLES:
            return clip
        key = self._key(utterance, clip)
        verdict = self._verdicts.get(key)
        if verdict is not None:
            return clip if verdict == _AS_IT_WAS else Clip(verdict)
        best = self._better(utterance, clip)
        self._verdicts.put(key, _AS_IT_WAS if best is clip else best.pcm)
        return best

    def _key(self, utterance: Utterance, clip: Clip) -> str:
        sound = hashlib.sha256(clip.pcm).hexdigest()
        heard_by = self._recogniser.identity
        return json.dumps(["listened", heard_by, DOUBT_RATE, sound, self._cached.key(utterance)])

    def _better(self, utterance: Utterance, clip: Clip) -> Clip:
        self._count("listened")
        rate = self._rate(utterance, clip)
        if rate <= DOUBT_RATE:
            return clip
        self._count("again")
        other = self._other_take(utterance)
        other_rate = rate if other is None else self._rate(utterance, other)
        facts = {"text": utterance.text, "rate": rate, "other": other_rate}
        _log.warning("not_understood", extra={"facts": facts})
        if other is None or other_rate >= rate:
            return clip
        self._count("better")
        return other

    def _rate(self, utterance: Utterance, clip: Clip) -> float:
        heard = self._reading(self._recogniser.hear(clip))
        return compare(syllables(utterance.words), heard).rate

    def _other_take(self, utterance: Utterance) -> Clip | None:
        """The text said in another way; None where there is none that works."""
        try:
            if not self.repeatable:
                return self._cached.engine.speak(utterance)
            pieces = smaller(utterance, -(-len(utterance.spoken) * 3 // 5))
            if len(pieces) < 2:
                return None
            return join_pieces([(piece, self._cached.speak(piece)) for piece in pieces])
        except (EngineError, IncompleteError):  # the first take had passed the gate
            return None

    def _count(self, name: str) -> None:
        with self._counting:
            self._counts[name] += 1
