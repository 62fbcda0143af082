"""The server of the output folder: what a podcast app, a browser and a phone at home need."""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Callable
from pathlib import Path

from aiohttp import web
from aiohttp.http import HttpProcessingError

from qjaudio.errors import UsageError
from qjaudio.web.door import bind, most_connections, open_door
from qjaudio.web.lan import lan_addresses
from qjaudio.web.show import create_app

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


def serve(
    root: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8010,
    base_url: str = "",
    key: str = "",
    announce: Announce | None = None,
) -> None:
    """Serve `root` until Ctrl-C or SIGTERM; port 0 takes any free one.

    With a `key` everything lives under `/KEY/`; the announced addresses hold it.

    Raises:
        UsageError: the address or the port cannot be listened on, or the key is too simple.
    """
    app = create_app(root, base_url=base_url, key=key)

    def told(hosts: tuple[str, ...]) -> None:
        if announce:
            announce(tuple(f"{address}{key}/" if key else address for address in hosts))

    with contextlib.suppress(KeyboardInterrupt):  # where the loop cannot take signals (Windows)
        asyncio.run(_serve(app, host, port, told))


def runner_of(app: web.Application, *, idle_seconds: float = _IDLE_SECONDS) -> web.AppRunner:
    """What runs `app` with our limits: a connection that asks nothing is closed after a while."""
    return web.AppRunner(
        app,
        logger=_LOG,
        access_log=None,  # addresses may hold a listener's key
        keepalive_timeout=idle_seconds,
        lingering_time=_LINGER_SECONDS,
        shutdown_timeout=_SHUTDOWN_SECONDS,
    )


async def _serve(app: web.Application, host: str, port: int, announce: Announce) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Neither Windows nor a thread beside the main one can do this.
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, stop.set)
    runner = runner_of(app)
    await runner.setup()
    try:
        server = await open_door(runner, _listener(host, port), most_connections(), _BACKLOG)
        try:
            announce(reachable(host, server.sockets[0].getsockname()[1]))
            await stop.wait()
        finally:
            server.close()
    finally:
        await runner.cleanup()


def _listener(host: str, port: int) -> socket.socket:
    try:
        return bind(host, port)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(
            f"cannot listen on {host}:{port}: {reason}",
            hint="choose another port with --port N; 0 takes any free one",
        ) from error


def reachable(
    host: str, port: int, in_house: Callable[[], list[str]] = lan_addresses
) -> tuple[str, ...]:
    """The addresses under which a server bound to `host` can be reached, those for phones first."""
    hosts = [*in_house(), "127.0.0.1"] if host in _ANYWHERE else [host]
    return tuple(f"http://{f'[{name}]' if ':' in name else name}:{port}/" for name in hosts)
