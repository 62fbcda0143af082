"""Labels of a printed page: on a box or a bar, known by words, over a rule or briefs; and its head.

A label (民生, 简讯) is no headline and is not read aloud; it tells where its stories begin.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from operator import attrgetter
from statistics import median

from qjaudio.paper.layout_lines import (
    is_like_body,
    text_line,
)
from qjaudio.paper.layout_parts import is_head_line
from qjaudio.paper.layout_regions import ALIGNED_PITCHES, EDITORS_NOTE, Region, Scale
from qjaudio.paper.lines import is_credit, is_label, kind_of, read_masthead
from qjaudio.paper.model import Block, LayoutLine, Page, TextLine
from qjaudio.paper.pieces import MAX_BOX_LABEL, is_byline
from qjaudio.paper.sentences import is_said_in
from qjaudio.paper.text import Box, box_around, compact, ends_sentence, han

MAX_LABEL = 10
"""Characters of the longest label in a box; a headline in a bar is longer."""
LABEL_RATIO, MIN_LABEL = 1.4, 1.2
"""So much larger than the text, and than their headlines, is the label over briefs."""
NAME_SIZES = 2.5
"""The paper's name at the top of its first page is so many times as large as most lines."""
NAME_SHARE = 0.1
"""It begins within this share of the page's height."""
MAX_QUOTE, MAX_QUOTE_LINES, MAX_QUOTE_RATIO = 16.0, 6, 2.4
"""Of a quotation between two rules: type sizes high, lines, type."""
INTRO_SIZES, INTRO_DEPTH, TOPIC_RATIO, UNDER_NOTE = 24.0, 6.0, 1.4, 0.7
"""Type sizes: what opens a special page is wider than two columns, and a headline so near below;
its topic is so much larger than any headline, or one right under the note is this share of it."""
_INTRO = re.compile(f"{EDITORS_NOTE.pattern}|.*本[期版]")


def take_paper_name(page: Page) -> tuple[Page, list[Block]]:
    """A page without the paper's name, and the name: in the largest type, at the very top.

    It stands on a ground like a label's, upright like a headline, or beside a guide.
    """
    lines = [(block, line) for block in page.blocks for line in block.lines]
    block, largest = max(lines, key=lambda row: _size_of(row[1]))
    box, size = largest.box, _size_of(largest)
    if box is None or size < NAME_SIZES * median(_size_of(line) for _, line in lines):
        return page, []
    boxes = [line.box for _, line in lines if line.box]
    above = any(one.bottom < box.top and one.shared_width(box) > 0 for one in boxes)
    deep = box.top > NAME_SHARE * max(one.bottom for one in boxes)
    if above or deep or not read_masthead((), (largest.text,), "").paper:
        return page, []
    rest = tuple(one for one in page.blocks if one is not block)
    return replace(page, blocks=rest), [replace(block, kind="masthead")]


def _size_of(line: TextLine) -> float:
    return line.size or (line.box.height if line.box else 0.0)


def label_in(held: list[LayoutLine], bars: Iterable[Box], scale: Scale) -> list[LayoutLine]:
    """The label of a frame of briefs: a short line at its top, larger than all of their headlines,
    which are alike, and right over the first of them; or one over a rule as wide as the frame, or
    on a bar over two of them side by side or larger ones."""
    first, *rest = sorted(held, key=lambda line: line.box.top)
    heads = [line for line in rest if is_head_line(line, rest, scale)]
    whole = box_around(line.box for line in held)
    ruled = any(line.size != first.size for line in heads[:1]) and any(  # no brief over the next
        0 < rule.top - first.box.bottom < first.size
        and rule.shared_width(whole) > 0.8 * whole.width
        for rule in scale.rules
    )
    own = len({round(line.box.top) for line in heads[:2]}) < len(heads[:2])
    own |= any(line.size > 1.1 * first.size for line in heads)
    ruled |= own and any(
        bar.holds(first.box) and bar.shared_width(whole) > 0.8 * whole.width
        for bar in bars
        if bar.height < 3 * first.size
    )
    if heads and ruled and 2 < len(han(first.text)) <= MAX_BOX_LABEL:
        return [first]
    if len(heads) < 2 or heads[0] is not rest[0] or len(han(first.text)) > MAX_BOX_LABEL:
        return []
    sizes = [line.size for line in heads]
    alike = max(sizes) < scale.same * min(sizes) and first.size > 1.02 * max(sizes)
    parted = any(x not in heads and x.box.top < heads[-1].box.top for x in rest)
    parted |= any(heads[0].box.shared_width(head.box) <= 0 for head in heads)
    alike &= parted and heads[0].text[0] not in "—-"  # a deck
    return [first] if alike else []


_TOP = attrgetter("box.top")
FEWEST_BRIEFS = 3
"""So many short lines, each over a paragraph of its own, show that they are headlines of briefs."""


def take_pack_labels(
    lines: list[LayoutLine],
    labels: list[Block],
    grounds: Iterable[Box],
    shots: Iterable[Box],
    scale: Scale,
) -> tuple[list[LayoutLine], list[Block]]:
    """The lines, the headlines of briefs under one label as large as a heading, and the labels
    over them: each column right under one, its rule or its bar, or in its frame, is briefs
    from its first line on."""
    if not scale.exact:
        return lines, []
    known = [line.box for block in labels for line in block.lines if line.box]
    short = [x for x in lines if x.size > LABEL_RATIO * scale.body and not x.vertical]
    short = [x for x in short if 0 < len(han(x.text)) <= MAX_BOX_LABEL]
    found, heads, down = list[LayoutLine](), list[LayoutLine](), sorted(lines, key=_TOP)
    for label, box in [*((None, box) for box in known), *((x, x.box) for x in short)]:
        near = [x for x in grounds if x.left <= box.left and box.right <= x.right]
        near = [x for x in near if x.bottom > box.centre and x.top < box.bottom + box.height]
        wide = max(near, key=lambda x: x.top, default=box)
        low = [x for x in shots if x.top > box.bottom]  # adverts among the briefs
        below = down[bisect_right(down, box.bottom - 1, key=_TOP) :]
        below = [x for x in below if not any(shot.holds(x.box, 1.0) for shot in low)]
        under = [x for x in below if x.box.shared_width(wide) > 0]
        if not under or under[0].box.top - box.bottom > 3 * scale.pitch:
            continue
        level = [x for x in under if x.box.top - under[0].box.top < 0.6 * scale.pitch]
        briefs = [briefs_from(top, below, scale) for top in level]
        row = (
            x
            for x in below
            if x not in level and x.size == under[0].size and abs(x.box.top - under[0].box.top) < 1
        )
        packs = [*briefs, *(pack for x in row if (pack := briefs_from(x, below, scale)))]
        names = [line for column in packs for head in column for line in head]
        small = not label or all(line.size < box.height / MIN_LABEL for line in names)
        few = FEWEST_BRIEFS if label else 2  # one on a ground of its own is sure
        if small and all(briefs) and sum(map(len, packs)) >= few:
            heads += names
            found += [label] if label else []
    heads = [line for line in heads if not is_head_line(line, lines, scale)]
    lines = [replace(line, size=scale.heading) if line in heads else line for line in lines]
    banners = [Block(lines=(text_line(line),), kind="banner") for line in found]
    return [line for line in lines if line not in found], banners


LABEL_OVER = (-1.0, 6.0)
"""How far the first heading stands under the label 简讯, in type sizes."""
LABEL_ASIDE = 12.0
"""How far beside it that heading may be, in type sizes: half a column where it is centred."""
MAX_RULED_LABEL = 8
"""Han characters of the longest label over a rule."""


def take_label_words(
    lines: list[LayoutLine], rules: list[Box], frames: Iterable[Box], body: float
) -> tuple[list[Block], list[LayoutLine], list[Box]]:
    """The lines that are a label by their words (简讯), by a long rule between them and a headline,
    by a place in the upper edge of a frame, or by standing over two larger headlines of the page in
    the same words; what opens a special page, and its topic; the others; the rules but those."""
    framed = [
        line
        for line in lines
        for frame in frames
        if frame.left < line.box.left
        and line.box.right < frame.right
        and abs(frame.top - line.box.centre) < 0.25 * line.box.height
    ]
    under = {id(line): _rule_of_label(line, rules, lines, body) for line in lines}
    short = [x for x in lines if 2 < len(han(x.text)) == len(compact(x.text)) <= MAX_RULED_LABEL]
    over = [x for x in short if x.size > body and any(_is_larger(y, x, body) for y in lines)]
    often = Counter(compact(line.text) for line in over)
    intros = [x.box.top for x in lines if _opens_special(x, lines, body)]
    found = [
        line
        for line in lines
        if line in framed
        or under[id(line)]
        or (line in over and often[compact(line.text)] > 1)
        or any(line.box.top <= top for top in intros)
        or (
            is_label(compact(line.text))
            and any(_stands_under(other, line, body) for other in lines)
        )
    ]
    blocks = [Block(lines=(text_line(line),), kind="banner") for line in found]
    rest = [line for line in lines if line not in found]
    return blocks, rest, [rule for rule in rules if rule not in under.values()]


def _opens_special(line: LayoutLine, lines: list[LayoutLine], body: float) -> bool:
    """Whether a wide line tells what a page is about (编者按, 开栏的话, 本期): a sentence over its
    headlines, under nothing but its topic."""
    if line.box.width < INTRO_SIZES * body or line.size > LABEL_RATIO * body:
        return False
    if not (_INTRO.match(line.text) and ends_sentence(line.text)):
        return False
    above = [x.size for x in lines if x.box.bottom < line.box.top]
    heads = [x for x in lines if x.box.top > line.box.bottom and x.size > LABEL_RATIO * body]
    near = [x.size for x in heads if x.box.top - line.box.bottom < INTRO_DEPTH * body]
    if not near or not above or min(above) <= LABEL_RATIO * body:
        return False
    size, most = max(above), max(x.size for x in heads)
    noted = EDITORS_NOTE.match(line.text) and size > most and max(near) > UNDER_NOTE * size
    return bool(noted) or size > TOPIC_RATIO * most  # a smaller one is the deck of its own headline


def _rule_of_label(
    line: LayoutLine, rules: list[Box], lines: list[LayoutLine], body: float
) -> Box | None:
    """The rule right under a few words in small type at its beginning, with a headline next."""
    words, box = compact(line.text), line.box
    short = 2 <= len(han(words)) == len(words) <= MAX_RULED_LABEL
    if not short or line.size > 1.2 * body:
        return None
    over = (x.box for x in lines if -body < box.top - x.box.bottom < 1.5 * body and x is not line)
    if any(x.shared_width(box) > 0 for x in over):  # the last line of a text
        return None
    for rule in rules:
        flush = abs(rule.left - line.box.left) < body
        wide = rule.width > max(2 * line.box.width, 8 * body)
        if not (flush and wide and -0.1 * body < rule.top - line.box.bottom < 0.8 * body):
            continue
        under = [x for x in lines if x.box.top > rule.top and x.box.shared_width(rule) > 0]
        nearest = min(under, key=lambda x: x.box.top, default=line)
        near = nearest.box.top - rule.bottom < 3 * nearest.size
        return rule if near and nearest.size > 1.2 * line.size else None
    return None


def _stands_under(heading: LayoutLine, label: LayoutLine, body: float) -> bool:
    """Whether a line in large type, but no larger than the label, stands under it."""
    return _is_under(heading, label, body) and 1.05 * body < heading.size < label.size


def _is_larger(heading: LayoutLine, label: LayoutLine, body: float) -> bool:
    """Whether a line in larger type than the label stands under it."""
    return heading.size > 1.1 * label.size and _is_under(heading, label, body)


def _is_under(heading: LayoutLine, label: LayoutLine, body: float) -> bool:
    low, high = LABEL_OVER
    near = low < (heading.box.top - label.box.bottom) / body < high
    near = near and -heading.box.shared_width(label.box) < LABEL_ASIDE * body
    return near and len(han(heading.text)) > 3


MAX_BRIEF = 1.4
"""Larger type than so many times the text's is no headline of a brief."""
PACK_PITCHES = 6.0
"""The next brief of a column begins within so many line pitches; white may be spread between."""


def briefs_from(top: LayoutLine, below: list[LayoutLine], scale: Scale) -> list[list[LayoutLine]]:
    """The headlines of the briefs that the column under a line consists of, which is the first."""
    column, whole = [top], top.box
    for line in (x for x in below if x is not top):
        if line.box.shared_width(whole) <= 0:
            continue
        low, high, wide = column[-1].box.bottom, line.box.top, whole.width + 2 * scale.body
        rules = (x for x in scale.rules if low < x.top < high and x.shared_width(whole) > 0)
        ends = any(rule.width > wide for rule in rules)  # one of a column's width parts briefs
        ends |= line.size > MAX_BRIEF * scale.body
        if ends or high - low > PACK_PITCHES * scale.pitch:
            break
        if high < column[-1].box.centre:
            return []  # it is of two columns
        column.append(line)
        whole = box_around((whole, line.box))
    heads: list[list[LayoutLine]] = []
    at = missed = 0
    while at < len(column) and (heads or not at):
        tries = ((n, _end_of_brief(column, at, n, scale)) for n in (1, 2))
        count, end = next((x for x in tries if x[1]), (0, at + 1))
        heads += [column[at : at + count]] * bool(count)
        missed, at = missed + (not count), end
    return heads if 4 * missed <= len(column) else []


def _end_of_brief(column: list[LayoutLine], at: int, count: int, scale: Scale) -> int:
    """Where a brief ends whose headline is so many lines of a column; 0 where there is none."""
    head, text = column[at : at + count], column[at + count :]
    left = min(line.box.left for line in column)
    if len(head) < count or not any(x.box.left > left + 1.2 * scale.body for x in text[:1]):
        return 0
    said = any("。" in x.text or ends_sentence(x.text) or is_credit(x.text) for x in head)
    if said or len(han(head[0].text)) < 3 or head[0].size != head[-1].size:
        return 0
    lines, below = [text[0]], [*text[2:], None]
    for above, line, after in zip(text, text[1:], below, strict=False):
        flush = line.box.left < left + 0.6 * scale.body
        if not flush or line.box.top - above.box.top > 1.3 * scale.pitch:
            break
        ended = ends_sentence(above.text) and not ends_sentence(line.text)
        if ended and after and after.box.left > left + 1.2 * scale.body:
            break  # the next headline
        lines.append(line)
    plain = all(line.size < 1.02 * scale.body for line in lines)
    whole = ends_sentence(lines[-1].text) or lines[-1].text[-1:] in ")）"
    return at + count + len(lines) if plain and whole else 0


def take_pull_quotes(
    lines: list[LayoutLine], rules: list[Box], body: float
) -> tuple[list[LayoutLine], list[LayoutLine], list[Box]]:
    """The lines between two rules inside a column that say words of a story again, or stand in its
    text, the others, and what the quotes cover."""
    level = [rule for rule in rules if rule.width > 4 * body and rule.height < body]
    found, covered = list[LayoutLine](), list[Box]()
    for upper, lower in ((one, other) for one in level for other in level):
        area = box_around((upper, lower))
        like = abs(upper.left - lower.left) < 3 and abs(upper.right - lower.right) < 3
        if not like or not 2 * body < lower.centre - upper.centre < MAX_QUOTE * body:
            continue
        held = [line for line in lines if area.holds(line.box, 1.0)]
        words = "".join(line.text for line in sorted(held, key=_TOP))
        quoted = words.startswith("“") and ("”" not in words or words.endswith("”"))  # or lost it
        far = (3.6 if quoted else 2.6) * body
        near = [x for x in lines if x not in held and x.box.shared_width(area) > 3 * body]
        over = [line for line in near if 0 < upper.top - line.box.bottom < far]
        below = any(0 < line.box.top - lower.bottom < far for line in near)
        below |= quoted and words.endswith("。”")  # no headline; it may end its column
        told = (x.text for x in lines if is_like_body(x, body) and x not in held)
        again = is_said_in(words, told)
        text = [line for line in held if abs(line.size - body) < 0.02 * body]
        full = [x.box.width for x in near if is_like_body(x, body)]
        wide = max(full, default=area.width) < 0.6 * area.width  # over several columns
        wide |= any(line.size > MAX_QUOTE_RATIO * body for line in held)  # a headline
        wide |= bool((text and not (quoted or again)) or held[MAX_QUOTE_LINES:])
        # Where who wrote the story above stands, that has ended: a headline.
        signed = any(is_byline(x) or re.fullmatch("[（(].+[）)]", x.text.strip()) for x in over)
        if held and (again or (over and below and not signed)) and not wide:
            found += held
            covered.append(area)
    return found, [line for line in lines if line not in found], covered


HEAD_AGAIN = 1.5
"""A line under a headline that is so much larger than the one between them heads anew."""


def head_order(line: LayoutLine) -> tuple[float, float]:
    """Where a line stands among those of its heading."""
    box = line.box
    return (-box.right, box.top) if line.vertical else (box.top, box.left)


def topic_and_head(sizes: list[float]) -> tuple[int, int]:
    """How many lines of a heading are a topic over several stories, and which one is the headline.

    Below a topic (专题) stand a kicker and a headline of a story.
    """
    main = max(range(len(sizes)), key=sizes.__getitem__, default=0)
    again = [at for at in range(main + 2, len(sizes)) if sizes[at] > HEAD_AGAIN * sizes[at - 1]]
    return (main + 1, max(again, key=sizes.__getitem__)) if again else (0, main)


HEAD_SHARE = 0.2
"""The head of a page ends within this share of its height."""
HEAD_SIZES = 12.0
"""It may always be so many type sizes high."""
HEAD_LARGE_RATIO = 1.4
"""Below its first rule only small type is the head's: teasers; larger type is a headline."""
HEAD_RULE_SHARE = 0.55
"""The rule under it goes through this share of the page's width."""


def take_head(
    lines: list[LayoutLine], bars: Iterable[Box], body: float, frames: Iterable[Box] = ()
) -> tuple[list[LayoutLine], list[LayoutLine]]:
    """The lines of the page's head (报头, folio, teasers), above a rule; and the others. Where
    frames (报眼) stand beside that, it reaches up to them."""
    whole = box_around(line.box for line in lines)
    best: list[LayoutLine] = []
    depth = whole.top + max(HEAD_SHARE * whole.height, HEAD_SIZES * body)
    for rule in sorted(bars, key=lambda rule: rule.top):
        ears = [x for x in frames if x.shared_width(rule) <= 0 and x.top < rule.bottom]
        left = max([whole.left, *(x.right for x in ears if x.right < rule.middle)])
        right = min([whole.right, *(x.left for x in ears if x.left > rule.middle)])
        if rule.width < HEAD_RULE_SHARE * (right - left) or rule.centre > depth:
            continue
        above = [x for x in lines if x.box.centre < rule.bottom and left < x.box.middle < right]
        if ears and any(line.size > HEAD_LARGE_RATIO * body for line in above):
            continue
        more = [line for line in above if line not in best]
        large = bool(best) and any(line.size > HEAD_LARGE_RATIO * body for line in more)
        if large or any(map(_is_sentence, above)):
            break
        if any(char.isdecimal() for line in above for char in line.text):  # a date, a page number
            best = above
    best = best or _head_by_words(lines)
    taken = {id(line) for line in best}
    return best, [line for line in lines if id(line) not in taken]


def _head_by_words(lines: list[LayoutLine]) -> list[LayoutLine]:
    """The lines of a head without a rule: the rows at the top in which a page, a date is named."""
    head: list[LayoutLine] = []
    for first in sorted(lines, key=lambda line: line.box.top):
        row = [line for line in lines if line.box.shared_height(first.box) > 0]
        named = any(kind_of(line.text) in ("masthead", "folio") for line in row)
        if first not in head and (not named or any(map(_is_sentence, row))):
            break
        head += [line for line in row if line not in head]
    return head


def _is_sentence(line: LayoutLine) -> bool:
    return "。" in line.text or (len(han(line.text)) > MAX_LABEL and "，" in line.text)


def head_blocks(lines: list[LayoutLine], block_of: Iterable[Block]) -> list[Block]:
    """The blocks of the page's head, the paper's name in its largest type first."""
    blocks = [replace(block, kind="masthead") for block in block_of]
    order = sorted(range(len(lines)), key=lambda at: (-lines[at].size, lines[at].box.top))
    return [blocks[at] for at in order]


def is_at_height(heading: Region, first: Region, parts: list[Region], scale: Scale) -> bool:
    """Whether a vertical heading right of a row begins level with it, or is centred on its columns
    with all that stands under them."""
    if abs(heading.box.top - first.box.top) < 3 * scale.pitch:
        return True
    left, top = first.box.left - scale.body, first.box.top - ALIGNED_PITCHES * scale.pitch
    row = [
        part.box
        for part in parts
        if left < part.box.left < heading.box.left and top < part.box.top < heading.box.bottom
    ]
    return bool(row) and abs(box_around(row).centre - heading.box.centre) < 2 * scale.pitch


def stands_beside(heading: Region, text: Region, scale: Scale) -> bool:
    """Whether a vertical heading stands beside a column, level with it or with its middle."""
    level = abs(heading.box.top - text.box.top) < 3 * scale.pitch
    inside = heading.box.top - scale.pitch < text.box.top < heading.box.bottom
    centred = abs(heading.box.centre - text.box.centre) < 2 * scale.pitch
    within = text.box.top < heading.box.top and heading.box.bottom < text.box.bottom + scale.pitch
    within &= heading.box.right < text.box.left
    away = -heading.box.shared_width(text.box)
    return (level or inside or centred or within) and -scale.body < away < 3.5 * scale.body
