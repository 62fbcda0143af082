"""Sentences and clauses: pairs in cases/, and that nothing is lost."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjaudio.paper.sentences import clauses, parted_number, sentences
from qjaudio.rules import parse_table

CASES = Path(__file__).parent / "cases"


def lines(name: str) -> list[str]:
    return ["\t".join(row) for row in parse_table((CASES / name).read_text(encoding="utf-8"))]


@pytest.mark.parametrize("marked", lines("sentences.tsv"))
def test_sentences_end_where_a_reader_ends_them(marked: str) -> None:
    """Quotes go with their end mark, titles and brackets are not cut."""
    assert tuple(marked.split("‖")) == sentences(marked.replace("‖", ""))


@pytest.mark.parametrize("marked", lines("clauses.tsv"))
def test_clauses_end_at_their_mark(marked: str) -> None:
    """Numbers, names with a dot and bracket pairs stay whole."""
    assert tuple(marked.split("‖")) == clauses(marked.replace("‖", ""))


@given(st.text(alphabet=st.sampled_from("天地，。！？“”‘’（）《》…—、：；12 \n"), max_size=60))
def test_joined_pieces_give_the_text_back(text: str) -> None:
    """Splitting loses nothing and adds nothing."""
    assert text == "".join(sentences(text))
    assert text == "".join(clauses(text))


def test_deep_brackets_are_a_slip_not_a_trap() -> None:
    """Ten thousand open brackets are split like any other text."""
    assert 3 == len(sentences("（" * 10_000 + "好。" + "天" * 100 + "。好"))


@pytest.mark.parametrize(
    ("before", "after", "parted"),
    [
        ("为了过检验，镇里从202", "1年起统一采摘", True),
        ("放款2860", "万元，惠及三百户", True),
        ("多了12", ".5%，不少客商", True),
        ("充电桩新增210", "3月5日，供电公司说", False),
        ("龙舟赛进入第3", "人在岸上，心在船上", False),
    ],
)
def test_a_number_is_cut_where_no_headline_ends(before: str, after: str, *, parted: bool) -> None:
    """Between digits in running text, and before its decimals or its unit."""
    assert parted is bool(parted_number(before, after))
