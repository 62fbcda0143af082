"""What a frame, a bar, a tint or a rule beside a headline is for."""

import pytest

from printed import STORY, column, line, page, story, texts
from qjaudio.paper.layout import arrange
from qjaudio.paper.layout_frames import (
    is_figures_box,
    is_head_ground,
    text_under,
    with_drawn_frames,
)
from qjaudio.paper.layout_lines import lines_of
from qjaudio.paper.model import TextLine
from qjaudio.paper.text import Box


def over(top: float) -> list[TextLine]:
    """A story in two columns with its headline."""
    return [line("老船换上新桨", 0, top, size=20), *story(0, top + 28), *story(124, top + 28)]


GROUND = Box(0, 130, 234, 196)


def on_ground(*below: TextLine) -> list[TextLine]:
    """A story, under it a kicker and a headline on a ground, and what stands under that."""
    head = [line("河湾新事", 8, 138, size=12), line("渡口步道修好了", 8, 160, size=24)]
    return [*over(0), *head, *below]


@pytest.mark.parametrize("byline", [[], [line("□ 本报记者 程安之", 0, 202)]])
def test_a_headline_on_a_ground_heads_the_columns_under_it(byline: list[TextLine]) -> None:
    """With its kicker, though the ground is as large as a frame; who wrote it may stand between."""
    top = 204 + 18 * len(byline)
    lines = on_ground(*byline, *story(0, top), *story(124, top))
    arranged = arrange(page(*lines, rules=(GROUND,)))
    assert ["老船换上新桨", "渡口步道修好了"] == texts(arranged, "headline")
    assert ["河湾新事"] == texts(arranged, "kicker")


def test_words_on_a_ground_over_another_headline_head_nothing() -> None:
    """A slogan, an advert."""
    below = [line("集镇夜里也亮了灯", 0, 206, size=20), *story(0, 236), *story(124, 236)]
    lines = lines_of(page(*on_ground(*below)))
    assert not is_head_ground(GROUND, lines, [], 10.0)


def test_words_on_a_ground_inside_a_column_head_nothing() -> None:
    """The text goes on under them from above."""
    inside = Box(0, 90, 110, 126)
    rows = [*story(0, 0), line("也没人再滑倒过，大家都", 0, 70), line("步道修好", 4, 96, size=24)]
    lines = lines_of(page(*rows, line("说修得好。", 0, 132), *column(STORY[1:], 0, 146)))
    assert not is_head_ground(inside, lines, [], 10.0)


def test_words_on_a_ground_narrower_than_what_is_under_it_head_nothing() -> None:
    """Columns that reach beyond its sides have another headline."""
    lines = lines_of(page(*on_ground(*story(0, 204), *story(150, 204))))
    assert not is_head_ground(GROUND, lines, [], 10.0)


def test_large_figures_in_a_box_are_no_headline_of_the_text_beside_them() -> None:
    """The headline over both keeps its text."""
    rows = [("36人", 90), ("守渡口", 116), ("7处", 134), ("新步道", 160)]
    figures = [
        line(text, 20, top, size=10 + 10 * (n % 2 == 0)) for n, (text, top) in enumerate(rows)
    ]
    head = line("渡口步道修好了，人人走得稳", 0, 12, size=26)
    columns = [*story(124, 84), *story(248, 84)]
    arranged = arrange(page(head, *figures, *columns, rules=(Box(0, 84, 110, 178),)))
    assert [head.text] == texts(arranged, "headline")
    assert not {"36人", "守渡口", "7处"} & {
        *texts(arranged, "headline", "kicker", "deck", "byline")
    }


def test_a_brief_with_a_figure_in_its_headline_is_no_box_of_figures() -> None:
    """It says more than a few words."""
    held = lines_of(page(line("36人", 0, 0, size=20), *story(0, 28)))
    assert not is_figures_box(held)


@pytest.mark.parametrize("between", ["deck", "byline", "both", "none"])
def test_a_rule_under_a_headline_parts_it_from_no_text(between: str) -> None:
    """Wider than the words: as wide as the columns, with a deck or who wrote the story under it."""
    rows, top = [line("渡口步道修好了", 0, 10, size=24)], 46.0
    if between in ("deck", "both"):
        rows, top = [*rows, line("挑担的也不用绕路", 0, top, size=14)], top + 22
    if between in ("byline", "both"):
        rows, top = [*rows, line("□ 本报记者 程安之", 0, top)], top + 18
    rule = Box(0, 37, 234, 39)
    arranged = arrange(page(*rows, *story(0, top), *story(124, top), rules=(rule,)))
    assert ["渡口步道修好了"] == texts(arranged, "headline")
    assert (["挑担的也不用绕路"] if between in ("deck", "both") else []) == texts(arranged, "deck")


@pytest.mark.parametrize(("left", "told"), [(77, True), (20, False)])
def test_a_deck_in_the_type_of_the_text_stands_in_the_middle_under_a_rule(
    left: float, *, told: bool
) -> None:
    """As a scan measures it; what begins as a paragraph does may be one."""
    rows = [line("渡口步道修好了", 30, 10, size=24), line("人人走得稳了呀", left, 46)]
    near = lines_of(page(*rows, *story(0, 70), *story(124, 70)))
    rule = Box(0, 37, 234, 39)
    found = text_under(rule, [x for x in near if x.box.top > 39], 24.0, 10.0) or []
    assert told is all(x.text != rows[1].text for x in found)


def test_a_rule_over_a_deck_and_a_photo_parts_nothing() -> None:
    """The text begins under the photo."""
    rows = [line("渡口步道修好了", 0, 10, size=24), line("挑担的也不用绕路", 0, 46, size=14)]
    lines = [*rows, *story(0, 190), *story(124, 190)]
    arranged = arrange(page(*lines, rules=(Box(0, 37, 234, 39),), pictures=(Box(0, 66, 234, 184),)))
    assert ["渡口步道修好了"] == texts(arranged, "headline")
    assert ["挑担的也不用绕路"] == texts(arranged, "deck")


def test_a_rule_over_a_headline_of_its_own_parts_stories() -> None:
    """What stands over that rule is none of its kickers."""
    rows = [*over(0), line("渡口步道修好了", 0, 120, size=24), *story(0, 150), *story(124, 150)]
    arranged = arrange(page(*rows, rules=(Box(0, 110, 234, 112),)))
    assert ["老船换上新桨", "渡口步道修好了"] == texts(arranged, "headline")


@pytest.mark.parametrize(
    ("second", "size", "kinds"),
    [
        ("人人走得稳", 17, ["headline"]),
        ("修了36处", 17, ["headline"]),
        ("——桥头见闻", 17, ["headline", "deck"]),
        ("人人走得稳", 15, ["headline", "deck"]),
        ("守渡口的老秦说鞋底都不沾泥", 17, ["headline", "deck"]),
    ],
)
def test_two_short_lines_in_type_of_two_sizes_are_one_headline(
    second: str, size: float, kinds: list[str]
) -> None:
    """A deck is smaller, or says more."""
    rows = [line("渡口步道修好", 0, 10, size=24), line(second, 0, 38, size=size)]
    arranged = arrange(page(*rows, *story(0, 66), *story(124, 66)))
    assert kinds == [x.kind for x in arranged.blocks if x.kind in ("headline", "kicker", "deck")]


def test_briefs_side_by_side_under_a_label_on_a_ground_have_their_headlines() -> None:
    """In type that fits each column, smaller and larger than the text."""
    briefs = [
        row
        for at, (head, size) in enumerate([("渡口步道修好", 10.0), ("老船换上新桨", 12.0)])
        for row in (line(head, 124 * at, 30, size=size), *story(124 * at, 46))
    ]
    label, ground = line("河湾快报", 4, 4), Box(0, 0, 50, 18)
    arranged = arrange(
        page(label, *briefs, *over(200), pictures=(ground,), rules=(Box(0, 18, 234, 19),))
    )
    assert ["渡口步道修好", "老船换上新桨"] == texts(arranged, "headline")[:2]


def test_a_headline_on_a_dark_block_heads_the_columns_beside_it() -> None:
    """What is filled may be taken for a picture; a photo with a word on it heads none."""
    block = Box(0, 120, 140, 200)
    beside = [*story(150, 122), *story(274, 122)]
    for words, told in (("渡口步道", True), ("渡口", False)):
        head = line(words, 10, 150, size=24)
        arranged = arrange(page(*over(0), head, *beside, pictures=(block,)))
        assert told is (words in texts(arranged, "headline"))


def test_a_dark_block_heads_columns_of_which_the_first_begins_under_a_photo() -> None:
    """The photo is level with it; the figures of a box between are none of its words."""
    block, photo = Box(0, 120, 140, 240), Box(150, 120, 260, 168)
    lines = [line("渡口步道", 10, 150, size=24), *story(150, 174), *story(274, 122)]
    arranged = arrange(page(*over(0), *lines, pictures=(block, photo)))
    assert ["老船换上新桨", "渡口步道"] == texts(arranged, "headline")
    assert 4 == len(texts(arranged, ""))


@pytest.mark.parametrize(
    ("words", "told"), [(("渡口步道", "修好了"), ["渡口步道修好了"]), (("渡口", "步道"), [])]
)
def test_a_headline_in_two_lines_on_a_bar_is_no_label(words: str, told: list[str]) -> None:
    """A label in two lines is shorter."""
    head = [line(text, 20, 106 + 26 * at, size=20) for at, text in enumerate(words)]
    lines = [*over(-60), *head, *story(0, 164), *story(124, 164)]
    arranged = arrange(page(*lines, rules=(Box(0, 102, 110, 156),)))
    assert ["老船换上新桨", *told] == texts(arranged, "headline")


EDGE = Box(60, 0, 240, 1)
SIDES = (Box(0, 0, 1, 160), Box(239, 0, 240, 160), Box(0, 159, 240, 160))


def test_four_rules_that_meet_are_a_frame() -> None:
    """Also where two of its corners are cut off."""
    whole = (Box(0, 0, 240, 1), *SIDES)
    cut = (Box(14, 0, 240, 1), Box(0, 14, 1, 160), Box(239, 0, 240, 146), Box(0, 159, 226, 160))
    for rules in (whole, cut):
        (found,) = with_drawn_frames(page(*story(8, 40), rules=rules)).rules
        assert found.holds(Box(1, 1, 239, 159))


@pytest.mark.parametrize(
    "rules",
    [
        (Box(-60, 0, 240, 1), *SIDES),
        (Box(0, 0, 240, 1), Box(0, -40, 1, 160), *SIDES[1:]),
        (EDGE, *SIDES),
        SIDES,
    ],
)
def test_rules_that_go_on_past_a_corner_or_leave_an_edge_open_are_no_frame(
    rules: tuple[Box, ...],
) -> None:
    """They part the stories of a page."""
    assert rules == with_drawn_frames(page(*story(8, 40), rules=rules)).rules


def test_a_label_in_the_gap_of_an_upper_edge_closes_a_frame() -> None:
    """Whose short end beside the label is lost; it is no headline of the first brief."""
    briefs = [line("渡口步道修好", 8, 20, size=14), *story(8, 44)]
    briefs += [line("清水塘修渠引水", 126, 20, size=14), *story(126, 44)]
    arranged = arrange(page(line("民生短波", 18, -5), *briefs, rules=(EDGE, *SIDES)))
    assert ["民生短波"] == texts(arranged, "banner")
    assert ["渡口步道修好", "清水塘修渠引水"] == texts(arranged, "headline")


def test_a_label_over_sentences_alone_is_their_headline() -> None:
    """They are no end of another story."""
    lines = [line("民生短波", 18, -5), *story(8, 44)]
    assert (EDGE, *SIDES) == with_drawn_frames(page(*lines, rules=(EDGE, *SIDES))).rules


def test_an_upright_headline_behind_a_hairline_in_a_frame_is_that_of_its_columns() -> None:
    """No other one stands there; one beside a story with a headline is no part of that. It may
    stand in the middle, but text that goes on from elsewhere has its headline there."""
    upright = TextLine(text="清水塘修渠引水", box=Box(290, 10, 310, 150), size=20)
    rules = (Box(120, 8, 121, 150), Box(250, 8, 251, 150), Box(0, 0, 340, 160))
    columns = [*story(4, 12), *story(130, 12)]
    arranged = arrange(page(upright, *columns, line("一版", 400, 10), rules=rules))
    assert ["清水塘修渠引水"] == texts(arranged, "headline")
    columns = [line("渡口步道修好", 4, 8, size=18), *story(4, 44), *story(130, 44)]
    arranged = arrange(page(upright, *columns, line("一版", 400, 10), rules=rules))
    assert "渡口步道修好" in texts(arranged, "headline")
    assert "清水塘修渠引水" not in texts(arranged, "headline")
    beside = [upright, *story(340, 12), line("一版", 480, 10)]
    rules = (Box(250, 8, 251, 150), Box(120, 0, 460, 160))
    for first, own in ((story(130, 12), True), (column(STORY[1:], 130, 12), False)):
        blocks = arrange(page(*first, *beside, rules=rules)).blocks
        said = [block.lines[0].text for block in blocks]
        assert own is (said.index(upright.text) < said.index(first[0].text))


@pytest.mark.parametrize(("words", "label"), [("简明新闻", True), ("渡口的灯", False)])
def test_a_label_of_briefs_stands_on_a_bar_as_wide_as_their_column(
    words: str, *, label: bool
) -> None:
    """Measured no larger than their headlines; other words there may be half of one."""
    rows = [line(words, 80, 6, size=14), line("步道修好了", 70, 30, size=15), *story(0, 52)]
    arranged = arrange(page(*rows, *story(300, 52), rules=(Box(0, 2, 200, 24),)))
    assert label is (words in texts(arranged, "banner"))
