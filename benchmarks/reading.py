"""How well and how fast pages are read: scores against gold, seconds for each input.

    python benchmarks/reading.py [SCORER GOLD INPUT …] [--json FILE]

SCORER is the file score_articles.py of the practice material; GOLD is the gold file of the INPUT
after it, a page of text, a PDF or an image. None of them is a part of this project. Without them
the sample issue is read for time alone.
"""

import importlib.util
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import results

from qjaudio.config import Config
from qjaudio.errors import QjaudioError
from qjaudio.paper.model import issue_json
from qjaudio.pipeline.reading import issue_at

SAMPLE = Path(__file__).parents[1] / "issues" / "2025-05-20" / "page1.md"
REPEATS = 5


def scorer_of(path: Path) -> Any:
    """The scorer as a module."""
    spec = importlib.util.spec_from_file_location("score_articles", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"no scorer at {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def timed(page: str) -> tuple[dict[str, Any], float]:
    """The issue as `qjaudio read --json` prints it, and the seconds that reading took."""
    began = time.perf_counter()
    issue = issue_at(page, Config())
    return issue_json(issue), time.perf_counter() - began


def sample() -> list[results.Figure]:
    """How long the sample issue takes once everything is loaded."""
    timed(str(SAMPLE))
    values = tuple(timed(str(SAMPLE))[1] for _ in range(REPEATS))
    return [results.Figure(what="the sample issue read", unit="s", values=values)]


def scored(scorer: Any, gold: str, page: str) -> list[results.Figure]:
    """Score and seconds of one input; why not, where it cannot be read here."""
    name = "/".join(Path(page).parts[-2:])
    try:
        issue, seconds = timed(page)
    except (QjaudioError, ImportError) as error:  # scans need an extra
        return [results.Figure(what=f"{name}: score of the reader", unit="", why=str(error))]
    damaged = Path(page).suffix in (".txt", ".md")  # the scorer forgives what OCR text lost
    result = scorer.score(issue, json.loads(Path(gold).read_text("utf-8")), lenient=damaged)
    print(
        f"| {Path(page).name} | {result['score']:.2f} | {result['f1']:.2f} "
        f"| {result['headline_exact']:.2f} | {result['body_cer']:.4f} | {seconds:.1f} |",
        flush=True,
    )
    return [
        results.Figure(what=f"{name}: {what}", unit=unit, values=(value,))
        for what, unit, value in (
            ("score of the reader", "of 100", result["score"]),
            ("articles found", "%", 100 * result["f1"]),
            ("headlines exact", "%", 100 * result["headline_exact"]),
            ("body error", "%", 100 * result["body_cer"]),
            ("read", "s", seconds),
        )
    ]


def all_scored(scorer: Path, pairs: Sequence[str]) -> list[results.Figure]:
    """Print a row for each input."""
    module = scorer_of(scorer)
    print("| input | score | articles | headlines exact | body error | seconds |")
    print("|---|---|---|---|---|---|")
    return [
        figure
        for gold, page in zip(pairs[::2], pairs[1::2], strict=True)
        for figure in scored(module, gold, page)
    ]


def main() -> None:
    """Score what is named, or time the sample."""
    parser = results.options(__doc__)
    parser.add_argument("scorer", type=Path, nargs="?")
    parser.add_argument("pairs", nargs="*", metavar="GOLD INPUT")
    wish = parser.parse_args()
    figures = all_scored(wish.scorer, wish.pairs) if wish.scorer else sample()
    for figure in figures:
        if not wish.scorer or figure.why:
            print(f"{figure.what}: {results.told(figure)}")
    results.save(wish.json, figures)


if __name__ == "__main__":
    main()
