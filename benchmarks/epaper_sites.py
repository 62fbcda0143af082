"""E-paper sites made up by seed, and how many of them are read as they were written.

    python benchmarks/epaper_sites.py --seeds 0-199 --parity odd
    python benchmarks/epaper_sites.py --show 7        # the pages of one site

Each site has its own scheme of addresses, way of naming its pages and articles (links, other
attributes, scripts, JSON, one folder a page, one page for the whole issue), markup of an article,
words around it, charset, entry and name. The rules were tuned on even seeds; odd ones are the
measure. Nothing is fetched: the pages lie in memory.
"""

import argparse
import asyncio
import collections
import datetime
import json
import random
import re
import sys
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from qjaudio.errors import QjaudioError
from qjaudio.paper.model import Page, issue_json
from qjaudio.paper.reading import read_issue
from qjaudio.sources.epaper.fetch import Fetched, Fetcher, Limits
from qjaudio.sources.epaper.reading import gather_issue

PLACES = [
    "青溪",
    "石桥",
    "柳塘",
    "枫林",
    "渡口",
    "云岭",
    "白鹭",
    "竹口",
    "南湾",
    "东埠",
    "梅坞",
    "荷塘",
    "松岗",
    "沙洲",
    "北渡",
]
PEOPLE = [
    "老冯",
    "林婶",
    "周师傅",
    "小孟",
    "何大伯",
    "盛阿姨",
    "陶老师",
    "邱医生",
    "骆站长",
    "祝大姐",
    "俞会计",
    "柯教练",
]
THINGS = [
    "水闸",
    "老井",
    "夜班公交",
    "图书馆",
    "菜市场",
    "桥灯",
    "茶园",
    "旧校舍",
    "渔船",
    "食堂",
    "步道",
    "苗圃",
    "泵站",
    "村史馆",
    "球场",
    "书屋",
]
DEEDS = [
    "重新开放",
    "换了新颜",
    "迎来首批客人",
    "装上了新灯",
    "添了三间屋子",
    "修好了屋顶",
    "开始试运行",
    "改了开放时间",
    "通了热水",
    "办起夜校",
]
ENDS = [
    "孩子们最高兴",
    "大家都说方便",
    "老人不再跑远路",
    "门口排起了队",
    "周末还要办集市",
    "账目贴在墙上",
]
OPENINGS = ["从{n}月起，{p}的{t}{d}，{e}。", "{p}的{t}昨天{d}，附近{n}个村的人都来看，{e}。",
            "“等了{n}年，总算{d}了。”{w}站在{t}门口说，{e}。"]  # fmt: skip
MIDDLES = ["{w}算了一笔账：{t}一年要用{n}0吨水，如今省下一半，{e}。",
           "为了{t}，{p}一共开了{n}次会，每次都有{w}在场，{e}。",
           "{w}说：“以前去{t}要走{n}里路，遇上下雨更难。”现在不用了，{e}。",
           "{p}打算明年再修{n}处{t}，钱从哪里来、谁来管，都要先问过村里人。"]  # fmt: skip
KINDS = ["日报", "晚报", "早报", "新报", "商报", "都市报", "导报", "时报"]
WORDS = [
    "abc",
    "press",
    "daily",
    "city",
    "lake",
    "river",
    "hill",
    "east",
    "szb",
    "epaper",
    "dzb",
    "bao",
]
PAGE_WORDS = ["node", "page", "ban", "bm", "face", "sheet", "v", "p", "n", "l", "index", "layout"]
ARTICLE_WORDS = [
    "content",
    "c",
    "article",
    "art",
    "story",
    "con",
    "text",
    "nr",
    "detail",
    "a",
    "news",
    "t",
]
SECTIONS = [
    "要闻",
    "本地",
    "经济",
    "文化",
    "民生",
    "体育",
    "副刊",
    "科教",
    "时评",
    "国内",
    "综合",
    "生活",
]
LABELS = ["第01版：要闻", "第01版：要闻", "01版", "第1版 要闻", "A01：要闻", "第一版",
          "0001版:要闻", "第01版要聞"]  # fmt: skip
WAYS = ["links", "links", "attribute", "onclick", "javascript", "next", "whole", "grouped",
        "script", "rows", "json", "json named", "json text", "options", "other host", "areas",
        "numbers", "entry alone", "written", "hot box", "external"]  # fmt: skip
SCHEMES = ["flat", "flat", "trees", "folders", "dated folders", "dated files", "query",
           "query without date", "code", "bare folders"]  # fmt: skip
ENTRIES = ["direct", "direct", "refresh", "script", "script replace", "index", "frame",
           "variable", "onload", "alias", "shown"]  # fmt: skip
NEED_DATE = ("next", "options", "numbers", "entry alone")
"""Ways to the other pages that say nothing without a date in the address."""
NAMES = ["title", "title", "title first", "logo", "meta", "masthead"]
MARKUPS = ["p", "p", "br", "br br", "div", "td", "text", "spans", "nested"]
ONE_PAGE = ("whole", "script", "rows", "json", "json named", "json text", "external")
ATTRIBUTES = [
    "data-href",
    "data-url",
    "data-link",
    "daoxiang",
    "lj",
    "dizhi",
    "link-to",
    "data-src-url",
    "hrefs",
    "goto",
    "data-path",
]
BOXES = [
    "txt",
    "main_body",
    "zw",
    "neirong",
    "article-cont",
    "wzxq",
    "c_body",
    "box3",
    "detailtxt",
    "cont-text",
    "story_text",
    "yw",
]


@dataclass
class Article:
    """An article as it has to come out."""

    title: str
    paragraphs: list[str]
    page: int
    path: str = ""
    byline: str = ""
    kicker: str = ""
    deck: str = ""
    caption: str = ""


@dataclass
class Site:
    """A site: its documents by address, and what they say."""

    seed: int
    paper: str
    date: datetime.date
    start: str = ""
    documents: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Text and media type by address."""
    articles: list[Article] = field(default_factory=list)
    hosts: tuple[str, ...] = ()
    charset: str = "utf-8"
    traits: dict[str, str] = field(default_factory=dict)
    """What was drawn for it."""


class Maker:
    """Draws one site by its seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311
        draw = self.random
        day = datetime.date(2024, 1, 1) + datetime.timedelta(days=draw.randrange(1000))
        name = draw.choice(PLACES) + draw.choice(KINDS)
        self.site = Site(seed, name, day, charset=draw.choice(["utf-8", "utf-8", "gbk", "utf-8"]))
        self.root = "/" + "/".join(draw.sample(WORDS, draw.randrange(3)))
        self.root = self.root.rstrip("/") + "/"
        self.host = "http://epaper.example.cn"
        self.pages = draw.choice([2, 3, 4, 4, 8, 12])
        self.letter = draw.choice(["", "", "", "A"])
        self.count = 0
        self.hot: list[Article] = []

    def trait(self, name: str, values: list[str]) -> str:
        """Draw one way of doing something."""
        chosen = self.random.choice(values)
        self.site.traits[name] = chosen
        return chosen

    # The text of the paper.

    def sentence(self, patterns: list[str]) -> str:
        """One or two sentences of a pattern."""
        draw = self.random
        return draw.choice(patterns).format(
            p=draw.choice(PLACES), t=draw.choice(THINGS), d=draw.choice(DEEDS),
            w=draw.choice(PEOPLE), e=draw.choice(ENDS), n=draw.randrange(2, 10),
        )  # fmt: skip

    def article(self, page: int) -> Article:
        """A story for a page, with a title that no other has."""
        draw = self.random
        titles = {one.title for one in self.site.articles}
        while True:
            title = f"{draw.choice(PLACES)}{draw.choice(THINGS)}{draw.choice(DEEDS)}"
            title += draw.choice(["", "", f" {draw.choice(ENDS)}"])
            if title not in titles:
                break
        count = draw.choice([1, 2, 2, 3, 4, 6])
        first = self.sentence(OPENINGS) + self.sentence(MIDDLES)
        texts = [first] + [
            self.sentence(MIDDLES) + self.sentence(MIDDLES) for _ in range(count - 1)
        ]
        return Article(title, texts, page)

    # Addresses.

    def set_addresses(self) -> None:
        """Draw how pages and articles are called."""
        draw, d = self.random, self.site.date
        ymd = d.strftime(
            draw.choice(
                [
                    "%Y-%m/%d",
                    "%Y%m/%d",
                    "%Y/%m/%d",
                    "%Y%m%d",
                    "%Y-%m-%d",
                    "%Y/%Y%m%d",
                    "%Y_%m_%d",
                    "unpadded",
                ]
            )
        )
        ymd = ymd if ymd != "unpadded" else f"{d.year}/{d.month}/{d.day}"
        word, other = draw.choice(PAGE_WORDS), draw.choice(ARTICLE_WORDS)
        ext = draw.choice([".htm", ".html", ".html", ".shtml"])
        kind = self.trait("scheme", SCHEMES)
        width = draw.choice([1, 2, 2, 3])
        day = d.strftime("%Y%m%d")
        base = f"{self.root}{ymd}/"

        def number(page: int) -> str:
            return f"{self.letter}{page:0{width}}"

        def page_path(page: int) -> str:
            n = number(page)
            return {
                "flat": f"{base}{word}_{n}{ext}",
                "trees": f"{self.root}pages/{ymd}/{word}_{n}{ext}",
                "folders": f"{base}{n}/{word}{ext}",
                "dated folders": f"{base}{day}_{n}/{day}_{n}{ext}",
                "dated files": f"{self.root}{day}_{n}{ext}",
                "query": f"{self.root}{word}.aspx?date={d}&page={n}",
                "query without date": f"{self.root}{word}.aspx?id={4000 + page}",
                "code": f"{base}{word}{n}{ext}",
                "bare folders": f"{base}{n}/",
            }[kind]

        def article_path(one: Article, at: int) -> str:
            n, code = number(one.page), 70000 + self.count
            self.count += 1
            return {
                "flat": f"{base}{other}_{n}_{at}{ext}",
                "trees": f"{self.root}articles/{ymd}/{other}_{code}{ext}",
                "folders": f"{base}{n}/{other}-{at}{ext}",
                "dated folders": f"{base}{day}_{n}/{other}_{day}_{n}_{at}{ext}",
                "dated files": f"{self.root}{day}_{n}_{at}{ext}",
                "query": f"{self.root}{other}_show.aspx?date={d}&id={code}",
                "query without date": f"{self.root}{other}_show.aspx?id={code}",
                "code": f"{base}{other}{code}{ext}",
                "bare folders": f"{base}{n}/{code}{ext}",
            }[kind]

        self.page_path, self.article_path = page_path, article_path

    def label(self, page: int) -> str:
        """The name of a page, as all of the site's names are written."""
        n, section = page, self.sections[page - 1]
        chinese = "一二三四五六七八九十"
        spelled = chinese[n - 1] if n <= 10 else "十" + chinese[n - 11]
        return {
            "第01版：要闻": f"第{self.letter}{n:02}版：{section}",
            "01版": f"{self.letter}{n:02}版",
            "第1版 要闻": f"第{self.letter}{n}版 {section}",
            "A01：要闻": f"{self.letter or 'A'}{n:02}：{section}",
            "第一版": f"第{spelled}版",
            "0001版:要闻": f"{self.letter}{n:04}版:{section}",
            "第01版要聞": f"第{self.letter}{n:02}版·{section}",
        }[self.labels]

    # Documents.

    def put(self, path: str, text: str, kind: str = "text/html", host: str = "") -> str:
        """Add a document; its whole address."""
        url = urljoin(host or self.host, path)
        self.site.documents[url] = (text, kind)
        return url

    def make(self) -> Site:
        """The whole site."""
        draw, site = self.random, self.site
        self.sections = draw.sample(SECTIONS, self.pages)
        self.labels = self.trait("labels", LABELS)
        self.set_addresses()
        for page in range(1, self.pages + 1):
            for at in range(1, draw.choice([2, 3, 4, 6])):
                one = self.article(page)
                one.path = self.article_path(one, at)
                site.articles.append(one)
        self.way = self.trait("way", WAYS)
        if site.traits["scheme"] == "query without date" and self.way in NEED_DATE:
            self.way = site.traits["way"] = "links"
        self.article_host = self.host
        if self.way == "other host":
            site.hosts, self.article_host = ("text.example.net",), "http://text.example.net"
        self.attribute = draw.choice(ATTRIBUTES)
        self.add_beside()
        self.tag = draw.choice(["a", "li", "div", "span"])
        self.where_name = self.trait("name", NAMES)
        self.markup = self.trait("markup", MARKUPS)
        self.head = self.trait("head", ["h1", "h2", "h3", "div", "strong", "p"])
        self.box = draw.choice(BOXES)
        self.noise = [draw.random() < 0.5 for _ in range(8)]
        first = self.put_pages()
        if self.way != "json text":
            for one in site.articles:
                self.put(one.path, self.article_page(one), host=self.article_host)
        site.start = self.put_entry(first)
        return site

    def add_beside(self) -> None:
        """Give some articles what stands beside a headline."""
        draw = self.random
        kicker, deck, byline, caption = [draw.random() < 0.3 for _ in range(4)]
        for one in self.site.articles:
            if kicker and draw.random() < 0.5:
                one.kicker = f"{draw.choice(PLACES)}的{draw.choice(THINGS)}有了新办法"
            if deck and draw.random() < 0.5:
                one.deck = f"{draw.choice(THINGS)}{draw.choice(DEEDS)}之后"
            if byline and draw.random() < 0.7:
                one.byline = draw.choice(["陈默", "李小桥", "吴青山", "郑一帆", "孙海燕"])
            if caption and draw.random() < 0.5:
                one.caption = f"图为{draw.choice(PLACES)}的{draw.choice(THINGS)}。"

    def address(self, page: str, one: Article) -> str:
        """The address of an article as the page at a path writes it."""
        if self.article_host != self.host:
            return self.article_host + one.path
        if self.random.random() < 0.3 or "?" in one.path:
            return one.path
        mine, theirs = page.split("/"), one.path.split("/")
        same = 0
        while same < min(len(mine), len(theirs)) - 1 and mine[same] == theirs[same]:
            same += 1
        return "../" * (len(mine) - same - 1) + "/".join(theirs[same:])

    def link(self, address: str, text: str) -> str:
        """An element that leads to an article, in the way of the site."""
        if self.way == "attribute":
            href = ' href="javascript:void(0)"' if self.tag == "a" else ""
            return f'<{self.tag}{href} {self.attribute}="{address}">{text}</{self.tag}>'
        if self.way == "onclick":
            call = self.random.choice(["location.href='{}'", "window.open('{}')", "show('{}',1)"])
            return f'<{self.tag} onclick="{call.format(address)}">{text}</{self.tag}>'
        if self.way == "javascript":
            return f"<a href=\"javascript:go('{address}')\">{text}</a>"
        return f'<a href="{address}">{text}</a>'

    def put_pages(self) -> str:
        """The pages of the issue; the address of the first."""
        paths = [self.page_path(page) for page in range(1, self.pages + 1)]
        if self.way in ONE_PAGE:
            paths = paths[:1]
        for page, path in enumerate(paths, start=1):
            self.put(path, self.page(page, path))
        return paths[0]

    def page(self, page: int, path: str) -> str:
        """The document of one page of the paper."""
        numbers = range(1, self.pages + 1)
        by_page = {n: [o for o in self.site.articles if o.page == n] for n in numbers}
        links = {n: self.page_path(n) for n in numbers}
        if self.article_host == self.host:
            links = {n: self.address(path, Article("", [], n, one)) for n, one in links.items()}
        if self.way in ("whole", "grouped"):
            body = self.grouped(path, by_page, links)
        elif self.way in ONE_PAGE:
            body = '<div id="list"></div>' + self.scripted(path, by_page)
        else:
            body = self.listed(page, path, by_page, links)
        return self.frame(body, self.label(page), path)

    def rows(self, path: str, articles: list[Article]) -> str:
        """A list of articles."""
        links = (self.link(self.address(path, one), one.title) for one in articles)
        return "\n".join(f"<li>{link}</li>" for link in links)

    def grouped(self, path: str, by_page: dict[int, list[Article]], links: dict[int, str]) -> str:
        """The articles of all pages under their names."""
        parts = []
        for n, ones in by_page.items():
            name = self.label(n)
            if self.way == "grouped":
                name = f'<a href="{links[n]}">{name}</a>'
            parts.append(f"<div><h4>{name}</h4><ul>{self.rows(path, ones)}</ul></div>")
        return "".join(parts)

    def listed(
        self, page: int, path: str, by_page: dict[int, list[Article]], links: dict[int, str]
    ) -> str:
        """The articles of one page, and the way to the others."""
        mine = by_page[page]
        lists = f"<ul>{self.rows(path, mine)}</ul>"
        here = f"<h4>{self.label(page)}</h4>"
        nav = " ".join(f'<a href="{links[n]}">{self.label(n)}</a>' for n in links)
        nav = f"<div>{nav}</div>"
        on = f'<a href="{links[page + 1]}">下一版</a>' if page < self.pages else "<a>下一版</a>"
        back = f'<a href="{links[page - 1]}">上一版</a>' if page > 1 else ""
        items = "".join(f'<option value="{links[n]}">{self.label(n)}</option>' for n in links)
        areas = "".join(
            f'<area shape="polygon" coords="1,1,9,9" href="{self.address(path, one)}">'
            for one in mine
        )
        image = f'<img src="{path.rpartition("/")[0]}/page_{page}.jpg" usemap="#m">'
        every = [one for ones in by_page.values() for one in ones]
        self.hot = self.hot or every[:: max(1, len(every) // 5)]
        order = self.random.random() < 0.5
        return {
            "next": f"{here}{back}{on}{lists}",
            "options": f"{here}<select>{items}</select>{lists}",
            "areas": f'{here}{image}<map name="m">{areas}</map>{nav}',
            "numbers": f"{here}{lists}" + " ".join(f'<a href="{links[n]}">{n}</a>' for n in links),
            "entry alone": f"{here}{lists}",
            "written": f"{here}{nav}<script>document.write('{self.rows(path, mine)}');</script>",
            "hot box": f"{nav}<p>点击排行</p><ol>{self.rows(path, self.hot)}</ol>{here}{lists}",
        }.get(self.way, f"{nav}{here}{lists}" if order else f"{lists}{nav}")

    def scripted(self, path: str, by_page: dict[int, list[Article]]) -> str:
        """The script of a page that shows its lists, and the JSON that it asks for."""
        draw = self.random
        if self.way == "rows":
            every = [one for ones in by_page.values() for one in ones]
            flat = [[one.title, self.address(path, one), f"{one.page:02}"] for one in every]
            return f"<script>var arts = {json.dumps(flat, ensure_ascii=False)};\nshow();</script>"
        pages = self.values(path, by_page)
        if self.way in ("script", "external"):
            text = json.dumps(pages, ensure_ascii=False)
            if draw.random() < 0.6:
                text = re.sub(r'"(\w+)":', r"\1:", text).replace('"', "'")
            if self.way == "external":
                self.put(urljoin(path, "menu.js"), f"var issue = {text};", "text/javascript")
                return '<script src="menu.js"></script>'
            return f"<script>var d = new Date();\nvar issue = {text};\nrender(issue);</script>"
        value: Any = draw.choice([pages, {"code": 200, "data": {"pages": pages}}])
        text = json.dumps(value, ensure_ascii=draw.random() < 0.5)
        if self.way == "json named":
            name = draw.choice(["menu.json", "tree_1.json", "contents.json"])
            self.put(urljoin(path, name), text, "application/json")
            if draw.random() < 0.5:
                script = f'$.getJSON("{name}", show);'
                self.put(urljoin(path, "show.js"), script, "application/javascript")
                return '<script src="show.js"></script>'
            return f"<script>fetch('{name}').then(show)</script>"
        name = draw.choice(["data.json", "index.json"])
        above = path.count("/") > 3 and "?" not in path and draw.random() < 0.3
        self.put(urljoin(path, "../" + name if above else name), text, "application/json")
        return '<script src="/js/list.js"></script>'

    def values(self, path: str, by_page: dict[int, list[Article]]) -> list[dict[str, Any]]:
        """The contents of the issue as objects, with the names of one site."""
        draw = self.random
        key_n, key_name = draw.choice(
            [("pageNo", "pageName"), ("page", "name"), ("bc", "bm"), ("pnumber", "pname")]
        )
        key_list, key_title, key_url = draw.choice(
            [("list", "title", "url"), ("articles", "mainTitle", "href"),
             ("onePage", "headline", "path")]
        )  # fmt: skip
        pages = []
        for n, ones in by_page.items():
            rows: list[dict[str, Any]] = []
            for one in ones:
                row: dict[str, Any] = {"id": 90000 + len(rows), key_title: one.title}
                if self.way == "json text":
                    row["content"] = "".join(f"<p>　　{text}</p>" for text in one.paragraphs)
                else:
                    row[key_url] = self.address(path, one)
                rows.append(row)
            named = {key_n: f"{self.letter}{n:02}", key_name: self.sections[n - 1]}
            pages.append({**named, key_list: rows})
        return pages

    def frame(self, body: str, label: str, path: str) -> str:
        """A page with what stands around its lists."""
        draw, paper, day = self.random, self.site.paper, self.site.date
        title = {
            "title": f"{paper}{draw.choice(['', '数字报', '电子版', '-电子报', ' 多媒体数字报'])}",
            "title first": f"{label}-{paper}-{day}",
        }.get(self.where_name, draw.choice(["电子报", "数字报刊", "首页", label]))
        head = (
            f'<meta name="keywords" content="{paper},数字报">' if self.where_name == "meta" else ""
        )
        top = f'<img src="/img/logo.png" alt="{paper}">' if self.where_name == "logo" else ""
        top += f'<div class="masthead">{paper}</div>' if self.where_name == "masthead" else ""
        notes = []
        if self.noise[0]:
            before = day - datetime.timedelta(days=1)
            old = path.replace(f"{day:%Y%m%d}", f"{before:%Y%m%d}").replace(f"{day}", f"{before}")
            notes.append(
                f'<a href="{old if old != path else "#"}">上一期</a><a href="#">下一期</a>'
            )
        if self.noise[1]:
            notes.append(
                '<a href="/about_1.html">关于我们</a><a href="http://www.example.org/1.html">友情链接：某市新闻网</a>'
            )
        if self.noise[2]:
            notes.append(
                f'<a href="{path.partition("?")[0].rpartition("/")[0]}/p1.pdf">下载本版PDF文件</a>'
            )
        if self.noise[3]:
            notes.append(
                f"<p>{paper}社版权所有，未经书面授权不得转载。备案号：浙ICP备0000000号</p>"
            )
        if self.noise[4]:
            notes.append(f"<span>{day.year}年{day.month}月{day.day}日 今日{self.pages}版</span>")
        return (
            f'<html><head><meta charset="{self.site.charset}"><title>{title}</title>{head}</head>'
            "<body>"
            f"<div>{top}</div>{body}<div>{' '.join(notes)}</div></body></html>"
        )

    def article_page(self, one: Article) -> str:
        """The page of an article, with what the site puts around it."""
        draw, paper, day = self.random, self.site.paper, self.site.date
        texts = [f"　　{text}" for text in one.paragraphs]
        cls = draw.choice([f'class="{self.box}"', f'id="{self.box}"'])
        body = {
            "p": f"<div {cls}>" + "".join(f"<p>{t}</p>" for t in texts) + "</div>",
            "br": f"<div {cls}>" + "<br>".join(texts) + "</div>",
            "br br": f"<div {cls}>" + "<br/><br/>\n".join(texts) + "</div>",
            "div": f"<div {cls}>" + "".join(f"<div>{t}</div>" for t in texts) + "</div>",
            "td": f"<table><tr><td {cls}>" + "<br>".join(texts) + "</td></tr></table>",
            "text": f"<span {cls}>" + "<br>".join(texts) + "</span>",
            "spans": f"<div {cls}>"
            + "".join(f"<p><span style='x'>{t}</span></p>" for t in texts)
            + "</div>",
            "nested": f"<div class=w><div {cls}><div>"
            + "".join(f"<p>{t}</p>" for t in texts)
            + "</div></div></div>",
        }[self.markup]
        head = {
            "h1": f"<h1>{one.title}</h1>", "h2": f"<h2>{one.title}</h2>",
            "h3": f"<h3>{one.title}</h3>",
            "div": f'<div class="bt">{one.title}</div>', "p": f'<p class="tt">{one.title}</p>',
            "strong": f"<table><tr><td><strong>{one.title}</strong></td></tr></table>",
        }[self.head]  # fmt: skip
        above = f"<p>{one.kicker}</p>" if one.kicker else ""
        notes = [f"<h4>{one.deck}</h4>"] if one.deck else []
        if one.byline:
            notes.append(
                f"<p>{draw.choice(['本报记者 ', '□记者 ', '作者：', '记者 '])}{one.byline}</p>"
            )
        if one.caption:
            picture = f'<div><img src="x.jpg"><p>{one.caption}</p></div>'
            body = (
                picture + body
                if self.markup in ("td", "text")
                else body.replace(">", ">" + picture, 1)
            )
        if self.noise[5]:
            notes.append(f"<div>{day} 来源：{paper} {self.label(one.page)}</div>")
        after = []
        if self.noise[6]:
            after.append(
                f'<div>上一篇：<a href="x_1.html">{draw.choice(PLACES)}的水</a></div>'
                '<div><a href="x_2.html">下一篇</a></div>'
            )
        if self.noise[7]:
            after.append(
                "<div>相关阅读</div><ul>"
                + "".join(
                    f'<li><a href="x_{n}.html">{self.sentence(OPENINGS)}</a></li>' for n in range(3)
                )
                + "</ul>"
            )
        if self.noise[3]:
            after.append(f"<div><p>版权所有 {paper}社，未经授权不得转载、摘编。</p></div>")
        title = draw.choice([paper, one.title, f"{one.title}-{paper}", ""])
        return (
            f'<html><head><meta charset="{self.site.charset}"><title>{title}</title></head><body>'
            f"<div><a href='/'>首页</a> <a href='#'>返回</a></div>{above}{head}"
            f"{''.join(notes)}{body}{''.join(after)}</body></html>"
        )

    def put_entry(self, first: str) -> str:
        """The address that is handed over: the first page, or an entry of the newest issue."""
        way = self.trait("entry", ENTRIES)
        url = self.host + first
        if way == "alias" and "?" not in first and self.way not in ("hot box", *ONE_PAGE):
            name = self.random.choice(["index.html", "default.htm"])
            return self.put(urljoin(first, name), self.site.documents[url][0])
        if way in ("direct", "alias") and self.way != "entry alone":
            return url
        door = urljoin(
            self.root, self.random.choice(["", "index.html", "index.htm", "paperindex.htm"])
        )
        if urljoin(self.host, door) in self.site.documents:
            return url
        if way == "shown" and self.way not in ("hot box", "entry alone", *ONE_PAGE):
            return self.put(door, self.page(1, door))
        texts = {
            "refresh": f'<META HTTP-EQUIV="REFRESH" CONTENT="0; URL={first}">',
            "script": f'<script>window.location.href = "{first}";</script>',
            "script replace": "<script>setTimeout(function(){"
            f"location.replace('{first}')}},100)</script>",
            "variable": f'<script>var u1="x"; var to = "{first}";\n'
            "window.location.href = to;</script>",
            "onload": f"<html><body onload=\"window.location.href='{first}'\"></body></html>",
            "frame": f'<html><body><iframe src="{first}" width="100%"></iframe></body></html>',
            "index": f"<html><head><title>{self.site.paper}</title></head><body><h2>最新一期</h2>"
            + "".join(
                f'<p><a href="{self.page_path(n)}">{self.label(n)}</a></p>'
                for n in range(1, self.pages + 1)
            )
            + "</body></html>",
        }
        if self.way == "entry alone" or way == "shown":
            way = "index"
        if way == "index" and self.way in ONE_PAGE:
            way = "refresh"
        if way == "index" and self.site.traits["scheme"] == "query without date":
            way = "refresh"
        self.site.traits["entry"] = way
        return self.put(door, texts[way])


class MemoryFetcher(Fetcher):
    """Answers from the documents of a site."""

    def __init__(self, site: Site) -> None:
        limits = Limits(pause_s=0, retry_s=0)
        super().__init__(None, limits, site.start, None, site.hosts)  # type: ignore[arg-type]
        self._site = site

    async def _twice(self, url: str) -> Fetched | str | None:
        found = self._site.documents.get(url)
        if found is None:
            return None
        return Fetched(body=found[0].encode(self._site.charset, "replace"), kind=found[1])


def faults(site: Site) -> list[str]:
    """What is not as it was written; empty for a site that is read right."""
    try:
        pages = asyncio.run(gather_issue(MemoryFetcher(site), site.start))
        issue = issue_json(read_issue(pages))
    except QjaudioError as error:
        return [f"refused: {error}"]
    return compare(site, issue, pages)


def is_told(site: Site) -> bool:
    """Whether a site of which one document was lost is refused, or read with a doubt."""
    lost = random.Random(site.seed).choice(site.articles)  # noqa: S311
    documents = site.documents
    kept = {url: found for url, found in documents.items() if not url.endswith(lost.path)}
    site.documents = kept if len(kept) < len(documents) else {}
    try:
        pages = asyncio.run(gather_issue(MemoryFetcher(site), site.start))
    except QjaudioError:
        return True
    return any(page.doubts for page in pages)


def compare(site: Site, issue: dict[str, Any], pages: list[Page]) -> list[str]:
    """The differences between an issue and the site that it was read from."""
    wrong = []
    if issue["paper"] != site.paper:
        wrong.append(f"paper {issue['paper']!r}")
    may_lack = "without" in site.traits["scheme"]
    if issue["date"] != site.date.isoformat() and (issue["date"] or not may_lack):
        wrong.append(f"date {issue['date']!r}")
    heads = {bare(one["headline"]): one for one in issue["articles"]}
    if len(issue["articles"]) != len(site.articles):
        wrong.append(f"{len(issue['articles'])} articles of {len(site.articles)}")
    for one in site.articles:
        wrong += compare_article(one, heads.get(bare(one.title)), site.traits["way"])
    if not wrong and any(page.doubts for page in pages):
        wrong.append(f"doubts without reason: {[d.why for p in pages for d in p.doubts][:3]}")
    return wrong


def compare_article(one: Article, got: dict[str, Any] | None, way: str) -> list[str]:
    """The differences between an article as it was written and as it was read."""
    if not got:
        return [f"no {one.title}"]
    if [bare(text) for text in got["body"]] != [bare(text) for text in one.paragraphs]:
        return [f"body of {one.title}: {got['body']}"]
    if got["page"] != one.page:
        return [f"page {got['page']} of {one.title}, not {one.page}"]
    beside = [got["kicker"] or "", got["deck"] or "", "、".join(got["byline"])]
    if beside != [one.kicker, one.deck, one.byline] and way != "json text":
        return [f"beside {one.title}: {beside}, not {[one.kicker, one.deck, one.byline]}"]
    return []


def bare(text: str) -> str:
    """A text without its spaces."""
    return re.sub(r"\s", "", text)


def main() -> None:
    """Read the sites of a range of seeds and count those that are right."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seeds", default="0-199", help="first and last seed")
    parser.add_argument("--parity", choices=["even", "odd", "all"], default="all")
    parser.add_argument("--show", type=int, help="print the pages of the site of one seed")
    parser.add_argument("--lose", action="store_true", help="lose an article of each site")
    parser.add_argument("--faults", action="store_true", help="say what is wrong")
    args = parser.parse_args()
    if args.show is not None:
        site = Maker(args.show).make()
        for url, (text, kind) in site.documents.items():
            print(f"== {url} ({kind})\n{text}")
        print(site.start, site.traits, faults(site), sep="\n")
        return
    first, _, last = args.seeds.partition("-")
    seeds = [
        n
        for n in range(int(first), int(last or first) + 1)
        if args.parity == "all" or (n % 2 == 1) == (args.parity == "odd")
    ]
    if args.lose:
        told = sum(is_told(Maker(seed).make()) for seed in seeds)
        print(f"of {len(seeds)} sites that lost an article {told} are refused or in doubt")
        return
    began, good, refused = time.monotonic(), 0, 0
    wrong: collections.Counter[str] = collections.Counter()
    for seed in seeds:
        site = Maker(seed).make()
        bad = faults(site)
        good += not bad
        refused += bool(bad and bad[0].startswith("refused"))
        wrong.update(f"{k}={v}" for k, v in site.traits.items() if bad)
        if bad and args.faults:
            print(seed, site.traits, "; ".join(bad)[:300], sep="  ")
    print(
        f"sites read right {good} of {len(seeds)}, refused {refused}, "
        f"wrong {len(seeds) - good - refused}; {time.monotonic() - began:.1f} s"
    )
    if wrong:
        print(
            "faults by trait:",
            ", ".join(f"{name} {n}" for name, n in wrong.most_common(12)),
            file=sys.stderr,
        )


if __name__ == "__main__":
    main()
