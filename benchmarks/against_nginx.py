"""Ask `qjaudio serve` and nginx the same 100 things, and show where the answers differ.

    python benchmarks/against_nginx.py

Both serve one made-up show on loopback; nginx, which has to be installed, by a plain configuration
of a folder with gzip. Compared are the status, the body and the headers by which players and caches
go on; what differs is explained in docs/explanation/serving.md.
"""

import contextlib
import hashlib
import itertools
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COMPARED = (
    "Content-Type", "Content-Length", "Content-Range", "Content-Encoding", "Last-Modified",
    "Vary", "Allow", "Location",
)  # fmt: skip
AUDIO, FEED, PAGE, COVER = "/2025-05-20.mp3", "/feed.xml", "/index.html", "/2025-05-20.jpg"
RANGES = (
    "bytes=0-99", "bytes=100-", "bytes=-50", "bytes=0-0", "bytes=0-", "bytes=5-2", "bytes=0-1,5-6",
    "bytes=abc", "items=0-5", "bytes= 0-5", "BYTES=0-5", "bytes=9999999-", "bytes=-0",
    "bytes=0-99999999999999999999", "bytes=", "bytes=0-5, -5",
)  # fmt: skip
CONDITIONS = (
    "If-None-Match: *", "If-None-Match: {etag}", "If-None-Match: W/{etag}",
    'If-None-Match: "other", {etag}', 'If-None-Match: "other"', "If-Modified-Since: {date}",
    "If-Modified-Since: Mon, 01 Jan 2001 00:00:00 GMT", "If-Modified-Since: rubbish",
    "If-Modified-Since: Tue, 01 Jan 2097 00:00:00 GMT", "If-Match: {etag}", 'If-Match: "other"',
    "If-Match: *", "If-Unmodified-Since: Mon, 01 Jan 2001 00:00:00 GMT",
    "If-Unmodified-Since: {date}",
)  # fmt: skip
IF_RANGES = ("{etag}", '"other"', "{date}", "Mon, 01 Jan 2001 00:00:00 GMT", "W/{etag}", "rubbish")
CODINGS = ("gzip", "gzip;q=0", "*", "identity", "br, gzip;q=0.5", "gzip;q=0.1, identity")
METHODS = ("HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "FOO")
PATHS = (
    "/", "/2025-05-20", "/2025-05-20/", "/2025-05-20/script.json", "/.published/manifest.json",
    "/nothing.mp3", "//feed.xml", "/feed.xml/", "/feed.xml?x=1", "/FEED.XML", "/%66eed.xml",
    "/%2e%2e/feed.xml", "/../feed.xml", "/a/../feed.xml", "/feed%00.xml", "/feed.xml%0d%0aX:1",
    "/%e6%96%b0.mp3", "/notes.txt", "/.cache/clips/x", "http://localhost/feed.xml",
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """A request, but for the server's own version of the file."""

    method: str = "GET"
    path: str = FEED
    headers: tuple[str, ...] = ()
    protocol: str = "HTTP/1.1"
    hosts: int = 1

    def in_words(self) -> str:
        """One line."""
        return " | ".join((f"{self.method} {self.path}", *self.headers)) + (
            "" if (self.protocol, self.hosts) == ("HTTP/1.1", 1)
            else f" | {self.protocol}, {self.hosts} hosts"
        )  # fmt: skip


def questions() -> list[Question]:
    """The hundred."""
    asked = [Question(path=AUDIO, headers=(f"Range: {one}",)) for one in RANGES]
    asked += [
        Question(path=path, headers=(one,))
        for path, one in itertools.product((AUDIO, FEED), CONDITIONS)
    ]
    asked += [
        Question(path=AUDIO, headers=("Range: bytes=0-9", f"If-Range: {one}")) for one in IF_RANGES
    ]
    asked += [Question(path=FEED, headers=(f"Accept-Encoding: {one}",)) for one in CODINGS]
    asked += [
        Question(path=one, headers=("Accept-Encoding: gzip",)) for one in (AUDIO, PAGE, COVER)
    ]
    asked += [Question(method=one, path=FEED) for one in METHODS]
    asked += [Question(path=path) for path in PATHS]
    asked += [
        Question(path=FEED, headers=("Accept-Encoding: gzip", "Range: bytes=0-9")),
        Question("HEAD", AUDIO, ("Range: bytes=0-9",)),
        Question("HEAD", FEED, ("Accept-Encoding: gzip",)),
        Question(protocol="HTTP/1.0", hosts=0), Question(hosts=0), Question(hosts=2),
        Question(protocol="HTTP/1.0", path=AUDIO, headers=("Range: bytes=0-9",)),
        Question(headers=("X: " + "x" * 6_000,)), Question(headers=("X: " + "x" * 40_000,)),
        Question(headers=("Content-Length: 3",)), Question(headers=("Connection: close",)),
        Question(headers=("Expect: 100-continue",)), Question(path="/" + "x" * 5_000),
        Question(path="/" + "x" * 20_000),
    ]  # fmt: skip
    return asked[:100]


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    def differs(self, other: "Answer") -> Iterator[str]:
        """Where two answers differ; of errors only the status counts."""
        if self.status != other.status:
            yield f"status {self.status} / {other.status}"
        if self.status >= 300 or other.status >= 300:
            return
        for name in COMPARED:
            mine, theirs = self.headers.get(name.lower()), other.headers.get(name.lower())
            if mine != theirs and not (name == "Content-Length" and self._is_gzip()):
                yield f"{name} {mine} / {theirs}"
        if self.body != other.body and not (self._is_gzip() and other._is_gzip()):
            yield f"body {len(self.body)} / {len(other.body)}"

    def _is_gzip(self) -> bool:
        return self.headers.get("content-encoding") == "gzip"


def ask(port: int, question: Question, version: dict[str, str]) -> Answer:
    """Send one request by itself and read what comes until the server closes."""
    lines = [f"{question.method} {question.path} {question.protocol}"]
    lines += [f"Host: localhost:{port}"] * question.hosts
    lines += [line.format(**version) for line in question.headers]
    if not any(line.startswith("Connection") for line in lines):
        lines.append("Connection: close")
    got = b""
    with socket.create_connection(("127.0.0.1", port), 10) as link:
        link.settimeout(5)
        with contextlib.suppress(OSError):
            link.sendall("\r\n".join((*lines, "", "")).encode())
        with contextlib.suppress(OSError):
            while piece := link.recv(65536):
                got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    if head.startswith(b"HTTP/1.1 100"):
        head, _, body = body.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    found = dict(line.split(": ", 1) for line in rest if ": " in line)
    headers = {name.lower(): value for name, value in found.items()}
    if headers.get("transfer-encoding") == "chunked":
        body = b"".join(_unchunked(body))
    words = first.split()
    return Answer(int(words[1]) if len(words) > 1 else 0, headers, body)


def _unchunked(body: bytes) -> Iterator[bytes]:
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size, 16)
        yield body[:length]
        body = body[length + 2 :]


def made_show(out: Path) -> None:
    """Published files, and some that nobody shall get."""
    texts = {
        "feed.xml": "<rss>" + "<item>新闻</item>" * 200 + "</rss>",
        "index.html": "<!doctype html><title>新闻</title>" + "<p>桥通车了。</p>" * 200,
        "2025-05-20.vtt": "WEBVTT\n", "notes.txt": "mine", "2025-05-20/script.json": "{}",
        ".published/manifest.json": "{}", ".cache/clips/x": "x",
    }  # fmt: skip
    for name, text in texts.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text, encoding="utf-8")
    sound = hashlib.sha256(b"sound").digest() * 4_000
    (out / "2025-05-20.mp3").write_bytes(sound)
    (out / "2025-05-20.jpg").write_bytes(b"\xff\xd8\xff" + sound[:9_000])
    for path in out.rglob("*"):  # of a part of a second aiohttp makes the next one, nginx the last
        os.utime(path, (1_747_699_200, 1_747_699_200))


NGINX = """daemon off; pid {root}/pid; error_log {root}/error.log; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  access_log off; gzip on; gzip_vary on; gzip_min_length 100; gzip_http_version 1.0;
  gzip_types application/rss+xml text/vtt text/plain;
  types {{ text/html html; application/rss+xml xml; audio/mpeg mp3; image/jpeg jpg; text/vtt vtt; }}
  client_body_temp_path {root}; proxy_temp_path {root}; fastcgi_temp_path {root};
  uwsgi_temp_path {root}; scgi_temp_path {root};
  charset utf-8; charset_types application/rss+xml;
  server {{ listen 127.0.0.1:{port}; root "{out}"; }}
}}
"""


@contextlib.contextmanager
def serving(out: Path, root: Path) -> Iterator[tuple[int, int]]:
    """The ports of both servers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        theirs = free.getsockname()[1]
    conf = root / "nginx.conf"
    conf.write_text(NGINX.format(root=root, port=theirs, out=out), encoding="utf-8")
    command = [sys.executable, "-m", "qjaudio", "serve", "--port", "0", "--out", str(out)]
    nginx = ["/usr/sbin/nginx", "-e", str(root / "error.log"), "-c", str(conf)]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as mine,
        subprocess.Popen(nginx) as other,
    ):
        try:
            assert mine.stdout is not None
            found = re.search(r":(\d+)/", mine.stdout.readline())
            assert found, "qjaudio serve tells no address"
            time.sleep(1)
            yield int(found[1]), theirs
        finally:
            mine.terminate()
            other.terminate()


def main() -> int:
    """Ask both; print each question whose answers differ."""
    with tempfile.TemporaryDirectory() as folder:
        out, root = Path(folder) / "out", Path(folder) / "nginx"
        out.mkdir()
        root.mkdir()
        Path(folder).chmod(0o755)
        made_show(out)
        with serving(out, root) as ports:
            asked, same = questions(), 0
            for question in asked:
                answers = []
                for port in ports:
                    plain = ask(port, Question("HEAD", question.path), {})
                    version = {
                        "etag": plain.headers.get("etag", '"none"'),
                        "date": plain.headers.get("last-modified", ""),
                    }
                    answers.append(ask(port, question, version))
                differences = list(answers[0].differs(answers[1]))
                same += not differences
                if differences:
                    print(f"{question.in_words()[:100]}: {'; '.join(differences)}")
    print(f"{len(asked)} questions, {same} answered alike (qjaudio / nginx where they differ)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
