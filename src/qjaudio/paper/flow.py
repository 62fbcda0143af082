"""How the lines of each story follow each other on its page, by their places alone.

A column of text stands under the heading of its story or under its own text, level with another
column of the story, and no other story's text stands between them. What breaks this was a close
decision of the layout: one of two stories has lines of the other.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from math import inf
from statistics import median

from qjaudio.paper.lines import is_label
from qjaudio.paper.model import TITLE_SIZES, Article, Page, texts_of
from qjaudio.paper.text import (
    Box,
    PageText,
    box_around,
    compact,
    ends_sentence,
    han,
    is_han,
    parts_level,
    spans_of,
)
from qjaudio.paper.words import cut

NARROW = 0.3
"""Share of the narrower of two boxes from which on one stands over the other."""
LEVEL_PITCHES = 1.2  # tops that differ by less are level
MANY_LINES = 2.5
"""As many times wider than its box is a text that was set in several lines."""
GAP_PITCHES, NEAR_PITCHES = 2.5, 0.9
"""Lines further apart do not follow each other; text that ends so near over a column goes on."""
GUTTER_SIZES = 3.2
"""Columns that stand side by side are no further apart, in type sizes."""
INDENT_SIZES, SHORT_SIZES = 0.4, 1.5
"""So far in begins a paragraph, and so far from the edge ends a line that was cut short."""
PART_INDENT = 3  # type sizes: a paragraph under a line of fewer characters begins no further in
MOST_INDENTED = 0.85  # of a page's paragraphs so many begin so where it sets them in
FEWEST_ROWS = 3  # a column of fewer lines does not tell where its edge is
PART_SIZES = 1.5
"""A heading of no story that stands so near to one of a story, in type sizes, is a part of it."""
HALF, ALIKE = 0.5, 1.25
"""A line over a headline not so wide as this share of it is a label; heights of headings further
apart are of two: over a headline stand labels and kickers too."""
FLUSH_SIZES = 0.3
"""What begins within this of a column's edge begins with it, in type sizes."""
HEADING_SIZES, HEADLINE_SIZES = 1.1, 1.05
"""A heading is larger than the text, by this much; a headline as the layout measured it."""
WIDE = 1.4
"""A column that is so many times as wide as all others of its story is hardly of it."""
FREE_SIZES, LEAST_HEAD = 1.15, 5
"""Of a headline of no story: type sizes, and Han characters; a label has fewer."""
_ENTRY = re.compile("[^。，；]{2,8}[：:].")
_ALONE = ("small_headline", "low_headline", "half_start")


@dataclass(frozen=True, slots=True)
class _Row:
    """A printed line: its place, and whose it is."""

    box: Box
    article: int
    """The number of the article from 0; -1 for a heading of none."""
    is_head: bool
    text: PageText


@dataclass(frozen=True, slots=True)
class _Column:
    article: int
    rows: tuple[_Row, ...]
    box: Box

    @property
    def first(self) -> _Row:
        return self.rows[0]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page as its articles see it."""

    heads: tuple[_Row, ...]
    columns: tuple[_Column, ...]
    pictures: tuple[Box, ...]
    rules: tuple[Box, ...]
    pitch: float
    size: float
    indented: bool = False
    """Whether paragraphs begin with an indent."""

    @property
    def free(self) -> list[_Row]:
        """The headlines that no story has; a label is smaller or shorter."""
        return [
            head
            for head in self.heads
            if head.article < 0 and len(han(head.text)) >= LEAST_HEAD and not is_label(head.text)
            if min(head.box.width, head.box.height) > FREE_SIZES * self.size
        ]

    def frames_around(self, box: Box) -> list[Box]:
        """The frames that hold a box."""
        return [rule for rule in self.rules if rule.holds(box, self.size / 3)]

    def heads_of(self, article: int) -> list[Box]:
        return [row.box for row in self.heads if row.article == article]

    def above(self, column: _Column, *, of_stories: bool = False) -> _Row | None:
        """The nearest heading or line of text over a column, or the nearest one of a story; its
        headline may stand in the first line."""
        first, whole = column.first, column.box
        rows = (*self.heads, *(row for other in self.columns for row in other.rows))
        over = (x for x in rows if _is_over(x.box, whole) and (x.article >= 0 or not of_stories))
        own = [] if first.is_head else [x for x in self.heads if x.article == column.article]
        level = [x for x in own if _is_same_line(x.box, first.box) or x.box == first.box]
        high = first.box.top + 0.35 * first.box.height
        found = [*level, *(row for row in over if row.box.bottom <= high)]
        return max(found, key=lambda row: row.box.bottom, default=None)


def misplaced(
    articles: Sequence[Article], page: Page, strange: Collection[object] = ()
) -> Iterator[tuple[str, PageText]]:
    """Kinds of doubt (rules/doubts.toml) of a page with places, each with the text it is about.

    `strange` are the places of headlines that seem to be of another story.
    """
    sheet = _sheet_of(articles, page)
    if sheet is None:
        return
    for before, column in pairwise([None, *sheet.columns]):
        assert column  # noqa: S101  only the first one is none
        jumped = articles[column.article].page != page.number
        yield from _of_column(column, before, sheet, jumped=jumped)
    for number, article in enumerate(articles):
        rows = [*_of_heading(article, number, page, sheet)]
        yield from rows
        is_strange = any(span in strange for span in spans_of(article.headline.main)[:1])
        if is_strange or any(name in _ALONE for name, _ in rows):
            yield from _robbed(number, sheet)


def _of_column(
    column: _Column, before: _Column | None, sheet: _Sheet, *, jumped: bool
) -> Iterator[tuple[str, PageText]]:
    """Whether a column, or a part of it, seems to be of another story, which then lacks it."""
    upright = any(map(_is_upright, sheet.heads_of(column.article)))
    over = None if upright else _other_over(column, before, sheet)
    others = [over] if over else None
    rest = jumped and (before is None or before.article != column.article)
    if others is None and not rest and _starts_badly(column, before, sheet):
        over = sheet.above(column, of_stories=True)
        others = [over] if over and over.article != column.article else []
    if others is None and not rest and _is_wide(column, before, sheet):
        others = []
    if before and _is_signed_off(before, column, sheet):
        left = [x for x in sheet.columns if _is_left(x, before, sheet)]
        others = [x.rows[-1] for x in left if x.article != column.article][-1:]
    if others is not None:
        yield "other_column", column.first.text
        yield from (("lost_column", other.text) for other in others)
    if not rest and _headed_by_none(column, before, sheet):
        yield "parted_headline", column.first.text
    for upper, lower in pairwise(column.rows):
        if _is_gap(upper, lower, sheet) or _breaks_off(upper, lower, column, sheet):
            yield "other_column", lower.text


def _is_signed_off(before: _Column, column: _Column, sheet: _Sheet) -> bool:
    """Whether who wrote a story stands at the right under the column before, as at its end."""
    last, ended = before.rows[-1].box, ends_sentence(before.rows[-1].text)
    return (
        ended
        and before.article == column.article
        and any(
            row.article == column.article
            and _is_credit(row, sheet)
            and 0 <= row.box.top - last.top < 2 * sheet.pitch
            and row.box.left > before.box.middle
            and row.box.right <= before.box.right + sheet.size
            for row in sheet.heads
        )
    )


def _is_left(other: _Column, column: _Column, sheet: _Sheet) -> bool:
    """Whether a column stands next to another one, where its text would have begun."""
    apart = column.box.left - other.box.right
    return other.box.shared_height(column.box) > 0 and 0 < apart < GUTTER_SIZES * sheet.size


def _robbed(piece: int, sheet: _Sheet) -> Iterator[tuple[str, PageText]]:
    """What an article that is hardly one of its own may have been cut from: the stories whose even
    columns stand next to its own, and do not go on."""
    columns = [x for x in sheet.columns if x.article == piece]
    others = [x for x in sheet.columns if x.article != piece and _lacks(x.article, sheet)]
    for column, other in product(columns, others):
        if _is_next(other, column, sheet):
            yield "lost_column", other.rows[-1].text


def _lacks(article: int, sheet: _Sheet) -> bool:
    """Whether a story is open at its end or in between, or is not set in where it begins."""
    own = [x for x in sheet.columns if x.article == article]
    flush = sheet.indented and not _is_indented(own[0].first, own[0], sheet)
    parted = any(_starts_badly(after, before, sheet) for before, after in pairwise(own))
    return flush or parted or not ends_sentence(own[-1].rows[-1].text)


def _is_next(other: _Column, column: _Column, sheet: _Sheet) -> bool:
    """Whether two columns stand side by side as those of one story do, and not as briefs in a row,
    of which each has its heading level with the other's."""
    even = abs(other.box.width - column.box.width) < SHORT_SIZES * sheet.size
    near = _is_left(other, column, sheet) or _is_left(column, other, sheet)
    ruled = any(parts_level(rule, other.box, column.box) for rule in sheet.rules)
    alone = sum(x.article == other.article for x in sheet.columns) == 1
    brief = alone and any(
        abs(one.centre - head.centre) < sheet.pitch / 2
        for one in sheet.heads_of(other.article)
        for head in sheet.heads_of(column.article)
    )
    return even and near and not (ruled or brief)


def _of_heading(
    article: Article, number: int, page: Page, sheet: _Sheet
) -> Iterator[tuple[str, PageText]]:
    """The same of an article's headline: that it is none, or stands under one of another story, or
    over text that does not begin there."""
    main = PageText(article.headline.main)
    for column in [x for x in sheet.columns if x.article == number][:1]:
        opened = article.page != page.number or article.dateline or article.is_poem
        if not opened and _goes_on(column, sheet):
            yield "half_start", column.first.text
    free = _has_free_headline(article, number, page, sheet)
    found = {
        "parted_headline": free or _has_other_part(article, page, sheet),
        "two_headlines": _is_of_two(article, number, page, sheet),
        "small_headline": _has_small_head(article, number, page, sheet),
        "low_headline": article.is_low_headed,
    }
    yield from ((name, main) for name, told in found.items() if told)
    yield from (("other_story", PageText(name)) for name in article.names_inside)
    yield from (("other_type", line) for line in article.lines_set_in)
    if other := _row_over(article, number, sheet):
        yield from (("other_column", main), ("lost_column", other.text))


def _other_over(column: _Column, before: _Column | None, sheet: _Sheet) -> _Row | None:
    """What stands over a column that is not its story's, unless a column of it stands level."""
    over = sheet.above(column)
    if over is None or over.article in (-1, column.article) or _is_credit(over, sheet):
        return None
    ended = [x.box.bottom < over.box.bottom for x in sheet.columns if x.article == over.article]
    if _goes_on_level(column, before, sheet) or (over.is_head and ended and all(ended)):
        return None  # the other story ends with its headline
    for other in sheet.columns:
        level = abs(other.box.top - column.box.top) < LEVEL_PITCHES * sheet.pitch
        if level and other is not column and other.article == column.article:
            return None
    near = column.box.top - over.box.bottom < NEAR_PITCHES * sheet.pitch
    return over if near or over.is_head else None


def _goes_on_level(column: _Column, before: _Column | None, sheet: _Sheet) -> bool:
    """Whether a column goes on with an open sentence of its story, and begins level with its
    heading: the last one of a story often does that."""
    if before is None or before.article != column.article or ends_sentence(before.rows[-1].text):
        return False
    first = column.first
    return not _is_indented(first, column, sheet) and any(
        first.box.bottom > head.top - sheet.pitch and first.box.top < head.bottom
        for head in sheet.heads_of(column.article)
    )


def _is_credit(row: _Row, sheet: _Sheet) -> bool:
    """Whether a row of a story is no larger than the text, and none of it: who wrote it."""
    return row.is_head and row.box.height < HEADING_SIZES * sheet.size


def _starts_badly(column: _Column, before: _Column | None, sheet: _Sheet) -> bool:
    """Whether a column goes on with a sentence where its story has none open, or begins anew."""
    if not sheet.indented or len(column.rows) < FEWEST_ROWS:
        return False
    begins = _is_indented(column.first, column, sheet)
    if before is None or before.article != column.article:
        away = (abs(x.top - column.box.top) for x in sheet.heads_of(column.article))
        first = column.first.text  # no drop cap, and nobody who is written to
        begins |= first.endswith(("：", ":")) and _is_short(column.first, column, sheet)
        return not begins and min(away, default=inf) >= 2 * sheet.pitch and len(first) > 1
    last = before.rows[-1]
    if ends_sentence(last.text):
        return not begins and _is_short(last, before, sheet)
    if _ENTRY.match(column.first.text) and any(_ENTRY.match(row.text) for row in before.rows):
        return False  # entries of a list end without a mark
    end, after = last.text[-1], column.first.text[0]
    return begins and (is_han(end) or (end in "，、；" and is_han(after)))


def _goes_on(column: _Column, sheet: _Sheet) -> bool:
    """Whether the text of a story begins as a paragraph goes on: with a line that is not set in,
    nor the rest of one whose opening was taken off, be it a line of names that is, nor a drop cap,
    and as if inside a word, or as its last."""
    row = column.first
    if not sheet.indented or len(column.rows) < FEWEST_ROWS or _is_indented(row, column, sheet):
        return False
    whole = len(row.text) > 1 and not any(span.start for span in row.text.spans[:1])
    over = sheet.above(column)
    if over and over.article == column.article and _is_credit(over, sheet):
        whole = whole and not _is_indented(over, column, sheet)
    last = _is_short(row, column, sheet) and ends_sentence(row.text) and row.text[-1] not in "：:"
    return whole and is_han(row.text[0]) and (last or len(cut(row.text)[0]) == 1)


def _is_indented(row: _Row, column: _Column, sheet: _Sheet) -> bool:
    bare = 0.5 * (row.text[:1] in "“‘《（")  # of the square of a mark that opens
    return row.box.left > column.box.left + (INDENT_SIZES + bare) * sheet.size


def _is_wide(column: _Column, before: _Column | None, sheet: _Sheet) -> bool:
    """Whether a column goes on with a story in columns that are all much narrower."""
    if before is None or before.article != column.article:
        return False
    others = (x for x in sheet.columns if x.article == column.article and x is not column)
    widths = [other.box.width for other in others]
    return len(widths) > 1 and column.box.width > WIDE * max(widths)


def _is_short(row: _Row, column: _Column, sheet: _Sheet) -> bool:
    return row.box.right < column.box.right - SHORT_SIZES * sheet.size


def _breaks_off(upper: _Row, lower: _Row, column: _Column, sheet: _Sheet) -> bool:
    """Whether a whole line that is not set in stands under the short last line of a paragraph."""
    if not sheet.indented or len(column.rows) < FEWEST_ROWS or not is_han(lower.text[0]):
        return False
    ended = ends_sentence(upper.text) and _is_short(upper, column, sheet)
    text = lower.box.height < HEADING_SIZES * sheet.size and (
        ends_sentence(lower.text) or not _is_short(lower, column, sheet)
    )
    return ended and text and not _is_indented(lower, column, sheet)


def _headed_by_none(column: _Column, before: _Column | None, sheet: _Sheet) -> bool:
    """Whether a headline that no story has stands over a column that begins a paragraph or its
    story, with no more than a rule or a writer between; or beside one that its own is not over."""
    goes_on = before is not None and before.article == column.article
    if goes_on and not _is_indented(column.first, column, sheet):
        return False
    over = sheet.above(column)
    headed = over is not None and over.is_head and over.article == column.article
    if over and _is_credit(over, sheet):
        over = sheet.above(replace(column, rows=(over,)))
    return any(
        _is_beside_start(head.box, column, sheet)
        if _is_upright(head.box) or not (headed or head is over)
        else head is over and _is_right_over(head.box, column.box, sheet)
        for head in sheet.free
    )


def _is_beside_start(head: Box, column: _Column, sheet: _Sheet) -> bool:
    """Whether a headline stands beside a column: upright, or left of it and in its frame if any."""
    near = 0 < -head.shared_width(column.box) < GUTTER_SIZES * sheet.size
    framed = all(x.holds(column.box) for x in sheet.frames_around(head))
    placed = _is_upright(head) or (framed and head.right < column.box.left)
    return near and placed and head.shared_height(column.box) > 0.8 * head.height


def _has_free_headline(article: Article, number: int, page: Page, sheet: _Sheet) -> bool:
    """Whether a headline that no story has is larger than this one's and stands right over it, or
    upright beside its columns; or in one frame with some of them and without its own."""
    columns = [column.box for column in sheet.columns if column.article == number]
    heads = _boxes(article.headline.main, page)
    if not heads or article.page != page.number:
        return False
    own = max(min(box.width, box.height) for box in heads)
    for box in (head.box for head in sheet.free):
        frames, size = sheet.frames_around(box), min(box.width, box.height)
        inside = any(x.holds(y) for x in frames for y in columns)
        if inside and (size > ALIKE * own or not any(x.holds(y) for x in frames for y in heads)):
            return True
        near = GUTTER_SIZES * sheet.size
        beside = (
            one
            for one in (columns if _is_upright(box) else ())
            if 0 < -box.shared_width(one) < near and box.shared_height(one) > HALF * box.height
        )
        inner = box.shared_width(box_around([*columns, *heads])) > 0.95 * box.width
        over = (x for x in heads if inner and _is_over(box, x) and 0 <= x.top - box.bottom < size)
        for one in (*beside, *over):
            gap = box_around((box, one))
            fenced = any(x.meets(gap) and x not in frames for x in sheet.rules)
            if size > ALIKE * own and not fenced and sheet.frames_around(one) == frames:
                return True
    return False


def _is_right_over(head: Box, text: Box, sheet: _Sheet) -> bool:
    """Whether a heading stands near over a text, with no picture between."""
    gap = Box(head.left, head.bottom, head.right, text.top)
    return gap.height < GAP_PITCHES * sheet.pitch and not any(x.meets(gap) for x in sheet.pictures)


def _has_indents(columns: Iterable[_Column], sheet: _Sheet) -> bool:
    """Whether a page sets the first lines of paragraphs in, by those after a line cut short."""
    starts = [
        _is_indented(lower, column, sheet)
        for column in columns
        for upper, lower in pairwise(column.rows)
        if ends_sentence(upper.text) and _is_short(upper, column, sheet)
    ]
    return sum(starts) > MOST_INDENTED * len(starts)


def _is_gap(upper: _Row, lower: _Row, sheet: _Sheet) -> bool:
    """Whether two lines of a column stand apart, and nothing that was set into it between them.

    That is a picture, a heading of the story, or words between two rules.
    """
    if lower.box.top - upper.box.top < GAP_PITCHES * sheet.pitch:
        return False
    left, right = min(upper.box.left, lower.box.left), max(upper.box.right, lower.box.right)
    between = Box(left, upper.box.bottom, right, lower.box.top)
    inset = [*sheet.pictures, *sheet.heads_of(upper.article)]
    rules = [rule for rule in sheet.rules if rule.meets(between)]
    return len(rules) < 2 and not any(box.meets(between) for box in inset)


def _row_over(article: Article, number: int, sheet: _Sheet) -> _Row | None:
    """What of another story stands right over the heading of one: its heading, or its text if the
    heading is smaller and one line, no rule is between, and nobody signs it: so stands a 小标题."""
    heads = [head for head in sheet.heads if head.article == number]
    if not heads or any(_is_upright(head.box) for head in heads[:1]):
        return None
    first = heads[0].box
    over = sheet.above(_Column(number, (heads[0],), first))
    if over is None or over.article in (-1, number) or _is_upright(over.box):
        return None
    gap = Box(over.box.left, over.box.bottom, over.box.right, first.top)
    if over.is_head:  # who wrote it ends the story over a heading
        close = gap.height < NEAR_PITCHES * sheet.pitch and not _is_credit(over, sheet)
        return over if close else None
    largest = max((box.height for box in sheet.heads_of(over.article)), default=0.0)
    smaller = len(heads) == 1 and first.height < min(largest / ALIKE, TITLE_SIZES * sheet.size)
    near = gap.height < GAP_PITCHES * sheet.pitch and not any(x.meets(gap) for x in sheet.rules)
    return over if near and smaller and not (article.dateline or article.byline) else None


def _has_other_part(article: Article, page: Page, sheet: _Sheet) -> bool:
    """Whether a headline's other part was left out, or taken for a kicker beside it."""
    banners = (
        _Row(line.box, -1, is_head=True, text=PageText(line.text))
        for block in page.blocks
        for line in (block.lines if block.kind == "banner" else ())
        if line.box
    )
    rows = [*sheet.heads, *banners]
    kicker, main = _boxes(article.headline.kicker, page), _boxes(article.headline.main, page)
    for head in main:
        for row in rows:
            apart = max(-row.box.shared_width(head), 0) + max(-row.box.shared_height(head), 0)
            alike = max(row.box.height, head.height) < ALIKE * min(row.box.height, head.height)
            beside = row.box.shared_height(head)
            part = beside > 0.5 * row.box.height or (
                alike and (beside > 0 or _is_over(row.box, head))
            )
            label = is_label(compact(row.text)) or len(han(row.text)) < LEAST_HEAD
            label |= row.box.width < HALF * head.width  # 聚焦在行动
            known = row.article >= 0 or (beside <= 0 and label) or is_label(compact(row.text))
            if not known and han(row.text) and part and apart < PART_SIZES * sheet.size:
                return True
    if kicker and _is_upright(box_around(kicker)):
        return False  # its characters stand one below the other, beside those of the headline
    level = [box for box in main if not _is_upright(box)]
    return any(a.shared_height(b) > 0.5 * a.height for a in kicker for b in level)


def _is_of_two(article: Article, number: int, page: Page, sheet: _Sheet) -> bool:
    """Whether a part of a headline stands beside its story, or begins flush with a later column
    that may begin one; the single characters of a headline that is set far apart are no parts."""
    own = [column for column in sheet.columns if column.article == number]
    first, *rest = _boxes(article.headline.main, page) or [Box(0, 0, 0, 0)]
    pairs = [*pairwise(own)] if sheet.indented else []
    on = [
        y
        for x, y in pairs
        if not (ends_sentence(x.rows[-1].text) or _is_indented(y.first, y, sheet))
    ]
    later = [x.box for x in own if x.box.left > first.right and x not in on]
    wide = [box for box in rest if box.width > ALIKE * box.height]
    beside = [box for box in wide if box.shared_height(first) > 0 and box.left > first.right]
    return bool(own) and any(
        all(box.shared_width(column.box) <= 0 for column in own)
        or any(abs(box.left - column.left) < FLUSH_SIZES * sheet.size for column in later)
        for box in beside
    )


def _has_small_head(article: Article, number: int, page: Page, sheet: _Sheet) -> bool:
    """Whether the headline is in type of the size of the text, and that does not say it begins."""
    heads = [] if article.dateline else _boxes(article.headline.main, page)
    rows = [row.box for column in sheet.columns if column.article == number for row in column.rows]
    if not heads or not rows or any(map(_is_upright, heads)):
        return False
    printed = {span.line for span in spans_of(article.headline.main) if span.page == page.number}
    titles = (line for block in page.blocks if block.level for line in block.lines)
    sizes = [x.size or 0.0 for x in titles if printed & {y.line for y in spans_of(x.text)}]
    text = median(box.height for box in rows)
    if max(sizes, default=0.0) >= HEADLINE_SIZES * text:
        return False
    return max(box.height for box in heads) < HEADING_SIZES * text


def _is_upright(box: Box) -> bool:
    return box.height > 1.8 * box.width


def _is_over(one: Box, other: Box) -> bool:
    return one.shared_width(other) > NARROW * min(one.width, other.width)


def _boxes(text: str, page: Page) -> list[Box]:
    return [span.box for span in spans_of(text) if span.box and span.page == page.number]


def _sheet_of(articles: Sequence[Article], page: Page) -> _Sheet | None:
    columns, heads, taken = list[_Column](), list[_Row](), set[int]()
    mains = {compact(article.headline.main): at for at, article in enumerate(articles)}
    for number, article in enumerate(articles):
        columns += _columns_of(article, number, page)
        for text in texts_of(article):
            here = [span for span in spans_of(text) if span.page == page.number]
            taken.update(span.line for span in here)
            if text not in article.paragraphs:
                boxes = [span.box for span in here if span.box]
                heads += [_Row(box, number, is_head=True, text=PageText(text)) for box in boxes]
    for block in (block for block in page.blocks if block.level):
        words = PageText("".join(line.text for line in block.lines))
        for line in block.lines:
            if line.box and (at := spans_of(line.text)) and at[0].line not in taken:
                again = mains.get(compact(line.text), -1)  # over the rest of a story
                heads.append(_Row(line.box, again, is_head=True, text=words))
    pairs = (pair for column in columns for pair in pairwise(column.rows))
    steps = [lower.box.top - upper.box.top for upper, lower in pairs]
    rows = [row for column in columns for row in column.rows]
    paragraphs = sum(map(_holds_lines, rows))
    if not steps or (paragraphs if page.ordered else 2 * paragraphs > len(rows)):
        return None  # a tool told the places of paragraphs alone
    size = median(row.box.height for row in rows)
    sheet = _Sheet(tuple(heads), tuple(columns), page.pictures, page.rules, median(steps), size)
    return replace(sheet, indented=_has_indents(columns, sheet))


def _holds_lines(row: _Row) -> bool:
    """Whether the box of a text is that of several lines."""
    short, long = sorted((row.box.width, row.box.height))
    return len(row.text) * short > MANY_LINES * long


def _columns_of(article: Article, number: int, page: Page) -> list[_Column]:
    """The lines of an article's text on a page, those that stand one under the other together."""
    columns: list[list[_Row]] = []
    for row in _rows_of(article, number, page):
        last = columns[-1][-1] if columns else None
        if last and _is_same_line(last.box, row.box):
            whole = box_around([last.box, row.box])  # a mark may stand by itself
            columns[-1][-1] = replace(last, box=whole, text=last.text + row.text)
        elif last and row.box.top > last.box.top and _goes_down(columns[-1], row.box):
            columns[-1].append(row)
        else:
            columns.append([row])
    return [_Column(number, tuple(c), box_around(row.box for row in c)) for c in columns]


def _goes_down(column: list[_Row], box: Box) -> bool:
    last = box_around(row.box for row in column[-3:])
    return _is_over(box, last) or 0 < box.left - last.left < PART_INDENT * box.height


def _is_same_line(last: Box, box: Box) -> bool:
    """Whether a box goes on with a line that the page has in several pieces."""
    apart = box.left - last.right
    return abs(box.top - last.top) < 0.5 * box.height and abs(apart) < 4 * box.height


def _rows_of(article: Article, number: int, page: Page) -> Iterator[_Row]:
    seen = set[int]()
    for text in map(PageText, article.paragraphs):
        for at, span in text.runs:
            if span.box and span.page == page.number and span.line not in seen:
                seen.add(span.line)
                part = text[at : at + span.end - span.start]
                yield _Row(span.box, number, is_head=False, text=part)
