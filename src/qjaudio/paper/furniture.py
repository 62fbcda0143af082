"""Lines that belong to no article (rules/furniture.toml), and the lines where a story jumps."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from qjaudio import rules
from qjaudio.paper.characters import compact, has_han, number
from qjaudio.paper.masthead import is_latin_line
from qjaudio.provenance import PageText, join_texts, shortened

_PAGE = r"第?\s*[A-DＡ-Ｄ]?\s*0?([0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})\s*版"
_MARKS = r"[\s▶►→>◀◄←<*※●■□▲▼…—]{0,12}"  # bounded: linear in a long run of marks
_TITLE = r"(?:\s*[《“\"][^》”\"]{1,40}[》”\"])?"
_ONWARD = re.compile(
    rf"{_MARKS}[（(【\[]?\s{{0,12}}(?:下\s*转|转|紧\s*转)\s*(?:[今本]\S{{0,2}}\s*)?{_PAGE}{_TITLE}\s*[）)】\]]?{_MARKS}"
)
_ONWARD_BARE = re.compile(rf"[（(【\[]\s*转\s*{_PAGE}|[下紧]\s*转\s*(?:[今本]\S{{0,2}}\s*)?{_PAGE}")
_BACK = re.compile(
    rf"{_MARKS}[（(【\[]?\s{{0,12}}(?:上|紧)\s*接\s*(?:[今本]\S{{0,2}}\s*)?{_PAGE}{_TITLE}\s*[）)】\]]?{_MARKS}"
)


@dataclass(frozen=True, slots=True)
class Jumps:
    """A text without its jump lines, and what they said."""

    text: PageText
    printed: tuple[PageText, ...] = ()
    onward: int | None = None
    """The page on which the story goes on."""
    back: int | None = None
    """The page on which it began."""


def take_jumps(text: PageText) -> Jumps:
    """Find the jump lines in a text and take them out; the text on both sides closes up."""
    if not _ONWARD.search(text) and not _BACK.search(text):
        return Jumps(text)
    rest = PageText(text)
    printed: list[PageText] = []
    pages: dict[str, int | None] = {"onward": None, "back": None}
    for pattern, way in ((_ONWARD, "onward"), (_BACK, "back")):
        pieces, start = list[PageText](), 0
        for match in pattern.finditer(rest):
            page = number(match[1])
            if page and (way == "back" or _ONWARD_BARE.search(match[0])):
                pages[way] = page
                printed.append(rest[match.start() : match.end()].strip())
                pieces.append(rest[start : match.start()])
                start = match.end()
        if printed:  # no long run of spaces for the next rule
            rest = join_texts([*pieces, rest[start:]], " ")
            rest = shortened(rest.strip(), " ".join(rest.split()))
    return Jumps(rest, tuple(printed), pages["onward"], pages["back"])


_NARROW = str.maketrans("：（）", ":()")


@cache
def _kinds() -> tuple[tuple[str, int, re.Pattern[str]], ...]:
    return tuple(
        (kind["name"], kind["limit"], re.compile("|".join(f"(?:{p})" for p in kind["patterns"])))
        for kind in rules.phrases("furniture")["kind"]
    )


def kind_of(text: str) -> str:
    """The kind of furniture that a line is (`editors`, `advert`, …); empty for other text."""
    return _kind_of(str(text))


@lru_cache(maxsize=1024)
def _kind_of(text: str) -> str:
    plain = compact(text).translate(_NARROW)
    if not has_han(plain):
        return "masthead" if is_latin_line(plain) and len(plain) <= 60 else "mark"
    for name, limit, pattern in _kinds():
        if len(plain) <= limit and pattern.search(plain):
            return name
    return ""
