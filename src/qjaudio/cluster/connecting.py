"""From the word after `--cluster` to a client of Dask."""

import contextlib
import logging
import signal
import socket
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from qjaudio.errors import EngineError, MissingPartError, UsageError

if TYPE_CHECKING:
    from distributed import Client

LOCAL = "local:"
MOST_LOCAL = 256
CONNECT_S = 10
"""A scheduler on the same network answers in milliseconds."""
START_S = 8.0
"""A door that is closed may open: whoever pastes the four lines of the guide starts the scheduler
a moment before us."""
_SCHEMES = ("tcp://", "tls://")
_WAYS = "write --cluster tcp://scheduler:8786, or local:4 for four processes here"


def check_address(address: str) -> int | None:
    """The number of local workers; None for the address of a scheduler.

    Raises:
        UsageError: it is neither.
    """
    if address.startswith(LOCAL):
        number = address.removeprefix(LOCAL)
        if number.isascii() and number.isdigit() and 1 <= int(number) <= MOST_LOCAL:
            return int(number)
        raise UsageError(f"--cluster {address} has no number of workers", hint=_WAYS)
    host, colon, port = address.partition("://")[2].rpartition(":")
    if not (address.startswith(_SCHEMES) and host and colon and port.isascii() and port.isdigit()):
        raise UsageError(f"--cluster {address} is no address of a scheduler", hint=_WAYS)
    return None


@contextlib.contextmanager
def connected(address: str) -> Iterator["Client"]:
    """A client of the scheduler at an address, or of one on this machine with some workers.

    Raises:
        UsageError: it is no address.
        MissingPartError: the extra is not installed.
        EngineError: nobody answers there.
    """
    local = check_address(address)
    try:
        import distributed
    except ImportError as error:
        raise MissingPartError(
            "--cluster needs dask.distributed", hint='pip install "qjaudio[cluster]"'
        ) from error
    # What matters of its troubles we say ourselves, in a line; its traces are for its own logs.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        if local is None:
            _knock(address)
        cluster: Any = _local_cluster(local) if local else contextlib.nullcontext()
        with cluster as workers:
            client = distributed.Client(workers or address, timeout=CONNECT_S, set_as_default=False)
            try:
                yield client
            finally:
                client.close(timeout=CONNECT_S)
    except (OSError, ValueError) as error:  # a timeout is an OSError
        raise unreachable(address, error) from error


def _knock(address: str) -> None:
    """Find a closed door soon, and one behind which nobody speaks: Dask would wait and wait.

    A scheduler speaks first, except behind TLS.
    """
    scheme, _, rest = address.partition("://")
    host, _, port = rest.rpartition(":")
    with _door(host.strip("[]"), int(port)) as door:
        if scheme == "tcp" and not door.recv(1):
            raise ConnectionError("whoever listens there is no scheduler")


def _door(host: str, port: int) -> socket.socket:
    deadline = time.monotonic() + START_S
    while True:
        try:
            return socket.create_connection((host, port), CONNECT_S)
        except ConnectionRefusedError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.2)


def _local_cluster(workers: int) -> Any:
    import distributed

    with _deaf_to_interrupts():
        return distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            memory_limit=0,  # a date needs less than a gigabyte; Dask would kill for its share
            silence_logs=logging.CRITICAL,
        )


@contextlib.contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Processes that begin here do not hear Ctrl-C: it is for the caller, who ends them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, former)


def unreachable(address: str, error: object = "") -> EngineError:
    """What to say when the scheduler does not answer, or no longer."""
    reason = str(error).partition("\n")[0] or type(error).__name__
    return EngineError(
        f"no Dask scheduler answers at {address}: {reason}",
        hint="is `dask scheduler` running there, and may this machine reach its port?",
    )
