"""The finished episodes of a show: which there are, under which names, and what is kept of them."""

import contextlib
import json
import logging
import os
import re
import shlex
import shutil
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date as Date  # noqa: N812 - `date` is the name of a text everywhere here
from datetime import datetime
from pathlib import Path
from typing import Any

from qjaudio import store
from qjaudio.config import PATHS, Config
from qjaudio.episode.model import Episode, from_record, to_record
from qjaudio.errors import NotAnIssueError
from qjaudio.feed import model as shows
from qjaudio.feed.rss import COMPANIONS, PAGE, publication_time
from qjaudio.pipeline.freshness import content_parts, fingerprint
from qjaudio.pipeline.journal import Journal
from qjaudio.store import OutFolder, Shelf

IDENTITY = ".show.json"
"""The file in `out/` that keeps the guids; to be backed up with the audio."""
RECORD = "episode.json"
CACHE = "feed.json"
EXPORTS = "exports"
"""The folder of what `export` writes, unless the settings say otherwise; and, in the cache, of what
is remembered of that."""
_ARCHIVE = re.compile(r"archive-[1-9]\d*\.xml")
_OURS = "<generator>qjaudio "
_log = logging.getLogger(__name__)


def identified(
    out: OutFolder,
    config: Config,
    show_of: Callable[[str], shows.Show],
    *,
    replaced: str = "",
    without: Container[str] = (),
) -> tuple[shows.Show, list[Episode], shows.Identity]:
    """The show, its episodes without cues (oldest first) and the guids; new guids are kept.

    `show_of` gives the show of the settings for a paper. Without an address of its own
    (base_url) the podcast:guid is not kept: every show on `serve` would have the same.
    The episode of the date `replaced` is taken by its second names, if it has them. Those of the
    dates `without` are left out.
    """
    records = [one for one in episodes_of(out, replaced) if may_publish(one, config)]
    records = [one for one in records if one.date not in without]
    known = _known_identity(out, show_of)
    show = show_of(known.paper or shows.main_paper(records))
    papers = (show.paper, known.paper or shows.main_paper(records))
    episodes = [one for one in records if shows.belongs_to_show(one, known, papers)]
    if len(episodes) < len(records):
        facts = {"episodes": len(records) - len(episodes), "paper": show.paper}
        _log.warning("other_paper", extra={"facts": facts})
    known = shows.grow_identity(known, show, (one.date for one in episodes))
    if config.base_url and not known.guid:
        known = replace(known, guid=shows.show_guid(show))
    if episodes:
        _write_record(out.root / IDENTITY, asdict(known))
    return replace(show, guid=show.guid or known.guid), episodes, known


class ArchiveWriter:
    """Remembers what each archive document was made of, so that an old one is not made again."""

    def __init__(self, out: OutFolder) -> None:
        self._root, self._path = out.root, out.cache / "archives.json"
        former = (store.read_json(self._path) or {}).get("documents")
        self._former = former if isinstance(former, dict) else {}
        self._now: dict[str, Any] = {}

    def write(self, name: str, made_of: object, text: Callable[[], str]) -> None:
        """Write a document unless the one that is there was made of values that look the same."""
        key = fingerprint("archive", made_of)
        path = self._root / name
        if self._former.get(name) != [key, store.stamp_of(path)]:
            store.write_text(path, text())
        self._now[name] = [key, store.stamp_of(path)]

    def close(self) -> None:
        """Keep what is remembered for the next run."""
        if self._now != self._former:
            _write_record(self._path, {"documents": self._now})


def is_show(out: OutFolder) -> bool:
    """Whether an episode was ever made in the folder."""
    known = bool(out.dates()) or (out.root / IDENTITY).exists()
    return known or _OURS in _feed_text(out.feed)


def make_command(out: OutFolder, date: str = "DATE") -> str:
    """The command that makes an episode in this folder, for a hint."""
    elsewhere = ("--out", str(out.root)) if out.root != Path(PATHS["out"]) else ()
    return shlex.join(("qjaudio", "make", date, *elsewhere))


def remove_archives(out: OutFolder, *, keep: Container[str]) -> None:
    """Remove the archive documents of ours that the feed has no episodes for any more."""
    for path in _archives(out):
        if path.name not in keep and _OURS in _feed_text(path):
            path.unlink(missing_ok=True)


def _write_record(path: Path, value: dict[str, Any]) -> None:
    """Write a record in ASCII on one line: quick to read, and no half character can spoil it."""
    store.write_text(path, json.dumps({"schema": store.SCHEMA, **value}) + "\n")


def _archives(out: OutFolder) -> list[Path]:
    return [path for path in out.root.glob("archive-*.xml") if _ARCHIVE.fullmatch(path.name)]


def _feed_text(path: Path) -> str:
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return store.text_of(path)
    return ""


def _known_identity(out: OutFolder, show_of: Callable[[str], shows.Show]) -> shows.Identity:
    """What was kept; where the file is lost, what the feeds that it made still tell."""
    known = _kept_identity(out)
    if known is not None:
        return known
    found = shows.identity_from_feeds(map(_feed_text, (out.feed, *sorted(_archives(out)))))
    made_here = shows.show_guid(replace(show_of(""), guid="", base_url="http://127.0.0.1:8010/"))
    return replace(found, guid="") if found.guid == made_here else found


def _kept_identity(out: OutFolder) -> shows.Identity | None:
    record = store.read_json(out.root / IDENTITY)
    return shows.identity_from_record(record) if record else None


def known_guid(out: OutFolder, date: str) -> str:
    """The guid under which an episode stood in the feed; empty where it never did."""
    known = _kept_identity(out)
    return known.episodes.get(date, "") if known else ""


def episodes_of(out: OutFolder, replaced: str = "") -> Iterator[Episode]:
    """The whole episodes without cues, oldest first; an unchanged record is not parsed again.

    That of the date `replaced` is taken by its second names, if it has them.
    """
    path = out.cache / CACHE
    former = (store.read_json(path) or {}).get("episodes")
    former = former if isinstance(former, dict) else {}
    seen: dict[str, Any] = {}
    for date in out.dates():
        if entry := _cached_record(out, date, former.get(date)):
            seen[date] = entry
    if seen != former:
        _write_record(path, {"episodes": seen})
    clock = _time_reached(out, [stamp for stamp, _ in seen.values()])
    for date, (stamp, record) in seen.items():
        episode = valid_episode(record, date)
        episode = episode and _not_ahead(episode, stamp, clock)
        if episode and (located := locate(out, episode, former=date == replaced)):
            yield located


def _cached_record(out: OutFolder, date: str, former: Any) -> Any:
    """The stamp of a record and the record without its cues; None where it is damaged."""
    path = out.stage(date, RECORD)
    stamp = store.stamp_of(path)
    if isinstance(former, list) and len(former) == 2 and former[0] == stamp:
        return former
    record = store.read_json(path)
    if record is None:
        return None
    episode = valid_episode({**record, "cues": []}, date)
    return [stamp, to_record(episode)] if episode else None


def _time_reached(out: OutFolder, stamps: Iterable[list[int]]) -> float:
    """What the clock has surely reached, in seconds since 1970, by the files of the show.

    The files' times stand for the clock, so that a rebuild without a change gives the same bytes.
    All of them do: a record that was written again while the clock was behind proves nothing.
    """
    times = [stamp[0] for stamp in (*stamps, store.stamp_of(out.root / IDENTITY)) if stamp]
    return max(times, default=0) / 1e9


def _not_ahead(episode: Episode, stamp: list[int], clock: float) -> Episode:
    """The episode; dated to the writing of its record if its date is ahead: apps drop such."""
    if not stamp or publication_time(episode).timestamp() <= clock:
        return episode
    written = datetime.fromtimestamp(stamp[0] // 10**9, publication_time(episode).tzinfo)
    return replace(episode, published=written.isoformat())


def last_before(out: OutFolder, date: str) -> Episode | None:
    """The newest recorded episode of an earlier date."""
    for other in reversed(out.dates()):
        record = store.read_json(out.stage(other, RECORD)) if other < date else None
        if record and (episode := valid_episode(record, other)):
            return episode
    return None


def valid_episode(record: Any, date: str) -> Episode | None:
    """The episode of a record; None where it is none of this date, or of no time."""
    try:
        episode = from_record(record)
        if episode is None or episode.date != date:
            return None
        Date.fromisoformat(date)
        publication_time(episode)
    except (ValueError, TypeError, AttributeError, OverflowError):
        return None
    return episode


FORMER = ".former"
_FILES = (".mp3", *COMPANIONS)
_PARKED = re.compile(r"(\d{4}-\d{2}-\d{2})\.former\.[a-z0-9.]+")


def locate(out: OutFolder, episode: Episode, *, former: bool = False) -> Episode | None:
    """The episode with the stem under which its files are; None where its MP3 is not whole.

    With `former` the second names come first, if they are there.
    """
    parked = f"{episode.date}{FORMER}"
    if not out.published(parked, ".mp3").exists():
        return replace(episode, stem="") if _is_whole(out, episode.date, episode) else None
    stems = (parked, episode.date) if former else (episode.date, parked)
    stem = next((stem for stem in stems if is_same(out, stem, episode)), None)
    return replace(episode, stem=stem if stem == parked else "") if stem else None


def _is_whole(out: OutFolder, stem: str, episode: Episode) -> bool:
    audio = out.published(stem, ".mp3")
    try:
        return audio.is_file() and audio.stat().st_size == episode.audio_bytes
    except OSError as error:
        if store.is_refused(error):
            raise
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
    now = locate(out, episode, former=True)
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


def remove_second_names(out: OutFolder, episodes: Sequence[Episode]) -> None:
    """Remove the second names that the feed does not use (any more)."""
    used = {episode.stem for episode in episodes}
    for path in parked_files(out):
        if path.name.partition(FORMER)[0] + FORMER not in used:
            path.unlink(missing_ok=True)


_PUBLIC = (*_FILES, PAGE, ".png")


def withdrawn_dates(out: OutFolder) -> frozenset[str]:
    """The dates whose whole edition is withdrawn."""
    return frozenset(date for date, parts in Journal(out).withdrawals().items() if "" in parts)


def refuse_withdrawn(out: OutFolder, date: str) -> None:
    """Raise NotAnIssueError where the whole edition of a date is withdrawn."""
    if date in withdrawn_dates(out):
        hint = f"before anything else: qjaudio restore {date}"
        raise NotAnIssueError(f"{date} is withdrawn", hint=hint)


def bring_back(out: OutFolder, config: Config, gone: Collection[str]) -> None:
    """Put the episodes back that were withdrawn and are not `gone` any more.

    With a review one is a draft again; where a draft waits already, that is the newer.
    """
    back = out if config.review == "none" else out.drafts
    for date in out.withdrawn.dates():
        if date not in gone:
            if not back.stage(date, RECORD).exists():
                copy_episode(out.withdrawn, back, date)
            drop_episode(out.withdrawn, date)


def take_away(out: OutFolder, gone: Collection[str]) -> None:
    """Take the files of withdrawn episodes out of what is public."""
    for date in sorted(gone):
        store.remove_halves(out.withdrawn.folder(date).glob(".*.tmp"))
        copy_episode(out, out.withdrawn, date)
        drop_episode(out, date)
        for path in parked_files(out):
            if path.name.startswith(date + FORMER):
                path.unlink(missing_ok=True)
        remove_exports(out, date)


def exports_of(out: OutFolder, date: str) -> dict[Path, bool]:
    """What `export` has written of an episode, and whether each is still as it was written."""
    records = map(store.read_json, sorted((out.cache / EXPORTS).glob(f"{date}-*.json")))
    return {
        path: looks_of(path) == looks
        for found in filter(None, records)
        for name, looks in dict(found.get("files", {})).items()
        if (path := Path(found.get("folder", EXPORTS), name)).exists()
    }


def remove_exports(out: OutFolder, date: str) -> None:
    """Remove what `export` has written of an episode, but for what somebody has changed since."""
    for path, untouched in exports_of(out, date).items():
        if untouched and path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif untouched:
            with contextlib.suppress(OSError):
                path.unlink()


def looks_of(path: Path) -> dict[str, list[int]]:
    """What changes when a file, or one in a folder, is changed or goes, by its name in there."""
    found = (path, *sorted(path.rglob("*")))
    return {one.relative_to(path).as_posix(): store.stamp_of(one) for one in found}


def copy_episode(source: OutFolder, target: OutFolder, date: str) -> None:
    """Copy what there is of an episode; its record, which makes it count, last."""
    for old, new in zip(_files_of(source, date), _files_of(target, date), strict=True):
        if old.is_file():
            with store.writing(new) as beside:
                shutil.copyfile(old, beside)


def drop_episode(out: OutFolder, date: str) -> None:
    """Remove the files of an episode from a folder or a shelf; its record first."""
    for path in reversed(_files_of(out, date)):
        path.unlink(missing_ok=True)
    if isinstance(out, Shelf):
        shutil.rmtree(out.folder(date), ignore_errors=True)


def _files_of(out: OutFolder, date: str) -> list[Path]:
    return [*(out.published(date, end) for end in _PUBLIC), out.stage(date, RECORD)]


def draft_of(out: OutFolder, config: Config, date: str) -> tuple[Episode, dict[str, str]] | None:
    """The draft of a date and the hashes of its content; None where nothing is to be signed.

    A slow edition is signed with the first, and by itself where that is public already.
    """
    shelves = [OutFolder(out.root / one.edition).drafts for one in config.editions]
    found = [(shelf, recorded_episode(shelf, date)) for shelf in shelves]
    drafts = [(shelf, record.episode) for shelf, record in found if record]
    if not drafts:
        return None
    audio = [shelf.published(date, ".mp3") for shelf, _ in drafts]
    first = drafts[0][1]
    return first, content_parts(out, date, config, first.engine, audio)


def newest_episode(out: OutFolder, config: Config) -> Episode | None:
    """The last of the finished episodes."""
    episodes = (finished_episode(out, date, config) for date in reversed(out.dates()))
    return next(filter(None, episodes), None)


def finished_episode(out: OutFolder, date: str, config: Config) -> Episode | None:
    """The episode of a date, if its record and its whole MP3 are there.

    One of timed silence is none, unless the show's settings ask for the silent voice by name.
    """
    record = recorded_episode(out, date)
    episode = record.episode if record else None
    return episode if episode and not episode.stem and may_publish(episode, config) else None


def may_publish(episode: Episode, config: Config) -> bool:
    """Whether the feed may name an episode: one of timed silence has nothing to hear."""
    return episode.engine != "silent" or config.publishes_silence


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An episode as its record has it, with what tells whether it is still up to date."""

    episode: Episode
    inputs: str
    """The fingerprint of what its audio was made of."""
    listened_by: str | None
    """Who has listened to its clips."""


def recorded_episode(out: OutFolder, date: str) -> Recorded | None:
    """The whole episode of a date; also one whose MP3 a dead run left under its second name."""
    record = store.read_json(out.stage(date, RECORD)) or {}
    episode = valid_episode(record, date) if record else None
    located = locate(out, episode) if episode else None
    if located is None:
        return None
    inputs, listened_by = record.get("inputs"), record.get("listened_by")
    return Recorded(episode=located, inputs=str(inputs), listened_by=listened_by)
