"""What `qjaudio serve` sends for a feed: bytes with all headers, and core-seconds for a 304."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

POLLS = 1000


def answers(folder: Path, date: str) -> dict[str, Any]:
    """Bytes of each answer, headers included, and what an unchanged feed costs the server."""
    command = [sys.executable, "-m", "qjaudio", "serve", "--port", "0", "--out", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            port = int(server.stdout.readline().rstrip("/\n").rpartition(":")[2])
            return _asked(port, date, server.pid)
        finally:
            server.terminate()


def _asked(port: int, date: str, pid: int) -> dict[str, Any]:
    plain = ask(port, "/feed.xml")
    coded = ask(port, "/feed.xml", "Accept-Encoding: gzip")
    tag = _header(coded, "ETag")
    again = ("Accept-Encoding: gzip", f"If-None-Match: {tag}")
    unchanged = ask(port, "/feed.xml", *again)
    assert unchanged.startswith(b"HTTP/1.1 304")
    audio = ask(port, f"/{date}.mp3", "Range: bytes=0-0")
    before = core_seconds(pid)
    for _ in range(POLLS):
        ask(port, "/feed.xml", *again)
    return {
        "feed_bytes": len(plain),
        "feed_gzip_bytes": len(coded),
        "unchanged_bytes": len(unchanged),
        "feed_cache": _header(coded, "Cache-Control"),
        "audio_cache": _header(audio, "Cache-Control"),
        "unchanged_core_ms": round((core_seconds(pid) - before) / POLLS * 1000, 3),
    }


def ask(port: int, path: str, *headers: str) -> bytes:
    """All bytes of an answer, on a connection of its own."""
    lines = (f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close", *headers)
    with socket.create_connection(("127.0.0.1", port), 30) as client:
        client.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return b"".join(iter(lambda: client.recv(1 << 16), b""))


def core_seconds(pid: int) -> float:
    """User and system time of a process (/proc/PID/stat, fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _header(answer: bytes, name: str) -> str:
    head = answer.partition(b"\r\n\r\n")[0].decode("latin-1")
    found = re.search(rf"(?im)^{name}: *(.*?)\r?$", head)
    assert found, head
    return found[1]
