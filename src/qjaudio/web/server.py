"""The server of the output folder: what a podcast app, a browser and a phone at home need."""

import asyncio
import contextlib
import functools
import logging
import signal
from collections.abc import Callable
from pathlib import Path

from aiohttp import hdrs, web
from aiohttp.http import HttpProcessingError

from qjaudio.errors import UsageError
from qjaudio.web.address import client_base, with_slash
from qjaudio.web.answer import answer, plain
from qjaudio.web.home import episode_dates, home_page
from qjaudio.web.lan import lan_addresses
from qjaudio.web.representation import Representation, of_page, of_published
from qjaudio.web.shelf import published_parts

Announce = Callable[[tuple[str, ...]], None]
"""Told, once the server listens, the addresses under which it can be reached."""

_IDLE_SECONDS = 20.0  # for a connection that has not asked, or not asked again
_LINGER_SECONDS = 1.0  # for a client that goes on talking after its answer
_SHUTDOWN_SECONDS = 0.3  # for downloads under way when we are asked to end
_BACKLOG = 256
_LOG = logging.getLogger(__name__)
_ANYWHERE = ("0.0.0.0", "::", "")  # noqa: S104  only compared with, never bound by default


def _is_our_fault(record: logging.LogRecord) -> bool:
    """Whether a line belongs into the log: what is no HTTP is the sender's doing."""
    kind = record.exc_info[0] if record.exc_info else None
    return not (kind and issubclass(kind, HttpProcessingError))


_LOG.addFilter(_is_our_fault)


def create_app(root: Path, *, base_url: str = "") -> web.Application:
    """Make the application that serves the published files in `root` and nothing else.

    `base_url` is the address of the show that stands in the feed; files that hold it are sent
    with the address by which the client reached us in its place.
    """
    app = web.Application()
    app.on_response_prepare.append(_guard)
    respond = functools.partial(_respond, root, with_slash(base_url))
    app.router.add_route("*", "/{path:.*}", respond)
    return app


async def _guard(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers[hdrs.SERVER] = "qjaudio"
    response.headers["X-Content-Type-Options"] = "nosniff"


async def _respond(root: Path, base_url: str, request: web.Request) -> web.StreamResponse:
    if request.method not in (hdrs.METH_GET, hdrs.METH_HEAD):
        refusal = plain(405, {hdrs.ALLOW: "GET, HEAD"})
        refusal.force_close()  # whatever the client still wants to write, we do not read it
        return refusal
    client = client_base(request.scheme, request.headers.get(hdrs.HOST))
    found = await asyncio.to_thread(_find, root, request.rel_url.raw_path, base_url, client)
    return plain(404) if found is None else await answer(request, found)


def _find(root: Path, raw_path: str, base_url: str, client: str | None) -> Representation | None:
    """Find what a path means; it reads files, so it runs in a thread of its own."""
    if raw_path == "/":
        index = of_published(root, ("index.html",), base_url, client)
        return index or of_page(_home(root, base_url, client))
    parts = published_parts(raw_path)
    return of_published(root, parts, base_url, client) if parts else None


def _home(root: Path, base_url: str, client: str | None) -> str:
    base = client or base_url
    feed_url = f"{base}feed.xml" if base and (root / "feed.xml").is_file() else None
    return home_page(episode_dates(root), feed_url)


def serve(
    root: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8010,
    base_url: str = "",
    announce: Announce | None = None,
) -> None:
    """Serve `root` until Ctrl-C or SIGTERM; port 0 takes any free one.

    Raises:
        UsageError: the address or the port cannot be listened on.
    """
    with contextlib.suppress(KeyboardInterrupt):  # where the loop cannot take signals (Windows)
        asyncio.run(_serve(create_app(root, base_url=base_url), host, port, announce))


def runner_of(app: web.Application, *, idle_seconds: float = _IDLE_SECONDS) -> web.AppRunner:
    """What runs `app` with our limits: a connection that asks nothing is closed after a while."""
    return web.AppRunner(
        app,
        logger=_LOG,
        access_log=None,  # addresses may one day hold a listener's key
        keepalive_timeout=idle_seconds,
        lingering_time=_LINGER_SECONDS,
        shutdown_timeout=_SHUTDOWN_SECONDS,
    )


async def _serve(app: web.Application, host: str, port: int, announce: Announce | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Neither Windows nor a thread beside the main one can do this.
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, stop.set)
    runner = runner_of(app)
    await runner.setup()
    try:
        bound = await _listen(runner, host, port)
        if announce:
            announce(reachable(host, bound))
        await stop.wait()
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> int:
    """Open the port and return its number."""
    try:
        await web.TCPSite(runner, host or None, port, backlog=_BACKLOG).start()
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(
            f"cannot listen on {host}:{port}: {reason}",
            hint="choose another port with --port N; 0 takes any free one",
        ) from error
    return int(runner.addresses[0][1])


def reachable(
    host: str, port: int, in_house: Callable[[], list[str]] = lan_addresses
) -> tuple[str, ...]:
    """The addresses under which a server bound to `host` can be reached, those for phones first."""
    hosts = [*in_house(), "127.0.0.1"] if host in _ANYWHERE else [host]
    return tuple(f"http://{f'[{name}]' if ':' in name else name}:{port}/" for name in hosts)
