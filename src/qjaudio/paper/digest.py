"""The digest: what of each story is spoken. It leaves out, it never rewords."""

import re
from dataclasses import replace

from qjaudio.paper.characters import CLOSERS
from qjaudio.paper.model import Article, Issue

CHARS_PER_SECOND = 4.3
"""Han characters that the offline voice says in a second (measured: 4.3 for utterances of about 40
characters); digits and letters count as one each."""
STORY_SECONDS = 2.0
"""The pause and the bridge before a story."""
FRAME_SECONDS = 35.0
"""Opening, rundown of the headlines and sign-off."""
FRONT_SHARE = 3
"""The first third of the stories gets two paragraphs a round, the others one."""

_SENTENCE = re.compile(rf"[^。！？!?]*[。！？!?]+[{re.escape(CLOSERS)}]*|[^。！？!?]+$")


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
        chosen = _trimmed(kept, budget)
    else:
        chosen = _filled(list(issue.articles), kept, budget)
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


def _filled(whole: list[Article], kept: list[Article], budget: float) -> list[Article]:
    """Add paragraphs in rounds while they fit; a story whose next one does not fit is closed."""
    chosen = list(kept)
    left = budget - seconds_of(chosen)
    open_stories = set(range(len(whole)))
    while open_stories:
        for rank in sorted(open_stories):
            for _ in range(2 if rank * FRONT_SHARE < len(whole) else 1):
                longer = first_paragraphs(whole[rank], len(chosen[rank].paragraphs) + 1)
                cost = _story_seconds(longer) - _story_seconds(chosen[rank])
                if cost > left or len(longer.paragraphs) == len(chosen[rank].paragraphs):
                    open_stories.discard(rank)
                    break
                chosen[rank] = longer
                left -= cost
    return chosen


def _trimmed(kept: list[Article], budget: float) -> list[Article]:
    """Shorten from the end: leads to their first sentences, then whole stories."""
    chosen = list(kept)
    for rank in range(len(chosen) - 1, -1, -1):
        while seconds_of(chosen) > budget and (shorter := _without_last_sentence(chosen[rank])):
            chosen[rank] = shorter
    while len(chosen) > 1 and seconds_of(chosen) > budget:
        chosen.pop()
    return chosen


def _without_last_sentence(article: Article) -> Article | None:
    """The article less its last sentence; None where only one is left."""
    *before, last = article.paragraphs
    sentences = _SENTENCE.findall(last)
    if len(sentences) > 1:
        shorter = replace(article, paragraphs=(*before, "".join(sentences[:-1])), abridged=True)
    elif before:
        shorter = replace(first_paragraphs(article, len(before)), abridged=True)
    else:
        return None
    return shorter
