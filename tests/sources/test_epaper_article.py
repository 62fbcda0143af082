"""Article pages of many makes, taken apart."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qjaudio.paper.model import Page
from qjaudio.paper.reading import read_issue
from qjaudio.sources.epaper.article import (
    WebArticle,
    article_blocks,
    read_article,
)
from qjaudio.sources.epaper.markup import SiteRecord, broken_off, read_record
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
    return "".join(read_article(f'{body}<a href="{href}">下一页</a>', address).goes_on)


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
    assert found == [f"http://e.example/{name}"] * bool(name)


@pytest.mark.parametrize("form", ["c8_{}.html", "c8-{}.html", "c8.html?page={}", "c8({}).html"])
@pytest.mark.parametrize("words", ["{}", "[{}]", "第{}页"])
def test_bare_numbers_lead_to_the_other_pages_of_an_article(form: str, words: str) -> None:
    """Those from the second on that have the address of the article in theirs."""
    links = "".join(f"<a href='{form.format(n)}'>{words.format(n)}</a>" for n in (1, 2, 3))
    html = f"<h1>新桥通车</h1>{PROSE}{links}<a href='c9.html'>4</a><a href='node_2.html'>2</a>"
    found = read_article(html, "http://e.example/c8.html").goes_on
    assert found == [f"http://e.example/{form.format(n)}" for n in (2, 3)]


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


@pytest.mark.parametrize("form", [str, lambda html: html.replace("</b></p><p>", "</b>　")])
def test_briefs_under_a_label_need_no_dateline(form: Callable[[str], str]) -> None:
    """Short lines and texts by turns, or in one paragraph; under a headline they are crossheads."""
    briefs = "<p><b>老井通电</b></p><p>水泵一按就响。</p><p><b>书屋开门</b></p><p>孩子来看书。</p>"
    for head, count in (("简讯", 2), ("村里的新事", 0)):
        html = f"<h1>{head}</h1><div id='ozoom'>{form(briefs)}</div>"
        blocks = article_blocks(read_article(html, "http://e.example/content_1.htm", listed=head))
        assert count == sum(x.kind == "headline" and not x.level for x in blocks)


@pytest.mark.parametrize("pager", ["<b>1</b> <a>2</a> <a>下一页</a>", "首页 上一页 1/2 尾页"])
def test_what_turns_the_pages_of_a_story_is_no_text(pager: str) -> None:
    """It may stand inside the text; a page that is named in it stays."""
    html = f"<h1>老井通电</h1><div id='ozoom'>{PROSE}<div>{pager}</div><p>详见第2页。</p></div>"
    parts = read_article(html, "http://e.example/content_1.htm").parts
    assert "详见第2页。" == parts[-1].text
    assert not any("一页" in part.text for part in parts)


def test_who_wrote_the_text_and_took_the_photo_is_no_caption() -> None:
    """`文/摄` names the author, `摄` alone who took a photo."""
    signs = "<p>本报记者 李明 文/摄</p><p>老井边。 王芳 摄</p>"
    html = f"<h1>老井通电</h1><div id='ozoom'>{signs}{PROSE}</div>"
    parts = read_article(html, "http://e.example/content_1.htm").parts
    assert ["body", "caption"] == [part.kind for part in parts[:2]]


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


@pytest.mark.parametrize("listed", ["1老井通电", "（12）老井通电", "[图]老井通电", "老井通电 3-2"])
@pytest.mark.parametrize(
    "head", ["<div id=t><strong>老井通电</strong></div>", "<title>老井通电-青溪报</title>"]
)
def test_what_a_list_numbers_is_no_part_of_the_title(listed: str, head: str) -> None:
    """The article's own page has the title alone; a number of the headline's own stays."""
    assert "老井通电" == read_article(f"{head}<div>{PROSE}</div>", "u", listed=listed).main
    own = "3号老井通电"
    html = f"{head.replace('老井通电', own)}<div>{PROSE}</div>"
    assert own == read_article(html, "u", listed=own).main


@pytest.mark.parametrize(
    ("rule", "hidden"),
    [
        (".k{display:none}", "<span class=k>青溪报稿件</span>"),
        ("i.k, #z { font-size:0px }", "<font class=z id=z>7k</font>"),
        (".a .k{visibility : hidden;color:red}", "<b class=k>青溪报</b>"),
        ("#cp{position:absolute;left:-9999px}", "</p><p id=cp>青溪报首发</p><p>"),
        ("", "<span style='color:#FFFFFF'>青溪报</span>"),
        ("", "</p><p style='display:none'>青溪报首发</p><p>"),
        ("", "</p><p hidden>keywords: 青溪</p><p>"),
    ],
)
def test_what_the_style_of_a_page_hides_is_not_said(rule: str, hidden: str) -> None:
    """By a class or an id, too small, off the page or in white; what is only printed so stays."""
    style = f"<style>/* a */ {rule} @media print{{.p{{display:none}}}} .q{{color:red}}</style>"
    body = f"<p>闸门昨天打开，{hidden}<span class=p>水流</span>向下游。</p>{PROSE}"
    html = f"<head>{style}</head><body><h1>老井通电</h1><div class=a>{body}</div>"
    texts = [part.text for part in read_article(html, "u").parts]
    assert "闸门昨天打开，水流向下游。" == "".join(texts[:-1])


def test_paragraphs_that_a_button_unfolds_are_said() -> None:
    """A page that hides the rest of a text says how to see it."""
    html = f"<h1>老井通电</h1><div>{PROSE}<p hidden>夜里也有电。</p></div><a href='#'>展开全文</a>"
    assert "夜里也有电。" == read_article(f"<body>{html}", "u").parts[-1].text


@pytest.mark.parametrize("words", ["相关链接：", "【延伸阅读】", "相关报道"])
def test_links_to_other_stories_end_a_text(words: str) -> None:
    """Only where what follows is links: 相关链接 may head a text of the paper's own."""
    links = "<p><a href='c2.htm'>井边的老人</a></p><p><a href='c3.htm'>夜班公交</a></p>"
    html = "<h1>老井通电</h1><div>{}<p>{}</p>{}</div>"
    for after, count in ((links, 1), (PROSE, 3)):
        page = html.format(PROSE, words, after + "<p>长按识别二维码关注我们</p>")
        assert count == len(read_article(f"<body>{page}", "u").parts)


@pytest.mark.parametrize(
    ("head", "foot"),
    [
        ("<p>水泵昨天换新</p><i>作者：李明　王芳　来源：青溪报　点击数：2</i>", ""),
        ("", "<p class=zz>（本报记者 李明、王芳）</p>"),
        ("", "<div>本报记者 李明 王芳</div>"),
        ("<p>作者：李明　王芳　来源：青溪报　点击数：21</p>", ""),
        ("<p>来源：青溪报 记者：李明、王芳 时间：08:12</p>", ""),
        ("<p class=sec>青溪报 2026年10月12日 第01版 要闻 <i id=author>李明、王芳</i></p>", ""),
        ("<p class=sec>第01版 <i class='art-author'>李明、王芳</i></p>", ""),
    ],
)
def test_who_wrote_it_is_found_around_the_text(head: str, foot: str) -> None:
    """Below the text, or in a line of the site."""
    html = f"<body><h1>老井通电</h1>{head}<div>{PROSE * 2}</div>{foot}<p>作者：佚名</p>"
    blocks = tuple(article_blocks(read_article(html, "http://e.example/content_1.htm")))
    story = read_issue((Page(number=1, source="", marked=True, blocks=blocks),)).articles[0]
    assert (("李明", "王芳"), 2) == (story.byline, len(story.paragraphs))


def test_a_name_behind_a_break_below_the_headline_is_the_authors() -> None:
    """Kicker, headline, deck and names in one element, parted by breaks."""
    head = "<center><font>三个村受益</font><br><h2>老井通电</h2><br><br>本报记者　李明</center>"
    article = read_article(f"<body>{head}<hr><div>{PROSE}</div>", "u", listed="老井通电")
    assert (["本报记者 李明"], "三个村受益") == (article.authors, article.kicker)


def test_nobody_is_no_author() -> None:
    """佚名 says that it is not known."""
    html = f"<body><h1>老井通电</h1><p>作者：佚名　来源：青溪报</p><div>{PROSE}</div>"
    assert [] == read_article(html, "u").authors


@pytest.mark.parametrize("box", ["section", "div", "td"])
@pytest.mark.parametrize("tag", ["div", "h3", "p"])
def test_the_head_may_stand_in_one_box_with_the_text(box: str, tag: str) -> None:
    """Kicker, deck and names are no paragraphs, whether there or empty; a clause is in doubt."""
    clause = "抽水机昨天换成了新的，三个村的人都来井台边看"
    for kicker, deck in (("三个村受益", ""), ("", clause), ("三个村受益", "水泵昨天换新")):
        head = f"<{tag}>{kicker}</{tag}><h1>老井通电</h1><{tag}>{deck}</{tag}>"
        html = f"<{box}>{head}<{tag}>青溪报记者 李明</{tag}>{PROSE * 3}</{box}>"
        article = read_article(f"<body>{html}", "u", listed="老井通电", paper="青溪报")
        assert (kicker, deck) == (article.kicker, article.deck)
        assert article.running == (deck == clause)
        assert (["青溪报记者 李明"], 3) == (article.authors, len(article.parts))


def test_a_rule_parts_the_text_from_a_link_below_it() -> None:
    """The link stands right behind the rule, in no box of its own."""
    html = f"<b>老井通电</b><hr>{PROSE.replace('p>', 'span>')}<hr><a href=page1.htm>返回本版</a>"
    (part,) = read_article(f"<body>{html}", "u", listed="老井通电").parts
    assert part.text.endswith("。")


def test_lines_of_preformatted_text_are_lines() -> None:
    """As <br> parts them."""
    text = "\n　　三个村的老井上周都通了电。\n　　水泵一按就响，村民都说好。\n"
    parts = read_article(f"<h2>老井通电</h2><pre>{text}</pre>", "u").parts
    assert text.split() == [part.text for part in parts]


@pytest.mark.parametrize(
    "message",
    [
        "对不起，您访问的文章《老井通电》不存在或已被删除，请返回首页。",
        "本文为付费内容，您还没有登录，请登录后阅读全文。新用户注册即送七天。",
        "很抱歉，该页面找不到了！",
        "您没有权限阅读此文章，请购买本期报纸后继续阅读。",
        "剩余八成内容需付费阅读",
        "您还不是会员，开通会员后可继续阅读",
    ],
)
def test_a_site_that_keeps_a_text_back_is_not_read_out(message: str) -> None:
    """Alone it is no story; below the beginning of one, the rest is missing."""
    alone = read_article(f"<h1>老井通电</h1><div id=ozoom><p>{message}</p></div>", "u")
    assert (True, []) == (bool(alone.lost), alone.parts)
    begun = f"<h1>老井通电</h1><div id=ozoom>{PROSE * 3}<p>{message}</p></div>"
    article = read_article(begun, "u")
    assert (True, 3, "") == (article.withheld, len(article.parts), article.lost)
    told = f"<h1>老井通电</h1><div id=ozoom>{PROSE * 3}<p>他说：“{message}”</p></div>"
    assert 4 == len(read_article(told, "u").parts)


@pytest.mark.parametrize(
    "text", ["系统繁忙，请稍后再试。", "您要查看的信息不存在或者还未通过审批！"]
)
def test_a_message_that_is_all_there_is_is_no_story(text: str) -> None:
    """The same words may stand in a story."""
    assert read_article(f"<h1>老井通电</h1><div><p>{text}</p></div>", "u").lost
    story = f"<p>他打开网页，看到的是“{text}”几个字。</p><p>内容已经删除的帖子，还在传。</p>"
    assert 4 == len(read_article(f"<h1>老井通电</h1><div>{PROSE * 2}{story}</div>", "u").parts)


@pytest.mark.parametrize(
    "foot", ["<p>记者 张三 摄</p>", "<p>（作者单位：县文联）</p>", "<p>作者： 来源：青溪报</p>"]
)
def test_not_every_line_around_a_text_names_its_author(foot: str) -> None:
    """Who took the picture did not write it; a field may be empty."""
    html = f"<body><h1>老井通电</h1><div>{PROSE * 2}</div>{foot}</body>"
    assert [] == read_article(html, "u").authors


def test_writers_in_lines_of_their_own_are_all_named() -> None:
    """One after the other below the text; names at several places are those of other stories."""
    lines = "<p>本报通讯员 李明</p><p>本报记者 王芳</p>"
    html = f"<body><h1>老井通电</h1><div>{PROSE * 2}</div>{{}}</body>"
    assert ["本报通讯员 李明", "本报记者 王芳"] == read_article(html.format(lines), "u").authors
    apart = lines.replace("</p><p>", "</p><p>井边的老人</p><p>")
    assert [] == read_article(html.format(apart), "u").authors


def test_what_a_script_fades_in_is_said() -> None:
    """Where the style hides most paragraphs, something shows them; a margin hides nothing."""
    for style in (".t p{display:none}", "p{margin-left:-1000px}", "p.a{visibility:hidden}"):
        html = f"<style>{style}</style><h1>老井通电</h1><div class=t>{PROSE * 3}</div>"
        assert 3 == len(read_article(html.replace("<p>", "<p class=a>"), "u").parts)
