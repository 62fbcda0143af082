"""The pages that list episodes: the first one, and the archive by months."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from qjaudio.episode.model import Episode
from qjaudio.episode.titles import chapter_title, printable, shortened
from qjaudio.feed.model import Show
from qjaudio.player import wording
from qjaudio.player.templating import ARCHIVE, filled
from qjaudio.player.transcript import seconds

MOST_ON_INDEX = 60
"""Episodes on the first page: three months of a paper with five issues a week."""
_MOST_TEASER_CHARS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One episode in a list."""

    date: str
    duration_ms: int
    stories: tuple[tuple[str, str], ...]
    """Start in seconds, and title, of each story."""


def entry_of(episode: Episode) -> Entry:
    """What lists show of an episode."""
    return Entry(
        date=episode.date,
        duration_ms=episode.duration_ms,
        stories=tuple(
            (seconds(chapter.start_ms), chapter_title(chapter))
            for chapter in episode.chapters
            if chapter.kind == "story"
        ),
    )


def index_page(show: Show, entries: Sequence[Entry], *, qr: str = "") -> str:
    """The first page; `entries` newest first, `qr` an SVG of the published feed's address."""
    return filled(
        "index.html",
        show,
        description=printable(show.description),
        newest=entries[0] if entries else None,
        entries=[_row(entry) for entry in entries[1:MOST_ON_INDEX]],
        has_older=len(entries) > MOST_ON_INDEX,
        qr=qr,
    )


def archive_pages(show: Show, entries: Sequence[Entry]) -> dict[str, str]:
    """A page of each month and one that leads to them, by file name; `entries` newest first."""
    pages, years = {}, []
    for year, in_year in groupby(entries, key=lambda entry: entry.date[:4]):
        months = []
        for month, group in groupby(in_year, key=lambda entry: entry.date[:7]):
            name, in_month = f"archive-{month}.html", list(group)
            title = wording.month(in_month[0].date)
            rows = [_row(entry) for entry in in_month]
            pages[name] = filled("archive.html", show, heading=title, rows=rows, years=[])
            months.append({"page": name, "title": title, "count": len(in_month)})
        years.append((year, months))
    title = wording.words()["index"]["older"]
    pages[ARCHIVE] = filled("archive.html", show, heading=title, rows=[], years=years)
    return pages


def _row(entry: Entry) -> Mapping[str, str]:
    teaser = entry.stories[0][1] if entry.stories else ""
    return {
        "page": f"{entry.date}.html",
        "date": entry.date,
        "day": wording.day(entry.date),
        "facts": wording.joined(wording.weekday(entry.date), wording.about(entry.duration_ms)),
        "teaser": shortened(teaser, _MOST_TEASER_CHARS),
    }
