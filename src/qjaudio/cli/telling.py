"""What `qjaudio make` says on stderr of many dates: of each its end, and how many there are."""

import contextlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from qjaudio import log
from qjaudio.cli.talk import Talk
from qjaudio.pipeline.batch import Outcome

STATES = {
    "made": "made",
    "unchanged": "unchanged",
    "no paper": "without a paper",
    "failed": "failed",
}


class Dated:
    """Tells what happens to one of many dates: bars on a terminal, else nothing but remarks."""

    def __init__(self, name: str) -> None:
        """Take what the date is called."""
        self._name, self._talk = name, Talk()

    def say(self, text: str) -> None:
        """A line with the name of the date."""
        self._talk.say(f"{self._name}: {text}")

    @contextlib.contextmanager
    def step(self, text: str, total: int) -> Iterator[Callable[[], None]]:
        """A bar on a terminal."""
        if not sys.stderr.isatty():
            yield lambda: None
            return
        with self._talk.step(f"{self._name} {text}", total) as one_more:
            yield one_more


@dataclass(slots=True)
class Tally:
    """Counts the dates that have ended, of those that are asked for."""

    total: int = 0
    ended: int = 0

    def tell(self, outcome: Outcome) -> None:
        """A line for what was made or failed; of what was skipped none, it can be thousands."""
        self.ended += bool(outcome.date)
        of = f" ({self.ended} of {self.total})" if outcome.date and self.total > 1 else ""
        name = name_of(outcome)
        if outcome.state == "made":
            length = f"{outcome.duration_s / 60:.1f} minutes"
            Talk().say(f"{name}: made, {length}, in {outcome.seconds:.1f} s{of}")
        elif outcome.state == "failed":
            message = log.one_line(outcome.message)
            Talk().say(f"{name}: failed (exit {outcome.exit_code}): {message}{of}")


def name_of(outcome: Outcome) -> str:
    """What an outcome is about: show and date, or what is written at the end."""
    return f"{outcome.show} {outcome.date}".strip() or "feed and pages"


def counts_of(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """How many dates ended in each state."""
    found = Counter(outcome.state for outcome in outcomes if outcome.date or outcome.exit_code)
    return {state: found[state] for state in STATES}
