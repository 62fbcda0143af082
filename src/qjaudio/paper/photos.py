"""Words to photos of which it is not sure: left out as such, or read at the end of a text."""

import re
from collections.abc import Iterable, Iterator, Sequence

from qjaudio.paper.lines import kind_of
from qjaudio.paper.model import Article, LeftOut, Page
from qjaudio.paper.sentences import TAKEN_BY
from qjaudio.paper.text import PageText, ends_sentence, han, spans_of


def guessed_captions(rows: Sequence[LeftOut], pages: Iterable[Page]) -> Iterator[LeftOut]:
    """Sentences left out as the words to a photo where neither they nor the source say so."""
    found = [row for row in rows if row.kind == "caption" and ends_sentence(row.text)]
    plain = [x for x in found if not (TAKEN_BY.search(x.text) or kind_of(x.text) == x.kind)]
    blocks = [x for page in pages if plain for x in page.blocks if not (x.kind or x.lines[0].box)]
    unsaid = {(x.page, x.line) for block in blocks for x in spans_of(block.lines[0].text)}
    yield from (x for x in plain if any((s.page, s.line) in unsaid for s in spans_of(x.text)))


_TAKEN = re.compile("(?<![文/／、])摄(?:影(报道)?)?[）)]?$")
MAX_LAST = 45
"""Han characters of a last paragraph that may be the words to a photo whose reporter signs."""


def photos_at_ends(articles: Iterable[Article], rows: Iterable[LeftOut]) -> Iterator[PageText]:
    """Last paragraphs of longer texts under which, or at the end of which, somebody took a photo
    and did not write: perhaps the words to that."""
    taken = [
        (x.text, found) for x in rows if x.kind == "byline" and (found := _TAKEN.search(x.text))
    ]
    places = {(s.page, s.line): found for text, found in taken for s in spans_of(text)[:1]}
    for article in articles if places else ():
        last, ends = article.paragraphs[-1], spans_of(article.paragraphs[-1])[-1:]
        for span in ends if len(article.paragraphs) > 1 else ():
            found = places.get((span.page, span.line), places.get((span.page, span.line + 1)))
            if found and not span.box and (len(han(last)) <= MAX_LAST or not found[1]):
                yield PageText(last)
