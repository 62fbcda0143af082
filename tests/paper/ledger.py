"""The account of characters: what came in, and where each of them went."""

from collections import Counter
from collections.abc import Iterable

from qjaudio.paper.model import Issue
from qjaudio.paper.text import han


def han_of(texts: Iterable[str]) -> Counter[str]:
    """The Han characters of texts, with how often each stands there."""
    return Counter(char for text in texts for char in han(text))


def printed_in(issue: Issue) -> Counter[str]:
    """The characters that the page must have had: all that came out, repairs undone."""
    texts = [row.text for row in issue.left_out]
    for article in issue.articles:
        headline = article.headline
        texts += [headline.main, headline.kicker, headline.deck, article.signoff]
        texts += [*article.byline, *article.paragraphs]
        texts += [crosshead.text for crosshead in article.crossheads]
    count = han_of(texts)
    count.update(han_of(repair.before for repair in issue.repairs))
    count.subtract(han_of(repair.after for repair in issue.repairs))
    return Counter({char: times for char, times in count.items() if times})
