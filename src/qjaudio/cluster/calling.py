"""The caller's side in one object: dates go in, outcomes come out, each feed is written once."""

import contextlib
import datetime
import tempfile
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from qjaudio.cluster import pool, storage, tasks
from qjaudio.cluster.pool import WorkerPool
from qjaudio.cluster.running import Job, Run
from qjaudio.cluster.storage import Stores
from qjaudio.cluster.tasks import Site
from qjaudio.config import Config
from qjaudio.errors import EngineError, NoPaperError, QjaudioError
from qjaudio.pipeline import batch, catalogue, publishing
from qjaudio.pipeline.batch import Outcome
from qjaudio.pipeline.making import Order
from qjaudio.store import OutFolder

if TYPE_CHECKING:
    from distributed import Client


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
            yield from self._written(show)

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
                yield from self._written(outcome.show)

    def close(self, *, ended: bool) -> list[Outcome]:
        """Write those that are left; of a run that was stopped only those with a new episode."""
        names = [name for name in self._unwritten if ended or name in self._fresh]
        return [failure for name in names for failure in self._written(name)]

    def _written(self, show: str) -> Iterator[Outcome]:
        write = self._unwritten.pop(show, None)
        failure = batch.attempt(write) if write else None
        if failure:
            yield replace(failure, show=show)


class Cluster:
    """The workers behind an address; it connects at the first date and lets go at the end."""

    def __init__(self, address: str, say: Callable[[str], None]) -> None:
        """Take the word after `--cluster`.

        Raises:
            UsageError: it is neither an address nor `local:N`.
        """
        pool.check_address(address)
        self._address, self._say = address, say
        self._open = contextlib.ExitStack()
        self._client: Client | None = None

    def __enter__(self) -> "Cluster":
        """Nothing is opened before it is needed."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let the scheduler go; local workers end."""
        self._open.close()

    def dates_of(
        self, words: Sequence[str], config: Config, since: str | None, missing: bool,
        now: datetime.datetime,
    ) -> tuple[str, ...]:  # fmt: skip
        """As `batch.dates_of`; the issues may lie in a remote place, too."""
        place = tasks.remote_issues(config)
        if place is None:
            return batch.dates_of(words, config, since, missing, now)
        if place.kind == "folder":
            return batch.dates_of(words, replace(config, issues=place.path), since, missing, now)
        with tempfile.TemporaryDirectory() as folder:
            with storage.open_source(place, self._say) as target:
                tasks.list_issues(target, words, since, now, Path(folder))
            try:
                there = replace(config, issues=folder)
                return batch.dates_of(words, there, since, missing, now)
            except NoPaperError as error:
                raise NoPaperError(
                    str(error).replace(folder, place.label), hint=error.hint
                ) from error

    def make_all(
        self,
        dates: Sequence[str],
        config: Config,
        order: Order,
        now: datetime.datetime,
        show: str,
    ) -> Generator[Outcome, None, None]:
        """Make each date on a worker and yield how it ended, in the order in which they end.

        Feed and pages are written at the end, once, also when the caller is stopped.

        Raises:
            EngineError: the scheduler or the storage does not answer, or there is no worker.
            QjaudioError: a worker is not fit, or does not reach storage or pages.
        """
        return self._made([batch.Wanted(show, config, dates)], order, now, alone=True)

    def make_shows(
        self, wanted: Sequence[batch.Wanted], order: Order, now: datetime.datetime
    ) -> Generator[Outcome, None, None]:
        """The dates of all shows over all workers; a show that nobody can make stops no other.

        The feed of each show is written once, after the last of its dates.

        Raises:
            EngineError: the scheduler does not answer, or there is no worker.
            QjaudioError: a worker is not fit.
        """
        return self._made(wanted, order, now, alone=False)

    def _made(
        self,
        wanted: Sequence[batch.Wanted],
        order: Order,
        now: datetime.datetime,
        *,
        alone: bool,
    ) -> Generator[Outcome, None, None]:
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
        self,
        wanted: Sequence[batch.Wanted],
        order: Order,
        now: datetime.datetime,
        *,
        alone: bool,
    ) -> Generator[Outcome, None, None]:
        left = []
        for one in wanted:
            try:
                show = _show_run(one, order, now)
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
            with contextlib.closing(self._spread(left, alone=alone)) as outcomes:
                yield from outcomes

    def _spread(
        self, shows: Sequence[tuple[tasks.ShowRun, Sequence[str]]], *, alone: bool
    ) -> Generator[Outcome, None, None]:
        """Those dates that need a worker."""
        with contextlib.ExitStack() as opened:
            client = self._connected()
            stores = Stores(opened, self._say)
            ready, failed = [], []
            for show, dates in shows:
                try:
                    ready.append((show, dates, stores.begun(show.storage, show.run, show.now)))
                except QjaudioError as error:
                    failed.append((show, error))
            if alone and failed:
                raise failed[0][1]
            sites = [_site(show) for show, _, _ in ready]
            model = any(tasks.needs_model(show.config) for show, _, _ in ready)
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

    def _connected(self) -> "Client":
        if self._client is None:
            self._client = self._open.enter_context(pool.connected(self._address))
        return self._client


def _show_run(wanted: batch.Wanted, order: Order, now: datetime.datetime) -> tasks.ShowRun:
    out = OutFolder(wanted.config.out_folder)
    publishing.check_replaces_nothing(out.root, publishing.SITE, is_ours=catalogue.is_show(out))
    return tasks.ShowRun(
        name=wanted.show,
        config=wanted.config,
        order=order,
        now=now,
        run=storage.new_run(),
        storage=storage.storage_place(wanted.config),
    )


def _site(show: tasks.ShowRun) -> Site:
    local = tasks.remote_issues(show.config) is None and Path(show.config.issues).is_dir()
    return Site(
        run=show.run,
        place=show.storage,
        issues=str(Path(show.config.issues).absolute()) if local else None,
    )


@contextlib.contextmanager
def _reachable(address: str) -> Generator[None, None, None]:
    try:
        yield
    except EngineError:
        raise
    except (OSError, RuntimeError) as error:
        raise pool.unreachable(address, error) from error
