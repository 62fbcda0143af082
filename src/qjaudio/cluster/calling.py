"""The caller's side in one object: dates go in, outcomes come out, the feed is written once."""

import contextlib
import datetime
import tempfile
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from qjaudio.cluster import connecting, fetching, storage, tasks
from qjaudio.cluster.fleet import Asked, Fleet
from qjaudio.cluster.running import Run
from qjaudio.config import Config
from qjaudio.errors import EngineError
from qjaudio.pipeline import many, ranges
from qjaudio.pipeline.batch import Outcome
from qjaudio.pipeline.one_day import Order
from qjaudio.sources.no_paper import NoPaperError

if TYPE_CHECKING:
    from distributed import Client


class Cluster:
    """The workers behind an address; it connects at the first date and lets go at the end."""

    def __init__(self, address: str, say: Callable[[str], None]) -> None:
        """Take the word after `--cluster`.

        Raises:
            UsageError: it is neither an address nor `local:N`.
        """
        connecting.check_address(address)
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
        """As `ranges.dates_of`; the issues may lie in a remote place, too."""
        place = fetching.remote_issues(config)
        if place is None:
            return ranges.dates_of(words, config, since, missing, now)
        if place.kind == "folder":
            return ranges.dates_of(words, replace(config, issues=place.path), since, missing, now)
        with tempfile.TemporaryDirectory() as folder:
            with storage.reading(place, self._say) as target:
                fetching.list_issues(target, words, since, now, Path(folder))
            try:
                there = replace(config, issues=folder)
                return ranges.dates_of(words, there, since, missing, now)
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
            QjaudioError: a worker is not fit.
        """
        place, run = storage.place_for(config), storage.new_run()
        of_run = tasks.Show(name=show, config=config, order=order, now=now, run=run, storage=place)
        failure, left = None, []
        try:
            for date in dates:
                if outcome := of_run.unchanged(date, of_run.inputs(date)):
                    yield outcome
                else:
                    left.append(date)
            if left:
                yield from self._spread(of_run, left)
        finally:
            failure = many.tried(many.feed_writer(config))
        if failure:
            yield failure

    def _spread(self, show: tasks.Show, dates: Sequence[str]) -> Generator[Outcome, None, None]:
        """Those dates that need a worker."""
        with contextlib.ExitStack() as opened:
            client = self._connected()
            there = opened.enter_context(storage.opened(show.storage, self._say))
            there.begin(show.run, show.now)
            opened.callback(there.end, show.run)
            fleet = Fleet(client, _asked(show), self._say)
            with _answering(self._address):
                fleet.assemble()
            outcomes = Run(client, fleet, show, there, self._say).outcomes(dates)
            with contextlib.closing(outcomes):
                yield from outcomes

    def _connected(self) -> "Client":
        if self._client is None:
            self._client = self._open.enter_context(connecting.connected(self._address))
        return self._client


def _asked(show: tasks.Show) -> Asked:
    local = fetching.remote_issues(show.config) is None and Path(show.config.issues).is_dir()
    return Asked(
        place=show.storage,
        run=show.run,
        issues=str(Path(show.config.issues).absolute()) if local else None,
        with_model=tasks.needs_model(show.config),
    )


@contextlib.contextmanager
def _answering(address: str) -> Generator[None, None, None]:
    try:
        yield
    except EngineError:
        raise
    except (OSError, RuntimeError) as error:
        raise connecting.unreachable(address, error) from error
