"""A cheaper graph for the same voice: the model's arithmetic in the shape onnxruntime is fast at.

Measured on the vocoder's layers (docs/explanation/offline-voice.md): as a matrix product with
packed weights an integer convolution takes about half the time, and its sums are the same
integers. What is left is memory: so the vocoder goes through its frames in pieces that fit into the
cache. No weight is trained or pruned; activations are quantized for each piece, more finely.

Only one model is rewritten, whose sha256 is known: what it never has is not looked for.
"""

import contextlib
import hashlib
import io
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from qjaudio import store

_CHANNELS_LAST = [0, 2, 1]
_FLOATS_IN_A_PIECE = 1 << 16
"""For one thread: of 256 KiB a few fit into the second-level cache of its core."""
_UNUSED_S = 30 * 86_400
_SINE_SQUARED = (3.12000062, -9.79342325, 9.64220464)
"""sin²(π r) / π by powers of r² up to r = ½: the minimax fit, off by 0.0008 of sin² at most."""


def faster_form(source: Path | bytes, stem: Path, recipe: int, threads: int = 1) -> Path | bytes:
    """The model in the form that is fastest on this machine with so many threads.

    It is made at the first use, by the way of this number, and kept beside `stem` with its sum,
    which is compared each time; where that cannot be written these are its bytes.
    """
    products = has_exact_signed_products()
    kind = "products" if products else "plain"
    path = stem.with_name(f"{stem.name}-{kind}{recipe}x{threads}.onnx")
    total = path.with_suffix(".sha256")
    with contextlib.suppress(OSError, UnicodeDecodeError):
        if store.has_sum(path, store.text_of(total).strip()):
            _remove_unused(path, stem.name)
            return path
    model = rewritten_file(source, products=products, threads=threads)
    sha256 = hashlib.sha256(model).hexdigest().encode()
    return path if store.keep(path, model) and store.keep(total, sha256) else model


def _remove_unused(path: Path, stem: str) -> None:
    """Remove the forms that nobody has used for a month: who wants one makes it again."""
    with contextlib.suppress(OSError):
        os.utime(path)
        unused_s = path.stat().st_mtime - _UNUSED_S
        for other in path.parent.glob(f"{stem}-*.onnx"):
            if other.stat().st_mtime < unused_s:
                other.unlink()
                other.with_suffix(".sha256").unlink(missing_ok=True)


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

    def read_by(self, name: str, *steps: tuple[str, int]) -> str:
        """Follow a tensor up: what a node of each kind reads there; nothing for another kind."""
        for kind, place in steps:
            node = self.maker.get(name)
            if node is None or node.op_type != kind:
                return ""
            name = node.input[place]
        return name

    def write_back(self) -> None:
        """Make the graph what the replacements say, without constants that nothing reads."""
        nodes: list[Any] = []
        for node in self.graph.node:
            nodes += self.fresh.get(node.output[0], [node])
        nodes = _nodes_needed(nodes, {output.name for output in self.graph.output})
        read = {name for node in nodes for name in _names_read(node)}
        del self.graph.node[:], self.graph.initializer[:]
        self.graph.node.extend(nodes)
        self.graph.initializer.extend(t for name, t in self.constants.items() if name in read)


def _nodes_needed(nodes: list[Any], wanted: set[str]) -> list[Any]:
    """The nodes, in order, whose outputs somebody reads in the end."""
    kept = []
    for node in reversed(nodes):
        if wanted.intersection(node.output):
            kept.append(node)
            wanted.update(_names_read(node))
    return kept[::-1]


def _names_read(node: Any) -> Iterator[str]:
    """The tensors that a node reads, with those that its inner graph does."""
    yield from node.input
    for attribute in node.attribute:
        for inner in attribute.g.node:
            yield from _names_read(inner)


def rewrite_model(model: Any, *, products: bool, threads: int = 1) -> Any:
    """The model with its vocoder in pieces, normalizations as one step, convolutions as products.

    Args:
        model: an `onnx.ModelProto`; it is changed in place and returned.
        products: whether weights become int8, and the other convolutions products, too; only for
            processors where `has_exact_signed_products`.
        threads: how many share the work on a piece.
    """
    if not any(entry.domain == "com.microsoft" for entry in model.opset_import):
        model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    work = _Graph(model.graph)
    vocoder = _Vocoder(work, _FLOATS_IN_A_PIECE * threads)
    for node in work.graph.node:
        if node.op_type == "STFT":
            _as_convolution(work, node)
        elif node.op_type == "ConvTranspose":
            vocoder.upsample(node)
        elif layer := _layer(work, node, signed=products):
            if not vocoder.take(layer) and products:
                _as_product(work, layer)
        elif norm := _normalization(work, node):
            vocoder.norms[norm.output] = norm
            _as_one_step(work, norm)
        else:
            vocoder.follow(node)
    work.write_back()
    return model


class _Nodes(list[Any]):
    """New nodes in order; the last makes a tensor of the graph."""

    def __init__(self, work: _Graph, prefix: str) -> None:
        self.work, self.prefix = work, prefix

    def add(self, kind: str, *read: Any, made: str = "", count: int = 0, **options: Any) -> Any:
        """Add a node that reads tensors and constants: the name of what it makes, or `count`."""
        name = made or f"{self.prefix}:{len(self)}"
        names = [entry if isinstance(entry, str) else self.constant(entry) for entry in read]
        outputs = [f"{name}.{number}" for number in range(count)] or [name]
        self.append(helper.make_node(kind, names, outputs, **options))
        return outputs if count else name

    def constant(self, value: "NDArray[Any]") -> str:
        """The name of a constant; equal ones have one name."""
        total = hashlib.sha256(value.tobytes()).hexdigest()[:16]
        return self.work.add_constant(f"qjaudio_{value.dtype}_{value.shape}_{total}", value)

    def product(self, layer: "_Layer", rows: str, scale: str, zero: str) -> Any:
        """Multiply the taps of all frames by the weights of a layer."""
        read = rows, layer.matrix, scale, np.array(1, np.float32), zero, layer.lowest, layer.bias
        return self.add("MatMulIntegerToFloat", *read, domain="com.microsoft")

    def channels_last(self, value: str) -> str:
        """Lay the frames of one utterance out in rows: (1, C, T) → (T, C)."""
        return str(self.add("Transpose", self.add("Squeeze", value, _integers(0)), perm=[1, 0]))


def _integers(*values: int) -> "NDArray[Any]":
    return np.array(values, np.int64)


def _options(node: Any) -> dict[str, Any]:
    return {entry.name: helper.get_attribute_value(entry) for entry in node.attribute}


@dataclass(frozen=True, slots=True)
class _Layer:
    """A quantized convolution that keeps the number of frames: names of tensors, and numbers."""

    quantized: str
    zero: str
    scale: str
    matrix: "NDArray[Any]"
    """Weights of shape (taps × inputs, channels)."""
    lowest: "NDArray[Any]"
    """The zero point of the weights."""
    bias: "NDArray[Any]"
    taps: int
    step: int
    output: str


def _layer(work: _Graph, node: Any, *, signed: bool) -> _Layer | None:
    """The layer that ends with this product by a scale; None if there is none of this kind."""
    add = work.maker.get(work.read_by(node.output[0], ("Mul", 0), ("Cast", 0)))
    conv = work.maker.get(add.input[0]) if add is not None else None
    if add is None or conv is None or conv.op_type != "ConvInteger":
        return None
    weights, lowest = (numpy_helper.to_array(work.constants[conv.input[k]]) for k in (1, 3))
    bias = add.input[1]
    while bias in work.maker:  # the integers are computed from the constant
        bias = work.maker[bias].input[0]
    taps, step = weights.shape[2], _options(conv).get("dilations", [1])[0]
    edges = [step * (taps - 1) // 2] * 2
    keeps_length = taps % 2 == 1 and _options(conv).get("pads", [0, 0]) == edges
    if not keeps_length or _options(conv).get("strides", [1]) != [1]:
        return None
    # uint8 minus its zero point and int8 minus that less 128 are the same numbers.
    shift, kind = (128, np.int8) if signed else (0, np.uint8)
    return _Layer(
        conv.input[0],
        conv.input[2],
        node.input[1],
        (weights.transpose(2, 1, 0).reshape(-1, len(weights)).astype(int) - shift).astype(kind),
        (lowest.reshape(()).astype(int) - shift).astype(kind),
        numpy_helper.to_array(work.constants[bias]),
        taps,
        step,
        node.output[0],
    )


def _as_product(work: _Graph, layer: _Layer) -> None:
    """Replace convolution, bias, cast and scale by one product over the gathered taps."""
    new = _Nodes(work, layer.output)
    rows = new.add("Transpose", layer.quantized, perm=_CHANNELS_LAST)
    if layer.taps > 1:
        edge = layer.step * (layer.taps - 1) // 2
        padded = new.add("Pad", rows, _integers(0, edge, 0, 0, edge, 0), layer.zero)
        count = new.add("Squeeze", new.add("Shape", rows, start=1, end=2))
        frames = new.add("Range", np.array(0), count, np.array(1))
        offsets = np.arange(layer.taps) * layer.step
        index = new.add("Add", new.add("Unsqueeze", frames, _integers(1)), offsets)
        gathered = new.add("Gather", padded, index, axis=1)
        rows = new.add("Reshape", gathered, _integers(1, -1, len(layer.matrix)))
    made = new.product(layer, rows, layer.scale, layer.zero)
    new.add("Transpose", made, made=layer.output, perm=_CHANNELS_LAST)
    work.fresh[layer.output] = new


@dataclass(frozen=True, slots=True)
class _Norm:
    """An instance normalization with the gain and offset of a style: names of tensors."""

    value: str
    gain: str
    offset: str
    epsilon: "NDArray[Any]"
    output: str


def _normalization(work: _Graph, last: Any) -> _Norm | None:
    """The normalization whose nine steps end with this sum; None if there is none."""
    output = last.output[0]
    root = ("Add", 0), ("Mul", 1), ("Div", 1), ("Sqrt", 0)
    value = work.read_by(output, *root, ("Add", 0), ("ReduceMean", 0), ("Mul", 0), ("Sub", 0))
    epsilon = work.constant(work.read_by(output, *root, ("Add", 1)))
    if (
        not value
        or epsilon is None
        or value != work.read_by(output, *root[:2], ("Div", 0), ("Sub", 0))
    ):
        return None
    return _Norm(value, work.read_by(output, *root[:1], ("Mul", 0)), last.input[1], epsilon, output)


def _as_one_step(work: _Graph, norm: _Norm) -> None:
    new = _Nodes(work, norm.output)
    style = (new.add("Reshape", name, _integers(-1)) for name in (norm.gain, norm.offset))
    epsilon = float(norm.epsilon.reshape(()))
    new.add("InstanceNormalization", norm.value, *style, made=norm.output, epsilon=epsilon)
    work.fresh[norm.output] = new


def _as_convolution(work: _Graph, node: Any) -> None:
    """Replace a Fourier transform of short windows by a convolution with its waves."""
    step, window = (numpy_helper.to_array(work.constants[name]) for name in node.input[1:3])
    size, bins = window.size, window.size // 2 + 1
    angles = 2 * np.pi * np.outer(np.arange(bins), np.arange(size)) / size
    waves = np.stack([np.cos(angles), -np.sin(angles)], axis=1).reshape(-1, 1, size) * window
    waves[np.abs(waves) < 1e-12] = 0
    # Where the imaginary part is zero, the least above it: the angle of −1 is π, not −π.
    least = np.where(waves.any(axis=2), 0, 1e-30).reshape(-1).astype(np.float32)
    new = _Nodes(work, node.output[0])
    sound = new.add("Reshape", node.input[0], _integers(1, 1, -1))
    made = new.add("Conv", sound, waves.astype(np.float32), least, strides=[int(step)])
    frames = new.add("Transpose", made, perm=_CHANNELS_LAST)
    new.add("Reshape", frames, _integers(1, -1, bins, 2), made=node.output[0])
    work.fresh[node.output[0]] = new


@dataclass(frozen=True, slots=True)
class _Rows:
    """A tensor with channels last, its last piece filled up: names of tensors."""

    values: str
    """Shape (pieces × frames of a piece, C)."""
    count: str
    """The number of frames, shape (1,)."""
    starts: str
    """The first frame of each piece, shape (pieces, 1)."""
    inside: str
    """1 for each frame of each piece, 0 for what fills up the last, shape (pieces, 1, frames)."""
    channels: int
    sums: str = ""
    """Sum and sum of squares of each channel, shape (pieces, 2, C); empty until they are needed."""


class _Vocoder:
    """The layers that are computed in pieces, and what lies between them."""

    def __init__(self, work: _Graph, floats: int) -> None:
        """Begin with nothing in rows; `floats` is the size of a piece."""
        self._work, self._floats = work, floats
        self.norms: dict[str, _Norm] = {}
        self._rows: dict[str, _Rows] = {}

    def take(self, layer: _Layer) -> bool:
        """Replace normalization, Snake, convolution and sum by a loop over pieces, if it is these.

        Snake is x + sin²(a x) / a.
        """
        name, snake = layer.quantized, (("DynamicQuantizeLinear", 0), ("Add", 1), ("Mul", 1))
        norm = self.norms.get(self._work.read_by(name, snake[0], ("Add", 0)))
        steps = *snake, ("Pow", 0), ("Sin", 0), ("Mul", 0)
        rate = self._work.constant(self._work.read_by(name, *steps))
        if norm is None or rate is None:
            return False
        rate = rate.reshape(-1) / np.float32(np.pi)
        add = self._work.only_reader(layer.output, "Add")
        beside = next((self._rows[n] for n in (add.input if add else ()) if n in self._rows), None)
        output = add.output[0] if beside else layer.output
        new = _Nodes(self._work, output)
        source = self._rows.get(norm.value)
        source = source or self._filled(new, new.channels_last(norm.value), rate.size)
        if not source.sums:
            source = replace(source, sums=_sums_of_whole(new, source))
        self._rows[norm.value] = source
        style = _gain_and_offset(new, norm, source, rate)
        read = self._read_by_piece(new, layer, source, beside)
        piece = self._piece(layer, source, style, rate, len(read))
        values, sums = new.add("Scan", *read, count=2, body=piece, num_scan_inputs=len(read))
        flat = new.add("Reshape", values, _integers(-1, rate.size))
        self._leave(new, output, replace(source, values=flat, sums=sums))
        return True

    def follow(self, node: Any) -> None:
        """Let a node between layers read rows and make rows, where it can."""
        if not any(name in self._rows for name in node.input):
            return
        new = _Nodes(self._work, node.output[0])
        source = self._rows.get(node.input[0])
        if node.op_type == "Pad" and source:  # one frame before the first, by reflection
            kept = _kept(new, source)
            second = new.add("Slice", kept, _integers(1), _integers(2), _integers(0))
            joined = new.add("Concat", second, kept, axis=0)
            rows = self._filled(new, joined, source.channels)
        elif source and node.op_type in ("Add", "Div", "LeakyRelu"):
            read = [self._rows[n].values if n in self._rows else n for n in node.input]
            rows = replace(source, values=new.add(node.op_type, *read, **_options(node)), sums="")
        else:
            return
        self._leave(new, node.output[0], rows)

    def upsample(self, node: Any) -> None:
        """Replace a transposed convolution of 2 s taps by the product of each two neighbours."""
        weights = numpy_helper.to_array(self._work.constants[node.input[1]])
        inputs, channels, taps = weights.shape
        step = _options(node)["strides"][0]
        if taps != 2 * step:
            return
        new = _Nodes(self._work, node.output[0])
        source = self._rows.get(node.input[0])
        flat = _kept(new, source) if source else new.channels_last(node.input[0])
        before = new.add("Pad", flat, _integers(1, 0, 0, 0))
        after = new.add("Pad", flat, _integers(0, 0, 1, 0))
        halves = (
            weights[:, :, half].transpose(0, 2, 1) for half in (slice(step, taps), slice(step))
        )
        matrix = np.concatenate([half.reshape(inputs, -1) for half in halves])
        bias = np.tile(numpy_helper.to_array(self._work.constants[node.input[2]]), step)
        product = new.add("Gemm", new.add("Concat", before, after, axis=1), matrix, bias)
        long = new.add("Reshape", product, _integers(-1, channels))
        made = new.add(
            "Slice", long, _integers(step // 2), _integers(step // 2 - step), _integers(0)
        )
        self._leave(new, node.output[0], self._filled(new, made, channels))

    def _filled(self, new: _Nodes, flat: str, channels: int) -> _Rows:
        """Fill up the last piece with zeros: (T, C) → (pieces × frames of a piece, C)."""
        frames = np.array(self._floats // channels)
        count = new.add("Shape", flat, end=1)
        starts = new.add("Range", np.array(0), new.add("Squeeze", count), frames)
        missing = new.add("Sub", new.add("Mul", new.add("Shape", starts), frames), count)
        ends = new.add("Concat", _integers(0, 0), missing, _integers(0), axis=0)
        column = new.add("Unsqueeze", starts, _integers(1))
        places = new.add("Add", column, np.arange(self._floats // channels)[None])
        inside = new.add("Cast", new.add("Less", places, count), to=TensorProto.FLOAT)
        inside = new.add("Unsqueeze", inside, _integers(1))
        return _Rows(new.add("Pad", flat, ends), count, column, inside, channels)

    def _leave(self, new: _Nodes, output: str, rows: _Rows) -> None:
        """Replace what makes a tensor; it is laid out as it was only for those that read it so."""
        last = new.add("Transpose", _kept(new, rows), perm=[1, 0])
        new.add("Unsqueeze", last, _integers(0), made=output)
        self._rows[output], self._work.fresh[output] = rows, new

    def _read_by_piece(
        self, new: _Nodes, layer: _Layer, source: _Rows, beside: _Rows | None
    ) -> list[Any]:
        """What a loop hands to each piece: first frame, end, zeros around, weights, summand."""
        frames, edge = self._floats // source.channels, layer.step * (layer.taps - 1) // 2
        below = new.add("Sub", source.starts, _integers(edge))
        above = new.add("Add", source.starts, _integers(frames + edge))
        lower, upper = new.add("Max", below, _integers(0)), new.add("Min", above, source.count)
        before = new.add("Mul", new.add("Sub", lower, below), _integers(1, 0, 0, 0))
        after = new.add("Mul", new.add("Sub", above, upper), _integers(0, 0, 1, 0))
        read = [lower, upper, new.add("Add", before, after), source.inside]
        shape = _integers(-1, frames, source.channels)
        return [*read, new.add("Reshape", beside.values, shape)] if beside else read

    def _piece(
        self, layer: _Layer, source: _Rows, style: tuple[str, str], rate: "NDArray[Any]", count: int
    ) -> Any:
        """What is done with one piece: a graph with so many inputs, to values and sums."""
        new = _Nodes(self._work, f"{layer.output}:piece")
        names = [f"{new.prefix}:read{number}" for number in range(count)]
        lower, upper, ends, inside, *beside = names
        taken = new.add("Slice", source.values, lower, upper, _integers(0))
        active = _snake(new, new.add("Add", new.add("Mul", taken, style[0]), style[1]), rate)
        quantized, scale, zero = new.add("DynamicQuantizeLinear", active, count=3)
        padded = new.add("Pad", quantized, ends, zero)
        frames = self._floats // source.channels
        index = np.arange(frames)[:, None] + np.arange(layer.taps) * layer.step
        gathered = new.add("Gather", padded, index.astype(np.int32), axis=0)
        columns = new.add("Reshape", gathered, _integers(frames, len(layer.matrix)))
        weight = self._work.maker[layer.scale].input[1]
        values = new.product(layer, columns, new.add("Mul", scale, weight), zero)
        values = new.add("Add", values, *beside) if beside else values
        sums = _sums_of(new, inside, values)
        shapes = [1], [1], [4], [1, frames], [frames, source.channels]
        kinds = [TensorProto.INT64] * 3 + [TensorProto.FLOAT] * 2
        read = [
            helper.make_tensor_value_info(*one) for one in zip(names, kinds, shapes, strict=False)
        ]
        made = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, [length, source.channels])
            for name, length in ((values, frames), (sums, 2))
        ]
        return helper.make_graph(list(new), new.prefix, read, made)


def _kept(new: _Nodes, rows: _Rows) -> Any:
    """The frames of rows without what fills up the last piece."""
    return new.add("Slice", rows.values, _integers(0), rows.count, _integers(0))


def _sums_of_whole(new: _Nodes, rows: _Rows) -> Any:
    """The sums of a tensor as of one piece."""
    ones = new.add(
        "Expand", np.ones(1, np.float32), new.add("Concat", _integers(1), rows.count, axis=0)
    )
    return new.add("Unsqueeze", _sums_of(new, ones, _kept(new, rows)), _integers(0))


def _sums_of(new: _Nodes, weights: str, values: str) -> Any:
    """Sum and sum of squares as products: ten times as fast as means with channels last."""
    squares = new.add("MatMul", weights, new.add("Mul", values, values))
    return new.add("Concat", new.add("MatMul", weights, values), squares, axis=0)


def _gain_and_offset(
    new: _Nodes, norm: _Norm, source: _Rows, rate: "NDArray[Any]"
) -> tuple[str, str]:
    """What normalization and rate make of a value together: a factor and a summand a channel."""
    total = new.add("ReduceSum", source.sums, _integers(0), keepdims=0)
    frames = new.add("Cast", source.count, to=TensorProto.FLOAT)
    mean, square = new.add("Split", new.add("Div", total, frames), count=2, num_outputs=2)
    spread = new.add("Relu", new.add("Sub", square, new.add("Mul", mean, mean)))
    root = new.add("Sqrt", new.add("Add", spread, norm.epsilon))
    gain, offset = (
        new.add("Mul", new.add("Reshape", name, _integers(1, -1)), rate[None])
        for name in (norm.gain, norm.offset)
    )
    gain = new.add("Div", gain, root)
    return gain, new.add("Sub", offset, new.add("Mul", gain, mean))


def _snake(new: _Nodes, turns: str, rate: "NDArray[Any]") -> Any:
    """Snake of a value, given as a x / π, by a polynomial in place of the sine."""
    rest = new.add("Sub", turns, new.add("Round", turns))
    square = new.add("Mul", rest, rest)
    first, second, third = (np.array(factor, np.float32) for factor in _SINE_SQUARED)
    inner = new.add("Add", new.add("Mul", square, third), second)
    wave = new.add("Mul", square, new.add("Add", new.add("Mul", square, inner), first))
    return new.add("Mul", new.add("Add", turns, wave), 1 / rate)


def rewritten_file(source: Path | bytes, *, products: bool, threads: int = 1) -> bytes:
    """The rewritten model of a file or of its bytes, as bytes (see `rewrite_model`)."""
    model = onnx.load(io.BytesIO(source) if isinstance(source, bytes) else source)
    return bytes(rewrite_model(model, products=products, threads=threads).SerializeToString())
