"""What holds for every test: no network beyond this machine."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

_PROXIES = ("http_proxy", "https_proxy", "ws_proxy", "wss_proxy", "all_proxy")


class NetworkUsedError(RuntimeError):
    """A test reached for the network; no OSError, so that no code takes it for a dead network."""


def _is_loopback(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    return name in (None, "", "localhost", "::1") or (
        isinstance(name, str) and name.startswith("127.")
    )


def _guarded(original: Callable[..., Any], host_of: Callable[..., object]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        host = host_of(*args)
        if not _is_loopback(host):
            raise NetworkUsedError(f"a test reached for the network: {host!r}")
        return original(*args, **kwargs)

    return call


def _host_of_address(_: socket.socket, *args: Any) -> object:
    """The host of the last argument; a Unix socket's path and a netlink number are no host."""
    address = args[-1]
    return (
        address[0] if isinstance(address, tuple) and isinstance(address[0], str | bytes) else None
    )


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Refuse every connection, datagram and name look-up beyond loopback; forget proxies."""
    with pytest.MonkeyPatch.context() as patch:
        for method in ("connect", "connect_ex", "sendto"):
            guarded = _guarded(getattr(socket.socket, method), _host_of_address)
            patch.setattr(socket.socket, method, guarded)
        for function in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
            guarded = _guarded(getattr(socket, function), lambda host, *_: host)
            patch.setattr(socket, function, guarded)
        for name in _PROXIES:
            patch.delenv(name, raising=False)
            patch.delenv(name.upper(), raising=False)
        yield
