"""Pages from the JSON of OCR tools: MinerU, PaddleOCR and PP-Structure, olmOCR.

Nothing is taken on trust: every field may be missing or of another type, as other versions write
it. Files that a JSON names (`img_path`) are never opened.

The forms are those of the tools' own documentation: MinerU's `output_files`, PaddleOCR's pages on
PP-StructureV3 and PaddleOCR-VL, olmOCR's Dolma documents.
"""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.model import Page, TextLine
from qjaudio.paper.text import Box, compact
from qjaudio.sources.region import ToolRegion, ordered_page, placed_page, region_of
from qjaudio.sources.text import split_pages

MAX_PAGE = 500
"""No issue has a page of a higher number."""
DEEPEST = 12
"""Lists and objects inside each other in which a text is looked for."""
WHOLE = 1000.0
"""MinerU maps a page of any size to so many units in both directions."""
ASPECT = 0.7
"""Width of a page by its height where only such units are known, as of a broadsheet or A4."""
_HINT = "give the tool's Markdown; or *_content_list.json (MinerU), *_res.json (PaddleOCR)"


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
        raise NotAnIssueError(
            f"{name} is no whole JSON: {error}", hint="copy the file again, or run the tool again"
        ) from error
    for reads, pages in _FORMS:
        if reads(value):
            return pages(value, name)
    raise NotAnIssueError(f"{name} is JSON of a form that is not known", hint=_HINT)


def pages_of_json_lines(text: str, name: str) -> list[Page]:
    """The pages in a file with an object of JSON on each line.

    Raises:
        NotAnIssueError: a line is none, or none of a known form.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    return [page for line in lines for page in pages_of_json(line, name)]


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
    inner = _text_in(value.get("content", value.get("text", "")), depth + 1)
    return f"${inner}$" if inner and "equation" in str(value.get("type")) else inner


def _lines_in(value: object) -> str:
    """The texts of a list, one a line."""
    return "\n".join(map(_text_in, value)) if isinstance(value, list) else _text_in(value)


def _box(value: object) -> Box | None:
    """The box of four numbers, or around eight of them or a list of points."""
    flat: list[float] = []
    for one in value if isinstance(value, list) else []:
        flat += one if isinstance(one, list) else [one]
    fits = all(isinstance(n, int | float) and math.isfinite(n) and abs(n) < 1e7 for n in flat)
    if len(flat) < 4 or len(flat) % 2 or not fits:
        return None
    across, down = flat[::2], flat[1::2]
    return Box(float(min(across)), float(min(down)), float(max(across)), float(max(down)))


def _index(value: object) -> int | None:
    """The place of a page, from 0; None where it is none."""
    known = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MAX_PAGE
    return value if known and isinstance(value, int) else None


# MinerU

_MINERU = {
    "title": "title", "doc_title": "title", "paragraph_title": "title",
    "image_caption": "caption", "image_footnote": "caption", "chart_caption": "caption",
    "code_caption": "caption", "table_caption": "caption", "table_footnote": "caption",
    "image": "picture", "image_body": "picture", "chart": "picture", "chart_body": "picture",
    "seal": "picture", "table": "table", "table_body": "table",
    "header": "margin", "footer": "margin", "page_number": "margin", "aside_text": "margin",
    "page_footnote": "margin", "page_header": "margin", "page_footer": "margin",
    "page_aside_text": "margin", "discarded": "margin",
}  # fmt: skip
"""Kinds of regions by MinerU's types; any other is text."""
_MINERU_TEXTS = (
    "text", "content", "list_items", "title_content", "paragraph_content", "item_content",
    "page_header_content", "page_footer_content", "page_number_content", "page_aside_text_content",
    "page_footnote_content", "code_body", "code_content", "equation_content",
)  # fmt: skip


def _is_middle(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("pdf_info"), list)


def _pages_of_middle(value: dict[str, Any], name: str) -> list[Page]:
    """MinerU's `middle.json`, which its site calls `layout.json`: blocks of lines of spans."""
    pages = []
    for at, row in enumerate(_objects(value["pdf_info"])):
        size = row.get("page_size")
        tall = size[1] if isinstance(size, list) and len(size) > 1 else 0
        height = float(tall) if isinstance(tall, int | float) else 0.0
        blocks = _objects(row.get("para_blocks")) or _objects(row.get("preproc_blocks"))
        regions = [region for block in blocks for region in _of_middle(block)]
        for block in _objects(row.get("discarded_blocks")):
            found = [*_of_middle(block)]
            above = [one for one in found if _is_head(one, height)]
            regions = [*above, *regions, *(one for one in found if one not in above)]
        index = _index(row.get("page_idx"))
        number = (at if index is None else index) + 1
        pages.append(ordered_page(regions, number=number, source=name, height=height))
    return pages


def _is_head(region: ToolRegion, height: float) -> bool:
    return bool(region.box) and region.box is not None and region.box.centre < height / 4


def _of_middle(block: dict[str, Any], depth: int = 0) -> Iterator[ToolRegion]:
    kind = _MINERU.get(str(block.get("type")), "text")
    inner = _objects(block.get("blocks"))
    if inner and depth < DEEPEST:
        for one in inner:
            yield from _of_middle(one, depth + 1)
        return
    lines = []
    for row in _objects(block.get("lines")):
        words = "".join(map(_text_in, _objects(row.get("spans"))))
        lines.append(TextLine(text=words, box=_box(row.get("bbox"))))
    level = block.get("level")
    known = level if isinstance(level, int) and 0 < level < 7 else 0
    if len(lines) == 1 and kind == "text":  # a model of language gives a block as one line
        yield region_of(kind, lines[0].text, _box(block.get("bbox")) or lines[0].box)
    else:
        yield ToolRegion(kind, tuple(lines), _box(block.get("bbox")), known)


def _is_content_list(value: object) -> bool:
    rows = _objects(value)
    return any("page_idx" in row or "img_path" in row or "text_level" in row for row in rows)


def _pages_of_content_list(value: object, name: str) -> list[Page]:
    """MinerU's `content_list.json`: the regions of all pages in one list."""
    regions: dict[int, list[ToolRegion]] = {}
    for row in _objects(value):
        regions.setdefault(_index(row.get("page_idx")) or 0, []).extend(_of_content(row))
    return [
        ordered_page(found, number=index + 1, source=name, height=_unit(found))
        for index, found in sorted(regions.items())
    ]


def _is_nested_list(value: object) -> bool:
    pages = value if isinstance(value, list) else []
    return bool(pages) and all(isinstance(page, list) for page in pages) and any(
        "type" in row for page in pages for row in _objects(page)
    )  # fmt: skip


def _pages_of_nested_list(value: list[object], name: str) -> list[Page]:
    """MinerU's `content_list_v2.json` and its models' output: a list of regions for each page."""
    pages = []
    for at, page in enumerate(value[:MAX_PAGE], start=1):
        found = [region for row in _objects(page) for region in _of_content(row)]
        pages.append(ordered_page(found, number=at, source=name, height=_unit(found)))
    return pages


def _unit(regions: list[ToolRegion]) -> float:
    """The height of a page in the unit of its boxes: parts of 1,000, or of 1."""
    lowest = max((one.box.bottom for one in regions if one.box), default=0.0)
    return WHOLE if lowest > 1.5 else 1.0 if lowest else 0.0


def _of_content(row: dict[str, Any]) -> Iterator[ToolRegion]:
    """The regions of one entry of a content list."""
    named = str(row.get("type"))
    kind, box = _MINERU.get(named, "text"), _box(row.get("bbox"))
    box = replace(box, left=box.left * ASPECT, right=box.right * ASPECT) if box else None
    content = row.get("content")
    fields = content if isinstance(content, dict) else row
    level = fields.get("text_level", fields.get("level"))
    known = level if isinstance(level, int) and 0 < level < 7 else 0
    if kind == "text" and known:
        kind = "title"
    if kind == "picture":
        yield ToolRegion("picture", (), box)
    texts = [_lines_in(fields[field]) for field in _MINERU_TEXTS if field in fields]
    if kind == "table":
        body = fields.get("table_body", fields.get("html", ""))
        yield region_of("table", _text_in(body) or "\n".join(texts), box)
    elif kind != "picture":
        yield region_of(kind, "\n".join(filter(None, texts)), box, known)
    for field, value in fields.items():
        if field.endswith(("_caption", "_footnote")):
            yield region_of("caption", _lines_in(value), None)


# PaddleOCR, PP-Structure, PaddleOCR-VL

_PADDLE = {
    "doc_title": "title", "paragraph_title": "title", "title": "title", "abstract_title": "title",
    "content_title": "title", "reference_title": "title",
    "figure_title": "caption", "chart_title": "caption", "table_title": "caption",
    "figure_table_chart_title": "caption", "figure_caption": "caption", "table_caption": "caption",
    "vision_footnote": "caption",
    "image": "picture", "figure": "picture", "chart": "picture", "seal": "picture",
    "flowchart": "picture", "header_image": "picture", "footer_image": "picture",
    "table": "table", "header": "margin", "footer": "margin", "number": "margin",
    "footnote": "margin", "aside_text": "margin",
}  # fmt: skip
"""Kinds of regions by Paddle's labels; any other is text."""
_PADDLE_WRAPS = ("res", "result", "prunedResult", "data")
_PADDLE_LISTS = ("layoutParsingResults", "ocrResults", "layout_parsing_result")


def _paddle_results(value: object, depth: int = 0) -> list[dict[str, Any]]:
    """The results of single pages, out of what a service or a file wraps them in."""
    if depth > DEEPEST:
        return []
    if isinstance(value, list):
        return [found for one in value[:MAX_PAGE] for found in _paddle_results(one, depth + 1)]
    if not isinstance(value, dict):
        return []
    if any(field in value for field in ("parsing_res_list", "rec_texts", "overall_ocr_res")):
        return [value]
    inner = [value[field] for field in (*_PADDLE_LISTS, *_PADDLE_WRAPS) if field in value]
    return [found for one in inner for found in _paddle_results(one, depth + 1)]


def _is_paddle(value: object) -> bool:
    return bool(_paddle_results(value))


def _pages_of_paddle(value: object, name: str) -> list[Page]:
    """Results of PP-StructureV3 and PaddleOCR-VL (regions), or of PaddleOCR (lines)."""
    found = [_page_of_paddle(result, name) for result in _paddle_results(value)]
    if len(found) > 1 and not any(page.number for page in found):
        return [replace(page, number=at) for at, page in enumerate(found, start=1)]
    return found


def _page_of_paddle(result: dict[str, Any], name: str) -> Page:
    index = _index(result.get("page_index"))
    number = 0 if index is None else index + 1
    tall = result.get("height")
    height = float(tall) if isinstance(tall, int | float) else 0.0
    lines = _recognized(result.get("overall_ocr_res") or result)
    blocks = _by_block_order(_objects(result.get("parsing_res_list")))
    if not blocks:
        return placed_page(
            [ToolRegion("text", tuple(lines))], number=number, source=name, height=height
        )
    regions = [_of_parsed(block, lines) for block in blocks]
    return ordered_page(regions, number=number, source=name, height=height)


def _recognized(result: object) -> list[TextLine]:
    """The lines of PaddleOCR, each with its box."""
    if not isinstance(result, dict):
        return []
    texts = result.get("rec_texts")
    places = result.get("rec_boxes") or result.get("rec_polys") or result.get("dt_polys")
    if not isinstance(texts, list) or not isinstance(places, list):
        return []
    pairs = zip(texts, map(_box, places), strict=False)
    return [TextLine(text=text, box=box) for text, box in pairs if isinstance(text, str) and box]


def _by_block_order(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The regions as Paddle numbers them; those without a number stay where they are."""
    places = [at for at, block in enumerate(blocks) if _index(block.get("block_order")) is not None]
    numbered = sorted((blocks[at] for at in places), key=lambda block: int(block["block_order"]))
    found = [*blocks]
    for at, block in zip(places, numbered, strict=True):
        found[at] = block
    return found


def _of_parsed(block: dict[str, Any], lines: list[TextLine]) -> ToolRegion:
    label = block.get("block_label", block.get("label"))
    kind = _PADDLE.get(str(label), "text")
    text = _text_in(block.get("block_content", block.get("content", "")))
    box = _box(block.get("block_bbox", block.get("bbox")))
    inside = [line for line in lines if box and line.box and _has_middle_in(line.box, box)]
    if kind == "text" and inside and compact("".join(x.text for x in inside)) == compact(text):
        return ToolRegion(kind, tuple(inside), box)
    return region_of(kind, text, box) if kind != "picture" else ToolRegion(kind, (), box)


def _has_middle_in(inner: Box, outer: Box) -> bool:
    """Whether the middle of a box lies in another one."""
    across = outer.left <= inner.middle <= outer.right
    return across and outer.top <= inner.centre <= outer.bottom


def _is_structure(value: object) -> bool:
    return any("res" in row and "bbox" in row for row in _objects(value))


def _pages_of_structure(value: object, name: str) -> list[Page]:
    """Regions of PP-Structure before version 3: lines with their corners in `res`."""
    regions = []
    for row in _objects(value):
        kind, box = _PADDLE.get(str(row.get("type")).lower(), "text"), _box(row.get("bbox"))
        inner = row.get("res")
        if isinstance(inner, dict):  # a table
            regions.append(region_of("table", _text_in(inner.get("html", "")), box))
            continue
        lines = [
            TextLine(text=_text_in(one), box=_box(one.get("text_region")))
            for one in _objects(inner)
        ]
        regions.append(ToolRegion(kind, tuple(lines), box))
    return [ordered_page(regions, number=0, source=name)]


def _is_line(row: object) -> bool:
    if not isinstance(row, list) or len(row) != 2 or _box(row[0]) is None:
        return False
    return isinstance(row[1], list | str) and bool(row[1])


def _old_lines(value: object, depth: int = 0) -> list[list[Any]]:
    """Lines of PaddleOCR before version 3: corners, then text and score."""
    rows = value if isinstance(value, list) else []
    if any(map(_is_line, rows)):
        return [row for row in rows if _is_line(row)]
    return [row for one in rows if depth < 2 for row in _old_lines(one, depth + 1)]


def _pages_of_old_lines(value: object, name: str) -> list[Page]:
    lines = []
    for place, said in _old_lines(value):
        text = said if isinstance(said, str) else _text_in(said[0])
        lines.append(TextLine(text=text, box=_box(place)))
    return [placed_page([ToolRegion("text", tuple(lines))], number=0, source=name)]


# Models that give a list of boxes: Qwen-VL, dots.ocr

_BOXED = {
    "title": "title", "section-header": "title", "headline": "title", "heading": "title",
    "caption": "caption", "picture": "picture", "figure": "picture", "image": "picture",
    "table": "table", "page-header": "margin", "page-footer": "margin", "footnote": "margin",
}  # fmt: skip
_BOXED_TEXTS = ("text_content", "text", "content")


def _is_boxed(value: object) -> bool:
    rows = _objects(value)
    return any(
        ("bbox_2d" in row or "bbox" in row)
        and ("category" in row or "label" in row)
        and any(field in row for field in _BOXED_TEXTS)
        for row in rows
    )


def _pages_of_boxed(value: object, name: str) -> list[Page]:
    regions = []
    for row in _objects(value):
        label = str(row.get("category", row.get("label"))).lower().replace("_", "-")
        kind = _BOXED.get(label, "text")
        text = next((_text_in(row[field]) for field in _BOXED_TEXTS if field in row), "")
        box = _box(row.get("bbox_2d", row.get("bbox")))
        regions.append(
            ToolRegion(kind, (), box) if kind == "picture" else region_of(kind, text, box)
        )
    return [ordered_page(regions, number=0, source=name)]


# olmOCR


def _is_dolma(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("text", value.get("natural_text")), str)


def _pages_of_dolma(value: dict[str, Any], name: str) -> list[Page]:
    """A document of olmOCR: Markdown, and from which character to which each page goes."""
    text = _text_in(value.get("text", value.get("natural_text")))
    attributes = value.get("attributes")
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


_FORMS: tuple[tuple[Callable[[object], bool], Callable[[Any, str], list[Page]]], ...] = (
    (_is_middle, _pages_of_middle),
    (_is_paddle, _pages_of_paddle),
    (_is_structure, _pages_of_structure),
    (_is_boxed, _pages_of_boxed),
    (_is_content_list, _pages_of_content_list),
    (_is_nested_list, _pages_of_nested_list),
    (_is_dolma, _pages_of_dolma),
    (lambda value: bool(_old_lines(value)), _pages_of_old_lines),
)
