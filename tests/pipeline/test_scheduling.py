"""Which day it is in China, and on which days a paper is due."""

import datetime

import pytest

from qjaudio.config import Config, PaperDays, load_without_file
from qjaudio.errors import UsageError
from qjaudio.pipeline.reading import CHINA, is_late, parse_date, parse_time

MONDAY = datetime.date(2026, 11, 23)


def at(hour: int, minute: int = 0, zone: datetime.tzinfo = CHINA) -> datetime.datetime:
    return datetime.datetime(2026, 11, 23, hour, minute, tzinfo=zone)


def test_today_is_that_of_china() -> None:
    """Half past ten in the evening in Greenwich is the next morning there, wherever we run."""
    evening = at(22, 30, datetime.UTC)
    assert datetime.date(2026, 11, 24) == parse_date("today", evening)
    assert MONDAY == parse_date("yesterday", evening)
    assert MONDAY == parse_date("today", at(15, 59, datetime.UTC))
    with pytest.raises(UsageError):
        parse_date("tomorrow", evening)


@pytest.mark.parametrize(
    ("days", "wanted"),
    [
        ("", {0, 1, 2, 3, 4, 5, 6}),
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("1-5", {0, 1, 2, 3, 4}),
        ("Mon–Fri, Sunday", {0, 1, 2, 3, 4, 6}),
        ("sat-mon", {5, 6, 0}),
        ("tue thu", {1, 3}),
        ("7", {6}),
    ],
)
def test_days_are_understood(days: str, wanted: set[int]) -> None:
    """Names and numbers, ranges that may pass the week's end, in any order."""
    assert wanted == Config(days=days).paper_days.weekdays


@pytest.mark.parametrize("days", ["mo-fr", "0-5", "mon-", "weekdays", "8"])
def test_days_that_are_none_are_refused(days: str) -> None:
    """A slip is told with the words to write."""
    with pytest.raises(UsageError) as caught:
        load_without_file({"days": days}, {})
    assert "mon-fri" in caught.value.hint


def test_holidays_have_both_ends() -> None:
    """A day alone, and a range with its first and last day."""
    days = Config(no_paper="2026-02-17, 2026-10-01..2026-10-07").paper_days
    around = [datetime.date(2026, 9, 30) + datetime.timedelta(n) for n in range(9)]
    assert [True, *[False] * 7, True] == [days.has(day) for day in around]
    assert not days.has(datetime.date(2026, 2, 17))


@pytest.mark.parametrize("days", ["2026-02-30", "2026-10-07..2026-10-01", "2026-10", "x..y"])
def test_holidays_that_are_none_are_refused(days: str) -> None:
    """A day that does not exist, an end before its beginning."""
    with pytest.raises(UsageError, match="no_paper"):
        load_without_file({"no_paper": days}, {})


def test_late_is_from_the_minute_on() -> None:
    """A minute before nothing is late, at the minute it is; in China's time, not the machine's."""
    nine = datetime.time(9, 0)
    assert not is_late(MONDAY, nine, at(8, 59), PaperDays())
    assert is_late(MONDAY, nine, at(9), PaperDays())
    assert is_late(MONDAY, nine, at(1, 0, datetime.UTC), PaperDays())
    assert not is_late(MONDAY, nine, at(0, 59, datetime.UTC), PaperDays())


def test_nothing_is_late_on_a_day_without_a_paper() -> None:
    """On the weekend of a paper that rests, at any hour, and for days to come."""
    weekdays = Config(days="tue-sun").paper_days
    assert not is_late(MONDAY, datetime.time(9), at(23), weekdays)
    assert not is_late(datetime.date(2026, 11, 24), datetime.time(9), at(23), PaperDays())


@pytest.mark.parametrize("text", ["9", "24:00", "9:60", "09.00", "-1:00", "09:00:00"])
def test_times_that_are_none_are_refused(text: str) -> None:
    """Hours and minutes, nothing else."""
    assert datetime.time(9, 5) == parse_time("9:05")
    with pytest.raises(UsageError):
        parse_time(text)
