"""Pages from scans: PNG, JPEG, TIFF, or a PDF whose pages are pictures; read by OCR."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.model import Block, Page, TextLine
from qjaudio.paper.text import Box
from qjaudio.sources.model import (
    BY_LOOK,
    FileSource,
    files_of,
    number_pages,
    read_within,
    with_text,
)

if TYPE_CHECKING:
    from qjaudio.sources.raster import Grey

SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp")
MAX_BYTES = 200_000_000
_BULLET = re.compile(r"^[口日](?= ?(?:本报|记者|通讯员))")
"""The box before the names of reporters, which OCR takes for a character."""
PAGE_HEIGHT = 1600.0
"""Points that the height of a scan stands for where its resolution is not trusted: nearly all
scanners' and cameras' statements are wrong, and only proportions matter."""


class ScanSource(FileSource):
    """Reads images of pages, and folders of them."""

    name = "scan"
    priority = BY_LOOK
    suffixes = SUFFIXES

    def pages(self, location: str) -> Iterator[Page]:
        """Read the pages one by one, each when it is asked for.

        Raises:
            NotAnIssueError: nothing there, no image, too large, or no text on it.
            MissingPartError: the extra `scan` is not installed.
        """
        from qjaudio.sources import apart  # late: all sources are asked, few read

        sheets = apart.read_apart(__name__, files_of(location, SUFFIXES))
        return number_pages(with_text(sheets, location))


def sheets_of(path: Path) -> Iterator[Page]:
    """Read the pages of one file."""
    from qjaudio.sources.raster import images_of

    images = images_of(read_within(path, MAX_BYTES), path.name)
    return (read_image(image, at, path.name) for at, image in enumerate(images, start=1))


def read_image(image: "Grey", number: int, source: str) -> Page:
    """Read one page from its image; it has no blocks where no text was found.

    Raises:
        MissingPartError: the extra `scan` is not installed.
    """
    from qjaudio.sources.ocr import (
        character_height,
        find_large,
        read_lines,
        reader,
        unify_sizes,
        with_upright,
    )
    from qjaudio.sources.raster import labels_of, level_page, ruled_lines, shades_of

    reader()  # first: the rules need its OpenCV, too, but cannot say how to get it
    page = level_page(image)
    pictures, tints = shades_of(page)
    rules = [rule for rule in ruled_lines(page) if not _is_inside(rule, pictures)]
    lines = read_lines(page, rules)
    if not lines:
        return Page(number=number, blocks=(), source=source)
    boxes = [line.box for line in lines if line.box]
    pictures = [area for area in pictures if not _is_bar(area, boxes)]
    pictures += [area for area in tints if not any(_is_inside(box, [area]) for box in boxes)]
    tints = [area for area in tints if area not in pictures]
    lines = [line for line in lines if not line.box or not _is_inside(line.box, pictures)]
    lines = with_upright(lines, find_large(page), [*rules, *pictures], page, reader().read)
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


def _is_inside(box: Box, areas: list[Box]) -> bool:
    """Whether the middle of a box lies in one of some areas."""
    x, y = box.middle, box.centre
    return any(area.left < x < area.right and area.top < y < area.bottom for area in areas)


def _scaled_line(line: TextLine, share: float) -> TextLine:
    box = line.box.scaled(share) if line.box else None
    text = _BULLET.sub("□", re.sub(r"\s+", " ", line.text).strip())
    return TextLine(text=text, box=box, size=(line.size or 0.0) * share or None)
