"""Which form of the offline voice's model this machine should run, made once and kept."""

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from qjaudio import store

RECIPE = 1
"""Number of the way the graph is rewritten; a new way makes new files."""


@cache
def has_exact_signed_products() -> bool:
    """Whether this processor adds products of uint8 and int8 without losing the carry.

    Processors with VNNI do. Others add two products in 16 bits and stop at 32,767 when they
    overflow, which would be heard; so it is tried on the largest numbers there are.
    """
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

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


def can_rewrite() -> bool:
    """Whether the graph can be rewritten here; without the package onnx the model runs as it is."""
    return find_spec("onnx") is not None


def fast_path(source: Path) -> Path:
    """The model in the form that is fastest on this machine, beside `source`.

    It is made at the first use; its sum is kept beside it and compared each time.

    Raises:
        NotWritableError: the cache folder cannot be written.
    """
    if not can_rewrite():
        return source
    products = has_exact_signed_products()
    kind = "products" if products else "plain"
    path = source.with_name(f"{source.stem}-{kind}{RECIPE}.onnx")
    total = path.with_suffix(".sha256")
    if path.is_file() and total.is_file() and total.read_text().strip() == store.sha256_of(path):
        return path
    from qjaudio.engines.kokoro_graph import rewritten_file

    model = rewritten_file(source, products=products)
    store.write_bytes(path, model)
    store.write_bytes(total, hashlib.sha256(model).hexdigest().encode())
    return path
