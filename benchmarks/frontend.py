"""Spoken forms and readings against other libraries, on tables of test cases.

    python benchmarks/frontend.py SCORER TABLES [--json FILE]

SCORER is the file frontend_peers.py of the practice material, TABLES its folder of tables; neither
is a part of this project. Peers that are not installed are named as such: install wetext, cn2an,
zh-normalization and g2pM beside qjaudio to have their columns.
"""

import importlib.util
import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import results

from qjaudio.script.lexicon import default_lexicon
from qjaudio.script.pronounce import explain

NORMALIZERS = ("wetext", "cn2an.transform", "zh-normalization (Paddle)")
READERS = ("pypinyin", "pypinyin sandhi", "pypinyin+rjieba", "g2pM")
SPOKEN = ("spoken forms right: core tests", "spoken forms right: newspaper probes")
READ = ("readings right", "tones right", "tone changes right")


def scorer_of(path: Path, tables: Path) -> Any:
    """The scorer as a module, with its folder of tables."""
    os.environ["FRONTEND_DATA"] = str(tables)
    spec = importlib.util.spec_from_file_location("frontend_peers", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"no scorer at {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def spoken_scores(scorer: Any, say: Callable[[str], str]) -> list[float]:
    """Percent right of the core tests and of the newspaper probes."""
    scores = []
    for name in ("a_tn.tsv", "a_newspaper_probe.tsv"):
        rows = [row for row in scorer.table(name) if row["flag"] == "core"]
        right = scorer.tn_judge(rows, [guarded(say, row["written"]) for row in rows])
        scores.append(100 * sum(lenient for _, lenient in right) / len(rows))
    return scores


def reading_scores(scorer: Any, read: Callable[[str], Any]) -> list[float]:
    """Percent right of readings, tones and tone changes."""
    rows = scorer.table("b_sentence_pinyin.tsv")
    judged = scorer.sentence_judge(rows, [guarded(read, row["sentence"]) for row in rows])
    thchs = judged["THCHS-30"]
    rows = scorer.table("c_tone_sandhi.tsv")
    right = scorer.sandhi_judge(rows, [guarded(read, row["text"]) for row in rows])
    return [thchs["reading"], thchs["tone"], 100 * sum(right) / len(rows)]


def guarded(function: Callable[[str], Any], text: str) -> Any:
    """The answer, or None where a library fails on the text."""
    try:
        return function(text)
    except (ValueError, KeyError, IndexError, AttributeError):
        return None


def ours(scorer: Any, text: str) -> list[str | None]:
    """Our pinyin laid over the characters of a text that has no digits."""
    syllables = iter(explain(text, default_lexicon()).pinyin)
    return [next(syllables, None) if scorer.HAN.match(char) else None for char in text]


def figures(
    titles: Sequence[str],
    own: Sequence[float],
    makers: Mapping[str, Callable[[], Any]],
    score: Callable[[Any], Sequence[float]],
) -> list[results.Figure]:
    """A figure for each title: our percentage beside that of each peer that can be had."""
    scores, missing = {}, {}
    for name, make in makers.items():
        try:
            scores[name] = score(make())
        except ImportError as error:
            missing[name] = str(error)
    return [
        results.Figure(
            what=title,
            unit="%",
            values=(own[at],),
            peers={name: (found[at],) for name, found in scores.items()},
            missing=missing,
        )
        for at, title in enumerate(titles)
    ]


def main() -> None:
    """Print a line for each table of tests."""
    parser = results.options(__doc__)
    parser.add_argument("scorer", type=Path)
    parser.add_argument("tables", type=Path)
    wish = parser.parse_args()
    warnings.simplefilter("ignore")
    scorer = scorer_of(wish.scorer, wish.tables)
    speakers = {peer: scorer.PEERS["tn"][peer] for peer in NORMALIZERS}
    readers = {peer: scorer.PEERS["py"][peer] for peer in READERS}

    def spoken(say: Callable[[str], str]) -> list[float]:
        return spoken_scores(scorer, say)

    def read(reader: Callable[[str], Any]) -> list[float]:
        return reading_scores(scorer, reader)

    own = spoken(lambda text: explain(text, default_lexicon()).spoken)
    found = figures(SPOKEN, own, speakers, spoken)
    own = read(lambda text: ours(scorer, text))
    found += figures(READ, own, readers, read)
    for figure in found:
        print(f"{figure.what}: {results.told(figure)}")
    results.save(wish.json, found)


if __name__ == "__main__":
    main()
