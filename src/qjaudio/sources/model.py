"""The Protocol of a source."""

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from qjaudio.paper.model import Page


@runtime_checkable
class Source(Protocol):
    """Something that can read the pages of one issue from a location."""

    @property
    def name(self) -> str:
        """Its short name: `text`."""

    def accepts(self, location: str) -> bool:
        """Whether it can read this location, judged by its look alone."""

    def pages(self, location: str) -> Iterator[Page]:
        """Read the pages in their order, or raise NotAnIssueError."""
