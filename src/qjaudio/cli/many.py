"""`qjaudio make` for many dates and many shows: the order of work, and what it tells."""

import contextlib
import datetime
import shlex
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qjaudio import config as settings
from qjaudio import log
from qjaudio.cli import options
from qjaudio.cli.options import Talk
from qjaudio.config import Config
from qjaudio.errors import NoPaperError, QjaudioError, UsageError
from qjaudio.pipeline import batch, shows
from qjaudio.pipeline.batch import Outcome, dates_of, make_one, ranges_of
from qjaudio.pipeline.making import Order
from qjaudio.store import OutFolder

if TYPE_CHECKING:
    from qjaudio.cluster.calling import Cluster


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    """What is to be made: the words of the command."""

    words: tuple[str, ...]
    since: str | None
    missing: bool
    shows: str | None
    flags: Mapping[str, Any]
    cluster: str | None = None
    """The word after `--cluster`."""


def make_many(wish: Many, order: Order, now: datetime.datetime, *, as_json: bool) -> int:
    """Make them, tell how each ended, and return the exit code of the first that failed.

    Raises:
        UsageError: the command line is not valid.
        NoPaperError: there is no issue at all, and `--if-new` does not allow that.
    """
    if order.origin:
        raise UsageError(
            "--from names the pages of one date, made here",
            hint="give one DATE and neither --shows nor --cluster, or use the setting issues",
        )
    if order.dry_run and wish.cluster:
        raise UsageError("--dry-run is done here", hint="leave out --cluster")
    outcomes: list[Outcome] = []
    answer: dict[str, Any] = {}
    tally = Tally()
    try:
        made = _of_shows if wish.shows else _of_one
        with (
            _maker(wish) as maker,
            contextlib.closing(made(wish, order, now, answer, maker, tally)) as ended,
        ):
            for outcome in ended:
                outcomes.append(outcome)
                tally.tell(outcome)
        outcomes.sort(key=lambda one: (not (one.show or one.date), one.show, one.date))
        if outcomes and all(outcome.state == "no paper" for outcome in outcomes):
            raise NoPaperError(
                f"nothing to make: {outcomes[-1].message}",
                hint="check the dates, and the settings issues and epaper",
            )
    except NoPaperError as error:
        if not order.may_lack:
            raise
        answer["reason"] = str(error)
    code = batch.exit_code_of(outcomes)
    rerun = _rerun(wish, order, outcomes) if code else ""
    if as_json:
        _print_json(outcomes, answer, code, rerun)
    else:
        _print_summary(outcomes, answer, rerun)
    return code


class _Here:
    """Makes the dates in this very process, one after the other."""

    dates_of = staticmethod(dates_of)

    def make_all(
        self, dates: Sequence[str], config: Config, order: Order, now: datetime.datetime, show: str
    ) -> Generator[Outcome, None, None]:
        make = partial(_make, config=config, order=order, now=now, show=show)
        publish = (lambda: None) if order.dry_run else batch.feed_writer(config, Talk().say)
        return batch.make_all(dates, make, publish)

    def make_shows(
        self, wanted: Sequence[batch.Wanted], order: Order, now: datetime.datetime
    ) -> Generator[Outcome, None, None]:
        for one in wanted:
            yield from self.make_all(one.dates, one.config, order, now, one.show)


@contextlib.contextmanager
def _maker(wish: Many) -> Iterator["_Here | Cluster"]:
    """Who makes the dates."""
    if wish.cluster is None:
        yield _Here()
        return
    from qjaudio.cluster.calling import Cluster

    with Cluster(wish.cluster, Talk().say) as cluster:
        yield cluster


def _of_one(
    wish: Many,
    order: Order,
    now: datetime.datetime,
    answer: dict[str, Any],
    maker: "_Here | Cluster",
    tally: "Tally",
) -> Generator[Outcome, None, None]:
    """The dates of the show in this folder."""
    config = settings.load(wish.flags)
    dates = maker.dates_of(wish.words, config, wish.since, wish.missing, now)
    batch.check_settings(config)
    tally.total = len(dates)
    answer["feed"] = str(OutFolder(config.out_folder).feed)
    yield from maker.make_all(dates, config, order, now, "")


def _make(date: str, *, config: Config, order: Order, now: datetime.datetime, show: str) -> Outcome:
    return make_one(
        date,
        config,
        force=order.force,
        verify=order.verify,
        dry_run=order.dry_run,
        expect_by=order.expect_by,
        now=now,
        progress=Dated(f"{show} {date}".strip()),
        publish=False,
        show=show,
        words=order.words,
    )


def _of_shows(
    wish: Many,
    order: Order,
    now: datetime.datetime,
    answer: dict[str, Any],
    maker: "_Here | Cluster",
    tally: "Tally",
) -> Generator[Outcome, None, None]:
    """The dates of every show in the folder; then the page that lists the shows."""
    if wish.flags.get("out"):
        raise UsageError("--out is for one show", hint="with --shows each has the out of its own")
    ranges_of(wish.words, wish.since, now)
    folder = Path(wish.shows or "")
    found = shows.shows_in(folder, wish.flags)
    wanted = []
    for show in found:
        asked = _asked_of(show, wish, now, maker)
        if isinstance(asked, Outcome):
            yield asked
        else:
            wanted.append(asked)
    tally.total = sum(len(one.dates) for one in wanted)
    yield from maker.make_shows(wanted, order, now)
    if order.dry_run:
        return
    try:
        path, remarks = shows.write_front(folder, found)
    except QjaudioError as error:
        yield Outcome.failed(error)
        return
    answer["shows"] = str(path)
    for remark in remarks:
        Talk().say(remark)


def _asked_of(
    show: shows.FoundShow, wish: Many, now: datetime.datetime, maker: "_Here | Cluster"
) -> batch.Wanted | Outcome:
    """The dates of one show; what is wrong with the show itself is an outcome without a date."""
    try:
        if isinstance(show.settings, QjaudioError):
            raise show.settings
        config = show.settings
        dates = maker.dates_of(wish.words, config, wish.since, wish.missing, now)
        batch.check_settings(config)
    except NoPaperError as error:
        return Outcome(date="", show=show.name, message=str(error))
    except QjaudioError as error:
        return Outcome.failed(error, show=show.name)
    return batch.Wanted(show.name, config, dates)


def _print_json(
    outcomes: Sequence[Outcome], answer: Mapping[str, Any], code: int, rerun: str
) -> None:
    told = [{**asdict(outcome), "state": outcome.state} for outcome in outcomes]
    counts = {state.replace(" ", "_"): count for state, count in counts_of(outcomes).items()}
    more = {"rerun": rerun} if rerun else {}
    options.print_json({"exit_code": code, "outcomes": told, "counts": counts, **answer, **more})


def _print_summary(outcomes: Sequence[Outcome], answer: Mapping[str, Any], rerun: str) -> None:
    """How many ended how, what failed and why, and the command that tries again."""
    counts = [f"{count} {STATES[name]}" for name, count in counts_of(outcomes).items() if count]
    if not outcomes:
        counts = [log.one_line(answer.get("reason", "nothing is missing"))]
    click.echo(f"dates    {', '.join(counts)}")
    for name in ("feed", "shows"):
        if name in answer and Path(answer[name]).exists():
            click.echo(f"{name:<8} {answer[name]}")
    failed = [outcome for outcome in outcomes if outcome.exit_code]
    for outcome in failed:
        message = log.one_line(outcome.message)
        click.echo(f"failed   {name_of(outcome)}  exit {outcome.exit_code}: {message}")
    if rerun:
        click.echo(f"rerun    {rerun}")


def _rerun(wish: Many, order: Order, outcomes: Sequence[Outcome]) -> str:
    """The command that makes again what failed, and next to nothing else."""
    words = ["qjaudio", "make"]
    if all(outcome.date for outcome in outcomes if outcome.exit_code):
        words += _spans(outcomes)
    else:
        words += [*wish.words, *(["--since", wish.since] if wish.since else [])]
        words += ["--missing"] if wish.missing else []
    words += ["--shows", wish.shows] if wish.shows else []
    words += ["--cluster", wish.cluster] if wish.cluster else []
    for name, value in wish.flags.items():
        words += [f"--{name}", f"{value}"] if value is not None else []
    words += ["--force"] if order.force else []
    words += ["--verify"] if order.verify else []
    words += ["--dry-run"] if order.dry_run else []
    return shlex.join(words)


def _spans(outcomes: Sequence[Outcome]) -> list[str]:
    """The failed dates; those that stand next to each other as a range."""
    failed = {outcome.date for outcome in outcomes if outcome.exit_code}
    spans: list[list[str]] = [[]]
    for date in sorted({outcome.date for outcome in outcomes if outcome.date}):
        if date in failed:
            spans[-1].append(date)
        elif spans[-1]:
            spans.append([])
    return [span[0] if len(span) == 1 else f"{span[0]}..{span[-1]}" for span in spans if span]


STATES = {
    "made": "made",
    "unchanged": "unchanged",
    "dry run": "only laid out",
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
        if not options.is_terminal():
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
        length = f"{outcome.duration_s / 60:.1f} minutes"
        if outcome.state == "dry run":
            Talk().say(f"{name}: would have {length}{of}")
        elif outcome.state == "made":
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
    return {state: found[state] for state in STATES if found[state] or state != "dry run"}
