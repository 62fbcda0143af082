"""What becomes of dates when workers, the scheduler or the place where they hand in are lost."""

import contextlib
import datetime
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest

from qjaudio.cluster import calling, pool, storage, worker
from qjaudio.config import Config
from qjaudio.errors import (
    EngineError,
    MissingPartError,
    NoPaperError,
    NotAnIssueError,
    QjaudioError,
    UsageError,
)
from qjaudio.pipeline.making import Order
from qjaudio.store import OutFolder
from qjaudio.targets import place_of
from qjaudio.targets.model import Place

distributed = pytest.importorskip("distributed", reason="pip install distributed")
NOW = datetime.datetime(2025, 6, 3, 1, 0, tzinfo=datetime.UTC)
DATE = "2025-05-20"


class Fleet:
    """Workers that are all well, or all gone."""

    fit = alive = frozenset({"a"})

    def look(self) -> None:
        """See nobody new."""


def show_run(folder: Path, **settings: Any) -> worker.ShowRun:
    config = Config(out=str(folder / "out"), **settings)
    return worker.ShowRun(
        name="", config=config, order=Order(), now=NOW, run="run-1",
        storage=Place(kind="folder", path=str(folder / "work")),
    )  # fmt: skip


@pytest.fixture
def submitted(tmp_path: Path) -> calling._Submitted:
    """A date that a worker makes."""
    job = calling.Job(show_run(tmp_path), DATE, None)  # type: ignore[arg-type]
    return calling._Submitted(
        job=job, lock=contextlib.ExitStack(), inputs=None, task=None, began=0.0,  # type: ignore[arg-type]
        workers=frozenset({"a"}), tries=calling.MOST_TRIES,
    )  # fmt: skip


def run_of(status: str = "running", **fleet: Any) -> calling.Run:
    client: Any = SimpleNamespace(status=status)
    workers: Any = Fleet()
    vars(workers).update(fleet)
    return calling.Run(client, workers, lambda _: None)


def test_whatever_is_lost_is_told(
    submitted: calling._Submitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scheduler, before and after a date; all workers; one date that kills them all."""
    future = mock.Mock(status="lost")
    gone = run_of("closed")
    with pytest.raises(calling.LostError, match="the scheduler is gone"):
        next(gone._collect(future, submitted))
    with pytest.raises(calling.LostError, match="the scheduler is gone"):
        gone._look()
    alone = run_of(fit=frozenset(), alive=frozenset())
    monkeypatch.setattr(alone, "_seen", time.monotonic() - 2 * calling.PATIENCE_S)
    with pytest.raises(calling.LostError, match="all workers are gone"):
        alone._look()
    deadly = run_of(fit=frozenset({"b"}), alive=frozenset({"b"}))
    deadly._running[future] = submitted
    with pytest.raises(calling.LostError, match="3 times all workers have died"):
        deadly._look()
    deadly._waiting.append(submitted.job)  # one that nobody has begun
    assert [6, 6] == [one.exit_code for one in deadly._fail_all(calling.LostError("x"))]


@pytest.mark.parametrize("status", ["finished", "error"])
@pytest.mark.parametrize("error", [ConnectionResetError("reset"), TimeoutError("late")])
def test_a_scheduler_that_dies_while_it_answers_is_lost(
    submitted: calling._Submitted, status: str, error: Exception
) -> None:
    """The date that it was asked for fails with the rest, and its lock is given back."""
    future = mock.Mock(status=status)
    future.result.side_effect = future.exception.side_effect = error
    here = run_of()
    with pytest.raises(calling.LostError, match="the scheduler does not answer"):
        next(here._collect(future, submitted))
    assert [submitted] == list(here._running.values())


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (distributed.scheduler.KilledWorker("t", None, 3), EngineError, "every worker that made"),
        (None, EngineError, "its task was lost 3 times"),
        (MemoryError(), MissingPartError, "a worker failed: there is not enough memory"),
        (ZeroDivisionError("x"), QjaudioError, "a bug in qjaudio: ZeroDivisionError: x"),
    ],
)
def test_why_a_date_failed_is_told(
    submitted: calling._Submitted, error: Exception | None, kind: type[Exception], words: str
) -> None:
    """Without an answer of ours; an error of the system keeps its way out."""
    found = calling._why_it_failed(error, submitted)
    assert (kind, words) == (type(found), str(found)[: len(words)])
    assert found.hint


def test_a_show_that_nobody_can_make_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its storage, or its issues as a worker sees them: with the reason."""
    monkeypatch.setattr(calling.pool, "connected", lambda _: contextlib.nullcontext())
    wanted = [(show_run(tmp_path), [DATE])]
    (tmp_path / "work").write_text("in the way")
    with calling.Cluster("tcp://a:1", lambda _: None) as cluster:
        with pytest.raises(QjaudioError, match="Not a directory"):
            list(cluster._distribute(wanted, alone=True))
        (tmp_path / "work").unlink()
        closed = {"run-1": EngineError("it does not see the issues", hint="share them")}
        assembled: Any = SimpleNamespace(closed=closed, assemble=lambda: None)
        monkeypatch.setattr(calling, "WorkerPool", lambda *_, **__: assembled)
        with pytest.raises(EngineError, match="does not see"):
            list(cluster._distribute(wanted, alone=True))
        assembled.assemble = _raising(OSError("gone"))
        with pytest.raises(EngineError, match="tcp://a:1"):
            list(cluster._distribute(wanted, alone=True))


def test_what_a_worker_does_not_see_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder of the issues, the pages as they are, the mark of the run; that we have gone."""
    show = show_run(tmp_path, issues=str(tmp_path / "issues"))
    with storage.open_storage(show.storage) as there:
        there.begin("run-1", NOW)
        (tmp_path / "work" / storage._mark_name("run-2")).write_text("run-1")
        with pytest.raises(EngineError, match="another run's mark"):
            there.check("run-2")
    site = pool.Site(run="run-1", place=show.storage, issues=str(tmp_path / "issues"))
    monkeypatch.setattr(worker, "this_installation", lambda **_: None)
    seen = worker.examine([site], with_model=False).closed["run-1"]
    assert "does not see the issues" in str(seen)
    (tmp_path / "issues" / DATE).mkdir(parents=True)
    (tmp_path / "issues" / DATE / "page1.md").write_text("一")
    task = replace(worker.task_of(DATE, show), pages={})
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with pytest.raises(EngineError, match="does not see the pages"):
        worker._write_inputs(task, OutFolder(scratch / "out"), scratch)
    watch = worker._CallerWatch(lambda: False)
    with pytest.raises(worker.AbandonedError):
        watch.ask()
    refused = OSError(5, "Input/output error", "page1.md")
    monkeypatch.setattr(calling.worker, "task_of", _raising(refused))
    job = calling.Job(show, DATE, None)  # type: ignore[arg-type]
    with pytest.raises(NotAnIssueError, match="what 2025-05-20 is made of") as caught:
        calling._submission(job, None)
    assert "check the disk" in caught.value.hint


def _raising(error: Exception) -> Callable[..., None]:
    def fail(*_words: object, **_more: object) -> None:
        raise error

    return fail


def test_a_remote_place_of_issues_is_asked_for_dates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a range; where it has none of them its own name is told, not that of our copy."""
    (tmp_path / "there").mkdir()
    remote = Config(issues="sftp://host/issues", out=str(tmp_path / "out"))
    place, real = place_of(str(tmp_path / "there")), storage.open_source
    monkeypatch.setattr(calling.storage, "open_source", lambda _place, _say: real(place))
    cluster = calling.Cluster("tcp://a:1", lambda _: None)
    with pytest.raises(NoPaperError, match="sftp://host/issues"):
        cluster.dates_of(["2025-05-01..2025-05-02"], remote, None, False, NOW)
    with real(place) as target, pytest.raises(UsageError, match="date by date"):
        worker.list_issues(target, (), None, NOW, tmp_path)


def test_what_cannot_be_connected_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing package, a door behind which nobody speaks, workers that do not answer."""
    with monkeypatch.context() as patch, pytest.raises(MissingPartError, match="distributed"):
        patch.setitem(sys.modules, "distributed", None)
        pool.connected("tcp://127.0.0.1:1").__enter__()
    silent: Any = contextlib.nullcontext(SimpleNamespace(recv=lambda _: b""))
    monkeypatch.setattr(pool, "_open_port", lambda *_: silent)
    with pytest.raises(EngineError, match="not a scheduler"):
        pool.connected("tcp://127.0.0.1:1").__enter__()
    waiting: Any = pool.WorkerPool(None, [], print, with_model=False)  # type: ignore[arg-type]
    waiting._pending = {"a": None}
    assert "no worker answers, of 1" in str(waiting._nobody())


def test_a_show_with_a_slow_edition_is_told_that_workers_make_none(tmp_path: Path) -> None:
    """Before they are called; and what they have made is not all to a later run on this machine."""
    config = Config(out=str(tmp_path / "out"), slow=True)
    said: list[str] = []
    cluster = calling.Cluster("local:1", said.append)
    wanted = [calling.batch.Wanted("", config, (DATE,))]
    with mock.patch.object(cluster, "_distribute", return_value=(one for one in ())) as handed_out:
        assert [] == list(cluster._outcomes(wanted, Order(), NOW, alone=True))
    ((show, dates),) = handed_out.call_args.args[0]
    assert ([DATE], False) == (dates, show.config.slow)
    assert ["workers make no slow edition: run make for those dates here, too"] == said
    assert show.inputs(DATE) != replace(show, config=config).inputs(DATE)
