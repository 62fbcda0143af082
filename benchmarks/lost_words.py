"""How many clips with a lost or doubled word are found, with a recogniser and without.

    python benchmarks/lost_words.py SENTENCES.txt [COUNT] [SEED]

Of the sentences, one a line, those of 10 to 40 syllables are drawn; three offline voices say them
in turns, as they are, without one word of two syllables or more, and with that word said twice:
real speech, as of a service that stumbles. The voice counts as one of an online service, of which
the gate has no measured pace. Printed for each fault: what the gate and the habits of the voice
(learnt from its first twelve whole clips) refuse, and what is refused when Whisper listens too.
"""

import random
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

from habits import LEARNT, VOICES

from qjaudio.config import Config
from qjaudio.engines.kokoro import KokoroEngine
from qjaudio.engines.listened import Whisper
from qjaudio.pipeline.listening import reading_of
from qjaudio.script.lexicon import default_lexicon
from qjaudio.script.pronounce import pronounce_text
from qjaudio.speech.gate import Habits, doubt
from qjaudio.speech.model import Utterance
from qjaudio.speech.recognition import compare, syllables

FAULTS = ("as it is", "a word lost", "a word said twice")
Spoken = tuple[Utterance, Utterance]


def versions(text: str, chance: random.Random) -> dict[str, Spoken] | None:
    """What is asked and what is said, for each fault; None for a text that is too long or short."""
    clauses = pronounce_text(text, default_lexicon())
    words = tuple(word for clause in clauses for word in clause.words)
    asked = Utterance(text=text, words=words)
    places = [at for at, word in enumerate(words) if len(word.pinyin) >= 2]
    if not (places and 10 <= asked.syllables <= 40):
        return None
    at = chance.choice(places)
    said = words, words[:at] + words[at + 1 :], words[: at + 1] + words[at:]
    return {
        fault: (asked, replace(asked, words=one)) for fault, one in zip(FAULTS, said, strict=True)
    }


def main() -> None:
    """Speak, judge, and print the shares that were refused."""
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    chance = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)  # noqa: S311
    lines = Path(sys.argv[1]).read_text("utf-8").split("\n")
    chance.shuffle(lines)
    drawn = [made for line in lines if (made := versions(line, chance))][:count]
    engine, ear, reading = KokoroEngine(), Whisper(), reading_of(Config())
    habits: dict[str, Habits] = {voice: Habits() for voice in VOICES}
    learnt, alone, listened, judged = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for number, faults in enumerate(drawn):
        voice = VOICES[number % len(VOICES)]
        for fault, (asked, said) in faults.items():
            clip, unknown = engine.speak(replace(said, voice=voice)), replace(asked, voice="?")
            if learnt[voice] < LEARNT:
                if fault == FAULTS[0]:
                    learnt[voice] += not habits[voice].doubt(unknown, clip)
                continue
            refused = bool(doubt(unknown, clip) or habits[voice].doubt(unknown, clip))
            heard = compare(syllables(asked.words), reading(ear.hear(clip)))
            judged[fault] += 1
            alone[fault] += refused
            listened[fault] += refused or heard.is_other
            if (fault == FAULTS[0]) == (refused or heard.is_other):
                print(f"{voice}, {fault}, {refused=}, {heard}: {asked.text}", file=sys.stderr)
    for fault in FAULTS:
        print(
            f"{fault}: {alone[fault]} of {judged[fault]} refused by the gate and habits, "
            f"{listened[fault]} when Whisper listens"
        )


if __name__ == "__main__":
    main()
