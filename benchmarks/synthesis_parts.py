"""Where the time of one sentence goes, and which share of the product's rate is within reach.

    python benchmarks/synthesis_parts.py [RUNS] [VOICE]

The runtime's own profiler times each step of the rewritten model with one thread; of so many runs
the least of each step counts, as other work on the machine only adds. Printed: milliseconds of the
steps inside the loops over pieces (those over small tensors apart) and outside of them, and the
share of the rate of one product (see synthesis.py) of all steps, of all but those between the
products of the loops, and of products alone. Profiling itself adds some tenth.
"""

import bisect
import json
import math
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from synthesis import MACS, product, timed, utterances

from qjaudio.engines.kokoro import model_file, style_vectors, tokens_of
from qjaudio.engines.kokoro_graph import rewritten_file
from qjaudio.speech.model import SAMPLE_RATE

PRODUCTS = ("MatMulIntegerToFloat", "ConvInteger", "DynamicQuantizeMatMul")
AT_ONCE = 8
"""Runs of one session: the profiler keeps a million events, and a run has some 80,000."""
SMALL = 20_000
"""Values of the largest tensor that a step reads."""


def profile(voice: str, runs: int) -> tuple[list[Mapping[str, Any]], float]:
    """The events of the profiler, in order, and the seconds of sound of one run."""
    import onnxruntime  # late: qjaudio has switched its telemetry off

    words = utterances(voice)[1].words
    tokens = tokens_of(words)
    inputs = {
        "tokens": np.array([[0, *tokens, 0]], np.int64),
        "style": style_vectors(voice)[len(tokens)].astype(np.float32),
        "speed": np.ones(1, np.float32),
    }
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.enable_mem_pattern = 1, False
    options.enable_profiling, options.log_severity_level = True, 3
    model, steps = rewritten_file(model_file(), products=True), []
    with tempfile.TemporaryDirectory() as folder:
        options.profile_file_prefix = f"{folder}/profile"
        for _ in range(0, runs, AT_ONCE):
            session = onnxruntime.InferenceSession(model, options, ["CPUExecutionProvider"])
            for _ in range(AT_ONCE):
                (sound,) = session.run(["audio"], inputs)
            events = json.loads(Path(session.end_profiling()).read_text("utf-8"))
            steps += [one for one in events if one["name"].endswith("_kernel_time")]
    return steps, sound.size / SAMPLE_RATE


def values_read(step: Mapping[str, Any]) -> int:
    """How many values the largest tensor has that a step reads."""
    shapes = (shape for one in step["args"]["input_type_shape"] for shape in one.values())
    return max(map(math.prod, shapes), default=0)


def main() -> None:
    """Profile, and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 8
    steps, seconds = profile(sys.argv[2] if len(sys.argv) > 2 else "zm_yunxi", runs)
    size = len(steps) // (-(-runs // AT_ONCE) * AT_ONCE)
    least = np.array([one["dur"] for one in steps]).reshape(-1, size).min(axis=0) / 1000
    loops = sorted(
        (one["ts"], one["ts"] + one["dur"])
        for one in steps[:size]
        if one["args"]["op_name"] == "Scan"
    )
    inside, outside, counts = Counter[str](), Counter[str](), Counter[str]()
    for step, spent in zip(steps[:size], least, strict=True):
        kind = step["args"]["op_name"]
        last = bisect.bisect_right(loops, (step["ts"], math.inf)) - 1
        if kind == "Scan":
            continue
        if last >= 0 and step["ts"] < loops[last][1]:
            name = kind if values_read(step) > SMALL else f"{kind}, small"
            inside[name] += spent
            counts[name] += 1
        else:
            outside[kind] += spent
    for name, spent in inside.most_common():
        print(f"in loops: {name} {counts[name]} times, {spent:.0f} ms")
    for name, spent in outside.most_common(8):
        print(f"outside: {name} {spent:.0f} ms")
    rate = max(1 / timed(product())[1] for _ in range(5))
    products = inside[PRODUCTS[0]] + sum(outside[kind] for kind in PRODUCTS)
    for what, spent in (
        ("all", inside.total() + outside.total()),
        ("without the other steps of the loops", inside[PRODUCTS[0]] + outside.total()),
        ("products alone", products),
    ):
        share = 100 * MACS * seconds / (spent / 1000) / rate
        print(f"{what}: {spent:.0f} ms for {seconds:.2f} s of sound, {share:.0f} % of the rate")


if __name__ == "__main__":
    main()
