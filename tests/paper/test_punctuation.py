"""Marks and spaces as a Chinese paper prints them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjaudio.paper.text import close_up, close_up_heading, full_width, han


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("会议召开,部署工作:第一,抓紧;第二,抓好!", "会议召开，部署工作：第一，抓紧；第二，抓好！"),
        ("增长24.44%,8:30发车,比分3:2", "增长24.44%，8:30发车，比分3:2"),
        ("产量1,200吨,2,300户", "产量1,200吨，2,300户"),
        ("县(市、区)的GDP(PPP)", "县（市、区）的GDP(PPP)"),
        ("他说:\"这是'最好'的。\"", "他说：“这是‘最好’的。”"),
        ("don't stop", "don't stop"),
        ("路通了.", "路通了。"),
    ],
)
def test_half_width_marks_become_full(read: str, printed: str) -> None:
    """Between Chinese marks are full-width; numbers, times and Latin keep theirs."""
    assert printed == full_width(read)


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("5月 16日上午,会议 召开", "5月16日上午,会议召开"),
        ("患者 2710 人、糖尿病", "患者2710人、糖尿病"),
        ("使用 Open Source 软件", "使用Open Source软件"),
        ('在"1+ 10"工坊', '在"1+10"工坊'),
        ("共30 00多个", "共3000多个"),
    ],
)
def test_stray_spaces_close_up(read: str, printed: str) -> None:
    """Spaces that no printer set go, those between Latin words stay."""
    assert printed == close_up(read)


def test_a_heading_keeps_the_space_between_its_phrases() -> None:
    """Two phrases of a heading stay apart, single characters and figures close up."""
    assert "早稻开始育秧 科技助力春耕" == close_up_heading("早稻开始育秧  科技助力春耕")
    assert "公告" == close_up_heading("公 告")
    assert "工程5月底竣工" == close_up_heading("工程 5 月底竣工")


@given(st.text(alphabet="石桥 通车,.:;()\"'“”0123Ab。", max_size=40))
def test_no_character_is_lost(text: str) -> None:
    """Marks and spaces change, characters do not."""
    assert han(text) == han(full_width(close_up(text)))
