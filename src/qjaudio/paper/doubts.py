"""Places of an issue at which reading is not sure, found in its texts alone.

What the geometry of a page or the links of a site make doubtful is told by layout and source, as
doubts of the `Page`. The words for an editor are in rules/doubts.toml.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from operator import attrgetter

from qjaudio.paper.adverts import may_be_advert
from qjaudio.paper.lines import bare_names, opens_story
from qjaudio.paper.model import Article, Issue, LeftOut, Page, texts_of
from qjaudio.paper.text import (
    HAN,
    NO_TEXT,
    Doubt,
    PageText,
    ParagraphLook,
    Span,
    ends_sentence,
    han_count,
    is_han,
    look_at,
    overlap,
    spans_of,
)
from qjaudio.paper.words import UNKNOWN_END, cut, parted_word, tagged, times_of
from qjaudio.rules import phrases

SHOWN = 24
"""Characters of a text that a doubt quotes."""


def doubts_of(issue: Issue, pages: Sequence[Page]) -> tuple[Doubt, ...]:
    """All doubts of an issue, in the order of the pages: those of its pages, then of its texts."""
    found = [doubt for page in pages for doubt in page.doubts]
    found += _of_pages(issue, pages)
    looks = list(map(look_at, map(attrgetter("paragraphs"), issue.articles)))
    for article, own in zip(issue.articles, looks, strict=True):
        found += [*_of_headline(article), *_of_text(article, own)]
    lost = [repair.before for repair in issue.repairs if repair.evidence == UNKNOWN_END]
    found += [_doubt_of("lost_end", text, 0) for text in lost if spans_of(text)]
    found += [*_of_neighbours(issue.articles, looks), *_of_breaks(issue.articles, looks, pages)]
    found += _of_indents(issue.articles, pages)
    found += _of_left_out(issue.left_out)
    for page in pages:
        if any(line.box for block in page.blocks for line in block.lines):
            from qjaudio.paper.flow import misplaced  # late: texts have no places

            rows = misplaced(issue.articles, page)
            found += [_doubt_of(name, text, page.number) for name, text in rows]
    return tuple(sorted(dict.fromkeys(found), key=_position))


def _position(doubt: Doubt) -> tuple[int, int, int]:
    where = doubt.where
    return (where.page, where.line, where.start) if isinstance(where, Span) else (0, 0, 0)


def _doubt_of(name: str, text: str, number: int, *, what: str = "", **filled: object) -> Doubt:
    """A doubt of rules/doubts.toml about a text that stands on the page of this number."""
    rule = phrases("doubts")[name]
    spans = spans_of(text)
    return Doubt(
        kind=rule["kind"],
        where=spans[0] if spans else Span(number, 0, 0, 0),
        what=what or str(text[:SHOWN]),
        why=rule["why"].format(**filled),
    )


def _of_pages(issue: Issue, pages: Sequence[Page]) -> Iterator[Doubt]:
    """Pages that were not read: of those that the masthead counts, or between two that were."""
    there = {page.number for page in pages if page.blocks}
    said = issue.masthead.page_count or 0
    last = max(there, default=0)
    first = 1 if said else min(there, default=1)
    told = {doubt.where for page in pages for doubt in page.doubts}
    gaps = [
        number
        for number in range(first, last)
        if number not in there and Span(number, 0, 0, 0) not in told
    ]
    for number in gaps:
        name = "page_gap" if said else "page_order"
        yield _doubt_of(name, "", number, what=f"第{number}版", count=said, page=number)
    if said > last:
        yield _doubt_of("page_count", "", last, what=f"今日{said}版", count=said, page=last)


SHORT_HEADLINE = 4
"""Han characters: a heading of so few is a label (简讯), or a part of one."""
LONG_DECK = 20
"""Han characters of a deck with a comma that may be a sentence of the text."""


def _of_headline(article: Article) -> Iterator[Doubt]:
    """A headline that is not printed so, or does not look like one."""
    head, evidence = article.headline, article.headline.restored
    if evidence:
        kinds = {"the lead's": "no_headline", "scattered": "scattered_headline"}
        named = [name for start, name in kinds.items() if evidence.startswith(start)]
        yield _doubt_of(named[0] if named else "completed_headline", head.main, article.page)
    elif _reads_on(head.main, article.paragraphs[0]):
        yield _doubt_of("sentence_headline", head.main, article.page)
    elif han_count(head.main) <= SHORT_HEADLINE:
        yield _doubt_of("short_headline", head.main, article.page)
    if "，" in head.deck and han_count(head.deck) >= LONG_DECK and not ends_sentence(head.deck):
        yield _doubt_of("sentence_deck", head.deck, article.page)


def _reads_on(headline: str, text: str) -> bool:
    """Whether a headline is a line of running text: by its first word, or by how it ends."""
    plain = headline.rstrip("”’）")
    if plain.endswith(tuple("。，、；")) or _linking().match(headline) or _hangs(plain):
        return True
    return "，" in headline and bool(parted_word(headline, text))


@cache
def _linking() -> re.Pattern[str]:
    return re.compile("|".join(phrases("doubts")["words"]["linking"]))


def _of_text(article: Article, looks: Sequence[ParagraphLook]) -> Iterator[Doubt]:
    texts, page = article.paragraphs, article.page
    onward = article.continues_on
    if onward and all(span.page != onward for text in texts for span in spans_of(text)):
        yield _doubt_of("jump", texts[-1][-SHOWN:], page, page=onward)
    for text, look in zip(texts, looks, strict=True):
        if not look.ends or _stopped_short(text):
            yield _doubt_of("half_sentence", text[-SHOWN:], page)
        if _BAD_START.match(text) or _closes_first(text):
            yield _doubt_of("half_start", text, page)
        if taken := _PHOTO.search(text):
            yield _doubt_of("caption", text[: taken.end()][-SHOWN:], page)
    if other := _other_story(texts):
        yield _doubt_of("other_story", other, page)
    signed = article.dateline or article.byline or article.signoff
    if not signed and may_be_advert(article.headline.main, [look.compact for look in looks]):
        yield _doubt_of("advert", texts[0], page)


_PHOTO = re.compile(rf"(?:记者|通讯员|[。”])\s*[{HAN}]{{2,3}} ?摄(?![影像制氏取入])")
_BAD_START = re.compile(r"[，。、；：！？”’）》】,.;!?)]|(?:的|了|们|吗|呢|吧|着)[，。、]")
_DATELINE_INSIDE = re.compile(r"(?<![。！？”】\s])本报讯")
"""A dateline that no sentence ends before."""


def _closes_first(text: str) -> bool:
    """Whether a quotation or a bracket closes that has not been opened."""
    for opening, closing in ("“”", "（）", "《》"):
        end = text.find(closing)
        if end >= 0 and opening not in text[:end]:
            return True
    return False


INDENTED = 0.7
"""The share of paragraphs with an indent from which on a page indents all of them."""
FEWEST_OTHERS = 2
"""Other paragraphs of a page, before anything is said of its habits."""
DROP_CAP = 1.5
"""Heights of a line from which on its first character is one over several lines."""
INDENT_HEIGHTS = 0.6
"""How far an indented line begins to the right, in heights of a line: the indent has two."""


def _of_indents(articles: Sequence[Article], pages: Sequence[Page]) -> Iterator[Doubt]:
    """Stories that begin without an indent, on a page that indents its paragraphs."""
    if sum(len(article.paragraphs) for article in articles) <= FEWEST_OTHERS:
        return
    known = [
        (article, at, indented)
        for article in articles
        for at, text in enumerate(article.paragraphs)
        if (indented := _is_indented(text)) is not None
    ]
    by_page: dict[int, list[bool]] = {}
    for article, _, indented in known:
        by_page.setdefault(article.page, []).append(indented)
    for article, at, indented in known:
        page = by_page[article.page]
        dated = _DATED.match(article.paragraphs[at]) or opens_story(article.paragraphs[at])
        others = len(page) - 1
        if indented or at or dated or others < FEWEST_OTHERS or sum(page) < INDENTED * others:
            continue
        if not _is_under_its_heading(article, pages):
            yield _doubt_of("half_start", article.paragraphs[at], article.page)


def _is_under_its_heading(article: Article, pages: Sequence[Page]) -> bool:
    """Whether the line above the text is of the article's own heading, or of its credit."""
    first = spans_of(article.paragraphs[0])[0]
    own = {
        (span.page, span.line)
        for text in texts_of(article)
        if text not in article.paragraphs
        for span in spans_of(text)
    }
    lines = [
        line.text.spans[0]
        for page in pages
        if page.number == first.page
        for block in page.blocks
        for line in block.lines
        if isinstance(line.text, PageText) and line.text
    ]
    if first.box is None:
        return (first.page, first.line - 1) in own
    above = [
        (span.box.bottom, (span.page, span.line))
        for span in lines
        if span.box
        and span.box.bottom <= first.box.top + 1
        and span.box.shared_width(first.box) > 0
    ]
    return bool(above) and max(above)[1] in own


_DATED = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日|近日|日前|昨[天日]|今年")


def _is_indented(text: str) -> bool | None:
    """Whether the first of several lines of a paragraph is indented; None = cannot tell."""
    lines: dict[int, Span] = {}
    for span in spans_of(text):
        lines.setdefault(span.line, span)
    first, second, *_ = (*lines.values(), None, None)
    if first is None or second is None:
        return None
    if first.box and second.box:
        if second.box.left > first.box.right or first.box.shared_width(second.box) <= 0:
            return None  # in another column
        if first.box.height > DROP_CAP * second.box.height:
            return None
        return first.box.left - second.box.left > INDENT_HEIGHTS * second.box.height
    return first.start > second.start


def _other_story(texts: Sequence[str]) -> str:
    """The text from the place at which another story seems to begin; empty where none does."""
    for number, text in enumerate(texts):
        if number and opens_story(text):
            return text
        if found := _DATELINE_INSIDE.search(text):
            return text[found.start() :]
    return NO_TEXT


_HANGING_TAGS = frozenset({"p", "c", "uj", "uv", "ud"})
"""Tags of words after which no sentence ends: prepositions, conjunctions, 的."""
_HANGING_ALONE = frozenset({"d", "r"})
"""The same where they have one character: adverbs, 这."""


def _stopped_short(text: str) -> bool:
    """Whether a full stop was put back after a word or a number after which no sentence ends."""
    if not text.endswith("。") or not isinstance(text, PageText) or text.places[-1] >= 0:
        return False
    return _hangs(text[:-1])


def _hangs(text: str) -> bool:
    """Whether a text ends with a word or a number after which no sentence ends."""
    words = tagged(text[-24:])
    word, tag = words[-1] if words else ("", "")
    alone = len(word) == 1 and tag in _HANGING_ALONE
    return alone or tag in _HANGING_TAGS or word.isdigit()


USUAL = {"joined": 0.45, "loose": 0.1, "open": 0.45}
"""Of the breaks between the lines of running text: inside a word, leaving a character alone that
seldom stands alone, anything else. Measured on 4,700 breaks of news in lines of 12 to 22 characters
(53, 5 and 42 of 100) and on 900 of made-up pages with plainer words (38, 15 and 47)."""
BY_CHANCE = {"joined": 0.03, "loose": 0.57, "open": 0.4}
"""The same of 4,700 breaks between lines that were put together by chance."""
WEIGHT = 60
"""So many breaks of an issue itself count as much as what is usual."""
OFTEN_ALONE = 40_000
"""Times in the dictionary's corpus: characters above (的, 在, 就, 看) stand alone often."""
BROKEN = 6.0
"""So much in a row, without as much against it, is no running text."""


def _of_breaks(
    articles: Sequence[Article], looks: Sequence[Sequence[ParagraphLook]], pages: Sequence[Page]
) -> Iterator[Doubt]:
    """Stories whose lines do not go on, by what the breaks of this issue are like."""
    breaks = [[*_breaks_of(own)] for own in looks]
    counts = Counter(kind for rows in breaks for kind, _ in rows)
    whole = counts.total() + WEIGHT
    said = {
        kind: math.log(BY_CHANCE[kind] * whole / (counts[kind] + WEIGHT * share))
        for kind, share in USUAL.items()
    }
    mixed = set[int]()
    for number, (article, rows) in enumerate(zip(articles, breaks, strict=True)):
        if broken := _first_broken(rows, said):
            mixed.add(number)
            yield _doubt_of("mixed", broken, article.page)
    lines = [line for page in pages for line in _lines_not_going_on(page, said)]
    stories = {
        (span.page, span.line): number
        for number, article in enumerate(articles if lines else ())
        for span in spans_of(*texts_of(article))
    }
    for line in lines:
        span = line.spans[0]
        number = stories.get((span.page, span.line), -1)
        if number >= 0 and number not in mixed:
            mixed.add(number)
            yield _doubt_of("mixed", line, span.page)


def _lines_not_going_on(page: Page, said: Mapping[str, float]) -> list[PageText]:
    """The lines of a page of text that do not go on, whichever stories they were given to.

    Where columns are mixed, what is read of them falls to pieces: none of them shows it alone.
    """
    lines = [x for block in page.blocks if not block.level for x in block.lines if not x.box]
    placed = [x.text for x in lines if isinstance(x.text, PageText) and x.text]
    found, run, score = list[PageText](), list[PageText](), 0.0
    for line, below in pairwise(placed):
        if ends_sentence(line) or below.spans[0].start:  # a paragraph ends, or begins
            continue
        score = max(0.0, score + said[_kind_of_break(line + below, len(line))])
        if not score:
            run.clear()
            continue
        run.append(below)
        if score >= BROKEN:
            found += run
            run, score = [], BROKEN
    return found


def _first_broken(rows: Sequence[tuple[str, PageText]], said: Mapping[str, float]) -> PageText:
    """The text around the first of several breaks that speak against running text."""
    score, begins = 0.0, NO_TEXT
    for kind, around in rows:
        score += said[kind]
        if score <= 0:
            score, begins = 0.0, NO_TEXT
        elif not begins:
            begins = around
        if score >= BROKEN:
            return begins
    return NO_TEXT


def _breaks_of(looks: Sequence[ParagraphLook]) -> Iterator[tuple[str, PageText]]:
    """The kind of each break between two lines, and the text around it."""
    for look in looks:
        for at in look.breaks:
            around = PageText(look.text)[max(0, at - SHOWN // 2) : at + SHOWN]
            yield _kind_of_break(look.text, at), around


BESIDE = 8
"""Characters on each side of a break that are looked at."""


def _kind_of_break(text: str, at: int) -> str:
    if not (is_han(text[at - 1]) and is_han(text[at])):
        return "open"
    before, after = text[max(0, at - BESIDE) : at], text[at : at + BESIDE]
    if parted_word(before, after):
        return "joined"
    beside = cut(before)[-1], cut(after)[0]
    loose = any(len(word) == 1 and times_of(word) < OFTEN_ALONE for word in beside)
    return "loose" if loose else "open"


FEWEST_ARTICLES = 3
MOST_STRANGE = 0.34
"""Where more of the headlines share no word with their text, this paper writes such headlines."""
FAR_LONGER = 3
"""Times the longest of the other articles of the page."""
LONG_STORY = 800
"""Han characters under which nothing is called long."""


def _of_neighbours(
    articles: Sequence[Article], looks: Sequence[Sequence[ParagraphLook]]
) -> Iterator[Doubt]:
    """What is strange beside the other articles: a headline, a length, half a sentence."""
    strange = [article for article in articles if _is_strange(article)]
    if len(articles) < FEWEST_ARTICLES or len(strange) <= MOST_STRANGE * len(articles):
        yield from (_doubt_of("strange_headline", a.headline.main, a.page) for a in strange)
    pages: dict[int, list[Article]] = {}
    for article in articles:
        pages.setdefault(article.page, []).append(article)
    for there in pages.values():
        if len(there) < FEWEST_ARTICLES:
            continue
        sizes = [han_count("".join(article.paragraphs)) for article in there]
        size, second, *_ = sorted(sizes, reverse=True)
        if size >= LONG_STORY and size > FAR_LONGER * second:
            article = there[sizes.index(size)]
            yield _doubt_of("long", article.headline.main, article.page)
    if len(articles) > 1:
        yield from _of_halves(articles, looks)


def _is_strange(article: Article) -> bool:
    head = article.headline
    if head.restored or han_count(head.main) <= SHORT_HEADLINE:
        return False
    return not overlap(f"{head.kicker}，{head.main}，{head.deck}", "".join(article.paragraphs))


MOST_HALVES = 20
"""Of an issue; where more sentences stop halfway, its full stops are lost."""


def _of_halves(
    articles: Sequence[Article], looks: Sequence[Sequence[ParagraphLook]]
) -> Iterator[Doubt]:
    """Paragraphs that make a word with the half sentence of another article."""
    halves = [
        (article, text[:-1] if text.endswith("。") else text)
        for article, own in zip(articles, looks, strict=True)
        for text, look in zip(article.paragraphs, own, strict=True)
        if not look.ends or _stopped_short(text)
    ][:MOST_HALVES]
    for story, half in halves:
        for article in articles:
            for text in article.paragraphs if article is not story else ():
                if parted_word(half, text):
                    yield _doubt_of("other_half", text, article.page, half=half[-8:])


LOST = 25
"""Han characters of the shortest text that is worth a word when it goes nowhere."""
_SOURCE = re.compile("[（(]?(?:摘自|选自|转自|原载|来源)")
_KNOWN = frozenset(
    {"advert", "caption", "masthead", "editors", "slogan", "table", "tool", "byline", "teaser"}
)
"""Kinds of which it is known what they are, and that they are not read aloud."""


def _of_left_out(rows: Sequence[LeftOut]) -> Iterator[Doubt]:
    for row in rows:
        if row.kind == "cut" and not (bare_names(row.text) or _SOURCE.match(row.text)):
            yield _doubt_of("cut_sentence", row.text, row.page)
        elif row.kind not in _KNOWN and han_count(row.text) >= LOST:
            yield _doubt_of("lost_text", row.text, row.page)
