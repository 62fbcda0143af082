"""The folio: the line of an inner page that says which page it is, and often its section."""

import re
from collections.abc import Iterable

from qjaudio.paper.characters import compact, number
from qjaudio.paper.model import Page

_NUMERAL = r"[A-DＡ-Ｄ]?(?P<page>[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})"
_FOLIO = re.compile(
    rf"[#\s【\[—\-]*(?:第\s*)?{_NUMERAL}\s*版(?:[\s:：·|】\]—\-]+(?P<rest>[^，。！？]{{0,40}}))?"
)


def folio_page(line: str) -> int | None:
    """The page number that a line of its own names (`第二版 要闻`, `A02版`), or None."""
    found = _FOLIO.fullmatch(line.strip())
    return (number(found["page"]) or None) if found else None


_SECTION = re.compile(r"[\u4e00-\u9fff]{2,6}")
_NO_SECTION = re.compile(
    r"(?:[责组主]任?编|编辑|美编|版式|校对|组版|电话|电子|邮箱|第.*[版期]|总第|农历|公历|星期|周[一二三四五六日]$)"
)
"""What else a folio says: who made the page, how to reach them, the date."""


def folio_section(line: str) -> str:
    """The section (版名) that a folio names: 要闻 of `第二版 要闻 责编：…`; empty where none is."""
    found = _FOLIO.fullmatch(line.strip())
    words = re.split(r"[\s:：·|｜【\[】\]—\-]+", (found and found["rest"]) or "")
    named = (word for word in words if _SECTION.fullmatch(word) and not _NO_SECTION.match(word))
    return next(named, "") if words and not _NO_SECTION.match(words[0]) else ""


def sections_of(pages: Iterable[Page], paper: str) -> dict[int, str]:
    """The sections that the folios of pages name, by page; `paper` is a name and no section."""
    found: dict[int, str] = {}
    for page in pages:
        for block in page.blocks:
            text = block.lines[0].text if len(block.lines) == 1 else ""
            section = folio_section(text)
            if section and folio_page(text) == page.number and section != compact(paper):
                found.setdefault(page.number, section)
    return found
