"""The worker's side: it says what it would speak with, makes dates and hands the files in."""

import contextlib
import functools
import hashlib
import importlib.metadata
import os
import platform
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import qjaudio
from qjaudio import rules, store
from qjaudio.cluster import storage, tasks
from qjaudio.cluster.storage import Bundle
from qjaudio.cluster.tasks import Done, Examined, Installation, Site, Task
from qjaudio.config import Config
from qjaudio.engines import kokoro
from qjaudio.engines.kokoro import cache_folder
from qjaudio.errors import EngineError, QjaudioError
from qjaudio.pipeline.batch import Outcome, make_one
from qjaudio.pipeline.journal import JOURNAL
from qjaudio.pipeline.reporting import NAME as LOG
from qjaudio.pipeline.reporting import Quiet
from qjaudio.store import OutFolder
from qjaudio.targets.model import Place

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_OURS = (".py", ".tsv", ".toml", ".bin")


@functools.cache
def this_installation(*, with_model: bool) -> Installation:
    """Those of this machine; `with_model` reads the offline voice's model, 90 MB.

    Raises:
        MissingPartError: the model is not there or is damaged.
    """
    return Installation(
        build=_program_hash(), model=_model_hash() if with_model else "", versions=_versions()
    )


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


def _model_hash() -> str:
    kokoro.model_file()  # raises where it is missing or damaged
    return kokoro.MODEL_SHA256


def _versions() -> dict[str, str]:
    """The versions of Python and of what the package needs without extras."""
    found = {"python": platform.python_version()}
    for line in importlib.metadata.requires("qjaudio") or ():
        match = _NAME.match(line)
        if match and "extra ==" not in line:
            try:
                found[match[0]] = importlib.metadata.version(match[0])
            except importlib.metadata.PackageNotFoundError:
                continue  # only asked for by another Python
    return found


ASK_S = 10.0
"""How often a worker that speaks looks whether its caller is still there."""
_one_at_a_time = threading.Lock()
"""One date at a time: its log is the process's, and synthesis takes all cores anyway."""


class AbandonedError(QjaudioError):
    """The caller has gone: nobody would take the episode."""


def examine(sites: Sequence[Site], *, with_model: bool) -> Examined:
    """What this machine would speak with, and which of the sites it does not reach.

    Raises:
        QjaudioError: a part is missing.
    """
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
    with _one_at_a_time, _scratch_folder() as scratch:
        out = OutFolder(scratch / "out")
        try:
            outcome, handed_in = _make_bundle(task, out, scratch)
        except QjaudioError as error:
            outcome, handed_in = Outcome.failed(error, date=task.date), None
        known = replace(
            outcome,
            message=_as_callers(outcome.message, out, task.show.config),
            hint=_as_callers(outcome.hint, out, task.show.config),
        )
        try:
            log = out.stage(task.date, LOG).read_text(encoding="utf-8", errors="replace")
        except OSError:
            log = ""
        return Done(
            outcome=known,
            log=_as_callers(log, out, task.show.config),
            bundle=handed_in,
        )


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
    out.cache.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(OSError):  # where there is no cache the clips of this date go with it
        clips.mkdir(parents=True, exist_ok=True)
        (out.cache / "clips").symlink_to(clips)
    places: dict[str, Any] = {"out": str(out.root), "lexicon": str(scratch / "lexicon.tsv")}
    (scratch / "lexicon.tsv").write_text(task.lexicon, encoding="utf-8")
    if task.cast is not None:
        places["cast"] = str(scratch / "cast.toml")
        (scratch / "cast.toml").write_text(task.cast, encoding="utf-8")
    if task.pages is not None and task.pages != tasks.page_sizes(config.issues, task.date):
        raise EngineError(
            f"{_worker_name()} does not see the pages of {task.date} in {config.issues}"
            " as they are",
            hint="share that folder with the workers, or give issues as s3:// or sftp://",
        )
    if task.issues is not None:
        places["issues"] = str(scratch / "issues")
        with storage.open_source(task.issues) as source:
            tasks.fetch_issue(source, task.date, scratch / "issues")
    return replace(config, **places, review="none")  # the caller has what was made signed


def _as_callers(text: str, out: OutFolder, config: Config) -> str:
    """A text of this machine's folder, as one of the caller's."""
    return text.replace(str(out.root), config.out)


@contextlib.contextmanager
def _scratch_folder() -> Iterator[Path]:
    """A folder that goes at the end; where a worker is killed, Dask clears it away."""
    with tempfile.TemporaryDirectory(prefix="qjaudio-", dir=_local_folder()) as folder:
        yield Path(folder)


def _local_folder() -> str | None:
    from distributed import get_worker

    try:
        return str(get_worker().local_directory)
    except ValueError:  # no worker: a test calls us
        return None


def _worker_name() -> str:
    from distributed import get_worker

    try:
        return str(get_worker().address)
    except ValueError:
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
        """Ask.

        Raises:
            AbandonedError: the caller has gone.
        """
        self._asked = time.monotonic()
        if not self._is_on():
            raise AbandonedError("the caller has gone")

    def _now_and_then(self) -> None:
        if time.monotonic() - self._asked >= ASK_S:
            self.ask()
