"""Which finished episodes of a range need no look: their pages and settings look as they did.

To find that nothing has changed `make` reads and understands the pages, which takes a part of a
second for text and ten for scans. A range over years asks the file system alone: names, sizes
and times. Whoever doubts it names the date itself, for that always reads.
"""

import datetime
import functools
import hashlib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from qjaudio import __version__, rules, store
from qjaudio.config import Config
from qjaudio.episode.model import Episode
from qjaudio.errors import NotAnIssueError
from qjaudio.pipeline import catalogue, days
from qjaudio.pipeline.reading import location_of
from qjaudio.pipeline.scripting import lexicon_path
from qjaudio.store import OutFolder

FOLDER = "seen"
RECENT_DAYS = 2
"""A site may mend an issue for so long: it is asked again for the episodes of these days."""
NOT_HEARD = frozenset(
    {
        "title", "description", "author", "email", "link", "base_url", "guid", "publish_to",
        "s3_endpoint", "cluster_storage", "key", "out", "days", "no_paper", "edge_proxy",
        "edge_endpoint", "whisper",
    }
)  # fmt: skip
"""Settings that never change an episode's audio."""
_STAGES = ("issue.json", "script.md", "script.json", "episode.json")


def inputs_of(
    day: datetime.date, config: Config, now: datetime.datetime, *, force: bool
) -> str | None:
    """One hash of all that an episode is made of, by the looks of it; None = better look into it.

    To be taken before the pages are read: what changes meanwhile is noticed by the next run.
    """
    try:
        location = location_of(day, config)
    except NotAnIssueError:
        return None
    if location.startswith(("http://", "https://")):
        if day > now.astimezone(days.CHINA).date() - datetime.timedelta(days=RECENT_DAYS):
            return None
        pages: list[object] = [location]
    else:
        pages = [(str(path), store.stamp_of(path)) for path in _files(Path(location))]
    heard = [getattr(config, one.name) for one in fields(config) if one.name not in NOT_HEARD]
    cast = store.stamp_of(Path(config.cast)) if config.cast else []
    own = [cast, store.stamp_of(lexicon_path(config))]
    parts = (__version__, _of_ours(), heard, own, force, pages)
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogateescape")).hexdigest()


def unchanged(out: OutFolder, date: str, inputs: str | None) -> Episode | None:
    """The finished episode of a date, if it was made of such inputs and nobody edited its files."""
    if inputs is None or store.read_json(_path(out, date)) != _record(out, date, inputs):
        return None
    return catalogue.finished_episode(out, date)


def remember(out: OutFolder, date: str, inputs: str | None) -> None:
    """Note that the episode of a date is finished, and made of these inputs."""
    if inputs is not None:
        store.write_json(_path(out, date), _record(out, date, inputs))


def _path(out: OutFolder, date: str) -> Path:
    return out.cache / FOLDER / f"{date}.json"


def _record(out: OutFolder, date: str, inputs: str) -> dict[str, object]:
    stages = [store.stamp_of(out.stage(date, name)) for name in _STAGES]
    return {"schema": store.SCHEMA, "inputs": inputs, "stages": stages}


def _files(location: Path) -> Iterator[Path]:
    """Every file of an issue, in order."""
    yield location
    if location.is_dir():
        yield from sorted(location.rglob("*"))


@functools.cache
def _of_ours() -> tuple[object, ...]:
    """Our own rules and voices, for those who work on them."""
    folders = (Path(rules.__file__).parent, rules.voices_folder())
    files = (path for folder in folders for path in sorted(folder.glob("*.t*")))
    return tuple((path.name, store.stamp_of(path)) for path in files)
