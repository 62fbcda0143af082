"""The gate: what passes, what is asked again, what is refused."""

from typing import Any

import pytest

from qjaudio.engines.checked import Checked
from qjaudio.engines.silent import SilentEngine
from qjaudio.errors import IncompleteError
from qjaudio.speech.duration import silence
from qjaudio.speech.model import Clip


def broken(clip: Clip) -> dict[str, Clip]:
    half = len(clip.pcm) // 4 * 2
    return {
        "no sound": Clip(b""),
        "only silence": silence(5000),
        "only": Clip(clip.pcm[: len(clip.pcm) // 5 * 2]),
        "silence inside": Clip(clip.pcm[:half] + silence(1700).pcm + clip.pcm[half:]),
        "at the most": Clip(clip.pcm * 3),
        "samples a second": Clip(clip.pcm, 22_050),
    }


@pytest.mark.parametrize("reason", list(broken(Clip(b""))))
def test_a_doubtful_clip_is_refused_with_its_reason(
    scripted: Any, utterance: Any, good_clip: Clip, reason: str
) -> None:
    """Empty, silent, short, holed, drawn out, wrong rate: none passes, each is named."""
    engine = scripted(broken(good_clip)[reason])
    with pytest.raises(IncompleteError, match=reason) as caught:
        Checked(engine).speak(utterance())
    assert len(engine.asked) == 2
    assert utterance().text[:10] in str(caught.value)
    assert caught.value.hint
    assert len(str(caught.value)) < 160


def test_the_second_clip_may_be_good(scripted: Any, utterance: Any, good_clip: Clip) -> None:
    """A voice that stumbles once is asked once more."""
    engine = scripted(silence(3000), good_clip)
    assert good_clip == Checked(engine).speak(utterance())
    assert len(engine.asked) == 2


def test_a_good_clip_passes_untouched(scripted: Any, utterance: Any, good_clip: Clip) -> None:
    """The gate changes nothing and asks nothing again."""
    engine = scripted(good_clip)
    assert good_clip is Checked(engine).speak(utterance())
    assert len(engine.asked) == 1


def test_silence_is_right_where_nothing_is_to_be_said(scripted: Any, utterance: Any) -> None:
    """An utterance of marks alone may be silent, but not empty."""
    assert Checked(scripted(silence(200))).speak(utterance("……")).samples
    with pytest.raises(IncompleteError):
        Checked(scripted(Clip(b""))).speak(utterance("……"))


@pytest.mark.parametrize(
    "text", ["好。", "一、二、三、四、五、六。", "二零二五年五月二十日。", "A P E C。"]
)
def test_the_shipped_fake_passes_the_gate(utterance: Any, text: str) -> None:
    """The silent engine needs no exception: the gate holds for short lists and letters too."""
    assert Checked(SilentEngine()).speak(utterance(text)).samples
