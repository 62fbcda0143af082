"""The templates of the pages, and what all of them are given."""

from functools import cache
from importlib.resources import files
from typing import Any

from qjaudio.episode.titles import MOST_TITLE_CHARS, printable, shortened
from qjaudio.feed.model import FEED, Show
from qjaudio.player import wording

ARCHIVE = "archive.html"
# Nothing from anywhere else, nothing inside the page: a title that gets through the escaping
# would still not run.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
    "form-action 'none'"
)


def filled(name: str, show: Show, **facts: Any) -> str:
    """The template of this name with the facts in it; all text is escaped."""
    title = shortened(printable(show.title), MOST_TITLE_CHARS)
    author = shortened(printable(show.author), MOST_TITLE_CHARS)
    titles = {"show_title": title or wording.words()["site"]["app"], "author": author}
    return str(_template(name).render(titles | facts))


@cache
def _template(name: str) -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("qjaudio.player"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals |= {"words": wording.words(), "policy": _POLICY, "feed": FEED}
    environment.globals |= {"wording": wording, "archive": ARCHIVE}
    return environment.get_template(name)


@cache
def edition() -> str:
    """All that shapes an episode's page beside the episode and the show: templates and words."""
    folder = files("qjaudio.player")
    parts = [folder / "templates" / name for name in ("base.html", "episode.html")]
    texts = [part.read_text(encoding="utf-8") for part in (*parts, folder / "words.toml")]
    return "\n".join([*texts, _POLICY])
