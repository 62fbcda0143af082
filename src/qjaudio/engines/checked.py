"""The gate: an engine that lets no doubtful clip pass."""

from qjaudio.engines.wrapping import Wrapping
from qjaudio.errors import IncompleteError
from qjaudio.speech.duration import doubt
from qjaudio.speech.model import Clip, Utterance

_SHOWN_CHARS = 18


class Checked(Wrapping):
    """Passes clips that can be all of their text and asks once more for any other.

    What it looks at is written in `qjaudio.speech.duration.doubt`: empty, silent, too short or
    too long for its syllables, a hole inside, a wrong sample rate.
    """

    def speak(self, utterance: Utterance) -> Clip:
        """Speak the utterance whole.

        Raises:
            IncompleteError: the second clip was doubtful too; names the text and the reason.
        """
        clip = self.engine.speak(utterance)
        if doubt(utterance, clip):
            clip = self.engine.speak(utterance)
        reason = doubt(utterance, clip)
        if reason:
            raise IncompleteError(
                f"not spoken whole by {self.name}: {_shortened(utterance.text)} ({reason})",
                hint="try another --voice, or put a comma into this sentence in script.md",
            )
        return clip


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARS else f"{text[: _SHOWN_CHARS - 1]}…"
