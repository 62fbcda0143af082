"""How many faults of reading carry a doubt: pages of text with faults that are planted by seed.

    python benchmarks/planted_faults.py [--seeds odd:0-99] [--details]

Each page has four to eight stories of made-up broadsheets (broadsheet.py) in the lines of a column,
once as they are and once with each fault: lines of two stories exchanged, two stories side by side,
lines of a paragraph lost, a headline lost, headline and dateline lost so that two stories merge. An
article is right where its headline and all its letters are those of the story; of the wrong ones,
and of the right ones, it counts how many carry a doubt.
"""

import argparse
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from broadsheet import draw, seeds_of

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.model import issue_json
from qjaudio.paper.reading import read_issue
from qjaudio.sources.text import split_pages

WIDTHS = (13, 15, 17, 20, 24)
"""Characters of a line of a column."""
HEAD = "石桥日报\n2025年5月20日 星期二 农历乙巳年四月廿三\n总第3854期 今日{pages}版\n"
CLOSING = "，。、；：！？”）》"


@dataclass(slots=True)
class Story:
    """A story in the lines of its column."""

    headline: str
    body: list[str]
    reporters: str
    lines: list[list[str]] = field(default_factory=list)
    """Of each paragraph."""

    def lay(self, width: int) -> None:
        """Break its paragraphs into lines; no line begins with a closing mark."""
        self.lines = []
        for number, text in enumerate(self.body):
            opening = f"本报讯（记者 {self.reporters}）" if not number and self.reporters else ""
            self.lines.append(list(broken(f"　　{opening}{text}", width)))

    @property
    def text(self) -> str:
        """As it is printed."""
        head = f"{self.headline}\n\n" if self.headline else ""
        return head + "\n".join(line for lines in self.lines for line in lines) + "\n\n"


def broken(text: str, width: int) -> Iterator[str]:
    """The lines of a paragraph."""
    while text:
        end = width
        while text[end : end + 1] and text[end] in CLOSING:
            end += 1
        yield text[:end]
        text = text[end:]


def stories_of(dice: random.Random, seed: int) -> list[Story]:
    """Stories of a made-up broadsheet, those of more than a paragraph."""
    found = [
        Story(row["headline"].replace(" ", "，"), row["body"], "、".join(row["byline"]))
        for row in draw(seed)[1]["articles"]
        if len("".join(row["body"])) > 120
    ]
    dice.shuffle(found)
    for story in found:
        story.reporters = story.reporters or "于小玲"
    return found[: dice.randint(4, 8)]


def exchange_lines(stories: list[Story], dice: random.Random) -> None:
    """Three to seven lines of two stories change places."""
    one, other = dice.sample(stories, 2)
    rows = [
        [(lines, at) for lines in story.lines for at in range(len(lines))] for story in (one, other)
    ]
    count = min(dice.randint(3, 7), len(rows[0]) - 2, len(rows[1]) - 2)
    starts = [dice.randrange(1, len(places) - count) for places in rows]
    for step in range(count):
        (first, at), (second, to) = (
            places[start + step] for places, start in zip(rows, starts, strict=True)
        )
        first[at], second[to] = second[to], first[at]


def set_side_by_side(stories: list[Story], dice: random.Random) -> None:
    """The lines of two stories in turn."""
    at = dice.randrange(len(stories) - 1)
    columns = [[line for lines in story.lines for line in lines] for story in stories[at : at + 2]]
    longest = max(map(len, columns))
    stories[at].lines = [[x for n in range(longest) for side in columns for x in side[n : n + 1]]]
    del stories[at + 1]


def lose_lines(stories: list[Story], dice: random.Random) -> None:
    """One to three lines at the end of a paragraph, or inside it."""
    lines = dice.choice([lines for story in stories for lines in story.lines if len(lines) > 4])
    count = dice.randint(1, 3)
    at = len(lines) - count if dice.random() < 0.5 else dice.randrange(1, len(lines) - count)
    del lines[at : at + count]


def lose_headline(stories: list[Story], dice: random.Random) -> None:
    """A story stands without its headline."""
    dice.choice(stories[1:]).headline = ""


def merge_stories(stories: list[Story], dice: random.Random) -> None:
    """Nothing shows any more where a story begins."""
    story = dice.choice(stories[1:])
    story.headline, story.reporters = "", ""
    story.lay(len(max(story.lines[0], key=len)))


FAULTS = {
    "none": None,
    "lines exchanged": exchange_lines,
    "side by side": set_side_by_side,
    "lines lost": lose_lines,
    "headline lost": lose_headline,
    "stories merged": merge_stories,
}


def page_of(seed: int, fault: str) -> tuple[str, list[Story]]:
    """The text of a page, and its stories as they should be read."""
    dice = random.Random(f"{seed} {fault}")  # noqa: S311 - drawn again by anyone
    stories = stories_of(dice, seed)
    width = dice.choice(WIDTHS)
    for story in stories:
        story.lay(width)
    whole = [Story(story.headline, story.body, story.reporters) for story in stories]
    plant = FAULTS[fault]
    if plant:
        plant(stories, dice)
    return HEAD.format(pages=1) + "\n" + "".join(story.text for story in stories), whole


def letters(text: str) -> str:
    """What counts when marks do not."""
    return "".join(filter(str.isalnum, text))


def judged(got: dict[str, Any], stories: Sequence[Story]) -> Iterator[tuple[bool, bool, str]]:
    """Of each article whether it is right, whether it carries a doubt, and its headline."""
    wished = {letters(story.headline): letters("".join(story.body)) for story in stories}
    for article in got["articles"]:
        text = letters("".join(article["body"]))
        right = wished.get(letters(article["headline"])) == text
        yield right, bool(article["doubts"]), article["headline"]


def row(name: str, counts: Counter[tuple[bool, bool]]) -> str:
    """How many wrong and right articles there are, and how many of each carry a doubt."""
    parts = []
    for right, word in ((False, "wrong"), (True, "right")):
        doubted = counts[right, True]
        total = doubted + counts[right, False]
        parts.append(f"{word} {total}, with a doubt {doubted / total if total else 0:.1%}")
    return f"{name:16}{'; '.join(parts)}"


def main() -> None:
    """Read the pages and print the shares."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", default="0-99", help="7, 0-99, even:0-99, odd:0-99")
    parser.add_argument("--details", action="store_true", help="what was not told apart")
    chosen = parser.parse_args()
    whole: Counter[tuple[bool, bool]] = Counter()
    for fault in FAULTS:
        counts: Counter[tuple[bool, bool]] = Counter()
        for seed in seeds_of(chosen.seeds):
            text, stories = page_of(seed, fault)
            try:
                got = issue_json(read_issue(split_pages(text)))
            except NotAnIssueError:
                continue
            for right, doubted, headline in judged(got, stories):
                counts[right, doubted] += 1
                if chosen.details and right == doubted:
                    print(f"  {fault} {seed}: {'right' if right else 'wrong'} {headline}")
        whole += counts
        print(row(fault, counts), flush=True)
    print(row("all", whole))


if __name__ == "__main__":
    main()
