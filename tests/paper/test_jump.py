"""Jump lines are found in every form and taken out of the text around them."""

import pytest

from qjaudio.paper.lines import take_jumps
from qjaudio.paper.text import PageText


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("下转第二版", 2),
        ("(下转第2版)", 2),
        ("►下转3版", 3),
        ("（下转A04版）", 4),
        ("（转第12版）", 12),
    ],
)
def test_onward(text: str, page: int) -> None:
    """A 下转 line names the page on which the story goes on."""
    assert (page, None, "") == (
        take_jumps(text).onward,
        take_jumps(text).back,
        take_jumps(text).text,
    )


@pytest.mark.parametrize(
    "text", ["上接第一版", "(上接第1版)", "◄上接1版", "（上接A1版《新桥通车》）"]
)
def test_back(text: str) -> None:
    """A 上接 line names the page on which the story began."""
    jumps = take_jumps(text)
    assert (None, 1, "") == (jumps.onward, jumps.back, jumps.text)


def test_a_jump_line_in_the_middle_of_a_sentence() -> None:
    """The sentence around a jump line closes up."""
    jumps = take_jumps("多个功能不同的 下转第二版 活动场所。")
    assert ("多个功能不同的 活动场所。", 2) == (jumps.text, jumps.onward)


@pytest.mark.parametrize("text", ["我们转战第二线。", "全书共三版。", "企业转型升级，第2版修订。"])
def test_no_jump_line(text: str) -> None:
    """Other words with 转 or 版 stay."""
    assert text == take_jumps(text).text


def test_a_number_of_a_jump_goes_with_it() -> None:
    """Where a page has several jumps, ① and ② tell them apart, and are no text."""
    onward, back = take_jumps(PageText("村里配了机（下转2版①）")), take_jumps(PageText("②上接1版"))
    assert ("村里配了机", 2) == (onward.text.strip(), onward.onward)
    assert ("", 1) == (back.text.strip(), back.back)
