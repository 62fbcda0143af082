"""A site whose answers swell, drip or lead away: cut off by our limits."""

import threading
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from qjaudio.errors import EngineError, NotAnIssueError, QjaudioError
from qjaudio.sources.epaper import EpaperSource
from qjaudio.sources.epaper.fetch import Limits

PATH = "/html/2025-05/20/node_1.htm"
FAST = Limits(pause_s=0, retry_s=0, request_s=5, total_s=20)
TARGETS = {
    "file": "file:///etc/passwd",
    "metadata": "http://169.254.169.254/latest/",
    "port": "//127.0.0.1:9/",
    "scheme": "gopher://127.0.0.1/",
}


def _bomb(bits: int) -> bytes:
    """32 MB of zeros, packed into some 30 kB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, bits)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(32)) + packer.flush()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    closing: threading.Event

    def do_GET(self) -> None:
        """Answer as the first part of the path says."""
        name = self.path.split("/")[1]
        self.send_response(302 if name in TARGETS else 200)
        self.send_header("Content-Type", "text/html")
        self.close_connection = True
        try:
            self._body(name)
        except ConnectionError:
            return

    def _body(self, name: str) -> None:
        if name in TARGETS:
            self._whole(b"", "Location", TARGETS[name])
        elif name in ("gzip", "deflate"):
            self._whole(_bomb(31 if name == "gzip" else 15), "Content-Encoding", name)
        elif name == "br":
            self._whole(b"\x1b\xff\xff" * 1000, "Content-Encoding", name)
        else:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            while not self.closing.wait(0.02 if name == "trickle" else 0):
                piece = b"x" * (1 if name == "trickle" else 65536)
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))

    def _whole(self, body: bytes, header: str, value: str) -> None:
        self.send_header(header, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of the site."""
    _Handler.closing = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    _Handler.closing.set()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", ["gzip", "deflate", "endless"])
def test_what_swells_is_cut_off(site: str, name: str) -> None:
    """The limit counts unpacked bytes, with or without a length."""
    with pytest.raises(NotAnIssueError, match="too large"):
        list(EpaperSource(limits=FAST).pages(f"{site}/{name}{PATH}"))


def test_a_packing_that_is_none_is_an_error_of_ours(site: str) -> None:
    """Broken brotli, with or without a decoder for it."""
    with pytest.raises(QjaudioError):
        list(EpaperSource(limits=FAST).pages(f"{site}/br{PATH}"))


def test_a_trickle_is_cut_off(site: str) -> None:
    """A byte at a time does not put the end of a request off."""
    limits = Limits(pause_s=0, retry_s=0, request_s=0.3, total_s=20)
    with pytest.raises(EngineError, match="in time"):
        list(EpaperSource(limits=limits).pages(f"{site}/trickle{PATH}"))


@pytest.mark.parametrize("name", TARGETS)
def test_redirects_lead_nowhere_else(site: str, name: str) -> None:
    """Neither to files, to other ports and hosts, nor to other schemes."""
    with pytest.raises(NotAnIssueError, match="another host"):
        list(EpaperSource(limits=FAST).pages(f"{site}/{name}{PATH}"))
