"""The day's issue from an e-paper site (数字报), page by page and article by article."""

import datetime
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

from qjaudio.paper.model import Page
from qjaudio.sources.epaper.address import address_for
from qjaudio.sources.epaper.limits import Limits

__all__ = ["EpaperSource", "Limits", "address_for"]


class EpaperSource:
    """Reads an issue from the address of its first page.

    One request at a time with a pause, from the host of that address alone. What the site says of
    an article (title, author, paragraphs) travels as the `kind` of a block, so that nothing has to
    be guessed later.
    """

    name = "epaper"

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        cache: Path | None = None,
        allow_private: bool = False,
        date: datetime.date | None = None,
    ) -> None:
        """Set the limits, a folder for what was fetched before, and the date that is asked for.

        `allow_private` lets the name of a host stand for an address of a private network; a
        private address that was given as such is always read. `date` is the day that the
        location was made for, where its address does not tell.
        """
        self._limits = limits or Limits()
        self._cache = cache
        self._allow_private = allow_private
        self._date = date

    def accepts(self, location: str) -> bool:
        """Whether a location is an address of the web."""
        try:
            parts = urllib.parse.urlsplit(location)
        except ValueError:
            return False
        return parts.scheme.lower() in ("http", "https") and bool(parts.hostname)

    def pages(self, location: str) -> Iterator[Page]:
        """Read the issue whose first page stands at `location`.

        Raises:
            NotAnIssueError: no issue there, one of another day, or one that cannot be read.
            EngineError: the site cannot be reached, or breaks off.
        """
        from qjaudio.sources.epaper.fetch import fetching
        from qjaudio.sources.epaper.reading import read_issue

        async def read(fetcher: object) -> list[Page]:
            return await read_issue(fetcher, location, self._date)  # type: ignore[arg-type]

        yield from fetching(
            read,
            location,
            self._limits,
            cache=self._cache,
            allow_private=self._allow_private,
        )
