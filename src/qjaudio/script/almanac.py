"""The calendar of the opening: weekday and lunar date, calculated, to check the masthead by."""

import datetime
import re

from lunardate import LunarDate

from qjaudio.paper.model import Issue

_WEEKDAYS = "一二三四五六日"
_MONTHS = ("正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "腊")
_MONTH_NAMES = {"冬": "十一", "十二": "腊", "一": "正"}
_TENS = ("初", "十", "廿", "三")
_DIGITS = "十一二三四五六七八九"


def weekday(date: datetime.date) -> str:
    """`星期二`."""
    return f"星期{_WEEKDAYS[date.weekday()]}"


def printed_date(date: datetime.date) -> str:
    """`2025年5月20日`."""
    return f"{date.year}年{date.month}月{date.day}日"


def lunar_date(date: datetime.date) -> str:
    """The day of the farmers' calendar: `农历四月廿三`; empty outside 1900–2099."""
    try:
        day = LunarDate.from_solar_date(date.year, date.month, date.day)
    except ValueError:
        return ""
    leap = "闰" if day.is_leap_month else ""
    return f"农历{leap}{_MONTHS[day.month - 1]}月{_lunar_day(day.day)}"


def _lunar_day(day: int) -> str:
    if day in (10, 20, 30):
        return {10: "初十", 20: "二十", 30: "三十"}[day]
    return _TENS[day // 10] + _DIGITS[day % 10]


def is_same_lunar_day(first: str, second: str) -> bool:
    """Whether two printed lunar dates name one day: 农历乙巳年四月廿三 and 农历四月廿三 do."""
    return _lunar_key(first) == _lunar_key(second)


def _lunar_key(text: str) -> str:
    month, _, day = text.removeprefix("农历").rpartition("年")[2].partition("月")
    day = day.removesuffix("日").replace("廿十", "二十").replace("卅", "三十")
    day = re.sub("^廿", "二十", day)
    plain = month.removeprefix("闰")
    return f"{'闰' if month != plain else ''}{_MONTH_NAMES.get(plain, plain)}月{day}"


def calendar_differences(issue: Issue) -> tuple[str, ...]:
    """What the masthead says otherwise than the calendar, in words for the producer."""
    day = datetime.date.fromisoformat(issue.masthead.date)
    said = issue.masthead
    found = []
    if said.weekday and said.weekday != weekday(day):
        found.append(f"the masthead says {said.weekday}, the calendar {weekday(day)}")
    if said.lunar_date and not is_same_lunar_day(said.lunar_date, lunar_date(day)):
        found.append(f"the masthead says {said.lunar_date}, the calendar {lunar_date(day)}")
    return tuple(found)
