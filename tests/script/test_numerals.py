"""Numbers in words."""

import pytest

from qjaudio.script.numerals import by_digit, cardinal, counted, spoken_number, until


@pytest.mark.parametrize(
    ("digits", "words"),
    [
        ("0", "零"),
        ("000", "零"),
        ("10", "十"),
        ("19", "十九"),
        ("110", "一百一十"),
        ("205", "二百零五"),
        ("2000", "两千"),
        ("20500", "两万零五百"),
        ("30012", "三万零一十二"),
        ("600000", "六十万"),
        ("7008000", "七百万八千"),
        ("50000000", "五千万"),
        ("20000100000", "二百亿零十万"),
        ("9000000000000", "九万亿"),
        ("12345678901234567", "一二三四五六七八九零一二三四五六七"),
    ],
)
def test_whole_numbers(digits: str, words: str) -> None:
    """零 stands for empty places, 十 begins a number alone, 两 leads thousands and more."""
    assert words == cardinal(digits)


@pytest.mark.parametrize(
    ("printed", "words"),
    [("3.05", "三点零五"), ("1,234.5", "一千二百三十四点五"), ("-0.5", "负零点五")],
)
def test_decimals_are_read_digit_by_digit(printed: str, words: str) -> None:
    """After 点 each digit is said."""
    assert words == spoken_number(printed)


@pytest.mark.parametrize(
    ("after", "words"),
    [("个", "两"), ("天", "两"), ("月", "二"), ("楼", "二"), ("年级", "二"), ("", "二")],
)
def test_two_before_a_measure_word(after: str, words: str) -> None:
    """Counting says 两, ordering says 二."""
    assert words == counted("2", after)


def test_phones_say_yao() -> None:
    """幺 is for numbers that are dialled."""
    assert ("一一零", "幺幺零") == (by_digit("110"), by_digit("110", phone=True))


def test_a_printed_zhi_stays() -> None:
    """A dash is said 到, a printed 至 is not changed."""
    assert ("到", "至") == (until("—"), until("至"))
