"""When the feed of each show is written while the dates of many are on their way."""

from collections.abc import Callable

import pytest

from qjaudio.cluster.calling import FeedWriters
from qjaudio.config import Config
from qjaudio.errors import NotWritableError
from qjaudio.pipeline.batch import Outcome

EAST, WEST = Config(out="east"), Config(out="west")


@pytest.fixture
def written() -> list[str]:
    return []


@pytest.fixture
def feeds(written: list[str]) -> FeedWriters:
    def writer(config: Config) -> Callable[[], None]:
        return lambda: written.append(config.out)

    return FeedWriters({"east": EAST, "west": WEST}, writer)


def ended(show: str, *, fresh: bool = True) -> Outcome:
    return Outcome(date="2025-05-20", show=show, made=True, fresh=fresh)


def test_a_feed_is_written_after_the_last_date_of_its_show(
    feeds: FeedWriters, written: list[str]
) -> None:
    """Once, however the dates of other shows lie between; what is left comes at the end."""
    list(feeds.expect("east", 2))
    list(feeds.expect("west", 2))
    seen = []
    for show in ("east", "west", "east"):
        assert [ended(show)] == list(feeds.after(ended(show)))
        seen.append(list(written))
    assert [[], [], ["east"]] == seen
    assert [] == feeds.close(ended=True)
    assert ["east", "west"] == written


def test_a_show_without_a_date_gets_its_feed_at_once(
    feeds: FeedWriters, written: list[str]
) -> None:
    """A setting of the feed may have changed."""
    list(feeds.expect("east", 0))
    assert ["east"] == written


def test_a_stopped_run_writes_only_what_has_a_new_episode(
    feeds: FeedWriters, written: list[str]
) -> None:
    """Ninety feeds of years take minutes, and whoever pressed Ctrl-C waits."""
    list(feeds.expect("east", 9))
    list(feeds.expect("west", 9))
    list(feeds.after(ended("west")))
    list(feeds.after(ended("east", fresh=False)))
    feeds.close(ended=False)
    assert ["west"] == written


def test_an_episode_is_noted_before_it_is_told(feeds: FeedWriters, written: list[str]) -> None:
    """Ctrl-C comes while its line is printed: it is finished, and belongs in the feed."""
    list(feeds.expect("west", 9))
    assert ended("west") == next(feeds.after(ended("west")))
    feeds.close(ended=False)
    assert ["west"] == written


def test_a_feed_that_cannot_be_written_is_a_failure_of_its_show() -> None:
    """It bears the name of the show, no date, and its exit code; the others are written."""
    written = []

    def writer(config: Config) -> Callable[[], None]:
        def write() -> None:
            if config is EAST:
                raise NotWritableError("cannot write feed.xml", hint="free some space")
            written.append(config.out)

        return write

    feeds = FeedWriters({"east": EAST, "west": WEST}, writer)
    (failure,) = feeds.close(ended=True)
    assert ("east", "", 7) == (failure.show, failure.date, failure.exit_code)
    assert ["west"] == written
