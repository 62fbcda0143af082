"""`qjaudio make` for many dates and many shows: the order of work, and what it tells."""

import contextlib
import datetime
import shlex
import sys
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
from qjaudio.cli.talk import Talk
from qjaudio.config import Config
from qjaudio.errors import QjaudioError, UsageError
from qjaudio.pipeline import many, shows
from qjaudio.pipeline.batch import Outcome, dates_of, make_one
from qjaudio.pipeline.one_day import Order
from qjaudio.pipeline.ranges import ranges_of
from qjaudio.sources.no_paper import NoPaperError
from qjaudio.store import OutFolder

if TYPE_CHECKING:
    from qjaudio.cluster.calling import Cluster

STATES = {
    "made": "made",
    "unchanged": "unchanged",
    "no paper": "without a paper",
    "failed": "failed",
}


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


class _Dated:
    """Tells what happens to one of many dates: bars on a terminal, else nothing but remarks."""

    def __init__(self, name: str) -> None:
        self._name, self._talk = name, Talk()

    def say(self, text: str) -> None:
        self._talk.say(f"{self._name}: {text}")

    @contextlib.contextmanager
    def step(self, text: str, total: int) -> Iterator[Callable[[], None]]:
        if not sys.stderr.isatty():
            yield lambda: None
            return
        with self._talk.step(f"{self._name} {text}", total) as one_more:
            yield one_more


def make_many(wish: Many, order: Order, now: datetime.datetime, *, as_json: bool) -> int:
    """Make them, tell how each ended, and return the exit code of the first that failed.

    Raises:
        UsageError: the words of the command are off.
        NoPaperError: there is no issue at all, and `--if-new` does not allow that.
    """
    if order.origin:
        raise UsageError(
            "--from names the pages of one date", hint="give one DATE, or put each into issues/"
        )
    outcomes: list[Outcome] = []
    answer: dict[str, Any] = {}
    try:
        made = _of_shows if wish.shows else _of_one
        with (
            _maker(wish) as maker,
            contextlib.closing(made(wish, order, now, answer, maker)) as ended,
        ):
            for outcome in ended:
                outcomes.append(outcome)
                _tell(outcome)
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
    code = many.exit_code_of(outcomes)
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
        return many.make_all(dates, make, many.feed_writer(config))


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
) -> Generator[Outcome, None, None]:
    """The dates of the show in this folder."""
    config = settings.load(wish.flags)
    dates = maker.dates_of(wish.words, config, wish.since, wish.missing, now)
    many.check_settings(config)
    answer["feed"] = str(OutFolder(config.out_folder).feed)
    yield from maker.make_all(dates, config, order, now, "")


def _make(date: str, *, config: Config, order: Order, now: datetime.datetime, show: str) -> Outcome:
    return make_one(
        date,
        config,
        force=order.force,
        verify=order.verify,
        expect_by=order.expect_by,
        now=now,
        progress=_Dated(f"{show} {date}".strip()),
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
) -> Generator[Outcome, None, None]:
    """The dates of every show in the folder, show by show; then the page that lists them."""
    if wish.flags.get("out"):
        raise UsageError("--out is for one show", hint="with --shows each has the out of its own")
    ranges_of(wish.words, wish.since, now)
    folder = Path(wish.shows or "")
    found = shows.shows_in(folder, wish.flags)
    for show in found:
        yield from _of_show(show, wish, order, now, maker)
    try:
        path, remarks = shows.write_front(folder, found)
    except QjaudioError as error:
        yield Outcome.failed(error)
        return
    answer["shows"] = str(path)
    for remark in remarks:
        Talk().say(remark)


def _of_show(
    show: shows.FoundShow,
    wish: Many,
    order: Order,
    now: datetime.datetime,
    maker: "_Here | Cluster",
) -> Iterator[Outcome]:
    """The dates of one show; what is wrong with the show itself is an outcome without a date."""
    try:
        if isinstance(show.settings, QjaudioError):
            raise show.settings
        config = show.settings
        dates = maker.dates_of(wish.words, config, wish.since, wish.missing, now)
        many.check_settings(config)
    except NoPaperError as error:
        yield Outcome(date="", show=show.name, message=str(error))
    except QjaudioError as error:
        yield Outcome.failed(error, show=show.name)
    else:
        yield from maker.make_all(dates, config, order, now, show.name)


def _tell(outcome: Outcome) -> None:
    """A line for what was made or failed; of what was skipped nothing, it can be thousands."""
    name = _name(outcome)
    if outcome.state == "made":
        length = f"{outcome.duration_s / 60:.1f} minutes"
        Talk().say(f"{name}: made, {length}, in {outcome.seconds:.1f} s")
    elif outcome.state == "failed":
        Talk().say(f"{name}: failed (exit {outcome.exit_code}): {log.one_line(outcome.message)}")


def _name(outcome: Outcome) -> str:
    return f"{outcome.show} {outcome.date}".strip() or "feed and pages"


def _counts(outcomes: Sequence[Outcome]) -> dict[str, int]:
    found = Counter(outcome.state for outcome in outcomes if outcome.date or outcome.exit_code)
    return {state: found[state] for state in STATES}


def _print_json(
    outcomes: Sequence[Outcome], answer: Mapping[str, Any], code: int, rerun: str
) -> None:
    told = [{**asdict(outcome), "state": outcome.state} for outcome in outcomes]
    counts = {state.replace(" ", "_"): count for state, count in _counts(outcomes).items()}
    more = {"rerun": rerun} if rerun else {}
    options.print_json({"exit_code": code, "outcomes": told, "counts": counts, **answer, **more})


def _print_summary(outcomes: Sequence[Outcome], answer: Mapping[str, Any], rerun: str) -> None:
    """How many ended how, what failed and why, and the command that tries again."""
    counts = [f"{count} {STATES[name]}" for name, count in _counts(outcomes).items() if count]
    if not outcomes:
        counts = [log.one_line(answer.get("reason", "nothing is missing"))]
    click.echo(f"dates    {', '.join(counts)}")
    for name in ("feed", "shows"):
        if name in answer and Path(answer[name]).exists():
            click.echo(f"{name:<8} {answer[name]}")
    failed = [outcome for outcome in outcomes if outcome.exit_code]
    for outcome in failed:
        message = log.one_line(outcome.message)
        click.echo(f"failed   {_name(outcome)}  exit {outcome.exit_code}: {message}")
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
