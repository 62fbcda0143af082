"""Who may work: workers are examined one question after the other, without a scheduler here."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from qjaudio import __version__
from qjaudio.cluster import pool, worker
from qjaudio.cluster.pool import WorkerPool
from qjaudio.cluster.worker import Examined, Installation, Site
from qjaudio.errors import EngineError, MissingPartError, NotWritableError
from qjaudio.targets.model import Place

OURS = Installation(build="b" * 64, model="d" * 64, versions={"python": "3.11.7"})
SITES = [
    Site(run=f"run-{name}", place=Place(kind="folder", path=f"/{name}"), issues=None)
    for name in ("east", "west")
]
SEEN = "tcp://10.0.0.1:1"
LATE = "tcp://10.0.0.2:1"


class Reply:
    """A future that has ended."""

    def __init__(self, answer: object) -> None:
        self._answer, self.cancelled = answer, False
        self.status = "error" if isinstance(answer, Exception) else "finished"

    def done(self) -> bool:
        return True

    def result(self, timeout: float) -> object:
        assert timeout
        assert not self.cancelled
        return self._answer

    exception = result

    def cancel(self) -> None:
        self.cancelled = True


class Workers:
    """A client of Dask whose workers answer as they are told."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[object, object]] = {}
        self.asked: list[tuple[str, Callable[..., Any]]] = []

    def ncores(self) -> dict[str, int]:
        return dict.fromkeys(self.answers, 1)

    def submit(
        self, function: Callable[..., Any], *_: object, workers: list[str], **__: object
    ) -> Reply:
        (address,) = workers
        self.asked.append((address, function))
        return Reply(self.answers[address][function is worker.examine])


@pytest.fixture
def workers() -> Workers:
    return Workers()


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def asked(workers: Workers, told: list[str], monkeypatch: pytest.MonkeyPatch) -> WorkerPool:
    monkeypatch.setattr(pool, "this_installation", lambda **_: OURS)
    return WorkerPool(workers, SITES, told.append, with_model=True)


def fit(**other: Any) -> tuple[object, object]:
    return (__version__, Examined(installation=replace(OURS, **other)))


def test_a_worker_of_our_kind_may_work(
    asked: WorkerPool, workers: Workers, told: list[str]
) -> None:
    """Once it has said its version and what it would speak with."""
    workers.answers = {SEEN: fit()}
    asked.assemble()
    assert [SEEN] == asked.fit
    assert [f"1 workers: {SEEN}"] == told


def test_another_version_is_never_asked_a_second_question(
    asked: WorkerPool, workers: Workers, told: list[str]
) -> None:
    """It would break down over types that it does not know, and nobody would learn why."""
    workers.answers = {SEEN: fit()}
    asked.assemble()
    workers.answers[LATE] = ("0.0.1", None)
    for _ in range(3):
        asked.look()
    assert 1 == [address for address, _ in workers.asked].count(LATE)
    assert [SEEN] == asked.fit
    assert f"has qjaudio 0.0.1, this is {__version__}" in told[-1]
    assert told[-1].endswith("it gets no date")


@pytest.mark.parametrize(
    ("other", "theirs", "ours"),
    [
        ({"build": "a" * 64}, "a" * 12, "b" * 12),
        ({"model": "c" * 64}, "c" * 12, "d" * 12),
    ],
)
def test_other_files_or_another_model_are_refused_with_both_hashes(
    asked: WorkerPool, workers: Workers, other: dict[str, str], theirs: str, ours: str
) -> None:
    """Whoever fixes it sees which of the two is the odd one."""
    workers.answers = {SEEN: fit(), LATE: fit(**other)}
    with pytest.raises(MissingPartError, match=f"{theirs}, this is {ours}") as caught:
        asked.assemble()
    assert LATE in str(caught.value)


@pytest.mark.parametrize(
    ("answers", "kind", "said"),
    [
        ((ModuleNotFoundError("qjaudio"), None), MissingPartError, "has no qjaudio"),
        ((__version__, MissingPartError("no model", hint="pip")), MissingPartError, "no model"),
        ((__version__, ValueError("odd")), EngineError, "cannot work: ValueError"),
    ],
)
def test_a_worker_that_cannot_speak_is_refused(
    asked: WorkerPool, workers: Workers, answers: tuple[object, object], kind: type, said: str
) -> None:
    """What it lacks is named, and what to do."""
    workers.answers = {SEEN: answers}
    with pytest.raises(kind, match=said) as caught:
        asked.assemble()
    assert caught.value.hint  # type: ignore[attr-defined]


def test_a_site_that_a_worker_does_not_reach_closes_only_its_show(
    asked: WorkerPool, workers: Workers, told: list[str]
) -> None:
    """At the beginning; a worker that comes later and misses another one gets no date."""
    full = NotWritableError("the disk is full")
    workers.answers = {
        SEEN: (__version__, Examined(installation=OURS, closed={"run-east": full}))
    }  # fmt: skip
    asked.assemble()
    assert [SEEN] == asked.fit
    assert ["run-east"] == list(asked.closed)
    assert isinstance(asked.closed["run-east"], NotWritableError)
    workers.answers[LATE] = (__version__, Examined(installation=OURS, closed={"run-west": full}))
    for _ in range(3):
        asked.look()
    assert [SEEN] == asked.fit
    assert LATE in told[-1]


def test_whoever_comes_back_under_an_address_is_examined_again(
    asked: WorkerPool, workers: Workers
) -> None:
    """Another program may be there now."""
    workers.answers = {SEEN: fit()}
    asked.assemble()
    workers.answers = {}
    asked.look()
    workers.answers = {SEEN: ("0.0.1", None)}
    for _ in range(3):
        asked.look()
    assert [] == asked.fit
