"""How well and how fast pages are read: scores against gold, seconds for each input.

    python benchmarks/reading.py SCORER GOLD INPUT [GOLD INPUT …]

SCORER is the file score_articles.py of the practice material; GOLD is the gold file of the INPUT
after it, a page of text, a PDF or an image. None of them is a part of this project.
"""

import importlib.util
import json
import sys
import time
from pathlib import Path
from typing import Any

from qjaudio.config import Config
from qjaudio.paper.report import issue_json
from qjaudio.pipeline.reading import read_issue


def scorer_of(path: Path) -> Any:
    """The scorer as a module."""
    spec = importlib.util.spec_from_file_location("score_articles", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"no scorer at {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Print a row for each input."""
    scorer = scorer_of(Path(sys.argv[1]))
    pairs = sys.argv[2:]
    print("| input | score | articles | headlines exact | body error | seconds |")
    print("|---|---|---|---|---|---|")
    for gold, page in zip(pairs[::2], pairs[1::2], strict=True):
        began = time.perf_counter()
        issue = read_issue(page, Config())
        seconds = time.perf_counter() - began
        damaged = Path(page).suffix in (".txt", ".md")  # the scorer forgives what OCR text lost
        result = scorer.score(
            issue_json(issue), json.loads(Path(gold).read_text("utf-8")), lenient=damaged
        )
        print(
            f"| {Path(page).name} | {result['score']:.2f} | {result['f1']:.2f} "
            f"| {result['headline_exact']:.2f} | {result['body_cer']:.4f} | {seconds:.1f} |"
        )


if __name__ == "__main__":
    main()
