"""Addresses of e-paper sites: what they say of page, article and date."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from yarl import URL

from qjaudio import rules
from qjaudio.errors import NotAnIssueError, UsageError

_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(?:[-/_.]?(0[1-9]|1[0-2])[-/_.]?(0[1-9]|[12]\d|3[01])"
    r"|[-/_.]([1-9])[-/_.]([1-9]|[12]\d|3[01])|[-/_.](1[0-2])[-/_.]([1-9]))(?!\d)"
)
"""`2025-05-20`, `202505/20`, `2025/5/20`: without zeros only where signs part the numbers."""
_PART = re.compile(r"\{(\w*)\}")
_SAME_PAGE = {"div", "v", "_", "_t", "rand", "random", "timestamp", "phpsessid", "jsessionid"}
"""Parameters that only choose a view: content_1.htm?div=-1 is content_1.htm."""
SELECTORS = ("lists", "kicker", "main", "deck", "author", "body", "head", "pictures")
_IN_HEAD = ("kicker", "main", "deck", "author")

_SESSION = re.compile(r";\w{2,20}=[\w.!-]*$")
"""What servlets put behind a path for a reader who keeps no cookies."""
_NUMBER = re.compile(r"(?<![a-z])(?:[a-z](?=\d{1,2}(?!\d)))?\d+(?![a-z])|\d+")
"""A number, with the letter of a section where it may be that of a page."""
_DOCUMENT = re.compile(r"\.(?:s?html?|aspx?|jsp|php|do|action)$|/[^./]*$", re.I)


@dataclass(frozen=True, slots=True)
class System:
    """How one e-paper system writes its addresses, and what it calls the parts of its pages."""

    name: str
    page: re.Pattern[str]
    article: re.Pattern[str]
    selectors: Mapping[str, list[str]]
    """By the names of `SELECTORS`: asked before those that many systems share."""


@cache
def systems() -> tuple[System, ...]:
    """The systems of rules/epaper.toml."""
    return tuple(
        System(
            row["name"],
            re.compile(row["page"], re.I),
            re.compile(row["article"], re.I),
            {name: row[name] for name in SELECTORS if name in row},
        )
        for row in rules.phrases("epaper")["system"]
    )


def selectors(name: str, url: str) -> list[str]:
    """The CSS selectors for a part of a page or an article, those of its system first."""
    path = urlsplit(url).path
    fits = (row for row in systems() if row.page.fullmatch(path) or row.article.fullmatch(path))
    system = next(fits, None)
    shared: list[str] = rules.phrases("epaper")["shared"][name]
    if system is None:
        return shared
    own = system.selectors
    # What names a part of the head also names what is not text where it stands inside the body.
    more = [one for part in _IN_HEAD for one in own.get(part, ())] if name == "head" else []
    return [*own.get(name, ()), *more, *shared]


def address_for(template: str, date: datetime.date) -> str:
    """The address of the issue of `date`: `{year}`, `{month}` and `{day}` become digits.

    Raises:
        UsageError: the template has another part, or gives no address of the web.
    """
    parts = {"year": f"{date:%Y}", "month": f"{date:%m}", "day": f"{date:%d}"}
    unknown = sorted({name for name in _PART.findall(template) if name not in parts})
    if unknown:
        raise UsageError(
            f"the address template has an unknown part {{{unknown[0]}}}",
            hint="write {year}, {month} and {day}, e.g. http://…/html/{year}-{month}/{day}/node_1.htm",
        )
    address = _PART.sub(lambda match: parts[match[1]], template.strip())
    if not address.lower().startswith(("http://", "https://")):
        reason = f"{template!r} is not a web address"
        raise UsageError(reason, hint="begin it with http:// or https://")
    return address


def date_in(url: str) -> datetime.date | None:
    """The date that the path of an address names: the date of its issue."""
    found = _date_span(urlsplit(url).path)
    return _day(found) if found else None


def date_of(url: str) -> datetime.date | None:
    """The date that an address names in its path, else in its query: `?date=2025-05-20`."""
    found = _date_span(urlsplit(url).query)
    return date_in(url) or (_day(found) if found else None)


def _date_span(text: str) -> re.Match[str] | None:
    return next((found for found in _DATE.finditer(text) if _day(found)), None)


def _day(found: re.Match[str]) -> datetime.date | None:
    try:
        year, month, day = (int(part) for part in found.groups() if part)
        return datetime.date(year, month, day)
    except ValueError:
        return None


def resolve_link(base: str, link: str) -> str:
    """The whole address of a link, normalized and without its fragment.

    It is empty where the link leads to no address of the web.
    """
    try:
        path, mark, query = re.sub(r"[\x00-\x20]+", "", link).partition("?")
        link = path.replace("\\", "/") + mark + query  # as browsers do
        found = URL(base).join(URL(link)).with_fragment(None)
        # yarl leaves an empty path.
        found = found.with_path(found.raw_path, encoded=True, keep_query=True)
    except ValueError:
        return ""
    return str(found) if found.scheme in ("http", "https") and found.host else ""


def address_of_page(url: str, number: int, wanted: int) -> str:
    """The address of a page by that of another, whose number it names once; empty: it does not."""
    start = url.rfind("/", 0, len(url) - 1) + 1
    found = re.findall(rf"(?<!\d)0*{number}(?!\d)", url[start:])
    if not number or len(found) != 1:
        return ""
    shown = f"{wanted:0{len(found[0])}}"
    return url[:start] + re.sub(rf"(?<!\d){found[0]}(?!\d)", shown, url[start:])


def same_host(one: str, other: str) -> bool:
    """Whether two addresses lie on one host; its default ports for http and https count as one."""
    first, second = URL(one), URL(other)
    ports = {first.port, second.port}
    return first.host == second.host and (len(ports) == 1 or ports == {80, 443})


def key_of(url: str) -> str:
    """What two addresses of one document share."""
    parts = urlsplit(url)
    query = [(k, v) for k, v in parse_qsl(parts.query, True) if k not in _SAME_PAGE]
    path = _SESSION.sub("", parts.path)
    return urlunsplit(("", parts.netloc.lower(), path, urlencode(query), ""))


@dataclass(frozen=True, slots=True)
class IssueAddress:
    """The address of an issue's first page, and with it which links belong to the issue."""

    first: str
    system: System | None
    root: str
    date: datetime.date | None
    hosts: tuple[str, ...] = ()
    """Other hosts of the same paper, with a port where it is not the default."""

    @staticmethod
    def of(first: str, hosts: tuple[str, ...] = ()) -> "IssueAddress":
        """Tell the system from the look of the address."""
        path = urlsplit(first).path
        for system in systems():
            found = system.page.fullmatch(path)
            if found:
                return IssueAddress(first, system, found["root"], date_in(first), hosts)
        return IssueAddress(first, None, _issue_folder(path), date_of(first), hosts)

    def is_page(self, url: str) -> bool:
        """Whether a link leads to a page of this issue, by its look alone."""
        if not self.is_near(url):
            return False
        path, mine = urlsplit(url).path, urlsplit(self.first).path
        if self.system:
            # The folder before the date tells layout/ from column/: the same pages, shown twice.
            found = self.system.page.fullmatch(path)
            root = found["root"] if found else None
            return root == self.root and _flavour(path) == _flavour(mine)
        # Addresses without a date that differ in their query alone may be those of any day.
        told = bool(self.date) or path.lower() != mine.lower()
        return told and path.startswith(self.root) and shape_of(url) == shape_of(self.first)

    def is_article(self, url: str) -> bool:
        """Whether a link leads to an article of this issue, by its look alone."""
        if not self.is_near(url) or self.is_page(url) or key_of(url) == key_of(self.first):
            return False
        path = urlsplit(url).path
        if self.system:
            found = self.system.article.fullmatch(path)
            return (found["root"] if found else None) == self.root
        return path.startswith(self.root) and is_numbered(url)

    def is_beside(self, url: str) -> bool:
        """Whether an address of another look may belong to the issue where its words say so.

        It is on a host of the paper, names no other day and no other paper.
        """
        theirs = date_of(url)
        if not self.is_allowed(url) or (theirs and self.date and theirs != self.date):
            return False
        path, mine = urlsplit(url).path, urlsplit(self.first).path
        if path.startswith(self.root) or not same_host(self.first, url):
            return True
        return _paper_folder(path) == _paper_folder(mine)

    def is_ours(self, url: str) -> bool:
        """Whether an address lies on a host of the paper and names no other day."""
        return self.is_allowed(url) and date_of(url) in (None, self.date)

    def is_near(self, url: str) -> bool:
        """Whether an address lies on a host of the paper and names the day of the issue."""
        return self.is_allowed(url) and date_of(url) == self.date

    def is_allowed(self, url: str) -> bool:
        """Whether an address lies on a host that may be asked."""
        return is_allowed_host(url, self.first, self.hosts)


def is_allowed_host(url: str, home: str, hosts: tuple[str, ...]) -> bool:
    """Whether an address lies on the host of `home`, or on one of `hosts` by name."""
    return same_host(home, url) or any(same_host(f"http://{host}/", url) for host in hosts)


def is_numbered(url: str) -> bool:
    """Whether an address is that of a document with a number in its name, as articles have."""
    parts = urlsplit(url)
    path = _SESSION.sub("", parts.path)
    day = _date_span(path)
    if not day or day.end() < len(path) - 1:  # a folder may be an article, but not that of the day
        path = path.rstrip("/")
    digits = re.search(r"\d", path.rpartition("/")[2] + parts.query)
    return bool(digits and _DOCUMENT.search(path or "/"))


def _flavour(path: str) -> str:
    found = re.search(r"/(layout|column|col)/\d{6}/", path, re.I)
    return found[1].lower() if found else ""


def shape_of(url: str) -> str:
    """An address with its numbers taken out: what the pages of one issue share.

    The letter of a section counts as part of the number, and a view (`?div=-1`) does not count.
    """
    parts = urlsplit(key_of(url))
    return _NUMBER.sub("#", f"{parts.path}?{parts.query}".lower())


def _issue_folder(path: str) -> str:
    """The folder that names the date, in which all pages of the day lie; else that of the page."""
    found = _date_span(path)
    folders = path.rpartition("/")[0] + "/"
    if not found or found.end() > len(folders):
        return folders
    return path[: path.index("/", found.end()) + 1]


def _paper_folder(path: str) -> tuple[str, ...]:
    """The folders before the date without those that only name a kind of page."""
    found = _date_span(path)
    folders = path[: found.start()] if found else path
    words = folders.lower().split("/")[:-1]
    return tuple(word for word in words if word and word not in _kinds_of_folder())


@cache
def _kinds_of_folder() -> frozenset[str]:
    return frozenset(rules.phrases("epaper")["page"]["folders"])


def check_location(location: str) -> str:
    """An address as it can be asked for; NotAnIssueError where it is none."""
    url = resolve_link(location.strip(), "")
    if not url or urlsplit(url).username is not None:
        raise NotAnIssueError(
            f"{location!r} is not a web address",
            hint="give the address of the issue's first page, http://… or https://…",
        )
    return url
