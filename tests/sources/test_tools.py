"""What OCR tools and office programs write is read as the page it is, once, or refused."""

import base64
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx as office
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tool_samples as samples
from qjaudio.errors import NotAnIssueError
from qjaudio.paper.model import Issue, TextLine
from qjaudio.paper.reading import read_issue
from qjaudio.paper.text import Box, spans_of
from qjaudio.pipeline.reading import read_pages, source_for
from qjaudio.sources.document import (
    MAX_UNPACKED,
    pages_of_docx,
    pages_of_html,
    pages_of_mail,
    pages_of_xml,
)
from qjaudio.sources.model import advice_on
from qjaudio.sources.region import MOST_LINES, ToolRegion, page_of
from qjaudio.sources.tool_json import pages_of_json
from qjaudio.sources.tools import ToolSource
from qjaudio.testing import check_source

HEADS = [samples.BOAT[0], samples.BOOKS[0]]


def read(location: Path) -> Issue:
    return read_issue(ToolSource().pages(str(location)))


WHOLE = {
    "headlines": HEADS,
    "bodies": samples.BODIES,
    "bylines": [("李明",), ("王芳",)],
    "masthead": ("2025-05-20", samples.PAPER),
    "other heads": [],
}
"""The two stories, their reporters, the masthead's facts; the caption is not spoken."""


def told(issue: Issue) -> dict[str, object]:
    """What an issue says of the facts of WHOLE."""
    articles, masthead = issue.articles, issue.masthead
    heads = [article.headline for article in articles]
    return {
        "headlines": [str(head.main) for head in heads],
        "bodies": [list(map(str, article.paragraphs)) for article in articles],
        "bylines": [tuple(map(str, article.byline)) for article in articles],
        "masthead": (masthead.date, masthead.paper),
        "other heads": [text for head in heads for text in (head.kicker, head.deck) if text],
    }


@pytest.mark.parametrize("name", samples.TEXTS)
def test_each_format_is_the_same_page(name: str, tmp_path: Path) -> None:
    """Whatever tool wrote it, it is one page of two stories."""
    issue = read(samples.written(tmp_path, name))
    assert WHOLE == told(issue)
    assert {1} == {article.page for article in issue.articles}
    captions = ["".join(row.text.split()) for row in issue.left_out if row.kind == "caption"]
    assert ["老船下水。李明摄"] == captions


@pytest.mark.parametrize(
    "name", [n for n in samples.TEXTS if "jsonl" not in n and "doctags" not in n]
)
def test_texts_know_where_they_stand(name: str, tmp_path: Path) -> None:
    """Every span of a tool that gives places has its box: left and right column."""
    columns = []
    for article in read(samples.written(tmp_path, name)).articles:
        texts = (*article.paragraphs, article.headline.main)
        boxes = [span.box for text in texts for span in spans_of(text)]
        assert all(boxes)
        columns.append([box for box in boxes if box])
    assert max(box.right for box in columns[0]) < min(box.left for box in columns[1])


@pytest.mark.parametrize("name", samples.lines_of_services())
def test_lines_of_services_are_put_in_order(name: str) -> None:
    """Whatever they call a line and its place; its characters are not read a second time."""
    text = json.dumps(samples.lines_of_services()[name])
    assert WHOLE == told(read_issue(pages_of_json(text, name)))


def test_lines_of_several_pages_are_several_pages() -> None:
    """Those of a service stand in one list, each with the number of its page."""
    one = json.dumps(samples.lines_of_services()["textract"])
    rows = [
        *json.loads(one)["Blocks"],
        *json.loads(one.replace('"Page": 1', '"Page": 2'))["Blocks"],
    ]
    first, second = pages_of_json(json.dumps({"Blocks": rows}), "day.json")
    assert (1, 2, first.blocks) == (first.number, second.number, second.blocks)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ('{"log_id": 1, "words_result": [{"words": "桥通了", "loc', "data of a program"),
        ("{'res': {'rec_texts': ['桥通了'], 'rec_boxes': array([[1, 2]])}}", "data of a program"),
        ('<?xml version="1.0"?><dtbook><p>桥通了</p></dtbook>', "form that is not known"),
        (r"{\rtf1\ansi\u26725?\u36890?\par}", ".rtf"),
        ("PK\x03\x04\0word/document.xml", ".docx"),
        ("%PDF-1.7\n\0", ".pdf"),
        ('好的：\n```json\n[{"text": "桥通了"}, {"te', "not complete JSON"),
    ],
)
def test_data_in_a_file_of_text_is_no_text(raw: str, says: str, tmp_path: Path) -> None:
    """No name of a field and no command is spoken; the message says what is inside."""
    (tmp_path / "page1.txt").write_text(raw, encoding="utf-8")
    with pytest.raises(NotAnIssueError) as refused:
        read_pages(str(tmp_path / "page1.txt"))
    assert says in f"{refused.value} {refused.value.hint}"


def test_json_and_xml_in_a_file_of_text_are_read(tmp_path: Path) -> None:
    """They are what their beginning says, whatever the name ends with."""
    for raw in (json.dumps(samples.lines_of_services()["baidu"]), samples.alto()):
        (tmp_path / "page3.txt").write_text(raw, encoding="utf-8")
        pages = read_pages(str(tmp_path / "page3.txt"))
        assert (WHOLE, [3]) == (told(read_issue(pages)), [page.number for page in pages])


@pytest.mark.parametrize(
    "value",
    [
        {"pages": [{"index": 0, "markdown": "{}", "images": [{"id": "a"}]}]},
        {"document": {"md_content": "{}"}, "status": "success"},
        {"result": {"markdown": {"content": "{}"}}},
        {"choices": [{"message": {"role": "assistant", "content": "{}"}}]},
        [{"role": "user", "content": "读图"}, {"role": "assistant", "content": "{}"}],
        [{"page_content": "{}", "metadata": {"page": 0}}],
    ],
)
def test_markdown_in_json_is_read(value: object) -> None:
    """As services and models of language answer."""
    text = json.dumps(value).replace('"{}"', json.dumps(samples.markdown()))
    pages = pages_of_json(text, "answer")
    assert WHOLE == told(read_issue(pages))
    assert {page.number for page in pages} <= {0, 1}


LETTER = (
    "MIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary=b\n\n--b\n"
    "Content-Type: text/{form}; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{text}\n--b--\n"
)


@pytest.mark.parametrize(
    ("kind", "form", "text"),
    [("alternative", "plain", samples.markdown()), ("related", "html", samples.saved_page())],
)
def test_a_letter_or_a_saved_page_is_read(kind: str, form: str, text: str) -> None:
    """Its body; one that only has something attached is refused."""
    inner = base64.b64encode(text.encode()).decode()
    pages = pages_of_mail(LETTER.format(kind=kind, form=form, text=inner).encode(), "day.eml")
    assert HEADS[: len(read_issue(pages).articles)] == told(read_issue(pages))["headlines"]
    for raw in (b"", b"\xff\x00", LETTER.format(kind=kind, form="calendar", text=inner).encode()):
        with pytest.raises(NotAnIssueError, match="letter"):
            pages_of_mail(raw, "day.eml")


GREETING = "小李：\n  您好！\n  附上明天一版的稿子，请查收。\n\n"


@pytest.mark.parametrize(
    "end",
    [
        "-- \n河湾日报编辑部 夜班\n电话：0999-1234567",
        "此致\n敬礼！\n\n要闻部 王芳\n2024年1月2日",
        "----------\n河湾日报社\n张敏\n发自我的iPhone",
        "祝好！\n\n王芳\n\n----- 原始邮件 -----\n发件人: a\n发送时间: 2024年1月2日\n请发稿子。",
    ],
)
def test_what_a_letter_says_itself_is_no_page(end: str) -> None:
    """Its greeting, signature and the letter that it answers are listed, no facts of the paper."""
    text = f"{GREETING}{samples.markdown()}\n\n{end}\n"
    inner = base64.b64encode(text.encode()).decode()
    raw = LETTER.format(kind="alternative", form="plain", text=inner).encode()
    issue = read_issue(pages_of_mail(raw, "day.eml"))
    assert WHOLE == told(issue)
    said = [row.text for row in issue.left_out if "您好" in row.text or end[-4:] in row.text]
    assert 2 == len(said)


def test_a_letter_in_html_has_a_greeting_and_a_signature_too() -> None:
    """A rule between two stories, and what is a sentence, sign nothing."""
    rows = ["小李：", "您好！稿子请查收。", "<b>老船下水</b>", "本报讯（记者 李明）老船修好了。",
            "----------", "<b>桥通了</b>", "本报讯 桥好了。", "--", "编辑部 王芳"]  # fmt: skip
    inner = base64.b64encode("".join(f"<div>{row}</div>" for row in rows).encode()).decode()
    raw = LETTER.format(kind="alternative", form="html", text=inner).encode()
    issue = read_issue(pages_of_mail(raw, "day.eml"))
    assert ["老船下水", "桥通了"] == [str(one.headline.main) for one in issue.articles]
    assert [("李明",), ()] == [one.byline for one in issue.articles]


def test_an_export_in_xml_is_taken_at_its_word() -> None:
    """Articles under whatever names; their HTML is no text."""
    stories = "".join(
        f"<Article><Title>{head}</Title><Author>{name}</Author><Content><![CDATA[<p>{one}</p>"
        f"<p>{two}</p>]]></Content></Article>"
        for head, name, one, two in (samples.BOAT, samples.BOOKS)
    )
    text = f'<Paper name="{samples.PAPER}" date="2025-05-20"><Page no="02">{stories}</Page></Paper>'
    issue = read_issue(pages_of_xml(text.encode(), "day.xml"))
    assert WHOLE == told(issue)
    assert [2, 2] == [article.page for article in issue.articles]


def test_a_document_is_read(tmp_path: Path) -> None:
    """Large type is a title, a table no text."""
    (tmp_path / "day.docx").write_bytes(samples.docx())
    issue = read(tmp_path / "day.docx")
    assert WHOLE == told(issue)
    assert ["站名"] == [str(row.text) for row in issue.left_out if row.kind == "table"]


RUNNING = 2 * samples.BODIES[0][0]


@pytest.mark.parametrize(
    ("inner", "shown"),
    [
        ("<w:sdt><w:sdtContent><w:p>{T}船好了。{E}</w:p></w:sdtContent></w:sdt>", "船好了。"),
        ("<w:p>{T}收鱼10{E}<w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr>"
         "<w:t>4</w:t></w:r>{T}斤{E}</w:p>", "收鱼10⁴斤"),
        ("<w:p>{T}占{E}<m:f><m:num><m:r><m:t>1</m:t></m:r></m:num>"
         "<m:den><m:r><m:t>3</m:t></m:r></m:den></m:f></w:p>", "占1/3"),
        ("<w:p>{T}边长{E}<m:rad><m:e><m:r><m:t>2</m:t></m:r></m:e></m:rad></w:p>", "边长√2"),
        ("<w:p><w:ruby><w:rt>{T}du{E}</w:rt><w:rubyBase>{T}渡{E}</w:rubyBase></w:ruby></w:p>",
         "渡"),
        ("<w:p><w:moveFrom>{T}旧的{E}</w:moveFrom>{T}新的{E}</w:p>", "新的"),
        ("<w:p><w:r><w:rPr><w:strike w:val='false'/></w:rPr><w:t>新的</w:t></w:r></w:p>", "新的"),
        ("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>待审</w:t></w:r>{T}新的{E}</w:p>", "新的"),
        (f"<w:tbl><w:tr><w:tc><w:p>{{T}}{RUNNING}{{E}}</w:p></w:tc></w:tr></w:tbl>", RUNNING),
        ("<w:tbl><w:tr><w:tc><w:p>{T}船好了，人又来了。{E}</w:p></w:tc></w:tr></w:tbl>",
         "船好了，人又来了。"),
    ],
)  # fmt: skip
def test_a_document_is_read_as_it_is_shown(inner: str, shown: str) -> None:
    """Text in a control or a table of stories counts, hidden or moved text does not."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document = office.Document()
    row = inner.format(T="<w:r><w:t>", E="</w:t></w:r>")
    document.element.body.insert(0, *parse_xml(f"<w:body {nsdecls('w', 'm')}>{row}</w:body>"))
    stream = io.BytesIO()
    document.save(stream)
    blocks = [block for page in pages_of_docx(stream.getvalue(), "") for block in page.blocks]
    assert [("", shown)] == [(block.kind, block.lines[0].text) for block in blocks]


def test_lines_that_print_broke_are_one_paragraph_of_a_document() -> None:
    """Breaks after full lines are those of the column; a short line ends what it says."""
    document, stream = office.Document(), io.BytesIO()
    first, second = (
        "《渡口记》讲的是一条老船四十年里来来回回的",
        "故事，船工老周说它还能再用十年，他也是。",
    )
    document.add_paragraph(f"{first}\n{second}\n灯亮了。\n电话：12345")
    document.save(stream)
    (page,) = pages_of_docx(stream.getvalue(), "day.docx")
    found = [block.lines[0].text for block in page.blocks]
    assert [f"{first} {second} 灯亮了。", "电话：12345"] == found


def test_the_slip_of_a_manuscript_names_its_parts() -> None:
    """Headline, writer and page stand in a table above the text."""
    document = office.Document()
    for head in ("老船下水", "书屋开门"):
        slip = document.add_table(rows=2, cols=4)
        for row, words in zip(
            slip.rows, (f"稿件标题 {head} 作者 李明", "版面 第2版 审稿 同意"), strict=True
        ):
            for cell, word in zip(row.cells, words.split(), strict=True):
                cell.text = word
        document.add_paragraph("渡口的老船昨天修好了，三个村的人又能坐船过河赶集，一趟五分钟。")
    stream = io.BytesIO()
    document.save(stream)
    (page,) = pages_of_docx(stream.getvalue(), "day.docx")
    heads = [x.lines[0].text for x in page.blocks if x.kind == "headline"]
    assert (2, ["老船下水", "书屋开门"]) == (page.number, heads)


def test_the_words_to_a_photo_tell_where_it_is() -> None:
    """Where a program gives lines alone: the column goes on below them."""

    def lines(*tops: int) -> list[ToolRegion]:
        rows = [TextLine(text="河水清了" * 5, box=Box(0, top, 200, top + 10)) for top in tops]
        words = TextLine(text="▲图为渡口。", box=Box(40, 108, 140, 118))
        return [ToolRegion("text", (*rows, words))]

    (photo,) = page_of(lines(0, 15, 122, 137), number=1, source="").pictures
    share = photo.right / 200
    sides = (photo.left, photo.top, photo.right, photo.bottom)
    assert (0, 25, 200, 108) == tuple(round(side / share) for side in sides)
    assert () == page_of(lines(75, 90, 122), number=1, source="").pictures


@pytest.mark.parametrize(
    ("kind", "head", "number"),
    [
        ("text", "第三版 综合 2026年3月9日", 3),
        ("page_header", "2版", 2),
        ("header", "河湾日报 2026年3月9日 责编：李明 A3版", 3),
        ("header", "04", 4),
        ("header", "河湾日报 今日8版", 1),
    ],
)
def test_the_page_that_a_line_of_the_head_names_is_the_page(
    kind: str, head: str, number: int, tmp_path: Path
) -> None:
    """Whatever the tool takes that line for, and whichever place in the file it has; the next page,
    which names none, is the one behind it."""
    text = "本报讯（记者 李明）渡口的老船昨天修好了，三个村的人又能坐船过河赶集。"
    rows = [(kind, head, 0), ("title", "老船下水", 0), ("text", text, 0), ("title", "新桥通车", 1)]
    rows.append(("text", text.replace("老船", "木桥"), 1))
    path = tmp_path / "day.json"
    path.write_text(
        json.dumps([{"type": a, "text": b, "page_idx": c} for a, b, c in rows]), "utf-8"
    )
    assert [number, number + 1] == [page.number for page in ToolSource().pages(str(path))]


def test_a_headline_in_two_paragraphs_of_one_size_is_one() -> None:
    """Larger than what stands above and below it; a label or a told part is no line of it."""

    def heads(*rows: tuple[str, int]) -> tuple[str, str, str]:
        document, text = (
            office.Document(),
            "渡口的老船昨天修好了，三个村的人又能坐船过河赶集，一趟五分钟。",
        )
        for words, size in (*rows, (f"本报讯（记者 李明）{text}", 10)):
            document.add_paragraph().add_run(words).font.size = office.shared.Pt(size)
        stream = io.BytesIO()
        document.save(stream)
        (article,) = read_issue(pages_of_docx(stream.getvalue(), "")).articles
        return article.headline.kicker, article.headline.main, article.headline.deck

    lines = (("老船修了两个月", 22), ("三个村喜迎通航", 22))
    assert ("", "老船修了两个月 三个村喜迎通航", "") == heads(*lines)
    assert ("河湾渡口再开渡", "老船修了两个月 三个村喜迎通航", "") == heads(
        ("河湾渡口再开渡", 16), *lines
    )
    assert ("河湾渡口再开渡", "老船下水", "") == heads(
        ("（引题）河湾渡口再开渡", 22), ("老船下水", 22)
    )
    assert "老船下水" == heads(("要闻", 22), ("老船下水", 22))[1]


def test_a_word_that_is_crossed_out_in_a_document_is_left_out() -> None:
    """The word is listed, so that nothing is lost."""
    document = office.Document()
    document.add_paragraph("票价").add_run("十一").font.strike = True
    document.paragraphs[0].add_run("12元。")
    stream = io.BytesIO()
    document.save(stream)
    (page,) = pages_of_docx(stream.getvalue(), "day.docx")
    assert [("", "票价12元。"), ("tool", "十一")] == [
        (x.kind, x.lines[0].text) for x in page.blocks
    ]


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "utf-16", "utf-8-sig"])
def test_a_saved_article_is_read_in_its_encoding(codec: str) -> None:
    """Nothing of the site around it is spoken."""
    pages = pages_of_html(samples.saved_page().encode(codec), "saved.html")
    (article,) = read_issue(pages).articles
    assert (HEADS[0], samples.BODIES[0]) == (
        article.headline.main, list(map(str, article.paragraphs)),
    )  # fmt: skip


@pytest.mark.parametrize("codec", ["gb18030", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("name", ["day_content_list.json", "page.xml", "day.hocr"])
def test_other_encodings_are_read(name: str, codec: str, tmp_path: Path) -> None:
    """A tool on Windows writes GBK, or a mark in front."""
    text = samples.TEXTS[name]()
    (tmp_path / name).write_bytes(text.replace("charset='utf-8'", "").encode(codec))
    assert WHOLE == told(read(tmp_path / name))


def mineru(folder: Path) -> Path:
    inner = folder / "output" / "day" / "auto"
    (inner / "images").mkdir(parents=True)
    for name in ("day_content_list.json", "day_content_list_v2.json", "day_middle.json"):
        samples.written(inner, name)
    (inner / "day.md").write_text(samples.markdown(), "utf-8")
    (inner / "day_model.json").write_text("[]", "utf-8")
    for name in ("day_layout.pdf", "day_origin.pdf", "images/a.jpg"):
        (inner / name).write_bytes(b"x")
    return folder / "output"


def mineru_site(folder: Path) -> Path:
    (folder / "layout.json").write_text(samples.middle(), "utf-8")
    (folder / "1f_content_list.json").write_text(samples.content_list(), "utf-8")
    (folder / "full.md").write_text(samples.markdown(), "utf-8")
    (folder / "1f_origin.pdf").write_bytes(b"x")
    return folder


def paddle(folder: Path) -> Path:
    samples.written(folder, "day_res.json")
    (folder / "day.md").write_text(samples.markdown(), "utf-8")
    (folder / "day_layout_det_res.png").write_bytes(b"x")
    return folder


def olmocr(folder: Path) -> Path:
    for name in ("results", "markdown"):
        (folder / name).mkdir()
    samples.written(folder / "results", "output_1.jsonl")
    (folder / "markdown" / "scan.md").write_text(samples.markdown(), "utf-8")
    return folder


def marker(folder: Path) -> Path:
    (folder / "day").mkdir()
    (folder / "day" / "day.md").write_text(samples.markdown(), "utf-8")
    (folder / "day" / "_page_0_Picture_1.jpeg").write_bytes(b"x")
    return folder


def tree(folder: Path) -> Path:
    (folder / "day").mkdir()
    (folder / "day" / "day.json").write_text(samples.marker(), "utf-8")
    (folder / "day" / "day_meta.json").write_text("{}", "utf-8")
    return folder


def dots(folder: Path) -> Path:
    (folder / "day.jsonl").write_text('{"page_no": 0}', "utf-8")
    (folder / "day").mkdir()
    rows = [{**row, "category": row["type"]} for row in json.loads(samples.content_list())]
    (folder / "day" / "day_page_0.json").write_text(json.dumps(rows), "utf-8")
    for name in ("day_page_0.md", "day_page_0_nohf.md"):
        (folder / "day" / name).write_text(samples.markdown(), "utf-8")
    return folder


def docling(folder: Path) -> Path:
    text = samples.docling().replace("{", '{"schema_name": "DoclingDocument", ', 1)
    (folder / "any name.json").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("make", [mineru, mineru_site, paddle, olmocr, marker, tree, dots, docling])
def test_a_folder_is_taken_as_its_tool_leaves_it(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    """Each page is read once, from the form that says most, by the first command one would try."""
    folder = make(tmp_path)
    assert "tools" == source_for(str(folder)).name
    assert WHOLE == told(read_issue(read_pages(str(folder))))


def test_documents_in_the_folders_of_pages_are_their_stories(tmp_path: Path) -> None:
    """The first story of a page is called 头条."""
    for name in ("一版（要闻）/二条 灯亮了", "一版（要闻）/头条 老船下水", "三版/1 修路"):
        path = tmp_path / f"{name}.docx"
        path.parent.mkdir(exist_ok=True)
        document = office.Document()
        for text in (
            name.split(" ")[1],
            f"本报讯（记者 李明）{name[-2:]}是昨天的事，村里人都去看。",
        ):
            document.add_paragraph(text)
        document.save(str(path))
    found = [(article.page, article.headline.main) for article in read(tmp_path).articles]
    assert [(1, "老船下水"), (1, "灯亮了"), (3, "修路")] == found


def test_the_styles_of_a_layout_program_tell_the_headlines() -> None:
    """It exports a page of several stories with the names that its desk gave the styles."""
    html = (
        "<html><link href='a.css'/><p class='刊头'>03 民生 2026年5月20日</p>"
        "<p class='引题'>渡口有了新样子</p><p class='主标题 a'><span>老船</span>下水</p>"
        "<p class='正文'>渡口的老船昨天修好了。</p>"
        "<p class='主标题'>灯亮了</p><p class='正文'>桥头的灯昨天亮了。</p></html>"
    )
    (page,) = pages_of_html(html.encode(), "saved.html")
    levels = [(block.level, block.lines[0].text) for block in page.blocks if block.level]
    assert (3, [(2, "渡口有了新样子"), (1, "老船下水"), (1, "灯亮了")]) == (page.number, levels)


@pytest.mark.parametrize("link", ["", "<link rel=File-List href='a.xml'>\n"])
def test_a_page_that_an_office_program_saved_holds_stories(link: str) -> None:
    """With a line break behind `<head>`, blank lines, and a title that is no field."""
    html = f"<html xmlns:o='urn:schemas-microsoft-com:office:office'>\n<head>\n{link}"
    html += "<title>样报</title>\n<style>\n<!--\n p {}\n\n-->\n</style>\n</head>\n\n<body>\n"
    html += "<p><b>老船下水</b></p>\n\n<p>渡口的老船昨天修好了。</p>\n\n<p><b>灯亮了</b></p>\n\n"
    html += "<p>桥头的灯昨天亮了。</p>\n\n</body>\n</html>"
    (page,) = pages_of_html(html.encode(), "day.htm")
    texts = [line.text for block in page.blocks for line in block.lines]
    assert ["老船下水", "渡口的老船昨天修好了。", "灯亮了", "桥头的灯昨天亮了。"] == texts


def test_a_second_form_of_a_text_is_not_a_second_page(tmp_path: Path) -> None:
    """DeepSeek-OCR writes what it read once more, with places."""
    for name in ("result.mmd", "result_ori.mmd"):
        (tmp_path / name).write_text(samples.markdown(), "utf-8")
    (tmp_path / "result_with_boxes.jpg").write_bytes(b"x")
    assert WHOLE == told(read_issue(read_pages(str(tmp_path))))


def test_the_structured_form_is_better_than_its_markdown(tmp_path: Path) -> None:
    """The Markdown of a page that lies there as JSON is not looked at; another page's is."""
    paddle(tmp_path)
    (tmp_path / "day.md").write_text("# 别的\n\n别的文字。", "utf-8")
    more = "# 山路装了护栏\n\n本报讯（记者 周敏）山路昨天装上护栏，夜里也看得清。"
    (tmp_path / "page2.md").write_text(more, "utf-8")
    issue = read(tmp_path)
    assert [*HEADS, "山路装了护栏"] == [str(a.headline.main) for a in issue.articles]
    assert [1, 1, 2] == [article.page for article in issue.articles]


def test_other_folders_stay_with_their_sources(tmp_path: Path) -> None:
    """Text, PDFs and scans beside a document or a saved page, and folders of days, are not ours."""
    (tmp_path / "page1.txt").write_text("文", "utf-8")
    (tmp_path / "notes.docx").write_bytes(samples.docx())
    (tmp_path / "settings.json").write_text("{}", "utf-8")
    assert not ToolSource().accepts(str(tmp_path))
    (tmp_path / "page1.txt").rename(tmp_path / "page1.pdf")
    assert not ToolSource().accepts(str(tmp_path))
    day = tmp_path / "days" / "2025-05-20"
    day.mkdir(parents=True)
    (day / "page1.md").write_text(samples.markdown(), "utf-8")
    assert not ToolSource().accepts(str(tmp_path / "days"))


def test_a_link_that_leaves_the_folder_is_refused(tmp_path: Path) -> None:
    """Who may write into the folder may not read what we can read."""
    outside = samples.written(tmp_path, "day_res.json")
    (tmp_path / "output" / "day").mkdir(parents=True)
    try:
        (tmp_path / "output" / "day" / "day_res.json").symlink_to(outside)
    except OSError:
        pytest.skip("no links here")
    with pytest.raises(NotAnIssueError, match="link to another place"):
        read(tmp_path / "output")


def test_the_source_keeps_its_contract(tmp_path: Path) -> None:
    """As every source does."""
    check_source(ToolSource(), str(samples.written(tmp_path, "day_res.json")))


@pytest.mark.parametrize(
    "text",
    [
        "", "{}", "[]", "null", '{"a": 1}', "[" * 10_000 + "]" * 10_000, "1" * 10_000,
        '{"pdf_info":' * 5_000 + "1" + "}" * 5_000, samples.content_list()[:-40],
        json.dumps({"rec_texts": ["船"] * (MOST_LINES + 1),
                    "rec_boxes": [[1, 1, 2, 2]] * (MOST_LINES + 1)}),
    ],
)  # fmt: skip
def test_json_that_is_no_page_is_refused(text: str) -> None:
    """Cut off, of another program, nested 10,000 deep, enormous: two lines, no crash."""
    with pytest.raises(NotAnIssueError) as refused:
        pages_of_json(text, "day.json")
    assert refused.value.hint


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@settings(max_examples=40, deadline=None)
@given(value=values, name=st.sampled_from([n for n in samples.TEXTS if n.endswith(".json")]),
       data=st.data())  # fmt: skip
def test_any_field_of_another_type_is_read_or_refused(
    value: object, name: str, data: st.DataObject
) -> None:
    """Another version of a tool may write anything anywhere."""
    whole = json.loads(samples.TEXTS[name]())
    place = whole
    while isinstance(place, dict | list) and place:
        keys = [*place] if isinstance(place, dict) else [*range(len(place))]
        key = data.draw(st.sampled_from(keys))
        inner = place[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.integers(0, 4)) == 0:
            place[key] = value
            break
        place = inner
    try:
        pages_of_json(json.dumps(whole), name)
    except NotAnIssueError as refused:
        assert refused.hint


ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE alto [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">'
    '<!ENTITY f SYSTEM "file:///etc/passwd">]><alto><Layout><Page><TextBlock><TextLine>'
    '<String CONTENT="&b;"/></TextLine></TextBlock></Page></Layout></alto>'
)


@pytest.mark.parametrize(
    "text",
    ["", "<a", samples.alto()[:-60], "<mets/>", ENTITIES, "<a>" * 10_000 + "</a>" * 10_000],
)
def test_xml_that_is_no_page_is_refused(text: str) -> None:
    """Cut off, of another form, with entities, nested deep."""
    with pytest.raises(NotAnIssueError) as refused:
        pages_of_xml(text.encode(), "day.xml")
    assert refused.value.hint


def test_a_document_type_is_not_fetched() -> None:
    """The page is read without what it names."""
    head = '<!DOCTYPE alto SYSTEM "http://127.0.0.1:9/alto.dtd">'
    pages = pages_of_xml(samples.alto().replace("<alto", f"{head}<alto", 1).encode(), "a.xml")
    assert WHOLE == told(read_issue(pages))


def packed(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "not a complete"),
        (samples.docx()[:-900], "not a complete"),
        (b"\xd0\xcf\x11\xe0" + bytes(99), "password"),
        (packed("a", b"x"), "not a complete"),
        (packed("word/document.xml", b" " * (2_000_000)), "far more"),
    ],
)
def test_documents_that_are_none_are_refused(raw: bytes, why: str) -> None:
    """Cut off, locked, another archive, a bomb (by its ratio)."""
    with pytest.raises(NotAnIssueError, match=why) as refused:
        pages_of_docx(raw, "day.docx")
    assert refused.value.hint


def test_a_document_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sum of all parts counts, also where each is packed as text is."""
    assert MAX_UNPACKED >= 10_000_000
    monkeypatch.setattr("qjaudio.sources.document.MAX_UNPACKED", 10_000)
    with pytest.raises(NotAnIssueError, match="far more"):
        pages_of_docx(samples.docx(), "day.docx")


def test_an_entity_in_a_document_reads_no_file() -> None:
    """What a document defines is not looked up."""
    source = zipfile.ZipFile(io.BytesIO(samples.docx()))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.infolist():
            content = source.read(part)
            if part.filename == "word/document.xml":
                define = b'<!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd">]><w:document'
                content = content.replace(b"<w:document", define, 1)
                content = content.replace("老周".encode(), b"&f;", 1)
            archive.writestr(part, content)
    pages = pages_of_docx(stream.getvalue(), "day.docx")
    text = "".join(line.text for page in pages for block in page.blocks for line in block.lines)
    assert "root:" not in text
    assert samples.BOAT[2] in text


@pytest.mark.parametrize("html", ["<html><body><script></script><p>船", "<html><script></script>"
                                  "<a href='a'>第1版</a><a href='b'>第2版</a></html>"])  # fmt: skip
def test_saved_pages_without_an_article_are_refused(html: str) -> None:
    """One that is cut off, and one that holds links only."""
    with pytest.raises(NotAnIssueError) as refused:
        pages_of_html(html.encode(), "saved.html")
    assert refused.value.hint


@pytest.mark.parametrize(
    ("suffix", "advice"),
    [
        (".ofd", "PDF"), (".caj", "PDF"), (".epub", "e-paper"), (".zip", "unpack"),
        (".rar", "unpack"), (".heic", "JPEG"), (".doc", "docx"), (".wps", "docx"),
        (".pptx", "PDF"), (".xlsx", "PDF"), (".webarchive", "HTML"),
    ],
)  # fmt: skip
def test_files_that_are_not_read_are_told_what_to_do(
    suffix: str, advice: str, tmp_path: Path
) -> None:
    """Alone and in a folder."""
    path = tmp_path / f"2025-05-20{suffix}"
    path.write_bytes(b"x")
    assert advice in advice_on(path)
    with pytest.raises(NotAnIssueError, match="not read") as refused:
        read_pages(str(path))
    assert advice in (refused.value.hint or "")
    with pytest.raises(NotAnIssueError) as refused:
        read_pages(str(tmp_path))
    assert path.name in (refused.value.hint or "")


TEXT, SIGN = ("票价", "元，船票", "张。"), ("12", "3 0")
"""The parts of a text around its formulas."""


def parts(kind: str) -> list[dict[str, str]]:
    """The parts of that text as objects of a tool."""
    rows = [
        ("text", TEXT[0]),
        (kind, SIGN[0]),
        ("text", TEXT[1]),
        (kind, SIGN[1]),
        ("text", TEXT[2]),
    ]
    return [{"type": name, "content": text} for name, text in rows]


def inline_parts() -> list[object]:
    """That text as MinerU, docling and PaddleOCR part it."""
    docling = [
        {"label": row["type"], "text": row["content"], "parent": {"$ref": "#/groups/0"}, "prov":
         [{"page_no": 1, "bbox": {"l": 1, "t": 9, "r": 9, "b": 1}}]} for row in parts("formula")
    ]  # fmt: skip
    paddle = [
        {"block_label": row["type"], "block_content": row["content"], "block_bbox": [1, 1, 9, 9]}
        for row in parts("inline_formula")
    ]
    group = [{"self_ref": "#/groups/0", "label": "inline"}]
    paragraph = {"paragraph_content": parts("equation_inline")}
    listed = {"list_items": [{"item_type": "text", "item_content": parts("equation_inline")}]}
    box = {"bbox": [1, 1, 9, 9]}
    first = [{"type": one, "text": text, "page_idx": 0} for one, text in (
        ("text", TEXT[0]), ("equation", f"$$\n{SIGN[0]}\n$$"), ("text", "元，船票30张。")
    )]  # fmt: skip
    return [
        first,
        [[{"type": "paragraph", "content": paragraph, **box}]],
        [[{"type": "list", "content": listed, **box}]],
        {"groups": group, "texts": docling},
        {"groups": [], "texts": docling},
        {"parsing_res_list": paddle, "height": 10},
    ]


@pytest.mark.parametrize("value", inline_parts())
def test_the_parts_of_a_text_are_one_text(value: object) -> None:
    """A figure that a tool takes for a formula stays in its sentence."""
    (page,) = pages_of_json(json.dumps(value), "day.json")
    assert ["票价12元，船票30张。"] == [line.text for x in page.blocks for line in x.lines]


def test_boxes_of_whole_paragraphs_say_nothing_of_type_sizes() -> None:
    """Where a tool calls a line a title, the height of a paragraph is no reason to doubt it."""
    rows = [
        {"type": "text", "page_idx": 0, "text": text, "bbox": [80, top, 900, top + high]} | level
        for head, body, top in zip(HEADS, samples.BODIES, (100, 400), strict=True)
        for text, top, high, level in (
            (head, top, 40, {"text_level": 1}),
            *((2 * body[0], top + 60 + 90 * n, 80, {}) for n in range(2)),
        )
    ]  # fmt: skip
    issue = read_issue(tuple(pages_of_json(json.dumps(rows), "day")))
    assert (HEADS, ()) == ([one.headline.main for one in issue.articles], issue.doubts)


def test_elements_of_unstructured_need_no_places() -> None:
    """Each tells its kind and, among what is known of it, its page."""
    rows = [("Header", samples.PAPER), ("Title", samples.BOAT[0])]
    rows += [("NarrativeText", samples.BOAT[1]), ("FigureCaption", "渡口的船。")]
    elements = [{"type": kind, "text": text, "metadata": {"page_number": 2}} for kind, text in rows]
    pages = pages_of_json(json.dumps(elements), "page.json")
    assert [2] == [page.number for page in pages]
    assert ["banner", "", "", "caption"] == [block.kind for block in pages[0].blocks]
