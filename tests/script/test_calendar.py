"""The calendar of the opening."""

import datetime

import pytest

from qjaudio.script.compose import is_same_lunar_day, lunar_date, printed_date, weekday


@pytest.mark.parametrize(
    ("day", "day_of_week", "lunar"),
    [
        ("2025-05-20", "星期二", "农历四月廿三"),
        ("2024-02-10", "星期六", "农历正月初一"),
        ("2025-01-28", "星期二", "农历腊月廿九"),
        ("2023-03-22", "星期三", "农历闰二月初一"),
        ("2024-12-30", "星期一", "农历十一月三十"),
        ("2024-10-12", "星期六", "农历九月初十"),
        ("2024-10-22", "星期二", "农历九月二十"),
    ],
)
def test_days_known_from_the_calendar(day: str, day_of_week: str, lunar: str) -> None:
    """Weekday and lunar day are those of the"""
    date = datetime.date.fromisoformat(day)
    assert (day_of_week, lunar) == (weekday(date), lunar_date(date))


def test_a_date_is_written_without_zeros() -> None:
    """2025年5月9日, as papers print it."""
    assert "2025年5月9日" == printed_date(datetime.date(2025, 5, 9))


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("农历乙巳年四月廿三", "农历四月廿三", True),
        ("甲辰年十二月初八", "农历腊月初八", True),
        ("农历冬月初一", "农历十一月初一", True),
        ("农历一月十五", "农历正月十五", True),
        ("农历四月二十三", "农历四月廿三", True),
        ("农历四月廿十", "农历四月二十", True),
        ("农历四月廿", "农历四月二十", True),
        ("农历四月卅", "农历四月三十", True),
        ("农历四月二十", "农历四月廿一", False),
        ("农历闰六月初一", "农历六月初一", False),
        ("农历四月廿二", "农历四月廿三", False),
    ],
)
def test_lunar_days_are_compared_by_what_they_mean(first: str, second: str, same: bool) -> None:
    """The year's name and other names of a month don't count, a leap month does."""
    assert same == is_same_lunar_day(first, second)
