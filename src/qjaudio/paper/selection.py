"""Which sentences of an article tell its news.

A story answers its headline: of the sentences those come first that hold what it promises (words,
names, figures), then those that say who, where and how many. A lead that sets a scene, and one that
says a long headline again, give way. Sentences are taken whole and stay in the printed order; one
that points back (该院, 此外, 同日) brings along what it points at.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from heapq import heapify, heappop, heappush
from itertools import zip_longest

from qjaudio import rules
from qjaudio.paper.model import Article
from qjaudio.paper.sentences import sentences
from qjaudio.paper.text import join_texts
from qjaudio.paper.words import surnames, tagged

MOST = 120
"""Sentences that are weighed against each other; those after them follow in the printed order."""
DEEPEST = 6
"""A sentence that needs more others than this is not told."""
PAUSE = 20
"""What a sentence costs beside its characters: the listener has to take in one more."""
MOST_FACTS = 2.0
"""What the new facts of a sentence are worth at most: a table in words is no news."""
ANSWERING = 0.3
"""A first sentence that holds this share of the headline opens its story."""
LEAST = 0.016
"""A sentence that is worth less for each character (a new figure in 45) is left out …"""
ENOUGH = 60
"""… of a story that has so many characters. This and `LEAST` were set on the tuning half of
benchmarks/stories.py."""
LENGTH = (1.1, 50)
"""A story may be as long as its lead and so many characters more."""

_WORD = re.compile(r"[nvailjbts]|m$|eng$")
_FIGURE = re.compile(r"\d[\d.,，]*[万亿千百十]*[%％]?")
_DATE = re.compile(r"\d+[年月日时]|\d+[:：]\d+")
_QUOTED = re.compile("“([^“”]{2,12})”")
_LIGHT = frozenset("有是为在上下来去到获成会要能让我区县市名个家")
_PLACES = "院校县区镇村局厂馆站店桥路"


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    """The wording of rules/telling.toml."""
    return {name: re.compile(text) for name, text in rules.phrases("telling").items()}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article, or a quotation with the sentence that says whose it is."""

    paragraph: int
    text: str
    chars: int
    """How many of its characters are said."""
    needs: int | None = None
    """The number of the sentence that it cannot be understood without."""


@dataclass(frozen=True, slots=True)
class Step:
    """Sentences that are taken together, and what they are worth for each character."""

    numbers: tuple[int, ...]
    worth: float


def sentences_of(article: Article) -> tuple[Sentence, ...]:
    """The sentences of an article in the printed order."""
    found: list[Sentence] = []
    for number, paragraph in enumerate(article.paragraphs):
        for text in _whole(sentences(paragraph)):
            one = Sentence(number, text, sum(map(str.isalnum, text)))
            needs = _needed(found, one, article.headline.main) if len(found) < MOST else None
            found.append(replace(one, needs=needs))
    return tuple(found)


def select(article: Article) -> Article:
    """The article with only the sentences that tell its news."""
    found = sentences_of(article)
    told = telling(article, found, steps(article, found))
    return shortened_to(article, found, {number for step in told for number in step.numbers})


def telling(
    article: Article, found: Sequence[Sentence], weighed: Iterable[Step]
) -> tuple[Step, ...]:
    """Those of the `weighed` steps by which a story is told; a short one and briefs are whole."""
    if re.fullmatch(rules.phrases("furniture")["label"], article.headline.main):
        return tuple(Step((number,), 1.0) for number in range(len(found)))
    if sum(one.chars for one in found) <= ENOUGH:
        return tuple(weighed)
    lead = sum(one.chars for one in found if one.paragraph < article.lead_count)
    budget = LENGTH[0] * lead + LENGTH[1]
    told: list[Step] = []
    taken: set[int] = set()
    chars = 0
    for step in weighed:
        if told and step.worth < (LEAST if chars > ENOUGH else LEAST / 2):
            break
        more = sum(found[number].chars for number in step.numbers)
        if not told or (chars + more <= budget and is_clear(found, step.numbers, taken)):
            told.append(step)
            taken.update(step.numbers)
            chars += more
    return tuple(told)


def shortened_to(article: Article, found: Sequence[Sentence], taken: Collection[int]) -> Article:
    """The article with only the sentences of these numbers, and the crossheads above them."""
    if len(taken) == len(found):
        return article
    kept: dict[int, list[str]] = {}
    for number in sorted(taken):
        kept.setdefault(found[number].paragraph, []).append(found[number].text)
    places = list(kept)
    heads = []
    for row, following in zip_longest(article.crossheads, article.crossheads[1:]):
        at = bisect_left(places, row.before)
        end = following.before if following else len(article.paragraphs)
        if at < len(places) and places[at] < end:
            heads.append(replace(row, before=at))
    return replace(
        article,
        paragraphs=tuple(join_texts(texts).strip() for texts in kept.values()),
        crossheads=tuple(heads),
        lead_count=max(1, bisect_left(places, article.lead_count)),
        abridged=True,
    )


def steps(article: Article, found: Sequence[Sentence]) -> Iterator[Step]:
    """All sentences, those first that are most worth their time after what was taken before."""
    scale = _Scale(article.headline.main, found[:MOST])
    waiting = [scale.weighed(number) for number in range(len(scale.left))]
    heapify(waiting)
    while scale.left:
        *_, number = heappop(waiting)
        if number not in scale.left:
            continue
        weighed = scale.weighed(number)
        if waiting and weighed > waiting[0]:  # what was taken since has made it worth less
            heappush(waiting, weighed)
            continue
        numbers = scale.group(number)
        yield Step(numbers, -weighed[0])
        for other in scale.take(numbers):
            heappush(waiting, scale.weighed(other))
    yield from (Step((number,), 0.0) for number in range(MOST, len(found)))


def is_clear(found: Sequence[Sentence], numbers: Collection[int], taken: Collection[int]) -> bool:
    """Whether what these sentences point back at is among them or was taken before."""
    needed = {need for number in numbers if (need := found[number].needs) is not None}
    return needed <= {*numbers, *taken}


class _Scale:
    """The sentences that are left to take, weighed against each other."""

    def __init__(self, headline: str, found: Sequence[Sentence]) -> None:
        self.found = found
        self.weights = [_weigh(headline, at, one) for at, one in enumerate(found)]
        self.left = set(range(len(found)))
        self.said: set[str] = set()
        self.followers: dict[int | None, list[int]] = {}
        for number, one in enumerate(found):
            self.followers.setdefault(one.needs, []).append(number)

    def group(self, number: int) -> tuple[int, ...]:
        """A sentence with those of the left that it needs, in the printed order."""
        numbers = [number]
        while (need := self.found[numbers[-1]].needs) is not None and need in self.left:
            if len(numbers) == DEEPEST:
                break
            numbers.append(need)
        return tuple(reversed(numbers))

    def weighed(self, number: int) -> tuple[float, int]:
        """What it adds to what was said, for each character, the most first, and the number."""
        facts: dict[str, float] = {}
        answers: dict[str, float] = {}
        own, chars = 0.0, 0
        for one in self.group(number):
            facts |= self.weights[one].facts
            answers |= self.weights[one].answers
            own += self.weights[one].own
            chars += self.found[one].chars + PAUSE
        new = sum(weight for word, weight in facts.items() if word not in self.said)
        answered = sum(weight for word, weight in answers.items() if word not in self.said)
        return -(min(MOST_FACTS, new) + answered + own) / chars, number

    def take(self, numbers: Collection[int]) -> Iterator[int]:
        """Take sentences; those that needed them cost less from now on."""
        self.left.difference_update(numbers)
        for number in numbers:
            self.said.update(self.weights[number].answers, self.weights[number].facts)
        waiting = [*numbers]
        while waiting:
            for number in self.followers.get(waiting.pop(), ()):
                if number in self.left:
                    yield number
                    waiting.append(number)


@dataclass(frozen=True, slots=True)
class _Weights:
    """What a sentence holds of the headline and of facts, and what it is worth beside that."""

    answers: Mapping[str, float]
    facts: Mapping[str, float]
    own: float


def _weigh(headline: str, number: int, sentence: Sentence) -> _Weights:
    text, rule = sentence.text, _patterns()
    words, is_lead = promised(headline), sentence.paragraph == 0
    leads = is_lead and bool(rule["official"].search(text))
    hollow = 0 if leads else len(rule["hollow"].findall(text))
    is_scene = bool(rule["scene"].search(text))
    factor = 0.25 if hollow > 1 else 0.5 if is_scene else 1.0
    answers = {word: weight * factor for word, weight in words.items() if word in text}
    share = sum(answers.values()) / max(1.0, sum(words.values()))
    own = (
        3.0 * leads
        + 2.0 * (number == 0 and share > ANSWERING and not is_scene)
        + 0.5 * is_lead * share
        + 0.8 * bool(rule["sums_up"].search(text))
        - 1.0 * (not leads and bool(rule["attends"].search(text)))
        - 1.0 * is_scene
        - 0.8 * hollow
        - 0.8 * text.startswith("“")
    )
    return _Weights(answers, _facts(text), own)


@lru_cache(maxsize=1024)
def promised(headline: str) -> Mapping[str, float]:
    """The words and figures of a headline that a story has to hold, each with its weight."""
    found = dict.fromkeys(_QUOTED.findall(headline), 4.0)
    for word, tag in tagged(headline):
        if word.isalnum() and word not in _LIGHT and _WORD.match(tag):
            name = tag in ("nr", "ns", "nt", "nz")
            weight = 2.0 if len(word) > 1 else 0.8
            found[word] = (
                6.0 if _FIGURE.match(word) else 3.0 if name else weight / (1 + (word[0] == "全"))
            )
    return found


def _facts(text: str) -> dict[str, float]:
    """The figures, places, bodies and persons that a text names, each with its weight."""
    names = _patterns()["place"].findall(text)
    found = dict.fromkeys((*_FIGURE.findall(_DATE.sub("", text)), *names), 0.5)
    for word, tag in tagged(text):
        is_person = tag == "nr" and len(word) == 3 and word[0] in surnames()
        if is_person or (len(word) > 1 and tag in ("ns", "nt")):
            found[word] = 0.5
    return found


def _whole(cut: Sequence[str]) -> list[str]:
    """Sentences of one quotation together, and a quotation with the one that names its speaker."""
    found: list[str] = []
    is_open = False
    for one in cut:
        text = join_texts([found.pop(), one]) if is_open and len(found[-1]) < MOST else one
        found.append(text)
        opened = text.count("“")
        is_quote = opened == 1 and text.lstrip().startswith("“") and text.rstrip().endswith("”")
        is_open = opened > text.count("”") or is_quote
    return found


def _needed(before: Sequence[Sentence], one: Sentence, headline: str) -> int | None:
    """The number of the sentence that says whom or what this one means; None = it stands alone."""
    if not before:
        return None
    last, rule = len(before) - 1, _patterns()
    within = before[-1].paragraph == one.paragraph
    begin = tagged(one.text[:MOST])
    if rule["refers"].search(one.text) or (within and begin[0][1] in ("v", "d", "vn")):
        return last
    if one.text.startswith("这是"):
        known = any(len(word) > 1 and word in one.text for word in promised(headline))
        return None if known else last
    if within and one.paragraph == 0 and rule["acts"].search(one.text):
        return last
    if (person := _person(begin)) and not rule["presents"].search(one.text):
        return next((at for at, other in enumerate(before) if person in other.text), None)
    return _pointed_at(before, one.text, headline)


def _pointed_at(before: Sequence[Sentence], text: str, headline: str) -> int | None:
    """The sentence that names what a text calls 该院, 会上, 同日 or 他."""
    found = _patterns()["points"].search(text)
    if not found:
        return None
    recent = range(len(before) - 1, max(-1, len(before) - 30), -1)
    if what := found["what"] or found["where"] or found["inside"]:
        word = _noun(what)
        if word in headline:
            return None
        fits = [at for at in recent if word in before[at].text]
    elif found["day"]:
        fits = [at for at in recent if _DATE.search(before[at].text)]
    else:
        fits = [at for at in recent if any(tag == "nr" for _, tag in tagged(before[at].text))]
    return fits[0] if fits else len(before) - 1


def _person(begin: Sequence[tuple[str, str]]) -> str:
    """The full name that a sentence begins with."""
    word, tag = begin[0]
    named = tag in ("nr", "ns") and len(word) > 1 and word[0] in surnames()
    return word if named else ""


def _noun(what: str) -> str:
    """The last noun that a phrase begins with: 工坊 of 共富工坊于, 院 of 院还."""
    nouns = []
    for word, tag in tagged(what):
        if tag[0] not in "nj" and word[0] not in _PLACES:
            break
        nouns.append(word)
    return nouns[-1] if nouns else what[:2]
