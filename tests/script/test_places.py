"""Places: readings that no dictionary has right, and words that look like them."""

import pytest

from qjaudio.rules import table
from qjaudio.script.lexicon import default_lexicon, gazetteer, parse_reading
from qjaudio.script.pronounce import explain


@pytest.mark.parametrize(
    ("text", "pinyin"),
    [
        ("台州、丽水、乐清", "tai1 zhou1 li2 shui3 yue4 qing1"),
        ("长子县和民乐县", "zhang2 zi3 xian4 he2 min2 le4 xian4"),
        ("八都镇的人", "ba1 du1 zhen4 de5 ren2"),
        ("重庆市与筠连县", "chong2 qing4 shi4 yu3 jun1 lian2 xian4"),
        ("五十都村的老人都来了", "wu3 shi2 du1 cun1 de5 lao3 ren2 dou1 lai2 le5"),
        ("快乐清单", "kuai4 le4 qing1 dan1"),
        ("记者从任丘和扎囊县获悉", "ji4 zhe3 cong2 ren2 qiu1 he2 zha1 nang2 xian4 huo4 xi1"),
        ("世界袜都和美食之都", "shi4 jie4 wa4 du1 he2 mei3 shi2 zhi1 du1"),
        ("温得和克的胡塞武装", "wen1 de2 he2 ke4 de5 hu2 sai4 wu3 zhuang1"),
        ("解家沟、查家渡和仇家岭", "xie4 jia1 gou1 zha1 jia1 du4 he2 qiu2 jia1 ling3"),
        ("长子和民乐队", "zhang2 zi3 he2 min2 yue4 dui4"),
    ],
)
def test_places_are_read_as_they_are_called(text: str, pinyin: str) -> None:
    """The gazetteer comes before the dictionaries, and cuts no other word in two."""
    assert pinyin.split() == list(explain(text, default_lexicon()).pinyin)


def test_every_place_has_a_reading_and_says_whether_it_was_looked_up() -> None:
    """A row is the name, a syllable for each character, and whether a source was found."""
    for name, reading, looked_up in table("places"):
        assert len(parse_reading(name, reading)) == len(name)
        assert looked_up in ("查到", "未查")
    assert len(gazetteer().entries) == len(table("places"))
