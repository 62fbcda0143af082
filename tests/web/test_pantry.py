"""Made bytes are shared, and take no more room than they may."""

import threading

import pytest

from qjaudio.web.pantry import Pantry, PantryFull


def test_the_same_thing_is_made_once() -> None:
    """Whoever comes second shares what is there."""
    pantry, made = Pantry(100), []

    def make() -> bytes:
        made.append(1)
        return b"bread"

    for _ in range(3):
        file, size = pantry.lend("a", make)
        with file:
            assert (b"bread", 5) == (file.read(), size)
    assert (made, pantry.size) == ([1], 5)


def test_what_was_not_asked_for_longest_goes_first() -> None:
    """Room is made by forgetting what nobody uses."""
    pantry = Pantry(10)
    for name in ("a", "b", "a", "c"):
        pantry.lend(name, lambda: b"12345")[0].close()
    assert pantry.size == 10
    pantry.lend("a", lambda: pytest.fail("a was asked for after b"))[0].close()


def test_what_is_lent_out_is_not_forgotten_and_more_is_refused() -> None:
    """Slow readers of many different things cannot take more memory than there may be."""
    pantry = Pantry(10)
    lent = [pantry.lend(name, lambda: b"12345")[0] for name in "ab"]
    with pytest.raises(PantryFull):
        pantry.lend("c", lambda: b"1")
    assert pantry.size == 10
    lent[0].close()
    lent[0].close()  # closing twice gives back once
    pantry.lend("c", lambda: b"1")[0].close()
    assert (pantry.size, lent[1].read()) == (6, b"12345")


def test_a_maker_that_fails_leaves_room_and_door_open() -> None:
    """A file that cannot be read is tried again next time."""
    pantry = Pantry(10)

    def fail() -> bytes:
        raise OSError

    with pytest.raises(OSError):
        pantry.lend("a", fail)
    assert pantry.lend("a", lambda: b"1")[0].read() == b"1"


def test_many_threads_make_it_once() -> None:
    """Twenty clients that come together wait for one maker."""
    pantry, made = Pantry(100), []

    def make() -> bytes:
        made.append(1)
        return b"x"

    threads = [threading.Thread(target=lambda: pantry.lend("a", make)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]
