"""What of a page's lines is no text of a column: its head, labels, drop caps, end names."""

from collections.abc import Iterable
from dataclasses import replace

from qjaudio.paper.layout_lines import LayoutLine
from qjaudio.paper.layout_parts import Ground, Region
from qjaudio.paper.lines import bare_names, has_surname, is_label
from qjaudio.paper.model import Block, Page, TextLine
from qjaudio.paper.text import Box, PageText, box_around, compact, ends_sentence, han, join_texts

HEAD_SHARE = 0.2
"""The head of a page ends within this share of its height."""
HEAD_SIZES = 12.0
"""It may always be so many type sizes high."""
HEAD_LARGE_RATIO = 1.4
"""Below its first rule only small type is the head's: teasers; larger type is a headline."""
HEAD_RULE_SHARE = 0.55
"""The rule under it goes through this share of the page's width."""
MAX_LABEL = 10
"""Characters of the longest label in a box; a headline in a bar is longer."""
LABEL_HEIGHTS = (0.85, 2.8)
"""How high a label's box is, in its type size: measured 1.2 to 1.9."""
LABEL_OVER = (-1.0, 6.0)
"""How far the first heading stands under the label 简讯, in type sizes."""
LABEL_PITCHES = 2.2
"""A label belongs to what stands within so many line pitches under it."""
LABEL_ROOM = 5.0
"""What a label's box may be wider than its words, in its type size."""
DROP_CAP_SIZES = (1.6, 5.0)
"""The size of a drop cap in type sizes of the text: two lines are about 2.5, three 4."""
MIN_TABLE_RULES, MIN_CELLS = 3, 4
"""A table has so many level rules, and so many texts between them."""
NAME_ROOM = 3.0
"""What stands free before a name that signs at the right edge, in type sizes."""


def take_labels(page: Page) -> tuple[Page, list[Block]]:
    """A page without its labels (民生 见闻) and their boxes, and the labels."""
    boxes = (*page.rules, *page.pictures)
    found, taken, labels = set[int](), list[Box](), list[Block]()
    for block in page.blocks:
        line = block.lines[0]
        text = compact(line.text)
        if line.box is None or len(text) > MAX_LABEL or not han(text):
            continue
        size = line.size or line.box.height
        around = [box for box in boxes if _is_label_box(box, line.box, size)]
        if around:
            found.add(id(block))
            taken += around
            labels.append(replace(block, kind="banner"))
    if not labels:
        return page, []
    return replace(
        page,
        blocks=tuple(block for block in page.blocks if id(block) not in found),
        rules=tuple(box for box in page.rules if box not in taken),
        pictures=tuple(box for box in page.pictures if box not in taken),
    ), labels


def take_tables(page: Page) -> tuple[Page, list[Block]]:
    """A page without the text and the rules of its ruled tables, and that text; they are pictures.

    A table has three level rules or more of one width, each in pieces, or upright ones between.
    """
    found: list[Block] = []
    for area in _ruled_areas(page.rules):
        inside = [x for x in page.blocks if x.lines[0].box and area.holds(x.lines[0].box, 2.0)]
        if len(inside) < MIN_CELLS or any("。" in line.text for x in inside for line in x.lines):
            continue
        found += [replace(block, kind="table") for block in inside]
        page = replace(
            page,
            blocks=tuple(block for block in page.blocks if block not in inside),
            rules=tuple(rule for rule in page.rules if not area.holds(rule, 2.0)),
            pictures=(*page.pictures, area),
        )
    return page, found


def _ruled_areas(rules: tuple[Box, ...]) -> list[Box]:
    """What groups of level rules of one width hold, where something parts them upright."""
    edges = [Box(x.left, y, x.right, y) for x in rules for y in (x.top, x.bottom)]
    rows: list[list[Box]] = []
    for edge in sorted((x for x in edges if x.width > 0), key=lambda x: (round(x.top), x.left)):
        last = rows[-1][-1] if rows else None
        if last and abs(edge.top - last.top) < 1.5 and edge.left < last.right + 1.5:
            rows[-1].append(edge)
        else:
            rows.append([edge])
    groups: dict[tuple[int, int], list[list[Box]]] = {}
    for row in rows:
        whole = box_around(row)
        groups.setdefault((round(whole.left / 3), round(whole.right / 3)), []).append(row)
    areas = []
    for group in groups.values():
        area = box_around(edge for row in group for edge in row)
        parted = sum(len({round(edge.left) for edge in row}) > 1 for row in group)
        upright = sum(
            rule.is_tall and area.holds(rule, 2.0) and rule.left > area.left + 2 for rule in rules
        )
        heights = {round(row[0].top / 3) for row in group}
        if len(heights) >= MIN_TABLE_RULES and (parted >= MIN_TABLE_RULES or upright > 1):
            areas.append(area)
    return areas


def under_labels(parts: list[Region], labels: list[Block], ground: Ground) -> list[Region]:
    """The parts of a page; one right under a label reaches up to its top."""
    for label in labels:
        box = label.lines[0].box
        assert box is not None  # noqa: S101  only lines with places are labels
        under = [
            part
            for part in parts
            if stands_over(label, part, ground)
            and not any(box.bottom < rule.centre < part.box.top for rule in _level(part, ground))
        ]
        nearest = min(under, key=lambda part: part.box.top, default=None)
        if nearest:
            whole = replace(nearest, box=replace(nearest.box, top=min(box.top, nearest.box.top)))
            parts = [whole if part is nearest else part for part in parts]
    return parts


def stands_over(label: Block, part: Region, ground: Ground) -> bool:
    """Whether a label stands right over a text or a heading, or just in its top."""
    box = label.lines[0].box
    if part.kind not in ("text", "heading") or box is None:
        return False
    down = (part.lines[0].box.top - box.bottom) / ground.pitch
    return -0.5 < down < LABEL_PITCHES and part.box.shared_width(box) > 0


def _level(part: Region, ground: Ground) -> list[Box]:
    """The level rules over a part."""
    return [
        rule
        for rule in ground.rules
        if rule.width > rule.height and rule.shared_width(part.box) > 0.5 * part.box.width
    ]


def _is_label_box(box: Box, line: Box, size: float) -> bool:
    low, high = LABEL_HEIGHTS
    return (
        low * size < box.height < high * size
        and 0.6 * line.width < box.width < line.width + LABEL_ROOM * size
        and box.left < line.middle < box.right
        and box.top - 0.3 * size < line.top
        and line.bottom < box.bottom + 0.3 * size
    )


def take_head(
    lines: list[LayoutLine], bars: Iterable[Box], body: float
) -> tuple[list[LayoutLine], list[LayoutLine]]:
    """The lines of the page's head (报头, folio, teasers), above a rule; and the others."""
    whole = box_around(line.box for line in lines)
    best: list[LayoutLine] = []
    depth = whole.top + max(HEAD_SHARE * whole.height, HEAD_SIZES * body)
    for rule in sorted(bars, key=lambda rule: rule.top):
        if rule.width < HEAD_RULE_SHARE * whole.width or rule.centre > depth:
            continue
        above = [line for line in lines if line.box.centre < rule.centre]
        more = [line for line in above if line not in best]
        large = bool(best) and any(line.size > HEAD_LARGE_RATIO * body for line in more)
        if large or any(map(_is_prose, above)):
            break
        if any(char.isdecimal() for line in above for char in line.text):  # a date, a page number
            best = above
    taken = {id(line) for line in best}
    return best, [line for line in lines if id(line) not in taken]


def take_label_words(lines: list[LayoutLine], body: float) -> tuple[list[Block], list[LayoutLine]]:
    """The lines that are a label by their words (简讯), and the others."""
    found = [
        line
        for line in lines
        if is_label(line.text) and any(_stands_under(other, line, body) for other in lines)
    ]
    taken = {id(line) for line in found}
    blocks = [
        Block(lines=(TextLine(text=line.text, box=line.box, size=line.size),), kind="banner")
        for line in found
    ]
    return blocks, [line for line in lines if id(line) not in taken]


def _stands_under(heading: LayoutLine, label: LayoutLine, body: float) -> bool:
    """Whether a line in large type, but no larger than the label, stands under it."""
    low, high = LABEL_OVER
    near = low < (heading.box.top - label.box.bottom) / body < high
    return near and 1.05 * body < heading.size < label.size and len(han(heading.text)) > 3


def _is_prose(line: LayoutLine) -> bool:
    return "。" in line.text or (len(han(line.text)) > MAX_LABEL and "，" in line.text)


def head_blocks(lines: list[LayoutLine], block_of: Iterable[Block]) -> list[Block]:
    """The blocks of the page's head, the paper's name in its largest type first."""
    blocks = [replace(block, kind="masthead") for block in block_of]
    order = sorted(range(len(lines)), key=lambda at: (-lines[at].size, lines[at].box.top))
    return [blocks[at] for at in order]


def with_drop_caps(lines: list[LayoutLine], body: float) -> list[LayoutLine]:
    """Lines with each drop cap before the first of the lines that stand beside it."""
    low, high = DROP_CAP_SIZES
    for cap in lines:
        if len(cap.text) != 1 or not cap.text.isalnum() or not low * body < cap.size < high * body:
            continue
        beside = sorted(
            (line for line in lines if line is not cap and _is_beside(line, cap, body)),
            key=lambda line: line.box.top,
        )
        if len(beside) < 2 or beside[0].box.top > cap.box.top + body:
            continue
        left = cap.box.left
        first = replace(
            beside[0],
            text=join_texts((cap.text, beside[0].text)),
            box=replace(beside[0].box, left=left),
        )
        moved = {id(beside[0]): first}
        moved |= {id(one): replace(one, box=replace(one.box, left=left)) for one in beside[1:]}
        lines = [moved.get(id(line), line) for line in lines if line is not cap]
    return lines


def _is_beside(line: LayoutLine, cap: LayoutLine, body: float) -> bool:
    level = (
        cap.box.top - 0.6 * body < line.box.top and line.box.bottom < cap.box.bottom + 0.6 * body
    )
    near = 0.6 * cap.size < line.box.left - cap.box.left < 1.3 * cap.size + 3 * body
    return level and near and line.size < 1.2 * body


def signed_end(
    text: PageText, box: Box, left: float, right: float, size: float
) -> tuple[PageText, PageText]:
    """A line without the bare name that signs at its right edge, and that name.

    `left` and `right` are the column's edges. A line of its own is all name.
    """
    if box.right < right - 1.3 * size:
        return text, PageText()
    words = text.split()
    for count in (1, 2, 3):
        name = "".join(words[-count:])
        rest = text[: _start_of_words(text, count)].rstrip()
        fits = is_signature(" ".join(words[-count:]).strip("（）()"))
        alone = not rest and box.left > left + NAME_ROOM * size and 2 <= len(name) <= 10
        if fits and ((rest and ends_sentence(rest)) or alone):
            return rest, text[len(rest) :].strip()
        if not rest:
            break
    return text, PageText()


def is_signature(text: str) -> bool:
    """Whether a text is nothing but names with known family names."""
    names = bare_names(text)
    return bool(names) and all(map(has_surname, names))


def _start_of_words(text: str, count: int) -> int:
    """Where the last so many words of a text begin."""
    at = len(text)
    for _ in range(count):
        at = len(text[:at].rstrip())
        at = max(text.rfind(" ", 0, at), text.rfind("\u3000", 0, at)) + 1
    return at
