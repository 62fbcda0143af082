"""The digest: what of each story is spoken. It leaves out, it never rewords."""

from dataclasses import replace

from qjaudio.paper.model import Article, Issue
from qjaudio.paper.sentences import sentences

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


def _trimmed(kept: list[Article], budget: float) -> list[Article]:
    """Shorten from the end: leads to their first sentences, then whole stories."""
    chosen = list(kept)
    excess = seconds_of(chosen) - budget
    for rank in range(len(chosen) - 1, -1, -1):
        if excess <= 0:
            return chosen
        before = _story_seconds(chosen[rank])
        chosen[rank] = _shortened(chosen[rank], excess)
        excess -= before - _story_seconds(chosen[rank])
    while len(chosen) > 1 and excess > 0:
        excess -= _story_seconds(chosen.pop())
    return chosen


def _shortened(article: Article, excess: float) -> Article:
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
    last = "".join(parts[-1]) or short.paragraphs[-1]
    return replace(short, paragraphs=(*short.paragraphs[:-1], last), abridged=True)
