"""A scheduler of Dask and workers on loopback addresses of their own, each a real process."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ports import free_port

REPO = Path(__file__).parents[1]
SAMPLE = REPO / "issues" / "2025-05-20"
CONTENTS = ("*.mp3", "*.vtt", "*.srt", "*.json", "*.jpg", "*.html", "*.xml", "20*/*.*")
"""What a listener gets, and the stage files."""


@dataclass
class Machines:
    """The running cluster."""

    address: str
    folder: Path
    environ: dict[str, str]
    workers: "dict[str, subprocess.Popen[bytes]]"
    scheduler: "subprocess.Popen[bytes]"

    def start_worker(self, host: str) -> None:
        """A worker on its own address, as the documentation starts it."""
        local = self.folder / f"worker-{host}"
        words = ["worker", self.address, "--nthreads", "1", "--host", host, "--no-nanny"]
        words += ["--no-dashboard", "--local-directory", str(local), "--memory-limit", "0"]
        self.workers[host] = _start(words, self.folder / f"{host}.log", self.environ)


@contextlib.contextmanager
def machines(folder: Path, *hosts: str, environ: Mapping[str, str] = {}) -> Iterator[Machines]:
    """Start a scheduler and a worker on each address; all are gone at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    around = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), **environ}
    words = ["scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    scheduler = _start(words, folder / "scheduler.log", around)
    one = Machines(f"tcp://127.0.0.1:{port}", folder, around, {}, scheduler)
    try:
        _wait(port, scheduler, folder / "scheduler.log")
        for host in hosts:
            one.start_worker(host)
        yield one
    finally:
        for running in (*one.workers.values(), scheduler):
            running.kill()
            running.wait()


def _start(words: list[str], log: Path, environ: dict[str, str]) -> "subprocess.Popen[bytes]":
    with log.open("wb") as file:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *words], stdout=file, stderr=file, env=environ,
            cwd=log.parent,
        )  # fmt: skip


def _wait(port: int, running: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(900):
        if running.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise RuntimeError(f"the scheduler did not start: {log.read_text()}")


def issues(folder: Path, dates: list[str]) -> Path:
    """The sample issue under each date, which its masthead names."""
    for date in dates:
        year, month, day = (int(part) for part in date.split("-"))
        shutil.copytree(SAMPLE, folder / date)
        page = folder / date / "page1.md"
        text = page.read_text(encoding="utf-8")
        page.write_text(
            text.replace("2025年5月20日", f"{year}年{month}月{day}日"), encoding="utf-8"
        )
    return folder


def published(out: Path) -> dict[str, bytes]:
    """Every file of the episodes, the feed and the pages, by name; logs tell of machines."""
    found = (path for pattern in CONTENTS for path in out.glob(pattern))
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in found
        if path.is_file() and path.name not in ("run.log", ".show.json")
    }
