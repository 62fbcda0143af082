"""Files of pages: found in order, read whole, refused in two lines."""

from pathlib import Path

import pytest

from printed import line, page
from qjaudio.errors import NotAnIssueError
from qjaudio.paper.model import TextLine
from qjaudio.paper.text import Box
from qjaudio.sources.model import files_of, folio_of, halves, number_pages, read_within
from qjaudio.sources.pdf import PdfSource

PDF = (".pdf",)


def test_pages_come_in_natural_order(tmp_path: Path) -> None:
    """Page 10 comes after page 2; hidden files and others are passed over."""
    for name in ("page10.pdf", "page2.pdf", ".page1.pdf", "photo.png"):
        (tmp_path / name).write_bytes(b"x")
    assert ["page2.pdf", "page10.pdf"] == [path.name for path in files_of(str(tmp_path), PDF)]


@pytest.mark.parametrize(
    "copy",
    [
        "page1 (copy)",
        "page1 - Copy (2)",
        "page1 (3rd copy)",
        "Copy of page1",
        "page1 copy 2",
        "page1 - 副本",
        "page1副本(2)",
        "副本 page1",
        "page1的副本",
    ],
)
def test_a_copy_of_a_page_is_not_read_with_it(tmp_path: Path, copy: str) -> None:
    """Both are named: an editor who kept the old state of a page would hear its stories twice."""
    for name, text in (("page1.md", "新"), (f"{copy}.md", "旧"), ("page2.md", "桥")):
        (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(NotAnIssueError, match=r"'page1\.md' look like the same page") as refused:
        files_of(str(tmp_path), (".md",))
    assert copy in str(refused.value)


def test_a_page_in_two_formats_or_with_the_same_bytes_is_not_read_twice(tmp_path: Path) -> None:
    """Whatever the names; numbers in brackets alone are pages, and short ones may be alike."""
    for name in ("第1版.md", "第1版(1).md", "第1版(2).md"):
        (tmp_path / name).write_text("本版广告", "utf-8")
    assert 3 == len(files_of(str(tmp_path), (".md", ".txt")))
    (tmp_path / "第1版.txt").write_text("旧", "utf-8")
    with pytest.raises(NotAnIssueError, match=r"第1版\.md' and '第1版\.txt|txt' and '第1版\.md"):
        files_of(str(tmp_path), (".md", ".txt"))
    for name in ("第1版(1).md", "第1版(2).md"):
        (tmp_path / name).write_text("桥通了。" * 40, "utf-8")
    with pytest.raises(NotAnIssueError, match=r"第1版\(1\)\.md"):
        files_of(str(tmp_path), (".md",))


def test_a_folder_with_text_belongs_to_the_text_source(tmp_path: Path) -> None:
    """PDFs beside pages of text are not read; a README is not a page."""
    (tmp_path / "issue.pdf").write_bytes(b"x")
    (tmp_path / "README.md").write_text("about", encoding="utf-8")
    assert PdfSource().accepts(str(tmp_path))
    (tmp_path / "page1.txt").write_text("text", encoding="utf-8")
    assert not PdfSource().accepts(str(tmp_path))


@pytest.mark.parametrize("location", ["", "https://example.org/a.pdf", "a\0b", "notes.txt"])
def test_other_locations_are_refused(location: str) -> None:
    """An address, text and nonsense are none of our files."""
    assert not PdfSource().accepts(location)


def test_a_missing_or_empty_file_is_named(tmp_path: Path) -> None:
    """The message names the file, the hint says what to do."""
    with pytest.raises(NotAnIssueError, match="there is no file") as missing:
        files_of(str(tmp_path / "none.pdf"), PDF)
    (tmp_path / "empty.pdf").touch()
    with pytest.raises(NotAnIssueError, match=r"empty\.pdf is empty") as empty:
        read_within(tmp_path / "empty.pdf", 10)
    assert missing.value.hint
    assert empty.value.hint


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    """No more than the limit is read."""
    (tmp_path / "large.pdf").write_bytes(b"x" * 11)
    with pytest.raises(NotAnIssueError, match="larger"):
        read_within(tmp_path / "large.pdf", 10)


def test_a_file_that_vanishes_is_our_error(tmp_path: Path) -> None:
    """A file that goes away between finding and reading gives two lines."""
    with pytest.raises(NotAnIssueError, match="cannot read"):
        read_within(tmp_path / "gone.pdf", 10)


BODY = line("正文到这里结束", 50, 900)


@pytest.mark.parametrize(
    ("head", "number"),
    [
        ("第二版", 2),
        ("03版", 3),
        ("A4版 综合新闻", 4),
        ("第3版 要闻 2025年6月3日", 3),
        ("今日8版", None),
        ("总第120期 今日4版", None),
        ("综合新闻", None),
    ],
)
def test_the_folio_names_the_page(head: str, number: int | None) -> None:
    """A folio is read from the head of the page; the number of pages is none."""
    assert number == folio_of(page(line(head, 50, 20), BODY))


@pytest.mark.parametrize(
    ("left", "text", "number"), [(540, "03", 3), (300, "03", None), (540, "3", None)]
)
def test_a_number_in_the_corner_is_the_folio(left: float, text: str, number: int | None) -> None:
    """03 at the outer edge of a page's head names the page; the day of a date further in not."""
    wide = line("综合新闻", 0, 14), line(text, left, 20), line("正文" * 28, 0, 500)
    assert number == folio_of(page(*wide))


@pytest.mark.parametrize(
    ("text", "left", "number"),
    [
        ("03", 0, 3),
        ("第三版", 300, 3),
        ("03", 300, None),
        ("详见3版", 300, None),
        ("4版有约", 0, None),
    ],
)
def test_the_foot_names_the_page_where_the_head_does_not(
    text: str, left: float, number: int | None
) -> None:
    """A folio may stand at the foot; a number further in is none."""
    lines = line("正文" * 28, 0, 20), line("正文" * 28, 0, 500), line(text, left, 800)
    assert number == folio_of(page(*lines))
    headed = line("第二版", 300, 10), *lines
    assert 2 == folio_of(page(*headed))


def test_a_folio_may_stand_upright_beside_the_text() -> None:
    """第二版 in the outer margin, one character below the other."""
    margin = TextLine(text="第二版", box=Box(0, 300, 9, 330), size=9)
    assert 2 == folio_of(page(line("正文" * 28, 30, 20), line("正文" * 28, 30, 500), margin))


@pytest.mark.parametrize(
    ("guide", "number"),
    [
        (("▶3版",), None),
        (("老茶厂成了博物馆见2版",), None),
        (("2版", "3版"), None),
        (("3版", "3版"), None),
        (("今日四版", "3版"), None),
        (("2版", "第四版", "3版"), 4),
    ],
)
def test_a_guide_to_other_pages_is_no_folio(guide: tuple[str, ...], number: int | None) -> None:
    """Beside 今日导读 the head names other pages; the page itself is named with 第, or not."""
    lines = [line(text, 300, 20 + 14 * at) for at, text in enumerate(guide)]
    assert number == folio_of(page(*lines, BODY))


def test_a_page_with_a_rule_over_its_middle_is_no_spread() -> None:
    """Text that fills the upper half of a sheet is wider than high; a rule goes through it all."""
    rows = [line("本版的文字", left, 14 * at) for left in (0, 800) for at in range(4, 44)]
    assert len(halves(page(*rows))) == 2
    assert len(halves(page(*rows, rules=(Box(0, 40, 850, 41),)))) == 1


def test_a_sheet_of_few_lines_is_two_pages_where_both_are_named() -> None:
    """The last page's folio on the left, the first one's count of pages on the right."""
    rows = [line("本版的文字", left, 14 * at) for left in (0, 800) for at in range(4, 9)]
    assert 1 == len(halves(page(*rows)))
    assert 1 == len(halves(page(line("第4版", 0, 20), *rows)))
    assert 2 == len(halves(page(line("第4版", 0, 20), line("今日4版", 800, 20), *rows)))


def test_a_jump_line_in_the_text_is_no_folio() -> None:
    """Only the top of the page is searched."""
    assert folio_of(page(line("青溪日报", 50, 20), line("下转第二版", 50, 500), BODY)) is None


def test_pages_without_folio_are_counted() -> None:
    """Numbers rise; a page without folio follows the one before it."""
    first, fourth = page(BODY), page(line("第四版", 50, 20), BODY)
    assert [1, 4, 5] == [one.number for one in number_pages([first, fourth, first])]


def test_a_folio_that_would_go_back_is_not_believed() -> None:
    """A number that does not rise is misread."""
    third, second = page(line("第三版", 50, 20), BODY), page(line("第二版", 50, 20), BODY)
    assert [3, 4] == [one.number for one in number_pages([third, second])]


def test_the_outer_sheet_has_the_last_page_on_its_left() -> None:
    """The pages of sheets stand in the order of their folios, if each has its own."""
    rows = [[line("本版的文字", left, 14 * at) for at in range(4, 44)] for left in (0, 800)]
    outer = page(line("第四版", 0, 20), *rows[0], line("第一版", 800, 20), *rows[1])
    inner = page(line("第二版", 0, 20), *rows[0], line("第三版", 800, 20), *rows[1])
    found = [*number_pages([outer, inner])]
    assert [(1, 1), (2, 2), (3, 3), (4, 4)] == [(one.number, folio_of(one)) for one in found]
    unnamed = page(*rows[0], line("第一版", 800, 20), *rows[1])
    assert [None, 1] == [folio_of(one) for one in number_pages([unnamed])]


def test_the_front_page_needs_no_folio_on_its_sheet() -> None:
    """The page that says how many there are is the first, also where it lies right of the last."""
    rows = [[line("本版的文字", left, 14 * at) for at in range(4, 44)] for left in (0, 800)]
    sheet = page(line("第四版", 0, 20), *rows[0], line("今日4版", 800, 20), *rows[1])
    first, fourth = number_pages([sheet])
    assert (1, 4) == (first.number, fourth.number)
    assert 4 == folio_of(fourth)


def test_the_folio_of_a_short_page_is_read() -> None:
    """The head of a page may be a large part of the text where there are few stories."""
    assert 6 == folio_of(page(line("06版 社会", 50, 52), line("正文" * 20, 0, 120)))
