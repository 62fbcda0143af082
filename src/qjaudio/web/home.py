"""The page at `/` for an output folder that has no index.html of its own."""

import re
import tomllib
from collections.abc import Sequence
from datetime import date
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from qjaudio.web.qr import svg_qr

_EPISODE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOST_EPISODES = 30  # each has a player; more make an old phone slow


@cache
def _words() -> dict[str, Any]:
    words: dict[str, Any] = tomllib.loads(
        (files("qjaudio.web") / "words.toml").read_text(encoding="utf-8")
    )["home"]
    return words


def episode_dates(root: Path) -> tuple[date, ...]:
    """The dates of the audio files in `root`, newest first; empty where it cannot be read."""
    dates = []
    for path in root.glob("*.mp3"):
        if _EPISODE.fullmatch(path.stem):
            try:
                dates.append(date.fromisoformat(path.stem))
            except ValueError:  # the 31st of a short month is no episode
                continue
    return tuple(sorted(dates, reverse=True))


def home_page(dates: Sequence[date], feed_url: str | None) -> str:
    """A small page: the address of the feed with its QR code, and a player for each episode.

    `dates` are newest first; `feed_url` is None where there is no feed or no safe address.
    """
    words = _words()
    template = (files("qjaudio.web") / "templates" / "home.html").read_text(encoding="utf-8")
    return Template(template).substitute(
        show=escape(words["show"]),
        subscribe=_subscription(feed_url) if feed_url else "",
        episodes=_episode_list(dates) if dates else f"<p>{escape(words['empty'])}</p>",
        disclosure=escape(words["disclosure"]),
    )


def _subscription(feed_url: str) -> str:
    words = _words()
    shown = escape(feed_url)
    return (
        f"<section>\n<h2>{escape(words['subscribe'])}</h2>\n"
        f"<p>{escape(words['subscribe_how'])}</p>\n"
        f'<p><a href="feed.xml"><code>{shown}</code></a></p>\n'
        f'<p class="qr">{svg_qr(feed_url, words["qr_label"])}</p>\n</section>'
    )


def _episode_list(dates: Sequence[date]) -> str:
    words = _words()
    rows = "\n".join(_episode_row(day) for day in dates[:_MOST_EPISODES])
    older = f"\n<p>{escape(words['older'])}</p>" if len(dates) > _MOST_EPISODES else ""
    listen = escape(words["listen"])
    return f"<section>\n<h2>{listen}</h2>\n<ul>\n{rows}\n</ul>{older}\n</section>"


def _episode_row(day: date) -> str:
    words = _words()
    weekday = words["weekdays"][day.weekday()]
    title = escape(
        words["date"].format(year=day.year, month=day.month, day=day.day, weekday=weekday)
    )
    return (
        f'<li><h3>{title}</h3><audio controls preload="none" aria-label="{title}" '
        f'src="{day.isoformat()}.mp3"></audio></li>'
    )
