"""Pages from the XML of OCR programs: ALTO, PAGE and hOCR, which say where each line stands.

Nothing outside the file is read: no entity is expanded and no document type is fetched. Where a
file types its regions (a heading, a caption) its order is kept; else the layout makes the order.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.model import Page, TextLine
from qjaudio.paper.text import Box, box_around
from qjaudio.sources.epaper.markup import broken_off, check_depth, clean_text, decode_page
from qjaudio.sources.region import ToolRegion, page_of
from qjaudio.sources.text import decode_text

if TYPE_CHECKING:
    from lxml.etree import _Element

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
    if kind == "alto":
        return [_page_of_alto(page, name) for page in _all(root, "Page")]
    if kind == "pcgts":
        return [_page_of_regions(page, name) for page in _all(root, "Page")]
    if kind == "html":
        return pages_of_hocr(whole_html(raw, name), name)
    raise NotAnIssueError(f"{name} is XML of a form that is not known: {kind[:40]}", hint=_HINT)


def is_hocr(html: str) -> bool:
    """Whether a piece of HTML is hOCR."""
    return "ocr_page" in html[:100_000] and "bbox" in html


def pages_of_hocr(html: str, name: str) -> list[Page]:
    """The pages of hOCR, as Tesseract writes it.

    Raises:
        NotAnIssueError: it holds no page.
    """
    pages = LexborHTMLParser(html).css(".ocr_page")
    if not pages:
        raise NotAnIssueError(f"{name} holds no page of hOCR", hint=_HINT)
    return [_page_of_hocr(page, name) for page in pages]


def whole_html(raw: bytes, name: str) -> str:
    """The text of an HTML file.

    Raises:
        NotAnIssueError: it is none, nested too deep, or its end is missing.
    """
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
        raise NotAnIssueError(
            f"{name} is no whole XML: {error}", hint="copy it again, or run the tool again"
        ) from error
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


def _page_of_alto(page: "_Element", name: str) -> Page:
    regions = [_block_of_alto(block) for block in _all(page, "TextBlock", "Illustration")]
    printed, place = page.get("PRINTED_IMG_NR"), page.get("PHYSICAL_IMG_NR")
    number = _printed_number(printed) or _printed_number(place)
    return page_of(regions, number=number, source=name, height=_finite(page.get("HEIGHT")))


def _block_of_alto(block: "_Element") -> ToolRegion:
    lines = []
    for line in _all(block, "TextLine"):
        words = _all(line, "String")
        text = _join_words([str(word.get("CONTENT") or "") for word in words])
        box = next(filter(None, map(_box_of_alto, (line, *words))), None)
        lines += [TextLine(text=text, box=box)] if text.strip() else []
    kind = "text" if _tag(block) == "TextBlock" else "picture"
    return ToolRegion(kind, tuple(lines), _box_of_alto(block))


def _box_of_alto(element: "_Element") -> Box | None:
    places = (_finite(element.get(name)) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
    left, top, width, height = places
    return Box(left, top, left + width, top + height) if width > 0 and height > 0 else None


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
    number = _NUMBER_OF_PAGE.search(page.attributes.get("title") or "")
    whole = _box_of_title(page)
    return page_of(
        regions,
        number=int(number[1]) + 1 if number else 0,
        source=name,
        height=whole.bottom if whole else 0.0,
    )
