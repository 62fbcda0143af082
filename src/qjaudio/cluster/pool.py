"""From the word after `--cluster` to workers that may speak: each is examined first."""

import contextlib
import logging
import pkgutil
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from qjaudio import __version__
from qjaudio.cluster import worker
from qjaudio.cluster.worker import Examined, Installation, Site, this_installation
from qjaudio.errors import EngineError, MissingPartError, QjaudioError, UsageError

if TYPE_CHECKING:
    from distributed import Client, Future

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
    """The number of local workers, None for a scheduler's address; UsageError for all else."""
    if address.startswith(LOCAL):
        number = address.removeprefix(LOCAL)
        if number.isascii() and number.isdigit() and 1 <= int(number) <= MOST_LOCAL:
            return int(number)
        raise UsageError(f"--cluster {address} has no number of workers", hint=_WAYS)
    host, colon, port = address.partition("://")[2].rpartition(":")
    if not (address.startswith(_SCHEMES) and host and colon and port.isascii() and port.isdigit()):
        raise UsageError(f"--cluster {address} is not an address of a scheduler", hint=_WAYS)
    return None


@contextlib.contextmanager
def connected(address: str) -> Iterator["Client"]:
    """A client of the scheduler at an address, or of one on this machine with some workers.

    Raises:
        UsageError: it is not an address.
        MissingPartError: the extra is not installed.
        EngineError: nobody answers there.
    """
    local = check_address(address)
    try:
        import distributed
    except ImportError as error:
        reason = "--cluster needs dask.distributed"
        raise MissingPartError(reason, hint="pip install distributed") from error
    _keep_quiet()
    try:
        if local is None:
            _check_port(address)
        cluster: Any = _local_cluster(local) if local else contextlib.nullcontext()
        with cluster as workers:
            client = distributed.Client(workers or address, timeout=CONNECT_S, set_as_default=False)
            try:
                yield client
            finally:
                client.close(timeout=CONNECT_S)
    except (OSError, ValueError) as error:  # a timeout is an OSError
        raise unreachable(address, error) from error


def _keep_quiet() -> None:
    """What matters of Dask's troubles we say in a line; several of its loggers have own levels."""
    for name in ("distributed", *logging.Logger.manager.loggerDict):
        if name.partition(".")[0] in ("distributed", "tornado"):
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _check_port(address: str) -> None:
    """Find a closed door soon, and one behind which nobody speaks: Dask would wait and wait.

    A scheduler speaks first, except behind TLS.
    """
    scheme, _, rest = address.partition("://")
    host, _, port = rest.rpartition(":")
    with _open_port(host.strip("[]"), int(port)) as door:
        if scheme == "tcp" and not door.recv(1):
            raise ConnectionError("what listens there is not a scheduler")


def _open_port(host: str, port: int) -> socket.socket:
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

    with _ignore_interrupts():
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
def _ignore_interrupts() -> Iterator[None]:
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


EXAMINE_S = 60.0
"""A worker that is busy with another run's date is examined when it is done with it."""
_VERSION = "qjaudio:__version__"


class WorkerPool:
    """Who is there, who may work, and why the others may not."""

    def __init__(
        self, client: "Client", sites: Sequence[Site], say: Callable[[str], None], *,
        with_model: bool,
    ) -> None:  # fmt: skip
        self._client, self._sites, self._say = client, sites, say
        self._with_model = with_model
        self._ours = this_installation(with_model=with_model)
        self._pending: dict[str, Future] = {}
        self._approved: set[str] = set()
        self._refused: dict[str, QjaudioError] = {}
        self._assembled = False
        self.alive: frozenset[str] = frozenset()
        self.closed: dict[str, QjaudioError] = {}
        """Why the dates of a site cannot be made, by its run: a worker does not reach it."""

    @property
    def fit(self) -> list[str]:
        """The addresses of the workers that are there and may work."""
        return sorted(self._approved & self.alive)

    def assemble(self) -> None:
        """Wait until the first workers may work, and all that answer have been examined.

        A site that one of them does not reach is `closed` from now on.

        Raises:
            QjaudioError: one of them may not: another version, no model.
            EngineError: there is no worker at all.
        """
        deadline = time.monotonic() + EXAMINE_S
        while True:
            self.look()
            if self._refused:
                raise next(iter(self._refused.values()))
            late = time.monotonic() > deadline
            if self.fit and (late or not self._pending):
                break
            if late:
                raise self._nobody()
            time.sleep(0.1)
        self._assembled = True
        self._say(f"{len(self.fit)} workers: {', '.join(self.fit)}")

    def look(self) -> None:
        """See who has come and who has gone; nobody is waited for."""
        before = self.alive
        self.alive = frozenset(self._client.ncores())
        for address in self.alive - before:
            self._pending[address] = self._ask(address, pkgutil.resolve_name, _VERSION)
        for address in list(self._pending):
            if address not in self.alive:
                self._forget(address)
        for address, future in list(self._pending.items()):
            if future.done():
                answer = _future_result(future)
                self._forget(address)
                self._heard(address, answer)
        for address in sorted(before - self.alive):
            self._approved.discard(address)  # whoever comes back there may be another
            self._say(f"worker {address} is gone")

    def _ask(
        self, address: str, function: Callable[..., Any], *words: Any, **named: Any
    ) -> "Future":
        return self._client.submit(
            function, *words, **named, workers=[address], allow_other_workers=False, pure=False,
            priority=9,
        )  # fmt: skip

    def _forget(self, address: str) -> None:
        self._pending.pop(address).cancel()

    def _heard(self, address: str, answer: Any) -> None:
        """First the version, by a question that any Python understands: a worker that gets one of
        our own types and does not know it breaks down without a word."""
        if answer == __version__:
            self._pending[address] = self._ask(
                address, worker.examine, self._sites, with_model=self._with_model
            )
        elif refusal := self._refusal(address, answer):
            self._refused[address] = refusal
            self._say(f"{refusal}; it gets no date")
        else:
            self._approve(address, answer)

    def _approve(self, address: str, found: Examined) -> None:
        self._approved.add(address)
        theirs, ours = found.installation.versions, self._ours.versions
        others = sorted(name for name in ours if theirs.get(name) != ours[name])
        if others:
            told = ", ".join(f"{name} {theirs.get(name)} (here {ours[name]})" for name in others)
            self._say(f"worker {address} has {told}: its audio may differ in a few bytes")

    def _refusal(self, address: str, answer: Any) -> QjaudioError | None:
        who = f"worker {address}"
        hint = f"install qjaudio {__version__} and distributed there, then start the worker again"
        if isinstance(answer, ImportError | AttributeError):
            return MissingPartError(f"{who} has no qjaudio", hint=hint)
        if isinstance(answer, str):
            return MissingPartError(f"{who} has qjaudio {answer}, this is {__version__}", hint=hint)
        if isinstance(answer, Examined):
            return self._difference(who, answer.installation) or self._way_closed(who, answer)
        if not isinstance(answer, QjaudioError):
            return EngineError(f"{who} cannot work: {answer!r}", hint="see its own log")
        return _worker_error(who, answer)

    def _way_closed(self, who: str, found: Examined) -> QjaudioError | None:
        """A site that nobody has missed before: at the beginning only its own dates suffer."""
        news = {run: _worker_error(who, error) for run, error in found.closed.items()}
        if not self._assembled:
            self.closed |= news
            return None
        return next((error for run, error in news.items() if run not in self.closed), None)

    def _difference(self, who: str, found: Installation) -> MissingPartError | None:
        """Why a worker of the same version would not speak as we do."""
        build, model = self._ours.build, self._ours.model
        if found.build != build:
            return MissingPartError(
                f"{who} has other files of qjaudio {__version__}: {found.build[:12]},"
                f" this is {build[:12]}",
                hint="install the same build on all of them; voices and rules count, too",
            )
        if found.model != model:
            return MissingPartError(
                f"{who} has another offline voice: {found.model[:12]}, this is {model[:12]}",
                hint="install qjaudio there again, with pip --force-reinstall --no-cache-dir",
            )
        return None

    def _nobody(self) -> EngineError:
        if self._pending:
            reason = f"no worker answers, of {len(self._pending)}"
            return EngineError(reason, hint="they are busy or paused: wait, or start more")
        hint = "on each machine: dask worker tcp://SCHEDULER:8786 --nthreads 1"
        return EngineError("the scheduler has no workers", hint=hint)


def _worker_error(who: str, error: QjaudioError) -> QjaudioError:
    """What went wrong on a worker; an error without a kind is none of the caller's."""
    kind = type(error) if error.exit_code > 1 else EngineError
    return kind(f"{who}: {error}", hint=error.hint)


def _future_result(future: "Future") -> Any:
    """The result of a finished future, or its error."""
    if future.status == "finished":
        return future.result(timeout=EXAMINE_S)
    return future.exception(timeout=EXAMINE_S) if future.status == "error" else None
