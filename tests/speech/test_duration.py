"""How long a clip speaks."""

import array
import math
from dataclasses import replace

import pytest

from qjaudio.speech.gate import band_ms, doubt, sounding
from qjaudio.speech.model import SAMPLE_RATE, Clip, Utterance, Word, is_speakable, silence


def tone(duration_ms: int, amplitude: float = 0.3, rate: int = SAMPLE_RATE) -> bytes:
    count = duration_ms * rate // 1000
    wave = (int(32767 * amplitude * math.sin(n * 440 * math.tau / rate)) for n in range(count))
    return array.array("h", wave).tobytes()


def saying(*words: Word) -> Utterance:
    return Utterance(text="".join(word.text for word in words), words=words)


def faint(duration_ms: int) -> bytes:
    """A tone too faint to be a drone to anybody: only its length counts."""
    return tone(duration_ms, 0.005)


TEN = saying(Word("一二三四五六七八九十", ("yi1",) * 10))


def test_finds_where_speech_begins_and_ends() -> None:
    """Start, end and pauses are right to a frame of 20 ms."""
    pcm = silence(300).pcm + tone(1000) + silence(400).pcm + tone(600) + silence(900).pcm
    heard = sounding(Clip(pcm))
    assert heard is not None
    assert (
        heard.start_ms, heard.end_ms, heard.pauses_ms, heard.longest_gap_ms,
    ) == (300, 2300, 400, 400)  # fmt: skip
    assert heard.speaking_ms == 1600


def test_a_short_gap_is_part_of_speech() -> None:
    """The closure of a consonant is not a pause."""
    heard = sounding(Clip(tone(500) + silence(100).pcm + tone(500)))
    assert heard is not None
    assert (heard.pauses_ms, heard.speaking_ms) == (0, 1100)


@pytest.mark.parametrize("loud", [0.9, 0.1, 0.005])
def test_the_threshold_follows_the_loudness(loud: float) -> None:
    """A breath 40 dB below the voice is a pause, however loud the voice is."""
    heard = sounding(Clip(tone(400, loud) + tone(400, loud / 100) + tone(400, loud)))
    assert heard is not None
    assert heard.longest_gap_ms == pytest.approx(400, abs=20)


@pytest.mark.parametrize("pcm", [b"", silence(1000).pcm, tone(1000, 0.0001)])
def test_silence_and_its_dither_are_silent(pcm: bytes) -> None:
    """Nothing is found where nothing can be heard."""
    assert sounding(Clip(pcm)) is None


def test_other_sample_rates_are_measured_in_time() -> None:
    """Milliseconds are milliseconds at 16 kHz too."""
    heard = sounding(Clip(tone(500, rate=16_000), 16_000))
    assert heard is not None
    assert heard.end_ms == 500


@pytest.mark.parametrize(
    ("speaking_ms", "reason"),
    [(1100, "at least"), (1300, ""), (2200, ""), (4400, ""), (4800, "at most")],
)
def test_ten_syllables_take_their_time(speaking_ms: int, reason: str) -> None:
    """Less than 0.12 s or more than 0.4 s a syllable (and a slack) is doubted."""
    assert reason in doubt(TEN, Clip(faint(speaking_ms)))
    assert bool(reason) == bool(doubt(TEN, Clip(faint(speaking_ms))))


def test_pauses_do_not_fill_up_lost_speech() -> None:
    """Half of the speech and a second of pauses are not the whole."""
    pcm = faint(500) + silence(600).pcm + faint(500) + silence(600).pcm
    assert "at least" in doubt(TEN, Clip(pcm))


@pytest.mark.parametrize(
    ("voice", "rate", "band"),
    [
        ("", 1.0, (1200, 4600)),
        ("zh-CN-YunyangNeural", 1.0, (1200, 4600)),
        ("zh-CN-YunyangNeural", 1.5, (800, 3067)),
        ("zm_yunxi", 1.0, (1304, 2638)),
        ("zm_yunxi", 1.25, (1043, 2110)),
        ("zm_yunxi", 0.5, (2608, 5275)),
        ("zf_xiaobei", 1.0, (1704, 3262)),
    ],
)
def test_the_band_follows_voice_and_rate(voice: str, rate: float, band: tuple[int, int]) -> None:
    """A voice of known pace has 0.8 to 1.25 of it; a faster rate makes everything shorter."""
    assert band == band_ms(replace(TEN, voice=voice, rate=rate))


def test_a_loss_shows_with_a_known_voice() -> None:
    """A quarter of the syllables lost is noticed where the pace is known, and only there."""
    clip = Clip(faint(int(10 * 163 * 0.75)))
    assert "at least" in doubt(replace(TEN, voice="zm_yunxi"), clip)
    assert not doubt(TEN, clip)


def test_letters_have_a_wide_band() -> None:
    """A name in Latin letters may be read as a word or letter by letter."""
    assert band_ms(saying(Word("Windows"))) == (280, 5500)
    assert band_ms(saying(Word("甲乙"), Word("4G"))) == (240 + 80, 800 + 1400 + 600)


def test_a_hole_is_doubted() -> None:
    """1.5 s of silence inside is lost speech; a pause of a second is none."""
    assert "inside" in doubt(TEN, Clip(faint(1000) + silence(1600).pcm + faint(1000)))
    assert not doubt(TEN, Clip(faint(1000) + silence(1000).pcm + faint(1000)))


@pytest.mark.parametrize(
    ("text", "speakable"), [("好", True), ("3", True), ("……", False), ("", False)]
)
def test_marks_alone_are_not_speakable(text: str, speakable: bool) -> None:
    """Han characters, letters and digits can be said; marks cannot."""
    assert speakable == is_speakable(text)
