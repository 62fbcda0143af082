"""Pages from PDF: the text layer with its places; pages without one go to the scan source.

So do pictures with a layer of hidden text: which OCR has left it there, and how well, nobody says.
Its headlines may be shapes, not text: they are found by their form.

The bytes are looked at before they are opened: PDFium inflates a stream whole. So every stream is
inflated here first, piece by piece, up to a limit, and thrown away: that bounds memory and time.
"""

import math
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import islice
from operator import attrgetter
from pathlib import Path
from statistics import median
from typing import Any

from qjaudio import rules
from qjaudio.errors import MissingPartError, NotAnIssueError
from qjaudio.paper.model import Block, Page, TextLine
from qjaudio.paper.text import Box, Doubt, Span, box_around, compact, han
from qjaudio.sources.model import ApartSource, read_within, with_page_number
from qjaudio.sources.pdf_page import (
    MAX_DRAWINGS,
    NAMELESS,
    WHOLE_PAGE,
    PageObject,
    Sheet,
    glyphs_on,
    is_blank,
    no_newspaper,
    objects_on,
    runs_of,
)

SUFFIXES = (".pdf",)
MAX_PAGES = 200
MAX_SIDE = 14_400
"""Longest side of a page in points: 5 metres, the most that the format allows."""
MIN_SIDE = 36
MIN_HAN = 30
"""A newspaper page with fewer Han characters in its text layer has none worth the name."""
MIN_HAN_SHARE = 0.25
"""Below this share of Han the layer is garbage: its fonts do not say which characters they show."""
HIDDEN, SEEN_SHARE = 3, 0.8
"""The render mode of text that is not drawn; OCR that reads fewer of its characters fails here."""

MAX_LINES = 4_000
"""A broadsheet page of nothing but text has about 12,000 characters, in 1,000 pieces of lines."""
MAX_RULE = 5.0
"""Thickest rule in points; what is thicker is a bar or a picture."""
MIN_RULE, MIN_DOTS = 18.0, 8
MAX_AREAS = 400
"""Frames and pictures that are looked at; a drawing may consist of thousands of shapes."""
FRAME_SHARE, FRAME_FILLED, PHOTO_SHARE = 0.45, 0.3, 0.7
"""Text in a frame covers so much of its height, its lines so much; its photo at most so much."""
MIN_ON_IMAGE, MIN_BY_PHOTO = 9, 6
"""An image with fewer lines is a photo: with a label, a caption of five; a poem stands by one."""
BAR_SHARE, MAX_LABEL_SHARE, MAX_BAR_LINES, MAX_SURE_LINES = 6, 10, 6, 2
"""A headline on a bar is more than so many times as wide as high; a label is less, or up to ten."""
CROPPED = 0.08
"""Crop marks stand so near a sheet's edges, in its sides."""

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
MAX_CODES = 256
"""Codes of a font of drawn glyphs: they are bytes."""
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
        if b"/Type3" in raw and b"/uni" in raw:
            document = _told_by_glyphs(document)
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


MAX_DRAWN_FONTS = 2_000
"""Fonts of drawn glyphs of a whole issue; each has 256 of them at most, so a page has dozens."""
_DRAWN_FONT = re.compile(rb"/Subtype\s*/Type3\b")
_GLYPH_NAMES = re.compile(rb"/Differences\s*(?:\[([^]]*)\]|(\d+) 0 R)")
_GLYPH_NAME = re.compile(rb"(\d{1,3})|/(?:uni([0-9A-F]{4}))?[^\s/]*")
_OBJECT = re.compile(rb"\n(\d+) 0 obj")
_CHARACTERS = b"""\
/CIDInit /ProcSet findresource begin begincmap
1 begincodespacerange <00> <FF> endcodespacerange
%d beginbfchar %s endbfchar endcmap end"""


def _told_by_glyphs(document: Any) -> Any:
    """A document whose fonts of drawn glyphs (Type 3) say which characters they show, where only
    the names of the glyphs do: pdfium reads such names in other fonts alone."""
    import pypdfium2

    saved = BytesIO()
    document.save(saved, flags=pypdfium2.raw.FPDF_REMOVE_SECURITY)
    told = with_told_characters(saved.getvalue())
    if not told:
        return document
    document.close()
    return pypdfium2.PdfDocument(told)


def with_told_characters(saved: bytes) -> bytes:
    """A file as pdfium saves it, updated: with a table of characters for each font of drawn glyphs
    that has none, but glyphs named after them (uni4E00); nothing where it has no such font."""
    start = saved.rfind(b"trailer")
    trailer, _, last = saved[start:].partition(b"startxref")
    count = int(re.findall(rb"/Size (\d+)", trailer)[-1])
    table, added = b"", b"\n"
    places = {one[1]: one.start() for one in reversed([*_OBJECT.finditer(saved)])}
    for found in islice(_DRAWN_FONT.finditer(saved), MAX_DRAWN_FONTS):
        at, end = saved.rfind(b" 0 obj", 0, found.start()), saved.find(b"endobj", found.end())
        number, font = saved[max(0, at - 10) : at].split()[-1], saved[at + 6 : end].strip()
        told = _named_codes(font, saved, places) if b"/ToUnicode" not in font else []
        if not told or b"stream" in font:
            continue
        text = _CHARACTERS % (len(told), b" ".join(b"<%02X> <%s>" % row for row in told))
        stream = b"<</Length %d>>stream\n%s\nendstream" % (len(text), text)
        font = b"%s/ToUnicode %d 0 R>>" % (font.removesuffix(b">>"), count)
        for name, held in ((number, font), (b"%d" % count, stream)):
            table += b"%s 1\n%010d 00000 n \n" % (name, len(saved) + len(added))
            added += b"%s 0 obj\n%s\nendobj\n" % (name, held)
        count += 1
    if not table:
        return b""
    size = b"/Size %d/Prev %s" % (count, last.split()[0])
    end_table = re.sub(rb"/Size \d+", size, trailer) + b"startxref\n%d\n%%%%EOF\n"
    return saved + added + b"xref\n" + table + end_table % (len(saved) + len(added))


def _named_codes(font: bytes, saved: bytes, places: dict[bytes, int]) -> list[tuple[int, bytes]]:
    """The codes of a font with the characters, in hexadecimals, that its glyphs are named after;
    `places` are those of the objects of the file."""

    def held(number: bytes) -> bytes:
        start = places.get(number, len(saved))
        return saved[start : saved.find(b"endobj", start)]

    encoding = re.search(rb"/Encoding (\d+) 0 R", font)
    names = _GLYPH_NAMES.search(held(encoding[1]) if encoding else font)
    told, code = list[tuple[int, bytes]](), 0
    for found in _GLYPH_NAME.finditer((names[1] or held(names[2])) if names else b""):
        told += [(code, found[2])] if found[2] and code < MAX_CODES else []
        code = int(found[1]) if found[1] else code + 1
    return told


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
    text = _all_text(page)
    return len(han(text)) >= max(MIN_HAN, MIN_HAN_SHARE * len(text))


def _all_text(page: Page) -> str:
    return "".join(line.text for block in page.blocks for line in block.lines)


def read_page(page: Any, number: int, source: str) -> Page:
    """Read a page of pypdfium2; one without a text layer has no blocks.

    Raises:
        NotAnIssueError: it holds more characters or drawings than a newspaper page can.
    """
    left, bottom, right, top = page.get_cropbox()
    sheet = Sheet(left, bottom, right, top, page.get_rotation())
    objects = [*objects_on(page, sheet)]
    rules, areas, images = _drawings(objects, sheet)
    lines = with_page_number(runs_of(glyphs_on(page, sheet, objects), rules))
    if len(lines) > MAX_LINES:
        raise no_newspaper(f"a page with {len(lines)} pieces of text")
    if trim := _trim(rules, Box(0, 0, *page.get_size())):
        lines = [line for line in lines if line.box and trim.meets(line.box)]
    boxes = [line.box for line in lines if line.box]
    nameless = [line.box for line in lines if line.box and not line.text.strip(NAMELESS + " ")]
    known = [box for box in boxes if box not in nameless]
    few = nameless if len(nameless) <= len(known) else []  # else the page is read as a picture
    shapes = [Shape(box, MIN_SEGMENTS) for box in few]
    shapes += shapes_of((drawn for drawn, _ in objects), sheet.box, MAX_DRAWINGS) if boxes else []
    if drawn := lines_of_shapes(shapes, known):
        read = read_shapes(page, drawn)
        seen = [line.box for line in read if line.box]
        lost = [box for box in nameless if not any(held.holds(box) for held in seen)]
        lines = [line for line in lines if line.box in known or line.box in lost] + read
        areas = [area for area in areas if not any(_is_drawn_by(area, box) for box in seen)]
    areas = [area for area in areas if not is_bar(area, boxes)]
    # An area with lines of text all over it is a frame or a tint, else it is a picture.
    plain = [area for area in areas if not is_frame(area, boxes)]
    frames = [x for x in areas if x not in plain or is_frame(x, boxes, shown=[*images, *plain])]
    frames += [area for area in images if is_frame(area, boxes, MIN_ON_IMAGE)]
    told = Page(
        number=number,
        blocks=tuple(Block(lines=(line,)) for line in lines),
        source=source,
        rules=(*rules, *frames),
        pictures=tuple(area for area in (*areas, *images) if area not in frames),
    )
    return _read_anew(page, told) if _is_scan(objects, sheet) else told


def _is_scan(objects: Sequence[PageObject], sheet: Sheet) -> bool:
    """Whether a page is a picture, in one piece or in strips, with text that nobody sees."""
    import pypdfium2.raw as pdfium

    covered, shown, hidden = 0.0, 0, 0
    for drawn, box in objects:
        if drawn.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            share = box.width * box.height / sheet.area
            covered += share
            if share > WHOLE_PAGE:  # over all that was drawn before
                shown, hidden = 0, hidden + shown
        elif drawn.type == pdfium.FPDF_PAGEOBJ_TEXT:
            unseen = pdfium.FPDFTextObj_GetTextRenderMode(drawn.raw) == HIDDEN
            shown, hidden = shown + (not unseen), hidden + unseen
    return covered > WHOLE_PAGE and hidden > shown


def _read_anew(page: Any, told: Page) -> Page:
    """A scan as it is seen; what its hidden text says is taken, in doubt, where OCR cannot read."""
    from qjaudio.sources.scan import read_sheet

    try:
        seen = read_sheet(page, told.number, told.source)
    except MissingPartError:
        seen = replace(told, blocks=())
    if len(han(_all_text(seen))) >= SEEN_SHARE * len(han(_all_text(told))):
        return seen
    rule, where = rules.phrases("tools")["doubt"]["hidden_text"], Span(told.number, 0, 0, 0)
    doubt = Doubt(kind=rule["kind"], where=where, what=told.source, why=rule["why"])
    return replace(told, doubts=(doubt,))


def _drawings(
    objects: Sequence[PageObject], sheet: Sheet
) -> tuple[list[Box], list[Box], list[Box]]:
    """Rules, larger areas (frames, tints, shapes), and images."""
    import pypdfium2.raw as pdfium

    rules, areas, images, dots = list[Box](), list[Box](), list[Box](), list[Box]()
    for drawn, box in objects:
        if (
            drawn.type not in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE)
            or not sheet.shows(box)
            or box.width * box.height > WHOLE_PAGE * sheet.area
            or (is_blank(pdfium, drawn) and not any(area.holds(box) for area in (*areas, *images)))
        ):
            continue
        wide, tall = box.width, box.height
        if min(wide, tall) <= MAX_RULE and max(wide, tall) >= MIN_RULE:
            rules.append(box)
        elif min(wide, tall) > MAX_RULE and len(areas) + len(images) < MAX_AREAS:
            (areas if drawn.type == pdfium.FPDF_PAGEOBJ_PATH else images).append(box)
        elif min(wide, tall) <= MAX_RULE:
            dots.append(box)
    rules += _dotted(dots, attrgetter("left"), attrgetter("centre"))
    rules += _dotted(dots, attrgetter("top"), attrgetter("middle"))
    return rules, areas, images


def _dotted(
    dots: Iterable[Box], place: Callable[[Box], float], level: Callable[[Box], float]
) -> Iterator[Box]:
    """The rules that dots make at even steps, each at its `place` on a `level`."""
    runs: list[list[Box]] = [[]]
    for dot in sorted(dots, key=lambda x: (round(level(x)), place(x))):
        step = place(dot) - place(runs[-1][-1]) if runs[-1] else 0.0
        first = place(runs[-1][1]) - place(runs[-1][0]) if len(runs[-1]) > 1 else step
        level_with = runs[-1] and abs(level(dot) - level(runs[-1][-1])) < MAX_RULE / 5
        if not (level_with and 0 < step < 2 * MAX_RULE and abs(step - first) < 0.2 * first):
            runs.append([])
        runs[-1].append(dot)
    return (box_around(run) for run in runs if len(run) >= MIN_DOTS)


def _trim(rules: Sequence[Box], sheet: Box) -> Box | None:
    """The paper's edges where crop marks show them, at both ends of each: beyond is no print."""
    wide, high = CROPPED * sheet.width, CROPPED * sheet.height
    tall = [a for a in rules if a.is_tall and (a.bottom < high or a.top > sheet.bottom - high)]
    flat = [a for a in rules if a not in tall and (a.right < wide or a.left > sheet.right - wide)]
    x = sorted(a.left for a in tall for b in tall if b.top > a.bottom and abs(a.left - b.left) < 1)
    y = sorted(a.top for a in flat for b in flat if b.left > a.right and abs(a.top - b.top) < 1)
    marked = len(x) > 1 < len(y) and x[-1] - x[0] > sheet.width - 3 * wide
    return Box(x[0], y[0], x[-1], y[-1]) if marked else None


def _is_drawn_by(area: Box, headline: Box) -> bool:
    """Whether an area is a headline's shape, whose stroke may reach far out, or a part of it."""
    tall, down = headline.height, abs(area.centre - headline.centre)  # a stroke ends on one side
    same = abs(area.middle - headline.middle) < tall and down < 1.5 * tall
    return headline.holds(area, 2.0) or (same and area.width < headline.width + 2 * tall)


def is_bar(area: Box, lines: list[Box]) -> bool:
    """Whether an area is a bar of colour behind the lines of a headline, and no photo."""
    held = sorted((x for x in lines if area.holds(x, 0.0)), key=lambda x: x.height)
    if not 0 < len(held) <= MAX_BAR_LINES:
        return False
    usual = median(line.height for line in lines)
    around, high = box_around(held), held[-1].height
    under = [x for x in lines if 0 < x.top - area.bottom < 3 * high and x.shared_width(area) > 0]
    advert = len(held) > MAX_SURE_LINES and all(x.top - area.bottom > 1.6 * usual for x in under)
    heads = [x.height for x in sorted(under, key=lambda x: x.top)] or [0.0]  # of a topic's stories
    larger = 0.85 if area.width > 2 * around.width else 1.2  # than the label on its bar
    fits = larger < 1 or around.width < MAX_LABEL_SHARE * high
    topic = fits and heads[0] > 1.2 * usual and max(heads) > larger * high
    filled = around.height > FRAME_SHARE * area.height and held[0].height > 1.5 * usual
    return filled and around.width > BAR_SHARE * high and not (advert or topic)


def is_frame(area: Box, lines: list[Box], least: int = 2, shown: Iterable[Box] = ()) -> bool:
    """Whether so many lines of text or more, or a story with photos `shown` there, fill an area."""
    held = [line for line in lines if area.holds(line, 0.0)]
    photos = [x for x in shown if area.holds(x, 0.0) and x.height < PHOTO_SHARE * area.height]
    beside = [x for x in held if not any(photo.holds(x, 0.0) for photo in photos)]
    room, end = area.height, area.top
    if len(beside) >= MIN_BY_PHOTO:
        held = beside
        for photo in sorted(photos, key=lambda x: x.top):  # one may stand on another
            room -= max(0.0, photo.bottom - max(photo.top, end))
            end = max(end, photo.bottom)
    filled = sum(line.height for line in held) > FRAME_FILLED * room
    return len(held) >= least and filled and box_around(held).height > FRAME_SHARE * room


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
    kept = (x for x in shapes if x.box.height <= high and x.box.width >= 1)  # and no bar of words
    kept = (x for x in kept if x.box.width < 2 * x.box.height or not any(map(x.box.holds, text)))
    for shape in sorted(kept, key=lambda shape: shape.box.left):
        if row := next((row for row in reversed(rows) if _goes_on(_around(row), shape.box)), None):
            row.append(shape)
        else:
            rows.append([shape])
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
