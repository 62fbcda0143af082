"""Pages from documents of office programs (.docx) and from saved web pages."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from selectolax.lexbor import LexborHTMLParser

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.lines import folio_page
from qjaudio.paper.model import Block, Page, TextLine
from qjaudio.paper.text import ends_sentence, han
from qjaudio.sources.epaper.article import read_article
from qjaudio.sources.epaper.reading import article_blocks
from qjaudio.sources.formula import print_formulas
from qjaudio.sources.page_xml import is_hocr, pages_of_hocr, whole_html
from qjaudio.sources.sheets import pages_of_fields
from qjaudio.sources.text import split_at_folios, split_pages

if TYPE_CHECKING:
    from docx.document import Document

MAX_UNPACKED = 200_000_000
"""Bytes of all parts of a document; its pictures are packed already."""
MAX_RATIO = 200
"""Times that a part of a document may be larger than what it is packed in; real text reaches 20."""
SMALL = 1_000_000
"""Bytes of a part of which the ratio does not matter."""
MAX_TITLE = 40
"""Han characters of the longest title that no style names."""
LARGE_RATIO = 1.15
"""From which multiple of the text's type size a short line is a title."""
MIN_SAVED = 40
"""Han characters of the shortest text of a saved page that is an article."""
_STYLE = re.compile(r"(?:heading|标题)\s*(\d)|^(title|标题)$|^(subtitle|副标题)$", re.I)
_CAPTION_STYLE = re.compile(r"caption|题注|图注|图说", re.I)
_OLE = b"\xd0\xcf\x11\xe0"
"""How old office files begin, and new ones that are locked with a password."""
_WEB_PAGE = re.compile(r"<(?:script|link|nav|meta[^>]{0,80}viewport)\b", re.I)


def pages_of_docx(raw: bytes, name: str) -> list[Page]:
    """The pages of a document, parted where a line of its own names the next (第二版).

    Raises:
        NotAnIssueError: it is none, or unpacks to far more than a newspaper.
    """
    if raw.startswith(_OLE):
        raise NotAnIssueError(
            f"{name} is locked with a password, or is an old .doc",
            hint="save it as .docx without a password",
        )
    _check_archive(raw, name)
    import docx

    try:
        document = docx.Document(io.BytesIO(raw))
        blocks = [*_blocks_of(document)]
    except Exception as error:  # whatever a broken document makes lxml and zipfile raise
        raise NotAnIssueError(
            f"{name} is no whole .docx: {error}", hint="save it again in the office program"
        ) from error
    lines = [" ".join(line.text for line in block.lines) for block in blocks]
    return pages_of_fields("\n".join(lines), name) or split_at_folios(blocks, name)


def _check_archive(raw: bytes, name: str) -> None:
    """Refuse what unpacks to far more than a newspaper, before anything is unpacked."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(raw)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise NotAnIssueError(
            f"{name} is no whole .docx: {error}", hint="copy or download it again"
        ) from error
    packed = any(part.file_size > max(SMALL, MAX_RATIO * part.compress_size) for part in parts)
    if packed or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise NotAnIssueError(
            f"{name} unpacks to far more than a newspaper", hint="save its text as a new document"
        )


def _blocks_of(document: "Document") -> Iterator[Block]:
    """Paragraphs, titles and tables in the order of the document."""
    from docx.table import Table

    body = _usual_size(document)
    for element in document.iter_inner_content():
        if isinstance(element, Table):
            rows = [" ".join(cell.text for cell in row.cells) for row in element.rows]
            yield from _paragraph_block(" ".join(rows), kind="table")
            continue
        style = str(element.style.name if element.style else "")
        kind = "caption" if _CAPTION_STYLE.search(style) else ""
        for text, boxed in _texts_of(element._p):
            level = 0 if boxed or kind else _paragraph_level(element, text, body)
            yield from _paragraph_block(text, kind=kind, level=level)


def _paragraph_block(text: str, *, kind: str = "", level: int = 0) -> list[Block]:
    plain = " ".join(print_formulas(text).split())
    return [Block(lines=(TextLine(text=plain),), kind=kind, level=level)] if plain else []


def _texts_of(paragraph: Any) -> list[tuple[str, bool]]:
    """The lines of a paragraph as it is shown, then those of the text boxes that hang on it.

    python-docx gives neither what was added while changes were tracked, nor text boxes.
    """
    from docx.oxml.ns import qn

    word = {name: qn(f"w:{name}") for name in ("t", "tab", "br", "cr", "p", "del", "txbxContent")}
    fallback = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
    own, boxes = [""], list[tuple[str, bool]]()
    pending = [*paragraph]
    while pending:
        node = pending.pop(0)
        if node.tag in (word["del"], fallback):
            continue
        if node.tag == word["txbxContent"]:
            inner = [text for p in node.iter(word["p"]) for text, _ in _texts_of(p)]
            boxes += [(text, True) for text in inner]
        elif node.tag == word["t"]:
            own[-1] += node.text or ""
        elif node.tag == word["tab"]:
            own[-1] += " "
        elif node.tag in (word["br"], word["cr"]):
            own.append("")
        else:
            pending = [*node, *pending]
    return [*((text, False) for text in own), *boxes]


def _paragraph_size(paragraph: Any) -> float:
    """The type size of most of a paragraph's text in points; 0 where only a theme knows it."""
    sizes: Counter[float] = Counter()
    for run in paragraph.runs:
        size = run.font.size or paragraph.style.font.size
        sizes[size.pt if size else 0.0] += len(run.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _usual_size(document: "Document") -> float:
    sizes: Counter[float] = Counter()
    for paragraph in document.paragraphs:
        sizes[_paragraph_size(paragraph)] += len(paragraph.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _paragraph_level(paragraph: Any, text: str, body: float) -> int:
    """The level of a title: by its style, or because it is short and set large, bold, centred."""
    if not 0 < len(han(text)) <= MAX_TITLE or ends_sentence(text) or folio_page(text):
        return 0
    named = _STYLE.search(str(paragraph.style.name or ""))
    if named:
        return int(named[1]) if named[1] else 1 if named[2] else 3
    size = _paragraph_size(paragraph)
    if body and size >= LARGE_RATIO * body:
        return 1 if size >= 1.5 * body else 2
    runs = [run for run in paragraph.runs if run.text.strip()]
    bold = bool(runs) and all(run.bold for run in runs)
    centred = paragraph.alignment is not None and int(paragraph.alignment) == 1
    return 3 if bold and centred else 4 if bold or centred else 0


def pages_of_html(raw: bytes, name: str) -> list[Page]:
    """The pages of an HTML file: hOCR, what an OCR tool wrote, or a saved page of the web.

    Raises:
        NotAnIssueError: it is no text, or a saved page without an article.
    """
    html = whole_html(raw, name)
    if is_hocr(html):
        return pages_of_hocr(html, name)
    if not _WEB_PAGE.search(html[:200_000]):
        return split_pages(html, source=name)
    article = read_article(html, f"file:{name}")
    text = "".join(part.text for part in article.parts)
    links = len(LexborHTMLParser(html).css("a[href]"))
    if len(han(text)) < MIN_SAVED or not article.main:
        raise NotAnIssueError(
            f"{name} is a saved page with {links} links and without the text of an article",
            hint="give the address of the paper's first page, or save the articles",
        )
    blocks = tuple(article_blocks(article))
    number = folio_page(re.sub(r".*?(第\s*\d{1,2}\s*版).*", r"\1", article.printed_on)) or 0
    return [Page(number=number, blocks=blocks, source=name, marked=True)]
