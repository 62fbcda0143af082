"""Page numbers: the folio's where it is printed, else the place in the issue."""

import pytest

from printed import line, page
from qjaudio.sources.numbering import folio_of, numbered

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


def test_a_jump_line_in_the_text_is_no_folio() -> None:
    """Only the top of the page is searched."""
    assert folio_of(page(line("青溪日报", 50, 20), line("下转第二版", 50, 500), BODY)) is None


def test_pages_without_folio_are_counted() -> None:
    """Numbers rise; a page without folio follows the one before it."""
    first, fourth = page(BODY), page(line("第四版", 50, 20), BODY)
    assert [1, 4, 5] == [one.number for one in numbered([first, fourth, first])]


def test_a_folio_that_would_go_back_is_not_believed() -> None:
    """A number that does not rise is misread."""
    third, second = page(line("第三版", 50, 20), BODY), page(line("第二版", 50, 20), BODY)
    assert [3, 4] == [one.number for one in numbered([third, second])]
