"""The spoken form: pairs in cases/spoken.tsv, and what holds for any text."""

import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qjaudio.paper.text import is_han
from qjaudio.rules import parse_table
from qjaudio.script.normalize import MARKS, rewrite

CASES = parse_table((Path(__file__).parent / "cases" / "spoken.tsv").read_text(encoding="utf-8"))
PRINTED = (
    "0123456789０１.,:：，。、-—~～%‰/×+=<>（）()《》“”‘’\"'·〔〕#^&@ "
    "年月日时点分秒元万亿个米℃kmVWAHzp²③Ⅲ½٣的一二不为得至到天时速血压热线又比第百"
)
TEXTS = st.one_of(
    st.text(alphabet=st.sampled_from(PRINTED), max_size=40),
    st.text(max_size=30),
    st.text(alphabet=st.characters(), max_size=20),  # with surrogates
)


@pytest.mark.parametrize(("written", "spoken"), CASES)
def test_newspaper_expressions_are_said_as_newsreaders_say_them(written: str, spoken: str) -> None:
    """Each line of the table is a rule's promise."""
    assert spoken == rewrite(written).text


@settings(deadline=None, max_examples=300)
@given(TEXTS)
def test_any_text_becomes_speakable(text: str) -> None:
    """No digit is left, and nothing but Han, Latin letters, spaces and our marks."""
    spoken = rewrite(text).text
    assert not re.search(r"\d", spoken)
    odd = [
        c for c in spoken if not (is_han(c) or c in MARKS or c == " " or re.match("[A-Za-z]", c))
    ]
    assert [] == odd


@settings(deadline=None, max_examples=300)
@given(TEXTS)
def test_no_han_character_is_lost(text: str) -> None:
    """Every printed Han character is in the spoken form, as often as it is printed."""
    printed = Counter(unicodedata.normalize("NFKC", c) if is_han(c) else "" for c in text)
    del printed[""]
    said = Counter(unicodedata.normalize("NFKC", c) for c in rewrite(text).text)
    assert Counter() == printed - said


@pytest.mark.parametrize(
    "text", ["", "今天天气很好，我们去看看。", "“两会”——《新闻》……", "廿里", "九〇后"]
)
def test_plain_text_passes_untouched(text: str) -> None:
    """A text without digits and symbols is not rewritten."""
    assert text == rewrite(text).text


def test_the_rule_of_each_character_is_known() -> None:
    """What a rule wrote carries its name; what is printed carries none."""
    traced = rewrite("占比5%了")
    named = list(zip(traced.text, traced.rule, strict=True))
    assert [("占", ""), ("比", ""), ("百", "per cent")] == named[:3]
    assert ("了", "") == named[-1]


def test_printed_places_never_fall() -> None:
    """Places rise along the spoken form, so that a clause mark can be found in it again."""
    traced = rewrite("12万元/亩，到2025年5月20日8:30，共3.5%")
    assert sorted(traced.origin) == list(traced.origin)


@pytest.mark.parametrize("text", ["1" * 10_000, "1-" * 5_000, "（" * 5_000, "a1.2/3:4" * 1_200])
def test_hostile_texts_take_no_age(text: str) -> None:
    """Long runs are said without an exception; the rules stay linear enough to end in seconds."""
    assert isinstance(rewrite(text).text, str)


@pytest.mark.parametrize("char", "가ᄀ꧐あ")
def test_letters_of_other_scripts_are_no_han(char: str) -> None:
    """Hangul and digits of other scripts stand between the blocks of Han, not in them."""
    assert not is_han(char)
