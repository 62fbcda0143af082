"""Which page of the paper a page is: its folio says, else its place."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from qjaudio.paper.characters import compact, number
from qjaudio.paper.model import Page

HEAD = 0.1
"""Share of the page's height in which a folio stands, at the top."""
_FOLIO = re.compile(
    r"(?:^|(?<![今日本期共转接转到]))第?[A-D]?0?(?P<page>[1-9]\d?|[一二三四五六七八九十]{1,3})版(?!面)"
)
_COUNT = re.compile(r"(?:今日|本期|今天|共)[\d一二三四五六七八九十]+版")


def numbered(pages: Iterable[Page]) -> Iterator[Page]:
    """Give each page a rising number: what its folio says, else one more than the page before."""
    last = 0
    for page in pages:
        found = folio_of(page)
        last = found if found and found > last else last + 1
        yield replace(page, number=last)


def folio_of(page: Page) -> int | None:
    """The page number printed at the top of a page (`第二版`, `03版`); None where there is none."""
    lines = [line for block in page.blocks for line in block.lines if line.box]
    bottom = max((line.box.bottom for line in lines if line.box), default=0.0)
    for line in sorted(lines, key=lambda line: line.box.top if line.box else 0.0):
        if line.box is None or line.box.top > HEAD * bottom:
            return None
        text = compact(line.text)
        found = _FOLIO.search(_COUNT.sub("", text)) if len(text) < 80 else None
        if found:
            return number(found["page"])
    return None
