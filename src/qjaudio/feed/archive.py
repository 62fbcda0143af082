"""The feed of a long-lived show in several documents (RFC 5005, sections 3 and 4)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qjaudio.episode.model import Episode
from qjaudio.feed.address import FEED

PER_DOCUMENT = 100
"""The newest so many episodes stand in feed.xml; an archive document holds as many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One document: its file, its episodes, and the links to its neighbours."""

    name: str
    episodes: tuple[Episode, ...]
    links: tuple[tuple[str, str], ...] = ()
    """Relation and file name."""
    is_archive: bool = False


def archive_name(number: int) -> str:
    """The file of an archive document; number 1 holds the oldest episodes."""
    return f"archive-{number}.xml"


def parts(episodes: Sequence[Episode]) -> Iterator[Part]:
    """The documents, oldest archive first and feed.xml last.

    Blocks are counted from the oldest date, so that a new episode changes the feed and the newest
    archive only. The links of both sections stand together: readers that know archives follow
    prev-archive, podcast apps follow next, and both come by the same documents.
    """
    by_date = sorted(episodes, key=lambda one: one.date)
    older, newest = by_date[:-PER_DOCUMENT], by_date[-PER_DOCUMENT:]
    blocks = [older[at : at + PER_DOCUMENT] for at in range(0, len(older), PER_DOCUMENT)]
    for number, block in enumerate(blocks, 1):
        links = _archive_links(number, len(blocks))
        yield Part(name=archive_name(number), episodes=tuple(block), links=links, is_archive=True)
    yield Part(name=FEED, episodes=tuple(newest), links=_feed_links(len(blocks)))


def _feed_links(count: int) -> tuple[tuple[str, str], ...]:
    if not count:
        return ()
    before = archive_name(count)
    return (
        ("prev-archive", before), ("first", FEED), ("next", before), ("last", archive_name(1)),
    )  # fmt: skip


def _archive_links(number: int, count: int) -> tuple[tuple[str, str], ...]:
    """Of an archive; `last` is always the oldest, so a full block keeps its bytes."""
    older = archive_name(number - 1)
    newer = archive_name(number + 1)
    links = [("current", FEED), ("first", FEED), ("last", archive_name(1))]
    if number > 1:
        links += [("prev-archive", older), ("next", older)]
    if number < count:
        links += [("next-archive", newer), ("previous", newer)]
    else:
        links += [("previous", FEED)]
    return tuple(links)
