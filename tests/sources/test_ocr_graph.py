"""A network in fewer steps says what it said before."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from qjaudio.sources.ocr_graph import cheaper_form

CHANNELS = 4
_ROLLED = np.random.default_rng(7)


def _constant(name: str, *shape: int, value: float | None = None) -> onnx.TensorProto:
    values = _ROLLED.normal(size=shape) if value is None else np.full(shape, value)
    return numpy_helper.from_array(values.astype(np.float32), name)


def _network(path: Path) -> Path:
    """Two convolutions with all that PP-OCR's networks have between them, one of them padded."""
    node = helper.make_node
    nodes = [
        node("Conv", ["x", "w1"], ["a"], kernel_shape=[1, 1]),
        node("BatchNormalization", ["a", "gain", "bias", "mean", "variance"], ["b"]),
        node("Mul", ["factor", "b"], ["c"]),
        node("Add", ["c", "shift"], ["d"]),
        node("Add", ["d", "three"], ["e"]),
        node("Clip", ["e", "zero", "six"], ["f"]),
        node("Mul", ["d", "f"], ["g"]),
        node("Div", ["g", "sixes"], ["h"]),
        node("Mul", ["factor", "h"], ["i"]),
        node("Add", ["i", "shift"], ["j"]),
        node("Conv", ["j", "w2", "b2"], ["y"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
    ]
    constants = [
        _constant("w1", CHANNELS, 3, 1, 1),
        _constant("w2", 2, CHANNELS, 3, 3),
        _constant("b2", 2),
        *(_constant(name, CHANNELS) for name in ("gain", "bias", "mean")),
        _constant("variance", CHANNELS, value=1.5),
        _constant("factor", 1, value=0.7),
        _constant("shift", 1, value=0.2),
        _constant("three", 1, value=3),
        _constant("zero", value=0),
        _constant("six", value=6),
        _constant("sixes", 1, value=6),
    ]
    shapes = {"x": [1, 3, 8, 8], "y": [1, 2, 8, 8]}
    ends = {
        name: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in shapes.items()
    }
    graph = helper.make_graph(nodes, "small", [ends["x"]], [ends["y"]], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 12)], ir_version=8)
    onnx.save(model, str(path))
    return path


def _said(model: str | bytes, given: NDArray[np.float32]) -> NDArray[np.float32]:
    runtime = pytest.importorskip("onnxruntime")
    session = runtime.InferenceSession(model, providers=["CPUExecutionProvider"])
    (answer,) = session.run(None, {"x": given})
    return np.asarray(answer, np.float32)


def test_the_activation_is_one_step_and_numbers_are_in_the_weights(tmp_path: Path) -> None:
    """Of eleven steps five are left, and the sums are the same, at the padded edge as well."""
    path = _network(tmp_path / "small.onnx")
    cheaper = cheaper_form(path)
    kinds = [node.op_type for node in onnx.load_from_string(cheaper).graph.node]
    assert kinds == ["Conv", "HardSigmoid", "Mul", "Add", "Conv"]
    given = _ROLLED.normal(size=(1, 3, 8, 8)).astype(np.float32)
    assert np.allclose(_said(str(path), given), _said(cheaper, given), atol=1e-5)


def test_a_network_that_is_spelled_otherwise_stays_as_it_is(tmp_path: Path) -> None:
    """What another version of the models may do instead is left alone."""
    path = _network(tmp_path / "small.onnx")
    model = onnx.load(str(path))
    for node in model.graph.node:
        if node.op_type == "Clip":
            node.op_type = "Max"
            del node.input[2]
    onnx.save(model, str(path))
    cheaper = cheaper_form(path)
    assert "Max" in [node.op_type for node in onnx.load_from_string(cheaper).graph.node]
    given = _ROLLED.normal(size=(1, 3, 8, 8)).astype(np.float32)
    assert np.allclose(_said(str(path), given), _said(cheaper, given), atol=1e-5)
