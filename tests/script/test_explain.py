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


def test_doubts_stand_in_the_answer_only_where_there_are_any() -> None:
    """The contract has three keys; a place to check adds a fourth, and a row of the table."""
    found = explain("他叫\U00031351。", Lexicon())
    doubt = found.as_json()["doubts"][0]
    assert ("\U00031351", (2, 3), "slight") == (doubt["what"], doubt["where"], doubt["kind"])
    assert ("?", "\U00031351") == found.as_table()[-1][:2]
    assert () == explain("第3版，5岁，8:30，120.5万元", Lexicon()).doubts
