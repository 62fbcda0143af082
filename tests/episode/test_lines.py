"""Breaking headlines."""

import pytest

from qjaudio.episode.cover import NOT_FIRST, NOT_LAST, balance_lines, keeps_pieces, wrap

CASES = [
    "全区“千方百计”工作会召开：以“小步子”走好“长远路”，推动各镇一起往前走",
    "GDP增长12.5%，AI、5G“双轮驱动” 打造数字经济新高地",
    "春耕、备耕、夏种、秋收……一年四季（含冬季）的《农事历》",
    "2025-05-20，1,234户迁入https://example.cn/a新居！！！",
    "（（（“““”””）））、、、、、、、、、、",
    "新桥",
    "",
]


def width_of(text: str) -> float:
    """Characters of one width, as on a typewriter."""
    return float(len(text))


@pytest.mark.parametrize("text", CASES)
@pytest.mark.parametrize("most_width", [8.0, 11.0, 20.0])
@pytest.mark.parametrize("break_lines", [wrap, balance_lines])
def test_nothing_is_lost_and_nothing_overflows(
    break_lines: object, most_width: float, text: str
) -> None:
    """Every character but spaces is on some line, and no line is too wide."""
    assert callable(break_lines)
    lines = break_lines(text, width_of, most_width)
    assert "".join(text.split()) == "".join("".join(lines).split())
    assert all(0 < len(line) <= most_width for line in lines)


@pytest.mark.parametrize("text", CASES[:3])
@pytest.mark.parametrize("most_width", [9.0, 12.0, 16.0])
@pytest.mark.parametrize("break_lines", [wrap, balance_lines])
def test_marks_keep_their_neighbours(break_lines: object, most_width: float, text: str) -> None:
    """No line begins with a mark that closes or ends with one that opens."""
    assert callable(break_lines)
    lines = break_lines(text, width_of, most_width)
    assert len(lines) > 1
    assert not [line for line in lines if line[0] in NOT_FIRST or line[-1] in NOT_LAST]


def test_words_and_numbers_stay_whole() -> None:
    """A Latin word, a number and a short quotation are not cut where a line has room for them."""
    assert ["增长", "12.5%，", "Qujiang", "“开门红”了"] == wrap(
        "增长12.5%，Qujiang“开门红”了", width_of, 7
    )
    assert ["江山", "廿八都"] == balance_lines("江山廿八都", width_of, 3)


def test_lines_are_even_and_break_at_marks() -> None:
    """Of all ways with as few lines, one that ends lines at marks; else the most even."""
    assert ["新桥通车了，", "两岸都高兴"] == balance_lines("新桥通车了，两岸都高兴", width_of, 8)
    assert ["一二三四", "五六七八"] == balance_lines("一二三四五六七八", width_of, 7)
    assert ["一二三四", "五六七"] == balance_lines("一二三四五六七", width_of, 6)
    assert ["全区“争先”会召开：", "人人向前走一步"] == balance_lines(
        "全区“争先”会召开：人人向前走一步", width_of, 12
    )


@pytest.mark.parametrize(("most_width", "expected"), [(7.0, True), (6.0, False)])
def test_a_word_wider_than_the_line(most_width: float, expected: bool) -> None:
    """Whether a width keeps every word whole can be asked."""
    assert expected == keeps_pieces("在Qujiang", width_of, most_width)
