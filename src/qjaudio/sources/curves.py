"""Headlines that a PDF holds as shapes, not as text: found by their form, read by OCR."""

import ctypes
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from qjaudio.errors import MissingPartError
from qjaudio.paper.model import TextLine
from qjaudio.paper.text import Box, box_around, compact, han

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


def shapes_of(page: Any, to_box: Callable[..., Box], limit: int) -> list[Shape]:
    """The drawings of a page of pypdfium2 that can be characters."""
    import pypdfium2.raw as pdfium

    found: list[Shape] = []
    for drawn in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=4):
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
        from qjaudio.sources.ocr import reader

        read = reader().read
    except (MissingPartError, ImportError):
        return []
    texts = map(compact, read([_picture_of(page, box) for box in boxes]))
    lines = []
    for box, text in zip(boxes, texts, strict=True):
        share = box.width / box.height / max(1, len(text))
        if len(han(text)) >= MIN_HAN and SQUARE[0] < share < SQUARE[1]:
            lines.append(TextLine(text=text, box=box, size=box.height / INK))
    return lines


def _picture_of(page: Any, box: Box) -> Any:
    width, height = page.get_size()
    margin = 0.15 * box.height
    edges = (box.left, height - box.bottom, width - box.right, box.top)
    crop = tuple(max(0.0, edge - margin) for edge in edges)
    bitmap = page.render(scale=READ_PIXELS / box.height, crop=crop, grayscale=True)
    return bitmap.to_numpy().reshape(bitmap.height, bitmap.width).copy()
