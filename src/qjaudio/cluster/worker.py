"""A date as it travels, with all that one needs to make it, and the worker that makes it.

A worker says what it would speak with, makes dates and hands the files in.
"""

import contextlib
import datetime
import functools
import hashlib
import importlib.metadata
import os
import platform
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import qjaudio
from qjaudio import rules, store
from qjaudio.cluster import storage
from qjaudio.cluster.storage import STAGES, Bundle
from qjaudio.config import Config
from qjaudio.engines import kokoro
from qjaudio.engines.kokoro import cache_folder
from qjaudio.errors import EngineError, QjaudioError, UsageError
from qjaudio.pipeline import catalogue, freshness, reporting, voicing
from qjaudio.pipeline.batch import Outcome, make_one, ranges_of
from qjaudio.pipeline.journal import JOURNAL, Journal
from qjaudio.pipeline.lexicons import lexicon_path
from qjaudio.pipeline.making import Order
from qjaudio.pipeline.reading import CORRECTIONS
from qjaudio.pipeline.reporting import NAME as LOG
from qjaudio.pipeline.reporting import Quiet
from qjaudio.store import OutFolder
from qjaudio.targets import place_of
from qjaudio.targets.model import Place, Target


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
    """Where the issues are, if in no local folder; UsageError where nothing can read from there."""
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
    """Make an empty file for each page of the dates asked for; UsageError: none are."""
    ranges = ranges_of(words, since, now)
    if not ranges:
        reason = "a remote place of issues is asked date by date"
        raise UsageError(reason, hint="give a range, or --since DATE")
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
    remote, own = remote_issues(show.config), lexicon_path(show.config)
    issues = show.config.issues if remote else os.path.abspath(show.config.issues)  # noqa: PTH100
    if remote and remote.kind == "folder":
        issues, remote = remote.path, None
    return Task(
        date=date,
        show=replace(show, config=replace(show.config, issues=issues)),
        issues=remote,
        pages=None if remote else page_sizes(issues, date),
        cast=store.text_of(Path(show.config.cast)) if show.config.cast else None,
        lexicon=store.text_of(own) if show.config.lexicon or own.is_file() else "",
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


def _stage_files(out: OutFolder, date: str) -> dict[str, bytes]:
    found = {}
    for name in (*STAGES, CORRECTIONS):
        with contextlib.suppress(OSError):
            found[name] = store.bytes_of(out.stage(date, name))
    return found


_NAME = re.compile(r"[A-Za-z0-9._-]+")
_OURS = (".py", ".tsv", ".toml", ".bin")


@functools.cache
def this_installation(*, with_model: bool) -> Installation:
    """Those of this machine; `with_model` reads the model of 90 MB, or raises MissingPartError."""
    if with_model:
        kokoro.model_file()  # raises
    model = kokoro.MODEL_SHA256 if with_model else ""
    return Installation(build=_program_hash(), model=model, versions=_versions())


def _program_hash() -> str:
    """One hash of our program, rules and voices, by name and bytes."""
    package, voices = Path(qjaudio.__file__).parent, rules.voices_folder()
    found = {f"qjaudio/{path.relative_to(package)}": path for path in package.rglob("*.*")}
    found = {name: path for name, path in found.items() if not name.startswith("qjaudio/voices/")}
    found |= {f"voices/{path.relative_to(voices)}": path for path in voices.rglob("*.*")}
    whole = hashlib.sha256()
    for name, path in sorted(found.items()):
        if path.suffix in _OURS:
            whole.update(f"{name} {store.sha256_of(path)}\n".encode())
    return whole.hexdigest()


def _versions() -> dict[str, str]:
    """The versions of Python and of what the package needs without extras."""
    found = {"python": platform.python_version()}
    for line in importlib.metadata.requires("qjaudio") or ():
        match = _NAME.match(line)
        if match and "extra ==" not in line:
            # One may only be asked for by another Python.
            with contextlib.suppress(importlib.metadata.PackageNotFoundError):
                found[match[0]] = importlib.metadata.version(match[0])
    return found


ASK_S = 10.0
"""How often a worker that speaks looks whether its caller is still there."""
_one_at_a_time = threading.Lock()
"""One date at a time: its log is the process's, and synthesis takes all cores anyway."""


class AbandonedError(QjaudioError):
    """The caller has gone: nobody would take the episode."""


def examine(sites: Sequence[Site], *, with_model: bool) -> Examined:
    """What this machine would speak with (or QjaudioError), and which sites it does not reach."""
    found, closed = this_installation(with_model=with_model), {}
    with contextlib.ExitStack() as opened:
        stores: dict[Place, storage.Storage] = {}
        for site in sites:
            try:
                if site.place not in stores:
                    stores[site.place] = opened.enter_context(storage.open_storage(site.place))
                stores[site.place].check(site.run)
                if site.issues and not Path(site.issues).is_dir():
                    raise EngineError(
                        f"it does not see the issues in {site.issues}",
                        hint="share that folder with the workers, or give issues as s3://, sftp://",
                    )
            except QjaudioError as error:
                closed[site.run] = error
    return Examined(installation=found, closed=closed)


def make_date(task: Task) -> Done:
    """Make the episode of a date; whatever goes wrong becomes part of the outcome."""
    with (
        _one_at_a_time,
        # Where a worker is killed, Dask clears its folder away.
        tempfile.TemporaryDirectory(prefix="qjaudio-", dir=_local_folder()) as folder,
    ):
        out = OutFolder(Path(folder) / "out")

        def callers(text: str) -> str:
            return text.replace(str(out.root), task.show.config.out)

        try:
            outcome, handed_in = _make_bundle(task, out, Path(folder))
        except QjaudioError as error:
            outcome, handed_in = Outcome.failed(error, date=task.date), None
        told, hint = callers(outcome.message), callers(outcome.hint)
        log = ""
        with contextlib.suppress(OSError):
            log = out.stage(task.date, LOG).read_text(encoding="utf-8", errors="replace")
        known = replace(outcome, message=told, hint=hint)
        return Done(outcome=known, log=callers(log), bundle=handed_in)


def _make_bundle(task: Task, out: OutFolder, scratch: Path) -> tuple[Outcome, Bundle | None]:
    with storage.open_storage(task.show.storage) as there:
        watch = _CallerWatch(lambda: there.is_on(task.show.run))
        watch.ask()
        config = _write_inputs(task, out, scratch)
        outcome = make_one(task.date, config, task.show.order, now=task.show.now, progress=watch)
        if not outcome.fresh:
            return outcome, None
        watch.ask()
        path = scratch / "bundle.zip"
        storage.pack_bundle(out, task.date, path)
        return outcome, there.hand_in(path, task.show.run, task.date)


def _write_inputs(task: Task, out: OutFolder, scratch: Path) -> Config:
    """The caller's settings for a folder that holds what the caller's holds of this date."""
    config = task.show.config
    out.cache.mkdir(parents=True)
    for name, content in task.stages.items():
        path = out.stage(task.date, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    if task.audio_bytes is not None:  # only its length is ever asked for
        with out.published(task.date, storage.AUDIO).open("wb") as audio:
            audio.truncate(task.audio_bytes)
    if task.journal:
        (out.root / JOURNAL).write_bytes(task.journal)
    clips = cache_folder() / "cluster" / "clips"
    with contextlib.suppress(OSError):  # where there is no cache the clips of this date go with it
        clips.mkdir(parents=True, exist_ok=True)
        (out.cache / "clips").symlink_to(clips)
    own = {"lexicon": scratch / "lexicon.tsv", "cast": scratch / "cast.toml"}
    places: dict[str, Any] = {"out": str(out.root)}
    for name, text in (("lexicon", task.lexicon), ("cast", task.cast)):
        if text is not None:
            own[name].write_text(text, encoding="utf-8")
            places[name] = str(own[name])
    if task.pages is not None and task.pages != page_sizes(config.issues, task.date):
        raise EngineError(
            f"{_worker_name()} does not see the pages of {task.date} in {config.issues}"
            " as they are",
            hint="share that folder with the workers, or give issues as s3:// or sftp://",
        )
    if task.issues is not None:
        places["issues"] = str(scratch / "issues")
        with storage.open_source(task.issues) as source:
            fetch_issue(source, task.date, scratch / "issues")
    return replace(config, **places, review="none")  # the caller has what was made signed


def _local_folder() -> str | None:
    from distributed import get_worker

    with contextlib.suppress(ValueError):  # no worker: a test calls us
        return str(get_worker().local_directory)
    return None


def _worker_name() -> str:
    from distributed import get_worker

    with contextlib.suppress(ValueError):
        return str(get_worker().address)
    return f"process {os.getpid()}"


class _CallerWatch(Quiet):
    """Shows nothing; stops the work when nobody waits for it any more."""

    def __init__(self, is_on: Callable[[], bool]) -> None:
        self._is_on, self._asked = is_on, time.monotonic()

    @contextlib.contextmanager
    def step(self, text: str, total: int) -> Iterator[Callable[[], None]]:  # noqa: ARG002
        """Ask now and then."""
        yield self._now_and_then

    def ask(self) -> None:
        """Ask; AbandonedError where the caller has gone."""
        self._asked = time.monotonic()
        if not self._is_on():
            raise AbandonedError("the caller is gone")

    def _now_and_then(self) -> None:
        if time.monotonic() - self._asked >= ASK_S:
            self.ask()
