"""Surnames: how they are read in the position of a name, and what a name of a person is."""

import re
from functools import cache

from qjaudio.paper.byline import has_surname
from qjaudio.rules import phrases, table
from qjaudio.script.readings import Token

_PERSON = ("nr", "nrt", "nrfg")
_LONGEST_NAME = 4
_TITLED = re.compile(f"(?:{'|'.join(phrases('contexts')['titled'])})$")
_TITLES = tuple(phrases("contexts")["titles"])
_GIVEN_NAME = re.compile(
    r"[\u4e00-\u9fff]{1,2}(?:$|[，。、：；）说在率带主出参强指表介告和与等一])"
)


@cache
def surname_readings() -> dict[str, str]:
    """Surnames that are read otherwise than in common words."""
    return {row[0]: row[1] for row in table("surnames") if len(row) > 1}


def is_name(token: Token) -> bool:
    """Whether a word is the name of a person: tagged as one, and a surname in front or foreign."""
    if token.parts[0].is_known and token.parts[0].text not in surname_readings():
        return False  # 养老, 应邀|出席: a word of the dictionary is no name
    return token.tag in _PERSON[1:] or (token.tag == "nr" and has_surname(token.text))


def surname_reading(token: Token, before: str, after: str) -> tuple[str, ...]:
    """The syllables of the surname that begins a name; empty where it is read as usual."""
    if len(token.text) == 1:
        titled = _TITLED.search(before) and _GIVEN_NAME.match(after)
        named = titled or after.startswith(_TITLES)
        return tuple(surname_readings().get(token.text, "").split()) if named else ()
    if token.source != "character" or token.tag != "nr" or len(token.text) > _LONGEST_NAME:
        return ()
    if len(token.text) == 2 and not _TITLED.search(before):
        return ()  # two characters tagged as a name are a word as often as not: 应邀, 盖楼
    if token.parts[0].is_known:
        return tuple(surname_readings().get(token.parts[0].text, "").split())
    listed = surname_readings().get(token.text[:2]) or surname_readings().get(token.text[0], "")
    return tuple(listed.split())
