"""Headings get back only what the page proves."""

import pytest

from qjaudio.paper.headline import complete, first_clause, from_debris, from_lead
from qjaudio.paper.words import Wording

LEAD = "7月2日，县农业局开展“送技术下乡”活动，20名农技员走进田间。"


@pytest.mark.parametrize(
    ("heading", "whole"),
    [
        ("县农业局开展送技术下", "县农业局开展送技术下乡活动"),
        ("县农业局开展送技", "县农业局开展送技术下乡活动"),
        ("县农业局开展送技术下乡活动", "县农业局开展送技术下乡活动"),
        ("农技员走进田间", "农技员走进田间"),
        ("科技之花开满山", "科技之花开满山"),
    ],
)
def test_a_heading_that_stops_inside_a_word_is_completed(heading: str, whole: str) -> None:
    """The lead completes a heading cut in a word or a quotation, and leaves whole ones alone."""
    found = complete(heading, LEAD, LEAD, Wording(LEAD))
    assert whole == found.text
    assert (heading != whole) == bool(found.evidence)


@pytest.mark.parametrize(
    ("heading", "body", "whole"),
    [
        ('苗课"一上就是十年', "在城南，“秧苗课”一上就是十年。", "“秧苗课”一上就是十年"),
        ("慧农业让春耕加速", "今年，智慧农业让春耕加速。", "智慧农业让春耕加速"),
        (
            "十四届政府第二次全会召开",
            "石桥县十四届政府第二次全体会议召开。",
            "县十四届政府第二次全会召开",
        ),
        ("县一中办起菜园", "石桥县一中办起菜园。", "县一中办起菜园"),
        ("路口亮起红灯", "道路口亮起红灯。道路口有人。", "路口亮起红灯"),
        ("桥通了路宽了", "大桥通了路宽了。", "桥通了路宽了"),
        ("召开会议部署春耕", "全县召开会议部署春耕。", "召开会议部署春耕"),
    ],
)
def test_a_heading_that_lost_its_first_character(heading: str, body: str, whole: str) -> None:
    """A word cut at its front, a lost quotation mark or an ordinal without owner is completed."""
    assert whole == complete(heading, body, body, Wording(body)).text


def test_the_paper_knows_its_own_town() -> None:
    """A heading that starts with the last character of the paper's town gets the first back."""
    page = Wording("石桥镇的桥。石桥人走上石桥。")
    assert (
        "石桥2座桥通车"
        == complete("桥2座桥通车", "两座桥通车。", "两座桥通车。", page, "石桥").text
    )
    assert "桥2座桥通车" == complete("桥2座桥通车", "两座桥通车。", "两座桥通车。", page).text


def test_scattered_characters_point_to_a_stretch_of_the_lead() -> None:
    """A vertical heading is the stretch of the lead that holds its characters."""
    lead = "7月2日，全县夏粮收购工作推进会召开。会议要求敞开收购。"
    found = from_debris(["工作推进X全县夏粮购"], lead)
    assert "全县夏粮收购工作推进会召开" == found.text
    assert "工作推进X全县夏粮购" in found.evidence


def test_characters_of_another_story_point_nowhere() -> None:
    """Debris that does not fit the lead restores nothing."""
    assert "" == from_debris(["山区公路养护"], "7月2日，小学菜园迎来采摘。").text


@pytest.mark.parametrize(
    ("lead", "clause"),
    [
        ("5月16日上午，全县招商工作例会召开。会议要求", "全县招商工作例会召开"),
        ("日前，新桥通车，村民走上桥头。", "新桥通车，村民走上桥头"),
        ("“送技术下乡”活动开始，农技员下田。", "“送技术下乡”活动开始"),
    ],
)
def test_the_first_statement_of_a_lead(lead: str, clause: str) -> None:
    """The date goes, and a clause too short to say anything takes the next."""
    assert clause == first_clause(lead)
    assert clause == from_lead(lead).text
