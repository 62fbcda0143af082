"""Many dates: each ends in a small value, and none of them stops the others.

This is the contract for whoever runs dates elsewhere (another process, another machine): choose
them with `dates_of`, make each with `make_one(…, publish=False)`, collect the `Outcome`s, and call
`publishing.publish_feed` once. A process makes one date at a time: its log is the process's.
"""

import dataclasses
import datetime
import time
from collections.abc import Sequence
from dataclasses import dataclass

from qjaudio.config import Config
from qjaudio.episode.model import Episode
from qjaudio.errors import QjaudioError
from qjaudio.pipeline import locking, publishing, skipping
from qjaudio.pipeline.arriving import UNCHANGED, NotMade
from qjaudio.pipeline.one_day import Order, make_day
from qjaudio.pipeline.progress import Progress
from qjaudio.pipeline.ranges import dates_of
from qjaudio.store import OutFolder

__all__ = ["Outcome", "dates_of", "make_one"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a date ended: plain values only, so that it can travel between machines."""

    date: str
    """ISO 8601."""
    show: str = ""
    """The name of the show's folder; empty where there is only one show."""
    exit_code: int = 0
    """That of the command for this date alone; 0 also where no paper appeared that day."""
    message: str = ""
    """What went wrong, or why nothing was made; empty after a new episode."""
    hint: str = ""
    """What to do now, after a failure."""
    made: bool = False
    """Whether a finished episode of the date is there now."""
    fresh: bool = False
    """Whether it was spoken or mixed in this run."""
    duration_s: float = 0.0
    """The length of the episode."""
    seconds: float = 0.0
    """The time that the date has taken."""
    busy: bool = False
    """Whether it failed only because another run is making the same date."""

    @classmethod
    def failed(cls, error: QjaudioError, *, date: str = "", show: str = "") -> "Outcome":
        """What an error makes of a date; without one, of the show or of its feed."""
        return cls(
            date=date,
            show=show,
            exit_code=error.exit_code,
            message=str(error),
            hint=error.hint,
            busy=isinstance(error, locking.BusyError),
        )

    @classmethod
    def unchanged(cls, former: Episode, *, show: str = "") -> "Outcome":
        """That of a date whose finished episode needs no look."""
        length = former.duration_ms / 1000
        return cls(date=former.date, show=show, made=True, duration_s=length, message=UNCHANGED)

    @property
    def state(self) -> str:
        """`failed`, `made`, `unchanged` or `no paper`."""
        if self.exit_code:
            return "failed"
        return "made" if self.fresh else "unchanged" if self.made else "no paper"


def make_one(  # noqa: PLR0913 - all by name
    date: str,
    config: Config,
    *,
    origin: str | None = None,
    force: bool = False,
    verify: bool = False,
    now: datetime.datetime,
    progress: Progress,
    publish: bool,
    show: str = "",
    expect_by: datetime.time | None = None,
    words: Sequence[str] = ("make",),
) -> Outcome:
    """Make the episode of one date; whatever goes wrong becomes part of the outcome.

    A day without a paper is no failure, unless `expect_by` says so. An episode that was found
    finished by an earlier call, and whose pages and settings look the same, is not looked into.
    `publish=False` leaves feed and pages to the caller, but for one thing: before the episode of a
    date is *replaced*, the feed is pointed at the former files (see `replacing`).

    A bug is an outcome, too (exit code 1); only KeyboardInterrupt and its kin get out.
    """
    began = time.monotonic()
    try:
        order = Order(
            origin=origin,
            force=force,
            verify=verify,
            may_lack=True,
            expect_by=expect_by,
            publish=publish,
            words=tuple(words),
        )
        outcome = _made(datetime.date.fromisoformat(date), config, order, now, progress)
    except QjaudioError as error:
        outcome = Outcome.failed(error, date=date)
    except Exception as error:  # one broken date must not stop a year
        log = OutFolder(config.out_folder).stage(date, "run.log")
        outcome = Outcome(
            date=date,
            exit_code=QjaudioError.exit_code,
            message=f"a bug of ours: {type(error).__name__}: {error}",
            hint=f"please send us {log}",
        )
    if outcome.exit_code:
        there = publishing.finished_episode(OutFolder(config.out_folder), date) is not None
        outcome = dataclasses.replace(outcome, made=there)
    return dataclasses.replace(outcome, show=show, seconds=round(time.monotonic() - began, 3))


def _made(
    day: datetime.date, config: Config, order: Order, now: datetime.datetime, progress: Progress
) -> Outcome:
    out, date = OutFolder(config.out_folder), day.isoformat()
    asks = order.origin or order.verify
    known = None if asks else skipping.inputs_of(day, config, now, force=order.force)
    former = skipping.unchanged(out, date, known)
    if former:
        if order.publish:
            publishing.publish_feed(out, config)
        return Outcome.unchanged(former)
    made = make_day(day, config, order, now=now, progress=progress)
    if isinstance(made, NotMade):
        there = publishing.finished_episode(out, date)
        length = there.duration_ms / 1000 if there else 0.0
        return Outcome(date=date, made=bool(there), duration_s=length, message=made.reason)
    skipping.remember(out, date, known)
    return Outcome(
        date=date,
        made=True,
        fresh=made.fresh,
        duration_s=made.episode.duration_ms / 1000,
        message="" if made.fresh else UNCHANGED,
    )
