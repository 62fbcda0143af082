"""The offline voice against kokoro-onnx: same model, voice, symbols and machine, in turns.

    pip install kokoro-onnx
    python benchmarks/synthesis.py [PAIRS] [VOICE] [--json FILE]

Each pair lets both speak all sentences, the one that begins changing from pair to pair, and gives a
ratio of wall-clock times; the machine's other work then hits both alike. kokoro-onnx runs with the
session that it makes by itself, one sentence after the other; qjaudio as `qjaudio make` runs it.
Without kokoro-onnx only our own pace is measured.

With `--one-thread` both have one thread and speak one sentence after the other, and seconds are the
processor's: on a machine that others use, those of the clock say little. Either way the product of
bytes that takes most of the time is measured between the pairs, alone and with one thread, and the
share of its rate that synthesis reaches in the processor's seconds.
"""

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import results
from onnx import TensorProto, helper, numpy_helper

from qjaudio.engines.kokoro import KokoroEngine, model_file, style_vectors, symbols_of, tokens_of
from qjaudio.script.lexicon import default_lexicon
from qjaudio.script.model import Line
from qjaudio.script.pronounce import pronounce_text
from qjaudio.speech.model import SAMPLE_RATE, Utterance
from qjaudio.speech.plan import split

OURS, PEER = "qjaudio", "kokoro-onnx"
MACS = 26e9
"""Multiplications for a second of sound; counted by the shapes of the model's convolutions."""
SENTENCES = (
    "图书馆延长了开放时间，周末晚上也能借书，许多学生和家长表示欢迎。",
    "农业专家走进田间地头，手把手教村民科学施肥，今年的水稻长势喜人，丰收在望。",
    "市里昨天召开会议，部署今年的防汛工作，要求各部门提前检查水库和河堤。",
    "新修的公路预计下个月通车，届时从县城到山区的时间将缩短一半。",
    "这座老桥经过半年的修缮，桥面更宽了，昨晚灯光亮起，引来不少市民散步拍照。",
    "志愿者们办起了免费的书法班和篮球班，每天上午九点开课。",
)


def utterances(voice: str) -> list[Utterance]:
    """The sentences as our engine gets them."""
    lexicon = default_lexicon()
    lines = [
        Line(text=text, kind="body", clauses=pronounce_text(text, lexicon)) for text in SENTENCES
    ]
    return [
        Utterance(text=piece.text, words=piece.words, voice=voice)
        for line in lines
        for piece in split(line, KokoroEngine.max_chars)
    ]


def ours(spoken: Sequence[Utterance], *, alone: bool) -> Callable[[], float]:
    """A function that speaks all and returns how many seconds of sound came out."""
    engine = KokoroEngine(threads=int(alone))

    def speak() -> float:
        with ThreadPoolExecutor(1 if alone else engine.parallel) as pool:
            return sum(clip.samples for clip in pool.map(engine.speak, spoken)) / SAMPLE_RATE

    return speak


def theirs(spoken: Sequence[Utterance], voice: str, *, alone: bool) -> Callable[[], float]:
    """The same with kokoro-onnx; ImportError if it is not installed."""
    import onnxruntime
    from kokoro_onnx import Kokoro

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1

    with tempfile.TemporaryDirectory() as folder:
        voices = Path(folder) / "voices.npz"
        np.savez(voices, allow_pickle=False, **{voice: style_vectors(voice)})
        if alone:
            session = onnxruntime.InferenceSession(str(model_file()), options)
            peer = Kokoro.from_session(session, str(voices))
        else:
            peer = Kokoro(str(model_file()), str(voices))
    symbols = [symbols_of(utterance.words) for utterance in spoken]
    for utterance, text in zip(spoken, symbols, strict=True):
        assert tokens_of(utterance.words) == list(peer.tokenizer.tokenize(text)), text

    def speak() -> float:
        sounds = [peer.create(text, voice, is_phonemes=True, trim=False)[0] for text in symbols]
        return sum(map(len, sounds)) / SAMPLE_RATE

    return speak


def product() -> Callable[[], float]:
    """A function that multiplies bytes as the widest convolution does: multiplications."""
    import onnxruntime  # late: qjaudio has switched its telemetry off

    frames, depth, width = 24_000, 11 * 128, 128
    random = np.random.default_rng(1)
    weights = random.integers(-128, 128, (depth, width), dtype=np.int8)
    rows = random.integers(0, 256, (frames, depth), dtype=np.uint8)
    names = ("rows", "weights", "one", "one", "", "")
    node = helper.make_node("MatMulIntegerToFloat", names, ["made"], domain="com.microsoft")
    graph = helper.make_graph(
        [node],
        "product",
        [helper.make_tensor_value_info("rows", TensorProto.UINT8, [frames, depth])],
        [helper.make_tensor_value_info("made", TensorProto.FLOAT, [frames, width])],
        [
            numpy_helper.from_array(weights, "weights"),
            numpy_helper.from_array(np.array(1, np.float32), "one"),
        ],
    )
    domains = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=domains, ir_version=9).SerializeToString()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def multiply() -> float:
        for _ in range(5):
            session.run(None, {"rows": rows})
        return 5.0 * frames * depth * width

    return multiply


def timed(work: Callable[[], float]) -> tuple[float, float]:
    """Seconds by the clock and of the processor, for each unit of what was made."""
    start, spent = time.perf_counter(), time.process_time()
    made = work()
    return (time.perf_counter() - start) / made, (time.process_time() - spent) / made


def measured(
    sides: Mapping[str, Callable[[], float]], pairs: int, *, alone: bool
) -> tuple[dict[str, list[float]], list[float]]:
    """For each side and pair, seconds for a second of sound; shares of the product's rate."""
    factors: dict[str, list[float]] = {name: [] for name in sides}
    shares, multiply = [], product()
    for speak in sides.values():
        speak()  # loads the model
    for pair in range(pairs):
        rate = 1 / timed(multiply)[1]
        for name in sorted(sides, reverse=bool(pair % 2)):
            times = timed(sides[name])
            factors[name].append(times[alone])
            if name == OURS:
                shares.append(100 * MACS / times[1] / rate)
        told = ", ".join(f"{name} {values[-1]:.3f}" for name, values in factors.items())
        print(f"pair {pair + 1}: {told} s for each second of sound", flush=True)
        print(f"  product: {rate / 1e9:.0f} thousand million a second; share {shares[-1]:.0f} %")
    return factors, shares


def main() -> None:
    """Print each pair, the median real-time factor and the median ratio."""
    parser = results.options(__doc__)
    parser.add_argument("pairs", type=int, nargs="?", default=5)
    parser.add_argument("voice", nargs="?", default="zm_yunxi")
    parser.add_argument("--one-thread", action="store_true", help="processor time of one thread")
    wish = parser.parse_args()
    spoken, alone = utterances(wish.voice), wish.one_thread
    sides, missing = {OURS: ours(spoken, alone=alone)}, {}
    try:
        sides[PEER] = theirs(spoken, wish.voice, alone=alone)
    except ImportError as error:
        missing[PEER] = str(error)
    factors, shares = measured(sides, wish.pairs, alone=alone)
    clock = ", one thread, processor time" if alone else ""
    figure = results.Figure(
        what=f"offline synthesis, same model, voice and text{clock}",
        unit="s for each second of sound",
        values=tuple(factors.pop(OURS)),
        peers={name: tuple(values) for name, values in factors.items()},
        missing=missing,
    )
    what = f"of the rate of one int8 product on this processor: {results.processor()}"
    share = results.Figure(what=what, unit="%", values=tuple(shares))
    for one in (figure, share):
        print(f"{one.what}: {results.told(one)}")
    results.save(wish.json, [figure, share])


if __name__ == "__main__":
    main()
