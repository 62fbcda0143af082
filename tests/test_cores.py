"""The cores that this process may use."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from qjaudio import machine as module
from qjaudio.machine import cores


@pytest.fixture(autouse=True)
def _asked_anew() -> Iterator[None]:
    cores.cache_clear()
    yield
    cores.cache_clear()


@pytest.mark.parametrize(
    ("quota", "expected"),
    [
        ("max 100000", 64),
        ("200000 100000", 2),
        ("150000 100000", 2),
        ("1000 100000", 1),
        ("900000000 100000", 64),
        ("rubbish", 64),
        ("1 0", 64),
        (None, 64),
    ],
)
def test_a_container_has_its_share_of_the_cores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quota: str | None, expected: int
) -> None:
    """What the kernel grants counts, rounded up; never less than one core."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)), raising=False)
    monkeypatch.setattr(module, "_QUOTA", tmp_path / "cpu.max")
    if quota is not None:
        (tmp_path / "cpu.max").write_text(quota, encoding="ascii")
    assert expected == cores()


def test_a_process_that_is_held_to_one_core_has_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cores of the machine do not count."""
    monkeypatch.setattr(module, "_QUOTA", tmp_path / "none")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {5}, raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    assert 1 == cores()
