"""What travels between the caller and its workers: a date with all that one needs to make it."""

import contextlib
import datetime
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from qjaudio import store
from qjaudio.cluster.storage import STAGES, Bundle
from qjaudio.config import Config
from qjaudio.errors import QjaudioError, UsageError
from qjaudio.pipeline import catalogue, freshness, reporting, voicing
from qjaudio.pipeline.batch import Outcome, ranges_of
from qjaudio.pipeline.journal import Journal
from qjaudio.pipeline.lexicons import lexicon_path
from qjaudio.pipeline.making import Order
from qjaudio.pipeline.reading import CORRECTIONS
from qjaudio.store import OutFolder
from qjaudio.targets.model import Place, Target
from qjaudio.targets.opening import place_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How a date ended on a worker."""

    outcome: Outcome
    log: str
    """What the run log of the date has got."""
    bundle: Bundle | None = None
    """Only of a new episode."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What a machine would speak with: two of the same installation make the same episode."""

    build: str
    """sha256 over our program, its rules and voices."""
    model: str
    """sha256 of the offline voice's model; empty where none is needed."""
    versions: Mapping[str, str]
    """The versions of the libraries that we build on, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What a worker must reach for the dates of one show."""

    run: str
    """The caller's run of that show, which has left its mark in the place."""
    place: Place
    """Where to hand in."""
    issues: str | None
    """The folder of pages that all machines share; None where they are fetched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What a worker has answered before its first date."""

    installation: Installation
    closed: Mapping[str, QjaudioError] = field(default_factory=dict)
    """Why it does not reach some of the sites, by their runs."""


def remote_issues(config: Config) -> Place | None:
    """Where the issues are, if that is not a local folder.

    Raises:
        UsageError: it is an address that we cannot read from.
    """
    if "://" not in config.issues:
        return None
    return place_of(config.issues, endpoint=config.s3_endpoint)


def page_sizes(issues: str, date: str) -> dict[str, int]:
    """Name and length of each page of a date in a local folder of issues."""
    root = Path(issues)
    there = (*root.glob(f"{date}.*"), *(root / date).rglob("*"))
    return {str(path.relative_to(root)): path.stat().st_size for path in there if path.is_file()}


def fetch_issue(target: Target, date: str, folder: Path) -> None:
    """Bring the pages of a date, if there are any, into a local folder of issues.

    They are a folder of that name, or a file whose name begins with the date and a point.
    """
    for name in _page_names(target, date):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(target.read(name))


def list_issues(
    target: Target, words: Sequence[str], since: str | None, now: datetime.datetime, folder: Path
) -> None:
    """Make an empty file for each page of the dates that are asked for: names are all that counts.

    Raises:
        UsageError: nothing says which dates to ask for, or the words are off.
    """
    ranges = ranges_of(words, since, now)
    if not ranges:
        raise UsageError(
            "a remote place of issues is asked date by date", hint="give a range, or --since DATE"
        )
    loose = list(target.listing(""))
    for begin, end in ranges:
        for number in range((end - begin).days + 1):
            date = (begin + datetime.timedelta(days=number)).isoformat()
            for name in (*_names_of_date(loose, date), *target.listing(date)):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).touch()


def _page_names(target: Target, date: str) -> list[str]:
    """The pages of a date; whatever else lies there is left out, and so are hidden files."""
    inside = [name for name in target.listing(date) if not Path(name).name.startswith(".")]
    return inside or _names_of_date(target.listing(""), date)


def _names_of_date(names: Iterable[str], date: str) -> list[str]:
    return [name for name in names if name.startswith(f"{date}.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowRun:
    """One show as it is made in one run."""

    name: str
    config: Config
    order: Order
    now: datetime.datetime
    run: str
    """The caller's run: its files in the storage begin with it."""
    storage: Place

    @property
    def out(self) -> OutFolder:
        """The caller's output folder."""
        return self.config.output

    def failed(self, error: QjaudioError, date: str) -> Outcome:
        """What an error makes of a date."""
        made = catalogue.finished_episode(self.out, date, self.config) is not None
        return replace(Outcome.failed(error, date=date, show=self.name), made=made)

    def inputs(self, date: str) -> str | None:
        """What the episode of a date is made of, by its looks, as a run of one machine has it."""
        if self.order.verify or remote_issues(self.config):
            return None
        day = datetime.date.fromisoformat(date)
        return freshness.fingerprint_of_looks(day, self.config, self.now, force=self.order.force)

    def unchanged(self, date: str, inputs: str | None) -> Outcome | None:
        """The outcome of a date that needs no worker."""
        if gone := Journal(self.out).withdrawals().get(date, {}).get(""):
            return Outcome(date=date, show=self.name, message=gone.why, withdrawn=True)
        known = freshness.is_remembered(self.out, date, inputs)
        former = catalogue.finished_episode(self.out, date, self.config) if known else None
        return Outcome.unchanged(former, show=self.name) if former else None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Task:
    """One date for one worker. It has no repr: Dask logs those, and settings may hold a password.

    The caller alone puts files into `out/`. A worker that was thought dead and comes back hands in
    a bundle of its own, which nobody takes.
    """

    date: str
    show: ShowRun
    """The caller's show; the `issues` of its settings are an absolute path where they are one."""
    issues: Place | None
    """Where the pages are, if a worker has to fetch them."""
    pages: Mapping[str, int] | None
    """Name and length of each page, where the workers see the caller's folder."""
    cast: str | None
    lexicon: str
    """The texts of the caller's own files."""
    stages: Mapping[str, bytes]
    """What is in the stage folder of the date, by name: a script may have been edited."""
    audio_bytes: int | None
    """The length of the finished MP3 of the date; None where there is none."""
    journal: bytes = b""
    """The journal of the show, where stories of the date are withdrawn."""


def task_of(date: str, show: ShowRun) -> Task:
    """What a worker needs to make a date."""
    where = show.out.drafts if catalogue.recorded_episode(show.out.drafts, date) else show.out
    former = catalogue.finished_episode(where, date, show.config)
    journal = Journal(show.out)
    remote = remote_issues(show.config)
    issues = show.config.issues if remote else os.path.abspath(show.config.issues)  # noqa: PTH100
    if remote and remote.kind == "folder":
        issues, remote = remote.path, None
    return Task(
        date=date,
        show=replace(show, config=replace(show.config, issues=issues)),
        issues=remote,
        pages=None if remote else page_sizes(issues, date),
        cast=store.text_of(Path(show.config.cast)) if show.config.cast else None,
        lexicon=_lexicon_text(show.config),
        stages=_stage_files(where, date),
        audio_bytes=former.audio_bytes if former else None,
        journal=store.bytes_of(journal.path) if date in journal.withdrawals() else b"",
    )


def needs_model(config: Config) -> bool:
    """Whether a worker may have to speak with the offline voice."""
    return "kokoro" in voicing.chain_of(config).engines


def append_log(out: OutFolder, date: str, text: str) -> None:
    """Put what a worker has logged of a date under what is there; a log never stops a run."""
    path = out.stage(date, reporting.NAME)
    if text:
        with contextlib.suppress(OSError, QjaudioError):
            path.parent.mkdir(parents=True, exist_ok=True)
            reporting.shorten_log(path)
            with open(path, "a", encoding="utf-8", opener=store.only_file) as file:
                file.write(text)


def _lexicon_text(config: Config) -> str:
    """The text of the user's own lexicon: a worker must not find another one."""
    path = lexicon_path(config)
    return store.text_of(path) if config.lexicon or path.is_file() else ""


def _stage_files(out: OutFolder, date: str) -> dict[str, bytes]:
    found = {}
    for name in (*STAGES, CORRECTIONS):
        with contextlib.suppress(OSError):
            found[name] = store.bytes_of(out.stage(date, name))
    return found
