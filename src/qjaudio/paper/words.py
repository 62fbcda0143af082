"""Words of the language, the wording of a page, and slips of OCR repaired where these prove them.

The dictionary is that of rjieba (jieba's). The pairs of characters that are mistaken for each other
are in rules/confusions.tsv. Names and numbers are never touched: a wrong name of an official would
be worse than any slip.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from types import MappingProxyType

from qjaudio import rules
from qjaudio.paper.model import Repair
from qjaudio.paper.sentences import parted_number, sentences, turned_quotes
from qjaudio.paper.text import (
    CLOSERS,
    HAN,
    NO_TEXT,
    PageText,
    close_up,
    ends_sentence,
    full_width,
    han,
    is_ended,
    is_han,
    join_texts,
    rewritten,
)
from qjaudio.rules import table


@lru_cache(maxsize=4096)
def _cut_words(text: str) -> tuple[str, ...]:
    import rjieba

    return tuple(rjieba.cut(text))


@lru_cache(maxsize=4096)
def _tagged(text: str) -> tuple[tuple[str, str], ...]:
    import rjieba

    return tuple((word, tag) for word, tag in rjieba.tag(text))


@cache
def surnames() -> frozenset[str]:
    """The family names of rules/surnames.tsv, of one character and of two."""
    known: set[str] = set()
    for surname, *reading in table("surnames"):
        known.update([surname] if reading else surname.split() if " " in surname else surname)
    return frozenset(known)


_KEPT = 200
"""Longer texts are not kept in memory: they do not come again."""


def cut(text: str) -> tuple[str, ...]:
    """The words of a text, in order; together they are the text."""
    return (_cut_words if len(text) <= _KEPT else _cut_words.__wrapped__)(str(text))


def tagged(text: str) -> tuple[tuple[str, str], ...]:
    """The words of a text with jieba's part of speech: n…, v…, p preposition, c conjunction, …"""
    return (_tagged if len(text) <= _KEPT else _tagged.__wrapped__)(str(text))


def is_word(text: str) -> bool:
    """Whether the dictionary has a word."""
    return _is_word(str(text))


FAMOUS = 30
"""Times in the dictionary's corpus: 李明 stands there less often than 文明."""


def is_pen_name(text: str) -> bool:
    """Whether a line by itself is a name and no word, as under the headline of an essay."""
    name = "".join(text.split())
    fits = 2 <= len(name) <= 4 and han(name) == name and name[-1] not in "镇村乡县区街桥楼"
    known = fits and "的" not in name and not surnames().isdisjoint((name[:1], name[:2]))
    rare = known and tagged(name)[0][1] in ("nr", "ns") and times_of(name) < FAMOUS
    return known and (rare or not is_word(name))


@cache
def _author_lines() -> tuple[re.Pattern[str], ...]:
    told = rules.phrases("bylines")
    work = rf"[^。！？，,\s]{{2,24}}?(?:{told['works']}|{'|'.join(told['signoff_endings'])})"
    return tuple(re.compile(line.replace("{work}", work)) for line in told["authors"])


def author_of(text: str) -> tuple[str, ...] | None:
    """The author whom the end of a story names with their work, none where it tells the work alone;
    None for another text."""
    # （通讯员 于小玲）石浦镇 begins a story.
    plain = not re.search(r"(?<!\d)[）)]|通讯员|记者", text)
    found = next(filter(None, (line.fullmatch(text) for line in _author_lines() if plain)), None)
    name = found["name"] or "" if found else ""
    return tuple(filter(None, [name])) if found and (not name or is_pen_name(name)) else None


@lru_cache(maxsize=65536)
def _is_word(text: str) -> bool:
    import rjieba

    return bool(rjieba.has_word(text))


@lru_cache(maxsize=4096)
def times_of(word: str) -> int:
    """How often a word stands in the dictionary's corpus."""
    import rjieba

    return int(rjieba.suggest_freq(str(word)))


_REACH = 60
"""How far words are looked for where no mark stands."""
_MARKS = frozenset("，。！？；：、“”‘’（）《》【】…—◆ \n")
"""Marks at which the dictionary parts a text before it looks for words."""


def phrase_around(text: str, at: int) -> tuple[int, int]:
    """Start and end of what stands between two marks around `at`: words do not reach beyond."""
    text, start, end = str(text), at, at + 1
    while start > max(0, at - _REACH) and text[start - 1] not in _MARKS:
        start -= 1
    while end < min(len(text), at + _REACH) and text[end] not in _MARKS:
        end += 1
    return start, end


def word_around(text: str, at: int) -> tuple[int, int]:
    """Start and end of the word that covers position `at`."""
    text = str(text)
    start, end = phrase_around(text, at)
    for word in cut(text[start:end]):
        if start <= at < start + len(word):
            return start, start + len(word)
        start += len(word)
    return at, at + 1


def parted_word(before: str, after: str) -> str:
    """The word or number that a break between two texts cuts in two, or an empty string.

    Only words of the dictionary count whose halves are not both words that stand well alone.
    """
    left, right = str(before)[-6:], str(after)[:6]
    if left[-1:].isdecimal():
        return parted_number(str(before)[-40:], right)
    if not left or not right or not (is_han(left[-1]) and is_han(right[0])):
        return ""
    start, end = word_around(left + right, len(left))
    word = (left + right)[start:end]
    return word if start < len(left) < end and is_word(word) else ""


_QUOTED = re.compile(f"(?<=[“‘\"'「])[{HAN}]{{3,4}}(?=[”’\"'」])")
_QUOTATION = re.compile(r"“([^“”]{2,24})”")
_LONGEST_LOSS = 4


class Wording:
    """The text of one page. Every question takes the same time, however long the page is."""

    def __init__(self, *lines: str, typeset: bool = False) -> None:
        self._lines, self.typeset = lines, typeset
        self._counts: dict[str, int] = {}
        self._lost: dict[tuple[str, str], bool] = {}

    def quotes(self, phrase: str) -> bool:
        """Whether a phrase of three or four Han characters stands in quotation marks."""
        return phrase in self._quoted

    def repeats(self, phrase: str) -> bool:
        """Whether a phrase of three or four characters stands in two places."""
        first, last = self._places.get(phrase, (0, 0))
        return last - first >= len(phrase)

    def count(self, phrase: str) -> int:
        """How often a phrase stands on the page."""
        if phrase not in self._counts:
            self._counts[phrase] = self.text.count(phrase)
        return self._counts[phrase]

    def always_after(self, phrase: str, before: str) -> bool:
        """Whether a phrase that stands on the page twice or more has `before` in front of it, but
        for one place at most."""
        key = (phrase, before)
        if key not in self._lost:
            self._lost[key] = self._stands_after(phrase, before)
        return self._lost[key]

    def _stands_after(self, phrase: str, before: str) -> bool:
        places = others = 0
        place = self.text.find(phrase, 1)
        while place >= 0 and others < 2:
            places += 1
            others += not self.text.startswith(before, max(0, place - len(before)), place)
            place = self.text.find(phrase, place + len(phrase))
        return places >= 2 and others < 2

    def quotation(self, tail: str) -> str:
        """The first quotation of the page that ends so and has at most four characters more."""
        return self._quotations.get(tail, "")

    @cached_property
    def text(self) -> str:
        """All that is printed, with full-width marks."""
        return "\n".join(str(full_width(close_up(line))) for line in self._lines)

    @cached_property
    def _places(self) -> dict[str, tuple[int, int]]:
        """The first and the last place of each phrase."""
        found: dict[str, tuple[int, int]] = {}
        for size in (3, 4):
            for at in range(len(self.text) - size + 1):
                phrase = self.text[at : at + size]
                found[phrase] = (found.get(phrase, (at,))[0], at)
        return found

    @cached_property
    def _quoted(self) -> frozenset[str]:
        return frozenset(_QUOTED.findall(self.text))

    @cached_property
    def _quotations(self) -> dict[str, str]:
        return quotations_by_end(self.text)


class PageWordings(dict[int, Wording]):
    """The wording of each page, by its number, put together when it is asked for."""

    texts: Mapping[int, Sequence[str]] = MappingProxyType({})
    typeset: Collection[int] = ()
    """The pages whose characters are those that were printed: no reader took one for another."""

    def __missing__(self, page: int) -> Wording:
        """That of a page; empty where nothing stands on it."""
        self[page] = Wording(*self.texts.get(page, ()), typeset=page in self.typeset)
        return self[page]


@dataclass(frozen=True, slots=True)
class End:
    """A paragraph that ends, and what was cut off to make it so."""

    text: PageText
    cut: PageText = NO_TEXT
    evidence: str = ""
    """Why it was changed; empty where it was not."""


_CLAUSES = rules.phrases("clauses")
_CONFUSIONS, GUESSED = dict[str, list[tuple[str, str]]](), set[str]()
for _read, _printed, _proof in table("confusions"):
    _CONFUSIONS.setdefault(_read, []).append((_printed, _proof))
    GUESSED |= {_read + _printed} if _proof == "maybe" else set()


def quotations_by_end(text: str) -> dict[str, str]:
    """The first quotation in a text for each of its possible ends, at most four characters less."""
    found: dict[str, str] = {}
    for quotation in _QUOTATION.findall(text):
        for lost in range(min(_LONGEST_LOSS + 1, len(quotation) - 1)):
            found.setdefault(quotation[lost:], quotation)
    return found


_NAME_TAGS = ("nr", "nrt", "nrfg")
_NUMERALS = frozenset("〇零一二三四五六七八九十百千万亿两0123456789")
_PERSON = re.compile(
    rf"(?:记者|通讯员|书记|主任|局长|县长|区长|市长|镇长|主席|同志|先生|女士|村民)[{HAN}]{{0,3}}$"
)
_LONG_QUOTED = re.compile(r"“([^“”]{5,40})”")
_LIST_BEFORE = re.compile(r"(?:、[^，。；：、]{1,12}){2}$")
_STRETCH, _MOST_TRIES = 60, 10
"""Of so many characters so many at most may be slips."""
_FAR = 80
"""How many characters around a slip are looked at."""


def repair_slips(text: PageText, page: Wording, where: str) -> tuple[PageText, tuple[Repair, ...]]:
    """A text with its certain slips put right, and what was changed; `page` is all that stands on
    the page, as evidence."""
    repairs: list[Repair] = []
    line, plain = text, str(text)

    def apply(at: int, printed: str, start: int, stop: int, evidence: str) -> None:
        nonlocal line, plain
        before = line[start:stop]
        plain = f"{plain[:at]}{printed}{plain[at + 1 :]}"
        line, after = rewritten(line, plain), plain[start:stop]
        repairs.append(Repair(where=where, before=before, after=after, evidence=evidence))

    turned = () if {*"“”"}.isdisjoint(plain) else turned_quotes(plain)
    for mark in turned if page.typeset else (*_dashes(plain), *turned):
        apply(*mark)
    if page.typeset:
        return line, tuple(repairs)
    line = _with_whole_phrases(line, where, repairs)
    plain = str(line)
    for at in _doubtful(plain):
        cut_off = max(0, at - _FAR)
        near = plain[cut_off : at + _FAR]
        for printed, proof in _CONFUSIONS[plain[at]]:
            if found := _proofs(proof, near, at - cut_off, printed, page):
                start, stop, evidence = found
                apply(at, printed, cut_off + start, cut_off + stop, evidence)
                break
    return line, tuple(repairs)


def _doubtful(text: str) -> Iterator[int]:
    """The places of characters that may be slips; where nearly all may be, it is not language."""
    last, tries = -1, 0
    for at, read in enumerate(text):
        if read not in _CONFUSIONS:
            continue
        stretch = at // _STRETCH
        last, tries = stretch, tries + 1 if stretch == last else 1
        if tries <= _MOST_TRIES:
            yield at


def _with_whole_phrases(text: PageText, where: str, repairs: list[Repair]) -> PageText:
    """Give standing phrases back the first character that the reader's model lacks."""
    for read, others in _CONFUSIONS.items():
        for printed, proof in others:
            if proof != "phrase" or read not in text:
                continue
            lost = printed.removesuffix(read)
            pieces, start = list[PageText](), 0
            for match in re.finditer(f"(?<!{re.escape(lost)}){re.escape(read)}", text):
                before = text[match.start() : match.end()]
                evidence = f"{read} stands only in {printed}"
                repairs.append(Repair(where=where, before=before, after=printed, evidence=evidence))
                pieces.append(text[start : match.start()])
                start = match.start()
            text = join_texts([*pieces, text[start:]], lost) if pieces else text
    return text


def _proofs(
    proof: str, text: str, at: int, printed: str, page: Wording
) -> tuple[int, int, str] | None:
    if proof in ("word", "maybe"):
        return _by_word(text, at, printed, page)
    if proof == "alone":
        return _by_standing_alone(text, at)
    if proof == "number":
        return _by_number(text, at)
    if proof.startswith("before "):
        return _by_next_word(text, at, proof.split()[1:], printed)
    return _by_list(text, at) if proof == "list" else None


def _in_name_or_number(text: str, at: int) -> bool:
    if text[:at].endswith("个") or any(x in _NUMERALS for x in text[max(0, at - 1) : at + 2]):
        return True
    start, stop = phrase_around(text, at)
    for word, tag in tagged(text[start:stop]):
        if start <= at < start + len(word):
            return (tag in _NAME_TAGS and len(word) > 1) or bool(_PERSON.search(text[:at]))
        start += len(word)
    return False


def _by_word(text: str, at: int, printed: str, page: Wording) -> tuple[int, int, str] | None:
    """The character read makes no word with its neighbours, the printed one does."""
    start, stop = word_around(text, at)
    if (stop - start > 1 and is_word(text[start:stop])) or _in_name_or_number(text, at):
        return None
    before, _ = word_around(text, at - 1) if at else (0, 0)
    if at - before > 2 and is_word(text[before : at - 1]) and is_word(text[at - 1 : at + 1]):
        return None  # 山泉水|厂 is cut so, and is 山泉|水厂
    repaired = text[:at] + printed + text[at + 1 :]
    new_start, new_stop = word_around(repaired, at)
    word = repaired[new_start:new_stop]
    read = text[new_start:new_stop]
    proves = len(word) > 1 and is_word(word) and is_common(word) and not is_word(read)
    first, last = phrase_around(text, at)
    if proves and covered(repaired[first:last]) > covered(text[first:last]):
        return new_start, new_stop, f"{word} is a word, {read} is not"
    return _attested(text, at, repaired, page)


def covered(text: str) -> int:
    """How many characters of a text stand in words of two characters and more."""
    return sum(len(word) for word in cut(text) if len(word) > 1 and is_word(word))


@cache
def is_common(word: str) -> bool:
    """Whether a word is common enough to prove anything."""
    return times_of(word) >= 50 or len(word) > 2


def _attested(text: str, at: int, repaired: str, page: Wording) -> tuple[int, int, str] | None:
    """A phrase of three or four characters that stands elsewhere on the page as printed."""
    for size in (4, 3):
        for start in range(max(0, at - size + 1), at + 1):
            window, read = repaired[start : start + size], text[start : start + size]
            if len(window) < size or not all(map(is_han, window)):
                continue
            stands = page.quotes(window) or page.repeats(window)
            if stands and not page.repeats(read) and _loose(text, at):
                return start, start + size, f"the page has {window} elsewhere"
    return None


def _loose(text: str, at: int) -> bool:
    """Whether the character read is part of no word of the dictionary."""
    start, stop = word_around(text, at)
    return stop - start > 1 and not is_word(text[start:stop])


def _by_standing_alone(text: str, at: int) -> tuple[int, int, str] | None:
    """己 as a word of its own before a verb is 已."""
    start, stop = word_around(text, at)
    following = tagged(text[at + 1 : at + 9])
    if stop - start > 1 or not following or following[0][1][0] not in "vdazpm":
        return None
    if at and text[at - 1] in "自知律异利舍克体":
        return None
    return at, at + 1 + len(following[0][0]), f"{text[at]} is not a word before {following[0][0]}"


_DAY = re.compile(r"(?:\d{1,2}|月[一二三四五六七八九十]{1,3})$")


def _by_number(text: str, at: int) -> tuple[int, int, str] | None:
    """After digits, or the number of a month's day, 曰 is 日."""
    found = _DAY.search(text[max(0, at - _LONGEST_LOSS) : at])
    return (at - len(found[0]), at + 1, "a number of a day before it") if found else None


def _by_next_word(
    text: str, at: int, words: list[str], printed: str
) -> tuple[int, int, str] | None:
    """Before some words, of what two characters may be only one has a meaning."""
    start, stop = word_around(text, at)
    whole = stop - start > 1 and is_word(text[start:stop])
    word = next((word for word in words if text.startswith(word, at + 1)), "")
    if whole or not word:
        return None
    return at, at + 1 + len(word), f"{printed}{word} is meant, {text[at]}{word} means nothing"


def _by_list(text: str, at: int) -> tuple[int, int, str] | None:
    """After an enumeration and before a number or a noun, 能 is 等."""
    if not _LIST_BEFORE.search(text[:at]):
        return None
    after = text[at + 1 :]
    start, stop = word_around(text, at)
    if re.match(r"\d+[名个项家种类位所条件台]", after):
        return max(0, at - 2), at + 3, "an enumeration before a number"
    following = tagged(after[:8])
    if stop - start == 1 and following and following[0][1] == "n" and len(following[0][0]) > 1:
        return max(0, at - 2), at + 3, f"an enumeration before the noun {following[0][0]}"
    return None


def _dashes(text: str) -> Iterator[tuple[int, str, int, int, str]]:
    """一 between the parts of a quoted chain (甲一乙一丙) is a dash."""
    for quoted in _LONG_QUOTED.finditer(text):
        inner, offset = quoted[1], quoted.start(1)
        parts = inner.split("一")
        if len(parts) < 3 or not all(map(_noun_phrase, parts)):
            continue
        at = offset - 1
        for part in parts[:-1]:
            at += len(part) + 1
            yield at, "—", at - 1, at + 2, f"a chain of {len(parts)} nouns in quotation marks"


def _noun_phrase(part: str) -> bool:
    words = tagged(part)
    return (
        2 <= len(part) <= 6
        and all(tag[0] in "nbavjzgk" for _, tag in words)
        and words[-1][1][0] in "nzgk"
    )


_CLAUSE = re.compile(r"[，；]")
_OPENING, _CLOSING = "“‘（《", "”’）》"
_HANGING = frozenset({"p", "c", "uj", "uv", "ud"})
MIN_CLAUSE = 4
MIN_KEPT = 8
"""A sentence of fewer Han characters says nothing by itself."""


ROOM_LEFT = "the last line has room left: only the full stop is lost"
UNKNOWN_END = (
    "the paragraph stops without a mark: its full stop is put back, unless its end is lost"
)


def repair_end(text: PageText, *, filled: bool | None, jumped: bool = False) -> End:
    """Let a paragraph end where a sentence ends.

    Room left in its last line shows that only the full stop was lost. A full last line, or a jump
    to a page that is not here, shows that words were lost: the clause that was cut is left out.
    Where the lines do not tell, the last word does.
    """
    if is_ended(text):
        return End(text)
    hanging = text.rstrip(CLOSERS)[-1:] in "，、—" or hangs(text)
    hanging = hanging or (filled is None and stops_midway(text))
    if not jumped and not hanging and filled is not True:
        return End(text + "。", evidence=UNKNOWN_END if filled is None else ROOM_LEFT)
    why = "the story jumps to a page that is not here" if jumped else "the last line is full"
    return _cut_back(text, f"{why}: its last clause is cut and left out")


def hangs(text: str) -> bool:
    """Whether the last word of a text cannot end a sentence; 地 can, where it is land: 番薯地."""
    (_, before), (word, tag) = (("", ""), ("", ""), *tagged(text[-24:]))[-2:]
    return tag in _HANGING and len(word) < 3 and not (tag == "uv" and before[:1] in "nvtm")


def stops_midway(text: str) -> bool:
    """Whether the last word of a text shows that a sentence goes on."""
    last = next(reversed(cut(text.rstrip()[-24:])), "")
    unfinished = _CLAUSES["unfinished"]
    return last in unfinished or last in ("，", "、") or last[-1:].isdecimal()


def _cut_back(text: PageText, evidence: str) -> End:
    """Cut at the last conjunction, clause or sentence that leaves a whole statement."""
    whole = text.rstrip("，、；：—")
    if ends_sentence(whole):
        return End(whole, text[len(whole) :], evidence)
    sentence = text[len(text) - len(sentences(text)[-1]) :]
    start = len(text) - len(sentence)
    balanced = _balanced(sentence)
    places = [at for at, char in enumerate(sentence, start=1) if is_han(char)]
    shortest = places[MIN_KEPT - 1] if len(places) >= MIN_KEPT else len(sentence) + 1
    for at in _clause_cuts(sentence):
        if balanced[at] and at >= shortest:
            return End(text[: start + at] + "。", text[start + at :].lstrip("，；"), evidence)
    return End(text[:start], sentence, evidence)


def _clause_cuts(sentence: str) -> Iterator[int]:
    """The places inside a sentence where it may stop, last first."""
    marks = [found.start() for found in _CLAUSE.finditer(sentence)]
    last = marks[-1] + 1 if marks else 0
    joint = _joint(sentence[last:])
    if joint:
        yield last + joint
    starts = [0, *(mark + 1 for mark in marks)]
    for start, mark in reversed([*zip(starts, marks, strict=False)]):
        if _complete(sentence[start:mark]):
            yield mark


def _joint(clause: str) -> int:
    """Where 及 joins the last of several objects of a verb: the others stand without it."""
    at = max(clause.rfind("以及"), clause.rfind("及"))
    if clause[at - 1 : at + 1] == "以及":
        at -= 1
    kept = tagged(clause[:at]) if at > 0 else ()
    tags = [tag for _, tag in kept]
    verbs = any(tag == "v" for tag in tags[:3]) and "p" not in tags
    return at if verbs and len(kept) > 3 and (clause[at - 1] in "”》" or "、" in clause[:at]) else 0


def _complete(clause: str) -> bool:
    """Whether a clause can stand at the end: it says something (目前, 今年3月 do not), and does not
    only open the next one (通过…, 为了…)."""
    words = tagged(clause)
    if len(han(clause)) < MIN_CLAUSE or not any(tag[0] == "v" for _, tag in words):
        return False
    opener = next(
        (at for at, (word, _) in enumerate(words[:6]) if word in _CLAUSES["openers"]), None
    )
    if opener is None:
        return words[-1][1] not in _HANGING
    rest = words[opener + 1 :]
    return any(word in _CLAUSES["predicates"] for word, _ in rest) or words[-1][1] in {"v", "ul"}


def _balanced(text: str) -> list[bool]:
    """For each place in a text whether it has as many opening as closing marks before it."""
    depths = dict.fromkeys(range(len(_OPENING)), 0)
    balanced = [True]
    for char in text:
        if char in _OPENING:
            depths[_OPENING.index(char)] += 1
        elif char in _CLOSING:
            depths[_CLOSING.index(char)] -= 1
        balanced.append(not any(depths.values()))
    return balanced
