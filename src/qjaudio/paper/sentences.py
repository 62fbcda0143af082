"""Where sentences and clauses end, and an issue shortened to as many as the time allows."""

import re
from dataclasses import replace
from itertools import pairwise

from qjaudio.paper.model import Article, Issue
from qjaudio.paper.text import join_texts

PAIRS = {
    "（": "）",
    "(": ")",
    "《": "》",
    "〈": "〉",
    "【": "】",
    "〔": "〕",
    "[": "]",
    "「": "」",
    "『": "』",
}
"""Brackets that are never cut open; quotation marks may hold whole sentences, brackets do not."""

LONGEST_BRACKET = 80
"""A pair further apart than this many characters is taken for a slip of print or of OCR."""

LONGEST = 600
"""Characters of the longest stretch that is read in one go; a long sentence has 150."""

DEEPEST = 16
"""Brackets nested deeper than this are not paired: such a text is damaged."""

_ENDS = "。！？!?…"
_QUOTES = "”’」』"
_CLOSING = _QUOTES + "）)》〉】〕]\"'"
_SENTENCE_END = re.compile(rf"[{_ENDS}]+[{re.escape(_CLOSING)}]*|\n+")
# A mark that the sentence goes on after: “……！”她说。 and “……？”，他问。
_GOES_ON = re.compile(rf"[{_ENDS}]+[{_QUOTES}\"']+[，、,；：的等了是与和—]")
_CLAUSE_END = re.compile(
    rf"(?:[，。；：！？!?;…、]|—{{2,}}|(?<!\d),|,(?!\d)|(?<!\d):|:(?!\d))+[{re.escape(_CLOSING)}]*"
)
_STRETCH_END = re.compile(r"[，。；！？](?![\d”’）》])")
_THOUSANDS = re.compile(r"(?<!\d)\d{1,3}(?:，\d{3})+(?!\d)")


def sentences(paragraph: str) -> tuple[str, ...]:
    """The sentences of a paragraph, in order and without loss: joined they give it back.

    Closing quotes and brackets go with the end mark before them; a mark inside a bracket pair
    (《谁？》) ends nothing; a quotation that the sentence goes on after is not cut off.
    """
    inside = _bracketed(paragraph)
    ends = [
        match.end()
        for match in _SENTENCE_END.finditer(paragraph)
        if not inside[match.start()] and not _GOES_ON.match(paragraph, match.start())
    ]
    return _cut_at(paragraph, ends)


def clauses(sentence: str) -> tuple[str, ...]:
    """The clauses of a sentence, each with its mark; joined they give it back.

    Marks are ， 。 ； ： ！ ？ …… —— and 、; none inside a number (8：30, 12，000), a name with a
    dot or a bracket pair counts.
    """
    inside = _bracketed(sentence)
    for match in _THOUSANDS.finditer(sentence):
        inside[match.start() : match.end()] = [True] * len(match[0])
    ends = [
        match.end()
        for match in _CLAUSE_END.finditer(sentence)
        if not inside[match.start()] and not _is_inside_number(sentence, match)
    ]
    return _cut_at(sentence, ends)


def stretches(text: str) -> tuple[str, ...]:
    """A text as it is, or one that is longer than any sentence in pieces, cut at its marks.

    What rules look at around a word is bounded by this, whatever somebody calls a sentence.
    """
    pieces: list[str] = []
    start = 0
    while len(text) - start > LONGEST:
        marks = [*_STRETCH_END.finditer(text, start + LONGEST // 2, start + LONGEST)]
        end = marks[-1].end() if marks else start + LONGEST
        pieces.append(text[start:end])
        start = end
    return (*pieces, text[start:])


def _is_inside_number(sentence: str, match: re.Match[str]) -> bool:
    """Whether the mark joins two numbers: 8：30 or 2021——2025, but not 5日，3人."""
    start, end = match.span()
    if not (start > 0 and end < len(sentence)):
        return False
    between_digits = sentence[start - 1].isdecimal() and sentence[end].isdecimal()
    return between_digits and match[0].strip("：—") == ""


def _bracketed(text: str) -> list[bool]:
    """For each character whether it stands inside a bracket pair (its closing mark does not)."""
    inside = [False] * len(text)
    waiting: list[tuple[str, int]] = []
    for index, char in enumerate(text):
        if char in PAIRS:
            waiting = [*waiting[1 - DEEPEST :], (PAIRS[char], index)]
        elif waiting and any(char == closing for closing, _ in waiting):
            while waiting[-1][0] != char:
                waiting.pop()
            _, opened = waiting.pop()
            if index - opened <= LONGEST_BRACKET:
                inside[opened:index] = [True] * (index - opened)
    return inside


def _cut_at(text: str, ends: list[int]) -> tuple[str, ...]:
    """The pieces between the ends; one of only marks or spaces goes with the piece before."""
    starts: list[int] = []
    start = 0
    for end in [*ends, len(text)]:
        if start < end and not (starts and not any(map(str.isalnum, text[start:end]))):
            starts.append(start)
        start = max(start, end)
    return tuple(text[a:b] for a, b in pairwise([*starts, len(text)]))


CHARS_PER_SECOND = 4.3
"""Han characters that the offline voice says in a second (measured: 4.3 for utterances of about 40
characters); digits and letters count as one each."""
STORY_SECONDS = 2.0
"""The pause and the bridge before a story."""
FRAME_SECONDS = 35.0
"""Opening, rundown of the headlines and sign-off."""
FRONT_SHARE = 3
"""The first third of the stories gets two paragraphs a round, the others one."""


def digest(issue: Issue, minutes: float | None = None) -> Issue:
    """Choose what is spoken: headline and lead of every story, or as much as fits into `minutes`.

    With minutes, paragraphs are added round by round, most for what the paper puts first; where not
    even the leads fit, the end of the issue is trimmed first. A story always stops at the end of a
    paragraph or a sentence, and one story always stays. Shortened stories are marked `abridged`.
    """
    kept = [first_paragraphs(article, article.lead_count) for article in issue.articles]
    if minutes is None:
        return replace(issue, articles=tuple(kept))
    budget = minutes * 60
    if seconds_of(kept) > budget:
        chosen = _drop_stories(kept, budget)
    else:
        chosen = _add_paragraphs(list(issue.articles), kept, budget)
    return replace(issue, articles=tuple(chosen))


def seconds_of(articles: list[Article]) -> float:
    """About how many seconds an episode of these articles lasts."""
    return FRAME_SECONDS + sum(_story_seconds(article) for article in articles)


def _story_seconds(article: Article) -> float:
    crossheads = (crosshead.text for crosshead in article.crossheads)
    headline = article.headline
    texts = (headline.main, *crossheads, *article.paragraphs)
    return STORY_SECONDS + sum(map(_reading_seconds, texts))


def _reading_seconds(text: str) -> float:
    return sum(char.isalnum() for char in text) / CHARS_PER_SECOND


def first_paragraphs(article: Article, count: int) -> Article:
    """An article with only its first paragraphs, and the crossheads that stand before those."""
    count = max(1, min(count, len(article.paragraphs)))
    return replace(
        article,
        paragraphs=article.paragraphs[:count],
        crossheads=tuple(row for row in article.crossheads if row.before < count),
        lead_count=min(article.lead_count, count),
        abridged=article.abridged or count < len(article.paragraphs),
    )


def _add_paragraphs(whole: list[Article], kept: list[Article], budget: float) -> list[Article]:
    """Add paragraphs in rounds while they fit; a story whose next one does not fit is closed."""
    costs = [_paragraph_seconds(article) for article in whole]
    counts = [len(article.paragraphs) for article in kept]
    left = budget - seconds_of(kept)
    open_stories = list(range(len(whole)))
    while open_stories:
        still_open = []
        for rank in open_stories:
            for _ in range(2 if rank * FRONT_SHARE < len(whole) else 1):
                if counts[rank] == len(costs[rank]) or costs[rank][counts[rank]] > left:
                    break
                left -= costs[rank][counts[rank]]
                counts[rank] += 1
            else:
                still_open.append(rank)
        open_stories = still_open
    pairs = zip(whole, counts, kept, strict=True)
    return [
        short if count == len(short.paragraphs) else first_paragraphs(article, count)
        for article, count, short in pairs
    ]


def _paragraph_seconds(article: Article) -> list[float]:
    """About how long each paragraph lasts, with the crossheads that come in with it."""
    seconds = [_reading_seconds(text) for text in article.paragraphs]
    for crosshead in article.crossheads:
        if crosshead.before < len(seconds):
            seconds[crosshead.before] += _reading_seconds(crosshead.text)
    return seconds


def _drop_stories(kept: list[Article], budget: float) -> list[Article]:
    """Shorten from the end: leads to their first sentences, then whole stories."""
    chosen = list(kept)
    excess = seconds_of(chosen) - budget
    for rank in range(len(chosen) - 1, -1, -1):
        if excess <= 0:
            return chosen
        before = _story_seconds(chosen[rank])
        chosen[rank] = _drop_sentences(chosen[rank], excess)
        excess -= before - _story_seconds(chosen[rank])
    while len(chosen) > 1 and excess > 0:
        excess -= _story_seconds(chosen.pop())
    return chosen


def _drop_sentences(article: Article, excess: float) -> Article:
    """The article less as many sentences at its end as last `excess` seconds, but for one."""
    parts = [[*sentences(text)] for text in article.paragraphs]
    crossheads = _paragraph_seconds(replace(article, paragraphs=("",) * len(parts)))
    changed = False
    while excess > 0 and (len(parts) > 1 or len(parts[0]) > 1):
        if len(parts[-1]) > 1:
            excess -= _reading_seconds(parts[-1].pop())
        else:
            excess -= sum(map(_reading_seconds, parts.pop())) + crossheads[len(parts)]
        changed = True
    if not changed:
        return article
    short = first_paragraphs(article, len(parts))
    last = join_texts(parts[-1]) or short.paragraphs[-1]
    return replace(short, paragraphs=(*short.paragraphs[:-1], last), abridged=True)
