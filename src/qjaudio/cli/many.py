"""`qjaudio make` of several dates, of ranges and of several shows: how each of them ended."""

import contextlib
import datetime
import itertools
import shlex
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qjaudio import config as settings
from qjaudio import log
from qjaudio.cli import options
from qjaudio.cli.export import export_published
from qjaudio.cli.options import Talk
from qjaudio.config import Config
from qjaudio.errors import NoPaperError, QjaudioError, UsageError
from qjaudio.language import translated
from qjaudio.pipeline import batch
from qjaudio.pipeline.batch import Outcome
from qjaudio.pipeline.making import Order

if TYPE_CHECKING:
    from qjaudio.cluster.calling import Cluster


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    """What is to be made, as the command names it."""

    words: tuple[str, ...]
    since: str | None
    missing: bool
    shows: str | None
    flags: Mapping[str, Any]
    cluster: str | None = None
    """The word after `--cluster`."""


def make_many(many: Many, order: Order, now: datetime.datetime, *, as_json: bool) -> int:
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
    if order.dry_run and many.cluster:
        raise UsageError("--dry-run is done here", hint="leave out --cluster")
    outcomes: list[Outcome] = []
    answer: dict[str, Any] = {}
    try:
        with _maker(many.cluster) as maker:
            run = _Run(many, order, now, maker, answer)
            made = run.make_shows(many.shows) if many.shows else run.make_show()
            with contextlib.closing(made) as ended:
                for outcome in ended:
                    outcomes.append(outcome)
                    run.tell(outcome)
        outcomes.sort(key=lambda one: (not (one.show or one.date), one.show, one.date))
        if outcomes and all(outcome.state == "no paper" for outcome in outcomes):
            reason = f"nothing to make: {outcomes[-1].message}"
            raise NoPaperError(reason, hint="check the dates, and the settings issues and epaper")
    except NoPaperError as error:
        if not order.may_lack:
            raise
        answer["reason"] = str(error)
    code = batch.exit_code_of(outcomes)
    rerun = _rerun(many, order, outcomes) if code else ""
    if as_json:
        _print_json(outcomes, answer, code, rerun)
    else:
        _print_summary(outcomes, answer, rerun)
    return code


class _Here:
    """Makes the dates in this very process, one after the other."""

    dates_of = staticmethod(batch.dates_of)

    def make(
        self, wanted: Sequence[batch.Wanted], order: Order, now: datetime.datetime
    ) -> Generator[Outcome, None, None]:
        for one in wanted:
            make = partial(_make, config=one.config, order=order, now=now, show=one.show)
            publish = (lambda: None) if order.dry_run else batch.feed_writer(one.config, Talk().say)
            done = []
            for outcome in batch.make_all(one.dates, make, publish):
                done += [outcome.date] if outcome.made and not order.dry_run else []
                yield outcome
            try:
                export_published(one.config, done, now)
            except QjaudioError as error:  # the other shows are made all the same
                Talk().say(f"not exported: {error}")


@contextlib.contextmanager
def _maker(cluster: str | None) -> Iterator["_Here | Cluster"]:
    """Who makes the dates."""
    if cluster is None:
        yield _Here()
        return
    from qjaudio.cluster.calling import Cluster

    with Cluster(cluster, Talk().say) as there:
        yield there


def _make(date: str, *, config: Config, order: Order, now: datetime.datetime, show: str) -> Outcome:
    talk = DateTalk(f"{show} {date}".strip())
    return batch.make_one(date, config, order, now=now, progress=talk, show=show)


@dataclass(slots=True)
class _Run:
    """A run over many dates: what was asked for, who makes it, and how far it has come."""

    many: Many
    order: Order
    now: datetime.datetime
    maker: "_Here | Cluster"
    answer: dict[str, Any] = field(default_factory=dict)
    """Where the feed is, and the page of the shows."""
    total: int = 0
    ended: int = 0

    def make_show(self) -> Generator[Outcome, None, None]:
        """The dates of the show in this folder."""
        config = settings.load(self.many.flags)
        dates = self._dates_of(config)
        self.total = len(dates)
        self.answer["feed"] = str(config.output.feed)
        yield from self.maker.make([batch.Wanted("", config, dates)], self.order, self.now)

    def make_shows(self, shows: str) -> Generator[Outcome, None, None]:
        """The dates of every show in a folder; then the page that lists the shows."""
        if self.many.flags.get("out"):
            reason = "--out is for one show"
            raise UsageError(reason, hint="with --shows each has the out of its own")
        batch.ranges_of(self.many.words, self.many.since, self.now)
        folder = Path(shows)
        found = batch.shows_in(folder, self.many.flags)
        wanted = []
        for show in found:
            asked = self._wanted(show)
            if isinstance(asked, Outcome):
                yield asked
            else:
                wanted.append(asked)
        self.total = sum(len(one.dates) for one in wanted)
        yield from self.maker.make(wanted, self.order, self.now)
        if not self.order.dry_run:
            yield from self._write_front(folder, found)

    def _write_front(
        self, folder: Path, shows: Sequence[batch.FoundShow]
    ) -> Generator[Outcome, None, None]:
        try:
            path, remarks = batch.write_front(folder, shows)
        except QjaudioError as error:
            yield Outcome.failed(error)
            return
        self.answer["shows"] = str(path)
        for remark in remarks:
            Talk().say(remark)

    def _wanted(self, show: batch.FoundShow) -> batch.Wanted | Outcome:
        """The dates of a show; what is wrong with the show itself is an outcome without a date."""
        try:
            if isinstance(show.settings, QjaudioError):
                raise show.settings
            dates = self._dates_of(show.settings)
        except NoPaperError as error:
            return Outcome(date="", show=show.name, message=str(error))
        except QjaudioError as error:
            return Outcome.failed(error, show=show.name)
        return batch.Wanted(show.name, show.settings, dates)

    def _dates_of(self, config: Config) -> Sequence[str]:
        many = self.many
        dates = self.maker.dates_of(many.words, config, many.since, many.missing, self.now)
        batch.check_settings(config)
        return dates

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
            Talk().say(f"{name}: failed (exit {outcome.exit_code}){of}: {message}")


def _print_json(
    outcomes: Sequence[Outcome], answer: Mapping[str, Any], code: int, rerun: str
) -> None:
    listed = [{**asdict(outcome), "state": outcome.state} for outcome in outcomes]
    counts = {state.replace(" ", "_"): count for state, count in counts_of(outcomes).items()}
    more = {"rerun": rerun} if rerun else {}
    options.print_json({"exit_code": code, "outcomes": listed, "counts": counts, **answer, **more})


def _print_summary(outcomes: Sequence[Outcome], answer: Mapping[str, Any], rerun: str) -> None:
    """How many ended how, what failed and why, and the command that tries again."""
    found = counts_of(outcomes).items()
    counts = [f"{count} {translated(STATES[name])}" for name, count in found if count]
    if not outcomes:
        counts = [log.one_line(answer.get("reason", "nothing is missing"))]
    options.answer(f"dates    {', '.join(counts)}")
    for name in ("feed", "shows"):
        if name in answer and Path(answer[name]).exists():
            options.answer(f"{name:<8} {answer[name]}")
    for one in (outcome for outcome in outcomes if outcome.exit_code):
        message = log.one_line(one.message)
        options.answer(f"failed   {name_of(one)}  exit {one.exit_code}: {message}")
    if rerun:
        options.answer(f"rerun    {rerun}")


def _rerun(many: Many, order: Order, outcomes: Sequence[Outcome]) -> str:
    """The command that makes again what failed, and next to nothing else."""
    words, flags = ["qjaudio", "make", *_failed_spans(outcomes)], dict[str, Any]()
    if not all(outcome.date for outcome in outcomes if outcome.exit_code):
        words = ["qjaudio", "make", *many.words]
        flags = {"since": many.since, "missing": many.missing}
    flags |= {"shows": many.shows, "cluster": many.cluster, **many.flags}
    flags |= {"force": order.force, "verify": order.verify, "dry-run": order.dry_run}
    for name, value in flags.items():
        if value is not None and value is not False:
            words += [f"--{name}"] if value is True else [f"--{name}", f"{value}"]
    return shlex.join(words)


def _failed_spans(outcomes: Sequence[Outcome]) -> list[str]:
    """The failed dates; those that stand next to each other as a range."""
    failed = {outcome.date for outcome in outcomes if outcome.exit_code}
    dates = sorted({outcome.date for outcome in outcomes if outcome.date})
    spans = [[*span] for is_one, span in itertools.groupby(dates, failed.__contains__) if is_one]
    return [span[0] if len(span) == 1 else f"{span[0]}..{span[-1]}" for span in spans]


STATES = {
    "made": "made",
    "unchanged": "unchanged",
    "dry run": "only laid out",
    "no paper": "without a paper",
    "withdrawn": "withdrawn",
    "failed": "failed",
}


class DateTalk:
    """Tells what happens to one of many dates: bars on a terminal, else nothing but remarks."""

    def __init__(self, name: str) -> None:
        """Take what the date is called."""
        self._name = name

    def say(self, text: str) -> None:
        """A line with the name of the date."""
        options.tell_as_is(log.one_line(f"· {self._name}: {translated(text)}"))

    @contextlib.contextmanager
    def step(self, text: str, total: int) -> Iterator[Callable[[], None]]:
        """A bar on a terminal."""
        if options.is_terminal():
            yield from options.progress_bar(f"{self._name} {translated(text)}", total)
        else:
            yield lambda: None


def name_of(outcome: Outcome) -> str:
    """What an outcome is about: show and date, or what is written at the end."""
    return f"{outcome.show} {outcome.date}".strip() or "feed and pages"


def counts_of(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """How many dates ended in each state."""
    found = Counter(outcome.state for outcome in outcomes if outcome.date or outcome.exit_code)
    rare = ("dry run", "withdrawn")
    return {state: found[state] for state in STATES if found[state] or state not in rare}
