"""Pages from text: one .txt or .md file, a folder of them, or standard input."""

import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.masthead import folio_page
from qjaudio.paper.model import Block, Page
from qjaudio.sources.files import is_folder
from qjaudio.sources.lines import blocks_of
from qjaudio.sources.model import FALLBACK, MAX_ISSUE_CHARS, SourceContext

SUFFIXES = (".txt", ".md", ".markdown", ".text")
MAX_BYTES = 5_000_000
"""A page of a newspaper is about 20 kB of text; beyond this it is something else."""
MAX_PAGES = 200
MAX_LINE = 10_000
"""The longest line: a whole page without a line break."""

_DATE_IN_NAME = re.compile(r"(?:19|20)\d{2}[-_.年]?\d{2}[-_.月]?\d{2}日?")
_PAGE_IN_NAME = re.compile(r"(?:^|[^0-9])0*(\d{1,2})(?:版.*)?$")
_BREAK = re.compile("\r\n|[\r\x0b\x85\u2028\u2029]")
"""Whatever else than a line feed ends a line of text."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class TextSource:
    """Reads text in UTF-8 (with or without mark) or GB18030."""

    name = "text"
    priority = FALLBACK

    def __init__(self, _context: SourceContext | None = None) -> None:
        """A file says all that there is to know."""

    def accepts(self, location: str) -> bool:
        """Whether a location looks like text: `-`, a text suffix, a folder or a bare name."""
        if location in ("", "-") or "://" in location:
            return location == "-"
        path = Path(location)
        suffix = path.suffix.lower()
        return suffix in SUFFIXES or not suffix[1:].isalpha() or is_folder(path)

    def pages(self, location: str) -> Iterator[Page]:
        """Read the pages of a file or folder in natural order.

        Raises:
            NotAnIssueError: nothing there, not text, empty, or too large.
        """
        found: list[Page] = []
        room = MAX_ISSUE_CHARS
        for name, stem, raw in _files(location):
            text = decode(raw, name)
            room -= len(text)
            _check_lengths(text, room, name)
            found += pages_of(text, stem=stem, source=name)
        if not any(page.blocks for page in found):
            raise NotAnIssueError(
                f"{location} is empty", hint="give the text of the day's pages, one file a page"
            )
        yield from _numbered(found)


def _files(location: str) -> Iterator[tuple[str, str, bytes]]:
    """Name, stem and bytes of each file of text."""
    if location == "-":
        yield "standard input", "", _limited(sys.stdin.buffer.read(MAX_BYTES + 1), "standard input")
        return
    path = Path(location)
    try:
        files = _text_files(path) if path.is_dir() else [path]
        for file in files:
            if not file.is_file():
                raise NotAnIssueError(f"there is no file {file}", hint="check the path")
            with file.open("rb") as stream:
                yield str(file), file.stem, _limited(stream.read(MAX_BYTES + 1), str(file))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise NotAnIssueError(
            f"cannot read {location!r}: {reason}", hint="check the path and its permissions"
        ) from error


def _text_files(folder: Path) -> list[Path]:
    files = [
        path
        for path in folder.iterdir()
        if path.suffix.lower() in SUFFIXES
        and not path.name.startswith((".", "~"))
        and not path.stem.lower().startswith("readme")
    ]
    if not files or len(files) > MAX_PAGES:
        raise NotAnIssueError(
            f"{folder} holds {len(files) or 'no'} pages of text",
            hint="put the day's pages there as page1.txt, page2.txt, …",
        )
    return sorted(files, key=lambda path: _natural(path.name))


def _natural(name: str) -> list[tuple[int, str]]:
    """A sort key in which page10 comes after page2."""
    parts = re.split(r"(\d+)", name.lower())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts if part]


def _limited(raw: bytes, name: str) -> bytes:
    if len(raw) > MAX_BYTES:
        raise NotAnIssueError(
            f"{name} is larger than {MAX_BYTES // 1_000_000} MB",
            hint="give the text of one issue, one file a page",
        )
    return raw


def _check_lengths(text: str, room: int, name: str) -> None:
    """Refuse what no newspaper prints before any rule reads it."""
    if room < 0:
        raise NotAnIssueError(
            f"more than {MAX_ISSUE_CHARS:,} characters of text with {name}",
            hint="give the text of one issue, one file a page",
        )
    if max(map(len, text.splitlines()), default=0) > MAX_LINE:
        raise NotAnIssueError(
            f"{name} has a line of more than {MAX_LINE:,} characters",
            hint="save the page with its lines as printed",
        )


def decode(raw: bytes, name: str = "the text") -> str:
    """Bytes as text: by their mark, else UTF-8, else GB18030.

    Raises:
        NotAnIssueError: they are no text in any of these.
    """
    marked = [codec for mark, codec in _BOMS.items() if raw.startswith(mark)]
    for codec in marked or ("utf-8", "gb18030"):
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text
    raise NotAnIssueError(
        f"{name} is not text", hint="save it as UTF-8 text; give PDFs and scans with their suffix"
    )


def pages_of(text: str, *, stem: str = "", source: str = "") -> list[Page]:
    """The pages of one file: a form feed or a folio line of its own (第二版) begins the next.

    A page whose number is not known has the number 0.
    """
    pages: list[Page] = []
    for sheet in _BREAK.sub("\n", text).split("\f"):
        pages += _split_at_folios(blocks_of(sheet), source)
    named = _PAGE_IN_NAME.search(_DATE_IN_NAME.sub("", stem))
    if named and pages and int(named[1]):
        first = pages[0]
        pages[0] = Page(number=int(named[1]), blocks=first.blocks, source=source)
    return pages


def _split_at_folios(blocks: list[Block], source: str) -> list[Page]:
    pages: list[Page] = []
    current: list[Block] = []
    number = 0
    for block in blocks:
        found = folio_page(block.lines[0].text) if len(block.lines) == 1 else None
        if found and found != number:
            if current and (number or found > 1):
                pages.append(Page(number=number, blocks=tuple(current), source=source))
                current = []
            number = found
        current.append(block)
    if current:
        pages.append(Page(number=number, blocks=tuple(current), source=source))
    return pages


def _numbered(pages: list[Page]) -> Iterator[Page]:
    """Give each page a number: its own where they rise, else its place."""
    numbers: list[int] = []
    for page in pages:
        last = numbers[-1] if numbers else 0
        numbers.append(page.number or last + 1)
    rising = all(a < b for a, b in pairwise(numbers))
    for place, page in enumerate(pages, start=1):
        number = numbers[place - 1] if rising else place
        yield Page(number=number, blocks=page.blocks, source=page.source)
