"""A re-issue takes the place of an episode without a moment in which the feed is wrong.

The MP3 and the feed that gives its length are two files: they cannot change in one stroke. So the
former episode gets second names, the feed is pointed at these, the new files are put in place,
the feed is pointed back, and the second names go. A run that dies in between leaves a feed whose
enclosures are all there with their length; the next one finishes the work.
"""

import contextlib
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from qjaudio import store
from qjaudio.episode.model import Episode
from qjaudio.feed.companions import COMPANIONS
from qjaudio.store import OutFolder

FORMER = ".former"
_FILES = (".mp3", *COMPANIONS)
_PARKED = re.compile(r"(\d{4}-\d{2}-\d{2})\.former\.[a-z0-9.]+")


def found(out: OutFolder, episode: Episode, *, former: bool = False) -> Episode | None:
    """The episode with the stem under which its files are; None where its MP3 is not whole.

    With `former` the second names come first, if they are there.
    """
    parked = f"{episode.date}{FORMER}"
    if not out.published(parked, ".mp3").exists():
        return replace(episode, stem="") if _is_whole(out, episode.date, episode) else None
    stems = (parked, episode.date) if former else (episode.date, parked)
    for stem in stems:
        if is_same(out, stem, episode):
            return replace(episode, stem="" if stem == episode.date else stem)
    return None


def _is_whole(out: OutFolder, stem: str, episode: Episode) -> bool:
    audio = out.published(stem, ".mp3")
    with contextlib.suppress(OSError):
        return audio.is_file() and audio.stat().st_size == episode.audio_bytes
    return False


def is_same(out: OutFolder, stem: str, episode: Episode) -> bool:
    """Whether the MP3 of that stem has the bytes of the record.

    Two takes of one text can have the same length: while both are there, the hash decides.
    """
    if not _is_whole(out, stem, episode):
        return False
    return episode.audio_sha256 in ("", store.sha256_of(out.published(stem, ".mp3")))


def park(out: OutFolder, episode: Episode) -> None:
    """Give the files of a finished episode second names, unless a dead run has done so."""
    now = found(out, episode, former=True)
    if now is None or now.stem:
        return
    for suffix in _FILES:
        path, second = (out.published(episode.date + end, suffix) for end in ("", FORMER))
        with contextlib.suppress(FileNotFoundError):
            _second_name(path, second)


def _second_name(path: Path, second: Path) -> None:
    """A link where the file system has them, else a copy."""
    second.unlink(missing_ok=True)
    try:
        os.link(path, second)
    except FileNotFoundError:
        raise
    except OSError:
        with store.writing(second) as beside:
            shutil.copyfile(path, beside)


def parked_files(out: OutFolder) -> list[Path]:
    """All files under second names."""
    return [path for path in out.root.iterdir() if _PARKED.fullmatch(path.name)]


def clear(out: OutFolder, episodes: Sequence[Episode]) -> None:
    """Remove the second names that the feed does not use (any more)."""
    used = {episode.stem for episode in episodes}
    for path in parked_files(out):
        if path.name.partition(FORMER)[0] + FORMER not in used:
            path.unlink(missing_ok=True)
