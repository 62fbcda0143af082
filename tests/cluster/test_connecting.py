"""The word after `--cluster`, and schedulers that are not there."""

import logging
import socket
import time
from pathlib import Path

import pytest

from commands import Command, folder, qjaudio
from dask_machines import machines
from ports import free_port
from qjaudio.cluster import pool
from qjaudio.errors import UsageError

__all__ = ["folder", "qjaudio"]
pytest.importorskip("distributed", reason="pip install distributed")


@pytest.mark.parametrize(
    "word",
    ["", "local:", "local:0", "local:-1", "local:x", "local:9999", "scheduler:8786", "tcp://",
     "tcp://host", "tcp://host:port", "tcp://:8786", "http://host:8786"],
)  # fmt: skip
def test_words_that_are_no_cluster(word: str) -> None:
    """Each is refused with the two ways to write it."""
    with pytest.raises(UsageError) as caught:
        pool.check_address(word)
    assert "tcp://scheduler:8786" in caught.value.hint


@pytest.mark.parametrize(
    ("word", "number"),
    [("local:4", 4), ("tcp://10.0.0.1:8786", None), ("tls://[::1]:8786", None)],
)
def test_words_that_are_a_cluster(word: str, number: int | None) -> None:
    """A number of local workers, or None for an address."""
    assert number == pool.check_address(word)


def test_a_scheduler_that_is_not_there(qjaudio: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two lines, exit 6, in bounded time; no log of Dask, nothing in out/ but its cache."""
    monkeypatch.setattr(pool, "START_S", 0.3)
    began = time.monotonic()
    address = f"tcp://127.0.0.1:{free_port()}"
    answer = qjaudio("make", "2025-05-20", "--cluster", address, "--voice", "silent")
    assert time.monotonic() - began < 60
    assert (6, 2) == (answer.code, len(answer.err.splitlines())), answer
    assert address in answer.err


def test_a_scheduler_that_is_just_starting_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever pastes the guide's lines at once starts it a moment before."""
    port, asked = free_port(), []

    def refused(address: tuple[str, int], _: float) -> socket.socket:
        asked.append(address)
        if len(asked) < 3:
            raise ConnectionRefusedError
        return socket.socket()

    monkeypatch.setattr(socket, "create_connection", refused)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    pool._open_port("127.0.0.1", port).close()
    assert [("127.0.0.1", port)] * 3 == asked


def test_a_port_where_something_else_is_silent(
    qjaudio: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It accepts and never says a word: exit 6 all the same."""
    monkeypatch.setattr(pool, "CONNECT_S", 1)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        address = f"tcp://127.0.0.1:{deaf.getsockname()[1]}"
        answer = qjaudio("make", "2025-05-20", "--cluster", address, "--voice", "silent")
    assert (6, 2) == (answer.code, len(answer.err.splitlines())), answer


def test_a_scheduler_without_workers(
    qjaudio: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hint says how to start one."""
    monkeypatch.setattr("qjaudio.cluster.pool.EXAMINE_S", 0.5)
    with machines(tmp_path / "machines") as running:
        answer = qjaudio("make", "2025-05-20", "--cluster", running.address, "--voice", "silent")
    assert 6 == answer.code, answer
    assert "no workers" in answer.err
    assert "dask worker tcp://" in answer.err


def test_a_range_on_local_workers(qjaudio: Command) -> None:
    """`local:1` makes it; a second time nothing is started, for nothing is left."""
    words = ["make", "2025-05-19..2025-05-21", "--voice", "silent", "--minutes", "0.2"]
    answer = qjaudio(*words, "--cluster", "local:1")
    assert (0, "dates    1 made") == (answer.code, answer.out.splitlines()[0]), answer
    again = qjaudio(*words, "--cluster", "tcp://127.0.0.1:9")
    assert (0, "dates    1 unchanged") == (again.code, again.out.splitlines()[0]), again


def test_a_range_that_ends_before_it_begins(qjaudio: Command) -> None:
    """It is refused before anybody is called."""
    answer = qjaudio("make", "2025-05-21..2025-05-19", "--cluster", "tcp://127.0.0.1:9")
    assert 2 == answer.code


def test_no_logger_of_dask_writes_on_stderr() -> None:
    """A scheduler that dies is told in our lines alone; some loggers come with levels of theirs."""
    pool._keep_quiet()
    for name in ("distributed", "distributed.client", "distributed.core", "tornado.application"):
        assert not logging.getLogger(name).isEnabledFor(logging.ERROR), name
