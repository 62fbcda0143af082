"""The fast form of the model is made once, and checked each time."""

import hashlib
import os
import time
from pathlib import Path

import pytest

from qjaudio.engines import kokoro
from qjaudio.speech.model import Utterance, Word


def test_a_damaged_file_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sum beside the file is compared; a whole file is kept."""
    graph = pytest.importorskip("qjaudio.engines.kokoro_graph")
    made: list[bool] = []

    def rewritten(_source: Path, *, products: bool, threads: int) -> bytes:
        made.append(products and threads == 1)
        return b"graph"

    monkeypatch.setattr(graph, "has_exact_signed_products", lambda: True)
    monkeypatch.setattr(graph, "rewritten_file", rewritten)
    source = tmp_path / "voice.onnx"
    path = graph.faster_form(source, tmp_path / "voice", kokoro.GRAPH_RECIPE)
    assert path == graph.faster_form(source, tmp_path / "voice", kokoro.GRAPH_RECIPE)
    assert [True] == made
    path.write_bytes(b"grape")
    assert (
        b"graph" == graph.faster_form(source, tmp_path / "voice", kokoro.GRAPH_RECIPE).read_bytes()
    )
    assert [True, True] == made


def test_a_form_that_nobody_uses_goes_after_a_month(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That of a version before, with its sum; what was used since and other files stay."""
    graph = pytest.importorskip("qjaudio.engines.kokoro_graph")
    monkeypatch.setattr(graph, "rewritten_file", lambda *_, **__: b"graph")
    stem, now, day = tmp_path / "voice", time.time(), 86_400
    path = graph.faster_form(b"model", stem, kokoro.GRAPH_RECIPE)
    files = {"voice.onnx": 99, "other-1.onnx": 99, "voice-plain1.onnx": 31, "voice-plain2.onnx": 29}
    for name, days in {**files, path.name: 99}.items():
        for file in (tmp_path / name, (tmp_path / name).with_suffix(".sha256")):
            file.touch()
            os.utime(file, (now - days * day,) * 2)
    assert path == graph.faster_form(b"model", stem, kokoro.GRAPH_RECIPE)
    left = {one.name for one in tmp_path.glob("*.onnx")}
    assert {*files, path.name} - {"voice-plain1.onnx"} == left
    assert {Path(name).stem for name in left} == {one.stem for one in tmp_path.glob("*.sha256")}


def test_without_a_cache_that_can_be_written_the_model_is_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No home, one of somebody else, a full disk: both forms of the model are there all the same.

    So they are where another user's cache holds one of them.
    """
    graph = pytest.importorskip("qjaudio.engines.kokoro_graph")
    monkeypatch.setattr(graph, "has_exact_signed_products", lambda: True)
    monkeypatch.setattr(graph, "rewritten_file", lambda *_, **__: b"graph")
    nowhere = Path(os.devnull) / "qjaudio"
    assert b"graph" == graph.faster_form(b"model", nowhere / "voice", kokoro.GRAPH_RECIPE)
    model = kokoro.model_file(nowhere)
    assert isinstance(model, bytes)
    assert kokoro.MODEL_SHA256 == hashlib.sha256(model).hexdigest()
    kept = kokoro.model_file()
    assert isinstance(kept, Path)
    monkeypatch.setattr(kokoro.store, "keep", lambda *_: False)
    assert kept == kokoro.model_file()


def test_a_user_without_a_home_has_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container may run us under a number that no file of users knows."""
    for name in ("HOME", "XDG_CACHE_HOME", "USERPROFILE"):
        monkeypatch.delenv(name, raising=False)

    def unknown() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", unknown)
    assert not kokoro.store.keep(kokoro.cache_folder() / "model", b"any")


@pytest.mark.nightly
def test_a_model_in_memory_speaks_as_one_on_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same sound, byte for byte."""
    word = Utterance(text="你好。", words=(Word("你好", ("ni2", "hao3")), Word("。")))
    usual = kokoro.KokoroEngine(threads=1).speak(word)
    monkeypatch.setattr(kokoro, "cache_folder", lambda: Path(os.devnull) / "qjaudio")
    assert usual == kokoro.KokoroEngine(threads=1).speak(word)
