"""How well our own pages are read and our own sentences are said, of 100.

    python tests/quality/scoring.py [--save]

prints a row for each page and each class of sentences. `--save` writes the figures to floors.json:
`test_quality.py` fails the build when one of them gets worse.

A page scores 35 points for articles (F1), 25 for headlines (exact), 30 for bodies (1 - character
error rate, Han characters and digits only), 10 for bylines. An article is found when its body
shares more than half of its characters, in order, with one of the gold.
"""

import contextlib
import io
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from qjaudio.cli import run

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PRINTED = ROOT / "tests" / "sources" / "pages"
FLOORS = HERE / "floors.json"
SENTENCES = HERE / "sentences.tsv"


@dataclass(frozen=True, slots=True)
class PageCase:
    """A page of our own words, and what is printed on it."""

    name: str
    location: Path
    gold: tuple[dict[str, Any], ...]
    """The articles: `headline`, `byline` (names), `body` (paragraphs)."""


_SIGNED = re.compile(r"^本报讯 ?(?:（[^（）]+）)?|（[^（）]{2,4}）$|本报记者 \S+(?: 摄)?$")
"""Dateline, byline and sign-off, which stand in the paragraphs as printed and are no body."""


def page_cases() -> Iterator[PageCase]:
    """The sample issue, the printed pages as PDF and scan, and other OCR tools' text."""
    for path in sorted((HERE / "pages").glob("*.gold.json")):
        gold = json.loads(path.read_text("utf-8"))
        yield PageCase(path.name.split(".")[0], ROOT / gold["page"], tuple(gold["articles"]))
    for name, pages in (("two_pages", 2), ("four_columns", 1)):
        yield PageCase(f"{name}_pdf", PRINTED / f"{name}.pdf", described(name, range(1, pages + 1)))
        for number in range(1, pages + 1):
            scan = PRINTED / f"{name}_{number}.png"
            yield PageCase(f"{name}_{number}_scan", scan, described(name, [number]))


def described(name: str, numbers: range | list[int]) -> tuple[dict[str, Any], ...]:
    """The articles of some pages that a TOML file describes; continuations joined."""
    pages = tomllib.loads((PRINTED / f"{name}.toml").read_text("utf-8"))["pages"]
    found: dict[str, dict[str, Any]] = {}
    for number in numbers:
        for row in pages[number - 1]["rows"]:
            for cell in row["cells"]:
                for article in cell["articles"]:
                    headline = article["headline"].replace("|", "")
                    one = found.setdefault(headline, {"headline": headline, "body": []})
                    one["body"] += [_SIGNED.sub("", text) for text in article["paragraphs"]]
    return tuple(found.values())


def counted(text: str) -> str:
    """The Han characters and digits of a text."""
    return "".join(char for char in text if char.isdigit() or "一" <= char <= "鿿")


def body_of(article: dict[str, Any]) -> str:
    """The paragraphs as one counted string."""
    return counted("".join(article["body"]))


def alike(one: str, other: str) -> int:
    """How many characters two texts share, in order."""
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks)


def score_page(articles: list[dict[str, Any]], gold: tuple[dict[str, Any], ...]) -> float:
    """The score of what was read against what is printed, 0 to 100."""
    left = list(articles)
    matches = []
    for wanted in gold:
        text = body_of(wanted)
        best = max(left, key=lambda one: alike(body_of(one), text), default=None)
        if best and 2 * alike(body_of(best), text) > max(len(text), len(body_of(best))):
            left.remove(best)
            matches.append((best, wanted))
    found = 2 * len(matches) / max(1, len(articles) + len(gold))
    exact = sum(counted(a["headline"]) == counted(b["headline"]) for a, b in matches)
    error = sum(_error(body_of(a), body_of(b)) for a, b in matches) + len(gold) - len(matches)
    signed = [pair for pair in matches if "byline" in pair[1]]
    named = sum(sorted(a["byline"]) == sorted(b["byline"]) for a, b in signed)
    bylines = named / len(signed) if signed else found
    return (
        35 * found
        + 25 * exact / len(gold)
        + 30 * (1 - error / len(gold))
        + 10 * bylines
    )  # fmt: skip


def _error(read: str, printed: str) -> float:
    """Characters of the longer text without an equal in the other, as a share of the printed."""
    return min(1.0, (max(len(read), len(printed)) - alike(read, printed)) / max(1, len(printed)))


def page_scores() -> dict[str, float]:
    """A score for each page, by its name."""
    return {case.name: score_page(read(case.location), case.gold) for case in page_cases()}


def read(location: Path) -> list[dict[str, Any]]:
    """The articles that `qjaudio read` finds."""
    with contextlib.redirect_stdout(io.StringIO()) as answer:
        code = run(["read", str(location), "--json"])
    assert 0 == code, location
    articles: list[dict[str, Any]] = json.loads(answer.getvalue())["articles"]
    return articles


def answer_of(*words: str, stdin: str = "") -> str:
    """What a command prints on stdout."""
    command = [sys.executable, "-m", "qjaudio", *words]
    ran = subprocess.run(command, input=stdin, text=True, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@dataclass(frozen=True, slots=True)
class Sentence:
    """A row of sentences.tsv."""

    group: str
    text: str
    spoken: str
    """The right spoken form; empty where only readings are asked."""
    readings: tuple[tuple[str, str], ...]
    """Words of the spoken form with their syllables (tone digits, 5 = neutral)."""


def sentences() -> tuple[Sentence, ...]:
    """The rows of sentences.tsv."""
    rows = [
        line.split("\t")
        for line in SENTENCES.read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    return tuple(
        Sentence(
            group,
            text,
            spoken,
            tuple((word, reading) for word, _, reading in
                  (part.partition("=") for part in readings.split("; ") if part)),
        )
        for group, text, spoken, readings in rows
    )  # fmt: skip


def is_right(wanted: Sentence, said: dict[str, Any]) -> bool:
    """Whether a sentence is said as it should be; marks of punctuation do not count."""
    if wanted.spoken and letters(wanted.spoken) != letters(said["spoken"]):
        return False
    return all(reading == reading_of(word, said) for word, reading in wanted.readings)


def letters(text: str) -> str:
    """A text without marks and spaces."""
    return "".join(char for char in text if char.isalnum())


def reading_of(word: str, said: dict[str, Any]) -> str:
    """The syllables of a word at its first place in the spoken form."""
    at = said["spoken"].find(word)
    if at < 0:
        return ""
    first = sum(map(_is_han, said["spoken"][:at]))
    return " ".join(said["pinyin"][first : first + sum(map(_is_han, word))])


def _is_han(char: str) -> bool:
    return "㐀" <= char <= "鿿" or char == "〇"


def said_all() -> list[tuple[Sentence, dict[str, Any]]]:
    """Each sentence with what `qjaudio say --explain` says of it."""
    wanted = sentences()
    lines = "".join(f"{one.text}\n" for one in wanted)
    answers = answer_of("say", "-", "--explain", "--json", stdin=lines).splitlines()
    return [(one, json.loads(line)) for one, line in zip(wanted, answers, strict=True)]


def sentence_scores(answers: Iterable[tuple[Sentence, dict[str, Any]]]) -> dict[str, float]:
    """The share of each class of sentences that is said right, in percent."""
    groups: dict[str, list[bool]] = {}
    for wanted, said in answers:
        groups.setdefault(wanted.group, []).append(is_right(wanted, said))
    return {f"say_{name}": 100 * sum(right) / len(right) for name, right in groups.items()}


def main() -> None:
    """Print all figures; with --save, keep them as the new floors."""
    answers = said_all()
    scores = {**page_scores(), **sentence_scores(answers)}
    for name, score in scores.items():
        print(f"| {name} | {score:.2f} |")
    wrong = [(wanted, said) for wanted, said in answers if not is_right(wanted, said)]
    print(f"sentences said right: {len(answers) - len(wrong)} of {len(answers)}")
    for wanted, said in wrong:
        got = "; ".join(f"{word}={reading_of(word, said)}" for word, _ in wanted.readings)
        print(f"wrong: {wanted.text} → {said['spoken']} {got}")
    if "--save" in sys.argv:
        floors = {name: int(score * 100) / 100 for name, score in scores.items()}
        FLOORS.write_text(json.dumps(floors, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
