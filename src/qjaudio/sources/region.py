"""What programs found on a page, as one value for all of them, and the page that it makes.

Each reader of a format of programs gives regions: a kind, the lines, and where they stand, in
whatever unit that format has. A page of typed regions keeps the order of the program; one of plain
lines is put in order by the layout, as a scan is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.layout_blocks import level_of
from qjaudio.paper.lines import kind_of
from qjaudio.paper.model import Block, Page, TextLine
from qjaudio.paper.text import Box, box_around, compact
from qjaudio.sources.scan import PAGE_HEIGHT
from qjaudio.sources.sheets import passages_of
from qjaudio.sources.text import blocks_of

MOST_LINES = 20_000
"""Lines, or regions, of the fullest page; a broadsheet has about 1,500."""
LEADING = 1.3
"""Height of a line of text in its type sizes, about."""
PHOTO_LINES = 4
"""A blank of so many lines over the words to a photo holds it."""
_LEFT_OUT = ("picture", "rule", "caption", "table", "mark")
"""Kinds of no line that the layout puts in order."""
_KINDS = {
    "caption": "caption",
    "table": "table",
    "margin": "banner",
    "mark": "tool",
    "item": "body",
}


@dataclass(frozen=True, slots=True)
class ToolRegion:
    """A part of a page as a program found it."""

    kind: str
    """`text`, `title`, `caption`, `table`, `picture`, `rule`, `item` (of a list), `margin` (head,
    foot, number of the page) or `mark` (what the program says itself)."""
    lines: tuple[TextLine, ...] = ()
    """Printed lines, each with its box; or one without a box that holds the whole text."""
    box: Box | None = None
    level: int = 0
    """The level of a title where the program tells it; 0 where not."""


def region_of(kind: str, text: str, box: Box | None = None, level: int = 0) -> ToolRegion:
    """A region whose printed lines are not known."""
    return ToolRegion(kind, (TextLine(text=text),), box, level)


def page_of(
    regions: Sequence[ToolRegion],
    *,
    number: int,
    source: str,
    height: float = 0.0,
    ordered: bool | None = None,
) -> Page:
    """The page of regions, in their order or with their lines as the layout puts them.

    `height` is that of the page, 0 = not known. Where `ordered` is not told, typed regions and
    lines without a place keep their order.

    Raises:
        NotAnIssueError: they are more than any page has.
    """
    scaled = _in_points(regions, source, height)
    lines = [line for region in scaled for line in region.lines]
    if len(lines) > 2 * len({line.box for line in lines}):  # places of no line: a program's blanks
        scaled = [_unplaced(region) for region in scaled]
        lines = [line for region in scaled for line in region.lines]
    typed = any(region.kind in ("title", "caption") for region in scaled)
    if ordered is None:
        ordered = typed or not all(line.box for line in lines)
    if ordered:
        body = _text_size(scaled)
        blocks = [block for region in scaled for block in _blocks_of_region(region, body)]
    else:
        cleaned = [_cleaned(x) for one in scaled if one.kind not in _LEFT_OUT for x in one.lines]
        blocks = [Block(lines=(line,)) for line in cleaned if line.text and line.box]
    return Page(
        number=number,
        blocks=tuple(blocks),
        source=source,
        pictures=_boxes(scaled, "picture") or (() if ordered else _photos_over(blocks)),
        rules=() if ordered else _boxes(scaled, "rule"),
        ordered=ordered,
    )


def _in_points(regions: Sequence[ToolRegion], source: str, height: float) -> list[ToolRegion]:
    """The regions in points, where they are not more than any page has."""
    if max(len(regions), sum(len(region.lines) for region in regions)) > MOST_LINES:
        reason = f"{source} has more than {MOST_LINES:,} lines on a page"
        raise NotAnIssueError(reason, hint="give the pages of one issue")
    boxes = [box for region in regions for box in (region.box, *_line_boxes(region)) if box]
    whole = height if height > 0 else max((box.bottom for box in boxes), default=0.0)
    share = PAGE_HEIGHT / whole if whole > 0 else 1.0
    return [_scaled_region(region, share) for region in regions]


def _line_boxes(region: ToolRegion) -> list[Box]:
    return [line.box for line in region.lines if line.box]


def _scaled_region(region: ToolRegion, share: float) -> ToolRegion:
    lines = tuple(
        replace(
            line, box=line.box and line.box.scaled(share), size=(line.size or 0.0) * share or None
        )
        for line in region.lines
    )
    return replace(region, lines=lines, box=region.box and region.box.scaled(share))


def _unplaced(region: ToolRegion) -> ToolRegion:
    return replace(region, lines=tuple(replace(line, box=None) for line in region.lines))


def _boxes(regions: Iterable[ToolRegion], kind: str) -> tuple[Box, ...]:
    return tuple(region.box for region in regions if region.kind == kind and region.box)


def _photos_over(blocks: Sequence[Block]) -> tuple[Box, ...]:
    """The photos of a page of lines, told by the blank over the words to them: as wide as their
    column."""
    boxes = [(block.lines[0].box, block.lines[0].text) for block in blocks if len(block.lines) == 1]
    lines, found = [(box, text) for box, text in boxes if box], list[Box]()
    for words, _ in (row for row in lines if kind_of(row[1]) == "caption"):
        column = [box for box, _ in lines if box.shared_width(words) > 0 and box is not words]
        above = [box for box in column if box.bottom <= words.top]
        top = max((box.bottom for box in above), default=words.top)
        if words.top - top > PHOTO_LINES * words.height:
            left, right = (
                median(sides) for sides in zip(*((x.left, x.right) for x in column), strict=True)
            )
            found.append(Box(left, top, right, words.top))
    return tuple(found)


def _cleaned(line: TextLine) -> TextLine:
    """A line without formulas and markup."""
    return replace(line, text=" ".join(" ".join(p.text for p in passages_of(line.text)).split()))


def _letter_size(region: ToolRegion) -> float:
    """The size of a region's type, measured by its lines or guessed by its area; 0 = not known."""
    boxes = _line_boxes(region)
    if boxes:
        return median(min(box.width, box.height) for box in boxes)
    count = sum(len(compact(line.text)) for line in region.lines)
    if region.box is None or not count:
        return 0.0
    area = max(region.box.width, 0.0) * max(region.box.height, 0.0)
    guessed: float = (area / (LEADING * count)) ** 0.5
    return min(guessed, region.box.height, region.box.width)


def _text_size(regions: Iterable[ToolRegion]) -> float:
    """The type size of most of the text."""
    sizes = [_letter_size(region) for region in regions if region.kind == "text"]
    known = [size for size in sizes if size]
    return median(known) if known else 0.0


def _blocks_of_region(region: ToolRegion, body: float) -> Iterator[Block]:
    """The blocks of a region, in order."""
    if region.kind in ("picture", "rule"):
        return
    text = "\n".join(line.text for line in region.lines)
    box = region.box or (box_around(_line_boxes(region)) if _line_boxes(region) else None)
    if region.kind == "title":
        words = " ".join(p.text.lstrip("# ") for p in passages_of(" ".join(text.split())))
        yield from _one_block(
            words, box, level=_title_level(region, body), size=_letter_size(region)
        )
    elif region.kind in _KINDS:
        words = " ".join(passage.text for passage in passages_of(text))
        yield from _one_block(words, box, kind=_KINDS[region.kind])
    elif len(_line_boxes(region)) == len(region.lines) > 0:
        lines = tuple(line for line in map(_cleaned, region.lines) if line.text)
        yield from [Block(lines=lines)] if lines else []
    else:
        for passage in passages_of(text):
            if passage.kind:
                yield from _one_block(passage.text, box, kind=passage.kind)
            else:
                yield from (_at(block, box) for block in blocks_of(passage.text))


def _one_block(
    text: str, box: Box | None, *, kind: str = "", level: int = 0, size: float = 0.0
) -> list[Block]:
    """A block of one line; none where there is no text."""
    plain = " ".join(text.split())
    line = TextLine(text=plain, box=box, size=size or None)
    return [Block(lines=(line,), kind=kind, level=level)] if plain else []


def _at(block: Block, box: Box | None) -> Block:
    return replace(block, lines=tuple(replace(line, box=box) for line in block.lines))


def _title_level(region: ToolRegion, body: float) -> int:
    size = _letter_size(region)
    return level_of(size, body) if size and body else region.level or 2
