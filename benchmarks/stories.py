"""Whether stories answer their headlines: how many of a headline's words and figures are spoken.

    python benchmarks/stories.py [GOLD.json …] [--half tuning|report] [--show] [--json FILE]
                                 [--blind SEED]

GOLD has `articles`, each with `headline`, `body` (paragraphs) and, where a reader has set them,
`lead` (the first paragraphs) and `answers` (words that a listener should have heard: who, where,
how many). Without GOLD it scores tests/quality/stories.json. Articles fall into two halves by a
hash of their headlines: rules are tuned on one, figures reported of the other.

A headline's content words are those that jieba takes for nouns, verbs, adjectives or figures. Their
share is taken of each story without its headline; `length` is that of what is spoken against that
of headline and lead by position, the rule until 0.2.0.

`--blind` prints each story twice, by its leads and as it is told, in an order that only SEED knows,
for a judge; the last line is the key: for each story the letter of the one that is told today.
Stories that are told alike are left out.
"""

import argparse
import hashlib
import json
import random
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

import results

from qjaudio.paper.digest import digest
from qjaudio.paper.model import Article, Headline, Issue, Masthead
from qjaudio.paper.reading import lead_count_of
from qjaudio.paper.words import tagged

OWN = Path(__file__).parents[1] / "tests" / "quality" / "stories.json"
_CONTENT = re.compile(r"(?:[nvaijlbst](?!$)|[nvaijlbst]$|m$|eng$)")
_LIGHT = frozenset("暨的了着是有在为将获上下来去到能要会让把被成里中年月日")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


def content_words(headline: str) -> tuple[str, ...]:
    """The different content words of a headline, in order."""
    words = (
        word
        for word, tag in tagged(headline)
        if _CONTENT.match(tag) and word not in _LIGHT and word.isalnum()
    )
    return tuple(dict.fromkeys(words))


def half_of(headline: str) -> str:
    """`tuning` or `report`, by the headline alone."""
    return "report" if hashlib.sha256(headline.encode()).digest()[0] % 2 else "tuning"


def articles_of(paths: Iterable[Path]) -> dict[str, tuple[Article, tuple[str, ...]]]:
    """Each different article by its headline, with its answers."""
    found: dict[str, tuple[Article, tuple[str, ...]]] = {}
    for path in paths:
        for row in json.loads(path.read_text("utf-8"))["articles"]:
            body = tuple(row["body"])
            count = len(row["lead"]) if row.get("lead") else lead_count_of(list(body))
            article = Article(
                headline=Headline(main=row["headline"]),
                paragraphs=body,
                page=row.get("page") or 1,
                lead_count=count,
            )
            found.setdefault(row["headline"], (article, tuple(row.get("answers", ()))))
    return found


def score(article: Article, answers: Sequence[str], chosen: Sequence[str]) -> dict[str, Any]:
    """The figures of one story as it is told by `chosen`."""
    head, spoken, whole = article.headline.main, "".join(chosen), "".join(article.paragraphs)
    words = content_words(head)
    figures = [figure for figure in _FIGURE.findall(head) if figure in _FIGURE.findall(whole)]
    told = _FIGURE.findall(spoken)
    return {
        "words": mean(word in spoken for word in words) if words else 1.0,
        "figures": [figure in told for figure in figures],
        "answers": [answer in spoken for answer in answers],
        "chars": len(spoken),
        "lead": sum(map(len, article.lead)),
    }


def summary(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The figures of many stories together."""
    figures = [one for row in rows for one in row["figures"]]
    answers = [one for row in rows for one in row["answers"]]
    return {
        "stories": len(rows),
        "words": round(mean(row["words"] for row in rows), 3),
        "length": round(sum(row["chars"] for row in rows) / sum(row["lead"] for row in rows), 3),
        "figures": f"{sum(figures)}/{len(figures)}",
        "answers": f"{sum(answers)}/{len(answers)}",
    }


def told(article: Article) -> tuple[str, ...]:
    """What the digest takes of an article."""
    issue = Issue(masthead=Masthead(date="2025-05-20"), articles=(article,))
    return digest(issue).articles[0].paragraphs


def show(article: Article, answers: Sequence[str], chosen: Sequence[str]) -> None:
    """Print a story as it is told, and what is missing."""
    row, spoken, head = score(article, answers, chosen), "".join(chosen), article.headline.main
    print(f"\n# {head}  {row['words']:.2f}, {row['chars']} of {row['lead']} characters")
    print(*chosen, sep="\n")
    gone = [word for word in (*content_words(head), *answers) if word not in spoken]
    print("missing:", *gone)


def blind(cases: Iterable[tuple[Article, tuple[str, ...]]], seed: int) -> None:
    """Print each story by its leads and as it is told, not saying which is which, then the key."""
    order, key = random.Random(seed), []  # noqa: S311 - no secret
    for article, _ in cases:
        versions = [tuple(article.lead), told(article)]
        if versions[0] == versions[1]:
            continue
        swapped = order.random() < 1 / 2
        key.append(f"{len(key) + 1}{'A' if swapped else 'B'}")
        print(f"\n# {len(key)}. {article.headline.main}")
        for letter, version in zip("AB", reversed(versions) if swapped else versions, strict=True):
            print(f"{letter}: {''.join(version)}")
    print("\nkey", *key)


def main() -> None:
    """Print a row each for the leads, the digest and whole articles."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("gold", nargs="*", type=Path, default=[OWN])
    parser.add_argument("--half", choices=("tuning", "report"))
    parser.add_argument("--show", action="store_true", help="print what is told, story by story")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--blind", type=int, metavar="SEED", help="print pairs for a judge")
    options = parser.parse_args()
    cases = [
        case
        for headline, case in articles_of(options.gold).items()
        if options.half in (None, half_of(headline))
    ]
    if options.blind is not None:
        blind(cases, options.blind)
        return
    texts = {
        "leads": [article.lead for article, _ in cases],
        "digest": [told(article) for article, _ in cases],
        "whole": [article.paragraphs for article, _ in cases],
    }
    found = {
        name: summary([score(*case, chosen) for case, chosen in zip(cases, column, strict=True)])
        for name, column in texts.items()
    }
    for name, row in found.items():
        print(f"{name:8}", *(f"{key} {value}" for key, value in row.items()), sep="  ")
    if options.show:
        for case, chosen in zip(cases, texts["digest"], strict=True):
            show(*case, chosen)
    if options.json:
        results.save(options.json, found)


if __name__ == "__main__":
    main()
