"""All dates of a show in their order; the feed is written as often as it costs little."""

import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

from qjaudio.config import Config
from qjaudio.errors import QjaudioError
from qjaudio.pipeline import publishing, voicing
from qjaudio.pipeline.batch import Outcome
from qjaudio.pipeline.scripting import lexicon_of
from qjaudio.store import OutFolder

Make = Callable[[str], Outcome]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A show, and which of its dates are to be made."""

    show: str
    config: Config
    dates: Sequence[str]


FEED_SHARE = 20
"""Between two feeds lies at least this many times what the last one cost: 5 % of the time at most,
and after a kill an episode that is finished waits for the next run no longer than that."""


def make_all(
    dates: Sequence[str],
    make: Make,
    publish: Callable[[], None],
    *,
    clock: Callable[[], float] = time.monotonic,
) -> Generator[Outcome, None, None]:
    """Make each date with `make` and yield how it ended; `publish` writes feed and pages.

    A date that another run is making comes again at the end: by then that run has finished it, or
    has died. Between two episodes `publish` is called where it is worth it, and at the end in any
    case, also when the caller is stopped; an error of the last call is an outcome without a date.
    """
    feed = _Feed(publish, clock)
    later = []
    try:
        for date in dates:
            outcome = make(date)
            if outcome.busy:
                later.append(date)
                continue
            feed.after(outcome)
            yield outcome
        for date in later:
            outcome = make(date)
            feed.after(outcome)
            yield outcome
    finally:
        failure = feed.close()
    if failure:
        yield failure


def check_settings(config: Config) -> None:
    """Find out before the first date what would stop every one of them.

    Raises:
        UsageError: there is no such voice, or cast or lexicon are wrong.
    """
    voicing.cast_of(config, voicing.chain_of(config))
    lexicon_of(config)


def feed_writer(config: Config) -> Callable[[], None]:
    """What writes feed and pages of a show, unless it has nothing to publish yet."""
    out = OutFolder(config.out_folder)

    def write() -> None:
        if out.dates():
            publishing.publish_feed(out, config)

    return write


def tried(publish: Callable[[], None]) -> Outcome | None:
    """Write feed and pages; what went wrong, if anything did."""
    try:
        publish()
    except QjaudioError as error:
        return Outcome.failed(error)
    return None


def exit_code_of(outcomes: Sequence[Outcome]) -> int:
    """That of the first failure, in the order of show and date; 0 where all is well."""
    return next((one.exit_code for one in outcomes if one.exit_code), 0)


class _Feed:
    """Writes the feed now and then, and at the end."""

    def __init__(self, publish: Callable[[], None], clock: Callable[[], float]) -> None:
        self._publish, self._clock = publish, clock
        self._ended = self._cost = 0.0
        self._failure: Outcome | None = None

    def after(self, outcome: Outcome) -> None:
        """Write it for a new episode, if the last time is long enough ago."""
        if outcome.fresh and self._clock() - self._ended >= FEED_SHARE * self._cost:
            self._write()

    def close(self) -> Outcome | None:
        """Write it for the last time; what went wrong, if anything did."""
        self._write()
        return self._failure

    def _write(self) -> None:
        began = self._clock()
        self._failure = tried(self._publish)
        self._ended = self._clock()
        self._cost = self._ended - began
