"""The page at `/` for an output folder that has no index.html of its own."""

import re
import tomllib
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from qjaudio.web.qr import svg_qr

_EPISODE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MAX_EPISODES = 30  # each has a player; more make an old phone slow


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
    template = _load_home_template()
    words = template.globals["words"]
    return str(
        template.render(
            feed_url=feed_url,
            qr=svg_qr(feed_url, words["qr_label"]) if feed_url else "",
            dates=dates[:_MAX_EPISODES],
            has_older=len(dates) > _MAX_EPISODES,
        )
    )


@cache
def _load_home_template() -> Any:
    from jinja2 import Environment, StrictUndefined

    package = files("qjaudio.web")
    words = tomllib.loads((package / "words.toml").read_text(encoding="utf-8"))["home"]
    environment = Environment(autoescape=True, trim_blocks=True, undefined=StrictUndefined)
    environment.globals["words"] = words
    page = (package / "templates" / "home.html").read_text(encoding="utf-8")
    return environment.from_string(page)
