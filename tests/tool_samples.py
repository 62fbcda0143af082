"""One page of two stories in our own words, as each tool would write it."""

import io
import json
from collections.abc import Iterator
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
}
"""The formats that hold the whole page, by the name of their file."""


def written(folder: Path, name: str) -> Path:
    """A file of one of these formats."""
    path = folder / name
    path.write_text(TEXTS[name](), encoding="utf-8")
    return path
