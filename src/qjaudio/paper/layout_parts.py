"""From printed lines to the parts of a page: columns of text, headings, captions, pictures."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from operator import attrgetter
from statistics import median

from qjaudio.paper.layout_frames import headline_on
from qjaudio.paper.layout_lines import SIDE_SIZES, alike
from qjaudio.paper.layout_regions import (
    CROSSHEAD_RATIO,
    EDITORS_NOTE,
    EXACT_SAME_RATIO,
    MIN_PICTURE_POINTS,
    PICTURE_PITCHES,
    ROW_GUTTER,
    Region,
    Scale,
    begins_amid,
    beside_level,
    captions_of,
    dashed_decks,
    ends_beside,
    heads_beside,
    in_one_column,
    is_author,
    is_imprint,
    is_under_shot,
    left_edge,
    next_to,
    over_columns,
    part,
    round_portraits,
    row_under,
    signed_by,
    with_line_over,
    with_quote,
)
from qjaudio.paper.lines import is_label, kind_of, opens_story
from qjaudio.paper.model import LayoutLine
from qjaudio.paper.pieces import is_back_line, is_byline
from qjaudio.paper.text import Box, box_around, compact, ends_sentence, han, merged, parts_level

MAX_STEP_PITCHES = (1.75, 1.3)
"""A line further below than this no longer goes on with a column: a scan may have missed a line
between; a PDF shows all, so white space is one between stories."""
_SIZE, IN_STEP_PITCHES = attrgetter("size"), 0.12  # lines of one text keep its pitch but for this
DOUBTFUL_RATIO = 1.4  # times the body's size a line may be text that was measured too large


def columns_of_lines(
    lines: list[LayoutLine],
    scale: Scale,
    starts: Iterable[float] = (),
    over: Sequence[LayoutLine] = (),
    shots: Iterable[Box] = (),
) -> list[Region]:
    """Put lines of text that stand one under the other together; one that is further below and
    level with a headline begins a row of columns, as one of those `over` them may."""
    columns: list[list[LayoutLine]] = []
    for line in sorted(lines, key=lambda line: (line.box.top, line.box.left)):
        fitting = [column for column in columns if _continues(line, column, scale)]
        if _is_level(line, starts, scale):
            fitting = [x for x in fitting if line.box.top - x[-1].box.top < 1.3 * scale.pitch]
        if fitting:
            max(fitting, key=lambda column: column[-1].box.bottom).append(line)
        else:
            columns.append([line])
    found = [part("text", piece) for column in columns for piece in _without_deck(column, scale)]
    level = [x for x in found if len(x.lines) > 1] + [Region("text", shot) for shot in shots]
    return [with_line_over(column, over, level, scale) for column in found]


def _is_level(line: LayoutLine, tops: Iterable[float], scale: Scale) -> bool:
    return any(abs(line.box.top - top) < 0.5 * scale.pitch for top in tops)


def _without_deck(column: list[LayoutLine], scale: Scale) -> list[list[LayoutLine]]:
    """A column, its first line by itself where that is a 副题 and not the first one of the text.

    A first line of text is flush or indented by two characters, one pitch above the second; a deck
    is centred, at a distance of its own, and the text under it begins with an indent.
    """
    if len(column) < 3:
        return [column]
    first, second, third = column[:3]
    left = min(third.box.left, second.box.left)
    offset = (first.box.left - left) / scale.body
    at_home = abs(offset) < 0.6 or abs(offset - 2) < 0.6
    step = second.box.centre - first.box.centre
    apart = abs(step - scale.pitch) > 0.15 * scale.pitch
    indented = second.box.left > third.box.left + 1.2 * scale.body
    if (apart and indented) or (not at_home and indented and not opens_story(first.text)):
        return [[first], column[1:]]
    return [column]


def _continues(line: LayoutLine, column: list[LayoutLine], scale: Scale) -> bool:
    last = column[-1]
    step = line.box.centre - last.box.centre
    in_step = abs(step - scale.pitch) < IN_STEP_PITCHES * scale.pitch
    if not 0.5 * scale.body < step < MAX_STEP_PITCHES[scale.exact] * scale.pitch:
        return False
    if not alike(line, last, DOUBTFUL_RATIO if in_step and not scale.exact else scale.same):
        return False
    box = box_around(one.box for one in column)
    slack = 0.8 * scale.body
    if len(column) == 1:  # the first line is indented, or stands alone, or the second is indented
        inside = abs(line.box.left - box.left) < 3 * scale.body
    else:
        right = box.right + (2 * scale.body if len(column) < 4 else slack)  # all may be short
        left = box.left - (2.6 * scale.body if len(column) == 2 else slack)  # both are set in
        inside = left <= line.box.left and line.box.right <= right
        short = max(one.box.width for one in column) < 8 * scale.body
        inside = inside or (short and abs(line.box.left - box.left) < 2.6 * scale.body)
    return inside and not scale.ruled(last.box, line.box)


BYLINE_PITCHES, BYLINE_SIZES = 2.5, 12.0
"""A byline stands so near to its heading: line pitches over or under it, type sizes beside it."""
BACK_SIZES = 50.0  # the line 上接第1版 stands at the left edge, its heading in the middle
_MARKED_HEAD = re.compile("[■●◆★□](?!.*[：:].)[^。；！？（]{4,26}")  # 地点：…: of a list
DECK_RATIO, HALF_RATIO = 0.8, 1.32
"""A 副题 is set in type up to this share of its headline's, whose lines differ by so much."""
MAX_CROSSHEAD = 16  # Han characters of the longest 小标题 in the size of the text
SENTENCE = re.compile("[。；：:]|[，、]$")
_NO_HEADING = re.compile(r"[，；、]$|。|^[（(]?(下转|上接|转第|本报讯|责任编辑|责编)")


def headings_of(
    large: list[LayoutLine], weak: list[LayoutLine], columns: list[Region], scale: Scale
) -> list[Region]:
    """Headings with their kickers and decks: lines close together, one centred on the other."""
    minor = [line.box for line in large if line.size < CROSSHEAD_RATIO * scale.body]
    aside = 0.3 * scale.body  # a deck is centred under its headline, text under a 小标题 set in
    apart = (
        one
        for one in columns
        if not any(
            next_to(x, one.box, scale) and abs(x.middle - one.lines[0].box.middle) > aside
            for x in minor
        )
    )
    few = (x.lines for x in apart if len(x.lines) == 1 or is_byline(x.lines[-1]))
    alone = (x for lines in few if len(lines) < 4 for x in lines if not opens_story(x.text))
    single = [x for x in alone if not begins_amid(x, columns, scale)]
    groups: list[list[LayoutLine]] = []
    for line in sorted(large, key=lambda x: (-x.box.right * x.vertical or x.box.top, -x.box.left)):
        fits = (
            x for x in groups if _belongs(line, x, scale) and not _is_twin(line, x, large, scale)
        )
        group = next((g for g in fits if not _is_beside_text(line, g, columns, scale)), None)
        if group:
            group.append(line)
        else:
            groups.append([line])
    for line in sorted([*weak, *single], key=lambda line: line.box.top):
        if _NO_HEADING.search(compact(line.text)) or ends_sentence(line.text):
            continue
        if fitting := [group for group in groups if _belongs(line, group, scale)]:
            min(fitting, key=lambda g: abs(g[0].box.middle - line.box.middle)).append(line)
    groups = _with_flush_decks(groups, columns, scale)
    used = {id(line) for group in groups for line in group}
    groups += [[line] for line in weak if is_author(line, scale) and id(line) not in used]
    return _with_bylines([part("heading", group) for group in groups], columns, scale)


def _is_twin(
    line: LayoutLine, group: list[LayoutLine], large: list[LayoutLine], scale: Scale
) -> bool:
    """Whether a line apart under a headline, which may be a page's, is level with a headline, one
    not beside that if it is as small as a deck."""
    whole, small = box_around(one.box for one in group), line.size < CROSSHEAD_RATIO * scale.body
    if line.box.top - whole.bottom < line.size:
        return False
    level = (x for x in large if x is not line and abs(x.box.top - line.box.top) < scale.body)
    level = (x for x in level if not small or x.box.shared_width(whole) > -2 * scale.body)
    return any(
        alike(x, line) and not any(_belongs(x, [one], scale) for one in large if one.size > x.size)
        for x in level
    )


def _with_flush_decks(
    groups: list[list[LayoutLine]], columns: list[Region], scale: Scale
) -> list[list[LayoutLine]]:
    """Groups, a 副题 that ends flush with the last column put to the headline over all of them."""
    found = [*groups]
    for group in groups:
        bare = ([x for x in one if not is_byline(x)] for one in found if one is not group)
        others = [part("heading", one) for one in bare if one]
        deck = part("heading", group)
        over = (x for x in others if _is_flush_deck(deck, x, [*others, *columns], scale))
        if head := next(over, None):
            found = [one for one in found if one is not group]
            found = [[*one, *group] if head.lines[0] in one else one for one in found]
    return found


def _is_flush_deck(deck: Region, head: Region, parts: list[Region], scale: Scale) -> bool:
    """Whether a lesser heading stands right under the level of one, and nothing beside that one
    and over itself; the columns under both begin level, and the last ends where it does."""
    both = box_around((head.box, deck.box))
    if head.lines[0].vertical or deck.lines[0].vertical or deck.size > DECK_RATIO * head.size:
        return False
    beside = deck.box.right < head.box.left  # a brief
    if beside or not -0.3 * deck.size < deck.box.top - head.box.bottom < 0.9 * head.size:
        return False
    inner = replace(both, top=both.top + 1, bottom=both.bottom - 1)
    others = (*scale.rules, *(one.box for one in parts if one.lines != head.lines))
    below = [x.box for x in parts if x.kind == "text" and x.box.top > both.bottom]
    first = min((box.top for box in below if box.shared_width(both) > 0), default=0.0)
    near = [box for box in below if abs(box.top - first) < 4 * scale.pitch]
    under = [box for box in below if box.shared_width(deck.box) > 0]
    near += [x for x in under if x.top < min(one.top for one in under) + scale.pitch]
    flush = any(abs(box.right - deck.lines[0].box.right) < 0.5 * scale.body for box in near)
    return flush and not any(inner.holds(one, 0) or one.meets(inner) for one in others)


def _is_beside_text(
    line: LayoutLine, group: list[LayoutLine], columns: list[Region], scale: Scale
) -> bool:
    """Whether a small heading under a larger one is level with the first text of its columns."""
    whole = box_around(one.box for one in group)
    small = line.size < CROSSHEAD_RATIO * scale.body and not is_back_line(line)
    return small and any(
        abs(column.box.top - line.box.top) < 0.6 * scale.pitch
        and column.box.shared_width(line.box) <= 0 < column.box.shared_width(whole)
        and len(column.lines) > 1
        for column in columns
    )


def _with_bylines(headings: list[Region], columns: list[Region], scale: Scale) -> list[Region]:
    """Headings, a line that says only who wrote the story, or where it began, put to the next over
    the same row of columns. A vertical heading stands beside the text, so its byline over that."""
    bylines = [x for x in headings if all(is_author(y, scale) or is_back_line(y) for y in x.lines)]
    rest = [one for one in headings if one not in bylines]
    for byline in bylines:
        back, level = is_back_line(byline.lines[0]), byline.box.bottom - 0.5 * scale.body
        aside = (BACK_SIZES if back else BYLINE_SIZES) * scale.body
        row = None if back else row_under(byline.box, signed_by(byline, bylines, columns), scale)
        near = [
            one
            for one in rest
            if -one.box.shared_height(byline.box) < BYLINE_PITCHES * scale.pitch
            and (
                one.box.shared_width(row) > -SIDE_SIZES * scale.body * one.lines[0].vertical
                if row
                else -one.box.shared_width(byline.box) < aside
            )
            and not (back and one.box.top < level and not ends_beside(one, byline, scale))
            and not any(parts_level(rule, one.box, byline.box) for rule in scale.rules)
            and not scale.ruled(*sorted((one.box, byline.box), key=lambda box: box.top))
        ]
        if nearest := min(near, key=lambda one: _away(one.box, byline.box), default=None):
            whole = part("heading", [*nearest.lines, *byline.lines])
            if nearest.lines[0].vertical:  # it stands over the text
                whole = replace(whole, box=nearest.box)
            rest = [whole if one is nearest else one for one in rest]
        else:
            rest.append(byline if back else replace(byline, kind="byline"))
    return rest


def _away(one: Box, other: Box) -> float:
    return max(0.0, -one.shared_width(other)) + max(0.0, -one.shared_height(other))


def _belongs(line: LayoutLine, group: list[LayoutLine], scale: Scale) -> bool:
    """Whether a line is part of a heading: near, aligned, and no rule between."""
    main = [x for x in group if alike(x, max(group, key=_SIZE), scale.same)]
    whole = replace(main[0], box=box_around(x.box for x in main))  # its lines may be stepped
    for other in group if whole.vertical else [*group, whole]:
        last = len(line.text) == 1 and alike(line, other, scale.same)  # one character is left over
        if line.vertical != other.vertical and not (last and other.vertical):
            continue
        if other.vertical:
            level = abs(line.box.top - other.box.top) < 2.5 * max(line.size, other.size)
            near = -line.box.shared_width(other.box) < 0.8 * max(line.size, other.size)
            if level and near and not any(parts_level(x, line.box, other.box) for x in scale.rules):
                return True
            continue
        upper, lower = sorted((line.box, other.box), key=lambda box: box.top)
        away, shared = lower.top - upper.bottom, upper.shared_width(lower)
        aligned = (
            line.text.startswith("——")
            or abs(line.box.middle - other.box.middle) < 1.2 * scale.body
            or abs(left_edge(line) - left_edge(other)) < 1.2 * scale.body
            or (line.size != other.size and shared > 0.97 * min(line, other, key=_SIZE).box.width)
        )
        small, large = sorted((line.size, other.size))
        near = -0.3 * small < away < 0.9 * max(min(large, 3 * small), 1.3 * scale.body)
        same = HALF_RATIO if small > 1.5 * scale.body else scale.same
        stepped = shared > 0.15 * min(upper.width, lower.width) and large < same * small
        alone = large < scale.same * small and is_label(line.text) != is_label(other.text)
        near = near and (aligned or stepped) and shared > 0 and not scale.ruled(upper, lower)
        if near and not alone:
            return True
    return False


def with_crossheads(
    headings: list[Region], columns: list[Region], shots: list[Box], scale: Scale
) -> list[Region]:
    """Tell the 小标题 inside a column from the headings above articles."""
    rest, found = sorted(headings, key=lambda x: (round(x.box.top), x.box.left)), list[Region]()
    for heading in [x for x in (*rest, *rest) if x.kind == "heading"]:
        inside = _is_crosshead(heading, rest, columns, shots, scale)
        if heading in rest and inside:
            rest.remove(heading)
            own = next(one for one in columns if next_to(heading.box, one.box, scale))
            top = _level_top(heading.box, own.box, columns, scale)
            found.append(Region("crosshead", replace(heading.box, top=top), heading.lines))
            below = replace(own, box=replace(own.box, top=top + 0.1))
            columns = [below if one is own else one for one in columns]
    return rest + found + columns


def _level_top(crosshead: Box, column: Box, columns: list[Region], scale: Scale) -> float:
    """Where a column begins with a 小标题, which has space over it: level with those beside it."""
    over = [x.box.bottom for x in columns if x.box.shared_width(column) > 0]
    end = max((y for y in over if y < crosshead.top + scale.body), default=0.0)
    beside = (x.box for x in columns if 0 < -x.box.shared_width(column) < ROW_GUTTER * scale.body)
    near = (x.top for x in beside if 0 < crosshead.top - x.top < 1.3 * scale.pitch)
    return min((top for top in near if top > end), default=crosshead.top)


def _is_crosshead(
    heading: Region, headings: list[Region], columns: list[Region], shots: list[Box], scale: Scale
) -> bool:
    """Whether text of its column or a picture is right above, a larger one over or beside it."""
    first, large = heading.lines[0], heading.size > CROSSHEAD_RATIO * scale.body
    if large or len(heading.lines) > 2 or first.vertical or is_back_line(first):
        return False
    below = [c for c in columns if next_to(heading.box, c.box, scale)]
    if not below or opens_story(below[0].lines[0].text):
        return False
    own = [b.box.top - a.box.top for a, b in pairwise(below[0].lines)]
    scale = replace(scale, pitch=max(scale.pitch, median(own or [0.0])))
    edge = replace(below[0].box, top=heading.box.top)  # a paragraph's last line may be short
    column = (c.box for c in columns if c.box.shared_width(edge) > 0)
    wide = [replace(box, right=max(box.right, edge.right)) for box in column]
    shown = (replace(x, bottom=y.bottom) for x in wide for y in shots if next_to(x, y, scale))
    above = [box for box in (*wide, *shown) if next_to(box, heading.box, scale)]
    if not above:
        return _is_at_top(heading, edge, headings, columns, shots, scale)
    higher = [x for x in headings if x.kind != "byline" and x.box.top < heading.box.top]
    beside = (x for x in headings if x.box.right < edge.left and x.box.shared_height(edge) > 0)
    higher = higher or [*beside]
    over = [one for one in higher if not scale.ruled(one.box, heading.box)]
    same = [one for one in over if one.box.shared_width(heading.box) > 0]
    alike = same and abs(max((x.box.bottom, x.size) for x in same)[1] / heading.size - 1) < 0.14
    return not alike and any(other.size > 1.25 * heading.size for other in over)


def _is_at_top(
    heading: Region,
    column: Box,
    headings: list[Region],
    columns: list[Region],
    shots: list[Box],
    scale: Scale,
) -> bool:
    """Whether a heading begins a later column of a story: hardly larger than the text, centred or
    set in as a paragraph is, level with the columns beside it and right under a larger heading;
    a flush one where the larger heading stands in the middle of all these columns."""
    flush = abs(heading.box.left - column.left) < 0.3 * scale.body
    aside = abs(heading.box.middle - column.middle) > 0.6 * scale.body
    aside &= not (flush or 1.2 * scale.body < heading.box.left - column.left < 2.6 * scale.body)
    if heading.size > 1.25 * scale.body or aside or heading.box.width > column.width - scale.body:
        return False
    high = [x for x in scale.rules if x.top < heading.box.top - 1.5 * scale.pitch]
    texts = [x.box for x in columns]  # those behind a rule are of another story
    free = (x for x in (*texts, *shots) if not any(parts_level(y, x, column) for y in high))
    row = beside_level(heading.box, column, free, 0.8, scale)
    if any(x.left < column.left for x in row):  # where the text begins, no briefs
        twins = [x.box for x in headings if abs(x.box.top - heading.box.top) < 1]
        row += [x for x in texts if any(next_to(y, x, scale) for y in twins) and x not in row]
    large = [other for other in headings if other.size > 1.25 * heading.size]
    near = PICTURE_PITCHES * scale.pitch
    shown = (x for x in shots if 0 < heading.box.top - x.bottom < near)
    wide = [x for x in shown if x.shared_width(column) > 0]  # over the row
    tops = [heading.box.top, *(x.top for x in wide)]
    over = [x for x in large if any(0 < top - x.box.bottom < near for top in tops)]
    apart = [x for x in over if scale.ruled(x.box, heading.box)]
    if flush:
        over = large = [x for x in over if abs(x.box.middle - box_around(row).middle) < scale.body]
    if any(x.box.shared_width(column) > 0 for x in apart):
        return False  # under a label
    next_in = [y for x in wide for y in beside_level(x, x, texts, 0.8, scale)]
    own = (x for x in large if not any(parts_level(rule, x.box, column) for rule in high))
    level = [x for x in own for y in tops if x.box.top - scale.pitch < y < x.box.bottom]
    beside = any(heads_beside(x, y, scale) for x in level for y in (*row, *wide, *next_in))
    reach = -0.5 * scale.body  # over the gutter beside its column at least
    whole = (x for x in over if x not in apart for y in row[1:] if x.box.shared_width(y) > reach)
    return beside or (len(row) > 1 and any(whole))


MOST_NEAR = 40  # lines under one are compared; three lines in each of twelve columns are 36


def parts_of(lines: list[LayoutLine], pictures: tuple[Box, ...], scale: Scale) -> list[Region]:
    """Sort the lines of a page into parts."""
    shots = [x for x in merged(pictures) if min(x.width, x.height) > MIN_PICTURE_POINTS]
    shown = [head for shot in shots if (head := headline_on(shot, lines, shots, scale))]
    lines = [line for line in lines if not any(line in head.lines for head in shown)]
    captions = captions_of(lines, shots, scale)
    captions += [part("masthead", [line]) for line in lines if is_imprint(line, lines, scale)]
    taken = {id(line) for caption in captions for line in caption.lines}
    rest = [line for line in lines if id(line) not in taken]
    large = [line for line in rest if is_head_line(line, rest, scale) and not is_byline(line)]
    small = [line for line in rest if line not in large]
    large = [_without_mark(line, rest, scale) for line in large]
    upright = [line.box.top for line in large if line.vertical]
    decks = dashed_decks(small, rest, scale)
    other = [line for line in small if line not in decks]
    signed = [x for x in small if is_byline(x) and _is_level(x, upright, scale)]
    weak = [
        line
        for line in small
        if _spans_columns(line, small, scale)
        or line in (*decks, *signed)
        or (is_author(line, scale) and not _is_under_text(line, other, scale))
    ]
    text = [line for line in small if line not in weak]
    starts = [line.box.top for line in large if line.size > CROSSHEAD_RATIO * scale.body]
    starts += [x.box.bottom + 0.5 * scale.pitch for x in signed]
    over = [*weak, *(line for line in large if is_back_line(line))]
    columns = columns_of_lines(text, scale, starts, over, shots)
    lines_in = ((line, column) for column in columns for line in column.lines)
    tall = [*shots, *(over_columns(line.box, columns, scale) for line in large)]
    if heads := [x for x, one in lines_in if _is_like_text(x, one, columns, tall, scale)]:
        text = [line for line in text if line not in heads]
        columns = columns_of_lines(text, scale, starts, over, shots)
    first = {id(column.lines[0]) for column in columns}
    large, weak = ([x for x in lines if id(x) not in first] for lines in (large, weak))
    like_text = [part("heading", [line]) for line in heads]
    headings = headings_of(large, weak, columns, scale) + shown
    headings = [with_quote(heading, shots, columns, scale) for heading in headings]
    used = {id(line) for heading in headings for line in heading.lines}
    held = (*(column.lines for column in columns), *((line,) for line in weak))
    unused = ([line for line in lines if id(line) not in used] for lines in held)
    columns = [part("text", lines) for lines in unused if lines]
    columns = round_portraits(columns, shots, scale)
    photos = [Region("picture", box) for box in shots]
    found = with_crossheads([*headings, *like_text], columns, shots, scale) + captions + photos
    plain = {id(one) for one in like_text}
    return [replace(one, kind="text") if id(one) in plain else one for one in found]


def _is_like_text(
    line: LayoutLine, column: Region, columns: list[Region], shots: list[Box], scale: Scale
) -> bool:
    """Whether a line of a column may be a 小标题 in the size of the text: no sentence, but set
    apart from the end of one over it and the indented line under it."""
    size, words = line.size, han(line.text)
    least = 1 if scale.exact and size > EXACT_SAME_RATIO * scale.body else 2
    if not least < len(words) <= MAX_CROSSHEAD or SENTENCE.search(line.text) or is_byline(line):
        return False
    near = [one for one in columns if in_one_column(one.box, column.box, scale)]
    wide = 1.2 * max(median(x.box.width for x in columns), column.box.width)
    near = [x for x in near if len(x.lines) > 1 or x.box.width < wide]  # no foot
    low = (x for x in near if x.box.top > line.box.top and len(column.lines) == 1)
    base = min(low, key=lambda x: x.box.top, default=column)  # its text, no other story's
    left, right, most = base.box.left, base.box.right, scale.body
    sides = ((x, abs(x.box.left - left), abs(x.box.right - right)) for x in near)
    near = [x for x, *away in sides if len(x.lines) == 1 or x is column or min(away) < most]
    whole = box_around(one.box for one in near)  # the end of a paragraph may be narrow
    ends = (x for x in columns if x not in near and len(x.lines) == 1)
    flush = (x for x in ends if abs(x.box.left - whole.left) < 0.5 * scale.body)
    near += [one for one in flush if in_one_column(one.box, whole, scale)]
    lines = sorted((x for one in near for x in one.lines), key=lambda x: x.box.top)
    at = lines.index(line)
    above, below = lines[max(at - 1, 0) : at], lines[at + 1 : at + 2]
    if not below or (above and not ends_sentence(above[0].text)):
        return False
    whole, row = box_around(one.box for one in near), (*(x.box for x in columns), *shots)
    begins = not above and not is_under_shot(line.box, whole, shots, scale)
    if begins and len(beside_level(line.box, whole, row, 0.3, scale)) < 2:
        return False  # a deck stands higher than the columns
    steps = [y.box.centre - x.box.centre for x, y in pairwise(lines)]
    others = [step for n, step in enumerate(steps) if n not in (at - 1, at)]
    pitch = median(others or [scale.pitch])
    apart = max(steps[at], steps[at - 1] if above else 0.0) > 1.1 * pitch
    centred = abs(line.box.middle - whole.middle) < 0.3 * size
    bold = scale.exact and size > 1.02 * max(x.size for x in (*above, *below))
    room = (0.9 if bold and centred else 1.2) * size
    inset = min(line.box.left, below[0].box.left) > whole.left + room
    apart |= bool(above) and centred and line.box.left > whole.left + 2.6 * size
    over = [x.box.right for x in lines[max(at - 4, 0) : at]]
    right = max(over) if len(over) > 2 else whole.right  # where full lines end
    inset &= line.box.right < min(right, whole.right) - room + 0.2 * size
    return (apart or bold) and inset and steps[at] < 1.75 * pitch


def _is_under_text(line: LayoutLine, small: list[LayoutLine], scale: Scale) -> bool:
    """Whether text of its column stands right over a line, or goes on with it under its indent."""
    column = [other for other in small if other.box.shared_width(line.box) > 0]
    away = [(line.box.centre - x.box.centre, x.box) for x in column if not is_byline(x)]
    near = away if scale.exact else []
    below = [box for step, box in near if -1.3 * scale.pitch < step < -0.5 * scale.body]
    flush = (x for x in below if abs(line.box.right - x.right) < line.size / 3)
    signed = is_byline(line)
    most = 99 if line.text[0] in "（(" else 2.6 * (not signed)  # a name in a narrow column
    if any(1.2 * line.size < line.box.left - x.left < most * line.size for x in flush):
        return True
    # One with white space over it begins a text.
    far = (1.3 if below and signed else 2.4) * scale.pitch
    return any(0.5 * scale.body < step < far for step, _ in away)


def is_head_line(line: LayoutLine, lines: list[LayoutLine], scale: Scale) -> bool:
    """Whether a line is one of a heading: larger than the text, or short behind a mark as ■."""
    if _is_large(line, scale):
        return not _in_step(line, lines, scale)
    if not _is_marked(line):
        return False
    if (heads := _heads_indented(line, lines, scale)) is not None:
        return heads
    # Its text stands elsewhere: a headline too if another that is marked like it is.
    others = (x for x in lines if x is not line and _is_marked(x) and alike(x, line, scale.same))
    return any(_heads_indented(one, lines, scale) for one in others)


def _is_marked(line: LayoutLine) -> bool:
    return bool(_MARKED_HEAD.fullmatch(line.text)) and not ends_sentence(line.text)


def _heads_indented(line: LayoutLine, lines: list[LayoutLine], scale: Scale) -> bool | None:
    """Whether the text right below a line is indented; None where there is none."""
    below = [
        other.box.left > line.box.left + 1.2 * other.size
        for other in lines
        if 0.5 * scale.body < other.box.centre - line.box.centre < 1.5 * scale.pitch
        and other.box.shared_width(line.box) > 0
    ]
    return any(below) if below else None


def _without_mark(line: LayoutLine, lines: list[LayoutLine], scale: Scale) -> LayoutLine:
    """A line of a heading; one behind a mark without it, and as large as a heading. What stands
    behind ▲ is a caption, if not in larger type over a text that is set in."""
    shape = line.text.replace("▲", "■", 1) if line.size >= scale.heading else line.text
    if not _MARKED_HEAD.fullmatch(shape):
        return line
    under = [x for x in lines if 0 < x.box.top - line.box.top < 3 * scale.pitch]
    under = [x for x in under if x.size < line.size and x.box.shared_width(line.box) > 0]
    first = min(under, key=lambda x: x.box.top, default=line)
    set_in = first.box.left > line.box.left + 0.6 * first.size
    if shape != line.text and (not set_in or kind_of(line.text[1:])):
        return line
    return replace(line, text=line.text[1:].strip(), size=max(line.size, scale.heading))


def _is_large(line: LayoutLine, scale: Scale) -> bool:
    if line.vertical:
        return line.size > 1.05 * scale.body or len(han(line.text)) > 3
    return line.size >= scale.heading or is_back_line(line)


def _in_step(line: LayoutLine, lines: list[LayoutLine], scale: Scale) -> bool:
    """Whether a line that seems a little larger keeps step with the text over or under it: scans
    measure type roughly, but a heading never stands just one line pitch from the text."""
    if scale.exact or line.vertical or line.size > DOUBTFUL_RATIO * scale.body:
        return False
    return any(
        abs(abs(other.box.centre - line.box.centre) - scale.pitch) < IN_STEP_PITCHES * scale.pitch
        and line.box.left > other.box.left - 0.6 * scale.body
        and other.box.shared_width(line.box) > 0.8 * line.box.width
        and other.size < scale.heading
        for other in lines
    )


def _spans_columns(line: LayoutLine, small: list[LayoutLine], scale: Scale) -> bool:
    """Whether a line of small type stands over two columns, so in neither, nor ends a third."""
    if EDITORS_NOTE.match(line.text):
        return False
    near = [
        other
        for other in small
        if 0.5 * scale.body < other.box.top - line.box.top < 3.2 * scale.pitch
        and other.box.shared_width(line.box) > 1.5 * scale.body
        and other.box.width < 1.6 * line.box.width
    ][:MOST_NEAR]
    spans = any(
        one.box.shared_width(other.box) < -0.4 * scale.body
        and abs(one.box.top - other.box.top) < 0.6 * scale.pitch
        for one in near
        for other in near
    )
    return spans and not any(
        abs(line.box.top - other.box.top - scale.pitch) < IN_STEP_PITCHES * scale.pitch
        and abs(line.box.left - other.box.left) < 2.6 * scale.body
        and not _spans_columns(other, small, scale)
        for other in small
    )
