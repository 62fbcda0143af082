"""The lexicon: what is checked when it is loaded, and which entry wins."""

import pytest

from qjaudio.errors import UsageError
from qjaudio.script.lexicon import Lexicon, default_lexicon, parse_lexicon, parse_reading
from qjaudio.script.pronounce import explain


def test_lines_become_entries() -> None:
    """Comments and blank lines are skipped; homophone and note are optional; ü may be written."""
    lexicon = parse_lexicon("# 说明\n\n廿里\tnian4 li3\t念里\t地名\n绿道\tlü4 dao4\n", "mine.tsv")
    assert ("nian4", "li3") == lexicon.entries["廿里"].reading
    assert ("念里", "地名") == (lexicon.entries["廿里"].homophone, lexicon.entries["廿里"].note)
    assert ("lv4", "dao4") == lexicon.entries["绿道"].reading


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("衢江\tqu2 jiangg1", "mine.tsv, line 1: jiangg1 is not a syllable"),
        ("# 一\n衢江\tqu2", "mine.tsv, line 2: 衢江 has 2 Han characters"),
        ("衢江\tqu2 jiang", "jiang is not a syllable"),
        ("衢江", "no reading for 衢江"),
        ("衢\tqu2\n衢\tju4", "line 2: 衢 has two readings"),
    ],
)
def test_slips_are_named_with_their_line(text: str, message: str) -> None:
    """A producer learns which line to mend, and how."""
    with pytest.raises(UsageError, match=message) as caught:
        parse_lexicon(text, "mine.tsv")
    assert caught.value.hint


def test_the_same_line_twice_is_no_conflict() -> None:
    """Only readings that disagree are reported."""
    assert 1 == len(parse_lexicon("衢\tqu2\n衢\tqu2\n", "mine.tsv").entries)


def test_latin_letters_need_no_syllable() -> None:
    """Only Han characters are read."""
    assert ("gu3",) == parse_reading("A股", "gu3")


def test_the_later_lexicon_wins() -> None:
    """A user's own reading comes before the shipped one."""
    ours, theirs = (
        parse_lexicon("行长\thang2 zhang3", "a"),
        parse_lexicon("行长\txing2 chang2", "b"),
    )
    assert ("xing2", "chang2") == explain("行长", ours.merged(theirs)).pinyin


def test_the_longest_entry_wins() -> None:
    """廿里镇 is found before 廿里."""
    lexicon = parse_lexicon("廿里\tnian4 li3\n廿里镇\tnian4 li3 zhen4", "mine.tsv")
    assert ["廿里镇", "有"] == [word.text for word in explain("廿里镇有", lexicon).words]


def test_a_short_entry_does_not_cut_a_word() -> None:
    """乐清 is a city, but not in 快乐清单."""
    lexicon = parse_lexicon("乐清\tyue4 qing1", "mine.tsv")
    assert ("kuai4", "le4", "qing1", "dan1") == explain("快乐清单", lexicon).pinyin
    assert ("yue4", "qing1", "shi4") == explain("乐清市", lexicon).pinyin


def test_the_shipped_lexicon_loads() -> None:
    """Every line of voices/lexicon.tsv passes its own checks and holds the names of the region."""
    entries = default_lexicon().entries
    assert ("nian4", "li3") == entries["廿里"].reading
    assert {"衢江", "柯城", "龙游", "常山", "江山市", "开化", "乌溪江", "峡川"} <= entries.keys()


def test_an_empty_lexicon_finds_nothing() -> None:
    """Without entries the dictionaries decide."""
    assert ("zhong1", "guo2") == explain("中国", Lexicon()).pinyin
