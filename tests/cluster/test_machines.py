"""Dates over several machines: real schedulers and workers, some of which die."""

import contextlib
import datetime
import os
import re
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dask_machines import Machines, issues, machines, published
from qjaudio.cluster.calling import Cluster
from qjaudio.config import Config
from qjaudio.errors import MissingPartError
from qjaudio.pipeline import locking, publishing
from qjaudio.pipeline.batch import Outcome, Wanted, make_one
from qjaudio.pipeline.journal import Journal
from qjaudio.pipeline.making import Order
from qjaudio.pipeline.reporting import Quiet
from qjaudio.pipeline.review import Review
from qjaudio.store import OutFolder

pytest.importorskip("distributed", reason="pip install distributed")
NOW = datetime.datetime(2025, 6, 3, 1, 0, tzinfo=datetime.UTC)
DATES = [f"2025-05-{day}" for day in range(20, 24)]
MOST_S = 120


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    folder = tmp_path_factory.mktemp("show")
    return Config(
        voice="silent", minutes=0.2, sting=None, bed=None, chime=None, closing=None,
        issues=str(issues(folder / "issues", DATES)),
        out=str(folder / "out"),
    )  # fmt: skip


@pytest.fixture(scope="module")
def alone(config: Config) -> dict[str, bytes]:
    """What a single machine makes of the dates."""
    here = replace(config, out=f"{config.out}-alone")
    for date in DATES:
        outcome = make_one(date, here, Order(), now=NOW, progress=Quiet())
        assert "made" == outcome.state, outcome
    publishing.publish_feed(OutFolder(here.out_folder), here)
    return published(here.out_folder)


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """A scheduler and two workers for the tests that harm none of them."""
    folder = tmp_path_factory.mktemp("machines")
    with machines(folder, "127.0.0.5", "127.0.0.6") as running:
        yield running


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Machines]:
    with machines(tmp_path / "machines", "127.0.0.2", "127.0.0.3") as running:
        yield running


def run(
    running: Machines, config: Config, dates: list[str] = DATES, *,
    told: list[str] | None = None, after: Callable[[Outcome], None] = lambda _: None,
) -> dict[str, Outcome]:  # fmt: skip
    """Make the dates on the cluster; `after` is called at each outcome."""
    found = {}
    said: list[str] = [] if told is None else told
    with Cluster(running.address, said.append) as cluster:
        for outcome in cluster.make([Wanted("", config, dates)], Order(may_lack=True), NOW):
            assert outcome.date not in found, f"{outcome.date} has ended twice"
            found[outcome.date] = outcome
            after(outcome)
    return found


def test_a_killed_worker_costs_nothing(
    two: Machines, config: Config, alone: dict[str, bytes], tmp_path: Path
) -> None:
    """A worker dies in the middle of a date: another makes it, to the same bytes and feed."""
    here, told = replace(config, out=str(tmp_path / "out")), []

    def kill(_: Outcome) -> None:
        if two.workers["127.0.0.3"].poll() is None:
            two.workers["127.0.0.3"].send_signal(signal.SIGKILL)
            two.workers["127.0.0.3"].wait()

    found = run(two, here, told=told, after=kill)
    assert dict.fromkeys(DATES, "made") == {date: found[date].state for date in DATES}
    assert any("127.0.0.3" in line and "is gone" in line for line in told)
    assert alone == published(here.out_folder)
    assert [] == list((here.out_folder / ".cache/bundles").iterdir())
    again = run(two, here)
    assert dict.fromkeys(DATES, "unchanged") == {date: one.state for date, one in again.items()}


@pytest.mark.nightly
def test_with_a_review_workers_make_drafts(
    lasting: Machines, config: Config, tmp_path: Path
) -> None:
    """Nothing of one is public until it is signed; the last signature publishes it."""
    date, signing = DATES[0], replace(config, out=str(tmp_path / "out"), review="one")
    outcome = run(lasting, signing, [date])[date]
    assert ("made", True) == (outcome.state, "draft" in outcome.message), outcome
    public = signing.out_folder / f"{date}.mp3"
    assert not public.exists()
    assert ["drafted"] == [row.act for row in Journal(signing.output).entries(date)]
    review = Review(config=signing, now=NOW, progress=Quiet())
    assert not review.approve(date, who="王总编").roles_left
    assert public.exists()
    assert date in signing.output.feed.read_text("utf-8")


@pytest.mark.nightly
def test_a_worker_that_is_stopped_goes_on(
    two: Machines, config: Config, alone: dict[str, bytes], tmp_path: Path
) -> None:
    """A paused worker delays its date; no other date waits, and nothing is made twice."""
    here, pause = replace(config, out=str(tmp_path / "out")), []

    def stop(_: Outcome) -> None:
        if not pause:
            worker = two.workers["127.0.0.3"]
            worker.send_signal(signal.SIGSTOP)
            pause.append(threading.Timer(3, worker.send_signal, [signal.SIGCONT]))
            pause[0].start()

    found = run(two, here, DATES, after=stop)
    assert dict.fromkeys(DATES, "made") == {date: found[date].state for date in DATES}
    audio = {f"{date}.mp3" for date in DATES}
    here_now = published(here.out_folder)
    assert {name: alone[name] for name in audio} == {name: here_now[name] for name in audio}


@pytest.mark.nightly
def test_a_scheduler_that_dies_leaves_what_is_finished(
    two: Machines, config: Config, tmp_path: Path
) -> None:
    """The rest has failed, in bounded time; what was finished is in the feed."""
    here = replace(config, out=str(tmp_path / "out"))
    found = run(two, here, DATES, after=lambda _: two.scheduler.kill())
    first, *rest = found.values()
    assert ("made", {6}) == (first.state, {one.exit_code for one in rest if one.state != "made"})
    assert set(DATES) == set(found)
    assert f"{first.date}.mp3" in OutFolder(here.out_folder).feed.read_text(encoding="utf-8")


def test_a_storage_that_breaks_stops_no_finished_date(
    lasting: Machines, config: Config, tmp_path: Path
) -> None:
    """A file takes the place of its folder: dates fail with exit 7, the first stays in the feed."""
    work = tmp_path / "work/bundles"
    here = replace(config, out=str(tmp_path / "out"), cluster_storage=f"file://{work.parent}")

    def destroy(_: Outcome) -> None:
        if work.is_dir():
            work.rename(tmp_path / "away")
            work.write_text("full")

    first, *rest = run(lasting, here, DATES[:3], after=destroy).values()
    assert ("made", {7}) == (first.state, {one.exit_code for one in rest}), rest
    assert [first.date] == list(OutFolder(here.out_folder).dates())


def test_another_run_of_the_same_dates_is_respected(
    lasting: Machines, config: Config, tmp_path: Path
) -> None:
    """A date that another process is making is asked for last, and fails if it still does."""
    here = replace(config, out=str(tmp_path / "out"))
    with locking.locked(OutFolder(here.out_folder), DATES[0], NOW):
        found = run(lasting, here, DATES[:2])
    assert (2, True) == (found[DATES[0]].exit_code, found[DATES[0]].busy)
    assert ("made", DATES[1]) == (found[DATES[1]].state, next(iter(found)))


def test_a_broken_date_stops_no_other(lasting: Machines, config: Config, tmp_path: Path) -> None:
    """Its error is that of a single machine; an edited script is spoken; a stranger's is kept."""
    folder = issues(tmp_path / "issues", DATES[:2])
    (folder / DATES[0] / "page1.md").write_text("no newspaper")
    here = replace(config, out=str(tmp_path / "out"), issues=str(folder))
    found = run(lasting, here, DATES[:2])
    alone = make_one(
        DATES[0], replace(here, out=str(tmp_path / "alone")), Order(), now=NOW, progress=Quiet(),
    )  # fmt: skip
    assert (alone.exit_code, alone.message) == (
        found[DATES[0]].exit_code, found[DATES[0]].message,
    )  # fmt: skip
    script = here.out_folder / DATES[1] / "script.md"
    lines = [line for line in script.read_text(encoding="utf-8").splitlines() if line]
    told = [at for at, line in enumerate(lines) if line[0] not in "#<"]
    del lines[told[len(told) // 2]]
    script.write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    os.utime(script, (0, 0))  # a range leaves alone what was saved a moment ago
    edited, former = script.read_bytes(), published(here.out_folder)
    again = run(lasting, here, [DATES[1]])
    assert "made" == again[DATES[1]].state
    assert edited == script.read_bytes()
    assert former[f"{DATES[1]}.mp3"] != published(here.out_folder)[f"{DATES[1]}.mp3"]
    assert [] == list(here.out_folder.glob("*.former*"))


def test_the_dates_of_all_shows_share_the_workers(
    lasting: Machines, config: Config, alone: dict[str, bytes], tmp_path: Path
) -> None:
    """One day of many papers keeps all workers busy; a show whose storage is broken stops none,
    and each show's audio is that of a single machine."""
    (tmp_path / "file").write_text("no folder")
    wanted = [
        Wanted(name, replace(config, out=str(tmp_path / name)), DATES[:1])
        for name in ("east", "north", "west")
    ]
    broken = replace(config, out=str(tmp_path / "b"), cluster_storage=str(tmp_path / "file"))
    wanted.insert(0, Wanted("broken", broken, DATES[:1]))
    with Cluster(lasting.address, lambda _: None) as cluster:
        found = list(cluster.make(wanted, Order(may_lack=True), NOW))
    assert ("broken", "", 7) == (found[0].show, found[0].date, found[0].exit_code)
    assert [("east", "made"), ("north", "made"), ("west", "made")] == sorted(
        (one.show, one.state) for one in found[1:]
    )
    processes = set()
    for name in ("east", "north", "west"):
        here = tmp_path / name
        assert alone[f"{DATES[0]}.mp3"] == (here / f"{DATES[0]}.mp3").read_bytes()
        assert f"{DATES[0]}.mp3" in (here / "feed.xml").read_text(encoding="utf-8")
        log = (here / DATES[0] / "run.log").read_text(encoding="utf-8")
        processes |= set(re.findall(r"pid=(\d+)", log))
    assert {str(one.pid) for one in lasting.workers.values()} == processes


@pytest.mark.nightly
def test_a_worker_of_another_version_that_comes_late_is_told_of(
    two: Machines, config: Config, tmp_path: Path
) -> None:
    """Both versions are named, it gets no date, and the others make all."""
    (tmp_path / "old/qjaudio").mkdir(parents=True)
    (tmp_path / "old/qjaudio/__init__.py").write_text('__version__ = "0.0.1"\n')
    told: list[str] = []

    def join(_: Outcome) -> None:
        if "127.0.0.4" not in two.workers:
            two.environ["PYTHONPATH"] = str(tmp_path / "old")
            two.start_worker("127.0.0.4")
            from distributed import Client

            with contextlib.closing(Client(two.address, set_as_default=False)) as client:
                client.wait_for_workers(3, timeout=MOST_S)

    found = run(two, replace(config, out=str(tmp_path / "out")), told=told, after=join)
    assert dict.fromkeys(DATES, "made") == {date: found[date].state for date in DATES}
    (refusal,) = [line for line in told if line.endswith("it gets no date")]
    assert re.search(r"127\.0\.0\.4.* has qjaudio 0\.0\.1, this is \d", refusal)


@pytest.mark.nightly
def test_a_worker_of_another_version_is_refused(config: Config, tmp_path: Path) -> None:
    """Both versions are named."""
    (tmp_path / "old/qjaudio").mkdir(parents=True)
    (tmp_path / "old/qjaudio/__init__.py").write_text('__version__ = "0.0.1"\n')
    older = {"PYTHONPATH": str(tmp_path / "old")}
    with (
        machines(tmp_path / "machines", "127.0.0.2", environ=older) as running,
        pytest.raises(MissingPartError, match=r"has qjaudio 0\.0\.1, this is \d"),
    ):
        run(running, replace(config, out=str(tmp_path / "out")))
