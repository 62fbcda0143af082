"""The parts of a page, what they are measured by, what stands at pictures and between rules."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import inf
from statistics import median

from qjaudio.paper.layout_lines import (
    SAME_SIZE_RATIO,
    SIDE_SIZES,
    alike,
    is_like_body,
)
from qjaudio.paper.lines import kind_of, opens_story
from qjaudio.paper.model import LayoutLine
from qjaudio.paper.pieces import is_back_line, is_byline
from qjaudio.paper.text import Box, box_around, compact, ends_sentence
from qjaudio.paper.words import is_pen_name

HEADING_RATIO = 1.18
"""Type that is this many times as large as the body's is a heading's, in a scan."""
CAPTION_RATIO, CAPTION_SCANNED_RATIO = 0.96, 0.92
"""Captions are told by type that is smaller than this share of the body's, or by their words."""
EXACT_HEADING_RATIO, EXACT_SAME_RATIO = 1.06, 1.04
"""The same, and how far type of one size differs, where sizes are known exactly."""


@dataclass(frozen=True, slots=True)
class Region:
    """What stands together on the page: lines of one column, a heading, a caption, a picture."""

    kind: str
    """`text`, `heading`, `crosshead`, `caption`, `masthead`, `picture` or `frame` (a box)."""
    box: Box
    lines: tuple[LayoutLine, ...] = ()
    inside: tuple["Region", ...] = ()
    """The parts of a frame."""

    @property
    def size(self) -> float:
        """The size of its largest type."""
        return max((line.size for line in self.lines), default=0.0)


def part(kind: str, lines: list[LayoutLine]) -> Region:
    """A part made of lines."""
    return Region(kind, box_around(line.box for line in lines), tuple(lines))


@dataclass(frozen=True, slots=True)
class Scale:
    """What a page's parts are measured by: type size of the text, pitch of its lines, rules."""

    body: float
    pitch: float
    rules: tuple[Box, ...] = ()
    exact: bool = False
    """Whether type sizes are known exactly."""

    @property
    def heading(self) -> float:
        """The least type size of a heading."""
        return (EXACT_HEADING_RATIO if self.exact else HEADING_RATIO) * self.body

    @property
    def small(self) -> float:
        """Smaller type is that of captions."""
        return (CAPTION_RATIO if self.exact else CAPTION_SCANNED_RATIO) * self.body

    @property
    def same(self) -> float:
        """By which factor sizes of one type differ at most."""
        return EXACT_SAME_RATIO if self.exact else SAME_SIZE_RATIO

    def ruled(self, above: Box, below: Box) -> bool:
        """Whether a level rule parts two boxes, one above the other."""
        low, high = above.bottom - 0.3 * self.body, below.top + 0.3 * self.body
        narrow = min(above.width, below.width)
        return any(
            low <= rule.top <= high
            and rule.width > self.body
            and min(rule.shared_width(above), rule.shared_width(below)) > 0.5 * narrow
            for rule in self.rules
        )


def line_pitch(lines: list[LayoutLine], body: float) -> float:
    """The usual distance from line to line of the text."""
    steps: list[float] = []
    level = sorted((x for x in lines if is_like_body(x, body)), key=lambda x: x.box.top)
    for at, line in enumerate(level):
        for below in level[at + 1 : at + 40]:
            step = below.box.top - line.box.top
            if step > 2.5 * body:
                break
            if step > 0.8 * body and line.box.shared_width(below.box) > 3 * body:
                steps.append(step)
                break
    return median(steps) if steps else 1.5 * body


EDITORS_NOTE = re.compile("[【（]?(?:编者按|编前|开栏|主持人语)")


def edge_of(side: list[Region], *, left_side: bool, scale: Scale) -> list[Region]:
    """The parts of a side that nothing else of it stands in front of."""

    def is_before(other: Box, one: Box) -> bool:
        gap = one.left - other.right if left_side else other.left - one.right
        return gap >= -scale.body and other.shared_height(one) > 0.5 * scale.body

    return [x for x in side if not any(is_before(y.box, x.box) for y in side if y is not x)]


def top_texts(texts: list[Region], scale: Scale) -> list[Region]:
    """The columns that no other text stands over."""
    return [
        text
        for text in texts
        if not any(
            other.box.bottom < text.box.top + scale.body
            and other.box.shared_width(text.box) > scale.body
            for other in texts
            if other is not text
        )
    ]


PICTURE_PITCHES = 5.0
"""The text under a picture and its caption begins within so many line pitches."""


def picture_over(text: Region, side: list[Region], scale: Scale) -> Region | None:
    """The picture right over a column, with nothing but its caption between."""
    over = [
        part
        for part in side
        if part.kind in ("text", "picture", "heading")
        and part.box.bottom < text.box.top + 0.5 * scale.body
        and part.box.shared_width(text.box) > scale.body
    ]
    nearest = max(over, key=lambda part: part.box.bottom, default=None)
    if nearest is None or nearest.kind != "picture":
        return None
    return nearest if text.box.top - nearest.box.bottom < PICTURE_PITCHES * scale.pitch else None


def is_under_shot(line: Box, column: Box, shots: Iterable[Box], scale: Scale) -> bool:
    """Whether a line stands right under a photo in its column, and its caption."""
    near = (x for x in shots if 0 < line.top - x.bottom < PICTURE_PITCHES * scale.pitch)
    own = (x for x in near if x.shared_width(column) > 0.8 * x.width and x.width > x.height / 2)
    return any(x.height > 3 * scale.pitch for x in own)  # no headline


def left_edge(line: LayoutLine) -> float:
    """Where a line begins, with the half square that an opening mark leaves bare."""
    return line.box.left - 0.5 * line.size * line.text.startswith(("“", "《", "「", "（"))


def signed_by(byline: Region, bylines: list[Region], columns: list[Region]) -> list[Region]:
    """The columns of a row that a byline may stand over: the next one there begins others."""
    level = [x.box for x in bylines if abs(x.box.top - byline.box.top) < 1.0]
    low = [x.left for x in level if x.right < byline.box.left]
    high = min((x.left for x in level if x.left > byline.box.right), default=inf)
    least = byline.box.left - byline.size if low else -inf
    return [x for x in columns if least < x.box.left < high - byline.size]


def row_under(byline: Box, columns: list[Region], scale: Scale) -> Box | None:
    """The even columns that begin right under a byline, which stands over one of them."""
    under = (
        one.box
        for one in columns
        if 0 < one.box.top - byline.bottom < 2 * scale.pitch and one.box.shared_width(byline) > 0
    )
    row = [first] if (first := next(under, None)) else []
    for other in sorted(columns, key=lambda one: abs(one.box.middle - byline.middle)):
        if any(
            abs(other.box.top - box.top) < 0.8 * scale.pitch
            and abs(other.box.width - box.width) < 1.5 * scale.body
            and 0 < -other.box.shared_width(box) < 3.2 * scale.body
            for box in row
        ):
            row.append(other.box)
    return box_around(row) if row else None


ROW_GUTTER = 3.2
"""Columns of one story stand no further apart, in type sizes; measured are 1.2 to 2.2."""
COLUMN_PITCHES = (1.5, 4.0)
"""Most that is free between texts of a column, and around what stands in it, in line pitches."""
ALIGNED_PITCHES = 0.8
"""Tops that differ by less than this share of the line pitch are level."""


def nearest_over(text: Region, parts: list[Region], scale: Scale) -> Region | None:
    """The heading, text or frame right over a column."""
    over = [
        part
        for part in parts
        if part.kind in ("heading", "text", "frame")
        and part.box.top < text.box.top > part.box.bottom - scale.body
        and part.box.shared_width(text.box) > 0.2 * scale.body
        and not (part.kind == "heading" and part.lines[0].vertical)
    ]
    return max(over, key=lambda part: part.box.bottom, default=None)


def first_in_row(text: Region, parts: list[Region], scale: Scale) -> Region:
    """The first of the row of even columns in which a column stands."""
    while before := [part for part in parts if is_next_in_row(part, text, scale)]:
        if _has_second_byline(text, parts, scale):
            break
        text = before[0]
    return text


def _has_second_byline(text: Region, parts: list[Region], scale: Scale) -> bool:
    """Whether over a column stands, flush, the second byline of a row of two stories."""
    upright = (part.lines for part in parts if part.kind == "heading" and part.lines[0].vertical)
    level = [line.box for lines in upright for line in lines if not line.vertical]
    own = (x for x in level if 0 < text.box.top - x.bottom < scale.pitch)
    flush = [x for x in own if abs(x.left - text.box.left) < 0.5 * scale.body]
    return any(y.right < x.left and abs(y.top - x.top) < 1.0 for x in flush for y in level)


def goes_on_below(above: Region, text: Region, parts: list[Region], scale: Scale) -> bool:
    """Whether a column goes on with a text under it, with hardly more than pictures between."""
    if above.kind != "text" or scale.ruled(above.box, text.box):
        return False
    gap = text.box.top - above.box.bottom
    shown = [
        part.box.height
        for part in parts
        if part.kind in ("picture", "crosshead")
        and above.box.bottom < part.box.centre < text.box.top
        and part.box.shared_width(text.box) > 0
    ]
    left = COLUMN_PITCHES[bool(shown)] * scale.pitch
    shots = (x.box for x in parts if x.kind == "picture")  # it goes round a portrait
    beside = (x for x in shots if _beside_portrait(above.box, x, scale))
    edges = [above.box, *(box_around((above.box, x)) for x in beside)]
    flush = any(abs(x.left - text.box.left) < 2.6 * scale.body for x in edges)
    wide = any(abs(x.right - text.box.right) < 1.5 * scale.body for x in edges)
    few = min(len(above.lines), len(text.lines)) < 3
    if shown and len(text.lines) > 1 and ends_sentence(above.lines[-1].text):
        begins = [x.box.left > above.box.left + scale.body for x in above.lines]
        if any(begins) and text.lines[0].box.left < text.box.left + scale.body:
            return False  # it goes on with a sentence of another column
    return flush and (wide or few) and gap - sum(shown) < left


def text_below(text: Region, parts: list[Region], scale: Scale) -> Region | None:
    """The text that a column goes on with under this one."""
    return next(
        (
            part
            for part in parts
            if part.kind == "text" and goes_on_below(text, part, parts, scale)
            if nearest_over(part, parts, scale) is text
        ),
        None,
    )


def is_next_in_row(left: Region, text: Region, scale: Scale) -> bool:
    """Whether a column is the next one after another in a row of even columns; its own lines, if
    few, may all be short."""
    wider = text.box.width - left.box.width
    return (
        left.kind == "text"
        and not (text.lines and opens_story(text.lines[0].text))
        and abs(left.box.top - text.box.top) < ALIGNED_PITCHES * scale.pitch
        and (abs(wider) < 1.5 * scale.body or (wider < 0 and len(text.lines) < 3))
        and 0 < text.box.left - left.box.right < ROW_GUTTER * scale.body
    )


def beside_level(
    head: Box, column: Box, boxes: Iterable[Box], higher: float, scale: Scale
) -> list[Box]:
    """A column that a line begins, and columns and pictures beside it that begin level with it, or
    a line above; the line may stand so many line pitches higher."""
    row = [column]
    for other in sorted(boxes, key=lambda other: abs(other.middle - column.middle)):
        level = -higher < (head.top - other.top) / scale.pitch < 1.3
        away = min(-other.shared_width(box) for box in row)
        if level and 0 < away < ROW_GUTTER * scale.body:
            row.append(other)
    return row


def begins_amid(line: LayoutLine, columns: Iterable[Region], scale: Scale) -> bool:
    """Whether columns begin level with a line on both sides of it, as with none over its row."""
    level = (x.box for x in columns if len(x.lines) > 1)
    level = (x for x in level if abs(x.top - line.box.top) < 0.3 * scale.pitch)
    near = (x for x in level if 0 < -x.shared_width(line.box) < x.width)
    return len({x.left < line.box.left for x in near}) > 1


def heads_beside(head: Region, column: Box, scale: Scale) -> bool:
    """Whether a headline stands upright beside a column, or level to the left of it."""
    if head.lines[0].vertical:
        return 0 < -head.box.shared_width(column) < SIDE_SIZES * scale.body
    level = abs(head.box.top - column.top) < 1.5 * scale.pitch
    return level and 0 < column.left - head.box.right < column.width


def over_columns(head: Box, columns: list[Region], scale: Scale) -> Box:
    """The box of a headline as wide as the columns right under it, too."""
    down = ((x.box.top - head.bottom, x.box) for x in columns if x.box.shared_width(head) > 0)
    wide = box_around((head, *(box for away, box in down if 0 < away < 3 * scale.pitch)))
    return replace(head, left=wide.left, right=wide.right)


def next_to(upper: Box, lower: Box, scale: Scale) -> bool:
    """Whether two boxes of one column follow each other without more than a line between."""
    shared = upper.shared_width(lower)
    near = -0.5 * scale.body < lower.top - upper.bottom < 1.6 * scale.pitch
    return near and shared > 0.8 * min(upper.width, lower.width) and not scale.ruled(upper, lower)


def in_one_column(one: Box, other: Box, scale: Scale) -> bool:
    """Whether two boxes stand in one column, not far from each other."""
    shared = one.shared_width(other) > 0.8 * min(one.width, other.width)
    return shared and one.shared_height(other) > -2.5 * scale.pitch


CROSSHEAD_RATIO = 1.4
"""A 小标题 is set in type up to this many times the body's size."""


def with_quote(heading: Region, shots: list[Box], columns: list[Region], scale: Scale) -> Region:
    """A small heading, as high as it is with a quotation that stands right under it, no portrait
    with its text beside it."""
    small = heading.size < CROSSHEAD_RATIO * scale.body
    own = [x.box for x in columns if x.box.shared_width(heading.box) > 0]
    low = (x for x in shots if small and x.height < PICTURE_PITCHES * scale.pitch)
    low = (x for x in low if not any(x.shared_height(box) > scale.pitch for box in own))
    near = (x for x in low if x.top - heading.box.bottom < 0.8 * scale.pitch)  # no text between
    under = [x.bottom for x in near if next_to(heading.box, x, scale)]
    return replace(heading, box=replace(heading.box, bottom=max([heading.box.bottom, *under])))


def round_portraits(columns: list[Region], shots: list[Box], scale: Scale) -> list[Region]:
    """Columns, the text that goes on under a portrait as wide as that beside it: its last line may
    be a word."""
    found = list[Region]()
    for one in columns:
        over = [x for x in shots if 0 < one.box.top - x.bottom < 1.2 * scale.pitch]
        over = [x for x in over if abs(x.left - one.box.left) < 0.5 * scale.body]
        beside = (y for x in over for y in columns if _beside_portrait(y.box, x, scale))
        right = [y.box.right for y in beside if 0 < one.box.top - y.box.bottom < scale.pitch]
        wide = replace(one.box, right=max([one.box.right, *right]))
        found.append(replace(one, box=wide) if len(one.lines) < 3 else one)
    return found


def _beside_portrait(text: Box, shot: Box, scale: Scale) -> bool:
    """Whether text stands right beside a photo, and begins level with it."""
    aside = 0 < -text.shared_width(shot) < 1.5 * scale.body and shot.width < text.width
    return aside and abs(text.top - shot.top) < 0.5 * scale.pitch


CAPTION_INSET = (0.4, 1.6)
"""A caption in type as large as the body's is set in by about one character, a text by two."""
MAX_LINES, FEW = 5, 8
"""Of the longest caption; characters whose size in a scan tells little: who took a photo."""
MAX_LARGE_LINES = 2
"""In type as large as the body's more lines may be the text of photo news, under a headline."""
MAX_BESIDE_SIZES = 9.5
"""Of a caption in a column of its own beside a picture, in type sizes."""
MIN_PICTURE_POINTS = 20.0
"""Least side of a picture in points."""
CAPTION_WORDS = re.compile(
    r"^[▲▼△▽◀▶◄►↑↓←→]|^[（(]?(图为|图片为|上图|下图|左图|右图|资料图|效果图)|(摄|摄影报道|供图)[）)]?$"
)


def captions_of(lines: list[LayoutLine], pictures: list[Box], scale: Scale) -> list[Region]:
    """The lines right under (or beside) a picture that are smaller or say what it shows."""
    captions = [
        part("caption", held)
        for picture in pictures
        for held in (lines_on(picture, lines), _beside(picture, lines, scale))
        if held
    ]
    on_picture = {id(line) for caption in captions for line in caption.lines}
    lines = [line for line in lines if id(line) not in on_picture]
    for picture in pictures:
        below = sorted((x for x in lines if _under(x, picture, scale)), key=lambda x: x.box.top)
        run: list[LayoutLine] = []
        for line in below:
            if not _caption_goes_on(line, run, picture, scale):
                break
            run.append(line)
        words = compact("".join(line.text for line in run))
        small = bool(run) and max((len(x.text) > FEW, x.size) for x in run[:2])[1] < scale.small
        many = len(run) > MAX_LARGE_LINES
        story = many and any(_heads_picture(line, picture, scale) for line in lines)
        small |= not story and bool(CAPTION_WORDS.search(words))
        cut = any(y.follows(x, scale.pitch) for x in run[-1:] for y in lines if y != x)
        own = (ends_sentence(words) or not cut) and _is_set_in(run, words, picture, scale)
        if small or own:
            captions.append(part("caption", run))
    loose = [x for x in lines if x.size < scale.small and CAPTION_WORDS.search(compact(x.text))]
    taken = {id(line) for caption in captions for line in caption.lines}
    return captions + [part("caption", [line]) for line in loose if id(line) not in taken]


def _heads_picture(line: LayoutLine, picture: Box, scale: Scale) -> bool:
    """Whether a line is a headline right over a picture: the text under it is a story."""
    near = 0 < picture.top - line.box.bottom < 2 * scale.pitch
    return near and line.size >= scale.heading and line.box.shared_width(picture) > 0


def _is_set_in(run: list[LayoutLine], words: str, picture: Box, scale: Scale) -> bool:
    """Whether lines right under a picture are set in from its edges."""
    low, high = CAPTION_INSET
    if len(run) > MAX_LARGE_LINES and not (ends_sentence(words) or CAPTION_WORDS.search(words)):
        return False
    return bool(run) and low < (left_edge(run[0]) - picture.left) / scale.body < high


def lines_on(picture: Box, lines: list[LayoutLine]) -> list[LayoutLine]:
    """The lines that stand on a picture."""
    return [
        line
        for line in lines
        if picture.holds(replace(line.box, right=min(line.box.right, picture.right)), line.size / 3)
        and line.box.shared_width(picture) > 0.8 * line.box.width
    ]


def _beside(picture: Box, lines: list[LayoutLine], scale: Scale) -> list[LayoutLine]:
    """The lines in a narrow column of their own beside a picture, no higher or lower than it."""
    widest = MAX_BESIDE_SIZES * scale.body
    near = [
        line
        for line in lines
        if line.size < scale.heading
        if line.box.width < widest * (1.5 if line.size < scale.small else 1)
        if 0 < -line.box.shared_width(picture) < 1.5 * scale.body
        if line.box.shared_height(picture) > 0.9 * line.box.height and not line.vertical
    ]
    if len(near) < 2:
        return []
    held = box_around(line.box for line in near)
    small = all(line.size < scale.small for line in near)
    free = (0.5 if small else 2.0) * scale.pitch
    around = replace(held, top=held.top - free, bottom=held.bottom + free)
    apart = all(line in near or not line.box.meets(around) for line in lines)
    return near if apart else []


def _caption_goes_on(line: LayoutLine, run: list[LayoutLine], picture: Box, scale: Scale) -> bool:
    """Whether a line is the next one of the caption under a picture."""
    if not run:
        return line.box.top - picture.bottom < 1.2 * scale.pitch
    last, held = run[-1], box_around(one.box for one in run)
    if held.height > (MAX_LINES - 1) * scale.pitch:
        return False
    beside = line.box.centre - last.box.centre < 0.5 * scale.body
    size = max((beside and len(x.text) > FEW, x.size) for x in (line, last))[1]
    if beside or size < scale.small:
        # Side by side: short columns of a caption, or who took it; else two columns of text.
        over = [one.box.bottom for one in run if one.box.shared_width(line.box) > 0]
        near = beside or (bool(over) and line.box.top - max(over) < 0.8 * scale.pitch)
        return near and size < scale.small
    full = last.box.right > picture.right - 3 * scale.body
    outward = (last.box.left - line.box.left) / scale.body
    few = CAPTION_WORDS.search(compact(line.text))
    indent, ratio = (0.7, 1.25) if few else (0.5, 1.1)
    flush = abs(outward) < 0.8 or (len(run) == 1 and abs(outward - 2) < indent)
    near = line.box.top - last.box.bottom < 0.8 * scale.pitch
    return full and flush and near and alike(line, run[0], ratio)


def _under(line: LayoutLine, picture: Box, scale: Scale) -> bool:
    inside = line.box.shared_width(picture) > 0.9 * line.box.width
    down = line.box.top - picture.bottom
    return inside and -scale.body < down < 8 * scale.pitch and line.size < scale.heading


def is_author(line: LayoutLine, scale: Scale) -> bool:
    """Whether a line is a byline, or a name alone in type no larger than the text's."""
    return is_byline(line) or (line.size < scale.heading and is_pen_name(line.text))


def with_line_over(
    column: Region, lines: Iterable[LayoutLine], level: list[Region], scale: Scale
) -> Region:
    """A column with the byline, or （上接第1版）, right over it that is its first line: an even
    column beside it, or the photo over that, begins level with it; or a photo is over both."""
    shots = [one.box for one in level if not one.lines]
    for line in lines:
        step = column.box.top - line.box.top
        inside = column.box.shared_width(line.box) > line.box.width - 1
        near = inside and 0.5 * scale.body < step < 1.3 * scale.pitch
        back = near and is_back_line(line)
        if back or (near and is_author(line, scale)):
            first = part("text", [line, *column.lines])
            shown = back and is_under_shot(line.box, first.box, shots, scale)
            if shown or any(is_next_in_row(first, x, scale) for x in level):
                return first
    return column


def is_imprint(line: LayoutLine, lines: list[LayoutLine], scale: Scale) -> bool:
    """Whether a line of editors, in no type of headlines, stands apart from a column over it in its
    type, or at the foot of the page; one that leads to another page, in type no larger."""
    largest = {"editors": HEADING_RATIO, "teaser": 1.0}.get(kind_of(line.text), 0.0)
    if line.size > largest * scale.body:
        return False
    if largest > 1 and "编" in line.text and all(x.box.bottom < line.box.bottom + 1 for x in lines):
        return True
    near = (x for x in lines if 0 < line.box.top - x.box.top < 2 * scale.pitch)
    like = (x.box for x in near if alike(x, line, scale.same))
    return not any(box.shared_width(line.box) > 0 for box in like)


def dashed_decks(
    small: list[LayoutLine], lines: list[LayoutLine], scale: Scale
) -> list[LayoutLine]:
    """The lines of a 副题 behind a dash: larger type and no text stands right over the first; the
    second goes on in its middle, or flush behind the dash."""
    found = list[LayoutLine]()
    for line in small:
        if not line.text.startswith("——") or ends_sentence(line.text):
            continue
        over = [x for x in lines if x.box.top < line.box.top and x.box.shared_width(line.box) > 0]
        if over and max(over, key=lambda one: one.box.bottom).size > 1.25 * scale.body:
            found.append(line)
    others = (line for line in small if line not in found)
    return found + [x for x in others if any(_ends_deck(x, one, scale) for one in found)]


def _ends_deck(line: LayoutLine, deck: LayoutLine, scale: Scale) -> bool:
    """Whether a line that is no sentence stands right under the line of a 副题, as that is set."""
    step, dash = line.box.centre - deck.box.centre, deck.box.left + 2 * deck.size
    aside = min(abs(line.box.middle - deck.box.middle), abs(line.box.left - dash))
    like = alike(line, deck, scale.same) and 0.5 * scale.body < step < 1.2 * scale.pitch
    return like and aside < 0.5 * scale.body and not ends_sentence(line.text)


NOTE_SIZES = 4.0
"""（上接第1版） stands so near behind its heading on one line, in type sizes."""


def ends_beside(heading: Region, line: Region, scale: Scale) -> bool:
    """Whether a level heading ends right before a line that is level with it."""
    gap = line.box.left - heading.box.right
    level = heading.box.shared_height(line.box) > 0.5 * line.box.height
    return level and 0 <= gap < NOTE_SIZES * scale.body and not heading.lines[0].vertical
