"""Pages from what programs write: OCR tools' JSON, XML and folders, documents, saved web pages.

A folder is taken as its tool leaves it. Where a page lies in it in several forms, the one that says
most is read, once.
"""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.model import Block, Page
from qjaudio.paper.text import han
from qjaudio.sources.model import (
    BY_LOOK,
    MAX_FILES,
    MAX_ISSUE_CHARS,
    OF_PAGE,
    TEXT_SUFFIXES,
    FileSource,
    folio_of,
    give_numbers,
    is_folder,
    natural_order,
    page_in_name,
    pages_in,
    read_within,
    unreadable_pages,
)
from qjaudio.sources.text import decode_text, drop_embedded, named_page, split_pages

MAX_BYTES = 30_000_000
"""A page of a tool's JSON has about 1 MB, with the pictures that a service sends up to 20."""
DEPTH = 4
"""MinerU writes into output/NAME/auto/, and output may lie in the folder of a day."""
_RANKS = (
    (0, re.compile(r"(?:^|.*_)(?:middle|res)\.json$|^layout\.json$")),
    (
        1,
        re.compile(r"(?:^|.*_)content_list\.json$|^output_.*\.jsonl$|.*\.(?:xml|hocr|doctags|dt)$"),
    ),
    (2, re.compile(r"(?:^|.*_)content_list_v2\.json$|^results\.json$|.*_page_\d+\.json$")),
    (2, re.compile(r"^(?:page|p)?[-_ ]?\d{1,2}\.json$")),
    (4, re.compile(rf".*(?:{'|'.join(map(re.escape, TEXT_SUFFIXES))})$")),
    (5, re.compile(r".*\.docx$")),
    (6, re.compile(r".*\.(?:x?html?|mhtm?l?|eml|tsv)$")),
)
"""How much a file says of its page, by its name: the less the better."""
_STRUCTURED = 2
_SUFFIXES = (
    ".json", ".jsonl", ".xml", ".hocr", ".tsv", ".doctags", ".dt",
    ".docx", ".html", ".htm", ".xhtml", ".mht", ".mhtml", ".eml",
)  # fmt: skip
_OTHERS = (".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp")
_OF_TOOL = re.compile(
    rb"\"(?:DoclingDocument|analyzeResult|fullTextAnnotation|page_idx|pdf_info|rec_texts|natural_text"
    rb"|parsing_res_list)\""
)
"""How a program's JSON shows at its beginning what it is, whatever its name."""
_TOOL_ENDS = re.compile(r"_(?:content_list(?:_v2)?|middle|res)$|\.pdf$")
_ONE_DOCUMENT = re.compile(r"^(?:full|layout|content_list(?:_v2)?)$")
"""Names in the folder that MinerU's site gives, which holds one document."""
_OUTPUTS = ("auto", "ocr", "txt", "vlm", "hybrid_auto", "markdown")
"""Folders into which MinerU and olmOCR write."""
_PICTURES = ("images", "imgs", "figures")
_DATE = re.compile(r"(?:19|20)\d{2}-\d{2}-\d{2}")
GRAM = 6
SAME_TEXT = 0.7
"""A page of text of which so many groups of six characters stand in another form is that page."""


class ToolSource(FileSource):
    """Reads files and folders of OCR tools, documents and saved web pages."""

    name = "tools"
    priority = BY_LOOK + 1  # a tool's folder also holds the PDF that it was made from
    suffixes = _SUFFIXES

    def takes_folder(self, folder: Path) -> bool:
        """Whether a folder is as one of the tools leaves it.

        Documents and saved pages in a folder count only where no text, PDF or scan lies there.
        """
        files = _files(folder)
        ranks = {*map(_rank, files)}
        others = any(path.suffix.lower() in _OTHERS for path in files)
        if min(ranks, default=9) <= _STRUCTURED:
            return True
        if others or 4 in ranks:
            return False
        return bool(ranks & {5, 6}) or bool(_files_below(folder, DEPTH))

    def pages(self, location: str) -> Iterator[Page]:
        """Read the pages of a file or folder, each once.

        Raises:
            NotAnIssueError: nothing there, of no known form, too large, or empty.
        """
        path = Path(location)
        files = _files_in(path) if is_folder(path) else [path]
        found: list[Page] = []
        known: set[str] = set()
        room = MAX_ISSUE_CHARS
        for file in sorted(files, key=_rank):
            pages = _number_by_name(_pages_of_file(file), file)
            lines = [line for page in pages for block in page.blocks for line in block.lines]
            text = "".join(line.text for line in lines)
            room -= len(text)
            if room < 0:
                reason = f"more than {MAX_ISSUE_CHARS:,} characters with {file.name}"
                raise NotAnIssueError(reason, hint="give the pages of one issue")
            grams = _grams(text)
            twice = bool(grams) and len(grams & known) >= SAME_TEXT * len(grams)
            if not (twice and _rank(file) > _STRUCTURED):
                known |= grams
                found += pages
        if not any(page.blocks for page in found):
            reason = f"{location} holds no text"
            raise NotAnIssueError(reason, hint="run the tool again, or give the page itself")
        yield from _by_number(found)


def _rank(path: Path) -> int:
    alike = path.stem == path.parent.name or path.with_suffix(".md").exists()
    if path.suffix == ".json" and alike:  # as marker and docling write it
        return _STRUCTURED
    found = next((rank for rank, name in _RANKS if name.match(path.name.lower())), 9)
    with contextlib.suppress(OSError):
        if found == 9 and path.suffix == ".json" and path.is_file():
            with path.open("rb") as file:
                return _STRUCTURED if _OF_TOOL.search(file.read(4_000)) else found
    return found


def _files(folder: Path) -> list[Path]:
    """The files of a folder that may be pages or pictures of them, in natural order."""
    return [path for path in pages_in(folder) if path.is_file()]


def _files_below(folder: Path, depth: int) -> list[Path]:
    """The files to be read in the folders below one that holds no page itself."""
    found: list[Path] = []
    for inner in sorted(folder.iterdir(), key=lambda path: natural_order(path.name)):
        named = inner.name.startswith(".") or inner.name in _PICTURES or _DATE.match(inner.name)
        if depth and not named and inner.is_dir() and not inner.is_symlink():
            best = _best(_files(inner))
            ours = [path for path in best if _is_output(path)]
            found += ours if best else _files_below(inner, depth - 1)
    return found


def _is_output(path: Path) -> bool:
    """Whether a file lies where a tool writes it: structured, or text in a folder of its name; or
    a story as a document in the folder of its page."""
    inner = path.parent.name
    story = path.suffix.lower() == ".docx" and OF_PAGE.match(f"{inner}/")
    return _rank(path) <= _STRUCTURED or inner == path.stem or inner in _OUTPUTS or bool(story)


def _best(files: list[Path]) -> list[Path]:
    """Of the forms of each page the one that says most."""
    ranked = {path: rank for path in files if (rank := _rank(path)) < 9}
    best: dict[str, Path] = {}
    one = any(_ONE_DOCUMENT.match(path.stem) for path in ranked)
    for path, rank in ranked.items():
        key = "" if one else _TOOL_ENDS.sub("", path.stem)
        if key not in best or rank < ranked[best[key]]:
            best[key] = path
    return [*best.values()]


def _files_in(folder: Path) -> list[Path]:
    """The files of a folder that are to be read."""
    try:
        found = _best(_files(folder)) or _files_below(folder, DEPTH)
        root = folder.resolve()
        out = [path for path in found if not path.resolve().is_relative_to(root)]
    except OSError as error:
        raise unreadable_pages(folder, error) from error
    if out:
        raise NotAnIssueError(f"{out[0]} is a link to another place", hint="copy the file")
    if len(found) > MAX_FILES:
        reason = f"{folder} holds {len(found)} pages"
        raise NotAnIssueError(reason, hint="give the pages of one issue")
    return found


def _pages_of_file(path: Path) -> list[Page]:
    """The pages in one file."""
    # The formats are imported where they are read: every command asks this source what it takes.
    from qjaudio.sources import document, tool_json

    raw, name, suffix = read_within(path, MAX_BYTES), str(path), path.suffix.lower()
    binary = {
        ".docx": document.pages_of_docx, ".xml": document.pages_of_xml,
        ".eml": document.pages_of_mail, ".mht": document.pages_of_mail,
        ".mhtml": document.pages_of_mail,
        **dict.fromkeys((".html", ".htm", ".xhtml", ".hocr"), document.pages_of_html),
    }  # fmt: skip
    if suffix in binary:
        return binary[suffix](raw, name)
    text = drop_embedded(decode_text(raw, name))
    textual = {
        ".json": tool_json.pages_of_json, ".jsonl": tool_json.pages_of_json_lines,
        ".tsv": document.pages_of_tsv,
    }  # fmt: skip
    return textual[suffix](text, name) if suffix in textual else split_pages(text, source=name)


def _number_by_name(pages: list[Page], path: Path) -> list[Page]:
    """Pages with the number that the file's name ends with, where it holds one page."""
    named = page_in_name(_TOOL_ENDS.sub("", path.stem))
    if len(pages) == 1 and named and pages[0].number <= 1:
        return [replace(pages[0], number=named)]
    return pages


def _grams(text: str) -> set[str]:
    plain = han(text)
    return {plain[at : at + GRAM] for at in range(max(0, len(plain) - GRAM + 1))}


def _by_number(pages: list[Page]) -> list[Page]:
    """The pages by their numbers: what a folio says, else what the tool or the name says."""
    if not all(page.marked for page in pages if page.blocks):
        pages = [_unmark(page) if page.marked else page for page in pages]
    folios = [_printed_page(page) for page in pages]
    for at, (page, after) in enumerate(pairwise(pages)):
        last = replace(page, blocks=page.blocks[:-1])  # what stands last may be the next one's head
        if folios[at] == after.number and not (folios[at + 1] or _printed_page(last)):
            folios[at] = None
    numbers = [number for number in folios if number]
    if len(numbers) == len({*numbers}):
        rows = [*zip(pages, folios, strict=True)]
        steps = {number - page.number for page, number in rows if number}
        step = steps.pop() if len(steps) == 1 else 0  # a file that begins with page 3
        pages = [
            replace(page, number=number or (page.number and page.number + step))
            for page, number in rows
        ]
    merged: list[Page] = []
    for page in pages:
        same = next((one for one in merged if page.marked and 0 < page.number == one.number), None)
        if same:
            whole = replace(same, blocks=(*same.blocks, *page.blocks))
            merged[merged.index(same)] = whole
        else:
            merged.append(page)
    return give_numbers(merged)


def _printed_page(page: Page) -> int | None:
    """The number that a page prints; where a program has ordered its regions, in whichever line."""
    named = {named_page(block) for block in page.blocks if page.ordered} - {None}
    return folio_of(page) or (named.pop() if len(named) == 1 else None)


_LEVELS = {"headline": 1, "kicker": 2, "deck": 3}


def _unmark(page: Page) -> Page:
    """A page of a saved article among others that say less of their blocks."""
    blocks: list[Block] = []
    for block in page.blocks:
        kind = "caption" if block.kind == "caption" else ""
        blocks.append(replace(block, kind=kind, level=_LEVELS.get(block.kind, 0)))
    return replace(page, blocks=tuple(blocks), marked=False)
