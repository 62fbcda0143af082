"""A server on a free loopback port, and a client that may be rude to it."""

import asyncio
import contextlib
import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from qjaudio.web.server import MAX_CONNECTIONS, accept_connections, bind_socket, make_runner

BASE_URL = "https://news.example/qj/"
AUDIO = bytes(range(256)) * 1000
FEED = f'<rss><enclosure url="{BASE_URL}2025-05-20.mp3" length="256000"/></rss>'


@dataclass
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Site:
    """A running server and its folder."""

    root: Path
    port: int

    def ask(self, path: str, method: str = "GET", **headers: str) -> Reply:
        """Send one well-formed request; underscores in header names stand for hyphens."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers=names)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, found, response.read())

    def say(self, request: bytes) -> bytes:
        """Send any bytes; return what comes back until the server hangs up or waits for more."""
        most_s = 15 if request else 1  # nothing is answered by nothing
        with socket.create_connection(("127.0.0.1", self.port), timeout=most_s) as connection:
            received = b""
            with contextlib.suppress(ConnectionError, TimeoutError):
                connection.sendall(request)
                while part := connection.recv(65536):
                    received += part
                    if b"Connection: close" not in request:
                        connection.settimeout(1)  # it may wait for more
            return received


@contextmanager
def running(
    app: web.Application, idle_seconds: float = 20.0, limit: int = MAX_CONNECTIONS
) -> Iterator[int]:
    """Run `app` in a thread on a free port until the block ends."""
    loop = asyncio.new_event_loop()
    runner = make_runner(app, idle_seconds=idle_seconds)

    async def start() -> asyncio.Server:
        await runner.setup()
        return await accept_connections(runner, bind_socket("127.0.0.1", 0), limit)

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        server = asyncio.run_coroutine_threadsafe(start(), loop).result(60)
        yield int(server.sockets[0].getsockname()[1])
    finally:
        loop.call_soon_threadsafe(server.close)
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(60)
        asyncio.run_coroutine_threadsafe(loop.shutdown_default_executor(), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(60)
        loop.close()
