"""The proof of an episode hears a voice, not the music over which it should be."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from builders import script, story, utterance
from qjaudio import config
from qjaudio.episode.model import Episode, lay_out
from qjaudio.episode.music import Levels, add_music, place_music
from qjaudio.episode.sound import SPEECH_LUFS, pcm_wave, trim
from qjaudio.errors import IncompleteError
from qjaudio.pipeline.checking import _all_heard, _is_labelled, _list_doubts
from qjaudio.speech.model import SAMPLE_RATE
from tones import tone

LOUDEST = Levels(**config.LOUDEST_DB)
LENGTHS = (1300, 2100, 900, 1400, 1500)
SPOKEN = (
    utterance("您好。", part=0, pause_ms=1100),
    utterance("新桥通车了。", part=1, line=0, pause_ms=700),
    utterance("桥很长。", part=1, line=1, pause_ms=380),
    utterance("大家走上桥头。", part=1, line=2, pause_ms=1100),
    utterance("再会。", part=2, pause_ms=1100),
)
GAIN = 10 ** ((-16 - SPEECH_LUFS) / 20)
"""From the level before the mix to that of the MP3."""


def made(*, without: int | None = None) -> tuple[Episode, bytes]:
    """An episode with the loudest music, and its sound; one cue may be missing in it."""
    clips = [trim(tone(ms)) for ms in LENGTHS]
    episode = lay_out(
        script(story()),
        SPOKEN,
        [clip.duration_ms for clip in clips],
        lead_ms=LOUDEST.lead_ms,
        tail_ms=LOUDEST.tail_ms,
    )
    episode = replace(episode, engine="kokoro")
    said = bytearray(episode.duration_ms * SAMPLE_RATE * 2 // 1000)
    for number, (cue, clip) in enumerate(zip(episode.cues, clips, strict=True)):
        if number != without:
            start = cue.start_ms * SAMPLE_RATE * 2 // 1000
            said[start : start + len(clip.pcm)] = clip.pcm
    pcm = b"".join(add_music([bytes(said)], place_music(episode, LOUDEST)))
    loud = np.clip(pcm_wave(pcm) * GAIN * 32768, -32768, 32767)
    return episode, loud.astype("<i2").tobytes()


def test_a_whole_episode_is_heard() -> None:
    """Every cue holds a voice: nothing is raised."""
    assert _all_heard(*made()) is None


@pytest.mark.parametrize("missing", range(len(LENGTHS)))
def test_music_does_not_hide_a_missing_cue(missing: int) -> None:
    """Under the sting, the bed or behind a chime: what is not said is noticed, and where."""
    episode, pcm = made(without=missing)
    with pytest.raises(IncompleteError, match=SPOKEN[missing].text):
        _all_heard(episode, pcm)


def test_a_file_that_is_too_short_is_noticed() -> None:
    """A cue behind the end of the sound has none."""
    episode, pcm = made()
    with pytest.raises(IncompleteError, match="再会"):
        _all_heard(episode, pcm[: episode.cues[-1].start_ms * 48])


def test_the_places_to_check_are_counted() -> None:
    """Those of the pages and of the script; the rundown says each headline a second time."""
    grave, slight = {"kind": "grave"}, {"kind": "slight"}
    parts = [
        {"kind": "headlines", "lines": [{"doubts": [slight]}]},
        {"kind": "story", "lines": [{"doubts": [slight]}, {"doubts": []}]},
    ]
    assert ["grave", "slight"] == _list_doubts({"parts": parts}, {"doubts": [grave]})
    older = [{"kind": "story", "lines": [{"text": "桥很长。"}]}]
    assert [] == _list_doubts({"parts": older}, {})


def test_an_episode_that_does_not_say_what_it_is_is_not_whole(tmp_path: Path) -> None:
    """The notice is looked for in opening and sign-off: news about AI is none."""
    episode, _ = made()
    mp3 = tmp_path / "none.mp3"
    mp3.write_bytes(b"sound")
    notice = "本节目由人工智能合成语音播报。"
    for number, known in ((0, True), (2, False), (4, True)):
        cues = list(episode.cues)
        cues[number] = replace(cues[number], text=notice)
        with pytest.raises(IncompleteError, match="label is missing" if known else "says that AI"):
            _is_labelled(replace(episode, cues=tuple(cues)), mp3)
