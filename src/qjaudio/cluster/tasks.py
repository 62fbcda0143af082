"""From a show and a date to what a worker needs to know, and back."""

import contextlib
import datetime
import os
from dataclasses import dataclass, replace
from pathlib import Path

from qjaudio import store
from qjaudio.cluster.fetching import pages_of, remote_issues
from qjaudio.cluster.model import Task
from qjaudio.cluster.parcel import STAGES
from qjaudio.config import Config
from qjaudio.errors import QjaudioError
from qjaudio.pipeline import publishing, run_log, skipping
from qjaudio.pipeline.batch import Outcome
from qjaudio.pipeline.one_day import Order
from qjaudio.pipeline.scripting import lexicon_path
from qjaudio.store import OutFolder
from qjaudio.targets.address import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """One show as it is made in one run."""

    name: str
    config: Config
    order: Order
    now: datetime.datetime
    run: str
    storage: Place

    @property
    def out(self) -> OutFolder:
        """The caller's output folder."""
        return OutFolder(self.config.out_folder)

    def failed(self, error: QjaudioError, date: str) -> Outcome:
        """What an error makes of a date."""
        made = publishing.finished_episode(self.out, date) is not None
        return replace(Outcome.failed(error, date=date, show=self.name), made=made)

    def inputs(self, date: str) -> str | None:
        """What the episode of a date is made of, by its looks, as a run of one machine has it."""
        if self.order.verify or remote_issues(self.config):
            return None
        day = datetime.date.fromisoformat(date)
        return skipping.inputs_of(day, self.config, self.now, force=self.order.force)

    def unchanged(self, date: str, inputs: str | None) -> Outcome | None:
        """The outcome of a date that needs no worker."""
        former = skipping.unchanged(self.out, date, inputs)
        return Outcome.unchanged(former, show=self.name) if former else None


def task_of(date: str, show: Show) -> Task:
    """What a worker needs to make a date."""
    former = publishing.finished_episode(show.out, date)
    remote = remote_issues(show.config)
    issues = show.config.issues if remote else os.path.abspath(show.config.issues)  # noqa: PTH100
    if remote and remote.kind == "folder":
        issues, remote = remote.path, None
    return Task(
        date=date,
        run=show.run,
        config=replace(show.config, issues=issues),
        order=show.order,
        now=show.now,
        storage=show.storage,
        issues=remote,
        pages=None if remote else pages_of(issues, date),
        cast=store.text_of(Path(show.config.cast)) if show.config.cast else None,
        lexicon=_lexicon(show.config),
        stages=_stages(show.out, date),
        audio_bytes=former.audio_bytes if former else None,
    )


def needs_model(config: Config) -> bool:
    """Whether a worker may have to speak with the offline voice."""
    return config.voice != "silent" and not config.voice.startswith("edge")


def append_log(out: OutFolder, date: str, text: str) -> None:
    """Put what a worker has logged of a date under what is there; a log never stops a run."""
    path = out.stage(date, run_log.NAME)
    if text:
        with contextlib.suppress(OSError, QjaudioError):
            path.parent.mkdir(parents=True, exist_ok=True)
            run_log.shorten(path)
            with open(path, "a", encoding="utf-8", opener=store.only_file) as file:
                file.write(text)


def _lexicon(config: Config) -> str:
    """The text of the user's own lexicon: a worker must not find another one."""
    path = lexicon_path(config)
    return store.text_of(path) if config.lexicon or path.is_file() else ""


def _stages(out: OutFolder, date: str) -> dict[str, bytes]:
    found = {}
    for name in STAGES:
        with contextlib.suppress(OSError):
            found[name] = store.bytes_of(out.stage(date, name))
    return found
