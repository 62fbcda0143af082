"""Pictures of whole pages, for whoever compares what was read with what was printed."""

import io
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from qjaudio.errors import QjaudioError
from qjaudio.paper.model import Page, Picture
from qjaudio.sources.files import files_of, read_within
from qjaudio.sources.model import SourceContext
from qjaudio.sources.pdf import PdfSource
from qjaudio.sources.scan import MAX_BYTES, PAGE_HEIGHT, SUFFIXES, ScanSource

if TYPE_CHECKING:
    from PIL.Image import Image

    from qjaudio.sources.epaper.fetch import Fetcher
    from qjaudio.sources.raster import Grey

LONGEST_PX = 1600
"""The longer side of a picture: body text of a broadsheet can just be made out."""
QUALITY = 60
FEWEST_CHARS = 50
"""A sheet of a PDF with fewer characters of text was read by OCR, in the points of a scan."""


def page_pictures(
    location: str, pages: Sequence[Page], context: SourceContext | None = None
) -> dict[int, Picture]:
    """The pictures of the pages of a location, by the number of the page.

    A page without one, as those of text files, is missing; so are those that cannot be had, which
    is not worth a failure. Where sheets are not pages (two pages on one, an empty one), none has
    one: a wrong picture is worse.
    """
    if any(page.image for page in pages):
        return _of_site(location, pages, context or SourceContext())
    sheets: Iterator[Picture] = iter(())
    if PdfSource().accepts(location):
        sheets = _of_pdf(location)
    elif ScanSource().accepts(location):
        sheets = _of_scans(location)
    try:
        found = list(islice(sheets, len(pages) + 1))
    except (QjaudioError, OSError):
        return {}
    if len(found) != len(pages):
        return {}
    return {page.number: sheet for page, sheet in zip(pages, found, strict=True)}


def _of_pdf(location: str) -> Iterator[Picture]:
    import pypdfium2

    for path in files_of(location, (".pdf",)):
        try:
            document = pypdfium2.PdfDocument(read_within(path, MAX_BYTES))
        except pypdfium2.PdfiumError:
            return
        try:
            for sheet in document:
                width, height = sheet.get_size()
                image = sheet.render(scale=LONGEST_PX / max(width, height)).to_pil()
                scanned = sheet.get_textpage().count_chars() < FEWEST_CHARS
                share = PAGE_HEIGHT / height if scanned else 1.0
                yield Picture(_jpeg(image), width * share, height * share)
        finally:
            document.close()


def _of_scans(location: str) -> Iterator[Picture]:
    from qjaudio.sources.raster import images_of, levelled

    for path in files_of(location, SUFFIXES):
        for image in images_of(read_within(path, MAX_BYTES), path.name):
            yield _of_grey(levelled(image))


def _of_grey(image: "Grey") -> Picture:
    from PIL.Image import fromarray

    height, width = image.shape
    picture = fromarray(image)
    picture.thumbnail((LONGEST_PX, LONGEST_PX))
    return Picture(_jpeg(picture), width * PAGE_HEIGHT / height, PAGE_HEIGHT)


def _jpeg(image: "Image") -> bytes:
    file = io.BytesIO()
    image.convert("RGB").save(file, "JPEG", quality=QUALITY, optimize=True)
    return file.getvalue()


def _of_site(location: str, pages: Sequence[Page], context: SourceContext) -> dict[int, Picture]:
    """Those to which the pages of a site point, as far as it gives them."""
    from qjaudio.sources.epaper.fetch import Limits, fetching
    from qjaudio.sources.raster import images_of

    async def fetch(fetcher: "Fetcher") -> dict[int, bytes]:
        found = {}
        for page in pages:
            try:
                image = await fetcher.get_image(page.image) if page.image else None
            except QjaudioError:
                continue
            if image:
                found[page.number] = image
        return found

    pictures: dict[int, Picture] = {}
    try:
        found = fetching(
            fetch,
            location,
            Limits(),
            cache=context.cache,
            hosts=context.hosts,
            agent=context.user_agent,
        )
    except QjaudioError:
        return pictures
    for number, raw in found.items():
        try:
            pictures[number] = _of_grey(images_of(raw, f"the picture of page {number}")[0])
        except QjaudioError:
            continue
    return pictures
