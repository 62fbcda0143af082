"""Dates, lengths and other words of the player, as listeners read them."""

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from qjaudio.episode.model import Chapter
from qjaudio.episode.titles import printable, shortened

_MOST_NAME_CHARS = 20


@cache
def words() -> dict[str, Any]:
    """The content of words.toml."""
    return tomllib.loads((files("qjaudio.player") / "words.toml").read_text(encoding="utf-8"))


def day(iso_date: str) -> str:
    """`5月20日`."""
    return _dated("day", iso_date)


def long_day(iso_date: str) -> str:
    """`2025年5月20日`."""
    return _dated("long_day", iso_date)


def month(iso_date: str) -> str:
    """`2025年5月`."""
    return _dated("month", iso_date)


def weekday(iso_date: str) -> str:
    """`星期二`."""
    return str(words()["weekdays"][date.fromisoformat(iso_date).weekday()])


def _dated(name: str, iso_date: str) -> str:
    when = date.fromisoformat(iso_date)
    return str(words()[name].format(year=when.year, month=when.month, day=when.day))


def length(milliseconds: int) -> str:
    """A length to the second: `53秒`, `2分`, `1分5秒`."""
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    name = "seconds" if not minutes else "minutes_seconds" if seconds else "minutes"
    return str(words()[name].format(minutes=minutes, seconds=seconds))


def about(milliseconds: int) -> str:
    """A length to the minute, at least one: `约6分钟`."""
    return str(words()["about_minutes"].format(minutes=max(1, round(milliseconds / 60_000))))


def joined(*parts: str) -> str:
    """The parts that say something, with dots between."""
    return str(words()["between"]).join(part for part in parts if part)


def story_facts(chapter: Chapter) -> str:
    """Page, reporters and length of a story, where the paper gives them."""
    page = words()["page"].format(page=chapter.page) if chapter.page is not None else ""
    names = [shortened(name, _MOST_NAME_CHARS) for name in map(printable, chapter.byline) if name]
    byline = words()["byline"].format(names=words()["names_between"].join(names)) if names else ""
    return joined(page, byline, length(chapter.end_ms - chapter.start_ms))
