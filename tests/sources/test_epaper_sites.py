"""Sites made up by seed, and what is said of sites of which not all can be read."""

import asyncio
import datetime
import json
from html import escape
from pathlib import Path
from typing import Any

import pytest

from qjaudio.config import Config
from qjaudio.errors import EngineError, NotAnIssueError
from qjaudio.paper.model import Page
from qjaudio.paper.reading import read_issue
from qjaudio.pipeline.reading import understand
from qjaudio.sources.epaper import EpaperSource
from qjaudio.sources.epaper.fetch import Fetched, Fetcher, Limits, _retry_after
from qjaudio.sources.epaper.reading import gather_issue
from qjaudio.sources.epaper.scripts import entries_in, json_values, script_values
from qjaudio.sources.model import SourceContext
from site_pages import first_page, site
from site_server import SiteServer

HOST = "http://epaper.example.cn"
FAST = Limits(pause_s=0, retry_s=0, request_s=15, total_s=60)
BODY = "<div><p>水闸昨天开闸放水，附近的人都来看。</p><p>守闸人说，不用排队等水了。</p></div>"
ARTICLE = f"<html><body><h1>水闸昨天开闸放水</h1>{BODY}</body></html>"
DAY = "/html/2026-03/02/"


class Memory(Fetcher):
    """Answers from documents in memory; those that are no text are addresses to go on to."""

    def __init__(self, documents: dict[str, Any], hosts: tuple[str, ...] = ()) -> None:
        super().__init__(None, FAST, HOST + "/", None, hosts)  # type: ignore[arg-type]
        self.documents = documents
        self.asked: list[str] = []

    async def _twice(self, url: str) -> Fetched | str | None:
        self.asked.append(url)
        found = self.documents.get(url.removeprefix(HOST))
        if isinstance(found, list):
            return str(found[0])
        kind = "application/json" if url.endswith((".json", ".xml")) else "text/html"
        return Fetched(body=found.encode(), kind=kind) if isinstance(found, str) else None


class Answers(Memory):
    """Answers whose lists are JSON, whatever their address ends with."""

    async def _twice(self, url: str) -> Fetched | str | None:
        found = self.documents.get(url.removeprefix(HOST))
        if isinstance(found, list):
            return Fetched(body=found[0].encode(), kind="application/json")
        return await super()._twice(url)


def read(start: str, documents: dict[str, Any], hosts: tuple[str, ...] = ()) -> list[Page]:
    return asyncio.run(gather_issue(Memory(documents, hosts), HOST + start))


def whys(pages: list[Page]) -> str:
    return " ".join(doubt.why for page in pages for doubt in page.doubts)


@pytest.mark.parametrize("seed", [2, 4, 8, 12, 18, 24, 34, 50, 66, 74, 132, 208, 236, 270])
def test_sites_of_all_kinds_are_read_as_written(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Entries, addresses, links, scripts and markup in ways that no rule names."""
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "benchmarks")
    import epaper_sites

    assert [] == epaper_sites.faults(epaper_sites.Maker(seed).make())


ONE = {DAY + "content_1.htm": ARTICLE}
LINK = '<a href="content_1.htm">水闸昨天开闸放水</a>'


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (f"{LINK}<p>第01版：要闻</p><p>第02版：本地</p><p>第03版：副刊</p>", "第02版、第03版"),
        (f"{LINK}<a href='javascript:void(0)'>下一版</a>", "下一版"),
        (f"{LINK}<p>今日8版</p>", "共8版"),
        (f"{LINK}<a href='node_1.htm'>第01版</a><a href='node_2.htm'>第02版</a>", "第02版"),
    ],
)
def test_page_one_alone_is_refused_where_the_site_names_more(page: str, words: str) -> None:
    """Names of pages, a next page and the number of pages that no link leads to."""
    with pytest.raises(NotAnIssueError, match=f"{words}.*only one can be found"):
        read(DAY + "node_1.htm", {DAY + "node_1.htm": page, **ONE})


def test_a_missing_page_of_several_is_a_doubt() -> None:
    """Three pages are named, the third is not there: the first page says so."""
    nav = "".join(f'<a href="node_{n}.htm">第0{n}版：要闻</a>' for n in (1, 2, 3))
    other = '<a href="content_2.htm">夜班公交延到十一点半</a>'
    pages = read(
        DAY + "node_1.htm",
        {DAY + "node_1.htm": nav + LINK, DAY + "node_2.htm": nav + other, **ONE,
         DAY + "content_2.htm": ARTICLE.replace("水闸昨天开闸放水", "夜班公交延到十一点半")},
    )  # fmt: skip
    assert [1, 2] == [page.number for page in pages]
    assert "第03版" in whys(pages)
    assert [(3, "第03版")] == [(d.where.page, d.what) for d in pages[0].doubts if d.kind == "grave"]  # type: ignore[union-attr]
    assert 1 == sum("第03版" in d.what or "第3版" in d.what for d in read_issue(pages).doubts)


CITY = "/szb/20260302/"
TITLES = {n: f"水闸第{n}次开闸放水" for n in (1, 2, 3)}


def city_page(at: int, nav: str, listed: str = "") -> str:
    links = listed or f'<a href="c{at}00.html">{TITLES[at]}</a>'
    return (
        f"<div>青溪日报 2026年3月2日</div><div>第0{at}版：要闻</div>{nav}<ul><li>{links}</li></ul>"
    )


CITY_TEXTS = {
    CITY + f"c{n}00.html": ARTICLE.replace("水闸昨天开闸放水", title) for n, title in TITLES.items()
}


@pytest.mark.parametrize(
    "link", ['<a href="javascript:go({n})">', '<a onclick="go({n})">', '<a href="#" data-p="{n}">']
)
def test_pages_that_a_script_links_are_read_where_their_number_makes_their_address(
    link: str,
) -> None:
    """Where the address of another page answers and calls itself so; else the page is missed."""
    nav = "".join(link.format(n=n) + f"第0{n}版：要闻</a>" for n in (1, 2, 3))
    documents = {CITY + f"0{n}.html": city_page(n, nav) for n in (1, 2, 3)}
    pages = read(CITY + "01.html", documents | CITY_TEXTS)
    assert ([1, 2, 3], "") == ([page.number for page in pages], whys(pages))
    documents[CITY + "03.html"] = documents[CITY + "01.html"]
    assert "第03版" in whys(read(CITY + "01.html", documents | CITY_TEXTS))


def test_the_next_page_is_asked_for_where_only_a_script_turns_to_it() -> None:
    """The last link of a chain of pages is a call; the page after it has no such link."""
    turns = ['<a href="02.html">下一版</a>', '<a href="javascript:next()">下一版</a>', ""]
    documents = {CITY + f"0{n}.html": city_page(n, turn) for n, turn in enumerate(turns, 1)}
    pages = read(CITY + "01.html", documents | CITY_TEXTS)
    assert ([1, 2, 3], "") == ([page.number for page in pages], whys(pages))


@pytest.mark.parametrize(
    ("last", "words"),
    [("<img src=3.jpg>", "第03版"), ("<p>开闸了。</p><p>人都来看。</p>", "第03版")],
)
def test_a_page_without_articles_is_a_doubt_even_if_it_is_the_last(last: str, words: str) -> None:
    """It may be an advert; it may be one whose list a script makes."""
    nav = "".join(f'<a href="0{n}.html">第0{n}版：要闻</a>' for n in (1, 2, 3))
    documents = {CITY + f"0{n}.html": city_page(n, nav, last * (n == 3)) for n in (1, 2, 3)}
    pages = read(CITY + "01.html", documents | CITY_TEXTS)
    assert [1, 2] == [page.number for page in pages]
    assert words in whys(pages)


@pytest.mark.parametrize("title", ["广告", "报头", "今日导读", "责任编辑：李明", "图片新闻"])
def test_an_entry_that_is_no_article_needs_no_text(title: str) -> None:
    """What is a picture, or belongs to the page, is none that was lost."""
    links = LINK + "".join(f'<a href="content_{n}.htm">{title}</a>' for n in (2, 3, 4))
    empty = {
        DAY + f"content_{n}.htm": f"<html><body><h1>{title}</h1></body></html>" for n in (2, 3, 4)
    }
    pages = read(DAY + "node_1.htm", {DAY + "node_1.htm": links, **ONE, **empty})
    assert "" == whys(pages)


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ("<li><a href='javascript:show(7)'>夜班公交延到十一点半</a></li>", "没有链接"),
        ("<li>夜班公交延到十一点半</li>", "没有链接"),
        ("<li><a href='javascript:more()'>加载更多</a></li>", "没有链接"),
        (
            "<li><a href='http://far.example.net/a7.html'>夜班公交延到十一点半</a></li>",
            "far.example.net",
        ),
        ("<li class=head>本版文章导航</li>", ""),
        ("<li><a href='3.pdf'>下载本版的电子文件</a></li>", ""),
        ("<li>水闸第1次开闸放水</li>", ""),
    ],
)
def test_what_stands_in_a_list_of_articles_and_leads_nowhere_is_a_doubt(
    item: str, words: str
) -> None:
    """Not its heading, a file beside it, or a title that leads to an article as well."""
    page = f"<p>要闻</p><ul><li><a href=c100.html>{TITLES[1]}</a></li>{item}</ul>"
    pages = read(CITY + "01.html", {CITY + "01.html": page} | CITY_TEXTS)
    assert bool(words) == bool(whys(pages))
    assert words in whys(pages)


ROW = {"title": "水闸昨天开闸放水", "text": "水闸昨天开闸放水，附近的人都来看。"}


@pytest.mark.parametrize(
    "script",
    [
        "fetch('/api/day/1').then(show)",
        '$.getJSON("/api/day/1", show)',
        "var s = " + json.dumps(json.dumps([{"no": "01", "list": [ROW]}])) + "; JSON.parse(s)",
        "var d = "
        + json.dumps({"pages": [{"pageId": 71, "pageNo": "01"}], "a": [{**ROW, "page_id": 71}]}),
    ],
)
def test_contents_are_found_where_a_script_asks_for_them_or_holds_them(script: str) -> None:
    """An address without an ending, a string that is parsed, pages told by their ids."""
    page = {CITY + "index.html": f"<html><body><script>{script}</script></body></html>"}
    answer = {"/api/day/1": [json.dumps([{"no": "01", "list": [ROW]}])]}
    pages = asyncio.run(gather_issue(Answers(page | answer), HOST + CITY + "index.html"))
    assert (1, "") == (pages[0].number, whys(pages))
    assert ROW["text"] in [line.text for block in pages[0].blocks for line in block.lines]


def test_an_entry_of_a_list_without_text_or_address_is_a_doubt() -> None:
    """Beside others that have them; an object of another kind is none."""
    rows = [ROW, {"title": "夜班公交延到十一点半", "text": ""}, {"id": 3}]
    page = f"<script>var d = {json.dumps(rows)}</script>"
    pages = read(CITY + "01.html", {CITY + "01.html": page})
    assert ["夜班公交延到十一点半"] == [doubt.what for page in pages for doubt in page.doubts]


FRAME = {n: f"<h1>{title}</h1><p>第{n}道闸开了，大家都来看。</p>" for n, title in TITLES.items()}


def day_of(articles: dict[int, str]) -> list[Page]:
    links = "".join(f"<li><a href=c{n}00.html>{TITLES[n]}</a></li>" for n in articles)
    texts = {CITY + f"c{n}00.html": f"<div>{text}</div>" for n, text in articles.items()}
    return read(CITY + "01.html", {CITY + "01.html": f"<ul>{links}</ul>", **texts})


def test_what_all_articles_have_alike_is_the_site_s() -> None:
    """A bar above, a line below; a credit that all share stays, and so does a whole text."""
    bar, tail = "<p>听新闻 朗读 00:12</p>", "<p>打开我们的软件，读起来更方便。</p>"
    pages = day_of({n: f"{bar}{text}{tail}<p>（据新华社）</p>" for n, text in FRAME.items()})
    texts = [line.text for page in pages for block in page.blocks for line in block.lines]
    assert 3 == sum("道闸开了" in text for text in texts)
    assert not [text for text in texts if "软件" in text or "听新闻" in text]
    assert 3 == sum("新华社" in text for text in texts)


@pytest.mark.parametrize(("over", "kept"), [(2, True), (3, False)])
def test_a_kicker_may_stand_over_most_articles_but_not_over_all(over: int, kept: bool) -> None:
    """A column of the paper has stories of one name; a bar of the site is on every page."""
    texts = {n: "<p>身边好榜样</p>" * (n <= over) + text for n, text in FRAME.items()}
    kickers = [x for page in day_of(texts) for x in page.blocks if x.kind == "kicker"]
    assert over * kept == len(kickers)


@pytest.mark.parametrize(("words", "told"), [("本版新闻标题", False), ("查看更多新闻", True)])
def test_what_stands_over_the_lists_of_several_pages_heads_them(words: str, told: bool) -> None:
    """Unless it leads to more of them."""
    nav = "".join(f'<a href="0{n}.html">第0{n}版：要闻</a>' for n in (1, 2))
    documents = {
        CITY + f"0{n}.html": city_page(n, nav).replace("<ul>", f"<ul><li>{words}</li>")
        for n in (1, 2)
    }
    assert told == (words in str(read(CITY + "01.html", documents | CITY_TEXTS)[0].doubts))


def test_an_article_that_leads_elsewhere_is_lost() -> None:
    """A page that does not name it, for readers who log in; a new address of it is followed."""
    page = {CITY + "01.html": "<ul>" + "".join(
        f"<li><a href=c{n}00.html>{TITLES[n]}</a></li>" for n in (1, 2)) + "</ul>"}  # fmt: skip
    moved = {CITY + "c100.html": ["/login.html"], CITY + "c200.html": ["/new/2.html"],
             "/login.html": "<h1>用户登录</h1><p>注册以后，就能读到全部文章。</p>",
             "/new/2.html": CITY_TEXTS[CITY + "c200.html"].replace("水", "&#27700;")}  # fmt: skip
    pages = read(CITY + "01.html", page | moved)
    assert [(TITLES[1], "grave")] == [(d.what, d.kind) for p in pages for d in p.doubts]
    assert "转到 http://epaper.example.cn/login.html" in whys(pages)


def test_the_page_of_news_sends_on_to_the_paper() -> None:
    """The front of a paper's site links to its issue by that name; the issue's own link back does
    not lead away from it.
    """
    front = "".join(f"<a href=/news/{n}9.html>网站今天的第{n}条消息</a>" for n in range(9))
    page = "<a href=/>数字报</a><ul><li><a href=a1.html>水闸第1次开闸放水</a></li></ul>"
    documents = {
        "/": front + "<a href=/dzb/b1.html>电子报</a>",
        "/dzb/b1.html": page,
        "/dzb/a1.html": CITY_TEXTS[CITY + "c100.html"],
    }
    pages = read("/", documents)
    assert [TITLES[1]] == [x.lines[0].text for p in pages for x in p.blocks if x.kind == "headline"]


def test_words_under_a_picture_that_is_a_link_name_the_page() -> None:
    """An entry of pictures of the pages, each with its name beside its link."""
    boxes = "".join(
        f"<div><a href=0{n}.html><img src={n}.jpg></a><p>第0{n}版</p></div>" for n in (1, 2, 3)
    )
    documents = {CITY + f"0{n}.html": city_page(n, "") for n in (1, 2, 3)}
    pages = read(CITY + "index.html", {CITY + "index.html": boxes} | documents | CITY_TEXTS)
    assert ([1, 2, 3], "") == ([page.number for page in pages], whys(pages))


@pytest.mark.parametrize(("words", "alone"), [("第01版：要闻", True), ("要闻", False)])
def test_a_first_page_without_any_other_is_a_doubt(words: str, alone: bool) -> None:
    """It calls itself the first; the links to the others have names that tell no page."""
    page = f"<p>{words}</p><a href=fk.html>副刊</a><li><a href=c100.html>{TITLES[1]}</a></li>"
    pages = read(CITY + "yw.html", {CITY + "yw.html": page} | CITY_TEXTS)
    assert alone == ("只读到第1版" in whys(pages))


def test_scripts_are_asked_for_on_each_page_where_the_first_needed_them() -> None:
    """Every page has a list of its own, written by a script of its own."""
    nav = "".join(f'<a href="0{n}.html">第0{n}版：要闻</a>' for n in (1, 2, 3))
    lists = {
        CITY + f"list{n}.json": json.dumps([{"title": TITLES[n], "url": f"c{n}00.html"}])
        for n in (1, 2, 3)
    }
    documents = {
        CITY + f"0{n}.html": city_page(n, nav, f"<script>show('list{n}.json')</script>")
        for n in (1, 2, 3)
    }
    pages = read(CITY + "01.html", documents | lists | CITY_TEXTS)
    assert ([1, 2, 3], "") == ([page.number for page in pages], whys(pages))


def test_a_frame_inside_a_page_lists_its_articles() -> None:
    """The page names the others itself, so that the list is no entry to the issue."""
    nav = "".join(f'<a href="node_{n}.htm">第0{n}版：要闻</a>' for n in (1, 2))
    documents = {DAY + f"node_{n}.htm": f"{nav}<iframe src=list_{n}.htm>" for n in (1, 2)}
    lists = {DAY + f"list_{n}.htm": f'<a href="content_{n}.htm">水闸第{n}次开</a>' for n in (1, 2)}
    texts = {DAY + f"content_{n}.htm": ARTICLE.replace("昨天", f"第{n}次") for n in (1, 2)}
    pages = read(DAY + "node_1.htm", {**documents, **lists, **texts})
    assert [1, 2] == [page.number for page in pages if page.blocks]


@pytest.mark.parametrize(
    ("article", "kind", "words"),
    [
        (None, "grave", "404"),
        ("<html><body><h1>夜班公交延到十一点半</h1></body></html>", "slight", "没有找到正文"),
        (
            f"<html><body><div id=ozoom>图为夜班公交。</div><div>{BODY * 4}</div></body></html>",
            "",
            "",
        ),
    ],
)
def test_an_article_without_text_is_a_doubt(article: str | None, kind: str, words: str) -> None:
    """One that is not there, one that has no text; far more text elsewhere becomes the text."""
    links = LINK + '<a href="content_2.htm">夜班公交延到十一点半</a>'
    pages = read(
        DAY + "node_1.htm",
        {DAY + "node_1.htm": links, **ONE, DAY + "content_2.htm": article},
    )
    assert [kind] * bool(kind) == [doubt.kind for page in pages for doubt in page.doubts]
    assert words in whys(pages)


def test_articles_of_another_host_need_leave() -> None:
    """The refusal names the host and the setting; with it the articles are read."""
    far = "http://text.example.net"
    links = "".join(f'<a href="{far}{DAY}content_{n}.htm">水闸第{n}次开闸放水</a>' for n in (1, 2))
    documents = {DAY + "node_1.htm": links} | {
        f"{far}{DAY}content_{n}.htm": ARTICLE for n in (1, 2)
    }
    with pytest.raises(NotAnIssueError, match=r"another host: text\.example\.net") as caught:
        read(DAY + "node_1.htm", documents)
    assert 'epaper_hosts = ["text.example.net"]' in caught.value.hint
    pages = read(DAY + "node_1.htm", documents, ("text.example.net",))
    assert 2 == sum(block.kind == "headline" for block in pages[0].blocks)


def test_a_site_that_changes_while_it_is_read_is_left() -> None:
    """An article that leads to that of another day, and undated pages that print two days."""
    moved = {DAY + "node_1.htm": LINK, DAY + "content_1.htm": ["/html/2026-03/03/content_9.htm"],
             "/html/2026-03/03/content_9.htm": ARTICLE}  # fmt: skip
    with pytest.raises(EngineError, match="changed while it was read"):
        read(DAY + "node_1.htm", moved)
    nav = '<a href="p_1.htm">第01版</a><a href="p_2.htm">第02版</a>'
    nav += '<a href="a_{}.htm">水闸{}次开闸放水</a>'
    undated = {f"/p_{n}.htm": f"<p>2026年3月{n}日</p>{nav.format(n, n)}" for n in (1, 2)}
    with pytest.raises(EngineError, match="2026-03-01 and 2026-03-02"):
        read("/p_1.htm", undated | {f"/a_{n}.htm": ARTICLE for n in (1, 2)})


def test_the_picture_of_a_page_is_known() -> None:
    """That with the areas of the articles; its address goes with the page."""
    image = '<img src="../../../2026/01_b.jpg" usemap="#m">'
    image += '<map name="m"><area href="content_1.htm"></map>'
    pages = read(DAY + "node_1.htm", {DAY + "node_1.htm": image, **ONE})
    assert f"{HOST}/2026/01_b.jpg" == pages[0].image


@pytest.mark.parametrize(
    ("paper", "refused"), [("东埠日报", True), ("青溪日报", False), ("青溪日报数字报", False)]
)
def test_another_paper_than_that_of_the_settings_is_an_error(paper: str, refused: bool) -> None:
    """As a wrong date is, when a date is asked for; without one the page's own name counts."""
    page = f"<title>青溪日报数字报</title>{LINK}"
    pages = tuple(read(DAY + "node_1.htm", {DAY + "node_1.htm": page, **ONE}))
    config, day = Config(paper=paper), datetime.date(2026, 3, 2)
    if refused:
        with pytest.raises(NotAnIssueError, match="that of 青溪日报, the settings say 东埠日报"):
            understand(pages, config, day)
        assert "青溪日报" == understand(pages, config).masthead.paper
        assert "东埠日报" == understand(pages, config, day, force=True).masthead.paper
    else:
        assert paper == understand(pages, config, day).masthead.paper


SECOND = ARTICLE.replace("水闸昨天开闸放水", "夜班公交延到十一点半")


def heads(pages: list[Page]) -> list[list[str]]:
    return [[b.lines[0].text for b in page.blocks if b.kind == "headline"] for page in pages]


@pytest.mark.parametrize(
    "frames", ['<iframe src="{}">', '<frameset><frame src="{}"><frame src="p.htm">']
)
def test_frames_are_parts_of_the_page(frames: str) -> None:
    """The list of the articles, or of the pages too, lies in a document of its own."""
    nav = "".join(f'<a href="node_{n}.htm">第0{n}版：要闻</a>' for n in (1, 2))
    documents: dict[str, Any] = {DAY + "content_2.htm": SECOND, DAY + "p.htm": "<p>图</p>", **ONE}
    for n, title in enumerate(("水闸昨天开闸放水", "夜班公交延到十一点半"), 1):
        link = f'<a href="content_{n}.htm" target="main">{title}</a>'
        frame = frames.format(f"list_{n}.htm")
        inside = nav if "frameset" in frames else ""
        documents[f"{DAY}node_{n}.htm"] = frame if inside else nav + frame
        documents[f"{DAY}list_{n}.htm"] = inside + link
    pages = read(DAY + "node_1.htm", documents)
    assert [(1, ["水闸昨天开闸放水"]), (2, ["夜班公交延到十一点半"])] == [
        (page.number, *found) for page, found in zip(pages, zip(heads(pages)), strict=True)
    ]


@pytest.mark.parametrize("link", ["文字版", "[阅读全文]", "HTML"])
@pytest.mark.parametrize("tag", ["h2", "H3"])
def test_a_link_to_the_text_of_a_page_leads_to_all_its_stories(link: str, tag: str) -> None:
    """Each heading of that document begins one; its words are no headline."""
    whole = "".join(
        f"<div><{tag}>{title}</{tag}>{BODY}</div>" for title in ("水闸昨天开闸放水", "夜班公交延到")
    )
    page = f'<p>第01版 <a href="content_9.htm">{link}</a></p>'
    pages = read(DAY + "node_1.htm", {DAY + "node_1.htm": page, DAY + "content_9.htm": whole})
    assert [["水闸昨天开闸放水", "夜班公交延到"]] == heads(pages)
    assert 4 == sum(block.kind == "body" for block in pages[0].blocks)


TITLE, CUT = "水闸昨天开闸放水", '<a href="content_1.htm">水闸昨天…</a>'


@pytest.mark.parametrize(
    ("link", "article", "title", "words"),
    [
        (f'<a href="content_1.htm" title="{TITLE}">水闸昨天...</a>', "<p>01</p>", TITLE, ""),
        (CUT, f"<div><span>{TITLE}</span><i>01</i></div>", TITLE, ""),
        (CUT, f"<title>{TITLE}_青溪日报</title>", TITLE, ""),
        (CUT, "<title>青溪日报</title>", "水闸昨天…", "列表里的标题不完整"),
        (
            f'<map><area href="content_1.htm" title="{TITLE}"></map>',
            "<title>青溪日报</title>",
            TITLE,
            "",
        ),
    ],
)
def test_the_whole_title_is_found(link: str, article: str, title: str, words: str) -> None:
    """Where a list cuts it, or the window of each article has the name of the paper."""
    page = f"<title>青溪日报数字报</title>{link}"
    pages = read(
        DAY + "node_1.htm", {DAY + "node_1.htm": page, DAY + "content_1.htm": article + BODY}
    )
    assert ([[title]], words) == (heads(pages), whys(pages)[: len(words) or None])


def test_the_names_of_pages_tell_the_articles_below_them() -> None:
    """Some systems keep these apart from the issue that lists them."""
    stories = {f"/post/{n}": f"水闸昨天开闸放水{n}" for n in (71, 72)}
    links = [f'<a href="{url}">{title}</a>' for url, title in stories.items()]
    listed = (
        f"<a href='/about/3'>关于青溪校报</a><h2>第01版</h2>{links[0]}<h2>第02版</h2>{links[1]}"
    )
    documents = {url: f"<h1>{title}</h1>{BODY}" for url, title in stories.items()}
    pages = read("/issues/88", {"/issues/88": f"<title>青溪校报</title>{listed}", **documents})
    assert [(1, ["水闸昨天开闸放水71"]), (2, ["水闸昨天开闸放水72"])] == [
        (page.number, *heads([page])) for page in pages
    ]


def test_the_line_of_the_site_names_the_author() -> None:
    """In a row of words without spaces; bullets of a list are no part of the title."""
    info = "<p><b>2026-03-02 08:00</b><b>来源：青溪日报</b><b>作者：李明 王芳</b></p>"
    for head in (f"<h1>{TITLE}</h1>{info}", "<p>标题：水闸放水</p><p>作者：李明 王芳</p>"):
        page = f'<a href="content_1.htm">· {TITLE}</a>'
        documents = {
            DAY + "node_1.htm": page,
            DAY + "content_1.htm": head + BODY + "<p>【纠错】</p>",
        }
        (story,) = read_issue(read(DAY + "node_1.htm", documents)).articles
        assert (TITLE, ("李明", "王芳"), 2) == (
            story.headline.main, story.byline, len(story.paragraphs)
        )  # fmt: skip


def test_crossheads_under_the_headline_of_an_article_do_not_part_it() -> None:
    """Even where the link to it says no title."""
    article = f"<h1>{TITLE}</h1>{BODY}<h2>不用排队</h2>{BODY}<h2>夜里也开</h2>{BODY}"
    page = '<a href="content_1.htm">[阅读全文]</a>'
    pages = read(DAY + "node_1.htm", {DAY + "node_1.htm": page, DAY + "content_1.htm": article})
    assert [[TITLE]] == heads(pages)


def test_the_title_of_an_area_counts_where_the_article_has_it() -> None:
    """Some are the name of the page."""
    page = '<map><area href="content_1.htm" title="社会民生版面"></map>'
    pages = read(DAY + "node_1.htm", {DAY + "node_1.htm": page, **ONE})
    assert [[TITLE]] == heads(pages)
    bare = {DAY + "node_1.htm": page, DAY + "content_1.htm": BODY.replace("水闸昨天", "今天")}
    assert [["社会民生版面"]] == heads(read(DAY + "node_1.htm", bare))


def test_one_title_for_many_articles_is_a_doubt() -> None:
    """It may be the name of a column."""
    links = "".join(f'<a href="content_{n}.htm">读者来信</a>' for n in (1, 2, 3))
    texts = {f"{DAY}content_{n}.htm": f"<h1>读者来信</h1>{BODY}" for n in (1, 2, 3)}
    assert 3 == whys(read(DAY + "node_1.htm", {DAY + "node_1.htm": links, **texts})).count("3篇")


def test_a_site_without_a_name_has_none() -> None:
    """No paper is made up for it."""
    pages = tuple(read(DAY + "node_1.htm", {DAY + "node_1.htm": LINK, **ONE}))
    assert "" == understand(pages, Config()).masthead.paper
    with pytest.raises(NotAnIssueError, match="which paper it is"):
        understand(pages, Config(), datetime.date(2026, 3, 2))


def test_robots_txt_is_kept_to() -> None:
    """What it forbids is not asked for, and the message says what to do; another name may."""
    robots = b"User-agent: *\nDisallow: /html/\n\nUser-agent: radio-qx\nDisallow:\n"
    with SiteServer(
        site("founder"), robots=(200, robots, {"Content-Type": "text/plain"})
    ) as server:
        address = server.url + first_page("founder")
        with pytest.raises(NotAnIssueError, match=r"robots\.txt") as caught:
            list(EpaperSource(limits=FAST).pages(address))
        assert ([], True) == (server.asked, "epaper_user_agent" in caught.value.hint)
        context = SourceContext(user_agent="radio-qx/1.0")
        assert list(EpaperSource(context, limits=FAST).pages(address))
    assert {"radio-qx/1.0"} == server.agents


def test_a_site_may_ask_for_a_longer_pause() -> None:
    """Crawl-delay of robots.txt, up to half a minute."""
    for delay, pause in (("2", 2.0), ("900", 30.0)):
        fetcher = Memory({"/robots.txt": f"User-agent: *\nCrawl-delay: {delay}\n"})
        fetcher.documents["/robots.json"] = fetcher.documents.pop("/robots.txt")
        asyncio.run(_load_robots(fetcher))
        assert pause == fetcher.pause_s


async def _load_robots(fetcher: Memory) -> None:
    plain = Fetched(body=fetcher.documents["/robots.json"].encode(), kind="text/plain")
    fetcher._twice = lambda _: _answer(plain)  # type: ignore[method-assign]
    await fetcher._check_allowed(HOST + "/")


async def _answer(fetched: Fetched) -> Fetched:
    return fetched


@pytest.mark.parametrize(
    ("value", "least", "most"),
    [
        ("120", 120, 120),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0, 0),
        ("soon", None, None),
        ("", None, None),
    ],
)
def test_retry_after_is_a_number_or_a_date(
    value: str, least: float | None, most: float | None
) -> None:
    """RFC 9110, section 10.2.3; a time that has passed is now."""
    assert _retry_after(value) == least == most


@pytest.mark.parametrize(
    "script",
    [
        "var a = [" * 5000,
        "var a = " + "[" * 5000 + "]" * 5000,
        "var a = {title: '水闸', url: 'x.htm'",
        "var a = '" + "x" * 300_000,
        "JSON.parse('{\\u')",
        "/*" * 50_000,
        "",
    ],
)
def test_scripts_may_hold_anything(script: str) -> None:
    """Brackets without end, strings without end: no entries, soon, and no error."""
    assert [] == [entry for value in script_values(script) for entry in entries_in(value)]


def test_json_that_is_nested_without_end_is_refused() -> None:
    """10,000 levels; text that is no JSON holds nothing."""
    with pytest.raises(NotAnIssueError, match="nested too deeply"):
        json_values("[" * 10_000 + "]" * 10_000, "data.json")
    assert [] == json_values("<html>", "data.json") == json_values("", "data.json")


def test_addresses_in_json_stay_on_the_site() -> None:
    """Other hosts, other schemes and other days are left out."""
    rows = [
        {"title": "水闸昨天开闸放水", "url": url}
        for url in ("http://169.254.169.254/1.html", "file:///etc/1.html", "../01/content_1.htm",
                    "//127.0.0.1:9/2.html", "content_1.htm")
    ]  # fmt: skip
    page = f"<script>var list = {json.dumps(rows)};</script>"
    fetcher = Memory({DAY + "node_1.htm": page, **ONE})
    asyncio.run(gather_issue(fetcher, HOST + DAY + "node_1.htm"))
    asked = {url.removeprefix(HOST) for url in fetcher.asked}
    assert {"/robots.txt", DAY + "node_1.htm", DAY + "content_1.htm"} == asked


@pytest.mark.parametrize("pages", [2, 3])
@pytest.mark.parametrize("lost", [False, True])
def test_an_article_on_several_pages_is_read_to_its_end(pages: int, lost: bool) -> None:
    """Behind 下一页 the text goes on; where such a page is missing, that is a doubt."""
    names = ["content_1.htm", *(f"content_1_{n}.htm" for n in range(2, pages + 1))]
    texts = [f"水闸的第{n}段修了很久。" for n in range(1, pages + 1)]
    documents = {DAY + "node_1.htm": LINK}
    for name, text, onward in zip(names, texts, [*names[1:], names[0]], strict=True):
        body = f"<h1>水闸昨天开闸放水</h1><div id='ozoom'><p>{text}</p></div>"
        documents[DAY + name] = f"<html><body>{body}<a href='{onward}'>下一页</a></body></html>"
    if lost:
        del documents[DAY + names[-1]]
    found = read(DAY + "node_1.htm", documents)
    (article,) = read_issue(found).articles
    assert texts[: pages - lost] == list(map(str, article.paragraphs))
    assert lost == ("下一页" in whys(found))


STORY = "<p>水闸昨天开闸放水，附近的人都来看。</p><p>守闸人说，不用排队等水了。</p>"
OTHER = "<p>村里的老井上周重新出水。</p>"
TWO = (
    ("水闸昨天开闸放水", ["水闸昨天开闸放水，附近的人都来看。", "守闸人说，不用排队等水了。"]),
    ("村里的老井重新出水", ["村里的老井上周重新出水。"]),
)
ANCHORS = (
    f"<ul><li><a href='#a'>{TWO[0][0]}</a></li><li><a href='#b'>{TWO[1][0]}</a></li></ul>"
    f"<a name='a'></a><h3>{TWO[0][0]}</h3>{STORY}<a href='#top'>回到顶部</a>"
    f"<a name='b'></a><p>老井旧貌换新</p><h3>{TWO[1][0]}</h3>{OTHER}<a href='#top'>回到顶部</a>"
)
HIDDEN = "".join(
    f"<area href='javascript:show({at})' title='{head}'>" for at, (head, _) in enumerate(TWO)
) + "".join(
    f"<div id='n{at}' style='display:none'><i>关闭</i><div>{head}</div><div>{body}</div></div>"
    for at, ((head, _), body) in enumerate(zip(TWO, (STORY, OTHER), strict=True))
)
FRAMED = "<div>今日石桥 2026年3月2日</div><iframe src='content_1_text.htm' width='100%'></iframe>"


@pytest.mark.parametrize(
    ("documents", "heads"),
    [
        ({"node_1.htm": ANCHORS}, 2),
        ({"node_1.htm": HIDDEN}, 2),
        ({"node_1.htm": LINK, "content_1.htm": FRAMED, "content_1_text.htm": ARTICLE}, 1),
        ({"node_1.htm": "<div data-list=\"[{&quot;t&quot;:&quot;水闸昨天开闸放水&quot;,"
          "&quot;u&quot;:&quot;content_1.htm&quot;}]\"></div>", "content_1.htm": ARTICLE}, 1),
        ({"node_1.htm": "<script>var d='" + DAY + "', n = \"node_2\";"
          "location.replace(d + n + '.htm')</script>",
          "node_2.htm": LINK, "content_1.htm": ARTICLE}, 1),
        ({"node_1.htm": LINK, "content_1.htm": "<div id=s></div><textarea>" + escape(STORY)
          + "</textarea>"}, 1),
        ({"node_1.htm": LINK, "content_1.htm": "<script type='application/ld+json'>" + json.dumps(
            {"headline": TWO[0][0], "author": [{"name": "李明"}], "body": "\n".join(TWO[0][1])}
          ) + "</script>"}, 1),
        ({"node_1.htm": "<a href=' .\\content_1.htm '>水闸昨天开闸放水</a>",
          "content_1.htm": ARTICLE}, 1),
        ({"node_1.htm": "<a href='show.do;sid=9A0C?id=1'>水闸昨天开闸放水</a>",
          "show.do;sid=9A0C?id=1": ARTICLE}, 1),
        ({"node_1.htm": "<p>第1版</p>" + "".join(
            f"<h3>{head}</h3>{body}<h5>下一篇的引题</h5>"
            for (head, _), body in zip(TWO, (STORY, OTHER), strict=True))}, 2),
        ({"node_1.htm": "<script>$.get('list.xml')</script>", "content_1.htm": ARTICLE,
          "list.xml": "<?xml version='1.0'?><day><page no='1'><article title='水闸昨天开闸放水'"
          " src='content_1.htm'/></page></day>"}, 1),
    ],
)  # fmt: skip
def test_texts_that_no_plain_link_leads_to_are_read(documents: dict[str, str], heads: int) -> None:
    """On the page itself under a list, hidden, in a frame; behind an address put together."""
    found = {
        DAY + name: page if page[:2] == "<?" else f"<html><body>{page}</body></html>"
        for name, page in documents.items()
    }
    articles = read_issue(read(DAY + "node_1.htm", found)).articles
    told = [(one.headline.main, [str(row) for row in one.paragraphs]) for one in articles]
    assert [*TWO[:heads]] == told


def test_the_index_of_a_list_in_a_script_is_the_page() -> None:
    """pages[2] = {…} holds the articles of the second page."""
    rows = "".join(
        f"pages[{at}]={{arts:[['content_{at}.htm','{head}']]}};"
        for at, (head, _) in enumerate(TWO, 1)
    )
    documents = {
        DAY + "node_1.htm": f"<html><body><script>var pages=[];{rows}</script></body></html>",
        DAY + "content_1.htm": ARTICLE,
        DAY + "content_2.htm": f"<html><body><h1>{TWO[1][0]}</h1><div>{OTHER}</div></body></html>",
    }
    issue = read_issue(read(DAY + "node_1.htm", documents))
    assert [(1, TWO[0][0]), (2, TWO[1][0])] == [(x.page, x.headline.main) for x in issue.articles]


def test_an_issue_may_list_articles_in_folders_of_their_day() -> None:
    """As WordPress does; those of another day are not read, nor what stands around a text."""
    post = f"<h1>{TWO[0][0]}</h1><div class='entry-content'>{STORY}<h3>共享此文章：</h3></div>"
    lists = "".join(
        f"<a href='/2026/03/{day}/'>{head}</a>"
        for day, head in (("02/7", TWO[0][0]), ("02/8", TWO[1][0]), ("01/5", "昨天的旧文章在这里"))
    )
    documents = {
        "/issue/30/": f"<html><body>{lists}</body></html>",
        "/2026/03/02/7/": f"<html><body>{post}</body></html>",
        "/2026/03/02/8/": f"<html><body><h1>{TWO[1][0]}</h1><div>{OTHER}</div></body></html>",
    }
    articles = read_issue(read("/issue/30/", documents)).articles
    assert [*TWO] == [(x.headline.main, [str(row) for row in x.paragraphs]) for x in articles]


def test_a_table_in_a_text_is_left_out() -> None:
    """One of short cells; one that places the text is not."""
    cells = "".join(
        f"<tr><td>{name}</td><td>{n}</td></tr>" for n, name in enumerate(("租金", "养鱼"))
    )
    page = f"<html><body><h1>水闸</h1><div>{STORY}<table>{cells}</table>{OTHER}</div></body></html>"
    issue = read_issue(
        read(DAY + "node_1.htm", {DAY + "node_1.htm": LINK, DAY + "content_1.htm": page})
    )
    (one,) = issue.articles
    assert TWO[0][1] + TWO[1][1] == [str(row) for row in one.paragraphs]
    assert ["table"] == [row.kind for row in issue.left_out if "租金" in row.text]


def test_an_address_that_a_script_computes_is_not_guessed() -> None:
    """A part of it is no address: the site is refused."""
    page = "<script>location.href = 'html/' + new Date().getTime() + '.htm'</script>"
    with pytest.raises(NotAnIssueError, match="links to no article"):
        read(DAY + "node_1.htm", {DAY + "node_1.htm": f"<html><body>{page}</body></html>"})


def test_lines_around_a_headline_in_the_text_are_not_text() -> None:
    """Where only the size of type tells them: the kicker above it, the deck below it."""
    head, body = TWO[0]
    rows = ["北乡水利", head, "——三个村不用等水", *body]
    page = "<html><body><div>" + "".join(f"<p>{row}</p>" for row in rows) + "</div></body></html>"
    (one,) = read_issue(
        read(DAY + "node_1.htm", {DAY + "node_1.htm": LINK, DAY + "content_1.htm": page})
    ).articles
    assert (rows[0], body) == (one.headline.kicker, [str(row) for row in one.paragraphs])
    assert "三个村不用等水" in str(one.headline.deck)


def test_the_date_in_a_scripts_json_counts() -> None:
    """Where neither the address nor the page names a day."""
    rows = [{"title": head, "content": "".join(body) * 2} for head, body in TWO]
    value = json.dumps({"props": {"date": "2026-03-02", "list": rows}}, ensure_ascii=False)
    page = f"<html><body><script>var data = {value};</script></body></html>"
    assert "2026-03-02" == read_issue(read("/day.htm", {"/day.htm": page})).masthead.date


@pytest.mark.parametrize("there", [3, 1])
def test_a_script_may_only_number_the_pages(there: int) -> None:
    """Their addresses are made from that of the first; one that is not there is not passed over."""
    names = [f"/2026/20260302/20260302_00{at}" for at in (1, 2, 3)]
    documents = {}
    for at, name in enumerate(names[:there]):
        head, body = TWO[at % 2]
        own = f"{name}/20260302_00{at + 1}"
        listed = f"<script>var all='001,002,003';</script><a href='{own}_1.html'>{head}全镇</a>"
        documents[f"{own}.html"] = f"<html><body>{listed}</body></html>"
        rows = "".join(f"<p>{row}</p>" for row in body)
        documents[f"{own}_1.html"] = f"<h1>{head}全镇</h1><div>{rows}</div>"
    start = f"{names[0]}/20260302_001.html"
    if there == 1:
        with pytest.raises(NotAnIssueError, match="only one can be found"):
            read(start, documents)
    else:
        assert [1, 2, 3] == [page.number for page in read(start, documents)]


def test_page_and_article_may_differ_in_the_query_alone() -> None:
    """`/?date=…&code=001` is the page, with `&id=1` its article."""
    (head, body), start = TWO[0], "/?date=2026-03-02&code=001"
    page = f"<html><body><a href='{start}&id=1'>{head}全镇</a></body></html>"
    text = f"<h1>{head}全镇</h1><div>" + "".join(f"<p>{row}</p>" for row in body) + "</div>"
    assert [[f"{head}全镇"]] == heads(read(start, {start: page, f"{start}&id=1": text}))


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("/szb/{}b/", "第{}版"),
        ("/paper/1287/{}/", "第0{}版：综合"),
        ("/szb/page{}/index.html", "0{}版"),
    ],
)
def test_pages_without_a_date_may_have_folders_of_their_own(form: str, words: str) -> None:
    """The articles of each lie in its folder; a page that is nowhere is told of."""
    nav = "".join(f'<a href="{form.format(n)}">{words.format(n)}</a>' for n in (1, 2))
    titles = {1: TITLE, 2: "夜班公交延到十一点半"}
    documents: dict[str, Any] = {
        form.format(n): f'{nav}<ul><li><a href="t{n}8.html">{title}</a></ul>'
        for n, title in titles.items()
    }
    for n, title in titles.items():
        name = form.format(n).removesuffix("index.html") + f"t{n}8.html"
        documents[name] = ARTICLE.replace(TITLE, title)
    assert [[title] for title in titles.values()] == heads(read(form.format(1), documents))
    with pytest.raises(NotAnIssueError, match="only one can be found"):
        read(form.format(1), documents | {form.format(2): None})


@pytest.mark.parametrize("last", [False, True])
def test_all_pages_of_an_article_are_read_in_order(last: bool) -> None:
    """A pager names some of them on each page; one that is missing is a doubt."""
    documents: dict[str, Any] = {DAY + "node_1.htm": LINK}
    for n in range(1, 12):
        shown = sorted({1, 11, n - 1, n, n + 1} & {*range(1, 12)} - {n})
        links = "".join(f"<a href='content_1{f'_{x}' * (x > 1)}.htm'>{x}</a>" for x in shown)
        body = f"<h1>{TITLE}</h1><div><p>第{n}天，水闸放水，附近的人都来看。</p></div>{links}"
        documents[f"{DAY}content_1{f'_{n}' * (n > 1)}.htm"] = f"<html><body>{body}</body></html>"
    if last:
        del documents[DAY + "content_1_11.htm"]
    pages = read(DAY + "node_1.htm", documents)
    texts = [b.lines[0].text for page in pages for b in page.blocks if b.kind == "body"]
    assert [f"第{n}天" for n in range(1, 12 - last)] == [text.split("，")[0] for text in texts]
    assert last == ("下一页" in whys(pages))


@pytest.mark.parametrize(
    ("pager", "told"),
    [
        ("<a href='javascript:turn(2)'>下一页</a>", True),
        ("<b onclick='turn(2)'>[下一页]</b>", True),
        ("<p><a href='javascript:turn(1)'>1</a> <a href='javascript:turn(2)'>2</a></p>", True),
        ("<ul><li><b>1</b></li><li><b onclick='turn(2)'>2</b></li><li>&gt;</li></ul>", True),
        ("<p>有<a href='javascript:zan(2)'>2</a>人说好</p>", False),
        ("<script>var pageCount = 3; draw(pageCount);</script>", True),
        ("<script>pager({totalPages: '2', at: 1})</script>", True),
        ("<script>var pageCount = 1;</script><a href='javascript:void(0)'>12</a>", False),
    ],
)
def test_a_pager_that_a_script_writes_is_a_doubt(pager: str, told: bool) -> None:
    """No link leads to the rest of the text."""
    documents = {DAY + "node_1.htm": LINK, DAY + "content_1.htm": ARTICLE + pager}
    assert told == ("下一页" in whys(read(DAY + "node_1.htm", documents)))


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["2026年3月1日 星期日"] * 2, True),
        (["今日水乡 2026年02月28日　星期六"] * 2, True),
        (["2026年3月1日 星期日", "2026年3月2日 星期一"], False),
        (["今天是2026年2月28日 星期六"] * 2, False),
        (["2026年11月28日 星期六"] * 2, False),
    ],
)
def test_mastheads_of_an_older_day_are_a_doubt(lines: list[str], told: bool) -> None:
    """A site may serve yesterday's pages under today's address."""
    nav = '<a href="node_1.htm">第01版：要闻</a><a href="node_2.htm">第02版：副刊</a>'
    documents = dict(ONE)
    for n, line in enumerate(lines, start=1):
        title, name = f"夜里也能借书{n}", f"content_{n}7.htm"
        link = f'<a href="{name}">{title}</a>'
        documents[f"{DAY}node_{n}.htm"] = f"<div>{line}</div>{nav}<ul><li>{link}</ul>"
        documents[DAY + name] = ARTICLE.replace("水闸昨天开闸放水</h1>", f"{title}</h1>")
    assert told == ("前一期" in whys(read(DAY + "node_1.htm", documents)))


@pytest.mark.parametrize("title", ["水闸昨天开闸放水", "夜市开张"])
@pytest.mark.parametrize("name", ["art10", "c7", "story42"])
def test_articles_with_short_numbers_are_no_pages(name: str, title: str) -> None:
    """Where a system's pages are called so, too, a look of its own and a title tell them."""
    day = "/mag/20260302/"
    documents = {
        day + "index.html": "<iframe src=nav.html></iframe><iframe src=ban01.html></iframe>",
        day + "nav.html": "<a href=ban01.html>01版：要闻</a><a href=ban02.html>02版：副刊</a>",
        day + "ban01.html": f"<h3>01版</h3><p><a href={name}.html>{title}</a></p>",
        day + "ban02.html": f"<h3>02版</h3><p><a href={name[:-1]}9.html>夜里也能借书</a></p>",
        f"{day}{name}.html": ARTICLE.replace("水闸昨天开闸放水</h1>", f"{title}</h1>"),
        f"{day}{name[:-1]}9.html": ARTICLE.replace("水闸昨天开闸放水</h1>", "夜里也能借书</h1>"),
    }
    assert [[title], ["夜里也能借书"]] == heads(read(day + "index.html", documents))


@pytest.mark.parametrize("times", [1, 2])
def test_markup_that_json_holds_escaped_is_no_text(times: int) -> None:
    """Systems escape the text of a field for a page; a sign of the text's own stays."""
    text = "<p>&nbsp;&nbsp;水闸开闸，水深&lt;3米。</p><p>人们都来看，等了很久。</p>"
    for _ in range(times):
        text = escape(text)
    rows = [{"title": "水闸&ldquo;开闸&rdquo;", "content": text, "page": 1}]
    page = f"<script>var d = {json.dumps(rows, ensure_ascii=False)};</script>"
    pages = read(DAY + "node_1.htm", {DAY + "node_1.htm": page})
    found = [b.lines[0].text for b in pages[0].blocks if b.kind in ("headline", "body")]
    assert ["水闸“开闸”", "水闸开闸，水深<3米。", "人们都来看，等了很久。"] == found


def test_a_frame_may_send_its_reader_on() -> None:
    """By a refresh, to the first page of the issue."""
    documents = {
        "/p/index.htm": '<frameset rows="*"><frame src="c/first.htm"></frameset>',
        "/p/c/first.htm": '<meta http-equiv=refresh content="1;url=20260302/Page01.htm">',
        "/p/c/20260302/Page01.htm": '<p>第01版</p><a href="a1.htm">水闸昨天开闸放水</a>',
        "/p/c/20260302/a1.htm": ARTICLE,
    }
    assert [[TITLE]] == heads(read("/p/index.htm", documents))


@pytest.mark.parametrize("form", ["<h3>{}</h3>", "<p class=yt>{}</p>", "<div>{}</div>"])
def test_stories_in_tabs_of_a_page_keep_their_kickers(form: str) -> None:
    """The line over the headline in its own box; none where there is none."""
    list_ = "".join(f'<li><a href="#a{n}">{t}</a>' for n, t in enumerate((TITLE, "夜班公交延到")))
    tabs = f"<div id=a0>{form.format('三个村受益')}<h2>{TITLE}</h2><h3>不用排队</h3>{BODY}</div>"
    tabs += f"<div id=a1>{form.format('')}<h2>夜班公交延到</h2>{BODY}</div>"
    page = f"<p>2026年3月2日</p><ul>{list_}</ul>{tabs}"
    stories = read_issue(read(DAY + "node_1.htm", {DAY + "node_1.htm": page})).articles
    assert [("三个村受益", "不用排队"), ("", "")] == [
        (story.headline.kicker, story.headline.deck) for story in stories
    ]
    assert [2, 2] == [len(story.paragraphs) for story in stories]


def test_a_front_that_lists_issues_leads_to_the_newest() -> None:
    """By number and date, each to its first page; the articles of a day are no such list."""
    rows = "".join(f'<a href="2026-03-0{n}/1.html">第10{n}期（2026年3月{n}日）</a>' for n in (1, 2))
    page = '<a href="1.html">一版</a><a href="2.html">二版</a><a href="{}8.html">{}</a>'
    texts = {"1": TITLE, "2": "夜班公交延到十一点半"}
    documents = {"/szb/": f"{rows}<a href='?p=2'>下一页</a>"}
    documents |= {f"/szb/2026-03-02/{n}.html": page.format(n, title) for n, title in texts.items()}
    documents |= {
        f"/szb/2026-03-02/{n}8.html": ARTICLE.replace(TITLE, title) for n, title in texts.items()
    }
    assert [[title] for title in texts.values()] == heads(read("/szb/", documents))


@pytest.mark.parametrize("called", [True, False])
def test_an_advert_among_the_articles_of_a_site_is_left_out(called: bool) -> None:
    """By what adverts say, as on other pages; news that names a telephone stays."""
    shop = "<p>湖景洋房火热开盘，首付三万元起，到访有礼。</p>{}"
    line = (
        "<p>贵宾专线：0391-8866666</p>" if called else "<p>地址：滨河路8号　热线：0391-8866666</p>"
    )
    texts = {"湖景洋房国庆钜惠": shop.format(line), TITLE: BODY + "<p>咨询电话：0391-8866666。</p>"}
    links = "".join(f'<a href="content_{n}.htm">{title}</a>' for n, title in enumerate(texts))
    documents = {DAY + "node_1.htm": links} | {
        f"{DAY}content_{n}.htm": f"<h1>{title}</h1><div>{text}</div>"
        for n, (title, text) in enumerate(texts.items())
    }
    issue = read_issue(read(DAY + "node_1.htm", documents))
    assert [TITLE] == [story.headline.main for story in issue.articles]
    assert {"advert", "editors"} >= {row.kind for row in issue.left_out}


@pytest.mark.parametrize(
    ("inside", "title"),
    [
        (f"<span class=no>1</span><span>{TITLE}</span>", TITLE),
        (f"<i class=num>12.</i> {TITLE}", TITLE),
        (f"<em>3</em><b>{TITLE}</b>", TITLE),
        (f"<span>3</span>座{TITLE}", f"3座{TITLE}"),
        (f"<span class=t>3座{TITLE}</span>", f"3座{TITLE}"),
    ],
)
def test_the_number_of_an_item_is_no_part_of_its_title(inside: str, title: str) -> None:
    """It stands in an element of its own; the article may not repeat its title."""
    link = f"<div onclick=\"show('content_1.htm')\">{inside}</div>"
    pages = read(DAY + "node_1.htm", {DAY + "node_1.htm": link, DAY + "content_1.htm": BODY})
    assert [[title]] == heads(pages)
