"""Places of an issue at which reading is not sure, found in its texts alone.

What the geometry of a page or the links of a site make doubtful is told by layout and source, as
doubts of the `Page`. The words for an editor are in rules/doubts.toml.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, pairwise, product
from operator import attrgetter

from qjaudio.paper.headline import is_misread, is_noun, misread_at
from qjaudio.paper.lines import bare_names, has_surname, is_label, opens_story
from qjaudio.paper.model import Article, Issue, LeftOut, Page, is_marked, texts_of
from qjaudio.paper.photos import guessed_captions, photos_at_ends
from qjaudio.paper.sentences import (
    LONGEST_SHORT,
    TOLD_BELOW,
    closes_first,
    is_contact,
    is_lost,
    other_topic,
    repeated_in,
    resembles_advert,
    stays_open,
    told_as_adverts,
)
from qjaudio.paper.stories import (
    perhaps_parts,
    strange_crosshead,
    strange_kickers,
)
from qjaudio.paper.text import (
    HAN,
    INNER_DE,
    NO_TEXT,
    Doubt,
    PageText,
    Span,
    TextLook,
    ends_sentence,
    han_count,
    is_han,
    join_texts,
    look_at,
    overlap,
    shared_with,
    spans_of,
)
from qjaudio.paper.words import GUESSED, UNKNOWN_END, cut, hangs, parted_word, tagged, times_of
from qjaudio.rules import phrases

SHOWN, TWO_STORIES = 24, 120
"""Characters of a text that a doubt quotes; a text of fewer hardly holds two stories."""


def doubts_of(
    issue: Issue, pages: Sequence[Page], given: Sequence[Page] = (), typeset: Collection[int] = ()
) -> tuple[Doubt, ...]:
    """All doubts of an issue, in the order of the pages: those of its pages, then of its texts.

    `given` are the pages as the source gave them, with what it was not sure of.
    """
    found = [doubt for page in pages for doubt in page.doubts]
    found += [*_of_characters(issue, given), *_of_pages(issue, pages)]
    seen = [[*map(look_at, (x.headline.main, *x.paragraphs))] for x in issue.articles]
    heads, looks = [own[0] for own in seen], [own[1:] for own in seen]
    marked = is_marked(pages)
    for article, head, own in zip(issue.articles, heads, looks, strict=True):
        found += [*_of_headline(article, head, typeset), *_of_text(article, own)]
        if (article.headline.deck or article.crossheads) and not marked:
            found += _of_parts(article)
    for repair in (one for one in issue.repairs if spans_of(one.before)):
        guessed = {*map("".join, zip(repair.before, repair.after, strict=False))} & GUESSED
        lost = ["lost_end"] * (repair.evidence == UNKNOWN_END) + ["slip"] * bool(guessed)
        found += [_doubt_of(name, repair.before, 0) for name in lost]
    found += _of_headlines(issue, heads, looks)
    odd = {phrases("doubts")[name]["why"] for name in ("strange_headline", "short_headline")}
    alien = {doubt.where for doubt in found if doubt.why in odd}
    found += _of_breaks(issue, looks, pages)
    plain = [own for own in looks if not own[0].has_box]
    if sum(map(len, looks)) > 1:
        found += [_doubt_of("repeated", text, 0) for text in repeated_in(plain)]
    signs = not marked and any(x.kind == "byline" and "摄" in x.text for x in issue.left_out)
    photos = photos_at_ends(issue.articles, issue.left_out) if signs else ()
    found += [_doubt_of("caption", text, 0) for text in photos]
    found += _of_left_out(issue.left_out, () if marked else pages)
    if len(issue.articles) > 2 and not marked:
        found += _of_plain_headings(issue.articles, pages)
    for page in pages:
        if any(line.box for block in page.blocks for line in block.lines):
            from qjaudio.paper.flow import misplaced  # late: texts have no places

            rows = misplaced(issue.articles, page, alien)
            rough = () if page.number in typeset else ("other_type",)  # as OCR measures type
            found += [_doubt_of(x, text, page.number) for x, text in rows if x not in rough]
    return tuple(sorted(dict.fromkeys(found), key=_position))


def _position(doubt: Doubt) -> tuple[int, int, int]:
    where = doubt.where
    return (where.page, where.line, where.start) if isinstance(where, Span) else (0, 0, 0)


def _doubt_of(name: str, text: str, number: int, *, what: str = "", **filled: object) -> Doubt:
    """A doubt of rules/doubts.toml about a text that stands on the page of this number."""
    rule = phrases("doubts")[name]
    return Doubt(
        kind=rule["kind"],
        where=next(iter(spans_of(text)), Span(number, 0, 0, 0)),
        what=what or str(text[:SHOWN]),
        why=rule["why"].format(**filled),
    )


def _of_characters(issue: Issue, pages: Sequence[Page]) -> Iterator[Doubt]:
    """Figures and characters of the articles that OCR may have misread."""
    unsure: dict[tuple[int, int], tuple[str, ...]] = {}
    for number in {page.number for page in pages}:
        same = [page for page in pages if page.number == number]
        lines = [line for page in same for block in page.blocks for line in block.lines]
        unsure |= {(number, at): line.unsure for at, line in enumerate(lines) if line.unsure}
    for article in issue.articles if unsure else ():
        for text in filter(None, texts_of(article)):
            for at, span in PageText(text).runs:
                end = at + span.end - span.start
                for word in unsure.get((span.page, span.line), ()):
                    if (start := misread_at(text, word, at, end)) >= 0:
                        name = "unsure_character" if is_han(word) else "unsure_figure"
                        yield _doubt_of(name, PageText(text)[start:end], article.page, what=word)


def _of_pages(issue: Issue, pages: Sequence[Page]) -> Iterator[Doubt]:
    """Pages that were not read: of those that the masthead counts, or between two that were."""
    there = {page.number for page in pages if page.blocks}
    said, last = issue.masthead.page_count or 0, max(there, default=0)
    first = 1 if said else min(there, default=1)
    told = {doubt.where for page in pages for doubt in page.doubts}
    for number in range(first, last):
        if number in there or Span(number, 0, 0, 0) in told:
            continue
        name = "page_gap" if said else "page_order"
        yield _doubt_of(name, "", number, what=f"第{number}版", count=said, page=number)
    if said > last:
        yield _doubt_of("page_count", "", last, what=f"今日{said}版", count=said, page=last)


SHORT_HEADLINE, MAX_HALF, LONG_DECK, DECK_SIZES, WIDE_DECK = 4, 10, 20, 1.12, 1.3
"""Han characters: a heading of so few is a label (简讯) or a part; a deck of so few may be the
second line of the headline, of so many with a comma a sentence, unless it is so much larger or, in
each line, wider than those of the columns."""


def _of_headline(article: Article, look: TextLook, typeset: Collection[int]) -> Iterator[Doubt]:
    """A headline that is not printed so, or does not look like one."""
    head, evidence, texts = article.headline, article.headline.restored, article.paragraphs
    if evidence:
        kinds = {"the lead's": "no_headline", "scattered": "scattered_headline"}
        named = (name for start, name in kinds.items() if evidence.startswith(start))
        yield _doubt_of(next(named, "completed_headline"), head.main, article.page)
    elif _reads_on(head.main, texts[0]):
        yield _doubt_of("sentence_headline", head.main, article.page)
    elif is_contact(look.compact):
        yield _doubt_of("advert", head.main, article.page)
    elif any(map(is_label, head.main.split())) or (
        look.han_count <= SHORT_HEADLINE and not article.is_essay
    ):
        yield _doubt_of("short_headline", head.main, article.page)
    if _WORDS["remark"].search(head.main):
        yield _doubt_of("remark", head.main, article.page)
    if is_misread(str(head.main), "" if article.page in typeset else "".join(texts)):
        yield _doubt_of("misread_headline", head.main, article.page)


def _of_parts(article: Article) -> Iterator[Doubt]:
    """A deck that may be text, or short enough for the second line of its headline, unless it is
    called one (副题：…); in a text a crosshead alone that may be the headline of another story."""
    deck, spans = article.headline.deck, spans_of(article.headline.deck)
    plain = deck[:1] not in "—-" and not any(x.box for x in spans)
    half = han_count(deck) <= MAX_HALF or is_noun(article.headline.main)
    half = half and (plain or (0 < han_count(deck) < SHORT_HEADLINE and not has_surname(deck)))
    if deck and (half or _is_long_deck(article)) and not (plain and spans and spans[0].start):
        yield _doubt_of("sentence_deck", deck, article.page)
    if crosshead := strange_crosshead(article):
        name = "lone_crosshead" if len(article.crossheads) == 1 else "strange_crosshead"
        yield _doubt_of(name, crosshead, article.page)


def _of_plain_headings(articles: Sequence[Article], pages: Sequence[Page]) -> Iterator[Doubt]:
    """Stories of which nothing says that one begins: no dateline, no name, and a heading without
    mark, where a text marks most, of which they do not speak."""
    levels = [block for page in pages for block in page.blocks if block.level]
    marked = {
        (x.page, x.line): block.level for block in levels for x in spans_of(block.lines[0].text)
    }
    for article in perhaps_parts(articles):
        yield _doubt_of("perhaps_part", article.headline.main, article.page)
    for kicker in strange_kickers(articles, marked):
        yield _doubt_of("strange_kicker", kicker, 0)
    heads = [(x, spans_of(x.headline.main)) for x in articles if not x.headline.restored]
    plain = [x for x, own in heads if not any(s.box or (s.page, s.line) in marked for s in own)]
    for article in plain if 2 * len(plain) < len(heads) else ():
        near = overlap(article.headline.main, " ".join(article.paragraphs)) >= OTHERS
        if not (near or article.dateline or article.byline or article.signoff):
            yield _doubt_of("plain_heading", article.headline.main, article.page)


def _is_long_deck(article: Article) -> bool:
    """Whether a deck is a clause of the size and the width of the text: perhaps its first one."""
    deck = article.headline.deck
    running = "，" in deck and han_count(deck) >= LONG_DECK and not ends_sentence(deck)
    if not running or article.times_text(deck) >= DECK_SIZES:
        return False
    own = [x.box.width for x in spans_of(deck) if x.box]
    lines = [x.box.width for x in spans_of(*article.paragraphs) if x.box]
    return min(own, default=0) < WIDE_DECK * max(lines, default=1)


def _reads_on(headline: str, text: str) -> bool:
    """Whether a headline is a line of running text: by its first word, or by how it ends."""
    plain = re.sub(r"[（(]\d+[）)]$", "", headline).rstrip("”’）")  # the number of a part
    linked = plain.endswith(tuple("。，、；")) or _LINKING.match(plain) or _hangs(plain)
    quoted = headline.count("“") > headline.count("”")
    return bool(linked or quoted or ("，" in headline and parted_word(headline, text)))


def _of_text(article: Article, looks: Sequence[TextLook]) -> Iterator[Doubt]:
    texts, page = article.paragraphs, article.page
    if (onward := article.continues_on) and onward not in {x.page for x in spans_of(*texts)}:
        yield _doubt_of("jump", texts[-1][-SHOWN:], page, page=onward)
    verse = any(not look.ends for look in looks) and article.is_poem
    for number, (text, look) in enumerate(zip(texts, looks, strict=True)):
        after = texts[number + 1] if number + 1 < len(texts) else ""
        opened = "“" in text and stays_open(text, after)
        told = look.ends or verse or TOLD_BELOW.fullmatch(text)
        if not told or _stopped_short(text) or opened:
            yield _doubt_of("half_sentence", text[-SHOWN:], page)
        # A drop cap has no room for a quotation mark.
        capped = not number and not article.dateline
        closing = not capped and not {*"”）》"}.isdisjoint(text)
        if _BAD_START.match(text) or (closing and closes_first(text)):
            yield _doubt_of("half_start", text, page)
        yield from (_doubt_of(name, part, page) for name, part in _strange_parts(look))
    signed, length = article.dateline or article.byline, sum(look.han_count for look in looks)
    if other := _other_story(texts):
        yield _doubt_of("other_story", other, page)
    elif other := other_topic(texts) if length > TWO_STORIES else NO_TEXT:
        yield _doubt_of("other_topic", other, page)
    plain = [look.compact for look in looks] if length <= LONGEST_SHORT and not signed else []
    if plain and resembles_advert(article.headline.main, plain):
        yield _doubt_of("advert", texts[0], page)


def _strange_parts(look: TextLook) -> Iterator[tuple[str, str]]:
    """Kinds of doubt about what stands in a text, or is one, but is hardly written for it."""
    text, starts = look.text, (0, *look.breaks)
    for start, end in zip(starts, (*look.breaks, len(text)), strict=True):
        if text.startswith("——", start) and not _PUNCTUATED.search(text[start:end]):
            yield "deck_inside", text[start:end]
    added = isinstance(text, PageText) and text.places[-1] < 0
    if added and len(starts) == 1 and not _PUNCTUATED.search(text[:-1]):
        yield "lost_end", text  # a line whose full stop was put back
    signs = [(kind, sign.search(text)) for kind, sign in _TRACES.items()]
    yield from ((kind, text[: sign.end()][-SHOWN:]) for kind, sign in signs if sign)


_PUNCTUATED = re.compile("[，。、；：！？“”]")
_PHOTO = re.compile(rf"(?:记者|通讯员|[。”])\s*[{HAN}]{{2,3}} ?摄(?![影像制氏取入])")
_PROGRAM_MARK = re.compile(
    r"\\[A-Za-z]{2,}|[\^_]\{|</?[a-z]{1,12}[ >]|\*\*|\{\{|\[\[|[\"“][a-z_]+[\"”][:：]|\$\$|~~"
)
"""Marks of a program that nobody prints: of a formula, a link, a field."""
_WORDS = {name: re.compile("|".join(words)) for name, words in phrases("doubts")["words"].items()}
_TRACES = {"caption": _PHOTO, "markup": _PROGRAM_MARK, **_WORDS}
_LINKING, _GIVEN_UP = map(_TRACES.pop, ("linking", "given_up"))
_BAD_START = re.compile(
    rf"[，。、；：！？”’）》】,.;!?)]|(?:了|吗|呢|吧|着)[，。、]|{INNER_DE}|们|[月年日元亩吨岁度起后前中里内外间时][，、]"
)
_DATELINE_INSIDE = re.compile(
    r"(?<=[^。！？”】\s])本报讯|(?<=[。！？”])（(?:(?:本报)?(?:记者|通讯员)[^）]{2,20}(?=）.)"
    rf"|([{HAN}]{{1,3}}[^摄图文影）](?=）。?[^。])))"
)
"""A dateline that no sentence ends before; who wrote it, with text after them."""


def _other_story(texts: Sequence[str]) -> str:
    """The text from the place at which another story seems to begin; empty where none does."""
    for number, text in enumerate(texts):
        if number and opens_story(text):
            return text
    whole = join_texts(texts) if texts[1:] else texts[0]
    signed = (x for x in _DATELINE_INSIDE.finditer(whole) if not x[1] or has_surname(x[1]))
    return next((whole[found.start() :] for found in signed), NO_TEXT)


_HANGING_ALONE = frozenset("不也就都还又很将这那只已其却最更再便各则曾该太均未仅亦必颇尚皆渐愈尤暂")
"""Words of one character after which no sentence ends; 才, 乱, 边 are more than adverbs."""


def _stopped_short(text: str) -> bool:
    """Whether a full stop was put back after a word or a number after which no sentence ends."""
    added = text.endswith("。") and isinstance(text, PageText) and text.places[-1] < 0
    return added and _hangs(str(text)[:-1])


def _hangs(text: str) -> bool:
    """Whether a text ends with a word or a number after which no sentence ends."""
    word = next(reversed(tagged(text[-24:])), ("", ""))[0]
    return word in _HANGING_ALONE or hangs(text) or word.isdigit()


USUAL = {"joined": 0.45, "loose": 0.1, "open": 0.45}
"""Of the breaks between the lines of running text: inside a word, leaving a character alone that
seldom stands alone, anything else. Measured on 4,700 breaks of news in lines of 12 to 22 characters
(53, 5 and 42 of 100) and on 900 of made-up pages with plainer words (38, 15 and 47)."""
BY_CHANCE = {"joined": 0.03, "loose": 0.57, "open": 0.4}
"""The same of 4,700 breaks between lines that were put together by chance."""
WEIGHT = 60  # breaks of an issue itself count as much as what is usual
OFTEN_ALONE = 40_000
"""Times in the dictionary's corpus: characters above (的, 在, 就, 看) stand alone often."""
BROKEN, BROKEN_ROW = 9.0, 6.0
"""So much in a row, without as much against it, is no running text: of an article, and of the lines
of a page by their words alone."""


class _Joints:
    """What speaks for and against two lines going on, by what an issue prints itself."""

    STEPS = (5, 11, 17, 23)
    """Lines so far apart are put together by chance."""
    EVERY = 4
    """Of the places inside lines one in so many is looked at."""

    def __init__(self, kinds: Iterable[str], lines: Sequence[str]) -> None:
        """Take the kinds of all breaks of the articles, and all lines of the pages."""
        counts = Counter(kinds)
        whole = counts.total() + WEIGHT
        self._of_kind = {
            kind: math.log(BY_CHANCE[kind] * whole / (counts[kind] + WEIGHT * share))
            for kind, share in USUAL.items()
        }
        self._runs = Counter(
            line[at : at + size]
            for size in (2, 3, 4)
            for line in lines
            for at in range(len(line) - size + 1)
        )
        usual = Counter(
            self._longest(line[:at], line[at:], printed=1)
            for line in lines
            for at in range(2, len(line) - 1, self.EVERY)
        )
        chance = Counter(
            self._longest(line, lines[(at + step) % len(lines)])
            for step in self.STEPS
            for at, line in enumerate(lines)
        )
        self._of_run = {
            size: math.log((chance[size] + 1) / (chance.total() + 4))
            - math.log((usual[size] + 1) / (usual.total() + 4))
            for size in (0, 2, 3, 4)
        }

    def _longest(self, before: str, after: str, printed: int = 0) -> int:
        """Characters of the longest run over a break that stands elsewhere inside a line."""
        left, right = before[-2:], after[:2]
        runs = (left + right, left + right[:1], left[-1:] + right, left[-1:] + right[:1])
        return max((len(run) for run in runs if self._runs[run] > printed), default=0)

    def against(self, kind: str, text: str, at: int) -> float:
        """How much a break of a kind speaks against running text; negative: for it."""
        run = self._longest(str(text[max(0, at - 2) : at]), str(text[at : at + 2]))
        return self._of_kind[kind] + self._of_run[run]

    def among_lines(self, text: str, at: int) -> float:
        """The same of lines of which nobody knows the story: what is new says nothing."""
        kind = _kind_of_break(text, at)
        return min(self._of_kind[kind], self.against(kind, text, at))


def _of_breaks(
    issue: Issue, looks: Sequence[Sequence[TextLook]], pages: Sequence[Page]
) -> Iterator[Doubt]:
    """Stories whose lines do not go on, by what the breaks of this issue are like."""
    articles = issue.articles
    breaks = [
        [(_kind_of_break(look.text, at), look.text, at) for look in own for at in look.breaks]
        for own in looks
    ]
    kinds = [kind for rows in breaks for kind, _, _ in rows]
    if not kinds:
        return
    printed = [str(x.text) for page in pages for block in page.blocks for x in block.lines]
    joints = _Joints(kinds, [line for line in printed if line])
    mixed = set[int]()
    plain = [() if own[0].has_box else own for own in looks]  # places tell more
    for number, (own, rows) in enumerate(zip(plain, breaks, strict=True)):
        if own and (broken := _first_broken(rows, joints)):
            mixed.add(number)
            yield _doubt_of("mixed", broken, articles[number].page)
    exchanged = dict(_exchanged(_odd_joints(plain, joints), joints))
    for number in exchanged.keys() - mixed:
        mixed.add(number)
        yield _doubt_of("mixed", exchanged[number], articles[number].page)
    parts = [x for one in articles for x in attrgetter("kicker", "main", "deck")(one.headline)]
    parts += [row.text for row in issue.left_out if row.kind in _APART]
    apart = {(span.page, span.line) for span in spans_of(*parts)}
    lines = [line for page in pages for line in _lines_not_going_on(page, joints, apart)]
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


ODD, MOST_ODD = 1.0, 200
"""A joint that this much speaks against may be a wrong one; so many of an issue are looked at."""
EXCHANGED, EXCHANGED_TWICE = 16.0, 12.0
"""From which on lines of two stories were exchanged: how much more speaks for it that each goes on
with the lines of the other, at one place, or at two places so many lines apart in both."""


@dataclass(frozen=True, slots=True)
class _Joint:
    """Where a line of a story goes on in the next one."""

    article: int
    line: int
    """Its number in the article."""
    before: PageText
    after: PageText
    odd: float
    """How much speaks against it."""

    def gain(self, other: "_Joint", joints: _Joints) -> float:
        """How much more speaks for it that both go on with each other's lines; 0 for no change."""
        found = self.odd + other.odd
        for before, after in ((self.before, other.after), (other.before, self.after)):
            text, at = before + after, len(before)
            odd = joints.against(_kind_of_break(text, at), text, at)
            if odd > 0:
                return 0.0
            found -= odd
        return found


def _odd_joints(looks: Sequence[Sequence[TextLook]], joints: _Joints) -> list[_Joint]:
    """The joints of the stories that most speaks against."""
    found = list[_Joint]()
    for number, own in enumerate(looks):
        breaks = [(look, at) for look in own for at in (0, *look.breaks)]
        for line, (look, at) in enumerate(breaks):
            text = PageText(look.text)
            odd = joints.against(_kind_of_break(text, at), text, at) if at else 0.0
            if odd > ODD:
                sides = text[max(0, at - BESIDE) : at], text[at : at + BESIDE]
                found.append(_Joint(number, line, *sides, odd))
    return sorted(found, key=attrgetter("odd"), reverse=True)[:MOST_ODD]


def _exchanged(odd: Sequence[_Joint], joints: _Joints) -> Iterator[tuple[int, PageText]]:
    """Stories that go on better with the lines of another one, each with where it does."""
    rows: dict[tuple[int, int], list[tuple[_Joint, _Joint, float]]] = {}
    for pair in combinations(sorted(odd, key=attrgetter("article", "line")), 2):
        one, other = pair
        if one.article != other.article and (gain := one.gain(other, joints)):
            rows.setdefault((one.article, other.article), []).append((one, other, gain))
    for found in rows.values():
        for (one, other, gain), (first, second, more) in product(found, repeat=2):
            down = one.line - first.line
            twice = down > 0 and other.line - second.line == down
            if gain >= EXCHANGED or (twice and gain + more >= EXCHANGED_TWICE):
                yield one.article, one.after
                yield other.article, other.after


def _lines_not_going_on(page: Page, joints: _Joints, apart: set[tuple[int, int]]) -> list[PageText]:
    """The lines of a page of text that do not go on, whichever stories they were given to; lines of
    headlines and `apart` from all stories go nowhere.

    Where columns are mixed, what is read of them falls to pieces: none of them shows it alone.
    """
    lines = [x for block in page.blocks if not block.level for x in block.lines if not x.box]
    placed = [x.text for x in lines if isinstance(x.text, PageText) and x.text]
    found, run, score = list[PageText](), list[PageText](), 0.0
    for line, below in pairwise(placed):
        span = below.spans[0]
        beside = {(page.number, span.line - 1), (page.number, span.line)}
        if ends_sentence(line) or span.start or beside & apart:
            continue  # a paragraph ends, or begins
        score = max(0.0, score + joints.among_lines(line + below, len(line)))
        if not score:
            run.clear()
            continue
        run.append(below)
        if score >= BROKEN_ROW:
            found += run
            run, score = [], BROKEN_ROW
    return found


def _first_broken(rows: Sequence[tuple[str, str, int]], joints: _Joints) -> PageText:
    """The text around the first of several breaks that speak against running text."""
    score, begins = 0.0, NO_TEXT
    for kind, text, at in rows:
        score += joints.against(kind, text, at)
        if score <= 0:
            score, begins = 0.0, NO_TEXT
        elif not begins:
            begins = PageText(text)[max(0, at - SHOWN // 2) : at + SHOWN]
        if score >= BROKEN:
            return begins
    return NO_TEXT


_APART = ("caption", "masthead", "table", "teaser", "tool")
BESIDE = 8  # characters on each side of a break that are looked at


def _kind_of_break(text: str, at: int) -> str:
    if not (is_han(text[at - 1]) and is_han(text[at])):
        return "open"
    before, after = text[max(0, at - BESIDE) : at], text[at : at + BESIDE]
    if parted_word(before, after):
        return "joined"
    beside = cut(before)[-1], cut(after)[0]
    loose = any(len(word) == 1 and times_of(word) < OFTEN_ALONE for word in beside)
    return "loose" if loose else "open"


OTHERS, UNKNOWN, SHORT_TEXT = 0.25, 0.25, 60
"""Of a strange headline so much stands in another text, and not half of that in its own; or none
and so few of its characters, and that is no brief of so few, which may say it in other words."""


def _of_headlines(
    issue: Issue, heads: Sequence[TextLook], looks: Sequence[Sequence[TextLook]]
) -> Iterator[Doubt]:
    """Headlines that share few words with their text and seem to be of another; or two alike."""
    pairs = [set[str]().union(*map(attrgetter("pairs"), own)) for own in looks]
    lost = [look_at(row.text).pairs for row in issue.left_out]
    named = zip(issue.articles, heads, strict=True)
    pages = {(look.compact, x.page if look.has_box else id(x)) for x, look in named}
    mains = Counter(words for words, _ in pages)  # in print none stands over a second half there
    for article, look, own in zip(issue.articles, heads, pairs, strict=True):
        if look.han_count <= SHORT_HEADLINE:
            continue
        head, text = article.headline, set("".join(article.paragraphs))
        if mains[look.compact] > 1:
            yield _doubt_of("same_headline", head.main, article.page)
        if head.restored:
            continue
        words = f"{head.kicker}，{head.main}，{head.deck}"
        chars = [*filter(str.isalnum, words)]
        known = sum(map(text.__contains__, chars)) >= UNKNOWN * len(chars)
        plain = {pair for pair in look.pairs if not {*"的了"} & {*pair}}  # these say nothing
        least = max(OTHERS * len(look.pairs), 2 * len(look.pairs & own) + 0.01)
        others = any(
            len(look.pairs & other) >= least and len(plain & other) >= OTHERS * len(plain)
            for other in pairs
        )
        # What a poem is about it need not name.
        known = known or len(text) <= SHORT_TEXT or article.is_poem
        strange = others or not (known or shared_with(words, own))
        if strange and not others and look.has_box:  # it would be in the words of its own text
            least = OTHERS * len(plain) / 2
            strange = any(len(plain & other) >= least for other in chain(pairs, lost))
        if strange:
            yield _doubt_of("strange_headline", head.main, article.page)


LOST = 25  # Han characters of the shortest text that is worth a word when it goes nowhere
_SOURCE = re.compile("[（(]?(?:摘自|选自|转自|原载|来源)|（[^（）。]{2,24}）$")  # or who wrote it


def _of_left_out(rows: Sequence[LeftOut], pages: Iterable[Page]) -> Iterator[Doubt]:
    told = {*map(id, told_as_adverts(rows) if any(x.kind == "advert" for x in rows) else ())}
    for row in guessed_captions(rows, pages) if any(x.kind == "caption" for x in rows) else ():
        yield _doubt_of("guessed_caption", row.text, row.page)
    for row in rows:
        if row.kind == "cut":
            names = bare_names(row.text)
            if not (_SOURCE.match(row.text) or (names and all(map(has_surname, names)))):  # signed
                yield _doubt_of("cut_sentence", row.text, row.page)
        elif row.kind in ("tool", "masthead") and _GIVEN_UP.search(row.text):
            yield _doubt_of("given_up", row.text, row.page)
        elif row.kind == "caption" and len(re.findall("[。！？](?!”)", row.text)) > 1:
            yield _doubt_of("photo_story", "", row.page, what=row.text[:SHOWN])
        elif han_count(row.text) >= LOST and (id(row) in told or is_lost(row)):
            yield _doubt_of("lost_text", row.text, row.page)
