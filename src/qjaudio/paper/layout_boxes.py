"""What stands in boxes and on bars of a printed page and beside columns; and packs of briefs.

A label (民生, 简讯) is no headline and is not read aloud; it tells where its stories begin.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from statistics import median

from qjaudio.paper.layout_blocks import is_indented
from qjaudio.paper.layout_frames import (
    LABEL_ROOM,
    MAX_MARKED,
    heads_text_beside,
    is_head_ground,
    is_headline_alone,
    is_label_ground,
    is_over_headline,
    is_strip,
)
from qjaudio.paper.layout_labels import MAX_LABEL, is_at_height, stands_beside
from qjaudio.paper.layout_lines import alike, body_size, lines_of
from qjaudio.paper.layout_regions import (
    ALIGNED_PITCHES,
    HEADING_RATIO,
    ROW_GUTTER,
    Region,
    Scale,
    nearest_over,
    text_below,
)
from qjaudio.paper.lines import is_label, opens_story
from qjaudio.paper.model import Block, LayoutLine, Page, TextLine
from qjaudio.paper.pieces import MAX_BOX_LABEL, ROOM_SIZES, is_byline
from qjaudio.paper.text import Box, PageText, box_around, compact, ends_sentence, han, join_texts

MAX_LABEL_SIZE = 44.0
"""In points: a larger word in a box is the paper's name."""
LABEL_HEIGHTS = (0.85, 2.8)
"""How high a label's box is, in its type size: measured 1.2 to 1.9."""
LABEL_PITCHES = 2.2
"""A label belongs to what stands within so many line pitches under it."""
BAR_DEPTH, TEXT_RATIO, LONG_ON_BAR = 2.6, 1.1, (6, 7)
"""How deep under a bar the first line of its text ends, in sizes of the text's type; what type is
larger; and how many Han characters on a bar are no label, where others are like it and alone."""
MOST_STACKED = 5
"""Han characters of a label in two lines."""
MARK_HEIGHTS = (0.7, 2.4)
"""How high a thick short bar before a label is, or a long one that holds it, in its type size."""
STACKED_WIDTH, STACKED_HEIGHT = 4.2, 4.0
"""How wide a label's box is, in its type size, which may hold two lines, and how high then."""
LABEL_BESIDE = 16.0
"""So far right of an upright label begins its headline, which may be centred, in its type size."""


def take_labels(page: Page) -> tuple[Page, list[Block]]:
    """A page without its labels (民生 见闻) and their boxes, and the labels; a headline on a bar
    over its own text is none, and larger than that."""
    boxes, held = (*page.rules, *page.pictures), list[tuple[Block, list[Box]]]()
    marked, taken = list[Block](), list[Box]()
    lines = [one for block in page.blocks for one in block.lines if one.box]
    for block in page.blocks:
        line = block.lines[0]
        text = compact(line.text)
        if line.box is None or len(text) > MAX_LABEL or not han(text):
            continue
        size = line.size or line.box.height
        if size > MAX_LABEL_SIZE:
            continue
        x, y = line.box.middle, line.box.centre
        grounds = [box for box in boxes if box.left < x < box.right and box.top < y < box.bottom]
        rows = ((box, _row_on(box, line, lines)) for box in grounds)
        room = inf if is_label(text) else LABEL_ROOM
        around = [box for box, row in rows if row and _holds_label(box, row, size, room, page)]
        if around and not any(_says_more(box, line, page) for box in around):
            if is_byline(LayoutLine(PageText(line.text), line.box, size)):
                taken += around  # who wrote a story may stand in a box
            else:
                held.append((block, around))
            continue
        beside = [box for box in boxes if _marks_label(box, line.box, size)]
        beside = [box for box in beside if not is_strip(box, lines)]
        few = len(han(text)) <= MAX_MARKED
        wide = [box for box in grounds if is_label_ground(box, size, lines)]
        if wide or (beside and few and is_over_headline(line.box, size, lines)):
            marked.append(block)
            taken += beside + wide
    if not held and not marked and not taken:
        return page, []
    heads = _heads_on_bars(held, page)
    labels = [block for block, _ in held if id(block) not in heads] + marked
    found = {id(block) for block in labels}
    taken += [box for block, around in held if id(block) in found for box in around]
    return replace(
        page,
        blocks=tuple(heads.get(id(x), x) for x in page.blocks if id(x) not in found),
        rules=tuple(box for box in page.rules if box not in taken),
        pictures=tuple(box for box in page.pictures if box not in taken),
    ), [replace(block, kind="banner") for block in labels]


def _row_on(box: Box, line: TextLine, lines: list[TextLine]) -> Box | None:
    """A line with what stands level with it on a box: a label in two parts, no sentence."""
    row = [line]
    for one in lines:
        if one.box and line.box and one is not line and box.holds(one.box, 1.0):
            row += [one] * (one.box.shared_height(line.box) > 0.5 * line.box.height)
    sentence = any(ends_sentence(one.text) for one in row)
    return line.box if sentence else box_around(one.box for one in row if one.box)


def _heads_on_bars(held: list[tuple[Block, list[Box]]], page: Page) -> dict[int, Block]:
    """By those that were `held` for labels, the headlines on bars as wide as the text right under
    them: longer than labels are, or some in one type; and long ones over a row of columns."""
    found = _heads_over_rows(held, page)
    lines = [line for block in page.blocks for line in block.lines if line.box]
    usual = median(line.size or 0.0 for line in lines)
    heads = list[tuple[Block, TextLine, Box]]()
    for block, around in held:
        bar = max(around, key=lambda box: box.width)
        under = (x for x in lines if x.box and 0 < x.box.bottom - bar.bottom < BAR_DEPTH * usual)
        near = [x for x in under if x.box and x.box.shared_width(bar) > 0]
        first = min(near, key=lambda x: x.box.top if x.box else 0.0, default=None)
        if first is None or first.box is None or not 0 < (first.size or 0.0) < TEXT_RATIO * usual:
            continue
        if (
            replace(bar, left=bar.left - usual, right=bar.right + usual).shared_width(first.box)
            > first.box.width - 0.1
            and first.box.width > 0.6 * bar.width
        ):
            heads.append((block, block.lines[0], bar))
    least, sure = LONG_ON_BAR
    for block, line, bar in heads:
        words = sum(len(han(one.text)) for _, one, other in heads if other == bar)
        size = line.size or 0.0
        like = any(
            abs((one.size or 0.0) - size) < 0.1 * usual
            and abs(other.height - bar.height) < 0.2 * usual
            for _, one, other in heads
            if other != bar
        )
        if words >= sure or (like and words >= least):
            large = replace(line, size=max(size, 1.02 * HEADING_RATIO * usual))
            found.setdefault(id(block), replace(block, lines=(large,)))
    return found


def _heads_over_rows(held: list[tuple[Block, list[Box]]], page: Page) -> dict[int, Block]:
    long = [row for row in held if len(han(row[0].lines[0].text)) >= min(LONG_ON_BAR)]
    lines = lines_of(page) if long else []
    body = body_size(lines) if lines else 0.0
    return {
        id(block): block
        for block, around in long
        if any(is_head_ground(box, lines, page.rules, body) for box in around)
    }


def under_labels(parts: list[Region], labels: list[Block], scale: Scale) -> list[Region]:
    """The parts of a page; one right under a label reaches up to its top."""
    for label in labels:
        box = label.lines[0].box
        assert box is not None  # noqa: S101  only lines with places are labels
        under = [
            part
            for part in parts
            if stands_over(label, part, scale)
            and not scale.ruled(box, part.box)
            and not any(
                head.kind == "heading"
                and box.top < head.box.centre < part.box.top
                and head.box.shared_width(part.box) > 0
                for head in parts
                if head is not part
            )
        ]
        nearest = min(under, key=lambda part: part.box.top, default=None)
        if nearest:
            whole = replace(nearest, box=replace(nearest.box, top=min(box.top, nearest.box.top)))
            parts = [whole if part is nearest else part for part in parts]
    return parts


def stands_over(label: Block, part: Region, scale: Scale) -> bool:
    """Whether a label stands right over a text or a heading, or just in its top."""
    box = label.lines[0].box
    if part.kind not in ("text", "heading") or box is None:
        return False
    down = (part.lines[0].box.top - box.bottom) / scale.pitch
    return -0.5 < down < LABEL_PITCHES and part.box.shared_width(box) > 0


def _marks_label(box: Box, line: Box, size: float) -> bool:
    """Whether a thick short bar stands left of a line, or one at the left end of a long bar."""
    low, high = MARK_HEIGHTS
    if not low * size < box.height < high * size or box.shared_height(line) < 0.6 * size:
        return False
    if box.width < 1.2 * size:
        return -0.2 * size < line.left - box.right < 1.5 * size
    inside = box.top < line.centre < box.bottom and -0.2 * size < line.left - box.left < 2 * size
    return inside and box.width > line.width + LABEL_ROOM * size


def _is_label_box(box: Box, line: Box, size: float, room: float) -> bool:
    low, high = LABEL_HEIGHTS
    if box.left < line.left and box.right > line.right and box.width < STACKED_WIDTH * size:
        high = STACKED_HEIGHT
    return (
        low * size < box.height < high * size
        and 0.6 * line.width < box.width < line.width + room * size
        and box.left < line.middle < box.right
        and box.top - 0.3 * size < line.top
        and line.bottom < box.bottom + 0.3 * size
    )


def _holds_label(box: Box, row: Box, size: float, room: float, page: Page) -> bool:
    """Whether a box is one of a label, which may be upright: a level headline in larger type then
    begins right of it near its top."""
    if row.height <= 1.5 * row.width:
        return _is_label_box(box, row, size, room)
    bar, words = (Box(x.top, x.left, x.bottom, x.right) for x in (box, row))
    return _is_label_box(bar, words, size, LABEL_ROOM) and any(
        line.box.width > 2 * line.box.height
        and (line.size or 0.0) > 1.1 * size
        and -2 * size < line.box.top - row.top < row.height
        and 0 < line.box.left - row.right < LABEL_BESIDE * size
        for block in page.blocks
        for line in block.lines
        if line.box
    )


def _says_more(box: Box, label: TextLine, page: Page) -> bool:
    """Whether a box holds other words, in other type, over or under a line: it is an advert's; or
    more lines in its type than those of a label in two (民生 over 关注)."""
    every = (line for block in page.blocks for line in block.lines if line is not label)
    held = [x for x in every if x.box and han(x.text) and box.holds(x.box)]
    held = [x for x in held if x.box and label.box and x.box.shared_height(label.box) <= 0]
    words = len(han(label.text)) + sum(len(han(x.text)) for x in held)
    return any(x.size != label.size for x in held) or (bool(held) and words > MOST_STACKED)


def with_labels_beside(parts: list[Region], labels: list[Block], scale: Scale) -> list[Region]:
    """The parts of a page; a headline reaches to the left over the label level with it, under
    which its text begins."""
    found = [*parts]
    for box in (box for label in labels if (box := label.lines[0].box)):
        level = [
            part
            for part in found
            if part.kind == "heading"
            and part.box.left >= box.right
            and part.box.shared_height(box) > 0.5 * min(box.height, part.box.height)
        ]
        head = min(level, key=lambda part: part.box.left, default=None)
        under = [x for x in found if x.box.top > box.centre and x.box.shared_width(box) > 0]
        first = min(under, key=lambda part: part.box.top, default=None)
        if head is None or first is None or first.kind != "text":
            continue
        down = first.box.top - max(head.box.bottom, box.bottom)
        between = Box(box.right, box.top, head.box.left, box.bottom)
        apart = any(x.box.meets(between) for x in found if x is not head)
        apart |= any(rule.is_tall and rule.meets(between) for rule in scale.rules)
        if not apart and down < LABEL_PITCHES * scale.pitch and first.box.top > head.box.centre:
            whole = replace(head.box, left=min(box.left, first.box.left))
            found[found.index(head)] = replace(head, box=whole)
    return found


HEAD_FILLS, HEAD_DEPTH = 0.4, 2.5
"""Which share of the height of a headline's ground its lines take, and how many line pitches under
it the text begins at most."""
_QUOTED = re.compile("“[^“”]{8,}”(?:——.{2,12})?")


def heads_text(
    frame: Box,
    held: list[LayoutLine],
    lines: list[LayoutLine],
    shots: Iterable[Box],
    scale: Scale,
) -> bool:
    """Whether a frame holds a headline alone, and its text begins level right of it, without one of
    its own, or right under it."""
    if heads_text_beside(frame, held, lines, scale):
        return True
    room = frame.height - max((shot.height for shot in shots), default=0.0)  # a photo below it
    filled = sum(line.size for line in held) > HEAD_FILLS * room
    alone = is_headline_alone(held, scale.heading)
    return filled and alone and _stands_over_text(frame, held, lines, scale)


def _stands_over_text(
    frame: Box, held: list[LayoutLine], lines: list[LayoutLine], scale: Scale
) -> bool:
    """Whether text begins right under a headline's frame, and none is cut by it."""
    near = [x for x in lines if x.box.shared_width(frame) > 0 and x not in held]
    under = [
        x
        for x in near
        if -0.3 * scale.body < x.box.top - frame.bottom < HEAD_DEPTH * scale.pitch
        and not is_byline(x)
    ]
    first = min(under, key=lambda x: (round(x.box.top / scale.pitch), x.box.left), default=None)
    if first is None or not scale.small <= first.size < scale.heading:
        return False
    over = [x for x in near if 0 < frame.top - x.box.bottom < HEAD_DEPTH * scale.pitch]
    last = max(over, key=lambda x: x.box.bottom, default=None)
    cut = last is not None and alike(last, first, scale.same) and len(han(last.text)) > MAX_MARKED
    return first.box.left < frame.left + 3.5 * scale.body and not (
        cut and last is not None and not ends_sentence(last.text)
    )


def is_quotation(held: list[LayoutLine], scale: Scale) -> bool:
    """Whether a frame holds nothing but a quotation in large type."""
    down = sorted(held, key=lambda x: (x.box.top, x.box.left))
    quoted = _QUOTED.fullmatch("".join(compact(x.text) for x in down))
    return bool(quoted) and min(line.size for line in held) >= scale.heading


def goes_on_from(text: Region, parts: Iterable[Region], scale: Scale) -> Region | None:
    """The last text of the even column before one that begins amid a paragraph, under nothing: a
    brief goes on at the top of the next column."""
    if text.kind != "text" or is_indented(text, scale) or all(map(is_byline, text.lines)):
        return None
    before = [
        x
        for x in parts
        if x.kind == "text"
        and (
            abs(x.box.width - text.box.width) < 1.5 * scale.body
            or min(map(len, (x.lines, text.lines))) < 3
        )
        and 0 < text.box.left - x.box.right < ROW_GUTTER * scale.body
        and x.box.bottom > text.box.top
    ]
    cut = (x for x in before if not ends_sentence(x.lines[-1].text.replace("）", "。")))  # signed
    cut = (x for x in cut if text_below(x, [*parts], scale) is None)
    last = min(cut, key=lambda x: x.box.bottom, default=None)  # stories further down have their own
    if last is None:
        return None
    column = (x for x in parts if x.box.shared_width(text.box) > scale.body and x is not text)
    over = (x.box for x in column if x.box.bottom < text.box.centre)
    return None if any(box.top > min(x.box.top for x in before) - 1 for box in over) else last


def is_of_next_brief(text: Region, head: Region, parts: list[Region], scale: Scale) -> bool:
    """Whether a text goes on from one under another headline than `head`, in the column before."""
    last = goes_on_from(text, parts, scale)
    over = nearest_over(last, parts, scale) if last else None
    return over is not None and over.kind == "heading" and over is not head


def upright(parts: list[Region]) -> list[Region]:
    """The vertical headings."""
    return [part for part in parts if part.kind == "heading" and part.lines[0].vertical]


def at_row_end(text: Region, last: Region, parts: list[Region], scale: Scale) -> Region | None:
    """The vertical heading at the right end of the row of even columns that a column begins, or
    the picture right over it, which is `last` then."""
    level = [
        part
        for part in parts
        if part.kind == "text"
        and part.box.left > last.box.right - scale.body
        and abs(part.box.top - last.box.top) < ALIGNED_PITCHES * scale.pitch
    ]
    for head in upright(parts):
        row = (part for part in level if part.box.left < head.box.left)
        end = max(row, key=lambda part: part.box.left, default=None)
        if end is None or not is_at_height(head, last, parts, scale):
            continue
        short = len(end.lines) < 3  # its lines may all be
        right = end.box.left + text.box.width if short else end.box.right
        if -1 < (head.box.left - right) / scale.body < 3.5:
            return head
    return None


def is_level_with(heading: Region, text: Region, parts: list[Region], scale: Scale) -> bool:
    """Whether of the columns on both sides of a vertical heading this one begins level with it."""
    away = [
        abs(heading.box.top - other.box.top)
        for other in parts
        if other.kind == "text" and stands_beside(heading, other, scale)
    ]
    return abs(heading.box.top - text.box.top) < min(away, default=0.0) + 0.5 * scale.pitch


_RUN_IN = re.compile(r"[■●◆★□]([^。；！？（]{4,26}?)(?:\s+(本(?:报(?:讯.*)?)?|（.*))?")
_ENTRY = re.compile(
    r"[■●◆★□▲△▶◇○]?\s?【?([^，。；！？：（【】\s]{4,26}?)"
    r"(?:(?:】\s*|\s+|(?<=[”》])(?=\S*[，。]\S*$))(\S.*)|】)?"
)
_PAUSED = re.compile(r"([^。；！？（【】\s]{4,26}?)\s+(\S.*)")
"""A headline with a mark inside: it is one in a pack with others only."""
_HEAD_END = re.compile(r"([^，。；！？：（【】\s]{1,8})(?:】\s*|\s+)(?=\S)")
ENTRY_SPACE, ENTRY_STEP = (0.6, 2.5), 2.6
"""Type sizes between a headline and its text on one line, and at most from line to line."""
OVER_COLUMNS = 6.0
"""So many type sizes under their first lines two columns show that they are two."""
PACK_WIDE = 60.0
"""So far the columns of a pack go to the right and down, in type sizes."""
APART_STEP = 1.25  # usual steps from the end of a brief to a headline that fills its line
MIN_RUN_IN = 2  # headlines in the first lines of their text show that the page sets briefs so


def with_run_in_heads(lines: list[LayoutLine], least: float) -> tuple[list[LayoutLine], list[Box]]:
    """Lines, the headlines of briefs apart that stand in the first line of their text, in type of
    at least `least`; and rules that part the briefs, which are as near as lines.
    """
    found = {id(line): m for line in lines if (m := _RUN_IN.fullmatch(line.text))}
    if sum(bool(match[2]) for match in found.values()) < MIN_RUN_IN:
        found = {}
    packs = _packs_of(lines, least)
    taken = {id(line) for entry in packs.values() for line in entry.lines}
    apart = [line for line in lines if id(line) not in found.keys() | taken]
    cuts: list[Box] = []
    for line in lines:
        match, entry = found.get(id(line)), packs.get(id(line))
        if match and not entry and id(line) not in taken:
            rest = line.text[match.start(2) :] if match[2] else ""
            entry = _RunIn((line,), line.text[match.start(1) : match.end(1)].strip(), rest)
        if not entry:
            continue
        last, size = entry.lines[-1], line.size
        right = max(one.box.right for one in entry.lines)
        left = line.box.left - (2 * size if entry.indented else 0)  # where its text begins
        cuts.append(Box(left, line.box.top - 0.1, right, line.box.top - 0.1))
        top, bottom = (y - 0.3 * size for y in (line.box.top, line.box.bottom))
        raised = replace(line.box, top=top, bottom=bottom)
        apart.append(LayoutLine(entry.head, raised, max(size, least)))
        if entry.rest:
            first = replace(last.box, left=min(left + 2 * size, last.box.right - 1))
            apart.append(replace(last, text=PageText(entry.rest), box=first))
    return apart, cuts


@dataclass(frozen=True, slots=True)
class _RunIn:
    """A headline that stands in the first line of its text."""

    lines: tuple[LayoutLine, ...]
    """The line in which both stand; two if a wide space parts them, or the headline takes two."""
    head: PageText
    rest: PageText | str = ""
    """The text behind it."""
    indented: bool = False
    """Whether it is set in from its text as a paragraph is."""

    @property
    def marked(self) -> bool:
        """Whether a mark stands before it."""
        return self.lines[0].text[:1] != self.head[:1]


def _packs_of(lines: list[LayoutLine], least: float) -> dict[int, _RunIn]:
    """By their first lines, the entries of packs of briefs, each of which begins with its headline
    and a wide space: no paragraph of their column begins without."""
    entries = {id(line): entry for line in lines if (entry := _run_in(line, lines))}
    found = dict[int, _RunIn]()
    for first in sorted(lines, key=lambda line: line.box.top):
        if id(first) in entries and id(first) not in found:
            pack = _pack_from(first, lines, entries)
            if any(x.rest for x in pack) and not _is_headed(first, lines, least):
                found |= {id(entry.lines[0]): entry for entry in pack}
    if found:  # columns that begin with the end of a brief of the column before
        for first in sorted(lines, key=lambda line: line.box.left):
            if id(first) in entries and id(first) not in found:
                before = [x.lines[0] for x in found.values() if _is_column_of(x.lines[0], first)]
                pack = _pack_from(first, lines, entries, goes_on=True) if before else []
                found |= {id(entry.lines[0]): entry for entry in pack}
    return found


def _is_column_of(line: LayoutLine, other: LayoutLine) -> bool:
    """Whether a line begins a paragraph of the columns left of another one's, in its type."""
    aside, down = other.box.left - line.box.left, abs(other.box.top - line.box.top)
    near = 3 * line.size < aside < PACK_WIDE * line.size and down < PACK_WIDE * line.size
    return near and _is_alike(line, other)


def _run_in(line: LayoutLine, lines: list[LayoutLine]) -> _RunIn | None:
    """The headline, a few words without a mark of a sentence, and what a wide space parts from it
    on its line, if anything does."""
    match = _ENTRY.fullmatch(line.text) or _PAUSED.fullmatch(line.text)
    if not match or opens_story(line.text) or is_byline(line):
        return None
    head = line.text[match.start(1) : match.end(1)]
    if match[2]:
        return _RunIn((line,), head, line.text[match.start(2) :])
    low, high = (x * line.size for x in ENTRY_SPACE)
    for one in (x for x in lines if abs(x.box.top - line.box.top) < 0.2 * line.size):
        near = low < one.box.left - line.box.right < high
        if near and _is_alike(one, line) and not _is_over_columns(line, one, lines):
            return _RunIn((line, one), head, one.text)
    return _RunIn((line,), head)


def _is_over_columns(left: LayoutLine, right: LayoutLine, lines: list[LayoutLine]) -> bool:
    """Whether two lines side by side are of two columns: below stand others so, where the right one
    begins, and the left one has a mark of a sentence."""
    near = [x for x in lines if 0 < x.box.top - left.box.top < OVER_COLUMNS * left.size]
    under = [x.box for x in near if abs(x.box.left - right.box.left) < 0.3 * left.size]
    beside = [x for x in near if left.box.left < x.box.right < right.box.left]
    text = [x.box for x in beside if "，" in x.text or "。" in x.text]
    return any(x.shared_height(y) > 0.5 * x.height for x in text for y in under)


def _is_alike(one: LayoutLine, other: LayoutLine) -> bool:
    return abs(one.size - other.size) < 0.02 * other.size


def _pack_from(
    first: LayoutLine,
    lines: list[LayoutLine],
    entries: dict[int, _RunIn],
    *,
    goes_on: bool = False,
) -> list[_RunIn]:
    """The entries of which a column consists from a line on; none if a paragraph has no headline,
    or there is but one, where no pack of another column `goes_on` under the end of a brief."""
    size = first.size

    def edge(line: LayoutLine) -> float:
        return line.box.left / size - 0.5 * (line.text[0] in "（“《【")  # of its square

    def shift(line: LayoutLine) -> float:
        return edge(line) - edge(first)

    near = (x for x in lines if _is_alike(x, first) and abs(shift(x)) < 2.6)
    column = sorted(near, key=lambda line: line.box.top)
    steps = [low.box.top - up.box.top for up, low in pairwise(column)]
    ends = [n for n, step in enumerate(steps, 1) if step > ENTRY_STEP * size]
    at = column.index(first)
    above = column[max((n for n in ends if n <= at), default=0) : at]
    if above and not (goes_on and all(round(shift(x)) == -2 for x in above)):
        return []  # a text is above
    column = column[at : next((n for n in ends if n > at), None)]
    held = [entries.get(id(x), _RunIn((x,), x.text)) for x in column]
    right = max(line.box.right for entry in held for line in entry.lines)
    flush = {round(shift(x)) for x in column} - {0}  # what is further left than the headlines
    pack, usual = list[_RunIn](), median(steps or [0.0])
    for n, line in enumerate(column):
        last = held[n - 1].lines[-1]
        text, short = last.text.rstrip(), last.box.right < right - ROOM_SIZES * size
        ended = not n or ends_sentence(text) or text.endswith(("）", ")"))
        full = held[n].lines[-1].box.right > right - ROOM_SIZES * size
        alone = full and (short or not n or line.box.top - last.box.top > APART_STEP * usual)
        alone &= not (any(x.marked for x in pack) or _runs_on(column[n : n + 2]))
        alone |= held[n].marked
        if ended and id(line) in entries and abs(shift(line)) < 0.3 and (held[n].rest or alone):
            pack.append(_with_next(held[n], held[n + 1 : n + 2] if full else []))
        elif (flush and abs(shift(line)) < 0.3) or (ended and short):
            return []
    sure = [x for x in pack if not set("，：") & set(x.head)]
    if len(pack) < (1 if goes_on else MIN_RUN_IN) or not (sure or goes_on) or not flush <= {-2}:
        return []
    return [replace(entry, indented=bool(flush)) for entry in pack]


def _runs_on(lines: list[LayoutLine]) -> bool:
    """Whether a line that is set in goes on flush in the next, and not with a headline's end."""
    pairs = ((x, y) for x, y in pairwise(lines) if y.box.left < x.box.left - x.size)
    return any(not _HEAD_END.match(below.text) for _, below in pairs)


def _with_next(entry: _RunIn, after: list[_RunIn]) -> _RunIn:
    """An entry whose headline is longer than its line, with the end of it on the next."""
    for last in after:
        if not entry.rest and (match := _HEAD_END.match(last.lines[0].text)):
            line = last.lines[0]
            head = join_texts((entry.head, line.text[: match.end(1)]))
            return _RunIn((*entry.lines, line), head, line.text[match.end() :])
    return entry


def _is_headed(first: LayoutLine, lines: list[LayoutLine], least: float) -> bool:
    """Whether a headline, which is longer than a label, stands right over a line: what begins the
    paragraphs of its text are crossheads."""
    box = first.box
    over = (x for x in lines if 0 < box.top - x.box.bottom < ENTRY_STEP * first.size)
    heads = (x for x in over if x.size >= least and x.box.shared_width(box) > 0)
    return any(len(han(x.text)) > MAX_BOX_LABEL for x in heads)
