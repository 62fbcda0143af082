"""The folio: the line of an inner page that says which page it is."""

import re

from qjaudio.paper.characters import number

_NUMERAL = r"[A-DＡ-Ｄ]?(?P<page>[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})"
_FOLIO = re.compile(
    rf"[#\s【\[—\-]*(?:第\s*)?{_NUMERAL}\s*版(?:[\s:：·|】\]—\-]+[^，。！？]{{0,40}})?"
)


def folio_page(line: str) -> int | None:
    """The page number that a line of its own names (`第二版 要闻`, `A02版`), or None."""
    found = _FOLIO.fullmatch(line.strip())
    return (number(found["page"]) or None) if found else None
