"""What a site says, as blocks whose kind is certain."""

import datetime
import re

from qjaudio.paper.characters import compact
from qjaudio.paper.masthead import find_date
from qjaudio.paper.model import Block, TextLine
from qjaudio.sources.epaper.article import WebArticle
from qjaudio.sources.epaper.contents import Contents

_MASTHEAD = re.compile(
    r"总?第\d{1,6}期|农历|星期[一二三四五六日天]|国内统一|CN\d{2}-\d{4}|(?:主管|主办)"
)


def article_blocks(article: WebArticle) -> list[Block]:
    """One article: its headline begins it, even where it is empty."""
    blocks = [Block(lines=_lines(article.main), level=1, kind="headline")]
    blocks += _blocks("kicker", [article.kicker])
    blocks += _blocks("deck", [article.deck])
    blocks += _blocks("byline", article.authors)
    for part in article.parts:
        blocks += _blocks(part.kind, [part.text])
    return blocks


def facts_blocks(first: Contents, date: datetime.date | None, paper: str) -> list[Block]:
    """The facts of the masthead: name, date (that of the address), and lines of the first page."""
    lines = [line for line in first.lines if _MASTHEAD.search(compact(line))]
    blocks = _blocks("paper", [paper])
    # An address without a date: the page's own words have to tell.
    day = date.isoformat() if date else find_date(" ".join(first.lines))
    blocks += _blocks("date", [day])
    return blocks + _blocks("masthead", lines[:6])


def _blocks(kind: str, texts: list[str]) -> list[Block]:
    return [Block(lines=_lines(text), kind=kind) for text in texts if text.strip()]


def _lines(text: str) -> tuple[TextLine, ...]:
    return (TextLine(text=text),) if text.strip() else ()
