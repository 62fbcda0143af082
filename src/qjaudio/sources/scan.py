"""Pages from scans, by OCR: PNG, JPEG, TIFF, a PDF's pages that are pictures, headlines in shapes.

A PDF may hold its headlines as shapes, not as text: they are found by their form.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from qjaudio.errors import MissingPartError, NotAnIssueError
from qjaudio.paper.model import Block, Page, TextLine
from qjaudio.paper.text import Box, box_around, compact, han
from qjaudio.sources.model import ApartSource, read_within

if TYPE_CHECKING:
    from qjaudio.sources.raster import Grey

SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp")
MAX_BYTES = 200_000_000
_BULLET = re.compile(r"^[口日](?= ?(?:本报|记者|通讯员))")
"""The box before the names of reporters, which OCR takes for a character."""
LIKE_TEXT = (0.7, 2.5)
"""How high what cannot be read may be, in heights of the page's lines, to be text and no stain."""
ON_PICTURE, LABEL = 1.8, 4
"""From how many heights of the page's lines on, and from how many Han characters, what stands on a
picture is a headline: signs and banners of photos are smaller."""
MIDST = 0.35
"""How far from the middle of a line its strokes may lie, in its height: an underline lies lower."""
PAGE_HEIGHT = 1600.0
"""Points that the height of a scan stands for where its resolution is not trusted: nearly all
scanners' and cameras' statements are wrong, and only proportions matter."""


class ScanSource(ApartSource):
    """Reads images of pages, and folders of them."""

    name = "scan"
    suffixes = SUFFIXES


def sheets_of(path: Path) -> Iterator[Page]:
    """Read the pages of one file."""
    from qjaudio.sources.raster import images_of

    images = images_of(read_within(path, MAX_BYTES), path.name)
    return (read_image(image, at, path.name) for at, image in enumerate(images, start=1))


def read_image(image: "Grey", number: int, source: str) -> Page:
    """A page from its image, without text without blocks; MissingPartError: no extra `scan`."""
    from qjaudio.sources.ocr import (
        UNREAD,
        cut_at_gutters,
        find_large,
        find_lines,
        reader,
        with_upright,
    )
    from qjaudio.sources.raster import (
        character_height,
        labels_of,
        ruled_lines,
        shades_of,
        unify_sizes,
    )

    reader()  # first: the rules need its OpenCV, too, but cannot say how to get it
    page, found, turned = find_lines(image)
    pictures, tints = shades_of(page)
    rules = [rule for rule in ruled_lines(page) if not _is_inside(rule, pictures)]
    lines = cut_at_gutters(found, rules, page, reader().read)
    boxes = [line.box for line in lines if line.box and line.text != UNREAD]
    if not boxes:
        return Page(number=number, blocks=(), source=source)
    pictures = [
        area
        for area in pictures
        if not _is_bar(area, boxes)
        # Of a page in the shade, all is darker than its paper.
        and 2 * sum(_is_inside(box, [area]) for box in boxes) < len(boxes)
    ]
    pictures += [area for area in tints if not any(_is_inside(box, [area]) for box in boxes)]
    tints = [area for area in tints if area not in pictures]
    tall = median(box.height for box in boxes)
    lines = [line for line in lines if line.box and _may_be_text(line, tall, pictures)]
    rules = [rule for rule in rules if not _is_stroke(rule, boxes)]
    thin = [rule for rule in rules if min(rule.width, rule.height) < tall]  # no frames
    lines = with_upright(lines, find_large(page), [*thin, *pictures], page, reader().read)
    lines = unify_sizes(lines, page)
    labels = labels_of(page, character_height(page))
    rules = [rule for rule in rules if not _is_inside(rule, labels)]
    share = PAGE_HEIGHT / page.shape[0]
    return Page(
        number=number,
        blocks=tuple(Block(lines=(_scaled_line(line, share),)) for line in lines),
        source=source,
        rules=tuple(box.scaled(share) for box in [*rules, *tints, *labels]),
        pictures=tuple(box.scaled(share) for box in pictures),
        turned=turned,
    )


def read_sheet(sheet: Any, number: int, source: str) -> Page:
    """Read a page of a PDF (pypdfium2) that is only a picture.

    Raises:
        NotAnIssueError: its picture is too large.
        MissingPartError: the extra `scan` is not installed.
    """
    import pypdfium2.raw as pdfium

    from qjaudio.sources.raster import MAX_PIXELS, working_size

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


def _is_bar(area: Box, lines: list[Box]) -> bool:
    """Whether a dark area is a bar with a heading in white on it."""
    return any(line.height > 0.3 * area.height for line in lines if _is_inside(line, [area]))


def _may_be_text(line: TextLine, height: float, pictures: list[Box]) -> bool:
    """Whether a line is no stain, and none of a picture but a headline on it.

    `height` is that of the page's lines.
    """
    from qjaudio.sources.ocr import UNREAD

    box = line.box or Box(0, 0, 0, 0)
    if line.text == UNREAD:
        low, high = LIKE_TEXT
        alike = low * height < box.height < high * height and box.width > low * height
        return alike and not _is_inside(box, pictures)
    large = box.height > ON_PICTURE * height and len(han(line.text)) > LABEL and not line.unsure
    return large or not _is_inside(box, pictures)


def _is_stroke(rule: Box, lines: list[Box]) -> bool:
    """Whether a rule is strokes of bold type: it lies in a line, and not along its edge."""
    return any(
        abs(rule.centre - line.centre) < MIDST * line.height
        and abs(rule.middle - line.middle) < line.width / 2
        and max(rule.width - line.width, rule.height - line.height) < MIDST * line.height
        for line in lines
    )


def _is_inside(box: Box, areas: list[Box]) -> bool:
    """Whether the middle of a box lies in one of some areas."""
    x, y = box.middle, box.centre
    return any(area.left < x < area.right and area.top < y < area.bottom for area in areas)


def _scaled_line(line: TextLine, share: float) -> TextLine:
    box = line.box.scaled(share) if line.box else None
    text = _BULLET.sub("□", re.sub(r"\s+", " ", line.text).strip())
    return replace(line, text=text, box=box, size=(line.size or 0.0) * share or None)


HEIGHTS = (6.0, 130.0)
"""Heights in points of the shapes that can be a line of large type."""
MIN_SEGMENTS = 60
"""The outlines of three Han characters have more parts; a drawing of hills has ten."""
MIN_OUTLINE = 4
"""The outline of 一 has so many."""
MIN_RATIO = 1.8
"""A line of type is so many times as long as high, at least."""
GAP_HEIGHTS = 1.3
"""Widest gap between two characters of a line, in its height: a space."""
SQUARE = (0.72, 1.5)
"""Width of a character in heights of its line's ink: measured 0.95 to 1.3."""
INK = 0.92
"""The ink of a line of Han characters is so much of its type size high."""
READ_PIXELS = 56
"""The recognizer reads lines of 48 pixels; so high they are drawn for it."""
MIN_HAN = 2
MAX_POINTS = 20_000
"""Points of one outline that are looked at; a headline of 20 characters has 3,000."""
MAX_READ = 60
"""So many lines of shapes of a page are read; a page has about ten headlines."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A drawing that can be a character or a line of them."""

    box: Box
    segments: int


def lines_of_shapes(shapes: Iterable[Shape], text: list[Box]) -> list[Box]:
    """Where shapes stand side by side as the characters of a line do, and no text stands there."""
    low, high = HEIGHTS
    rows: list[list[Shape]] = []
    for shape in sorted(shapes, key=lambda shape: shape.box.left):
        if shape.box.height > high or shape.box.width < 1:
            continue
        row = next((row for row in reversed(rows) if _goes_on(_around(row), shape.box)), None)
        if row is None:
            rows.append([shape])
        else:
            row.append(shape)
    found = [_around(row) for row in rows if sum(x.segments for x in row) >= MIN_SEGMENTS]
    return [
        box
        for box in found
        if low < box.height < high
        and box.width > MIN_RATIO * box.height
        and not any(_meets(box, line) for line in text)
    ][:MAX_READ]


def _around(row: list[Shape]) -> Box:
    return box_around(shape.box for shape in row)


def _goes_on(row: Box, box: Box) -> bool:
    tall = max(row.height, box.height)
    level = row.shared_height(box) > 0.5 * min(row.height, box.height)
    gap = box.left - row.right
    # The row may begin with 一, which is flat.
    alike = box.height < 2.5 * max(row.height, min(row.width, 1.2 * box.height) / 2)
    return level and -0.6 * tall < gap < GAP_HEIGHTS * tall and alike


def _meets(box: Box, line: Box) -> bool:
    return box.shared_width(line) > 1 and box.shared_height(line) > 0.3 * line.height


def shapes_of(objects: Iterable[Any], to_box: Callable[..., Box], limit: int) -> list[Shape]:
    """Those of the objects of pypdfium2 on a page that can be characters."""
    import pypdfium2.raw as pdfium

    found: list[Shape] = []
    for drawn in objects:
        if drawn.type != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        segments = pdfium.FPDFPath_CountSegments(drawn)
        if segments < MIN_OUTLINE or len(found) >= limit:
            continue
        # Its own bounds would take in the mitres of the stroke around it.
        across, up = zip(*_points(drawn, min(segments, MAX_POINTS)), strict=True)
        box = to_box(min(across), min(up), max(across), max(up))
        if math.isfinite(box.width) and math.isfinite(box.height):
            found.append(Shape(box, segments))
    return found


def _points(drawn: Any, count: int) -> list[tuple[float, float]]:
    """The points of an outline, where the page has them."""
    import ctypes

    import pypdfium2.raw as pdfium

    x, y, matrix = ctypes.c_float(), ctypes.c_float(), drawn.get_matrix()
    points = []
    for at in range(count):
        pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFPath_GetPathSegment(drawn, at), x, y)
        points.append(matrix.on_point(x.value, y.value))
    return points


def read_shapes(page: Any, boxes: list[Box]) -> list[TextLine]:
    """What the lines of shapes of a page of pypdfium2 say; nothing without the extra `scan`."""
    try:
        from qjaudio.sources.ocr import reader, unsure_of

        read = reader().read
    except (MissingPartError, ImportError):
        return []
    lines = []
    for box, seen in zip(boxes, read([_picture_of(page, box) for box in boxes]), strict=True):
        text = compact(seen)
        share = box.width / box.height / max(1, len(text))
        if len(han(text)) >= MIN_HAN and SQUARE[0] < share < SQUARE[1]:
            size = box.height / INK
            lines.append(TextLine(text=text, box=box, size=size, unsure=unsure_of(seen)))
    return lines


def _picture_of(page: Any, box: Box) -> Any:
    width, height = page.get_size()
    margin = 0.15 * box.height
    edges = (box.left, height - box.bottom, width - box.right, box.top)
    crop = tuple(max(0.0, edge - margin) for edge in edges)
    bitmap = page.render(scale=READ_PIXELS / box.height, crop=crop, grayscale=True)
    return bitmap.to_numpy().reshape(bitmap.height, bitmap.width).copy()
