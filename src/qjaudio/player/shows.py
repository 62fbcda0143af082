"""The page that lists all shows of a house."""

from collections.abc import Mapping, Sequence

from qjaudio.episode.titles import printable, shortened
from qjaudio.feed.model import Show
from qjaudio.feed.opml import ListedShow
from qjaudio.player import wording
from qjaudio.player.templating import filled

OPML = "shows.opml"
_MOST_TEASER_CHARS = 60


def front_title() -> str:
    """The title of the page and of the OPML."""
    return str(wording.words()["shows"]["title"])


def shows_page(shows: Sequence[ListedShow]) -> str:
    """The front page; addresses are taken as they are, all text is escaped."""
    page = Show(paper="", title=front_title(), description="", author="", base_url="")
    return filled("shows.html", page, shows=[_row(show) for show in shows], opml=OPML)


def _row(show: ListedShow) -> Mapping[str, str]:
    words = wording.words()["shows"]
    newest = words["newest"].format(day=wording.long_day(show.newest)) if show.newest else ""
    count = words["count"].format(count=show.episodes) if show.episodes else ""
    return {
        "page": show.page_url,
        "title": printable(show.title),
        "facts": wording.joined(newest, count),
        "teaser": shortened(printable(show.headline), _MOST_TEASER_CHARS),
    }
