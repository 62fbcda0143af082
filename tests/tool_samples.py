"""One page of two stories in our own words, as each tool would write it."""

import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

MASTHEAD = "2025年5月20日 星期二 农历乙巳年四月廿三 总第3854期 今日1版"
PAPER = "今日石桥"
CAPTION = "老船下水。 李明 摄"
BOAT = (
    "渡口的老船修好了",
    "李明",
    "渡口的老船昨天修好，三个村的人又能坐船过河赶集，不用再绕十二里山路。",
    "船工老周说，船底换了十二块新板，再用十年不成问题，票价还是一元。",
)
BOOKS = (
    "石桥边开了书屋",
    "王芳",
    "石桥边的书屋上周开门，孩子放学就来看书，周末还有人讲故事。",
    "书屋的书都是大家捐的，已经有两千多本，占地二十平方米。",
)
BODIES = [[BOAT[2], BOAT[3]], [BOOKS[2], BOOKS[3]]]
WIDTH, HEIGHT = 1000, 1600

Line = tuple[str, tuple[int, int, int, int]]
Part = tuple[str, list[Line]]


def parts() -> Iterator[Part]:
    """Kind and printed lines of each region, in the order in which they are read."""
    yield "header", [(MASTHEAD, (60, 20, 700, 40))]
    yield "title", [(PAPER, (60, 50, 300, 110))]
    for left, (head, name, *paragraphs) in ((60, BOAT), (540, BOOKS)):
        yield "title", [(head, (left + 40, 150, left + 40 + 44 * len(head), 194))]
        top = 220
        for at, text in enumerate(paragraphs):
            words = f"本报讯（记者 {name}）{text}" if at == 0 else text
            rows = [words[:18], *(words[n : n + 20] for n in range(18, len(words), 20))]
            lines: list[Line] = []
            for number, row in enumerate(rows):
                start = left if number else left + 40
                lines.append((row, (start, top, start + 20 * len(row), top + 20)))
                top += 28
            yield "text", lines
        if head == BOAT[0]:
            yield "image", [("", (left, top + 10, left + 400, top + 200))]
            yield "caption", [(CAPTION, (left, top + 204, left + 200, top + 220))]


def words(lines: list[Line]) -> str:
    """The text of some lines."""
    return "".join(text for text, _ in lines)


def around(lines: list[Line]) -> list[int]:
    """The box around some lines."""
    boxes = [box for _, box in lines]
    return [
        *(min(b[n] for b in boxes) for n in (0, 1)),
        *(max(b[n] for b in boxes) for n in (2, 3)),
    ]


def markdown() -> str:
    """The page as Markdown."""
    shown = {"title": "# {}", "text": "{}", "caption": "![](images/a.jpg)  \n{}", "header": "{}"}
    return "\n\n".join(shown[k].format(words(lines)) for k, lines in parts() if k in shown)


def content_list() -> str:
    """MinerU's content_list.json, boxes in parts of 1,000; its picture names a file outside."""
    rows: list[dict[str, Any]] = []
    for kind, lines in parts():
        left, top, right, bottom = around(lines)
        row: dict[str, Any] = {"type": "text", "page_idx": 0, "text": words(lines)}
        row["bbox"] = [left, top * 1000 // HEIGHT, right, bottom * 1000 // HEIGHT]
        if kind == "caption":
            rows[-1]["image_caption"] = [words(lines)]
            continue
        if kind == "image":
            row |= {"type": "image", "img_path": "../../../etc/passwd", "text": ""}
        elif kind == "header":
            row["type"] = "header"
        elif kind == "title":
            row["text_level"] = 1
        rows.append(row)
    return json.dumps(rows, ensure_ascii=False)


def content_list_v2() -> str:
    """MinerU's content_list_v2.json: pages of regions, texts as lists of spans."""
    names = {"header": "page_header", "title": "title", "text": "paragraph"}
    page: list[dict[str, Any]] = []
    for kind, lines in parts():
        spans = [{"type": "text", "content": words(lines)}]
        if kind in names:
            content: dict[str, Any] = {f"{names[kind]}_content": spans}
            page.append({"type": names[kind], "content": content, "bbox": around(lines)})
        elif kind == "image":
            page.append({"type": "image", "content": {}, "bbox": around(lines)})
        else:
            page[-1]["content"]["image_caption"] = spans
    return json.dumps([page], ensure_ascii=False)


def middle() -> str:
    """MinerU's middle.json: blocks, lines and spans, each with its box."""
    blocks: list[dict[str, Any]] = []
    discarded: list[dict[str, Any]] = []
    for kind, lines in parts():
        rows = [
            {"bbox": [*box], "spans": [{"type": "text", "content": text, "bbox": [*box]}]}
            for text, box in lines
        ]
        block: dict[str, Any] = {"type": kind, "bbox": around(lines), "lines": rows}
        if kind == "header":
            discarded.append(block)
        elif kind == "image":
            blocks.append({**block, "blocks": [{**block, "type": "image_body", "lines": []}]})
        elif kind == "caption":
            blocks[-1]["blocks"].append({**block, "type": "image_caption"})
        else:
            blocks.append(block)
    page = {"para_blocks": blocks, "discarded_blocks": discarded, "page_idx": 0}
    page["page_size"] = [WIDTH, HEIGHT]
    return json.dumps({"pdf_info": [page], "_backend": "pipeline"}, ensure_ascii=False)


def recognized() -> dict[str, Any]:
    """The lines as PaddleOCR gives them."""
    lines = [line for _, found in parts() for line in found if line[0]]
    return {"rec_texts": [text for text, _ in lines], "rec_boxes": [[*box] for _, box in lines]}


def parsed() -> list[dict[str, Any]]:
    """The regions as PP-StructureV3 and PaddleOCR-VL give them."""
    labels = {"title": "paragraph_title", "caption": "figure_title"}
    return [
        {
            "block_label": labels.get(kind, kind),
            "block_content": words(lines),
            "block_bbox": around(lines),
            "block_order": at if kind in ("title", "text") else None,
        }
        for at, (kind, lines) in enumerate(parts())
    ]


def structure() -> str:
    """PP-StructureV3's *_res.json."""
    found = {"page_index": None, "parsing_res_list": parsed(), "overall_ocr_res": recognized()}
    return json.dumps(found, ensure_ascii=False)


def service() -> str:
    """What Paddle's service answers."""
    result = {"prunedResult": {"parsing_res_list": parsed()}, "markdown": {"images": {"a": "A"}}}
    return json.dumps({"result": {"layoutParsingResults": [result]}}, ensure_ascii=False)


def old_lines() -> str:
    """The lines of PaddleOCR before version 3."""
    found = recognized()
    rows = []
    for text, (left, top, right, bottom) in zip(
        found["rec_texts"], found["rec_boxes"], strict=True
    ):
        corners = [[left, top], [right, top], [right, bottom], [left, bottom]]
        rows.append([corners, [text, 0.99]])
    return json.dumps([rows], ensure_ascii=False)


def dolma() -> str:
    """A line of olmOCR's results."""
    text = markdown()
    row = {"text": text, "attributes": {"pdf_page_numbers": [[0, len(text), 1]]}}
    return json.dumps(row, ensure_ascii=False) + "\n"


def alto() -> str:
    """The page as ALTO."""
    found = []
    for kind, lines in parts():
        name = "Illustration" if kind == "image" else "TextBlock"
        rows = "".join(
            f"<TextLine {_places(box)}>"
            + "<SP/>".join(
                f'<String CONTENT="{char}" {_places(box)}/>' for char in text if char != " "
            )
            + "</TextLine>"
            for text, box in lines
            if text
        )
        left, top, right, bottom = around(lines)
        found.append(f"<{name} {_places((left, top, right, bottom))}>{rows}</{name}>")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Layout>'
        f'<Page PHYSICAL_IMG_NR="1" WIDTH="{WIDTH}" HEIGHT="{HEIGHT}"><PrintSpace>'
        f"{''.join(found)}</PrintSpace></Page></Layout></alto>"
    )


def _places(box: tuple[int, int, int, int]) -> str:
    left, top, right, bottom = box
    return f'HPOS="{left}" VPOS="{top}" WIDTH="{right - left}" HEIGHT="{bottom - top}"'


def page_xml() -> str:
    """The page as PAGE XML, its regions out of order but for the ReadingOrder."""
    types = {"title": "heading", "caption": "caption", "header": "header"}
    found, refs = [], []
    for at, (kind, lines) in enumerate(parts()):
        left, top, right, bottom = around(lines)
        refs.append(f'<RegionRefIndexed index="{at}" regionRef="r{at}"/>')
        corners = f'<Coords points="{left},{top} {right},{top} {right},{bottom}"/>'
        if kind == "image":
            found.append(f'<ImageRegion id="r{at}">{corners}</ImageRegion>')
            continue
        rows = "".join(
            f'<TextLine><Coords points="{a},{b} {c},{d}"/>'
            f"<TextEquiv><Unicode>{text}</Unicode></TextEquiv></TextLine>"
            for text, (a, b, c, d) in lines
        )
        named = types.get(kind, "paragraph")
        found.append(f'<TextRegion id="r{at}" type="{named}">{corners}{rows}</TextRegion>')
    return (
        '<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15">'
        f'<Page imageFilename="a.png" imageWidth="{WIDTH}" imageHeight="{HEIGHT}"><ReadingOrder>'
        f"<OrderedGroup id='o'>{''.join(refs)}</OrderedGroup></ReadingOrder>"
        f"{''.join(reversed(found))}</Page></PcGts>"
    )


def hocr() -> str:
    """The page as Tesseract writes it for Chinese: every character a word."""
    rows = [
        f"<span class='ocr_line' title='bbox {' '.join(map(str, box))}; x_size 20'>"
        + " ".join(f"<span class='ocrx_word'>{char}</span>" for char in text if char != " ")
        + "</span>"
        for _, lines in parts()
        for text, box in lines
        if text
    ]
    return (
        "<!DOCTYPE html><html><head><meta charset='utf-8'></head><body><div class='ocr_page' "
        f"title='image \"a.png\"; bbox 0 0 {WIDTH} {HEIGHT}; ppageno 0'>"
        f"{' '.join(rows)}</div></body></html>"
    )


def corners(box: Iterable[int]) -> list[list[int]]:
    """The corners of a box, as most services give them."""
    left, top, right, bottom = box
    return [[left, top], [right, top], [right, bottom], [left, bottom]]


def points(box: Iterable[int], across: str = "x", down: str = "y") -> list[dict[str, int]]:
    """The same as objects; what is 0 is left out."""
    return [{name: at for name, at in ((across, x), (down, y)) if at} for x, y in corners(box)]


def flat(box: Iterable[int]) -> list[int]:
    """The same as eight numbers."""
    return [number for corner in corners(box) for number in corner]


def told(value: object) -> str:
    """A value as JSON."""
    return json.dumps(value, ensure_ascii=False)


def printed() -> list[Line]:
    """All printed lines of the page."""
    return [line for _, lines in parts() for line in lines if line[0]]


def marker() -> str:
    """marker's JSON: a tree of blocks with HTML."""
    names = {"header": "PageHeader", "title": "SectionHeader", "text": "Text", "image": "Picture",
             "caption": "Caption"}  # fmt: skip
    tags = {"title": "h1", "image": "p"}
    rows = [
        {"block_type": names[kind], "bbox": around(lines), "children": None,
         "html": f"<{tags.get(kind, 'p')}>{words(lines)}</{tags.get(kind, 'p')}>"}
        for kind, lines in parts()
    ]  # fmt: skip
    group = {"block_type": "PictureGroup", "bbox": [1, 1, 2, 2], "html": "<content-ref/>"}
    at = next(n for n, row in enumerate(rows) if row["block_type"] == "Picture")
    rows[at : at + 2] = [{**group, "children": rows[at : at + 2]}]
    page = {"block_type": "Page", "html": "<content-ref/>", "bbox": [0, 0, WIDTH, HEIGHT]}
    return told({"block_type": "Document", "children": [{**page, "children": rows}],
                 "metadata": {"table_of_contents": [{"title": PAPER, "page_id": 0}]}})  # fmt: skip


def docling() -> str:
    """docling's JSON."""
    names = {"header": "page_header", "title": "section_header", "image": "picture"}
    rows = [
        {"label": names.get(kind, kind), "text": words(lines), "children": [],
         "prov": [{"page_no": 1, "bbox": dict(zip("ltrb", around(lines), strict=True))}]}
        for kind, lines in parts()
    ]  # fmt: skip
    body = {"children": [{"$ref": f"#/texts/{at}"} for at in range(len(rows))]}
    return told({"schema_name": "DoclingDocument", "body": body, "texts": rows, "pictures": []})


def doctags() -> str:
    """docling's own markup."""
    names = {"header": "page_header", "title": "section_header_level_1", "text": "text"}
    rows = []
    for kind, lines in parts():
        inner = "".join(f"<loc_{at // 4}>" for at in around(lines)) + words(lines)
        if kind == "caption":
            rows.append(f"<picture><loc_1><caption>{inner}</caption></picture>")
        elif kind in names:
            rows.append(f"<{names[kind]}>{inner}</{names[kind]}>")
    return "<doctag>" + "\n".join(rows) + "</doctag>"


def azure() -> str:
    """Azure's layout: words, lines and paragraphs of the same text."""
    roles = {"header": "pageHeader", "title": "sectionHeading", "caption": "figureCaption"}
    lines = [{"content": text, "polygon": flat(box)} for text, box in printed()]
    chars = [{"content": char, "polygon": flat(box)} for text, box in printed() for char in text]
    rows = [
        {"content": words(lines),
         "boundingRegions": [{"pageNumber": 1, "polygon": flat(around(lines))}]}
        | ({"role": roles[kind]} if kind in roles else {})
        for kind, lines in parts() if kind != "image"
    ]  # fmt: skip
    pages = [{"pageNumber": 1, "words": chars, "lines": lines}]
    whole = "\n".join(text for text, _ in printed())
    return told({"analyzeResult": {"content": whole, "pages": pages, "paragraphs": rows}})


def google() -> str:
    """Google's blocks, in which every character has a place."""
    blocks = []
    for _, lines in parts():
        symbols: list[dict[str, Any]] = []
        for text, box in lines:
            place = {"vertices": points(box)}
            symbols += [{"text": char, "boundingBox": place} for char in text]
            if text:
                symbols[-1]["property"] = {"detectedBreak": {"type": "LINE_BREAK"}}
        paragraph = {"words": [{"symbols": symbols}]}
        box = {"vertices": points(around(lines))}
        blocks.append({"blockType": "TEXT", "boundingBox": box, "paragraphs": [paragraph]})
    said = [{"description": t, "boundingPoly": {"vertices": points(b)}} for t, b in printed()]
    whole = {"pages": [{"width": WIDTH, "height": HEIGHT, "blocks": blocks}]}
    return told({"responses": [{"textAnnotations": said, "fullTextAnnotation": whole}]})


def lines_of_services() -> dict[str, object]:
    """Printed lines with their places, as services and libraries write them."""

    def sides(box: Iterable[int]) -> dict[str, int]:
        left, top, right, bottom = box
        return {"left": left, "top": top, "width": right - left, "height": bottom - top}

    rows = printed()
    return {
        "baidu": {"words_result": [{"words": t, "location": sides(b)} for t, b in rows]},
        "tencent": {"Response": {"TextDetections": [
            {"DetectedText": t, "Polygon": points(b, "X", "Y"), "Words": []} for t, b in rows]}},
        "aliyun": {"Data": told({"content": " ".join(t for t, _ in rows), "prism_wordsInfo": [
            {"word": t, "pos": points(b)} for t, b in rows]})},
        "huawei": {"result": {"words_block_list": [
            {"words": t, "location": corners(b)} for t, b in rows]}},
        **{name: {"Blocks": [
            {"BlockType": kind, "Page": 1, "Geometry": {"BoundingBox": {
                "Left": b[0] / wide, "Top": b[1] / HEIGHT, "Width": (b[2] - b[0]) / wide,
                "Height": (b[3] - b[1]) / HEIGHT}}} | ({} if kind == "LAYOUT_TEXT" else {"Text": t})
            for t, b in rows for kind in ("LINE", "WORD", "LAYOUT_TEXT")]}
           for name, wide in (("textract", WIDTH), ("textract of a wide sheet", 6 * WIDTH))},
        "surya": {"page": [{"text_lines": [{"text": t, "polygon": corners(b)} for t, b in rows]}]},
        "rapidocr": [{"box": corners(b), "txt": t, "score": 0.9} for t, b in rows],
        "easyocr": [[corners(b), t, 0.9] for t, b in rows],
        "pymupdf": {"blocks": [
            {"type": 0, "bbox": around(lines), "lines": [
                {"bbox": [*b], "spans": [{"text": x} for x in (t[:3], t[3:])]}
                for t, b in lines if t]} for _, lines in parts()]},
    }  # fmt: skip


def textin() -> str:
    """TextIn's answer: Markdown, regions, and the lines of each page."""
    rows = [
        {"page_id": 1, "text": words(lines), "position": flat(around(lines)), "type": "paragraph",
         "sub_type": {"title": "text_title", "caption": "image_title"}.get(kind, kind)}
        for kind, lines in parts() if kind != "image"
    ]  # fmt: skip
    lines = [{"type": "line", "text": text, "pos": flat(box)} for text, box in printed()]
    pages = [{"page_id": 1, "content": lines}]
    return told({"result": {"markdown": markdown(), "pages": pages, "detail": rows}})


def table_of_words() -> str:
    """Tesseract's TSV, with a word for every character."""
    rows = ["level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight"
            "\tconf\ttext"]  # fmt: skip
    for at, (text, (left, top, right, bottom)) in enumerate(printed()):
        place = f"{left}\t{top}\t{right - left}\t{bottom - top}"
        rows.append(f"4\t1\t1\t1\t{at}\t0\t{place}\t-1\t")
        rows += [f"5\t1\t1\t1\t{at}\t{n}\t{place}\t96\t{c}" for n, c in enumerate(text)]
    return "\n".join(rows)


def abbyy() -> str:
    """ABBYY's XML."""
    rows = []
    for kind, lines in parts():
        inner = "".join(
            f"<line {_sides(box)}><formatting>"
            + "".join(f"<charParams>{char}</charParams>" for char in text)
            + "</formatting></line>"
            for text, box in lines if text
        )  # fmt: skip
        named = "Picture" if kind == "image" else "Text"
        body = f"<text><par>{inner}</par></text>"
        left, top, right, bottom = around(lines)
        rows.append(
            f'<block blockType="{named}" {_sides((left, top, right, bottom))}>{body}</block>'
        )
    return (
        '<document xmlns="http://www.abbyy.com/FineReader_xml/FineReader10-schema-v1.xml">'
        f'<page width="{WIDTH}" height="{HEIGHT}">{"".join(rows)}</page></document>'
    )


def _sides(box: tuple[int, int, int, int]) -> str:
    return " ".join(f'{name}="{at}"' for name, at in zip("ltrb", box, strict=True))


def saved_page() -> str:
    """An article of a site, saved by a browser."""
    head, name, *paragraphs = BOAT
    return (
        f"<html><head><title>{head}</title><script>var a = 1</script></head><body><a href='/'>首页"
        f"</a><h1>{head}</h1><div id='ozoom'><p>　　本报讯（记者 {name}）{paragraphs[0]}</p>"
        f"<p>　　{paragraphs[1]}</p></div></body></html>"
    )


def docx() -> bytes:
    """The page as a document: titles set large, a table, a picture's words left out."""
    import docx as office
    from docx.shared import Pt

    document = office.Document()
    document.add_paragraph(PAPER)
    document.add_paragraph(MASTHEAD)
    for head, name, *paragraphs in (BOAT, BOOKS):
        run = document.add_paragraph().add_run(head)
        run.bold, run.font.size = True, Pt(22)
        document.add_paragraph(f"　　本报讯（记者 {name}）{paragraphs[0]}")
        document.add_paragraph(f"　　{paragraphs[1]}")
    document.add_table(1, 2).cell(0, 0).text = "站名"
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


TEXTS = {
    "day_content_list.json": content_list,
    "day_content_list_v2.json": content_list_v2,
    "day_middle.json": middle,
    "day_res.json": structure,
    "page1.json": service,
    "lines.json": old_lines,
    "output_1.jsonl": dolma,
    "alto.xml": alto,
    "page.xml": page_xml,
    "day.hocr": hocr,
    "marker.json": marker,
    "docling.json": docling,
    "day.doctags": doctags,
    "azure.json": azure,
    "google.json": google,
    "textin.json": textin,
    "day.tsv": table_of_words,
    "abbyy.xml": abbyy,
}
"""The formats that hold the whole page, by the name of their file."""


def written(folder: Path, name: str) -> Path:
    """A file of one of these formats."""
    path = folder / name
    path.write_text(TEXTS[name](), encoding="utf-8")
    return path
