"""Segmentation and dictionaries."""

from pathlib import Path

import pytest

from qjaudio.rules import table
from qjaudio.script.lexicon import Lexicon, parse_lexicon, parse_reading
from qjaudio.script.polyphones import ReadingRule, _rows, choose_readings, rules_of
from qjaudio.script.pronounce import explain
from qjaudio.script.readings import Token, cedict, digit, known_parts, neutral, our_words, tokens


@pytest.mark.parametrize(
    ("marked", "plain"), [("lǜ", "lv4"), ("de", "de5"), ("nǚ", "nv3"), ("ń", "en2")]
)
def test_tone_marks_become_digits(marked: str, plain: str) -> None:
    """ü is v, no mark is the neutral tone."""
    assert plain == digit(marked)


def test_tokens_give_the_text_back() -> None:
    """Segmentation loses nothing; numbers are not cut."""
    cut = tokens("二零二四年完成五百八十四点三八万元", Lexicon())
    assert "二零二四年完成五百八十四点三八万元" == "".join(token.text for token in cut)
    assert "五百八十四点三八万元" in [token.text for token in cut]


def reading_rules(name: str) -> dict[str, tuple[ReadingRule, ...]]:
    """All rules of `rules/<name>.tsv` by character or word."""
    return {text: rules_of(name, text) for text in _rows(name)}


def reading_of(word: str) -> tuple[str, ...]:
    """The syllables of a word by the dictionaries, without rules."""
    return tuple(syllable for part in known_parts(word) for syllable in part.reading)


def test_a_character_in_no_dictionary_is_read_mou() -> None:
    """Newsreaders say 某 for a character that they cannot read; it is never skipped."""
    assert ("mou3", "unknown") == (*reading_of("\U000323af"), known_parts("\U000323af")[0].source)
    assert ("mou3", "character") == (*reading_of("某"), known_parts("某")[0].source)


def test_a_long_word_is_read_by_its_longest_parts() -> None:
    """Words in no dictionary are read by the phrases inside, the fewest that make them up."""
    assert ("chong2", "qing4", "shi4") == reading_of("重庆市民卡")[:3]
    assert ["流量", "计"] == [part.text for part in known_parts("流量计")]
    assert ["工坊"] == [part.text for part in known_parts("新工坊")][1:]


def test_words_of_three_characters_in_our_list_are_found_in_any_text() -> None:
    """The segmenter joins 同种|粮; our 种粮大户 is found all the same."""
    assert "种粮大户" in [token.text for token in tokens("陪同种粮大户下田", Lexicon())]


def test_the_longest_of_twenty_thousand_entries_is_found() -> None:
    """A lexicon of any size is looked through at once."""
    lines = [
        f"{chr(0x4E00 + number)}{chr(0x5E00 + number % 9000)}镇\tjia3 yi3 zhen4"
        for number in range(20_000)
    ]
    lexicon = parse_lexicon("\n".join(lines), "long.tsv")
    name = chr(0x4E00 + 7) + chr(0x5E07) + "镇"
    assert name in [token.text for token in tokens(f"来到{name}" * 500, lexicon)]


SAMPLE = Path(__file__).parents[2] / "issues" / "2025-05-20"
ANY_CONTEXT = ("", "在各地", "以此", "我们应", "第一", "他说，")


def test_no_rule_for_a_character_rewrites_a_known_word() -> None:
    """Whatever stands around it, a word that a dictionary has keeps the reading of the dictionary.

    Only a rule for the whole word may say otherwise, and a rule for a character is never asked.
    """
    from pypinyin.phrases_dict import phrases_dict

    assert all(len(text) == 1 for text in reading_rules("polyphones"))
    assert all(len(text) > 1 for text in reading_rules("words_in_context"))
    polyphones = set(reading_rules("polyphones"))
    listed = {*our_words(), *neutral(), *cedict(), *phrases_dict}
    words = sorted(word for word in listed if len(word) > 1 and polyphones & set(word))
    for number, word in enumerate(words):
        if word in reading_rules("words_in_context"):
            continue
        parts = known_parts(word)
        assert [word] == [part.text for part in parts], word
        before = ANY_CONTEXT[number % len(ANY_CONTEXT)]
        token = Token(word, "nr", parts, parts[0].source)
        text = f"{before}{word}的人，得到了"
        head = Token(before, "v", known_parts(before) if before else (), "character")
        assert parts[0].reading == choose_readings(text, (head, token))[1].reading, word


@pytest.mark.parametrize("name", ["words", "cedict"])
def test_every_listed_reading_exists(name: str) -> None:
    """Each phrase has as many syllables as characters, all of them Mandarin."""
    for row in table(name):
        assert tuple(row[1].split()) == parse_reading(row[0], row[1]), row


@pytest.mark.parametrize("name", ["polyphones", "words_in_context"])
def test_every_rule_reads_existing_syllables(name: str) -> None:
    """Rules for polyphones name real syllables and give a reason."""
    for text, listed in reading_rules(name).items():
        for rule in listed:
            assert rule.reading == parse_reading(text, " ".join(rule.reading))
            assert rule.reason, text


def test_a_surname_before_a_village_reads_as_the_table_of_surnames_says() -> None:
    """The characters of such a row read as surnames do, each with the rule as its first."""
    listed = [char for row in table("polyphones") if row[1] == "姓" for char in row[0]]
    said = {row[0]: tuple(row[1].split()) for row in table("surnames") if len(row) > 1}
    assert {char: said[char] for char in listed} == {
        char: rules_of("polyphones", char)[0].reading for char in listed
    }
    assert "chong2 jia1 gou1" == " ".join(explain("种家沟", Lexicon()).pinyin)


def test_a_guess_is_told_with_the_other_readings() -> None:
    """Where no rule knows the context the commonest reading is taken, and somebody is asked."""
    doubts = explain("矿区正式开钻", Lexicon()).doubts
    assert [("开钻", ("zuan1", "zuan4"))] == [(one.what, one.alternatives) for one in doubts]
    assert () == explain("大家都在钻研技术", Lexicon()).doubts


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("他们在凑着实惠聊", "着"),
        ("这套设备叠空抗差仪", "差仪"),
        ("队里摸得门路", "得"),
        ("几路信号正在联调", "调"),
        ("他捡起一枚处字印章", "处"),
        ("桌上只有一个壳", "壳"),
        ("水面漂着蔓", "蔓"),
        ("联谊会会长坂本到访", "长坂"),
        ("他快速成长为农业科研主力军", "为"),
    ],
)
def test_unsure_places_are_told(text: str, what: str) -> None:
    """A part of another word, a word of no dictionary, an uncommon default, rules that differ."""
    assert what in "".join(one.what for one in explain(text, Lexicon()).doubts)


@pytest.mark.parametrize(
    "text", ["多地下雨", "中秘友好", "四处都有绿荫", "这条路更长。", "不买假货"]
)
def test_sure_places_are_not_told(text: str) -> None:
    """A rule that is sure (定) is no guess, also in a word that no dictionary has."""
    assert () == explain(text, Lexicon()).doubts


@pytest.mark.parametrize("name", ["polyphones", "words_in_context"])
def test_a_rule_that_may_be_a_guess_has_an_alternative(name: str) -> None:
    """A doubt names another reading, so that the desk can offer it."""
    guesses = (rules for rules in reading_rules(name).values() if any(r.doubt for r in rules))
    alone = [rules[0].text for rules in guesses if len({rule.reading for rule in rules}) < 2]
    assert not alone


def test_guesses_are_rare() -> None:
    """Who reads the list of doubts has to find them all worth the while."""
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(SAMPLE.iterdir()))
    doubts = sum(len(explain(line, Lexicon()).doubts) for line in text.splitlines() if line)
    assert doubts <= len(text) / 400
