"""The line that says which page it is."""

from pathlib import Path

import pytest

from qjaudio.paper.lines import folio_page, folio_section, sections_of
from qjaudio.paper.model import Block, Page, TextLine
from qjaudio.paper.reading import read_issue
from qjaudio.sources.text import TextSource


@pytest.mark.parametrize(
    ("line", "page", "section"),
    [
        ("第二版 要闻", 2, "要闻"),
        ("第2版：综合新闻", 2, "综合新闻"),
        ("03版 | 文化", 3, "文化"),
        ("A04版·健康 2025年5月20日 星期二", 4, "健康"),
        ("【第三版】 专题", 3, "专题"),
        ("第三版", 3, ""),
        ("第三版 2025年5月20日", 3, ""),
        ("第三版 星期二", 3, ""),
        ("第二版 责编：甲一", 2, ""),
        ("第二版 责编 甲一 综合", 2, ""),
        ("第二版 2025年5月20日 星期二 民生", 2, "民生"),
        ("下转第二版 要闻", None, ""),
        ("第二版刊登了一篇文章。", None, ""),
        ("", None, ""),
    ],
)
def test_a_folio_names_page_and_section(line: str, page: int | None, section: str) -> None:
    """Number and section of the page; dates and editors are no sections."""
    assert (page, section) == (folio_page(line), folio_section(line))


def sheet(number: int, *lines: str) -> Page:
    blocks = tuple(Block(lines=(TextLine(text=line),)) for line in lines)
    return Page(number=number, blocks=blocks)


def test_sections_go_by_page() -> None:
    """The page's own folio counts, not the name of the paper and not another page's number."""
    pages = [
        sheet(1, "第一版 今日衢江", "一个标题"),
        sheet(2, "第二版 综合", "第二版 副刊"),
        sheet(3, "第四版 广告"),
    ]
    assert {2: "综合"} == sections_of(pages, "今日衢江")


def test_articles_know_their_section(tmp_path: Path) -> None:
    """From the folio of a text to the article."""
    story = "本报讯 （记者 甲一）昨天，新桥通车了，大家走上桥头。从此过河不用船。"
    front = f"今日衢江\n\n2025年5月20日 星期二\n\n# 新桥通车\n\n{story}\n\n"
    inner = f"第二版 民生\n\n# 新校开学\n\n{story}\n"
    path = tmp_path / "pages.md"
    path.write_text(front + inner, encoding="utf-8")
    issue = read_issue(TextSource().pages(str(path)))
    assert [(1, ""), (2, "民生")] == [(one.page, one.section) for one in issue.articles]
