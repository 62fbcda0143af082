"""The files of a finished date as one file: packed by a worker, put in place by the caller."""

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

from qjaudio import store
from qjaudio.config import Config
from qjaudio.errors import EngineError
from qjaudio.feed.companions import COMPANIONS
from qjaudio.pipeline import publishing
from qjaudio.store import OutFolder

RECORD = "episode.json"
SCRIPT = "script.md"
STAGES = ("issue.json", "script.json", SCRIPT, RECORD)
"""What a worker is given of a finished date, and what it gives back."""
_BEGINNING = ("issue.json", "script.json", SCRIPT)
AUDIO = ".mp3"


def names_of(date: str) -> Iterator[str]:
    """Every file of a date below `out/`, in the order in which `make` writes them.

    The record, which makes the episode count, comes last; the audio just before it.
    """
    yield from (f"{date}{suffix}" for suffix in COMPANIONS)
    yield from (f"{date}/{name}" for name in _BEGINNING)
    yield f"{date}{AUDIO}"
    yield f"{date}/{RECORD}"


def pack(out: OutFolder, date: str, path: Path) -> None:
    """Put the files of a date into one; they are compressed already, most of them."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as parcel:
        for name in names_of(date):
            if (out.root / name).is_file():
                parcel.write(out.root / name, name)


def put_in_place(
    path: Path, out: OutFolder, date: str, config: Config, sent_script: bytes | None
) -> None:
    """Bring a parcel into `out/` as `make` would have written it there; for the lock's holder.

    A former episode stays whole in the feed until all is there (see `replacing`). A script.md that
    somebody has edited since `sent_script` went to the worker is kept: the next run speaks it.

    Raises:
        EngineError: the parcel is damaged or lacks what every episode has.
        NotWritableError: `out/` cannot be written.
    """
    try:
        with zipfile.ZipFile(path) as parcel:
            there = set(parcel.namelist())
            if not {f"{date}{AUDIO}", f"{date}/{RECORD}"} <= there:
                raise _damaged(date)
            if former := publishing.published_episode(out, date):
                publishing.make_way(out, config, former)
            for name in (name for name in names_of(date) if name in there):
                if name == f"{date}/{SCRIPT}" and _script(out, date) != sent_script:
                    continue
                with (
                    store.writing(out.root / name) as beside,
                    parcel.open(name) as packed,
                    beside.open("wb") as file,
                ):
                    shutil.copyfileobj(packed, file, 1 << 20)
    except zipfile.BadZipFile as error:
        raise _damaged(date) from error


def _script(out: OutFolder, date: str) -> bytes | None:
    try:
        return out.stage(date, SCRIPT).read_bytes()
    except OSError:
        return None


def _damaged(date: str) -> EngineError:
    return EngineError(
        f"what a worker has handed in for {date} is no whole episode",
        hint="run this again for that date",
    )
