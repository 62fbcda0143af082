"""Spoken forms and readings of a whole corpus: what is done, how long it takes, what is in doubt.

    python benchmarks/corpus.py CORPUS.tsv [--cases CASES.tsv] [--sample N] [--seed N] [--json FILE]
    python benchmarks/corpus.py CORPUS.tsv --alarms [--limit N]

CORPUS has a sentence in the last column of each line; it is not part of this project. It prints
how often each rule of print and each source of readings was used, the time, the peak memory and how
many characters there are to a doubt. With --cases it scores a table of cases by their class. With
--sample it prints so many sentences, drawn by --seed, as they are said, for somebody's own ears:
no table tells how new text is said. With --alarms it lists where other programs read otherwise.
"""

import argparse
import random
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import results
from alarm_readers import disagreements, readers, show_disagreements

from qjaudio.paper.text import Doubt, is_han
from qjaudio.script.lexicon import Lexicon, default_lexicon
from qjaudio.script.pronounce import explain

_TAG = re.compile(r"</?[a-z]+[^>]*>")
_WRITTEN = re.compile(r"[0-9A-Za-z０-９%％℃]")
_READING = "pinyin"


def sentences_of(text: str) -> tuple[str, ...]:
    """The different sentences of a corpus, in their order."""
    rows = (row for row in text.splitlines() if row.strip() and not row.startswith("#"))
    return tuple(dict.fromkeys(_TAG.sub("", row.split("\t")[-1]).strip() for row in rows))


def run(sentences: Sequence[str], lexicon: Lexicon) -> tuple[Counter[str], list[Doubt]]:
    """How often each rule and source was used, and the doubts of all sentences."""
    used: Counter[str] = Counter()
    doubts: list[Doubt] = []
    for sentence in sentences:
        found = explain(sentence, lexicon)
        doubts += found.doubts
        used.update(reason for word in found.words for reason in word.reason.split(", "))
    return used, doubts


def bare(text: str) -> str:
    """Letters, digits and Han: cases are compared without marks."""
    return "".join(filter(str.isalnum, text))


def is_right(row: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether a case is said as it asks: kind, text, spoken form, readings, class."""
    found = explain(row[1], lexicon)
    if row[0] != _READING:
        return bare(found.spoken) == bare(row[2])
    for wish in filter(None, row[3].split(" ; ")):
        word, _, reading = wish.strip().partition("=")
        at = found.spoken.find(word)
        first = sum(map(is_han, found.spoken[:at]))
        count = sum(map(is_han, word))
        if at < 0 or list(found.pinyin[first : first + count]) != reading.split():
            return False
    return True


def cases_score(path: Path, lexicon: Lexicon) -> list[results.Figure]:
    """How many cases of each class are said right, and of all."""
    rows = [row.split("\t") for row in path.read_text("utf-8").splitlines()]
    rows = [row for row in rows if row[0] in ("spoken", _READING) and len(row) >= 5]
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for row in rows:
        right[row[4]] += is_right(row, lexicon)
        total[row[4]] += 1
    for name in sorted(total):
        print(f"{name:32} {right[name]:3} of {total[name]}")
    share = 100 * sum(right.values()) / max(1, sum(total.values()))
    return [results.Figure(what="cases said right", unit="%", values=(share,))]


def show_sample(sentences: Sequence[str], count: int, seed: int, lexicon: Lexicon) -> None:
    """Sentences with digits or Latin letters, drawn by chance, as they are said."""
    pool = [sentence for sentence in sentences if _WRITTEN.search(sentence)]
    for sentence in random.Random(seed).sample(pool, min(count, len(pool))):  # noqa: S311
        found = explain(sentence, lexicon)
        print(sentence, found.spoken, " ".join(found.pinyin), sep="\n")
        print()


def main() -> None:
    """Print the counts and figures."""
    parser = results.options(__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--cases", type=Path)
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--alarms", action="store_true")
    parser.add_argument("--limit", type=int, default=200, help="disagreements to print")
    wish: argparse.Namespace = parser.parse_args()
    lexicon = default_lexicon()
    sentences = sentences_of(wish.corpus.read_text("utf-8"))
    if wish.sample:
        show_sample(sentences, wish.sample, wish.seed, lexicon)
        return
    if wish.alarms:
        show_disagreements(disagreements(sentences, readers(), lexicon), wish.limit)
        return
    start = time.process_time()
    used, doubts = run(sentences, lexicon)
    spent = time.process_time() - start
    for name, count in used.most_common():
        print(f"{count:8} {name}")
    for why, count in Counter(doubt.why for doubt in doubts).most_common(20):
        print(f"{count:8} in doubt: {why}")
    chars = sum(map(len, sentences))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    megabytes = memory / (1_000_000 if sys.platform == "darwin" else 1_000)
    figures = [
        results.Figure(
            what=f"processor time for {len(sentences):,} sentences", unit="s", values=(spent,)
        ),
        results.Figure(what="peak memory", unit="MB", values=(megabytes,)),
        results.Figure(
            what="doubts per 400 characters", unit="", values=(400 * len(doubts) / max(1, chars),)
        ),
        *(cases_score(wish.cases, lexicon) if wish.cases else ()),
    ]
    for figure in figures:
        print(f"{figure.what}: {results.told(figure)}")
    results.save(wish.json, figures)


if __name__ == "__main__":
    main()
