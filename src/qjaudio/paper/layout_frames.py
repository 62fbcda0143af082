"""What a frame, a bar or a tint is for: an advert, a guide, figures, a headline's ground."""

import re
from collections.abc import Iterable
from dataclasses import replace

from qjaudio.paper.layout_lines import SIDE_SIZES, body_size, text_line
from qjaudio.paper.layout_regions import EDITORS_NOTE, HEADING_RATIO, Scale, line_pitch
from qjaudio.paper.lines import kind_of
from qjaudio.paper.model import Block, LayoutLine
from qjaudio.paper.pieces import is_byline
from qjaudio.paper.text import Box, box_around, compact, ends_sentence, han
from qjaudio.paper.words import is_pen_name

MIN_OWN_LINES = 6
"""So many lines in a frame say how large its text is."""
MAX_NOTE_LINES = 6
"""Of a note in a frame between a headline and its text."""
_ADVERT_MARK = re.compile("[【（]?(?:(?:分类|便民|公益|形象)?广告|(?:分类|便民)信息)[】）]?")


def is_advert_box(held: Iterable[LayoutLine]) -> bool:
    """Whether a frame says that it is an advert: a line of it is 广告 and no more."""
    return any(_ADVERT_MARK.fullmatch(compact(line.text)) for line in held)


_GUIDED = re.compile(r"[▶►→>]*(?:详?见|刊)?第?[A-D]?\d{1,2}版[▶►→>]*")
FEWEST_GUIDED, MOST_ENTRY_LINES = 3, 4
"""So many pages at least are named by a guide, each under so many lines at most."""


def is_guide_box(held: list[LayoutLine]) -> bool:
    """Whether a frame holds headlines of other pages, each with a line that names its page."""
    pages = sum(_GUIDED.fullmatch(compact(line.text)) is not None for line in held)
    return pages >= FEWEST_GUIDED and len(held) <= MOST_ENTRY_LINES * pages


_PAGES = re.compile(r"(?<![转接])第?[A-D]?\d{1,2}版")


def take_guide_rows(lines: list[LayoutLine]) -> tuple[list[Block], list[LayoutLine]]:
    """The lines of rows in which headlines and their pages stand side by side, and the others."""
    told = [x for x in lines if x.text.rstrip("▶►→>）) ").endswith("版") and _PAGES.search(x.text)]
    rows: list[list[LayoutLine]] = []
    for line in sorted(told, key=lambda line: line.box.centre):
        if rows and line.box.centre - rows[-1][0].box.centre < 0.4 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    rows = [row for row in rows if not any(ends_sentence(x.text) for x in row)]
    rows = [x for x in rows if sum(len(_PAGES.findall(y.text)) for y in x) >= FEWEST_GUIDED]
    found = {id(line) for row in rows for line in row}
    rows = [sorted(row, key=lambda line: line.box.left) for row in rows]
    blocks = [Block(lines=tuple(map(text_line, row)), kind="teaser") for row in rows]
    return blocks, [line for line in lines if id(line) not in found]


_FIGURE = re.compile(r"[近超约逾]?[\d.,]*\d[%％‰+余多]*\w{0,4}")
MAX_FIGURE_WORDS = 12
"""Characters of what is said of a large figure in a box."""


def is_figures_box(held: list[LayoutLine]) -> bool:
    """Whether a frame holds large figures (大数字), each over a few words in smaller type."""
    if len(held) < 2 or any(len(compact(x.text)) > MAX_FIGURE_WORDS for x in held):
        return False
    if any(ends_sentence(line.text) for line in held):
        return False
    least = min(line.size for line in held)
    large = [line for line in held if line.size > 1.2 * least]
    figures = [line for line in large if _FIGURE.fullmatch(compact(line.text))]
    return 2 * len(figures) >= max(2, len(held) - 2) and len(large) - len(figures) < 2


MAX_HEAD_LINES = 6
"""Lines of a headline block beside its text: kicker, headline and deck, two each."""
_CONTACT = re.compile(r"[：:].*\d|\d{5}")


def is_headline_alone(held: list[LayoutLine], least: float) -> bool:
    """Whether lines are in type of so much at `least`, few, and no sentence."""
    if max((line.size for line in held), default=0.0) < least or len(held) > MAX_HEAD_LINES:
        return False
    return not any(ends_sentence(x.text) or _CONTACT.search(x.text) for x in held)


def heads_text_beside(
    frame: Box, held: list[LayoutLine], lines: list[LayoutLine], scale: Scale
) -> bool:
    """Whether a frame holds a headline alone, level or upright, and a column right of it begins
    level without one."""
    if not is_headline_alone(held, 1.6 * scale.body):
        return False
    beside = [
        line
        for line in lines
        if 0 < line.box.left - frame.right < 2 * SIDE_SIZES * scale.body
        and -0.5 * scale.pitch < line.box.top - frame.top < frame.height
    ]
    first = min(beside, key=lambda line: line.box.top, default=None)
    return first is not None and first.size < scale.heading


def is_head_block(area: Box, lines: list[LayoutLine], scale: Scale) -> bool:
    """Whether a filled area, which a picture might be, is the ground of a headline beside its
    text."""
    held = [line for line in lines if area.holds(line.box, 3.0)]
    rest = [line for line in lines if line not in held]
    return (
        len(han(_text(held))) >= MIN_GROUNDED
        and not any(kind_of(line.text) for line in held)
        and heads_text_beside(area, held, rest, scale)
    )


MIN_GROUNDED, GROUND_DEPTH = 4, 4.0
"""Han characters of the shortest headline on a ground, and how far under that its text, a deck or
who wrote it begins, in type sizes."""


def is_head_ground(frame: Box, lines: list[LayoutLine], rules: Iterable[Box], body: float) -> bool:
    """Whether a bar or a tint is nothing but the ground of a headline: right under it, and not
    beyond its sides, columns begin a text that has no other."""
    held = [line for line in lines if frame.holds(line.box, 3.0)]
    if not is_headline_alone(held, 1.6 * body) or any(kind_of(line.text) for line in held):
        return False
    if len(han(_text(held))) < MIN_GROUNDED or is_figures_box(held):
        return False
    near = [x for x in lines if x not in held and x.box.shared_width(frame) > 0]
    text = text_under(frame, near, max(x.size for x in held), body, GROUND_DEPTH)
    if text is None or any(x.size >= HEADING_RATIO * body for x in text):
        return False
    return not text or _is_over_row(frame, text, near, rules, body)


def _is_over_row(
    frame: Box,
    text: list[LayoutLine],
    near: list[LayoutLine],
    rules: Iterable[Box],
    body: float,
) -> bool:
    """Whether a row of columns begins under a frame and not beyond its sides, and none of them goes
    on there from above it."""
    row = box_around(line.box for line in text)
    if row.left < frame.left - body or row.right > frame.right + body:
        return False
    if any(frame.bottom - 1 < x.top < row.top and x.shared_width(row) > body for x in rules):
        return False
    over = [x for x in near if 0 < frame.top - x.box.bottom < UNDER_SIZES * body]
    goes_on = len(text) == 1 and any(
        not ends_sentence(x.text)
        and x.size < HEADING_RATIO * body
        and _is_free(x.box, frame, rules)
        for x in over
    )  # in one column, words between two paragraphs
    return row.right + frame.width / 3 > frame.middle and not goes_on  # a photo may begin the row


def _is_free(box: Box, frame: Box, rules: Iterable[Box]) -> bool:
    """Whether no rule parts a line from a frame under it."""
    return not any(
        box.centre < x.centre < frame.top + 1 and x.shared_width(box) > 0.5 * box.width
        for x in rules
    )


def _text(lines: Iterable[LayoutLine]) -> str:
    return "".join(line.text for line in lines)


UNDER_SIZES, DECK_SHARE, MAX_ROWS = 2.0, 0.8, 4
"""What a rule parts stands so near to it, in type sizes; up to which share of its headline's type
a deck under it has, and how many rows of decks and names stand over a text."""


def text_under(
    over: Box, near: list[LayoutLine], head: float, body: float, depth: float = UNDER_SIZES
) -> list[LayoutLine] | None:
    """The first row of lines right under a rule or a bar, but for who wrote the story, and a deck
    of a headline in type of the size `head`; none but these over a photo, None if nothing at all.
    """
    level, found = over.bottom, None
    for _ in range(MAX_ROWS):
        row = [x for x in near if -0.3 * body < x.box.top - level < depth * body]
        if not row:
            break
        top = min(line.box.top for line in row)
        row = [line for line in row if line.box.top < top + body]
        rest = [x for x in row if not (is_byline(x) or is_pen_name(x.text))]
        if rest and (len(rest) > 1 or not _is_deck(rest[0], over, head, body)):
            return rest
        level, found = max(line.box.bottom for line in row), list[LayoutLine]()
    return found


def _is_deck(line: LayoutLine, over: Box, head: float, body: float) -> bool:
    """Whether a line alone is in type between the headline's and the text's, or stands in the
    middle, further in than a paragraph begins."""
    centred = abs(line.box.middle - over.middle) < body < (line.box.left - over.left) / 3
    small = (1.05 * body < line.size or centred) and line.size < DECK_SHARE * head
    return small and head > 1.6 * body and not ends_sentence(line.text)


def scale_of(held: list[LayoutLine], scale: Scale) -> Scale:
    """What the parts of a frame are told by: its own text where that is smaller than the page's."""
    if not scale.exact or len(held) < MIN_OWN_LINES:
        return scale
    body = body_size(held)
    body = body if body <= 0.97 * scale.body else scale.body
    return replace(scale, body=body, pitch=line_pitch(held, body))


def is_note_box(frame: Box, held: list[LayoutLine], lines: list[LayoutLine], scale: Scale) -> bool:
    """Whether a frame holds 编者按 alone, right under a headline and not over another: its story
    stands around it."""
    if not any(EDITORS_NOTE.match(line.text) for line in held) or held[MAX_NOTE_LINES:]:
        return False
    near = sorted((x for x in lines if x.box.shared_width(frame) > 0), key=lambda x: x.box.top)
    over = [x for x in near if 0 < frame.top - x.box.bottom < 2 * x.size][-1:]
    under = [x for x in near if x.box.top > frame.bottom][:1]
    return over == [x for x in over + under if x.size > HEADING_RATIO * scale.body] != []
