"""The day's issue from an e-paper site (数字报), page by page and article by article."""

import urllib.parse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qjaudio.paper.model import Page
from qjaudio.sources.model import BY_LOOK, SourceContext

if TYPE_CHECKING:
    from qjaudio.sources.epaper.fetch import Limits


class EpaperSource:
    """Reads an issue from the address of its first page.

    One request at a time with a pause, from the host of that address and those that the context
    names, as far as their robots.txt allows. What the site says of
    an article (title, author, paragraphs) travels as the `kind` of a block, so that nothing has to
    be guessed later.
    """

    name = "epaper"
    priority = BY_LOOK

    def __init__(
        self,
        context: SourceContext | None = None,
        *,
        limits: "Limits | None" = None,
        allow_private: bool = False,
    ) -> None:
        """Take the date and the cache of the context.

        `allow_private` lets the name of a host stand for an address of a private network; a
        private address that was given as such is always read.
        """
        self._context = context or SourceContext()
        self._limits = limits
        self._allow_private = allow_private

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
        from qjaudio.sources.epaper.fetch import Limits, fetching
        from qjaudio.sources.epaper.reading import gather_issue

        asked = self._context
        yield from fetching(
            lambda fetcher: gather_issue(fetcher, location, asked.date), location,
            self._limits or Limits(), cache=asked.cache, hosts=asked.hosts, agent=asked.user_agent,
            allow_private=self._allow_private,
        )  # fmt: skip
