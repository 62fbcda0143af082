"""Asking a site for its pages: one at a time, from one host, within limits.

What was fetched before is kept, so that an unchanged page is not sent again, and names may stand
only for machines of the public internet.
"""

import asyncio
import contextlib
import datetime
import email.utils
import functools
import ipaddress
import json
import logging
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from qjaudio import __version__, store
from qjaudio.errors import EngineError, NotAnIssueError, NotWritableError, cut_short
from qjaudio.sources.epaper.address import check_location, is_allowed_host, resolve_link
from qjaudio.sources.epaper.markup import broken_off, check_depth, decode_page

_WRAPPING = tuple(
    ipaddress.IPv6Network(text) for text in ("::/96", "64:ff9b::/96", "64:ff9b:1::/48")
)
"""IPv4-compatible addresses (RFC 4291) and those of NAT64 (RFC 6052, RFC 8215)."""

T = TypeVar("T")
_log = logging.getLogger(__name__)
_AGAIN = {500, 502, 503, 504, 429}
_GONE = {404, 410}
_TURNED_AWAY = {401, 402, 403, 405, 406, 412, 418, 451, 521}
"""What sites answer to programs, or to readers who are not logged in."""
_MOVED = {301, 302, 303, 307, 308}
AGENT = f"qjaudio/{__version__} (reads a newspaper aloud; one request at a time)"
"""What the program calls itself to a site, unless the settings say otherwise."""
_ROBOTS_BYTES = 512_000
"""As much of robots.txt as has to be read (RFC 9309, section 2.5)."""
_LONGEST_PAUSE_S = 30.0
"""A longer Crawl-delay is kept to this: eight pages with sixty articles are half an hour."""
_NO_TEXT = ("image/", "audio/", "video/", "application/pdf")
_FIRST_PAGE = "give the address of the issue's first page"
_LATER = "try again later, or give the pages as files with --from PATH"
_NO_PROGRAMS = (
    "the site turns programs away: ask the paper's permission and set epaper_user_agent, "
    "or give the pages as files with --from PATH"
)
_shorten = functools.partial(cut_short, most=120)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One answer of the site."""

    body: bytes
    charset: str = ""
    """As the header names it; empty where it does not."""
    kind: str = ""
    """The media type: `text/html`."""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class PageCache:
    """Answers by address, in a folder. A damaged entry counts as none."""

    folder: Path

    def get(self, url: str) -> Fetched | None:
        """What the address answered last time."""
        entry = store.read_sealed(store.kept_path(self.folder, url, ".page"))
        head, _, body = (entry or b"").partition(b"\n")
        try:
            return Fetched(body=body, **json.loads(head))
        except (ValueError, TypeError):
            return None

    def put(self, url: str, fetched: Fetched) -> None:
        """Keep an answer that can be asked for again; a full disk only costs the cache."""
        if fetched.etag or fetched.last_modified:
            head = {name: value for name, value in asdict(fetched).items() if name != "body"}
            entry = json.dumps(head).encode() + b"\n" + fetched.body
            with contextlib.suppress(NotWritableError):
                store.write_sealed(store.kept_path(self.folder, url, ".page"), entry)


class PublicResolver(AbstractResolver):
    """Looks a name up and refuses addresses of private networks.

    A page on the web must not make us read a router or another service of this network. What the
    user typed as an address (127.0.0.1, localhost) never comes here or is let through.
    """

    def __init__(self, host: str, *, allow_private: bool = False) -> None:
        self._host = host
        self._allow_private = allow_private or host == "localhost"

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a name; NotAnIssueError where they are all private."""
        found = await aiohttp.ThreadedResolver().resolve(host, port, family)
        return self.permitted(found)

    def permitted(self, found: list[ResolveResult]) -> list[ResolveResult]:
        """Those of the addresses that may be asked."""
        good = [row for row in found if self._allow_private or is_public(row["host"])]
        if found and not good:
            reason = f"{self._host} resolves to an address of a private network"
            raise NotAnIssueError(reason, hint="give that address itself if this is your own site")
        return good

    async def close(self) -> None:
        """Nothing is held."""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        # An IPv4 address may be wrapped in one of IPv6, and a gateway unwraps it again.
        inner = found.ipv4_mapped or found.sixtofour
        if inner is not None:
            found = inner
        elif any(found in network for network in _WRAPPING):
            return False
    return found.is_global and not found.is_multicast


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How gently a site is read, and beyond what it is not an issue of a newspaper.

    Times are in seconds.
    """

    pause_s: float = 0.5
    """Between two requests: small papers run on small servers."""
    retry_s: float = 2.0
    """Before the one retry after an error of the server."""
    request_s: float = 20.0
    longest_wait_s: float = 120.0
    """A site that asks for more (Retry-After) is left alone, and the run stops."""
    total_s: float = 1800.0
    """16 pages have about 120 articles: two to three minutes with the pause; 128 pages, 20."""
    document_bytes: int = 4_000_000
    issue_bytes: int = 100_000_000
    pages: int = 128
    articles: int = 1500
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Document:
    """One web page as text, with the address that it came from in the end."""

    url: str
    text: str


class TooMuchError(NotAnIssueError):
    """All that was received is more than an issue can be."""


class NotSentError(EngineError):
    """The site does not send an address, or not whole, not even when asked twice."""


class NotAllowedError(NotAnIssueError):
    """The site asks not to be read by programs."""


class _TryAgain(Exception):
    """Something that may be gone in a moment, or in `wait_s` seconds if the site says so."""

    def __init__(self, why: str, wait_s: float | None = None) -> None:
        super().__init__(why)
        self.wait_s = wait_s


@dataclass(slots=True)
class Fetcher:
    """Fetches documents one after the other, as far as the site's robots.txt allows."""

    session: aiohttp.ClientSession
    limits: Limits
    home: str
    """The address that was asked for: everything comes from its host, or from `hosts`."""
    cache: PageCache | None = None
    hosts: tuple[str, ...] = ()
    """Other hosts of the same paper."""
    agent: str = AGENT
    requests: int = 0
    received: int = 0
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _robots: dict[str, RobotFileParser | None] = field(default_factory=dict)
    """What the robots.txt of each host says; None where it has none."""

    async def get(self, url: str) -> Document | None:
        """The document at an address; None where there is none (404).

        Raises:
            NotAnIssueError: it is too large, no web page, or redirected without end or elsewhere.
            NotAllowedError: the site asks programs not to read it.
            NotSentError: the site does not send it.
            EngineError: the site asks to be left alone.
        """
        found = await self._follow(url)
        return self._document(*found) if found else None

    async def get_data(self, url: str) -> str | None:
        """The text of a script or of JSON; None where there is none, or a web page instead.

        Raises:
            As `get` does.
        """
        try:
            found = await self._follow(url)
        except NotAllowedError:
            return None
        if not found or "html" in found[1].kind or found[1].kind.startswith(_NO_TEXT):
            return None
        return decode_page(found[1].body, found[1].charset, address=found[0])

    async def get_image(self, url: str) -> bytes | None:
        """The bytes of a picture; None where there is none.

        Raises:
            As `get` does.
        """
        found = await self._follow(url)
        return found[1].body if found and found[1].kind.startswith("image/") else None

    async def _follow(self, url: str) -> tuple[str, Fetched] | None:
        """The answer of an address, past redirects, and the address that gave it."""
        async with self._lock:
            seen = [url]
            while True:
                await self._check_allowed(seen[-1])
                answer = await self._twice(seen[-1])
                if answer is None:
                    return None
                if isinstance(answer, Fetched):
                    return seen[-1], answer
                seen.append(self.next_address(seen, answer))

    async def _check_allowed(self, url: str) -> None:
        """Make sure that the robots.txt of a host allows us an address."""
        parts = urlsplit(url)
        if parts.netloc not in self._robots:
            self._robots[parts.netloc] = None
            file = f"{parts.scheme}://{parts.netloc}/robots.txt"
            with contextlib.suppress(NotAnIssueError):
                answer = await self._twice(file)
                if isinstance(answer, Fetched) and "html" not in answer.kind:
                    rules = RobotFileParser(file)
                    text = answer.body[:_ROBOTS_BYTES].decode("utf-8", "replace")
                    rules.parse(text.lstrip("\ufeff").splitlines())
                    self._robots[parts.netloc] = rules
        robots = self._robots[parts.netloc]
        if robots and not robots.can_fetch(self.agent, url):
            raise NotAllowedError(
                f"the site asks programs not to read {_shorten(url)} (robots.txt)",
                hint="ask the paper's permission, then set epaper_user_agent to the name it allows",
            )

    @property
    def pause_s(self) -> float:
        """Between two requests: ours, or a longer one that the site asks for (Crawl-delay)."""
        asked = [robots.crawl_delay(self.agent) for robots in self._robots.values() if robots]
        longest = max((float(delay) for delay in asked if delay), default=0.0)
        return max(self.limits.pause_s, min(longest, _LONGEST_PAUSE_S))

    def next_address(self, seen: list[str], target: str) -> str:
        """The address to which the last of `seen` sends us; NotAnIssueError: none that may be."""
        url = resolve_link(seen[-1], target)
        if not url or not is_allowed_host(url, self.home, self.hosts):
            host = urlsplit(url).netloc or "example.cn"
            raise NotAnIssueError(
                f"{_shorten(seen[0])} redirects to another host: {_shorten(url or target)}",
                hint="if that is the paper's own site, give its address instead, or allow it: "
                f'epaper_hosts = ["{_shorten(host)}"]',
            )
        # Once more may be right: the first answer may only have set a cookie.
        if seen.count(url) > 1 or len(seen) > self.limits.redirects:
            reason = f"{_shorten(seen[0])} redirects endlessly"
            raise NotAnIssueError(reason, hint="open it in a browser and check the address")
        return url

    async def _twice(self, url: str) -> Fetched | str | None:
        """Ask once, and once more after a moment where that may help."""
        await asyncio.sleep(self.pause_s if self.requests else 0)
        try:
            return await self._once(url)
        except (_TryAgain, aiohttp.ClientError, TimeoutError, OSError) as error:
            wait_s = getattr(error, "wait_s", None) or 0.0
            if wait_s > self.limits.longest_wait_s:
                left_alone = f"{url}: {error}, and asks to be left alone for {wait_s:.0f} s"
                raise EngineError(left_alone, hint=_LATER) from error
            _log.warning("again", extra={"facts": {"url": url, "reason": _why(error)}})
        await asyncio.sleep(max(wait_s, self.limits.retry_s))
        try:
            return await self._once(url)
        except _TryAgain as error:
            raise NotSentError(f"{url}: {error}", hint=_LATER) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NotSentError(f"cannot reach {url}: {_why(error)}", hint=_LATER) from error

    async def _once(self, url: str) -> Fetched | str | None:
        """One request: an answer, the target of a redirect, or None where nothing is there."""
        self.requests += 1
        kept = self.cache.get(url) if self.cache else None
        headers = {"If-None-Match": kept.etag} if kept and kept.etag else {}
        if kept and kept.last_modified:
            headers["If-Modified-Since"] = kept.last_modified
        async with self.session.get(url, headers=headers, allow_redirects=False) as answer:
            _log.debug("answer", extra={"facts": {"status": answer.status, "url": url}})
            if answer.status in _MOVED and answer.headers.get("Location"):
                return answer.headers["Location"]
            if kept and answer.status == 304:
                return kept
            if answer.status in _GONE:
                return None
            _check_status(url, answer)
            fetched = Fetched(
                body=await self._body(url, answer),
                charset=answer.charset or "",
                kind=answer.content_type,
                etag=answer.headers.get("ETag", ""),
                last_modified=answer.headers.get("Last-Modified", ""),
            )
        if _is_web_page(fetched) and broken_off(decode_page(fetched.body, fetched.charset)):
            raise _TryAgain("the page breaks off before its end")
        if self.cache:
            self.cache.put(url, fetched)
        return fetched

    async def _body(self, url: str, answer: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for piece in answer.content.iter_chunked(64 * 1024):
            body += piece
            self.received += len(piece)
            if len(body) > self.limits.document_bytes:
                reason = f"{url} is too large for a page of a newspaper"
                raise NotAnIssueError(reason, hint=_FIRST_PAGE)
            if self.received > self.limits.issue_bytes:
                raise TooMuchError(f"{self.home} is too large for an issue", hint=_FIRST_PAGE)
        return bytes(body)

    def _document(self, url: str, fetched: Fetched) -> Document:
        if not _is_web_page(fetched):
            raise NotAnIssueError(
                f"{url} is not a web page but {fetched.kind}",
                hint="download it and give the file, or give the address of the issue's first page",
            )
        text = decode_page(fetched.body, fetched.charset, address=url)
        check_depth(text, url)
        return Document(url, text)


def _check_status(url: str, answer: aiohttp.ClientResponse) -> None:
    """Refuse every answer but that of a document."""
    if answer.status in _AGAIN:
        after = _retry_after(answer.headers.get("Retry-After", ""))
        raise _TryAgain(f"the site answers {answer.status}", after)
    if answer.status in _TURNED_AWAY:
        raise NotSentError(f"{url}: the site answers {answer.status}", hint=_NO_PROGRAMS)
    if answer.status != 200:
        raise NotSentError(f"{url}: the site answers {answer.status}", hint=_LATER)


def _is_web_page(fetched: Fetched) -> bool:
    unnamed = fetched.kind == "application/octet-stream" and fetched.body.lstrip()[:1] == b"<"
    return unnamed or fetched.kind.startswith("text/") or "html" in fetched.kind


def _retry_after(value: str) -> float | None:
    """The seconds of a Retry-After header: a number, or a date (RFC 9110, section 10.2.3)."""
    if value.strip().isdecimal():
        return float(value.strip()[:9])
    try:
        then = email.utils.parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    if then.tzinfo is None:
        then = then.replace(tzinfo=datetime.UTC)
    return max(0.0, (then - datetime.datetime.now(datetime.UTC)).total_seconds())


def fetching(
    read: Callable[[Fetcher], Awaitable[T]],
    location: str,
    limits: Limits,
    *,
    cache: Path | None = None,
    hosts: tuple[str, ...] = (),
    agent: str = "",
    allow_private: bool = False,
) -> T:
    """Run `read` with a fetcher for the host of `location`, within the limit of time.

    `hosts` may be asked too; `agent` is the User-Agent, empty for ours.

    Raises:
        EngineError: the time is over.
    """

    async def run() -> T:
        home = check_location(location)
        name = agent or AGENT
        async with _session(home, limits, allow_private, name) as session:
            kept = PageCache(cache) if cache else None
            async with asyncio.timeout(limits.total_s):
                return await read(Fetcher(session, limits, home, kept, hosts, name))

    try:
        return asyncio.run(run())
    except TimeoutError as error:
        reason = f"{location} took longer than {limits.total_s:g} s"
        raise EngineError(reason, hint=_LATER) from error


@contextlib.asynccontextmanager
async def _session(
    home: str, limits: Limits, allow_private: bool, agent: str
) -> AsyncIterator[aiohttp.ClientSession]:
    # Names are looked up once: the host cannot turn into another machine between two pages.
    connector = aiohttp.TCPConnector(
        limit=1,
        ttl_dns_cache=None,
        resolver=PublicResolver(urlsplit(home).hostname or "", allow_private=allow_private),
    )
    timeout = aiohttp.ClientTimeout(total=limits.request_s, connect=limits.request_s)
    headers = {"User-Agent": agent, "Accept": "text/html,*/*;q=0.5", "Accept-Language": "zh-CN"}
    async with aiohttp.ClientSession(
        connector=connector,
        timeout=timeout,
        headers=headers,
        cookie_jar=aiohttp.CookieJar(unsafe=True),
    ) as session:
        yield session


def _why(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "it does not answer in time"
    if isinstance(error, aiohttp.ClientConnectorError):
        return os.strerror(error.os_error.errno) if error.os_error.errno else "no connection"
    if isinstance(error, aiohttp.ClientPayloadError):
        return "it broke off in the middle of a page"
    return _shorten(" ".join(str(error).split())) or type(error).__name__
