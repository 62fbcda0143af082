"""The producer sees in half a minute what was read."""

import re
from dataclasses import replace

from builders import article, issue
from qjaudio.paper.model import Block, LeftOut, Page, Picture, Repair, TextLine
from qjaudio.paper.reading import in_reading_order, read_issue
from qjaudio.paper.text import Box, Doubt, Span
from qjaudio.sources.text import split_pages
from qjaudio.web.reading_view import reading_page

TEXT = """今日石桥 2025年3月3日 星期一

# 新桥通车了

本报讯（记者王小林）3月2日，新桥今天通车，大家都来走一走，看一看。年度日标任务过半。

（下转第二版）

## 村里开了运动会

3月1日，村里的孩子们在新操场上跑步、跳绳、拔河，一直玩到太阳下山才回家。

责任编辑：王丽 版式：李四
"""
PAGES = split_pages(TEXT)


def shown(html: str) -> str:
    """The page as it came, with its marks."""
    return html.partition("<article")[0]


def test_articles_and_what_was_left_out_are_marked() -> None:
    """A colour for each article, a line through the rest, nothing is lost."""
    html = shown(reading_page(PAGES, read_issue(PAGES)))
    assert '<span class="a1" title="1">新桥通车了</span>' in html
    assert '<span class="left" title="editors">责任编辑：王丽 版式：李四</span>' in html
    assert '<span class="left" title="jump_line">（下转第二版）</span>' in html
    assert "，0 个字没有着落" in html
    assert 2 == len(set(re.findall('class="(a[0-9])"', html)))


def test_a_line_may_go_to_several_places() -> None:
    """A credit is the story's by its name, and left out by its brackets and words."""
    html = shown(reading_page(PAGES, read_issue(PAGES)))
    credit = (
        '<span class="left" title="byline">记者</span><span class="a1" title="1">王小林）3月2日，'
    )
    assert f'<span class="a1" title="1">本报讯（</span>{credit}' in html


def test_a_repaired_character_is_its_article_s() -> None:
    """What was repaired is shown as it was read, in the colour of its story."""
    read = read_issue(PAGES)
    assert ["日标"] == [repair.before for repair in read.repairs]
    assert "年度日标任务过半。</span>" in shown(reading_page(PAGES, read))


def test_a_lost_character_is_shown_as_lost() -> None:
    """Text that is in no article and not left out stands out."""
    read = read_issue(PAGES)
    html = shown(reading_page(PAGES, replace(read, articles=read.articles[:1])))
    assert '<span class="nowhere">村里开了运动会</span>' in html


def test_pages_are_shown_in_reading_order() -> None:
    """What is shown is every line that was read."""
    html = shown(reading_page(PAGES, read_issue(PAGES)))
    rows = re.findall(r"<p[^>]*>(.*?)</p>", html)
    lines = [line.text for p in in_reading_order(PAGES) for b in p.blocks for line in b.lines]
    assert lines == [re.sub("<[^>]*>", "", row) for row in rows[-len(lines) :]]


def test_the_page_cannot_be_written_by_the_paper() -> None:
    """Markup in the text is shown, not obeyed; nothing is fetched from elsewhere."""
    slip = Repair(where="x", before="<b>", after="桥", evidence="词")
    left = LeftOut(text="<i>", kind="advert", page=1)
    html = reading_page(PAGES, replace(issue(article()), repairs=(slip,), left_out=(left,)))
    assert "&lt;b&gt;" in html
    assert "&lt;i&gt;" in html
    assert [] == re.findall(r"<script|(?:src|href)=|@import|url\(", html)


def test_what_is_in_doubt_is_marked() -> None:
    """In the list, on its line, and on the picture of the page at its place."""
    box = Box(100, 50, 300, 70)
    line = TextLine(text="新桥今天通车，大家都来走一走。", box=box, size=10)
    page = Page(number=2, blocks=(Block(lines=(line,)),))
    doubt = Doubt(kind="grave", where=Span(2, 0, 0, 4, box), what="新桥<", why="缺“字”")
    whole = replace(issue(article()), doubts=(doubt,))
    html = reading_page([page], whole, {2: Picture(b"\xff\xd8", 1000, 500)})
    assert "存疑处（1）" in html
    assert "第2版“新桥&lt;”：缺“字”" in html
    assert '<p class="doubt" id="l2-0" title="缺“字”">' in html
    assert 'src="data:image/jpeg;base64,/9g="' in html
    assert "left:10.00%;top:10.00%;width:20.00%;height:4.00%" in html
    without = reading_page([page], issue(article()))
    assert "存疑处" not in without
    assert "<figure>" not in without
