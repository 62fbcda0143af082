"""From the address that was handed over to the first page of an issue, and which pages it has.

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
    address_of_page,
    date_in,
    date_of,
    is_numbered,
    key_of,
    resolve_link,
    shape_of,
    systems,
)
from qjaudio.sources.epaper.contents import (
    BOX,
    NO_DOCUMENT,
    TOLD,
    Contents,
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
Missing = tuple[int, str]
"""The number of a page that was not found, 0 where its name alone is known, and its name."""
_MOST_TOLD = 12
_NO_PLACE: PageCode = ("~", 999)
"""Comes after every page with a number."""

_ISSUE_NAME = re.compile(r"^\W*(?:总?第?\d{1,6}期|20\d\d年\d{1,2}月\d{1,2}日(?:刊|出版|\W|$))")
"""What a link to a whole issue is called."""
_EPAPER = ("电子报", "数字报", "电子版", "数字报纸", "电子报刊", "数字报刊", "电子报纸", "数字版")
"""What the site of a paper calls the link to its issue."""
_MOST_LINKS = 2000
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
    named = [link for link in tree.css("a[href]")[:_MOST_LINKS] if shown_text(link) in _EPAPER]
    if named and not date_of(address) and not any(page_name(shown_text(x)) for x in tree.css("a")):
        folder = resolve_link(address, named[0].attributes["href"] or "").rpartition("/")[0]
        yield (named[0].attributes["href"] or "") * (not address.startswith(f"{folder}/"))
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


def same_page(contents: Contents, found: list[Contents]) -> bool:
    """Whether a page is one that we have under another address: index.htm and page_01.htm."""
    mine = [key_of(link.url) for link in contents.articles if link.rank not in (BOX, TOLD)]
    for other in found:
        theirs = [key_of(link.url) for link in other.articles if link.rank not in (BOX, TOLD)]
        places = {(page.section, page.number) for page in (contents, other) if page.number}
        if mine and mine == theirs and len(places) < 2:
            other.section, other.number = next(iter(places), ("", 0))
            return True
    return False


def spread(found: list[Contents]) -> list[Contents]:
    """Bring the articles that a page lists under the name of another page to that one."""
    pages = {(contents.section, contents.number): contents for contents in reversed(found)}
    for contents in list(found):
        told = [link for link in contents.articles if link.place]
        contents.articles = [link for link in contents.articles if not link.place]
        for link in told:
            place = link.place or ("", 0)
            if place not in pages:
                pages[place] = replace(contents, section=place[0], number=place[1], articles=[])
                found.append(pages[place])
            pages[place].articles.append(link)
    full = [contents for contents in found if contents.articles]
    return full or found


def missing_pages(found: list[Contents]) -> list[Missing]:
    """The pages that the site names and that were not found, or name no article."""
    told = {link.place for contents in found for link in contents.articles if link.place}
    read = {(one.section, one.number) for one in found if one.number and one.articles} | told
    told |= {("", 0)}
    empty = [one for one in found[1:] if not one.articles and one.document.text.count("。") > 1]
    texts = [one for one in empty if (one.section, one.number) in read | told]
    lost = [(0, f"“{one.title or one.document.url}”") for one in texts][:_MOST_TOLD]
    numbers = {place[1] for place in read} if not all(place[0] for place in read) else set()
    named = {place for contents in found for place in contents.places}
    named |= {(one.section, one.number) for one in found if one.number}
    missing = sorted(place for place in named - read if place[1] not in numbers)[:_MOST_TOLD]
    if missing and sum(not contents.number for contents in found) < len(missing):
        return lost + [(0 if section else n, f"第{section}{n:02}版") for section, n in missing]
    count = max(contents.count for contents in found)
    if count > max(len(read), len(found)):
        return [*lost, (0, f"共{count}版")]
    turns = all(contents.turns for contents in found) and len(read) < 2
    return [*lost, (0, "下一版")] if turns else lost


def number_pages(found: list[Contents]) -> None:
    """Give each page the number that links to it show, where one does."""
    links = [link for contents in reversed(found) for link in contents.pages if link.number]
    shown = {key_of(link.url): (link.section, link.number) for link in links}
    for contents in found:
        place = shown.get(key_of(contents.document.url), (contents.section, contents.number))
        contents.section, contents.number = place


def in_page_order(found: list[Contents]) -> list[Contents]:
    """Pages in order: by the numbers that the site shows, else as it lists them."""
    places = [(contents.section, contents.number) for contents in found]
    if all(number for _, number in places) and len({*places}) == len(places):
        found = sorted(found, key=lambda contents: (contents.section, contents.number))
    numbers = [contents.number for contents in found]
    if sorted({*numbers}) != numbers or 0 in numbers:
        for place, contents in enumerate(found, start=1):
            contents.number = place
    return found


def unlinked_pages(found: list[Contents], seen: set[str]) -> list[PageLink]:
    """Pages that are named but not linked, where the number of the first makes their address."""
    first = found[0]
    named = {place for one in found for place in one.places}
    named |= {(first.section, n) for one in found for n in range(1, one.count + 1)}
    named |= {(one.section, one.number + 1) for one in found if one.turns and one.number}
    linked = {(one.section, one.number) for one in found} | {
        (link.section, link.number) for one in found for link in one.pages
    }
    guesses = [
        PageLink(address_of_page(first.document.url, first.number, count), section, count, True)
        for section, count in sorted(named - linked)
        if section == first.section
    ]
    return [one for one in guesses if one.url and key_of(one.url) not in seen]
