"""Pictures of whole pages, opened within limits.

They are made for whoever compares what was read with what was printed, too.
"""

import contextlib
import io
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qjaudio.errors import NotAnIssueError, QjaudioError
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
MAX_PIXELS = 170_000_000
"""Checked before a pixel is decoded: a broadsheet page at 600 dpi has 120 million. Pillow itself
stops at 178 million."""
MAX_FRAMES = 200
MAX_ALL_PIXELS = 2_000_000_000
"""Of all pages of a file together: 24 broadsheet pages at 400 dpi have 1,300 million."""
MIN_SIDE = 300
WHITES, NEGATIVE = (1.0, 255, 4095, 65535), 64
"""What paper may have at most in a picture of more than 8 bits; a page darker than this, as most of
its pixels are, is a negative."""


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
    from qjaudio.sources.raster import level_page

    return (_of_grey(level_page(image)) for image in images_of(raw, name))


def images_of(raw: bytes, name: str) -> "list[Grey]":
    """The pages of an image file, grey (0 black, 255 white); a TIFF may hold several.

    Raises:
        NotAnIssueError: it is not an image, too large, too small or broken.
    """
    from PIL import Image, ImageOps, ImageSequence

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns before our own, stricter limit
            opened = Image.open(io.BytesIO(raw), formats=("PNG", "JPEG", "TIFF", "WEBP", "BMP"))
            _check_frames(ImageSequence.Iterator(opened), name)
            frames = ImageSequence.Iterator(opened)
            pages = [_grey(ImageOps.exif_transpose(frame)) for frame in frames]
    except NotAnIssueError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_large(name, f"more than {MAX_PIXELS // 1_000_000} million") from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        reason = f"{name} is not an image that can be read"
        raise NotAnIssueError(reason, hint="save the page as PNG or JPEG") from error
    return pages


def _check_frames(frames: Iterable[Any], name: str) -> None:
    """Look at the headers of all frames before a pixel of the first is decoded."""
    pixels = 0
    for count, frame in enumerate(frames):
        _check_size(frame.width, frame.height, name)
        pixels += frame.width * frame.height
        if count >= MAX_FRAMES or pixels > MAX_ALL_PIXELS:
            reason = f"{name} holds more than {MAX_FRAMES} pages or {MAX_ALL_PIXELS:,} pixels"
            raise NotAnIssueError(reason, hint="give one day's issue")


def _check_size(width: int, height: int, name: str) -> None:
    if width * height > MAX_PIXELS:
        raise _too_large(name, f"{width} × {height}")
    if min(width, height) < MIN_SIDE:
        reason = f"{name} has only {width} × {height} pixels"
        raise NotAnIssueError(reason, hint="scan at 200 to 300 dpi")


def _too_large(name: str, size: str) -> NotAnIssueError:
    reason = f"{name} has {size} pixels, far more than a page needs"
    return NotAnIssueError(reason, hint="scan at 200 to 300 dpi")


def _grey(image: Any) -> "Grey":
    import numpy as np
    from PIL import Image

    from qjaudio.sources.raster import working_size

    size = working_size(*image.size)
    if hasattr(image, "draft"):
        image.draft("L", size)  # JPEG decodes at a half or a quarter of its size at once
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    if (
        image.mode[0] in "IF"
    ):  # 12 or 16 bits, or shares of white: Pillow would cut off all above 255
        values = np.asarray(image)
        white = next((most for most in WHITES if values.max() <= most), values.max())
        image = Image.fromarray((values * np.float32(255 / white)).astype(np.uint8))
    image = image.convert("L")
    if size != image.size:
        image = image.resize(size, Image.Resampling.LANCZOS)
    grey = np.asarray(image, dtype=np.uint8)
    return 255 - grey if np.median(grey) < NEGATIVE else grey


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
