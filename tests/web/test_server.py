"""The server as a podcast app, a browser and an attacker see it."""

import contextlib
import http.client
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qjaudio.errors import UsageError
from qjaudio.web.app import create_app
from qjaudio.web.server import (
    lan_addresses,
    reachable_addresses,
    serve,
)
from web.served import AUDIO, BASE_URL, FEED, Site, running

SERVED = "Tue, 20 May 2025 00:30:00 GMT"


@pytest.mark.parametrize(
    ("path", "media_type", "open_to_all"),
    [
        ("/feed.xml", "application/rss+xml; charset=utf-8", True),
        ("/2025-05-20.mp3", "audio/mpeg", False),
        ("/2025-05-20.vtt", "text/vtt", True),
        ("/2025-05-20.srt", "application/x-subrip", True),
        ("/shows.opml", "text/x-opml; charset=utf-8", True),
        ("/2025-05-20.json", "application/json", True),
        ("/2025-05-20.chapters.json", "application/json+chapters", True),
        ("/2025-05-20.jpg", "image/jpeg", False),
        ("/2025-05-20.html", "text/html; charset=utf-8", False),
        ("/", "text/html; charset=utf-8", False),
        ("/%E8%8A%82%E7%9B%AE%20%E4%B8%80.html?from=app", "text/html; charset=utf-8", False),
    ],
)
def test_every_file_has_its_type(site: Site, path: str, media_type: str, open_to_all: bool) -> None:
    """Clients go by the type; by the show's own host, transcripts, chapters and feed are open to
    other pages, and by a number of this machine nothing is."""
    assert "access-control-allow-origin" not in site.ask(path).headers
    reply = site.ask(path, Host="news.example")
    assert (200, media_type) == (reply.status, reply.headers["content-type"])
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert ("*" if open_to_all else None) == reply.headers.get("access-control-allow-origin")
    assert str(len(reply.body)) == reply.headers["content-length"]


@pytest.mark.parametrize("path", ["/", "/feed.xml", "/2025-05-20.mp3", "/absent.mp3"])
def test_head_is_get_without_the_body(site: Site, path: str) -> None:
    """Apple asks with HEAD; everything but the bytes is the same."""
    get, head = site.ask(path), site.ask(path, "HEAD")
    same = ("content-type", "content-length", "etag", "last-modified", "accept-ranges")
    assert [get.headers.get(name) for name in same] == [head.headers.get(name) for name in same]
    assert (get.status, b"") == (head.status, head.body)


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"]
)
@pytest.mark.parametrize("path", ["/", "/feed.xml", "/absent", "/..%2f"])
def test_nothing_can_be_written(site: Site, method: str, path: str) -> None:
    """Other methods get 405 with the two that are allowed."""
    reply = site.ask(path, method)
    assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("asked", "expected", "start", "stop"),
    [
        ("bytes=0-0", "bytes 0-0/256000", 0, 1),
        ("bytes=70000-199999", "bytes 70000-199999/256000", 70000, 200000),
        ("bytes=255000-", "bytes 255000-255999/256000", 255000, 256000),
        ("bytes=-10", "bytes 255990-255999/256000", 255990, 256000),
    ],
)
def test_one_range_is_cut_out(site: Site, asked: str, expected: str, start: int, stop: int) -> None:
    """A player that jumps gets just these bytes."""
    reply = site.ask("/2025-05-20.mp3", Range=asked)
    assert (206, expected) == (reply.status, reply.headers["content-range"])
    assert AUDIO[start:stop] == reply.body


def test_a_range_behind_the_end_names_the_length(site: Site) -> None:
    """416 tells the client how long the file is."""
    reply = site.ask("/2025-05-20.mp3", Range="bytes=256000-")
    assert (reply.status, reply.headers["content-range"]) == (416, "bytes */256000")


@pytest.mark.parametrize(
    "asked", ["bytes=0-,0-", "bytes=x", "lines=1-2", "bytes=" + ",".join(["0-"] * 1000)]
)
def test_many_ranges_or_none_send_the_file_once(site: Site, asked: str) -> None:
    """The old attack with overlapping ranges gets the file and no more."""
    reply = site.ask("/2025-05-20.mp3", Range=asked)
    assert (reply.status, reply.body) == (200, AUDIO)


def test_head_knows_no_ranges(site: Site) -> None:
    """RFC 9110 defines ranges for GET alone."""
    assert site.ask("/2025-05-20.mp3", "HEAD", Range="bytes=0-1").status == 200


def test_a_file_that_has_not_changed_is_not_sent_again(site: Site) -> None:
    """Both validators lead to an empty 304 that repeats them."""
    first = site.ask("/2025-05-20.mp3")
    assert first.headers["last-modified"] == SERVED
    etag = first.headers["etag"]
    for reply in (
        site.ask("/2025-05-20.mp3", If_None_Match=etag),
        site.ask("/2025-05-20.mp3", If_Modified_Since=SERVED),
        site.ask(
            "/2025-05-20.mp3", If_None_Match=etag, If_Modified_Since="Tue, 20 May 2025 00:00:00 GMT"
        ),
    ):
        assert (304, b"", etag) == (reply.status, reply.body, reply.headers["etag"])
    changed = site.ask("/2025-05-20.mp3", If_None_Match='"old"', If_Modified_Since=SERVED)
    assert changed.status == 200


def test_a_download_is_resumed_only_in_the_same_version(site: Site) -> None:
    """If-Range by tag or date: a part of the same file, or the whole of the new one."""
    etag = site.ask("/2025-05-20.mp3").headers["etag"]
    answers = [
        site.ask("/2025-05-20.mp3", Range="bytes=5-", If_Range=condition).status
        for condition in (etag, SERVED, '"old"', "W/" + etag, "Tue, 20 May 2025 00:30:01 GMT")
    ]
    assert answers == [206, 206, 200, 200, 200]


def test_a_replaced_file_has_another_tag(site: Site) -> None:
    """Same length, same second, other bytes: the tag still changes."""
    before = site.ask("/2025-05-20.mp3").headers["etag"]
    (site.root / "2025-05-20.mp3").write_bytes(AUDIO[::-1])
    after = site.ask("/2025-05-20.mp3")
    assert before != after.headers["etag"]
    assert AUDIO[::-1] == after.body


def test_the_feed_names_files_where_the_phone_finds_them(site: Site) -> None:
    """The enclosure follows the Host header, and length, tag and ranges fit the changed bytes."""
    local = site.ask("/feed.xml")
    assert FEED.replace(BASE_URL, f"http://127.0.0.1:{site.port}/").encode() == local.body
    phone = site.ask("/feed.xml", Host="192.168.1.20:8010")
    assert b'url="http://192.168.1.20:8010/2025-05-20.mp3"' in phone.body
    assert local.headers["etag"] != phone.headers["etag"]
    part = site.ask("/feed.xml", Host="192.168.1.20:8010", Range="bytes=5-24")
    assert phone.body[5:25] == part.body
    chapters = site.ask("/2025-05-20.chapters.json", Host="10.0.0.7")
    assert chapters.body == b'{"url": "http://10.0.0.7/2025-05-20.html"}'


@pytest.mark.parametrize("host", ["news.example", 'x"><b>', "a b", "x/y", "a" * 400])
def test_a_public_or_doubtful_host_changes_nothing(site: Site, host: str) -> None:
    """Nobody can plant an address in the feed, and behind a proxy the show keeps its own."""
    reply = site.ask("/feed.xml", Host=host)
    if reply.status != 400:  # some are refused before they reach us
        assert (200, FEED.encode()) == (reply.status, reply.body)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("evil.example", 421),
        ("news.example.evil.example:8010", 421),
        ("127.0.0.1.evil.example", 421),
        ("xn--local-evil.example", 421),
        ("NEWS.example", 200),
        ("news.example.", 200),
        ("localhost:8010", 200),
        ("[::1]:8010", 200),
        ("192.168.1.20:8010", 200),
        ("studio", 200),
        ("studio.local:8010", 200),
    ],
)
@pytest.mark.parametrize("path", ["/feed.xml", "/2025-05-20.mp3", "/", "/2025-05-20.vtt"])
def test_a_name_that_a_stranger_may_own_gets_nothing(
    site: Site, path: str, host: str, status: int
) -> None:
    """DNS rebinding: a page of evil.example, whose name leads here, reads nothing of the show."""
    reply = site.ask(path, Host=host, Origin="http://evil.example")
    assert status == reply.status
    if status == 421:
        assert "本节目" in reply.body.decode()


def test_without_a_base_url_files_are_sent_as_they_are(root: Path) -> None:
    """Nothing is guessed where the address of the show is not known."""
    with running(create_app(root)) as port:
        assert FEED.encode() == Site(root, port).ask("/feed.xml").body


def test_an_index_of_our_own_is_the_home_page(site: Site) -> None:
    """`/` is index.html as soon as there is one."""
    (site.root / "index.html").write_text("<!doctype html>player", encoding="utf-8")
    assert site.ask("/").body == b"<!doctype html>player"


def test_a_folder_that_vanishes_leaves_a_server_that_says_so(site: Site) -> None:
    """Requests for what is gone get 404, and / says that there is nothing."""
    site.root.rename(site.root.parent / "elsewhere")
    assert [site.ask(path).status for path in ("/feed.xml", "/")] == [404, 404]
    assert "还没有节目" in site.ask("/").body.decode()


@pytest.mark.parametrize(
    "target",
    [
        b"/../outside.html",
        b"/%2e%2e/outside.html",
        b"/%252e%252e%252foutside.html",
        b"/..\\outside.html",
        b"/..%5coutside.html",
        b"/feed.xml%00.html",
        b"/2025-05-20/episode.json",
        b"/2025-05-20/",
        b"/.cache/clip.mp3",
        b"/more/",
        b"//outside.html",
        b"/" + b"a" * 8000 + b".html",
        b"/" + b"../" * 500 + b"etc/passwd",
        b"http://elsewhere.example/../outside.html",
    ],
)
def test_raw_tricks_find_nothing(site: Site, target: bytes) -> None:
    """Paths that no library would send lead nowhere."""
    reply = site.say(b"GET " + target + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert reply.split(b" ")[1] in (b"404", b"400")
    assert b"secret" not in reply


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: " + b"b" * 20000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"".join(b"X%d: 1\r\n" % n for n in range(5000)) + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"",
    ],
)
def test_what_is_no_request_harms_nobody(site: Site, request_bytes: bytes) -> None:
    """Broken, huge and smuggling shapes get an error or silence; the next client is served."""
    reply = site.say(request_bytes)
    assert reply == b"" or reply.split(b" ")[1].startswith(b"4")
    assert site.ask("/feed.xml").status == 200


def test_a_client_that_leaves_in_the_middle_is_forgotten(site: Site) -> None:
    """A broken-off download costs the server nothing but that download."""
    (site.root / "long.mp3").write_bytes(b"\0" * 20_000_000)
    for _ in range(5):
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
        connection.request("GET", "/long.mp3")
        connection.getresponse().read(1000)
        connection.close()
    assert len(site.ask("/long.mp3").body) == 20_000_000


def test_a_file_that_shrinks_is_never_passed_off_as_whole(site: Site) -> None:
    """Fewer bytes than promised end in a cut connection, not in a file that looks complete."""
    path = site.root / "long.mp3"
    path.write_bytes(b"\0" * 30_000_000)
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    connection.request("GET", "/long.mp3")
    response = connection.getresponse()
    with path.open("r+b") as file:
        file.truncate(1000)
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        response.read()
    connection.close()


def test_a_connection_that_asks_nothing_is_closed(root: Path) -> None:
    """Clients that connect and wait, or never end their headers, do not pile up."""
    with running(create_app(root), idle_seconds=0.2) as port:
        for beginning in (b"", b"GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n"):
            with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
                connection.sendall(beginning)
                assert connection.recv(100) == b""


def test_a_client_that_takes_nothing_is_dropped(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A download that stands still is cut off, so that it cannot hold its memory for ever."""
    monkeypatch.setattr("qjaudio.web.app.GRACE_SECONDS", 0.2)
    monkeypatch.setattr("qjaudio.web.app.MIN_BYTES_PER_SECOND", 1e9)
    (root / "long.mp3").write_bytes(b"\0" * 20_000_000)
    with running(create_app(root)) as port, socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(30)
        connection.connect(("127.0.0.1", port))
        connection.sendall(b"GET /long.mp3 HTTP/1.1\r\nHost: a\r\n\r\n")
        threading.Event().wait(0.6)
        received = 0
        with contextlib.suppress(ConnectionResetError):
            while part := connection.recv(1_000_000):
                received += len(part)
        assert received < 20_000_000


def test_many_phones_fetch_parts_at_once(site: Site) -> None:
    """Sixty ranged downloads at a time all get their own bytes."""

    def fetch(number: int) -> bool:
        start = number * 4000
        reply = site.ask("/2025-05-20.mp3", Range=f"bytes={start}-{start + 69999}")
        return reply.status == 206 and AUDIO[start : start + 70000] == reply.body

    with ThreadPoolExecutor(20) as pool:
        assert all(pool.map(fetch, range(60)))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_cleanly(root: Path, number: int) -> None:
    """Ctrl-C or a service manager ends it soon, even with a download under way."""
    (root / "long.mp3").write_bytes(b"\0" * 20_000_000)
    program = (
        "import sys, pathlib; from qjaudio.web.server import serve;"
        "serve(pathlib.Path(sys.argv[1]), port=0, announce=lambda a: print(a[0], flush=True))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline().rstrip("/\n").rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=30) as download:
            download.sendall(b"GET /long.mp3 HTTP/1.1\r\nHost: a\r\n\r\n")
            assert download.recv(12) == b"HTTP/1.1 200"
            process.send_signal(number)
            _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")


def test_a_port_in_use_is_said_with_a_way_out(root: Path) -> None:
    """A taken port is the user's to change, not a traceback."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=str(port)) as caught:
            serve(root, port=port)
    assert "--port" in caught.value.hint


def test_the_addresses_that_are_announced_can_be_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """IPv6 stands in brackets, and a server for everybody is also reached on loopback."""
    assert reachable_addresses("::1", 80) == ("http://[::1]:80/",)
    monkeypatch.setattr("qjaudio.web.server.lan_addresses", lambda: ["10.0.0.2"])
    assert reachable_addresses("0.0.0.0", 8010) == (  # noqa: S104
        "http://10.0.0.2:8010/",
        "http://127.0.0.1:8010/",
    )


def test_what_is_no_http_is_not_logged(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """Attackers cannot fill the log, nor write into it what they please."""
    site.say(b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\nHost: a\r\n\r\n")
    site.say(b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n")
    assert caplog.records == []


def test_only_private_addresses_are_named_once_and_in_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Loopback, public and automatic addresses are no way for a phone; a route may be missing."""
    routes = iter(
        ["192.168.1.20", None, "8.8.8.8", "127.0.0.1", "192.168.1.20", "169.254.3.4", "10.0.0.2"]
    )
    monkeypatch.setattr("qjaudio.web.server._PROBES", ("192.0.2.1",) * 7)

    class Socket(socket.socket):
        def connect(self, _address: object) -> None:
            self.route = next(routes)
            if self.route is None:
                raise OSError("Network is unreachable")

        def getsockname(self) -> tuple[str | None, int]:
            return self.route, 9

    monkeypatch.setattr("socket.socket", Socket)
    assert ["192.168.1.20", "10.0.0.2"] == lan_addresses()
