"""Slips of OCR, put right only where the language or the page proves them.

The pairs of characters that are mistaken for each other stand in rules/confusions.tsv. Names and
numbers are never touched: a wrong name of an official would be worse than any slip.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from qjaudio import rules
from qjaudio.paper.characters import CLOSERS, HAN, ends_sentence, han, is_han
from qjaudio.paper.model import Repair
from qjaudio.paper.sentences import sentences
from qjaudio.paper.words import Wording, cut, is_word, phrase_around, tagged, word_around
from qjaudio.provenance import NO_TEXT, PageText, join_texts, rewritten

_NAME_TAGS = ("nr", "nrt", "nrfg")
_NUMERALS = frozenset("〇零一二三四五六七八九十百千万亿两0123456789")
_PERSON = re.compile(
    rf"(?:记者|通讯员|书记|主任|局长|县长|区长|市长|镇长|主席|同志|先生|女士|村民)[{HAN}]{{0,3}}$"
)
_QUOTED = re.compile(r"“([^“”]{5,40})”")
_LIST_BEFORE = re.compile(r"(?:、[^，。；：、]{1,12}){2}$")
_STRETCH, _MOST_TRIES = 60, 10
"""Of so many characters so many at most may be slips."""
_FAR = 80
"""How many characters around a slip are looked at."""


@cache
def _confusions() -> dict[str, tuple[tuple[str, str], ...]]:
    pairs: dict[str, list[tuple[str, str]]] = {}
    for read, printed, proof in rules.table("confusions"):
        pairs.setdefault(read, []).append((printed, proof))
    return {read: tuple(others) for read, others in pairs.items()}


def repair_slips(text: str, page: Wording, where: str) -> tuple[PageText, tuple[Repair, ...]]:
    """A text with its certain slips put right, and what was changed; `page` is all that stands on
    the page, as evidence."""
    repairs: list[Repair] = []
    line, plain = PageText(text), str(text)

    def apply(at: int, printed: str, start: int, stop: int, evidence: str) -> None:
        nonlocal line, plain
        before = line[start:stop]
        plain = f"{plain[:at]}{printed}{plain[at + 1 :]}"
        line, after = rewritten(line, plain), plain[start:stop]
        repairs.append(Repair(where=where, before=before, after=after, evidence=evidence))

    for dash in _dashes(plain):
        apply(*dash)
    line = _with_whole_phrases(line, where, repairs)
    plain = str(line)
    for at in _doubtful(plain):
        cut_off = max(0, at - _FAR)
        near = plain[cut_off : at + _FAR]
        for printed, proof in _confusions()[plain[at]]:
            found = _proofs(proof, near, at - cut_off, printed, page)
            if found:
                start, stop, evidence = found
                apply(at, printed, cut_off + start, cut_off + stop, evidence)
                break
    return line, tuple(repairs)


def _doubtful(text: str) -> Iterator[int]:
    """The places of characters that may be slips; where nearly all may be, it is no language."""
    last, tries = -1, 0
    for at, read in enumerate(text):
        if read not in _confusions():
            continue
        stretch = at // _STRETCH
        last, tries = stretch, tries + 1 if stretch == last else 1
        if tries <= _MOST_TRIES:
            yield at


def _with_whole_phrases(text: PageText, where: str, repairs: list[Repair]) -> PageText:
    """Give standing phrases back the first character that the reader's model lacks."""
    for read, others in _confusions().items():
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
    if proof == "word":
        return _by_word(text, at, printed, page)
    if proof == "alone":
        return _by_standing_alone(text, at)
    return _by_list(text, at) if proof == "list" else None


def _in_name_or_number(text: str, at: int) -> bool:
    if any(char in _NUMERALS for char in text[max(0, at - 1) : at + 2]):
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
    mended = text[:at] + printed + text[at + 1 :]
    new_start, new_stop = word_around(mended, at)
    word = mended[new_start:new_stop]
    read = text[new_start:new_stop]
    proves = len(word) > 1 and is_word(word) and _common(word) and not is_word(read)
    first, last = phrase_around(text, at)
    if proves and _covered(mended[first:last]) > _covered(text[first:last]):
        return new_start, new_stop, f"{word} is a word, {read} is none"
    return _attested(text, at, mended, page)


def _covered(text: str) -> int:
    """How many characters of a text stand in words of two characters and more."""
    return sum(len(word) for word in cut(text) if len(word) > 1 and is_word(word))


@cache
def _common(word: str) -> bool:
    """Whether a word is common enough to prove anything (times in the dictionary's corpus)."""
    import rjieba

    return int(rjieba.suggest_freq(word)) >= 50 or len(word) > 2


def _attested(text: str, at: int, mended: str, page: Wording) -> tuple[int, int, str] | None:
    """A phrase of three or four characters that stands elsewhere on the page as printed."""
    for size in (4, 3):
        for start in range(max(0, at - size + 1), at + 1):
            window, read = mended[start : start + size], text[start : start + size]
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
    return at, at + 1 + len(following[0][0]), f"{text[at]} is no word before {following[0][0]}"


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
    for quoted in _QUOTED.finditer(text):
        inner, offset = quoted[1], quoted.start(1)
        parts = inner.split("一")
        if len(parts) < 3 or not all(map(_noun_phrase, parts)):
            continue
        at = offset - 1
        for part in parts[:-1]:
            at += len(part) + 1
            start, stop = at - 1, at + 2
            yield at, "—", start, stop, f"a chain of {len(parts)} nouns in quotation marks"


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


@dataclass(frozen=True, slots=True)
class End:
    """A paragraph that ends, and what was cut off to make it so."""

    text: PageText
    cut: PageText = NO_TEXT
    evidence: str = ""
    """Why it was changed; empty where it was not."""


def repair_end(printed: str, *, filled: bool | None, jumped: bool = False) -> End:
    """Let a paragraph end where a sentence ends.

    Room left in its last line shows that only the full stop was lost. A full last line, or a jump
    to a page that is not here, shows that words were lost: the clause that was cut is left out.
    """
    text = PageText(printed)
    if ends_sentence(text):
        return End(text)
    hanging = text.rstrip(CLOSERS)[-1:] in "，、—" or _hangs(text)
    if not jumped and not hanging and filled is not True:
        return End(text + "。", evidence="the last line has room left: only the full stop is lost")
    why = "the story jumps to a page that is not here" if jumped else "the last line is full"
    return _cut_back(text, f"{why}: its last clause is cut and left out")


def _hangs(text: str) -> bool:
    """Whether the last word cannot end a sentence."""
    words = tagged(text[-24:])
    return bool(words) and words[-1][1] in _HANGING and len(words[-1][0]) < 3


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
        (
            at
            for at, (word, _) in enumerate(words[:6])
            if word in rules.phrases("clauses")["openers"]
        ),
        None,
    )
    if opener is None:
        return words[-1][1] not in _HANGING
    rest = words[opener + 1 :]
    return any(word in rules.phrases("clauses")["predicates"] for word, _ in rest) or words[-1][
        1
    ] in {"v", "ul"}


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
