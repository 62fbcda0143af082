"""Jump lines: 下转第4版 where a story goes on, 上接第1版 where it comes from."""

import re
from dataclasses import dataclass

from qjaudio.paper.characters import number

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

    text: str
    printed: tuple[str, ...] = ()
    onward: int | None = None
    """The page on which the story goes on."""
    back: int | None = None
    """The page on which it began."""


def take_jumps(text: str) -> Jumps:
    """Find the jump lines in a text and take them out; the text on both sides closes up."""
    printed: list[str] = []
    pages: dict[str, int | None] = {"onward": None, "back": None}

    def taken(match: re.Match[str], way: str) -> str:
        page = number(match[1])
        if not page or (way == "onward" and not _ONWARD_BARE.search(match[0])):
            return match[0]
        pages[way] = page
        printed.append(match[0].strip())
        return " "

    rest = _ONWARD.sub(lambda match: taken(match, "onward"), text)
    rest = " ".join(rest.split()) if printed else rest  # no long run of spaces for the rule below
    rest = _BACK.sub(lambda match: taken(match, "back"), rest)
    if not printed:
        return Jumps(text)
    return Jumps(" ".join(rest.split()), tuple(printed), pages["onward"], pages["back"])
