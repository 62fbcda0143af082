"""The pages that list: a show's first page, its archive by months, and all shows of a house."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from qjaudio.episode.model import Episode
from qjaudio.episode.titles import chapter_title, printable, shortened
from qjaudio.feed.model import Show
from qjaudio.feed.opml import ListedShow
from qjaudio.player.episode_page import start_attribute
from qjaudio.player.templating import (
    ARCHIVE,
    day_text,
    long_day_text,
    month_text,
    render,
    rough_length_text,
    weekday_text,
    with_dots,
    words,
)

MOST_ON_INDEX = 60
"""Episodes on the first page: three months of a paper with five issues a week."""
OPML = "shows.opml"
_MOST_TEASER_CHARS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeSummary:
    """One episode in a list."""

    date: str
    duration_ms: int
    stories: tuple[tuple[str, str], ...]
    """Start in seconds, and title, of each story."""


def summarize_episode(episode: Episode) -> EpisodeSummary:
    """What lists show of an episode."""
    return EpisodeSummary(
        date=episode.date,
        duration_ms=episode.duration_ms,
        stories=tuple(
            (start_attribute(chapter.start_ms), chapter_title(chapter))
            for chapter in episode.chapters
            if chapter.kind == "story"
        ),
    )


def index_page(show: Show, episodes: Sequence[EpisodeSummary], *, qr: str = "") -> str:
    """The first page; `episodes` newest first, `qr` an SVG of the published feed's address."""
    return render(
        "index.html",
        show,
        description=printable(show.description),
        newest=_newest(episodes[0]) if episodes else None,
        entries=[_episode_row(episode) for episode in episodes[1:MOST_ON_INDEX]],
        has_older=len(episodes) > MOST_ON_INDEX,
        qr=qr,
    )


def archive_pages(show: Show, episodes: Sequence[EpisodeSummary]) -> dict[str, str]:
    """A page of each month and one that leads to them, by file name; `episodes` newest first."""
    pages, years = {}, []
    for year, in_year in groupby(episodes, key=lambda episode: episode.date[:4]):
        months = []
        for month, group in groupby(in_year, key=lambda episode: episode.date[:7]):
            name, in_month = f"archive-{month}.html", list(group)
            title = month_text(in_month[0].date)
            rows = [_episode_row(episode) for episode in in_month]
            pages[name] = render("archive.html", show, heading=title, rows=rows, years=[])
            months.append({"page": name, "title": title, "count": len(in_month)})
        years.append((year, months))
    title = words()["index"]["older"]
    pages[ARCHIVE] = render("archive.html", show, heading=title, rows=[], years=years)
    return pages


def _newest(episode: EpisodeSummary) -> Mapping[str, object]:
    return {
        "date": episode.date,
        "day": day_text(episode.date),
        "long_day": long_day_text(episode.date),
        "facts": _facts_line(episode),
        "stories": episode.stories,
    }


def _episode_row(episode: EpisodeSummary) -> Mapping[str, str]:
    teaser = episode.stories[0][1] if episode.stories else ""
    return {
        "page": f"{episode.date}.html",
        "date": episode.date,
        "day": day_text(episode.date),
        "facts": _facts_line(episode),
        "teaser": shortened(teaser, _MOST_TEASER_CHARS),
    }


def _facts_line(episode: EpisodeSummary) -> str:
    return with_dots(weekday_text(episode.date), rough_length_text(episode.duration_ms))


def shows_title() -> str:
    """The title of the page of all shows, and of their OPML."""
    return str(words()["shows"]["title"])


def shows_page(shows: Sequence[ListedShow]) -> str:
    """The page of all shows; addresses are taken as they are, all text is escaped."""
    page = Show(paper="", title=shows_title(), description="", author="", base_url="")
    return render("shows.html", page, shows=[_show_row(show) for show in shows], opml=OPML)


def _show_row(show: ListedShow) -> Mapping[str, str]:
    labels = words()["shows"]
    newest = labels["newest"].format(day=long_day_text(show.newest)) if show.newest else ""
    count = labels["count"].format(count=show.episodes) if show.episodes else ""
    return {
        "page": show.page_url,
        "title": printable(show.title),
        "facts": with_dots(newest, count),
        "teaser": shortened(printable(show.headline), _MOST_TEASER_CHARS),
    }
