"""A floor under reading and speaking: our own pages and sentences, scored at each build."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from quality import scoring

FLOORS = json.loads(scoring.FLOORS.read_text("utf-8"))
PAGES = {case.name: case for case in scoring.page_cases()}


NIGHTLY = {"two_pages_2_scan"}
"""OCR of a third page: twenty seconds."""


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.nightly] * (name in NIGHTLY)) for name in PAGES],
)
def test_pages_are_read_as_well_as_before(
    name: str, scanned_once: Callable[[], AbstractContextManager[None]]
) -> None:
    """No page of ours scores less than it did when its floor was set."""
    case = PAGES[name]
    if case.location.suffix == ".png":
        pytest.importorskip("rapidocr")
    with scanned_once():
        read = scoring.read(case.location)
    assert scoring.score_page(read, case.gold) >= FLOORS[name] - 0.01


def test_sentences_are_said_as_well_as_before() -> None:
    """No class of our sentences is said worse than when its floor was set."""
    scores = scoring.sentence_scores(scoring.said_all())
    worse = {name: score for name, score in scores.items() if score < FLOORS[name] - 0.01}
    assert {} == worse


def test_every_case_has_a_floor() -> None:
    """A page or a class without a floor would be free to fall."""
    groups = {f"say_{one.group}" for one in scoring.sentences()}
    assert set(FLOORS) == set(PAGES) | groups


def test_a_wrong_page_scores_less() -> None:
    """The scorer sees a missing article, a wrong headline and a mixed body."""
    case = PAGES["sample"]
    right = [dict(article) for article in case.gold]
    assert 100 == pytest.approx(scoring.score_page(right, case.gold))
    assert scoring.score_page(right[1:], case.gold) < 92
    assert scoring.score_page([{**right[0], "headline": "别的"}, *right[1:]], case.gold) < 98
    mixed = [{**right[0], "body": right[1]["body"]}, {**right[1], "body": right[0]["body"]}]
    assert scoring.score_page([*mixed, *right[2:]], case.gold) < 95
