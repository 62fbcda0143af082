"""Many dates, and many shows: which they are, and how each ends; none of them stops the others."""

import dataclasses
import datetime
import os
import re
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

from qjaudio import errors, store
from qjaudio.config import FILE, Config, load_show
from qjaudio.episode.model import Episode
from qjaudio.errors import NoPaperError, QjaudioError, UsageError
from qjaudio.feed.model import FEED, ascii_url
from qjaudio.feed.rss import ListedShow, opml
from qjaudio.pipeline import catalogue, freshness, locking, publishing, reading, review, voicing
from qjaudio.pipeline.lexicons import lexicon_of
from qjaudio.pipeline.making import DRAFT, UNCHANGED, NotMade, Order, Rehearsed, make_day
from qjaudio.pipeline.publishing import check_replaces_nothing, write_static
from qjaudio.pipeline.reading import dates_with_issue, is_date, parse_date
from qjaudio.pipeline.reporting import Progress, Remarks
from qjaudio.player.pages import OPML, shows_page, shows_title

DOTS = ".."
MOST_DAYS = 36_600
"""A hundred years: a longer range is a slip of the finger."""

Range = tuple[datetime.date, datetime.date]


def is_range(word: str) -> bool:
    """Whether a word means more than one date; `../pages` is a path."""
    return DOTS in word and not re.search(r"[/\\]", word)


def parse_range(word: str, now: datetime.datetime) -> Range:
    """First and last day of `2024-01-01..2024-12-31`, or of a date; UsageError: no such range."""
    first, dots, last = word.partition(DOTS) if is_range(word) else (word, "", "")
    begin = parse_date(first.strip(), now)
    end = parse_date(last.strip(), now) if dots else begin
    if end < begin:
        reason = f"{word} ends before it begins"
        raise UsageError(reason, hint=f"write the earlier day first: {end}{DOTS}{begin}")
    if (end - begin).days >= MOST_DAYS:
        raise UsageError(f"{word} is longer than a century", hint="check the years")
    return begin, end


def ranges_of(words: Sequence[str], since: str | None, now: datetime.datetime) -> list[Range]:
    """The ranges that are named, with issues or not; UsageError where a word is none."""
    ranges = [parse_range(word, now) for word in words]
    return [*ranges, _until_today(since, now)] if since else ranges


def dates_of(
    words: Sequence[str], config: Config, since: str | None, missing: bool, now: datetime.datetime
) -> tuple[str, ...]:
    """The dates to be made, oldest first, each once.

    `words` are dates and ranges, `since` the first day of a range until today in China. Of a range
    those days are taken that have pages in `issues/`, and with a site those until today on which
    the paper is to be expected (`days`, `no_paper`): only asking it shows whether there was one.
    A date that is named itself is always taken. `missing` leaves those out that are finished; with
    no other word it means everything from the first date that is known.

    Raises:
        UsageError: a word is not a date and no range, or nothing says where to begin.
        NoPaperError: there is no issue in all of the batch.
    """
    ranges = ranges_of(words, since, now)
    there = local_dates(config)
    if not ranges:
        ranges.append(_everything(there, config, now))
    found = {date for one in ranges for date in _in_range(one, there, config, now)}
    found |= {parse_date(word, now).isoformat() for word in words if not is_range(word)}
    if not found:
        raise _no_issue(ranges, config)
    if missing:
        out = config.output
        waiting = out.drafts.dates() if config.review != "none" else ()
        found = {date for date in found if not catalogue.finished_episode(out, date, config)}
        found -= {*waiting, *catalogue.withdrawn_dates(out)}
    return tuple(sorted(found))


def local_dates(config: Config) -> tuple[str, ...]:
    """The dates that have pages in `issues/`, oldest first."""
    return tuple(sorted(filter(is_date, dates_with_issue(Path(config.issues)))))


def _until_today(since: str, now: datetime.datetime) -> Range:
    begin, today = parse_date(since, now), _today(now)
    if begin > today:
        reason = f"--since {since}: that day has not come yet"
        raise UsageError(reason, hint=f"today is {today} in China")
    return begin, today


def _today(now: datetime.datetime) -> datetime.date:
    return now.astimezone(reading.CHINA).date()


def _everything(there: Sequence[str], config: Config, now: datetime.datetime) -> Range:
    """From the first date that is known until today, or to the last one with pages."""
    known = sorted([*there, *config.output.dates()])
    if known:
        first, last = (datetime.date.fromisoformat(known[at]) for at in (0, -1))
        return first, max(last, _today(now))
    if config.epaper:
        reason = "nothing says where the missing dates begin"
        raise UsageError(reason, hint="give a range, or --since DATE")
    reason = f"there is no issue in {config.issues}/"
    raise NoPaperError(reason, hint="put the pages of a day into a folder there")


def _in_range(
    wanted: Range, there: Sequence[str], config: Config, now: datetime.datetime
) -> Iterator[str]:
    begin, end = wanted
    yield from (date for date in there if begin.isoformat() <= date <= end.isoformat())
    count = (min(end, _today(now)) - begin).days + 1 if config.epaper else 0
    days = (begin + datetime.timedelta(days=number) for number in range(count))
    yield from (day.isoformat() for day in days if config.paper_days.has(day))


def _no_issue(ranges: Sequence[Range], config: Config) -> NoPaperError:
    begin, end = min(first for first, _ in ranges), max(last for _, last in ranges)
    place = "on the site" if config.epaper else f"in {config.issues}/"
    reason = f"no issue from {begin} to {end} {place}"
    return NoPaperError(reason, hint="check the years, and the setting issues")


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
    dry_run: bool = False
    """Whether it was only laid out, in a dry run: `duration_s` is what it would have."""
    withdrawn: bool = False
    """Whether nothing was made because the edition is withdrawn."""

    @classmethod
    def failed(cls, error: QjaudioError, *, date: str = "", show: str = "") -> "Outcome":
        """What an error makes of a date; without one, of the show or of its feed."""
        code, busy = error.exit_code, isinstance(error, locking.BusyError)
        said, hint = str(error), error.hint
        return cls(date=date, show=show, exit_code=code, message=said, hint=hint, busy=busy)

    @classmethod
    def unchanged(cls, former: Episode, *, show: str = "") -> "Outcome":
        """That of a date whose finished episode needs no look."""
        length = former.duration_ms / 1000
        return cls(date=former.date, show=show, made=True, duration_s=length, message=UNCHANGED)

    @property
    def state(self) -> str:
        """`failed`, `dry run`, `withdrawn`, `made`, `unchanged` or `no paper`."""
        if self.exit_code:
            return "failed"
        if self.dry_run:
            return "dry run"
        if self.withdrawn:
            return "withdrawn"
        return "made" if self.fresh else "unchanged" if self.made else "no paper"


def make_one(
    date: str,
    config: Config,
    order: Order,
    *,
    now: datetime.datetime,
    progress: Progress,
    show: str = "",
) -> Outcome:
    """Make the episode of one date; whatever goes wrong, be it a bug, becomes part of the outcome.

    A day without a paper is not a failure, unless the order has an `expect_by`. An episode that was
    found finished by an earlier call, and whose pages and settings look the same, is not looked
    into. Feed and pages are left to the caller, except before an episode is *replaced*.
    """
    began = time.monotonic()
    try:
        order = dataclasses.replace(order, may_lack=True, publish=False)
        outcome = _make_date(datetime.date.fromisoformat(date), config, order, now, progress)
    except Exception as error:  # one broken date must not stop a year
        known = error if isinstance(error, QjaudioError) else errors.of_the_system(error)
        log = config.output.stage(date, "run.log")
        bug = QjaudioError(
            f"a bug in qjaudio: {type(error).__name__}: {error}", hint=f"please send us {log}"
        )
        there = catalogue.finished_episode(config.output, date, config) is not None
        outcome = dataclasses.replace(Outcome.failed(known or bug, date=date), made=there)
    return dataclasses.replace(outcome, show=show, seconds=round(time.monotonic() - began, 3))


def _make_date(
    day: datetime.date, config: Config, order: Order, now: datetime.datetime, progress: Progress
) -> Outcome:
    out, date = config.output, day.isoformat()
    asks = order.origin or order.verify or order.dry_run
    looks = None if asks else freshness.fingerprint_of_looks(day, config, now, force=order.force)
    former = catalogue.finished_episode(out, date, config)
    if former and freshness.is_remembered(out, date, looks):
        return Outcome.unchanged(former)
    known = Outcome(date=date, made=former is not None)
    made = make_day(day, config, order, now=now, progress=progress)
    if isinstance(made, NotMade):
        length = former.duration_ms / 1000 if former else 0.0
        gone, why = made.withdrawn, made.reason
        return dataclasses.replace(known, duration_s=length, message=why, withdrawn=gone)
    length = made.episode.duration_ms / 1000
    if isinstance(made, Rehearsed):
        return dataclasses.replace(known, dry_run=True, duration_s=length)
    freshness.remember(out, date, looks)
    told = DRAFT if made.draft else "" if made.fresh else UNCHANGED
    return Outcome(date=date, made=True, fresh=made.fresh, duration_s=length, message=told)


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
    make: Callable[[str], Outcome],
    publish: Callable[[], None],
    *,
    clock: Callable[[], float] = time.monotonic,
) -> Generator[Outcome, None, None]:
    """Make each date with `make` and yield how it ended; `publish` writes feed and pages.

    A date that another run is making comes again at the end: by then that run has finished it, or
    has died. Between two episodes `publish` is called where it is worth it, and at the end in any
    case, also when the caller is stopped; an error of the last call is an outcome without a date.
    """
    ended = cost = 0.0
    later = list[str]()
    try:
        for date in chain(dates, later):
            outcome = make(date)
            if outcome.busy and date not in later:
                later.append(date)
                continue
            if outcome.fresh and clock() - ended >= FEED_SHARE * cost:
                began = clock()
                attempt(publish)
                ended = clock()
                cost = ended - began
            yield outcome
    finally:
        failure = attempt(publish)
    if failure:
        yield failure


def check_settings(config: Config) -> None:
    """Raise UsageError before the first date for what would stop every one of them."""
    voicing.cast_of(config, voicing.chain_of(config))
    lexicon_of(config)


def feed_writer(config: Config, tell: locking.Tell = locking.tell_nobody) -> Callable[[], None]:
    """What writes feed and pages of a show, unless it has nothing to publish yet."""
    out = config.output

    def write() -> None:
        now = datetime.datetime.now(datetime.UTC)
        review.Review(config=config, now=now, progress=Remarks(tell)).publish_due()
        if out.dates():
            publishing.publish_feed(out, config, tell=tell)

    return write


def attempt(publish: Callable[[], None]) -> Outcome | None:
    """Write feed and pages; what went wrong, if anything did."""
    try:
        publish()
    except QjaudioError as error:
        return Outcome.failed(error)
    return None


def exit_code_of(outcomes: Sequence[Outcome]) -> int:
    """That of the first failure, in the order of show and date; 0 where all is well."""
    return next((one.exit_code for one in outcomes if one.exit_code), 0)


FRONT = "out"
"""The folder for page and OPML; like every `out` it holds nothing that a web host must not show."""
_STATIC = ("player.css", "player.js", "icon.svg", "apple-touch-icon.png")
_PAGE = "index.html"


@dataclass(frozen=True, slots=True)
class FoundShow:
    """A show's folder with its settings, or with what is wrong with them."""

    name: str
    settings: Config | QjaudioError


def shows_in(folder: Path, flags: Mapping[str, Any]) -> tuple[FoundShow, ...]:
    """The shows in a folder, by name: each folder there that has a qjaudio.toml.

    A show whose settings are wrong is found, too: the others are made without it.

    Raises:
        UsageError: there is none, the folder is a show itself, or two shows share what must be
            each one's own.
    """
    if (folder / FILE).is_file():
        reason = f"{folder} is a show itself: it has a {FILE}"
        raise UsageError(reason, hint="give --shows the folder that holds a folder for each show")
    try:
        files_found = sorted(folder.glob(f"*/{FILE}"))
    except OSError as error:
        raise errors.unreadable(folder, error, "check --shows") from error
    found = [_found(path.parent, flags) for path in files_found if path.parent.name[0] != "."]
    if not found:
        reason = f"no show in {folder}: no folder there has a {FILE}"
        raise UsageError(reason, hint="make a folder for each paper, with its settings in it")
    _check_apart(found)
    return tuple(found)


def _found(folder: Path, flags: Mapping[str, Any]) -> FoundShow:
    try:
        return FoundShow(folder.name, load_show(folder, flags))
    except QjaudioError as error:
        return FoundShow(folder.name, error)


def _check_apart(shows: Sequence[FoundShow]) -> None:
    """Refuse two shows in one output folder, or under one address: one would undo the other."""
    seen: dict[tuple[str, str], str] = {}
    for show in shows:
        if isinstance(show.settings, QjaudioError):
            continue
        own = {"out": str(show.settings.out_folder.resolve()), "base_url": show.settings.base_url}
        for name, value in own.items():
            other = seen.setdefault((name, value), show.name) if value else show.name
            if other != show.name:
                raise UsageError(
                    f"{other} and {show.name} have the same {name}",
                    hint=f"give each its own in its {FILE}; unset QJAUDIO_{name.upper()}",
                )


def write_front(folder: Path, shows: Sequence[FoundShow]) -> tuple[Path, tuple[str, ...]]:
    """Write the list of shows; returns the OPML's path and remarks for the producer.

    Private shows and those without an episode are not in it. One without a base_url has addresses
    there that hold where the whole folder is served.

    Raises:
        NotWritableError, UsageError: the folder cannot be written, or holds somebody else's page.
    """
    root = folder / FRONT
    listed, remarks = [], []
    for show in shows:
        if isinstance(show.settings, QjaudioError):
            continue
        if show.settings.key:
            remarks.append(f"{show.name} is private (key): not in {OPML}")
        elif one := _list_show(show.settings, root):
            listed.append(one)
            if not show.settings.base_url:
                remarks.append(f"{show.name} has no base_url: no app can use its line of {OPML}")
    check_replaces_nothing(root, (_PAGE,), is_ours=(root / OPML).exists())
    store.write_text(root / OPML, opml(shows_title(), listed))
    write_static(root, _STATIC)
    store.write_text(root / _PAGE, shows_page(listed))
    return root / OPML, tuple(remarks)


def _list_show(config: Config, root: Path) -> ListedShow | None:
    """What the feed of a show says of it; None where no episode is in it."""
    out = config.output
    newest = catalogue.newest_episode(out, config)
    channel = _channel(out.feed)
    if newest is None or channel is None:
        return None
    base = ascii_url(config.base_url) or quote(os.path.relpath(out.root, root) + "/")
    return ListedShow(
        title=channel.findtext("title", ""),
        description=channel.findtext("description", ""),
        feed_url=f"{base}{FEED}",
        page_url=f"{base}{_PAGE}",
        newest=newest.date,
        headline=next((c.title for c in newest.chapters if c.kind == "story"), ""),
        episodes=len(out.dates()),
    )


def _channel(feed: Path) -> ET.Element | None:
    try:
        return ET.parse(feed).getroot().find("channel")  # noqa: S314 - our own file
    except (OSError, ET.ParseError):
        return None
