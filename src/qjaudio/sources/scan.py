"""Pages from scans, by OCR: PNG, JPEG, TIFF, and a PDF's pages that are pictures.

Rules and frames, pictures and tinted boxes are found by their ink.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.model import Block, Page, TextLine
from qjaudio.paper.text import HAN, Box, han, is_han
from qjaudio.sources.model import ApartSource, read_within
from qjaudio.sources.rules import (
    components_of,
    drawn_through,
    straight_lines,
    under_bars,
    with_frames,
)

if TYPE_CHECKING:
    from qjaudio.sources.raster import Grey

SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp")
MAX_BYTES = 200_000_000
_BULLET = re.compile(r"^(?:[☐☑]|[口日\ufffd](?= ?(?:本报|记者|通讯员)))")
"""The sign before the names of reporters, which OCR takes for a character or does not know."""
_BRACKET = re.compile(r"^[A-Z](?=(?:本报)?(?:记者|通讯员)[^()（）]*[)）]$)")
"""The bracket before them, which it takes for a letter."""
_HALF_BARE, MARK_BARE = tuple("，。、；：”’）》"), 0.4
"""Marks with ink in the left half of their room, and what they leave bare, in a line's height."""
LIKE_TEXT = (0.7, 2.5)
"""How high what cannot be read may be, in heights of the page's lines, to be text and no stain."""
ON_PICTURE, LABEL = 1.8, 4
"""From how many heights of the page's lines on, and from how many Han characters, what stands on a
picture is a headline: signs and banners of photos are smaller."""
MIDST = 0.35
"""How far from the middle of a line its strokes may lie, in its height: an underline lies lower."""
MAX_WORDS, SIDES, DRAWN = 4, 8, 0.05
"""Short lines beside a picture in one frame with it, how far the lines of that may reach in, and
which share of a row or column of it has ink where the picture is."""
CAP_SIZES, CAP_GAP = (1.5, 5.0), 0.8
"""Heights of a drop cap's ink, and the widest gap inside it, in heights of the page's lines."""
MARK = 0.6
"""How high a mark is at most, and how far it stands from its line, in the height of that."""
TWICE = 2  # a character that stands so often elsewhere between the same neighbours is sure
PAGE_HEIGHT = 1600.0
"""Points that the height of a scan stands for where its resolution is not trusted: nearly all
scanners' and cameras' statements are wrong, and only proportions matter."""


class ScanSource(ApartSource):
    """Reads images of pages, and folders of them."""

    name = "scan"
    suffixes = SUFFIXES


def sheets_of(path: Path) -> Iterator[Page]:
    """Read the pages of one file."""
    from qjaudio.sources.pictures import images_of

    images = images_of(read_within(path, MAX_BYTES), path.name)
    return (read_image(image, at, path.name) for at, image in enumerate(images, start=1))


def read_image(image: "Grey", number: int, source: str) -> Page:
    """A page from its image, without text without blocks; MissingPartError: no extra `scan`."""
    from qjaudio.sources.bars import bars_of, grounds_of_lines, with_ends_on_bars, without_bars
    from qjaudio.sources.lost import lost_lines, with_lost_stops
    from qjaudio.sources.ocr import (
        UNREAD,
        cut_at_gutters,
        find_large,
        find_lines,
        reader,
        with_upright,
    )
    from qjaudio.sources.raster import character_height, unify_sizes
    from qjaudio.sources.ruled import clear_of_next, clear_of_rules

    read = reader().read  # first: the rules need its OpenCV, too, but cannot say how to get it
    page, found, turned = find_lines(image)
    found = [box for box in found if not _is_mark(box, found)]
    pictures, tints = shades_of(page)
    height = character_height(page)
    level, sides, length = straight_lines(drawn_through(page, height))
    pictures = [_up_to_frame(picture, level, page, height) for picture in pictures]
    level = [rule for rule in level if not is_inside(rule, pictures)]
    groups = with_frames(level, sides, length)
    rules, frames = ([x for x in group if not is_inside(x, pictures)] for group in groups)
    lines = cut_at_gutters(clear_of_rules(found, level, page), rules, page, read)
    boxes = [line.box for line in lines if line.box and line.text != UNREAD]
    if not boxes:
        return Page(number=number, blocks=(), source=source)
    bars = bars_of(page, height, tints, boxes)
    frames += under_bars(bars, level, sides, length)
    pictures, tints = _told_apart(without_bars(pictures, bars), tints, boxes, page)
    tall = median(box.height for box in boxes)
    lines = [line for line in lines if line.box and _may_be_text(line, lines, tall, pictures)]
    rules = [rule for rule in rules if not _is_stroke(rule, boxes)]
    lines += _drop_caps(page, boxes, [*rules, *pictures], tall)
    lines = with_upright(lines, [*find_large(page), *found], [*rules, *pictures], page, read)
    lines += lost_lines(page, lines, [*rules, *pictures, *bars], tall, read)
    lines = clear_of_next(settled(with_lost_stops(page, lines)), page)
    lines = with_ends_on_bars(unify_sizes(lines, page), bars)
    boxes = [line.box for line in lines if line.box]
    labels, low = grounds_of_lines(page, height, boxes, bars, tall)
    pictures += [frame for frame in frames if _is_shown(frame, page, boxes)]
    rules = [rule for rule in rules if not is_inside(rule, labels) and not _is_side(rule, frames)]
    share = PAGE_HEIGHT / page.shape[0]
    return Page(
        number=number,
        blocks=tuple(Block(lines=(_scaled_line(line, share),)) for line in lines),
        source=source,
        rules=tuple(box.scaled(share) for box in [*rules, *frames, *tints, *labels]),
        pictures=tuple(box.scaled(share) for box in [*pictures, *low]),
        turned=turned,
    )


def _told_apart(
    pictures: list[Box], tints: list[Box], lines: list[Box], page: "Grey"
) -> tuple[list[Box], list[Box]]:
    """The pictures, and the tinted boxes and dark blocks with text."""
    from qjaudio.sources.bars import is_block

    pictures = [area for area in pictures if not _is_bar(area, lines)]
    tints = tints + [area for area in pictures if is_block(area, lines, page)]
    pictures = [
        area
        for area in pictures
        if area not in tints
        # Of a page in the shade, all is darker than its paper.
        and 2 * sum(is_inside(box, [area]) for box in lines) < len(lines)
    ]
    pictures += [area for area in tints if not any(is_inside(box, [area]) for box in lines)]
    return pictures, [area for area in tints if area not in pictures]


def read_sheet(sheet: Any, number: int, source: str) -> Page:
    """Read a page of a PDF (pypdfium2) that is only a picture.

    Raises:
        NotAnIssueError: its picture is too large.
        MissingPartError: the extra `scan` is not installed.
    """
    import pypdfium2.raw as pdfium

    from qjaudio.sources.pictures import MAX_PIXELS
    from qjaudio.sources.raster import working_size

    for image in sheet.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        wide, tall = image.get_px_size()
        if wide * tall > MAX_PIXELS:
            raise NotAnIssueError(
                f"page {number} of {source} is a picture of {wide} × {tall} pixels",
                hint="scan at 200 to 300 dpi",
            )
    width, height = sheet.get_size()
    scale = working_size(8 * width, 8 * height)[0] / width
    bitmap = sheet.render(scale=scale, grayscale=True)
    return read_image(bitmap.to_numpy().reshape(bitmap.height, bitmap.width).copy(), number, source)


def _is_mark(box: Box, lines: list[Box]) -> bool:
    """Whether a box is a mark beside a line, which gets it: alone a ” is read as 99."""
    return box.width < 1.5 * box.height and any(
        max(box.height, box.width, -box.shared_width(line)) < MARK * line.height
        and box.shared_height(line) > MARK * box.height
        and line.height < min(4 * box.height, line.width)
        for line in lines
    )


def _drop_caps(page: "Grey", lines: list[Box], solid: list[Box], tall: float) -> list[TextLine]:
    """The large first characters of texts that nobody found: ink beside lines that begin level."""
    import cv2
    import numpy as np

    from qjaudio.sources.ocr import UNREAD, reader
    from qjaudio.sources.raster import ink_level, part_of

    ink = (page < ink_level(page)).astype(np.uint8)
    for box in [*lines, *solid]:
        part_of(ink, box)[:] = 0
    side = round(CAP_GAP * tall)
    whole = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    caps = [box for box in components_of(cv2, whole) if _is_cap(box, lines, tall)]
    seen = reader().read([part_of(page, cap) for cap in caps]) if caps else ()
    found = []
    for text, cap in zip(seen, caps, strict=True):
        if len(text) == 1 and text.isalnum() and not text.unsure:
            found.append(TextLine(text=text, box=cap, unsure=(str(text),)))
        elif any(
            abs(line.left - cap.left) < tall and 0 <= line.centre - cap.bottom < 2.5 * tall
            for line in lines  # under it, as far left
        ):
            found.append(TextLine(text=UNREAD, box=cap))
    return found


def _is_cap(box: Box, lines: list[Box], tall: float) -> bool:
    """Whether two lines or more begin right beside a square of ink, under each other."""
    low, high = CAP_SIZES
    square = low * tall < box.height < high * tall and 0.5 < box.width / box.height < 1.4
    near = [
        line.left
        for line in lines
        if line.shared_height(box) > line.height / 2 and -2 <= line.left - box.right < 1.5 * tall
    ]
    return square and len(near) >= 2 and max(near) - min(near) < 0.5 * tall


def settled(lines: list[TextLine]) -> list[TextLine]:
    """The lines, with what was not read surely as it stands elsewhere between the same neighbours.

    It is told to be unsure still, unless it is read so here, too, or more than once elsewhere.
    """
    from qjaudio.sources.ocr import UNREAD

    found = []
    for line in lines:
        text, unsure = line.text, [*line.unsure]
        for at in range(1, len(text) - 1):
            before, char, after = text[at - 1], text[at], text[at + 1]
            if char != UNREAD and (char not in unsure or not is_han(char)):
                continue
            if any(_stands_in(lines, char, pair) for pair in (before + char, char + after)):
                unsure.remove(char)
                continue
            likely = _between(before, after, lines) if is_han(before) and is_han(after) else {}
            if len(likely) != 1:
                continue
            ((other, times),) = likely.items()
            text = f"{text[:at]}{other}{text[at + 1 :]}"
            unsure = [one for one in unsure if one != char]
            unsure += [other] if times < TWICE and other != char else []
        found.append(replace(line, text=text, unsure=tuple(unsure)))
    return found


def _stands_in(lines: list[TextLine], char: str, pair: str) -> bool:
    """Whether a character was read surely beside the same one in one of some lines."""
    return len(han(pair)) == 2 and any(
        pair in line.text and char not in line.unsure for line in lines
    )


def _between(before: str, after: str, lines: list[TextLine]) -> Counter[str]:
    """The characters that were read surely between two others, and how often."""
    between = re.compile(f"{before}([{HAN}])(?={after})")
    return Counter(
        char
        for line in lines
        if before in line.text
        for char in between.findall(line.text)
        if char not in line.unsure
    )


def _is_bar(area: Box, lines: list[Box]) -> bool:
    """Whether a dark area is a bar with a heading in white on it, not an advert with more text."""
    tall = [line.height for line in lines if is_inside(line, [area])]
    small = sum(height < 0.5 * max(tall) for height in tall)
    return small < 2 and max(tall, default=0.0) > 0.3 * area.height


def _may_be_text(line: TextLine, lines: list[TextLine], height: float, pictures: list[Box]) -> bool:
    """Whether a line is no stain, and none of a picture but a headline on it, or a part of one.

    `height` is that of the page's `lines`.
    """
    from qjaudio.sources.ocr import UNREAD

    box = line.box or Box(0, 0, 0, 0)
    if line.text == UNREAD:
        low, high = LIKE_TEXT
        alike = low * height < box.height < high * height and box.width > low * height
        return alike and not is_inside(box, pictures)
    if not is_inside(box, pictures):
        return True
    words = "".join(one.text for one in lines if one.box and _is_beside(one.box, box))
    return box.height > ON_PICTURE * height and len(han(words)) > LABEL and not line.unsure


def _is_beside(one: Box, other: Box) -> bool:
    """Whether two lines stand level and near, in type of one size; a line stands beside itself."""
    short, tall = sorted((one.height, other.height))
    level = tall < 1.3 * short and one.shared_height(other) > 0.7 * short
    return level and one.shared_width(other) > -2 * tall


def _is_stroke(rule: Box, lines: list[Box]) -> bool:
    """Whether a rule is strokes of bold type: it lies in a line, and not along its edge."""
    return any(
        abs(rule.centre - line.centre) < MIDST * line.height
        and abs(rule.middle - line.middle) < line.width / 2
        and max(rule.width - line.width, rule.height - line.height) < MIDST * line.height
        for line in lines
    )


def _is_shown(frame: Box, page: "Grey", lines: list[Box]) -> bool:
    """Whether a frame holds a picture and no more than a few words: a code to scan, say."""
    from qjaudio.sources.raster import ink_level, part_of

    held = [line for line in lines if is_inside(line, [frame])]
    if len(held) > MAX_WORDS or any(line.width > frame.width / 2 for line in held):
        return False
    ink = page < ink_level(page)
    for line in held:
        part_of(ink, line)[:] = False
    tall = median([line.height for line in held or lines])
    drawn = part_of(ink, frame)[SIDES:-SIDES, SIDES:-SIDES]
    sides = [(drawn.mean(axis=axis) > DRAWN).sum() for axis in (0, 1)]
    return bool(min(sides) > 2 * tall)


def _is_side(rule: Box, frames: list[Box]) -> bool:
    """Whether a rule is one side of a frame."""
    slack = 2 * min(rule.width, rule.height)
    inner = [Box(f.left + slack, f.top + slack, f.right - slack, f.bottom - slack) for f in frames]
    around = zip(frames, inner, strict=True)
    return any(frame.holds(rule, slack) and not rule.meets(room) for frame, room in around)


def is_inside(box: Box, areas: list[Box]) -> bool:
    """Whether the middle of a box lies in one of some areas."""
    x, y = box.middle, box.centre
    return any(area.left < x < area.right and area.top < y < area.bottom for area in areas)


def _scaled_line(line: TextLine, share: float) -> TextLine:
    box = line.box.scaled(share) if line.box else None
    text = _BRACKET.sub("（", _BULLET.sub("□", re.sub(r"\s+", " ", line.text).strip()))
    if box and text.endswith(_HALF_BARE) and not box.is_tall:
        box = replace(box, right=box.right + MARK_BARE * box.height)
    return replace(line, text=text, box=box, size=(line.size or 0.0) * share or None)


PICTURE, TINT, EVEN = 40, 6, 0.55
"""By how many steps of grey the ground of a picture, and of a tinted box, is darker than paper, and
how much of the box is: a shadow is no box."""
SIDE_STRIP = 10, 18
"""From where to where inside the side that was found a picture is looked at for where it ends."""
MIN_PICTURE = 0.05
"""Least side of a picture as a share of the page's width."""


def shades_of(grey: "Grey") -> tuple[list[Box], list[Box]]:
    """Pictures (photos, drawings), and tinted boxes that hold text.

    The lightest pixel of a small window is bare paper between the strokes of any text, the tint of
    a box, or the inside of a picture.
    """
    import cv2
    import numpy as np

    from qjaudio.sources.raster import ground_of, part_of

    ground, window = ground_of(grey)
    paper = int(np.bincount(ground.ravel(), minlength=256)[128:].argmax()) + 128
    dark = (ground < paper - PICTURE).astype(np.uint8)
    tinted = (ground < paper - TINT).astype(np.uint8)
    pictures = [
        _over_words(box, grey, paper - PICTURE)
        for box in _large_enough(components_of(cv2, dark), grey, window)
    ]
    free = np.ones_like(tinted)
    for picture in pictures:  # what is dark of a box may be a picture alone
        part_of(free, picture)[:] = 0
    tints = [
        box
        for box in _large_enough(components_of(cv2, tinted), grey, window)
        if part_of(tinted & free, box).sum() > EVEN * part_of(free, box).sum()
        and not any(_is_light_part(box, picture) for picture in pictures)
    ]
    return pictures, tints


def _large_enough(boxes: list[Box], grey: "Grey", window: int) -> list[Box]:
    """The boxes, grown by what the window took off their edges, that are large enough."""
    from qjaudio.sources.raster import width_of

    least, edge = MIN_PICTURE * width_of(grey), window / 2
    return [
        Box(box.left - edge, box.top - edge, box.right + edge, box.bottom + edge)
        for box in boxes
        if min(box.width, box.height) > least - window
    ]


def _over_words(picture: Box, grey: "Grey", level: int) -> Box:
    """A picture as high as both its sides are dark: light words, or a box of them, may end it."""
    import numpy as np

    from qjaudio.sources.raster import last_inked

    near, far = SIDE_STRIP
    left, right = max(0, int(picture.left)), int(picture.right)
    strips = grey[:, left + near : left + far], grey[:, right - far : right - near]
    dark = np.max([np.median(strip, axis=1) for strip in strips], axis=0) < level
    start, end = max(0, int(picture.top)), min(len(dark), int(picture.bottom)) - 1
    start, end = start + near * int(dark[start + near]), end - near * int(dark[end - near])
    top, bottom = last_inked(dark, start, -1, 2), last_inked(dark, end, 1, 2)
    return replace(picture, top=float(top), bottom=float(bottom))


def _up_to_frame(picture: Box, rules: list[Box], grey: "Grey", height: float) -> Box:
    """A picture grown over its light parts, a sky or snow, to the rules over and under it that are
    as wide: what lies between is darker than what lies beyond. `height` as in `labels_of`.
    """
    import numpy as np

    from qjaudio.sources.raster import part_of

    for rule in rules:
        up = rule.bottom < picture.centre
        gap = picture.top - rule.bottom if up else rule.top - picture.bottom
        sides = rule.left - picture.left, rule.right - picture.right
        if not (-height < gap < picture.height / 2 and max(map(abs, sides)) < height):
            continue
        inner, outer = (
            np.percentile(part_of(grey, replace(rule, top=min(ends), bottom=max(ends))), 75)
            for ends in (
                (picture.top if up else picture.bottom, rule.centre),
                (rule.centre, rule.centre + (-3 if up else 3) * rule.height),
            )
        )
        if inner < outer - TINT:
            top, bottom = min(picture.top, rule.top - 1), max(picture.bottom, rule.bottom + 1)
            picture = replace(picture, top=top) if up else replace(picture, bottom=bottom)
    return picture


def _is_light_part(box: Box, picture: Box) -> bool:
    """Whether an area is hardly larger than a picture: its light parts."""
    wide, tall = box.shared_width(picture), box.shared_height(picture)
    return wide > 0 and tall > 0 and wide * tall > 0.6 * box.width * box.height
