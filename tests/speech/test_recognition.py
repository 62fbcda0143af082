"""What was heard against what was to be said."""

import pytest

from qjaudio.script.model import Word
from qjaudio.speech.recognition import Comparison, align, compare, syllables


def test_syllables_have_no_tone() -> None:
    """Tones and marks are left out; letters and digits count as one each."""
    words = (Word("吕梁", ("lv3", "liang2")), Word("，"), Word("A4"))
    assert ("lv", "liang", "a", "4") == syllables(words)


@pytest.mark.parametrize(
    ("wanted", "heard", "errors", "found"),
    [
        ("a b c d", "a b c d", 0, 4),
        ("a b c d", "", 4, 0),
        ("a b c d", "a x c d", 1, 3),
        ("a b c d", "a c d", 1, 3),
        ("a b c d", "a b b c d", 1, 4),
        ("", "a b", 2, 0),
        ("", "", 0, 0),
        ("a b c d", "c d", 2, 2),
    ],
)
def test_errors_are_the_distance(wanted: str, heard: str, errors: int, found: int) -> None:
    """Wrong, missing and superfluous syllables count one each."""
    expected = Comparison(len(wanted.split()), errors, found, len(heard.split()))
    assert expected == compare(wanted.split(), heard.split())


def test_a_window_is_shared_out() -> None:
    """What a neighbour lacks is not laid at the door of the next."""
    first, lost, last = ["a", "b", "c", "d"], ["e", "f", "g", "h"], ["i", "j", "k", "l"]
    found = align([first, lost, last], [*first, *last])
    assert [0.0, 1.0, 0.0] == [hearing.rate for hearing in found]
    assert [False, True, False] == [hearing.dropped for hearing in found]


def test_a_lost_or_doubled_word_shows_in_the_length() -> None:
    """However many syllables are misheard: their number is right, or a word is wrong."""
    wanted = list("abcdefghijkl")
    assert not compare(wanted, list("abxdexghixkl")).is_other
    assert not compare(wanted, wanted[:-1]).is_other
    assert compare(wanted, wanted[:4] + wanted[6:]).is_other
    assert compare(wanted, wanted[:6] + wanted[4:]).is_other


def test_another_sentence_of_the_same_length_is_another() -> None:
    """Also one whose halves changed places."""
    wanted = list("abcdefghijkl")
    assert compare(wanted, list("mnopqrstuvwx")).is_other
    assert compare(wanted, wanted[6:] + wanted[:6]).is_other
    assert not compare(wanted, [*wanted[:6], *"mnopqr"]).is_other


def test_few_syllables_are_never_dropped() -> None:
    """A recogniser guesses at three syllables."""
    assert not compare(["a", "b", "c"], []).dropped
    assert compare(["a", "b", "c", "d"], []).dropped


def test_half_is_not_dropped_but_wrong() -> None:
    """Exactly half heard is a bad rate, less is a dropped cue."""
    half = compare(["a", "b", "c", "d"], ["a", "b"])
    assert (0.5, False) == (half.rate, half.dropped)
    assert compare(["a", "b", "c", "d"], ["a"]).dropped


def test_nothing_wanted_and_much_heard_is_an_error() -> None:
    """A rate needs no syllable to be one."""
    assert [0.0, 1.0] == [compare([], []).rate, compare([], ["a"]).rate]
    assert [] == align([], ["a"])
