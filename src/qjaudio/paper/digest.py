"""The issue shortened to what is spoken: what tells the news, or as much as the time allows.

A story answers its headline: of the sentences those come first that hold what it promises (words,
names, figures), then those that say who, where and how many. A lead that sets a scene gives way.
Sentences are taken whole and stay in the printed order. One that points back (该院) brings along
the one that it points at.
"""

import heapq
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import takewhile

from qjaudio import rules
from qjaudio.paper.model import Article, Issue
from qjaudio.paper.sentences import sentences
from qjaudio.paper.text import join_texts, spans_of
from qjaudio.paper.words import surnames, tagged

MOST = 60
"""Sentences that are weighed against each other; those after them follow in the printed order."""
BARE = 10
"""Fewer characters than these only announce what comes: 茶园里也没闲着。"""
PAUSE = 20
"""What a sentence costs beside its characters: the listener has to take in one more."""
FACT, MOST_FACTS = 0.5, 2.0
"""What a new fact is worth, and all of a sentence: a table in words is no news."""
ANSWERING = 0.3
"""A first sentence that holds this share of the headline opens its story."""
LEAST, ENOUGH = 0.012, 60
"""A sentence worth less for each character is left out of a story that has so many characters. Set
on the tuning half of benchmarks/stories.py."""
LENGTH = (1.1, 50)
"""A story may be as long as its lead by the first, and so many characters more."""
MUCH_NEWS = (0.025, 1.2)
"""A sentence worth more than the first for each character may make it longer by the second."""

_WORD = re.compile(r"[nvailjbts]|m$|eng$")
_FIGURE = re.compile(r"\d[\d.,，]*[万亿千百十]*[%％]?")
_DATE = re.compile(r"\d{4}年|\d+[月日时]|\d+[:：]\d+")
_TO_TEN = "零一两三四五六七八九十"
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


Step = tuple[tuple[int, ...], float]
"""Numbers of sentences that are taken together, and what they are worth for each character."""


def sentences_of(article: Article) -> tuple[Sentence, ...]:
    """The sentences of an article in the printed order."""
    found: list[Sentence] = []
    for number, paragraph in enumerate(article.paragraphs):
        for text in _told_together(sentences(paragraph)):
            one = Sentence(number, text, sum(map(str.isalnum, text)))
            needs = _needed(found, one, article.headline.main) if len(found) < MOST else None
            found.append(replace(one, needs=needs))
    return tuple(found)


def select(article: Article) -> Article:
    """The article with only the sentences that tell its news."""
    found = sentences_of(article)
    told = telling(article, found, steps(article, found))
    return shortened_to(article, found, {number for numbers, _ in told for number in numbers})


_CLAUSE = re.compile("[^，。；：！？\\n]+")
ADDED = "〔等〕"
"""Stands for the names that are left out where the paper itself has no 等; the brackets say so."""


def few_leaders(article: Article, most: int) -> Article:
    """The article with at most `most` names in a list of leaders who were there, as it ranks them.

    A list ends with the paper's 等, or, where it has none, with 〔等〕.
    """
    told = tuple(_few_names(paragraph, most) for paragraph in article.paragraphs)
    is_same = told == article.paragraphs
    return article if is_same else replace(article, paragraphs=told, abridged=True)


def _few_names(paragraph: str, most: int) -> str:
    """A paragraph with its lists of leaders cut after `most` names."""
    kept, start = [], 0
    for clause in _CLAUSE.finditer(paragraph):
        if (cut := _cut_of(clause[0], most)) is not None:
            kept.append(paragraph[start : clause.start() + cut[0]])
            start = clause.start() + cut[1]
            kept += [] if paragraph.startswith("等", start) else [ADDED]
    return join_texts([*kept, paragraph[start:]]) if kept else paragraph


def _cut_of(clause: str, most: int) -> tuple[int, int] | None:
    """From where to where names are left out of a clause; None where it lists no leaders, or few.

    All between two 、 must be names, with or without an office before them, and leaders be named.
    """
    rules_of = _patterns()
    found = rules_of["list_ends"].search(clause, clause.rfind("、") + 1)
    end = found.start() if found else len(clause)
    names = clause[:end].split("、")
    is_list = len(names) > most and all(map(_is_named, names))
    if not is_list or not rules_of["leaders"].search(clause):
        return None
    return len("、".join(names[:most])), end


def _is_named(text: str) -> bool:
    """Whether a text is the name of a person, with or without an office: 区委副书记张三, 张 三."""
    name = re.sub(r"\s", "", _patterns()["offices"].split(text)[-1])
    return any(len(name) - len(one) in (1, 2) for one in surnames() & {name[:1], name[:2]})


def telling(article: Article, found: Sequence[Sentence], weighed: Iterable[Step]) -> list[Step]:
    """Those of the `weighed` steps by which a story is told; a short one and briefs are whole."""
    if re.fullmatch(rules.phrases("furniture")["label"], article.headline.main):
        return [((number,), 1.0) for number in range(len(found))]
    if sum(one.chars for one in found) <= ENOUGH:
        return [*weighed]
    lead = sum(one.chars for one in found if one.paragraph < article.lead_count)
    left = LENGTH[0] * lead + LENGTH[1]
    told: list[Step] = []
    chars = 0
    for numbers, worth in weighed:
        if told and worth < (LEAST if chars > ENOUGH else LEAST / 2):
            break
        more = sum(found[number].chars for number in numbers)
        taken = {number for known, _ in told for number in known}
        room = left * (MUCH_NEWS[1] if worth > MUCH_NEWS[0] else 1)
        if not told or (chars + more <= room and is_clear(found, numbers, taken)):
            told.append((numbers, worth))
            chars += more
    return told


def shortened_to(article: Article, found: Sequence[Sentence], taken: Collection[int]) -> Article:
    """The article with only the sentences of these numbers, and the crossheads right above them."""
    if len(taken) == len(found):
        return article
    kept: dict[int, list[str]] = {}
    for number in sorted(taken):
        kept.setdefault(found[number].paragraph, []).append(found[number].text)
    places = {old: new for new, old in enumerate(kept)}
    heads = (row for row in article.crossheads if row.before in kept)
    return replace(
        article,
        paragraphs=tuple(join_texts(texts).strip() for texts in kept.values()),
        crossheads=tuple(replace(row, before=places[row.before]) for row in heads),
        lead_count=max(1, sum(old < article.lead_count for old in kept)),
        abridged=True,
    )


def steps(article: Article, found: Sequence[Sentence]) -> Iterator[Step]:
    """All sentences, those first that are most worth their time after what was taken before."""
    weights = [_weigh(article.headline.main, at, one) for at, one in enumerate(found[:MOST])]
    left = {*range(len(weights))}
    said: set[str] = set()
    while left:
        groups = [_group(found, number, left) for number in left]
        worths = [_worth([weights[number] for number in group], said) for group in groups]
        best = max(range(len(groups)), key=lambda at: (worths[at], -groups[at][-1]))
        yield groups[best], worths[best]
        left.difference_update(groups[best])
        for number in groups[best]:
            said.update(weights[number].answers, weights[number].facts)
    yield from (((number,), 0.0) for number in range(MOST, len(found)))


def _group(
    found: Sequence[Sentence], number: int, left: Collection[int], deepest: int = 6
) -> tuple[int, ...]:
    """A sentence with those of the left that it needs, in the printed order."""
    need = found[number].needs
    if need is None or need not in left or not deepest:
        return (number,)
    return (*_group(found, need, left, deepest - 1), number)


def _worth(group: Sequence["_Weights"], said: Collection[str]) -> float:
    """What sentences add to what was said, for each character."""
    facts = {word for one in group for word in one.facts if word not in said}
    answers = {word: n for one in group for word, n in one.answers.items() if word not in said}
    new = min(MOST_FACTS, FACT * len(facts)) + sum(answers.values())
    return (new + sum(one.own for one in group)) / sum(one.cost for one in group)


def is_clear(found: Sequence[Sentence], numbers: Collection[int], taken: Collection[int]) -> bool:
    """Whether what these sentences point back at is among them or was taken before."""
    needed = {need for number in numbers if (need := found[number].needs) is not None}
    return needed <= {*numbers, *taken}


@dataclass(frozen=True, slots=True)
class _Weights:
    """What a sentence holds of the headline and of facts, and what it is worth beside that."""

    answers: Mapping[str, float]
    facts: frozenset[str]
    own: float
    cost: int


def _weigh(headline: str, number: int, sentence: Sentence) -> _Weights:
    text, words = sentence.text, promised(headline)
    count = {name: len(rule.findall(text)) for name, rule in _patterns().items()}
    leads = sentence.paragraph == 0 and count["official"] > 0
    hollow = 0 if leads else count["hollow"]
    factor = 0.25 if hollow > 1 else 0.5 if count["scene"] else 1.0
    answers = {word: n * factor * _holds(text, word) for word, n in words.items()}
    answers = {word: n for word, n in answers.items() if n}
    share = sum(answers.values()) / max(1.0, sum(words.values()))
    own = (
        3.0 * leads
        + 2.0 * (number == 0 and share > ANSWERING and not count["scene"])
        + 0.5 * (sentence.paragraph == 0) * share
        + 0.8 * (count["sums_up"] > 0)
        + 1.0 * (count["when"] > 0)
        + 1.0 * (count["settles"] > 0)
        - 1.0 * (not leads and count["attends"] > 0)
        - 1.0 * (count["scene"] > 0)
        - 0.8 * (hollow + text.startswith("“"))
    )
    return _Weights(answers, _facts(text), own, sentence.chars + PAUSE)


def _holds(text: str, word: str) -> float:
    """How well a text has a word of the headline: as it is, in full, or with its number in figures.

    停水 is short for 停止供水, and 三所 of a headline is 3所, or 3家, below it.
    """
    if word in text:
        return 1.0
    number = _TO_TEN.find(word[0])
    full = (
        rf"{word[0]}\w?\w?{word[1:]}" if number < 0 else rf"(?<![\d.]){number}(?![\d.%％年月日时])"
    )
    return 0.5 * (len(word) == 2 and bool(re.search(full, text)))


@lru_cache(maxsize=1024)
def promised(headline: str) -> Mapping[str, float]:
    """The words and figures of a headline that a story has to hold, each with its weight."""
    found = dict.fromkeys(_QUOTED.findall(headline), 4.0)
    for word, tag in tagged(headline):
        if word.isalnum() and word not in _LIGHT and _WORD.match(tag):
            plain = 0.8 if len(word) == 1 else 1.0 if word[0] == "全" else 2.0
            name = 3.0 if tag in ("nr", "ns", "nt", "nz") else plain
            found[word] = 6.0 if _FIGURE.match(word) else name
    return found


def _facts(text: str) -> frozenset[str]:
    """The figures, places, bodies and persons that a text names."""
    names = (
        word
        for word, tag in tagged(text)
        if (tag == "nr" and len(word) == 3 and word[0] in surnames())
        or (len(word) > 1 and tag in ("ns", "nt"))
    )
    figures = _FIGURE.findall(_DATE.sub("", text))
    return frozenset((*names, *figures, *_patterns()["place"].findall(text)))


def _told_together(cut: Sequence[str]) -> list[str]:
    """Sentences of one quotation together, and with the next one what says nothing without it.

    That is a quotation whose speaker is named after it, or the few words that begin a paragraph.
    """
    found: list[str] = []
    is_open = False
    for one in cut:
        text = join_texts([found.pop(), one]) if is_open and len(found[-1]) < MOST else one
        found.append(text)
        opened = text.count("“")
        is_quote = opened == 1 and text.lstrip().startswith("“") and text.rstrip().endswith("”")
        is_bare = sum(map(str.isalnum, text)) < BARE and not any(map(str.isdigit, text))
        is_open = opened > text.count("”") or is_quote or is_bare
    return found


def _needed(before: Sequence[Sentence], one: Sentence, headline: str) -> int | None:
    """The number of the sentence that says whom or what this one means; None = it stands alone."""
    if not before:
        return None
    last, rule, text = len(before) - 1, _patterns(), one.text
    word, tag = tagged(text[:MOST])[0]
    within = before[-1].paragraph == one.paragraph
    is_news = text.startswith("这是") and any(len(w) > 1 and w in text for w in promised(headline))
    follows = within and tag in ("v", "d", "vn") and not rule["sums_up"].match(text)
    goes_on = follows or text.startswith("这是")
    acts = within and one.paragraph == 0 and rule["acts"].search(text)
    if (rule["refers"].search(text) or goes_on or acts) and not is_news:
        return last
    is_name = tag in ("nr", "ns") and len(word) > 1 and word[0] in surnames()
    if is_name and not rule["presents"].search(text):
        return next((at for at, other in enumerate(before) if word in other.text), None)
    return None if is_news else _pointed_at(before, text, headline)


def _pointed_at(before: Sequence[Sentence], text: str, headline: str) -> int | None:
    """The sentence that names what a text calls 该院, 会上, 同日 or 他."""
    found = _patterns()["points"].search(text)
    word = _noun(found["what"] or found["where"] or found["inside"] or "") if found else ""
    if not found or (word and word in headline):
        return None
    last = len(before) - 1
    for at in range(last, max(-1, last - 30), -1):
        other = before[at].text
        if word:
            fits = word in other
        elif found["day"]:
            fits = bool(_DATE.search(other))
        else:
            fits = any(tag == "nr" for _, tag in tagged(other)) or other[:3] in headline
        if fits:
            return at
    return last


def _noun(what: str) -> str:
    """The last noun that a phrase begins with: 工坊 of 共富工坊于, 院 of 院还."""
    nouns = takewhile(lambda pair: pair[1][0] in "nj" or pair[0][0] in _PLACES, tagged(what))
    return [what[:2], *(word for word, _ in nouns)][-1]


SECONDS = {"han": 0.188, "digit": 0.2, "letter": 0.32, "mark": 0.1, "space": 0.0}
"""How long the offline voices take for a character, by its kind, with the pauses: measured on 58
utterances of both readers."""
STORY_SECONDS = 2.5
"""The sound and the pauses before a story, after its headline and at its end."""
FRAME_SECONDS = 22.0
"""Music, opening and sign-off."""
RUNDOWN_SECONDS, FEWEST, HEADLINE_SECONDS = 13.0, 3, 0.7
"""How long headlines are said before the stories, but for so many, each with such a pause."""
LONG_HEADLINE, SHORTEST_HEADLINE = 18, 6
"""A longer headline is said as far as a mark in the rundown; what is left has so many at least."""
WITHIN = 0.05
"""An episode shall last as long as was asked for, by this share more or less."""
OPENING_CHARS = 40
"""A story has at least so many characters where there are so many."""
_AGENCY = re.compile("新华社|中新社|人民日报|央视|据")
_HEADLINE_MARK = re.compile(r"[\s，；：。！？]|——|暨")
_PAIRS = ("“”", "《》", "（）", "‘’")
_GENERIC = re.compile("今日|新闻|日报|晚报|早报|时报|周报|报|导报|商报")


def digest(issue: Issue, minutes: float | None = None, leaders: int | None = None) -> Issue:
    """Choose what is spoken: the sentences that tell each story, or as many as fit into `minutes`.

    Of a list of leaders who were there the first `leaders` are named; None = all.

    With minutes, the sentences of all stories compete by how much news they bring in their time:
    by the place that the paper gave the story, and by what each adds to it. Stories keep their
    order; one stays always. Those that are shortened are marked `abridged`.
    """
    if leaders is not None:
        issue = replace(issue, articles=tuple(few_leaders(one, leaders) for one in issue.articles))
    if minutes is None:
        return replace(issue, articles=tuple(map(select, issue.articles)))
    return replace(issue, articles=tuple(_fitted(issue, minutes * 60)))


def seconds_of(articles: Sequence[Article]) -> float:
    """About how many seconds an episode of these articles lasts."""
    heads = sum(_rundown_seconds(article.headline.main) for article in articles)
    return FRAME_SECONDS + min(RUNDOWN_SECONDS, heads) + sum(map(_story_seconds, articles))


def length_remark(
    issue: Issue, chosen: Issue, minutes: float | None, slower: float = 1.0
) -> tuple[str, ...]:
    """Why an episode will not last as long as was asked for, in words for the producer.

    `slower` says how much longer the voices take than they do by nature.
    """
    if minutes is None:
        return ()
    lasts = seconds_of(chosen.articles) / 60 * slower
    if abs(lasts - minutes) <= minutes * WITHIN:
        return ()
    whole = "all" if chosen.articles == issue.articles else "what fits"
    what = f"{whole} of the paper" if lasts < minutes else "the shortest episode"
    return (f"{what} lasts about {lasts:.1f} minutes, not {minutes:g}",)


def reading_seconds(text: str) -> float:
    """About how long the offline voice takes for a printed text."""
    kinds = Counter(map(_kind, text))
    return sum(SECONDS[kind] * count for kind, count in kinds.items())


def _kind(char: str) -> str:
    if char.isalnum():
        return "digit" if char.isdigit() else "letter" if char.isascii() else "han"
    return "space" if char.isspace() else "letter" if char in "%％℃+－" else "mark"


def _story_seconds(article: Article) -> float:
    heads = (row.text for row in article.crossheads if row.before < len(article.paragraphs))
    texts = (article.headline.main, *heads, *article.paragraphs)
    return STORY_SECONDS + sum(map(reading_seconds, texts))


def in_rundown(issue: Issue, seconds: float = RUNDOWN_SECONDS) -> tuple[Article, ...]:
    """The articles whose headlines are said first: the first news, in the order of the issue."""
    values = news_values(issue)
    ranks = sorted(range(len(values)), key=lambda rank: (-values[rank], rank))
    taken: list[int] = []
    for rank in ranks:
        seconds -= _rundown_seconds(issue.articles[rank].headline.main)
        if seconds < 0 and len(taken) >= FEWEST:
            break
        taken.append(rank)
    return tuple(issue.articles[rank] for rank in sorted(taken))


def _rundown_seconds(headline: str) -> float:
    return HEADLINE_SECONDS + reading_seconds(short_headline(headline))


def short_headline(headline: str) -> str:
    """A headline, or a long one as far as the last mark at which it can be cut."""
    if len(headline) <= LONG_HEADLINE:
        return headline
    marks = _HEADLINE_MARK.finditer(headline, SHORTEST_HEADLINE, LONG_HEADLINE + 1)
    cuts = [headline[: found.start()] for found in marks]
    whole = [cut for cut in cuts if all(cut.count(two[0]) == cut.count(two[1]) for two in _PAIRS)]
    return (whole or [headline])[-1].strip()


def news_values(issue: Issue) -> list[float]:
    """What each article is worth by the place that the paper gave it, 1 at most.

    The page, the place on it, the size of the headline where it is known, the length, the lines
    above and below the headline, and whether it is of the paper's own place.
    """
    sizes = [_headline_size(article) for article in issue.articles]
    pages = [article.page for article in issue.articles]
    largest = {page: size for size, page in sorted(zip(sizes, pages, strict=True))}
    first = min(pages, default=1)
    place = _GENERIC.sub("", issue.masthead.paper)
    values = []
    for at, (article, size) in enumerate(zip(issue.articles, sizes, strict=True)):
        text = f"{article.headline.main}{article.paragraphs[0]}"
        rank = pages[:at].count(article.page)
        value = 1 / (1 + 0.3 * (article.page - first)) / (1 + 0.08 * rank)
        value *= 0.4 + 0.6 * size / largest[article.page] if size else 1.0
        value *= 0.8 + 0.2 * min(1.0, sum(map(len, article.paragraphs)) / 400)
        value *= 1.1 if article.headline.kicker or article.headline.deck else 1.0
        value *= 1.15 if place and place in text else 1.0
        value *= 0.6 if _AGENCY.match(article.dateline) else 1.0
        values.append(value)
    most = max(values, default=1.0)
    return [value / most for value in values]


def _headline_size(article: Article) -> float:
    """How large the headline is set; 0 where nobody knows."""
    boxes = [span.box for span in spans_of(article.headline.main) if span.box]
    return max((min(box.width, box.height) for box in boxes), default=0.0)


@dataclass(slots=True)
class _Plan:
    """What is taken of one article so far, and what can be taken next."""

    article: Article
    value: float
    found: tuple[Sentence, ...] = field(init=False)
    queue: list[Step] = field(init=False)
    """Sentences with their worth for each second, in the order in which they come."""
    taken: set[int] = field(default_factory=set)
    begun: set[int] = field(default_factory=set)
    """The paragraphs that something is taken of."""

    def __post_init__(self) -> None:
        self.found = sentences_of(self.article)
        weighed = [*steps(self.article, self.found)]
        told = [step[0] for step in telling(self.article, self.found, weighed)]
        known = {number for numbers in told for number in numbers}
        while len(told) > 1 and sum(self.found[n].chars for n in told[0]) < OPENING_CHARS:
            told[:2] = [told[0] + told[1]]
        first = [(one, self.value / at / self.seconds(one)) for at, one in enumerate(told, 1)]
        rest = [(one, self.value * max(worth, 1e-4) / 100) for one, worth in weighed]
        self.queue = [*first, *(step for step in rest if not known & {*step[0]})]

    def seconds(self, numbers: Sequence[int]) -> float:
        """How much longer the story gets by these sentences."""
        begun = {self.found[number].paragraph for number in numbers} - self.begun
        heads = (row.text for row in self.article.crossheads if row.before in begun)
        texts = [*heads, *(self.found[number].text for number in numbers)]
        head = STORY_SECONDS + reading_seconds(self.article.headline.main)
        return sum(map(reading_seconds, texts)) + (0 if self.taken else head)

    def take(self, numbers: Sequence[int]) -> None:
        """Have the story say these sentences."""
        self.taken.update(numbers)
        self.begun.update(self.found[number].paragraph for number in numbers)


def _fitted(issue: Issue, budget: float) -> list[Article]:
    """Take what brings most news for its time, as long as it fits."""
    pairs = zip(issue.articles, news_values(issue), strict=True)
    plans = [_Plan(article, value) for article, value in pairs]
    left = budget * (1 + WITHIN / 5) - FRAME_SECONDS
    rundown, is_first = RUNDOWN_SECONDS, True
    waiting = [(-plan.queue[0][1], rank, 0) for rank, plan in enumerate(plans)]
    heapq.heapify(waiting)
    while waiting:
        _, rank, at = heapq.heappop(waiting)
        plan = plans[rank]
        numbers = plan.queue[at][0]
        head = 0.0 if plan.taken else _rundown_seconds(plan.article.headline.main)
        seconds = plan.seconds(numbers) + min(head, rundown)
        fits = seconds <= left and is_clear(plan.found, numbers, plan.taken)
        if fits or is_first:
            is_first = False
            plan.take(numbers)
            left -= seconds
            rundown -= min(head, rundown)
        if at + 1 < len(plan.queue) and plan.taken:
            heapq.heappush(waiting, (-plan.queue[at + 1][1], rank, at + 1))
    return [shortened_to(plan.article, plan.found, plan.taken) for plan in plans if plan.taken]
