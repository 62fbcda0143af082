"""Days and times of a daily: which day a word means, when a paper is due. All pure."""

import datetime
import re
from dataclasses import dataclass

from qjaudio.config import Config
from qjaudio.errors import UsageError

CHINA = datetime.timezone(datetime.timedelta(hours=8), "Asia/Shanghai")
"""The time of the paper: all of China has one, without daylight saving since 1991."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAMED_DAYS = {"today": 0, "yesterday": 1}
"""Words for a date, and how many days ago it is in China."""
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_LONGEST_BREAK_DAYS = 366


def named_day(word: str, now: datetime.datetime) -> datetime.date | None:
    """The date of `today` or `yesterday` in China at the moment `now`; None for other words."""
    if word not in NAMED_DAYS:
        return None
    return now.astimezone(CHINA).date() - datetime.timedelta(days=NAMED_DAYS[word])


def parse_time(text: str) -> datetime.time:
    """A time of day: `6:30`, `09:00`.

    Raises:
        UsageError: it is none.
    """
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise UsageError(f"{text!r} is no time of day", hint="write hours and minutes: 09:00")
    return datetime.time(int(found[1]), int(found[2]))


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperDays:
    """On which days the paper appears."""

    weekdays: frozenset[int] = frozenset(range(7))
    """Monday is 0."""
    breaks: tuple[tuple[datetime.date, datetime.date], ...] = ()
    """Holidays without a paper: first and last day of each."""

    def has(self, day: datetime.date) -> bool:
        """Whether a paper is to be expected that day."""
        on_break = any(first <= day <= last for first, last in self.breaks)
        return day.weekday() in self.weekdays and not on_break


def paper_days(config: Config) -> PaperDays:
    """The days of the settings: `days = "mon-fri"`, `no_paper = "2026-10-01..2026-10-07"`.

    Raises:
        UsageError: one of the two says no days.
    """
    return PaperDays(weekdays=_weekdays(config.days), breaks=_breaks(config.no_paper))


def is_late(
    day: datetime.date, expect_by: datetime.time, now: datetime.datetime, days: PaperDays
) -> bool:
    """Whether the paper of `day` should have been there at `now`; never on a day without one."""
    due = datetime.datetime.combine(day, expect_by, tzinfo=CHINA)
    return days.has(day) and now >= due


def _weekdays(text: str) -> frozenset[int]:
    """`mon-fri, sun`; also `sat-mon`, and numbers from 1 for Monday: `1-5`."""
    if not text.strip():
        return frozenset(range(7))
    found: set[int] = set()
    for part in re.split(r"[,\s、，]+", text.strip().lower()):
        first, dash, last = re.sub("[–—~]", "-", part).partition("-")
        begin, end = _weekday(first), _weekday(last if dash else first)
        if begin is None or end is None:
            raise UsageError(f"days = {text!r}: {part!r} is no day", hint='write days = "mon-fri"')
        found |= {(begin + step) % 7 for step in range((end - begin) % 7 + 1)}
    return frozenset(found)


def _weekday(word: str) -> int | None:
    if word in ("1", "2", "3", "4", "5", "6", "7"):
        return int(word) - 1
    return WEEKDAYS.index(word[:3]) if len(word) >= 3 and word[:3] in WEEKDAYS else None


def _breaks(text: str) -> tuple[tuple[datetime.date, datetime.date], ...]:
    found = []
    for part in re.split(r"[,\s、，]+", text.strip()):
        if not part:
            continue
        first, _, last = part.partition("..")
        try:
            begin = datetime.date.fromisoformat(first)
            end = datetime.date.fromisoformat(last or first)
        except ValueError:
            begin, end = datetime.date.max, datetime.date.min
        if not 0 <= (end - begin).days <= _LONGEST_BREAK_DAYS:
            raise UsageError(
                f"no_paper: {part!r} is no day and no time between two days",
                hint='write no_paper = "2026-02-17, 2026-10-01..2026-10-07"',
            )
        found.append((begin, end))
    return tuple(found)


def parse_date(text: str, now: datetime.datetime | None = None) -> datetime.date:
    """The date that a user typed, ISO 8601; with `now` also `today` and `yesterday` in China.

    Raises:
        UsageError: it is none.
    """
    named = named_day(text, now) if now else None
    if named:
        return named
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"{text!r} is no date", hint="write year-month-day, for example 2025-05-20, or today"
        ) from error


def looks_like_date(text: str) -> bool:
    """Whether a word on the command line is meant as a date."""
    if text in NAMED_DAYS:
        return True
    return len(text) == len("2025-05-20") and text[4] == text[7] == "-" and text[:4].isdigit()
