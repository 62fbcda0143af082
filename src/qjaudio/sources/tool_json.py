"""Pages from the JSON of OCR tools and services, and of models that give boxes.

All of them write lists of regions (a label, a place, a text or lines with theirs), lists of printed
lines with their places, or Markdown. What differs is the names of the fields, and what the lists
are wrapped in. Nothing is taken on trust: every field may be missing or of another type, as other
versions write it. Files that a JSON names (`img_path`) are never opened.

The names are those of the tools' own documentation: MinerU, PaddleOCR, olmOCR, marker, docling,
Surya, Mistral, LlamaParse, unstructured, TextIn, Azure, Google, Textract, Aliyun, Baidu, Tencent.
"""

import contextlib
import json
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from statistics import median
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.lines import find_date
from qjaudio.paper.model import Block, Page, TextLine
from qjaudio.paper.text import Box, box_around, compact, ends_sentence
from qjaudio.sources.region import ToolRegion, page_of, region_of
from qjaudio.sources.text import drop_embedded, split_pages

MAX_FACT = 40
"""Characters of the longest name of a paper, or date, that stands beside its articles."""
MAX_KEYED_TITLE = 100
"""Characters of the longest title of an article in JSON."""
MAX_PAGE = 500
"""No issue has a page of a higher number."""
DEEPEST = 12
"""Lists and objects inside each other in which a text is looked for."""
WHOLE = 1000.0
"""MinerU's content lists map a page of any size to so many units in both directions."""
ASPECT = 0.7
"""Width of a page by its height where only such units are known, as of a broadsheet or A4."""
MAX_COMPARED = 200
"""Lines of one form of a text that are looked for in another."""
MAX_RELATIVE = 1.5
"""Places below this are parts of the page's height."""
_HINT = (
    "give *_content_list.json (MinerU), *_res.json (PaddleOCR), the tool's Markdown, or have the "
    "service give the place of each line (Baidu: accurate)"
)
_LABELS = {
    label: kind
    for kind, labels in {
        "title": "title doc_title paragraph_title abstract_title content_title reference_title"
        " section_header headline heading section_heading text_title para_title layout_title",
        "caption": "caption image_caption image_footnote chart_caption code_caption table_caption"
        " table_footnote figure_title chart_title table_title figure_table_chart_title"
        " figure_caption vision_footnote image_title",
        "picture": "image image_body chart chart_body seal figure flowchart header_image"
        " footer_image picture figure_group picture_group",
        "table": "table table_body table_group",
        "margin": "header footer page_number number aside_text page_footnote footnote page_header"
        " page_footer page_aside_text discarded head foot sidebar",
        "line": "line word",
        "formula": "formula inline_formula isolate_formula display_formula equation"
        " inline_equation interline_equation equation_inline equation_interline",
    }.items()
    for label in labels.split()
}
"""Kinds of regions by the labels of all tools; any other label is text."""
_PRINTED_NUMBER = re.compile(r"[^\w]{0,4}0?([1-9]\d?)[^\w]{0,4}")
_LABEL_FIELDS = (
    "block_label", "label", "category", "type", "role", "block_type", "BlockType", "blockType",
    "sub_type", "subType",
)  # fmt: skip
_BOX_FIELDS = (
    "block_bbox", "bbox_2d", "bbox", "box_2d", "text_region", "ItemPolygon", "Polygon", "polygon",
    "position", "pos", "location", "boundingBox", "bBox", "box", "region", "vertices", "points",
    "BoundingBox", "boundingRegions", "prov", "coordinates", "metadata", "Geometry",
)  # fmt: skip
"""Where a place may stand; those after `region` hold an object or a list with one."""
_SIDES = (("left", "l", "x", "top_left_x"), ("top", "t", "y", "top_left_y"))
_PAGE_FIELDS = (
    "page_idx",
    "page_no",
    "page_number",
    "pageNumber",
    "page_id",
    "pageNum",
    "page",
    "Page",
)
_MARKDOWN = ("markdown", "md", "md_content", "markdown_content", "page_content")
_TEXT_FIELDS = (
    "text", "content", "block_content", "text_content", "list_items", "title_content",
    "paragraph_content", "item_content", "page_header_content", "page_footer_content",
    "page_number_content", "page_aside_text_content", "page_footnote_content", "code_body",
    "code_content", "equation_content", "table_body", "html", "res", "words", "word", "txt", "Text",
    "DetectedText", "value",
)  # fmt: skip
_PAGE_LISTS = ("para_blocks", "preproc_blocks", "parsing_res_list")
_LINES_OF_PAGE = ("rec_texts", "overall_ocr_res")


def pages_of_json(text: str, name: str) -> list[Page]:
    """The pages in the JSON of a tool; number 0 where it does not tell one.

    Raises:
        NotAnIssueError: it is no JSON, or none of a known form.
    """
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise NotAnIssueError(f"{name} is nested too deep for a page", hint=_HINT) from error
    except ValueError as error:
        reason = f"{name} is not complete JSON"
        raise NotAnIssueError(reason, hint="copy the file again, or run the tool again") from error
    value = _with_inline_groups(value)
    pages = _pages_of_dolma(value, name) or _pages_in(value, name)
    pages = pages or pages_of_articles(json.loads(text, object_hook=_with_whole_texts), name)
    if not pages:
        raise NotAnIssueError(f"{name} is JSON of a form that is not known", hint=_HINT)
    return pages


def pages_of_articles(value: Any, name: str) -> list[Page]:
    """Marked pages from articles under any keys: title, author, content; empty without these."""
    from qjaudio.sources.epaper.article import WebArticle, article_blocks, blocks_of_kinds
    from qjaudio.sources.epaper.markup import BodyPart, body_parts
    from qjaudio.sources.epaper.scripts import entries_in

    entries = [
        one for one in entries_in(value) if 0 < len(one.title) <= MAX_KEYED_TITLE and one.text
    ]
    facts = {str(k): v for k, v in value.items() if type(v) is str} if type(value) is dict else {}
    rows = [
        ("paper", v) for k, v in facts.items() if re.search("paper|报", k) and len(v) < MAX_FACT
    ]
    rows += [("date", day) for v in facts.values() if (day := find_date(v[:MAX_FACT]))]
    pages: dict[int, list[Block]] = {}
    for entry in entries:
        article = WebArticle(name, entry.title, entry.kicker, entry.deck, [entry.author])
        article.parts = [BodyPart(line.strip()) for line in entry.text.splitlines()]
        if "</" in entry.text or "<br" in entry.text:
            article.parts = body_parts(LexborHTMLParser(entry.text).body, frozenset(), [])
        number = entry.place[1] if entry.place else 0
        pages.setdefault(number, [] if pages else blocks_of_kinds(rows)).extend(
            article_blocks(article)
        )
    return [
        Page(number=number, blocks=tuple(blocks), source=name, marked=True)
        for number, blocks in pages.items()
    ]


def _with_whole_texts(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of an object; a list of paragraphs is one text."""
    return {
        key: "\n".join(value)
        if isinstance(value, list) and value and all(isinstance(one, str) for one in value)
        else value
        for key, value in fields.items()
    }


def pages_of_json_lines(text: str, name: str) -> list[Page]:
    """The pages of lines of JSON objects; NotAnIssueError where one is of no known form."""
    lines = [line for line in text.split("\n") if line.strip()]
    return [page for line in lines for page in pages_of_json(line, name)]


def _pages_in(value: object, name: str, depth: int = 0, key: str = "") -> list[Page]:
    """The pages of a value, out of what a service or a file wraps them in; `key` names it."""
    if isinstance(value, str) and value[:1] in ("{", "["):  # Aliyun's `Data` is JSON in a string
        with contextlib.suppress(ValueError, RecursionError):
            value = json.loads(value)
    if depth > DEEPEST or not isinstance(value, list | dict):
        return []
    if isinstance(value, dict):
        listed = any(field in value for field in (*_PAGE_LISTS, *_LINES_OF_PAGE))
        return [_page_of_object(value, name)] if listed else _pages_of_fields(value, name, depth)
    if key != "lines" and any(map(_is_region, _objects(value))):
        return [*_pages_of_rows(_objects(value), name)]
    lines = _lines_of_list(value)
    told = {_index_of(row) for row in _objects(value)}
    if lines and len(told) > 1:  # lines of several pages
        owns = {at: [row for row in _objects(value) if _index_of(row) == at] for at in sorted(told)}
        pages = [(at, page) for at, own in owns.items() for page in _pages_in(own, name)]
        return [replace(page, number=max(at, 0)) for at, page in pages]
    if len(lines) > 1:
        height = 1.0 if max(x.box.bottom for x in lines if x.box) <= MAX_RELATIVE else 0.0
        region = ToolRegion("text", tuple(lines))
        whole = [_narrowed(region, _aspect_of(lines)) if height else region]
        return [page_of(whole, number=0, source=name, height=height)]
    found = [(at, page) for at, one in enumerate(value[:MAX_PAGE], start=1)
             for page in _pages_in(one, name, depth + 1)]  # fmt: skip
    several = len(value) > 1 and not any("role" in row for row in _objects(value))
    return [page if page.number or not several else replace(page, number=at) for at, page in found]


def _pages_of_fields(fields: dict[str, Any], name: str, depth: int) -> list[Page]:
    """The pages in the fields of an object; of two forms of a text the one that says more.

    Where none has places, its Markdown, or what a model answered.
    """
    found = []
    for key, value in [*fields.items()][:MAX_PAGE]:
        pages = _pages_in(value, name, depth + 1, str(key))
        texts = [compact(x.text) for page in pages for block in page.blocks for x in block.lines]
        found.append((texts, pages))
    kept, known = list[list[Page]](), ""
    for texts, pages in sorted(found, key=_says_less):
        looked = texts[:MAX_COMPARED]
        if sum(text in known for text in looked) < 0.5 * len(looked):
            known += "".join(texts)
            kept.append(pages)
    if kept:
        return [page for _, pages in found if pages in kept for page in pages]
    told = fields.get("page_texts")  # of OCRFlux, by their place
    if isinstance(told, dict) and all(isinstance(text, str) for text in told.values()):
        parts = [split_pages(drop_embedded(text), source=name) for text in told.values()]
        return [replace(x, number=x.number or at) for at, own in enumerate(parts, 1) for x in own]
    said = fields.get("content", fields.get("parts"))
    answer = _text_in(said) if fields.get("role") in ("assistant", "model") else ""
    inner = (fields.get(field) for field in _MARKDOWN)
    forms = [x.get("content", x.get("text")) if isinstance(x, dict) else x for x in inner]
    text = next((x for x in (*forms, answer) if isinstance(x, str) and x.strip()), "")
    return split_pages(drop_embedded(text), source=name) if text else []


def _says_less(form: tuple[list[str], list[Page]]) -> tuple[bool, int, int]:
    """The rank of a form: kinds of regions say most, then more text, then longer pieces of it."""
    texts, pages = form
    return not any(page.ordered for page in pages), -sum(map(len, texts)), len(texts)


def _lines_of_list(rows: list[Any]) -> list[TextLine]:
    """The printed lines of a list, as objects or as rows of a place and a text."""
    found = [TextLine(text=_text_in(row[1]), box=_box(row[0])) for row in rows if _is_line(row)]
    for row in _objects(rows):
        texts = [text for f in _TEXT_FIELDS if isinstance(text := row.get(f), str) and text.strip()]
        if texts and (box := _first_box(row)) and not {"word", "page"} & _labels_of(row):
            found.append(TextLine(text=texts[0], box=box))
    widths = {round(line.box.width, 3) for line in found if line.box}
    lengths = sorted(len(line.text) for line in found)
    # Of boxes of one width around texts of any length none is that of its line.
    return found if len(widths) > 1 or len(found) < 5 or lengths[-1] < 2 * lengths[0] else []


def _page_of_object(value: dict[str, Any], name: str) -> Page:
    """A page with lists of its regions, or of the lines that were recognized on it alone."""
    size = value.get("page_size")
    tall = size[1] if isinstance(size, list) and len(size) > 1 else value.get("height")
    height = float(tall) if isinstance(tall, int | float) else 0.0
    told = max(_page_of_index(value.get(field)) for field in ("page_idx", "page_index"))
    lines = _recognized(value.get("overall_ocr_res") or value)
    blocks = next((found for each in _PAGE_LISTS if (found := _objects(value.get(each)))), [])
    number = _number_of([*blocks, *_objects(value.get("discarded_blocks"))], told)
    regions = _with_formulas(one for b in _by_block_order(blocks) for one in _regions_of(b))
    if lines and not blocks:
        whole = [ToolRegion("text", tuple(lines))]
        return page_of(whole, number=number, source=name, height=height)
    regions = [_with_lines(region, lines) for region in regions]
    for region in (one for b in _objects(value.get("discarded_blocks")) for one in _regions_of(b)):
        is_head = region.box is not None and region.box.centre < height / 4
        regions.insert(0 if is_head else len(regions), region)
    return page_of(regions, number=number, source=name, height=height, ordered=True)


def _pages_of_rows(rows: list[dict[str, Any]], name: str) -> Iterator[Page]:
    """The pages of a list of regions, which may tell their pages."""
    pages: dict[int, list[dict[str, Any]]] = {}
    # MinerU's content lists give places in parts of 1,000, or of 1, and name pages or pictures.
    shared = any(
        {"page_idx", "img_path"} & {*row} or type(row.get("content")) is dict for row in rows
    )
    told = [_index_of(row) for row in rows]
    from_zero = shared or 0 in told
    for row, index in zip(rows, told, strict=True):
        pages.setdefault(_page_of_index(index - (not from_zero)), []).append(row)
    for place, own in sorted(pages.items()):
        regions = _with_formulas(region for row in own for region in _regions_of(row))
        lowest = max((one.box.bottom for one in regions if one.box), default=0.0)
        height = (WHOLE if lowest > MAX_RELATIVE else 1.0) if shared and lowest else 0.0
        found = [_narrowed(region) for region in regions] if shared else regions
        number = _number_of(own, place)
        yield page_of(found, number=number, source=name, height=height)


def _index_of(row: dict[str, Any]) -> int:
    """The page that a region says it is on, or that its place says; -1 for none."""
    inner = (row.get("metadata"), *_objects(row.get("prov")), *_objects(row.get("boundingRegions")))
    for fields in (one for one in (row, *inner) if isinstance(one, dict)):
        for field in _PAGE_FIELDS:
            if type(index := fields.get(field)) is int and 0 <= index <= MAX_PAGE:
                return index
    return -1


def _number_of(rows: list[dict[str, Any]], told: int) -> int:
    """The number that a page prints in a region of its own, else the one that the tool tells."""
    for row in rows:
        if {"number", "page_number"} & _labels_of(row):
            text = "".join(line.text for region in _regions_of(row) for line in region.lines)
            found = _PRINTED_NUMBER.fullmatch(compact(text))
            if found:
                return int(found[1])
    return told


def _aspect_of(lines: list[TextLine]) -> float:
    """Width of a page by its height: a Han character is as wide as it is high."""
    boxes = [(line.box, len(line.text)) for line in lines if line.box and line.box.width]
    found = median(n * box.height / box.width for box, n in boxes) if boxes else ASPECT
    return ASPECT if ASPECT < 1.5 * found < 2.25 * ASPECT else found


def _narrowed(region: ToolRegion, aspect: float = ASPECT) -> ToolRegion:
    """A region, with its lines, whose places count in parts of the page in both directions."""

    def narrow(box: Box | None) -> Box | None:
        return replace(box, left=box.left * aspect, right=box.right * aspect) if box else None

    lines = tuple(replace(line, box=narrow(line.box)) for line in region.lines)
    return replace(region, box=narrow(region.box), lines=lines)


def _is_region(row: dict[str, Any]) -> bool:
    """Whether an object has the label of a region, and a place or something else of one."""
    labels = _labels_of(row)
    told = ("page_idx", "text_level", "img_path", "pageNum", "page_id")
    placed = _first_box(row) is not None or any(field in row for field in told)
    placed |= type(known := row.get("metadata")) is dict and "page_number" in known  # Unstructured
    labels |= {"text"} if any("spans" in line for line in _objects(row.get("lines"))) else set()
    placed = placed and "Geometry" not in row  # Textract's regions refer to lines of the same list
    return bool(labels) and not labels & {"page", "line", "word"} and placed


def _labels_of(row: dict[str, Any]) -> set[str]:
    """What a region is called, as in our table: `SectionHeader`, `Page-header`."""
    labels = (row.get(field) for field in _LABEL_FIELDS)
    return {re.sub(r"(?<=[a-z])(?=[A-Z])|-", "_", x).lower() for x in labels if isinstance(x, str)}


def _regions_of(row: dict[str, Any], depth: int = 0) -> Iterator[ToolRegion]:
    """The region of an object, or those inside it; then the captions that it holds."""
    inner = _objects(row.get("blocks")) or _objects(row.get("children"))
    if inner and depth < DEEPEST and any(map(_is_region, inner)):
        for one in inner:
            yield from _regions_of(one, depth + 1)
        return
    content = row.get("content")
    fields = content if isinstance(content, dict) else row
    listed = fields.get("list_items")
    items = list(map(_text_in, listed)) if isinstance(listed, list) else []
    if items and all(items):
        kinds = ("text" if ends_sentence(one) else "item" for one in items)
        yield from (region_of(*one, _first_box(row)) for one in zip(kinds, items, strict=True))
    else:
        yield _region_of_fields(row, fields)
    for field, value in fields.items():
        if field.endswith(("_caption", "_footnote")):
            yield region_of("caption", _lines_in(value), None)


def _with_formulas(regions: Iterable[ToolRegion]) -> list[ToolRegion]:
    """The regions; a formula of its own goes on with the text before it, and the text behind it
    with the formula: a newspaper sets none apart."""
    found, runs_on = list[ToolRegion](), False
    for region in regions:
        text, formula = "".join(line.text for line in region.lines), region.kind == "formula"
        if formula:
            told = " ".join(re.sub(r"\$|\\[()\[\]]", " ", text).split())
            text = f"\\({told}\\)" if told else "[无法识别]"
            region = region_of("text", text, region.box)  # noqa: PLW2901
        before = found[-1] if found else region
        joined = "".join(line.text for line in (*before.lines, *region.lines))
        ended = before.kind != "text" or ends_sentence(joined[: -len(text) or None])
        if found and (formula or runs_on) and region.kind == "text" and not ended:
            boxes = [box for box in (before.box, region.box) if box]
            found[-1] = region_of("text", joined, box_around(boxes) if boxes else None)
        else:
            found.append(region)
        runs_on = formula
    return found


def _with_inline_groups(value: Any) -> Any:
    """A document of docling's with the parts of each paragraph that it groups as one text."""
    groups = _objects(value.get("groups")) if isinstance(value, dict) else []
    inline = [group.get("self_ref") for group in groups if group.get("label") == "inline"]
    rows, last = list[dict[str, Any]](), None
    for row in _objects(value.get("texts")) if inline else []:
        parent = row.get("parent")
        group = parent.get("$ref") if isinstance(parent, dict) else None
        text = _text_in({**row, "type": row.get("label")})
        if group == last and group in inline:
            rows[-1]["text"] += text
        else:
            rows.append({**row, "text": text, "label": "text"} if group in inline else row)
        last = group
    return {**value, "texts": rows} if inline else value


def _region_of_fields(row: dict[str, Any], fields: dict[str, Any]) -> ToolRegion:
    kinds = (_LABELS.get(label, "") for label in sorted(_labels_of(row)))
    kind = next(filter(None, kinds), "text")
    box = _first_box(row)
    level = fields.get("text_level", fields.get("level"))
    known = level if isinstance(level, int) and 0 < level < 7 else 0
    if kind == "picture":
        return ToolRegion("picture", (), box)
    lines = _lines_of_row(row)
    if len(lines) > 1 or (lines and (kind != "text" or "paragraphs" in row or not _labels_of(row))):
        return ToolRegion(kind, lines, box, known)
    if lines:  # a model of language gives a block as one line
        return region_of(kind, lines[0].text, box or lines[0].box)
    texts = [*filter(None, (_lines_in(fields[field]) for field in _TEXT_FIELDS if field in fields))]
    texts = [text for text in texts if text[:1] != "<"] or texts  # a text, and its HTML once more
    kind = "title" if kind == "text" and known and "text_level" in fields else kind
    text = "\n".join(dict.fromkeys(texts))
    return region_of(kind, text, box, known) if text else ToolRegion(kind, (), box)


def _lines_of_row(row: dict[str, Any]) -> tuple[TextLine, ...]:
    """The printed lines of a region, with their places, where it has them."""
    lines = _lines_of_symbols(row)
    for line in _objects(row.get("lines")) or _objects(row.get("res")):
        spans = _objects(line.get("spans"))
        text = "".join(map(_text_in, spans)) if spans else _text_in(line)
        box = _first_box(line)
        lines.append(TextLine(text=text, box=box))
    return tuple(lines)


def _lines_of_symbols(block: dict[str, Any]) -> list[TextLine]:
    """The printed lines of a block of Google's, which gives every character a place."""
    lines, run, boxes = list[TextLine](), "", list[Box]()
    words = [
        word for part in _objects(block.get("paragraphs")) for word in _objects(part.get("words"))
    ]
    for symbol in (one for word in words for one in _objects(word.get("symbols"))):
        run += _text_in(symbol)
        boxes += filter(None, [_first_box(symbol)])
        ends = str(symbol.get("property"))
        if "LINE_BREAK" in ends or "EOL_SURE_SPACE" in ends:
            lines.append(TextLine(text=run, box=box_around(boxes) if boxes else None))
            run, boxes = "", []
        elif "SPACE" in ends:
            run += " "
    return [*lines, TextLine(text=run, box=box_around(boxes))] if run and boxes else lines


def _with_lines(region: ToolRegion, lines: list[TextLine]) -> ToolRegion:
    """A region with those of the recognized lines in its box that make its text."""
    box, text = region.box, "".join(line.text for line in region.lines)
    inside = tuple(line for line in lines if box and line.box and _has_middle_in(line.box, box))
    same = compact("".join(line.text for line in inside)) == compact(text)
    return replace(region, lines=inside) if inside and same and region.kind == "text" else region


def _has_middle_in(inner: Box, outer: Box) -> bool:
    """Whether the middle of a box lies in another one."""
    across = outer.left <= inner.middle <= outer.right
    return across and outer.top <= inner.centre <= outer.bottom


def _recognized(result: object) -> list[TextLine]:
    """The lines of PaddleOCR, each with its box."""
    fields = result if isinstance(result, dict) else {}
    texts = fields.get("rec_texts")
    places = fields.get("rec_boxes") or fields.get("rec_polys") or fields.get("dt_polys")
    if not isinstance(texts, list) or not isinstance(places, list):
        return []
    pairs = zip(texts, map(_box, places), strict=False)
    return [TextLine(text=text, box=box) for text, box in pairs if isinstance(text, str) and box]


def _by_block_order(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The regions as Paddle numbers them; those without a number stay where they are."""
    order = {at: n for at, b in enumerate(blocks) if isinstance(n := b.get("block_order"), int)}
    numbered = iter(sorted(order, key=order.__getitem__))
    return [blocks[next(numbered)] if at in order else block for at, block in enumerate(blocks)]


def _is_line(row: object) -> bool:
    """Whether a row is a line of PaddleOCR before version 3: corners, then text and score."""
    if not isinstance(row, list) or len(row) not in (2, 3) or _box(row[0]) is None:
        return False
    said = row[1][0] if isinstance(row[1], list) and row[1] else row[1]
    return isinstance(said, str)


def _pages_of_dolma(value: object, name: str) -> list[Page]:
    """A document of olmOCR: Markdown, and from which character to which each page goes."""
    fields = value if isinstance(value, dict) else {}
    text = fields.get("text", fields.get("natural_text"))
    if not isinstance(text, str):
        return []
    attributes = fields.get("attributes")
    spans = attributes.get("pdf_page_numbers") if isinstance(attributes, dict) else None
    parts: list[tuple[str, int]] = []
    for row in spans if isinstance(spans, list) else []:
        if isinstance(row, list) and len(row) == 3 and all(isinstance(n, int) for n in row):
            start, end, number = row
            parts.append((text[max(start, 0) : max(end, 0)], number))
    if sum(len(part) for part, _ in parts) < len(text.strip()):  # spans that leave text out
        parts = [(text, 0)]
    pages = []
    for part, number in parts:
        found = split_pages(part, source=name)
        if found and 0 < number <= MAX_PAGE and not found[0].number:
            found[0] = replace(found[0], number=number)
        pages += found
    return pages


def _objects(value: object) -> list[dict[str, Any]]:
    """The objects in a list."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _text_in(value: object, depth: int = 0) -> str:
    """The text in a value: itself, or that of the spans that it holds."""
    if isinstance(value, str):
        return value
    if depth > DEEPEST:
        return ""
    if isinstance(value, list):
        return "".join(_text_in(one, depth + 1) for one in value)
    if not isinstance(value, dict):
        return ""
    fields = ("content", "text", "item_content")
    inner = _text_in(next((value[f] for f in fields if f in value), ""), depth + 1)
    is_formula = inner and re.search("equation|formula", str(value.get("type")))
    return f"\\({inner.strip('$')}\\)" if is_formula else inner


def _lines_in(value: object) -> str:
    """The texts of a list, one a line, the inline parts of a text on one line; of an object as
    PP-Structure gives a table, its HTML."""
    value = value.get("html", "") if isinstance(value, dict) and "html" in value else value
    if isinstance(value, list) and all(isinstance(x, dict) and "type" in x for x in value):
        return _text_in(value)
    return "\n".join(map(_text_in, value)) if isinstance(value, list) else _text_in(value)


def _box(value: object, depth: int = 0) -> Box | None:
    """The box of four numbers, around corners, with named sides, or of what holds one of these."""
    if depth > DEEPEST:
        return None
    if isinstance(value, dict):
        fields = {str(key).lower(): one for key, one in value.items()}
        across, down = (next((fields[k] for k in keys if k in fields), None) for keys in _SIDES)
        ends = [fields.get("r", fields.get("right")), fields.get("b", fields.get("bottom"))]
        sizes = (fields.get("width", fields.get("w")), fields.get("height", fields.get("h")))
        for at, (start, size) in enumerate(zip((across, down), sizes, strict=True)):
            if isinstance(size, int | float) and isinstance(start, int | float):
                ends[at] = start + size
        return _box([across, down, *ends], depth + 1) or _first_box(value, depth + 1)
    flat: list[Any] = []
    for one in value if isinstance(value, list) else []:
        corner = isinstance(one, dict) and not {"x", "y", "X", "Y"}.isdisjoint(one)
        if isinstance(one, dict) and not corner:
            return _box(one, depth + 1)
        # Google leaves a 0 out.
        flat += [one.get("x", one.get("X", 0)), one.get("y", one.get("Y", 0))] if corner else []
        flat += [] if corner else one if isinstance(one, list) else [one]
    fits = all(isinstance(n, int | float) and math.isfinite(n) and abs(n) < 1e7 for n in flat)
    if len(flat) < 4 or len(flat) % 2 or not fits:
        return None
    across, down = flat[::2], flat[1::2]
    return Box(float(min(across)), float(min(down)), float(max(across)), float(max(down)))


def _first_box(row: dict[str, Any], depth: int = 0) -> Box | None:
    return next((box for field in _BOX_FIELDS if (box := _box(row.get(field), depth))), None)


def _page_of_index(index: object) -> int:
    """The number of a page by its place from 0; 0 where there is none."""
    return index + 1 if type(index) is int and 0 <= index < MAX_PAGE else 0
