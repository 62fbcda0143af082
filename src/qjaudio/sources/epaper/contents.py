"""One page of the paper as its site shows it: its number, its articles, and the paper's name."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from qjaudio import rules
from qjaudio.paper.lines import read_masthead
from qjaudio.paper.text import compact, han, number
from qjaudio.sources.epaper.address import IssueAddress, key_of, resolve_link, selectors
from qjaudio.sources.epaper.fetch import Document
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
