"""Pictures of whole pages, for whoever compares what was read with what was printed."""

import contextlib
import io
import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from qjaudio.errors import QjaudioError
from qjaudio.paper.model import Page, Picture
from qjaudio.sources import apart
from qjaudio.sources.model import SourceContext, files_of, read_within
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
    kinds = [one for one in (PdfSource, ScanSource) if one().accepts(location)]
    if not kinds:
        return {}
    suffixes = (".pdf",) if kinds[0] is PdfSource else SUFFIXES
    try:
        sheets = apart.read_apart(__name__, files_of(location, suffixes))
        found = list(islice(sheets, len(pages) + 1))
    except QjaudioError:
        return {}
    if len(found) != len(pages):
        return {}
    both = zip(pages, found, strict=True)
    return {page.number: _turned(sheet, page.turned) for page, sheet in both}


def _turned(picture: Picture, quarters: int) -> Picture:
    """A picture as its page was read."""
    if not quarters:
        return picture
    from PIL import Image

    image = Image.open(io.BytesIO(picture.jpeg)).rotate(90 * quarters, expand=True)
    return Picture(_jpeg(image), PAGE_HEIGHT * image.width / image.height, PAGE_HEIGHT)


def sheets_of(path: Path) -> Iterator[Picture]:
    """The pictures of the pages of one file."""
    raw = read_within(path, MAX_BYTES)
    return _of_pdf(raw) if path.suffix.lower() == ".pdf" else _of_scan(raw, path.name)


def _of_pdf(raw: bytes) -> Iterator[Picture]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(raw)
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


def _of_scan(raw: bytes, name: str) -> Iterator[Picture]:
    from qjaudio.sources.raster import images_of, level_page

    return (_of_grey(level_page(image)) for image in images_of(raw, name))


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
    with tempfile.TemporaryDirectory(prefix="qjaudio-") as folder:
        for number, raw in found.items():
            path = Path(folder) / str(number)
            path.write_bytes(raw)
            with contextlib.suppress(QjaudioError):
                pictures[number] = next(apart.read_apart(__name__, [path]))
    return pictures
