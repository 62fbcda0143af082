"""Write the phrases of CC-CEDICT that pypinyin reads otherwise: src/qjaudio/rules/cedict.tsv.

    pip install pypinyin==0.55.0 pypinyin-dict==0.9.0
    python benchmarks/cedict_phrases.py > src/qjaudio/rules/cedict.tsv

Only the phrases that differ are kept (6 % of 105,000): loading all of them costs 250 MB and 4 s.
Where pypinyin has the phrase too, CC-CEDICT is believed only about neutral tones: its first
reading of 结果 or 便宜 is the rarer one. Measured on the practice sentences of THCHS-30: tone
97.67 % so, 97.64 % with all differences, 97.17 % with none.
CC-CEDICT is CC BY-SA 4.0, so what is derived from it stays a file of its own (see NOTICE).
"""

import re
import sys

from pypinyin import Style, lazy_pinyin
from pypinyin.contrib.tone_convert import to_tone3
from pypinyin.phrases_dict import phrases_dict as usual_phrases
from pypinyin_dict.phrase_pinyin_data.cc_cedict import phrases_dict

HEAD = """\
# Phrases whose reading in CC-CEDICT (https://cc-cedict.org, CC BY-SA 4.0) differs from pypinyin's.
# Changed: only the differing phrases, in tone digits (5 = neutral, v = ü). Licence of this file:
# CC BY-SA 4.0. Made by benchmarks/cedict_phrases.py; mend readings in voices/lexicon.tsv instead.
# phrase<TAB>reading
"""
HAN = re.compile(r"[㐀-鿿]{2,8}")


def digit(marked: str) -> str:
    """A marked syllable with its tone as a digit: lǜ → lv4."""
    return to_tone3(marked, neutral_tone_with_five=True, v_to_u=False)


def is_kept(phrase: str, reading: list[str], usual: list[str]) -> bool:
    """Whether the phrase is new, or said with more neutral tones than pypinyin says."""
    if len(reading) != len(phrase) or reading == usual or "kei1" in reading:
        return False  # 剋 kei1 is dialect, outside of the standard syllables
    more_neutral = all(
        ours == theirs or (ours[-1] == "5" and ours[:-1] == theirs[:-1])
        for ours, theirs in zip(reading, usual, strict=True)
    )
    return phrase not in usual_phrases or more_neutral


def main() -> None:
    """Print the table."""
    sys.stdout.write(HEAD)
    for phrase in sorted(phrases_dict):
        if not HAN.fullmatch(phrase):
            continue
        reading = [digit(choices[0]) for choices in phrases_dict[phrase]]
        usual = lazy_pinyin(phrase, style=Style.TONE3, neutral_tone_with_five=True, v_to_u=False)
        # 一 and 不 are said by rule (script/sandhi.py), here they have the tone of the dictionary.
        for index, char in enumerate(phrase):
            if char in "一不":
                reading[index : index + 1] = usual[index : index + 1] = [
                    "yi1" if char == "一" else "bu4"
                ]
        if is_kept(phrase, reading, usual):
            sys.stdout.write(f"{phrase}\t{' '.join(reading).replace('ü', 'v')}\n")


if __name__ == "__main__":
    main()
