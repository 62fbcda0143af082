"""What a frame, a bar or a tint is for: an advert, a guide, figures, a headline's ground; and which
level rules belong to a headline, under it, or over and under its deck or who wrote it: any other
rule parts what stands above it from what stands below."""

import re
from collections.abc import Iterable
from dataclasses import replace
from operator import attrgetter
from statistics import median

from qjaudio.paper.layout_lines import MIN_HEADLINE, SIDE_SIZES, body_size, text_line
from qjaudio.paper.layout_regions import (
    CAPTION_WORDS,
    EDITORS_NOTE,
    HEADING_RATIO,
    PICTURE_PITCHES,
    Region,
    Scale,
    line_pitch,
    lines_on,
)
from qjaudio.paper.lines import kind_of
from qjaudio.paper.model import Block, LayoutLine, Page, TextLine
from qjaudio.paper.pieces import MAX_BOX_LABEL, is_byline
from qjaudio.paper.text import Box, box_around, compact, ends_sentence, gaps_between, han
from qjaudio.paper.words import is_pen_name

MEETING, CUT_CORNER, LABEL_GAP = 0.5, 2.2, 4.5
"""In type sizes: so near to each other end rules that meet; so much of a corner is cut off; and so
much is free beside the label in a frame's upper edge, whose short end a source may not tell."""
MAX_SIDES = 400
"""A page with more rules has none for frames of its stories."""


def with_drawn_frames(page: Page) -> Page:
    """A page, each frame that is drawn side by side as one box: corners may be cut off, and a label
    may stand in a gap of the upper edge."""
    lines = [line for block in page.blocks for line in block.lines]
    body = median([line.size or line.box.height for line in lines if line.box] or [0.0])
    tall = [x for x in page.rules if x.is_tall and x.width < body < x.height / 4]
    level = [x for x in page.rules if not x.is_tall and x.height < body < x.width / 2]
    if len(tall) + len(level) > MAX_SIDES:
        return page
    labels = [x.box for x in lines if x.box and 1 < len(han(x.text)) <= MAX_BOX_LABEL]
    found, used = list[Box](), list[Box]()
    for left in tall:
        feet = (x for x in level if _meet(x.left - left.middle, left.bottom - x.bottom, body))
        foot = min(feet, key=lambda x: abs(left.bottom - x.bottom), default=None)
        sides = (
            x
            for x in tall
            if foot
            and _meet(x.middle - foot.right, foot.bottom - x.bottom, body)
            and x.middle > left.middle + 4 * body
            and abs(x.top - left.top) < CUT_CORNER * body
        )
        right = min(sides, key=lambda x: abs(x.top - left.top), default=None)
        if foot is None or right is None:
            continue
        box = Box(left.middle, min(left.top, right.top), right.middle, foot.centre)
        edge = [x for x in level if abs(x.centre - box.top) < MEETING * body]
        edge = [x for x in edge if box.left - body < x.left and x.right < box.right + body]
        words = [x for x in labels if x.top < box.top < x.bottom and x.shared_width(box) > 0]
        ends = [(box.left, box.left), *((x.left, x.right) for x in (*edge, *words))]
        gaps = gaps_between([*ends, (box.right, box.right)])
        most = (LABEL_GAP if words else CUT_CORNER) * body
        told = (x.size for x in lines if x.size and x.box and box.holds(x.box))
        if words and max(told, default=0.0) < HEADING_RATIO * body:
            continue  # it names what has no headline of its own
        if edge + words and all(high - low < most for low, high in gaps):
            found.append(box)
            used += [left, foot, right, *edge]
    rules = tuple(rule for rule in page.rules if rule not in used)
    return replace(page, rules=(*rules, *dict.fromkeys(found)))


def _meet(across: float, down: float, body: float) -> bool:
    """Whether the ends of two rules meet in a corner, or where one is cut off or round."""
    across, down = abs(across), abs(down)
    cut = abs(across - down) < MEETING * body and across < CUT_CORNER * body
    return max(across, down) < MEETING * body or cut


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


DECK_SHARE = 0.6
"""A deck under a picture is no larger than so much of the headline on it."""


def headline_on(
    picture: Box, lines: list[LayoutLine], shots: list[Box], scale: Scale
) -> Region | None:
    """The headline in large type on a picture with text right under it, or level beside it."""
    held = [
        x for x in lines_on(picture, lines) if x.size > 1.6 * scale.body and len(han(x.text)) > 2
    ]
    if not held or held[0].vertical or held[0].text.count("，") > 1:
        return None
    tops = sorted((x for x in lines if x not in held), key=lambda line: line.box.top)
    under = [
        line
        for line in tops
        if 0 < line.box.top - picture.bottom < 2 * scale.pitch
        and line.box.shared_width(picture) > 0
    ]
    starts = [
        line.box.left
        for line in tops
        if 0 < line.box.top - picture.bottom < PICTURE_PITCHES * scale.pitch  # or after a label
        and picture.left - scale.body < line.box.left < picture.right
        and line.size < scale.heading
        and not is_byline(line)
    ]
    photos = [x.left for x in shots if 0 < x.top - picture.bottom < 2 * scale.pitch]
    if starts and min(starts + photos) > picture.left + 3 * scale.body:
        return None
    level = [line for line in tops if abs(line.box.top - picture.top) < 1.5 * scale.pitch]
    beside = [line for line in level if 0 < line.box.left - picture.right < 3.5 * scale.body]
    nearest = next(iter(under or beside), None)
    decks = _decks_under(picture, held, tops, scale)
    if decks is None and (kicker := _kicker_on(picture, held, tops)) is not None:
        decks = _decks_over_row(picture, [*held, *kicker], tops, scale)
        held = [*held, *kicker] if decks is not None else held
    if nearest is None or (decks is None and not scale.small <= nearest.size < scale.heading):
        return None
    first = min(under, key=lambda line: line.box.left, default=nearest)
    alone = under and all(x.box.shared_width(first.box) > 0 for x in under)
    if alone and decks is None and ends_sentence(first.text):
        return None  # text of one column goes on under an advert
    top = min(line.box.top for line in held) if under else picture.top
    bottom = max(x.bottom for x in (picture, *(line.box for line in decks or ())))
    return Region("heading", replace(picture, top=top, bottom=bottom), (*held, *(decks or ())))


def _decks_under(
    picture: Box, held: list[LayoutLine], tops: list[LayoutLine], scale: Scale
) -> list[LayoutLine] | None:
    """The decks between a picture, its caption and a byline under them; none if no byline is there
    or more stands on the picture than a headline: an advert says whose it is."""
    decks = list[LayoutLine]()
    below = (x for x in tops if 0 < x.box.top - picture.bottom < PICTURE_PITCHES * scale.pitch)
    for line in (x for x in below if x.box.shared_width(picture) > 0):
        centred = abs(line.box.middle - picture.middle) < 2 * scale.body
        if is_byline(line):
            return (
                decks if centred and len(lines_on(picture, [*held, *tops])) == len(held) else None
            )
        if line.size >= scale.heading and line.size < DECK_SHARE * held[0].size and centred:
            decks.append(line)
        elif line.size >= scale.small or decks:
            return None
    return None


def _kicker_on(
    picture: Box, held: list[LayoutLine], tops: list[LayoutLine]
) -> list[LayoutLine] | None:
    """The line in smaller type right over a headline on a picture, if any; none if more stands on
    the picture, as on an advert."""
    others = lines_on(picture, tops)
    away = [held[0].box.top - line.box.bottom for line in others]
    near = all(-0.3 * x.size < step < 1.5 * x.size for x, step in zip(others, away, strict=True))
    return others if near and len(others) < 2 else None


def _decks_over_row(
    picture: Box, held: list[LayoutLine], tops: list[LayoutLine], scale: Scale
) -> list[LayoutLine] | None:
    """The decks between a picture and a row of columns as wide as it, under its caption and a
    byline; none if there is no such row, or another headline over the picture."""
    if any(_is_over(line, picture, scale) for line in tops):
        return None
    decks = list[LayoutLine]()
    below = (x for x in tops if 0 < x.box.top - picture.bottom < PICTURE_PITCHES * scale.pitch)
    for line in (x for x in below if x.box.shared_width(picture) > 0):
        if line.size >= scale.heading:
            aside = (line.box.middle - picture.middle, line.box.left - picture.left)
            if line.size > DECK_SHARE * held[0].size or min(map(abs, aside)) > 2 * scale.body:
                return None
            decks.append(line)
        elif line.size >= scale.small and not (
            is_byline(line) or CAPTION_WORDS.search(compact(line.text))
        ):
            row = [x for x in tops if abs(x.box.top - line.box.top) < 0.5 * scale.pitch]
            row = [x for x in row if x.box.shared_width(picture) > 0 and x.size < scale.heading]
            whole = box_around(x.box for x in row)
            flush = abs(whole.right - picture.right) < 1.5 * scale.body
            return decks if flush and len(row) > 1 else None
    return None


def _is_over(line: LayoutLine, picture: Box, scale: Scale) -> bool:
    near = 0 < picture.top - line.box.bottom < PICTURE_PITCHES * scale.pitch
    large = line.size > 1.6 * scale.body and len(han(line.text)) >= MIN_HEADLINE
    return near and large and line.box.shared_width(picture) > 0


def is_note_box(frame: Box, held: list[LayoutLine], lines: list[LayoutLine], scale: Scale) -> bool:
    """Whether a frame holds 编者按 alone, right under a headline and not over another: its story
    stands around it."""
    if not any(EDITORS_NOTE.match(line.text) for line in held) or held[MAX_NOTE_LINES:]:
        return False
    near = sorted((x for x in lines if x.box.shared_width(frame) > 0), key=lambda x: x.box.top)
    over = [x for x in near if 0 < frame.top - x.box.bottom < 2 * x.size][-1:]
    under = [x for x in near if x.box.top > frame.bottom][:1]
    return over == [x for x in over + under if x.size > HEADING_RATIO * scale.body] != []


MAX_MARKED, LABEL_REACH, HEAD_UNDER = 8, 30.0, 4.0
"""Of a label behind a thick short bar or on a long one: its Han characters, and how far to the
right and down its headline begins, in its type size."""
LABEL_ROOM, BAR_HEIGHT = 5.0, 3.0
"""What a label's box may be wider than its words, and how high a long bar under it is at most, in
its type size."""


def is_over_headline(label: Box, size: float, lines: list[TextLine]) -> bool:
    """Whether a headline in larger type begins under a label, and nothing else right under it."""
    reach = replace(label, right=label.right + LABEL_REACH * size)
    near = [
        (x.box.top, x.size or 0.0, x.box.shared_width(label) > 0)
        for x in lines
        if x.box
        and -0.5 * size < x.box.top - label.bottom < HEAD_UNDER * size
        and x.box.shared_width(reach) > 0
        and x.box.left > label.left - size
    ]
    heads = [top for top, large, _ in near if large > 1.15 * size]
    usual = median(line.size or 0.0 for line in lines)
    text = [top for top, large, under in near if under and large < 1.1 * usual]
    return bool(heads) and min(heads) < min(text, default=min(heads) + 1)


def is_label_ground(bar: Box, size: float, lines: list[TextLine]) -> bool:
    """Whether a few words alone on a long bar are a label: a headline in larger type is next."""
    if bar.height > BAR_HEIGHT * size:
        return False
    held = [line for line in lines if line.box and bar.holds(line.box, 1.0)]
    words = "".join(compact(line.text) for line in held)
    if not 2 < len(words) <= MAX_MARKED or words != han(words):
        return False
    row = box_around(line.box for line in held if line.box)
    alone = row.height < size * 1.5 and bar.width > row.width + LABEL_ROOM * size
    return alone and is_over_headline(bar, size, lines)


def is_strip(bar: Box, lines: Iterable[TextLine | LayoutLine]) -> bool:
    """Whether a bar holds figures: the telephone or the date, as under the paper's name."""
    return any(x.box and bar.holds(x.box, 1.0) and any(map(str.isdecimal, x.text)) for x in lines)


FENCE_SIZES = (0.9, 3.2)
"""Two rules around a line of small type, or two, stand so far from each other, in type sizes."""
FENCE_ROOM = 1.6
"""So far from the rule stands the headline over it, in its own type sizes at most."""


def without_fences(rules: Iterable[Box], lines: list[LayoutLine], body: float) -> list[Box]:
    """Rules, but no two alike that hold the deck of the headline over them, or who wrote it, and no
    box drawn around that."""
    found = sorted(rules, key=attrgetter("top"))
    level = [x for x in found if x.width > 2 * body and x.height < 0.5 * body]
    heads = [x for x in lines if x.size > HEADING_RATIO * body and not x.vertical]
    for at, upper in enumerate(level):
        for lower in level[at + 1 :]:
            down = lower.top - upper.bottom
            if down > FENCE_SIZES[1] * body:
                break
            ends = max(abs(upper.left - lower.left), abs(upper.right - lower.right))
            if ends > 0.4 * body or down < FENCE_SIZES[0] * body:
                continue
            held = [x for x in lines if upper.top < x.box.centre < lower.bottom]
            held = [x for x in held if x.box.shared_width(upper) > 0]
            if _is_fenced(held, box_around((upper, lower)), heads, lines):
                found = [x for x in found if x is not upper and x is not lower]
                heads += held  # who wrote it may stand between two more
                break
    low, high = (size * body for size in FENCE_SIZES)
    for box in (x for x in found if low <= x.height <= min(high, x.width)):
        held = [x for x in lines if box.holds(x.box, 0.2 * body)]
        if all(map(is_byline, held)) and _is_fenced(held, box, heads, lines):
            found = [x for x in found if x is not box]
    return found


def _is_fenced(
    held: list[LayoutLine], area: Box, heads: list[LayoutLine], lines: list[LayoutLine]
) -> bool:
    """Whether what stands between two rules is in smaller type than the headline right over it, or
    a kicker as wide as they are over a larger one."""
    wide = (replace(x.box, left=area.left, right=area.right) for x in held)
    if not 0 < len(held) < 3 or not all(area.holds(box, 0.4 * area.height) for box in wide):
        return False
    if any(x.box.shared_width(area) < 0.8 * x.box.width for x in held):
        return False
    if any(ends_sentence(x.text) for x in held):
        return False
    size = max(x.size for x in held)
    over = [x for x in lines if x.box.centre < area.top and x.box.shared_width(area) > 0]
    near = [x for x in over if area.top - x.box.bottom < FENCE_ROOM * x.size]
    lowest = max(near, key=lambda x: x.box.bottom, default=None)
    byline = all(is_byline(x) for x in held)
    if lowest is not None and lowest in heads and (byline or lowest.size > 1.1 * size):
        return True
    under = [x for x in heads if 0 < x.box.top - area.bottom < FENCE_ROOM * size]
    larger = any(x.size > 1.3 * size and x.box.shared_width(area) > 0 for x in under)
    return larger and area.width < box_around(x.box for x in held).width + size


NOTE_DEPTH = 6.0
"""A rule that ends 编者按 over a story stands so near under its first line, in type sizes."""


def without_underlines(rules: Iterable[Box], lines: list[LayoutLine], body: float) -> list[Box]:
    """Rules, none that is drawn under a headline, over the text of its story."""
    free = (x for x in rules if not any(_is_underline(x, line, body) for line in lines))
    return [rule for rule in free if not _is_over_text(rule, lines, body)]


def _is_underline(rule: Box, line: LayoutLine, body: float) -> bool:
    """Whether a rule is drawn under the words of a headline, and as wide as they are, or ends a
    note of the editors."""
    ends = max(abs(rule.left - line.box.left), abs(rule.right - line.box.right))
    down = rule.top - line.box.bottom
    note = bool(EDITORS_NOTE.match(line.text)) and -0.2 * body < down < NOTE_DEPTH * body
    if note and rule.shared_width(line.box) > 0.5 * line.box.width:
        return True  # its story stands under it
    return (
        line.size > HEADING_RATIO * body
        and ends < 0.3 * line.size
        and -0.2 * line.size < down < 0.5 * line.size
        and rule.height < 0.3 * line.size
    )


def _is_over_text(rule: Box, lines: list[LayoutLine], body: float) -> bool:
    """Whether a level rule stands right under a headline, its deck or who wrote it, and right over
    columns that begin a text where the rule begins: that has no other headline."""
    near = [x for x in lines if x.box.shared_width(rule) > 0]
    over = [x for x in near if x.box.centre < rule.top < x.box.bottom + UNDER_SIZES * body]
    while over and not any(_is_of_head(x, body) for x in over):
        decks = (x.size > 1.05 * body and not ends_sentence(x.text) for x in over)
        if not (all(decks) or all(is_byline(x) or is_pen_name(x.text) for x in over)):
            return False
        top = min(x.box.top for x in over)
        over = [x for x in near if x.box.centre < top < x.box.bottom + UNDER_SIZES * body]
    head = [x for x in over if _is_of_head(x, body)]
    under = text_under(rule, near, max((x.size for x in head), default=0.0), body)
    if under is None or not head or any(x.size >= HEADING_RATIO * body for x in under):
        return False
    band = box_around(x.box for x in head)
    beside = (x for x in near if x.box.shared_height(band) > 0 and x not in head)
    lefts = [x.box.left for x in sorted(under, key=lambda x: (round(x.box.top / body), x.box.left))]
    first = lefts[0] - rule.left if lefts else body  # a photo stands under its deck
    inside = band.left > rule.left - body and band.right < rule.right + body
    return inside and 0.8 * body < first < 3 * body and not any(beside)


def _is_of_head(line: LayoutLine, body: float) -> bool:
    return line.size > HEADING_RATIO * body and not is_byline(line) and not line.vertical
