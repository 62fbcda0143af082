"""MemoryBudget: bounded in number and in size, and nobody is kept out for good."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from qjaudio.engines.kokoro import MemoryBudget


def test_never_more_than_the_budget() -> None:
    """However the callers come, number and sum inside stay within their bounds."""
    budget, lock = MemoryBudget(callers=2, budget=10), threading.Lock()
    inside: list[int] = []
    seen: list[tuple[int, int]] = []

    def go(size: int) -> None:
        with budget.holding(size):
            with lock:
                inside.append(size)
                seen.append((len(inside), sum(inside)))
            with lock:
                inside.remove(size)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(go, [1, 9, 6, 5, 4, 10, 3, 2] * 40))
    assert 320 == len(seen)
    assert max(count for count, _ in seen) <= 2
    assert max(total for _, total in seen) <= 10


def test_a_small_one_goes_before_a_big_one_that_waits() -> None:
    """While 8 of 10 are taken, 6 waits and 2 gets in."""
    budget = MemoryBudget(callers=2, budget=10)
    order: list[int] = []

    def go(size: int) -> None:
        with budget.holding(size):
            order.append(size)

    with budget.holding(8):
        big = threading.Thread(target=go, args=(6,))
        big.start()
        small = threading.Thread(target=go, args=(2,))
        small.start()
        small.join(timeout=60)
        assert [2] == order
    big.join(timeout=60)
    assert [2, 6] == order


def test_one_over_the_budget_gets_in_alone() -> None:
    """Nothing is too big when nobody else is there."""
    entered = False
    with MemoryBudget(callers=2, budget=10).holding(50):
        entered = True
    assert entered


def test_a_turn_ends_with_an_error() -> None:
    """Who fails inside makes room all the same."""
    budget = MemoryBudget(callers=1, budget=10)
    for _ in range(2):
        with pytest.raises(ValueError, match="inside"), budget.holding(3):
            raise ValueError("inside")
