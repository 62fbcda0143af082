"""The explanation that a producer reads."""

import pytest

from qjaudio.script.lexicon import Lexicon, parse_lexicon
from qjaudio.script.pronounce import explain


def test_json_is_what_the_contract_says() -> None:
    """text, spoken and one syllable for each Han character of spoken."""
    assert {
        "text": "“5G+”来了！",
        "spoken": "“五G加”来了！",
        "pinyin": ["wu3", "jia1", "lai2", "le5"],
    } == explain("“5G+”来了！", Lexicon()).as_json()


def test_each_word_names_its_reason() -> None:
    """Lexicon, rule of writing, rule of reading, dictionary, tone change."""
    lexicon = parse_lexicon("廿里\tnian4 li3", "mine.tsv")
    rows = {row[0]: row[1:] for row in explain("廿里管理3%有序地推进", lexicon).as_table()}
    assert ("nian4 li3", "lexicon") == rows["廿里"]
    assert ("guan2 li3", "character, tone change") == rows["管理"]
    assert "per cent" in rows["百分之三"][1]
    assert ("de5", "助词“地”") == rows["地"]


def test_doubts_stand_in_the_answer_only_where_there_are_any() -> None:
    """The contract has three keys; a place to check adds a fourth, and a row of the table."""
    found = explain("他叫\U00031351。", Lexicon())
    doubt = found.as_json()["doubts"][0]
    assert ("\U00031351", (2, 3), "slight") == (doubt["what"], doubt["where"], doubt["kind"])
    assert ("?", "\U00031351") == found.as_table()[-1][:2]
    assert () == explain("第3版，5岁，8:30，120.5万元", Lexicon()).doubts


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("他们3:15，大家都走了", "3:15"),
        ("东港12-3好", "12-3"),
        ("2000年前的村子", "2000"),
        ("配方1:2:3:4:5", "2"),
    ],
)
def test_an_expression_that_no_rule_knows_is_a_doubt(text: str, what: str) -> None:
    """It is said by guess, and the editor is told where and why."""
    doubt = explain(text, Lexicon()).doubts[0]
    assert what == doubt.what
    assert what == text[doubt.where[0] : doubt.where[1]]  # type: ignore[index]
    assert doubt.why


@pytest.mark.parametrize(
    "text",
    [
        "下午3:15开会", "比分3:15", "1-4月", "3-5岁", "12-23个", "20-30%", "2000年前后", "3.5万",
        "4K/8K", "8:30—9:00", "13岁", "“3+2”", "G60", "2024-2025年", "0570-2938888", "5号楼3-201室",
    ],
)  # fmt: skip
def test_what_rules_know_is_no_doubt(text: str) -> None:
    """Doubts stay rare enough to be read."""
    assert () == explain(text, Lexicon()).doubts
