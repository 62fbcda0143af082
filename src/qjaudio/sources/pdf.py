"""Pages from PDF: the text layer with its places; pages without one go to the scan source.

The bytes are looked at before they are opened: PDFium inflates a stream whole. So every stream is
inflated here first, piece by piece, up to a limit, and thrown away: that bounds memory and time.
"""

import re
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.model import Page
from qjaudio.paper.text import han
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
