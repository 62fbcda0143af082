"""What a run tells: progress for whoever watches, and `out/DATE/run.log` for a maintainer."""

import contextlib
import datetime
import itertools
import logging
import os
import platform
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, Protocol

from qjaudio import __version__, log, store
from qjaudio.config import Config
from qjaudio.episode.model import Episode
from qjaudio.errors import (
    NotAnIssueError,
    NotWritableError,
    QjaudioError,
    UsageError,
    of_the_system,
)
from qjaudio.language import translated
from qjaudio.machine import cores
from qjaudio.store import OutFolder


class Progress(Protocol):
    """Somebody who shows what is happening; a subclass that adds nothing shows nothing."""

    def say(self, text: str) -> None:
        """Tell one thing."""

    @contextmanager
    def step(self, text: str, total: int) -> Iterator[Callable[[], None]]:  # noqa: ARG002
        """Begin a long step of `total` parts; the value that it yields is called after each."""
        yield lambda: None


class Quiet(Progress):
    """Shows nothing."""

    def say(self, text: str) -> None:
        """Tell nobody."""


NAME = "run.log"
MOST_RUNS = 10
MOST_BYTES = 1_000_000
"""What the log of an episode may hold; older runs go first."""
_RUN_BYTES = 400_000
"""What one run may write: two such runs and the file stays under its limit."""
_MOST_FILES = 200
"""So many pages of an issue are named."""
_HEAD = "=== "
"""Begins the line before each run; no event begins so."""
_log = logging.getLogger(__name__)


class Remarks(Quiet):
    """Shows no steps, and gives what is told to somebody."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        """Take who is told."""
        self._tell = tell

    def say(self, text: str) -> None:
        """Tell one thing."""
        self._tell(text)


class RunLog(logging.Handler):
    """The log of one run: kept in memory until `open`, then written line by line.

    A run that finds nothing to do is never opened, so that it leaves no trace. From the opening on
    each line is on the disk when it is written: a killed run leaves its log. A log that cannot be
    written is given up in silence, for the run is more important.
    """

    def __init__(self, path: Path, secrets: tuple[str, ...] = ()) -> None:
        """Log into the file at `path`; no line will hold one of the `secrets`."""
        super().__init__()
        self.setFormatter(log.EventFormatter(secrets))
        self._path = path
        self._waiting: list[str] = []
        self._file: IO[str] | None = None
        self._left = _RUN_BYTES

    def emit(self, record: logging.LogRecord) -> None:
        """Take one event."""
        try:
            self._write(self.format(record))
        except (OSError, ValueError):
            self._left = 0

    def open(self) -> None:
        """Begin to write; older runs are dropped where the file would grow too large."""
        with self.lock or contextlib.nullcontext():
            if self._file or not self._left:
                return
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                shorten_log(self._path)
                self._file = open(  # noqa: SIM115 - kept open; Path.open has no opener
                    self._path, "a", encoding="utf-8", errors="backslashreplace",
                    opener=store.only_file,
                )  # fmt: skip
                self._file.write("".join(self._waiting))
                self._file.flush()
            except (OSError, NotWritableError):
                self._left = 0
            self._waiting.clear()

    def close(self) -> None:
        """End the log of this run."""
        super().close()
        if self._file:
            with contextlib.suppress(OSError):
                self._file.close()

    def begin(self, now: datetime.datetime) -> None:
        """Write the line that separates this run from the one before."""
        when = now.astimezone().isoformat(timespec="seconds")
        self._write(f"{_HEAD}{when} qjaudio {__version__}")

    def _write(self, line: str) -> None:
        if self._left <= 0:
            return
        self._left -= len(line.encode("utf-8", "backslashreplace")) + 1
        if self._left <= 0:
            line = "… this run had more to tell than the log may hold"
        if self._file is None:
            self._waiting.append(f"{line}\n")
            return
        self._file.write(f"{line}\n")
        self._file.flush()


def shorten_log(path: Path) -> None:
    """Leave room for one more run: nine older ones and so many bytes at most; NotWritableError."""
    try:
        text = store.bytes_of(path).decode("utf-8", "replace")
    except OSError:
        return
    head, *runs = f"\n{text}".split(f"\n{_HEAD}")
    kept = runs[-(MOST_RUNS - 1) :]
    while kept and sum(len(run.encode()) for run in kept) > MOST_BYTES - _RUN_BYTES:
        kept.pop(0)
    if head or len(kept) < len(runs):
        whole = "".join(f"{_HEAD}{run.rstrip()}\n" for run in kept)
        store.write_text(path, whole)


@contextlib.contextmanager
def logged(
    out: OutFolder,
    date: str,
    config: Config,
    now: datetime.datetime,
    words: list[str],
    *,
    dry_run: bool = False,
) -> Iterator[RunLog]:
    """Log everything of a run that makes the episode of `date`, however it ends.

    `words` are the command's. A failure opens the log; so does whoever begins to work. Where there
    is not an issue to make an episode of, or in a dry run, out/ stays as it is: stderr says all.
    """
    run = RunLog(out.stage(date, NAME), log.secrets_of(config))
    log.listen(run)
    began = time.monotonic()
    try:
        run.begin(now)
        _log_start(config, words)
        yield run
        _log.info("end", extra={"facts": {"exit": 0, "seconds": time.monotonic() - began}})
    except BaseException as error:
        _log_failure(error, time.monotonic() - began)
        if not (dry_run or isinstance(error, UsageError | NotAnIssueError)):
            run.open()
        raise
    finally:
        log.unlisten(run)
        run.close()


def _log_start(config: Config, words: list[str]) -> None:
    machine = {
        "version": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cores": cores(),
        "pid": os.getpid(),
        "folder": Path.cwd(),
        "program": sys.executable,
        "command": " ".join(words),
    }
    _log.info("start", extra={"facts": machine})
    _log.info("parts", extra={"facts": _part_versions(config)})
    _log.info("settings", extra={"facts": log.settings_of(config)})


def _part_versions(config: Config) -> dict[str, object]:
    """The versions of what breaks most often when it changes, and the room on the disk."""
    facts: dict[str, object] = {}
    for package in ("edge-tts", "onnxruntime", "imageio-ffmpeg"):
        try:
            facts[package] = version(package)
        except PackageNotFoundError:
            facts[package] = "missing"
    out = config.out_folder.absolute()
    with contextlib.suppress(OSError):
        there = next(path for path in (out, *out.parents) if path.exists())
        facts["free_gb"] = shutil.disk_usage(there).free / 1e9
    return facts


def _log_failure(error: BaseException, seconds: float) -> None:
    kind = type(error).__name__
    if isinstance(error, QjaudioError):
        facts: dict[str, object] = {"exit": error.exit_code, "kind": kind, "reason": str(error)}
        _log.error("failed", extra={"facts": {**facts, "hint": error.hint, "seconds": seconds}})
    elif isinstance(error, Exception):
        known = of_the_system(error)
        code = known.exit_code if known else QjaudioError.exit_code
        facts = {"exit": code, "kind": kind, "reason": str(error), "seconds": seconds}
        _log.error("failed" if known else "bug", extra={"facts": facts}, exc_info=error)
    else:
        _log.error("stopped", extra={"facts": {"exit": 130, "kind": kind, "seconds": seconds}})


class Logged:
    """Shows what is happening as `progress` does, and logs it with its timings."""

    def __init__(self, progress: Progress, run: RunLog) -> None:
        """Wrap `progress`; the first long step opens the log of the run."""
        self._progress = progress
        self._run = run

    def say(self, text: str) -> None:
        """Tell one thing."""
        _log.info("told", extra={"facts": {"text": translated(text)}})
        self._progress.say(text)

    @contextlib.contextmanager
    def step(self, text: str, total: int) -> Iterator[Callable[[], None]]:
        """Begin a long step; its end tells how much of it was done, and how long it took."""
        self._run.open()
        began, done = time.monotonic(), itertools.count()
        _log.info("begin", extra={"facts": {"stage": text, "parts": total}})
        try:
            with self._progress.step(text, total) as show:

                def one_more() -> None:
                    next(done)
                    show()

                yield one_more
        finally:
            facts = {"stage": text, "done": next(done), "parts": total}
            _log.info("stage", extra={"facts": {**facts, "seconds": time.monotonic() - began}})


def log_episode(episode: Episode, facts: dict[str, object]) -> None:
    """Log what has come out."""
    whole = {
        **facts,
        "engine": episode.engine,
        "offline": episode.offline,
        "cues": len(episode.cues),
        "duration_s": episode.duration_ms / 1000,
        "bytes": episode.audio_bytes,
    }
    _log.info("made", extra={"facts": whole})


@contextlib.contextmanager
def stage(name: str) -> Iterator[None]:
    """Log how long a short step took."""
    began = time.monotonic()
    try:
        yield
    finally:
        facts = {"stage": name, "seconds": time.monotonic() - began}
        _log.info("stage", extra={"facts": facts})


def log_input(location: str) -> None:
    """Log where the pages are, and each file with its size and sha256."""
    if not _log.isEnabledFor(logging.INFO):
        return
    _log.info("input", extra={"facts": {"location": location}})
    path = Path(location)
    try:
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        files = [file for file in files if file.is_file()]
    except (OSError, ValueError):
        return
    for file in files[:_MOST_FILES]:
        facts: dict[str, object] = {"path": file}
        try:
            facts["sha256"] = store.sha256_of(file)
            facts["bytes"] = file.stat().st_size
        except OSError as error:
            facts["error"] = error.strerror
        _log.info("file", extra={"facts": facts})
