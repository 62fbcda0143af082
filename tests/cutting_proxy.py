"""A line that is cut after so many bytes: TCP on loopback, passed on to a server."""

import contextlib
import socket
import threading
from collections.abc import Iterator


class CuttingProxy:
    """Passes bytes on to a port; each of the first `cuts` connections dies after `limit` bytes."""

    def __init__(self, port: int, *, limit: int, cuts: int) -> None:
        self._target, self._limit, self.cuts = port, limit, cuts
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                limit = self._limit if self.connections < self.cuts else None
                self.connections += 1
                server = socket.create_connection(("127.0.0.1", self._target))
                for end in (client, server):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for ends, most in (((client, server), limit), ((server, client), None)):
                    threading.Thread(target=_pass, args=(*ends, most), daemon=True).start()


def _pass(one: socket.socket, other: socket.socket, limit: int | None) -> None:
    passed = 0
    with contextlib.suppress(OSError):
        while block := one.recv(65536):
            passed += len(block)
            if limit is not None and passed > limit:
                break
            other.sendall(block)
    for end in (one, other):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@contextlib.contextmanager
def cutting(port: int, *, limit: int, cuts: int) -> Iterator[CuttingProxy]:
    """A proxy in front of `port`, closed at the end."""
    proxy = CuttingProxy(port, limit=limit, cuts=cuts)
    try:
        yield proxy
    finally:
        proxy.close()
