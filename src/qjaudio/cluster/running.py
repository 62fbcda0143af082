"""All dates of a show over the workers: one each at a time, and again where a worker dies."""

import contextlib
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from qjaudio.cluster import storage, tasks, worker
from qjaudio.cluster.pool import WorkerPool
from qjaudio.cluster.tasks import Done, ShowRun, Task
from qjaudio.errors import EngineError, NotAnIssueError, NotWritableError, QjaudioError
from qjaudio.pipeline import freshness, locking
from qjaudio.pipeline.batch import Outcome

if TYPE_CHECKING:
    from distributed import Client, Future

TICK_S = 1.0
"""How long the caller waits for a date before it looks at the workers again."""
MOST_TRIES = 3
"""A date that has lost so many workers may be what kills them."""
PATIENCE_S = 300.0
"""How long a run waits for workers when all have gone: a scheduler starts them again."""
_NO_MORE = "the rest was not begun"


class LostError(EngineError):
    """Nothing more will come from the scheduler."""


@dataclass(frozen=True, slots=True)
class Job:
    """A date of a show, and where the workers hand it in."""

    show: ShowRun
    date: str
    there: storage.Storage

    @property
    def name(self) -> str:
        """How it is called in what is told."""
        return f"{self.show.name} {self.date}".strip()


@dataclass(slots=True, kw_only=True)
class _Flight:
    """A date that a worker makes, with its lock."""

    job: Job
    lock: contextlib.ExitStack
    inputs: str | None
    task: Task
    began: float
    workers: frozenset[str] = frozenset()
    tries: int = 0


class Run:
    """The dates of one show or of many in one run."""

    def __init__(self, client: "Client", pool: WorkerPool, say: Callable[[str], None]) -> None:
        self._client, self._fleet, self._say = client, pool, say
        self._waiting: deque[Job] = deque()
        self._later: list[Job] = []
        self._flying: dict[Future, _Flight] = {}
        self._seen = time.monotonic()
        self._ended = threading.Event()

    def outcomes(self, jobs: Sequence[Job]) -> Generator[Outcome, None, None]:
        """How each date ended, in the order in which they do. A date that another run is making
        comes again at the end; where the scheduler is lost, the rest has failed."""
        try:
            yield from self._all(jobs)
            again, self._later = self._later, []
            yield from self._all(again, last=True)
        finally:
            for future, flight in self._flying.items():
                with contextlib.suppress(Exception):
                    future.cancel()
                flight.lock.close()

    def _all(self, jobs: Iterable[Job], *, last: bool = False) -> Iterator[Outcome]:
        self._waiting.extend(jobs)
        try:
            while self._waiting or self._flying:
                yield from self._launched(last=last)
                for future in self._landed():
                    yield from self._arrived(future, self._flying.pop(future))
                self._look()
        except LostError as error:
            yield from self._given_up(error)

    def _launched(self, *, last: bool) -> Iterator[Outcome]:
        """As many dates as there are workers; those that need none are told at once."""
        while self._waiting and len(self._flying) < len(self._fleet.fit):
            job = self._waiting.popleft()
            inputs = job.show.inputs(job.date)
            if outcome := job.show.unchanged(job.date, inputs):
                yield outcome
                continue
            try:
                flight = _take_off(job, inputs)
            except locking.BusyError as error:
                if last:
                    yield job.show.failed(error, job.date)
                else:
                    self._later.append(job)
            except QjaudioError as error:
                yield job.show.failed(error, job.date)
            else:
                self._send(flight)

    def _send(self, flight: _Flight) -> None:
        job = flight.job
        flight.workers = frozenset(self._fleet.fit)
        flight.tries += 1
        try:
            with _lost_on_failure():
                future = self._client.submit(
                    worker.make_date,
                    flight.task,
                    key=f"qjaudio-{job.date}-{job.show.run}-{flight.tries}",
                    workers=sorted(flight.workers),
                    allow_other_workers=False,
                    pure=False,
                )
        except LostError:
            flight.lock.close()
            self._waiting.appendleft(job)
            raise
        self._flying[future] = flight
        future.add_done_callback(lambda _: self._ended.set())

    def _landed(self) -> list["Future"]:
        """The dates that have ended, after a moment at most."""
        if self._flying or not self._fleet.fit:
            self._ended.wait(TICK_S)
            self._ended.clear()
        return [one for one in self._flying if one.status != "pending"]

    def _arrived(self, future: "Future", flight: _Flight) -> Iterator[Outcome]:
        if self._client.status != "running":
            self._flying[future] = flight
            raise LostError("the scheduler has gone", hint="start it and the workers again")
        if future.status == "finished":
            done: Done = future.result(timeout=storage.ANSWER_S)
            with flight.lock:
                yield replace(_take_result(done, flight), show=flight.job.show.name)
            return
        if future.status in ("cancelled", "lost") and flight.tries < MOST_TRIES:
            self._say(f"{flight.job.name}: its task was lost; it goes to another worker")
            self._send(flight)
            return
        with flight.lock:
            yield flight.job.show.failed(_why_it_failed(future, flight), flight.job.date)

    def _look(self) -> None:
        """Notice workers that come and go; what waits for those that have gone goes to others.

        Raises:
            LostError: the scheduler has gone, or all workers have, for good.
        """
        if self._client.status != "running":
            raise LostError("the scheduler has gone", hint="start it and the workers again")
        with _lost_on_failure():
            self._fleet.look()
        now = time.monotonic()
        if self._fleet.fit:
            self._seen = now
        elif now - self._seen > PATIENCE_S:
            raise LostError("all workers have gone", hint="start workers, then run this again")
        fit = frozenset(self._fleet.fit)
        for future, flight in list(self._flying.items()):
            if fit and not flight.workers & self._fleet.alive:
                del self._flying[future]
                future.cancel()
                if flight.tries < MOST_TRIES:
                    self._say(f"{flight.job.name}: its worker has gone; it goes to another")
                    self._send(flight)
                else:
                    self._flying[future] = flight
                    raise LostError(f"{flight.tries} times all workers have died")

    def _given_up(self, error: LostError) -> Iterator[Outcome]:
        for flight in self._flying.values():
            flight.lock.close()
            yield flight.job.show.failed(error, flight.job.date)
        self._flying.clear()
        rest = [*self._waiting, *self._later]
        self._waiting.clear()
        self._later.clear()
        for job in rest:
            failure = EngineError(f"{error}: {_NO_MORE}", hint=error.hint)
            yield job.show.failed(failure, job.date)


def _take_off(job: Job, inputs: str | None) -> _Flight:
    """A date with its lock and all that a worker needs to know of it.

    Raises:
        BusyError: another run is making it.
        QjaudioError: its files cannot be read, or the lock cannot be written.
    """
    with contextlib.ExitStack() as lock:
        lock.enter_context(locking.locked(job.show.out, job.date, job.show.now))
        try:
            task = tasks.task_of(job.date, job.show)
        except OSError as error:
            raise NotAnIssueError(
                f"cannot read what {job.date} is made of: {error}", hint="check that file's rights"
            ) from error
        return _Flight(
            job=job, lock=lock.pop_all(), inputs=inputs, task=task, began=time.monotonic()
        )
    raise AssertionError  # the stack lets no error pass


def _take_result(done: Done, flight: _Flight) -> Outcome:
    """The outcome of a date after its files are in their place."""
    show, date = flight.job.show, flight.job.date
    out = show.out
    tasks.append_log(out, date, done.log)
    outcome = replace(done.outcome, seconds=round(time.monotonic() - flight.began, 3))
    try:
        if done.bundle:
            with tempfile.TemporaryDirectory(dir=out.cache, prefix="bundle-") as folder:
                path = Path(folder) / "bundle.zip"
                flight.job.there.fetch(done.bundle, path)
                sent_script = flight.task.stages.get(storage.SCRIPT)
                storage.unpack_bundle(path, out, date, show.config, sent_script)
        if outcome.made and not outcome.exit_code:
            freshness.remember(out, date, flight.inputs)
    except QjaudioError as error:
        return show.failed(error, date)
    except OSError as error:
        return show.failed(
            NotWritableError(f"cannot write in {out.cache}: {error.strerror or error}"), date
        )
    return outcome


def _why_it_failed(future: "Future", flight: _Flight) -> QjaudioError:
    """Why a date has failed without an answer of ours."""
    import distributed

    error = future.exception(timeout=storage.ANSWER_S) if future.status == "error" else None
    if isinstance(error, distributed.scheduler.KilledWorker):
        return EngineError(
            f"every worker that made {flight.job.date} has died",
            hint="look at their logs: is memory or disk full there?",
        )
    if error is None:
        return EngineError(f"its task was lost {flight.tries} times", hint="run this again")
    if isinstance(error, OSError):
        return NotWritableError(f"a worker failed: {error}", hint="is its disk full?")
    return QjaudioError(f"a bug of ours: {type(error).__name__}: {error}", hint="see its log")


@contextlib.contextmanager
def _lost_on_failure() -> Iterator[None]:
    """What the client raises when the scheduler does not answer becomes ours."""
    try:
        yield
    except TimeoutError:
        raise
    except (OSError, RuntimeError) as error:
        raise LostError(
            f"the scheduler does not answer: {error}", hint="is it still running?"
        ) from error
