"""The server of the output folder: where it listens, for how many, and until when."""

import asyncio
import contextlib
import ipaddress
import logging
import os
import signal
import socket
import ssl
from collections.abc import Callable
from pathlib import Path

from aiohttp import web
from aiohttp.http import HttpProcessingError

from qjaudio.errors import UsageError
from qjaudio.web.app import create_app

Announce = Callable[[tuple[str, ...]], None]
"""Told, once the server listens, the addresses under which it can be reached."""

MAX_CONNECTIONS = 1000
"""More than this many at a time are turned away."""
_HANDLES_EACH = 2  # the connection and the file that is sent over it
_OWN_HANDLES = 64
_IDLE_SECONDS = 20.0  # for a connection that has not asked, or not asked again
_LINGER_SECONDS = 1.0  # for a client that goes on talking after its answer
_SHUTDOWN_SECONDS = 0.3  # for downloads under way when we are asked to end
_BACKLOG = 256
_LOG = logging.getLogger(__name__)
_ANYWHERE = ("0.0.0.0", "::", "")  # noqa: S104  only compared with, never bound by default

_PROBES = ("10.255.255.255", "192.168.255.255", "172.31.255.255", "192.0.2.1")


def _is_our_fault(record: logging.LogRecord) -> bool:
    """Whether a line belongs into the log: what is not HTTP is the sender's doing."""
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
    audience: Path | None = None,
    announce: Announce | None = None,
) -> None:
    """Serve `root` until Ctrl-C or SIGTERM; port 0 takes any free one.

    With a `key` everything lives under `/KEY/`; the announced addresses hold it. With a folder
    `audience`, what is sent of the sound is written down there.

    Raises:
        UsageError: the address or the port cannot be listened on, or the key is too simple.
    """
    app = create_app(root, base_url=base_url, key=key, audience=audience)

    def announce_roots(roots: tuple[str, ...]) -> None:
        if announce:
            announce(tuple(f"{address}{key}/" if key else address for address in roots))

    serve_app(app, host, port, announce_roots)


def serve_app(
    app: web.Application,
    host: str,
    port: int,
    announce: Announce,
    tls: ssl.SSLContext | None = None,
) -> None:
    """Serve an application until Ctrl-C or SIGTERM, by https with a certificate in `tls`.

    Raises:
        UsageError: the address or the port cannot be listened on.
    """
    with contextlib.suppress(KeyboardInterrupt):  # where the loop cannot take signals (Windows)
        asyncio.run(_serve(app, host, port, announce, tls))


def make_runner(app: web.Application, *, idle_seconds: float = _IDLE_SECONDS) -> web.AppRunner:
    """Make what runs `app` with our limits: a connection that asks nothing is closed soon."""
    return web.AppRunner(
        app,
        logger=_LOG,
        access_log=None,  # addresses may hold a listener's key
        keepalive_timeout=idle_seconds,
        lingering_time=_LINGER_SECONDS,
        shutdown_timeout=_SHUTDOWN_SECONDS,
    )


async def _serve(
    app: web.Application, host: str, port: int, announce: Announce, tls: ssl.SSLContext | None
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Neither Windows nor a thread beside the main one can do this.
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, stop.set)
    runner = make_runner(app)
    await runner.setup()
    try:
        listener = _bind_or_explain(host, port)
        server = await accept_connections(runner, listener, max_connections(), tls)
        try:
            found = reachable_addresses(host, server.sockets[0].getsockname()[1])
            announce(tuple(one.replace("http:", "https:", 1) for one in found) if tls else found)
            await stop.wait()
        finally:
            server.close()
    finally:
        await runner.cleanup()


def _bind_or_explain(host: str, port: int) -> socket.socket:
    try:
        return bind_socket(host, port)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(
            f"cannot listen on {host}:{port}: {reason}",
            hint="choose another port with --port N; 0 takes any free one",
        ) from error


def bind_socket(host: str, port: int) -> socket.socket:
    """A socket on this address, not yet listening, empty = all IPv4; raises as the system does."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # on Windows it would share a port that is in use
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except BaseException:
        listener.close()
        raise
    return listener


def max_connections() -> int:
    """How many connections the system's limit of open files allows, `MAX_CONNECTIONS` at most.

    The soft limit is raised where the system lets us: at its limit a server cannot even say no.
    """
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return MAX_CONNECTIONS
    wanted = MAX_CONNECTIONS * _HANDLES_EACH + _OWN_HANDLES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if resource.RLIM_INFINITY not in (soft, hard) and soft < wanted:
        soft = min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY:
        return MAX_CONNECTIONS
    return max(1, min(MAX_CONNECTIONS, (soft - _OWN_HANDLES) // _HANDLES_EACH))


class _RejectedConnection(asyncio.Protocol):
    """A connection that is closed as soon as it is there."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            transport.abort()


async def accept_connections(
    runner: web.AppRunner, listener: socket.socket, limit: int, tls: ssl.SSLContext | None = None
) -> asyncio.Server:
    """Accept connections for `runner` on a bound socket, `limit` of them at a time."""
    server = runner.server
    if server is None:
        raise RuntimeError("the runner is not set up")

    loop = asyncio.get_running_loop()
    pending = 0  # accepted in this turn of the loop, and not yet among the server's connections

    def make_protocol() -> asyncio.BaseProtocol:
        nonlocal pending
        if len(server.connections) + pending >= limit:
            return _RejectedConnection()
        pending += 1
        loop.call_soon(loop.call_soon, forget_pending)  # the first turn tells the server of it
        return server()

    def forget_pending() -> None:
        nonlocal pending
        pending -= 1

    return await loop.create_server(make_protocol, sock=listener, backlog=_BACKLOG, ssl=tls)


def reachable_addresses(host: str, port: int) -> tuple[str, ...]:
    """The addresses under which a server bound to `host` can be reached, those for phones first."""
    hosts = [*lan_addresses(), "127.0.0.1"] if host in _ANYWHERE else [host]
    return tuple(f"http://{f'[{name}]' if ':' in name else name}:{port}/" for name in hosts)


def lan_addresses() -> list[str]:
    """The private IPv4 addresses from which the system would reach each private network.

    Connecting a UDP socket only looks up the route; nothing is sent until something is written.
    """
    found: dict[str, None] = {}
    for probe in _PROBES:
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
            way.connect((probe, 9))
            address = ipaddress.IPv4Address(way.getsockname()[0])
            if address.is_private and not (address.is_loopback or address.is_link_local):
                found.setdefault(str(address))
    return list(found)
