"""The pace of each offline voice, and what the gate's band of lengths makes of its clips.

    python benchmarks/paces.py [UTTERANCES] [VOICE ...]
    python benchmarks/paces.py held PACE [UTTERANCES] [VOICE ...]

Each voice says the same utterances of the sample issue, evenly from the shortest to the longest.
Printed: the rows of src/qjaudio/rules/paces.tsv, how far single utterances are from their voice's
pace, how many good clips the band refuses, and the share of losses found when a part of the speech
is cut out of the middle of each clip, with the voice's band and with that of an unknown voice.

`held` asks whether the setting `pace` holds: each voice finds its rate on every other utterance,
and its characters a minute are measured on the others.
"""

import statistics
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from qjaudio import rules
from qjaudio.engines.kokoro import VOICES, KokoroEngine
from qjaudio.episode.sound import trim
from qjaudio.paper.reading import read_issue
from qjaudio.script.compose import compose
from qjaudio.script.lexicon import default_lexicon
from qjaudio.script.pronounce import pronounce
from qjaudio.sources.text import split_pages
from qjaudio.speech.gate import band_ms, sounding
from qjaudio.speech.model import BYTES_PER_SAMPLE, SAMPLE_RATE, Clip, Utterance
from qjaudio.speech.plan import at_rate, characters_a_minute, pace_rates, split

ISSUE = Path(__file__).parents[1] / "issues" / "2025-05-20" / "page1.md"
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
