"""Words and characters with several readings: rules by context.

A rule for a character sees only characters that stand alone: never one that a dictionary reads as
a part of a word. What such a word is in another context says a rule for the whole word.
"""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from qjaudio.paper.text import is_han
from qjaudio.paper.words import is_word
from qjaudio.rules import phrases, table
from qjaudio.script.people import is_name, read_name, surname_of
from qjaudio.script.readings import NUMERALS, KnownPart, Token, known_parts

_GROUP = re.compile(r"\{([\u4e00-\u9fff]+)\}")
_WITHIN, _LAST = "词中", "词尾"
"""What a rule asks for instead of a part of speech: a character inside, or at the end, of a longer
word that the segmenter knows (克罗地亚, 最长), so that it is not a word by itself."""
_GIVEN = "人名"
"""The same for a character of a given name: 王为民."""
_AFTER_FIRST = "非词首"
"""What a rule for 一 asks for: that it does not begin its word (统一战线, but 总统|一道)."""
_BEFORE = "前"
"""With the first letter of a tag after it: the part of speech of the word before."""
_NOUNS_AFTER = "后名"
"""That no verb stands between it, 为 alone, and the next mark: 为|黄色."""
_AS_SURNAME = "姓"
"""In place of a reading: that of each of the characters as a surname."""
_REACH = 48
"""How many characters before and after may be looked at."""

_UNASKED = "这个姓名有不止一种读法，要问本人；读音词典里写了就不再问"
_GUESSED = "“{}”有几种读法，这里的上下文不够断定，念的是最可能的一种"
_UNREADABLE = "字典里没有其中的字，念“某”"


@dataclass(frozen=True, slots=True)
class ReadingRule:
    """One rule: which reading a character or a word has in a context."""

    text: str
    reading: tuple[str, ...]
    before: re.Pattern[str]
    after: re.Pattern[str]
    tags: frozenset[str]
    """Parts of speech that it asks for, of the word, or with 前 of the one before; empty = any."""
    doubt: str
    """When it is a guess: ？ always, 词 inside a word that no dictionary has (兵地), 独 where the
    character is a word by itself, 单 in both, 定 never (中秘)."""
    reason: str

    @property
    def asks(self) -> bool:
        """Whether it asks for what stands before or after."""
        return bool(self.after.pattern) or self.before.pattern != "(?:)$"

    def applies(self, text: str, start: int, end: int, tags: Container[str]) -> bool:
        """Whether the stretch of a text, a word with these tags, stands in the rule's context."""
        return bool(
            (not self.tags or any(tag in tags for tag in self.tags))
            and self.before.search(text[max(0, start - _REACH) : start])
            and self.after.match(text[end : end + _REACH])
        )


@dataclass(frozen=True, slots=True)
class ChosenReading:
    """The reading of a word after the rules."""

    reading: tuple[str, ...]
    fixed: tuple[bool, ...]
    """For each syllable whether its tone, if it is 一 or 不, is the one that is heard."""
    why: str
    """The reasons of the rules that changed it, or the source of its reading."""
    doubt: str = ""
    """Why the reading is not sure, in Chinese for an editor; empty where it is."""
    alternatives: tuple[str, ...] = ()
    """Other readings that it could have."""


@cache
def _rows(name: str) -> dict[str, list[tuple[str, ...]]]:
    """The rows of `rules/<name>.tsv` by the character or word that they are for."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for row in table(name):
        for text in row[0] if row[1] == _AS_SURNAME else (row[0],):
            reading = " ".join(read_name(text)[0]) if row[1] == _AS_SURNAME else row[1]
            found.setdefault(text, []).append((text, reading, *row[2:]))
    return found


@cache
def rules_of(name: str, text: str) -> tuple[ReadingRule, ...]:
    """The rules of `rules/<name>.tsv` for one character or word, in their order.

    They are compiled when it is met for the first time: all of them would take a tenth of a second.
    """
    return tuple(map(_rule, _rows(name).get(text, ())))


def _rule(row: tuple[str, ...]) -> ReadingRule:
    text, reading, before, after, tags, doubt, reason = (*row, *[""] * 7)[:7]
    return ReadingRule(
        text,
        tuple(reading.split()),
        re.compile(f"(?:{_with_groups(before)})$"),
        re.compile(_with_groups(after)),
        frozenset(tags.split()),
        doubt,
        reason,
    )


def _with_groups(pattern: str) -> str:
    """A pattern with the words of `rules/groups.toml` in place of their {name}."""
    groups = phrases("groups")
    return _GROUP.sub(lambda match: f"(?:{'|'.join(groups[match[1]])})", pattern)


def choose_readings(text: str, cut: Sequence[Token]) -> tuple[ChosenReading, ...]:
    """For each word its reading after the rules, and what decided it."""
    found: list[ChosenReading] = []
    start = 0
    tag_before = ""
    tags = tuple(token.tag for token in cut for _ in token.text)
    sentence = Context(text, tuple(_spans(cut)), tags)
    for token in cut:
        found.append(_choose_reading(sentence, start, token, tag_before))
        start += len(token.text)
        tag_before = token.tag
    return tuple(_edges_doubted(cut, index, chosen) for index, chosen in enumerate(found))


_LOOSE = frozenset("了上的在人不将")
"""Words of one syllable that seldom make a word with a piece of the next one."""


def _edges_doubted(cut: Sequence[Token], index: int, chosen: ChosenReading) -> ChosenReading:
    """A reading; in doubt where an edge reads otherwise with a lone neighbour: 会|长坂, 会长."""
    token = cut[index]
    named = _as_name(token, cut[index + 1] if index + 1 < len(cut) else token)
    if named and chosen.reading and named[0] != chosen.reading[0]:
        choices = (" ".join(chosen.reading), " ".join(named))
        return replace(chosen, doubt=_GUESSED.format(token.text), alternatives=choices)
    is_sure = chosen.doubt or token.source in ("lexicon", "person", "number")
    if is_sure or len(token.text) < 2 or len(chosen.reading) != len(token.text):
        return chosen
    before, after = (cut[at].text if 0 <= at < len(cut) else "" for at in (index - 1, index + 1))
    for lone, place in ((before, 0), (after, -1)):
        word = token.text[-1] + lone if place else lone + token.text[0]
        parts = known_parts(word) if len(lone) == 1 and lone not in _LOOSE else ()
        other = parts[0].reading[-1 - place] if len(parts) == 1 else chosen.reading[place]
        if token.text[place] not in "一不当" and _differ(chosen.reading[place], other):
            choices = (" ".join(chosen.reading), other)
            return replace(chosen, doubt=_GUESSED.format(token.text), alternatives=choices)
    return chosen


def _as_name(token: Token, after: Token) -> tuple[str, ...]:
    """The reading that a word has if it is, or begins, a name that nothing else shows: 查|春兰."""
    name = token.text + (after.text if len(token.text) == 1 and after.tag == "nr" else "")
    is_one = "nr" in (token.tag, after.tag) and 1 < len(name) < 4 and bool(surname_of(name))
    if not is_one or is_word(name) or token.source in ("lexicon", "person"):
        return ()
    return read_name(name)[0][: len(token.text)]


_VERBAL = frozenset(("v", "vd", "vg", "vi", "vq", "d", "p", "ul", "ug", "uz", "zg"))
_COUNT = NUMERALS | set("多余几第")


@dataclass(frozen=True, slots=True)
class Context:
    """A text, and for each of its characters where its word begins and ends, and what it is."""

    text: str
    spans: tuple[tuple[int, int], ...]
    tags: tuple[str, ...]

    def has_nouns_after(self, at: int) -> bool:
        """Whether no verb stands between a place and the next mark: 黄色, but 弥补|损失."""
        first = at
        while at < len(self.text) and self.tags[at] != "x":
            tag, end = self.tags[at], self.spans[at][1]
            goes_on = end < len(self.text) and self.tags[end] != "x"
            is_idiom = tag in ("i", "l") and at > first  # 殚精竭虑
            if is_idiom or tag in _VERBAL or (tag == "vn" and at == first and goes_on):
                return False
            at = end
        return at > first

    def cuts_word(self, at: int, own: tuple[int, int]) -> bool:
        """Whether a place stands inside a known word that is not a word's own."""
        if not 0 < at < len(self.spans) or own[0] <= at <= own[1]:
            return False
        begins, ends = self.spans[at]
        word = self.text[begins:ends]
        return begins < at and is_word(word) and not _COUNT.issuperset(word)  # 六千多|只


def _spans(cut: Sequence[Token]) -> Iterator[tuple[int, int]]:
    start = 0
    for token in cut:
        end = start + len(token.text)
        yield from ((start, end) for _ in token.text)
        start = end


def _choose_reading(sentence: Context, start: int, token: Token, tag_before: str) -> ChosenReading:
    if token.source in ("lexicon", "person") or not token.reading:
        heard = (True,) * len(token.reading)
        if not token.alternatives:
            return ChosenReading(token.reading, heard, token.source)
        choices = (" ".join(token.reading), *token.alternatives)
        return ChosenReading(token.reading, heard, token.source, _UNASKED, choices)
    reading: list[str] = []
    fixed: list[bool] = []
    reasons: list[str] = []
    guesses: list[ReadingRule] = []
    at, end = start, start + len(token.text)
    for part in token.parts:
        tags = _tags(token, part, at == start, at + len(part.text) == end, tag_before)
        if part.text == "为" and sentence.has_nouns_after(end):
            tags = (*tags, _NOUNS_AFTER)
        rule = _part_rule(sentence.text, at, part, tags)
        if rule:
            reasons.append(rule.reason)
            guesses += [rule] if _is_guess(rule, sentence, at, part, token, tags) else []
        reading += rule.reading if rule else part.reading
        is_heard = part.source == "our words" or (rule is not None and part.is_known)
        fixed += [is_heard] * len(part.reading)
        at += len(part.text)
    reasons += _settle_yi(sentence.text, start, token, fixed)
    doubt = _UNREADABLE if token.source == "unknown" else ""
    others: tuple[str, ...] = ()
    if guesses:
        doubt = _GUESSED.format("、".join(rule.text for rule in guesses))
        others = tuple(" ".join(other) for rule in guesses for other in _choices(rule))
    why = "；".join(reasons) or token.source
    return ChosenReading(tuple(reading), tuple(fixed), why, doubt, others)


def _is_guess(
    rule: ReadingRule,
    sentence: Context,
    at: int,
    part: KnownPart,
    token: Token,
    tags: Container[str],
) -> bool:
    """Whether somebody should look at what a rule decided.

    That is so where the rule says it; inside a word that no dictionary has, where it goes by
    neighbours that may belong to another word (兵地); where another rule that goes by neighbours
    would read otherwise (以行动为人民造福); and where the rule takes a part of a known word for
    its context (随着|实践 has no 着实) and another rule, which does not, would read otherwise.
    """
    if rule.doubt == "定":
        return False
    if rule.doubt == "？" or (rule.doubt in ("单", "独") and len(token.text) == 1):
        return True
    if _is_strange(token) and (rule.doubt in ("词", "单") or _decides(rule)):
        return True
    name = "words_in_context" if part.is_known else "polyphones"
    end = at + len(part.text)
    others = [
        one
        for one in rules_of(name, part.text)
        if one.applies(sentence.text, at, end, tags) and not _cuts(one, sentence, at, part)
    ]
    rivals = [one.reading for one in others if one.asks]
    if _cuts(rule, sentence, at, part):
        rivals.append(others[0].reading if others else part.reading)
    return any(any(map(_differ, rule.reading, rival)) for rival in rivals)


def _is_strange(token: Token) -> bool:
    """Whether a word stands in no dictionary, and is no number and no name."""
    is_single = len(token.text) < 2 or token.source == "number"
    return not is_single and not is_word(token.text) and not is_name(token.text, token.tag)


def _decides(rule: ReadingRule) -> bool:
    """Whether a rule for a character goes by its context, and other rules read it otherwise."""
    if len(rule.text) > 1 or rule is rules_of("polyphones", rule.text)[-1]:
        return False
    others = (other.reading[0] for other in rules_of("polyphones", rule.text))
    return any(_differ(rule.reading[0], other) for other in others)


def _differ(one: str, other: str) -> bool:
    """Whether two syllables differ by more than a neutral tone: 起来 lai2 or lai5."""
    return one != other and (one[:-1] != other[:-1] or "5" not in (one[-1], other[-1]))


def _cuts(rule: ReadingRule, sentence: Context, at: int, part: KnownPart) -> bool:
    """Whether what a rule asks for before or after begins or ends inside a known word."""
    end = at + len(part.text)
    first = max(0, at - _REACH)
    before = rule.before.search(sentence.text[first:at])
    after = rule.after.match(sentence.text[end : end + _REACH])
    own = sentence.spans[at]
    return bool(
        (before and before[0] and sentence.cuts_word(first + before.start(), own))
        or (after and after[0] and sentence.cuts_word(end + after.end(), own))
    )


def _tags(
    token: Token, part: KnownPart, is_first: bool, is_last: bool, tag_before: str
) -> tuple[str, ...]:
    """What a rule may ask for: the part of speech of a word, or the place in it; that before."""
    tag = token.tag
    if part.text != token.text:
        tag = (_LAST if is_last else _WITHIN) if is_word(token.text) else ""
        spelt = token.tag in ("nr", "nrfg") and len(token.parts) == len(token.text)  # 丰子恺
        is_spelt = spelt and bool(surname_of(token.text))
        is_noun = token.text[1:] == "子"  # 林子: no name, though it begins with a surname
        if not (is_first or is_noun) and (is_name(token.text, token.tag) or is_spelt):
            tag = _GIVEN
    return (tag, f"{_BEFORE}{tag_before[:1]}") if is_first else (tag,)


def _part_rule(text: str, at: int, part: KnownPart, tags: tuple[str, ...]) -> ReadingRule | None:
    """The rule for a whole known part, or for a character that stands alone."""
    for rule in rules_of("words_in_context" if part.is_known else "polyphones", part.text):
        if rule.applies(text, at, at + len(part.text), tags):
            return rule
    return None


def _choices(guess: ReadingRule) -> tuple[tuple[str, ...], ...]:
    """The reading of a guess, then the others that the rules know."""
    name = "words_in_context" if len(guess.text) > 1 else "polyphones"
    others = [rule.reading for rule in rules_of(name, guess.text)]
    return tuple(dict.fromkeys((guess.reading, *others)))


def _settle_yi(text: str, start: int, token: Token, fixed: list[bool]) -> list[str]:
    """Mark each 一 that counts, orders or names, so that it keeps its tone; the reasons."""
    reasons = []
    in_name = len(token.text) > 1 and is_name(token.text, token.tag)
    syllable = 0
    for offset, char in enumerate(token.text):
        if char == "一" and not fixed[syllable]:
            tags = (token.tag, _AFTER_FIRST) if offset else (token.tag,)
            for rule in rules_of("yi", "一"):
                if in_name or rule.applies(text, start + offset, start + offset + 1, tags):
                    fixed[syllable] = True
                    reasons.append("一：人名" if in_name else rule.reason)
                    break
        syllable += is_han(char)
    return reasons
