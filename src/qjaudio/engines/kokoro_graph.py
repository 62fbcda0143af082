"""A cheaper graph for the same voice: the model's arithmetic in the shape onnxruntime is fast at.

Measured on the vocoder's layers (docs/explanation/offline-voice.md): as a matrix product with
packed weights an integer convolution takes about half the time, and its sums are the same
integers. Nothing is trained, pruned or quantized anew.
"""

import contextlib
import hashlib
import io
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from qjaudio import store
from qjaudio.engines.kokoro import MODEL_SHA256, keep

_ONE = "qjaudio_one"
_CHANNELS_LAST = [0, 2, 1]


def faster_form(source: Path | bytes, folder: Path, recipe: int) -> Path | bytes:
    """The model in the form that is fastest on this machine.

    It is made at the first use, by the way of this number, and kept in `folder` with its sum
    beside it, which is compared each time; where that cannot be written these are its bytes.
    """
    products = has_exact_signed_products()
    kind = "products" if products else "plain"
    path = folder / f"kokoro-v1.0.int8-{MODEL_SHA256[:8]}-{kind}{recipe}.onnx"
    total = path.with_suffix(".sha256")
    with contextlib.suppress(OSError, UnicodeDecodeError):
        if store.has_sum(path, store.text_of(total).strip()):
            return path
    model = rewritten_file(source, products=products)
    kept = keep(path, model) and keep(total, hashlib.sha256(model).hexdigest().encode())
    return path if kept else model


@cache
def has_exact_signed_products() -> bool:
    """Whether this processor adds products of uint8 and int8 without losing the carry.

    Processors with VNNI do. Others add two products in 16 bits and stop at 32,767 when they
    overflow, which would be heard; so it is tried on the largest numbers there are.
    """
    import onnxruntime

    depth, width = 64, 32
    names = ("largest", "weights", "one", "one", "", "")
    product = helper.make_node("MatMulIntegerToFloat", names, ["sum"], domain="com.microsoft")
    graph = helper.make_graph(
        [product],
        "probe",
        [helper.make_tensor_value_info("largest", TensorProto.UINT8, [8, depth])],
        [helper.make_tensor_value_info("sum", TensorProto.FLOAT, [8, width])],
        [
            numpy_helper.from_array(np.full((depth, width), 127, np.int8), "weights"),
            numpy_helper.from_array(np.array(1, np.float32), "one"),
        ],
    )
    domains = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=domains, ir_version=9)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    (sums,) = session.run(None, {"largest": np.full((8, depth), 255, np.uint8)})
    return bool((sums == 255 * 127 * depth).all())


class _Graph:
    """A graph that is being rewritten: who makes each tensor, who reads it, what is constant."""

    def __init__(self, graph: Any) -> None:
        self.graph = graph
        self.constants = {tensor.name: tensor for tensor in graph.initializer}
        self.maker = {name: node for node in graph.node for name in node.output}
        self.readers: dict[str, list[Any]] = defaultdict(list)
        for node in graph.node:
            for name in node.input:
                self.readers[name].append(node)
        self.gone: set[str] = set()
        self.fresh: dict[str, list[Any]] = {}

    def only_reader(self, name: str, kind: str) -> Any:
        """The node of this kind that alone reads the tensor; None where it is otherwise."""
        readers = self.readers[name]
        return readers[0] if len(readers) == 1 and readers[0].op_type == kind else None

    def constant(self, name: str) -> "NDArray[Any] | None":
        """The value of a constant; None where the tensor is computed."""
        tensor = self.constants.get(name)
        return None if tensor is None else numpy_helper.to_array(tensor)

    def add_constant(self, name: str, value: "NDArray[Any]") -> str:
        """Give a constant a name, once."""
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def replace(self, old: Iterable[Any], last: Any, new: list[Any]) -> None:
        """Put the new nodes where `last` stood and take the old ones away."""
        self.gone.update(node.output[0] for node in old)
        self.fresh[last.output[0]] = new

    def write_back(self) -> None:
        """Make the graph what the replacements say, without constants that nothing reads."""
        nodes: list[Any] = []
        for node in self.graph.node:
            if node.output[0] in self.fresh:
                nodes += self.fresh[node.output[0]]
            elif node.output[0] not in self.gone:
                nodes.append(node)
        nodes = _needed(nodes, {output.name for output in self.graph.output})
        read = {name for node in nodes for name in node.input}
        del self.graph.node[:], self.graph.initializer[:]
        self.graph.node.extend(nodes)
        self.graph.initializer.extend(t for name, t in self.constants.items() if name in read)


def _needed(nodes: list[Any], wanted: set[str]) -> list[Any]:
    """The nodes, in order, whose outputs somebody reads in the end."""
    kept = []
    for node in reversed(nodes):
        if wanted.intersection(node.output):
            kept.append(node)
            wanted.update(node.input)
    return kept[::-1]


def rewrite_model(model: Any, *, products: bool) -> Any:
    """The model with normalizations as one step and integer convolutions as matrix products.

    Args:
        model: an `onnx.ModelProto`; it is changed in place and returned.
        products: whether to make products of the convolutions, with weights as int8; only for
            processors where `has_exact_signed_products`.
    """
    _add_domain(model)
    work = _Graph(model.graph)
    for node in list(work.graph.node):
        if products and node.op_type == "ConvInteger":
            _as_product(work, node)
        elif node.op_type == "ReduceMean":
            _as_normalization(work, node)
    work.write_back()
    return model


def _add_domain(model: Any) -> None:
    if not any(entry.domain == "com.microsoft" for entry in model.opset_import):
        model.opset_import.append(helper.make_opsetid("com.microsoft", 1))


def _as_product(work: _Graph, conv: Any) -> None:
    """Replace convolution, bias, cast and scale by one product over the gathered taps."""
    weights, zero = work.constant(conv.input[1]), work.constant(conv.input[3])
    attributes = {entry.name: helper.get_attribute_value(entry) for entry in conv.attribute}
    plain = attributes.get("group", 1) == 1 and attributes.get("strides", [1]) == [1]
    tail = _tail(work, conv)
    if weights is None or zero is None or zero.size != 1 or not plain or tail is None:
        return
    old, bias, scale = tail
    channels, inputs, taps = weights.shape
    if taps > 1 and not _keeps_length(attributes):
        return
    name = out = old[-1].output[0]
    # uint8 minus its zero point and int8 minus that less 128 are the same numbers.
    shift = 128 if weights.dtype == np.uint8 else 0
    matrix = weights.transpose(2, 1, 0).reshape(taps * inputs, channels).astype(np.int16) - shift
    lowest = zero.reshape(()).astype(np.int16) - shift
    new = [helper.make_node("Transpose", [conv.input[0]], [f"{name}:rows"], perm=_CHANNELS_LAST)]
    rows = f"{name}:rows"
    if taps > 1:
        new += _tap_nodes(work, name, conv.input[2], attributes, inputs)
        rows = f"{name}:columns"
    parts = [
        rows,
        work.add_constant(f"{name}:weights", matrix.astype(np.int8)),
        scale,
        work.add_constant(_ONE, np.array(1.0, np.float32)),
        conv.input[2],
        work.add_constant(f"{name}:zero", lowest.astype(np.int8)),
    ]
    if bias is not None:
        parts.append(work.add_constant(f"{name}:bias", bias))
    new.append(
        helper.make_node("MatMulIntegerToFloat", parts, [f"{name}:product"], domain="com.microsoft")
    )
    new.append(helper.make_node("Transpose", [f"{name}:product"], [out], perm=_CHANNELS_LAST))
    work.replace(old, old[-1], new)


def _keeps_length(attributes: dict[str, Any]) -> bool:
    """Whether a convolution has an odd number of taps and padding that keeps the length."""
    taps, step = attributes["kernel_shape"][0], attributes.get("dilations", [1])[0]
    edge = step * (taps - 1) // 2
    return taps % 2 == 1 and list(attributes.get("pads", [0, 0])) == [edge, edge]


def _tap_nodes(
    work: _Graph, name: str, zero: str, attributes: dict[str, Any], inputs: int
) -> list[Any]:
    """Nodes that lay the taps of each frame side by side: (1, T, C) → (1, T, taps × C)."""
    taps, step = attributes["kernel_shape"][0], attributes.get("dilations", [1])[0]
    edge = step * (taps - 1) // 2
    offsets = np.arange(taps, dtype=np.int32)[None] * step

    def node(kind: str, given: list[str], made: str, **options: Any) -> Any:
        return helper.make_node(kind, given, [f"{name}:{made}"], **options)

    def constant(key: str, value: "NDArray[Any]") -> str:
        return work.add_constant(f"qjaudio_{key}", value)

    rows, ends = f"{name}:rows", f"{name}:edge"
    shape = constant(f"edge_{edge}_{inputs}", np.array([1, edge, inputs]))
    whole = constant(f"shape_{taps}_{inputs}", np.array([1, -1, taps * inputs]))
    first, every = constant("0", np.array(0, np.int32)), constant("1", np.array(1, np.int32))
    return [
        node("Expand", [zero, shape], "edge"),
        node("Concat", [ends, rows, ends], "padded", axis=1),
        node("Shape", [rows], "frames", start=1, end=2),
        node("Cast", [f"{name}:frames"], "frames32", to=TensorProto.INT32),
        node("Squeeze", [f"{name}:frames32", constant("axis_0", np.array([0]))], "count"),
        node("Range", [first, f"{name}:count", every], "range"),
        node("Unsqueeze", [f"{name}:range", constant("axis_1", np.array([1]))], "column"),
        node("Add", [f"{name}:column", constant(f"taps_{taps}_{step}", offsets)], "index"),
        node("Gather", [f"{name}:padded", f"{name}:index"], "gathered", axis=1),
        node("Reshape", [f"{name}:gathered", whole], "columns"),
    ]


def _tail(work: _Graph, conv: Any) -> "tuple[list[Any], NDArray[Any] | None, str] | None":
    """What follows a convolution: its nodes, the bias in floating point, the name of the scale."""
    old, bias = [conv], None
    add = work.only_reader(conv.output[0], "Add")
    if add is not None:
        bias = _bias(work, next(name for name in add.input if name != conv.output[0]))
        if bias is None:
            return None
        old.append(add)
    cast = work.only_reader(old[-1].output[0], "Cast")
    scaled = cast and work.only_reader(cast.output[0], "Mul")
    if not scaled:
        return None
    return (
        [*old, cast, scaled],
        bias,
        next(name for name in scaled.input if name != cast.output[0]),
    )


def _bias(work: _Graph, name: str) -> "NDArray[Any] | None":
    """The floating-point bias from which an integer bias is computed."""
    while name in work.maker:
        name = work.maker[name].input[0]
    value = work.constant(name)
    return value if value is not None and value.dtype == np.float32 else None


def _as_normalization(work: _Graph, mean: Any) -> None:
    """Replace nine steps of an instance normalization with style by one."""
    value = mean.input[0]
    centred = work.only_reader(mean.output[0], "Sub")
    if centred is None or centred.input[0] != value:
        return
    readers = {node.op_type: node for node in work.readers[centred.output[0]]}
    square, ratio = readers.get("Mul"), readers.get("Div")
    if square is None or ratio is None or len(set(square.input)) != 1:
        return
    spread = work.only_reader(square.output[0], "ReduceMean")
    padded = spread and work.only_reader(spread.output[0], "Add")
    root = padded and work.only_reader(padded.output[0], "Sqrt")
    scaled = root and work.only_reader(ratio.output[0], "Mul")
    moved = scaled and work.only_reader(scaled.output[0], "Add")
    epsilon = work.constant(padded.input[1]) if moved else None
    if epsilon is None or ratio.input[1] != root.output[0]:
        return
    name = out = moved.output[0]
    flat = work.add_constant("qjaudio_flat", np.array([-1]))
    gain = next(entry for entry in scaled.input if entry != ratio.output[0])
    offset = next(entry for entry in moved.input if entry != scaled.output[0])
    new = [
        helper.make_node("Reshape", [gain, flat], [f"{name}:gain"]),
        helper.make_node("Reshape", [offset, flat], [f"{name}:offset"]),
        helper.make_node(
            "InstanceNormalization",
            [value, f"{name}:gain", f"{name}:offset"],
            [out],
            epsilon=float(epsilon.reshape(())),
        ),
    ]
    old = [mean, centred, square, spread, padded, root, ratio, scaled, moved]
    work.replace(old, moved, new)


def rewritten_file(source: Path | bytes, *, products: bool) -> bytes:
    """The rewritten model of a file or of its bytes, as bytes (see `rewrite_model`)."""
    model = onnx.load(io.BytesIO(source) if isinstance(source, bytes) else source)
    return bytes(rewrite_model(model, products=products).SerializeToString())
