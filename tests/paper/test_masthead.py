"""The facts of the 报头."""

import pytest

from qjaudio.paper.lines import characters_of, find_date, read_masthead


@pytest.mark.parametrize(
    "text",
    [
        "2025年5月20日",
        "2025-05-20",
        "二〇二五年五月二十日",
        "二○二五年五月二十日",
        "2025.5.20",
        "２０２５年５月２０日",
        "2025 年 5 月 20 日",
    ],
)
def test_a_date_in_any_form(text: str) -> None:
    """Every way to print a date gives the same one."""
    assert "2025-05-20" == find_date(f"石桥日报 {text} 星期二")


def test_a_date_that_does_not_exist_is_none() -> None:
    """The 30th of February is not a date; the next one on the line is taken."""
    assert "" == find_date("2025年2月30日")
    assert "2025-03-01" == find_date("2025年2月30日 2025年3月1日")


def test_all_facts_are_found() -> None:
    """Publisher, organizer, numbers and lunar date stand wherever they like."""
    lines = ("中共石桥县委主办 石桥传媒集团承办", "今日4版 总第3854期 星期二 农历甲辰年三月十二")
    masthead = read_masthead(lines, ("今日石桥",), "")
    assert ("今日石桥", 3854, 4) == (masthead.paper, masthead.issue_number, masthead.page_count)
    assert ("中共石桥县委", "石桥传媒集团") == (masthead.publisher, masthead.organizer)
    assert ("星期二", "农历甲辰年三月十二") == (masthead.weekday, masthead.lunar_date)


@pytest.mark.parametrize("pinyin", ["JIN RI SHI QIAO", "JINRI SHIQIAO"])
def test_a_name_in_pinyin_is_found_in_the_words_of_the_page(pinyin: str) -> None:
    """The commonest words of the page with that sound are the name."""
    assert "今日石桥" == characters_of(pinyin, "近日，石桥镇石桥村的石桥通车。时桥。")


def test_pinyin_without_words_of_the_page_is_no_name() -> None:
    """Nothing is guessed that the page does not print."""
    assert "" == characters_of("QU JIANG", "石桥镇的新桥通车。")
