"""Two podcast apps of other people, driven without a screen, and the server that they ask."""

import contextlib
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE_S = 120.0


@contextmanager
def served(out: Path, *words: str) -> Iterator[str]:
    """Run `qjaudio serve` on a free port of this machine; yield the feed's address."""
    command = [sys.executable, "-m", "qjaudio", "serve", "--port", "0", "--out", str(out), *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            for line in server.stdout:
                if found := re.search(r"feed\s+(http\S+)", line):
                    yield found[1]
                    return
            raise AssertionError("serve has named no feed")
        finally:
            server.send_signal(signal.SIGINT)
            assert 0 == server.wait(60)


@dataclass(frozen=True)
class GPodder:
    """gPodder's command line with a home of its own."""

    home: Path

    def gpo(self, *words: str) -> str:
        """Run `gpo` with these words; what it printed."""
        environment = {
            **os.environ,
            "GPODDER_HOME": str(self.home / "home"),
            "GPODDER_DOWNLOAD_DIR": str(self.home / "downloads"),
        }
        done = subprocess.run(
            ["gpo", *words], env=environment, capture_output=True, text=True, check=False,
            timeout=PATIENCE_S,
        )  # fmt: skip
        assert 0 == done.returncode, done.stderr[-500:]
        return done.stdout

    def subscribe(self, feed: str) -> None:
        """Subscribe and fetch what the feed has."""
        self.gpo("subscribe", feed)
        self.gpo("update", feed)

    def guids(self, feed: str) -> list[str]:
        """The guids of the episodes that it shows, without the paper's name: the dates."""
        return re.findall(r":(\d{4}-\d{2}-\d{2})\b", self.gpo("episodes", "--guid", feed))

    def download(self, feed: str, guid: str) -> bytes:
        """The one file that it has after this download."""
        self.gpo("download", feed, guid)
        (path,) = (self.home / "downloads").rglob("*.mp3")
        return path.read_bytes()


@dataclass(frozen=True)
class Newsboat:
    """newsboat, which reads feeds, and podboat, which downloads for it."""

    home: Path

    def reload(self, feed: str) -> int:
        """Fetch the feed; how many episodes it found. They are queued for podboat."""
        self._file("urls").write_text(f"{feed}\n")
        self._file("config").write_text(
            f'podcast-auto-enqueue yes\ndownload-path "{self.home}/audio"\n'
            'download-filename-format "%F.mp3"\n'
        )
        self._run("-x", "reload")
        return int(self._run("-x", "print-unread").split()[0])

    def queue(self) -> list[str]:
        """The addresses that wait to be downloaded."""
        lines = (self.home / ".newsboat" / "queue").read_text().splitlines()
        return [line.split()[0] for line in lines if line.strip()]

    def download(self, size: int) -> bytes:
        """Let podboat download the queue in a terminal until a file has `size` bytes."""
        words = ["podboat", "-C", str(self._file("config")), "-a"]
        words += ["-q", str(self.home / ".newsboat" / "queue")]
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            words, stdin=theirs, stdout=theirs, stderr=theirs, env=self._environment()
        ) as podboat:
            os.close(theirs)
            try:
                return self._downloaded(ours, size)
            finally:
                with contextlib.suppress(OSError):
                    os.write(ours, b"q")
                podboat.terminate()
                os.close(ours)

    def _downloaded(self, terminal: int, size: int) -> bytes:
        os.set_blocking(terminal, False)
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                os.read(terminal, 65536)  # a full terminal would stop it
            for path in (self.home / "audio").rglob("*.mp3"):
                if path.stat().st_size == size:
                    return path.read_bytes()
            time.sleep(0.05)
        raise AssertionError(f"podboat has downloaded {list(self.home.rglob('*'))}")

    def _file(self, name: str) -> Path:
        folder = self.home / ".newsboat"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / name

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "HOME": str(self.home), "TERM": "xterm", "LC_ALL": "C.UTF-8"}

    def _run(self, *words: str) -> str:
        files = [("-u", "urls"), ("-c", "cache.db"), ("-C", "config")]
        named = [word for flag, name in files for word in (flag, str(self._file(name)))]
        done = subprocess.run(
            ["newsboat", "-q", *named, *words], env=self._environment(), capture_output=True,
            text=True, check=True, timeout=PATIENCE_S,
        )  # fmt: skip
        return done.stdout
