"""Lines are cut where a reader may breathe."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from builders import line, utterance
from qjaudio.speech.plan import smaller, split


def test_a_short_line_stays_whole() -> None:
    """A line that fits is one utterance."""
    assert ["山青水绿，人来人往。"] == [u.text for u in split(line("山青水绿，", "人来人往。"), 60)]


def test_a_long_line_is_cut_evenly() -> None:
    """Two utterances of like length rather than a long and a short one."""
    clauses = ["甲乙丙丁戊己庚辛壬，"] * 7
    lengths = [len(u.text) for u in split(line(*clauses), 60)]
    assert 2 == len(lengths)
    assert 10 >= max(lengths) - min(lengths)


def test_a_full_mark_is_preferred_to_a_list_comma() -> None:
    """A list is not torn where a clause ends nearby."""
    cut = split(
        line("天地玄黄宇宙洪荒、", "日月盈昃辰宿列张，", "寒来暑往秋收冬藏、", "闰余成岁。"), 24
    )
    assert "，" == cut[0].text[-1]


def test_a_long_clause_is_cut_between_words() -> None:
    """Without any mark the cut falls between words, and the print is shared out."""
    cut = split(line("甲乙" * 50 + "。"), 60)
    assert 2 == len(cut)
    assert "甲乙" * 50 + "。" == "".join(u.text for u in cut)
    assert all(u.spoken.startswith("甲乙") for u in cut)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 90), st.sampled_from("，。、；")).map(
            lambda t: "字" * t[0] + t[1]
        ),
        min_size=1,
        max_size=12,
    ),
    st.integers(10, 120),
)
def test_nothing_is_lost(clauses: list[str], limit: int) -> None:
    """Joined, the utterances are the line, printed and spoken; none is over the limit."""
    whole = line(*clauses)
    cut = split(whole, limit)
    assert whole.text == "".join(u.text for u in cut)
    assert whole.spoken == "".join(u.spoken for u in cut)
    assert limit + 2 >= max(len(u.spoken) for u in cut)


def test_an_utterance_is_cut_again_at_its_marks() -> None:
    """Smaller pieces join to the whole; voice, place and reader stay, the pause comes last."""
    (joined,) = split(line("桥很长，", "大家走上桥头，", "孩子们跑在前面。"), 60)
    whole = replace(joined, voice="甲", part=2, line=3, pause_ms=500)
    pieces = smaller(whole, 12)
    assert whole.text == "".join(piece.text for piece in pieces)
    assert whole.words == tuple(word for piece in pieces for word in piece.words)
    assert [0, 500] == [piece.pause_ms for piece in pieces]
    assert {("甲", 2, 3)} == {(piece.voice, piece.part, piece.line) for piece in pieces}
    assert pieces[0].text.endswith("，")


def test_an_utterance_that_cannot_be_cut_is_one_piece() -> None:
    """A word, and what fits, stay whole; marks alone never stand alone."""
    assert 1 == len(smaller(utterance("大桥。"), 1))
    assert 1 == len(smaller(utterance("大家走上桥头。"), 20))
    assert all(piece.syllables for piece in smaller(utterance("大家走上桥头……！！"), 3))
