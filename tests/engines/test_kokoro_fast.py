"""The fast form of the model is made once, checked each time, and optional."""

from pathlib import Path

import pytest

from qjaudio.engines import kokoro_fast


def test_without_onnx_the_model_runs_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing package costs time, not the voice."""
    monkeypatch.setattr(kokoro_fast, "can_rewrite", lambda: False)
    source = tmp_path / "voice.onnx"
    assert source == kokoro_fast.fast_path(source)


def test_a_damaged_file_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sum beside the file is compared; a whole file is kept."""
    graph = pytest.importorskip("qjaudio.engines.kokoro_graph")
    made: list[bool] = []

    def rewritten(_source: Path, *, products: bool) -> bytes:
        made.append(products)
        return b"graph"

    monkeypatch.setattr(kokoro_fast, "has_exact_signed_products", lambda: True)
    monkeypatch.setattr(graph, "rewritten_file", rewritten)
    source = tmp_path / "voice.onnx"
    path = kokoro_fast.fast_path(source)
    assert path == kokoro_fast.fast_path(source)
    assert [True] == made
    path.write_bytes(b"grape")
    assert b"graph" == kokoro_fast.fast_path(source).read_bytes()
    assert [True, True] == made
