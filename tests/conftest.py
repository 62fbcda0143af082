"""What holds for every test: no network beyond this machine, no sound encoded twice."""

import dataclasses
import functools
import hashlib
import os
import pickle
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from filelock import FileLock

os.environ["QJAUDIO_LANG"] = "en"  # whatever the language of this machine is
_PROXIES = ("http_proxy", "https_proxy", "ws_proxy", "wss_proxy", "all_proxy")


NIGHTLY = "QJAUDIO_NIGHTLY"
os.environ.setdefault("QJAUDIO_VERIFY", "false")  # the recogniser is installed here
MOST_S = 300
"""No test takes more than half a minute on two quiet cores."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests that are marked `nightly` to the runs that ask for them."""
    if os.environ.get(NIGHTLY, "0") not in ("", "0"):
        return
    later = [item for item in items if item.get_closest_marker("nightly")]
    if later:
        config.hook.pytest_deselected(items=later)
        items[:] = [item for item in items if item not in later]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """End a test that hangs, and say where it did."""

    def hangs(*_: object) -> None:
        pytest.fail(f"{item.nodeid} has not ended after {MOST_S} s")

    if not hasattr(signal, "setitimer"):  # Windows
        return (yield)
    former = signal.signal(signal.SIGALRM, hangs)
    signal.setitimer(signal.ITIMER_REAL, MOST_S)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


class NetworkUsedError(RuntimeError):
    """A test reached for the network; no OSError, so that no code takes it for a dead network."""


def _is_loopback(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    return name in (None, "", "localhost", "::1") or (
        isinstance(name, str) and name.startswith("127.")
    )


def _guarded(original: Callable[..., Any], host_of: Callable[..., object]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        host = host_of(*args)
        if not _is_loopback(host):
            raise NetworkUsedError(f"a test reached for the network: {host!r}")
        return original(*args, **kwargs)

    return call


def _host_of_address(_: socket.socket, *args: Any) -> object:
    """The host of the last argument; a Unix socket's path and a netlink number are no host."""
    address = args[-1]
    return (
        address[0] if isinstance(address, tuple) and isinstance(address[0], str | bytes) else None
    )


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Refuse every connection, datagram and name look-up beyond loopback; forget proxies."""
    with pytest.MonkeyPatch.context() as patch:
        for method in ("connect", "connect_ex", "sendto"):
            guarded = _guarded(getattr(socket.socket, method), _host_of_address)
            patch.setattr(socket.socket, method, guarded)
        for function in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
            guarded = _guarded(getattr(socket, function), lambda host, *_: host)
            patch.setattr(socket, function, guarded)
        for name in _PROXIES:
            patch.delenv(name, raising=False)
            patch.delenv(name.upper(), raising=False)
        yield


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """One folder for all workers of this session."""
    base = factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(autouse=True, scope="session")
def encoded_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Run ffmpeg once for the same bytes and words, for all tests and workers.

    Most of the time of `make` is ffmpeg's. `encoded_anew` is for those that test the encoding.
    """
    from qjaudio import machine
    from qjaudio.episode import mix

    run = machine.run_ffmpeg
    kept = shared_folder(tmp_path_factory) / "encoded"
    kept.mkdir(exist_ok=True)

    @functools.wraps(run)
    def run_once(arguments: list[str], output: IO[bytes] | None = None) -> str:
        source = Path(arguments[arguments.index("-i") + 1] if "-i" in arguments else "")
        if output or not source.is_file() or arguments[-2:] == ["-i", str(source)]:
            return run(arguments, output)
        *words, target = arguments
        with source.open("rb") as file:
            key = hashlib.file_digest(file, "blake2b")
        key.update("\n".join(word for word in words if word != str(source)).encode())
        name = kept / key.hexdigest()[:40]
        made, report = name.with_suffix(".made"), name.with_suffix(".txt")
        with FileLock(f"{name}.lock"):
            if not report.exists():
                told = run([*words, "-" if target == "-" else str(made)])
                report.write_text(told, "utf-8")
        if target != "-":
            shutil.copyfile(made, target)
        return report.read_text("utf-8")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(machine, "run_ffmpeg", run_once)
        patch.setattr(mix, "run_ffmpeg", run_once)
        yield


@pytest.fixture(autouse=True, scope="session")
def drawn_once() -> Iterator[None]:
    """Draw each cover and icon once in a process: a show's pictures take a quarter of a second."""
    from qjaudio.pipeline import publishing

    with pytest.MonkeyPatch.context() as patch:
        for place, name in (
            (publishing, "draw_cover"), (publishing, "draw_show_cover"),
            (publishing, "small_cover"), (publishing.pages, "icon"),
        ):  # fmt: skip
            patch.setattr(place, name, functools.lru_cache(32)(getattr(place, name)))
        yield


@pytest.fixture(autouse=True, scope="session")
def read_here() -> Iterator[Callable[..., Any]]:
    """Read PDFs and scans in the process of the test: another takes a third of a second to start.

    `read_apart` is for those that test the other.
    """
    from qjaudio.sources import apart

    with pytest.MonkeyPatch.context() as patch:
        original = apart.read_apart
        patch.setattr(apart, "read_apart", apart.read_here)
        yield original


@pytest.fixture
def read_apart(monkeypatch: pytest.MonkeyPatch, read_here: Callable[..., Any]) -> None:
    """Let this test read PDFs and scans as the program does."""
    from qjaudio.sources import apart

    monkeypatch.setattr(apart, "read_apart", read_here)


@pytest.fixture(scope="session")
def scanned_once(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[], AbstractContextManager[None]]:
    """In it the same scan is read once for all tests and workers: OCR takes 20 s a page."""
    from qjaudio.sources import scan

    read = scan.read_image
    kept = shared_folder(tmp_path_factory) / "scanned"
    kept.mkdir(exist_ok=True)

    def read_once(image: Any, number: int, source: str) -> Any:
        name = kept / hashlib.blake2b(image.tobytes(), digest_size=16).hexdigest()
        with FileLock(f"{name}.lock"):
            if not name.exists():
                page = read(image, number, source)
                name.with_suffix(".new").write_bytes(pickle.dumps(page))
                name.with_suffix(".new").replace(name)
        page = pickle.loads(name.read_bytes())  # noqa: S301 - our own bytes
        return dataclasses.replace(page, number=number, source=source)

    @contextmanager
    def keeping() -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(scan, "read_image", read_once)
            yield

    return keeping


@pytest.fixture
def encoded_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this test run ffmpeg whatever other tests have encoded."""
    from qjaudio import machine
    from qjaudio.episode import mix

    run = machine.run_ffmpeg.__wrapped__  # type: ignore[attr-defined]
    monkeypatch.setattr(machine, "run_ffmpeg", run)
    monkeypatch.setattr(mix, "run_ffmpeg", run)
