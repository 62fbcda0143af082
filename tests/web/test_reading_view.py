"""The producer sees in half a minute what was read."""

import re
from dataclasses import replace

from builders import article, issue
from qjaudio.paper.model import Block, LeftOut, Page, Repair, TextLine
from qjaudio.web.reading_view import reading_page

PAGE = Page(
    number=1,
    blocks=(Block(lines=(TextLine(text="新桥通车了"), TextLine(text="桥很长。广告电话"))),),
)
READ = replace(
    issue(article()),
    left_out=(LeftOut(text="广告电话", kind="advert", page=1),),
    repairs=(Repair(where="x", before="<b>", after="桥", evidence="词"),),
)


def test_articles_and_what_was_left_out_are_marked() -> None:
    """A colour for each article, a line through the rest, the reason at hand."""
    html = reading_page([PAGE], READ)
    assert '<span class="a1" title="1">新桥通车了</span>' in html
    assert '<span class="left" title="advert">广告电话</span>' in html
    assert "1 篇文章，舍去 1 处，0 个字没有着落" in html


def test_the_page_cannot_be_written_by_the_paper() -> None:
    """Markup in the text is shown, not obeyed; nothing is fetched from elsewhere."""
    html = reading_page([PAGE], READ)
    assert "&lt;b&gt;" in html
    assert [] == re.findall(r"<script|(?:src|href)=|@import|url\(", html)
