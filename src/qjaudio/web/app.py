"""The application that serves a show: which answer a request gets, and how it is made.

An answer is a file as it lies there, or text made for one client. aiohttp's FileResponse cuts
ranges and judges conditions (RFC 9110). Text is made again where the client wants it compressed,
or where it has to name the address that the client came by.
"""

import asyncio
import contextlib
import gzip
import hashlib
import io
import logging
import re
import threading
import tomllib
import traceback
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Hashable, MutableMapping
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import cache
from importlib.resources import files
from math import ceil
from pathlib import Path

from aiohttp import ETag, hdrs, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.web_request import BaseRequest
from multidict import CIMultiDict

from qjaudio.web import addresses
from qjaudio.web.audience import AudienceLog

GRACE_SECONDS = 300.0
"""How long an answer may take beside what its length needs; players come back with a range."""
MIN_BYTES_PER_SECOND = 2000.0
"""Who takes an answer more slowly on average is dropped: half of what the thinnest sound needs."""
MAX_CACHE_BYTES = 64 * 2**20
"""How many bytes are made for clients at a time; the feed of a daily has some hundred thousand."""
_MIN_GZIP_BYTES = 100  # gzip's own frame makes less than that longer
_MAX_MADE_BYTES = 16 * 2**20  # larger text is sent from the disk, as it is
_GZIP_LEVEL = 6
_HEAD_BYTES = 4096  # of a page, where its own policy would stand
_ONE_RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-(?=0*[1-9])[0-9]{1,18})", re.I)
_CODING = re.compile(
    r"(?P<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+)"
    r"(?:[ \t]*;[ \t]*[qQ]=(?P<weight>0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?"
)
_POLICIES = {
    # Our pages load nothing from elsewhere and run no script but files of the show.
    "text/html": (
        "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
        "style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'self'"
    ),
    "image/svg+xml": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
}


@dataclass(frozen=True, slots=True)
class Client:
    """What the bytes depend on beside the file."""

    base: str | None = None
    """Under which address it reached our root, the key included; None where that is not safe."""
    gzip: bool = False
    """Whether it prefers text compressed."""
    key: str = ""
    """The key of a private show."""


class CacheFullError(Exception):
    """All room is taken by what is being sent just now; the answer is 503."""


class SharedCache:
    """An LRU cache of made bytes that also counts what is being sent; safe between threads.

    All clients that are sent the same bytes share one copy. What is in use and what is kept
    together never exceed `max_bytes`.
    """

    def __init__(self, max_bytes: int = MAX_CACHE_BYTES) -> None:
        self._max_bytes = max_bytes
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._users: Counter[Hashable] = Counter()
        self._lock = threading.Lock()
        self._making = threading.Lock()
        self.size = 0
        """How many bytes are held just now."""

    def acquire(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """The bytes of this key, which stay until they are released.

        `make` is called where they are not kept, one at a time: many clients that want something
        new share one processor and one scratch space.

        Raises:
            CacheFullError: there is no room.
        """
        content = self._use(key)
        if content is None:
            with self._making:
                content = self._use(key)  # another may have made it while we waited
                if content is None:
                    content = make()
                    self._keep(key, content)
        return content

    def release(self, key: Hashable) -> None:
        """Say that the bytes of an `acquire` are no longer in use."""
        with self._lock:
            self._users[key] -= 1
            if not self._users[key]:
                del self._users[key]

    def _use(self, key: Hashable) -> bytes | None:
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            self._users[key] += 1
            return self._kept[key]

    def _keep(self, key: Hashable, content: bytes) -> None:
        with self._lock:
            for idle in [key for key in self._kept if key not in self._users]:
                if self.size + len(content) <= self._max_bytes:
                    break
                self.size -= len(self._kept.pop(idle))
            if self.size + len(content) > self._max_bytes:
                raise CacheFullError
            self._kept[key] = content
            self._users[key] += 1
            self.size += len(content)


def prefers_gzip(request: BaseRequest) -> bool:
    """Whether Accept-Encoding puts gzip at least as high as sending it plain (RFC 9110 12.5.3).

    A coding that is badly written counts as not named; so does one of weight 0.
    """
    weights: dict[str, float] = {}
    for part in ",".join(request.headers.getall(hdrs.ACCEPT_ENCODING, [])).split(","):
        if match := _CODING.fullmatch(part.strip(" \t")):
            weights.setdefault(match["name"].lower(), float(match["weight"] or 1))
    anything = weights.get("*", 0.0)
    ours = weights.get("gzip", weights.get("x-gzip", anything))
    # A client that names gzip and not identity prefers what it has named.
    return ours > 0 and ours >= weights.get("identity", 0.0)


async def send_file(
    request: web.Request, path: Path, base_url: str, client: Client, cache: SharedCache
) -> web.StreamResponse:
    """Send a published file, or the part of it that was asked for, or word that it is unchanged.

    Raises:
        CacheFullError: bytes have to be made for this client, and there is no room now.
        OSError: the file is gone.
    """
    medium = addresses.medium_of(path.name)
    if medium is None:
        raise FileNotFoundError(path.name)
    status = await asyncio.to_thread(path.stat)
    headers = _headers_of(medium)
    if medium.media_type.startswith("text/html") and await asyncio.to_thread(_has_policy, path):
        del headers["Content-Security-Policy"]  # browsers would obey both
    # Files are replaced whole (store.writing), so time and length tell their versions apart.
    version = f"{status.st_mtime_ns:x}-{status.st_size:x}"
    fits = status.st_size <= _MAX_MADE_BYTES
    shown = base_url
    if medium.holds_addresses and fits:
        shown = addresses.shown_base(base_url, client.base, client.key)
    is_packed = client.gzip and medium.is_text and fits and status.st_size >= _MIN_GZIP_BYTES
    if shown == base_url and not is_packed:
        request = _simplify(request, version, status.st_mtime, medium)
        response = _SentOnce(path, headers=headers)
        await _send_in_time(request, response, status.st_size)
        if await asyncio.to_thread(_length_of, path) < status.st_size:
            response.force_close()  # cut short while it was sent: it must not look whole
        return response
    if shown != base_url:
        version += f"-{hashlib.sha256(f'{base_url} {shown}'.encode()).hexdigest()[:16]}"

    def make() -> bytes:
        content = addresses.replace_base(path.read_bytes(), base_url, shown)
        return gzip.compress(content, _GZIP_LEVEL, mtime=0) if is_packed else content

    made = _Made(str(path), version, headers, status.st_mtime, is_packed)
    return await _send_made(
        _simplify(request, made.etag, status.st_mtime, medium), made, make, cache
    )


def _headers_of(medium: addresses.Medium) -> dict[str, str]:
    headers: dict[str, str] = {
        hdrs.CONTENT_TYPE: medium.media_type,
        hdrs.CACHE_CONTROL: medium.cache_control,
    }
    if medium.is_text:
        headers[hdrs.VARY] = hdrs.ACCEPT_ENCODING
    if medium.open_to_all:
        headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = "*"
    if policy := _POLICIES.get(medium.media_type.partition(";")[0]):
        headers["Content-Security-Policy"] = policy
    return headers


def _has_policy(path: Path) -> bool:
    """Whether a page brings a Content-Security-Policy of its own, which then holds alone."""
    with path.open("rb") as file:
        return b'http-equiv="content-security-policy"' in file.read(_HEAD_BYTES).lower()


def _length_of(path: Path) -> int:
    with contextlib.suppress(OSError):
        return path.stat().st_size
    return 0


def _simplify(
    request: web.Request, version: str, modified: float, medium: addresses.Medium
) -> web.Request:
    """The request with what aiohttp understands otherwise than RFC 9110 settled beforehand.

    aiohttp knows no entity tag in If-Range, takes every later date there for a match, refuses
    several or badly written ranges (they may be ignored, and were used to bring servers down),
    fails on years that no calendar has, and would send a FILE.gz that nobody has published.
    """
    headers = CIMultiDict(request.headers)
    headers.popall(hdrs.ACCEPT_ENCODING, None)
    for name in (hdrs.IF_MODIFIED_SINCE, hdrs.IF_UNMODIFIED_SINCE):
        try:
            getattr(request, name.lower().replace("-", "_"))
        except OverflowError:
            headers.popall(name)
    conditions = headers.popall(hdrs.IF_RANGE, [])
    same = [f'"{version}"']
    # Both codings of a text have the same date, and the half that the client has may be gzip.
    if not (medium.is_text and prefers_gzip(request)):
        same.append(formatdate(ceil(modified), usegmt=True))
    asked = ",".join(headers.popall(hdrs.RANGE, [])).replace(" ", "")
    one = _ONE_RANGE.fullmatch(asked)
    is_same = all(condition.strip() in same for condition in conditions)
    is_forward = one and not (one[1] and one[2] and int(one[2]) < int(one[1]))
    if is_forward and is_same and request.method == hdrs.METH_GET:  # RFC 9110 14.2
        headers[hdrs.RANGE] = asked
    return request.clone(headers=headers)


class _SentOnce(web.FileResponse):
    """A file that is not sent again when aiohttp prepares what the handler has returned."""

    async def prepare(self, request: BaseRequest) -> AbstractStreamWriter | None:
        return None if self.prepared else await super().prepare(request)


@dataclass(frozen=True, slots=True)
class _Made:
    """Bytes made for a client, before they are there."""

    name: str
    version: str
    headers: dict[str, str]
    modified: float
    is_packed: bool

    @property
    def etag(self) -> str:
        """Without quotes; each coding of a version has its own (RFC 9110 8.8.3.3)."""
        return f"{self.version}-gz" if self.is_packed else self.version


async def _send_made(
    request: web.Request, made: _Made, make: Callable[[], bytes], cache: SharedCache
) -> web.StreamResponse:
    response = web.Response(headers=made.headers)
    response.headers[hdrs.ACCEPT_RANGES] = "bytes"
    response.etag = made.etag
    response.last_modified = made.modified
    response.set_status(_judge(request, made))
    if response.status != 200:
        return response
    if made.is_packed:
        response.headers[hdrs.CONTENT_ENCODING] = "gzip"
    key = (made.name, made.etag)
    content = await asyncio.to_thread(cache.acquire, key, make)
    try:
        _fill(response, request, content, made.is_packed)
        await _send_in_time(request, response, len(content))
    finally:
        cache.release(key)
    return response


def _judge(request: web.Request, made: _Made) -> int:
    """The status in the order of RFC 9110 13.2.2: an entity tag beats a date."""

    def matches(tags: tuple[ETag, ...], *, weak: bool) -> bool:
        return any(tag.value in ("*", made.etag) for tag in tags if weak or not tag.is_weak)

    modified = ceil(made.modified)
    before, since = request.if_unmodified_since, request.if_modified_since
    if request.if_match is not None:
        if not matches(request.if_match, weak=False):
            return 412
    elif before and modified > before.timestamp():
        return 412
    if request.if_none_match is not None:
        return 304 if matches(request.if_none_match, weak=True) else 200
    return 304 if since and modified <= since.timestamp() else 200


def _fill(response: web.Response, request: web.Request, content: bytes, is_packed: bool) -> None:
    """Give the response its bytes: all, or the range of plain ones that was asked for."""
    size = len(content)
    asked = request.http_range
    if is_packed or asked.start is None:
        response.body = io.BytesIO(content)  # sent in pieces, as the client takes them
        return
    start, stop, _ = asked.indices(size)
    if start >= stop:
        response.set_status(416)
        response.headers[hdrs.CONTENT_RANGE] = f"bytes */{size}"
        return
    response.set_status(206)
    response.headers[hdrs.CONTENT_RANGE] = f"bytes {start}-{stop - 1}/{size}"
    response.body = io.BytesIO(content[start:stop])


async def _send_in_time(request: web.Request, response: web.StreamResponse, size: int) -> None:
    try:
        async with asyncio.timeout(GRACE_SECONDS + size / MIN_BYTES_PER_SECOND):
            await response.prepare(request)
            await response.write_eof()
    except (OSError, TimeoutError):  # the client is gone, or as good as gone, or the disk fails
        # Fewer bytes than promised must not look like a whole file.
        response.force_close()
        if request.transport is not None:
            request.transport.abort()


_LOG = logging.getLogger(__name__)
_RETRY_SECONDS = "10"
_ALWAYS = {hdrs.SERVER: "qjaudio", "X-Content-Type-Options": "nosniff"}
_PRIVATE = {"X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}


@dataclass(frozen=True, slots=True)
class _ServedShow:
    """What is served, and under which conditions."""

    root: Path
    base_url: str
    key: str
    log: AudienceLog | None
    cache: SharedCache = field(default_factory=SharedCache)


def create_app(
    root: Path, *, base_url: str = "", key: str = "", audience: Path | None = None
) -> web.Application:
    """Make the application that serves the published files in `root` and nothing else.

    `base_url` is the address of the show that stands in the feed; files that hold it are sent
    with the address by which the client reached us. With a `key` (UsageError where it could be
    guessed) everything lives under `/KEY/`, and all else is 404. Without one, requests by names
    that are not ours get 421, and only by the show's own host may pages of others read feed,
    transcripts and chapters (CORS). Into the folder `audience` goes what is sent of the sound.
    """
    log = AudienceLog(audience) if audience else None
    show = _ServedShow(root, addresses.with_slash(base_url), addresses.check_key(key), log)

    async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
        if not addresses.is_public_host(request.headers.get(hdrs.HOST), show.base_url):
            response.headers.pop(hdrs.ACCESS_CONTROL_ALLOW_ORIGIN, None)
        if response.status >= 300 and response.status != 304:
            response.headers[hdrs.CACHE_CONTROL] = "no-store"
        _guard(response.headers, private=bool(show.key))

    app = web.Application()
    app.on_response_prepare.append(add_headers)
    app.router.add_route("*", "/{path:.*}", _handler(show))
    return app


def _guard(headers: MutableMapping[str, str], *, private: bool) -> None:
    """Add the headers that every answer has; of a private show nothing is kept by proxies."""
    headers.update(_ALWAYS)
    if private:
        headers.update(_PRIVATE)
        control = headers.get(hdrs.CACHE_CONTROL, "")
        if "no-store" not in control:
            open_to_proxies = control.removeprefix("public, ")
            headers[hdrs.CACHE_CONTROL] = f"private, {open_to_proxies}".rstrip(", ")


def _handler(show: _ServedShow) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        host = request.headers.get(hdrs.HOST)
        if not show.key and not addresses.is_own_host(host, show.base_url):
            return _status_line(421)
        try:
            response = await _answer(show, request)
            if show.log:
                show.log.write(request, response, request.writer.output_size)
            return response
        except CacheFullError:
            return _status_line(503, {hdrs.RETRY_AFTER: _RETRY_SECONDS})
        except Exception as error:
            # A traceback or a message could hold the path of a private show.
            last = traceback.extract_tb(error.__traceback__)[-1]
            kind, place = type(error).__name__, f"{last.name}:{last.lineno}"
            _LOG.error("a request failed: %s in %s", kind, place)
            return _status_line(500)

    return handle


async def _answer(show: _ServedShow, request: web.Request) -> web.StreamResponse:
    path = addresses.path_inside(request.rel_url.raw_path, show.key)
    if path is None:
        return _status_line(404)
    if request.method not in (hdrs.METH_GET, hdrs.METH_HEAD):
        refusal = _status_line(405, {hdrs.ALLOW: "GET, HEAD"})
        refusal.force_close()  # whatever the client still wants to write is not read
        return refusal
    if not path:  # the key without its slash
        return _status_line(308, {hdrs.LOCATION: f"{show.key}/"})  # a proxy may strip a folder
    # Ranges count the plain bytes, so who asks for one gets those.
    gzip = hdrs.RANGE not in request.headers and prefers_gzip(request)
    base = addresses.client_base(request.scheme, request.headers.get(hdrs.HOST), show.key)
    client = Client(base, gzip, show.key)
    parts = ("index.html",) if path == "/" else addresses.published_parts(path)
    found = await asyncio.to_thread(addresses.published_path, show.root, parts) if parts else None
    if found:
        with contextlib.suppress(FileNotFoundError):  # it has gone this very moment
            return await send_file(request, found, show.base_url, client, show.cache)
    return _status_line(404, sentence="" if path != "/" else "empty")


@cache
def _sentences() -> dict[str, str]:
    text = (files("qjaudio.web") / "words.toml").read_text(encoding="utf-8")
    sentences: dict[str, str] = tomllib.loads(text)["status"]
    return sentences


def _status_line(
    status: int, headers: dict[str, str] | None = None, *, sentence: str = ""
) -> web.Response:
    """A status with one Chinese sentence that says what it means."""
    text = _sentences()[sentence or str(status)]
    return web.Response(status=status, text=f"{text}\n", headers=headers)
