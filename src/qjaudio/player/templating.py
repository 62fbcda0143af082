"""The words and templates of the pages, and what all pages are given."""

import hashlib
import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from qjaudio import __version__
from qjaudio.episode.model import Chapter
from qjaudio.episode.titles import MOST_TITLE_CHARS, printable, shortened
from qjaudio.feed.model import FEED, Show

ARCHIVE = "archive.html"
_MOST_NAME_CHARS = 20
# Nothing from anywhere else, nothing inside the page: a title that gets through the escaping
# would still not run.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
    "form-action 'none'"
)


@cache
def words() -> dict[str, Any]:
    """The content of words.toml: all that listeners read in the player."""
    return tomllib.loads((files("qjaudio.player") / "words.toml").read_text(encoding="utf-8"))


def render(name: str, show: Show, **values: Any) -> str:
    """Fill the template of this name; all text is escaped."""
    title = shortened(printable(show.title), MOST_TITLE_CHARS)
    author = shortened(printable(show.author), MOST_TITLE_CHARS)
    titles = {"show_title": title or words()["site"]["app"], "author": author}
    return str(_load_template(name).render(titles | values))


@cache
def _load_template(name: str) -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("qjaudio.player"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals |= {"words": words(), "policy": _POLICY, "feed": FEED, "archive": ARCHIVE}
    return environment.get_template(name)


@cache
def program_fingerprint() -> str:
    """The fingerprint of all that shapes a page beside the episode and the show.

    It is made of the release and of this package's own code, templates and words, so that an
    upgrade, or a change by a developer, makes every page anew.
    """
    digest = hashlib.sha256(__version__.encode())
    package = files("qjaudio.player")
    for folder in (package, package / "templates"):
        for file in sorted(folder.iterdir(), key=lambda file: file.name):
            if file.name.endswith((".py", ".html", ".toml")):
                digest.update(f"\0{file.name}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def day_text(iso_date: str) -> str:
    """The day without its year: `5月20日`."""
    return _date_text("day", iso_date)


def long_day_text(iso_date: str) -> str:
    """The whole date: `2025年5月20日`."""
    return _date_text("long_day", iso_date)


def month_text(iso_date: str) -> str:
    """The month with its year: `2025年5月`."""
    return _date_text("month", iso_date)


def _date_text(name: str, iso_date: str) -> str:
    when = date.fromisoformat(iso_date)
    return str(words()[name].format(year=when.year, month=when.month, day=when.day))


def weekday_text(iso_date: str) -> str:
    """The day of the week: `星期二`."""
    return str(words()["weekdays"][date.fromisoformat(iso_date).weekday()])


def length_text(milliseconds: int) -> str:
    """A length to the second: `53秒`, `2分`, `1分5秒`."""
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    name = "seconds" if not minutes else "minutes_seconds" if seconds else "minutes"
    return str(words()[name].format(minutes=minutes, seconds=seconds))


def rough_length_text(milliseconds: int) -> str:
    """A length to the minute, at least one: `约6分钟`."""
    return str(words()["about_minutes"].format(minutes=max(1, round(milliseconds / 60_000))))


def with_dots(*parts: str) -> str:
    """The parts that say something, with dots between."""
    return str(words()["between"]).join(part for part in parts if part)


def story_facts(chapter: Chapter) -> str:
    """Page, reporters and length of a story, where the paper gives them."""
    page = words()["page"].format(page=chapter.page) if chapter.page is not None else ""
    names = [shortened(name, _MOST_NAME_CHARS) for name in map(printable, chapter.byline) if name]
    byline = words()["byline"].format(names=words()["names_between"].join(names)) if names else ""
    return with_dots(page, byline, length_text(chapter.end_ms - chapter.start_ms))
