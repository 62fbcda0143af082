"""Pages made of lines with places, for tests of the layout; the described pages of our own."""

import tomllib
from pathlib import Path
from typing import Any

from qjaudio.paper.model import Block, Page, TextLine
from qjaudio.paper.text import Box

PAGES = Path(__file__).parent / "sources" / "pages"
SIZE, PITCH = 10.0, 14.0
STORY = [
    "　　渡口的步道上周修好，",
    "一早就有人来走，挑担的",
    "也不用绕路了。守渡口的",
    "老秦说，从前一下雨就打",
    "滑，现在鞋底都不沾泥。",
]


def line(text: str, left: float, top: float, *, size: float = SIZE) -> TextLine:
    """A level line whose characters are all as wide as high."""
    return TextLine(text=text, box=Box(left, top, left + size * len(text), top + size), size=size)


def column(texts: list[str], left: float, top: float) -> list[TextLine]:
    """Lines of text one under the other; one that starts with `　　` is indented."""
    lines = []
    for at, text in enumerate(texts):
        indent = len(text) - len(text.lstrip("　"))
        lines.append(line(text.lstrip("　"), left + indent * SIZE, top + at * PITCH))
    return lines


def story(left: float, top: float) -> list[TextLine]:
    """Five lines of text, the first one indented."""
    return column(STORY, left, top)


def page(*lines: TextLine, rules: tuple[Box, ...] = (), pictures: tuple[Box, ...] = ()) -> Page:
    """A page as a source gives it: one block for each line."""
    blocks = tuple(Block(lines=(one,)) for one in lines)
    return Page(number=1, blocks=blocks, rules=rules, pictures=pictures)


def texts(arranged: Page, *kinds: str) -> list[str]:
    """The text of all blocks, or of those of some kinds (empty for plain text)."""
    return [
        "".join(line.text for line in block.lines)
        for block in arranged.blocks
        if not kinds or block.kind in kinds
    ]


def described(name: str) -> list[dict[str, Any]]:
    """The articles of a described page, in the order of the description, with their page."""
    pages = tomllib.loads((PAGES / f"{name}.toml").read_text(encoding="utf-8"))["pages"]
    return [
        {**article, "page": number}
        for number, described_page in enumerate(pages, 1)
        for row in described_page["rows"]
        for cell in row["cells"]
        for article in cell["articles"]
    ]
