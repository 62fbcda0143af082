"""From the address of a first page to the pages of the issue with their articles.

A page as its site shows it gives its number, its articles, and the paper's name.
"""

import datetime
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from qjaudio import rules
from qjaudio.errors import NoPaperError, NotAnIssueError
from qjaudio.paper.lines import find_date, read_masthead
from qjaudio.paper.model import Block, Page, TextLine
from qjaudio.paper.text import compact, han, number
from qjaudio.sources.epaper.address import (
    IssueAddress,
    checked_location,
    date_in,
    key_of,
    resolve_link,
    selectors,
)
from qjaudio.sources.epaper.article import WebArticle, read_article
from qjaudio.sources.epaper.fetch import Document, Fetcher, TooMuchError
from qjaudio.sources.epaper.markup import clean_text, element_text, web_lines

_PAGE_NAME = re.compile(r"^第?\s*([A-Z]?)\s*(\d{1,5}|[一二三四五六七八九十]{1,3})\s*版", re.I)
_PAGE_IN_TEXT = re.compile(r"第\s*([A-Z]?)0{0,4}(\d{1,3}|[一二三四五六七八九十]{1,3})\s*版")
_REFRESH = re.compile(r"^\s*[\d.]*\s*[;,]?\s*(?:url\s*=)?\s*[\"']?([^\"'>]+)", re.I)
_SCRIPTED = re.compile(
    r"(?:window|document|self|top|parent)?\.?location(?:\.href)?\s*=\s*[\"']([^\"']{1,300})[\"']"
    r"|location\.(?:replace|assign)\(\s*[\"']([^\"']{1,300})[\"']"
)
_MAX_BOX = 3000
MAX_LINKS = 5000
"""A page links to 20 articles and a calendar; beyond this, the rest is not looked at."""
AREA, LIST, OTHER, BOX = range(4)
"""How surely a link belongs to its page: on the picture of the page, in its list, elsewhere, in a
box of articles of the whole issue."""

_PARTS = re.compile(r"[-_—–|｜·:：,，\s《》【】()（）]+")
_NO_NAME = re.compile(r"版|\d|^第|要闻|首页|欢迎|综合")


@dataclass(frozen=True, slots=True)
class Link:
    """An article that a page names."""

    url: str
    title: str
    rank: int


@dataclass(frozen=True, slots=True)
class PageLink:
    """Another page of the issue, with the number that its link shows (0: none)."""

    url: str
    section: str = ""
    number: int = 0


@dataclass(slots=True)
class Contents:
    """What one page of the paper's site says."""

    document: Document
    title: str = ""
    section: str = ""
    number: int = 0
    lines: list[str] = field(default_factory=list)
    """Its short lines, among which the masthead's facts may stand."""
    pages: list[PageLink] = field(default_factory=list)
    articles: list[Link] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    """Links that look like an article of another day."""


def onward(document: Document) -> str:
    """The address to which a page sends its reader on at once; empty where it does not."""
    tree = LexborHTMLParser(document.text)
    for meta in tree.css("meta"):
        attributes = {name.lower(): value or "" for name, value in meta.attributes.items()}
        if attributes.get("http-equiv", "").lower() == "refresh":
            found = _REFRESH.match(clean_text(attributes.get("content", ""))[:1000])
            url = (
                resolve_link(document.url, found[1])
                if found and "=" in attributes["content"]
                else ""
            )
            if url and key_of(url) != key_of(document.url):
                return url
    body = tree.body
    if len(tree.css("a[href], area[href]")) > 3 or (
        body and len(han(element_text(body, 2000))) > 200
    ):
        return ""
    for script in tree.css("script"):
        found = _SCRIPTED.search(script.text() or "")
        if found:
            return resolve_link(document.url, found[1] or found[2])
    return ""


def read_contents(document: Document, issue: IssueAddress) -> Contents:
    """Find the pages and articles that a page links to."""
    tree = LexborHTMLParser(document.text)
    contents = Contents(document)
    title = tree.css_first("title")
    contents.title = clean_text(title.text()) if title else ""
    lists = selectors("lists", issue.first)
    named = {node.mem_id for selector in lists for node in tree.css(selector)}
    for node in tree.css("a[href], area[href], option[value]")[:MAX_LINKS]:
        url = resolve_link(
            document.url, node.attributes.get("href") or node.attributes.get("value") or ""
        )
        if not url:
            continue
        if issue.is_page(url):
            _page_link(contents, url, node)
        elif issue.is_article(url):
            contents.articles.append(Link(url, _title_of(node), _rank(node, named)))
        elif issue.system and issue.system.article.search(url):
            contents.strangers.append(url)
    body = tree.body
    if body:
        _own_number(contents, body)
    return contents


def _page_link(contents: Contents, url: str, node: LexborNode) -> None:
    text = clean_text(element_text(node)) or clean_text(node.attributes.get("title") or "")
    found = _PAGE_NAME.match(text)
    section, page = (found[1].upper(), number(found[2]) or 0) if found else ("", 0)
    contents.pages.append(PageLink(url, section, page))


def _title_of(node: LexborNode) -> str:
    shown = [element_text(node), node.attributes.get("title"), node.attributes.get("alt")]
    return next((clean_text(text) for text in shown if text and han(text)), "")


def _rank(node: LexborNode, named: set[int]) -> int:
    if node.tag == "area":
        return AREA
    if _in_box(node):
        return BOX
    return LIST if node.mem_id in named else OTHER


def _in_box(node: LexborNode) -> bool:
    """Whether a link stands in a box of articles from all pages, by the words above it."""
    words = tuple(rules.phrases("epaper")["page"]["boxes"])
    outer = node.parent
    for _ in range(8):
        if outer is None or outer.tag in ("body", "html"):
            return False
        before = outer.prev
        while before is not None and before.tag == "-text":
            before = before.prev
        if before is not None and compact(element_text(before, 40)).strip("【】[]：:") in words:
            return True
        text = compact(element_text(outer, _MAX_BOX))
        if len(text) >= _MAX_BOX:
            return False
        if (
            text.lstrip("【[").startswith(words)
            and outer.tag != "a"
            and not _is_only_link(outer, node)
        ):
            return True
        outer = outer.parent
    return False


def _is_only_link(outer: LexborNode, node: LexborNode) -> bool:
    """Whether an element holds this one link and nothing else: its words are the link's own."""
    return compact(element_text(outer)) == compact(element_text(node))


def _own_number(contents: Contents, body: LexborNode) -> None:
    """The number of the page itself, from the link to itself or the first line that names one."""
    own = key_of(contents.document.url)
    for link in contents.pages:
        if key_of(link.url) == own and link.number:
            contents.section, contents.number = link.section, link.number
    links = {clean_text(element_text(node)) for node in body.css("a[href], option")[:MAX_LINKS]}
    for line in web_lines(body):
        if len(line.text) <= 60 and line.text not in links:
            contents.lines.append(line.text)
    if not contents.number:
        for text in (*contents.lines, contents.title):
            found = _PAGE_IN_TEXT.search(text) or _PAGE_NAME.search(text)
            if found:
                contents.section, contents.number = found[1].upper(), number(found[2]) or 0
                return


@cache
def _suffixes() -> tuple[str, ...]:
    suffixes: list[str] = rules.phrases("epaper")["paper"]["suffixes"]
    return tuple(sorted(suffixes, key=len, reverse=True))


def paper_name(titles: Iterable[str]) -> str:
    """The name that most titles give; empty where none does."""
    votes = Counter(name for title in titles if (name := _name_in(title)))
    return votes.most_common(1)[0][0] if votes else ""


def _name_in(title: str) -> str:
    parts = [_bare(part) for part in _PARTS.split(title) if han(part)]
    name = read_masthead([], parts, "").paper
    plausible = (part for part in parts if 2 <= len(part) <= 12 and not _NO_NAME.search(part))
    return name or next(plausible, "")


def _bare(part: str) -> str:
    part = compact(part)
    for suffix in _suffixes():
        if part.endswith(suffix) and len(part) > len(suffix) + 1:
            return part.removesuffix(suffix)
        part = part if part != suffix else ""
    return part


_CHECK = "check the address in a browser; weekly papers have no issue on most days"

_MASTHEAD = re.compile(
    r"总?第\d{1,6}期|农历|星期[一二三四五六日天]|国内统一|CN\d{2}-\d{4}|(?:主管|主办)"
)


@dataclass(slots=True)
class _Plan:
    """The pages of an issue in order, and the articles of each."""

    contents: list[Contents]
    articles: dict[int, list[Link]] = field(default_factory=dict)


async def gather_issue(
    fetcher: Fetcher, location: str, date: datetime.date | None = None
) -> list[Page]:
    """Read all pages and articles of the issue that begins at `location`.

    Raises:
        NoPaperError: the site has no such page, or leads to the issue of another day.
        NotAnIssueError: no issue, one of another day, or more than an issue can hold.
        EngineError: the site fails.
    """
    first = await _first_page(fetcher, checked_location(location))
    issue = IssueAddress.of(first.url)
    _check_date(location, date or date_in(location), issue.date)
    contents = await _all_pages(fetcher, issue, first)
    plan = _plan(contents)
    if not any(plan.articles.values()):
        _no_articles(location, contents)
    if sum(map(len, plan.articles.values())) > fetcher.limits.articles:
        raise NotAnIssueError(
            f"{location} links to more than {fetcher.limits.articles} articles",
            hint="give the address of one issue's first page, not of an archive",
        )
    return await _fetch_pages(fetcher, issue, plan)


async def _first_page(fetcher: Fetcher, url: str) -> Document:
    """The first page itself, past the pages that only send their reader on."""
    seen = [url]
    while True:
        document = await fetcher.get(seen[-1])
        if document is None:
            day = date_in(seen[-1])
            when = f" on {day.isoformat()}" if day else ""
            raise NoPaperError(f"no issue{when}: {seen[-1]} does not exist (404)", hint=_CHECK)
        target = onward(document)
        if not target:
            return document
        seen.append(fetcher.next_address(seen, target))


def _check_date(location: str, asked: datetime.date | None, served: datetime.date | None) -> None:
    if asked and served and asked != served:
        raise NoPaperError(
            f"{location} leads to the issue of {served.isoformat()}, not of {asked.isoformat()}",
            hint=f"the issue of {asked.isoformat()} is not out yet, or there was none that day",
        )


async def _all_pages(fetcher: Fetcher, issue: IssueAddress, first: Document) -> list[Contents]:
    """Every page that the first page or a later one links to, in the order of their numbers."""
    found = [read_contents(first, issue)]
    seen = {key_of(first.url)}
    waiting = list(found[0].pages)
    while waiting:
        link = waiting.pop(0)
        if key_of(link.url) in seen:
            continue
        if len(seen) >= fetcher.limits.pages:
            raise NotAnIssueError(
                f"{first.url} has more than {fetcher.limits.pages} pages",
                hint="give the address of one issue's first page, not of an archive",
            )
        seen.add(key_of(link.url))
        document = await fetcher.get(link.url)
        if document is None:
            continue
        contents = read_contents(document, issue)
        contents.section, contents.number = _own_place(contents, link)
        if not _same_page(contents, found):
            found.append(contents)
            waiting += contents.pages
    return _in_page_order(found)


def _own_place(contents: Contents, link: PageLink) -> tuple[str, int]:
    """Section and number of a page: as its link says, else as it says itself."""
    return (link.section, link.number) if link.number else (contents.section, contents.number)


def _same_page(contents: Contents, found: list[Contents]) -> bool:
    """Whether a page is one that we have under another address: index.htm and page_01.htm."""
    mine = [key_of(link.url) for link in contents.articles if link.rank != BOX]
    for other in found:
        theirs = [key_of(link.url) for link in other.articles if link.rank != BOX]
        places = {(page.section, page.number) for page in (contents, other) if page.number}
        if mine and mine == theirs and len(places) < 2:
            other.section, other.number = next(iter(places), ("", 0))
            return True
    return False


def _in_page_order(found: list[Contents]) -> list[Contents]:
    """Pages in order: by the numbers that the site shows, else as it lists them."""
    links = [link for contents in reversed(found) for link in contents.pages if link.number]
    shown = {key_of(link.url): (link.section, link.number) for link in links}
    for contents in found:
        own = (contents.section, contents.number)
        contents.section, contents.number = shown.get(key_of(contents.document.url), own)
    places = [(contents.section, contents.number) for contents in found]
    if all(number for _, number in places) and len({*places}) == len(places):
        found = sorted(found, key=lambda contents: (contents.section, contents.number))
    numbers = [contents.number for contents in found]
    if sorted({*numbers}) != numbers or 0 in numbers:
        for place, contents in enumerate(found, start=1):
            contents.number = place
    return found


def _plan(contents: list[Contents]) -> _Plan:
    """Give each article to one page: that which shows it most surely."""
    best: dict[str, tuple[int, int]] = {}
    titles: dict[str, str] = {}
    for at, page in enumerate(contents):
        for link in page.articles:
            key = key_of(link.url)
            best[key] = min(best.get(key, (link.rank, at)), (link.rank, at))
            # The areas of a picture are often all titled with the name of the page.
            if link.rank != AREA:
                titles[key] = titles.get(key) or link.title
    plan = _Plan(contents)
    for at, page in enumerate(contents):
        mine: dict[str, Link] = {}
        # The list is in the order of the editors; the picture's areas are in any order.
        for link in sorted(page.articles, key=lambda link: (link.rank in (AREA, BOX), link.rank)):
            key = key_of(link.url)
            if best[key][1] == at:
                mine.setdefault(key, replace(link, title=titles.get(key, "")))
        plan.articles[at] = list(mine.values())
    return plan


def _no_articles(location: str, contents: list[Contents]) -> None:
    asked = date_in(location)
    others = [date_in(url) for page in contents for url in page.strangers]
    _check_date(location, asked, next(filter(None, others), None))
    # Many sites answer a day without a paper with a page that says so, and no 404.
    says_so = asked and len(contents) == 1 and not contents[0].pages
    kind = NoPaperError if says_so else NotAnIssueError
    raise kind(f"{location} links to no article of an issue", hint=_CHECK)


async def _fetch_pages(fetcher: Fetcher, issue: IssueAddress, plan: _Plan) -> list[Page]:
    """Fetch the articles, page by page."""
    paper = paper_name(contents.title for contents in plan.contents)
    read: list[list[WebArticle]] = []
    for at in range(len(plan.contents)):
        articles = [await _fetch_article(fetcher, link, paper) for link in plan.articles[at]]
        read.append(articles)
    _check_printed(issue, [article for articles in read for article in articles])
    pages: list[Page] = []
    for contents, articles in zip(plan.contents, read, strict=True):
        blocks = facts_blocks(plan.contents[0], issue.date, paper) if not pages else []
        for article in articles:
            blocks += article_blocks(article)
        if blocks:
            pages.append(
                Page(
                    number=contents.number,
                    blocks=tuple(blocks),
                    source=contents.document.url,
                    marked=True,
                )
            )
    return pages


async def _fetch_article(fetcher: Fetcher, link: Link, paper: str) -> WebArticle:
    """One article; where its page is missing or none that can be read, its title alone."""
    try:
        document = await fetcher.get(link.url)
        if document:
            return read_article(document.text, link.url, listed=link.title, paper=paper)
    except TooMuchError:
        raise
    except NotAnIssueError:
        pass
    return WebArticle(link.url, main=link.title)


def _check_printed(issue: IssueAddress, articles: list[WebArticle]) -> None:
    """Refuse an issue whose every article says that another day's paper printed it."""
    days = {find_date(article.printed_on) for article in articles if article.printed_on} - {""}
    if issue.date and days and issue.date.isoformat() not in days:
        _check_date(issue.first, issue.date, datetime.date.fromisoformat(min(days)))


def article_blocks(article: WebArticle) -> list[Block]:
    """One article: its headline begins it, even where it is empty."""
    blocks = [Block(lines=_printed_line(article.main), level=1, kind="headline")]
    blocks += _blocks_of_kind("kicker", [article.kicker])
    blocks += _blocks_of_kind("deck", [article.deck])
    blocks += _blocks_of_kind("byline", article.authors)
    for part in article.parts:
        blocks += _blocks_of_kind(part.kind, [part.text])
    return blocks


def facts_blocks(first: Contents, date: datetime.date | None, paper: str) -> list[Block]:
    """The facts of the masthead: name, date (that of the address), and lines of the first page."""
    lines = [line for line in first.lines if _MASTHEAD.search(compact(line))]
    blocks = _blocks_of_kind("paper", [paper])
    # An address without a date: the page's own words have to tell.
    day = date.isoformat() if date else find_date(" ".join(first.lines))
    blocks += _blocks_of_kind("date", [day])
    return blocks + _blocks_of_kind("masthead", lines[:6])


def _blocks_of_kind(kind: str, texts: list[str]) -> list[Block]:
    return [Block(lines=_printed_line(text), kind=kind) for text in texts if text.strip()]


def _printed_line(text: str) -> tuple[TextLine, ...]:
    return (TextLine(text=text),) if text.strip() else ()
