"""The rewrite_model graph computes what the original did."""

from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")

from onnx import TensorProto, helper, numpy_helper  # noqa: E402

from qjaudio.engines.kokoro_graph import has_exact_signed_products, rewrite_model  # noqa: E402


def convolution(taps: int, step: int, *, pads: int | None = None, strides: int = 1) -> Any:
    """A dynamically quantized convolution of 8 channels, as the voice's model has them."""
    random = np.random.default_rng(taps * 10 + step)
    edge = step * (taps - 1) // 2 if pads is None else pads
    constants = {
        "weights": random.integers(0, 256, (8, 8, taps), dtype=np.uint8),
        "weights_zero": np.uint8(61),
        "weights_scale": np.float32(0.01),
        "bias": random.standard_normal(8).astype(np.float32),
        "shape": np.array([1, -1, 1]),
    }
    nodes = [
        helper.make_node("DynamicQuantizeLinear", ["x"], ["q", "q_scale", "q_zero"]),
        helper.make_node("Mul", ["q_scale", "weights_scale"], ["scale"]),
        helper.make_node("Div", ["bias", "scale"], ["ratio"]),
        helper.make_node("Floor", ["ratio"], ["whole"]),
        helper.make_node("Cast", ["whole"], ["bias_q"], to=TensorProto.INT32),
        helper.make_node("Reshape", ["bias_q", "shape"], ["bias_3d"]),
        helper.make_node(
            "ConvInteger",
            ["q", "weights", "q_zero", "weights_zero"],
            ["sums"],
            kernel_shape=[taps],
            dilations=[step],
            pads=[edge, edge],
            strides=[strides],
        ),
        helper.make_node("Add", ["sums", "bias_3d"], ["moved"]),
        helper.make_node("Cast", ["moved"], ["real"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["real", "scale"], ["y"]),
    ]
    return model(nodes, constants)


def normalization() -> Any:
    """An instance normalization in nine steps, with the gain and offset of a style."""
    random = np.random.default_rng(1)
    constants = {
        "axis": np.array([2]),
        "epsilon": np.float32(1e-5),
        "gain": random.standard_normal((1, 8, 1)).astype(np.float32),
        "offset": random.standard_normal((1, 8, 1)).astype(np.float32),
    }
    steps = [
        ("ReduceMean", ["x", "axis"], "mean"),
        ("Sub", ["x", "mean"], "centred"),
        ("Mul", ["centred", "centred"], "square"),
        ("ReduceMean", ["square", "axis"], "variance"),
        ("Add", ["variance", "epsilon"], "padded"),
        ("Sqrt", ["padded"], "root"),
        ("Div", ["centred", "root"], "ratio"),
        ("Mul", ["gain", "ratio"], "scaled"),
        ("Add", ["scaled", "offset"], "y"),
    ]
    return model([helper.make_node(kind, read, [made]) for kind, read, made in steps], constants)


def block() -> Any:
    """A residual block: twice normalization, Snake and convolution, and the sum with its input."""
    random = np.random.default_rng(3)
    nodes: list[Any] = []
    constants: dict[str, Any] = {"two": np.float32(2)}
    parts: dict[str, list[Any]] = {}
    value = "x"
    for name in ("first", "second"):
        for part, graph in (("n", normalization().graph), ("c", convolution(3, 2).graph)):
            prefix, source = f"{name}{part}/", value if part == "n" else f"{name}/active"
            for node in graph.node:
                for names in (node.input, node.output):
                    names[:] = [source if entry == "x" else prefix + entry for entry in names]
            for tensor in graph.initializer:
                constants[prefix + tensor.name] = numpy_helper.to_array(tensor)
            parts[part] = list(graph.node)
        normed, value = f"{name}n/y", f"{name}c/y"
        rates = random.uniform(0.5, 4, (1, 8, 1)).astype(np.float32)
        constants |= {f"{name}/rate": rates, f"{name}/slowness": 1 / rates}
        snake = [
            ("Mul", [f"{name}/rate", normed], f"{name}/turns"),
            ("Sin", [f"{name}/turns"], f"{name}/sine"),
            ("Pow", [f"{name}/sine", "two"], f"{name}/power"),
            ("Mul", [f"{name}/slowness", f"{name}/power"], f"{name}/wave"),
            ("Add", [normed, f"{name}/wave"], f"{name}/active"),
        ]
        nodes += parts["n"]
        nodes += [helper.make_node(kind, read, [made]) for kind, read, made in snake]
        nodes += parts["c"]
    return model([*nodes, helper.make_node("Add", [value, "x"], ["y"])], constants)


def model(nodes: list[Any], constants: dict[str, Any]) -> Any:
    """A model from x of shape (1, 8, T) to y."""
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "case",
        [value("x", TensorProto.FLOAT, [1, 8, "T"])],
        [value("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.asarray(array), name) for name, array in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)


def answer(graph: Any, frames: int = 50) -> np.ndarray[Any, Any]:
    """What the graph makes of noise."""
    import onnxruntime

    session = onnxruntime.InferenceSession(
        graph.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    noise = np.random.default_rng(0).standard_normal((1, 8, frames)).astype(np.float32)
    (made,) = session.run(None, {"x": noise})
    return np.asarray(made)


def kinds(graph: Any) -> list[str]:
    """The kinds of the graph's nodes."""
    return [node.op_type for node in graph.graph.node]


@pytest.mark.parametrize(("taps", "step"), [(1, 1), (3, 1), (7, 3), (11, 5)])
def test_a_convolution_becomes_a_product(taps: int, step: int) -> None:
    """Same sums; only the bias is no longer rounded to a multiple of the scale."""
    if not has_exact_signed_products():
        pytest.skip("this processor loses carries, the product is not used on it")
    expected = answer(convolution(taps, step))
    graph = rewrite_model(convolution(taps, step), products=True)
    assert "ConvInteger" not in kinds(graph)
    np.testing.assert_allclose(answer(graph), expected, atol=5e-4)


@pytest.mark.parametrize("change", [{"strides": 2}, {"pads": 0}])
def test_other_convolutions_stay(change: dict[str, int]) -> None:
    """A stride, or padding that changes the length, is not what the product computes."""
    assert "ConvInteger" in kinds(rewrite_model(convolution(3, 1, **change), products=True))


def test_without_products_convolutions_stay() -> None:
    """A processor that would lose carries keeps the exact convolution."""
    assert "ConvInteger" in kinds(rewrite_model(convolution(3, 1), products=False))


def test_a_normalization_becomes_one_step() -> None:
    """Nine steps give what one gives."""
    expected = answer(normalization())
    graph = rewrite_model(normalization(), products=False)
    assert ["Reshape", "Reshape", "InstanceNormalization"] == kinds(graph)
    np.testing.assert_allclose(answer(graph), expected, atol=1e-5)


@pytest.mark.parametrize(("products", "frames"), [(True, 3), (True, 95), (False, 32)])
def test_a_block_in_pieces_is_the_whole_block(
    monkeypatch: pytest.MonkeyPatch, *, products: bool, frames: int
) -> None:
    """One piece that is not full, one that is, and three whose edges meet; with both weights.

    Only the rounding of activations to 8 bits differs, which each piece has its own.
    """
    if products and not has_exact_signed_products():
        pytest.skip("this processor loses carries, signed weights are not used on it")
    monkeypatch.setattr("qjaudio.engines.kokoro_graph._FLOATS_IN_A_PIECE", 8 * 32)
    expected = answer(block(), frames)
    graph = rewrite_model(block(), products=products)
    assert 2 == kinds(graph).count("Scan")
    assert "Sin" not in kinds(graph)
    difference = answer(graph, frames) - expected
    assert difference.std() < 0.02 * expected.std()


def test_a_fourier_transform_becomes_a_convolution() -> None:
    """The same waves; where there is no imaginary part the angle of −1 is π."""
    window = np.hanning(8).astype(np.float32)
    constants = {"step": np.int64(3), "window": window, "size": np.int64(8)}
    nodes = [
        helper.make_node("Reshape", ["x", "flat"], ["sound"]),
        helper.make_node("STFT", ["sound", "step", "window", "size"], ["y"], onesided=1),
    ]
    given = model(nodes, {**constants, "flat": np.array([1, -1])})
    expected = answer(given)
    made = answer(rewrite_model(given, products=False))
    np.testing.assert_allclose(made, expected, atol=1e-5)
    assert (made[..., (0, 4), 1] > 0).all()


@pytest.mark.parametrize("step", [2, 6])
def test_upsampling_becomes_a_product(step: int) -> None:
    """Two taps of the weights for each new frame, the first and last half of a step cut off."""
    random = np.random.default_rng(step)
    weights = random.standard_normal((8, 4, 2 * step)).astype(np.float32)
    constants = {"weights": weights, "bias": random.standard_normal(4).astype(np.float32)}
    half = step // 2
    node = helper.make_node(
        "ConvTranspose", ["x", "weights", "bias"], ["y"], strides=[step], pads=[half, half]
    )
    expected = answer(model([node], constants))
    graph = rewrite_model(model([node], constants), products=False)
    assert "Gemm" in kinds(graph)
    np.testing.assert_allclose(answer(graph), expected, atol=1e-4)
