"""Edits are carried into a script that is composed again; a change is quoted in few words."""

import pytest

from builders import line, script, story
from qjaudio.desk.edits import carry_over, quoted
from qjaudio.script.model import Script


def texts(one: Script) -> list[str]:
    """The lines of a script."""
    return [str(row.text) for part in one.parts for row in part.lines]


BEFORE = script(story("新桥通车了", "桥很长。", "人很多。"), story("集市开张", "摊位很满。"))


def edited(*sentences: str) -> Script:
    """The script with other sentences in its first story."""
    return script(story("新桥通车了", *sentences), story("集市开张", "摊位很满。"))


@pytest.mark.parametrize(
    "sentences", [("桥真长。", "人很多。"), ("人很多。",), ("桥很长。", "真热闹。", "人很多。")]
)
def test_an_edit_follows_its_story(sentences: tuple[str, ...]) -> None:
    """Changed, dropped and added sentences are so in the story's new place; nothing is lost."""
    again = script(story("集市开张", "摊位很满。"), story("新桥通车了", "桥很长。", "人很多。"))
    found, lost = carry_over(texts(BEFORE), edited(*sentences), again)
    assert () == lost
    assert ["集市开张", "新桥通车了"] == [part.title for part in found.stories]
    assert [*sentences] == [str(row.text) for row in found.stories[1].lines[1:]]


def test_an_edit_without_a_place_is_told() -> None:
    """Where the sentence has gone from the paper, what was made of it is named."""
    again = script(story("新桥通车了", "人很多。"), story("集市开张", "摊位很满。"))
    found, lost = carry_over(texts(BEFORE), edited("桥真长。", "人很多。"), again)
    assert ("桥真长。",) == lost
    assert texts(again) == texts(found)


def test_a_story_that_an_editor_took_out_stays_out() -> None:
    """Also of a script that was edited by hand."""
    gone = script(story("集市开张", "摊位很满。"))
    found, _ = carry_over(texts(BEFORE), gone, BEFORE)
    assert ["集市开张"] == [part.title for part in found.stories]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("过去要25分钟。", "过去要28分钟。"),
        ("去了。", "去过了。"),
        ("甲甲。", "甲。"),
        ("很长。", ""),
    ],
)
def test_a_change_is_quoted_where_it_stands_once(before: str, after: str) -> None:
    """In the fewest words that name one place; put back, they give the sentence."""
    text = f"昨天25人来了。{before}后来又去。"
    found = quoted([text], before, after)
    assert found
    wrong, right = found
    assert 1 == text.count(wrong)
    assert text.replace(before, after) == text.replace(wrong, right)
    assert line(before)
