"""Pages from .docx, from saved web pages, and from the XML of OCR programs: ALTO, PAGE and hOCR.

Nothing outside the file is read: no entity is expanded and no document type is fetched. Where an
XML file types its regions (a heading, a caption) its order is kept; else the layout makes it.
"""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.layout_blocks import level_of
from qjaudio.paper.lines import folio_page, kind_of
from qjaudio.paper.model import Block, Page, TextLine
from qjaudio.paper.text import Box, box_around, ends_sentence, han, print_width
from qjaudio.sources.epaper.article import article_blocks, read_article
from qjaudio.sources.epaper.markup import broken_off, check_depth, clean_text, decode_page
from qjaudio.sources.model import join_headings
from qjaudio.sources.region import ToolRegion, page_of
from qjaudio.sources.sheets import pages_of_fields, print_formulas, take_struck
from qjaudio.sources.text import (
    MAX_VERSE,
    blocks_of,
    decode_text,
    in_other_suffix,
    split_at_folios,
    split_pages,
)

if TYPE_CHECKING:
    from docx.document import Document
    from lxml.etree import _Element

MAX_UNPACKED = 200_000_000
"""Bytes of all parts of a document; its pictures are packed already."""
MAX_RATIO = 200
"""Times that a part of a document may be larger than what it is packed in; real text reaches 20."""
SMALL = 1_000_000  # bytes of a part of which the ratio does not matter
MAX_TITLE = 40
"""Han characters of the longest title that no style names."""
LARGE_RATIO = 1.15  # from which multiple of the text's type size a short line is a title
MIN_SAVED = 40
"""Han characters of the shortest text of a saved page that is an article."""
_STYLE = re.compile(r"(?:heading|标题)\s*(\d)|^(title|标题)$|^(subtitle|副标题)$", re.I)
_CAPTION_STYLE = re.compile(r"caption|题注|图注|图说", re.I)
_TAKEN = re.compile(r"[^。！？]{4,60}[。！？\s][^。！？]{2,12}(?:摄|供图|摄影报道)[）)]?")
"""The words to a picture: a sentence, and who took it."""
_OLE = b"\xd0\xcf\x11\xe0"
"""How old office files begin, and new ones that are locked with a password."""
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_TEXTS = (f"{_WORD}t", f"{_MATH}t")
_SHOWN = {
    f"{_WORD}tab": " ", f"{_WORD}br": "\n", f"{_WORD}cr": "\n", f"{_WORD}noBreakHyphen": "-",
    f"{_MATH}den": "/", f"{_MATH}rad": "√",
}  # fmt: skip
"""What is printed for an element besides its text."""
_UNSEEN = (
    *(f"{_WORD}{name}" for name in ("del", "moveFrom", "rt", "pPr")),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
)
MAX_SIGNING = 8
"""Lines of the longest signature of a letter."""
_SLIP = re.compile("(?:稿件|文章|新闻|报道)?(?:主|大)?标题")
"""What names a field of the slip that goes with a story."""
_STYLE_OF = r"<(p|div)\b[^>]*?\bclass=[\"']?(?:{})(?![^\"'\s>]*副)[^>]*>(.*?)</\1>"
_MAIN_STYLE = re.compile(_STYLE_OF.format("[^\"'\\s>引肩眉副小]*(?:标题|大题)"), re.S)
_TITLE_STYLE = re.compile(_STYLE_OF.format("[^\"'\\s>]*(?:引|肩|眉|副)(?:标|)题"), re.S)
"""What a layout program exports in a style of this name: 主标题, 标题-二号, 肩题."""
_OFFICE = re.compile(r"<html[^>]{0,300}office:office|Generator[^>]{1,20}(?:Word|WPS)\b", re.I)
_WEB_PAGE = re.compile(r"<(?:script|link|nav|iframe|form|meta[^>]{0,80}(?:viewport|og:))\b", re.I)


def pages_of_docx(raw: bytes, name: str) -> list[Page]:
    """The pages of a document, parted where a line of its own names the next (第二版).

    Raises:
        NotAnIssueError: it is none, or unpacks to far more than a newspaper.
    """
    if raw.startswith(_OLE):
        reason = f"{name} is locked with a password, or is an old .doc"
        raise NotAnIssueError(reason, hint="save it as .docx without a password")
    _check_archive(raw, name)
    import docx

    try:
        document = docx.Document(io.BytesIO(raw))
        blocks = join_headings(_blocks_of(document))
    except Exception as error:  # whatever a broken document makes lxml and zipfile raise
        reason = f"{name} is not a complete .docx"
        raise NotAnIssueError(reason, hint="save it again in the office program") from error
    lines = [line.text for block in blocks for line in block.lines]
    return pages_of_fields("\n".join(lines), name) or split_at_folios(blocks, name)


def _check_archive(raw: bytes, name: str) -> None:
    """Refuse what unpacks to far more than a newspaper, before anything is unpacked."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(raw)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        hint = in_other_suffix(raw) or "copy or download it again"
        raise NotAnIssueError(f"{name} is not a complete .docx", hint=hint) from error
    packed = any(part.file_size > max(SMALL, MAX_RATIO * part.compress_size) for part in parts)
    if packed or sum(part.file_size for part in parts) > MAX_UNPACKED:
        reason = f"{name} unpacks to far more than a newspaper"
        raise NotAnIssueError(reason, hint="save its text as a new document")


def _blocks_of(document: "Document") -> Iterator[Block]:
    """Paragraphs, titles and tables in the order of the document."""
    from docx.text.paragraph import Paragraph

    body = _usual_size((_paragraph_size(x), x.text) for x in document.paragraphs)
    pending = [document.element.body]
    while pending:
        element = pending.pop()
        table = _text_of_table(element) if element.tag == f"{_WORD}tbl" else ""
        if table:
            yield Block(lines=tuple(TextLine(text=x) for x in table.split("\n")), kind="table")
        elif element.tag != f"{_WORD}p":  # whatever holds paragraphs: a control, a table of stories
            pending += reversed(element)
        else:
            paragraph = Paragraph(element, document._body)
            style = str(paragraph.style.name if paragraph.style else "")
            texts = _texts_of(element)
            lines = [text for text, boxed in texts if not boxed]
            if len(lines) > 1 and max(map(print_width, lines)) > MAX_VERSE:  # as print broke them
                broken = blocks_of("\n".join(lines))
                texts[: len(lines)] = [(" ".join(x.text for x in b.lines), False) for b in broken]
            centred = paragraph.alignment == 1
            for text, boxed in texts:
                shot = centred and not boxed and _TAKEN.fullmatch(text)
                captioned = _CAPTION_STYLE.search(style) or kind_of(text) == "caption" or shot
                kind = "caption" if captioned else ""
                level = 0 if boxed or kind else _paragraph_level(paragraph, text, body)
                size = None if _STYLE.search(style) else _paragraph_size(paragraph)
                yield from _paragraph_block(text, kind, level, size)


def _text_of_table(table: Any) -> str:
    """The text of a table, a slip as its fields; empty where it only places stories on a page."""
    texts = [text for p in table.iter(f"{_WORD}p") for text, _ in _texts_of(p) if text.strip()]
    running = sum(len(text) for text in texts if len(text) >= MIN_SAVED or ends_sentence(text))
    if 2 * running > sum(map(len, texts)):
        return ""
    grid = [list(cell.iter(f"{_WORD}p")) for cell in table.iter(f"{_WORD}tc")]
    cells = [" ".join(text for p in cell for text, _ in _texts_of(p)).strip() for cell in grid]
    if not any(map(_SLIP.fullmatch, cells[::2])):
        return " ".join(texts)
    return "\n".join(map("：".join, zip(cells[::2], cells[1::2], strict=False)))


def _paragraph_block(text: str, kind: str, level: int, size: float | None) -> Iterator[Block]:
    kept, struck = take_struck(text)
    for words, look, height in ((print_formulas(kept), kind, level), (struck, "tool", 0)):
        if plain := " ".join(words.split()):
            yield Block(lines=(TextLine(text=plain, size=size),), kind=look, level=height)


def _texts_of(paragraph: Any) -> list[tuple[str, bool]]:
    """The lines of a paragraph as it is shown, then those of the text boxes that hang on it.

    python-docx gives neither what was added while changes were tracked, nor text boxes. What is
    hidden, was moved away or tells how a word is read is not shown; figures above the line stay so.
    """
    parts, boxes = list[str](), list[tuple[str, bool]]()
    pending = [*reversed(paragraph)]
    while pending:
        node = pending.pop()
        if node.tag == f"{_WORD}txbxContent":
            inner = [text for p in node.iter(f"{_WORD}p") for text, _ in _texts_of(p)]
            boxes += [(text, True) for text in inner]
        elif raised := _raised_text(node):
            parts.append(raised)
        elif node.tag not in _UNSEEN and node.find(f"{_WORD}rPr/{_WORD}vanish") is None:
            struck = node.find(f"{_WORD}rPr/{_WORD}strike")
            if struck is not None and struck.get(f"{_WORD}val") not in ("0", "false"):
                own = "".join(part.text or "" for part in node.iter(*_TEXTS))
                parts.append(f"<del>{own}</del>")
                continue
            own = " ".join((node.text or "").splitlines()) if node.tag in _TEXTS else ""
            parts.append(_SHOWN.get(node.tag, own))
            pending += reversed(node)
    return [*((text, False) for text in "".join(parts).split("\n")), *boxes]


def _raised_text(node: Any) -> str:
    """Figures above or below the line, as HTML marks them; empty for what is none."""
    style = node.find(f"{_WORD}rPr/{_WORD}vertAlign")
    look = node.tag if style is None else str(style.get(f"{_WORD}val"))
    tag = "sup" if look in (f"{_MATH}sup", "superscript") else "sub"
    if tag == "sub" and look not in (f"{_MATH}sub", "subscript"):
        return ""
    text = "".join(part.text or "" for part in node.iter(*_TEXTS))
    return f"<{tag}>{text}</{tag}>" if re.fullmatch(r"[0-9+-]{1,4}", text) else ""


def _paragraph_size(paragraph: Any) -> float:
    """The type size of most of a paragraph's text in points; 0 where only a theme knows it."""
    sizes = ((run.font.size or paragraph.style.font.size, run.text) for run in paragraph.runs)
    return _usual_size((size.pt if size else 0.0, text) for size, text in sizes)


def _usual_size(rows: Iterable[tuple[float, str]]) -> float:
    """The size of most of some texts; 0 where there are none."""
    sizes: Counter[float] = Counter()
    for size, text in rows:
        sizes[size] += len(text)
    return max(sizes, key=sizes.__getitem__, default=0.0)


def _paragraph_level(paragraph: Any, text: str, body: float) -> int:
    """The level of a title: by its style, or because it is short and set large, bold, centred."""
    if not 0 < len(han(text)) <= MAX_TITLE or ends_sentence(text) or folio_page(text):
        return 0
    named = _STYLE.search(str(paragraph.style.name or ""))
    if named:
        return int(named[1]) if named[1] else 1 if named[2] else 3
    size = _paragraph_size(paragraph)
    if body and size >= LARGE_RATIO * body:
        return level_of(size, body)
    runs = [run for run in paragraph.runs if run.text.strip()]
    bold = bool(runs) and all(run.bold for run in runs)
    centred = paragraph.alignment == 1
    return 3 if bold and centred else 4 if bold or centred else 0


def pages_of_html(raw: bytes, name: str) -> list[Page]:
    """The pages of an HTML file: hOCR, what an OCR tool wrote, or a saved page of the web.

    Raises:
        NotAnIssueError: it is no text, or a saved page without an article.
    """
    if b' xMin="' in raw[:100_000]:
        return pages_of_xml(raw, name)
    html = whole_html(raw, name)
    if is_hocr(html):
        return pages_of_hocr(html, name)
    if styled := len(_MAIN_STYLE.findall(html)) > 1:
        html = _TITLE_STYLE.sub(r"<h2>\2</h2>", _MAIN_STYLE.sub(r"<h1>\2</h1>", html))
    if styled or _OFFICE.search(html[:2_000]) or not _WEB_PAGE.search(html[:200_000]):
        return split_pages(html, source=name)
    page = LexborHTMLParser(html)
    for beside in page.css("aside, nav"):
        beside.decompose()
    article = read_article(page.html or html, f"file:{name}")
    links = len(LexborHTMLParser(html).css("a[href]"))
    if len(han("".join(part.text for part in article.parts))) < MIN_SAVED or not article.main:
        raise NotAnIssueError(
            f"{name} is a saved page with {links} links and without the text of an article",
            hint="give the address of the paper's first page, or save the articles",
        )
    blocks = tuple(article_blocks(article))
    number = folio_page(re.sub(r".*?(第\s*\d{1,2}\s*版).*", r"\1", article.printed_on)) or 0
    return [Page(number=number, blocks=blocks, source=name, marked=True)]


MAX_ELEMENTS_OF_TEXT = 100_000
"""Lines and blocks of the longest issue."""
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_HINT = "give ALTO, PAGE or hOCR as the OCR program writes it, or its text"


def pages_of_xml(raw: bytes, name: str) -> list[Page]:
    """The pages in an XML file; number 0 where it does not tell one.

    Raises:
        NotAnIssueError: it is no XML, or none of a known form.
    """
    root = _root_of(raw, name)
    kind = _tag(root).lower()
    if len(_all(root, "TextLine", "TextBlock", "TextRegion")) > MAX_ELEMENTS_OF_TEXT:
        raise NotAnIssueError(f"{name} holds more than an issue", hint="give one issue's pages")
    if kind in ("alto", "document", "pdf2xml"):
        return [_page_of_blocks(page, name) for page in _all(root, "Page", "page")]
    if kind == "pcgts":
        return [_page_of_regions(page, name) for page in _all(root, "Page")]
    if kind == "html" and (pages := _all(root, "page")):  # pdftotext -bbox-layout
        return [_page_of_blocks(page, name) for page in pages]
    if kind == "html":
        return pages_of_hocr(whole_html(raw, name), name)
    from qjaudio.sources.tool_json import pages_of_articles

    fields = _fields_of(root)
    named = {f"{kind}_name": fields.get("name")} if isinstance(fields, dict) else {}
    pages = pages_of_articles({**named, "text": "", **(fields if named else {})}, name)
    if pages:
        return pages
    raise NotAnIssueError(f"{name} is XML of a form that is not known: {kind[:40]}", hint=_HINT)


def is_hocr(html: str) -> bool:
    """Whether a piece of HTML is hOCR."""
    return "ocr_page" in html[:100_000] and "bbox" in html


def pages_of_hocr(html: str, name: str) -> list[Page]:
    """The pages of hOCR, as Tesseract writes it; NotAnIssueError where it holds none."""
    pages = LexborHTMLParser(html).css(".ocr_page")
    if not pages:
        raise NotAnIssueError(f"{name} holds no page of hOCR", hint=_HINT)
    return [_page_of_hocr(page, name) for page in pages]


def whole_html(raw: bytes, name: str) -> str:
    """The text of an HTML file; NotAnIssueError where it is none, too deep or cut off."""
    html = decode_page(raw, address=name)
    check_depth(html, name)
    if broken_off(html):
        raise NotAnIssueError(f"{name} is cut off: its end is missing", hint="save it again")
    return html


def _root_of(raw: bytes, name: str) -> "_Element":
    """The root of an XML document, read without looking anywhere else."""
    from lxml import etree

    def parse_xml(content: bytes) -> "_Element":
        parser = etree.XMLParser(
            resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False,
            remove_comments=True, remove_pis=True,
        )  # fmt: skip
        return etree.fromstring(content, parser)

    try:
        try:
            root = parse_xml(raw)
        except (etree.LxmlError, ValueError):
            # The declaration may name no charset, or a wrong one.
            root = parse_xml(_DECLARATION.sub("", decode_text(raw, name)).encode())
    except (etree.LxmlError, ValueError) as error:
        reason = f"{name} is not complete XML"
        raise NotAnIssueError(reason, hint="copy it again, or run the tool again") from error
    internal = root.getroottree().docinfo.internalDTD
    if internal is not None and any(True for _ in internal.iterentities()):
        raise NotAnIssueError(f"{name} defines entities, which no OCR program does", hint=_HINT)
    return root


def _tag(element: "_Element") -> str:
    """The name of an element without its namespace; each version of these formats has its own."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _all(element: "_Element", *names: str) -> list["_Element"]:
    """The elements of these names below an element, in the order of the document."""
    return [one for one in element.iter() if _tag(one) in names]


def _finite(text: Any) -> float:
    """A finite number of some attribute; 0 where there is none."""
    try:
        value = float(text)
    except (TypeError, ValueError):
        return 0.0
    return value if abs(value) < 1e7 else 0.0


def _printed_number(text: Any) -> int:
    digits = re.sub(r"\D", "", str(text or ""))[:4]
    return int(digits) if digits and int(digits) <= 500 else 0


def _join_words(words: list[str]) -> str:
    """Words with a space between those in Latin letters; programs also part Han and digits."""
    text = ""
    for word in words:
        beside = text[-1:] + word[:1]
        text += " " * (len(beside) == 2 and beside.isascii() and beside.isalpha()) + word
    return text


def xml_fields(raw: bytes, name: str) -> Any:
    """An XML document as JSON would have it; NotAnIssueError where it is none."""
    return _fields_of(_root_of(raw, name))


def _fields_of(element: "_Element") -> Any:
    """An element as JSON would have it: its attributes and children by their names, or its text."""
    if not element.attrib and all(_tag(child) == "p" for child in element):
        return "\n".join("".join(one.itertext()) for one in element) or element.text or ""
    fields: dict[str, Any] = {str(key): str(value) for key, value in element.attrib.items()}
    for child in element:
        fields.setdefault(_tag(child), []).append(_fields_of(child))
    fields["text"] = (element.text or "").strip()
    return {k: v[0] if isinstance(v, list) and len(v) == 1 else v for k, v in fields.items() if v}


def pages_of_tsv(text: str, name: str) -> list[Page]:
    """The pages of Tesseract's table of words; NotAnIssueError where it is none."""
    lines: dict[tuple[str, ...], list[tuple[str, Box]]] = {}
    for row in (line.split("\t") for line in text.splitlines()):
        if len(row) == 12 and row[0] == "5" and row[11].strip():
            left, top, width, height = map(_finite, row[6:10])
            box = Box(left, top, left + width, top + height)
            lines.setdefault((*row[1:5],), []).append((row[11].strip(), box))
    pages: dict[int, list[TextLine]] = {}
    for place, found in lines.items():
        words = _join_words([word for word, _ in found])
        line = TextLine(text=words, box=box_around([box for _, box in found]))
        pages.setdefault(_printed_number(place[0]), []).append(line)
    if not pages:
        raise NotAnIssueError(f"{name} is not a table that Tesseract writes", hint=_HINT)
    regions = {number: [ToolRegion("text", tuple(lines))] for number, lines in pages.items()}
    return [page_of(whole, number=number, source=name) for number, whole in regions.items()]


def pages_of_mail(raw: bytes, name: str) -> list[Page]:
    """The pages in the body of a letter, or of a web page saved as one file (MHT).

    Raises:
        NotAnIssueError: it has no text, or that of no article.
    """
    from email import message_from_bytes, policy

    try:
        letter = message_from_bytes(raw, policy=policy.default)
        body = letter.get_body(("html", "plain"))
        inner = body.get_payload(decode=True) if body else b""
    except (LookupError, ValueError, KeyError, AttributeError, RecursionError) as error:
        reason = f"{name} is not a complete e-mail or saved page: {error}"
        raise NotAnIssueError(reason, hint="save it again") from error
    text, empty = inner if isinstance(inner, bytes) else b"", Page(number=0, blocks=(), source=name)
    if len(text) < MIN_SAVED:
        hint = "save what is attached to it, and give that"
        raise NotAnIssueError(f"{name} is a letter without a page in it", hint=hint)
    if body is not None and body.get_content_subtype() == "html":
        first, *others = pages_of_html(text, name) or [empty]
        rows = [" ".join(line.text for line in block.lines) for block in first.blocks]
        start, end = (0, len(rows)) if others or first.marked else _bounds_of_letter(rows)
        tools = [replace(x, kind="tool") for x in (*first.blocks[:start], *first.blocks[end:])]
        return [replace(first, blocks=(*tools, *first.blocks[start:end])), *others]
    lines = decode_text(text, name).splitlines()
    start, end = _bounds_of_letter(lines)
    first, *others = split_pages("\n".join(lines[start:end]), source=name) or [empty]
    talk = (" ".join(" ".join(part).split()) for part in (lines[:start], lines[end:]))
    around = [Block(lines=(TextLine(text=words),), kind="tool") for words in talk if words]
    return [replace(first, blocks=(*around, *first.blocks)), *others]


_GREETS = re.compile(
    r"(?!.{0,4}(?:题|文|作者|内容|日期|导读|按)[：:])[\u4e00-\u9fff、 ]{1,10}[：:，,]"
    r"|[^\n。，]{0,12}(?:你|您|大家|各位)[\u4e00-\u9fff]{0,4}好[！!，,。～~].{0,80}"
)
_TO_READER = re.compile(
    rf"{_GREETS.pattern}|.{{0,40}}(?:稿|附件|版面|录音|查收|谢谢|辛苦).{{0,60}}[。！!：:～~]"
)
_OLDER = re.compile(
    r"-{2,} ?(?:原始邮件|转发邮件|Original Message).*|发件人[:：].*"
    r"|On .{6,120} wrote:|.{4,80}写道[:：]"
)
_LEAVES = re.compile(
    r"--|[-—_=*]{4,}|此致|发自.{0,4}(?:我的|手机|iPhone).*|(?:顺?祝|顺颂|谢谢|辛苦了)[^，。\n]{0,8}[！!。～~]?"
)
"""Where a letter has said what it has to say: its closing words, its signature."""


def _bounds_of_letter(lines: list[str]) -> tuple[int, int]:
    """From which line to which a letter hands over a page: below its greeting, above its end."""
    lines, start = list(map(str.strip, lines)), 0
    for at in (at for at, line in enumerate(lines[:12]) if line):
        if not (_TO_READER if start else _GREETS).fullmatch(lines[at]):
            break
        start = at + 1
    places = range(start, len(lines))
    older = next((at for at in places if _OLDER.fullmatch(lines[at])), len(lines))
    leaves = (at for at in places if at < older and _LEAVES.fullmatch(lines[at]))
    return start, next((at for at in leaves if _only_signs(lines[at + 1 : older])), older)


def _only_signs(lines: list[str]) -> bool:
    """Whether a few short lines say who wrote a letter, and how to reach them."""
    short = all(len(line) < MIN_SAVED and line[-1:] != "。" for line in lines)
    return short and sum(map(bool, lines)) <= MAX_SIGNING


def _page_of_blocks(page: "_Element", name: str) -> Page:
    """A page of ALTO, of ABBYY's XML, or of pdftohtml, which has no blocks."""
    blocks = _all(page, "TextBlock", "Illustration", "block") or [page]
    regions = [_region_of_block(block) for block in blocks]
    numbers = map(page.get, ("PRINTED_IMG_NR", "PHYSICAL_IMG_NR", "number"))
    number = next(filter(None, map(_printed_number, numbers)), 0)
    height = _finite(page.get("HEIGHT", page.get("height")))
    return page_of(regions, number=number, source=name, height=height)


def _region_of_block(block: "_Element") -> ToolRegion:
    lines = []
    whole = _tag(block) == "page"
    for line in _all(block, "text") if whole else _all(block, "TextLine", "line"):
        words = _all(line, "String")
        text = _join_words([str(word.get("CONTENT") or "") for word in words])
        text = text or "".join(line.itertext()).strip()
        box = next(filter(None, map(_box_of_sides, (line, *words))), None)
        lines += [TextLine(text=text, box=box)] if text.strip() else []
    looks = f"{_tag(block)} {block.get('blockType')}"
    kind = "table" if "Table" in looks else "text"
    kind = "picture" if re.search("Illustr|Pict", looks) else kind
    return ToolRegion(kind, tuple(lines), _box_of_sides(block))


_ATTRIBUTES_OF_BOX = (
    ("HPOS", "l", "left", "xMin"), ("VPOS", "t", "top", "yMin"), ("WIDTH", "width"),
    ("HEIGHT", "height"), ("r", "xMax"), ("b", "yMax"),
)  # fmt: skip


def _box_of_sides(element: "_Element") -> Box | None:
    """The box that attributes tell; some name the right and the lower side."""
    found = (next(filter(None, map(element.get, names)), 0) for names in _ATTRIBUTES_OF_BOX)
    left, top, width, height, right, low = map(_finite, found)
    right, low = right or left + width, low or top + height
    return Box(left, top, right, low) if right > left and low > top else None


_PAGE_TYPES = {
    "heading": "title", "caption": "caption", "header": "margin", "footer": "margin",
    "page-number": "margin", "footnote": "margin", "credit": "text",
}  # fmt: skip
_PAGE_REGIONS = {
    "ImageRegion": "picture", "GraphicRegion": "picture", "ChartRegion": "picture",
    "SeparatorRegion": "rule", "TableRegion": "table", "AdvertRegion": "table",
}  # fmt: skip


def _page_of_regions(page: "_Element", name: str) -> Page:
    """A page of PAGE XML, its regions in the order that it gives."""
    found: dict[str, ToolRegion] = {}
    for at, element in enumerate(_all(page, "TextRegion", *_PAGE_REGIONS)):
        other = _PAGE_REGIONS.get(_tag(element))
        kind = other or _PAGE_TYPES.get(str(element.get("type")), "text")
        lines = () if other else tuple(_lines_of_region(element))
        found[str(element.get("id") or at)] = ToolRegion(kind, lines, _box_of_region(element))
    refs = sorted(_all(page, "RegionRefIndexed"), key=lambda ref: _finite(ref.get("index")))
    flat = len({ref.getparent() for ref in refs}) == 1
    first = [str(ref.get("regionRef")) for ref in refs] if flat else []
    regions = [found[key] for key in dict.fromkeys([*first, *found]) if key in found]
    return page_of(regions, number=0, source=name, height=_finite(page.get("imageHeight")))


def _lines_of_region(region: "_Element") -> Iterator[TextLine]:
    lines = [line for line in region if _tag(line) == "TextLine"]
    for line in lines:
        words = [_text_equiv(word) for word in line if _tag(word) == "Word"]
        text = _text_equiv(line) or _join_words(words)
        if text.strip():
            yield TextLine(text=text, box=_box_of_region(line))
    if not lines and (text := _text_equiv(region)):
        yield TextLine(text=text)


def _text_equiv(element: "_Element") -> str:
    """The text that a program is surest of: the first reading, by its index."""
    readings = [one for one in element if _tag(one) == "TextEquiv"]
    best = min(readings, key=lambda one: _finite(one.get("index")), default=None)
    texts = _all(best, "Unicode") if best is not None else []
    return "".join(str(text.text or "") for text in texts[:1]).strip()


def _box_of_region(element: "_Element") -> Box | None:
    """The box around the corners of an element, as one attribute or as points."""
    coords = next((one for one in element if _tag(one) == "Coords"), None)
    if coords is None:
        return None
    pairs = re.findall(r"(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)", str(coords.get("points") or ""))
    pairs += [(point.get("x"), point.get("y")) for point in coords if _tag(point) == "Point"]
    corners = [(_finite(x), _finite(y)) for x, y in pairs]
    return box_around([Box(x, y, x, y) for x, y in corners]) if corners else None


_BBOX = re.compile(r"\bbbox\s+(-?\d+)\s+(-?\d+)\s+(-?\d+)\s+(-?\d+)")
_NUMBER_OF_PAGE = re.compile(r"\bppageno\s+(\d{1,3})\b")
_HOCR_LINES = ".ocr_line, .ocr_header, .ocr_textfloat, .ocr_caption, .ocrx_line"
"""Tesseract guesses the last four by size alone, so they are lines like others."""


def _box_of_title(node: LexborNode) -> Box | None:
    found = _BBOX.search(node.attributes.get("title") or "")
    return Box(*map(float, found.groups())) if found else None


def _page_of_hocr(page: LexborNode, name: str) -> Page:
    lines = []
    for line in page.css(_HOCR_LINES):
        words = [clean_text(word.text()) for word in line.css(".ocrx_word")]
        text = _join_words([word for word in words if word]) or clean_text(line.text())
        if text:
            lines.append(TextLine(text=text, box=_box_of_title(line)))
    regions = [ToolRegion("text", tuple(lines))]
    for kind, found in (("picture", ".ocr_photo"), ("rule", ".ocr_separator")):
        regions += [ToolRegion(kind, (), _box_of_title(node)) for node in page.css(found)]
    told, whole = _NUMBER_OF_PAGE.search(page.attributes.get("title") or ""), _box_of_title(page)
    number, height = int(told[1]) + 1 if told else 0, whole.bottom if whole else 0.0
    return page_of(regions, number=number, source=name, height=height)
