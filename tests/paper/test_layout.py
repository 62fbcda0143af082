"""The layout: places on the page become reading order, headings and whole paragraphs."""

import pytest

from printed import column, line, page, texts
from qjaudio.paper.layout import _by_rules, _opens_row, arrange, centred_over
from qjaudio.paper.layout_blocks import Group, blocks_of_group, columns_of
from qjaudio.paper.layout_labels import take_head
from qjaudio.paper.layout_lines import lines_of
from qjaudio.paper.layout_parts import parts_of
from qjaudio.paper.layout_regions import Region, Scale, goes_on_below, part
from qjaudio.paper.model import Block, LayoutLine, Page, TextLine, has_places
from qjaudio.paper.text import Box, PageText

LEFT = ["　　渡口旁新铺了一", "条步道，早晚都有人", "沿着河岸走，老人走"]
RIGHT = ["得慢，孩子跑得快。", "　　镇里说，秋天还", "要再添二十盏路灯。"]
SHOWN = [(0, "值班的老秦"), (1, "在修路灯")]
OTHER = ["　　图书车今天进村", "里，车上装了两千册", "书，借书不要钱。"]


def test_text_without_places_stays_as_it_is() -> None:
    """A page of text files is returned unchanged."""
    plain = Page(number=1, blocks=(Block(lines=(TextLine(text="没有坐标的一行"),)),))
    assert plain == arrange(plain)
    assert not has_places(plain)


def test_an_arranged_page_stays_as_it_is() -> None:
    """Arranging twice gives the same page."""
    once = arrange(page(line("渡口新步道", 55, 10, size=24), *column(LEFT, 50, 50)))
    assert once == arrange(once)


def test_columns_are_read_one_after_the_other() -> None:
    """A heading over two columns is followed by the left, then the right column."""
    arranged = arrange(
        page(
            *column(RIGHT, 155, 50),
            line("渡口旁铺了新步道", 60, 10, size=20),
            *column(LEFT, 50, 50),
        )
    )
    assert ["渡口旁铺了新步道"] == texts(arranged, "headline")
    assert [
        "渡口旁新铺了一条步道，早晚都有人沿着河岸走，老人走得慢，孩子跑得快。",
        "镇里说，秋天还要再添二十盏路灯。",
    ] == texts(arranged, "")


def test_who_edited_the_page_stands_in_no_sentence() -> None:
    """The editors' line at the foot of a page is not the last line of the column above it."""
    foot = line("本版责任编辑：赵青", 50, 300, size=8)
    story = (line("渡口步道", 80, 10, size=20), *column(LEFT, 50, 50), *column(RIGHT, 155, 50))
    plain, signed = arrange(page(*story)), arrange(page(*story, foot))
    assert texts(plain, "") == texts(signed, "")
    assert [foot.text] == texts(signed, "masthead")


def test_where_the_paper_is_reached_heads_no_text_beside_it() -> None:
    """A line with the paper's address stands apart in type a little larger than the text's, and is
    no heading that would take the column under it."""
    foot = line("本报地址：渡口路7号 邮编：324000", 155, 130, size=11.5)
    story = (line("渡口步道", 80, 10, size=20), *column(LEFT, 50, 50), *column(RIGHT, 155, 50))
    below = column(OTHER, 155, 160)
    arranged = arrange(page(*story, foot, *below))
    assert [foot.text] == texts(arranged, "masthead")
    assert ["渡口步道"] == texts(arranged, "headline")


@pytest.mark.parametrize(("opening", "kinds"), [
    ("本报讯（记者秦安）走进渡", ["headline", ""]), ("走进渡口，等灯的人排了长", ["banner"]),
])  # fmt: skip
def test_text_in_a_heading_of_its_measured_size_is_text(opening: str, kinds: list[str]) -> None:
    """A brief whose lines a scan measures like its headline begins at 本报讯; other large lines
    without text stay an advert's."""
    rows = ["渡口夜里也亮灯", opening, "口，等灯的人排了长队。"]
    heading = part("heading", lines_of(page(*column(rows, 50, 50))))
    blocks = blocks_of_group(Group((heading,), ()), Scale(9.4, 14, exact=True))
    assert kinds == [block.kind for block in blocks]


def test_a_paragraph_is_whole_across_a_column_break() -> None:
    """The block of a paragraph opens with an indent, and says whether its last line is full."""
    arranged = arrange(
        page(line("渡口步道", 80, 10, size=20), *column(LEFT, 50, 50), *column(RIGHT, 155, 50))
    )
    bodies = [block for block in arranged.blocks if not block.kind]
    assert [(True, True), (True, True)] == [(b.opens, b.filled) for b in bodies]


def test_paragraphs_of_one_line_are_told_by_their_indents() -> None:
    """Though most lines are indented, where each stands behind a full stop."""
    ends = ["渡口的步道昨天修好。", "长三里。", "晚上有灯。", "村民常来走。"]
    rows = [line(ends[0], 70, 50), line(ends[1], 50, 64), *(
        line(text, 70, 78 + 14 * at) for at, text in enumerate(ends[2:])
    )]  # fmt: skip
    arranged = arrange(page(line("渡口步道", 80, 10, size=20), *rows))
    bodies = [len(block.lines) for block in arranged.blocks if not block.kind]
    assert [2, 1, 1] == bodies


def test_articles_side_by_side_keep_to_their_headings() -> None:
    """Each heading is followed by the columns under it, though the columns are level."""
    arranged = arrange(
        page(
            line("渡口步道", 80, 10, size=20),
            *column(LEFT, 50, 50),
            *column(RIGHT, 155, 50),
            line("图书车进村", 275, 10, size=18),
            *column(OTHER, 275, 50),
        )
    )
    assert ["渡口步道", "图书车进村"] == texts(arranged, "headline")
    assert "图书车今天进村里，车上装了两千册书，借书不要钱。" == texts(arranged)[-1]


@pytest.mark.parametrize(("top", "parted"), [(40.0, True), (84.0, False)])
def test_a_rule_as_high_as_the_headlines_on_one_side_parts_the_page(
    top: float, *, parted: bool
) -> None:
    """A kicker on the other side may stand higher; one between columns begins with their text."""
    kicked = [line("河湾新事", 80, 0, size=12), line("渡口步道", 80, 20, size=20)]
    left = [*kicked, *column(LEFT, 50, 84), *column(RIGHT, 155, 84)]
    right = [line("图书车进村", 275, 42, size=18), *column(OTHER, 275, 84)]
    rule = Box(260, top, 261, 560)
    lines = [*left, *right, *column(OTHER, 50, 500), *column(OTHER, 275, 500)]
    parts = parts_of(lines_of(page(*lines)), (), scale := Scale(10, 14, (rule,)))
    assert parted is bool(_by_rules(parts, scale))


def test_a_heading_centred_over_three_columns_takes_the_outer_ones_too() -> None:
    """Columns that the heading does not reach belong to it when it is centred over the row."""
    third = ["　　第三栏从这里开", "始，讲另外一件相关", "的事，讲完就完了。"]
    arranged = arrange(
        page(
            line("图书车", 20, 10, size=20),
            *column(OTHER, 10, 50),
            line("渡口步道", 235, 10, size=20),
            *column(LEFT, 130, 50),
            *column(RIGHT, 230, 50),
            *column(third, 330, 50),
        )
    )
    order = texts(arranged)
    assert order.index("渡口步道") < order.index(
        "渡口旁新铺了一条步道，早晚都有人沿着河岸走，老人走得慢，孩子跑得快。"
    )


def test_kicker_and_deck_are_told_by_their_size() -> None:
    """The largest type is the headline, what stands over it the kicker, under it the deck."""
    arranged = arrange(
        page(
            line("民生实事", 85, 10, size=12),
            line("渡口步道", 65, 26, size=20),
            line("夜里也能走", 73, 50, size=13),
            *column(LEFT, 60, 72),
        )
    )
    kinds = [(block.kind, block.level) for block in arranged.blocks[:3]]
    assert [("kicker", 5), ("headline", 2), ("deck", 4)] == kinds


def test_a_heading_broken_over_two_lines_is_one_block() -> None:
    """Lines of one size that follow each other are one heading."""
    arranged = arrange(
        page(
            line("渡口旁边铺了", 50, 10, size=20),
            line("一条新步道", 60, 34, size=20),
            *column(LEFT, 65, 64),
        )
    )
    assert ["渡口旁边铺了一条新步道"] == texts(arranged, "headline")


def test_vertical_headlines_are_read_from_the_right() -> None:
    """Single characters set one below the other are a headline before the text beside them."""
    characters = [
        *(line(char, 84, 10 + at * 24, size=22) for at, char in enumerate("渡口步道")),
        *(line(char, 56, 10 + at * 24, size=22) for at, char in enumerate("全部完工")),
    ]
    arranged = arrange(page(*column(LEFT * 2, 120, 12), *characters))
    assert ["渡口步道全部完工"] == texts(arranged, "headline")
    assert "渡口步道全部完工" == texts(arranged)[0]


def test_two_vertical_lines_taken_for_level_ones_are_told_apart() -> None:
    """Rows of two large characters each are two vertical lines."""
    rows = [
        line(pair, 56, 10 + at * 24, size=22)
        for at, pair in enumerate(("全渡", "部口", "完步", "工道"))
    ]
    arranged = arrange(page(*column(LEFT * 2, 120, 12), *rows))
    assert ["渡口步道全部完工"] == texts(arranged, "headline")


def test_upright_lines_are_put_together_from_the_right() -> None:
    """Also where a scan finds the last one a hair higher, and a kicker stands before them."""
    kicker = upright("村里的新鲜事情", 96, 0, size=11)
    arranged = arrange(
        page(
            *column(LEFT * 2, 120, 0),
            kicker,
            upright("渡口步道", 68, 10.5),
            upright("修好了呀", 42, 10),
        )
    )
    assert ["渡口步道修好了呀"] == [text.replace(" ", "") for text in texts(arranged, "headline")]


def test_more_rows_than_columns_are_upright_though_the_rows_stand_wide() -> None:
    """As many rows as columns, set so, are level."""
    four, three = ("全渡", "部口", "完步", "工道"), ("渡口的", "步道修", "好了吗")
    for rows, whole in ((four, "渡口步道全部完工"), (three, "渡口的步道修好了吗")):
        heads = [line(row, 34, 10 + at * 26, size=22) for at, row in enumerate(rows)]
        arranged = arrange(page(*column(LEFT * 2, 120, 12), *heads))
        assert [whole] == texts(arranged, "headline")


def test_names_go_on_behind_the_gutter_under_their_headline() -> None:
    """The space between two names stands over that between two columns; text is no name."""
    for more, rest in (("桑晚周小满", []), ("后来又修路", ["后来又修路"])):
        lines_ = [line("记者林秋月", 110, 40), line(more, 170, 40)]
        body = [*column([*LEFT, *RIGHT], 60, 60), *column([*OTHER, *RIGHT], 165, 60)]
        found = [
            x.text for x in lines_of(page(line("渡口新修了步道", 80, 10, size=20), *lines_, *body))
        ]
        assert (f"记者林秋月 {more}" in found) == (not rest)


def test_upright_lines_may_hold_quotation_marks_and_leave_one_character_for_the_last() -> None:
    """Taken for level lines, the first of them has a mark or a last character beside the others."""
    rows = ["车“渡", "长口", "桥新", "”村"]
    taken = [line(row, 100 - 22 * len(row), 10 + at * 24, size=22) for at, row in enumerate(rows)]
    arranged = arrange(page(*column(LEFT * 2, 120, 12), *taken, line("通", 56, 106, size=22)))
    assert ["渡口新村“长桥”通车"] == texts(arranged, "headline")


@pytest.mark.parametrize("last", ["了，", "，了"])
def test_a_mark_ends_one_of_two_vertical_lines(last: str) -> None:
    """It leaves most of its square bare, at the right or at the left of the last row."""
    rows = [
        line(pair, 56, 10 + at * 24, size=22) for at, pair in enumerate(("全渡", "部口", "完修"))
    ]
    mark = Box(56 if last[0] == "了" else 70, 82, 86 if last[0] == "了" else 100, 104)
    arranged = arrange(
        page(*column(LEFT * 2, 120, 12), *rows, TextLine(text=last, box=mark, size=22))
    )
    assert [f"渡口修{last[1]}全部完{last[0]}"] == texts(arranged, "headline")


def test_a_space_inside_a_line_is_no_gutter() -> None:
    """What stands far apart on one line stays one line, where the lines around go through."""
    body = ["　　镇里的步道修好", "了，早晚都有人沿着", "河岸走，老人走着。"]
    first, second, third = column(body, 50, 50)
    cut = (line("镇里", 70, 50), line("的步道", 110, 50))
    arranged = arrange(page(line("步道", 60, 10, size=20), *cut, second, third))
    assert "镇里 的步道" == next(b for b in arranged.blocks if not b.kind).lines[0].text
    assert first.text


def test_captions_are_marked_and_cut_no_paragraph() -> None:
    """A paragraph goes on under a photo; the caption is a block of its own."""
    photo = Box(50, 92, 140, 150)
    arranged = arrange(
        page(
            line("渡口步道", 55, 10, size=20),
            *column(LEFT, 50, 50),
            line("图为新步道。", 50, 153, size=8),
            *column(["得慢，孩子跑得快。"], 50, 170),
            pictures=(photo,),
        )
    )
    assert ["图为新步道。"] == texts(arranged, "caption")
    assert 1 == len(texts(arranged, ""))


def test_a_heading_alone_between_rules_is_a_banner() -> None:
    """A line in large type with no text before the next rule belongs to no article."""
    arranged = arrange(
        page(
            line("办好身边小事", 60, 12, size=16),
            line("渡口步道", 60, 50, size=20),
            *column(LEFT, 50, 80),
            rules=(Box(40, 5, 200, 6), Box(40, 35, 200, 36)),
        )
    )
    assert ["办好身边小事"] == texts(arranged, "banner")
    assert ["渡口步道"] == texts(arranged, "headline")


def test_a_framed_article_is_read_by_itself() -> None:
    """Text inside a frame never runs into the columns beside it."""
    arranged = arrange(
        page(
            line("渡口步道", 60, 12, size=20),
            *column(LEFT, 50, 50),
            line("图书车进村", 165, 16, size=16),
            *column(OTHER, 165, 50),
            rules=(Box(155, 8, 265, 110),),
        )
    )
    assert [
        "渡口步道",
        "渡口旁新铺了一条步道，早晚都有人沿着河岸走，老人走",
        "图书车进村",
        "图书车今天进村里，车上装了两千册书，借书不要钱。",
    ] == texts(arranged)


def test_nothing_is_lost_or_doubled() -> None:
    """Every character of the page stands in the arranged page exactly once."""
    made = page(
        line("民生", 85, 10, size=12),
        line("渡口步道", 65, 26, size=20),
        *column(LEFT, 50, 60),
        *column(RIGHT, 155, 60),
        line("孤零零的一行", 400, 300),
        line("大", 300, 200, size=30),
        rules=(Box(148, 55, 149, 100), Box(40, 120, 300, 121)),
        pictures=(Box(50, 130, 150, 200),),
    )
    before = sorted("".join(texts(made)))
    after = sorted(char for char in "".join(texts(arrange(made))) if char != " ")
    assert before == after


def test_the_name_of_the_paper_is_known_upright_and_on_a_ground() -> None:
    """In the largest type at the very top it is no headline and no label; in the text it is."""
    story = (line("渡口旁铺了新步道", 60, 60, size=20), *column(LEFT, 60, 100))
    upright = TextLine(text="青溪报", box=Box(0, 10, 40, 130), size=40)
    level, ground = line("青溪报", 0, 10, size=40), Box(0, 6, 130, 56)
    for shown in (page(upright, *story), page(level, *story, rules=(ground,))):
        assert "青溪报" in texts(arrange(shown), "masthead")
    inside = line("村里传捷报", 60, 200, size=40)
    assert "村里传捷报" not in texts(arrange(page(*story, inside)), "masthead")


def test_a_frame_around_a_frame_holds_what_the_inner_one_holds() -> None:
    """Its own lines are none: a double border is read as one."""
    boxed = [line("渡口旁铺了新步道", 160, 110, size=20), *column(OTHER, 160, 150)]
    frames = Box(150, 100, 340, 200), Box(146, 96, 344, 204)
    shown = page(line("书屋添了灯", 0, 10, size=20), *column(LEFT, 0, 50), *boxed, rules=frames)
    assert ["书屋添了灯", "渡口旁铺了新步道"] == texts(arrange(shown), "headline")


def test_a_frame_of_headlines_that_each_name_their_page_is_a_guide() -> None:
    """They are of other pages, however the page is named; two such lines may be of stories."""
    entries = ("渡口步道", "第2版", "书屋添了灯", "▶3版", "图书车进村", "详见4版")
    for count, told in ((6, ["渡口步道第2版书屋添了灯▶3版图书车进村详见4版"]), (4, [])):
        rows = [line(text, 160, 20 + 14 * at) for at, text in enumerate(entries[:count])]
        frame = Box(155, 8, 265, 110)
        story = line("渡口旁铺了新步道", 0, 12, size=18), *column(LEFT, 0, 50)
        arranged = arrange(page(*story, *rows, rules=(frame,)))
        assert told == ["".join(text.split()) for text in texts(arranged, "teaser")]


def test_a_row_of_columns_may_rise_beside_the_heading_over_its_last_ones() -> None:
    """Under another story a row begins, level with the heading that stands over its last column."""
    above = [*column(OTHER, 50, 50), *column(OTHER, 155, 50), *column(OTHER, 260, 50)]
    arranged = arrange(
        page(
            line("图书车今天开进了山里的村子", 60, 10, size=20),
            *above,
            *column(LEFT, 50, 140),
            *column([*RIGHT[:2], "要再添二十盏路灯，"], 155, 140),
            line("渡口步道", 265, 140, size=20),
            *column(RIGHT, 260, 170),
        )
    )
    order = texts(arranged, "headline", "")
    assert (
        order.index("渡口步道")
        == order.index("渡口旁新铺了一条步道，早晚都有人沿着河岸走，老人走得慢，孩子跑得快。") - 1
    )


def test_a_heading_flush_with_its_column_is_centred_over_no_others() -> None:
    """A heading that begins where its column does leaves the column before it to its own story."""
    arranged = arrange(
        page(
            line("图书车开进", 50, 10, size=16),
            *column(OTHER, 50, 50),
            *column(RIGHT, 155, 50),
            line("渡口铺步道", 260, 10, size=20),
            *column(LEFT, 260, 50),
            *column(RIGHT, 365, 50),
        )
    )
    before = texts(arranged)[: texts(arranged).index("渡口铺步道")]
    assert any(text.endswith("二十盏路灯。") for text in before)


def test_a_small_head_over_the_last_column_stays_with_the_upright_headline_beside_it() -> None:
    """A 小标题 level with the columns of a row that an upright headline ends is none."""
    upright = [line(char, 365, 50 + 24 * at, size=20) for at, char in enumerate("渡口步道")]
    arranged = arrange(
        page(
            *column([*LEFT, *RIGHT], 50, 50),
            *column([*LEFT, *RIGHT], 155, 50),
            line("夜里也走", 282, 50, size=11),
            *column([*OTHER, *RIGHT], 260, 64),
            *upright,
        )
    )
    assert ["渡口步道"] == texts(arranged, "headline")
    assert ["夜里也走"] == texts(arranged, "crosshead")


def test_a_caption_beside_a_picture_is_no_text() -> None:
    """Short lines in a column of their own beside a photo tell what it shows."""
    words = ["值班的", "老秦在", "修路灯"]
    beside = [line(text, 165, 58 + 12 * at) for at, text in enumerate(words)]
    arranged = arrange(
        page(
            line("渡口步道", 80, 10, size=20),
            *column(LEFT, 50, 150),
            *column(RIGHT, 155, 150),
            *beside,
            pictures=(Box(50, 40, 158, 130),),
        )
    )
    assert ["值班的老秦在修路灯"] == texts(arranged, "caption")


def test_a_headline_between_two_rules_is_no_quotation() -> None:
    """Words in type of a headline stay one, though a rule stands over and under them."""
    rules = (Box(50, 96, 245, 97), Box(50, 134, 245, 135))
    arranged = arrange(
        page(
            *column(LEFT, 50, 50),
            *column(RIGHT, 155, 50),
            line("渡口新铺了步道", 60, 103, size=25),
            *column(OTHER, 50, 142),
            *column(RIGHT, 155, 142),
            *column([*LEFT, *RIGHT, *OTHER], 260, 50),
            rules=rules,
        )
    )
    assert ["渡口新铺了步道"] == texts(arranged, "headline")


def test_a_pen_name_under_a_deck_is_no_part_of_it() -> None:
    """A short word in small type, the last under a deck, names who wrote the story."""
    arranged = arrange(
        page(
            line("渡口步道", 60, 10, size=20),
            line("夜里也能走", 65, 36, size=14),
            line("山 石", 85, 56, size=11),
            *column(LEFT, 55, 76),
        )
    )
    assert ["山 石"] == texts(arranged, "byline")
    assert ["夜里也能走"] == texts(arranged, "deck")


@pytest.mark.parametrize("lower", [False, True])
def test_a_deck_flush_with_the_last_column_belongs_to_the_headline(*, lower: bool) -> None:
    """A lesser line at the right end under a headline is its deck; with text over it, a headline of
    its own."""
    over = [line("灯亮到天明。", 155, 10)] if lower else []
    arranged = arrange(
        page(
            line("渡口步道", 50, 10, size=24),
            *over,
            line("夜里也能走", 175, 40, size=14),
            *column(LEFT, 50, 72),
            *column(RIGHT, 155, 72),
        )
    )
    assert ([] if lower else ["夜里也能走"]) == texts(arranged, "deck")


def test_a_small_caption_in_two_columns_is_one() -> None:
    """Two short columns under a photo, in type smaller than the text, and a narrow one beside it
    close under a text, tell what it shows."""
    under = [line(text, x, 116 + 11 * at, size=8) for x in (50, 160) for at, text in SHOWN]
    beside = [line(text, 244, 58 + 11 * at, size=8) for at, text in SHOWN]
    arranged = arrange(
        page(
            line("渡口步道", 80, 10, size=20),
            *column(LEFT, 50, 170),
            *column(RIGHT, 155, 170),
            line("一路有灯。", 244, 40),
            *under,
            *beside,
            pictures=(Box(50, 40, 240, 112),),
        )
    )
    assert 3 == "".join(texts(arranged, "caption")).count("修路灯")


def test_who_took_a_photo_stands_beside_its_caption_in_any_size() -> None:
    """A scan's few characters are measured as large as the text."""
    arranged = arrange(
        page(
            line("渡口步道", 80, 10, size=20),
            *column(LEFT, 50, 170),
            *column(RIGHT, 155, 170),
            line("工人在步道上装路灯。", 60, 116, size=8),
            line("何青／摄", 150, 115, size=10),
            pictures=(Box(50, 40, 240, 112),),
        )
    )
    assert "工人在步道上装路灯。" in "".join(texts(arranged, "caption"))


def upright(text: str, left: float, top: float, *, size: float = 20) -> TextLine:
    """A headline set from top to bottom."""
    box = Box(left, top, left + size, top + 1.1 * size * len(text))
    return TextLine(text=text, box=box, size=size)


def headlines_with_ends(arranged: Page) -> list[tuple[str, str]]:
    """Each headline with the end of the last text under it."""
    found: list[tuple[str, str]] = []
    for block in arranged.blocks:
        words = "".join(one.text for one in block.lines)
        if block.kind == "headline":
            found.append((words, ""))
        elif not block.kind and found:
            found[-1] = (found[-1][0], words[-5:])
    return found


def test_rows_under_each_other_that_upright_headlines_end_keep_apart() -> None:
    """Hardly more than a line is free between two rows: each column is its own headline's."""
    arranged = arrange(
        page(
            *column(LEFT, 50, 50),
            *column(RIGHT, 155, 50),
            upright("渡口步道", 260, 42, size=23),
            line("本报记者 程安之", 50, 150),
            *column(OTHER, 50, 165),
            *column([*OTHER, *OTHER], 155, 165),
            upright("图书车进村", 260, 150),
        )
    )
    ends = [("渡口步道", "二十盏路灯。"[-5:]), ("图书车进村", "借书不要钱。"[-5:])]
    assert ends == headlines_with_ends(arranged)


def test_upright_headlines_in_two_sizes_are_two() -> None:
    """One that begins right under another is larger or smaller than it."""
    pair = (upright("渡口步道", 260, 40), upright("图书车进村", 261, 145, size=17))
    found = lines_of(page(*pair, *column([*LEFT, *RIGHT, *OTHER], 50, 50)))
    assert ["渡口步道", "图书车进村"] == sorted(x.text for x in found if x.vertical)[::-1]


def test_a_story_may_begin_beside_its_headline() -> None:
    """Its first column stands left of the headline, right of another story, and is indented."""
    arranged = arrange(
        page(
            line("图书车进村", 50, 50, size=18),
            *column(OTHER, 50, 80),
            *column(LEFT, 155, 50),
            line("渡口步道", 265, 50, size=20),
            *column(RIGHT, 260, 80),
        )
    )
    ends = [("图书车进村", "借书不要钱。"[-5:]), ("渡口步道", "二十盏路灯。"[-5:])]
    assert ends == headlines_with_ends(arranged)


def test_a_word_over_a_rule_as_wide_as_its_frame_is_a_label() -> None:
    """In a frame of stories it is no headline of the first one, whose own may be upright."""
    frame = Box(40, 30, 300, 260)
    rule = Box(48, 58, 292, 59)
    arranged = arrange(
        page(
            line("乡间观察", 50, 38, size=16),
            *column([*LEFT, *RIGHT], 50, 70),
            *column([*OTHER, *RIGHT], 155, 70),
            upright("渡口步道", 265, 70),
            *column([*OTHER, *OTHER], 320, 70),
            rules=(frame, rule),
        )
    )
    assert ["乡间观察"] == texts(arranged, "banner")
    assert "渡口步道" in texts(arranged, "headline")


def test_a_headline_under_its_text_in_a_frame_is_its_own() -> None:
    """So is one beside its text; where an inner frame holds it, it is an advert's."""
    body = [*column(LEFT, 50, 40), *column(RIGHT, 155, 40)]
    head = line("渡口步道", 110, 90, size=20)
    frame, double = Box(40, 30, 260, 120), (Box(96, 84, 204, 116), Box(98, 86, 202, 114))
    others = [line("图书车进村", 300, 40, size=18), *column([*OTHER, *OTHER], 300, 70)]
    for rules, kind in (((frame,), "headline"), ((frame, *double), "banner")):
        assert "渡口步道" in texts(arrange(page(*body, head, *others, rules=rules)), kind)
    side = line("渡口步道", 160, 50, size=20)
    left = arrange(page(*column([*LEFT, *RIGHT], 50, 40), side, rules=(Box(40, 30, 250, 130),)))
    assert ["渡口步道"] == texts(left, "headline")


def test_a_deck_under_the_ground_of_its_headline_is_no_headline() -> None:
    """The ground is as wide as the columns under it; one further over them is an advert's."""
    head, columns = (
        line("渡口步道", 115, 52, size=20),
        [*column(LEFT, 50, 114), *column(RIGHT, 170, 114)],
    )
    for top, decks in ((82, ["早晚都有人走"]), (92, [])):
        deck = line("早晚都有人走", 120, top, size=12)
        arranged = arrange(page(head, deck, *columns, rules=(Box(46, 44, 264, 76),)))
        assert decks == texts(arranged, "deck")


def test_the_last_character_of_an_upright_headline_is_its_own() -> None:
    """It stands alone at the top of a line; one in other type is not of it."""
    body = [*column([*LEFT, *RIGHT], 120, 10), *column([*OTHER, *RIGHT], 225, 10)]
    for size, whole in ((20, "渡口步道修好了"), (28, "渡口步道修好")):
        last = line("了", 70 - size, 12, size=size)
        arranged = arrange(page(upright("渡口步道修好", 74, 12), last, *body))
        assert [whole] == texts(arranged, "headline")


def test_columns_behind_their_own_headline_do_not_rise_beside_the_next_one() -> None:
    """A headline at the left of its row heads it, though no paragraph of the page is set in."""
    flush = [text.lstrip("　") for text in (*LEFT, *LEFT)]
    row = [*column(flush, 130, 10), *column(flush, 235, 10)]
    own = [*column(flush[:4], 340, 40), *column(flush[:4], 445, 40)]
    heads = line("渡口", 60, 10, size=24), line("步道", 60, 38, size=24)
    arranged = arrange(page(*heads, *row, line("图书车进村了真好", 350, 10, size=18), *own))
    assert ["渡口步道", "图书车进村了真好"] == texts(arranged, "headline")


def test_a_deck_over_the_columns_beside_an_upright_headline_is_no_headline() -> None:
    """The column rules say nothing; one before the headline parts them."""
    body = [line("早晚都有人走", 110, 10, size=12)]
    body += [*column([*LEFT, *LEFT], 50, 34), *column([*RIGHT, *RIGHT], 155, 34)]
    inner, before = Box(147, 30, 148, 120), Box(250, 8, 251, 120)
    head = upright("渡口步道", 265, 12)
    for rules, decks in (((inner,), ["早晚都有人走"]), ((inner, before), [])):
        assert decks == texts(arrange(page(*body, head, rules=rules)), "deck")


def test_a_deck_in_the_middle_of_a_row_that_an_upright_headline_ends_is_of_that() -> None:
    """It stands over one column of three, and next to no headline."""
    row = [x for left in (50, 155, 260) for x in column([*OTHER, *RIGHT], left, 40)]
    deck, head = line("早晚都有人走", 161, 10, size=12), upright("渡口步道", 375, 12)
    arranged = arrange(page(deck, line("本报记者 林小满", 157, 26, size=9.5), *row, head))
    assert ["渡口步道"] == texts(arranged, "headline")
    assert ["早晚都有人走"] == texts(arranged, "deck")
    assert 3 == sum(text.count("图书车今天进村") for text in texts(arranged, ""))


def test_an_upright_headline_is_no_higher_than_its_columns_with_their_photos() -> None:
    """Their deck heads the columns, which end where the photo begins."""
    deck = line("早晚都有人走", 110, 10, size=12)
    body = [*column([*LEFT, *RIGHT], 50, 34), *column([*OTHER, *RIGHT], 155, 34)]
    head = upright("渡口新铺了步道", 265, 10)
    arranged = arrange(page(deck, *body, head, pictures=(Box(50, 122, 245, 200),)))
    assert (["渡口新铺了步道"], [deck.text]) == (
        texts(arranged, "headline"),
        texts(arranged, "deck"),
    )


@pytest.mark.parametrize("label", [10.8, 16.0])
def test_a_headline_under_its_text_in_a_frame_is_no_banner_for_a_small_label_over_that(
    label: float,
) -> None:
    """One at least twice as large stands below; type of more than half its size is a headline's."""
    body = [*column([*LEFT, *RIGHT], 50, 40), *column([*OTHER, *RIGHT], 155, 40)]
    heads = [line("岸上的事", 50, 20, size=label), line("渡口步道", 100, 140, size=24)]
    arranged = arrange(page(*heads, *body, rules=(Box(40, 10, 260, 180),)))
    told = ["渡口步道"] if label < 12 else ["岸上的事"]
    assert told == texts(arranged, "headline")


def test_a_title_at_the_left_heads_the_poem_in_the_middle() -> None:
    """Nothing else stands under it, and no other title over the poem."""
    verses = ["船靠着旧码头睡了一夜", "桨声很远", "风吹过三座桥", "雨"]
    stanzas = [line(verse, 160, 40 + 14 * n) for n, verse in enumerate(verses)]
    stanzas += [line(verse, 160, 115 + 14 * n) for n, verse in enumerate(verses[:3])]
    story = [line("图书车进村", 400, 10, size=20), *column([*OTHER, *RIGHT] * 2, 400, 40)]
    arranged = arrange(page(line("夜渡", 50, 10, size=20), *stanzas, *story))
    assert {"夜渡", "图书车进村"} == {*texts(arranged, "headline")}
    assert 7 == len(texts(arranged, "verse"))


def test_a_headline_in_the_middle_of_its_row_heads_the_column_behind_the_wider_gutter() -> None:
    """The story to the left begins lower, under a headline of its own."""
    tall, short = [*OTHER, *RIGHT, *RIGHT], [*RIGHT, *RIGHT, *RIGHT]
    left = [line("图书车进村", 60, 10, size=36)]
    left += [*column([*LEFT, *RIGHT] * 3, 50, 80), *column(short, 155, 80)]
    row = [*column(tall, 267, 40), *column(tall, 384, 40), *column(tall[:6], 501, 40)]
    head = line("渡口步道", 394, 10, size=20)
    blocks = arrange(page(*left, *row, head)).blocks
    at = [n for n, block in enumerate(blocks) if block.kind == "headline"]
    assert ["图书车进村", "渡口步道"] == ["".join(x.text for x in blocks[n].lines) for n in at]
    told = "".join(x.text for block in blocks[at[1] :] for x in block.lines)
    assert 3 == told.count("图书车今天进村")


def test_an_address_in_other_type_right_under_a_column_is_no_line_of_it() -> None:
    """It stands on its own ground, less than two lines further down."""
    address = line("本报地址：渡口路8号 邮编：413500", 52, 99, size=9)
    story = [line("渡口步道", 80, 10, size=20), *column([*LEFT, *RIGHT], 50, 40)]
    arranged = arrange(page(*story, *column([*OTHER, *RIGHT], 300, 40), address))
    assert [address.text] == texts(arranged, "masthead")


def test_a_deck_under_the_byline_stands_over_all_columns_of_its_story() -> None:
    """Over the first of them alone, as narrow as that is."""
    heads = [line("渡口步道有人走", 50, 10, size=24), line("早晚都有人", 50, 40, size=12)]
    heads += [line("本报记者 林小满", 50, 58), line("灯亮到天明", 50, 73, size=12)]
    arranged = arrange(page(*heads, *column(LEFT, 50, 94), *column(RIGHT, 155, 94)))
    assert ["渡口步道有人走"] == texts(arranged, "headline")
    assert 2 == len(texts(arranged, ""))


def test_two_lines_of_a_deck_in_a_frame_make_no_label_of_the_headline() -> None:
    """Headlines of briefs have text under each, or stand side by side."""
    heads = [line("渡口步道", 60, 40, size=20), line("早晚都有人走", 70, 66, size=12)]
    body = [line("灯一直亮到天明", 65, 80, size=12), *column([*LEFT, *RIGHT], 50, 100)]
    other = [line("图书车进村", 180, 40, size=18), *column([*OTHER, *OTHER], 180, 70)]
    arranged = arrange(page(*heads, *body, *other, rules=(Box(40, 30, 150, 190),)))
    assert ["渡口步道", "图书车进村"] == texts(arranged, "headline")


def test_words_on_a_bar_as_wide_as_their_frame_are_a_label() -> None:
    """Over headlines side by side that are as large as they are."""
    briefs = [
        one
        for left, name in ((50, "渡口新铺步道"), (155, "图书车进村"))
        for one in (line(name, left, 62, size=13), *column([*LEFT, *OTHER], left, 82))
    ]
    label, frame, bar = (
        line("一周快递", 124, 40, size=13),
        Box(40, 30, 256, 200),
        Box(48, 36, 248, 56),
    )
    found = arrange(page(label, *briefs, *column(OTHER, 320, 70), rules=(frame,), pictures=(bar,)))
    assert ["一周快递"] == texts(found, "banner")
    assert ["渡口新铺步道", "图书车进村"] == texts(found, "headline")


def test_words_on_a_bar_over_a_larger_headline_are_a_label() -> None:
    """In a frame of stories the headline under it may stand upright."""
    label, bar = line("农事正当时", 124, 40, size=13), Box(48, 36, 248, 56)
    story = (
        *column([*LEFT, *OTHER], 50, 70),
        *column(RIGHT, 145, 70),
        upright("渡口步道", 240, 70),
    )
    frame = Box(40, 30, 270, 200)
    beside = column([*OTHER, *OTHER], 320, 70)
    found = arrange(page(label, *story, *beside, rules=(frame,), pictures=(bar,)))
    assert ["农事正当时"] == texts(found, "banner")
    assert ["渡口步道"] == texts(found, "headline")


def test_a_headline_level_with_another_under_the_words_of_a_page_is_no_deck_of_those() -> None:
    """Though it stands under them, as far as their type is high, and the other one beside."""
    words = [line("走下去", 60, 10, size=60), line("图书车进村", 60, 100, size=20)]
    found = parts(*words, line("渡口步道", 230, 100, size=20), *column(LEFT, 60, 130))
    heads = {"".join(x.text for x in one.lines) for one in found if one.kind == "heading"}
    assert {"走下去", "图书车进村", "渡口步道"} == heads


def test_a_small_deck_level_with_the_headline_of_a_brief_beside_is_one() -> None:
    """The brief stands beside the whole headline, which is far larger than both."""
    rows = [*column(LEFT * 2, 60, 70), *column(LEFT * 2, 165, 70), *column(OTHER, 380, 65)]
    heads = [line("图书车进村", 60, 0, size=38), line("车上有两千册", 120, 50, size=12)]
    arranged = arrange(page(*heads, line("灯下的孩子们", 380, 50, size=12), *rows))
    assert ["车上有两千册"] == texts(arranged, "deck")
    assert ["图书车进村", "灯下的孩子们"] == texts(arranged, "headline")


def test_small_adverts_in_frames_are_no_measure_of_the_columns_outside() -> None:
    """They are most of the lines, and stand closer; the columns of the page stay whole."""
    places = [(left, at) for left in (50, 150, 250) for at in range(30)]
    small = [line("出租渡口街铺面", left, 330 + 9 * at, size=8) for left, at in places]
    small.append(line("分类信息", 160, 316))
    spread = [
        line(text.strip(), left + 10 * text.count("　"), top + 16 * at)
        for left, top, words in (
            (50, 40, [*OTHER, *LEFT, *RIGHT]),
            (155, 40, OTHER),
            (155, 122, [*LEFT, *RIGHT]),
        )
        for at, text in enumerate(words)
    ]
    heads = upright("渡口步道", 262, 40), line("从头来过", 180, 102, size=11)
    found = arrange(page(*heads, *spread, *small, rules=(Box(40, 310, 320, 600),)))
    assert ["从头来过"] == texts(found, "crosshead")


@pytest.mark.parametrize("first", [[], ["　　图书车进村了。"]])
def test_headlines_of_briefs_may_be_bold_and_hardly_larger_than_the_text(first: list[str]) -> None:
    """Each column under the label begins with one; where a text stands first they are none."""
    briefs = [
        [line(name, x, 70 + y, size=10.5), *column(text, x, 84 + y)]
        for x, y, name, text in (
            (50, 0, "渡口新铺步道", [*LEFT, *RIGHT]),
            (50, 114, "图书车进村", OTHER),
            (155, 14 * len(first), "河岸添了路灯", OTHER),
            (155, 100, "村里借书不要钱", OTHER),
        )
    ]
    arranged = arrange(
        page(
            line("每日一报", 120, 38, size=16),
            line("三千册书上了路", 50, 170, size=10.5),
            *(one for brief in briefs for one in brief),
            *column(first, 155, 70),
            *column([*OTHER, *OTHER], 320, 70),
            rules=(Box(40, 30, 270, 260),),
        )
    )
    found = {"渡口新铺步道", "三千册书上了路图书车进村", "河岸添了路灯", "村里借书不要钱"}
    assert ({"每日一报"} if first else found) == {*texts(arranged, "headline")}
    assert ([] if first else ["每日一报"]) == texts(arranged, "banner")


@pytest.mark.parametrize("name", ["每日一报", "新闻速览"])
def test_a_label_of_briefs_is_one_by_its_bar_or_by_its_words(name: str) -> None:
    """What it says makes no difference to the headlines under it, as large as the text, nor does
    an advert under one of them."""
    briefs = [
        [line(name, x, 70 + y, size=10.55), *column(text, x, 84 + y)]
        for x, y, name, text in (
            (160, 0, "渡口新铺步道", [*LEFT, *RIGHT]),
            (160, 90, "图书车进村", OTHER),
            (270, 0, "河岸添了路灯", OTHER),
            (270, 86, "村里借书不要钱", OTHER),
        )
    ]
    lead = line("老磨坊又转起来了", 10, 30, size=22), *column([*LEFT, *OTHER, *RIGHT], 30, 70)
    label, bar = line(name, 240, 44, size=16), Box(160, 40, 372, 64)
    briefs += [[line("节约每一滴水", 164, 236, size=13), line("远山人宣", 176, 254, size=8)]]
    shots = bar, Box(160, 228, 262, 270)
    arranged = arrange(page(*lead, label, *(x for brief in briefs for x in brief), pictures=shots))
    found = {"老磨坊又转起来了", "渡口新铺步道", "图书车进村", "河岸添了路灯", "村里借书不要钱"}
    assert found == {*texts(arranged, "headline")}


def test_a_rule_in_the_frame_beside_makes_no_label_of_the_first_line_of_a_headline() -> None:
    """It stands as high as a rule under a label would."""
    frames = Box(40, 30, 150, 260), Box(160, 30, 290, 260)
    held = [line("渡口步道", 60, 38, size=16), line("修好了", 62, 58, size=16)]
    arranged = arrange(
        page(
            *held,
            *column([*LEFT, *RIGHT], 45, 84),
            *column([*OTHER, *RIGHT], 165, 70),
            *column([*OTHER, *OTHER], 320, 70),
            rules=(*frames, Box(165, 56, 285, 57)),
        )
    )
    assert [] == texts(arranged, "banner")


def test_white_space_in_a_column_parts_stories() -> None:
    """The last column of a story that begins beside its headline is no end of the one over it."""
    arranged = arrange(
        page(
            line("渡口步道", 80, 10, size=20),
            *column(LEFT, 50, 50),
            *column(RIGHT, 155, 50),
            line("图书车来", 50, 102, size=20),
            *column(OTHER, 50, 132),
            *column(["村民都来看。", "老人也来看。"] * 3, 155, 101),
        )
    )
    assert "村民都来看" in "".join(texts(arranged)).split("图书车来")[1]


def parts(*lines: TextLine, pictures: tuple[Box, ...] = ()) -> list[Region]:
    """The parts of a page of ten point type."""
    return parts_of(lines_of(page(*lines)), pictures, Scale(10, 14, exact=True))


def test_a_byline_belongs_to_the_headline_over_its_row_of_columns() -> None:
    """A byline at the left edge is nearer to the neighbour's headline, but over the own columns."""
    found = parts(
        line("图书车来", 290, 10, size=20),
        *column(OTHER, 290, 46),
        line("村村有灯照路", 520, 4, size=20),
        line("本报记者 何青", 400, 30),
        *(one for left in (400, 526, 652) for one in column([LEFT[1] + "早上"] * 3, left, 46)),
    )
    assert "村村有灯照路" in [one.lines[0].text for one in found if "何青" in one.lines[-1].text]


@pytest.mark.parametrize(("names", "own"), [("（通讯员程安之）", True), ("■通讯员 程安之", False)])
def test_who_wrote_a_story_may_open_its_first_paragraph_in_brackets(names: str, own: bool) -> None:
    """In a full line that is set in, over a flush one; behind another mark it stands apart."""
    lines = column(
        ["　　" + names, "渡口的步道上周修好，", "一早就有人来走，挑担", "的也不用绕路了。"], 0, 30
    )
    (text,) = (x for x in parts(line("渡口步道修好", 0, 0, size=18), *lines) if x.kind == "text")
    assert own == (text.lines[0].text == names)


def test_a_byline_over_the_text_beside_an_upright_headline_leaves_that_its_place() -> None:
    """The headline and the text beside it do not overlap, so the one heads the other."""
    upright = [line(text, 40, 10 + 24 * at, size=20) for at, text in enumerate("渡口步道")]
    found = parts(*upright, line("本报记者 程安之", 70, 6), *column(LEFT, 70, 20))
    assert [60] == [one.box.right for one in found if one.kind == "heading"]


def test_the_last_line_of_a_column_stands_over_no_two_others() -> None:
    """A column that ends right above two of another grid is whole."""
    lower = [one for left in (50, 170) for one in column([LEFT[1] + "走"] * 4, left, 119)]
    found = parts(*column([LEFT[1] + "走"] * 5, 110, 40), *lower)
    assert [5, 4, 4] == [len(one.lines) for one in found]


def test_a_rule_parts_upright_headlines_one_under_the_other() -> None:
    """Though they are as near as the words of one are."""
    pair = (upright("渡口步道", 260, 40), upright("图书车进村", 260, 140))
    for rules, count in (((), 1), ((Box(60, 133, 280, 134),), 2)):
        found = lines_of(page(*pair, *column(LEFT, 50, 50), rules=rules))
        assert count == sum(one.vertical for one in found)


def test_a_rule_parts_upright_headlines_side_by_side() -> None:
    """Two stories whose upright headlines stand at the rule between them, near as two lines are."""
    pair = (upright("渡口步道", 150, 40), upright("图书车进村", 182, 40))
    sides = [one for left in (40, 215) for one in column([*LEFT, *LEFT], left, 40)]
    rule = Box(175.5, 40, 176.5, 200)
    for rules, count in (((), 1), ((rule,), 2)):
        found = arrange(page(*pair, *sides, rules=rules))
        assert count == sum(block.kind == "headline" for block in found.blocks)


def test_upright_headlines_one_under_the_other_are_two() -> None:
    """Their types differ, and a byline right over the text of the second one belongs to that."""
    found = parts(
        TextLine(text="渡口步道", box=Box(260, 10, 280, 104), size=20),
        TextLine(text="图书车来", box=Box(262, 124, 278, 190), size=16),
        *(one for left in (40, 150) for one in column([LEFT[1] + "走"] * 7, left, 10)),
        line("本报记者 何青", 40, 124),
        *(one for left in (40, 150) for one in column([LEFT[1] + "走"] * 4, left, 138)),
    )
    heads = ["".join(x.text for x in one.lines) for one in found if one.kind == "heading"]
    assert ["图书车来本报记者 何青", "渡口步道"] == sorted(heads)


def test_white_beside_upright_headlines_one_under_the_other_parts_them() -> None:
    """They are as near as the words of one; the text beside them ends and begins where they do."""
    pair = (upright("渡口步道", 20, 40), upright("图书车进村", 20, 150))
    for left in (48, -50):
        whole = column(["灯" * 6] * 16, left, 40)
        apart = [one for one in whole if one.box and not 124 < one.box.top < 150]
        for rows, count in ((whole, 1), (apart, 2)):
            assert count == sum(one.vertical for one in lines_of(page(*pair, *rows)))


def test_a_row_between_two_upright_headlines_is_parted_where_a_story_begins() -> None:
    """All its columns are even: 本报讯 begins one, or the second byline over them does."""
    begun, signed = ["　　本报讯 图书车今", *OTHER[1:]], [line("本报记者 何青", 260, 34)]
    for last, bylines in ((begun, []), (OTHER, [line("本报记者 程安之", 50, 34), *signed])):
        texts = ((50, LEFT), (155, RIGHT), (260, last), (365, OTHER))
        columns = (one for left, words in texts for one in column([*words, *words], left, 50))
        heads = (upright("渡口步道", 22, 42), upright("图书车进村", 470, 42))
        found = arrange(page(*heads, *bylines, *columns))
        ends = [("渡口步道", "二十盏路灯。"[-5:]), ("图书车进村", "借书不要钱。"[-5:])]
        assert ends == headlines_with_ends(found)


def test_a_column_that_a_crosshead_begins_opens_no_row() -> None:
    """It stands under the text of its story, though apart, and level with another's headline."""
    found = arrange(
        page(
            line("图书车进村", 260, 10, size=20),
            *column([*OTHER, *OTHER], 260, 40),
            line("从头来过", 285, 140, size=11),
            *column([*OTHER, *OTHER], 260, 156),
            line("渡口步道修好", 60, 140, size=20),
            *column(LEFT, 50, 170),
            *column(RIGHT, 155, 170),
            rules=(Box(50, 132, 250, 133),),
        )
    )
    assert ["渡口步道修好", "图书车进村"] == sorted(texts(found, "headline"))[::-1]
    heads = dict(headlines_with_ends(found))
    assert {"渡口步道修好": "二十盏路灯。"[-5:], "图书车进村": "借书不要钱。"[-5:]} == heads


def test_a_line_in_the_middle_under_a_small_headline_is_its_deck() -> None:
    """It is no first line of text, which is set in; the byline under it goes on with no text."""
    found = parts(
        line("图书车进村", 60, 10, size=13),
        line("八百人借", 72, 28),
        line("本报记者 何青", 50, 44),
        *column(OTHER, 50, 64),
    )
    assert [3] == [len(one.lines) for one in found if one.kind == "heading"]


def test_a_story_may_begin_before_and_end_behind_the_headline_over_its_middle() -> None:
    """Columns level with a headline are of its story where a sentence goes on from the one into
    the next, whatever headline and photo stand over them."""
    arranged = arrange(
        page(
            line("图书车今天开进了山里的村子", 60, 10, size=20),
            *column(LEFT * 2, 50, 140),
            line("渡口步道", 165, 140, size=20),
            *column([*RIGHT, "　　大家都说灯很"], 155, 170),
            *column(["亮，路也好走了。"] * 5, 260, 140),
            pictures=(Box(50, 40, 355, 120),),
        )
    )
    own = "".join(texts(arranged)).split("渡口步道")[1]
    assert own.startswith("渡口旁新铺了一")
    assert "大家都说灯很亮，路也好走了。" in own


def test_a_rule_past_the_next_headline_parts_the_columns_behind_it() -> None:
    """One between columns of one story ends with that; so columns behind the other, level with a
    headline before it, are not its own but of the upright one that ends their row."""
    row = [one for left in (50, 155) for one in column(RIGHT, left, 170)]
    behind = [one for left in (260, 365) for one in column(OTHER * 2, left, 140)]
    arranged = arrange(
        page(
            line("图书车今天开进了山里的村子", 60, 10, size=20),
            *(one for left in (50, 155, 260, 365) for one in column(LEFT, left, 40)),
            line("渡口步道", 110, 140, size=20),
            *row,
            *behind,
            upright("修新路", 470, 140),
            line("老街的灯", 110, 260, size=20),
            *(one for left in (50, 155) for one in column(LEFT, left, 290)),
            rules=(Box(252, 140, 253, 380),),
        )
    )
    ends = [
        ("渡口步道", "二十盏路灯。"[-5:]),
        ("老街的灯", LEFT[-1][-5:]),
        ("修新路", "借书不要钱。"[-5:]),
    ]
    assert ends == headlines_with_ends(arranged)[1:]


def test_a_deck_may_end_a_trace_behind_its_small_headline() -> None:
    """Both end flush with the column, where their last characters leave some white."""
    for beyond, decks in ((1.0, ["八百人借"]), (30.0, [])):
        arranged = arrange(
            page(
                line("图书车进村", 60, 10, size=14),
                line("八百人借", 60 + 70 - 40 + beyond, 28),
                line("本报记者 何青", 50, 44),
                *column(OTHER, 50, 64),
            )
        )
        assert decks == texts(arranged, "deck")


def test_a_headline_at_the_left_of_its_text_may_stand_over_a_picture_or_nothing() -> None:
    """The columns beside it are its own, not of the story over them."""
    above = [one for left in (50, 155, 260) for one in column(OTHER, left, 50)]
    for shown in ((), (Box(50, 170, 145, 230),)):
        arranged = arrange(
            page(
                line("图书车今天开进了山里的村子", 60, 10, size=20),
                *above,
                line("修新路", 50, 140, size=21),
                *column(LEFT * 2, 155, 140),
                *column(RIGHT * 2, 260, 140),
                pictures=shown,
            )
        )
        assert "".join(texts(arranged)).split("修新路")[1].startswith("渡口旁新铺了一")


@pytest.mark.parametrize("pictures", [(), (Box(165, 36, 255, 90),), (Box(50, -20, 155, 30),)])
def test_a_line_that_a_story_goes_on_here_is_the_first_one_of_its_column(
    pictures: tuple[Box, ...],
) -> None:
    """Level with the column beside it, or the photo over that, or under a photo of its own."""
    high = min((x.top for x in pictures), default=36)
    low = 36 if not pictures else 94 if high > 0 else high
    found = parts(
        line("村村有灯", 105, high - 26, size=18),
        line("（上接第1版）", 57, 36),
        *column(LEFT, 50, 50),
        *column(RIGHT, 165, low),
        pictures=pictures,
    )
    first = min((one for one in found if one.kind == "text"), key=lambda one: one.box.left)
    assert "（上接第1版）" == first.lines[0].text
    assert [1] == [len(one.lines) for one in found if one.kind == "heading"]


def test_a_line_that_a_story_goes_on_here_heads_a_column_that_nothing_is_level_with() -> None:
    """It stands apart from the story beside it."""
    beside = column(RIGHT, 165, 22)
    found = parts(line("（上接第1版）", 57, 36), *column(LEFT, 50, 50), *beside)
    assert ["（上接第1版）"] == [x.lines[0].text for x in found if x.kind == "heading"]


def test_a_headline_is_centred_over_its_row_whatever_deck_ends_that() -> None:
    """The deck ends where the last column does, so the whole block stands further right."""
    columns = [one for left in (50, 155, 260, 365) for one in column(RIGHT, left, 60)]
    found = parts(line("渡口步道", 212, 10, size=20), line("灯都亮了", 399, 34, size=14), *columns)
    first = min((one for one in found if one.kind == "text"), key=lambda one: one.box.left)
    assert centred_over(first, found, Scale(10, 14, exact=True))


def test_a_headline_is_centred_over_a_row_that_a_lower_photo_ends() -> None:
    """Over its second column alone, behind a rule; the first is not of the story left of it."""
    left = [line("图书车进村", 55, 10, size=20), *column(OTHER * 2, 50, 50)]
    right = [line("渡口步道", 278, 10, size=20), *column(LEFT * 2, 165, 50)]
    parts_both = Box(155, 5, 156, 140)
    photo = Box(375, 90, 470, 130)
    arranged = arrange(
        page(*left, *right, *column(RIGHT, 270, 50), rules=(parts_both,), pictures=(photo,))
    )
    assert "".join(texts(arranged)).split("渡口步道")[1].startswith("渡口旁新铺了一")


def test_a_centred_headline_may_begin_flush_with_a_column_by_chance() -> None:
    """It has its row, not the story over that; the last two columns are under a photo."""
    over = [one for left in (50, 155, 260, 365) for one in column(OTHER, left, 50)]
    photo = Box(260, 140, 455, 200)
    under = [*column(LEFT * 2, 50, 140), *column(RIGHT * 2, 155, 140), *column(RIGHT, 260, 210)]
    heads = [line("图书车今天开进了村子", 150, 10, size=20)]
    heads += [line("渡口旁的步道真的修好了吗", 156.5, 112, size=16)]
    arranged = arrange(page(*over, *heads, *under, pictures=(photo,)))
    assert "".join(texts(arranged)).split("真的修好了吗")[1].startswith("渡口旁新铺了一")


def test_a_column_goes_to_the_headline_centred_over_its_row() -> None:
    """Though it has none over itself and the text left of it is nearer, and no rule or gap goes
    through the region: a column of the story on the left ends under it."""
    left = [line("图书车今天开进村子", 60, 10, size=20), *column(OTHER * 4, 50, 60)]
    left += [*column(["　　书还回来时，"] * 12, 155, 60), *column(["夹着一片叶子。"], 260, 150)]
    right = [line("渡口步道修好", 350, 10, size=20), *column(LEFT, 260, 45)]
    right += [*column(RIGHT, 365, 45), *column(RIGHT, 470, 45)]
    arranged = arrange(page(*left, *right, rules=(Box(260, 120, 570, 121),)))
    assert "".join(texts(arranged)).split("渡口步道修好")[1].startswith("渡口旁新铺了一")


@pytest.mark.parametrize("later", ["书来了", "书来", "今天书车来山里"])
def test_bold_type_hardly_larger_than_the_text_makes_a_crosshead_without_white(later: str) -> None:
    """Set in as a paragraph is, in step with the text, at the top of a column and inside one."""
    head = line("图书车今天开进了山里的村子", 60, 10, size=24)
    texts_of = [*column([*LEFT[:2], "车也来了。"], 50, 50), line("灯亮了", 70, 92, size=10.5)]
    wide = later[6:] != ""  # in the middle, with hardly more than half a character beside it
    texts_of += [*column(OTHER, 50, 106), line(later, 165.75 if wide else 175, 50, size=10.5)]
    texts_of += [line("老人走得慢，还有孩", 160, 148)] if wide else []
    arranged = arrange(page(head, *texts_of, *column(LEFT * 2, 155, 64)))
    assert ["灯亮了", later] == texts(arranged, "crosshead")


@pytest.mark.parametrize(
    ("words", "before", "crosshead"),
    [
        ("灯亮以后", "车也来了。", True),
        ("灯亮以后。", "车也来了。", False),  # the last line of its paragraph
        ("灯亮以后", "车也来了，", False),  # its sentence began on the line before
        ("地点：桥头", "车也来了。", False),
    ],
)
def test_a_short_line_at_the_left_edge_between_paragraphs_is_a_crosshead(
    words: str, before: str, *, crosshead: bool
) -> None:
    """In the type of the text and in step with it; no paragraph ends without a mark."""
    rows = [*LEFT, "沿河新添了二十盏。", before, words, *OTHER, *OTHER]
    arranged = arrange(page(line("图书车进村", 60, 10, size=24), *column(rows, 50, 50)))
    assert [words][: int(crosshead)] == texts(arranged, "crosshead")


@pytest.mark.parametrize("level", [True, False])
def test_a_line_in_the_middle_that_columns_begin_level_with_is_no_deck(*, level: bool) -> None:
    """A 小标题 begins the column between them, in step with its text; a deck stands higher."""
    rows = [*column(LEFT, 50, 50), *column(RIGHT * 2, 260, 50)]
    words, top = line("灯亮以后", 180, 50 if level else 32), 64 if level else 50
    middle = [words, *column(OTHER * 2, 155, top)]
    head = [line("图书车进了村", 140, 10, size=20)]
    arranged = arrange(page(*head, *rows, *middle))
    assert ([] if level else ["灯亮以后"]) == texts(arranged, "deck")
    assert texts(arranged, "")[0].startswith("渡口旁新铺了一")


def test_a_note_of_the_editors_ends_in_a_rule_that_parts_no_story() -> None:
    """The columns under it are the story of the headline over it, and the note is one paragraph
    before them, however its lines are set in."""
    note = [line("编者按：一条步道修了三年，谁也", 85, 40), line("没有忘记。", 65, 54)]
    told = [*column(LEFT * 2, 50, 80), *column(RIGHT * 2, 155, 80)]
    rule = Box(50, 72, 250, 72.5)
    arranged = arrange(page(line("渡口步道修好了", 60, 10, size=20), *note, *told, rules=(rule,)))
    said = texts(arranged, "")
    assert said[0] == "编者按：一条步道修了三年，谁也没有忘记。"
    assert said[1].startswith("渡口旁")


@pytest.mark.parametrize("under", [None, "书屋添了灯"])
def test_a_boxed_note_stands_between_a_headline_and_its_columns(under: str | None) -> None:
    """The columns keep their headline; a note over headlines of its own is theirs."""
    note = [line("编者按：一条步道修了三年，谁也", 75, 44), line("没有忘记。", 55, 58)]
    told = [*column(LEFT * 2, 50, 110), *column(RIGHT * 2, 155, 110)]
    heads = [line("渡口步道修好了", 60, 10, size=20)]
    heads += [line(under, 90, 84, size=18)] if under else []
    arranged = arrange(page(*heads, *note, *told, rules=(Box(50, 36, 250, 76),)))
    order = [block.kind or block.lines[0].text[:3] for block in arranged.blocks]
    wanted = ["banner", "编者按", "headline"] if under else ["headline", "编者按", "渡口旁"]
    assert wanted == order[:3]


def test_a_masthead_reaches_up_to_the_boxes_beside_it() -> None:
    """Its rule ends there, and what the boxes say is none of it."""
    named = [line("第88期今日四版", 50, 10), line("明天有雨，带伞", 60, 24)]
    boxed, rule = line("招租电话12345", 320, 15), Box(50, 40, 290, 41)
    lines = lines_of(page(*named, boxed, *column(LEFT, 50, 60), *column(RIGHT, 420, 60)))
    head, _ = take_head(lines, [rule], 10.0, [Box(300, 8, 520, 50)])
    assert {one.text for one in named} == {one.text for one in head}


def test_a_double_rule_around_a_masthead_holds_its_words() -> None:
    """Its middle stands in the midst of them; the section's name in the middle is larger type."""
    named = [line("2026年3月6日", 50, 12), line("经 济", 240, 8, size=20), line("六版", 420, 12)]
    lines = lines_of(page(*named, *column(LEFT, 50, 60), *column(RIGHT, 420, 60)))
    head, _ = take_head(lines, [Box(50, 4, 480, 28)], 10.0)
    assert {one.text for one in named} == {one.text for one in head}


def test_a_wide_text_keeps_two_columns_apart() -> None:
    """It stands over both; they are read one after the other all the same."""
    given = [line("明天有雨，请带好伞再出门", 70, 20)]
    given += [*column(["渡口旁新铺了一"] * 2, 50, 50), *column(["得慢，孩子跑得"] * 2, 155, 50)]
    regions = [Region("text", x.box, (LayoutLine(PageText(x.text), x.box, 10.0),)) for x in given]
    found = [[one.lines[0].text[:2] for one in column] for column in columns_of(regions)]
    assert [["明天", "渡口", "渡口"], ["得慢", "得慢"]] == found


def test_the_end_of_a_story_under_its_headline_is_no_part_of_that() -> None:
    """One line of text over a photo, a full stop and who wrote it, where the last column begins."""
    ends = line("路灯。（程安之）", 260, 50)
    heads = [line("渡口旁的人都夸新铺的步道好", 90, 20, size=20)]
    lines = [*column(LEFT, 50, 50), *column([*RIGHT[:2], "要再添二十盏新的"], 155, 50), ends]
    arranged = arrange(page(*heads, *lines, pictures=(Box(260, 70, 350, 140),)))
    assert any(ends.text in text for text in texts(arranged, ""))


def test_photo_news_of_one_line_keeps_its_headline() -> None:
    """Who took the photo stands after the full stop: the line is text all the same, not the end of
    the story over the photo."""
    told = "昨天，渡口的步道铺好了，老秦走了一个来回。 记者 程安之 摄"
    shot = Box(50, 110, 360, 180)
    lines = [line("清水塘修渠", 60, 10, size=20), *column(LEFT, 50, 40), *column(OTHER, 260, 40)]
    under = [line("渡口步道铺好", 130, 190, size=18), line(told, 50, 214)]
    arranged = arrange(page(*lines, *under, pictures=(shot,)))
    assert ["清水塘修渠", "渡口步道铺好"] == texts(arranged, "headline")


def test_a_deck_behind_a_dash_may_have_two_lines() -> None:
    """In one column the second stands in the middle, in step with the first, and who wrote it
    under both."""
    heads = [line("渡口步道", 70, 10, size=16), line("——夜里也走得", 60, 30)]
    second = [line("灯亮到天明", 67, 43), line("■程安之", 80, 57)]
    beside = [line("图书车来了", 170, 10, size=16), *column([*OTHER, *RIGHT], 165, 31)]
    arranged = arrange(page(*heads, *second, *column([*LEFT, *RIGHT], 60, 73), *beside))
    assert ["——夜里也走得灯亮到天明"] == texts(arranged, "deck")
    assert texts(arranged, "")[0].startswith("渡口旁新铺了一条步道")


def test_a_small_head_under_a_photo_in_a_column_is_of_the_story() -> None:
    """The photo stands right under text of the column, and the head right under the photo."""
    head, small = line("渡口旁铺了新步道", 60, 10, size=20), line("灯亮了", 70, 150, size=11)
    photo = Box(50, 94, 140, 142)
    arranged = arrange(
        page(head, *column(LEFT, 50, 50), small, *column(OTHER, 50, 166), pictures=(photo,))
    )
    assert [small.text] == texts(arranged, "crosshead")
    assert [head.text] == texts(arranged, "headline")


def test_a_small_head_on_top_of_a_column_is_of_the_upright_headline_before_the_row() -> None:
    """It is level with the first lines of the columns beside it, as the headline is."""
    small = line("灯亮了吗", 175, 52, size=11)
    second = [small, *column([OTHER[0], *OTHER[1:]], 155, 70)]
    arranged = arrange(page(upright("渡口步道", 25, 50), *column(LEFT * 2, 50, 50), *second))
    assert [small.text] == texts(arranged, "crosshead")


def test_a_deck_ends_flush_with_a_column_that_a_photo_begins() -> None:
    """The text under the photo tells where the column ends, and a byline under the headline is no
    part of its height."""
    arranged = arrange(
        page(
            line("渡口步道", 50, 10, size=24),
            line("夜里也能走", 175, 40, size=14),
            line("本报记者 程安之", 60, 58),
            *column(LEFT * 3, 50, 80),
            *column(OTHER, 155, 164),
            pictures=(Box(155, 80, 245, 156),),
        )
    )
    assert ["夜里也能走"] == texts(arranged, "deck")


VERSE = [
    "桨声还没有醒",
    "雾先过了河",
    "一只白鹭站在石阶上，等",
    "去年的船",
    "有人喊了一声",
    "对岸的灯亮了",
]


@pytest.mark.parametrize("beside", [False, True])
def test_a_poem_is_read_line_by_line(*, beside: bool) -> None:
    """Under its headline or beside it, in one column or two; a name behind a mark is none of it."""
    head = [line("晨渡", 40, 50, size=20), line("◎程安之", 40, 76)]
    left, top = (120, 50) if beside else (50, 100)
    verse = [*column(VERSE[:3], left, top), *column(VERSE[3:], left + 130, top)]
    below = (line("渡口步道", 80, 210, size=24), *column(LEFT, 50, 250), *column(RIGHT, 155, 250))
    arranged = arrange(page(*head, *verse, *below, rules=(Box(40, 200, 330, 201),)))
    assert VERSE == texts(arranged, "verse")
    assert ["◎程安之"] == texts(arranged, "byline")
    assert ["晨渡", "渡口步道"] == texts(arranged, "headline")


@pytest.mark.parametrize(
    ("name", "last", "told"),
    [("◎程安之", "石桥", True), ("", "石桥", False), ("◎程安之", "7号", False)],
)
def test_a_poem_whose_lines_are_all_as_long_is_told_by_its_writer(
    name: str, last: str, told: bool
) -> None:
    """They have no mark and no figure; lines that nobody signs may be an advert's."""
    head = [line("晨渡", 40, 50, size=20), *([line(name, 40, 76)] if name else [])]
    verse = ["桨声还没有醒来", "晨雾先过了小河", "白鹭站在石阶上", f"等着去年的{last}"]
    below = (line("渡口步道", 80, 210, size=24), *column(LEFT, 50, 250), *column(RIGHT, 155, 250))
    lines = (*head, *column(verse, 50, 100), *below)
    arranged = arrange(page(*lines, rules=(Box(40, 200, 330, 201),)))
    assert told == (texts(arranged, "verse") == verse)


def test_lines_that_a_photo_makes_narrow_are_no_verse() -> None:
    """They end at one edge, and paragraphs with their sentences."""
    rows = [
        "　　渡口旁新铺了一条步道，",
        "早晚都有人沿着河岸散步，",
        "老人走得慢，",
        "孩子跑得快，",
    ]
    rows += ["船家坐在岸", "上看着河里", "的白鹭和船", "也笑。"]
    shown = (Box(112, 74, 170, 150),)
    arranged = arrange(
        page(line("渡口步道", 60, 10, size=20), *column(rows, 50, 44), pictures=shown)
    )
    assert not texts(arranged, "verse")


def test_running_text_that_is_not_justified_is_no_verse() -> None:
    """Its lines end inside words and numbers."""
    rows = [
        "渡口旁新铺的步道长1",
        "8公里，两边都装了路灯，",
        "早晚有人沿着河岸散",
        "步，老人走得慢，孩子都",
    ]
    rows += ["跑得快，船家看", "着也笑。"]
    arranged = arrange(page(line("渡口步道", 60, 10, size=20), *column(rows, 50, 44)))
    assert not texts(arranged, "verse")


@pytest.mark.parametrize("long", [False, True])
def test_small_words_over_a_long_rule_are_the_label_of_the_headline_under_it(*, long: bool) -> None:
    """They end the story above and open none; under words as long as the rule, it underlines."""
    above = (line("图书车来", 70, 10, size=20), *column(OTHER * 2, 50, 40))
    head = (line("身边事", 50, 136), line("渡口旁铺了新步道", 60, 156, size=20))
    rule = Box(50, 148, 250 if long else 80, 149)
    below = (*column(LEFT, 50, 190), *column(RIGHT, 155, 190))
    arranged = arrange(page(*above, *head, *below, rules=(rule,)))
    assert (["身边事"] if long else []) == texts(arranged, "banner")
    assert ["图书车来", "渡口旁铺了新步道"] == texts(arranged, "headline")


def test_a_column_under_a_headline_of_its_own_rises_beside_no_other() -> None:
    """Though it begins level with the headline to its left, and is no less wide."""
    left = [*column(LEFT, 50, 50), line("渡口步道", 50, 110, size=20), *column(LEFT, 50, 150)]
    right = [
        line("图书车来", 155, 76, size=20),
        *column([OTHER[0].strip(), *OTHER[1:]] * 3, 155, 106),
    ]
    between = Box(149, 20, 150, 200)
    arranged = arrange(page(line("路灯亮了", 50, 20, size=20), *left, *right, rules=(between,)))
    words = "".join(texts(arranged)).split("图书车来")[1]
    assert words.startswith("图书车今天进村")


def test_the_text_of_briefs_side_by_side_stays_under_their_headlines() -> None:
    """Though the first one's has two lines, and the text beside begins level with the second."""
    heads = [line("渡口旁铺", 75, 50, size=12), line("新步道", 80, 65, size=12)]
    heads += [line("图书车来", 75 + 110 * at, 50, size=12) for at in (1, 2)]
    text = [*OTHER, "　　夜里也亮着灯。"]
    rows = [*column(LEFT + RIGHT, 50, 84), *column(text, 160, 70), *column(text, 270, 70)]
    arranged = arrange(page(*heads, *rows))
    assert ["渡口旁铺新步道", "图书车来", "图书车来"] == texts(arranged, "headline")


def test_words_in_the_upper_edge_of_a_frame_are_its_label() -> None:
    """They head no story of it, and the frame holds its stories all the same."""
    head = line("冬日暖意", 180, 44, size=14)
    story = (line("渡口步道", 55, 62, size=20), *column(LEFT, 150, 64), *column(RIGHT, 255, 64))
    other = (line("图书车来", 55, 200, size=20), *column(OTHER * 2, 50, 230))
    arranged = arrange(page(head, *story, *other, rules=(Box(45, 51, 350, 180),)))
    assert [head.text] == texts(arranged, "banner")
    assert ["渡口步道", "图书车来"] == texts(arranged, "headline")


def test_a_deck_over_crossheads_in_a_frame_makes_no_label_of_the_headline() -> None:
    """Though all of them are alike, as the headlines of briefs under a label are."""
    rows = [line("渡口步道", 60, 60, size=18), line("——两年的变化", 60, 82, size=11)]
    rows += [*column(LEFT, 50, 100), line("灯亮了吗", 60, 144, size=11), *column(LEFT, 50, 162)]
    other = (line("图书车来", 255, 60, size=18), *column(OTHER * 2, 250, 100))
    arranged = arrange(page(*rows, *other, rules=(Box(45, 52, 150, 210),)))
    assert ["渡口步道", "图书车来"] == texts(arranged, "headline")


def test_a_column_apart_from_the_one_over_it_is_of_the_headline_level_with_it() -> None:
    """The first story's last column has a whole sentence at its end, and then more than a line is
    free: what begins there stands beside a headline."""
    for gap, ends in ((22, ["路灯。完。", "书不要钱。"]), (17, ["书不要钱。", "十盏路灯。"])):
        arranged = arrange(
            page(
                line("渡口旁铺新步道", 50, 10, size=24),
                *column([*OTHER, *OTHER], 50, 50),
                *column([*OTHER, *RIGHT[1:], "完。"], 155, 50),
                line("图书车", 50, 140, size=24),
                *column([*OTHER, *RIGHT[1:]], 50, 172),
                *column(OTHER, 155, 120 + gap),
            )
        )
        assert ends == [end for _, end in headlines_with_ends(arranged)]


def in_order(printed: list[TextLine]) -> tuple[LayoutLine, ...]:
    """The lines of a column from top to bottom."""
    return tuple(sorted(lines_of(page(*printed)), key=lambda line: line.box.top))


def test_what_goes_on_in_mid_sentence_under_a_photo_is_of_another_column() -> None:
    """The column over the photo ended with a sentence, and its paragraphs are indented."""
    over, lower = Box(155, 50, 245, 92), Box(155, 140, 245, 168)
    shot = Region("picture", Box(155, 94, 245, 138))
    upper = Region("text", over, in_order(column(OTHER, 155, 50)))
    for words, found in ((RIGHT[:2], False), (OTHER[:2], True)):
        text = Region("text", lower, in_order(column(words, 155, 140)))
        assert found == goes_on_below(upper, text, [upper, shot, text], Scale(10, 14))


def test_a_deck_may_end_over_the_second_of_two_columns_under_a_photo() -> None:
    """Which begin level under it, and the deck stands over both."""
    arranged = arrange(
        page(
            line("渡口旁铺了新步道修好了", 50, 10, size=24),
            line("夜里也能走得很稳", 241, 40, size=14),
            *column(LEFT * 3, 50, 66),
            *column(OTHER, 155, 150),
            *column(RIGHT, 263, 150),
            pictures=(Box(155, 66, 353, 142),),
        )
    )
    assert ["夜里也能走得很稳"] == texts(arranged, "deck")


@pytest.mark.parametrize("ruled", [False, True])
def test_a_column_behind_another_opens_a_row_only_behind_a_rule(*, ruled: bool) -> None:
    """Though it begins with a paragraph: the one before it may go on in it."""
    columns = (lines_of(page(*column(LEFT, left, 50))) for left in (50, 155))
    before, text = (part("text", sorted(x, key=lambda one: one.box.top)) for x in columns)
    rules = (Box(150, 40, 151, 200),) if ruled else ()
    assert ruled is _opens_row(text, [before, text], Scale(10.0, 14.0, rules, exact=True))


def test_briefs_side_by_side_keep_their_headlines_though_one_takes_two_lines() -> None:
    """What begins level with the longer headline stands under one of its own."""
    flush = ["昨天村里人都来了，", "灯也亮了。（秦安）"]
    arranged = arrange(
        page(
            *[line(text, 60, y, size=12) for text, y in (("渡口旁边", 50), ("铺了新步道", 64))],
            *column(flush, 50, 84),
            *[line("图书车进村", 160, 50, size=12), *column(flush, 150, 69)],
            *[line("路灯添二十盏", 260, 50, size=12), *column(flush, 250, 69)],
        )
    )
    assert 3 * ["headline", ""] == [block.kind for block in arranged.blocks]


@pytest.mark.parametrize(("size", "kinds"), [
    (19, ["headline", "", ""]), (16, ["kicker", "headline", "", ""]),
    (14, ["kicker", "headline", "", ""]),
])  # fmt: skip
def test_the_smaller_line_of_a_headline_in_two_sizes_is_its_half(
    size: float, kinds: list[str]
) -> None:
    """A kicker or a deck is smaller, or the headline itself is hardly larger than the text."""
    head = [line("渡口步道修好了", 50, 10, size=size), line("灯也亮了", 50, 32, size=24)]
    arranged = arrange(page(*head, *column(LEFT, 50, 70), *column(RIGHT, 155, 70)))
    assert kinds == [block.kind for block in arranged.blocks]


def test_a_small_deck_behind_a_dash_makes_no_topic_of_the_headline() -> None:
    """The deck below it is larger again, as the headline of a story under a topic is."""
    head = [line("渡口步道修好了", 50, 10, size=24), line("夜里也走得稳", 50, 51, size=17)]
    head.insert(1, line("——走进河边的新步道", 50, 37, size=10.7))
    arranged = arrange(page(*head, *column(LEFT, 50, 75), *column(RIGHT, 155, 75)))
    assert ["headline", "deck", "deck", "", ""] == [block.kind for block in arranged.blocks]
