"""`qjaudio make`."""

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
from qjaudio.episode.model import Episode
from qjaudio.errors import NoPaperError, QjaudioError, UsageError
from qjaudio.pipeline import batch, making, reading
from qjaudio.pipeline.batch import Outcome, dates_of, is_range, make_one, ranges_of
from qjaudio.pipeline.making import Order, make_day
from qjaudio.pipeline.reading import parse_date
from qjaudio.store import OutFolder

if TYPE_CHECKING:
    from qjaudio.cluster.calling import Cluster

DRY_RUN = "a dry run writes nothing"


@click.command("make")
@click.argument("dates", metavar="DATE|A..B", nargs=-1)
@options.all_of(
    options.from_option,
    options.minutes_option,
    options.voice_option,
    options.out_option,
    options.force_option,
)
@click.option("--since", metavar="DATE", help="Every date from DATE until today.")
@click.option("--missing", is_flag=True, help="Only dates without a finished episode.")
@click.option("--shows", metavar="DIR", help="Make every show in DIR: folders with a qjaudio.toml.")
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Make the dates on Dask workers: tcp://HOST:PORT or local:N.",
)
@click.option("--dry-run", is_flag=True, help="Write nothing; report length, chapters and remarks.")
@click.option("--if-new", is_flag=True, help="Exit with 0 when there is no paper or nothing new.")
@click.option(
    "--expect-by",
    metavar="HH:MM",
    help="Like --if-new, but fail (exit 4) without a paper by this time in China.",
)
@click.option(
    "--verify", is_flag=True, help="Listen to every clip with Whisper; speak unclear ones again."
)
@options.verbose_option
@options.json_option
def command(  # noqa: PLR0913, PLR0917 - the options of the design
    dates: tuple[str, ...],
    origin: str | None,
    minutes: float | None,
    voice: str | None,
    out: str | None,
    force: bool,
    since: str | None,
    missing: bool,
    shows: str | None,
    cluster: str | None,
    dry_run: bool,
    if_new: bool,
    expect_by: str | None,
    verify: bool,
    as_json: bool,
) -> int:
    """Make the episode of DATE (or today, yesterday) and update the feed.

    Of several dates, or of a range A..B with both ends, every one that has an issue is made;
    one that fails does not stop the others.

    Example: qjaudio make 2025-05-20 --from pages/page1.md
    """
    if not (dates or since or missing):
        raise click.UsageError("Missing argument 'DATE|A..B'.")
    flags = {"minutes": minutes, "voice": voice, "out": out}
    now = datetime.datetime.now(datetime.UTC)
    order = Order(
        origin=origin,
        force=force,
        verify=verify,
        dry_run=dry_run,
        may_lack=if_new,
        expect_by=reading.parse_time(expect_by) if expect_by else None,
        words=tuple(options.words_of("make")),
    )
    if since or missing or shows or cluster or len(dates) > 1 or any(map(is_range, dates)):
        many = Many(
            words=dates, since=since, missing=missing, shows=shows, flags=flags, cluster=cluster
        )
        return make_many(many, order, now, as_json=as_json)
    config = settings.load(flags)
    made = make_day(parse_date(dates[0], now), config, order, now=now, progress=Talk())
    if isinstance(made, making.NotMade):
        _tell_not_made(made, as_json=as_json)
    elif isinstance(made, making.Rehearsed):
        _print_rehearsed(made, as_json=as_json)
    elif as_json:
        options.print_json(make_answer(made))
    elif if_new and not made.fresh:
        click.echo(f"nothing made: {making.UNCHANGED}")
    else:
        click.echo(make_summary(made))
    return 0


def _tell_not_made(answer: making.NotMade, *, as_json: bool) -> None:
    if as_json:
        options.print_json({"date": answer.date, "made": False, "reason": answer.reason})
    else:
        click.echo(f"nothing made: {log.one_line(answer.reason)}")


def _print_rehearsed(rehearsed: making.Rehearsed, *, as_json: bool) -> None:
    """What the episode would be: its length and its chapters; the remarks are on stderr."""
    episode = rehearsed.episode
    if as_json:
        answer = {"date": episode.date, "made": False, "dry_run": True}
        lengths = {"duration_s": episode.duration_ms / 1000, "engine": episode.engine}
        remarks = {"remarks": list(rehearsed.remarks), "chapters": _chapters_answer(episode)}
        options.print_json({**answer, "reason": DRY_RUN, **lengths, **remarks})
        return
    minutes, seconds = divmod(round(episode.duration_ms / 1000), 60)
    rows = [f"nothing made: {DRY_RUN}", f"length   {minutes}:{seconds:02d}"]
    for chapter in episode.chapters:
        minutes, seconds = divmod(chapter.start_ms // 1000, 60)
        rows.append(f"{f'{minutes}:{seconds:02d}':>8}  {chapter.title}")
    click.echo("\n".join(map(log.one_line, rows)))


def _chapters_answer(episode: Episode) -> list[dict[str, Any]]:
    return [
        {"start_s": chapter.start_ms // 1000, "title": chapter.title, "kind": chapter.kind}
        for chapter in episode.chapters
    ]


def make_summary(made: making.Made) -> str:
    """Three lines: file, length, feed."""
    minutes, seconds = divmod(round(made.episode.duration_ms / 1000), 60)
    stories = sum(chapter.kind == "story" for chapter in made.episode.chapters)
    already = "" if made.fresh else ", nothing changed"
    voice = made.episode.engine + already
    return (
        f"episode  {made.audio}\n"
        f"length   {minutes}:{seconds:02d}, {stories} stories, voice {voice}\n"
        f"feed     {made.feed}"
    )


def make_answer(made: making.Made) -> dict[str, Any]:
    """The same for a program."""
    reason = {} if made.fresh else {"reason": making.UNCHANGED}
    return {
        "date": made.episode.date,
        "made": made.fresh,
        **reason,
        "audio": str(made.audio),
        "feed": str(made.feed),
        "duration_s": made.episode.duration_ms / 1000,
        "engine": made.episode.engine,
        "offline": made.episode.offline,
        "fresh": made.fresh,
        "clips_spoken": made.clips_spoken,
        **({"listened": made.listened} if made.listened else {}),
        "chapters": _chapters_answer(made.episode),
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
    found = batch.shows_in(folder, wish.flags)
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
        path, remarks = batch.write_front(folder, found)
    except QjaudioError as error:
        yield Outcome.failed(error)
        return
    answer["shows"] = str(path)
    for remark in remarks:
        Talk().say(remark)


def _asked_of(
    show: batch.FoundShow, wish: Many, now: datetime.datetime, maker: "_Here | Cluster"
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
