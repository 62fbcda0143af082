"""The pace of each offline voice, and what the gate's band of lengths makes of its clips.

    python benchmarks/paces.py [UTTERANCES] [VOICE ...]
    python benchmarks/paces.py held PACE [UTTERANCES] [VOICE ...]
    python benchmarks/paces.py frames [VOICE ...]

Each voice says the same utterances of the sample issue, evenly from the shortest to the longest.
Printed: the rows of src/qjaudio/rules/paces.tsv, how far single utterances are from their voice's
pace, how many good clips the band refuses, and the share of losses found when a part of the speech
is cut out of the middle of each clip, with the voice's band and with that of an unknown voice.

`held` asks whether the setting `pace` holds: each voice finds its rate on every other utterance,
and its characters a minute are measured on the others.

`frames` asks the same of the voice's own count of frames (25 ms for each sound, before a sample is
made of them), which takes a tenth of the time: all utterances of the sample episode, read by one
voice or by one of two, at every fourth pace from 220 to 300.
"""

import statistics
import sys
import tomllib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from qjaudio import rules
from qjaudio.engines.kokoro import VOICES, KokoroEngine, model_file, style_vectors, tokens_of
from qjaudio.episode.sound import trim
from qjaudio.paper.digest import digest
from qjaudio.paper.reading import read_issue
from qjaudio.script.compose import compose
from qjaudio.script.lexicon import default_lexicon
from qjaudio.script.pronounce import pronounce
from qjaudio.sources.text import split_pages
from qjaudio.speech.gate import band_ms, sounding
from qjaudio.speech.model import BYTES_PER_SAMPLE, SAMPLE_RATE, Clip, Utterance
from qjaudio.speech.plan import (
    PACE_OFF,
    at_rate,
    characters_a_minute,
    pace_rates,
    parse_cast,
    plan,
    split,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ISSUE = Path(__file__).parents[1] / "issues" / "2025-05-20" / "page1.md"
CAST = Path(__file__).parents[1] / "voices" / "cast.toml"
COUNTS = "/encoder/predictor/ReduceSum_output_0"
"""Where the model's graph has the frames of each token."""
EDGES_MS, EDGES_SLOWER_MS = 620, 530
"""The quiet at both ends of a clip, cut off by `trim`: measured on 72 clips at six rates."""
LOST = (5, 10, 15, 20, 25, 30, 40, 50)
"""Per cent of the sounding stretch."""

Spoken = tuple[Utterance, Clip]


def utterances(count: int) -> list[Utterance]:
    """So many of the sample issue's, by length."""
    issue = read_issue(split_pages(ISSUE.read_text("utf-8")), date="2025-05-20")
    script = pronounce(compose(issue, rules.phrases("phrases")), default_lexicon())
    pieces = {
        piece.spoken: piece
        for part in script.parts
        for line in part.lines
        for piece in split(line, KokoroEngine.max_chars)
    }
    ranked = sorted(pieces.values(), key=lambda piece: piece.syllables)
    return [ranked[round(at * (len(ranked) - 1) / (count - 1))] for at in range(count)]


def sample_episode() -> tuple[Utterance, ...]:
    """The utterances of the sample's episode, as `make` plans them."""
    issue = digest(read_issue(split_pages(ISSUE.read_text("utf-8")), date="2025-05-20"))
    script = pronounce(compose(issue, rules.phrases("phrases")), default_lexicon())
    cast = parse_cast(tomllib.loads(CAST.read_text("utf-8")))
    return plan(script, cast, KokoroEngine(), rules.phrases("pauses"))


def speaking_ms(clip: Clip) -> int:
    """How long it speaks; 0 where it is silent."""
    heard = sounding(clip)
    return heard.speaking_ms if heard else 0


def has_letters(utterance: Utterance) -> bool:
    """Whether Latin letters stand in it, whose length is not a measure of pace."""
    return any(char.isascii() and char.isalnum() for char in utterance.spoken)


def without(clip: Clip, percent: int) -> Clip:
    """The clip with a part of its sounding stretch cut out of the middle."""
    heard = sounding(clip)
    assert heard is not None
    length = heard.end_ms - heard.start_ms
    start = heard.start_ms + round(length * (100 - percent) / 200)
    per_ms = SAMPLE_RATE * BYTES_PER_SAMPLE // 1000
    end = start + round(length * percent / 100)
    return Clip(clip.pcm[: start * per_ms] + clip.pcm[end * per_ms :])


def is_outside(utterance: Utterance, clip: Clip) -> bool:
    """Whether the band refuses the clip."""
    least, most = band_ms(utterance)
    return not least <= speaking_ms(clip) <= most


def tell_paces(spoken: Iterable[Spoken]) -> None:
    """A row for each voice: its pace, and the least and the most of its utterances beside that."""
    ratios: dict[str, list[float]] = {}
    for utterance, clip in spoken:
        if not has_letters(utterance):
            pace = speaking_ms(clip) / utterance.syllables
            ratios.setdefault(utterance.voice, []).append(pace)
    print("voice\tms\tutterances\tleast\tmost")
    for voice, found in sorted(ratios.items()):
        usual = statistics.median(found)
        least, most = min(found) / usual, max(found) / usual
        print(f"{voice}\t{usual:.0f}\t{len(found)}\t{least:.2f}\t{most:.2f}")


def tell_losses(spoken: Sequence[Spoken]) -> None:
    """How many good clips are refused, and how many losses are found."""
    refused = sum(is_outside(*one) for one in spoken)
    print(f"\nrefused of {len(spoken)} good clips: {refused}")
    print("cut out\tfound with the voice's band\twith the wide band")
    for percent in LOST:
        cut = [(utterance, without(clip, percent)) for utterance, clip in spoken]
        own = sum(is_outside(*one) for one in cut)
        wide = sum(is_outside(replace(utterance, voice=""), clip) for utterance, clip in cut)
        print(f"{percent} %\t{own / len(cut):.0%}\t{wide / len(cut):.0%}")


def frame_counts() -> Callable[[Utterance], "NDArray[np.float32]"]:
    """What counts the frames of each token of an utterance, not yet rounded.

    It is the part of the model before its frames are rounded and sounded.
    """
    import numpy as np
    import onnx
    import onnxruntime

    model = onnx.load(str(model_file()))
    makers = {name: node for node in model.graph.node for name in node.output}
    wanted, needed = [COUNTS], set()
    while wanted:
        name = wanted.pop()
        if name not in needed:
            needed.add(name)
            wanted += makers[name].input if name in makers else ()
    kept = [node for node in model.graph.node if needed.intersection(node.output)]
    graph = onnx.helper.make_graph(
        kept,
        "frames",
        [one for one in model.graph.input if one.name in needed],
        [onnx.helper.make_tensor_value_info(COUNTS, onnx.TensorProto.FLOAT, None)],
        [one for one in model.graph.initializer if one.name in needed],
    )
    cut = onnx.helper.make_model(
        graph, opset_imports=model.opset_import, ir_version=model.ir_version
    )
    session = onnxruntime.InferenceSession(cut.SerializeToString())

    @cache
    def count(utterance: Utterance) -> "NDArray[np.float32]":
        tokens = tokens_of(utterance.words)
        style = style_vectors(utterance.voice)[len(tokens)].astype(np.float32)
        inputs = {"tokens": np.array([[0, *tokens, 0]], dtype=np.int64), "style": style}
        (found,) = session.run([COUNTS], inputs)
        return np.asarray(found, np.float32).reshape(-1)

    return count


def tell_frames(voices: Iterable[str]) -> None:
    """A row for each voice: how far it is from the paces asked for, by its count of frames."""
    import numpy as np

    count = frame_counts()

    def length(told: Utterance) -> int:
        frames = np.maximum(1, np.round(count(replace(told, rate=1.0, pause_ms=0)) / told.rate))
        return max(
            200,
            round(25 * float(frames[1:-1].sum()) - EDGES_MS - EDGES_SLOWER_MS * (1 - told.rate)),
        )

    def lengths(asked: Sequence[Utterance]) -> list[int]:
        return [length(one) for one in asked]

    planned = sample_episode()
    print("voice\tcases\tmean\t19 of 20\tmost\tbeyond 3 %")
    for voice in voices:
        off = []
        for reader in (*dict.fromkeys(one.voice for one in planned), None):
            own = [replace(one, voice=voice) for one in planned if reader in (one.voice, None)]
            for pace in range(220, 301, 4):
                rate = pace_rates(own, lengths, pace)[0][voice]
                told = [at_rate(one, rate) for one in own]
                off.append(abs(characters_a_minute(told, 1.0, lengths(told)) / pace - 1))
        off.sort()
        beyond = sum(one > PACE_OFF for one in off)
        most = off[round(0.95 * len(off)) - 1]
        print(
            f"{voice}\t{len(off)}\t{statistics.mean(off):.1%}\t{most:.1%}\t{off[-1]:.1%}\t{beyond}",
            flush=True,
        )


def tell_held(pace: int, count: int, voices: Iterable[str]) -> None:
    """A row for each voice: its rate, and the pace of utterances that it was not set on."""
    engine = KokoroEngine()

    def lengths(asked: Sequence[Utterance]) -> list[int]:
        with ThreadPoolExecutor(engine.parallel) as pool:
            return [trim(clip).duration_ms for clip in pool.map(engine.speak, asked)]

    print("voice\trate\tcharacters a minute\toff")
    for voice in voices:
        told = [replace(one, voice=voice, pause_ms=380) for one in utterances(count)]
        rates, _ = pace_rates(told[::2], lengths, pace)
        others = [at_rate(one, rates[voice]) for one in told[1::2]]
        found = characters_a_minute(others, 1.0, lengths(others))
        print(f"{voice}\t{rates[voice]:.2f}\t{found:.0f}\t{found / pace - 1:+.1%}", flush=True)


def main(words: Sequence[str]) -> None:
    """Speak, measure and print."""
    if words[:1] == ["frames"]:
        tell_frames(words[1:] or VOICES)
        return
    if words[:1] == ["held"]:
        tell_held(int(words[1]), int(words[2]) if words[2:] else 24, words[3:] or VOICES)
        return
    count = int(words[0]) if words else 24
    voices = tuple(words[1:]) or VOICES
    asked = [replace(piece, voice=voice) for piece in utterances(count) for voice in voices]
    engine = KokoroEngine()
    with ThreadPoolExecutor(engine.parallel) as pool:
        spoken = list(zip(asked, pool.map(engine.speak, asked), strict=True))
    tell_paces(spoken)
    tell_losses(spoken)


if __name__ == "__main__":
    main(sys.argv[1:])
