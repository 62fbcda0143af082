"""gPodder and newsboat subscribe to a served show and download from it, byte by byte.

    apt-get install gpodder newsboat
    pytest tests/clients

Where a program is missing its tests are skipped.
"""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from clients.apps import GPodder, Newsboat, served
from published_show import show
from qjaudio.config import Config
from qjaudio.pipeline.publishing import publish_feed

DATE = "2025-05-20"
AUDIO = f"{DATE}.mp3"
KEY = ("--key", "a-key-of-our-own-28-letters-")
FIRST = date(2025, 1, 1)

needs_gpodder = pytest.mark.skipif(not shutil.which("gpo"), reason="gPodder is not installed")
needs_newsboat = pytest.mark.skipif(
    not (shutil.which("newsboat") and shutil.which("podboat")), reason="newsboat is not installed"
)


@pytest.fixture(scope="module")
def long_lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder with 120 days."""
    root = tmp_path_factory.mktemp("long") / "out"
    dates = [(FIRST + timedelta(days=number)).isoformat() for number in range(120)]
    out = show(root, *dates)
    publish_feed(out, Config())
    return root


@needs_gpodder
@pytest.mark.parametrize("words", [(), KEY], ids=["open", "key"])
def test_gpodder_downloads_an_episode(
    finished: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """`gpo` subscribes, sees the episode by its guid and gets the same bytes."""
    app = GPodder(tmp_path)
    with served(finished, *words) as feed:
        app.subscribe(feed)
        assert [DATE] == app.guids(feed)
        guid = next(
            word for word in app.gpo("episodes", "--guid", feed).split() if word.endswith(DATE)
        )
        assert (finished / AUDIO).read_bytes() == app.download(feed, guid)


@needs_gpodder
def test_gpodder_follows_the_pages_of_a_long_show(long_lived: Path, tmp_path: Path) -> None:
    """It follows the `next` links: all 120 episodes, not only the hundred of feed.xml."""
    app = GPodder(tmp_path)
    with served(long_lived) as feed:
        app.subscribe(feed)
        dates = app.guids(feed)
    assert 120 == len(dates)


@needs_newsboat
@pytest.mark.parametrize("words", [(), KEY], ids=["open", "key"])
def test_podboat_downloads_an_episode(
    finished: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """newsboat reads the feed and queues the enclosure; podboat gets the same bytes."""
    app = Newsboat(tmp_path)
    audio = (finished / AUDIO).read_bytes()
    with served(finished, *words) as feed:
        assert 1 == app.reload(feed)
        assert [feed.replace("feed.xml", AUDIO)] == app.queue()
        assert audio == app.download(len(audio))


@needs_newsboat
def test_newsboat_reads_the_newest_hundred(long_lived: Path, tmp_path: Path) -> None:
    """An app that knows no archives shows the episodes of the first document."""
    app = Newsboat(tmp_path)
    with served(long_lived) as feed:
        assert 100 == app.reload(feed)
