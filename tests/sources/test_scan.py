"""Scans: our own rendered pages, read by OCR with the models of the wheel."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from printed import PAGES, described, texts
from qjaudio.errors import MissingPartError, NotAnIssueError
from qjaudio.paper.layout import arrange
from qjaudio.paper.model import Page, TextLine
from qjaudio.paper.text import Box, han
from qjaudio.sources import ocr
from qjaudio.sources.scan import (
    ScanSource,
    _is_bar,
    _is_cap,
    _is_mark,
    _is_shown,
    _is_side,
    _is_stroke,
    _may_be_text,
    _scaled_line,
    settled,
)

SCANS = ["two_pages_1.png", "four_columns_1.png"]
WRONG = 0.02
"""Share of the characters that OCR may misread on a clean scan."""


@pytest.fixture(scope="module")
def scanned(scanned_once: Callable[[], AbstractContextManager[None]]) -> dict[str, Page]:
    """Our own pages as scanned, arranged; each is read once."""
    pytest.importorskip("rapidocr")
    with scanned_once():
        pages = {name: list(ScanSource().pages(str(PAGES / name))) for name in SCANS}
    return {name: arrange(page) for name, (page,) in pages.items()}


def _articles(name: str) -> list[dict[str, object]]:
    stem, number = name.removesuffix(".png").rsplit("_", 1)
    return [article for article in described(stem) if article["page"] == int(number)]


@pytest.mark.parametrize("name", SCANS)
def test_headlines_are_found(scanned: dict[str, Page], name: str) -> None:
    """Every headline is one block, the one set from top to bottom too."""
    found = {han(text) for text in texts(scanned[name], "headline")}
    wanted = {han(str(article["headline"])) for article in _articles(name)}
    assert wanted <= found


@pytest.mark.parametrize("name", SCANS)
def test_columns_are_not_mixed(scanned: dict[str, Page], name: str) -> None:
    """Nearly every paragraph is one block, as long as printed: no line of another column is in."""
    found = [han(text) for text in texts(scanned[name], "")]
    wanted = [
        han(text)
        for article in _articles(name)
        for text in article["paragraphs"]  # type: ignore[attr-defined]
        if len(han(text)) > 20
    ]
    whole = [
        text
        for text in wanted
        if any(_differ(text, other) <= 2 + WRONG * len(text) for other in found)
    ]
    assert len(whole) >= len(wanted) - 1


def _differ(one: str, other: str) -> float:
    """How many characters of the longer text have no equal in the other, in order."""
    from difflib import SequenceMatcher

    same = sum(b.size for b in SequenceMatcher(None, one, other, False).get_matching_blocks())
    return max(len(one), len(other)) - same


def test_photos_and_rules_are_seen(scanned: dict[str, Page]) -> None:
    """The photo of the page is found, and the rules between its bands."""
    page = scanned["two_pages_1.png"]
    assert 1 == len(page.pictures)
    assert any(rule.right - rule.left > 800 for rule in page.rules)


def test_images_and_folders_of_them_are_accepted(tmp_path: Path) -> None:
    """The suffix tells, and for a folder what it holds."""
    source = ScanSource()
    assert source.accepts("page1.JPG")
    assert not source.accepts("page1.pdf")
    assert not source.accepts(str(tmp_path))
    (tmp_path / "page1.png").write_bytes(b"x")
    assert source.accepts(str(tmp_path))


def test_a_missing_scan_is_our_error(tmp_path: Path) -> None:
    """A path with nothing behind it gives two lines."""
    with pytest.raises(NotAnIssueError, match="no file"):
        list(ScanSource().pages(str(tmp_path / "page1.png")))


def test_without_ocr_the_hint_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is named in the hint."""
    for module in ("rapidocr", "cv2"):
        monkeypatch.setitem(sys.modules, module, None)
    ocr.reader.cache_clear()
    with pytest.raises(MissingPartError) as caught:
        list(ScanSource().pages(str(PAGES / "two_pages_2.png")))
    assert "rapidocr" in caught.value.hint
    ocr.reader.cache_clear()


@pytest.mark.parametrize(
    ("text", "height", "kept"),
    [
        ("河埠头有了新桥灯", 44, True),
        ("河埠头有了新桥灯", 22, False),
        ("农家饭店", 44, False),
        (ocr.UNREAD, 44, False),
    ],
)
def test_only_a_headline_stands_on_a_picture(text: str, height: int, *, kept: bool) -> None:
    """Large type of a sentence's length; signs and what nobody can read belong to the photo."""
    line = TextLine(text=text, box=Box(50, 50, 450, 50 + height))
    photo = Box(0, 0, 600, 300)
    assert kept == _may_be_text(line, [line], 20.0, [photo])
    assert _may_be_text(line, [line], 20.0, [])


def test_a_short_part_of_a_headline_on_a_picture_is_kept() -> None:
    """It stands level with the rest, and near; not under it."""
    photo, head = Box(0, 0, 900, 300), TextLine(text="河埠头", box=Box(50, 50, 180, 94))
    for place, kept in (((240, 48), True), ((50, 120), False), ((400, 50), False)):
        left, top = place
        rest = TextLine(text="有了新桥灯", box=Box(left, top, left + 220, top + 46))
        assert kept == _may_be_text(head, [head, rest], 20.0, [photo]), place


def test_a_closing_mark_s_box_is_its_room() -> None:
    """Ink fills the left half of it; a character fills its own."""
    for text, right in (("灯都亮了。”", 104.0), ("灯都亮了", 100.0)):
        box = _scaled_line(TextLine(text=text, box=Box(0, 0, 200, 20)), 0.5).box
        assert box and right == box.right


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("☑本报记者秦望", "□本报记者秦望"),
        ("☐秦望", "□秦望"),
        ("\ufffd本报记者秦望", "□本报记者秦望"),
        ("\ufffd水镇的灯", "\ufffd水镇的灯"),
        ("G通讯员左安）", "（通讯员左安）"),
        ("B区记者站有了灯", "B区记者站有了灯"),
        ("（通讯员左安）", "（通讯员左安）"),
    ],
)
def test_signs_before_reporters_are_put_right(read: str, printed: str) -> None:
    """A box to tick is the square before their names, a letter the bracket that they close."""
    assert printed == _scaled_line(TextLine(text=read, box=Box(0, 0, 200, 20)), 1.0).text


def test_a_closing_mark_with_a_box_of_its_own_goes_to_its_line() -> None:
    """It is read as 99 alone; a figure of the line's type beside it is no mark."""
    line, mark = Box(100, 100, 400, 160), Box(412, 102, 434, 124)
    assert _is_mark(mark, [line, mark])
    assert not _is_mark(replace(mark, left=460, right=482), [line])
    assert not _is_mark(Box(412, 106, 434, 150), [line])
    assert not _is_mark(line, [line, mark])
    assert not _is_mark(mark, [Box(380, 100, 400, 700), Box(200, 60, 400, 240)])


def test_a_dark_advert_is_no_bar_of_a_heading() -> None:
    """A bar has one line in white; under the large word of an advert stands what it offers."""
    bar, word = Box(100, 100, 700, 200), Box(350, 110, 450, 160)
    assert _is_bar(bar, [word])
    assert not _is_bar(bar, [word, Box(120, 165, 500, 180), Box(120, 182, 300, 197)])


def test_strokes_of_bold_type_are_no_rules() -> None:
    """What runs through the middle of a line is its ink; an underline and a frame are rules."""
    line = Box(100, 100, 400, 130)
    assert _is_stroke(Box(110, 113, 390, 117), [line])
    assert not _is_stroke(Box(100, 128, 400, 131), [line])
    assert not _is_stroke(Box(20, 114, 700, 117), [line])


def test_the_sides_of_a_frame_are_no_rules_of_their_own() -> None:
    """What lies along its edge is; a rule inside it is none, nor is one that goes on beyond it."""
    frame = Box(100, 100, 400, 300)
    assert _is_side(Box(100, 99, 400, 102), [frame])
    assert not _is_side(Box(120, 200, 380, 203), [frame])
    assert not _is_side(Box(20, 99, 700, 102), [frame])


def test_a_frame_with_a_picture_and_a_few_words_is_one_picture() -> None:
    """A code to scan, with what to do beside it; not a story with a photo."""
    page = np.full((300, 500), 240, np.uint8)
    frame, words = Box(100, 100, 400, 200), [Box(220, 120, 280, 140), Box(220, 150, 320, 170)]
    page[100:201, 100:103] = page[120:140, 220:280] = page[150:170, 220:320] = 20
    assert not _is_shown(frame, page, words)
    page[110:190, 110:190] = 20
    assert _is_shown(frame, page, words)
    assert not _is_shown(frame, page, [*words, Box(210, 175, 390, 195)])


@pytest.mark.parametrize(
    ("others", "settles"),
    [
        (["下岙村口", "到下岙村去"], ("下岙村里", ())),
        (["下岙村口"], ("下岙村里", ("岙",))),
        (["下岙村口", "下湖村口"], ("下\ufffd村里", ())),
        (["上岙村口", "下岙山"], ("下\ufffd村里", ())),
    ],
)
def test_a_lost_character_is_taken_from_where_it_stands_surely(
    others: list[str], settles: tuple[str, tuple[str, ...]]
) -> None:
    """Between the same neighbours, where only one does; what is read once is told."""
    first, *_ = settled([TextLine(text="下\ufffd村里"), *(TextLine(text=one) for one in others)])
    assert settles == (first.text, first.unsure)


def test_a_character_read_surely_beside_the_same_one_is_sure() -> None:
    """A rare character of a place name, in doubt in one of its lines."""
    lines = [TextLine(text="住在下岙村", unsure=("岙",)), TextLine(text="来下岙的人")]
    assert not settled(lines)[0].unsure
    assert settled(lines[:1])[0].unsure


def test_ink_beside_lines_that_begin_level_is_a_drop_cap() -> None:
    """A large square left of two lines; not beside one, nor where they begin further right."""
    lines = [Box(150, 100, 400, 120), Box(150, 130, 400, 150)]
    assert _is_cap(Box(100, 100, 145, 148), lines, 20.0)
    assert not _is_cap(Box(100, 100, 145, 148), lines[:1], 20.0)
    assert not _is_cap(Box(50, 100, 95, 148), lines, 20.0)
    assert not _is_cap(Box(130, 110, 145, 125), lines, 20.0)
