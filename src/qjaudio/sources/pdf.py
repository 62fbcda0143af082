"""Pages from PDF: the text layer with its places; pages without one go to the scan source.

A PDF may hold its headlines as shapes, not as text: they are found by their form.

The bytes are looked at before they are opened: PDFium inflates a stream whole. So every stream is
inflated here first, piece by piece, up to a limit, and thrown away: that bounds memory and time.
"""

import math
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from qjaudio.errors import MissingPartError, NotAnIssueError
from qjaudio.paper.model import Page, TextLine
from qjaudio.paper.text import Box, box_around, compact, han
from qjaudio.sources.model import ApartSource, read_within
from qjaudio.sources.pdf_page import read_page

SUFFIXES = (".pdf",)
MAX_PAGES = 200
MAX_SIDE = 14_400
"""Longest side of a page in points: 5 metres, the most that the format allows."""
MIN_SIDE = 36
MIN_HAN = 30
"""A newspaper page with fewer Han characters in its text layer has none worth the name."""
MIN_HAN_SHARE = 0.25
"""Below this share of Han the layer is garbage: its fonts do not say which characters they show."""

MAX_BYTES = 150_000_000
"""The largest file; an issue of 24 pages in print quality has about 60 MB."""
MAX_TEXT_STREAM = 24_000_000
"""Page contents and fonts, inflated; a page in print quality has 1 to 5 MB, a CJK font up to 20."""
MAX_IMAGE_STREAM = 250_000_000
MAX_INFLATED = 800_000_000
_CHUNK = 1 << 16
_STREAM = re.compile(rb"stream\r?\n")
_IMAGE = re.compile(rb"/Subtype\s*/Image\b")
_FLATE = re.compile(rb"/(?:FlateDecode|Fl)\b")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
"""A character of a name written as its number: /Fl#61teDecode is /FlateDecode."""
_TAIL = 2048
_DICTIONARY = 4096
_HINT = "check the PDF in a viewer, and print it to a new PDF there"


class PdfSource(ApartSource):
    """Reads PDF files, and folders of them with a page or more in each."""

    name = "pdf"
    suffixes = SUFFIXES


def sheets_of(path: Path) -> Iterator[Page]:
    """Read the pages of one file."""
    import pypdfium2

    raw = read_within(path, MAX_BYTES)
    check_bytes(raw, path.name)
    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        raise _cannot_open(raw, path) from error
    try:
        count = len(document)
        if not 1 <= count <= MAX_PAGES:
            raise NotAnIssueError(
                f"{path.name} has {count or 'no'} pages", hint="give the PDF of one day's issue"
            )
        for at in range(count):
            yield _read_sheet(document, at, path)
    finally:
        document.close()


def _cannot_open(raw: bytes, path: Path) -> NotAnIssueError:
    if b"/Encrypt" in raw:
        return NotAnIssueError(
            f"{path.name} is locked with a password", hint="save it without a password first"
        )
    return NotAnIssueError(
        f"{path.name} is broken: PDFium cannot open it", hint="copy or download the PDF again"
    )


def _read_sheet(document: Any, at: int, path: Path) -> Page:
    import pypdfium2

    try:
        sheet = document[at]
        width, height = sheet.get_size()
        if not MIN_SIDE <= min(width, height) <= max(width, height) <= MAX_SIDE:
            raise NotAnIssueError(
                f"page {at + 1} of {path.name} measures {width:.0f} × {height:.0f} points",
                hint="that is not a newspaper page; check the PDF in a viewer",
            )
        page = read_page(sheet, at + 1, path.name)
        if _has_text(page) or not _is_drawn_on(sheet):
            return page
        from qjaudio.sources.scan import read_sheet

        return read_sheet(sheet, at + 1, path.name)
    except pypdfium2.PdfiumError as error:
        raise NotAnIssueError(
            f"page {at + 1} of {path.name} is broken", hint="copy or download the PDF again"
        ) from error


def _is_drawn_on(sheet: Any) -> int:
    """How many things are drawn on a page, up to one: a blank page needs no OCR."""
    return sum(1 for _ in islice(sheet.get_objects(), 1))


def _has_text(page: Page) -> bool:
    text = "".join(line.text for block in page.blocks for line in block.lines)
    return len(han(text)) >= max(MIN_HAN, MIN_HAN_SHARE * len(text))


def check_bytes(raw: bytes, name: str) -> None:
    """Raise NotAnIssueError for what is no whole PDF, or would swell beyond the limits."""
    if b"%PDF-" not in raw[:1024]:
        raise NotAnIssueError(f"{name} is not a PDF", hint="give PDF, text or images of the pages")
    if b"%%EOF" not in raw[-_TAIL:]:
        raise NotAnIssueError(
            f"{name} is cut off: its end is missing", hint="copy or download the PDF again"
        )
    total = 0
    for start in _STREAM.finditer(raw):
        head = raw[max(0, start.start() - _DICTIONARY) : start.start()]
        head = head[head.rfind(b" obj") + 1 :]
        head = _HEX.sub(lambda found: bytes([int(found[1], 16)]), head)
        filters = len(_FLATE.findall(head))
        if not filters:
            continue
        limit = MAX_IMAGE_STREAM if _IMAGE.search(head) else MAX_TEXT_STREAM
        size = _inflated_size(raw, start.end(), limit)
        total += size
        if filters > 1 or size > limit or total > MAX_INFLATED:
            raise NotAnIssueError(f"{name} unpacks to far more than a newspaper", hint=_HINT)


def _inflated_size(raw: bytes, start: int, limit: int) -> int:
    """How many bytes a stream unpacks to; counting stops beyond the limit."""
    inflater = zlib.decompressobj()
    size, at = 0, start
    view = memoryview(raw)
    try:
        while not inflater.eof and size <= limit:
            chunk = inflater.unconsumed_tail
            if not chunk:
                if at >= len(raw):
                    break
                chunk = bytes(view[at : at + _CHUNK])
                at += _CHUNK
            size += len(inflater.decompress(chunk, _CHUNK))
    except zlib.error:
        return size  # encrypted, or no stream at all: PDFium will say
    return size


HEIGHTS = (6.0, 130.0)
"""Heights in points of the shapes that can be a line of large type."""
MIN_SEGMENTS = 60
"""The outlines of three Han characters have more parts; a drawing of hills has ten."""
MIN_OUTLINE = 4
"""The outline of 一 has so many."""
MIN_RATIO = 1.8
"""A line of type is so many times as long as high, at least."""
GAP_HEIGHTS, SPACE_HEIGHTS, PART_HEIGHTS = 1.3, 0.7, 3.5
"""Widest gap between two characters of a line, in its height: a space; from which gap on parts of
so many heights are lines of their own: columns and rules will tell whether they are one."""
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
    rows = [row for row in rows if sum(x.segments for x in row) >= MIN_SEGMENTS]
    found = [box for row in rows for box in _parts_of_row(row)]
    return [
        box
        for box in found
        if low < box.height < high
        and box.width > MIN_RATIO * box.height
        and not any(_meets(box, line) for line in text)
    ][:MAX_READ]


def _parts_of_row(row: list[Shape]) -> list[Box]:
    """The boxes of a row of shapes, parted at spaces between several characters."""
    for at in range(1, len(row)):
        left, right = _around(row[:at]), _around(row[at:])
        tall = max(left.height, right.height)
        apart = right.left - left.right > SPACE_HEIGHTS * tall
        if apart and min(left.width, right.width) > PART_HEIGHTS * tall:
            return [left, *_parts_of_row(row[at:])]
    return [_around(row)]


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
