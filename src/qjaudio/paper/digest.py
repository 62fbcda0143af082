"""The issue shortened to what is spoken: what tells the news, or as much as the time allows."""

import heapq
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from qjaudio.paper import selection
from qjaudio.paper.model import Article, Issue
from qjaudio.paper.selection import Sentence, few_leaders, select, shortened_to
from qjaudio.paper.text import spans_of

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
    queue: list[selection.Step] = field(init=False)
    """Sentences with their worth for each second, in the order in which they come."""
    taken: set[int] = field(default_factory=set)
    begun: set[int] = field(default_factory=set)
    """The paragraphs that something is taken of."""

    def __post_init__(self) -> None:
        self.found = selection.sentences_of(self.article)
        steps = [*selection.steps(self.article, self.found)]
        told = [step[0] for step in selection.telling(self.article, self.found, steps)]
        known = {number for numbers in told for number in numbers}
        while len(told) > 1 and sum(self.found[n].chars for n in told[0]) < OPENING_CHARS:
            told[:2] = [told[0] + told[1]]
        first = [(one, self.value / at / self.seconds(one)) for at, one in enumerate(told, 1)]
        rest = [(one, self.value * max(worth, 1e-4) / 100) for one, worth in steps]
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
        fits = seconds <= left and selection.is_clear(plan.found, numbers, plan.taken)
        if fits or is_first:
            is_first = False
            plan.take(numbers)
            left -= seconds
            rundown -= min(head, rundown)
        if at + 1 < len(plan.queue) and plan.taken:
            heapq.heappush(waiting, (-plan.queue[at + 1][1], rank, at + 1))
    return [shortened_to(plan.article, plan.found, plan.taken) for plan in plans if plan.taken]
