"""From places on the page to reading order: pure geometry, no word is read.

`arrange` takes the lines of a PDF or scan as they were found and gives the page as text sources
give it: headings with their level, then the paragraphs of their article, whole across columns. The
page is cut along rules and white space, as an editor planned it: a cut never goes between a heading
and its columns. A column that has no heading over it belongs with the column to its left.
"""

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations

from qjaudio.paper.layout_blocks import (
    Group,
    blocks_of_group,
    columns_of,
    is_indented,
    poem_under,
    with_drop_caps,
    with_lone_heads,
)
from qjaudio.paper.layout_boxes import (
    at_row_end,
    goes_on_from,
    heads_text,
    is_level_with,
    is_of_next_brief,
    is_quotation,
    stands_over,
    take_labels,
    under_labels,
    upright,
    with_labels_beside,
    with_run_in_heads,
)
from qjaudio.paper.layout_frames import (
    MIN_OWN_LINES,
    is_advert_box,
    is_figures_box,
    is_guide_box,
    is_head_block,
    is_head_ground,
    is_note_box,
    is_strip,
    scale_of,
    take_guide_rows,
    with_drawn_frames,
    without_fences,
    without_underlines,
)
from qjaudio.paper.layout_labels import (
    head_blocks,
    label_in,
    stands_beside,
    take_head,
    take_label_words,
    take_pack_labels,
    take_paper_name,
    take_pull_quotes,
)
from qjaudio.paper.layout_lines import body_size, is_exact, lines_of, text_line
from qjaudio.paper.layout_parts import parts_of
from qjaudio.paper.layout_regions import (
    ALIGNED_PITCHES,
    PICTURE_PITCHES,
    ROW_GUTTER,
    Region,
    Scale,
    edge_of,
    first_in_row,
    goes_on_below,
    is_next_in_row,
    line_pitch,
    nearest_over,
    picture_over,
    text_below,
    top_texts,
)
from qjaudio.paper.model import Block, LayoutLine, Page, has_places
from qjaudio.paper.pieces import take_tables
from qjaudio.paper.text import (
    Box,
    box_around,
    ends_sentence,
    frames_of,
    gaps_between,
    parts_level,
    with_joined_rules,
)

CAPTION_HEAD_PITCHES = 1.5
"""Text further under the headline of a picture goes to one beside its row, if there is one."""


def heading_over(text: Region, parts: list[Region], scale: Scale) -> Region | None:
    """The heading right over a column, with no text between, or a vertical one beside it."""
    while True:
        nearest = nearest_over(text, parts, scale)
        over = nearest and nearest.kind == "heading" and not scale.ruled(nearest.box, text.box)
        shown = nearest is not None and picture_over(nearest, parts, scale) is not None
        far = CAPTION_HEAD_PITCHES if shown else PICTURE_PITCHES
        away = (text.box.top - nearest.box.bottom) / scale.pitch if nearest else 0.0
        near = away < CAPTION_HEAD_PITCHES
        if nearest and over and (near or (away < far and not _has_row(nearest, parts, scale))):
            return nearest
        if beside := _beside_row(text, parts, scale):
            return beside
        if nearest and over and _is_near_shown(nearest, text, parts, scale):
            return nearest
        if over or not nearest or not goes_on_below(nearest, text, parts, scale):
            return None
        text = nearest


def _has_row(heading: Region, parts: list[Region], scale: Scale) -> bool:
    """Whether the text of a heading stands in columns right of it."""
    level = (x for x in parts if x.kind == "text" and x.box.shared_height(heading.box) > 0)
    return any(_left_of(one, parts, scale) is heading for one in level)


def _is_near_shown(heading: Region, text: Region, parts: list[Region], scale: Scale) -> bool:
    """Whether a column begins right under the pictures between a heading and itself, if any."""
    shown = [
        part.box.bottom
        for part in parts
        if part.kind in ("picture", "caption") and part.box.shared_width(text.box) > scale.body
        if heading.box.bottom < part.box.centre < text.box.top
    ]
    return not shown or text.box.top - max(shown) < PICTURE_PITCHES * scale.pitch


def _beside_row(text: Region, parts: list[Region], scale: Scale) -> Region | None:
    """The heading that stands left of a column or of its row, or is vertical at one end."""
    first = first_in_row(text, parts, scale)
    if left := _left_of(first, parts, scale):
        return None if is_of_next_brief(text, left, parts, scale) else left
    for part in upright(parts):
        if any(
            stands_beside(part, one, scale) and is_level_with(part, one, parts, scale)
            for one in (text, first)
        ):
            return part
    starts = (text, picture_over(text, parts, scale))
    ends = (at_row_end(text, start, parts, scale) for start in starts if start)
    return next(filter(None, ends), None)


def _left_of(text: Region, parts: list[Region], scale: Scale) -> Region | None:
    """The heading left of a column, level with its top or its middle, and no text over or under."""
    heads = [part for part in parts if part.kind == "heading" and not part.lines[0].vertical]
    start = ((heads and picture_over(text, parts, scale)) or text).box
    shots = [x.box for x in parts if x.kind == "picture" and x.box.right < text.box.left + 1]
    for part, box in ((x, x.box) for x in heads):
        centred = abs(box.centre - text.box.centre) < scale.pitch and box.height < text.box.height
        if not centred and abs(box.top - start.top) >= 1.5 * scale.pitch:
            continue
        shown = [x.right for x in shots if box.right < x.middle and x.shared_height(box) > 0]
        if not -0.5 * scale.body < text.box.left - max([box.right, *shown]) < text.box.width:
            continue
        between = Box(box.right, text.box.top, text.box.left, text.box.top + scale.body)
        solid = (x for x in parts if x.kind not in ("picture", "caption") and x not in (part, text))
        if any(x.box.meets(between) for x in solid):
            continue
        under = (
            (other.box.top > box.bottom - scale.body or centred)
            and (
                other.box.shared_height(text.box) > 0
                or 0 <= other.box.top - box.bottom < 0.8 * scale.pitch
            )
            and other.box.shared_width(box) > scale.body
            for other in parts
            if other.kind in ("text", "frame")
        )
        if not any(under) and not any(parts_level(x, box, text.box) for x in scale.rules):
            return part
    return None


def with_wide_heads(parts: list[Region], scale: Scale) -> list[Region]:
    """Parts, a heading that columns of its own story rise beside as wide as all of them."""
    texts = sorted((x for x in parts if x.kind == "text"), key=lambda part: part.box.left)
    over = [nearest_over(text, parts, scale) for text in texts]
    found = [*parts]
    for head in (part for part in parts if part.kind == "heading"):
        row = [text for text, above in zip(texts, over, strict=True) if above is head]
        wide = _from_opening(row, texts, parts, scale)
        risen = [
            x
            for x, up in zip(texts, over, strict=True)
            if abs(x.box.top - head.box.top) < 1.5 * scale.pitch
            and not (up and up.kind == "heading" and x.box.top - up.box.bottom < scale.pitch)
            and not _is_parted(x, head, parts, scale)
            and not is_of_next_brief(x, head, parts, scale)
            and _left_of(first_in_row(x, parts, scale), parts, scale) in (None, head)
        ]
        while wide and (
            more := [[x, *wide] for x in risen if _flows_into(x, wide[0], parts, scale)]
            or [[*wide, x] for x in risen if _flows_into(wide[-1], x, parts, scale)]
        ):
            wide = more[0]
        if len(wide) > len(row):
            box = box_around(part.box for part in wide)
            top = min(box.top, head.box.top) - 1
            bottom = top + 0.5 if box.top < head.box.bottom - scale.body else head.box.bottom
            found[parts.index(head)] = replace(head, box=replace(box, top=top, bottom=bottom))
        elif both := poem_under(head, texts, over, scale):
            found[parts.index(head)] = replace(head, box=both)
    return found


def _from_opening(
    row: list[Region], texts: list[Region], parts: list[Region], scale: Scale
) -> list[Region]:
    """Columns under a headline, and those before them in their row where one without a headline
    opens that."""
    wide = row[:1]
    while wide and not _opens_row(wide[0], parts, scale):
        before = next((x for x in texts if is_next_in_row(x, wide[0], scale)), None)
        if before is None or heading_over(before, parts, scale):
            return row
        wide = [before, *wide]
    return wide + row[1:]


def _is_parted(text: Region, head: Region, parts: list[Region], scale: Scale) -> bool:
    """Whether a column stands behind a rule from a heading, and right under one of its own, or the
    rule goes on past the next headline: one between the columns of a story ends with that."""
    between = [rule for rule in scale.rules if parts_level(rule, head.box, text.box)]
    if any(rule.top < head.box.top - 2 * scale.pitch for rule in between):
        return True  # it parts what stands over them too
    ends = [rule.bottom for rule in between]
    over = nearest_over(text, parts, scale) if ends else None
    if over and over.kind == "heading":
        return text.box.top - over.box.bottom < PICTURE_PITCHES * scale.pitch
    heads = (x for x in parts if x.kind == "heading" and x.size > 1.5 * scale.body)
    low = (x.box for x in heads if x.box.shared_width(head.box) > scale.body)
    return any(head.box.bottom < x.top and x.bottom < max(ends, default=0.0) for x in low)


def _flows_into(text: Region, later: Region, parts: list[Region], scale: Scale) -> bool:
    """Whether a story goes on from an even column, which may open it, in the next one."""
    even = abs(text.box.width - later.box.width) < 1.5 * scale.body
    if not even or not 0 < later.box.left - text.box.right < ROW_GUTTER * scale.body:
        return False
    if is_indented(later, scale):
        above = nearest_over(later, parts, scale)
        free = later.box.top - above.box.bottom if above and above.kind == "text" else 0.0
        heads = (x.box for x in parts if x.kind == "crosshead")
        headed = any(x.meets(later.box) for x in heads)
        if free > 0.8 * scale.pitch and not headed:
            return True  # no column has so much free in it, but over a 小标题
        return _opens_row(text, parts, scale)
    last = text
    while below := text_below(last, parts, scale):
        last = below
    return is_indented(text, scale) or not ends_sentence(last.lines[-1].text)


def _opens_row(text: Region, parts: list[Region], scale: Scale) -> bool:
    """Whether an indented column has no headline over it, and none before it but behind a rule."""
    if not is_indented(text, scale) or heading_over(text, parts, scale):
        return False
    away = ((text.box.left - x.box.right, x) for x in parts if x.kind in ("text", "picture"))
    near = [x.box for gap, x in away if 0 < gap < ROW_GUTTER * scale.body]
    level = [box for box in near if box.shared_height(text.box) > 0]
    return all(any(parts_level(x, box, text.box) for x in scale.rules) for box in level)


def row_headed(text: Region, side: list[Region], scale: Scale) -> bool:
    """Whether a column, or one level with it to its left, has a heading on its side of a gutter."""
    row = [
        part
        for part in side
        if part.kind == "text"
        and part.box.left <= text.box.left
        and (part is text or part.box.shared_height(text.box) > 0.5 * scale.body)
    ]
    return any(heading_over(x, side, scale) for x in row) or bool(centred_over(text, side, scale))


def centred_over(text: Region, side: list[Region], scale: Scale) -> Region | None:
    """The heading centred over the row in which a column, or the picture over it, stands; a photo
    may hang lower than the row it ends."""
    text = picture_over(text, side, scale) or text
    row = [
        part
        for part in side
        if part.kind in ("text", "picture")
        and abs(part.box.top - text.box.top) < ALIGNED_PITCHES * scale.pitch
    ]
    shots = [x for x in side if x.kind == "picture" and x.box.shared_height(text.box) > 0]
    row += [x for x in shots if x not in row and nearest_over(x, side, scale) is None]
    row.sort(key=lambda part: part.box.left)
    heads = [heading_over(part, side, scale) for part in row]
    for start, end in combinations(range(len(row) + 1), 2):
        found = {id(head): head for head in heads[start:end] if head}
        if text not in row[start:end] or len(found) != 1:
            continue
        (head,) = found.values()
        left, last = row[start].box.left, row[end - 1].box
        wide = max((p.box.width for p in row[start:end] if p.kind == "text"), default=0.0)
        right = max(last.right, last.left + wide)  # its lines may all be short
        begins = any(abs(one.box.left - head.box.left) < 3.0 for one in row[start + 1 : end])
        ends = any(abs(one.box.right - head.box.right) < scale.body for one in row[start:end])
        largest = max(head.lines, key=lambda line: line.size).box.middle
        aside = min(abs(x - (left + right) / 2) for x in (head.box.middle, largest))
        if aside < (1.5 if begins <= ends else 0.2) * scale.body:
            return head
    return None


RULE_SHARE = 0.85
"""A rule that goes through this share of a region parts it."""
CROSSING_SIZES = 2.2
"""Where rules cross, each may be interrupted by so much, in type sizes."""
MIN_GUTTER_SIZES = 0.5  # narrowest gutter, in type sizes


def articles_of(parts: list[Region], scale: Scale) -> list[Group]:
    """The articles of a region in reading order."""
    if not parts:
        return []
    cut = _by_rules(parts, scale) or _down(parts, scale) or _across(parts, scale)
    if cut:
        return [group for side in cut for group in articles_of(side, scale)]
    if len(parts) == 1 and parts[0].kind == "frame":
        return articles_of(list(parts[0].inside), scale)
    return _leaf(parts, scale)


def _split(parts: list[Region], at: float, *, level: bool) -> list[list[Region]]:
    """Parts above and below `at`, or left and right of it."""
    sides: tuple[list[Region], list[Region]] = [], []
    for part in parts:
        sides[(part.box.centre if level else part.box.middle) >= at].append(part)
    return [*sides] if all(sides) else []


def _by_rules(parts: list[Region], scale: Scale) -> list[list[Region]]:
    """The two sides of a rule that goes through the whole region and through nothing else."""
    whole = box_around(part.box for part in parts)
    slack = 0.4 * scale.body
    for rule in scale.rules:
        if rule.width >= rule.height and rule.shared_width(whole) > RULE_SHARE * whole.width:
            y = rule.centre
            clear = all(p.box.bottom <= y + slack or p.box.top >= y - slack for p in parts)
            if clear and (cut := _split(parts, y, level=True)) and _is_whole_side(cut[0]):
                return cut
        elif rule.height > rule.width and rule.shared_height(whole) > RULE_SHARE * whole.height:
            x = rule.middle
            clear = all(p.box.right <= x + slack or p.box.left >= x - slack for p in parts)
            cut = _split(parts, x, level=False) if clear else []
            own = cut and _has_own_heads(cut[1], scale) and not _lacks_head(cut[0], cut[1], scale)
            if own and _reaches_up(rule, cut, scale):
                return cut
    return []


def _lacks_head(left: list[Region], right: list[Region], scale: Scale) -> bool:
    """Whether on one side is text without a headline that begins with a paragraph, and the only one
    of the other is upright at its edge."""
    heads = [part for part in right if part.kind == "heading"]
    texts = [part for part in left if part.kind == "text"]
    if not texts or len(heads) != 1 or any(x.kind in ("heading", "frame") for x in left):
        return False
    (head,), first = heads, min(texts, key=lambda part: (part.box.left, part.box.top))
    edge = head.lines[0].vertical and all(x.box.left >= head.box.left for x in right)
    return edge and is_indented(first, scale)


def _has_own_heads(right: list[Region], scale: Scale) -> bool:
    """Whether the columns at the left edge of a side have headings there, or there are none."""
    texts = [p for p in edge_of(right, left_side=True, scale=scale) if p.kind == "text"]
    return all(
        heading_over(text, right, scale) or centred_over(text, right, scale)
        for text in top_texts(texts, scale)
    )


def _across(parts: list[Region], scale: Scale) -> list[list[Region]]:
    """Cut left from right at the widest gutter that parts articles, not columns of one."""
    found = gaps_between((part.box.left, part.box.right) for part in parts)
    wide = [gap for gap in found if gap[1] - gap[0] > MIN_GUTTER_SIZES * scale.body]
    for low, high in sorted(wide, key=lambda gap: gap[0] - gap[1]):
        left, right = _split(parts, (low + high) / 2, level=False)
        whole = _is_whole_side(left) and _is_whole_side(right)
        if whole and _parts_articles(left, right, scale):
            return [left, right]
    return []


def _is_whole_side(side: list[Region]) -> bool:
    """Whether a side holds text, or no heading that could want text of the other side."""
    kinds = {part.kind for part in side}
    return bool(kinds & {"text", "frame"}) or kinds <= {"picture", "caption", "masthead"}


def _parts_articles(left: list[Region], right: list[Region], scale: Scale) -> bool:
    """Whether a gutter lies between articles: what stands right of it has a heading of its own."""
    edge = edge_of(right, left_side=True, scale=scale)
    texts = [part for part in edge if part.kind == "text"]
    if not all(heading_over(x, right, scale) or centred_over(x, right, scale) for x in texts):
        return False
    if any(_goes_on_from(text, left, right, scale) for text in texts):
        return False
    beside = [part for part in edge_of(left, left_side=False, scale=scale) if part.kind == "text"]
    loose = [part for part in beside if not centred_over(part, left, scale)]
    if any(centred_over(part, [*left, *right], scale) in right for part in loose):
        return False  # it is the first one of a row whose headline stands in the middle
    return all(row_headed(part, left, scale) for part in beside)


def _goes_on_from(text: Region, left: list[Region], right: list[Region], scale: Scale) -> bool:
    """Whether a row of even columns that a vertical heading ends begins left of a column."""
    head = heading_over(text, right, scale)
    if head is None or not head.lines[0].vertical or head.box.left < text.box.right:
        return False
    return any(is_next_in_row(part, text, scale) for part in left)


def _reaches_up(rule: Box, sides: list[list[Region]], scale: Scale) -> bool:
    """Whether a rule begins as high as one of its sides: one between columns begins with the text,
    under a headline that stands over both."""
    tops = (min(part.box.top for part in side) for side in sides)
    return rule.top < max(tops) + 1.5 * scale.pitch


def _down(parts: list[Region], scale: Scale) -> list[list[Region]]:
    """Cut upper from lower where the lower part begins with headings of its own."""
    flows = [(x, last) for x in parts if (last := goes_on_from(x, parts, scale))]
    for low, high in gaps_between((part.box.top, part.box.bottom) for part in parts):
        upper, lower = _split(parts, (low + high) / 2, level=True)
        texts = [part for part in lower if part.kind == "text"]
        if not texts and any(part.kind in ("frame", "heading") for part in lower):
            return [upper, lower]  # nothing there wants a heading from above
        if any(heading_over(text, parts, scale) in upper for text in texts):
            continue
        if any(one in upper and last in texts for one, last in flows):
            continue
        if texts and all(row_headed(text, lower, scale) for text in top_texts(texts, scale)):
            return [upper, lower]
    return []


def _leaf(parts: list[Region], scale: Scale) -> list[Group]:
    """The articles of a region that cannot be cut: each column goes to its heading."""
    headings = sorted(
        (part for part in parts if part.kind == "heading"),
        key=lambda part: (round(part.box.top / scale.pitch), part.box.left),
    )
    rest = [part for part in parts if part.kind not in ("heading", "frame")]
    frames = [part for part in parts if part.kind == "frame"]
    framed = [group for frame in frames for group in articles_of([frame], scale)]
    if len(headings) < 2:
        group = Group(tuple(headings), columns_of(rest))
        return [group, *framed] if headings or rest else framed
    owned: dict[int, list[Region]] = {id(heading): [] for heading in headings}
    loose: list[Region] = []
    for text in sorted(rest, key=lambda part: (part.box.left, part.box.top)):
        owner = heading_over(text, parts, scale) or centred_over(text, parts, scale)
        owner = owner or _heading_nearby(text, owned, headings, scale)
        (owned[id(owner)] if owner else loose).append(text)
    having = [held for held in owned.values() if held]
    if len(having) == 1 and any(
        abs(one.box.top - text.box.top) < scale.pitch for one in loose for text in having[0]
    ):
        having[0] += loose  # the only story, whose headline stands in the middle
        loose = []
    groups = [Group((h,), columns_of(owned[id(h)])) for h in headings]
    if loose:
        groups.append(Group((), columns_of(loose)))
    return groups + framed


def _heading_nearby(
    text: Region,
    owned: dict[int, list[Region]],
    headings: list[Region],
    scale: Scale,
) -> Region | None:
    """The heading of the text above in the column, or else of the column to the left."""
    texts = [one for held in owned.values() for one in held]
    if last := goes_on_from(text, texts, scale):
        return next(h for h in headings if any(x is last for x in owned[id(h)]))
    best: tuple[float, Region] | None = None
    for heading in headings:
        for other in owned[id(heading)]:
            away = _distance(other, text, scale)
            if away is not None and (best is None or away < best[0]):
                best = (away, heading)
    return best[1] if best else None


def _distance(other: Region, text: Region, scale: Scale) -> float | None:
    if other.box.shared_width(text.box) > scale.body and other.box.top < text.box.top:
        return text.box.top - other.box.bottom if not scale.ruled(other.box, text.box) else None
    if other.box.right <= text.box.left + scale.body and other.box.shared_height(text.box) > 0:
        return text.box.left - other.box.right + scale.pitch
    return None


FRAME_SLACK_POINTS = 3.0
"""What a frame holds may stand out of it by this much."""
MIN_FRAME_SIZES = 3.0
"""A frame is at least so many type sizes high and wide; a thinner one is a double rule."""


def arrange(page: Page) -> Page:
    """The page with its blocks in reading order; a page without places stays as it is."""
    if not has_places(page):
        return page
    page, name = take_paper_name(with_drawn_frames(page))
    page, tables = take_tables(page)
    page, labels = take_labels(page)
    (guides, lines), labels = take_guide_rows(lines_of(page)), labels + tables
    if not lines:
        return replace(page, blocks=(*name, *labels, *guides))
    body = body_size(lines)
    frames, rules = frames_of(page.rules, MIN_FRAME_SIZES * body)
    strips = [x for x in page.pictures if x.height < 2 * body and is_strip(x, lines)]
    head, lines = take_head(with_drop_caps(lines, body), [*rules, *strips], body, frames)
    named, lines, rules = take_label_words(lines, rules, frames, body)
    if not lines:
        return replace(page, blocks=(*name, *page.blocks, *labels))
    frames = [x for x in frames if not is_head_ground(x, lines, rules, body)]
    exact, rules = is_exact(lines, body), without_fences(rules, lines, body)
    quotes, lines, covered = take_pull_quotes(lines, rules, body) if exact else ([], lines, [])
    rules = [rule for rule in rules if not any(area.holds(rule, 1.0) for area in covered)]
    lines, cuts = with_run_in_heads(lines, Scale(body, 0.0, exact=exact).heading)
    rules = without_underlines(rules, lines, body)
    rules = [*with_joined_rules(rules, CROSSING_SIZES * body), *cuts]
    free = [line for line in lines if not any(frame.holds(line.box, 3.0) for frame in frames)]
    pitch = line_pitch(free if len(free) > MIN_OWN_LINES else lines, body)
    scale = Scale(body, pitch, tuple(rules), exact)
    blocks = name + head_blocks(head, (Block(lines=(text_line(line),)) for line in head))
    bars = [x for x in page.pictures if x.height <= min(4 * body, x.width / 4)]  # of labels
    shots = [x for x in page.pictures if x not in bars] + covered
    frames += [x for x in shots if is_head_block(x, lines, scale)]
    shots = [x for x in shots if x not in frames]
    labels += [*named, *guides]
    parts = _framed_parts(lines, shots, frames, labels, scale, (*bars, *rules))
    labels += [Block(lines=(text_line(line),), kind="caption") for line in quotes]
    for group in with_lone_heads(articles_of(parts, scale), frames, scale):
        over = [x for x in labels if any(stands_over(x, part, scale) for part in group.parts)]
        labels = [label for label in labels if label not in over]
        blocks += [*over, *blocks_of_group(group, scale)]
    return replace(page, blocks=(*blocks, *labels))


def _framed_parts(
    lines: list[LayoutLine],
    pictures: Iterable[Box],
    frames: list[Box],
    labels: list[Block],
    scale: Scale,
    bars: tuple[Box, ...],
) -> list[Region]:
    """The parts of a page, those inside each frame together; inner frames first."""
    boxes, shots = list[Region](), [*pictures]
    for frame in frames:
        held = [line for line in lines if frame.holds(line.box, FRAME_SLACK_POINTS)]
        inner = [one for one in boxes if frame.holds(one.box, FRAME_SLACK_POINTS)]
        shown = any(shot.holds(frame, FRAME_SLACK_POINTS) for shot in pictures)
        whole_page = len(held) == len(lines) and len(inner) == len(boxes)
        if shown or not (held or inner) or whole_page or is_note_box(frame, held, lines, scale):
            continue
        if is_guide_box(held):
            listed = sorted(held, key=lambda line: line.box.top)
            labels.append(Block(lines=tuple(map(text_line, listed)), kind="teaser"))
            boxes.append(Region("picture", frame))
            lines = [line for line in lines if line not in held]
            continue
        inside = [shot for shot in shots if frame.holds(shot, FRAME_SLACK_POINTS)]
        own = scale_of(held, scale)
        raised, packs = take_pack_labels(held, labels, (frame, *bars), inside, own)
        named = label_in(raised, bars, own) if held else []
        labels += [*packs, *(Block(lines=(text_line(one),), kind="banner") for one in named)]
        rest = [line for line in raised if line not in named]
        parts = [*under_labels(parts_of(rest, tuple(inside), own), labels, own), *inner]
        parts = with_wide_heads(with_labels_beside(parts, labels, own), own)
        whole = box_around([frame, *(part.box for part in parts)])
        boxes = [one for one in boxes if one not in inner]
        aside = held and (is_figures_box(held) or (not inner and is_quotation(held, own)))
        if aside:
            boxes += [Region("picture", frame), Region("caption", frame, tuple(held))]
        elif is_advert_box(x for x in held if not any(shot.holds(x.box) for shot in inside)):
            unsaid = [replace(part, kind="caption") for part in parts if part.lines]
            boxes.append(Region("frame", whole, (), tuple(unsaid)))
        elif held and heads_text(frame, held, lines, inside, scale):
            boxes.append(Region("heading", frame, tuple(held)))
        elif parts and all(part.kind in ("picture", "caption") for part in parts):
            boxes += [Region("picture", frame), *parts]
        else:
            boxes.append(Region("frame", whole, (), tuple(parts)))
        lines = [line for line in lines if line not in held]
        shots = [shot for shot in shots if shot not in inside]
    lines, packs = take_pack_labels(lines, labels, bars, shots, scale)
    labels += packs
    parts = [*under_labels(parts_of(lines, tuple(shots), scale), labels, scale), *boxes]
    return with_wide_heads(with_labels_beside(parts, labels, scale), scale)
