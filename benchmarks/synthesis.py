"""The offline voice against kokoro-onnx: same model, voice, symbols and machine, in turns.

    pip install kokoro-onnx
    python benchmarks/synthesis.py [PAIRS] [VOICE] [--json FILE]

Each pair lets both speak all sentences, the one that begins changing from pair to pair, and gives a
ratio of wall-clock times; the machine's other work then hits both alike. kokoro-onnx runs with the
session that it makes by itself, one sentence after the other; qjaudio as `qjaudio make` runs it.
Without kokoro-onnx only our own pace is measured.

With `--processor-time` both have one thread, and what counts is the time of the processor: on a
machine that others use, walls say little. In both cases the rate of one int8 product of the
vocoder's shape is measured beside each pair, and what share of it the whole synthesis reaches.
"""

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import results

from qjaudio.engines.kokoro import KokoroEngine, model_file, style_vectors, symbols_of, tokens_of
from qjaudio.script.lexicon import default_lexicon
from qjaudio.script.model import Line
from qjaudio.script.pronounce import pronounce_text
from qjaudio.speech.model import SAMPLE_RATE, Utterance
from qjaudio.speech.plan import split

PEER = "kokoro-onnx"
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


def ours(spoken: Sequence[Utterance]) -> Callable[[], float]:
    """A function that speaks all and returns how many seconds of sound came out."""
    engine = KokoroEngine()

    def speak() -> float:
        with ThreadPoolExecutor(engine.parallel) as pool:
            return sum(clip.samples for clip in pool.map(engine.speak, spoken)) / SAMPLE_RATE

    return speak


def theirs(spoken: Sequence[Utterance], voice: str) -> Callable[[], float]:
    """The same with kokoro-onnx and its own session; ImportError if it is not installed."""
    from kokoro_onnx import Kokoro

    with tempfile.TemporaryDirectory() as folder:
        voices = Path(folder) / "voices.npz"
        np.savez(voices, allow_pickle=False, **{voice: style_vectors(voice)})
        peer = Kokoro(str(model_file()), str(voices))
    symbols = [symbols_of(utterance.words) for utterance in spoken]
    for utterance, text in zip(spoken, symbols, strict=True):
        assert tokens_of(utterance.words) == list(peer.tokenizer.tokenize(text)), text

    def speak() -> float:
        sounds = [peer.create(text, voice, is_phonemes=True, trim=False)[0] for text in symbols]
        return sum(map(len, sounds)) / SAMPLE_RATE

    return speak


def timed(speak: Callable[[], float]) -> tuple[float, float]:
    """Wall-clock seconds, and seconds of sound."""
    start = time.perf_counter()
    sound = speak()
    return time.perf_counter() - start, sound


def measured(sides: Mapping[str, Callable[[], float]], pairs: int) -> dict[str, list[float]]:
    """For each side and pair, the seconds that it took for one second of sound."""
    factors: dict[str, list[float]] = {name: [] for name in sides}
    for speak in sides.values():
        speak()  # loads the model
    for pair in range(pairs):
        for name in sorted(sides, reverse=bool(pair % 2)):
            took, sound = timed(sides[name])
            factors[name].append(took / sound)
        told = ", ".join(f"{name} {values[-1]:.3f}" for name, values in factors.items())
        print(f"pair {pair + 1}: {told} s for each second of sound", flush=True)
    return factors


def main() -> None:
    """Print each pair, the median real-time factor and the median ratio."""
    parser = results.options(__doc__)
    parser.add_argument("pairs", type=int, nargs="?", default=5)
    parser.add_argument("voice", nargs="?", default="zm_yunxi")
    wish = parser.parse_args()
    spoken = utterances(wish.voice)
    sides, missing = {"qjaudio": ours(spoken)}, {}
    try:
        sides[PEER] = theirs(spoken, wish.voice)
    except ImportError as error:
        missing[PEER] = str(error)
    factors = measured(sides, wish.pairs)
    figure = results.Figure(
        what="offline synthesis, same model, voice and text",
        unit="s for each second of sound",
        values=tuple(factors.pop("qjaudio")),
        peers={name: tuple(values) for name, values in factors.items()},
        missing=missing,
    )
    print(f"{figure.what}: {results.told(figure)}")
    results.save(wish.json, [figure])


if __name__ == "__main__":
    main()
