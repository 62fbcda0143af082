"""From the address of a first page to the pages of the issue with their articles."""

import datetime
import json
import re
from collections import Counter
from dataclasses import replace
from html import unescape
from itertools import pairwise
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from qjaudio import rules
from qjaudio.errors import EngineError, NoPaperError, NotAnIssueError
from qjaudio.paper.entries import kind_of_entry
from qjaudio.paper.lines import find_date, is_credit
from qjaudio.paper.model import Block, Page
from qjaudio.paper.text import Doubt, Span, compact, ends_sentence, han, letters
from qjaudio.sources.epaper.address import (
    IssueAddress,
    check_location,
    date_in,
    date_of,
    key_of,
    resolve_link,
    shape_of,
)
from qjaudio.sources.epaper.article import (
    WebArticle,
    article_blocks,
    blocks_of_kinds,
    read_article,
)
from qjaudio.sources.epaper.contents import (
    AREA,
    BOX,
    HEADINGS,
    LIST,
    TOLD,
    Contents,
    Link,
    PageLink,
    base_of,
    kickers_in,
    page_name,
    paper_name,
    read_contents,
    written_html,
)
from qjaudio.sources.epaper.entrance import (
    CHECK,
    Missing,
    first_page,
    in_page_order,
    missing_pages,
    number_pages,
    onward,
    same_page,
    spread,
    unlinked_pages,
)
from qjaudio.sources.epaper.fetch import Document, Fetcher, NotSentError, TooMuchError
from qjaudio.sources.epaper.markup import element_text, split_stories, web_lines
from qjaudio.sources.epaper.scripts import (
    MAX_SCRIPT,
    Entry,
    addresses_of,
    article_html,
    entries_in,
    json_names,
    json_values,
    numbered_pages,
    script_values,
)

_MASTHEAD = re.compile(
    r"总?第\d{1,6}期|农历|星期[一二三四五六日天]|国内统一|CN\d{2}-\d{4}|(?:主管|主办)"
)
_NAMES_OF_JSON = ("data.json", "index.json", "navi.json", "list.json")
"""What contents are called that no script names, in the folder of the page or the one above."""
_TODAY = re.compile(r"今天|今日[是：:\d]|现在|当前|时间|。")
_MAX_TURNS = 20
"""Pages of the longest article."""
_MAX_SCRIPTS = 6
"""Scripts and JSON documents that are fetched for the contents of one issue."""
_MOST_LINKS, _MIN_LISTED = 2000, 4
"""Links of a page that are looked at, and Han characters of a title in them."""
_MOST_AROUND = 60
"""Han characters around the frame of a page that has no text itself."""
_JSON_ATTRIBUTE = re.compile(r"=\s*\"(\[\{&quot;[^\"]{20,200000})\"|='(\[\{\"[^']{20,200000})'")
_DATE_IN_JSON = re.compile(
    r"\"\w{0,20}(?:date|day|riqi|rq)\"\s*:\s*\"(20\d\d-?\d\d-?\d\d)", re.IGNORECASE
)
_LIBRARY = re.compile(r"jquery|bootstrap|swiper|vue|react|layui|[.-]min\.js", re.I)
"""Scripts that are the work of others and hold no contents."""
_AS_FILES = "give the pages as files with --from PATH"
_NEW_ISSUE = "try again when the new issue is whole"


async def gather_issue(
    fetcher: Fetcher, location: str, date: datetime.date | None = None
) -> list[Page]:
    """Read all pages and articles of the issue that begins at `location`.

    Where pages or texts are missing, the first page carries doubts that say so.

    Raises:
        NoPaperError: the site has no such page, or leads to the issue of another day.
        NotAnIssueError: no issue, one of another day, more than an issue can hold, or one of which
            only the first page can be found.
        EngineError: the site fails.
    """
    first, issue, listed = await first_page(fetcher, check_location(location))
    _check_date(location, date or date_in(location), issue.date)
    contents = await _all_pages(fetcher, issue, first, listed)
    number_pages(contents)
    missing = missing_pages(contents)
    contents = in_page_order(spread(contents))
    plan = _plan(contents)
    if not any(plan):
        _no_articles(location, contents)
    if sum(map(len, plan)) > fetcher.limits.articles:
        raise NotAnIssueError(
            f"{location} links to more than {fetcher.limits.articles} articles",
            hint="give the address of one issue's first page, not of an archive",
        )
    if missing and len(contents) == 1:
        raise NotAnIssueError(
            f"{location} names further pages ({'、'.join(name for _, name in missing)}), "
            "but only one can be found",
            hint=f"the site shows them by a script of its own: {_AS_FILES}",
        )
    return await _fetch_pages(fetcher, issue, contents, plan, missing)


def _check_date(location: str, asked: datetime.date | None, served: datetime.date | None) -> None:
    if asked and served and asked != served:
        raise NoPaperError(
            f"{location} leads to the issue of {served.isoformat()}, not of {asked.isoformat()}",
            hint=f"the issue of {asked.isoformat()} is not out yet, or there was none that day",
        )


async def _all_pages(
    fetcher: Fetcher, issue: IssueAddress, first: Document, listed: list[PageLink]
) -> list[Contents]:
    """Every page that the first page, a later one or the entry (`listed`) links to."""
    found = [read_contents(first, issue)]
    found[0].pages += listed
    _add_from_text(found[0], issue)
    bare = not found[0].articles
    if bare or not found[0].pages:
        await _add_from_frames(fetcher, issue, found[0])
        await _add_from_scripts(fetcher, issue, found[0])
    shapes = frozenset(shape_of(link.url) for link in found[0].articles)
    seen = {key_of(first.url)}
    waiting = list(found[0].pages)
    while waiting or (waiting := unlinked_pages(found, seen)):
        link = waiting.pop(0)
        if key_of(link.url) in seen:
            continue
        if len(seen) >= fetcher.limits.pages:
            raise NotAnIssueError(
                f"{first.url} has more than {fetcher.limits.pages} pages",
                hint="give the address of one issue's first page, not of an archive",
            )
        seen.add(key_of(link.url))
        contents = await _page(fetcher, issue, link, shapes, ask=bare)
        if contents and not same_page(contents, found):
            found.append(contents)
            waiting += contents.pages
    _check_same_day(found, issue)
    return found


async def _page(
    fetcher: Fetcher, issue: IssueAddress, link: PageLink, shapes: frozenset[str], *, ask: bool
) -> Contents | None:
    """One further page; None where it is none, or not the one that no link has named."""
    try:
        document = await fetcher.get(link.url)
        if document is None:
            return None
        _check_issue_unchanged(document, issue)
    except (EngineError, NotAnIssueError):
        if link.guessed:
            return None
        raise
    contents = read_contents(document, issue, shapes)
    if link.guessed and (contents.section, contents.number) != (link.section, link.number):
        return None
    _add_from_text(contents, issue)
    if not contents.articles:
        await _add_from_frames(fetcher, issue, contents)
        await _add_from_scripts(fetcher, issue, contents, ask=ask)
    return contents


def _check_issue_unchanged(document: Document, issue: IssueAddress) -> None:
    """Make sure that a document of the issue did not come from that of another day."""
    day = date_of(document.url)
    if day and issue.date and day != issue.date:
        raise EngineError(
            "the site changed while it was read: "
            f"{document.url} is of {day.isoformat()}, not of {issue.date.isoformat()}",
            hint=_NEW_ISSUE,
        )


def _check_same_day(found: list[Contents], issue: IssueAddress) -> None:
    """Of pages whose addresses name no day: make sure that they print the same one."""
    days = {find_date(" ".join(contents.lines)) for contents in found} - {""}
    if not issue.date and len(days) > 1:
        told = f"its pages are of {' and '.join(sorted(days))}"
        raise EngineError(f"the site changed while it was read: {told}", hint=_NEW_ISSUE)


def _older_day(found: list[Contents], issue: IssueAddress) -> str:
    """The day, older than that of their addresses, that all mastheads of an issue print."""
    lines = [x for one in found for x in one.lines if "星期" in x and not _TODAY.search(x)]
    days = {*map(find_date, lines)} - {""}
    day = days.pop() if len(days) == 1 else ""
    return day if issue.date and day < issue.date.isoformat() else ""


async def _add_from_frames(fetcher: Fetcher, issue: IssueAddress, contents: Contents) -> None:
    """Add what the documents in the frames of a page name: they are parts of it."""
    tree = LexborHTMLParser(contents.document.text)
    base = base_of(tree, contents.document.url)
    frames = tree.css("frame[src], iframe[src]")[:_MAX_SCRIPTS]
    urls = [resolve_link(base, frame.attributes["src"] or "") for frame in frames]
    for url in dict.fromkeys(filter(issue.is_beside, urls)):
        document = await fetcher.get(url)
        if document and (target := onward(document)) and issue.is_beside(target):
            document = await fetcher.get(target)
        if document:
            contents.add(read_contents(document, issue))


def _add_from_text(contents: Contents, issue: IssueAddress) -> None:
    """Add the articles that stand on the page itself, below a list of links that lead nowhere."""
    tree = LexborHTMLParser(contents.document.text)
    if contents.articles or not tree.body:
        return
    links = tree.css("a[href^='#'], a[href^='javascript'], area, [onclick]")[:_MOST_LINKS]
    listed = {(link.attributes.get("title") or element_text(link, 200)).strip() for link in links}
    titles = {letters(text) for text in listed if len(han(text)) >= _MIN_LISTED}
    parts = () if titles else split_stories(contents.document.text, "")
    trees = [LexborHTMLParser(part).css_first("h1, h2, h3, h4") for part in parts]
    titles |= {letters(element_text(head)) for head in trees if head}
    shown = web_lines(tree.body)
    lines = [line.text for line in shown]
    heads = sorted({letters(x): at for at, x in enumerate(lines) if letters(x) in titles}.values())
    kickers = kickers_in(tree) if heads else {}
    entries = []
    for at, to in pairwise([*heads, len(lines)]):
        # What stands between a last sentence and the next title belongs to neither text.
        end = max(n for n in range(at, to) if n == at or ends_sentence(lines[n]))
        text = lines[at + 1 : end + 1]
        known = parts or (text and shown[at + 1].tag in HEADINGS)
        deck = text.pop(0) if known and len(text) > 1 and not ends_sentence(text[0]) else ""
        place = next(filter(None, map(page_name, reversed(lines[:at] if parts else []))), None)
        if text:
            body, over = "\n".join(text), kickers.get(letters(lines[at]), "")
            entries.append(Entry(title=lines[at], text=body, kicker=over, deck=deck, place=place))
    _add_entries(contents, issue, entries, contents.document.url)


async def _add_from_scripts(
    fetcher: Fetcher, issue: IssueAddress, contents: Contents, *, ask: bool = True
) -> None:
    """Add the articles and pages that the scripts of a page name, or JSON beside it.

    With `ask`, scripts and JSON are fetched where those inside the page name no article.
    """
    base = contents.document.url
    tree = LexborHTMLParser(contents.document.text)
    inline = [node.text() or "" for node in tree.css("script:not([src])")]
    named = _JSON_ATTRIBUTE.finditer(contents.document.text)
    inline += [f"={unescape(one[1] or one[2])};" for one in named]
    _add_from_texts(contents, issue, inline)
    for node in () if contents.articles else tree.css("iframe[src]")[:_MAX_SCRIPTS]:
        url = resolve_link(base, node.attributes["src"] or "")
        listing = await fetcher.get(url) if url and issue.is_allowed(url) else None
        contents.articles += read_contents(listing, issue).articles if listing else []
    if contents.articles or not ask:
        return
    sources = [resolve_link(base, n.attributes["src"] or "") for n in tree.css("script[src]")]
    own = [one for one in sources if one and issue.is_allowed(one) and not _LIBRARY.search(one)]
    fetched = [await fetcher.get_data(url) or "" for url in own[:_MAX_SCRIPTS]]
    _add_from_texts(contents, issue, fetched)
    if contents.articles:
        return
    names = [name for script in (*inline, *fetched) for name in json_names(script)]
    urls = [urljoin(base, name) for name in names][:_MAX_SCRIPTS]
    if inline or sources:
        folders = dict.fromkeys(urljoin(base, up) for up in ("./", "../"))
        inside = [one for one in folders if urlsplit(one).path.startswith(issue.root)]
        urls += [urljoin(one, name) for one in inside for name in _NAMES_OF_JSON]
    for url in dict.fromkeys(filter(issue.is_ours, urls)):
        text = await fetcher.get_data(url)
        for value in json_values(text, url) if text else ():
            _add_entries(contents, issue, entries_in(value), url)
        if contents.articles:
            return


def _add_from_texts(contents: Contents, issue: IssueAddress, scripts: list[str]) -> None:
    """Add what scripts hold as literals: links that they write, lists and objects."""
    base = contents.document.url
    written = written_html(scripts)
    if written:
        contents.add(read_contents(Document(base, written), issue))
    beside = [link for script in scripts for link in numbered_pages(script, base)]
    contents.pages += [PageLink(url, "", at) for url, at in beside if issue.is_beside(url)]
    contents.count = max([contents.count, *(at for _, at in beside)])
    for value in [value for script in scripts for value in script_values(script)]:
        contents.lines += _DATE_IN_JSON.findall(json.dumps(value, ensure_ascii=False)[:MAX_SCRIPT])
        _add_entries(contents, issue, entries_in(value), base)


def _add_entries(
    contents: Contents, issue: IssueAddress, entries: list[Entry], source: str
) -> None:
    """Add what JSON or a script names; addresses that belong elsewhere are left."""
    base = contents.document.url
    for at, entry in enumerate(entries):
        urls = [resolve_link(base, one) for one in addresses_of(entry, base, source)]
        urls = [url for url in dict.fromkeys(urls) if url and issue.is_beside(url)]
        if entry.place:
            contents.places.add(entry.place)
        if entry.title and (entry.text or not entry.address):
            url = f"{source}?article={at}"
            link = Link(url, entry.title, TOLD, entry.place, html=article_html(entry))
            contents.articles.append(link)
        elif entry.title and urls:
            rank = TOLD if entry.place else LIST
            contents.articles.append(Link(urls[0], entry.title, rank, entry.place, tuple(urls[1:])))
        elif entry.place and urls:
            contents.pages.append(PageLink(urls[0], *entry.place))


def _plan(contents: list[Contents]) -> list[list[Link]]:
    """The articles of each page; each belongs to that which shows it most surely."""
    best: dict[str, tuple[int, int, int]] = {}
    titles: dict[str, str] = {}
    areas = Counter(link.title for page in contents for link in page.articles if link.rank == AREA)
    for at, page in enumerate(contents):
        named = Counter(key_of(link.url) for link in page.articles)
        for link in page.articles:
            key = key_of(link.url)
            # A box that all pages show names it once more on its own page, beside the list there.
            claim = (link.rank, -named[key], at)
            best[key] = min(best.get(key, claim), claim)
            # The areas of a picture are often all titled with the name of the page.
            if link.rank != AREA or areas[link.title] == 1:
                titles[key] = titles.get(key) or link.title
    read = {letters(link.title) for page in contents for link in page.articles if not link.lost}
    dead = [{letters(x.title) for x in page.articles if x.lost} for page in contents]
    times = Counter(title for titles in dead for title in titles)
    # What lists of several pages have alike is the heading of a list, unless it opens the rest.
    read |= {title for title, count in times.items() if count > 1 and "更多" not in title}
    plan: list[list[Link]] = []
    for at, page in enumerate(contents):
        # The list is in the order of the editors; the picture's areas are in any order.
        links = sorted(page.articles, key=lambda link: (link.rank in (AREA, BOX), link.rank))
        mine: dict[str, Link] = {}
        for link in links:
            key = key_of(link.url)
            if best[key][2] == at and not (link.lost and letters(link.title) in read):
                mine.setdefault(key, replace(link, title=titles.get(key, "")))
        plan.append(list(mine.values()))
    return plan


def _no_articles(location: str, contents: list[Contents]) -> None:
    asked = date_in(location)
    others = [date_in(url) for page in contents for url in page.strangers]
    _check_date(location, asked, next(filter(None, others), None))
    hosts = Counter(urlsplit(url).netloc for page in contents for url in page.elsewhere)
    host, count = next(iter(hosts.most_common(1)), ("", 0))
    if count > 1:  # one alone is a link to friends
        raise NotAnIssueError(
            f"the articles of {location} lie on another host: {host}",
            hint=f'if it is the paper\'s own, allow it in qjaudio.toml: epaper_hosts = ["{host}"]',
        )
    # Many sites answer a day without a paper with a page that says so, and no 404.
    named = any(page.pages or page.places for page in contents)
    kind = NoPaperError if asked and len(contents) == 1 and not named else NotAnIssueError
    text = contents[0].document.text.lower()
    scripted = f"{CHECK}; if scripts make its lists, {_AS_FILES}"
    hint = scripted if named or "<script" in text else CHECK
    if ".pdf" in text:
        hint = f"{CHECK}; it has its pages as PDF: download these and give the files"
    raise kind(f"{location} links to no article of an issue", hint=hint)


async def _fetch_pages(
    fetcher: Fetcher,
    issue: IssueAddress,
    found: list[Contents],
    plan: list[list[Link]],
    missing: list[Missing],
) -> list[Page]:
    """Fetch the articles, page by page; the first page tells what pages are missing."""
    names = [name for contents in found for name in contents.names]
    paper = paper_name([contents.title for contents in found], names)
    reader = _ArticleReader(fetcher, issue, paper)
    read = [[one for link in links for one in await reader.read(link)] for links in plan]
    together = [article for articles in read for article in articles]
    if reader.failed and not any(article.parts for article in together):
        raise reader.failed
    _check_printed(issue, together)
    _take_out_shared(together)
    mains = Counter(letters(article.main) for article in together)
    pages: list[Page] = []
    stale = _older_day(found, issue)
    for contents, articles in zip(found, read, strict=True):
        blocks = facts_blocks(found[0], issue.date, paper) if not pages else []
        doubts = [
            _doubt("missing_page", Span(number or contents.number, 0, 0, 0), name, name)
            for number, name in (missing if not pages else ())
        ]
        if not pages and not missing and len(found) == 1 and contents.is_first:
            doubts.append(_doubt("lone_page", Span(contents.number, 0, 0, 0), ""))
        if stale and not pages:
            doubts.append(_doubt("older_day", Span(contents.number, 0, 0, 0), stale, stale))
        for article in articles:
            line = sum(len(block.lines) for block in blocks)
            doubts += _article_doubts(article, contents.number, line, mains[letters(article.main)])
            blocks += article_blocks(article)
        if blocks:
            page = Page(
                number=contents.number, blocks=tuple(blocks), source=contents.document.url,
                marked=True, image=contents.image, doubts=tuple(doubts),
            )  # fmt: skip
            pages.append(page)
    return pages


def _take_out_shared(articles: list[WebArticle]) -> None:
    """Take out of all articles what most of them have alike: it is the site's own.

    A kicker may stand over several, so that only one that is everywhere is none.
    """
    texts = [{*(part.text for part in x.parts), x.kicker, x.deck} for x in articles]
    times = Counter(text for one in texts for text in one)
    most = max(2, len(articles) / 2)
    shared = {text for text, count in times.items() if count > most and not is_credit(text)}
    for article in articles:
        kept = [part for part in article.parts if part.text not in shared]
        article.parts = kept or article.parts
        everywhere = {text for text in shared if times[text] == len(articles)}
        article.kicker *= article.kicker not in everywhere
        article.deck *= article.deck not in everywhere


def _doubt(name: str, where: Span, text: str, what: str = "") -> Doubt:
    """A doubt of rules/epaper.toml."""
    rule = rules.phrases("epaper")["doubt"][name]
    return Doubt(kind=rule["kind"], where=where, what=text, why=rule["why"].format(what=what))


def _article_doubts(article: WebArticle, page: int, line: int, alike: int) -> list[Doubt]:
    """What is not sure of an article whose headline is a line of a page, and that of `alike`."""
    where = Span(page, line, 0, len(article.main))
    size = sum(len(han(part.text)) for part in article.parts)
    known = kind_of_entry(article.main) not in ("", "untitled")  # 广告, 报头: often a picture
    checks = (
        ("lost_article", bool(article.lost), article.lost),
        ("empty_article", not (size or known), ""),
        ("only_photo", not known and {part.kind for part in article.parts} == {"caption"}, ""),
        ("text_outside", article.outside > size, str(article.outside)),
        ("next_page", bool(article.goes_on), "下一页"),
        ("withheld", article.withheld, ""),
        ("cut_title", article.cut, ""),
        ("running_deck", article.running, ""),
        ("same_title", alike > 2 and not known and bool(han(article.main)), str(alike)),
    )
    found = [_doubt(name, where, article.main, what) for name, wrong, what in checks if wrong]
    return found[:1]


def _is_sent_away(document: Document, link: Link) -> bool:
    """Whether a redirect led to a page that does not name the article: the front, a log-in."""
    start = letters(link.title)[:6]
    moved = key_of(document.url) not in map(key_of, (link.url, *link.others))
    return moved and bool(start) and start not in letters(LexborHTMLParser(document.text).text())


class _ArticleReader:
    """Fetches articles; remembers at which of several possible places the last one lay."""

    def __init__(self, fetcher: Fetcher, issue: IssueAddress, paper: str) -> None:
        self._fetcher, self._issue, self._paper, self._place = fetcher, issue, paper, 0
        self.failed: NotSentError | None = None
        """Why the last article was not sent."""

    async def read(self, link: Link) -> list[WebArticle]:
        """One article, or all of a page where the link leads to its text.

        Where its document is missing or none that can be read, its title alone. Where two in a row
        are not sent, it is the site that fails.
        """
        if link.html or link.lost:
            gone = WebArticle(link.url, main=link.title, lost=link.lost)
            return [gone if link.lost else self._article(link.html, link)]
        try:
            document = await self._document(link)
            self.failed = None
            if document and _is_sent_away(document, link):
                return [WebArticle(link.url, main=link.title, lost=f"转到 {document.url}")]
            if document:
                document = await self._with_text(document)
                parts = split_stories(document.text, link.title)
                stories = [self._article(part, replace(link, title="")) for part in parts]
                return stories or [await self._whole(self._article(document.text, link), link)]
            lost = "404"
        except TooMuchError:
            raise
        except NotSentError as error:
            if self.failed:
                raise
            self.failed, lost = error, str(error)
        except NotAnIssueError as error:
            lost = str(error)
        return [WebArticle(link.url, main=link.title, lost=lost)]

    async def _with_text(self, document: Document) -> Document:
        """A document, or what scripts show in one without text: a frame, a text area, JSON."""
        tree = LexborHTMLParser(document.text)
        lines = [line.text for line in web_lines(tree.body)] if tree.body else []
        if len(han("".join(lines))) > _MOST_AROUND or any(map(ends_sentence, lines)):
            return document
        for area in tree.css("textarea"):
            if "。" in area.text():
                return Document(document.url, f"<html><body>{area.text()}</body></html>")
        for script in tree.css("script[type*=json]"):
            for entry in entries_in(next(iter(json_values(script.text(), document.url)), [])):
                if entry.title and entry.text:
                    return Document(document.url, article_html(entry))
        frames = tree.css("iframe[src]")
        url = resolve_link(document.url, frames[0].attributes["src"] or "") if frames else ""
        inner = await self._fetcher.get(url) if url and self._issue.is_beside(url) else None
        return inner or document

    async def _whole(self, article: WebArticle, link: Link) -> WebArticle:
        """An article with its further pages; where one cannot be had, its address stays."""
        seen = {link.url}
        while {*article.goes_on} - seen and len(seen) < _MAX_TURNS:
            seen.add(article.goes_on[0])
            try:
                document = await self._fetcher.get(article.goes_on[0])
            except TooMuchError:
                raise
            except (NotAnIssueError, NotSentError):
                document = None
            if document is None:
                return article
            _check_issue_unchanged(document, self._issue)
            more = self._article(document.text, link)
            # The numbers below the comments of readers lead to the same text again.
            known = article.parts if more.parts[:1] == article.parts[:1] else []
            article.parts = [*article.parts, *(part for part in more.parts if part not in known)]
            onward = {*article.goes_on, *more.goes_on} - seen
            article.goes_on = sorted(onward, key=lambda url: [*map(int, re.findall(r"\d+", url))])
        return article

    def _article(self, html: str, link: Link) -> WebArticle:
        drawn = link.rank == AREA
        return read_article(html, link.url, listed=link.title, paper=self._paper, drawn=drawn)

    async def _document(self, link: Link) -> Document | None:
        """The first document at the places where an article may lie."""
        places = [link.url, *link.others]
        start = self._place if self._place < len(places) else 0
        for place in [start, *(at for at in range(len(places)) if at != start)]:
            document = await self._fetcher.get(places[place])
            if document:
                _check_issue_unchanged(document, self._issue)
                self._place = place
                return document
        return None


def _check_printed(issue: IssueAddress, articles: list[WebArticle]) -> None:
    """Refuse an issue whose every article says that another day's paper printed it."""
    days = {find_date(article.printed_on) for article in articles if article.printed_on} - {""}
    if issue.date and days and issue.date.isoformat() not in days:
        _check_date(issue.first, issue.date, datetime.date.fromisoformat(min(days)))


def facts_blocks(first: Contents, date: datetime.date | None, paper: str) -> list[Block]:
    """The facts of the masthead: name, date (that of the address), and lines of the first page."""
    lines = [line for line in first.lines if _MASTHEAD.search(compact(line))]
    # An address without a date: the page's own words have to tell.
    day = date.isoformat() if date else find_date(" ".join(first.lines))
    facts = [("paper", paper), ("date", day), *(("masthead", line) for line in lines[:6])]
    return blocks_of_kinds(facts)
