"""Models of sherpa-onnx, and others of Kokoro's kind, in a folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from qjaudio.engines import kokoro, sherpa
from qjaudio.engines.kokoro import (
    VOICES,
    KokoroEngine,
    KokoroFolder,
    model_file,
    speakers_of,
    vocabulary,
    zhuyin,
)
from qjaudio.engines.sherpa import SherpaEngine, family_of
from qjaudio.errors import IncompleteError, MissingPartError, UsageError
from qjaudio.plugins import engine_options
from qjaudio.rules import voices_folder
from qjaudio.speech.model import Utterance, Word
from qjaudio.testing import _check_face

WORDS = (Word("步道", ("bu4", "dao4")), Word("，"), Word("好", ("hao3",)), Word("。"))
SAID = Utterance(text="步道，好。", words=WORDS, voice="zm_yunxi")


def metadata(told: Mapping[str, str]) -> bytes:
    """Names and values as the last fields of an ONNX file."""

    def field(number: int, content: bytes) -> bytes:
        size, length = len(content), b""
        while size > 0x7F:
            length, size = length + bytes([size & 0x7F | 0x80]), size >> 7
        return bytes([number << 3 | 2]) + length + bytes([size]) + content

    pairs = [(name.encode(), value.encode()) for name, value in told.items()]
    return b"".join(field(14, field(1, name) + field(2, value)) for name, value in pairs)


TOLD = {
    "model_type": "kokoro", "sample_rate": "24000", "version": "2", "has_espeak": "1",
    "n_speakers": str(len(VOICES)), "style_dim": "510,1,256", "voice": "en-us",
    "speaker_names": ",".join(VOICES),
}  # fmt: skip


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packaged weights as sherpa-onnx lays them out."""
    folder = tmp_path_factory.mktemp("kokoro")
    model = model_file()
    weights = model if isinstance(model, bytes) else model.read_bytes()
    (folder / "model.onnx").write_bytes(weights + metadata(TOLD))
    vectors = [(voices_folder() / f"kokoro/{voice}.bin").read_bytes() for voice in VOICES]
    (folder / "voices.bin").write_bytes(b"".join(vectors))
    symbols = [f"{symbol} {number}\n" for symbol, number in vocabulary().items()]
    (folder / "tokens.txt").write_text("".join(symbols), encoding="utf-8")
    return folder


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder of the same form with two voices and no weights."""
    told = {**TOLD, "n_speakers": "3", "speaker_names": "af_one,zf_two,zm_three"}
    (tmp_path / "model.int8.onnx").write_bytes(metadata(told))
    (tmp_path / "voices.bin").write_bytes(bytes(3 * 510 * 256 * 4))
    (tmp_path / "tokens.txt").write_text("  16\nㄓ 30\n中 31\n1 32\n", encoding="utf-8")
    return tmp_path


@pytest.mark.nightly
def test_our_phonemes_reach_both(packaged: Path) -> None:
    """The same weights say the same in the same time, by either library and from the folder."""
    pytest.importorskip("sherpa_onnx")
    usual = KokoroEngine().speak(SAID)
    folder = KokoroEngine(folder=str(packaged))
    other = SherpaEngine(folder=str(packaged))
    assert folder.voices == other.voices == VOICES
    assert usual.samples == folder.speak(SAID).samples == other.speak(SAID).samples
    assert len({KokoroEngine().identity, folder.identity, other.identity}) == 3
    _check_face(other)


def test_a_folder_that_cannot_be_loaded_is_an_error(small: Path) -> None:
    """The library ends its process; ours goes on, with its words."""
    pytest.importorskip("sherpa_onnx")
    with pytest.raises(MissingPartError, match="cannot load the model"):
        SherpaEngine(folder=str(small)).speak(
            Utterance(text="中", words=(Word("中", ("zhong1",)),))
        )


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("voices.bin", bytes(1000), "does not hold the vectors of 3 voices"),
        ("voices.bin", None, "there is no voices.bin"),
        ("tokens.txt", None, "there is no tokens.txt"),
        ("model.int8.onnx", b"<html>", "is not a complete ONNX file"),
        ("model.int8.onnx", b"\x3a\xff", "is not a complete ONNX file"),
        ("model.int8.onnx", b"\x80" * 12, "is not a complete ONNX file"),
        ("model.int8.onnx", None, r"there is no model\*.onnx"),
    ],
)
def test_a_folder_of_another_kind_is_refused(
    small: Path, name: str, content: bytes | None, told: str
) -> None:
    """Before anything is spoken."""
    speakers_of.cache_clear()
    (small / name).unlink()
    if content is not None:
        (small / name).write_bytes(content)
    with pytest.raises(UsageError, match=told):
        KokoroEngine(folder=str(small))


def test_a_list_of_symbols_that_is_none_is_refused(small: Path) -> None:
    """And what the model has no symbol for is not left out."""
    (small / "tokens.txt").write_text("rubbish\n")
    with pytest.raises(UsageError, match="not a list of symbols"):
        KokoroFolder(small).symbols(WORDS)
    (small / "tokens.txt").write_text("中 1\n", encoding="gb18030")
    with pytest.raises(UsageError, match="cannot read"):
        KokoroFolder(small).symbols(WORDS)
    (small / "tokens.txt").write_text("ㄓ 1\n", encoding="utf-8")
    with pytest.raises(IncompleteError, match="has no"):
        KokoroFolder(small).tokens(WORDS)


def test_speakers_are_known_by_name_or_number(small: Path, tmp_path: Path) -> None:
    """Mandarin voices only, where names tell them; the vectors are those of the name."""
    folder = KokoroFolder(small)
    assert ("zf_two", "zm_three") == folder.voices
    assert (510, 1, 256) == folder.style("zm_three").shape
    for told, expected in (({}, ("0",)), ({"n_speakers": "2"}, ("0", "1"))):
        path = tmp_path / f"{len(told)}.onnx"
        path.write_bytes(metadata(told) + b"\x08\x01")
        assert expected == speakers_of(path)


def test_syllables_in_zhuyin() -> None:
    """As the front end of v1.1-zh writes them: heard tones, a slash between words."""
    said = {"zhong1": "ㄓ中1", "zi3": "ㄗㄭ3", "shi4": "ㄕ十4", "ri4": "ㄖ十4", "yuan2": "元2",
            "lve4": "ㄌ月4", "er5": "ㄦ5", "xiong2": "ㄒ用2"}  # fmt: skip
    assert said == {pinyin: zhuyin(pinyin) for pinyin in said}
    words = (*WORDS[:1], Word("一定", ("yi2", "ding4"), ("yi1", "ding4")), Word("，"),
             Word("“"), Word("G"), Word("好", ("hao3",)), Word("”"), Word("。"))  # fmt: skip
    assert "ㄅㄨ4ㄉㄠ4/ㄧ2ㄉ应4, “ʤˈi ㄏㄠ3”." == kokoro._in_zhuyin(words)


def put(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).write_bytes(metadata({"n_speakers": "2"}))
    (folder / "lexicon.txt").write_text("步 b u4\n好 h ao3\n道 d ao4\nok o k\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("family", "names"),
    [
        ("vits", ("model.onnx", "tokens.txt")),
        ("matcha", ("model-steps-3.onnx", "vocos-22khz-univ.onnx", "tokens.txt")),
        ("matcha", ("model-steps-3.onnx", "hifigan_v2.onnx", "tokens.txt")),
        ("zipvoice", ("encoder.int8.onnx", "decoder.int8.onnx", "vocos_24khz.onnx", "tokens.txt")),
    ],
)
def test_a_family_is_known_by_its_files(tmp_path: Path, family: str, names: tuple[str]) -> None:
    """As the projects' own archives name them."""
    found, files = family_of(put(tmp_path, *names))
    assert (family, set(names)) == (found, {path.name for path in files.values()} - {"lexicon.txt"})
    with pytest.raises(UsageError, match="no model of sherpa-onnx"):
        family_of(tmp_path / "nowhere")


class Model:
    """Speaks two seconds at 16 kHz, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.samples, self.sample_rate = [0.1] * 32_000, 16_000

    def generate(self, text: str, asked: Any) -> "Model":
        self.asked.append((text, asked))
        if not text:
            raise RuntimeError("no text")
        return self


def engine(folder: Path, **settings: str) -> tuple[SherpaEngine, Model]:
    pytest.importorskip("sherpa_onnx")
    made, model = SherpaEngine(folder=str(folder), **settings), Model()
    made.__dict__["_model"] = model
    return made, model


def test_other_families_get_homophones(tmp_path: Path) -> None:
    """And nothing that their lexicon lacks: the library would leave it out in silence."""
    vits, model = engine(put(tmp_path, "model.onnx", "tokens.txt"))
    assert (("0", "1"), False) == (vits.voices, vits.repeatable)
    words = (Word("部道", ("bu4", "dao4"), homophone="步道"), Word("好", ("hao3",)), Word("。"))
    clip = vits.speak(Utterance(text="部道好。", words=words, voice="1", rate=1.1))
    ((text, asked),) = model.asked
    assert ("步道好。", 1, 24_000) == (text, asked.sid, clip.sample_rate)
    assert 2_000 == pytest.approx(clip.duration_ms, abs=5)
    with pytest.raises(IncompleteError, match="cannot read 坏"):
        vits.speak(Utterance(text="坏", words=(Word("坏", ("huai4",)),)))
    with pytest.raises(IncompleteError, match="too much at once"):
        vits.speak(Utterance(text="好", words=(Word("好", ("hao3",)),) * 200))
    with pytest.raises(sherpa.EngineError, match="sherpa-onnx failed"):
        vits.speak(Utterance(text="", words=()))
    model.samples = []
    with pytest.raises(sherpa.EngineError, match="no sound"):
        vits.speak(Utterance(text="好", words=(Word("好", ("hao3",)),)))


def test_zipvoice_speaks_as_somebody_did(tmp_path: Path) -> None:
    """It wants a recording and its words."""
    names = ("encoder.onnx", "decoder.onnx", "vocos_24khz.onnx", "tokens.txt")
    put(tmp_path, *names)
    wav = tmp_path / "reader.wav"
    for settings in ({}, {"reference": str(wav), "reference_text": "您好"}):
        with pytest.raises(UsageError, match="as somebody else did"):
            engine(tmp_path, **settings)
    wav.write_bytes(b"RIFF....WAVEfmt \x10\0\0\0\1\0\1\0\x80\xbb\0\0\0\x77\1\0\2\0\x10\0data"
                    + (9600).to_bytes(4, "little") + bytes(9600))  # fmt: skip
    zipvoice, model = engine(tmp_path, reference=str(wav), reference_text="您好")
    zipvoice.speak(Utterance(text="好", words=(Word("好", ("hao3",)),)))
    asked = model.asked[0][1]
    assert ("您好", 24_000, 2_400) == (
        asked.reference_text, asked.reference_sample_rate, len(asked.reference_audio),
    )  # fmt: skip
    former = zipvoice.identity
    wav.write_bytes(wav.read_bytes() + b"more")
    assert former != zipvoice.identity


def test_too_many_phonemes_are_refused(small: Path) -> None:
    """Kokoro would cut them in silence."""
    said, _ = engine(small)
    with pytest.raises(IncompleteError, match="too much at once"):
        said.speak(Utterance(text="中", words=(Word("中", ("zhong1",) * 200),)))


def test_no_folder_and_no_library_are_told(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As settings that are wrong, and as a part that is missing; its table is checked."""
    with pytest.raises(UsageError, match="names no folder"):
        SherpaEngine()
    options = engine_options("sherpa", SherpaEngine, {"folder": str(small), "threads": 2}, {})
    assert {"folder": str(small), "threads": 2.0} == options
    monkeypatch.setattr(sherpa, "find_spec", lambda _name: None)
    with pytest.raises(MissingPartError, match="need sherpa-onnx"):
        SherpaEngine(**options)
