"""The page and the issue as frozen values, and the issue as JSON."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from itertools import pairwise
from operator import attrgetter
from statistics import median
from typing import Any

from qjaudio.paper.text import (
    Box,
    Doubt,
    PageText,
    Span,
    box_around,
    compact,
    han,
    is_ended,
    spans_json,
    spans_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine:
    """One printed line, as the source saw it."""

    text: str
    box: Box | None = None
    """Its place, where the source knows it (PDF, scan); a line set top to bottom has a tall box."""
    size: float | None = None
    """The type size in points, where the source knows it."""
    unsure: tuple[str, ...] = ()
    """Figures and characters of its text that OCR may have misread."""


@dataclass(frozen=True, slots=True)
class LayoutLine:
    """A printed line with its place and type size in points."""

    text: PageText
    box: Box
    size: float

    @property
    def vertical(self) -> bool:
        """Whether it is set from top to bottom."""
        return self.box.is_tall and len(compact(self.text)) > 1

    def follows(self, last: "LayoutLine", pitch: float) -> bool:
        """Whether it stands right under another line, in its type."""
        near = -0.1 * self.size < self.box.top - last.box.bottom < 0.8 * pitch
        like = max(self.size, last.size) < 1.1 * min(self.size, last.size)
        return near and like and last.box.shared_width(self.box) > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines that the source saw as one piece: a paragraph, a part of one, a heading."""

    lines: tuple[TextLine, ...]
    level: int = 0
    """Markdown heading level 1 to 6; 0 where the source marked no heading."""
    kind: str = ""
    """What it is known to be; empty where nobody knows.

    On a marked page it is one of `paper`, `date`, `masthead` (facts), then for each article a
    `headline` (begins the article, also where it has no lines), `kicker`, `deck`, `byline`, `body`,
    `caption`. A line of a poem is a `verse`.
    """
    opens: bool | None = None
    """Whether its first line is indented, so that it begins a paragraph; None = cannot tell."""
    filled: bool | None = None
    """Whether its last line goes to the edge of the column; None = cannot tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One printed page in the order in which the source read it."""

    number: int
    blocks: tuple[Block, ...]
    source: str = ""
    """The file or address that it came from, for messages."""
    rules: tuple[Box, ...] = ()
    """Printed rules (thin boxes) and frames (the others), where the source sees them."""
    pictures: tuple[Box, ...] = ()
    """Photos and drawings, where the source sees them."""
    ordered: bool = False
    """Whether the source put the blocks in reading order, so that their places order nothing."""
    marked: bool = False
    """Whether the source itself says what each block is, so that nothing is guessed."""
    image: str = ""
    """The file or address of a picture of the whole page, where the source knows one."""
    turned: int = 0
    """By how many quarters to the left the picture of a page had to be turned to be read."""
    doubts: tuple[Doubt, ...] = ()
    """What its source, or the layout, is not sure of; each has a `Span` of this page."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a whole page."""

    jpeg: bytes
    width: float
    height: float
    """The size of the page in the points that boxes count."""


def is_marked(pages: Iterable[Page]) -> bool:
    """Whether the source says of every block of these pages what it is.

    Kinds alone do not tell: the layout of a scan also names headlines and captions.
    """
    filled = [page for page in pages if page.blocks]
    return bool(filled) and all(page.marked for page in filled)


def has_places(page: Page) -> bool:
    """Whether the source knew where the lines of a page stand, and no more."""
    if page.ordered:
        return False
    lines = [line for block in page.blocks for line in block.lines]
    return bool(lines) and all(line.box for line in lines) and not any(b.kind for b in page.blocks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Masthead:
    """The facts of the 报头; empty where the page does not say."""

    paper: str = ""
    date: str = ""
    """ISO 8601, `2025-05-20`."""
    weekday: str = ""
    """As printed: `星期二`."""
    lunar_date: str = ""
    """As printed: `农历乙巳年四月廿三`."""
    issue_number: int | None = None
    page_count: int | None = None
    publisher: str = ""
    organizer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """引题, 主题 and 副题 of one article."""

    main: str
    kicker: str = ""
    deck: str = ""
    restored: str = ""
    """The evidence on the page from which lost characters came back; empty when intact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crosshead:
    """A 小标题 inside an article, standing before paragraph number `before`."""

    before: int
    text: str


LONGEST_VERSE = 20
"""Characters of the longest line of a poem."""
LABEL_SIZES, TITLE_SIZES = 1.5, 1.8
"""Heights of the text: a smaller heading may be the name of a column; so large is a headline."""


LOW_SIZES, LONG_TEXT = {2: 1.34, 3: 1.4}, 120
"""Over so many columns side by side that hold so many characters a headline is larger than so many
heights of the text, over more of them 1.5: of 7,775 stories read from print 34 had a smaller one,
and all of these were wrong."""
NAMES_APART = (3.0, 0.8, 20.0)
"""Heights of the text: one name so far under another, or so far and so far across, signs another
story; of 7,775 stories read from print 12 had two such names, and each was of two."""


OTHER_TYPE, SAME_TYPE, MOST_ALIKE = 0.03, 0.005, 0.8
"""How far the type of two lines of a PDF differs, and that of one text, which most lines have."""
SHORT_LINE, FEW_LINES = 3, 3
"""So few Han characters are measured roughly, or stand beside a drop cap; so many lines in other
type open or end no story: of 8,670 stories read from print 19 had some, or had them inside, and 16
of these were wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article as printed.

    The texts of an issue that was read from pages are `PageText`: each character knows its place.
    """

    headline: Headline
    paragraphs: tuple[str, ...]
    page: int
    section: str = ""
    """The section (版名) that the page's folio names: 要闻."""
    continues_on: int | None = None
    """The page that a 下转 line names."""
    dateline: str = ""
    """`本报讯`, `新华社北京9月7日电`."""
    byline: tuple[str, ...] = ()
    """Names of the reporters, without 记者 and 通讯员."""
    signoff: str = ""
    """The department that signs at the end: `区卫生健康局`."""
    crossheads: tuple[Crosshead, ...] = ()
    lead_count: int = 1
    """How many of the paragraphs are the 导语."""
    abridged: bool = False
    """Whether `digest` left paragraphs out."""

    @property
    def lead(self) -> tuple[str, ...]:
        """The lead paragraphs."""
        return self.paragraphs[: self.lead_count]

    @property
    def is_poem(self) -> bool:
        """Whether its paragraphs are lines of a poem: three short ones end no sentence."""
        return sum(len(x) <= LONGEST_VERSE and not is_ended(x) for x in self.paragraphs) > 2

    @property
    def is_essay(self) -> bool:
        """Whether a short title is whole: large, and right under it stands who wrote the piece; or
        as large as a headline over verse or a signed piece; or three characters over a dashed deck.

        The name of a column is smaller, and of a part of a headline its place tells.
        """
        size = self.times_text(self.headline.main)
        if self.dateline or size < LABEL_SIZES:
            return False
        if self.headline.deck:
            return len(self.headline.main) == 3 and self.headline.deck.startswith("—")
        title, *names = (x.box for x in spans_of(self.headline.main[:1], *self.byline))
        whole = size >= TITLE_SIZES and (bool(self.byline) or self.is_poem)
        return whole or any(_is_right_under(name, title) for name in names[:1])

    @property
    def is_low_headed(self) -> bool:
        """Whether a headline that is hardly larger than the text stands over columns of it."""
        head = max((x.box.height for x in spans_of(self.headline.main) if x.box), default=0.0)
        lines = [span.box for span in spans_of(*self.paragraphs) if span.box]
        columns = 1 + sum(y.bottom < x.top and y.left > x.right for x, y in pairwise(lines))
        if not head or columns < 2 or self.is_poem:
            return False
        low = head < LOW_SIZES.get(columns, 1.5) * median(x.height for x in lines)
        return low and sum(map(len, self.paragraphs)) >= LONG_TEXT

    @property
    def names_inside(self) -> tuple[str, ...]:
        """The last of names that stand in two places, and not where the story ends: they are of two
        stories."""
        names = [x.box for x in spans_of(*self.byline) if x.box]
        lines = [x.box for x in spans_of(*self.paragraphs) if x.box]
        if len(names) < 2 or not lines:
            return ()
        size, whole, last = median(x.height for x in lines), box_around(lines), lines[-1]
        down, aside, across = (times * size for times in NAMES_APART)
        around = replace(whole, top=0.0)
        ends = (x for x in names if x.left < last.left - down or abs(x.top - last.top) > down)
        own = [x for x in ends if around.holds(x, size)]
        apart = any(
            (abs(x.left - y.left) > across and y.top - x.top > aside)
            or (y.top - x.top > down and y.top > whole.top + down)
            for x in own
            for y in own
        )
        return self.byline[-1:] * apart

    @property
    def lines_set_in(self) -> tuple[PageText, ...]:
        """The first line of the text that was set into it: in other type than the lines around it,
        which are set in one, or than all but a few."""
        placed = [
            (text[at : at + span.end - span.start], span.box.height)
            for text in map(PageText, self.paragraphs)
            for at, span in text.runs
            if span.box and len(han(text[at : at + span.end - span.start])) > SHORT_LINE - 1
        ]
        usual = median(height for _, height in placed) if len(placed) > FEW_LINES else 0.0
        away = [abs(height / usual - 1) for _, height in placed] if usual else []
        odd = [far > OTHER_TYPE for far in away]
        if not any(odd) or sum(far < SAME_TYPE for far in away) < MOST_ALIKE * len(away):
            return ()
        inner = odd[odd.index(False) : len(odd) - odd[::-1].index(False)]
        found = [line for (line, _), far in zip(placed, odd, strict=True) if far]
        return tuple(found[: any(inner) or len(found) <= FEW_LINES])

    def times_text(self, part: str) -> float:
        """How many times as high as the text a part of the headline is; 0 where nobody knows."""
        head = next((span.box for span in spans_of(part)), None)
        text = next((span.box for span in spans_of(self.paragraphs[0])[-1:]), None)
        return head.height / text.height if head and text else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Text of the page that belongs to no article and is never spoken."""

    text: str
    kind: str
    """`slogan`, `masthead`, `banner`, `teaser`, `debris`, `jump_line`, `caption`, `advert`, …"""
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """A change that we made to the text of the page, with its reason."""

    where: str
    """The story and its part, for a reader."""
    before: str
    """As printed; its spans say where."""
    after: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One day's paper: its masthead, and its articles in the order of the page."""

    masthead: Masthead
    articles: tuple[Article, ...]
    left_out: tuple[LeftOut, ...] = ()
    repairs: tuple[Repair, ...] = field(default=())
    doubts: tuple[Doubt, ...] = ()
    """The places at which reading is not sure, in the order of the pages; each has a `Span`."""


NEAR_HEIGHTS = 2.5
"""Heights of a line: what begins so far under it does not go on with it."""


def articles_of_doubts(issue: Issue) -> tuple[int, ...]:
    """The number of the article, from 1, of each doubt of an issue.

    It is the one that has text of the doubt's span, or else one of the same line or of the line
    before, if the doubt's goes on with that; 0 where there is none.
    """
    if not issue.doubts:
        return ()
    lines: dict[tuple[int, int], list[tuple[Span, int]]] = {}
    pages: dict[int, list[tuple[Span, int]]] = {}
    for number, article in enumerate(issue.articles, start=1):
        for span in spans_of(*texts_of(article)):
            lines.setdefault((span.page, span.line), []).append((span, number))
            pages.setdefault(span.page, []).append((span, number))

    def number_at(where: Span | tuple[int, int]) -> int:
        if not isinstance(where, Span) or not where.end:
            return 0
        here = lines.get((where.page, where.line), [])
        above = [row for row in pages.get(where.page, ()) if _is_right_under(where.box, row[0].box)]
        above.sort(key=lambda row: -row[0].box.top if row[0].box else 0.0)
        last = lines.get((where.page, where.line - 1), [])
        before = above or [row for row in last if _begins_next_column(where.box, row[0].box)]
        touching = [n for x, n in here if x.start < where.end and where.start < x.end]
        return [*touching, *(n for _, n in (*reversed(here), *before)), 0][0]

    return tuple(number_at(doubt.where) for doubt in issue.doubts)


def _is_right_under(box: Box | None, above: Box | None) -> bool:
    """Whether a line stands right under another one."""
    if not box or not above or box.shared_width(above) <= 0:
        return False
    return 0 < box.top - above.top < NEAR_HEIGHTS * above.height


def _begins_next_column(box: Box | None, before: Box | None) -> bool:
    """Whether a line may go on in the next column with the one before it."""
    if not box or not before:
        return True
    return box.left > before.right and before.top - box.top > NEAR_HEIGHTS * box.height


def texts_of(article: Article) -> tuple[str, ...]:
    """All texts of an article, those of its heading first."""
    head = article.headline
    return (
        head.kicker,
        head.main,
        head.deck,
        article.dateline,
        *article.byline,
        *article.paragraphs,
        *(row.text for row in article.crossheads),
        article.signoff,
    )


def doubt_lines(issue: Issue) -> tuple[str, ...]:
    """Each doubt of an issue in a line: its page, its article, its words, and what is not sure."""
    found = []
    for doubt, number in zip(issue.doubts, articles_of_doubts(issue), strict=True):
        places = [f"第{doubt.where.page}版"] if isinstance(doubt.where, Span) else []
        places += [f"第{number}篇"] if number else []
        found.append(f"{'，'.join(places)}“{doubt.what}”：{doubt.why}")
    return tuple(found)


def issue_json(issue: Issue) -> dict[str, Any]:
    """The issue as an object of JSON; `body` is all paragraphs without the crossheads.

    `spans` say where each text stands on the pages: from its character `at` on, line by line. A
    doubt has its page, the number of its article (from 1), and the span `where` it is; an
    article has the places of its doubts in that list.
    """
    facts = asdict(issue.masthead)
    rows = list(map(_article_json, issue.articles))
    left_out = list(map(spans_json, map(attrgetter("text"), issue.left_out)))
    repairs = list(map(spans_json, map(attrgetter("before"), issue.repairs)))
    places = articles_of_doubts(issue)
    by_article: dict[int, list[int]] = {}
    for at, number in enumerate(places):
        by_article.setdefault(number, []).append(at)
    return {
        "date": facts.pop("date"),
        "paper": facts.pop("paper"),
        "issue_number": facts.pop("issue_number"),
        "lunar_date": facts.pop("lunar_date"),
        "articles": [
            row | {"doubts": by_article.get(number, [])} for number, row in enumerate(rows, start=1)
        ],
        "left_out": [
            {"text": str(row.text), "kind": row.kind, "page": row.page, "spans": spans}
            for row, spans in zip(issue.left_out, left_out, strict=True)
        ],
        "repairs": [
            {
                "where": row.where,
                "before": str(row.before),
                "after": row.after,
                "evidence": row.evidence,
                "spans": spans,
            }
            for row, spans in zip(issue.repairs, repairs, strict=True)
        ],
        "doubts": [_doubt_json(doubt, at) for doubt, at in zip(issue.doubts, places, strict=True)],
        **facts,
    }


def _doubt_json(doubt: Doubt, article: int) -> dict[str, Any]:
    """A doubt with its page and the number of its article, which is null where it is of none."""
    where = doubt.where
    assert isinstance(where, Span)  # noqa: S101  those of an issue stand on a page
    return {
        "kind": doubt.kind,
        "page": where.page,
        "article": article or None,
        "what": str(doubt.what),
        "why": doubt.why,
        "alternatives": list(doubt.alternatives),
        "where": asdict(where),
    }


def _article_json(article: Article) -> dict[str, Any]:
    head = article.headline
    return {
        "headline": str(head.main),
        "kicker": str(head.kicker) or None,
        "deck": str(head.deck) or None,
        "restored": head.restored or None,
        "dateline": str(article.dateline) or None,
        "byline": list(map(str, article.byline)),
        "signoff": str(article.signoff) or None,
        "page": article.page,
        "section": article.section or None,
        "continues_on": article.continues_on,
        "lead": list(map(str, article.lead)),
        "body": list(map(str, article.paragraphs)),
        "crossheads": [{"before": row.before, "text": str(row.text)} for row in article.crossheads],
        "abridged": article.abridged,
        "spans": {
            "headline": spans_json(head.main),
            "kicker": spans_json(head.kicker),
            "deck": spans_json(head.deck),
            "dateline": spans_json(article.dateline),
            "byline": list(map(spans_json, article.byline)),
            "signoff": spans_json(article.signoff),
            "body": list(map(spans_json, article.paragraphs)),
            "crossheads": list(map(spans_json, map(attrgetter("text"), article.crossheads))),
        },
    }
