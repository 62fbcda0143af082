"""The gate: what passes, what is asked again, what is refused."""

from collections.abc import Callable
from typing import Any

import pytest

from qjaudio.engines.service import BlockedError, TooShortError
from qjaudio.engines.silent import SilentEngine
from qjaudio.engines.wrappers import Checked
from qjaudio.errors import EngineError, IncompleteError
from qjaudio.speech.gate import doubt
from qjaudio.speech.model import Clip, Utterance, silence


def broken(clip: Clip) -> dict[str, Clip]:
    half = len(clip.pcm) // 4 * 2
    return {
        "no sound": Clip(b""),
        "only silence": silence(5000),
        "only": Clip(clip.pcm[: len(clip.pcm) // 5 * 2]),
        "silence inside": Clip(clip.pcm[:half] + silence(1700).pcm + clip.pcm[half:]),
        "at most": Clip(clip.pcm * 3),
        "samples a second": Clip(clip.pcm, 22_050),
    }


@pytest.mark.parametrize("reason", list(broken(Clip(b""))))
def test_a_doubtful_clip_is_refused_with_its_reason(
    scripted: Any, utterance: Any, good_clip: Clip, reason: str
) -> None:
    """Empty, silent, short, holed, drawn out, wrong rate: none passes, each is named."""
    engine = scripted(broken(good_clip)[reason])
    with pytest.raises(IncompleteError, match=reason) as caught:
        Checked(engine, cuts=0).speak(utterance())
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


class Stumbling(SilentEngine):
    """Speaks well, but breaks off in, or refuses, what `fails` picks out."""

    def __init__(self, fails: Callable[[Utterance], bool], error: Exception | None = None) -> None:
        self.fails, self.error = fails, error
        self.asked: list[str] = []

    def speak(self, utterance: Utterance) -> Clip:
        self.asked.append(utterance.spoken)
        clip = super().speak(utterance)
        if not self.fails(utterance):
            return clip
        if self.error:
            raise self.error
        return Clip(clip.pcm[: len(clip.pcm) // 10 * 2])


LONG = "城里的新步道今天开放，第一批游客早上七点就到了，大家都说好，孩子们跑在前面。"


def test_what_fails_whole_is_spoken_in_two(utterance: Any) -> None:
    """A voice that breaks off in long texts says the halves, cut at a mark: one whole clip."""
    engine = Stumbling(lambda asked: len(asked.spoken) > 25)
    clip = Checked(engine).speak(utterance(LONG))
    whole = SilentEngine().speak(utterance(LONG))
    assert [LONG, LONG] == engine.asked[:2]
    assert LONG == "".join(engine.asked[2:])
    assert engine.asked[2].endswith("，")
    assert not doubt(utterance(LONG), clip)
    assert 400 > abs(clip.duration_ms - whole.duration_ms)


def test_a_half_that_fails_is_cut_again(utterance: Any) -> None:
    """Two rounds of cutting, then no more."""
    engine = Stumbling(lambda asked: len(asked.spoken) > 14)
    assert not doubt(utterance(LONG), Checked(engine, takes=1).speak(utterance(LONG)))
    engine = Stumbling(lambda asked: "七点" in asked.spoken)
    with pytest.raises(IncompleteError, match="七点"):
        Checked(engine, takes=1).speak(utterance(LONG))
    assert len(engine.asked) < 10


def test_a_voice_that_always_says_the_same_gets_one_take(utterance: Any) -> None:
    """Asking a deterministic voice again would only cost time."""
    engine = Stumbling(lambda asked: len(asked.spoken) > 25)
    Checked(engine, takes=1).speak(utterance(LONG))
    assert 1 == engine.asked.count(LONG)


@pytest.mark.parametrize("error", [IncompleteError("too many tokens"), TooShortError()])
def test_an_error_that_lies_in_the_text_leads_to_a_cut(utterance: Any, error: Exception) -> None:
    """Too long for the model, or left out by the service: in two pieces it may go."""
    engine = Stumbling(lambda asked: len(asked.spoken) > 25, error)
    assert not doubt(utterance(LONG), Checked(engine).speak(utterance(LONG)))
    assert 1 == engine.asked.count(LONG)


@pytest.mark.parametrize("error", [EngineError("no"), BlockedError()])
def test_an_error_that_lies_elsewhere_is_passed_on(utterance: Any, error: Exception) -> None:
    """A blocked service is not asked for the halves."""
    engine = Stumbling(lambda _asked: True, error)
    with pytest.raises(type(error)):
        Checked(engine).speak(utterance(LONG))
    assert [LONG] == engine.asked


def test_a_single_word_cannot_be_cut(utterance: Any) -> None:
    """Below sixteen characters the refusal comes at once."""
    engine = Stumbling(lambda _asked: True)
    with pytest.raises(IncompleteError):
        Checked(engine, takes=1).speak(utterance("大家都说好。"))
    assert 1 == len(engine.asked)
