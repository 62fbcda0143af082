"""Which dates a command means: a date, a range, all since a day, those that are missing."""

import datetime
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from qjaudio.config import Config
from qjaudio.errors import UsageError
from qjaudio.pipeline import publishing, scheduling
from qjaudio.pipeline.reading import parse_date
from qjaudio.sources.model import NoPaperError
from qjaudio.store import OutFolder

DOTS = ".."
MOST_DAYS = 36_600
"""A hundred years: a longer range is a slip of the finger."""
_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})(\..*)?")

Range = tuple[datetime.date, datetime.date]


def is_range(word: str) -> bool:
    """Whether a word means more than one date."""
    return DOTS in word


def parse_range(word: str, now: datetime.datetime) -> Range:
    """First and last day of `2024-01-01..2024-12-31`, or of a single date; both ends included.

    Raises:
        UsageError: it is neither, ends before it begins, or is longer than a century.
    """
    first, dots, last = word.partition(DOTS)
    begin = parse_date(first.strip(), now)
    end = parse_date(last.strip(), now) if dots else begin
    if end < begin:
        raise UsageError(
            f"{word} ends before it begins", hint=f"write the earlier day first: {end}{DOTS}{begin}"
        )
    if (end - begin).days >= MOST_DAYS:
        raise UsageError(f"{word} is longer than a century", hint="check the years")
    return begin, end


def ranges_of(words: Sequence[str], since: str | None, now: datetime.datetime) -> list[Range]:
    """The ranges that are named, whether there are issues in them or not.

    Raises:
        UsageError: a word is no date and no range, or `since` has not come yet.
    """
    ranges = [parse_range(word, now) for word in words]
    return [*ranges, _until_today(since, now)] if since else ranges


def dates_of(
    words: Sequence[str],
    config: Config,
    since: str | None,
    missing: bool,
    now: datetime.datetime,
) -> tuple[str, ...]:
    """The dates to be made, oldest first, each once.

    `words` are dates and ranges, `since` the first day of a range until today in China. Of a range
    those days are taken that have pages in `issues/`, and with a site those until today on which
    the paper is to be expected (`days`, `no_paper`): only asking it shows whether there was one.
    A date that is named itself is always taken. `missing` leaves those out that are finished; with
    no other word it means everything from the first date that is known.

    Raises:
        UsageError: a word is no date and no range, or nothing says where to begin.
        NoPaperError: there is no issue in all of the ranges.
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
        out = OutFolder(config.out_folder)
        found = {date for date in found if not publishing.finished_episode(out, date)}
    return tuple(sorted(found))


def local_dates(config: Config) -> tuple[str, ...]:
    """The dates that have pages in `issues/`, oldest first."""
    try:
        with os.scandir(config.issues) as entries:
            names = [(entry.name, entry.path) for entry in entries]
    except OSError:
        return ()
    found = {match[1] for name, path in names if (match := _NAME.fullmatch(name)) and _holds(path)}
    return tuple(sorted(date for date in found if _is_date(date)))


def _holds(path: str) -> bool:
    """Whether it is a file, or a folder with one: somebody has begun to fill it."""
    folder = Path(path)
    try:
        return not folder.is_dir() or any(not one.name.startswith(".") for one in folder.iterdir())
    except OSError:  # not allowed: whoever reads it will say so
        return True


def _is_date(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _until_today(since: str, now: datetime.datetime) -> Range:
    begin, today = parse_date(since, now), _today(now)
    if begin > today:
        raise UsageError(
            f"--since {since}: that day has not come yet", hint=f"today is {today} in China"
        )
    return begin, today


def _today(now: datetime.datetime) -> datetime.date:
    return now.astimezone(scheduling.CHINA).date()


def _everything(there: Sequence[str], config: Config, now: datetime.datetime) -> Range:
    """From the first date that is known until today, or to the last one with pages."""
    known = sorted([*there, *OutFolder(config.out_folder).dates()])
    if known:
        first, last = (datetime.date.fromisoformat(known[at]) for at in (0, -1))
        return first, max(last, _today(now))
    if config.epaper:
        raise UsageError(
            "nothing says where the missing dates begin", hint="give a range, or --since DATE"
        )
    raise NoPaperError(
        f"there is no issue in {config.issues}/", hint="put the pages of a day into a folder there"
    )


def _in_range(
    days: Range, there: Sequence[str], config: Config, now: datetime.datetime
) -> Iterator[str]:
    begin, end = days
    yield from (date for date in there if begin.isoformat() <= date <= end.isoformat())
    if not config.epaper:
        return
    expected = scheduling.paper_days(config)
    for number in range((min(end, _today(now)) - begin).days + 1):
        day = begin + datetime.timedelta(days=number)
        if expected.has(day):
            yield day.isoformat()


def _no_issue(ranges: Sequence[Range], config: Config) -> NoPaperError:
    begin, end = min(first for first, _ in ranges), max(last for _, last in ranges)
    place = "on the site" if config.epaper else f"in {config.issues}/"
    return NoPaperError(
        f"no issue from {begin} to {end} {place}", hint="check the years, and the setting issues"
    )
