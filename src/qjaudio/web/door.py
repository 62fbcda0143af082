"""The door of the server: how many connections it lets in at a time."""

import asyncio
import os
import socket

from aiohttp import web

MOST_CONNECTIONS = 1000
"""More than this many at a time are turned away; a reader that stalls holds some 350 kB."""
_HANDLES_EACH = 2  # the connection and the file that is sent over it
_HANDLES_OF_OURS = 64


def most_connections() -> int:
    """How many connections the system's limit of open files allows, `MOST_CONNECTIONS` at most.

    The soft limit is raised where the system lets us: at its limit a server cannot even say no.
    """
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return MOST_CONNECTIONS
    wanted = MOST_CONNECTIONS * _HANDLES_EACH + _HANDLES_OF_OURS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if resource.RLIM_INFINITY not in (soft, hard) and soft < wanted:
        soft = min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return max(1, min(MOST_CONNECTIONS, (soft - _HANDLES_OF_OURS) // _HANDLES_EACH))


def bind(host: str, port: int) -> socket.socket:
    """A socket on this address, not yet listening; an empty host means every IPv4 address.

    Raises:
        OSError: the address is taken or not ours.
        OverflowError: there is no such port.
    """
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


class _TurnedAway(asyncio.Protocol):
    """A connection that is closed as soon as it is there."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            transport.abort()


async def open_door(
    runner: web.AppRunner, listener: socket.socket, most: int, backlog: int
) -> asyncio.Server:
    """Accept connections for `runner` on a bound socket, `most` of them at a time."""
    server = runner.server
    if server is None:
        raise RuntimeError("the runner is not set up")

    loop = asyncio.get_running_loop()
    arriving = 0  # accepted in this turn of the loop, and not yet among the server's connections

    def protocol() -> asyncio.BaseProtocol:
        nonlocal arriving
        if len(server.connections) + arriving >= most:
            return _TurnedAway()
        arriving += 1
        loop.call_soon(loop.call_soon, arrived)  # the first turn tells the server of it
        return server()

    def arrived() -> None:
        nonlocal arriving
        arriving -= 1

    return await loop.create_server(protocol, sock=listener, backlog=backlog)
