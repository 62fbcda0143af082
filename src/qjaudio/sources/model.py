"""The Protocol of a source, and what there is to know beside a location."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from qjaudio.paper.model import Page

MAX_ISSUE_CHARS = 600_000
"""All text of an issue: 40 pages in full have about that."""
FALLBACK, BY_LOOK = 0, 10
"""Priorities: of a source that takes what all others leave, and of one that knows its locations by
their look (a suffix, a scheme)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceContext:
    """What a source is made from; one that needs none of it ignores it."""

    date: datetime.date | None = None
    """The day whose issue is asked for, where the user named one."""
    cache: Path | None = None
    """A folder that keeps what was fetched before; None where nothing is to be kept."""
    hosts: tuple[str, ...] = ()
    """Hosts that may be asked beside that of the location: others of the same paper."""
    user_agent: str = ""
    """What to call ourselves to a site; empty = as the program does."""


@runtime_checkable
class Source(Protocol):
    """Something that can read the pages of one issue from a location.

    Its class is named by an entry point of the group `qjaudio.sources`, and is called with a
    `SourceContext`.
    """

    @property
    def name(self) -> str:
        """Its short name: `text`."""

    @property
    def priority(self) -> int:
        """Of several sources that accept a location, the one with the highest priority reads it.

        Those of the program have 10, and `text` as the fallback 0; equals are asked by name.
        """

    def accepts(self, location: str) -> bool:
        """Whether it can read this location, judged by its look alone."""

    def pages(self, location: str) -> Iterator[Page]:
        """Read the pages in their order, or raise NotAnIssueError."""
