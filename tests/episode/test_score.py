"""Music has its place: before, under and between what is said, never instead of it."""

import numpy as np
import pytest

from qjaudio.episode.model import Chapter, Cue, Episode
from qjaudio.episode.music import BED_LIFT_DB, FADE_MS, Layer, Levels, add_music, place_music
from qjaudio.episode.sound import SPEECH_LUFS, integrated_loudness, momentary_peak, pcm_wave
from qjaudio.speech.model import SAMPLE_RATE

ALL = Levels(sting=-3.0, bed=-24.0, chime=-9.0, closing=-5.0)
MS = SAMPLE_RATE // 1000
SPANS = (
    ("opening", ((2300, 5000), (5400, 9000))),
    ("headlines", ((11000, 14000), (14700, 17300))),
    ("story", ((19000, 23000),)),
    ("story", ((25000, 27950),)),
    ("sign_off", ((30000, 32000),)),
)


def episode(levels: Levels = ALL) -> Episode:
    cues = [Cue(start_ms=a, end_ms=b, text="字") for _, spans in SPANS for a, b in spans]
    starts = [0, *(spans[0][0] for _, spans in SPANS[1:])]
    end = cues[-1].end_ms + levels.tail_ms
    chapters = [
        Chapter(start_ms=start, end_ms=stop, title="字", kind=kind)
        for (kind, _), start, stop in zip(SPANS, starts, [*starts[1:], end], strict=True)
    ]
    return Episode(
        paper="", date="", title="", duration_ms=end, chapters=tuple(chapters), cues=tuple(cues)
    )


def heard(layers: tuple[Layer, ...], size: int = 7919) -> np.ndarray:
    """The music alone, added into silence that passes in pieces of `size` bytes times two."""
    whole = episode().duration_ms * MS
    sizes = [size] * (whole // size) + [whole % size]
    pcm = b"".join(add_music((bytes(2 * each) for each in sizes), layers))
    return pcm_wave(pcm)


def test_everything_off_is_no_music() -> None:
    """Without levels there is no layer, no lead, and the PCM passes untouched."""
    off = Levels()
    assert () == place_music(episode(), off)
    assert (0, 800) == (off.lead_ms, off.tail_ms)
    pieces = [b"\1\0" * 10, b"\xff\x7f" * 5]
    assert pieces == list(add_music(pieces, ()))


def test_no_words_no_music() -> None:
    """An episode without cues gets no music."""
    empty = Episode(paper="", date="", title="", duration_ms=800, chapters=(), cues=())
    assert () == place_music(empty, ALL)


def test_music_stays_inside_the_file() -> None:
    """Every layer begins and ends within the episode, in the order of its start."""
    layers = place_music(episode(), ALL)
    assert sorted(layer.start for layer in layers) == [layer.start for layer in layers]
    assert all(0 <= each.start < each.end <= episode().duration_ms * MS for each in layers)


def test_the_sound_does_not_depend_on_the_pieces() -> None:
    """Pieces of any length give the same sound."""
    layers = place_music(episode(), ALL)
    assert np.array_equal(heard(layers, 7919), heard(layers, 100_000))


def test_a_chime_is_struck_in_the_gap_before_each_story() -> None:
    """In the gap before both stories and the sign-off, after the last word, before the next."""
    chimes = place_music(episode(), Levels(chime=-9.0))
    gaps = [(17300, 19000), (23000, 25000), (27950, 30000)]
    assert len(gaps) == len(chimes)
    for (end, start), chime in zip(gaps, chimes, strict=True):
        assert end + 300 <= chime.start / MS <= start - 600


def test_no_chime_is_in_the_way_of_a_word() -> None:
    """When the story begins, its chime is at least 12 dB down."""
    wave = heard(place_music(episode(), Levels(chime=-9.0)))
    for start, stop in ((17300, 19000), (23000, 25000)):
        struck = momentary_peak(wave[stop * MS - (stop - start) * MS : stop * MS], SAMPLE_RATE)
        assert struck - 12 > momentary_peak(wave[stop * MS :][: 300 * MS], SAMPLE_RATE)


@pytest.mark.parametrize("gain", [0.0, -9.0])
def test_a_gain_is_relative_to_speech(gain: float) -> None:
    """A chime, a sting or a closing of 0 dB is as loud as the speech."""
    for name in ("sting", "chime", "closing"):
        wave = heard(place_music(episode(), Levels(**{name: gain})))
        assert SPEECH_LUFS + gain == pytest.approx(momentary_peak(wave, SAMPLE_RATE), abs=0.3)


def test_the_bed_is_down_while_somebody_speaks() -> None:
    """Under words it has its level, in a long pause it rises, and no step is heard."""
    wave = heard(place_music(episode(), Levels(sting=-3.0, bed=-24.0)))
    spoken = integrated_loudness(wave[11000 * MS : 17000 * MS], SAMPLE_RATE)
    between = momentary_peak(wave[9300 * MS : 10700 * MS], SAMPLE_RATE)
    assert SPEECH_LUFS - 24 == pytest.approx(spoken, abs=2.5)
    assert BED_LIFT_DB / 2 < between - spoken < BED_LIFT_DB + 3


def test_the_bed_ends_with_the_headlines() -> None:
    """It fades after the last headline; under the first story there is nothing."""
    wave = heard(place_music(episode(), Levels(bed=-24.0)))
    end = (17300 + FADE_MS) * MS
    assert 0 < np.abs(wave[17300 * MS : end - 1000 * MS]).max()
    assert 0 == np.abs(wave[end:]).max()
    steps = np.abs(np.diff(wave))
    assert 0.004 > steps.max()


def test_a_script_without_headlines_has_no_bed() -> None:
    """An episode that begins with a story has nothing under it."""
    only = Chapter(start_ms=0, end_ms=9000, title="字")
    cue = Cue(start_ms=0, end_ms=8000, text="字")
    plain = Episode(paper="", date="", title="", duration_ms=9000, chapters=(only,), cues=(cue,))
    assert () == place_music(plain, Levels(bed=-24.0))
    assert () == place_music(plain, Levels(chime=-9.0))


def test_what_would_overflow_stays_at_full_scale() -> None:
    """Speech at full scale with music over it never wraps around into noise."""
    layer = Layer(start=0, end=1000, wave=np.ones(10, dtype=np.float32), gain_db=0.0)
    loud = np.full(1000, 30_000, dtype="<i2").tobytes()
    (piece,) = add_music([loud], [layer])
    assert {32767} == set(np.frombuffer(piece, dtype="<i2").tolist())
