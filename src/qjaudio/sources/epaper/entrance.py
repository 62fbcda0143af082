"""From the address that was handed over to the first page of an issue.

An entry sends its reader on, by a refresh, a script or a frame, or lists the newest pages.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from qjaudio.errors import NoPaperError
from qjaudio.paper.text import han
from qjaudio.sources.epaper.address import (
    IssueAddress,
    date_in,
    date_of,
    is_numbered,
    key_of,
    resolve_link,
    shape_of,
    systems,
)
from qjaudio.sources.epaper.contents import (
    NO_DOCUMENT,
    PageLink,
    base_of,
    named_addresses,
    page_name,
    shown_text,
)
from qjaudio.sources.epaper.fetch import Document, Fetcher
from qjaudio.sources.epaper.markup import clean_text, element_text
from qjaudio.sources.epaper.scripts import PageCode

CHECK = "check the address in a browser; weekly papers have no issue on most days"

_REFRESH = re.compile(r"^\s*[\d.]*\s*[;,]?\s*(?:url\s*=)?\s*[\"']?([^\"'>]+)", re.I)
_STRING = r"(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'|`[^`\n$]{0,300}`)"
_SCRIPTED = re.compile(
    r"location(?:\.href\s*=|\.(?:replace|assign)\(|\s*=)\s*"
    rf"((?:{_STRING}|\w{{1,40}})(?:\s*\+\s*(?:{_STRING}|\w{{1,40}})){{0,12}})\s*(?:[;)}}\n\"']|$)"
)
"""An address that a script puts together from literals and variables."""
_NO_PLACE: PageCode = ("~", 999)
"""Comes after every page with a number."""

_ISSUE_NAME = re.compile(r"^\W*(?:总?第?\d{1,6}期|20\d\d年\d{1,2}月\d{1,2}日(?:刊|出版|\W|$))")
"""What a link to a whole issue is called."""
_MIN_WORDS = 4
"""Han characters of a link that may be the title of an article."""


async def first_page(fetcher: Fetcher, url: str) -> tuple[Document, IssueAddress, list[PageLink]]:
    """The first page itself, past those that only send their reader on; its issue; its pages.

    The pages are those that an entry has listed.
    """
    seen, listed = [url], list[PageLink]()
    while True:
        document = await fetcher.get(seen[-1])
        if document is None:
            day = date_in(seen[-1])
            when = f" on {day.isoformat()}" if day else ""
            raise NoPaperError(f"no issue{when}: {seen[-1]} does not exist (404)", hint=CHECK)
        target = onward(document)
        if not target:
            issue, pages = locate_issue(document, fetcher.hosts)
            if not pages:
                return document, issue, listed
            target, listed = pages[0].url, pages
        seen.append(fetcher.next_address(seen, target))


def onward(document: Document) -> str:
    """The address to which a page sends its reader on at once; empty where it does not."""
    for target in _targets(LexborHTMLParser(document.text), document.url):
        url = resolve_link(document.url, target)
        if url and key_of(url) != key_of(document.url):
            return url
    return ""


def _targets(tree: LexborHTMLParser, address: str) -> Iterator[str]:
    """Where a refresh leads to; on a page with little else, also a script or a frame."""
    for meta in tree.css("meta[http-equiv=refresh i][content*='=']"):
        found = _REFRESH.match(clean_text(meta.attributes["content"] or "")[:1000])
        yield found[1] if found else ""
    body = tree.body
    full = body is not None and len(han(element_text(body, 2000))) > 200
    links = tree.css("a[href], area[href]")
    if full or len(links) > 3 or sum("版" in element_text(link, 60) for link in links) > 1:
        return
    yield from (_target_of(node.text() or "") for node in tree.css("script"))
    yield _target_of((body.attributes.get("onload") or "") if body else "")
    frames = tree.css("frame[src], iframe[src]")
    if len(frames) > 1 or any(page_name(shown_text(link)) for link in tree.css("a[href]")):
        return  # they are parts of the page
    for frame in frames:
        url = resolve_link(address, frame.attributes.get("src") or "")
        yield url if is_numbered(url) or date_of(url) else ""


def _target_of(script: str) -> str:
    """The address to which a script leads, where its parts are literals or variables of these."""
    found = _SCRIPTED.search(script[:100_000])
    address = ""
    for part in re.findall(rf"{_STRING}|\w+", found[1]) if found else ():
        value = part
        if part[0] not in "\"'`":
            given = re.search(rf"\b{part}\s*=\s*({_STRING})\s*[;,\n]", script)
            value = given[1] if given else ""
        if not value:
            return ""
        address += value[1:-1]
    return address


def locate_issue(
    document: Document, hosts: tuple[str, ...] = ()
) -> tuple[IssueAddress, list[PageLink]]:
    """The issue that a document belongs to and, where it is only an entry, the pages it leads to.

    An entry without a date leads to the day of which it names most pages, of those the latest.
    """
    own = IssueAddress.of(document.url, hosts)
    issue = _with_page_folders(own, document)
    if issue.system:
        return issue, []
    rows, articles = _links_by_day(document, issue)
    if not rows and not issue.date and articles:
        most = max(articles, key=lambda one: (len(articles[one]), one))
        url, text = articles[most][0]
        if len({one for one, _ in articles[most]}) == 1 and _ISSUE_NAME.search(text):
            return IssueAddress.of(url, hosts), [PageLink(url, "", 1)]
        found = IssueAddress.of(url, hosts)
        root = found.root if issue is own else issue.root
        return replace(found, first=document.url, root=root), []
    named = {day: sum(row[0] != _NO_PLACE for row in found) for day, found in rows.items()}
    day = issue.date or max(named, key=lambda one: (named[one], one), default=None)
    if not day or not rows.get(day):
        return issue, []
    places = [
        (url, place if place != _NO_PLACE else ("", 0)) for place, _, url in sorted(rows[day])
    ]
    pages = [PageLink(url, *place) for url, place in places]
    found = IssueAddress.of(pages[0].url, hosts)
    if not issue.date and pages[0].number in (0, 1):
        return found, pages
    return (found if found.system or not issue.date else issue), []


def _with_page_folders(issue: IssueAddress, document: Document) -> IssueAddress:
    """An issue without a date whose pages have a folder each: `/szb/1b/` names `/szb/2b/`."""
    outer = issue.root.rstrip("/").rpartition("/")[0] + "/"
    tree = LexborHTMLParser(document.text)
    for url, node in named_addresses(tree, base_of(tree, document.url)) if not issue.date else ():
        path = urlsplit(url).path
        beside = path.startswith(outer) and not path.startswith(issue.root)
        alike = beside and issue.is_allowed(url) and shape_of(url) == shape_of(issue.first)
        if alike and page_name(shown_text(node)):
            return replace(issue, root=outer)
    return issue


_PageRow = tuple[PageCode, int, str]


def _links_by_day(
    document: Document, issue: IssueAddress
) -> tuple[dict[datetime.date, list[_PageRow]], dict[datetime.date, list[tuple[str, str]]]]:
    """The links to pages by the day that they name, and those with the words of articles.

    A page is told by the words of its link or the look of its address.
    """
    rows: dict[datetime.date, list[_PageRow]] = {}
    articles: dict[datetime.date, list[tuple[str, str]]] = {}
    tree = LexborHTMLParser(document.text)
    for at, (url, node) in enumerate(named_addresses(tree, base_of(tree, document.url))):
        day = date_of(url)
        if day is None or not issue.is_allowed(url) or NO_DOCUMENT.search(urlsplit(url).path):
            continue
        text = shown_text(node)
        place = page_name(text, code=True)
        known = any(system.page.fullmatch(urlsplit(url).path) for system in systems())
        if place or known:
            rows.setdefault(day, []).append((place or _NO_PLACE, at, url))
        elif len(han(text)) >= _MIN_WORDS:
            articles.setdefault(day, []).append((url, text))
    return rows, articles
