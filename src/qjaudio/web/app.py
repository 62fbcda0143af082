"""The application that serves a show: which answer a request gets."""

import asyncio
import contextlib
import logging
import tomllib
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

from aiohttp import hdrs, web

from qjaudio.web.addresses import (
    check_key,
    client_base,
    is_own_host,
    is_public_host,
    path_inside,
    published_parts,
    published_path,
    with_slash,
)
from qjaudio.web.audience import AudienceLog
from qjaudio.web.responses import (
    CacheFullError,
    Client,
    SharedCache,
    prefers_gzip,
    send_file,
)

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
    with the address by which the client reached us in its place. With a `key` the show is
    private: everything lives under `/KEY/`, and all other paths lead to the same 404. Without one,
    requests by names that are not ours get 421, and only by the show's own host may pages of
    others read feed, transcripts and chapters (CORS). Into the folder `audience` goes what is sent
    of the sound, without addresses.

    Raises:
        UsageError: the key could be guessed, or would be written otherwise in an address.
    """
    log = AudienceLog(audience) if audience else None
    show = _ServedShow(root, with_slash(base_url), check_key(key), log)

    async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
        if not is_public_host(request.headers.get(hdrs.HOST), show.base_url):
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
        if not show.key and not is_own_host(request.headers.get(hdrs.HOST), show.base_url):
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
            last = error.__traceback__
            while last and last.tb_next:
                last = last.tb_next
            place = f"{last.tb_frame.f_code.co_name}:{last.tb_lineno}" if last else ""
            _LOG.error("a request failed: %s in %s", type(error).__name__, place)
            return _status_line(500)

    return handle


async def _answer(show: _ServedShow, request: web.Request) -> web.StreamResponse:
    path = path_inside(request.rel_url.raw_path, show.key)
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
    base = client_base(request.scheme, request.headers.get(hdrs.HOST), show.key)
    client = Client(base, gzip, show.key)
    parts = ("index.html",) if path == "/" else published_parts(path)
    found = await asyncio.to_thread(published_path, show.root, parts) if parts else None
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
