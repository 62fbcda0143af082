"""What the gate finds of clips that are not what was asked, of a voice whose pace nobody measured.

    python benchmarks/habits.py [UTTERANCES] [VOICE ...]

Each voice says the same utterances of the sample issue. Twelve clips, drawn at random, make its
habits; each of the others is judged as it is, and with every fault put in, by the gate alone and
with the habits. Three voices take four minutes on two quiet cores.
"""

import random
import sys
from collections import Counter
from dataclasses import replace

import numpy as np
from paces import utterances

from qjaudio.engines.kokoro import KokoroEngine
from qjaudio.speech.gate import Habits, doubt, sounding
from qjaudio.speech.model import BYTES_PER_SAMPLE, Clip, Utterance

VOICES = ("zf_xiaoyi", "zm_yunxi", "zm_yunjian")
LEARNT = 12
LEAST_SYLLABLES = 5
Spoken = tuple[Utterance, Clip]


def without(clip: Clip, start: float, end: float) -> Clip:
    """The clip without the stretch between two shares of its sound."""
    heard = sounding(clip)
    assert heard is not None
    at_ms = [heard.start_ms + share * (heard.end_ms - heard.start_ms) for share in (start, end)]
    first, last = (round(ms * clip.sample_rate / 1000) * BYTES_PER_SAMPLE for ms in at_ms)
    return Clip(clip.pcm[:first] + clip.pcm[last:])


def at_speed(clip: Clip, factor: float) -> Clip:
    """The clip played faster."""
    samples = np.frombuffer(clip.pcm, "<i2").astype(float)
    places = np.arange(int(len(samples) / factor)) * factor
    return Clip(np.interp(places, np.arange(len(samples)), samples).astype("<i2").tobytes())


def faults(clip: Clip, other: Clip) -> dict[str, Clip]:
    """What a service may send instead of a clip."""
    return {
        "as it is": clip,
        "said twice": Clip(clip.pcm * 2),
        "a fifth cut from the start": without(clip, 0, 0.2),
        "a fifth cut from the middle": without(clip, 0.4, 0.6),
        "a fifth cut from the end": without(clip, 0.8, 1),
        "a quarter cut from the middle": without(clip, 0.4, 0.65),
        "three tenths cut from the middle": without(clip, 0.35, 0.65),
        "at two thirds of the speed": at_speed(clip, 2 / 3),
        "at one and a half times the speed": at_speed(clip, 1.5),
        "another sentence by another voice": other,
    }


def main() -> None:
    """Speak, judge, and print the share that was refused."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 46
    voices = tuple(sys.argv[2:]) or VOICES
    engine, chance = KokoroEngine(), random.Random(3)  # noqa: S311
    said = [one for one in utterances(count) if one.syllables >= LEAST_SYLLABLES]
    spoken = {
        voice: [(one, engine.speak(replace(one, voice=voice))) for one in said] for voice in voices
    }
    judged, by_gate, found = 0, Counter[str](), Counter[str]()
    for voice, clips in spoken.items():
        others = [pair for name, pairs in spoken.items() if name != voice for pair in pairs]
        chance.shuffle(clips)
        for number, (one, clip) in enumerate(clips[LEARNT:]):
            utterance = replace(one, voice="a voice without a pace")
            for fault, heard in faults(clip, others[number % len(others)][1]).items():
                habits = Habits()
                for learnt, known in clips[:LEARNT]:
                    habits.doubt(replace(learnt, voice=utterance.voice), known)
                refused = bool(doubt(utterance, heard))
                by_gate[fault] += refused
                found[fault] += refused or bool(habits.doubt(utterance, heard))
            judged += 1
    for fault in faults(clip, clip):
        share = [100 * counts[fault] / judged for counts in (by_gate, found)]
        print(f"{fault}: {share[0]:.0f} % by the gate alone, {share[1]:.0f} % with habits")
    print(f"{judged} clips of {len(voices)} voices")


if __name__ == "__main__":
    main()
