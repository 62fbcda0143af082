"""The caller's side in one object: dates go in, outcomes come out, each feed is written once."""

import contextlib
import datetime
import tempfile
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from qjaudio import store
from qjaudio.cluster import pool, storage, worker
from qjaudio.cluster.pool import WorkerPool
from qjaudio.cluster.worker import Done, ShowRun, Site, Task
from qjaudio.config import Config
from qjaudio.errors import (
    EngineError,
    NoPaperError,
    NotAnIssueError,
    QjaudioError,
    of_the_system,
    way_out,
)
from qjaudio.pipeline import batch, catalogue, freshness, locking, publishing
from qjaudio.pipeline.batch import Outcome
from qjaudio.pipeline.making import DRAFT, Order, note_if_drafted
from qjaudio.targets.model import Place

if TYPE_CHECKING:
    from distributed import Client, Future


class FeedWriters:
    """Counts the dates of each show; what cannot be written becomes an outcome without a date."""

    def __init__(
        self,
        settings: Mapping[str, Config],
        writer: Callable[[Config], Callable[[], None]] = batch.feed_writer,
    ) -> None:
        """Take the settings of the shows by their names."""
        self._unwritten = {name: writer(config) for name, config in settings.items()}
        self._left: Counter[str] = Counter()
        self._fresh: set[str] = set()

    def expect(self, show: str, dates: int) -> Iterator[Outcome]:
        """Wait for so many dates of a show; where there is none, its feed is written now."""
        self._left[show] = dates
        if not dates:
            yield from self._write_feed(show)

    def after(self, outcome: Outcome) -> Iterator[Outcome]:
        """Pass an outcome on and count it; after the last one of its show the feed is written.

        Whoever takes it may be stopped by Ctrl-C while he does: it is noted before.
        """
        if outcome.fresh:
            self._fresh.add(outcome.show)
        yield outcome
        if outcome.date:
            self._left[outcome.show] -= 1
            if not self._left[outcome.show]:
                yield from self._write_feed(outcome.show)

    def close(self, *, ended: bool) -> list[Outcome]:
        """Write those that are left; of a run that was stopped only those with a new episode."""
        names = [name for name in self._unwritten if ended or name in self._fresh]
        return [failure for name in names for failure in self._write_feed(name)]

    def _write_feed(self, show: str) -> Iterator[Outcome]:
        write = self._unwritten.pop(show, None)
        failure = batch.attempt(write) if write else None
        if failure:
            yield replace(failure, show=show)


class Cluster(contextlib.ExitStack):
    """The workers behind an address; it connects at the first date and lets go at the end."""

    def __init__(self, address: str, say: Callable[[str], None]) -> None:
        """Take the word after `--cluster`; UsageError where it is neither address nor `local:N`."""
        super().__init__()
        pool.check_address(address)
        self._address, self._say = address, say
        self._client: Client | None = None

    def dates_of(
        self, words: Sequence[str], config: Config, since: str | None, missing: bool,
        now: datetime.datetime,
    ) -> tuple[str, ...]:  # fmt: skip
        """As `batch.dates_of`; the issues may lie in a remote place, too."""
        place = worker.remote_issues(config)
        if place is None:
            return batch.dates_of(words, config, since, missing, now)
        if place.kind == "folder":
            return batch.dates_of(words, replace(config, issues=place.path), since, missing, now)
        with tempfile.TemporaryDirectory() as folder:
            with storage.open_source(place, self._say) as target:
                worker.list_issues(target, words, since, now, Path(folder))
            try:
                there = replace(config, issues=folder)
                return batch.dates_of(words, there, since, missing, now)
            except NoPaperError as error:
                reason = str(error).replace(folder, place.label)
                raise NoPaperError(reason, hint=error.hint) from error

    def make(
        self, wanted: Sequence[batch.Wanted], order: Order, now: datetime.datetime
    ) -> Generator[Outcome, None, None]:
        """Make each date on a worker and yield how it ended, in the order in which they end.

        The feed of each show is written once, after the last of its dates, also when the caller is
        stopped. A show that nobody can make stops no other; the error of one alone is raised.

        Raises:
            EngineError: the scheduler or the storage does not answer, or there is no worker.
            QjaudioError: a worker is not fit, or does not reach storage or pages.
        """
        alone = [one.show for one in wanted] == [""]
        feeds = FeedWriters({one.show: one.config for one in wanted})
        failures: list[Outcome] = []
        ended = False
        try:
            for one in wanted:
                yield from feeds.expect(one.show, len(one.dates))
            with contextlib.closing(self._outcomes(wanted, order, now, alone=alone)) as outcomes:
                for outcome in outcomes:
                    yield from feeds.after(outcome)
            ended = True
        finally:
            failures = feeds.close(ended=ended)
        yield from failures

    def _outcomes(
        self, wanted: Sequence[batch.Wanted], order: Order, now: datetime.datetime, *, alone: bool
    ) -> Generator[Outcome, None, None]:
        left = []
        for one in wanted:
            try:
                show = _show_run(one, order, now)
                if one.config.slow:
                    self._say("workers make no slow edition: run make for those dates here, too")
            except QjaudioError as error:
                if alone:
                    raise
                yield Outcome.failed(error, show=one.show)
                continue
            found = {date: show.unchanged(date, show.inputs(date)) for date in one.dates}
            yield from (outcome for outcome in found.values() if outcome)
            if dates := [date for date, outcome in found.items() if not outcome]:
                left.append((show, dates))
        if left:
            with contextlib.closing(self._distribute(left, alone=alone)) as outcomes:
                yield from outcomes

    def _distribute(
        self, shows: Sequence[tuple[worker.ShowRun, Sequence[str]]], *, alone: bool
    ) -> Generator[Outcome, None, None]:
        """Those dates that need a worker."""
        with contextlib.ExitStack() as opened:
            client = self._connect()
            stores: dict[Place, storage.Storage] = {}  # however many shows hand in there
            ready, failed = [], []
            for show, dates in shows:
                try:
                    if show.storage not in stores:
                        there = storage.open_storage(show.storage, self._say)
                        stores[show.storage] = opened.enter_context(there)
                    stores[show.storage].begin(show.run, show.now)
                    opened.callback(stores[show.storage].end, show.run)
                    ready.append((show, dates, stores[show.storage]))
                except QjaudioError as error:
                    failed.append((show, error))
            if alone and failed:
                raise failed[0][1]
            sites = [_site(show) for show, _, _ in ready]
            model = any(worker.needs_model(show.config) for show, _, _ in ready)
            pool = WorkerPool(client, sites, self._say, with_model=model)
            if ready:
                with _reachable(self._address):
                    pool.assemble()
            if alone and pool.closed:
                raise next(iter(pool.closed.values()))
            failed += [
                (show, pool.closed[show.run]) for show, _, _ in ready if show.run in pool.closed
            ]
            yield from (Outcome.failed(why, show=show.name) for show, why in failed)
            jobs = [
                Job(show, date, there)
                for show, dates, there in ready
                if show.run not in pool.closed
                for date in dates
            ]
            with contextlib.closing(Run(client, pool, self._say).outcomes(jobs)) as outcomes:
                yield from outcomes

    def _connect(self) -> "Client":
        if self._client is None:
            self._client = self.enter_context(pool.connected(self._address))
        return self._client


def _show_run(wanted: batch.Wanted, order: Order, now: datetime.datetime) -> worker.ShowRun:
    out, config = wanted.config.output, replace(wanted.config, slow=False)
    publishing.check_replaces_nothing(out.root, publishing.SITE, is_ours=catalogue.is_show(out))
    run, place = storage.new_run(), storage.storage_place(wanted.config)
    return worker.ShowRun(
        name=wanted.show, config=config, order=order, now=now, run=run, storage=place
    )


def _site(show: worker.ShowRun) -> Site:
    issues = Path(show.config.issues)
    local = worker.remote_issues(show.config) is None and issues.is_dir()
    return Site(run=show.run, place=show.storage, issues=str(issues.absolute()) if local else None)


@contextlib.contextmanager
def _reachable(address: str) -> Generator[None, None, None]:
    try:
        yield
    except EngineError:
        raise
    except (OSError, RuntimeError) as error:
        raise pool.unreachable(address, error) from error


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
class _Submitted:
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
        self._running: dict[Future, _Submitted] = {}
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
            for future, submitted in self._running.items():
                with contextlib.suppress(Exception):
                    future.cancel()
                submitted.lock.close()

    def _all(self, jobs: Iterable[Job], *, last: bool = False) -> Iterator[Outcome]:
        self._waiting.extend(jobs)
        try:
            while self._waiting or self._running:
                yield from self._submit_dates(last=last)
                for future in self._wait_for_futures():
                    yield from self._collect(future, self._running.pop(future))
                self._look()
        except LostError as error:
            yield from self._fail_all(error)

    def _submit_dates(self, *, last: bool) -> Iterator[Outcome]:
        """As many dates as there are workers; those that need none are told at once."""
        while self._waiting and len(self._running) < len(self._fleet.fit):
            job = self._waiting.popleft()
            inputs = job.show.inputs(job.date)
            if outcome := job.show.unchanged(job.date, inputs):
                yield outcome
                continue
            try:
                submitted = _submission(job, inputs)
            except locking.BusyError as error:
                if last:
                    yield job.show.failed(error, job.date)
                else:
                    self._later.append(job)
            except QjaudioError as error:
                yield job.show.failed(error, job.date)
            else:
                self._send(submitted)

    def _send(self, submitted: _Submitted) -> None:
        job = submitted.job
        submitted.workers = frozenset(self._fleet.fit)
        submitted.tries += 1
        try:
            with _lost_on_failure():
                future = self._client.submit(
                    worker.make_date, submitted.task, workers=sorted(submitted.workers),
                    key=f"qjaudio-{job.date}-{job.show.run}-{submitted.tries}",
                    allow_other_workers=False, pure=False,
                )  # fmt: skip
        except LostError:
            submitted.lock.close()
            self._waiting.appendleft(job)
            raise
        self._running[future] = submitted
        future.add_done_callback(lambda _: self._ended.set())

    def _wait_for_futures(self) -> list["Future"]:
        """The dates that have ended, after a moment at most."""
        if self._running or not self._fleet.fit:
            self._ended.wait(TICK_S)
            self._ended.clear()
        return [one for one in self._running if one.status != "pending"]

    def _collect(self, future: "Future", submitted: _Submitted) -> Iterator[Outcome]:
        status = future.status
        try:
            with _lost_on_failure():
                self._require_scheduler()
                done: Done | None = None
                if status == "finished":
                    done = future.result(timeout=storage.ANSWER_S)
                why = future.exception(timeout=storage.ANSWER_S) if status == "error" else None
        except LostError:
            self._running[future] = submitted
            raise
        if done:
            with submitted.lock:
                yield replace(_take_result(done, submitted), show=submitted.job.show.name)
            return
        if status in ("cancelled", "lost") and submitted.tries < MOST_TRIES:
            self._say(f"{submitted.job.name}: its task was lost; it goes to another worker")
            self._send(submitted)
            return
        with submitted.lock:
            yield submitted.job.show.failed(_why_it_failed(why, submitted), submitted.job.date)

    def _require_scheduler(self) -> None:
        if self._client.status != "running":
            raise LostError("the scheduler is gone", hint="start it and the workers again")

    def _look(self) -> None:
        """Notice workers that come and go; what waits for those that have gone goes to others."""
        self._require_scheduler()
        with _lost_on_failure():
            self._fleet.look()
        now = time.monotonic()
        if self._fleet.fit:
            self._seen = now
        elif now - self._seen > PATIENCE_S:
            raise LostError("all workers are gone", hint="start workers, then run this again")
        fit = frozenset(self._fleet.fit)
        for future, submitted in list(self._running.items()):
            if fit and not submitted.workers & self._fleet.alive:
                del self._running[future]
                future.cancel()
                if submitted.tries < MOST_TRIES:
                    self._say(f"{submitted.job.name}: its worker is gone; another takes over")
                    self._send(submitted)
                else:
                    self._running[future] = submitted
                    raise LostError(
                        f"{submitted.tries} times all workers have died",
                        hint="look at their logs: is memory or disk full there?",
                    )

    def _fail_all(self, error: LostError) -> Iterator[Outcome]:
        for submitted in self._running.values():
            submitted.lock.close()
            yield submitted.job.show.failed(error, submitted.job.date)
        rest = [*self._waiting, *self._later]
        for left in (self._running, self._waiting, self._later):
            left.clear()
        for job in rest:
            failure = EngineError(f"{error}: {_NO_MORE}", hint=error.hint)
            yield job.show.failed(failure, job.date)


def _submission(job: Job, inputs: str | None) -> _Submitted:
    """A date with its lock and all that a worker needs to know of it."""
    with contextlib.ExitStack() as lock:
        lock.enter_context(locking.locked(job.show.out, job.date, job.show.now))
        try:
            task = worker.task_of(job.date, job.show)
        except OSError as error:
            reason = f"cannot read what {job.date} is made of: {error}"
            raise NotAnIssueError(reason, hint=way_out(error, "check its rights")) from error
        held = lock.pop_all()
    return _Submitted(job=job, lock=held, inputs=inputs, task=task, began=time.monotonic())


def _take_result(done: Done, submitted: _Submitted) -> Outcome:
    """The outcome of a date after its files are in their place."""
    show, date = submitted.job.show, submitted.job.date
    out = show.out
    worker.append_log(out, date, done.log)
    outcome = replace(done.outcome, seconds=round(time.monotonic() - submitted.began, 3))
    try:
        if done.bundle:
            with tempfile.TemporaryDirectory(dir=out.cache, prefix="bundle-") as folder:
                path = Path(folder) / "bundle.zip"
                submitted.job.there.fetch(done.bundle, path)
                sent_script = submitted.task.stages.get(storage.SCRIPT)
                storage.unpack_bundle(path, out, date, show.config, sent_script)
                note_if_drafted(date, show.config, show.now, lambda _: None)
                if show.config.review != "none":
                    outcome = replace(outcome, message=DRAFT)
        if outcome.made and not outcome.exit_code:
            freshness.remember(out, date, submitted.inputs)
    except QjaudioError as error:
        return show.failed(error, date)
    except OSError as error:
        return show.failed(store.not_writable(out.cache, error), date)
    return outcome


def _why_it_failed(error: BaseException | None, submitted: _Submitted) -> QjaudioError:
    """Why a date has failed without an answer of ours."""
    import distributed

    if isinstance(error, distributed.scheduler.KilledWorker):
        reason = f"every worker that made {submitted.job.date} has died"
        return EngineError(reason, hint="look at their logs: is memory or disk full there?")
    if error is None:
        return EngineError(f"its task was lost {submitted.tries} times", hint="run this again")
    if known := of_the_system(error) if isinstance(error, Exception) else None:
        return type(known)(f"a worker failed: {known}", hint=known.hint)
    return QjaudioError(f"a bug in qjaudio: {type(error).__name__}: {error}", hint="see its log")


@contextlib.contextmanager
def _lost_on_failure() -> Iterator[None]:
    """What the client raises when the scheduler does not answer becomes ours."""
    try:
        yield
    except (OSError, RuntimeError) as error:  # a timeout is an OSError
        reason = f"the scheduler does not answer: {error}"
        raise LostError(reason, hint="is it still running?") from error
