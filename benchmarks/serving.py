"""Measure what attacks on `qjaudio serve` cost honest clients.

    python benchmarks/serving.py [--json FILE]

Starts the real command on a free loopback port with a made-up show, measures the median time of
an honest client's feed and 64 kB of audio with nobody else there and then under each attack, and
reads the server's memory and open files from /proc (Linux). Needs some 2,500 open files.
"""

import asyncio
import http.client
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path

import results

REQUESTS = 100
SLOW = 500
PHONES = 200
AUDIO_BYTES = 30_000_000
PART_BYTES = 2_000_000


def main() -> None:
    """Print one line for each attack."""
    wish = results.options(__doc__).parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        (out / "2025-05-20.mp3").write_bytes(bytes(range(250)) * (AUDIO_BYTES // 250))
        (out / "feed.xml").write_text("<rss>" + "<item>新闻</item>" * 10_000 + "</rss>", "utf-8")
        command = [sys.executable, "-m", "qjaudio", "serve", "--port", "0", "--out", folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            port = int(server.stdout.readline().rstrip("/\n").rpartition(":")[2])
            try:
                found = asyncio.run(measure(port, server.pid))
            finally:
                server.terminate()
    results.save(wish.json, found)


async def measure(port: int, pid: int) -> list[results.Figure]:
    """The quiet median first, then each attack, then the phones."""
    await asyncio.to_thread(honest, port)  # warms up
    quiet = await asyncio.to_thread(honest, port)
    base = handles(pid)
    print(f"{'quiet':28} {report(quiet)}  {memory(pid)} MB  {base} files")
    found = [honest_figure("alone", quiet)]
    attacks: dict[str, Callable[[int], AsyncIterator[None]]] = {
        f"{SLOW} slow headers": lambda p: slow(p, b"GET / HTTP/1.1\r\nHost: a\r\n"),
        f"{SLOW} slow readers": lambda p: slow(
            p, b"GET /2025-05-20.mp3 HTTP/1.1\r\nHost: a\r\n\r\n"
        ),
        "4 floods of headers": lambda p: flood(
            p, b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: 1\r\n" * 99
        ),
        "4 floods of range attacks": lambda p: flood(
            p, b"GET /2025-05-20.mp3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nRange: bytes="
            + b"0-," * 1300 + b"\r\n\r\n"
        ),
    }  # fmt: skip
    for name, attack in attacks.items():
        async with asynccontextmanager(attack)(port):
            await asyncio.sleep(0.5)
            times = await asyncio.to_thread(honest, port)
            ratio = statistics.median(times) / statistics.median(quiet)
            state = f"{memory(pid)} MB  {handles(pid)} files"
            print(f"{name:28} {report(times)}  {state}  {ratio:.1f} x quiet", flush=True)
            found.append(honest_figure(f"beside {name}", times, quiet))
    found += await downloads(port, pid)
    for _ in range(100):
        if handles(pid) <= base:
            break
        await asyncio.sleep(0.3)
    print(f"afterwards {memory(pid)} MB, {handles(pid)} files (at the start {base})")
    return found


def honest_figure(when: str, seconds: list[float], quiet: Sequence[float] = ()) -> results.Figure:
    """An honest client's times as a figure, perhaps against those of a quiet server."""
    return results.Figure(
        what=f"feed and 64 kB of audio served {when}",
        unit="ms",
        values=tuple(1000 * each for each in seconds),
        peers={"a quiet server": tuple(1000 * each for each in quiet)} if quiet else {},
    )


async def downloads(port: int, pid: int) -> list[results.Figure]:
    """All phones at once: how many downloads come whole, and what memory they leave behind."""
    before = memory(pid)
    started = time.perf_counter()
    received = await asyncio.gather(*(phone(port, n) for n in range(PHONES)))
    seconds = time.perf_counter() - started
    whole = sum(size == PART_BYTES for size in received)
    print(
        f"{PHONES} ranged downloads at once: {whole} whole in {seconds:.1f} s, "
        f"{sum(received) / seconds / 1e6:.0f} MB/s, memory {before} -> {memory(pid)} MB"
    )
    title = f"{PHONES} downloads of ranges at once"
    return [
        results.Figure(what=f"{title}: whole", unit=f"of {PHONES}", values=(whole,)),
        results.Figure(
            what=f"{title}: growth of memory", unit="MiB", values=(memory(pid) - before,)
        ),
    ]


def honest(port: int) -> list[float]:
    """Seconds that a client needed for feed and a part of the audio, each time anew."""
    times = []
    for number in range(REQUESTS):
        started = time.perf_counter()
        for path, headers in (
            ("/feed.xml", {"Accept-Encoding": "gzip"}),
            ("/2025-05-20.mp3", {"Range": f"bytes={number * 1000}-{number * 1000 + 65535}"}),
        ):
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
                connection.request("GET", path, headers=headers)
                response = connection.getresponse()
                assert response.status in (200, 206)
                assert response.read()
        times.append(time.perf_counter() - started)
    return times


async def slow(port: int, beginning: bytes) -> AsyncIterator[None]:
    """Many clients that say this and then wait, reading nothing."""
    opened = [await asyncio.open_connection("127.0.0.1", port, limit=4096) for _ in range(SLOW)]
    for _, writer in opened:
        writer.write(beginning)
    yield
    for _, writer in opened:
        writer.transport.abort()


async def flood(port: int, beginning: bytes) -> AsyncIterator[None]:
    """Four clients that say this again and again, as fast as they can, from threads of their own.

    Each new connection says it once and reads what comes, at most 100 kB of it.
    """
    stop = threading.Event()

    def rush() -> None:
        while not stop.is_set():
            with socket.socket() as connection:
                connection.settimeout(1)
                try:
                    connection.connect(("127.0.0.1", port))
                    connection.sendall(beginning)
                    connection.sendall(b"Y: 2\r\n" * 2000)
                    for _ in range(10):
                        if not connection.recv(10_000):
                            break
                except OSError:
                    continue

    threads = [threading.Thread(target=rush) for _ in range(4)]
    for thread in threads:
        thread.start()
    yield
    stop.set()
    for thread in threads:
        await asyncio.to_thread(thread.join)


async def phone(port: int, number: int) -> int:
    """Bytes of one ranged download."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    start = number * 100_000
    writer.write(
        f"GET /2025-05-20.mp3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
        f"Range: bytes={start}-{start + PART_BYTES - 1}\r\n\r\n".encode()
    )
    head = await reader.readuntil(b"\r\n\r\n")
    assert b" 206 " in head
    size = 0
    while part := await reader.read(65536):
        size += len(part)
    writer.close()
    return size


def report(times: list[float]) -> str:
    """Median and 95th percentile in milliseconds."""
    ordered = sorted(times)
    late = ordered[int(len(ordered) * 0.95)]
    return f"median {statistics.median(times) * 1e3:6.1f} ms  p95 {late * 1e3:6.1f} ms"


def memory(pid: int) -> int:
    """Resident memory of a process in MB."""
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) // 1024


def handles(pid: int) -> int:
    """Open files and connections of a process."""
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


if __name__ == "__main__":
    main()
