"""The persons of an issue: who is named in it, and how each name is read.

A name is found by what stands around it: a byline, a title before it, a list of leaders, a verb of
saying after it. What is a person once is one in the whole issue. The words that show it stand in
`rules/people.toml`, the readings of surnames in `rules/surnames.tsv`, those of characters that
given names read their own way in `rules/given_names.tsv`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate, filterfalse
from types import MappingProxyType
from typing import Literal

from qjaudio.paper.model import Issue
from qjaudio.paper.text import HAN, is_han
from qjaudio.paper.words import cut, is_word, surnames, tagged, word_around
from qjaudio.rules import phrases, table
from qjaudio.script.lexicon import Lexicon, LexiconEntry
from qjaudio.script.readings import UNKNOWN, character, our_words, word_reading

Evidence = Literal["byline", "list", "title", "verb"]

_REACH = 12
"""Characters around a name that are cut into words to see whether it stands by itself."""
_LIST = re.compile(f"[{HAN}]{{2,16}}(?:[、]\\s*[{HAN}]{{2,12}}){{1,80}}")
_SHORTEST_LIST = 3
"""Names in a list that is one without a word like 领导 before it."""
_NAMED, _NAMED_IF_LED = 0.7, 0.5
"""Share of the members of a list that must have the shape of a name; after a word like 领导."""
_BREAK = re.compile(f"[^{HAN}·0-9]+")
_PLACE_ENDS = "县市区镇乡村街路州局院校所站"
"""What ends the name of a place or an office, and of no person."""
_NO_ENDS = "作称总号好船"
"""What begins the word after a name more often than it ends one: 李某某作报告, 卢拉总统."""
_FOREIGN = ("nrt", "nrfg")
"""How jieba tags names from other languages, and full names that it knows."""
_CALLED = ("先生", "女士", "某某", "某")
"""What follows a surname alone."""
_FORMS = (
    "阿婆", "阿公", "大伯", "师傅", "大爷", "大妈", "大娘", "大叔",
    "大婶", "大姐", "大哥", "奶奶", "爷爷", "阿姨",
)  # fmt: skip
_NO_NAMES = frozenset(("v", "vn", "vd", "d", "c", "p", "u", "r", "q", "f"))
"""Parts of speech (jieba's) that the given name of an unintroduced person cannot be."""
_ROLES = ("n", "nz", "nt", "ns", "l", "j")
_VERBS = ("v", "vd", "vn", "d", "p", "zg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person whom the issue names."""

    name: str
    reading: tuple[str, ...]
    """A syllable with tone digit for each character, before tone changes."""
    evidence: Evidence
    alternatives: tuple[str, ...] = ()
    """Other readings that bearers of the name use; the producer has to ask."""

    def __str__(self) -> str:
        """The name with its reading, and a question mark where somebody has to ask."""
        return f"{self.name} {' '.join(self.reading)}{' ?' if self.is_doubtful else ''}"

    @property
    def is_doubtful(self) -> bool:
        """Whether somebody should look at the reading."""
        return bool(self.alternatives)


@dataclass(frozen=True, slots=True)
class _Surname:
    """A row of rules/surnames.tsv."""

    reading: tuple[str, ...]
    other: str
    is_common: bool
    """Whether the character is common in other words, so that strong evidence is asked for."""
    is_word: bool
    """Whether it is common by itself: what follows it must be no word then."""
    is_said: bool
    """Whether two characters before a verb of saying are a name though it is common: 任冬表示."""
    is_verb: bool
    """Whether it is a verb too, with a word after it that is no given name: 村民种葡萄."""


@cache
def _surname_rows() -> Mapping[str, _Surname]:
    rows: dict[str, _Surname] = {}
    for surname, *cells in table("surnames"):
        if cells:
            reading, other, mark, evidence = (*cells, "", "", "")[:4]
            rows[surname] = _Surname(
                tuple(reading.split()),
                other.strip("."),
                is_common=mark in ("常", "词"),
                is_word=mark == "词",
                is_said="说" in evidence,
                is_verb="动" in evidence,
            )
    return MappingProxyType(rows)


@cache
def _given() -> Mapping[str, tuple[str, str]]:
    """Characters of given names: their reading, and another that bearers use."""
    return MappingProxyType({row[0]: (row[1], (*row, "")[2]) for row in table("given_names")})


@cache
def _words(kind: str) -> tuple[str, ...]:
    listed: Iterable[str] = phrases("people")[kind]
    return tuple(listed)


@cache
def _titled() -> re.Pattern[str]:
    """Finds a title; the name begins where the match ends."""
    titles = "|".join(sorted(map(re.escape, _words("titles")), key=len, reverse=True))
    listed = f"{titles}|[{phrases('people')['heads']}]长"
    role = f"(?<=[{HAN}])[{phrases('people')['roles']}](?={'|'.join(_surname_rows())})"
    return re.compile(f"(?:(?:{listed})长?|{role})")


@cache
def _after_role() -> re.Pattern[str]:
    """The space between 记者 and a name, or between another word and a name by itself."""
    name = f"(?:{'|'.join(_surname_rows())})[{HAN}]{{1,2}}(?![{HAN}])"
    before = f"(?<=[者员辑影对曲词唱演编导])|(?<=[{HAN}][{HAN}])(?=[ \u3000:：]+{name})"
    return re.compile(f"(?:{before})[ \u3000:：]+")


@cache
def _list_words() -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(map(re.escape, _words('lists')))}|{_titled().pattern})")


def surname_of(name: str) -> str:
    """The family name that a name begins with, two characters before one; empty if none."""
    known = surnames()
    if len(name) > 2 and name[:2] in known:
        return name[:2]
    return name[:1] if name[:1] in known else ""


def read_name(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The reading of a name, and other readings of the whole that its bearers may use."""
    surname = surname_of(name)
    row = _surname_rows().get(surname)
    if row and name[len(surname) :] in (*_CALLED, *_FORMS, *phrases("contexts")["titles"]):
        return (*row.reading, *word_reading(name[len(surname) :])), ()
    first = row.reading if row else tuple(character(char) or UNKNOWN for char in surname)
    given = name[len(surname) :]
    rest, others = _read_given(given)
    readings = [(*first, *rest)]
    if row and row.other:
        readings.append((row.other, *rest))
    readings += [(*first, *other) for other in others]
    return readings[0], tuple(" ".join(reading) for reading in readings[1:])


def _read_given(given: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The reading of a given name; never neutral, characters of names as names read them."""
    is_known = len(given) > 1 and (is_word(given) or given in our_words())
    whole = word_reading(given) if is_known else ()
    reading: list[str] = []
    other: list[str] = []
    for at, char in enumerate(given):
        usual = whole[at] if len(whole) == len(given) else ""
        listed, second = _given().get(char, ("", ""))
        plain = usual if usual and not usual.endswith("5") else character(char) or UNKNOWN
        reading.append(plain if usual and not usual.endswith("5") else listed or plain)
        other.append(second if second and not usual else reading[-1])
    return tuple(reading), ((tuple(other),) if other != reading else ())


def find_people(texts: Iterable[str], bylines: Iterable[str] = ()) -> tuple[Person, ...]:
    """The persons of an issue, in the order in which they are named; each name once.

    Args:
        texts: Its headlines and paragraphs.
        bylines: Names of reporters as the issue lists them.
    """
    found: dict[str, Evidence] = {}
    for name in bylines:
        if _has_shape(name):
            found.setdefault(name, "byline")
    for text in texts:
        for name, evidence in _named(text):
            found.setdefault(name, evidence)
    return tuple(map(_person, *zip(*found.items(), strict=True))) if found else ()


def _person(name: str, evidence: Evidence) -> Person:
    reading, alternatives = read_name(name)
    return Person(name=name, reading=reading, evidence=evidence, alternatives=alternatives)


def with_people(lexicon: Lexicon, people: Iterable[Person]) -> Lexicon:
    """A lexicon that reads these names too; what it had before stays right.

    A name of two characters that is a word as well (高原, 任意) is left to the dictionary.
    """
    names = {
        person.name: LexiconEntry(
            person.name, person.reading, tag="nr", alternatives=person.alternatives
        )
        for person in people
        if not _is_short_word(person.name)
    }
    return lexicon.with_names(MappingProxyType(names))


def confirm(people: Iterable[Person], lexicon: Lexicon) -> tuple[Person, ...]:
    """The same persons; those whom the lexicon has are read as it says, without doubt."""
    return tuple(
        replace(person, reading=lexicon.entries[person.name].reading, alternatives=())
        if person.name in lexicon.entries
        else person
        for person in people
    )


def people_of(issue: Issue, lexicon: Lexicon) -> tuple[Person, ...]:
    """The persons of a whole issue, also those in what is not spoken."""
    texts = [
        text
        for article in issue.articles
        for text in (article.headline.main, article.headline.deck, *article.paragraphs)
    ]
    bylines = [name for article in issue.articles for name in article.byline]
    return confirm(find_people(texts, bylines), lexicon)


def _named(text: str) -> Iterator[tuple[str, Evidence]]:
    yield from _listed(text)
    pieces = (*_pieces(_after_role().sub("", text)), *_pieces(text))
    for piece in dict.fromkeys(pieces):
        for match in _titled().finditer(piece):
            name = _name_at(piece, match.end(), is_led=True)
            if name and _is_title(piece, match, name) and _is_person(piece, match.end(), name):
                yield name, "title"
        yield from _called(piece)
        yield from _unintroduced(piece)


def _pieces(text: str) -> Iterator[str]:
    """The stretches of Han characters."""
    return filter(None, _BREAK.split(text))


def is_chinese_name(text: str, tag: str) -> bool:
    """Whether a name is one of a Chinese person, of which each character is said by itself."""
    return tag != "nrt" and not _TRANSLITERATED.search(text)


_TRANSLITERATED = re.compile("[斯特茨姆卡提蒂]")
"""Characters of names from other languages: 斯米尔诺夫, 米卡提."""


def is_name(text: str, tag: str) -> bool:
    """Whether a word that is tagged (by jieba, or as a person of the issue) is a name."""
    return tag in _FOREIGN or (tag == "nr" and bool(surname_of(text)) and not is_word(text))


def _called(piece: str) -> Iterator[tuple[str, Evidence]]:
    """A surname with 先生, 女士 or 某; one that is not a common character also with a title, and
    with a given name before one: 解冬|常委."""
    for match in _surname_alone().finditer(piece):
        name = match[0]
        row = _surname_rows()[match[1]]
        joined = piece[max(0, match.start() - 1) : match.end(1)]
        is_inside = len(joined) > len(match[1]) and is_word(joined)
        if match[3]:
            words = cut(piece[match.start() :][:_REACH])
            is_free = not (row.is_word or row.is_verb or match[1] in "区任" or is_word(name))
            fits = is_free and _usual().issuperset(match[3]) and _has_edge(words, len(name))
        else:
            is_form = match[2] in _FORMS and not row.is_word
            by_itself = piece == name and match[1] != "任" and not row.is_word  # 、查主任、
            fits = match[2] in _CALLED or is_form or by_itself or not row.is_common
        if fits and not is_inside:
            yield name, "title"


@cache
def _surname_alone() -> re.Pattern[str]:
    titles = "|".join(dict.fromkeys((*_CALLED, *_FORMS, *phrases("contexts")["titles"])))
    given = f"([{HAN}]{{1,2}})(?=同志|常委|委员|{titles})"
    return re.compile(f"({'|'.join(_surname_rows())})(?:({titles})|{given})")


def _has_shape(name: str) -> bool:
    """Whether a text has the shape of a Chinese name: a family name, one or two characters more."""
    surname = surname_of(name)
    return bool(surname) and 1 <= len(name) - len(surname) <= 2 and all(map(is_han, name))


_FOR_THE_PEOPLE = re.compile("为(?=[民国公平政善仁先]$)")


def _is_plausible(name: str) -> bool:
    """The same, for a candidate: without the characters that no given name has."""
    never = phrases("people")["never"]
    return (
        _has_shape(name)
        and name[0] != name[1]  # 洗洗脚
        and not any(char in never for char in _FOR_THE_PEOPLE.sub("", name[1:]))
        and name[-1] not in _PLACE_ENDS + _NO_ENDS
        and name[1:] not in phrases("people")["no_given"]
        and not (name[-1] == "长" and name[-2] in phrases("people")["heads"])
    )


def _listed(text: str) -> Iterator[tuple[str, Evidence]]:
    """Names joined by 、 where nearly all members of the list are names."""
    for match in _LIST.finditer(text):
        members = [member.strip() for member in match[0].split("、")]
        first, led = _after_title(members[0])
        names = [first, *members[1:-1], _name_at(members[-1], 0) or members[-1]]
        shaped = [name for name in names if _is_plausible(name) and not _is_thing(name)]
        before = text[max(0, match.start() - _REACH) : match.start()]
        introduced = led or bool(_list_words().search(before + members[-1]))  # 等十位领导
        fewest = 1 if introduced else _SHORTEST_LIST
        share = _NAMED_IF_LED if introduced and len(shaped) >= _SHORTEST_LIST else _NAMED
        if len(shaped) < max(fewest, share * len(names)):
            continue
        for name in filterfalse(_is_office, names):
            may_be = introduced and len(shaped) >= _SHORTEST_LIST and _may_be_name(name)
            is_sure = not _is_thing(name) if introduced else _is_listed_name(name)
            if is_sure and (may_be or _is_plausible(name)):
                yield name, "list"


def _may_be_name(name: str) -> bool:
    """Whether a member of a list of names has the shape of one, whatever its characters: 仇人杰."""
    is_one = len(name) == _WITH_TWO and _has_shape(name)
    return is_one and all(tag not in _NO_NAMES for _, tag in tagged(name[1:]))


def _is_office(name: str) -> bool:
    """Whether it is one of a district: 区政协."""
    is_long = len(name) > 2 and name[0] == "区"
    return is_long and tagged(name[1:])[0] in ((name[1:], tag) for tag in ("n", "nt", "j"))


def _is_listed_name(name: str) -> bool:
    """Whether a member of a list that nothing introduces is not a word, and no sight: 查干湖."""
    row = _surname_rows().get(surname_of(name))
    if row is None or not row.is_common:
        return not _is_short_word(name)
    if len(name) == _WITH_TWO and _is_usual(name[1:]) and not is_word(name[:2]):
        return True
    return name[-1] not in _SIGHTS and not _is_other_word(name, name[len(surname_of(name)) :], row)


def _is_thing(name: str) -> bool:
    """Whether it is a word and no name: 任意, 展览馆."""
    return _is_short_word(name) or (is_word(name) and not tagged(name)[0][1].startswith("nr"))


def _is_short_word(name: str) -> bool:
    return len(name) == 2 and is_word(name)


def _after_title(member: str) -> tuple[str, bool]:
    """The first member of a list without the words before the name, and whether there were any."""
    ends = [match.end() for match in _list_words().finditer(member) if match.end() < len(member)]
    rest = member[ends[-1] :] if ends else member
    if not _is_plausible(rest):  # 出席会议的有张大山
        tails = (rest[-size:] for size in (4, 3, 2) if rest[:-size].endswith(("有", "是")))
        rest = next(filter(_is_plausible, tails), rest)
    return rest, bool(ends)


def _name_at(piece: str, start: int, *, is_led: bool = False) -> str:
    """The name that begins at a place: as long as what follows it allows; empty if none does.

    A name with a reading of its own by its usual characters may be followed by anything, if led.
    """
    rest = piece[start:]
    surname = surname_of(rest)
    if not surname:
        return ""
    best, ends = "", 0
    is_led = is_led and surname in _surname_rows()
    for size in (len(surname) + 2, len(surname) + 1):
        name = rest[:size]
        if len(name) == size and _is_plausible(name):
            sure = _how_sure_end(rest[size:]) + (is_led and _is_usual(name[len(surname) :]))
            best, ends = (name, sure) if sure > ends else (best, ends)
    return best


def _how_sure_end(after: str) -> int:
    """How well a name may end before this text: 2 at a mark or a whole word, 1 at 在 or 的."""
    if not after:
        return 2
    follows = [word for word in _words("after") if after.startswith(word)]
    ahead = tagged(after[:_REACH])[:1]
    verbs = [word for word, tag in ahead if tag in _VERBS]
    return min(
        2,
        max(
            map(len, [*follows, *(word for word in verbs if len(word) > 1 and is_word(word))]),
            default=0,
        ),
    )


def _is_title(piece: str, title: re.Match[str], name: str) -> bool:
    """Whether what looks like a title is one: not the end of 增长, not the middle of 党员干部."""
    surname = surname_of(name)
    row = _surname_rows().get(surname)
    is_usual = row is not None and _is_usual(name[len(surname) :])
    if is_usual or len(title[0]) == 1:  # the last character of what may be a role: 糕点师, 主唱
        word, tag = tagged(piece[max(0, title.end() - _REACH) : title.end()])[-1]
        around = word_around(piece, title.end() - 1)
        is_inside = around[1] > title.end() and is_word(piece[slice(*around)])  # 国|人员
        is_role = len(word) > 1 and tag in _ROLES and len(name) > 2 and row and not row.is_word
        is_listed = is_usual and title[0].endswith("长") and len(word) > 1  # 电视台台长|葛敏
        return is_listed or (bool(is_usual or is_role) and not is_inside)
    words = cut(piece[max(0, title.end() - _REACH) : title.end() + _REACH])
    if not _has_edge(words, min(title.end(), _REACH)):
        words = cut(piece[max(0, title.end() - _REACH) : title.end()])
        return len(title[0]) > 2 and (len(words[-1]) > 1 or is_word(title[0][:-1]))
    if len(title[0]) > 2 or not title[0].endswith("长"):
        return True
    ending = cut(piece[max(0, title.end() - _REACH) : title.end()])[-1]
    return len(ending) > 1 and ending not in _GROWTH


_LINKS = frozenset("从和来但经")
"""Surnames that mostly lead to a place or a thing after 记者 and the like: 记者从任丘获悉."""
_WITH_TWO = 3
"""Characters of a family name with a given name of two."""
_GROWTH = ("增长", "成长", "生长", "延长", "助长", "特长", "专长")


def _is_person(piece: str, start: int, name: str) -> bool:
    """Whether no known word speaks against a name after a title: 干部坚持, 都亲自, 解放思想."""
    surname = surname_of(name)
    row = _surname_rows().get(surname)
    given = name[len(surname) :]
    led = piece[start - 1] in "长记任席"  # what the titles of leaders end with
    if surname in _LINKS and not _is_usual(given):
        return False
    if row and not is_word(name):
        is_noun = is_word(given) and len(given) > 1 and tagged(given)[0][1] not in ("nr", "nz")
        first = tagged(name[:2])[0]  # 召开|一次
        begins = first[0] == name[:2] and is_word(name[:2]) and first[1][0] != "n"
        is_other = begins or row.is_word or (row.is_verb and is_noun)
        if _is_usual(given) and (led or not is_other):
            return True
        if not row.is_common and surname not in "曾单":
            return not is_word(name[: len(surname) + 1]) or tagged(name[:2])[0][1][0] == "n"
    if len(name) == 2 and (is_word(name) or (row and row.is_common)):
        words = cut(piece[start : start + _REACH])
        is_adverb = row and (row.is_word or (row.is_verb and not led))  # 都围, 曾替, 种梨
        return not is_word(name) and not is_adverb and _has_edge(words, len(name))
    if row is None:
        return not _begins_word(piece, start, name)
    is_thing = is_word(given) and tagged(given)[0][1] != "nr" and given not in _words("given")
    is_done = row.is_verb and (is_thing or given[0] in "上下起完到出") and not led
    return not (is_done or _is_other_word(name, given, row))


def _is_usual(given: str) -> bool:
    """Whether it is a given name by its characters alone, and no other word: 春兰, but 英勇."""
    if len(given) == 1:
        return given in phrases("people")["usual"]
    is_other = is_word(given) and tagged(given)[0][1] not in ("nr", "nrt", "nz", "n", "f")
    return given in _words("given") or (not is_other and _usual().issuperset(given))


@cache
def _usual() -> frozenset[str]:
    """Characters of given names."""
    return frozenset(phrases("people")["usual"] + phrases("people")["usual_in_two"])


def _begins_word(piece: str, start: int, name: str) -> bool:
    """Whether a known word that no name begins with stands there: 充分信任, 原生态, 全中国."""
    first, tag = tagged(piece[start : start + _REACH])[0]
    if is_word(name[:2]) and any(kind in _NO_NAMES for _, kind in tagged(name[:2])[:1]):
        return True
    is_whole = len(first) > 1 and is_word(first) and tag not in ("nr", *_FOREIGN)
    return is_whole and (len(first) >= len(name) or tag[0] in "avd")


def _is_other_word(name: str, given: str, row: _Surname) -> bool:
    """Whether a candidate begins with a word, or has a verb or the like for a given name."""
    if given in _words("given"):
        return row.is_word
    begins = is_word(name[:2]) and tagged(name[:2])[0][1] != "nrt"  # 查德|贵
    if row.is_common and (begins or (row.is_word and is_word(given))):
        return True
    is_verb = any(word == given and tag in _NO_NAMES for word, tag in tagged(given))
    return is_verb and is_word(given) and not _is_usual(given)


def _has_edge(words: Iterable[str], at: int) -> bool:
    """Whether a word ends at a place."""
    return at in accumulate(map(len, words))


_JOINTS = re.compile("^|[和与同向给由请让找见叫跟的]")


def _unintroduced(piece: str) -> Iterator[tuple[str, Evidence]]:
    """Names at the head of a clause, or after 和 and 与, before a verb.

    Those whose surname is read as usual are asked for a verb of saying: only the list of persons
    gains by them.
    """
    for joint in _JOINTS.finditer(piece):
        first = _surname_rows().get(surname_of(piece[joint.end() :]))
        name = _name_at(piece, joint.end(), is_led=first is not None and not first.is_verb)
        row = _surname_rows().get(surname_of(name))
        says = piece.startswith(_words("says"), joint.end() + len(name))
        is_plain = len(name) > 2 and not (is_word(name[:2]) or is_word(name[1:]))
        if _stands_alone(piece, joint.end(), name, row, says=says) if row else is_plain and says:
            yield name, "verb"


_GUARDED = frozenset("宁曾")
"""Common characters that are surnames often enough to be looked for at the head of a clause."""


def _stands_alone(piece: str, start: int, name: str, row: _Surname, *, says: bool) -> bool:
    """Whether no known word speaks against a name: 曾参加过, 单就此事, 宁晋县, 区妇联表示.

    A surname that is a common character asks for more: a verb of saying, or jieba's own tag.
    """
    surname = surname_of(name)
    given = name[len(surname) :]
    is_short = row.is_common and len(name) == 2 and not (says and row.is_said)
    is_asked = piece.startswith(("邀", "之邀"), start + len(name))  # 应哈方邀请
    words = tagged(piece[start : start + len(name) + _REACH])
    is_short = is_short and (words[0] != (name, "nr") or not _is_usual(given) or surname == "华")
    if _is_other_word(name, given, row) or is_word(name) or is_short or is_asked:
        return False
    has_edge = _has_edge((word for word, _ in words), len(name))
    is_known = given in _words("given") and surname not in "区宁"
    is_clear = is_known or not (row.is_common and is_word(given) and tagged(given)[0][1] != "nr")
    is_free = (has_edge and is_clear and not row.is_verb) or piece == name
    if _is_usual(given) and is_free and not row.is_word:
        return True
    size = 2 if row.is_common and not row.is_verb and surname != "区" else len(name)  # 解玉|琴
    is_tagged = words[0][0] in (name, name[:size]) and words[0][1] in ("nr", *_FOREIGN)
    if row.is_common and surname not in _GUARDED:
        is_full = is_tagged and not row.is_word and name[-1] not in _SIGHTS
        return (says and not _is_office(name)) or is_full
    if says:
        return True
    is_noun = has_edge and tagged(given)[0][1][0] == "n"
    return (is_tagged or is_noun) and not is_word(name[:2])


_SIGHTS = "湖楼馆园山河江桥岛寺庙塔庄湾坝洞"
"""What ends the name of a sight more often than that of a person."""
