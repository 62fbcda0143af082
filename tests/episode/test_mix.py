"""One MP3 out of clips: right length, right loudness, clips where the cues say."""

from array import array
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qjaudio.episode.mix import mix, room_tone
from qjaudio.episode.model import Chapter, Cue, Episode
from qjaudio.episode.music import Levels, place_music
from qjaudio.episode.sound import trim
from qjaudio.machine import decode_audio, measure_loudness
from qjaudio.speech.model import Clip
from tones import tone


def episode(*spans: tuple[int, int], end: int) -> Episode:
    cues = tuple(Cue(start_ms=a, end_ms=b, text="字") for a, b in spans)
    return Episode(paper="", date="", title="", duration_ms=end, chapters=(), cues=cues)


@pytest.mark.parametrize("volume", [0.02, 0.2, 0.9])
def test_the_mp3_meets_the_target(tmp_path: Path, volume: float) -> None:
    """Quiet or loud clips come out at −16 ±0.5 LUFS with a true peak under −1 dBTP."""
    path = tmp_path / "a.mp3"
    spans = [(0, 4000), (5000, 9000)]
    mix([tone(4000, volume), tone(4000, volume)], episode(*spans, end=10000), path)
    loudness = measure_loudness(["-i", str(path)])
    assert 0.5 >= abs(loudness.integrated + 16)
    assert -1 >= loudness.true_peak


def test_clips_are_heard_where_their_cues_are(tmp_path: Path) -> None:
    """Sound starts within 20 ms of each cue, silence lies between; the length is the record's."""
    path = tmp_path / "a.mp3"
    mix([tone(1000), tone(1500)], episode((500, 1500), (3000, 4500), end=6000), path)
    sound = array("h", decode_audio(path, 1000)[:])
    loud = [abs(x) > 800 for x in sound]
    assert 20 >= abs(loud.index(True) - 500)
    assert 20 >= abs(loud.index(True, 1700) - 3000)
    assert not any(loud[1560:2960])
    assert 60 >= abs(len(sound) - 6000)


def test_a_quiet_room_lies_between_sentences(tmp_path: Path) -> None:
    """About −60 dB after a voice, as in a studio; nothing where nobody has spoken."""
    path = tmp_path / "a.mp3"
    speech, silence = tone(2000, 0.1), Clip(bytes(2 * 24 * 2000))
    mix([silence, speech], episode((0, 2000), (3000, 5000), end=8000), path)
    sound = np.frombuffer(decode_audio(path, 24_000)[:], np.int16).astype(float) / 32768
    before, after = sound[24 * 500 : 24 * 2500], sound[24 * 5500 : 24 * 7500]
    assert 0 == round(float(np.abs(before).max()), 3)
    assert abs(20 * np.log10(np.sqrt(np.mean(after**2))) + 60) < 12
    assert room_tone(10) == room_tone(10_000)[:10]


def test_the_mp3_is_constant_mono_44100(tmp_path: Path) -> None:
    """44.1 kHz, one channel, 96 kbit/s constant, with the header that players seek by."""
    from mutagen.mp3 import MP3, BitrateMode

    path = tmp_path / "a.mp3"
    mix([tone(3000)], episode((0, 3000), end=4000), path)
    facts = MP3(path).info
    assert (44100, 1, 96) == (facts.sample_rate, facts.channels, round(facts.bitrate / 1000))
    assert BitrateMode.CBR == facts.bitrate_mode
    assert 0.06 > abs(facts.length - 4.0)


def test_the_same_clips_give_the_same_bytes(tmp_path: Path) -> None:
    """Mixing is deterministic, and leaves no working file."""
    for name in ("a.mp3", "b.mp3"):
        mix([tone(2000)], episode((0, 2000), end=3000), tmp_path / name)
    assert (tmp_path / "a.mp3").read_bytes() == (tmp_path / "b.mp3").read_bytes()
    assert ["a.mp3", "b.mp3"] == sorted(path.name for path in tmp_path.iterdir())


def test_a_missing_clip_is_noticed(tmp_path: Path) -> None:
    """Fewer clips than cues is an error, not a shorter file."""
    with pytest.raises(ValueError, match="longer"):
        mix([tone(500)], episode((0, 500), (600, 900), end=1000), tmp_path / "a.mp3")
    assert [] == list(tmp_path.iterdir())


SHOW = Levels(sting=-3.0, bed=-24.0, chime=-9.0, closing=-5.0)


def show(*spans: tuple[int, int]) -> Episode:
    """An opening and stories, one cue each."""
    starts = [0, *(start for start, _ in spans[1:])]
    end = spans[-1][1] + SHOW.tail_ms
    chapters = tuple(
        Chapter(start_ms=a, end_ms=b, title="字", kind="story" if a else "opening")
        for a, b in zip(starts, [*starts[1:], end], strict=True)
    )
    return replace(episode(*spans, end=end), chapters=chapters)


@pytest.mark.parametrize("volume", [0.03, 0.25])
def test_every_story_is_as_loud_as_the_show(tmp_path: Path, volume: float) -> None:
    """With music and with voices of other pitch and level, each story keeps within 1.5 LU."""
    path = tmp_path / "a.mp3"
    spans = [(2300, 7000), (9000, 14000), (16000, 21000), (23000, 28000)]
    voices = [(volume, 300), (0.2, 110), (0.05, 700), (volume, 2500)]
    clips = [
        Clip(trim(tone(b - a, *voice)).pcm[: 48 * (b - a)])
        for (a, b), voice in zip(spans, voices, strict=True)
    ]
    laid = show(*spans)
    whole = mix(clips, laid, path, layers=place_music(laid, SHOW))
    assert 0.5 >= abs(whole.integrated + 16)
    assert -1 >= whole.true_peak
    for start, stop in spans[1:]:
        cut = ["-ss", str(start / 1000), "-t", str((stop - start) / 1000), "-i", str(path)]
        assert 1.5 >= abs(measure_loudness(cut).integrated - whole.integrated)


def test_music_is_heard_where_nobody_speaks(tmp_path: Path) -> None:
    """Before the first word, in the gap between stories and at the end; off, there is silence."""
    laid = show((2300, 6000), (8000, 12000))
    for layers, sounds in ((place_music(laid, SHOW), True), ((), False)):
        path = tmp_path / "a.mp3"
        mix([tone(3700), tone(4000)], laid, path, layers=layers)
        sound = array("h", decode_audio(path, 8000)[:])
        for start, stop in ((200, 2000), (6500, 7800), (12300, 14000)):
            assert sounds == (max(abs(x) for x in sound[8 * start : 8 * stop]) > 300)
