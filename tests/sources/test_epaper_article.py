"""Article pages of many makes, taken apart."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from qjaudio.paper.model import Page
from qjaudio.paper.reading import read_issue
from qjaudio.sources.epaper.article import (
    SiteRecord,
    WebArticle,
    article_blocks,
    read_article,
    read_record,
)
from qjaudio.sources.epaper.markup import broken_off
from qjaudio.sources.epaper.reading import paper_name

FILE = Path(__file__).parent / "sites" / "articles.toml"
CASES = tomllib.loads(FILE.read_text(encoding="utf-8"))
WORDS = {"TITLE": "title", "KICKER": "kicker", "DECK": "deck", "BODY": "body"}


def read(case: dict[str, Any], listed: str) -> WebArticle:
    html = case["html"]
    for word, key in WORDS.items():
        html = html.replace(word, CASES[key])
    return read_article(f"<html><body>{html}</body></html>", "u", listed=listed, paper="今日青溪")


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["name"])
def test_every_make_gives_the_same_parts(case: dict[str, Any]) -> None:
    """Title, kicker, deck, author, paragraphs and captions, with and without the list's title."""
    for listed in (CASES["title"],) if case.get("needs_list") else (CASES["title"], ""):
        article = read(case, listed)
        assert case.get("title_read", CASES["title"]) == article.main
        assert case.get("kicker", CASES["kicker"]) == article.kicker
        assert case.get("deck", CASES["deck"]) == article.deck
        assert case.get("authors", []) == article.authors
        texts = [part.text for part in article.parts if part.kind == "body"]
        assert case.get("paragraphs", CASES["paragraphs"]) == texts
        captions = [part.text for part in article.parts if part.kind == "caption"]
        assert case.get("captions", []) == captions


@pytest.mark.parametrize("listed", ["老街添了新…", "旧屋变身阅读角 老街添了新书店", "要闻"])
def test_a_list_may_cut_or_lengthen_the_title(listed: str) -> None:
    """The article's own element is the headline; a list's other words do not change that."""
    named = next(case for case in CASES["case"] if case["name"] == "named elements")
    assert CASES["title"] == read(named, listed).main


@pytest.mark.parametrize(
    ("comment", "facts"),
    [
        ("<founder-title>题</founder-title><founder-author>李明</founder-author>",
         SiteRecord(main="题", author="李明")),
        ("<title><p>题&amp;目</p></title><introtitle><p>引</p></introtitle><subtitle/>",
         SiteRecord(main="题&目", kicker="引")),
        ("2025-12-28 27849693 2 2025年12月28日 星期日", SiteRecord()),
    ],
)  # fmt: skip
def test_facts_come_in_three_forms(comment: str, facts: SiteRecord) -> None:
    """Two forms name their values; the third says nothing that we take."""
    assert facts == read_record(f"<p>x</p><!--enpproperty {comment} /enpproperty--><p>y</p>")


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("<html><body><p>x</p></body></html>", False),
        ("<HTML><BODY><P>x", True),
        ("<html><body><founder-content><p>x</p>", True),
        ("<html><body><ul><li><a href=1>x</a>", True),
        ("<html><body><p>x</p>", False),
        ("<p>a fragment", False),
    ],
)
def test_a_page_that_breaks_off_is_noticed(text: str, broken: bool) -> None:
    """It began as a whole page, does not close, and something in it stays open."""
    assert broken is broken_off(text)


@pytest.mark.parametrize(
    ("titles", "name"),
    [
        (["今日青溪"], "今日青溪"),
        (["青溪日报-2025年05月20日-第01版：要闻"], "青溪日报"),
        (["青溪晚报数字报刊平台", "第02版"], "青溪晚报"),
        (["欢迎阅读《今日青溪》电子版"], "今日青溪"),
        (["清源周刊 电子版"], "清源周刊"),
        (["", "node_1"], ""),
    ],
)
def test_titles_tell_the_name_of_the_paper(titles: list[str], name: str) -> None:
    """Without date, page and what the site calls itself."""
    assert name == paper_name(titles)


@pytest.mark.parametrize(
    ("href", "found"),
    [
        ("content_1_2.htm", "http://paper.example/content_1_2.htm"),
        ("content_1.htm?page=2", "http://paper.example/content_1.htm?page=2"),
        ("content_2.htm", ""),
        ("node_2.htm", ""),
        ("#", ""),
    ],
)
def test_an_article_on_several_pages_is_noticed(href: str, found: str) -> None:
    """A link to the rest of the same article is noticed; one to the next article is none."""
    assert found == onward("http://paper.example/content_1.htm", href)


def test_the_next_article_of_a_query_is_not_the_next_page() -> None:
    """Another number in the query is another article; one more parameter is not."""
    first = "http://paper.example/a.jsp?id=1"
    assert "" == onward(first, "a.jsp?id=2") == onward(first, "a.jsp?id=12")
    assert f"{first}&page=2" == onward(first, "?id=1&page=2")


def onward(address: str, href: str) -> str:
    body = '<h1>新桥通车</h1><div id="ozoom"><p>村民走上桥头。</p></div>'
    return read_article(f'{body}<a href="{href}">下一页</a>', address).goes_on


@pytest.mark.parametrize(
    ("script", "name"),
    [
        ('createPageHTML(3, 0, "t2026_8", "html");', "t2026_8_1.html"),
        ('createPageHTML(3, 1, "t2026_8", "html");', "t2026_8_2.html"),
        ('createPageHTML(3, 2, "t2026_8", "html");', ""),
        ("createPageHTML('pages', 2, 1, 't2026_8', 'shtml', 40);", "t2026_8_2.shtml"),
        ("createPageHTML('pages', 2, 2, 't2026_8', 'shtml', 40);", ""),
    ],
)
def test_a_script_may_write_the_link_to_the_next_page(script: str, name: str) -> None:
    """TRS counts the pages from nought, or from one where it names the element first."""
    html = f"<h1>新桥通车</h1>{PROSE}<script>{script}</script>"
    found = read_article(html, "http://e.example/t2026_8.html").goes_on
    assert found == (name and f"http://e.example/{name}")


PROSE = "<p>三个村的老井上周都通了电，水泵一按就响，村民都说好。</p>"


@pytest.mark.parametrize(
    ("html", "listed", "headline"),
    [
        (f"<title>石桥日报多媒体数字报</title><p class=art-bt>老井通电</p>{PROSE}", "", "老井通电"),
        (
            f"<div><b>老井通电村民都说好</b></div><div>{PROSE * 2}</div>",
            "老井通电...",
            "老井通电村民都说好",
        ),
    ],
)
def test_the_headline_is_neither_the_papers_name_nor_cut_short(
    html: str, listed: str, headline: str
) -> None:
    """A window may be called as the paper with what a site adds; lists show beginnings."""
    address = "http://e.example/content_1.htm"
    assert headline == read_article(html, address, listed=listed, paper="石桥日报").main


def test_briefs_on_one_page_are_stories_of_their_own() -> None:
    """Each begins with its headline; one crosshead over a report is none of them."""
    briefs = "".join(
        f"<P><B>{head}</B></P><P>本报讯（记者 李明）{text}</P>"
        for head, text in (("老井通电", "水泵一按就响。"), ("书屋开门", "孩子来看书。"))
    )
    for body, heads in ((briefs, ["老井通电", "书屋开门"]), (briefs[: len(briefs) // 2], ["简讯"])):
        html = f"<h1>简讯</h1><div id='ozoom'>{body}</div>"
        page = Page(
            number=1, source="", marked=True,
            blocks=tuple(article_blocks(read_article(html, "http://e.example/content_1.htm"))),
        )  # fmt: skip
        found = read_issue((page,)).articles
        assert heads == [article.headline.main for article in found]
        assert {("李明",)} == {article.byline for article in found} or heads == ["简讯"]


def test_the_reporter_may_stand_in_a_line_of_the_site() -> None:
    """After date and source, before the buttons; where the reader is, is no kicker."""
    line = "<div>2025-05-20 来源：石桥日报 记者：李明 字号：大 中 小</div>"
    html = f"<div>您当前的位置：石桥新闻网 > 要闻</div><h1>老井通电</h1>{line}<div>{PROSE}</div>"
    article = read_article(html, "http://e.example/content_1.htm")
    assert (["记者：李明"], "") == (article.authors, article.kicker)


@pytest.mark.parametrize(
    ("html", "printed"),
    [
        ("产量3.4×10<sup>4</sup>吨", "产量3.4×10⁴吨"),
        ("宽10<span style='vertical-align: super'>-6</span>米", "宽10⁻⁶米"),
        ("占地120m<sup>2</sup>，少排CO<sub>2</sub>", "占地120m2，少排CO2"),
        ("原价<del>30元</del><s>25元</s>20元", "原价20元"),
        ("水<span style='display:none'>乱码</span>闸<font style='font-size:0px'>7</font>", "水闸"),
        ("增长<span>8.6</span><span aria-hidden='true'>8.6</span>%", "增长8.6%"),
    ],
)
def test_signs_mean_what_a_browser_shows(html: str, printed: str) -> None:
    """A power is no digit more; what is struck out, hidden or drawn twice is not said."""
    article = read_article(f"<h1>老井通电</h1><div><p>{html}。</p>{PROSE}</div>", "u")
    assert f"{printed}。" == article.parts[0].text


@pytest.mark.parametrize("words", ["相关新闻", "【推荐阅读】", "网友评论："])
@pytest.mark.parametrize("form", ["<div><h3>{}</h3>{}</div>", "<p>{}</p>{}"])
def test_what_a_site_sets_around_an_article_is_no_part_of_it(words: str, form: str) -> None:
    """Related news are longer than the article, in a box of their own or at its end."""
    more = "<p>邻县的水库昨天蓄满了水，下游的村子今年不再缺水。</p>" * 9
    html = f"<h1>老井通电</h1><div>{PROSE}</div>{form.format(words, more)}"
    article = read_article(f"<body>{html}</body>", "http://e.example/content_1.htm")
    assert PROSE.count("<p>") == len(article.parts)


def test_every_line_of_print_may_be_a_paragraph() -> None:
    """Lines that break off at one length go on; an indent begins a paragraph."""
    text = [
        "昨天下午，青溪镇的老井旁边围了一圈人，水泵一按就响。",
        "打水的人说，以后不用再排队等。",
    ]
    rows = ["".join(f"<p>{row[at : at + 7]}</p>" for at in range(0, len(row), 7)) for row in text]
    html = "<h1>老井通电</h1><div>" + "".join(row.replace("<p>", "<p>　　", 1) for row in rows)
    assert text == [part.text for part in read_article(f"{html}</div>", "u").parts]
