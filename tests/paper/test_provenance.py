"""A text keeps the place of each of its characters on the page."""

import copy

import pytest

from qjaudio.paper.text import (
    Box,
    PageText,
    Span,
    join_texts,
    place_lines,
    rewritten,
    shortened,
    spans_of,
)

BOX = Box(10, 20, 90, 30)
LINES = (Span(1, 0, 0, 6, BOX), Span(1, 1, 0, 5), Span(2, 0, 0, 4))


def line(number: int, text: str) -> PageText:
    return place_lines([*[""] * number, text], LINES)[number]


def test_a_slice_keeps_its_place() -> None:
    """Characters are counted in their line."""
    assert (Span(1, 0, 1, 3, BOX),) == line(0, "新桥通车了。")[1:3].spans


def test_joined_lines_are_a_span_each() -> None:
    """The space between two lines stands on no page."""
    text = join_texts([line(0, "新桥今天通车"), line(1, "大家来看。")], " ")
    assert "新桥今天通车 大家来看。" == text
    assert (Span(1, 0, 0, 6, BOX), Span(1, 1, 0, 5)) == text.spans
    assert (Span(1, 0, 4, 6, BOX), Span(1, 1, 0, 2)) == text[4:9].spans


def test_what_is_added_stands_nowhere() -> None:
    """A plain text before or after a text of the page has no span."""
    assert ((Span(1, 0, 0, 2, BOX)),) == ("大" + line(0, "新桥") + "。").spans
    assert () == spans_of("新桥") == PageText("新桥").spans


def test_stripping_and_dropping_keep_the_rest() -> None:
    """White space and characters that are taken out go, the others stay where they are."""
    text = line(0, " 新 桥 ")
    assert ("新 桥", (Span(1, 0, 1, 4, BOX),)) == (text, text.spans)
    assert ("桥", (Span(1, 0, 3, 4, BOX),)) == (text[1:].strip(), text[1:].strip().spans)
    bare = shortened(text, "新桥")
    assert ("新桥", (Span(1, 0, 1, 2, BOX), Span(1, 0, 3, 4, BOX))) == (bare, bare.spans)
    assert text.spans == shortened(text, "新 桥").spans


def test_a_run_says_where_its_span_begins() -> None:
    """What stands nowhere belongs to no run."""
    text = "好" + join_texts([line(0, "新桥今天通车"), line(1, "大家来看。")], " ")
    assert ((1, Span(1, 0, 0, 6, BOX)), (8, Span(1, 1, 0, 5))) == text.runs


def test_other_characters_in_the_same_places() -> None:
    """A repaired character keeps the place of the one that was read; one for one only."""
    text = line(1, "颌到新书")
    assert text.spans == rewritten(text, "领到新书").spans
    with pytest.raises(ValueError, match="3 characters for 4 places"):
        rewritten(text, "领到书")


def test_a_text_is_a_string() -> None:
    """It is equal to, and hashed as, the plain one; a copy keeps its places."""
    text = line(2, "新桥")
    assert text == "新桥"
    assert text in {"新桥"}
    assert text.spans == copy.deepcopy(text).spans
