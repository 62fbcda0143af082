"""The feeds of all shows of a run: each is written once, when the last of its dates has ended."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from qjaudio.config import Config
from qjaudio.pipeline import many
from qjaudio.pipeline.batch import Outcome


class Feeds:
    """Counts the dates of each show; what cannot be written becomes an outcome without a date."""

    def __init__(
        self,
        settings: Mapping[str, Config],
        writer: Callable[[Config], Callable[[], None]] = many.feed_writer,
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
        failure = many.tried(write) if write else None
        if failure:
            yield replace(failure, show=show)
