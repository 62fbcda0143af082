"""The plan for any number of papers, days and cores: pure arithmetic on measured costs.

A machine of the plan has two cores, as the measured one: it speaks one date at a time on both, and
`cores / 2` of them work for one caller (`--cluster`). The caller puts what they hand in in place,
one date after the other, and writes each paper's feed and pages once, at the end. One core alone
makes one date after the other and has no caller.
"""

import heapq
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass

CORES_A_DATE = 2
"""More than two utterances at once take too much memory (docs/explanation/offline-voice.md)."""
LOST_EACH = 100
"""One date in so many is lost with its worker just before it is done, and made again."""
_GOLDEN = (5**0.5 - 1) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What was measured; all in seconds."""

    date_s: float
    """Core-seconds of a date."""
    speedup: float
    """How many times as fast two cores make a date as one does."""
    take_s: float
    """The caller's wall seconds to put a date in place."""
    feed_s: float
    """To write a feed at all; and for each episode, by whether it was there before: "known"."""
    new_s: float
    known_s: float

    def feed(self, new: int, known: int = 0) -> float:
        """Seconds to write the feed and pages of a show."""
        return self.feed_s + new * self.new_s + known * self.known_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which papers, and how many days of each."""

    papers: int
    days: int

    @property
    def dates(self) -> int:
        """How many episodes."""
        return self.papers * self.days


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long a wish takes on so many cores."""

    wall_s: float
    bounds: dict[str, float]
    """The seconds below which no wall time can be, by what sets them."""

    @property
    def bottleneck(self) -> str:
        """What sets the highest bound: the first thing to change."""
        return max(self.bounds, key=lambda name: self.bounds[name])


def lengths(count: int, mean: float) -> list[float]:
    """Dates from half to one and a half times the mean, evenly spread and in no order.

    The first is the mean. Steps of the golden section: any stretch is spread as evenly as all are.
    """
    return [mean * (0.5 + (0.5 + number * _GOLDEN) % 1.0) for number in range(count)]


def makespan(
    dates: Sequence[float],
    workers: int,
    *,
    take_s: float = 0.0,
    lost: Collection[int] = (),
) -> float:
    """Seconds until the last of the dates, given out in order, is in its place.

    A worker gets its next date when the caller, who does one thing at a time, has taken the last
    one from it. The dates whose numbers are in `lost` fail once, at their very end, and go to the
    next free worker; the worker itself is replaced at once.
    """
    waiting = deque(range(len(dates)))
    ends: list[tuple[float, int]] = []
    again = set(lost)
    caller = last = 0.0
    for _ in range(min(workers, len(dates))):
        number = waiting.popleft()
        heapq.heappush(ends, (dates[number], number))
    while ends:
        free, number = heapq.heappop(ends)
        if number in again:
            again.remove(number)
            waiting.appendleft(number)
        else:
            free = caller = max(free, caller) + take_s
            last = max(last, free)
        if waiting:
            number = waiting.popleft()
            heapq.heappush(ends, (free + dates[number], number))
    return last


def plan(wish: Wish, costs: Costs, cores: int) -> Plan:
    """How long it takes, and why."""
    workers = max(1, cores // CORES_A_DATE)
    speed = costs.speedup if cores >= CORES_A_DATE else 1.0
    take_s = costs.take_s if workers > 1 else 0.0
    dates = [one / speed for one in lengths(wish.dates, costs.date_s)]
    lost = lost_of(wish)
    feeds = wish.papers * costs.feed(wish.days)
    bounds = {
        "speaking": (sum(dates) + sum(dates[number] for number in lost)) / workers,
        "the longest date": max(dates),
        "the caller's taking": wish.dates * take_s,
        "feeds and pages": feeds,
    }
    return Plan(wall_s=makespan(dates, workers, take_s=take_s, lost=lost) + feeds, bounds=bounds)


def lost_of(wish: Wish) -> range:
    """The numbers of the dates that are lost once."""
    return range(LOST_EACH - 1, wish.dates, LOST_EACH)


def core_seconds(wish: Wish, costs: Costs) -> float:
    """All core-seconds, those of lost dates included."""
    dates = lengths(wish.dates, costs.date_s)
    repeated = sum(dates[number] for number in lost_of(wish))
    return sum(dates) + repeated + wish.papers * costs.feed(wish.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What listeners fetch; all in bytes."""

    episode: float
    """An episode with the files that apps fetch beside it."""
    feed: float
    """An answer with the feed."""
    unchanged: float
    """An answer that says that the feed has not changed."""
    plain_feed: float
    """The same feed for those who take no gzip."""

    def audio(self, listeners: int) -> float:
        """A day, when everybody fetches the day's episode once."""
        return listeners * self.episode

    def polls(self, listeners: int, polls: int, *, polite: bool = True) -> float:
        """A day of polls: one brings a new feed, the others none; to rude apps all bring it."""
        if not polite:
            return listeners * polls * self.plain_feed
        return listeners * (self.feed + (polls - 1) * self.unchanged)
