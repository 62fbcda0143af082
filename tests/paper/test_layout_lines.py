"""Runs side by side become lines, or stay the lines of two columns."""

from dataclasses import replace

import pytest

from printed import column, line, page
from qjaudio.paper.layout_lines import (
    _ends_credit,
    body_size,
    is_exact,
    lines_of,
)
from qjaudio.paper.model import LayoutLine, TextLine
from qjaudio.paper.pieces import is_byline
from qjaudio.paper.text import Box

TEXT = ["步道早晚都有人走", "老人慢慢地散着步", "孩子一路跑在前面", "河边亮起了路灯来"]


def _texts(*runs: object, rules: tuple[Box, ...] = ()) -> set[str]:
    return {found.text for found in lines_of(page(*runs, rules=rules))}  # type: ignore[arg-type]


def test_lines_of_two_near_columns_are_never_joined() -> None:
    """A gap that goes on above and below is a gutter, though it is not wider than a space."""
    found = _texts(*column(TEXT, 50, 50), *column(TEXT, 139, 50))
    assert set(TEXT) == found


def test_a_line_that_a_scan_begins_in_the_gutter_is_one_of_its_column() -> None:
    """Behind a mark, which has room; one that the line above goes over is the same line's."""
    left, right = column([*TEXT[:3], "说步道修好了。”"], 50, 50), column(TEXT, 138, 50)
    right[3] = line(TEXT[3], 136.2, 50 + 3 * 14)
    assert len(lines_of(page(*left, *right))) == 8
    whole = [line("".join(TEXT[:2])[:17], 50, 50 + 14 * at) for at in (2, 4)]
    assert "说步道修好了。”" + TEXT[3] in _texts(*whole, left[3], right[3])


@pytest.mark.parametrize(
    ("frame", "under", "upright"),
    [
        (Box(90, 0, 200, 400), [], True),
        (Box(90, 130, 200, 260), [], False),  # no higher than a headline in lines wants
        (Box(90, 0, 200, 400), [line("步道早晚都有人走", 95, 300)], False),
    ],
)
def test_characters_alone_in_a_tall_frame_stand_in_upright_lines(
    frame: Box, under: list[TextLine], *, upright: bool
) -> None:
    """They are a little nearer across than down there, as OCR finds them."""
    rows = [
        line(x, 105, 150 + 34 * at, size=27) for at, x in enumerate(["灯夜渡", "都里口", "亮桥的"])
    ]
    rows = [replace(x, box=replace(x.box, right=x.box.left + 84)) for x in rows if x.box]
    found = _texts(*rows, *under, *column(TEXT, 300, 50), rules=(frame,))
    assert upright is ({"渡口的", "夜里桥", "灯都亮"} <= found)


@pytest.mark.parametrize(
    ("words", "size", "kept"),
    [
        ("本报讯（记者秦安）昨天", 10.9, False),
        ("本报讯（记者秦安）昨天", 13, True),
        ("步道修好灯也亮了呀", 10.9, True),
    ],
)
def test_a_bold_dateline_measured_larger_is_of_its_text(
    words: str, size: float, *, kept: bool
) -> None:
    """It opens the text; larger type may be a lead's, and other words a small heading."""
    found = lines_of(page(line(words, 70, 36, size=size), *column(TEXT, 50, 50)))
    assert kept is (max(one.size for one in found) == size)


def test_a_rule_in_the_gap_parts_two_lines() -> None:
    """Two lines with a printed rule between them are two columns, however few they are."""
    found = _texts(line("左边一栏", 50, 50), line("右边一栏", 93, 50), rules=(Box(91, 40, 92, 80),))
    assert {"左边一栏", "右边一栏"} == found


def test_a_headline_over_two_columns_makes_no_line_of_them() -> None:
    """A short first line of the second column signs nothing: only a line of text may be over it."""
    head = line("河边的步道早晚都有人走", 50, 34, size=16)
    right = head.box.right if head.box else 0.0
    runs = [head, line("步道修好", 50, 52), line("早晚都有人走", right - 60, 52)]
    assert {"步道修好", "早晚都有人走"} < _texts(*runs, *column(TEXT, 50, 66))


def test_the_last_letter_of_a_widely_set_line_stays_with_it() -> None:
    """A line under it ends where it does, though another ends where its gap is."""
    full, wide = "两个人语言不通用手机翻译", [line("两个人语言不通，", 0, 0), line("靠", 110, 0)]
    column = [line("民宿和茶馆生意也好。", 0, 14), *(line(full, 0, top) for top in (28, 42))]
    beside = [line(full, 134, top) for top in (0, 14, 28, 42)]
    found = lines_of(page(*wide, *column, *beside))
    assert "两个人语言不通，靠" in {one.text.replace(" ", "") for one in found}
    assert len(found) == 8


def test_a_line_alone_over_a_small_head_or_a_photo_is_one_of_its_column() -> None:
    """The lines of the column stand further below, under what parts them; a caption over or under
    it goes over the gutter."""
    ends = [
        line("步道早晚都有人走，", 0, 40),
        line("老人慢慢地散着步。", 104, 40),
        line("修好", 0, 54),
    ]
    caption = line("图中的步道一早就有许多人来走", 20, 26, size=9)
    rest = [*column(TEXT, 0, 110), *column(TEXT, 104, 110)]
    for over in ([], [caption]):
        assert {run.text for run in ends} < _texts(*over, *ends, *rest)


def test_a_short_indented_line_beside_a_portrait_is_apart_from_the_next_column() -> None:
    """The next line of its narrow column shows where that begins and ends; a name that stands by
    itself in front of an answer goes on with it, as no line under it begins before it."""
    narrow = [line("渡口", 80, 0), *column(["老周种树", "人不多。"], 60, 14)]
    assert {"渡口", TEXT[0]} < _texts(*narrow, *column(TEXT * 2, 111, 0))
    assert "老周 步道早晚都有人走" in _texts(line("老周", 80, 0), *column(TEXT * 2, 111, 0))


def test_no_caption_shows_that_a_short_last_column_goes_on_with_the_one_before() -> None:
    """It goes over the gutter in smaller type, as no line of the text does."""
    left = column(["老人报修之后一小时就", "来人，步道修好了亮了"], 50, 40)
    caption = line("图中的步道一早就有许多人来走动，灯也亮了", 50, 24, size=9)
    assert {left[0].text, "到场。"} < _texts(
        caption, *left, line("到场。", 160, 40), *column(TEXT * 3, 300, 0)
    )


def test_a_caption_level_with_the_last_line_of_a_column_goes_on_with_none() -> None:
    """Its type is a little smaller, as no part of a line is in a PDF."""
    column = [line("两个人语言不通，用手机", 0, top) for top in (0, 14, 28)]
    last, caption = "开渠、修路、", line("图中的水渠昨天通水", 80, 42.5, size=9)
    assert {last, caption.text} < _texts(*column, line(last, 0, 42), caption)


def test_the_rest_of_a_credit_and_a_wide_space_begin_a_line() -> None:
    """Two characters are no column, though paragraphs over and under them begin in the gap."""
    first, left = line("本报讯（通讯员李", 20, 0), line("梅）", 0, 14)
    right = "早晚都有人走在河边新修的路上"
    left = replace(left, box=Box(0, 14, 15, 24))
    runs = [
        first,
        left,
        line(right, 32, 14),
        line("路修好了，灯也亮起来。", 0, 28),
        line("去年修路", 20, 42),
    ]
    assert f"梅） {right}" in _texts(*runs, *column(TEXT * 2, 250, 0))


def test_a_name_after_an_open_bracket_is_of_its_line() -> None:
    """A justified line of names has wide gaps, and the line under it may have one there, too."""
    names = (line("本报讯（记者", 20, 40), line("陈晓", 87, 40))
    under = (line("东", 0, 54), line("通讯员", 20, 54), line("程安之）", 87, 54))
    assert "本报讯（记者 陈晓" in _texts(*names, *under, *column(TEXT, 0, 68))


def test_letter_spaced_words_are_one_line() -> None:
    """Short words at even wide distances are one line."""
    words = [line(word, 50 + at * 40, 20) for at, word in enumerate(("文明", "和谐", "友善"))]
    assert "文明 和谐 友善" in _texts(*words, *column(TEXT, 300, 60))


def test_text_size_is_what_most_characters_have() -> None:
    """A large heading does not change the size of the text."""
    lines = [LayoutLine(text, Box(0, 0, 80, 10), 10.0) for text in TEXT]
    heading = LayoutLine("渡口步道今天全线开放", Box(0, 0, 300, 30), 30.0)
    assert 10.0 == body_size([*lines, heading])
    assert is_exact([*lines, heading], 10.0)


def test_a_second_size_of_text_is_no_measure() -> None:
    """Half of a page may be briefs in smaller type: each size is that of many lines."""
    lines = [LayoutLine(text, Box(0, 0, 80, 10), size) for size in (10.0, 9.0) for text in TEXT]
    assert is_exact(lines, 10.0)


def test_headlines_over_columns_of_their_own_are_two() -> None:
    """The text under one may begin with a credit in two words, each no wider than a headline's."""
    heads = [line("步道修到了渡口", 0, 0, size=15), line("水渠通到了新村", 122, 0, size=15)]
    credit = [line("（记者", 20, 20), line("李明）", 60, 20)]
    left = column(["步道早晚都有人走了", "老人慢慢地散着步行"], 0, 34)
    right = column(["水渠早晚都有人", "村里人都来看水渠了"], 122, 20)
    first = right[0]
    right[0] = line(first.text, 142, 20)
    found = _texts(*heads, *credit, *left, *right)
    assert {head.text for head in heads} <= found


def test_two_headlines_may_stand_higher_over_their_columns() -> None:
    """One has a second line, a deck is under the other, and who wrote them opens each first column,
    so that the second begins before the text of that."""
    heads = [
        line("步道修到了大渡口的边上", 0, 0, size=20),
        line("水渠通到了新村里", 239, 0, size=20),
    ]
    second, deck = line("人人都来看", 239, 25, size=20), line("早晚都有人走", 0, 30, size=12)
    told = ["　　早晚都有人", "走，渡口灯也亮"]
    rows = [line("本报记者 李明", 0, 48), *column(told, 0, 62), *column(told[1:] * 3, 120, 48)]
    rows += [line("本报记者 程安", 239, 58), *column(told, 239, 72), *column(told[1:] * 3, 359, 58)]
    assert {one.text for one in heads} < _texts(*heads, second, deck, *rows)


def test_a_drop_cap_opens_the_columns_of_a_headline_beside_another() -> None:
    """It stands further left than the lines beside it; those of one headline open with none."""
    first, second = (line("渡口步道修好了", 0, 0, size=20), line("水渠通到新村", 160, 0, size=20))
    rows = [*column(["　　早晚都有人", "走，渡口灯也亮"], 0, 40), *column(TEXT, 400, 40)]
    rows += column(["边的人说，", "这条路早该"], 182, 40)
    cap = line("河", 160, 40, size=20)
    assert {first.text, second.text} < _texts(first, second, cap, *rows)
    assert second.text not in _texts(first, second, *rows)


def test_sizes_that_vary_were_measured() -> None:
    """Sizes of a scan differ from line to line."""
    lines = [LayoutLine(text, Box(0, 0, 80, 10), 9.4 + at * 0.3) for at, text in enumerate(TEXT)]
    assert not is_exact(lines, body_size(lines))


def test_sizes_in_whole_dots_were_measured() -> None:
    """Boxes of a recogniser are so many dots high: five heights that many lines share."""
    dots = {31: 6, 32: 12, 33: 17, 34: 30, 35: 10, 36: 5}
    lines = [LayoutLine("河边步道", Box(0, 0, 80, 10), x) for x in dots for _ in range(dots[x])]
    assert not is_exact(lines, body_size(lines))


def test_a_line_in_brackets_in_the_type_of_a_lead_is_text() -> None:
    """The lead's sentences tell that its size is one of text, for who signs it far below too."""
    lead = ["步道早晚都有人走，河边亮起了灯", "来。老人慢慢地散步，孩子跑在前面。"]
    runs = [line(text, 0, 14 * at, size=11) for at, text in enumerate(lead)]
    sign = line("（下转第3版）", 80, 80, size=11)
    found = lines_of(page(*runs, sign, *column(TEXT * 3, 250, 0)))
    assert {10} == {one.size for one in found}


def test_a_headline_broken_every_three_characters_is_level() -> None:
    """What stands closer to the character beside it than to the one below is read across."""
    rows = [
        line(text, 0, 40 + 26 * at, size=20)
        for at, text in enumerate(("渡口步", "道上周", "修好了"))
    ]
    found = lines_of(page(*rows, *column(["镇里的步道上周修好了"] * 9, 110, 40)))
    assert ["渡口步", "道上周", "修好了"] == [x.text for x in found if x.size > 15]


def test_a_line_that_an_opening_mark_begins_is_of_its_own_column() -> None:
    """The mark leaves half of its square bare; nearly level with it stands the end of another
    line, in the column before."""
    left, right = column(["步道早晚"] * 8, 0, 0), column(["孩子一路跑在前面"] * 8, 43, 0)
    left[4], right[4] = line("亮了灯火", 0, 56), line("《渡口》演了三场", 48, 54)
    assert "《渡口》演了三场" in _texts(*left, *right)


def test_the_side_of_a_frame_parts_two_headlines() -> None:
    """Level with each other in two sizes they would be one; a frame is no rule of the page."""
    framed, beside = line("水渠通到了新村", 60, 60, size=16), line("渡口步道", 182, 56, size=20)
    found = _texts(framed, beside, *column(TEXT, 60, 90), rules=(Box(50, 40, 178, 160),))
    assert {framed.text, beside.text} < found


def test_short_lines_with_a_full_stop_in_the_type_of_a_lead_are_text() -> None:
    """Questions and answers over a photo fill no line; no headline has a full stop inside."""
    lead = [line("步道早晚都有人走，河边亮起了", 0, 16 * at, size=11) for at in range(4)]
    lead.append(line("灯。", 0, 64, size=11))
    short = ["书有关。", "问：钱从哪里来", "的呀？", "答：", "“步道"]
    runs = [line(text, 200, 16 * at, size=11) for at, text in enumerate(short[:4])]
    runs.append(line(short[4], 234, 48, size=11))
    found = lines_of(page(*lead, *runs, *column(TEXT * 5, 400, 0)))
    assert {10} == {one.size for one in found}


@pytest.mark.parametrize("bracket", ["（", "("])
def test_a_name_behind_a_wide_space_in_a_dateline_is_of_its_line(bracket: str) -> None:
    """It is no line of the next column; brackets may be half as wide."""
    said, name = (LayoutLine(x, Box(0, 0, 60, 10), 10) for x in (f"本报讯{bracket}记者", "程安之"))
    assert _ends_credit(said, name) and not _ends_credit(name, said)


def test_words_on_both_sides_of_a_role_are_a_sentence() -> None:
    """A role after a name, or before it, is a credit's."""
    assert not is_byline(LayoutLine("秦小满给记者展示", Box(0, 0, 80, 10), 10))
    for text in ("记者秦小满", "秦小满摄影报道", "记者秦小满通讯员程安之"):
        assert is_byline(LayoutLine(text, Box(0, 0, 80, 10), 10)), text


@pytest.mark.parametrize("figure", ["4", "12"])
def test_a_larger_figure_inside_a_headline_parts_none(figure: str) -> None:
    """It goes on with the word behind it, and before that stands a space; the others tell how
    large the headline is."""
    wide = 30 * len(figure)
    head = [line("渡口步道修好", 60, 8, size=20), line(figure, 200, -2, size=30)]
    head.append(line("天通了船", 200 + wide, 8, size=20))
    under = [*column(TEXT, 0, 40), *column(TEXT, 104, 40), *column(TEXT, 208, 40)]
    whole = next(x for x in lines_of(page(*head, *under)) if "渡口" in x.text)
    assert (f"渡口步道修好 {figure}天通了船", 20) == (whole.text, whole.size)


def test_a_caption_over_the_gap_joins_no_crosshead_with_the_end_of_a_paragraph() -> None:
    """What it ends level with begins the next column; a line of the text would go on over both."""
    caption = line("渡口的步道修好了，早晚都有人走", 0, 26, size=8)
    runs = [line("从头来过", 30, 40, size=10.6), line("上。", 104, 41)]
    under = [*column(TEXT, 0, 56), *column(TEXT, 104, 56)]
    assert {"从头来过", "上。"} < _texts(caption, *runs, *under)


def test_a_caption_beside_a_short_line_is_no_part_of_it() -> None:
    """In smaller type, though no wider gap than a space parts it from a word beside the photo."""
    narrow = column(["渡口有老周", "“不是", "为了工钱，"], 0, 40)
    caption = line("村民在晾晒新收的粮食", 38, 57, size=9)
    far = column(TEXT, 160, 40)
    assert {"“不是", caption.text} < _texts(*narrow, caption, *far)


def test_two_headlines_over_own_columns_are_two_whatever_stands_under_those() -> None:
    """A frame under both columns is no text of both; right under the headlines it would be."""
    briefs = [line("渡口步道修好", 0, 30, size=14), line("书屋亮灯了", 96, 30, size=14)]
    told = ["　　早晚都有", "人走，渡口的", "灯也亮了。"]
    rows = [*column(told, 0, 48), *column(told, 96, 48)]
    found = _texts(*briefs, *rows, rules=(Box(-8, 92, 220, 160),))
    assert {one.text for one in briefs} < found
