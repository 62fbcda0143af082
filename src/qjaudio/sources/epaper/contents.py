"""What one page of a paper's site names: the pages of the issue, their articles, the paper."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from qjaudio import rules
from qjaudio.paper.lines import find_date, read_masthead
from qjaudio.paper.text import compact, ends_sentence, han, letters, number
from qjaudio.sources.epaper.address import (
    IssueAddress,
    date_of,
    is_numbered,
    key_of,
    resolve_link,
    selectors,
    shape_of,
)
from qjaudio.sources.epaper.fetch import Document
from qjaudio.sources.epaper.markup import MAX_TEXT, clean_text, element_text, is_whole_of, web_lines
from qjaudio.sources.epaper.scripts import PageCode

_PAGE_NAME = re.compile(
    r"^[【\[(（]?\s*第?\s*([A-Z]?)\s*(\d{1,5}|[一二三四五六七八九十]{1,3})\s*版(?!本|权|块|税)",
    re.I,
)
_PAGE_CODE = re.compile(
    r"^([A-Z](?=\d)|)(\d{2,3}|(?<=[A-Z])\d)\s*[:：.、|·\s-]\s*[一-鿿]{1,10}$", re.I
)
"""`A01：要闻`, `02 综合`: names of pages without 版."""
_PAGE_IN_TEXT = re.compile(r"第\s*([A-Z]?)0{0,4}(\d{1,3}|[一二三四五六七八九十]{1,3})\s*版")
_PAGES_IN_ALL = re.compile(
    r"(?:今日|本期|今天|共)\s*(\d{1,3}|[一二三四五六七八九十]{1,3})\s*个?版(?![面本])"
)
_TURN = re.compile(
    r"[<＜«‹(（【\[]*\s*(?:[下后]一?[版页頁]|[上前]一?[版页頁]|末版|尾版|首版|头版)\s*[>＞»›)）】\]]*"
)
_DIGITS = re.compile(r"\d{1,3}")
_SERIAL = re.compile(r"\d{1,2}[.、．]?")
_TURN_ON = re.compile(r"[下后]一?[版页頁]")
_MAYBE_PAGE = re.compile(r"版|^\s*[A-Z]?\d{2,3}[\s:：]")
_OTHER_DAY = re.compile(r"^\W{0,3}(?:[上下前后往][一]?期|往期|过刊|日历|今日|昨日|最新一期)")
_WRITTEN = re.compile(
    r"document\.write(?:ln)?\(\s*(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')\s*\)", re.S
)
_LITERAL = re.compile(r"[\"'`‘]([^\"'`\s<>]{3,300})[\"'`]|&quot;([^&\s]{3,300})&quot;")
_LINK_LIKE = re.compile(
    r"(?:https?:)?[^\s<>\"'{}|\\^`:;一-鿿]*?[\w-]+\.(?:s?html?|aspx?|jsp|php|do)(?:[?#]\S{0,300})?"
    r"|(?:https?:)?[\w./-]*/[\w./-]*\d[\w./-]*|[\w./-]*\?[\w.&=%-]*\d[\w.&=%-]*",
    re.I,
)
NO_DOCUMENT = re.compile(
    r"\.(?:pdf|jpe?g|png|gif|webp|svg|bmp|zip|rar|docx?|mp[34]|js|css|ico|xml|swf|apk)$", re.I
)
_NO_LINKS = frozenset(
    ("class", "id", "style", "src", "alt", "title", "target", "rel", "type", "name", "usemap",
     "coords", "shape", "width", "height", "content", "action", "background", "poster", "srcset",
     "data-src", "data-original", "lang", "charset", "http-equiv", "xmlns", "value", "placeholder")
)  # fmt: skip
"""Attributes that hold no address of an article, or one that is asked for apart."""
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp)$", re.I)
_LINKED = "a[href]:not([href^='javascript:' i], [href^='#']), option"
_IN_LINK = {"a", "option", "title", "script", "style"}
_MASTHEADS = ".logo, #logo, [class*=masthead], [class*=logo], h1"
_METAS = ", ".join(
    f"meta[content][{field}={name!r} i]"
    for field in ("name", "property")
    for name in ("application-name", "og:site_name", "author", "copyright", "keywords")
)
MAX_IMAGES = 200
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_MAX_KICKER = 80
"""Han characters."""
_PAPER_OFFICE = re.compile(r"([一-鿿]{2,8}[报報])社")
_FOOTER = 600
"""Characters at the end of a page in which its publisher stands."""
_MAX_BOX = 3000
MAX_LINKS = 5000
"""A page links to 20 articles and a calendar; beyond this, the rest is not looked at."""
MAX_ELEMENTS = 60_000
_MAX_TITLE = 100
"""Han characters of the longest text that can be a title in a list."""
_MIN_TITLE = 4
"""Han characters of a title that makes an article of an address of another look."""
_SURE_TITLE = 8
"""Han characters of a text that is a title and no name of a page."""
TOLD, AREA, LIST, OTHER, BOX = range(5)
"""How surely an article belongs to a page: named under it, on its picture, in its list, elsewhere,
in a box of articles of the whole issue."""

_LIST_MARKS = "·•●■◆▪▶►*-—> "
_PARTS = re.compile(r"[-_—–|｜·:：,，\s《》【】()（）>＞/]+")
_NO_NAME = re.compile(r"版|\d|^第|要[闻聞]|首[页頁]|欢迎|综合|新闻网|客户端")


@dataclass(frozen=True, slots=True)
class Link:
    """An article that a page names."""

    url: str
    title: str
    rank: int
    place: PageCode | None = None
    """The page under whose name it stands, where a page lists those of others."""
    others: tuple[str, ...] = ()
    """Where it may lie instead."""
    html: str = ""
    """The article itself, where the list holds it."""
    lost: str = ""
    """Why it cannot be asked for; empty where it can."""


@dataclass(frozen=True, slots=True)
class PageLink:
    """Another page of the issue, with the number that its link shows (0: none)."""

    url: str
    section: str = ""
    number: int = 0
    guessed: bool = False
    """Whether no link leads there: it counts where it calls itself by this number."""


@dataclass(slots=True)
class Contents:
    """What one page of the paper's site says."""

    document: Document
    title: str = ""
    section: str = ""
    number: int = 0
    lines: list[str] = field(default_factory=list)
    """Its short lines, among which the masthead's facts may stand."""
    names: list[str] = field(default_factory=list)
    """What may name the paper beside the title: meta elements, logos."""
    pages: list[PageLink] = field(default_factory=list)
    articles: list[Link] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    """Links that look like an article of another day."""
    elsewhere: list[str] = field(default_factory=list)
    """Links with the words of an article, to hosts that may not be asked."""
    places: set[PageCode] = field(default_factory=set)
    """The pages of the issue that it names in any way."""
    count: int = 0
    """How many pages the issue has, where it says so."""
    is_first: bool = False
    """Whether it calls itself 第1版, so that there are others."""
    turns: bool = False
    """Whether it has a next page to which no link leads."""
    image: str = ""
    """The address of the picture of the page."""

    def add(self, part: "Contents") -> None:
        """Take in what a part of the page names: a frame, or what a script writes."""
        self.pages += part.pages
        self.articles += part.articles
        self.lines += part.lines
        self.places |= part.places
        self.count = max(self.count, part.count)


def base_of(tree: LexborHTMLParser, url: str) -> str:
    """The address against which the links of a page count: its own, or that of its <base>."""
    node = tree.css_first("base[href]")
    return (resolve_link(url, node.attributes.get("href") or "") or url) if node else url


def named_addresses(tree: LexborHTMLParser, base: str) -> Iterator[tuple[str, LexborNode]]:
    """Every address of a document that an element names in whatever attribute, in order."""
    count = 0
    for at, node in enumerate(tree.root.traverse() if tree.root else ()):
        if at > MAX_ELEMENTS or count > MAX_LINKS:
            return
        url = _address_of(node, base)
        if url:
            count += 1
            yield url, node


def _address_of(node: LexborNode, base: str) -> str:
    """The address that an element leads to: by its link, else by another attribute."""
    attributes = node.attributes
    if not attributes or node.tag in ("link", "script", "img", "iframe", "frame", "meta", "form"):
        return ""
    link = attributes.get("href") if node.tag != "option" else attributes.get("value")
    url = _usable(link, base)
    if url:
        return url
    for name, value in attributes.items():
        if not value or name in _NO_LINKS or len(value) > 1000:
            continue
        scripted = name.startswith("on") or value.lower().lstrip().startswith("javascript:")
        texts = [one or two for one, two in _LITERAL.findall(value)] if scripted else [value]
        for text in texts:
            if _LINK_LIKE.fullmatch(text.strip()) and (url := _usable(text, base)):
                return url
    return ""


def _usable(link: str | None, base: str) -> str:
    """The whole address of a link; empty for one that leads nowhere, or to this very page."""
    if not link or link.strip() in ("", "#") or link.lstrip()[:1] == "#":
        return ""
    return resolve_link(base, link)


def page_name(text: str, *, code: bool = False) -> PageCode | None:
    """The page that a text is the name of: `第02版：要闻`; with `code` also `A02 要闻`."""
    text = text[:40]
    found = _PAGE_NAME.match(text) or (_PAGE_CODE.match(text) if code else None)
    count = number(found[2]) if found else None
    return (found[1].upper(), count) if found and count else None


def read_contents(
    document: Document, issue: IssueAddress, shapes: frozenset[str] = frozenset()
) -> Contents:
    """Find the pages and articles that a page links to.

    `shapes` are those of the addresses of articles found before: a page on which no link is an
    article by its look may have articles of other looks.
    """
    tree = LexborHTMLParser(document.text)
    contents = Contents(document)
    title = tree.css_first("title")
    contents.title = clean_text(title.text()) if title else ""
    base = base_of(tree, document.url)
    reading = _Reading(contents, issue, base)
    reading.read(tree)
    reading.choose(shapes)
    reading.group()
    contents.articles += reading.lost()
    if tree.body:
        _own_number(contents, tree.body)
    contents.image = _image_of(tree, base, issue)
    contents.names = _names_of(tree)
    return contents


class _Reading:
    """One page while its elements are walked through in order."""

    def __init__(self, contents: Contents, issue: IssueAddress, base: str) -> None:
        self._contents, self._issue, self._base = contents, issue, base
        self._named: set[int] = set()
        self._order: list[PageCode | int] = []
        """Names of pages, and articles by their place in the list, as they stand in the page."""
        self._unsure: set[int] = set()
        """Articles by the words of their links alone, by their place in the list."""
        self._items: list[LexborNode] = []
        """The items of the lists in which the articles stand."""

    def read(self, tree: LexborHTMLParser) -> None:
        """Walk through the page."""
        lists = selectors("lists", self._issue.first)
        self._named = {node.mem_id for selector in lists for node in tree.css(selector)}
        links = 0
        for at, node in enumerate(tree.root.traverse(include_text=True) if tree.root else ()):
            if at > 2 * MAX_ELEMENTS or links > MAX_LINKS:
                return
            if node.tag == "-text":
                self._text(node)
                continue
            url = _address_of(node, self._base)
            if url:
                links += 1
                self._link(url, node)
            elif node.tag == "a":
                self._scripted(shown_text(node)[:40])

    def _scripted(self, text: str) -> None:
        """A link to a page that only a script can follow."""
        self._contents.turns |= bool(_TURN_ON.search(text[:12]))
        if place := page_name(text):
            self._contents.places.add(place)

    def _text(self, node: LexborNode) -> None:
        """A text outside links: the name of a page over its articles, or how many there are."""
        raw = node.text(deep=False) or ""
        if len(raw) > 200 or not _MAYBE_PAGE.search(raw):
            return
        text = clean_text(raw)
        place = page_name(text) or _coded_heading(text) if len(text) <= 24 else None
        count = _PAGES_IN_ALL.search(compact(text))
        if count and len(text) <= 60:
            self._contents.count = max(self._contents.count, number(count[1]) or 0)
        elif place and not {outer.tag for outer in _outer(node, 4)} & _IN_LINK:
            self._order.append(place)
            self._contents.places.add(place)

    def _link(self, url: str, node: LexborNode) -> None:
        if NO_DOCUMENT.search(urlsplit(url).path):
            return
        text = shown_text(node)
        issue, contents = self._issue, self._contents
        place = page_name(text, code=shape_of(url) == shape_of(issue.first)) or _coded_heading(text)
        looks = {shape_of(issue.first), shape_of(contents.document.url)}
        labelled = len(looks) > 1 or any(link.number for link in contents.pages)
        wordy = not place and len(han(text)) >= (_MIN_TITLE if labelled else _SURE_TITLE)
        if (_OTHER_DAY.search(text) and not wordy) or compact(text) in _words_of_sites():
            return
        # Some systems write pages and articles alike: those of another look have titles.
        titled = wordy and not (issue.system and shape_of(url) in looks)
        turn = bool(_TURN.fullmatch(compact(text))) and issue.is_beside(url)
        # Numbers alone lead to pages, or to days in a calendar, whose addresses name these.
        turn = turn or bool(_DIGITS.fullmatch(text) and issue.date and issue.is_near(url))
        if place and date_of(url) in (None, issue.date):
            contents.places.add(place)
        if place and issue.is_beside(url) and node.tag != "area":
            contents.pages.append(PageLink(url, *place))
            self._order.append(place)
        elif turn or (issue.is_page(url) and not titled and node.tag != "area"):
            contents.pages.append(PageLink(url))
        elif issue.is_article(url) or (issue.is_page(url) and titled):
            self._add(url, node, text)
        else:
            self._other(url, node, text)

    def _add(self, url: str, node: LexborNode, text: str) -> None:
        rank = LIST if node.mem_id in self._named else OTHER
        rank = AREA if node.tag == "area" else BOX if _in_box(node) else rank
        self._order.append(len(self._contents.articles))
        self._items.append(_item_of(node))
        self._contents.articles.append(Link(url, _whole_title(node, text), rank))

    def _other(self, url: str, node: LexborNode, text: str) -> None:
        issue = self._issue
        if issue.system and issue.system.article.search(url) and issue.is_allowed(url):
            self._contents.strangers.append(url)
        titled = _MIN_TITLE <= len(han(text)) <= _MAX_TITLE or node.tag == "area"
        if not titled or not is_numbered(url):
            return
        # Some systems that are not known keep the articles apart from their issues.
        under = not issue.system and any(not isinstance(one, int) for one in self._order)
        under = under and issue.is_allowed(url) and date_of(url) in (None, issue.date)
        if issue.is_beside(url) or under:
            self._unsure.add(len(self._contents.articles))
            self._add(url, node, text)
        elif not issue.is_allowed(url) and date_of(url) in (None, issue.date):
            self._contents.elsewhere.append(url)

    def choose(self, shapes: frozenset[str]) -> None:
        """Keep the links that are articles by their look, else those of the commonest other look.

        Of addresses without a date, those of another look than most are the site's own pages.
        """
        articles = self._contents.articles
        sure = [at for at in range(len(articles)) if at not in self._unsure]
        kept = sure or sorted(self._unsure)
        if not sure or not (self._issue.date or self._issue.system):
            kinds = Counter(shape_of(articles[at].url) for at in kept)
            wanted = {*kinds} & shapes
            if not wanted and (sure or not shapes):
                wanted = {shape for shape, _ in kinds.most_common(1)}
            kept = [at for at in kept if shape_of(articles[at].url) in wanted]
        place = {at: new for new, at in enumerate(kept)}
        self._contents.articles = [articles[at] for at in kept]
        self._items = [self._items[at] for at in kept]
        order = (place.get(one, -1) if isinstance(one, int) else one for one in self._order)
        self._order = [one for one in order if one != -1]

    def lost(self) -> Iterator[Link]:
        """What stands in a list like its articles and leads to nothing that may be asked for."""
        taken = {item.mem_id for item in self._items}
        for first in {item.parent.mem_id: item for item in self._items if item.parent}.values():
            item = first.parent.first_child if first.parent else None
            while item is not None:
                text = element_text(item, 200)
                if item.mem_id not in taken and _alike(item, first) and _is_listed_title(text):
                    nodes = item.traverse()
                    urls = [url for node in nodes if (url := _address_of(node, self._base))]
                    if not any(map(self._issue.is_allowed, urls)):
                        why = f"在另一个网站：{urlsplit(urls[0]).netloc}" if urls else "没有链接"
                        yield Link(f"{self._base}?lost={letters(text)}", text, OTHER, lost=why)
                item = item.next

    def group(self) -> None:
        """Give the articles that stand under the names of several pages to these.

        A list of pages before the articles of one page is no such order: its names stand one after
        the other.
        """
        under: dict[int, PageCode] = {}
        named = {one for one in self._order if not isinstance(one, int)}
        place, run = None, list[PageCode]()
        for one in self._order:
            if not isinstance(one, int):
                run.append(one)
                continue
            if run:
                is_list = len(run) > 1 and 2 * len({*run}) >= len(named)
                place, run = None if is_list else run[-1], []
            if place:
                under[one] = place
        with_articles = {*under.values()}
        if len(with_articles) < 2 or 2 * len(with_articles) <= len(named):
            return
        articles = self._contents.articles
        for at, place in under.items():
            if articles[at].rank not in (AREA, BOX):
                articles[at] = replace(articles[at], rank=TOLD, place=place)


def _item_of(node: LexborNode) -> LexborNode:
    """The item of a list that holds a link: a link that stands alone in it is one itself."""
    return next((x for x in (node, *_outer(node, 4)) if x.tag in ("li", "tr", "dd")), node)


def _alike(one: LexborNode, other: LexborNode) -> bool:
    classes = (node.attributes.get("class") for node in (one, other))
    return one.tag == other.tag != "area" and len({*classes}) == 1


def _is_listed_title(text: str) -> bool:
    """Whether an item of a list is called as an article is, or stands for more of them."""
    known = (
        page_name(text, code=True) or _OTHER_DAY.search(text) or compact(text) in _words_of_sites()
    )
    more = re.search("更多|加载", text)
    return not known and (bool(more) or _MIN_TITLE < len(han(text)) <= _MAX_TITLE)


def _whole_title(node: LexborNode, text: str) -> str:
    """The title of an article: the heading inside an element that holds more than that."""
    head = node.css_first("h1, h2, h3, h4, h5, strong, b, [class*=tit]")
    inner = element_text(head) if head and len(han(text)) > _SURE_TITLE else ""
    text = text.lstrip(_LIST_MARKS)
    first = node.css_first("span,i,em")
    if first and (first.attributes.get("class") or (first.next and first.next.tag != "-text")):
        serial = element_text(first, 10)
        text = text.removeprefix(serial).strip() if _SERIAL.fullmatch(serial) else text
    return inner if len(han(inner)) >= _MIN_TITLE else text * bool(han(text))


def _coded_heading(text: str) -> PageCode | None:
    """`A01：要闻`: in plain text only with a colon or a letter, or it may be a date."""
    sure = re.match(r"[A-Z]?\d{2,3}\s*[:：]|[A-Z]\d{2}\s", text)
    return page_name(text, code=True) if sure else None


def _outer(node: LexborNode, most: int) -> Iterator[LexborNode]:
    """The elements around one, the nearest first."""
    outer = node.parent
    for _ in range(most):
        if outer is None or outer.tag in ("body", "html"):
            return
        yield outer
        outer = outer.parent


def shown_text(node: LexborNode) -> str:
    """The words of a link: its text, else what it or its picture is called."""
    if node.tag == "option":
        return clean_text(node.text() or "")
    shown = [element_text(node, 400), node.attributes.get("title"), node.attributes.get("alt")]
    if not (shown[0] or "").strip():
        image = node.css_first("img[alt]") if node.tag != "area" else None
        shown.append(image.attributes.get("alt") if image else "")
        box = node.parent if node.css_first("img") else None  # the words stand under the picture
        if box and len(box.css("a[href]")) == 1:
            shown.append(element_text(box, 60))
    texts = [clean_text(text) for text in shown if text]
    found = next((text for text in texts if han(text)), next(iter(texts), ""))
    return next((text for text in texts if is_whole_of(text, found)), found)


def _in_box(node: LexborNode) -> bool:
    """Whether a link stands in a box of articles from all pages, by the words above it."""
    words = tuple(rules.phrases("epaper")["page"]["boxes"])
    for outer in _outer(node, 8):
        before = outer.prev
        while before is not None and before.tag == "-text":
            before = before.prev
        if before is not None and compact(element_text(before, 40)).strip("【】[]：:") in words:
            return True
        text = compact(element_text(outer, _MAX_BOX))
        if len(text) >= _MAX_BOX:
            return False
        # An element that holds this one link and nothing else has the link's own words.
        boxed = text.lstrip("【[").startswith(words) and outer.tag != "a"
        if boxed and text != compact(element_text(node)):
            return True
    return False


def _own_number(contents: Contents, body: LexborNode) -> None:
    """The number of the page itself, from the link to itself or the first line that names one."""
    links = {element_text(node) for node in body.css(_LINKED)[:MAX_LINKS]}
    short = (line.text for line in web_lines(body) if len(line.text) <= 60)
    contents.lines = [text for text in short if text not in links]
    own = key_of(contents.document.url)
    named = [(p.section, p.number) for p in contents.pages if p.number and key_of(p.url) == own]
    texts = () if named else (*contents.lines, contents.title)
    told = (_PAGE_IN_TEXT.search(text) or _PAGE_NAME.search(text) for text in texts)
    named += [(found[1].upper(), number(found[2]) or 0) for found in told if found][:1]
    if named:
        contents.section, contents.number = named[-1]
        contents.is_first = contents.number == 1


@cache
def _words_of_sites() -> frozenset[str]:
    return frozenset(rules.phrases("epaper")["page"]["site_links"])


@cache
def _suffixes() -> tuple[str, ...]:
    suffixes: list[str] = rules.phrases("epaper")["paper"]["suffixes"]
    return tuple(sorted(suffixes, key=len, reverse=True))


def paper_name(titles: Iterable[str], names: Iterable[str] = ()) -> str:
    """The name that most titles give, else what else names the paper; empty where nothing does.

    A word that can only be the name of a paper comes before one that might be anything.
    """
    titles = [*titles]
    for find, texts in ((_certain_name, titles), (_certain_name, names), (_possible_name, titles)):
        votes = Counter(name for text in texts if (name := find(text)))
        if votes:
            return votes.most_common(1)[0][0]
    return ""


def _certain_name(text: str) -> str:
    return read_masthead([], _name_parts(text), "").paper


def _possible_name(text: str) -> str:
    parts = _name_parts(text)
    return next((part for part in parts if 2 <= len(part) <= 12 and not _NO_NAME.search(part)), "")


def _name_parts(text: str) -> list[str]:
    return [_bare(part) for part in _PARTS.split(text[:200]) if han(part)]


def _bare(part: str) -> str:
    part = compact(part)
    for suffix in _suffixes():
        if part.endswith(suffix) and len(part) > len(suffix) + 1:
            return part.removesuffix(suffix)
        part = part if part != suffix else ""
    return part


def _names_of(tree: LexborHTMLParser) -> list[str]:
    """What the page calls itself beside its title: meta elements, the logo, the masthead."""
    names = [meta.attributes.get("content") or "" for meta in tree.css(_METAS)[:50]]
    alts = [node.attributes.get("alt") or "" for node in tree.css("img[alt]")[:MAX_IMAGES]]
    names += [alt for alt in alts if not page_name(alt, code=True)]
    names += [element_text(node, 60) for node in tree.css(_MASTHEADS)[:10]]
    text = element_text(tree.body, MAX_TEXT) if tree.body else ""
    names += [found[1] for found in _PAPER_OFFICE.finditer(text[-_FOOTER:])]
    return [clean_text(name) for name in names if han(name)]


def written_html(scripts: Iterable[str]) -> str:
    """The HTML that scripts write into a page as literals, `document.write("<a …>")`."""
    found = [match[1] for script in scripts for match in _WRITTEN.finditer(script[:MAX_TEXT])]
    return "".join(re.sub(r"\\(.)", r"\1", literal[1:-1]) for literal in found)


def _image_of(tree: LexborHTMLParser, base: str, issue: IssueAddress) -> str:
    """The picture of the page: that with the areas of the articles, else one of its day alone."""
    found = [node for node in tree.css("img[usemap]") if node.attributes.get("src")]
    if not found:
        found = [node for node in tree.css("img[src]")[:MAX_IMAGES] if _is_page_image(node, base)]
    urls = [resolve_link(base, node.attributes.get("src") or "") for node in found]
    return urls[0] if len({*urls}) == 1 and issue.is_allowed(urls[0]) else ""


def _is_page_image(node: LexborNode, base: str) -> bool:
    src = resolve_link(base, node.attributes.get("src") or "")
    day = date_of(src)
    return bool(day and day == date_of(base) and _PICTURE_FILE.search(urlsplit(src).path))


def kickers_in(tree: LexborHTMLParser) -> dict[str, str]:
    """By the letters of each heading of a page, the line next over it in the box of its story."""
    heads = tree.css("h1, h2, h3, h4, h5, p, strong")[:MAX_LINKS]
    return {letters(element_text(head, 200)): _kicker_over(head) for head in heads}


def _kicker_over(head: LexborNode) -> str:
    line = head.prev
    while line is not None and line.tag == "-text" and not (line.text() or "").strip():
        line = line.prev
    text = element_text(line, 200) if line and line.tag in (*HEADINGS, "p", "div", "span") else ""
    alone = line is not None and not line.css_first("a, img") and not page_name(text)
    short = len(han(text)) <= _MAX_KICKER and not ends_sentence(text)
    return text * bool(alone and short and han(text) and not find_date(text))
