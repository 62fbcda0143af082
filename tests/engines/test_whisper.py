"""The real recogniser hears the real offline voice."""

import pytest

from qjaudio.config import Config
from qjaudio.engines.kokoro import KokoroEngine
from qjaudio.engines.listened import Whisper, packaged_model
from qjaudio.errors import MissingPartError
from qjaudio.pipeline.listening import reading_of
from qjaudio.script.lexicon import default_lexicon
from qjaudio.script.pronounce import pronounce_text
from qjaudio.speech.model import Clip, Utterance
from qjaudio.speech.recognition import DOUBT_RATE, compare, syllables

TEXT = "春天到了，河边的柳树都绿了，孩子们在草地上放风筝。"


@pytest.mark.nightly
@pytest.mark.slow
def test_a_whole_sentence_is_heard_and_half_of_it_is_faulty() -> None:
    """A clear voice has a low rate; the same clip with its second half cut out has a high one."""
    pytest.importorskip("faster_whisper")
    if packaged_model() is None:
        pytest.skip("the packaged Whisper base is not installed")
    words = tuple(w for c in pronounce_text(TEXT, default_lexicon()) for w in c.words)
    clip = KokoroEngine().speak(Utterance(text=TEXT, words=words))
    ear, reading = Whisper(), reading_of(Config())
    whole = compare(syllables(words), reading(ear.hear(clip)))
    half = compare(syllables(words), reading(ear.hear(Clip(clip.pcm[: len(clip.pcm) // 4 * 2]))))
    assert whole.rate <= 0.1
    assert half.rate > DOUBT_RATE
    assert half.rate > whole.rate + 0.3


def test_a_missing_model_is_named() -> None:
    """Nothing is downloaded: what is not here is missing, with a hint."""
    pytest.importorskip("faster_whisper")
    with pytest.raises(MissingPartError, match="no-such-model") as caught:
        Whisper("/no-such-model")
    assert caught.value.hint
