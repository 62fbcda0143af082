"""The worker's side: it makes a date in a folder of its own and hands the files in."""

import contextlib
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from qjaudio.cluster import fetching, parcel, storage
from qjaudio.cluster.facts import facts
from qjaudio.cluster.model import Done, Examined, Parcel, Site, Task
from qjaudio.config import Config
from qjaudio.engines.kokoro import cache_folder
from qjaudio.errors import EngineError, QjaudioError
from qjaudio.pipeline.batch import Outcome, make_one
from qjaudio.pipeline.run_log import NAME as LOG
from qjaudio.store import OutFolder
from qjaudio.targets.address import Place

ASK_S = 10.0
"""How often a worker that speaks looks whether its caller is still there."""
_alone = threading.Lock()
"""One date at a time: its log is the process's, and synthesis takes all cores anyway."""


class AbandonedError(QjaudioError):
    """The caller has gone: nobody would take the episode."""


def examine(sites: Sequence[Site], *, with_model: bool) -> Examined:
    """What this machine would speak with, and which of the sites it does not reach.

    Raises:
        QjaudioError: a part is missing.
    """
    found, closed = facts(with_model=with_model), {}
    with contextlib.ExitStack() as opened:
        stores: dict[Place, storage.Storage] = {}
        for site in sites:
            try:
                if site.place not in stores:
                    stores[site.place] = opened.enter_context(storage.opened(site.place))
                stores[site.place].check(site.run)
                if site.issues and not Path(site.issues).is_dir():
                    raise EngineError(
                        f"it does not see the issues in {site.issues}",
                        hint="share that folder with the workers, or give issues as s3://, sftp://",
                    )
            except QjaudioError as error:
                closed[site.run] = error
    return Examined(facts=found, closed=closed)


def make_date(task: Task) -> Done:
    """Make the episode of a date; whatever goes wrong becomes part of the outcome."""
    with _alone, _scratch() as scratch:
        out = OutFolder(scratch / "out")
        try:
            outcome, handed_in = _made(task, out, scratch)
        except QjaudioError as error:
            outcome, handed_in = Outcome.failed(error, date=task.date), None
        known = replace(
            outcome,
            message=_at_home(outcome.message, out, task.config),
            hint=_at_home(outcome.hint, out, task.config),
        )
        try:
            log = out.stage(task.date, LOG).read_text(encoding="utf-8", errors="replace")
        except OSError:
            log = ""
        return Done(
            outcome=known,
            worker=_name(),
            log=_at_home(log, out, task.config),
            parcel=handed_in,
        )


def _made(task: Task, out: OutFolder, scratch: Path) -> tuple[Outcome, Parcel | None]:
    with storage.opened(task.storage) as there:
        watch = _Watch(lambda: there.is_on(task.run))
        watch.ask()
        outcome = make_one(
            task.date,
            _furnished(task, out, scratch),
            force=task.order.force,
            verify=task.order.verify,
            expect_by=task.order.expect_by,
            now=task.now,
            progress=watch,
            publish=False,
            show="",
            words=task.order.words,
        )
        if not outcome.fresh:
            return outcome, None
        watch.ask()
        path = scratch / "parcel.zip"
        parcel.pack(out, task.date, path)
        return outcome, there.hand_in(path, task.run, task.date)


def _furnished(task: Task, out: OutFolder, scratch: Path) -> Config:
    """The caller's settings for a folder that holds what the caller's holds of this date."""
    for name, content in task.stages.items():
        path = out.stage(task.date, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    if task.audio_bytes is not None:  # only its length is ever asked for
        with out.published(task.date, parcel.AUDIO).open("wb") as audio:
            audio.truncate(task.audio_bytes)
    clips = cache_folder() / "cluster" / "clips"
    clips.mkdir(parents=True, exist_ok=True)
    out.cache.mkdir(parents=True, exist_ok=True)
    (out.cache / "clips").symlink_to(clips)
    places: dict[str, Any] = {"out": str(out.root), "lexicon": str(scratch / "lexicon.tsv")}
    (scratch / "lexicon.tsv").write_text(task.lexicon, encoding="utf-8")
    if task.cast is not None:
        places["cast"] = str(scratch / "cast.toml")
        (scratch / "cast.toml").write_text(task.cast, encoding="utf-8")
    if task.pages is not None and task.pages != fetching.pages_of(task.config.issues, task.date):
        raise EngineError(
            f"{_name()} does not see the pages of {task.date} in {task.config.issues} as they are",
            hint="share that folder with the workers, or give issues as s3:// or sftp://",
        )
    if task.issues is not None:
        places["issues"] = str(scratch / "issues")
        with storage.reading(task.issues) as source:
            fetching.fetch_issue(source, task.date, scratch / "issues")
    return replace(task.config, **places)


def _at_home(text: str, out: OutFolder, config: Config) -> str:
    """A text of this machine's folder, as one of the caller's."""
    return text.replace(str(out.root), config.out)


@contextlib.contextmanager
def _scratch() -> Iterator[Path]:
    """A folder that goes at the end; where a worker is killed, Dask clears it away."""
    with tempfile.TemporaryDirectory(prefix="qjaudio-", dir=_local_folder()) as folder:
        yield Path(folder)


def _local_folder() -> str | None:
    from distributed import get_worker

    try:
        return str(get_worker().local_directory)
    except ValueError:  # no worker: a test calls us
        return None


def _name() -> str:
    from distributed import get_worker

    try:
        return str(get_worker().address)
    except ValueError:
        return f"process {os.getpid()}"


class _Watch:
    """Shows nothing; stops the work when nobody waits for it any more."""

    def __init__(self, is_on: Callable[[], bool]) -> None:
        self._is_on, self._asked = is_on, time.monotonic()

    def say(self, text: str) -> None:
        """Tell nobody."""

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
