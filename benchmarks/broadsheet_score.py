"""How well the made-up broadsheets of broadsheet.py are read: articles, headlines, bodies, doubts.

    python benchmarks/broadsheet_score.py FOLDER [--scans] [--details] [--only odd]

FOLDER is what broadsheet.py wrote. An article is found when its body shares more than half of its
runs of four characters with one of the gold; a headline counts when every character is right; the
body's error is the edit distance over the gold's length, 1 where the article was not found. Also of
the articles that are wrong (not found, another headline, or more than 2 % of the body) and of those
that are right: how many carry a doubt.
"""

import argparse
import json
import re
import resource
import shutil
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qjaudio.config import Config
from qjaudio.errors import QjaudioError
from qjaudio.paper.model import issue_json
from qjaudio.pipeline.reading import issue_at

RIGHT = 0.02
"""Up to this share of a body may differ where an article counts as right."""


def letters(text: str) -> str:
    """A text without white space and marks."""
    return re.sub(r"[\W_]", "", text)


def distance(one: str, other: str) -> int:
    """The edit distance of two texts (Myers, bit by bit)."""
    if not one or not other:
        return len(one) + len(other)
    where: dict[str, int] = {}
    for at, char in enumerate(one):
        where[char] = where.get(char, 0) | 1 << at
    mask, top = (1 << len(one)) - 1, 1 << (len(one) - 1)
    more, less, score = mask, 0, len(one)
    for char in other:
        same = where.get(char, 0)
        down = same | less
        level = ((((same & more) + more) & mask) ^ more) | same
        up, dropped = less | (mask & ~(level | more)), more & level
        score += bool(up & top) - bool(dropped & top)
        up = (up << 1 | 1) & mask
        more, less = (dropped << 1) & mask | mask & ~(down | up), up & down
    return score


def shared(one: str, other: str) -> float:
    """How much of their runs of four characters two texts share."""
    counts = [Counter(text[at : at + 4] for at in range(len(text) - 3)) for text in (one, other)]
    total = counts[0].total() + counts[1].total()
    return 2 * (counts[0] & counts[1]).total() / total if total else 0.0


@dataclass
class Totals:
    """Counts over all pages."""

    gold: int = 0
    found: int = 0
    read: int = 0
    headlines: int = 0
    names: int = 0
    error: float = 0.0
    wrong: list[bool] = field(default_factory=list)
    """Of each wrong article that was read: whether it carries a doubt."""
    right: list[bool] = field(default_factory=list)

    @property
    def f1(self) -> float:
        """F1 of the articles."""
        return 2 * self.found / max(1, self.gold + self.read)

    def row(self) -> str:
        """The figures as a line."""
        gold = max(1, self.gold)
        return (
            f"articles {self.gold} read {self.read} F1 {self.f1:.3f} "
            f"headlines {self.headlines / gold:.3f} body error {self.error / gold:.4f} "
            f"names {self.names / gold:.3f} "
            f"doubts on wrong {sum(self.wrong)}/{len(self.wrong)} "
            f"on right {sum(self.right)}/{len(self.right)}"
        )

    def add(self, other: "Totals") -> None:
        """Add a page's counts."""
        for key in ("gold", "found", "read", "headlines", "names", "error", "wrong", "right"):
            setattr(self, key, getattr(self, key) + getattr(other, key))


def compared(gold: list[dict[str, Any]], got: list[dict[str, Any]]) -> tuple[Totals, list[str]]:
    """The counts of one page, and what is wrong with it."""
    wished = [letters("".join(article["body"])) for article in gold]
    bodies = [letters("".join(article["body"])) for article in got]
    pairs = sorted(
        (
            (shared(one, other), n, m)
            for n, one in enumerate(wished)
            for m, other in enumerate(bodies)
        ),
        reverse=True,
    )
    match: dict[int, int] = {}
    for share, n, m in pairs:
        if share > 0.5 and n not in match and m not in match.values():
            match[n] = m
    totals, faults = Totals(gold=len(gold), found=len(match), read=len(got)), list[str]()
    good = set()
    for n, article in enumerate(gold):
        if n not in match:
            totals.error += 1
            faults.append(f"not found: {article['headline']}")
            continue
        said, right = _faults(article, got[match[n]], totals)
        faults += said
        if right:
            good.add(match[n])
    for m, other in enumerate(got):
        if m not in match.values():
            faults.append(f"too many: {other['headline']} ({len(bodies[m])})")
        (totals.right if m in good else totals.wrong).append(bool(other.get("doubts")))
    return totals, faults


def _faults(
    article: dict[str, Any], other: dict[str, Any], totals: Totals
) -> tuple[list[str], bool]:
    """What is wrong with an article that was found, and whether it counts as right."""
    title, faults = article["headline"], []
    wished, read = (letters("".join(one["body"])) for one in (article, other))
    error = min(1.0, distance(wished, read) / max(1, len(wished)))
    same = letters(title) == letters(other["headline"])
    names = sorted(other["byline"]) == sorted(article["byline"])
    totals.error += error
    totals.headlines += same
    totals.names += names
    if not same:
        faults.append(f"headline: {title} | {other['headline']}")
    if error > RIGHT:
        faults.append(f"body {error:.2f}: {title}")
    if not names:
        faults.append(f"names: {title} {article['byline']} | {other['byline']}")
    for part in ("kicker", "deck"):
        if letters(other[part] or "") != letters(article.get(part) or ""):
            faults.append(f"{part}: {title} {article.get(part)} | {other[part]}")
    return faults, same and error <= RIGHT


def read(path: Path, *, scans: bool) -> dict[str, Any]:
    """What qjaudio reads of a case, as JSON."""
    if not scans:
        return issue_json(issue_at(str(path.with_suffix(".pdf")), Config()))
    with tempfile.TemporaryDirectory() as folder:
        for image in path.parent.glob(f"{path.stem}_*.png"):
            shutil.copy(image, folder)
        return issue_json(issue_at(folder, Config()))


def main() -> None:
    """Score the cases of a folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scans", action="store_true", help="read the PNG files, not the PDF")
    parser.add_argument("--details", action="store_true", help="say what is wrong")
    parser.add_argument("--only", choices=("even", "odd"), help="of the seeds")
    chosen = parser.parse_args()
    everything, seconds = Totals(), []
    for expected in sorted(chosen.folder.glob("broadsheet-*.expected.json")):
        path = expected.with_name(expected.name.split(".")[0])
        if chosen.only and int(path.name[-4:]) % 2 != (chosen.only == "odd"):
            continue
        gold = json.loads(expected.read_text("utf-8"))
        began = time.perf_counter()
        try:
            got = read(path, scans=chosen.scans)["articles"]
        except QjaudioError as error:
            print(path.name, error)
            got = []
        sheets = 2 if gold["kind"] in ("two", "spread") else 1
        seconds.append((time.perf_counter() - began) / sheets)
        totals, faults = compared(gold["articles"], got)
        everything.add(totals)
        if chosen.details:
            print(f"{path.name} {gold['kind']} {totals.row()} {seconds[-1]:.1f} s", flush=True)
            print("".join(f"    {fault}\n" for fault in faults), end="", flush=True)
    print(everything.row())
    seconds.sort()
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    peak = max(resource.getrusage(who).ru_maxrss for who in both) / 1000
    print(f"seconds a page: median {seconds[len(seconds) // 2]:.1f} most {seconds[-1]:.1f}")
    print(f"peak of memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
