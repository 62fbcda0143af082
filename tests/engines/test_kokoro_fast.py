"""The fast form of the model is made once, checked each time, and optional."""

from pathlib import Path

import pytest

from qjaudio.engines import kokoro


def test_without_onnx_the_model_runs_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing package costs time, not the voice; the clips are another recipe's."""
    ran: list[str] = []

    class Session:
        def __init__(self, path: str, *_words: object, **_others: object) -> None:
            ran.append(path)

    monkeypatch.setattr("onnxruntime.InferenceSession", Session)
    monkeypatch.setattr(kokoro, "model_path", lambda: Path("voice.onnx"))
    monkeypatch.setattr(kokoro, "can_rewrite", lambda: True)
    with_onnx = kokoro.KokoroEngine().identity
    monkeypatch.setattr(kokoro, "can_rewrite", lambda: False)
    engine = kokoro.KokoroEngine()
    assert with_onnx != engine.identity
    assert isinstance(engine._session, Session)
    assert ["voice.onnx"] == ran


def test_a_damaged_file_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sum beside the file is compared; a whole file is kept."""
    graph = pytest.importorskip("qjaudio.engines.kokoro_graph")
    made: list[bool] = []

    def rewritten(_source: Path, *, products: bool) -> bytes:
        made.append(products)
        return b"graph"

    monkeypatch.setattr(graph, "has_exact_signed_products", lambda: True)
    monkeypatch.setattr(graph, "rewritten_file", rewritten)
    source = tmp_path / "voice.onnx"
    path = graph.faster_form(source, kokoro.GRAPH_RECIPE)
    assert path == graph.faster_form(source, kokoro.GRAPH_RECIPE)
    assert [True] == made
    path.write_bytes(b"grape")
    assert b"graph" == graph.faster_form(source, kokoro.GRAPH_RECIPE).read_bytes()
    assert [True, True] == made
