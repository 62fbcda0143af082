"""The application that serves a show: which answer a request gets."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import hdrs, web

from qjaudio.web.address import client_base, with_slash
from qjaudio.web.answer import accepted, answer, plain
from qjaudio.web.encoding import prefers_gzip
from qjaudio.web.guard import guard
from qjaudio.web.home import episode_dates, home_page
from qjaudio.web.key import checked_key, path_inside
from qjaudio.web.pantry import Pantry, PantryFull
from qjaudio.web.representation import Client, Representation, of_page, of_published
from qjaudio.web.shelf import published_parts

_LOG = logging.getLogger(__name__)
_COME_BACK_SECONDS = "10"


@dataclass(frozen=True, slots=True)
class _Show:
    """What is served, and under which conditions."""

    root: Path
    base_url: str
    key: str
    pantry: Pantry = field(default_factory=Pantry)


def create_app(root: Path, *, base_url: str = "", key: str = "") -> web.Application:
    """Make the application that serves the published files in `root` and nothing else.

    `base_url` is the address of the show that stands in the feed; files that hold it are sent
    with the address by which the client reached us in its place. With a `key` the show is
    private: everything lives under `/KEY/`, and all other paths lead to the same 404.

    Raises:
        UsageError: the key could be guessed, or would be written otherwise in an address.
    """
    show = _Show(root, with_slash(base_url), checked_key(key))

    async def guarded(_request: web.Request, response: web.StreamResponse) -> None:
        guard(response.headers, private=bool(show.key))

    app = web.Application()
    app.on_response_prepare.append(guarded)
    app.router.add_route("*", "/{path:.*}", _safely(show))
    return app


def _safely(show: _Show) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def respond(request: web.Request) -> web.StreamResponse:
        try:
            return await _respond(show, request)
        except PantryFull:
            return plain(503, {hdrs.RETRY_AFTER: _COME_BACK_SECONDS})
        except Exception as error:
            # A traceback or a message could hold the path of a private show.
            last = error.__traceback__
            while last and last.tb_next:
                last = last.tb_next
            place = f"{last.tb_frame.f_code.co_name}:{last.tb_lineno}" if last else ""
            _LOG.error("a request failed: %s in %s", type(error).__name__, place)
            return plain(500)

    return respond


async def _respond(show: _Show, request: web.Request) -> web.StreamResponse:
    path = path_inside(request.rel_url.raw_path, show.key)
    if path is None:
        return plain(404)
    if request.method not in (hdrs.METH_GET, hdrs.METH_HEAD):
        return _refused(plain(405, {hdrs.ALLOW: "GET, HEAD"}))
    if not path:  # the key without its slash
        return plain(308, {hdrs.LOCATION: f"{show.key}/"})  # relative: a proxy may strip a folder
    # Ranges count the plain bytes, so who asks for one gets those.
    gzip = hdrs.RANGE not in request.headers and prefers_gzip(accepted(request))
    base = client_base(request.scheme, request.headers.get(hdrs.HOST), show.key)
    found = await asyncio.to_thread(_find, show, path, Client(base, gzip, show.key))
    return plain(404) if found is None else await answer(request, found)


def _refused(refusal: web.Response) -> web.Response:
    """The refusal; whatever the client still wants to write is not read."""
    refusal.force_close()
    return refusal


def _find(show: _Show, path: str, client: Client) -> Representation | None:
    """Find what a path means; it reads files, so it runs in a thread of its own."""
    if path == "/":
        index = of_published(show.root, ("index.html",), show.base_url, client, show.pantry)
        return index or of_page(_home(show, client), client, show.pantry)
    parts = published_parts(path)
    return of_published(show.root, parts, show.base_url, client, show.pantry) if parts else None


def _home(show: _Show, client: Client) -> str:
    base = client.base or show.base_url
    feed_url = f"{base}feed.xml" if base and (show.root / "feed.xml").is_file() else None
    return home_page(episode_dates(show.root), feed_url)
