"""What a page says about itself in comments for machines: <!--enpproperty …-->."""

import re
from dataclasses import dataclass
from html import unescape

from qjaudio.sources.epaper.markup import plain

_BEGIN = re.compile(r"<!--\s?enpproperty", re.I)
_MAX_COMMENT = 20_000
_FIELD = re.compile(r"<(?:founder-)?(\w+)>(.{0,4000}?)</(?:founder-)?\1>", re.S | re.I)
_MARKUP = re.compile(r"<[^<>]{0,200}>")
_NAMES = {
    "kicker": ("introtitle", "pretitle"),
    "main": ("title",),
    "deck": ("subtitle",),
    "author": ("author",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The title and author that the system has in its records; empty where it does not say."""

    kicker: str = ""
    main: str = ""
    deck: str = ""
    author: str = ""


def facts_of(html: str) -> Facts:
    """Read the comment. A form of it that holds values without names says nothing."""
    begin = _BEGIN.search(html)
    if not begin:
        return Facts()
    comment = html[begin.end() : begin.end() + _MAX_COMMENT].partition("-->")[0]
    fields: dict[str, str] = {}
    for name, value in _FIELD.findall(comment):
        text = plain(unescape(_MARKUP.sub(" ", unescape(value))))
        fields.setdefault(name.lower(), text)
    return Facts(
        **{
            name: next((fields[tag] for tag in tags if fields.get(tag)), "")
            for name, tags in _NAMES.items()
        }
    )
