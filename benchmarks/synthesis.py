"""The offline voice against kokoro-onnx: same model, voice, symbols and machine, in turns.

    pip install kokoro-onnx
    python benchmarks/synthesis.py [PAIRS] [VOICE]

Each pair lets both speak all sentences, the one that begins changing from pair to pair, and gives a
ratio of wall-clock times; the machine's other work then hits both alike. kokoro-onnx runs with the
session that it makes by itself, one sentence after the other; qjaudio as `qjaudio make` runs it.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from qjaudio.engines.kokoro import KokoroEngine, model_path, style_vectors
from qjaudio.engines.phonemes import symbols_of, tokens_of
from qjaudio.script.lexicon import default_lexicon
from qjaudio.script.model import Line
from qjaudio.script.pronounce import pronounce_text
from qjaudio.speech.model import SAMPLE_RATE, Utterance
from qjaudio.speech.split import split

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
    """The same with kokoro-onnx and its own session."""
    try:
        from kokoro_onnx import Kokoro
    except ModuleNotFoundError:
        raise SystemExit("nothing to compare with: pip install kokoro-onnx") from None
    with tempfile.TemporaryDirectory() as folder:
        voices = Path(folder) / "voices.npz"
        np.savez(voices, allow_pickle=False, **{voice: style_vectors(voice)})
        peer = Kokoro(str(model_path()), str(voices))
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


def main(words: Sequence[str]) -> None:
    """Print each pair, the median real-time factors and the median ratio."""
    pairs = int(words[0]) if words else 5
    voice = words[1] if len(words) > 1 else "zm_yunxi"
    spoken = utterances(voice)
    sides = {"kokoro-onnx": theirs(spoken, voice), "qjaudio": ours(spoken)}
    for speak in sides.values():
        speak()  # loads the model
    factors: dict[str, list[float]] = {name: [] for name in sides}
    ratios = []
    for pair in range(pairs):
        took = {}
        for name in sorted(sides, reverse=bool(pair % 2)):
            took[name], sound = timed(sides[name])
            factors[name].append(took[name] / sound)
        ratios.append(took["kokoro-onnx"] / took["qjaudio"])
        print(f"pair {pair + 1}: {ratios[-1]:.2f} ×")
    for name, values in factors.items():
        print(f"{name}: real-time factor {statistics.median(values):.3f}")
    print(f"median ratio of {pairs} pairs: {statistics.median(ratios):.2f} ×")


if __name__ == "__main__":
    main(sys.argv[1:])
