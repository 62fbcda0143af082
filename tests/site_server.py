"""A loopback web server for e-paper sites of our own, with faults on demand.

In a test: `with SiteServer(files) as server: EpaperSource().pages(server.url + "/…")`, where
`files` are the answers by path. As a program: `python tests/site_server.py founder` prints an
address.
"""

import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

FAULTS = {
    "unavailable": "503 each time",
    "unavailable_once": "503 the first time",
    "later": "429, and asks to be left alone for an hour",
    "gone": "404",
    "forbidden": "403",
    "mute": "takes the request and never answers",
    "cut": "promises all bytes, sends half and hangs up",
    "cut_quietly": "sends half the bytes and closes politely",
    "circle": "redirects to itself",
    "cookie": "redirects to itself until the cookie that it sets comes back",
    "unnamed": "names no media type",
    "chain": "redirects endlessly, each time elsewhere",
    "stranger": "redirects to another host",
    "endless": "sends bytes without end",
    "pdf": "sends a PDF",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a path answers."""

    body: bytes
    kind: str = "text/html"
    """The Content-Type header; `text/html` alone names no charset."""
    etag: str = ""


@dataclass(slots=True)
class SiteServer:
    """Serves files; remembers what was asked for, and how many requests ran at once."""

    files: Mapping[str, Answer]
    faults: Mapping[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    not_modified: list[str] = field(default_factory=list)
    robots: tuple[int, bytes, Mapping[str, str]] = (404, b"not here", {})
    """Status, text and headers of its robots.txt."""
    agents: set[str] = field(default_factory=set)
    """What its visitors called themselves."""
    at_once: int = 0
    most_at_once: int = 0
    url: str = ""
    _server: ThreadingHTTPServer | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _closing: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        unknown = set(self.faults.values()) - set(FAULTS)
        if unknown:
            raise ValueError(f"no such fault: {unknown}")
        site = self

        class Handler(_Handler):
            site_server = site

        self._server = _QuietServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    def times(self, path: str) -> int:
        """How often a path was asked for."""
        return Counter(self.asked)[path]


class _QuietServer(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    site_server: SiteServer
    protocol_version = "HTTP/1.1"
    wbufsize = 65536  # headers and body in one packet: two cost 40 ms each (delayed ACK)

    def do_GET(self) -> None:
        site = self.site_server
        if self.path == "/robots.txt":  # asked for before everything: not counted
            self._send(*site.robots)
            return
        with site._lock:
            site.asked.append(self.path)
            site.agents.add(self.headers.get("User-Agent", ""))
            site.at_once += 1
            site.most_at_once = max(site.most_at_once, site.at_once)
        try:
            self._answer(site, site.faults.get(self.path.partition("?")[0], ""))
        except ConnectionError:
            self.close_connection = True
        finally:
            with site._lock:
                site.at_once -= 1

    def _answer(self, site: SiteServer, fault: str) -> None:
        answer = site.files.get(self.path) or site.files.get(self.path.partition("?")[0])
        busy = fault == "unavailable" or (
            fault == "unavailable_once" and site.times(self.path) == 1
        )
        statuses = {"forbidden": 403, "gone": 404}
        if busy or fault in statuses:
            self._send(statuses.get(fault, 503), b"no")
        elif fault == "later":
            self._send(429, b"no", {"Retry-After": "3600"})
        elif fault in ("circle", "chain", "stranger") or self._lacks_cookie(fault):
            self._redirect(fault)
        elif fault in ("mute", "endless"):
            self._stay(fault)
        elif fault == "pdf":
            self._send(200, b"%PDF-1.7", {"Content-Type": "application/pdf"})
        elif answer is None:
            self._send(404, b"not here")
        elif answer.etag and self.headers.get("If-None-Match") == answer.etag:
            site.not_modified.append(self.path)
            self._send(304, b"")
        else:
            self._file(answer, fault)

    def _file(self, answer: Answer, fault: str) -> None:
        headers = {} if fault == "unnamed" else {"Content-Type": answer.kind}
        if answer.etag:
            headers["ETag"] = answer.etag
        half = answer.body[: len(answer.body) // 2]
        if fault == "cut":
            self._send(200, half, headers, length=len(answer.body))
            self.close_connection = True
        elif fault == "cut_quietly":
            self._send(200, half, headers)
        else:
            self._send(200, answer.body, headers)

    def _lacks_cookie(self, fault: str) -> bool:
        return fault == "cookie" and "seen=1" not in self.headers.get("Cookie", "")

    def _redirect(self, fault: str) -> None:
        number = int(self.path.rpartition("?")[2] or 0) if "?" in self.path else 0
        target = {
            "circle": self.path,
            "cookie": self.path,
            "chain": f"{self.path.partition('?')[0]}?{number + 1}",
            "stranger": "http://localhost:9/html/2025-05/20/node_1.htm",
        }[fault]
        self._send(302, b"", {"Location": target, "Set-Cookie": "seen=1; Path=/"})

    def _stay(self, fault: str) -> None:
        self.close_connection = True
        if fault == "mute":
            self.site_server._closing.wait(20)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        while not self.site_server._closing.is_set():
            self.wfile.write(b"<p>" + b"x" * 65536)

    def _send(
        self, status: int, body: bytes, headers: Mapping[str, str] | None = None, length: int = -1
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body) if length < 0 else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


def main() -> None:
    """Serve one of our sites until interrupted."""
    from site_pages import first_page, site

    system = sys.argv[1]
    with SiteServer(site(system)) as server:
        sys.stdout.write(f"{server.url}{first_page(system)}\n")
        sys.stdout.flush()
        time.sleep(3600)


if __name__ == "__main__":
    main()
