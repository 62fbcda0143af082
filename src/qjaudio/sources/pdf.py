"""Pages from PDF: the text layer with its places; pages without one go to the scan source."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.characters import han
from qjaudio.paper.model import Page
from qjaudio.sources.files import bytes_of, files_of, is_folder_of, with_text
from qjaudio.sources.model import BY_LOOK, SourceContext
from qjaudio.sources.numbering import numbered
from qjaudio.sources.pdf_guard import MAX_BYTES, check_bytes
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


class PdfSource:
    """Reads PDF files, and folders of them with a page or more in each."""

    name = "pdf"
    priority = BY_LOOK

    def __init__(self, _context: SourceContext | None = None) -> None:
        """A file says all that there is to know."""

    def accepts(self, location: str) -> bool:
        """Whether a location is a PDF by its suffix, or a folder of PDFs without pages of text."""
        return is_folder_of(location, SUFFIXES)

    def pages(self, location: str) -> Iterator[Page]:
        """Read the pages one by one.

        Raises:
            NotAnIssueError: nothing there, encrypted, broken, empty, or no newspaper by its size.
            MissingPartError: the pages are pictures and the extra `scan` is not installed.
        """
        return numbered(with_text(_pages(location), location))


def _pages(location: str) -> Iterator[Page]:
    for path in files_of(location, SUFFIXES):
        raw = bytes_of(path, MAX_BYTES)
        check_bytes(raw, path.name)
        yield from _pages_of(raw, path)


def _pages_of(raw: bytes, path: Path) -> Iterator[Page]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        raise _refused(raw, path) from error
    try:
        count = len(document)
        if not 1 <= count <= MAX_PAGES:
            raise NotAnIssueError(
                f"{path.name} has {count or 'no'} pages", hint="give the PDF of one day's issue"
            )
        for at in range(count):
            yield _page(document, at, path)
    finally:
        document.close()


def _refused(raw: bytes, path: Path) -> NotAnIssueError:
    if b"/Encrypt" in raw:
        return NotAnIssueError(
            f"{path.name} is locked with a password", hint="save it without a password first"
        )
    return NotAnIssueError(
        f"{path.name} is broken: PDFium cannot open it", hint="copy or download the PDF once more"
    )


def _page(document: Any, at: int, path: Path) -> Page:
    import pypdfium2

    try:
        sheet = document[at]
        width, height = sheet.get_size()
        if not MIN_SIDE <= min(width, height) <= max(width, height) <= MAX_SIDE:
            raise NotAnIssueError(
                f"page {at + 1} of {path.name} measures {width:.0f} × {height:.0f} points",
                hint="that is no newspaper page; check the PDF in a viewer",
            )
        page = read_page(sheet, at + 1, path.name)
        if _has_text(page) or not _drawn(sheet):
            return page
        return _scanned(sheet, at + 1, path)
    except pypdfium2.PdfiumError as error:
        raise NotAnIssueError(
            f"page {at + 1} of {path.name} is broken", hint="copy or download the PDF once more"
        ) from error


def _drawn(sheet: Any) -> int:
    """How many things are drawn on a page, up to one: a blank page needs no OCR."""
    return sum(1 for _ in islice(sheet.get_objects(), 1))


def _has_text(page: Page) -> bool:
    text = "".join(line.text for block in page.blocks for line in block.lines)
    return len(han(text)) >= max(MIN_HAN, MIN_HAN_SHARE * len(text))


def _scanned(sheet: Any, number: int, path: Path) -> Page:
    from qjaudio.sources.scan import read_sheet

    return read_sheet(sheet, number, path.name)
