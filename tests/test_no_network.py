"""The suite cannot reach the network."""

import asyncio
import socket
from collections.abc import Callable

import pytest


def _datagram() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(b"", ("192.0.2.1", 9))


@pytest.mark.parametrize(
    "reach",
    [
        lambda: socket.create_connection(("192.0.2.1", 80), timeout=0.1),
        lambda: socket.getaddrinfo("example.org", 443),
        lambda: socket.gethostbyname("example.org"),
        lambda: asyncio.run(asyncio.open_connection("192.0.2.1", 80)),
        _datagram,
    ],
)
def test_reaching_out_is_refused(reach: Callable[[], object]) -> None:
    """Connections, name look-ups and datagrams to other hosts raise at once."""
    with pytest.raises(RuntimeError, match="reached for the network"):
        reach()


def test_this_machine_can_be_reached() -> None:
    """A server on loopback is not a network."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()[:2], timeout=1) as client,
    ):
        assert server.getsockname() == client.getpeername()
