"""Which cue should sound how, and which are heard together."""

from pathlib import Path
from typing import Any

from qjaudio.machine import run_ffmpeg
from qjaudio.pipeline.listening import CueStretch, cue_stretches, decode_spans, windows_of


def script(*clauses: tuple[str, list[str]]) -> dict[str, Any]:
    lines = [
        {"clauses": [{"text": text, "words": [{"text": text, "pinyin": sounds}]}]}
        for text, sounds in clauses
    ]
    return {"parts": [{"lines": lines}]}


def reading(text: str) -> tuple[str, ...]:
    return tuple(f"front-{char}" for char in text if char.isalnum())


def test_a_cue_has_the_readings_of_the_script() -> None:
    """A name reads as the lexicon said when the script was made."""
    record = script(("单县，", ["shan4", "xian4"]), ("到了。", ["dao4", "le5"]))
    found = cue_stretches([(0, 900, "单县，到了。")], record, reading)
    assert [CueStretch(0, 900, "单县，到了。", ("shan", "xian", "dao", "le"))] == found


def test_a_cut_clause_is_read_by_the_front_end() -> None:
    """Both halves of it, and the clause after it is the script's again."""
    record = script(("甲乙丙丁", ["a1"] * 4), ("戊己。", ["b1", "b1"]))
    found = cue_stretches([(0, 1, "甲乙"), (1, 2, "丙丁"), (2, 3, "戊己。")], record, reading)
    expected = [("front-甲", "front-乙"), ("front-丙", "front-丁"), ("b", "b")]
    assert expected == [stretch.wanted for stretch in found]


def test_a_cue_without_text_belongs_to_the_one_before() -> None:
    """Its sound is the rest of what is printed there."""
    record = script(("2025年。", ["er4", "ling2"]))
    found = cue_stretches([(0, 5, "2025年。"), (5, 9, "")], record, reading)
    assert [(0, 9)] == [(stretch.start_ms, stretch.end_ms) for stretch in found]


def test_windows_fit_the_recogniser() -> None:
    """Neighbours are heard together up to 24 seconds; nothing is lost."""
    found = [CueStretch(n * 10_000, n * 10_000 + 9_000, "", ()) for n in range(5)]
    windows = list(windows_of(found))
    assert found == [stretch for window in windows for stretch in window]
    assert [2, 2, 1] == [len(window) for window in windows]
    assert [] == list(windows_of([]))


def test_each_span_is_read_from_its_place(tmp_path: Path) -> None:
    """Spans may leave something out, overlap, begin before the file and end after it."""
    audio = tmp_path / "ramp.wav"
    run_ffmpeg(["-f", "lavfi", "-i", "aevalsrc=t/4:d=3:s=16000", "-c:a", "pcm_s16le", str(audio)])
    whole = next(decode_spans(audio, [(0, 3000)])).pcm
    spans = [(-200, 500), (400, 700), (1500, 2000), (2900, 3500)]
    expected = [whole[max(0, start) * 32 : end * 32] for start, end in spans]
    assert expected == [clip.pcm for clip in decode_spans(audio, spans)]
