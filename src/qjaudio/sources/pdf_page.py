"""One page of a PDF as pypdfium2 sees it: characters, rules, frames and pictures."""

import ctypes
import math
from dataclasses import dataclass
from typing import Any

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.model import Block, Page, TextLine
from qjaudio.provenance import Box
from qjaudio.sources.glyphs import Glyph, runs_of, square

MAX_CHARS = 60_000
"""A broadsheet page of nothing but text has about 12,000 characters."""
MAX_LINES = 4_000
"""Pieces of lines; a broadsheet page has about 1,000."""
MAX_DRAWINGS = 60_000
MAX_RULE = 5.0
"""Thickest rule in points; what is thicker is a bar or a picture."""
MIN_RULE = 18.0
MAX_AREAS = 400
"""Frames and pictures that are looked at; a drawing may consist of thousands of shapes."""
WHOLE_PAGE = 0.8
"""What covers this share of the page is its background or a scan of it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """How the file's coordinates lie on the page as it is seen: points from the top left corner."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int = 0
    """Degrees by which a viewer turns the page clockwise: 0, 90, 180 or 270."""

    @property
    def area(self) -> float:
        """The area in square points."""
        return (self.right - self.left) * (self.top - self.bottom)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the file as it is seen."""
        if self.turn == 90:
            return y - self.bottom, x - self.left
        if self.turn == 180:
            return self.right - x, y - self.bottom
        if self.turn == 270:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box of the file as it is seen."""
        one, other = self.point(left, bottom), self.point(right, top)
        return Box(
            min(one[0], other[0]),
            min(one[1], other[1]),
            max(one[0], other[0]),
            max(one[1], other[1]),
        )

    def is_upright(self, across: float, up: float) -> bool:
        """Whether a direction of writing in the file is seen as a level one."""
        level = abs(across) >= abs(up)
        return level if self.turn in (0, 180) else not level


def read_page(page: Any, number: int, source: str) -> Page:
    """Read a page of pypdfium2; one without a text layer has no blocks.

    Raises:
        NotAnIssueError: it holds more characters or drawings than a newspaper page can.
    """
    left, bottom, right, top = page.get_cropbox()
    sheet = Sheet(left, bottom, right, top, page.get_rotation())
    lines = runs_of(_glyphs(page, sheet))
    if len(lines) > MAX_LINES:
        raise NotAnIssueError(
            f"a page with {len(lines)} pieces of text is no newspaper page",
            hint="check the PDF in a viewer",
        )
    rules, areas = _drawings(page, sheet)
    frames = [area for area in areas if _holds_text(area, lines)]
    return Page(
        number=number,
        blocks=tuple(Block(lines=(line,)) for line in lines),
        source=source,
        rules=(*rules, *frames),
        pictures=tuple(area for area in areas if area not in frames),
    )


def _glyphs(page: Any, sheet: Sheet) -> list[Glyph]:
    import pypdfium2.raw as pdfium

    text = page.get_textpage()
    try:
        found = [_glyph(pdfium, text, at, sheet) for at in range(_limited(text.count_chars()))]
    finally:
        text.close()
    return [glyph for glyph in found if glyph]


def _limited(count: int) -> int:
    if count > MAX_CHARS:
        raise NotAnIssueError(
            f"a page with {count} characters is no newspaper page", hint="check the PDF in a viewer"
        )
    return count


def _glyph(pdfium: Any, text: Any, at: int, sheet: Sheet) -> Glyph | None:
    """Character number `at`; None for spaces and what cannot be printed."""
    code = pdfium.FPDFText_GetUnicode(text, at)
    if pdfium.FPDFText_IsGenerated(text, at) or not 0x20 < code <= 0x10FFFF:
        return None
    char = chr(code)
    x, y = ctypes.c_double(), ctypes.c_double()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetCharOrigin(text, at, x, y)
    pdfium.FPDFText_GetCharBox(text, at, left, right, bottom, top)
    pdfium.FPDFText_GetMatrix(text, at, matrix)
    size = pdfium.FPDFText_GetFontSize(text, at) * math.hypot(matrix.a, matrix.b)
    ink = sheet.box(left.value, bottom.value, right.value, top.value)
    across, baseline = sheet.point(x.value, y.value)
    known = all(map(math.isfinite, (*_sides(ink), across, baseline, size)))
    if char.isspace() or not char.isprintable() or not known or size < 1.0:
        return None
    if not sheet.is_upright(matrix.a, matrix.b):
        return Glyph(char, ink, size, ink)
    return Glyph(char, square(across, baseline, size, ink, char), size, ink)


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom


def _drawings(page: Any, sheet: Sheet) -> tuple[list[Box], list[Box]]:
    """Rules, and larger areas: frames and pictures."""
    import pypdfium2.raw as pdfium

    rules: list[Box] = []
    areas: list[Box] = []
    for count, drawn in enumerate(page.get_objects(max_depth=4)):
        if count > MAX_DRAWINGS + MAX_CHARS:
            raise NotAnIssueError(
                f"more than {count} drawings on a page", hint="check the PDF in a viewer"
            )
        if drawn.type not in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE):
            continue
        box = sheet.box(*drawn.get_bounds())
        if not all(map(math.isfinite, _sides(box))) or _area(box) > WHOLE_PAGE * sheet.area:
            continue
        wide, tall = box.right - box.left, box.bottom - box.top
        if min(wide, tall) <= MAX_RULE and max(wide, tall) >= MIN_RULE:
            rules.append(box)
        elif min(wide, tall) > MAX_RULE and len(areas) < MAX_AREAS:
            areas.append(box)
    return rules, areas


def _holds_text(area: Box, lines: list[TextLine]) -> bool:
    """Whether lines of text stand inside an area: it is a frame or a tint, no picture."""
    inside = 0
    for line in lines:
        box = line.box
        if box and area.left <= box.left and box.right <= area.right:
            inside += area.top <= box.top and box.bottom <= area.bottom
    return inside > 1


def _area(box: Box) -> float:
    return max(0.0, box.right - box.left) * max(0.0, box.bottom - box.top)
