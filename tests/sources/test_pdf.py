"""PDFs: our own rendered pages are read whole, bad ones are refused in two lines."""

import sys
import zlib
from pathlib import Path

import pytest

from printed import PAGES, described, texts
from qjaudio.errors import MissingPartError, NotAnIssueError
from qjaudio.paper.layout import arrange
from qjaudio.paper.model import Block, Page, TextLine
from qjaudio.paper.text import han
from qjaudio.sources import ocr, scan
from qjaudio.sources import pdf as reader
from qjaudio.sources.pdf import PdfSource, sheets_of
from qjaudio.sources.pdf_page import Sheet
from qjaudio.testing import check_source
from sources.made_pdf import pdf

LOCK = b"7 0 obj<</Filter/Standard/V 1/R 2/P -4/O(" + b"a" * 32 + b")/U(" + b"b" * 32 + b")>>endobj"


@pytest.fixture(scope="module", params=["two_pages", "four_columns"])
def rendered(request: pytest.FixtureRequest) -> tuple[str, list[Page]]:
    """Our own pages as rendered, arranged."""
    pages = PdfSource().pages(str(PAGES / f"{request.param}.pdf"))
    return request.param, [arrange(page) for page in pages]


def test_the_source_keeps_its_contract() -> None:
    """The contract test for plugin authors passes on our own source."""
    check_source(PdfSource(), str(PAGES / "four_columns.pdf"))


def test_headlines_are_found_in_full(rendered: tuple[str, list[Page]]) -> None:
    """Every headline of the description is one block, and no other text is one."""
    name, pages = rendered
    found = {text for page in pages for text in texts(page, "headline")}
    assert {article["headline"].replace("|", "") for article in described(name)} == found


def test_paragraphs_are_whole_and_in_order(rendered: tuple[str, list[Page]]) -> None:
    """Every paragraph is one block, in the order in which it is read, without a lost character."""
    name, pages = rendered
    found = [han(text) for page in pages for text in texts(page, "", "byline")]
    for article in described(name):
        wanted = [han(text) for text in article["paragraphs"] if not text.startswith("## ")]
        assert [text for text in wanted if text in found] == wanted, article["headline"]
        places = [found.index(text) for text in wanted]
        assert sorted(places) == places


def test_captions_are_told_from_text(rendered: tuple[str, list[Page]]) -> None:
    """The line under a photo is a caption, and only that."""
    name, pages = rendered
    found = {han(text) for page in pages for text in texts(page, "caption")}
    assert {han(a["caption"]) for a in described(name) if a.get("caption")} == found


def test_the_folio_numbers_the_pages() -> None:
    """The second page is page 2, as its folio says."""
    assert [1, 2] == [page.number for page in PdfSource().pages(str(PAGES / "two_pages.pdf"))]


@pytest.mark.parametrize(
    ("turn", "seen"),
    [(0, (10.0, 80.0)), (90, (20.0, 10.0)), (180, (190.0, 20.0)), (270, (80.0, 190.0))],
)
def test_a_turned_page_is_read_as_it_is_seen(turn: int, seen: tuple[float, float]) -> None:
    """A point of a page that viewers turn lies where the viewer shows it."""
    assert seen == Sheet(0, 0, 200, 100, turn).point(10, 20)


def _refused(tmp_path: Path, raw: bytes) -> NotAnIssueError:
    path = tmp_path / "issue.pdf"
    path.write_bytes(raw)
    with pytest.raises(NotAnIssueError) as caught:
        list(PdfSource().pages(str(path)))
    assert caught.value.hint
    assert max(len(str(caught.value)), len(caught.value.hint)) < 80
    return caught.value


def test_a_truncated_pdf_is_refused(tmp_path: Path) -> None:
    """Half a file is not read as half an issue."""
    whole = (PAGES / "four_columns.pdf").read_bytes()
    assert "cut off" in str(_refused(tmp_path, whole[: len(whole) // 2]))


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "is empty"),
        (b"just text", "is not a PDF"),
        (b"%PDF-1.7\nnothing of use\n%%EOF", "is broken"),
        (pdf(zlib.compress(b" "), box=b"0 0 99999 99999"), "measures"),
        (pdf(zlib.compress(b" "), pages=300), "300 pages"),
        (pdf(zlib.compress(b" ")), "no text found"),
        (pdf(zlib.compress(b" "), extra=LOCK, trailer=b"/Encrypt 7 0 R"), "password"),
    ],
)
def test_what_is_no_issue_is_refused(tmp_path: Path, raw: bytes, words: str) -> None:
    """Each kind of bad file gets two short lines that say what and what now."""
    assert words in str(_refused(tmp_path, raw))


def test_bombs_are_refused_before_they_swell(tmp_path: Path) -> None:
    """A stream that unpacks to far too much, or is packed twice, never reaches PDFium."""
    content = zlib.compress(b"0 0 m " * 5_000_000, 9)
    assert "unpacks" in str(_refused(tmp_path, pdf(content)))
    twice = zlib.compress(zlib.compress(bytes(1_000_000)))
    filters = b"/Filter[/FlateDecode/FlateDecode]"
    assert "unpacks" in str(_refused(tmp_path, pdf(twice, filters=filters)))


@pytest.mark.parametrize("name", [b"Fl#61teDecode", b"#46lateDecode", b"F#6C"])
def test_a_bomb_with_an_escaped_filter_is_refused(tmp_path: Path, name: bytes) -> None:
    """A character of a name may be written as its number; it is the same name."""
    content = zlib.compress(b"0 0 m " * 5_000_000, 9)
    assert "unpacks" in str(_refused(tmp_path, pdf(content, filters=b"/Filter /" + name)))


def test_ten_thousand_pages_are_counted_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number of pages is looked at before the first of them."""
    monkeypatch.setattr(reader, "_read_sheet", lambda *_: pytest.fail("read"))
    assert "10000 pages" in str(_refused(tmp_path, pdf(zlib.compress(b" "), pages=10_000)))


ACTIONS = (
    b"7 0 obj<</S/JavaScript/JS(app.launchURL\\('http://127.0.0.1/'\\))>>endobj",
    b"7 0 obj<</S/Launch/F(touch)/Win<</F(touch)/P(owned)>>>>endobj",
    b"7 0 obj<</S/URI/URI(http://127.0.0.1/)>>endobj",
    b"7 0 obj<</S/ImportData/F(../owned)>>endobj",
)


@pytest.mark.parametrize("action", ACTIONS, ids=range(len(ACTIONS)))
def test_actions_of_a_pdf_are_not_carried_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, action: bytes
) -> None:
    """Scripts, programs and files that a PDF carries are neither run nor written."""
    monkeypatch.chdir(tmp_path)
    raw = pdf(zlib.compress(b" "), extra=action).replace(
        b"/Type/Catalog", b"/OpenAction 7 0 R/Names<</EmbeddedFiles 7 0 R>>/Type/Catalog"
    )
    assert b"/OpenAction" in raw
    assert "no text found" in str(_refused(tmp_path, raw))
    assert [tmp_path / "issue.pdf"] == list(tmp_path.iterdir())


TOLD, SEEN = "渡口的步道下日修好了" * 4, "渡口的步道今日修好了" * 4
IMAGE = b"BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q "
PICTURE = b"q 600 0 0 800 0 0 cm " + IMAGE
STRIPS = b"q 600 0 0 400 0 0 cm " + IMAGE + b"q 600 0 0 400 0 400 cm " + IMAGE


def _layered(stream: bytes) -> bytes:
    """A page with a font `/F` for Chinese in UTF-16."""
    font = b"""7 0 obj<</Type/Font/Subtype/Type0/BaseFont/S/Encoding/UniGB-UTF16-H/DescendantFonts[
    <</Type/Font/Subtype/CIDFontType0/BaseFont/S/CIDSystemInfo
    <</Registry(Adobe)/Ordering(GB1)/Supplement 4>>>>]>>endobj"""
    held = b"/Resources<</Font<</F 7 0 R>>>>"
    return pdf(zlib.compress(stream), extra=font, resources=held)


def _shown(mode: int) -> bytes:
    """The text, drawn in a render mode."""
    words = TOLD.encode("utf-16-be").hex().encode()
    return b"BT %d Tr /F 10 Tf 50 700 Td <%s> Tj ET " % (mode, words)


@pytest.mark.parametrize(
    ("drawn", "ocr_reads", "read", "doubted"),
    [
        (PICTURE + _shown(3), SEEN, SEEN, False),
        (STRIPS + _shown(3), SEEN, SEEN, False),
        (_shown(0) + PICTURE, SEEN, SEEN, False),
        (PICTURE + _shown(3), SEEN[:20], TOLD, True),
        (PICTURE + _shown(3), None, TOLD, True),
        (PICTURE + _shown(0), SEEN, TOLD, False),
        (_shown(3), SEEN, TOLD, False),
    ],
    ids=["over", "in-strips", "under", "unread", "no-ocr", "printed", "drawn"],
)
def test_hidden_text_under_a_scan_is_not_taken_on_trust(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    drawn: bytes,
    ocr_reads: str | None,
    read: str,
    doubted: bool,
) -> None:
    """Whose OCR left it, and how well, nobody says: the picture is read, or the text is in doubt.

    Text that is printed on a picture, or hidden under drawn letters, is the paper's own."""

    def read_sheet(sheet: object, number: int, source: str) -> Page:
        if ocr_reads is None:
            raise MissingPartError("no OCR")
        return Page(
            number=number, blocks=(Block(lines=(TextLine(text=ocr_reads),)),), source=source
        )

    monkeypatch.setattr(scan, "read_sheet", read_sheet)
    path = tmp_path / "issue.pdf"
    path.write_bytes(_layered(drawn))
    (page,) = reader.sheets_of(path)
    assert read == "".join(line.text for block in page.blocks for line in block.lines)
    assert doubted == any(doubt.kind == "grave" for doubt in page.doubts)


def test_dots_in_a_row_are_a_rule(tmp_path: Path) -> None:
    """At even steps; the cells of a code to scan, which stand anyhow, are none."""
    level = [(50 + 3 * n, 400) for n in range(40)]
    upright = [(300, 450 + 3 * n) for n in range(40)]
    code = [(400 + 2 * n, 600) for n in range(40) if n * n % 7 in (1, 2)]
    marks = b" ".join(b"%d %d 1 1 re f" % place for place in (*level, *upright, *code))
    path = tmp_path / "issue.pdf"
    path.write_bytes(_layered(_shown(0) + marks))
    (page,) = reader.sheets_of(path)
    assert [(118, 1), (1, 118)] == [(round(x.width), round(x.height)) for x in page.rules]


def test_a_page_that_is_a_picture_needs_ocr(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the extra, a PDF without text says what to install."""
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    ocr.reader.cache_clear()
    path = tmp_path / "scan.pdf"
    path.write_bytes(pdf(zlib.compress(b"0 0 m 300 400 l S")))
    with pytest.raises(MissingPartError) as caught:
        list(PdfSource().pages(str(path)))
    assert "rapidocr" in caught.value.hint


@pytest.mark.parametrize("referred", [False, True])
def test_drawn_glyphs_named_after_their_characters_are_text(tmp_path: Path, referred: bool) -> None:
    """Pdfium reads the names of no Type 3 font; a page of them would go to OCR."""
    encoding = b"<</Type/Encoding/Differences[33/uni6E21/uni53E3 45/uniFF0C/odd]>>"
    glyph = b"<</Length 41>>stream\n1000 0 0 0 900 900 d1 0 0 900 900 re f    \nendstream"
    procs = b"/CharProcs<</uni6E21 7 0 R/uni53E3 7 0 R/uniFF0C 7 0 R>>"
    font = b"<</Type/Font/Subtype/Type3/FontBBox[0 0 999 999]/FontMatrix[.001 0 0 .001 0 0]" + procs
    font += b"/FirstChar 33/LastChar 46/Widths[" + 14 * b"1000 " + b"]/Encoding "
    font += (b"8 0 R" if referred else encoding) + b">>"
    objects = b"6 0 obj%sendobj\n7 0 obj%sendobj\n8 0 obj%sendobj" % (font, glyph, encoding)
    raw = pdf(
        b"BT /F 10 Tf 50 700 Td (" + 15 * b'!"-' + b") Tj ET",
        filters=b"",
        extra=objects,
        resources=b"/Resources<</Font<</F 6 0 R>>>>",
    )
    path = tmp_path / "page.pdf"
    path.write_bytes(raw)
    (page,) = sheets_of(path)
    assert 15 * "渡口，" == "".join(line.text for block in page.blocks for line in block.lines)
