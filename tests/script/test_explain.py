"""The explanation that a producer reads."""

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
