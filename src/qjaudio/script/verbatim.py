"""The first promise, checked: every spoken sentence is in the paper or is one of our phrases."""

import re

from qjaudio.paper.model import Issue
from qjaudio.script.model import Script

_NOT_SAID = re.compile(r"[^0-9A-Za-z%\u3400-\u9fff]")


def unprinted(script: Script, issue: Issue, composed: Script) -> tuple[str, ...]:
    """The lines of `script` that are neither in `issue` nor in the script composed from it.

    Spaces and punctuation don't count, so that an editor may mend a comma.
    """
    printed = _letters(
        "\n".join(
            "\n".join(
                (
                    article.headline.kicker,
                    article.headline.main,
                    article.headline.deck,
                    *(head.text for head in article.crossheads),
                    "".join(article.paragraphs),
                )
            )
            for article in issue.articles
        )
    )
    own = {_letters(line.text) for part in composed.parts for line in part.lines}
    return tuple(
        line.text
        for part in script.parts
        for line in part.lines
        if _letters(line.text) not in own and _letters(line.text) not in printed
    )


def _letters(text: str) -> str:
    """Han characters, letters and digits; articles stay apart by their line breaks."""
    return "\n".join(_NOT_SAID.sub("", row) for row in text.split("\n"))
