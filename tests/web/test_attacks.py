"""Hostile clients harm neither the server nor those who listen.

`benchmarks/serving.py` measures what it costs honest clients; here they are only served at all.
"""

import contextlib
import os
import signal
import socket
import ssl
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from importlib.resources import files
from itertools import product
from pathlib import Path

import pytest

from qjaudio.web.app import create_app
from web.served import AUDIO, BASE_URL, FEED, Site, running

SECOND = b"GET /feed.xml HTTP/1.1\r\nHost: second\r\n\r\n"
MANY = 500
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def head(*lines: bytes) -> bytes:
    """The head of a request for the feed with these lines more."""
    return b"\r\n".join([b"GET /feed.xml HTTP/1.1", b"Host: a", *lines, b"", b""])


def connected(site: Site, beginning: bytes, receive_bytes: int = 0) -> socket.socket:
    """A connection that has said this much, and whose buffer for answers may be small."""
    connection = socket.socket()
    if receive_bytes:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
    connection.settimeout(10)
    connection.connect(("127.0.0.1", site.port))
    connection.sendall(beginning)
    return connection


def handles() -> int:
    """How many files and connections this very process has open."""
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - no Path is needed


def memory() -> int:
    """Bytes of memory that this process, server and clients, holds just now."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGESIZE")


def settles(holds: Callable[[], bool], seconds: float = 60.0) -> bool:
    """Whether a condition comes true within some seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return False


def serves(site: Site) -> bool:
    """Whether an honest client gets what it asks for."""
    part = site.ask("/2025-05-20.mp3", Range="bytes=100-199")
    return site.ask("/feed.xml").status == 200 and part.body == AUDIO[100:200]


@pytest.fixture
def steady(site: Site) -> Iterator[Site]:
    """A server that afterwards has to serve as before and hold as many handles as before."""
    assert serves(site)
    before = handles() if sys.platform == "linux" else 0
    yield site
    assert serves(site)
    if before:
        assert settles(lambda: handles() <= before + 1)


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(
            head(b"Content-Length: 5", b"Transfer-Encoding: chunked") + b"0\r\n\r\n", id="CL and TE"
        ),
        pytest.param(head(b"Content-Length: 0", b"Content-Length: 42"), id="two lengths"),
        pytest.param(head(b"Content-Length: 0, 42"), id="list of lengths"),
        pytest.param(head(b"Content-Length: +3") + b"abc", id="signed length"),
        pytest.param(head(b"Content-Length: 0x3") + b"abc", id="hexadecimal length"),
        pytest.param(head(b"Content-Length : 42"), id="space before the colon"),
        pytest.param(head(b"X: a\r\n Transfer-Encoding: chunked"), id="folded line"),
        pytest.param(head(b"X: a\nTransfer-Encoding: chunked") + b"0\r\n\r\n", id="bare LF"),
        pytest.param(b"GET /feed.xml HTTP/1.1\nHost: a\n\n", id="bare LF everywhere"),
        pytest.param(head(b"X: a\rb"), id="bare CR"),
        pytest.param(head(b"X: \0"), id="NUL"),
        pytest.param(head(b"Transfer-Encoding: xchunked") + b"0\r\n\r\n", id="unknown coding"),
        pytest.param(
            head(b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity") + b"0\r\n\r\n",
            id="two codings",
        ),
        pytest.param(head(b"Transfer-Encoding: chunked") + b"-1\r\nx\r\n", id="negative chunk"),
        pytest.param(
            head(b"Transfer-Encoding: chunked, identity") + b"0\r\n\r\n", id="chunked not last"
        ),
        pytest.param(head(b"Transfer-Encoding: chunked") + b"0x0\r\n\r\n", id="prefixed chunk"),
        pytest.param(head(b"Transfer-Encoding: chunked") + b"zz\r\n\r\n", id="no number"),
        pytest.param(head(b"Content-Length: "), id="empty length"),
        pytest.param(head(b"Content-Length: 1_0"), id="length with underscore"),
        pytest.param(head(b": no name"), id="header without a name"),
        pytest.param(head(b"no colon"), id="header without a colon"),
        pytest.param(head(b"Host: b"), id="two hosts"),
        pytest.param(b"GET /feed.xml HTTP/1.1\r\n\r\n", id="no host"),
    ],
)
def test_what_two_servers_could_read_differently_is_refused(steady: Site, shape: bytes) -> None:
    """Nothing behind a doubtful request is taken for a second one."""
    reply = steady.say(shape + SECOND)
    assert b" 400 " in reply.partition(b"\r\n")[0]
    assert b" 200 " not in reply
    assert b"<rss" not in reply


def test_a_body_on_get_is_no_second_request(steady: Site) -> None:
    """The body is passed over, even where it looks like a request."""
    reply = steady.say(head(b"Content-Length: %d" % len(SECOND)) + SECOND)
    assert reply.count(b"HTTP/1.1 200 OK") == 1


@ON_LINUX
def test_five_hundred_slow_clients_keep_nobody_out(steady: Site) -> None:
    """Half never end their headers, half do not take what they asked for; memory is bounded."""
    (steady.root / "long.mp3").write_bytes(b"\0" * 50_000_000)
    before = memory()
    with ExitStack() as stack:
        for number in range(MANY):
            beginning = b"GET /long.mp3 HTTP/1.1\r\nHost: a\r\n" + b"\r\n" * (number % 2)
            stack.enter_context(connected(steady, beginning, 4096))
        assert all(serves(steady) for _ in range(20))
        # Each reader: a piece of the file, what waits to be sent, and Python's own objects.
        assert memory() - before < MANY * 400_000


def test_a_full_house_turns_newcomers_away_and_opens_again(root: Path) -> None:
    """At the limit a connection is closed at once, and nothing is left of it."""
    with running(create_app(root), idle_seconds=600, limit=3) as port:
        site = Site(root, port)
        guests = [connected(site, b"GET /") for _ in range(3)]
        with contextlib.suppress(ConnectionError):
            assert site.say(SECOND) == b""
        guests.pop().close()

        def is_open() -> bool:
            try:
                return site.ask("/feed.xml").status == 200
            except ConnectionError:
                return False

        assert settles(is_open)
        for guest in guests:
            guest.close()


def test_headers_without_end_are_cut_off(steady: Site) -> None:
    """Neither one endless line nor endless lines pile up."""
    for piece in (b"x" * 1000, b"X-%d: y\r\n" % 1 * 100):
        with connected(steady, b"GET / HTTP/1.1\r\nHost: a\r\nA: ") as connection:
            sent = 0
            with contextlib.suppress(ConnectionError):
                while sent < 5_000_000:
                    connection.sendall(piece)
                    sent += len(piece)
            assert sent < 5_000_000


def test_many_requests_in_one_breath_are_answered_in_order(steady: Site) -> None:
    """Two hundred requests without waiting; and a client that reads none of the answers."""
    asked = b"".join(head(b"X: %d" % n) for n in range(199)) + head(b"Connection: close")
    assert steady.say(asked).count(b"HTTP/1.1 200 OK") == 200
    with connected(steady, b"", 4096) as connection:
        connection.settimeout(0.3)
        with contextlib.suppress(TimeoutError):
            for _ in range(200):
                connection.sendall(head() * 1000)
        assert serves(steady)


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=" + ",".join(f"{n}-" for n in range(1300)),
        "bytes=" + ",".join(["0-0"] * 1900),
        "bytes=0-255999,0-255999",
        "bytes=0-" + "9" * 7000,
        "bytes=" + "-" * 7000,
        "bytes=" + "," * 7000,
        "bytes=--1,1--2,0x1-0x2",
        "bytes=18446744073709551615-18446744073709551616,0-",
        "bytes=-18446744073709551616",
    ],
)
def test_no_range_multiplies_the_file(steady: Site, asked: str) -> None:
    """However the ranges are written, the answer is no longer than the file."""
    reply = steady.ask("/2025-05-20.mp3", Range=asked)
    assert reply.status in (200, 206, 416)
    assert len(reply.body) <= len(AUDIO)


def test_tls_spoken_to_the_plain_port_is_an_error_at_once(steady: Site) -> None:
    """A browser that tries https gets no answer that it could wait for."""
    context = ssl.create_default_context()
    for _ in range(5):
        with (
            pytest.raises((ssl.SSLError, ConnectionError)),
            connected(steady, b"") as connection,
            context.wrap_socket(connection, server_hostname="a"),
        ):
            pass


def test_half_open_and_reset_connections_leave_nothing(steady: Site) -> None:
    """Clients that stop talking, or vanish with a reset in every phase."""
    for beginning in (b"", b"GET", head()[:-2], head(), b"GET /2025-05-20.mp3 HTTP/1.1\r\n"):
        with connected(steady, beginning) as connection:
            connection.shutdown(socket.SHUT_WR)
        with connected(steady, beginning) as connection:
            reset = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
    assert 200 == steady.ask("/feed.xml").status


@ON_LINUX
def test_made_up_hosts_take_no_memory_for_ever(steady: Site) -> None:
    """Each host would get a feed of its own: they are made, sent and forgotten."""
    (steady.root / "feed.xml").write_text(FEED * 10_000, encoding="utf-8")
    before = memory()
    for number in range(200):
        host = f"h{number}.local"
        reply = steady.ask("/feed.xml", Host=host)
        assert (200, 10_000) == (reply.status, reply.body.count(host.encode()))
    assert memory() - before < 150_000_000


def test_other_spellings_lead_nowhere(steady: Site) -> None:
    """Case, trailing dots and doubled encodings are other names, and there is no such file."""
    for path in ("/FEED.XML", "/feed.xml.", "/feed.xml%20", "/feed%2exml%00", "/%2566eed.xml"):
        assert steady.ask(path).status == 404
    for path in ("/2025-05-20%2fepisode.json", "/./2025-05-20/script.html", "/%2ehidden.html"):
        assert b"secret" not in steady.ask(path).body


def test_a_replaced_file_is_sent_to_its_end(steady: Site) -> None:
    """Who has begun to download the old version gets all of it, and the next client the new."""
    path = steady.root / "long.mp3"
    path.write_bytes(b"a" * 20_000_000)
    with connected(steady, b"GET /long.mp3 HTTP/1.0\r\n\r\n", 4096) as connection:
        beginning = connection.recv(100)
        new = path.with_name("new.mp3")
        new.write_bytes(b"b" * 10)
        new.replace(path)
        received = [beginning]
        while part := connection.recv(1_000_000):
            received.append(part)
    body = b"".join(received).partition(b"\r\n\r\n")[2]
    assert body == b"a" * 20_000_000
    assert steady.ask("/long.mp3").body == b"b" * 10


def test_two_hundred_phones_at_once(steady: Site) -> None:
    """Two hundred parallel ranged downloads without an error."""

    def fetch(number: int) -> bool:
        start = number * 1000
        reply = steady.ask("/2025-05-20.mp3", Range=f"bytes={start}-{start + 49_999}")
        return reply.status == 206 and AUDIO[start : start + 50_000] == reply.body

    with ThreadPoolExecutor(200) as pool:
        assert all(pool.map(fetch, range(200)))


def test_no_base_url_can_be_planted(steady: Site) -> None:
    """Headers that other servers trust change nothing in the feed."""
    forged = steady.ask("/feed.xml", Host="news.example", X_Forwarded_Host="evil.example")
    assert b"evil.example" not in forged.body
    assert BASE_URL.encode() in forged.body


def spellings(path: str) -> Iterator[str]:
    """One path in the ways that have led out of other servers."""
    dots = ("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", "..\\", "%252e%252e%252f", "....//")
    for up, depth in product((*dots, "..%c0%af", "%c0%ae%c0%ae/", "..;/"), (1, 2, 8)):
        yield f"/{up * depth}{path}"
        yield f"/more/{up * depth}{path}"
    for end in ("%00", "%00.xml", "%2500", "%0a", "%20", ".", "/", "/.", "::$DATA", "%3a%3a$DATA"):
        yield f"/{path}{end}"
    yield from (f"//{path}", f"/./{path}", f"/.//{path}", f"/%2f{path}", f"/%5c{path}")
    yield from (f"http://a/{path}", f"http://a/../{path}", f"file:///{path}", path, f"?{path}")


@pytest.mark.parametrize(
    "path", ["outside.html", "2025-05-20/episode.json", ".hidden.html", ".cache/clip.mp3"]
)
def test_no_way_of_writing_a_path_leads_out(steady: Site, path: str) -> None:
    """Dots, slashes, NUL and backslash, plain, encoded, doubly encoded or overlong."""
    asked = [one.replace("/", "%2f", 1) for one in spellings(path)] + list(spellings(path))
    for target in asked:
        line = f"GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        reply = steady.say(line.encode())
        assert reply.split(b" ")[1] in (b"400", b"404") or target.startswith("?"), target
        assert b"secret" not in reply, target


def test_no_link_leads_out(steady: Site) -> None:
    """A link to a file, to a folder, to another link, or to itself: where it ends counts."""
    (steady.root / "file.html").symlink_to(steady.root.parent / "outside.html")
    (steady.root / "folder").symlink_to(steady.root.parent)
    (steady.root / "again.html").symlink_to("file.html")
    (steady.root / "stage.html").symlink_to("2025-05-20/script.html")
    (steady.root / "round.html").symlink_to("round.html")
    (steady.root / "device.mp3").symlink_to("/dev/zero")
    for path in ("file", "folder/outside", "folder/out/file", "again", "stage", "round"):
        assert 404 == steady.ask(f"/{path}.html").status, path
    assert 404 == steady.ask("/device.mp3").status


@pytest.mark.parametrize(
    "method",
    [
        "POST",
        "PUT",
        "PATCH",
        "DELETE",
        "TRACE",
        "OPTIONS",
        "PROPFIND",
        "get",
        "GETT",
        "PRI",
        "X" * 99,
    ],
)
def test_a_wrong_method_gets_a_no_and_nothing_back(steady: Site, method: str) -> None:
    """No method but GET and HEAD does anything, and none repeats what the client has sent."""
    request = f"{method} /feed.xml HTTP/1.1\r\nHost: a\r\nX-Own: told-you\r\n\r\n"
    reply = steady.say(request.encode())
    assert reply.split(b" ")[1] in (b"400", b"405")
    assert b"told-you" not in reply
    assert b"<rss" not in reply


def test_no_page_tells_other_sites_where_it_was_read() -> None:
    """Every page of the player asks for no Referer, also where another server publishes it."""
    folder = files("qjaudio.player") / "templates"
    pages = {
        one.name: one.read_text("utf-8") for one in folder.iterdir() if one.name.endswith(".html")
    }
    assert '<meta name="referrer" content="no-referrer">' in pages["base.html"]
    for name, page in pages.items():
        is_whole = "<html" in page
        assert name == "base.html" or not is_whole, name
        for link in page.split("<a ")[1:]:
            tag = link.partition(">")[0]
            assert "chapter.url" not in tag or "noreferrer" in tag, tag


def test_a_talkative_server_keeps_the_key_to_itself(root: Path) -> None:
    """The real command with --verbose, asked rightly, wrongly and rudely: no line has the key."""
    key = "Zq7-long_and-private-0"
    command = [sys.executable, "-m", "qjaudio", "--verbose", "serve", "--port", "0"]
    with subprocess.Popen(
        [*command, "--out", str(root)],
        env={**os.environ, "QJAUDIO_KEY": key},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        assert server.stderr is not None
        line = ""
        while "127.0.0.1:" not in line:
            line = server.stdout.readline()
            assert line
        site = Site(root, int(line.partition("127.0.0.1:")[2].partition("/")[0]))
        assert 200 == site.ask(f"/{key}/feed.xml", Referer=f"http://a/{key}/").status
        assert 404 == site.ask(f"/{key}/absent.html").status
        assert 404 == site.ask(f"/{key}x/").status
        site.say(f"GET /{key}/ HTTP/9.9\r\n{key}\r\n\r\n".encode())
        site.say(f"{key} /{key}/ HTTP/1.1\r\nHost: {key}\r\n\r\n".encode())
        server.send_signal(signal.SIGINT)
        assert key not in server.stderr.read()
