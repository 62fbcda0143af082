"""Spoken forms and readings against other libraries, on tables of test cases.

    python benchmarks/frontend.py SCORER TABLES

SCORER is the file frontend_peers.py of the practice material, TABLES its folder of tables; neither
is a part of this project. Peers that are not installed are left out: install wetext, cn2an,
zh-normalization, pypinyin and g2pM beside qjaudio to have their rows.
"""

import contextlib
import importlib.util
import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qjaudio.script.explain import explain
from qjaudio.script.lexicon import default_lexicon

NORMALIZERS = ("wetext", "cn2an.transform", "zh-normalization (Paddle)")
READERS = ("pypinyin", "pypinyin sandhi", "pypinyin+rjieba", "g2pM")


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


def main() -> None:
    """Print both tables."""
    warnings.simplefilter("ignore")
    scorer = scorer_of(Path(sys.argv[1]), Path(sys.argv[2]))
    print("| spoken forms | core tests | newspaper probes |\n|---|---|---|")
    say = {"qjaudio": lambda: lambda text: explain(text, default_lexicon()).spoken}
    for name, make in (say | {peer: scorer.PEERS["tn"][peer] for peer in NORMALIZERS}).items():
        with contextlib.suppress(ImportError):
            print(f"| {name} |", " | ".join(f"{x:.1f}" for x in spoken_scores(scorer, make())), "|")
    print("\n| readings | reading | tone | tone changes |\n|---|---|---|---|")
    read = {"qjaudio": lambda: lambda text: ours(scorer, text)}
    for name, make in (read | {peer: scorer.PEERS["py"][peer] for peer in READERS}).items():
        with contextlib.suppress(ImportError):
            scores = reading_scores(scorer, make())
            print(f"| {name} |", " | ".join(f"{score:.2f}" for score in scores), "|")


if __name__ == "__main__":
    main()
