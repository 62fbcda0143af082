"""What of a page is no text of a column: heads, labels, drop caps, names at the end, bylines."""

from dataclasses import replace

import pytest

from printed import STORY, column, line, page, story, texts
from qjaudio.paper.drafts import sort_pieces
from qjaudio.paper.layout import arrange, heading_over, with_wide_heads
from qjaudio.paper.layout_blocks import _heading, columns_of
from qjaudio.paper.layout_boxes import goes_on_from, take_labels, with_run_in_heads
from qjaudio.paper.layout_frames import without_fences
from qjaudio.paper.layout_labels import take_label_words, take_pull_quotes
from qjaudio.paper.layout_lines import lines_of
from qjaudio.paper.layout_parts import columns_of_lines
from qjaudio.paper.layout_regions import Region, Scale, part, with_quote
from qjaudio.paper.model import Block, LayoutLine, Page, TextLine
from qjaudio.paper.pieces import pieces_of
from qjaudio.paper.reading import in_reading_order, read_issue
from qjaudio.paper.stories import merge_crossheads
from qjaudio.paper.text import Box, PageText
from qjaudio.sources.model import folio_of, halves, with_page_number
from qjaudio.sources.pdf import Shape, lines_of_shapes


def test_a_name_that_closes_a_story_is_a_byline() -> None:
    """A bare name at the right edge, in the last line or alone, is neither spoken nor a kicker."""
    beside = [*story(0, 40)[:-1], line("滑。", 0, 96), line("程安之", 80, 96)]
    below = [*story(0, 40), line("桂小轩", 80, 110)]
    for lines in (beside, below):
        arranged = arrange(page(line("渡口步道修好", 0, 12, size=18), *lines))
        assert lines[-1].text in texts(arranged, "byline")
        assert not any(lines[-1].text in text for text in texts(arranged, "", "kicker"))


def test_who_signs_in_two_lines_that_end_at_the_edge_is_no_new_paragraph() -> None:
    """Though the second one stands further in than a paragraph's first line."""
    rows = [*story(0, 40), line("（记者 程", 60, 110), line("安之）", 80, 124)]
    arranged = arrange(page(line("渡口步道修好", 0, 12, size=18), *rows))
    assert "（记者 程安之）" in texts(arranged, "")


def test_who_taught_the_writer_is_told_under_the_text() -> None:
    """One character in, where a paragraph begins two in."""
    taught = line("指导老师：程安之", 10, 110)
    arranged = arrange(page(line("渡口步道修好", 0, 12, size=18), *story(0, 40), taught))
    assert [taught.text] == texts(arranged, "byline")


def test_a_line_of_text_that_stands_apart_is_no_signature() -> None:
    """Its words begin as family names do, but nothing sets them apart."""
    apart = line("石阶高路好走，", 20, 134)
    arranged = arrange(page(line("渡口步道修好", 0, 12, size=18), *story(0, 40), apart))
    assert apart.text in texts(arranged, "")


def test_a_byline_under_a_heading_is_no_deck() -> None:
    """A line that says only who wrote the story goes to the names, wherever it stands."""
    arranged = arrange(
        page(line("渡口步道修好", 0, 12, size=18), line("□ 本报记者 程安之", 10, 34), *story(0, 52))
    )
    assert ["□ 本报记者 程安之"] == texts(arranged, "byline")
    assert [] == texts(arranged, "deck")


def test_a_label_in_a_box_is_no_headline() -> None:
    """民生 in its box belongs to no story, and the headline under it stays one."""
    label = (Box(0, 2, 50, 18),)
    arranged = arrange(
        page(
            line("民生", 8, 4, size=12),
            line("渡口步道修好", 0, 26, size=18),
            *story(0, 52),
            rules=label,
        )
    )
    assert ["民生"] == texts(arranged, "banner")
    assert ["渡口步道修好"] == texts(arranged, "headline")


def test_a_label_in_two_parts_beside_each_other_is_one_in_types_of_two_sizes_too() -> None:
    """White on black beside black on white: a scan measures the former larger."""
    arranged = arrange(
        page(
            line("渡口", 4, 3, size=14),
            line("在行动", 40, 5, size=11),
            line("水位站修好", 0, 26, size=18),
            *story(0, 52),
            rules=(Box(0, 2, 78, 18),),
        )
    )
    assert ["渡口", "在行动"] == texts(arranged, "banner")
    assert ["水位站修好"] == texts(arranged, "headline")


def test_a_box_with_smaller_words_over_its_large_ones_is_an_advert_and_no_label() -> None:
    """What it says over them is no line of the columns, as it would be without its frame."""
    small = line("村务公开人人看", 4, 116, size=8)
    frame = (Box(0, 114, 150, 150),)
    rows = (line("渡口步道修好", 0, 26, size=18), *story(0, 40))
    arranged = arrange(page(*rows, small, line("少一点水", 30, 126, size=20), rules=frame))
    assert small.text in texts(arranged, "")


def test_lines_under_a_heading_that_say_no_sentence_are_no_end_of_the_story_over_it() -> None:
    """They are an advert's, left out with it."""
    rows = (line("渡口步道修好", 0, 26, size=18), *story(0, 50), line("船票半价", 0, 150, size=20))
    arranged = arrange(page(*rows, line("全天有船 先到先上", 0, 176), line("渡口东街6号", 0, 190)))
    assert not any("先到先上" in text for text in texts(arranged, ""))
    assert any("先到先上" in text for text in texts(arranged, "banner"))


def test_a_headline_of_a_brief_may_stand_behind_the_mark_of_captions() -> None:
    """Over a text that is set in; over one that goes on, the words are a caption's as they were."""
    head, rows = line("▲渡口步道修好", 0, 30, size=13), story(0, 48)
    under = [
        line("▲乡里图书车", 140, 30, size=13),
        line("进了村", 140, 46, size=13),
        *story(140, 64),
    ]
    arranged = arrange(page(line("今日要闻", 60, 0, size=20), head, *rows, *under))
    assert ["渡口步道修好", "乡里图书车进了村"] == texts(arranged, "headline")
    flush = [replace(rows[0], box=replace(rows[0].box, left=0)), *rows[1:]]
    assert [head.text] == texts(arrange(page(head, *flush, *story(140, 30))), "headline")


def test_text_goes_round_the_portrait_under_its_headline() -> None:
    """To its last words, which stand under the portrait alone."""
    items = [
        row
        for x in (0, 140)
        for row in (
            line("守渡口的老秦", x, 10, size=12),
            line("　渡口的步道", x + 46, 28),
            line("上周修好，一", x + 46, 42),
            line("早就有人来走", x + 46, 56),
            line("挑担的也不用", x + 46, 70),
            line("绕路。", x, 84),
        )
    ]
    shots = Box(0, 28, 40, 82), Box(140, 28, 180, 82)
    arranged = arrange(page(*items, pictures=shots))
    kinds = [block.kind for block in arranged.blocks]
    assert ["headline", "", "headline", ""] == kinds
    assert all(text.endswith("挑担的也不用绕路。") for text in texts(arranged, ""))


def test_the_last_frame_of_a_page_of_frames_has_its_label() -> None:
    """Only one that holds all others is drawn around the page."""
    frames = Box(0, 0, 270, 130), Box(0, 140, 270, 250)
    label, heads = (
        line("身边好人", 10, 6, size=16),
        [line("渡口老秦", x, 30, size=13) for x in (10, 150)],
    )
    held = [label, *heads, *story(10, 48), *story(150, 48)]
    other = [line("图书车进了村", 10, 146, size=20), *story(10, 172), *story(150, 172)]
    arranged = arrange(page(*held, *other, rules=frames))
    assert [label.text] == texts(arranged, "banner")
    assert {"渡口老秦", "图书车进了村"} == {*texts(arranged, "headline")}


def test_briefs_under_a_label_keep_their_headlines() -> None:
    """简讯 over three headings is a label; over plain text it is the headline."""
    under = [line("渡口步道修好", 140 * n, 40, size=14) for n in range(2)]
    columns = [one for n in range(2) for one in story(140 * n, 60)]
    arranged = arrange(page(line("简讯", 100, 10, size=20), *under, *columns))
    assert ["渡口步道修好", "渡口步道修好"] == texts(arranged, "headline")
    alone = arrange(page(line("简讯", 30, 10, size=20), *story(0, 40)))
    assert ["简讯"] == texts(alone, "headline")


def test_a_headline_in_two_sizes_is_one() -> None:
    """What stands on one baseline, a space apart, is one headline."""
    first, second = line("渡口", 0, 10, size=20), line("步道修好", 60, 18, size=12)
    low = TextLine(text=second.text, box=Box(60, 18.0, 108, 30.0), size=12)
    arranged = arrange(page(first, low, *story(0, 40)))
    assert ["渡口 步道修好"] == texts(arranged, "headline")


def test_a_drop_cap_begins_its_paragraph() -> None:
    """A large first character is the text's, not a headline of one character."""
    lines = story(0, 40)
    beside = [line("口的步道上周修好，", 30, 40), line("一早就有人来走，挑", 30, 54)]
    arranged = arrange(
        page(
            line("渡口步道修好", 0, 10, size=18),
            line("渡", 0, 40, size=24),
            *beside,
            *[line(one.text, 0, 68 + 14 * at) for at, one in enumerate(lines[2:])],
        )
    )
    assert texts(arranged, "")[0].startswith("渡口的步道上周修好")


def test_the_head_of_a_page_heads_no_story() -> None:
    """星期二 and 今日4版 of a masthead in two columns are not the first story's kicker."""
    arranged = arrange(
        page(
            line("田野日报", 0, 0, size=20),
            line("2025年5月20日", 130, 0),
            line("星期二", 130, 12),
            line("今日4版", 180, 12),
            line("渡口步道修好", 0, 40, size=18),
            *story(0, 66),
            rules=(Box(0, 28, 230, 29),),
        )
    )
    assert "星期二 今日4版" in texts(arranged, "masthead")
    assert [] == texts(arranged, "kicker")


def test_words_on_a_picture_are_its_caption() -> None:
    """White words on a photo go to no paragraph."""
    arranged = arrange(
        page(
            line("渡口步道修好", 0, 10, size=18),
            *story(0, 40),
            line("葛大爷在灯下乘凉", 150, 100),
            pictures=(Box(130, 40, 250, 120),),
        )
    )
    assert ["葛大爷在灯下乘凉"] == texts(arranged, "caption")


def test_lines_beside_a_photo_keep_their_paragraph() -> None:
    """Lines that a photo narrows are no paragraphs of their own, nor headings."""
    narrow = [line("也不用绕路了", 50, 68 + 14 * at) for at in range(4)]
    lines = [*story(0, 40)[:2], *narrow, line("滑，现在鞋底都不沾泥。", 0, 124)]
    arranged = arrange(
        page(line("渡口步道修好", 0, 10, size=18), *lines, pictures=(Box(0, 66, 44, 122),))
    )
    assert 1 == len(texts(arranged, ""))


def test_a_name_that_opens_lines_beside_a_photo_is_text() -> None:
    """In lines so short nothing but the name stands in the first: the next one is not indented."""
    narrow = [line(one, 75, 54 + 14 * at) for at, one in enumerate(["步道，早晚", "都有人走。"])]
    lines = [line("程安之", 95, 40), *narrow, line("老秦说，现在鞋底都不沾泥。", 0, 82)]
    head, shot = line("渡口步道", 0, 12, size=18), Box(0, 38, 70, 80)
    arranged = arrange(page(head, *lines, *story(200, 40), pictures=(shot,)))
    assert any(text.startswith("程安之步道，早晚") for text in texts(arranged, ""))


def test_a_headline_read_whole_is_not_completed() -> None:
    """A headline that the page's geometry shows whole takes no word from the lead."""
    lead = [line("本报讯（记者 程安之）", 20, 40), line("“渡口步道开了，我们少走", 0, 54)]
    lead.append(line("三里路。”守渡口的老秦说。", 0, 68))
    issue = read_issue([page(line("渡口步道", 0, 10, size=18), *lead)])
    assert ["渡口步道"] == [str(article.headline.main) for article in issue.articles]


def test_a_page_number_in_large_type_is_read() -> None:
    """第 7 版 with a large 7 is one line."""
    first, digit = line("第", 0, 20), TextLine(text="7", box=Box(12, 6, 26, 31), size=25)
    assert ["第7版"] == [one.text for one in with_page_number([first, digit, line("版", 28, 20)])]


def test_two_pages_on_a_sheet_are_two() -> None:
    """A sheet far wider than high with nothing over its middle is parted there."""
    left = [line("左边的文字", 0, 14 * at) for at in range(40)]
    right = [line("右边的文字", 800, 14 * at) for at in range(40)]
    both = halves(page(*left, *right))
    assert [{"左边的文字"}, {"右边的文字"}] == [{*texts(half)} for half in both]
    over = line("一行横过两版的大标题", 300, 600, size=30)
    assert 1 == len(halves(page(*left, *right, over)))


@pytest.mark.parametrize(("segments", "found"), [(40, 1), (3, 0)])
def test_shapes_in_a_row_can_be_a_headline(segments: int, found: int) -> None:
    """Outlines side by side are type; a few plain shapes are a drawing."""
    row = [Shape(Box(22.0 * n, 0, 22.0 * n + 20, 20), segments) for n in range(5)]
    assert found == len(lines_of_shapes(row, []))
    assert [] == lines_of_shapes(row, [Box(0, 2, 60, 18)])
    bar, words = Shape(Box(-90, -2, -20, 22), 5), [Box(-80, 2, -30, 18)]
    assert found == len(lines_of_shapes([bar, *row], words))  # of a headline beside it


def test_shapes_are_parted_at_a_space_between_several_characters() -> None:
    """Two headlines beside each other, or one: the columns will tell; a word stays with its own."""
    for first, found in ((5, 2), (3, 1)):
        lefts = [22.0 * n + 18 * (n >= first) for n in range(first + 5)]
        row = [Shape(Box(left, 0, left + 20, 20), 60) for left in lefts]
        assert found == len(lines_of_shapes(row, [])), first


def test_a_half_of_a_sheet_knows_its_lines() -> None:
    """A page without places stays as it is."""
    plain = Page(number=1, blocks=(Block(lines=(TextLine(text=PageText("没有位置")),)),))
    assert (plain,) == halves(plain)


def test_a_vertical_headline_at_the_right_heads_its_whole_row() -> None:
    """Even columns that begin level belong to the headline at their right end, none to the left."""
    upright = TextLine(text="清水塘修渠", box=Box(290, 210, 306, 300), size=16)
    over = [line("渡口步道修好", 0, 10, size=18), *story(0, 40)]
    row = [one for n in range(2) for one in story(140 * n, 210)]
    arranged = arrange(page(*over, *row, upright))
    kinds = [block.kind for block in arranged.blocks]
    assert ["渡口步道修好", "清水塘修渠"] == texts(arranged, "headline")
    assert ["headline", ""] == kinds[:2]
    assert "headline" == kinds[2]


def test_a_short_first_line_keeps_the_indented_one_under_it() -> None:
    """A column may begin with the last words of a paragraph, and a new one under them."""
    found = [line("走。", 0, 40), line("桥头的路灯也亮了，走", 20, 54), *story(0, 54)[1:]]
    lines = lines_of(page(*found))
    assert 1 == len(columns_of_lines(lines, Scale(10.0, 14.0, exact=True)))


def test_short_first_lines_keep_the_full_ones_under_them() -> None:
    """Two lines that leave room at the end do not tell how wide their column is."""
    found = [line("挡风的板也都装上了，", 0, 26), line("不冷。", 0, 40), *story(0, 54)]
    columns = columns_of_lines(lines_of(page(*found)), Scale(10.0, 14.0, exact=True))
    assert 1 == len(columns)


def test_a_line_beside_a_photo_may_be_indented_at_its_whole_width() -> None:
    """Above narrow lines at a photo's right, the paragraph's first line has the column's indent."""
    narrow = [line("道也不用绕", 50, 68 + 14 * at) for at in range(4)]
    first = [line("渡口的步道上周修好了吗。", 0, 40), line("桥头的路灯也亮了，步", 20, 54)]
    lines = [*first, *narrow, line("滑，现在鞋底都不沾泥的。", 0, 124), *story(0, 138)]
    arranged = arrange(
        page(line("渡口步道修好", 0, 10, size=18), *lines, pictures=(Box(0, 66, 44, 122),))
    )
    assert 3 == len(texts(arranged, ""))


def test_a_headline_of_two_characters_is_the_beginning_of_one() -> None:
    """莲花 beside 工坊有变 is one headline, though each stands flush with a column."""
    heads = line("莲花", 0, 10, size=24), line("工坊有变了", 72, 13, size=20)
    found = [
        line(one.text[:6], one.box.left + left, one.box.top)
        for left in (0, 72)
        for one in story(0, 44)
        if one.box
    ]
    assert "莲花 工坊有变了" in [one.text for one in lines_of(page(*heads, *found))]


def test_briefs_one_below_the_other_are_no_crossheads() -> None:
    """Under a larger headline elsewhere, headings of one size in a column head stories each."""
    briefs = [line("渡口步道修好", 140, 40, size=13), *story(140, 58)]
    briefs += [line("书屋添了灯", 140, 136, size=13), *story(140, 154)]
    arranged = arrange(page(line("清水塘修渠引水", 0, 8, size=22), *story(0, 40), *briefs))
    assert [] == texts(arranged, "crosshead")
    assert 3 == len(texts(arranged, "headline"))


def test_columns_on_both_sides_of_a_photo_have_the_heading_over_it() -> None:
    """A heading centred over a row of columns and a photo is that of the outer columns as well."""
    left = [line("渡口步道修好", 146, 10, size=18), *story(0, 40), *story(280, 40)]
    right = [line("清水塘修渠引水", 420, 10, size=18), *story(420, 40)]
    photo = Box(130, 40, 270, 100)
    arranged = arrange(page(*left, *right, *story(140, 114), *right[1:1], pictures=(photo,)))
    order = [block.kind for block in arranged.blocks]
    assert [0, order.index("headline", 1)] == [n for n, k in enumerate(order) if k == "headline"]
    assert 3 == sum(not kind for kind in order[: order.index("headline", 1)])


@pytest.mark.parametrize("apart", [(Box(135, 30, 270, 150),), (Box(132, 0, 133, 200),)])
def test_a_line_from_another_page_joins_no_heading_beyond_a_rule(apart: tuple[Box, ...]) -> None:
    """上接第2版 heads its own columns, not those in a frame beside it or beyond a rule."""
    rest = [line("（上接第2版）", 0, 34), *story(0, 50)]
    other = [line("清水塘修渠引水", 146, 48, size=14), *story(146, 70)]
    blocks = arrange(page(*rest, *other, line("一版", 300, 10), rules=apart)).blocks
    at = next(n for n, block in enumerate(blocks) if "上接" in block.lines[0].text)
    assert "渡口的步道" in blocks[at + 1].lines[0].text


def test_a_line_from_another_page_may_stand_beside_its_heading() -> None:
    """（上接第1版） in small type level with the short title under which a story goes on."""
    over = [line("清水塘修渠引水", 0, 8, size=18), *story(0, 34)]
    rest = [line("渡口步道", 0, 120, size=18), line("（上接第1版）", 90, 127), *story(0, 146)]
    blocks = [block.lines[0].text for block in arrange(page(*over, *rest)).blocks]
    assert ["渡口步道", "（上接第1版）"] == blocks[2:4]


def test_a_line_from_another_page_is_no_part_of_an_upright_heading_over_it() -> None:
    """One that stands beside the story above and reaches down to the line."""
    upright = TextLine(text="清水塘修渠引水", box=Box(140, 8, 158, 134), size=18)
    rest = [line("（上接第1版）", 60, 117), *story(0, 136)]
    blocks = arrange(page(upright, *story(0, 8), *rest, line("一版", 300, 10))).blocks
    at = next(n for n, block in enumerate(blocks) if "上接" in block.lines[0].text)
    assert "清水塘修渠引水" != blocks[at - 1].lines[0].text


def test_words_in_a_box_on_a_photo_are_its_caption() -> None:
    """The light box behind a caption is no frame."""
    photo, box = Box(0, 120, 130, 240), Box(10, 210, 120, 228)
    words = line("村口的书屋。", 14, 214), line("何青摄", 84, 214)
    arranged = arrange(
        page(
            line("渡口步道修好", 0, 10, size=18),
            *story(0, 40),
            *words,
            rules=(box,),
            pictures=(photo,),
        )
    )
    assert ["村口的书屋。何青摄"] == texts(arranged, "caption")


def test_briefs_under_a_label_are_no_parts_of_the_story_over_it() -> None:
    """Small headings of one make in single columns under a label begin stories."""
    over = [line("渡口步道修好", 40, 10, size=24), *story(0, 44), *story(140, 44)]
    label = line("一句话新闻", 90, 126, size=16)
    briefs = [
        x
        for n in range(2)
        for x in (line("书屋添了灯", 140 * n, 150, size=12), *story(140 * n, 166))
    ]
    head = line("河湾日报", 0, -60, size=30), line("2025年1月2日", 140, -24)
    issue = read_issue([page(*head, *over, label, *briefs, rules=(Box(0, -8, 260, -7),))])
    assert 3 == len(issue.articles)


def test_briefs_beside_or_far_under_a_story_are_no_parts_of_it() -> None:
    """Lesser headings of one make in a column that its headline does not reach, or which stand
    apart from its text, begin stories of their own."""
    head = line("河湾日报", 0, -60, size=30), line("2025年1月2日", 140, -24)
    for left, top in ((140, 20), (0, 220)):
        briefs = [
            x
            for n in range(2)
            for x in (
                line("书屋添了灯", left, top + 100 * n, size=12),
                *story(left, top + 100 * n + 16),
            )
        ]
        lines = line("渡口步道修好", 0, 10, size=16), *story(0, 40), *briefs
        issue = read_issue([page(*head, *lines, rules=(Box(0, -8, 260, -7),))])
        assert 3 == len(issue.articles), left


def test_a_label_over_a_column_is_no_part_of_it_across_a_headline() -> None:
    """A label above the left end of a headline does not lift the column under that headline."""
    label = line("民生", 4, -6, size=12)
    head = line("渡口步道修好", 62, 12, size=20)
    arranged = arrange(
        page(label, head, *story(0, 36), *story(132, 36), rules=(Box(0, -9, 32, 9),))
    )
    assert ["headline", "", ""] == [x.kind for x in arranged.blocks if x.kind != "banner"]


def test_a_headline_stands_beside_its_columns() -> None:
    """To the left of all columns, with nothing under it: it is theirs, both of its lines."""
    upper = [line("清水塘修渠引水", 30, 0, size=18), *story(0, 24), *story(132, 24)]
    heads = [line("渡口步道", 0, 162, size=20), line("上周修好", 0, 186, size=20)]
    arranged = arrange(page(*upper, *heads, *story(100, 160), *story(240, 160)))
    assert [["清水塘修渠引水"], ["渡口步道", "上周修好"]] == [
        [x.text for x in block.lines] for block in arranged.blocks if block.kind == "headline"
    ]


def test_a_headline_beside_its_columns_may_be_narrow_and_have_a_deck() -> None:
    """In a column of its own, and who wrote it; one over a photo is none of the text's."""
    shown = [line("清水塘修渠引水", 60, 0, size=18)]
    heads = [line("渡口步道", 0, 162, size=16), line("早晚有人走", 0, 182)]
    heads.append(line("本报记者 程安之", 0, 196))
    lines = (*shown, *heads, *story(110, 160), *story(250, 160))
    arranged = arrange(replace(page(*lines), pictures=(Box(0, 24, 360, 150),)))
    assert ["清水塘修渠引水", "渡口步道", "早晚有人走"] == texts(arranged)[:3]
    assert ["早晚有人走"] == texts(arranged, "deck")


@pytest.mark.parametrize("top", [24, 46])
def test_a_headline_beside_the_middle_of_its_columns_is_theirs(top: float) -> None:
    """The text under it, further down, has a headline of its own at the end of its row."""
    heads = [line("清水塘", 10, top, size=16), line("修渠引水", 2, top + 20, size=16)]
    end = TextLine(text="渡口步道修好", box=Box(270, 160, 290, 230), size=20)
    rows = [*story(110, 30), *story(250, 30), *story(0, 160), *story(140, 160)]
    arranged = arrange(page(*heads, end, *rows))
    kinds = [block.kind for block in arranged.blocks if block.kind != "byline"]
    assert ["headline", "", "", "headline", "", ""] == kinds


@pytest.mark.parametrize(
    ("between", "size"), [("", 0), ("本报记者 程安之", 10), ("挑担的少绕路", 11)]
)
def test_a_rule_between_a_headline_and_its_text_parts_no_stories(between: str, size: int) -> None:
    """It is as wide as the columns under it; who wrote them, or a small deck, may stand over it."""
    upper = [line("清水塘修渠引水", 70, 0, size=18), *story(0, 24), *story(132, 24)]
    under = [line(between, 85, 132, size=size)] if between else []
    head, rule = line("渡口步道", 84, 108, size=20), Box(0, 146, 240, 147)
    arranged = arrange(page(*upper, head, *under, *story(0, 152), *story(132, 152), rules=(rule,)))
    kinds = [block.kind for block in arranged.blocks if block.kind not in ("byline", "deck")]
    assert ["headline", "", "", "headline", "", ""] == kinds


def test_an_upright_headline_heads_the_columns_under_a_photo() -> None:
    """Not the headline over the photo, whose caption alone belongs to it."""
    shown = line("清水塘修渠引水", 60, 0, size=18)
    head = TextLine(text="渡口步道修好", box=Box(0, 160, 20, 280), size=20)
    lines = (shown, head, *story(30, 160), *story(160, 160))
    arranged = arrange(replace(page(*lines), pictures=(Box(0, 24, 360, 150),)))
    assert ["清水塘修渠引水", "渡口步道修好"] == texts(arranged)[:2]


def test_text_in_larger_type_is_text() -> None:
    """The first story is set larger than the others: it is neither headings nor one line."""
    larger = [
        TextLine(text=one.text, box=one.box, size=10.8) for n in (0, 132) for one in story(n, 40)
    ]
    rest = [one for n in range(4) for one in story(140 * n, 160)]
    heads = [line("渡口步道修好", 40, 10, size=24), line("书屋添了灯", 40, 134, size=20)]
    arranged = arrange(page(*heads, *larger, *rest))
    assert ["渡口步道修好", "书屋添了灯"] == texts(arranged, "headline")
    assert [] == texts(arranged, "banner")


def test_a_last_column_of_one_line_has_the_heading_over_its_row() -> None:
    """The heading is centred over the columns, however short the lines of the last one are."""
    upper = [line("书屋添了灯", 30, 0, size=18), *story(0, 26)]
    lower = [line("清水塘修渠引水", 122, 140, size=20), *story(0, 170), *story(132, 170)]
    arranged = arrange(page(*upper, *lower, line("了。", 264, 170)))
    order = [block.kind for block in arranged.blocks]
    assert order[0] == order[2] == "headline"


def test_a_ruled_table_is_no_text() -> None:
    """The words between the rules are listed, and in no story."""
    cells = [
        line(text, 150 + 60 * (n % 2), 44 + 20 * (n // 2)) for n, text in enumerate("站时东西")
    ]
    grid = tuple(Box(x, y, x + 60, y + 1) for y in (40, 60, 80) for x in (145, 205))
    arranged = arrange(
        page(line("渡口步道修好", 0, 12, size=18), *story(0, 40), *cells, rules=grid)
    )
    assert [*"站时东西"] == texts(arranged, "table")
    assert "站" not in "".join(texts(arranged, ""))


def test_a_rule_over_the_story_above_does_not_hide_a_table() -> None:
    """It is as wide as the rules of the table, but sentences stand between."""
    cells = [line(text, 6 + 60 * (n % 2), 164 + 20 * (n // 2)) for n, text in enumerate("站时东西")]
    grid = tuple(Box(x, y, x + 60, y + 1) for y in (160, 180, 200) for x in (0, 60))
    rules = (Box(0, 4, 120, 5), *grid)
    arranged = arrange(
        page(line("渡口步道修好", 0, 12, size=18), *story(0, 40), *cells, rules=rules)
    )
    assert [*"站时东西"] == texts(arranged, "table")


def test_a_table_ends_above_the_story_below_it() -> None:
    """Whose rule and photo are as wide as the table is, with the headline between."""
    cells = [line(text, 6 + 60 * (n % 2), 4 + 20 * (n // 2)) for n, text in enumerate("站时东西")]
    grid = [Box(x, y, x + 60, y + 1) for y in (0, 20, 40) for x in (0, 60)]
    lower = [line("渡口步道修好", 6, 78, size=18), *story(0, 166)]
    photo = Box(0, 104, 120, 160)
    arranged = arrange(page(*cells, *lower, rules=(*grid, Box(0, 70, 120, 71)), pictures=(photo,)))
    assert [*"站时东西"] == texts(arranged, "table")
    assert ["渡口步道修好"] == texts(arranged, "headline")


def test_uprights_far_from_level_rules_of_one_width_hold_no_cells() -> None:
    """Three rules over a column with two short uprights between them are read without a crash."""
    level = [Box(0, y, 200, y + 1) for y in (0, 300, 600)]
    uprights = [Box(x, 140, x + 1, 150) for x in (60, 120)]
    arranged = arrange(page(line("渡口步道修好", 0, 12, size=18), rules=(*level, *uprights)))
    assert ["渡口步道修好"] == [x.text for block in arranged.blocks for x in block.lines]


def test_two_labels_of_one_width_are_no_table() -> None:
    """Lines of text cross the edge of what their boxes hold together, as none does a table's."""
    labels = [
        line(text, 4 + 30 * (n % 2), 14 + 160 * (n // 2)) for n, text in enumerate("民生镇村")
    ]
    boxes = tuple(Box(x, y, x + 30, y + 20) for y in (10, 170) for x in (0, 30))
    arranged = arrange(page(*labels, *story(0, 60), pictures=boxes))
    assert [] == texts(arranged, "table")


def test_adverts_in_frames_of_one_width_are_no_table() -> None:
    """Each frame is drawn twice, its ground and its line: its edges are no cells side by side."""
    frames = [Box(x, y + x, 120 - x, y + 50 - x) for y in (140, 200) for x in (0.4, 1.2)]
    lines = [line("桥头超市", 10, 150 + 12 * n + 60 * m) for m in range(2) for n in range(2)]
    arranged = arrange(page(*story(0, 0), *lines, pictures=tuple(frames)))
    assert [] == texts(arranged, "table")


def test_the_title_of_a_table_of_cells_goes_with_it() -> None:
    """Centred or flush, with its unit, right under a column of text: it is in no sentence."""
    cells = [
        line(text, 6 + 60 * (n % 2), 144 + 20 * (n // 2)) for n, text in enumerate("甲乙丙丁戊己")
    ]
    grid = tuple(Box(x, y, x + 60, y + 20) for y in (140, 160, 180) for x in (0, 60))
    for left in (30, 0):
        title, unit = line("十月出口统", left, 118), line("单位：亿元", 70, 128)
        arranged = arrange(
            page(
                line("渡口步道修好", 0, 12, size=18),
                *story(0, 40),
                title,
                unit,
                *cells,
                pictures=grid,
            )
        )
        assert {*"甲乙丙丁戊己", "十月出口统", "单位：亿元"} == {*texts(arranged, "table")}
        assert "出口" not in "".join(texts(arranged, "", "headline", "kicker", "deck"))


def test_a_crosshead_may_begin_a_column() -> None:
    """Level with the text of the column before, hardly larger than it, under one headline."""
    head = line("清水塘修渠引水渡口步道修好", 0, 8, size=20)
    arranged = arrange(
        page(head, *story(0, 40), line("从头来过", 180, 40, size=11), *story(140, 54))
    )
    assert ["从头来过"] == texts(arranged, "crosshead")


def test_a_crosshead_in_the_size_of_the_text_is_told_by_its_place() -> None:
    """A line set apart between the end of a sentence and an indented line; not one in step."""
    for top, found in ((122, ["从头来过"]), (110, [])):
        head = line("清水塘修渠引水", 0, 8, size=20)
        inside = [*story(0, 40), line("从头来过", 20, top), *story(0, top + (18 if found else 14))]
        arranged = arrange(page(head, *inside, *story(140, 40)))
        assert found == texts(arranged, "crosshead")


def test_a_crosshead_in_step_with_the_text_is_told_by_standing_in_the_middle() -> None:
    """Further in than a paragraph begins, between the end of a sentence and an indented line."""
    head = line("清水塘修渠引水", 0, 8, size=20)
    for left, found in ((40, ["从头来过"]), (20, [])):
        inside = [*story(0, 40), line("从头来过", left, 110), *story(0, 124)]
        arranged = arrange(page(head, *inside, *story(140, 40)))
        assert found == texts(arranged, "crosshead"), left


def test_a_full_line_set_apart_begins_a_paragraph() -> None:
    """It ends where the lines over it do, though a wider column stands under it."""
    head, wide = (
        line("清水塘修渠引水", 0, 8, size=20),
        [line("渡" * 14, 0, 146 + 14 * n) for n in range(4)],
    )
    for words, found in (("从头来过再修", ["从头来过再修"]), ("从头来过再修一条", [])):
        inside = [*story(0, 40), line(words, 20, 120), line("　" + "渡" * 12, 20, 132), *wide]
        arranged = arrange(page(head, *inside, *story(160, 40)))
        assert found == texts(arranged, "crosshead"), words


def test_a_label_stands_over_more_than_one_headline_of_the_page() -> None:
    """The same words over two larger headlines are no headline; over one they may be its kicker."""
    words = [line("河畔人家", left, 0, size=13) for left in (0, 300)]
    heads = [line("渡口步道修好", 132, 24, size=22), line("巷口书屋开门", 432, 24, size=22)]
    texts_under = [*story(0, 60), *story(130, 60), *story(300, 60), *story(430, 60)]
    arranged = arrange(page(*words, *heads, *texts_under))
    assert ["河畔人家"] * 2 == texts(arranged, "banner")
    assert ["渡口步道修好", "巷口书屋开门"] == texts(arranged, "headline")


def test_a_hotline_in_other_type_is_no_text_of_the_column_over_it() -> None:
    """One in the type of the text may be a line of it, an editor at the page's foot is none."""
    for words, size in (("新闻热线：0570-1234567", 8), ("新闻热线：123", 10), ("美编：程安之", 10)):
        told = [] if words.endswith("123") else [words]
        hotline = line(words, 0, 112, size=size)
        arranged = arrange(page(line("渡口步道修好", 0, 12, size=18), *story(0, 40), hotline))
        assert told == texts(arranged, "masthead")


def test_the_first_headings_under_a_ruled_label_are_no_crossheads() -> None:
    """The larger headline of the story beside them is not over them."""
    label, rule = line("各村短讯", 100, 20, size=14), Box(0, 37, 252, 38)
    briefs = [
        x
        for left in (0, 140)
        for x in (line("书屋添了灯", left + 30, 44, size=11), *story(left, 58))
    ]
    beside = [line("渡口步道修好", 270, 14, size=20), *story(280, 44)]
    arranged = arrange(page(label, *briefs, *beside, rules=(rule,)))
    assert [] == texts(arranged, "crosshead")


def test_the_first_briefs_under_a_bar_are_no_crossheads() -> None:
    """The ground of a label over both of their columns is no photo of the story over it."""
    above = [line("清水塘修渠引水渡口步道修好", 0, 8, size=20), *story(0, 40), *story(140, 40)]
    briefs = [x for x in (0, 140) for x in (line("书屋添了灯", x, 160, size=11), *story(x, 174))]
    arranged = arrange(page(*above, *briefs, pictures=(Box(0, 128, 252, 154),)))
    assert [] == texts(arranged, "crosshead")


def test_behind_a_rule_from_above_it_no_crosshead_begins_a_column() -> None:
    """Such a rule parts two stories, the second of which has a small headline."""
    head = line("清水塘修渠引水", 0, 8, size=20)
    brief = [line("从头来过", 180, 40, size=11), *story(140, 54)]
    for top, kind in ((5, "headline"), (40, "crosshead")):
        arranged = arrange(page(head, *story(0, 40), *brief, rules=(Box(125, top, 126, 124),)))
        assert "从头来过" in texts(arranged, kind)


def test_the_banner_of_a_page_takes_no_kicker_of_a_story_under_it() -> None:
    """Small type stands near to its own headline, however large the one over it is."""
    banner = line("春耕正忙", 5, 0, size=60)
    stories = [
        x
        for left, kicker in ((0, "清水塘见闻"), (140, "巷口里见闻"))
        for x in (
            line(kicker, left + 22, 98, size=11),
            line("渡口步道修好", left, 113, size=14),
            *story(left, 132),
        )
    ]
    arranged = arrange(page(banner, *stories))
    assert ["清水塘见闻", "巷口里见闻"] == texts(arranged, "kicker")


def test_a_crosshead_over_the_last_line_of_a_column_keeps_it() -> None:
    """The line under it begins a paragraph that goes on in the next column: it is no deck."""
    head = line("清水塘修渠引水渡口步道修好", 0, 8, size=20)
    last = [line("从头来过", 35, 122, size=11), line("各家的账算得清，", 20, 140)]
    arranged = arrange(page(head, *story(0, 40), *last, line("都贴在墙上。", 140, 40)))
    assert ["从头来过"] == texts(arranged, "crosshead")
    assert any("各家的账算得清，都贴" in text for text in texts(arranged, ""))


def test_a_crosshead_may_begin_a_column_beside_its_headline() -> None:
    """Set in as a paragraph is, a line lower than the column beside it, which has the headline."""
    head = line("清水塘修渠引水", 0, 8, size=18)
    for size in (10, 11):
        under = [line("难处也说清", 160, 52, size=size), *story(140, 70)]
        arranged = arrange(page(head, *story(0, 40), *under))
        assert ["难处也说清"] == texts(arranged, "crosshead")


def test_a_flush_crosshead_may_begin_a_column_under_a_headline_in_the_middle() -> None:
    """A headline that is not in the middle of the columns leaves it a heading of its own."""
    for left, found in ((160, ["难处也说清"]), (0, [])):
        head = line("渡口步道", left, 0, size=20)
        under = [line("难处也说清", 280, 40, size=11), *story(280, 56)]
        arranged = arrange(page(head, *story(0, 40), *story(140, 40), *under))
        assert found == texts(arranged, "crosshead"), left


@pytest.mark.parametrize(
    ("name", "left"), [("清水塘修渠引水渡口步道修好", 0), ("渡口步道修好", 190)]
)
def test_crossheads_may_begin_two_columns_beside_each_other(name: str, left: float) -> None:
    """Also where the second is printed first, and where the headline is over these two alone."""
    head = line(name, left, 8, size=20)
    one = [line("从头来过", 180, 40, size=11), *story(140, 58)]
    two = [line("难处也说清", 315, 40, size=11), *story(280, 58)]
    arranged = arrange(page(head, *story(0, 40), *two, *one))
    assert ["从头来过", "难处也说清"] == texts(arranged, "crosshead")


def test_a_full_line_over_the_foot_of_the_page_is_no_crosshead() -> None:
    """A wide line close under a column does not tell how wide that is, nor how far it is set in."""
    head = line("清水塘修渠引水渡口步道", 200, 8, size=20)
    after = [line("明年秋季，村里计划", 220, 110), line("把修好的步道连到桥头。", 200, 124)]
    foot = line("编辑部电话：一二三四五六七邮箱：甲乙丙丁", 165, 142)
    arranged = arrange(page(head, *story(200, 40), *after, foot))
    assert [] == texts(arranged, "crosshead")


def test_a_crosshead_stands_under_the_short_end_of_a_paragraph() -> None:
    """Also where that is narrow, and where the line under it is set in as far as it is."""
    head = line("清水塘修渠引水渡口步道修好", 0, 8, size=20)
    for left, top in ((40, 61), (20, 58)):
        under = [line("醒。", 140, 40), line("难处也说清", 140 + left, top), *story(140, top + 17)]
        arranged = arrange(page(head, *story(0, 40), *under))
        assert ["难处也说清"] == texts(arranged, "crosshead"), left


def test_a_crosshead_may_begin_a_column_right_of_its_headline() -> None:
    """Under one as wide as its own column."""
    head = line("清水塘修渠引水", 264, 0, size=20)
    under = [line("难处也说清", 280 + 20, 42, size=11), *story(280, 60)]
    arranged = arrange(page(head, *story(140, 40), *under, *story(420, 40)))
    assert ["难处也说清"] == texts(arranged, "crosshead")


@pytest.mark.parametrize(
    ("name", "left"), [("清水塘修渠引水渡口步道修好", 0), ("渡口步道修好", 60)]
)
def test_a_crosshead_may_begin_a_column_that_rose_beside_its_headline(
    name: str, left: float
) -> None:
    """Alone on its level, in the size of the text, right of the headline over the columns, which
    may be wider than it."""
    head = line(name, left, 0, size=20)
    under = [line("难处也说清", 310, 4), *story(280, 22)]
    arranged = arrange(page(head, *story(0, 40), *story(140, 40), *under))
    assert ["难处也说清"] == texts(arranged, "crosshead")


def test_a_column_that_a_crosshead_begins_is_level_with_those_beside_it() -> None:
    """Though there is space over it: an upright headline at the end heads the whole row."""
    upright = TextLine(text="清水塘修渠", box=Box(410, 104, 430, 214), size=20)
    over = [line("渡口步道修好", 0, 0, size=20), *story(0, 26), *story(140, 26)]
    row = [line("难处也说清", 170, 118), *story(140, 138), *story(280, 104)]
    arranged = arrange(page(*over, *story(0, 104), *row, upright))
    kinds = [one.kind for one in arranged.blocks]
    assert ["headline", "", "", "headline", "", "crosshead", "", ""] == kinds


def test_an_upright_headline_may_be_centred_on_columns_with_a_photo_under_one() -> None:
    """It heads the row, though no single column has its middle where it is."""
    upright = TextLine(text="清水塘修渠", box=Box(270, 60, 290, 150), size=20)
    first = [*story(0, 0), *story(0, 70), *story(0, 140)]
    left = [line("渡口步道修好", -140, -30, size=20), *story(-140, 0)]
    arranged = arrange(
        page(*left, *first, *story(140, 0), upright, pictures=(Box(140, 80, 252, 210),))
    )
    assert ["headline", "", "headline", "", ""] == [one.kind for one in arranged.blocks][:5]


def test_the_only_story_of_a_region_has_the_columns_beside_its_headline() -> None:
    """Those before it too; a slogan in a box of its own has no text."""
    head, slogan = line("渡口步道修好", 140, 0, size=20), line("节约用水", 430, 90, size=20)
    rows = [*story(0, 30), *story(140, 30), *story(280, 30), *column(["短。"], 420, 30)]
    arranged = arrange(page(head, *rows, slogan, line("从我做起吧", 430, 112, size=20)))
    assert ["headline", "", "", "", "banner"] == [one.kind for one in arranged.blocks]


def test_a_column_is_told_by_its_own_edges() -> None:
    """That of the story over it, with others, does not make a 小标题 of its first line, nor hide
    that one stands in its middle."""
    over = column(["　　河岸晚上亮灯了，一共", "两百盏，走路的人都看见。"], 20, 30)
    head = line("渡口步道", 20, 0, size=20)
    upright = TextLine(text="清水塘修渠", box=Box(20, 80, 40, 190), size=20)
    for first, found in (
        (line("难处也说清", 80, 80), ["难处也说清"]),
        (line("昨天早上清水塘", 70, 80), []),
    ):
        below = 98 if found else 94
        under = [first, *(story(50, below) if found else column(STORY[1:], 50, below))]
        arranged = arrange(page(head, *over, upright, *under, *story(180, 80)))
        assert found == texts(arranged, "crosshead"), first.text
        assert found or "昨天早上清水塘一早就有人来走" in "".join(texts(arranged, ""))


def test_an_upright_heading_stands_beside_its_first_column_at_any_height() -> None:
    """Left of it, within its height; or at the end of a row that a picture over it begins."""

    def part(kind: str, box: Box) -> Region:
        return Region(kind, box, (LayoutLine(PageText("渡口步道修好"), box, 10),))

    scale = Scale(body=10, pitch=14)
    head, text = part("heading", Box(0, 150, 20, 270)), part("text", Box(30, 40, 150, 300))
    assert heading_over(text, [head, text], scale) is head
    shot, column = Region("picture", Box(30, 40, 150, 120)), part("text", Box(164, 40, 284, 300))
    head, text = part("heading", Box(294, 40, 314, 160)), part("text", Box(30, 140, 150, 300))
    assert heading_over(text, [head, text, shot, column], scale) is head
    short = replace(column, box=Box(164, 40, 204, 50))  # a column that only begins there
    assert heading_over(text, [head, text, shot, short], scale) is head
    assert heading_over(text, [head, text, column], scale) is None


def test_small_heads_belong_to_the_story_around_them() -> None:
    """A single one, one under a line that hardly begins, one more in the same column: no story of
    its own, and no text is lost under it."""
    for count in (1, 2):
        heads = ["从头来过", "各家的账"][:count]
        found = [line("清水塘修渠引水渡口步道修好", 0, 8, size=20), *story(0, 40)]
        top = 110.0
        for head in heads:
            found += [line("昨日通了。", 0, top), line(head, 50, top + 21, size=11)]
            found += story(0, top + 42)
            top += 112
        issue = read_issue([page(*found)])
        (article,) = issue.articles
        assert heads == [row.text for row in article.crossheads]
        assert count + 1 == "".join(article.paragraphs).count("鞋底都不沾泥")


def test_a_heading_in_the_size_of_the_text_opens_no_story_under_a_larger_one() -> None:
    """Also under a label, where the story does not end before it; but over a text that begins as
    stories do, or in columns of another width, and where no headline is larger."""
    label = Block(lines=(line("见闻", 0, 0, size=12),), kind="banner")
    head = Block(lines=(line("清水塘修渠引水", 0, 20, size=20),), kind="headline", level=1)
    first, small = Block(lines=(*story(0, 50),)), Block(lines=(line("图书车进村", 20, 130),))
    end = Block(lines=(line("（记者 程安之）", 20, 120),), kind="byline")
    under = Block(lines=(*story(0, 150),))
    lead = Block(lines=(*column(["　　本报讯 昨天，图书车", *STORY[1:]], 0, 150),))
    wide = Block(lines=(*column(["　　" + 2 * STORY[1], *(2 * x for x in STORY[1:])], 0, 150),))
    plain = replace(head, kind="", level=0)
    cases = [((head, first), under, 1), ((label, head, first), under, 1)]
    cases += [((head, first, end), under, 2), ((head, first), lead, 2), ((head, first), wide, 2)]
    cases += [((plain, first), under, 2)]
    for blocks, below, count in cases:
        pages = in_reading_order([Page(number=1, blocks=(*blocks, small, below), ordered=True)])
        drafts = merge_crossheads(sort_pieces(pieces_of(pages)).drafts)
        assert count == len(drafts), (len(blocks), below.lines[0].text)


def test_what_stands_under_a_crosshead_by_its_place_is_of_the_story() -> None:
    """Also where it begins as a story does, and where an address stands below: it is no advert."""
    under = ["　　近日，各家的账都贴在", "墙上，守渡口的老秦说，", "谁来看都行。"]
    head = line("清水塘修渠引水渡口步道修好", 0, 8, size=20)
    found = [*story(0, 40), line("难处也说清", 20, 122), *column(under, 0, 140), *story(140, 40)]
    below = [line("地址：渡口路2号 电话：0570-7192088", 0, 220)]
    for lines in (found, [*found, *below]):
        (article,) = read_issue([page(head, *lines)]).articles
        assert ["难处也说清"] == [row.text for row in article.crossheads]
        assert any("谁来看都行" in text for text in article.paragraphs)


def test_beside_its_text_a_headline_may_stand_lower_than_a_crosshead() -> None:
    """Where the text begins higher than it; not where that stands under it. The last line over a
    crosshead may end before the crosshead begins."""
    head = Block(lines=(line("清水塘修渠引水", 0, 150, size=20),), kind="headline", level=1)
    text = [*story(180, 50), line("好。", 180, 120)]
    small, below = Block(lines=(line("图书车进村", 205, 136),)), Block(lines=(*story(180, 152),))
    for first, count in ((Block(lines=(*text,)), 1), (Block(lines=(*story(0, 180), *text)), 2)):
        blocks = (head, first, small, below)
        pages = in_reading_order([Page(number=1, blocks=blocks, ordered=True)])
        assert count == len(merge_crossheads(sort_pieces(pieces_of(pages)).drafts))


def test_level_with_the_text_before_it_a_crosshead_may_begin_a_column_no_headline_reaches() -> None:
    """In the size of the text; a line lower or higher it heads a text of its own."""
    head = Block(lines=(line("渡口步道", 0, 8, size=20),), kind="headline", level=1)
    text = Block(lines=tuple(story(0, 40)))
    for top, count in ((40, 1), (26, 2), (54, 2)):
        small = Block(lines=(line("难处也说清", 175, top),))
        blocks = (head, text, small, Block(lines=tuple(story(140, top + 14))))
        pages = in_reading_order([Page(number=1, blocks=blocks, ordered=True)])
        assert count == len(merge_crossheads(sort_pieces(pieces_of(pages)).drafts)), top


def test_a_mark_that_stands_by_itself_at_the_end_of_a_line_is_no_line() -> None:
    """What stands left of it is no heading left of the text."""
    head, rows = line("清水塘修渠引水渡口步道", 0, 8, size=20), [*story(0, 40)]
    last = [line("滑，现在鞋底都不沾泥", 0, 96), line("。", 100, 98)]
    small = Block(lines=(line("说清", 0, 110, size=11),), kind="crosshead", level=6)
    text = Block(lines=(*rows[:-1], *last))
    blocks = (Block(lines=(head,), level=1), text, small, Block(lines=tuple(story(0, 124))))
    pages = in_reading_order([Page(number=1, blocks=blocks, ordered=True)])
    assert len(merge_crossheads(sort_pieces(pieces_of(pages)).drafts)) == 1


def test_no_part_of_a_story_stands_over_its_headline() -> None:
    """Two small headings alike, higher than the headline before them, are stories of their own."""
    head, opening = line("清水塘修渠引水", 0, 150, size=24), line("本报讯 水渠通了。", 0, 180)
    for top, count in ((20, 3), (270, 1)):
        blocks = [Block(lines=(head,), level=1), Block(lines=(opening, *story(0, 194)))]
        for title, down in (("渡口步道修好", 0), ("书屋添了新灯", 105)):
            small = line(title, 160, top + down, size=12)
            blocks.append(Block(lines=(small,), level=4))
            blocks.append(Block(lines=tuple(story(140, top + down + 20))))
        issue = read_issue([Page(number=1, blocks=tuple(blocks), ordered=True)])
        assert count == len(issue.articles)


def test_what_is_on_other_pages_stands_in_no_sentence() -> None:
    """A line of 今日导读 in small type at the foot is none of the column over it."""
    foot = line("今日导读 02版 书屋添了灯 03版 桥通了", 0, 200, size=7)
    arranged = arrange(page(line("渡口步道修好", 0, 12, size=18), *story(0, 40), foot))
    assert [foot.text] == texts(arranged, "masthead")


def test_a_pen_name_under_a_headline_is_who_wrote_it() -> None:
    """A name alone is no deck; a word is."""
    head = line("写在渡口的步道上", 0, 12, size=18)
    told = []
    for words in ("成之", "□成之", "小序"):
        lines = [*MAST, head, line(words, 60, 34), *story(0, 50)]
        told.append(read_issue([page(*lines)]).articles[0].byline)
    assert [("成之",), ("成之",), ()] == told


@pytest.mark.parametrize(
    ("words", "left"), [("■ 程安之", 20), ("■程安之", 130), ("\ufffd程安之", 130)]
)
def test_a_name_under_a_headline_over_columns_is_in_no_sentence(words: str, left: float) -> None:
    """Set in or in the middle, far from a headline at the left: the column beside goes past it."""
    head, under = line("渡口步道", 0, 12, size=24), line(words, left, 46)
    columns = [*story(0, 64), *story(140, 64)]
    issue = read_issue([page(*MAST, head, under, *columns)])
    assert [("程安之",)] == [article.byline for article in issue.articles]
    assert not any("程安之" in text for text in issue.articles[0].paragraphs)


@pytest.mark.parametrize(
    ("words", "size", "kind"),
    [
        ("柏 舟", 11, "byline"),
        ("林 小 满", 11, "byline"),
        ("本报记者 林小满", 11, "byline"),
        ("柏 舟", 18, "banner"),
        ("柏舟", 11, "banner"),
        ("小 序", 11, "banner"),
    ],
)
def test_a_heading_to_spare_may_be_who_wrote_the_story(words: str, size: float, kind: str) -> None:
    """A name in small type, spaced, beside the headline that was taken."""
    lines = tuple(lines_of(page(line(words, 0, 0, size=size))))
    region = Region("heading", lines[0].box, lines)
    found = _heading([region], Scale(10.0, 14.0, exact=True), spare=True)
    assert [kind] == [block.kind for block in found]


MAST = (line("河湾日报", 0, -90, size=30), line("2025年1月2日 星期四 第120期", 0, -40))


def test_a_large_number_in_the_corner_is_the_page() -> None:
    """Set far larger than the text, at the edge of the head; elsewhere it is any number."""
    body = [*story(0, 140), *story(140, 140)]
    number, name = line("7", 0, 0, size=28), line("副刊", 60, 10)
    assert 7 == folio_of(page(number, name, *body))
    assert folio_of(page(line("7", 130, 0, size=28), name, *body)) is None


def test_two_headlines_side_by_side_are_two() -> None:
    """Of one size on one line, each over its own column, or the second one over nothing."""
    first, second = line("步道早晚有灯", 0, 10, size=18), line("清水塘修渠了", 130, 10, size=18)
    for under in (story(0, 40), [*story(0, 40), *story(130, 40)]):
        assert {first.text, second.text} <= {
            one.text for one in lines_of(page(*[first, second, *under]))
        }


def test_a_frame_is_no_gutter_in_its_headline() -> None:
    """A tall frame whose middle falls between the parts of a headline is no rule between them."""
    heads = line("白沙", 0, 10, size=20), line("礼堂有变", 60, 12, size=18)
    found = lines_of(page(*heads, *story(0, 44), rules=(Box(-10, 0, 110, 200),)))
    assert "白沙 礼堂有变" in [one.text for one in found]


def test_two_characters_and_a_gap_begin_a_line() -> None:
    """What stands where paragraphs begin goes on with the end of a word before it."""
    rest = [line(one.text, 20, 54 + 14 * at) for at, one in enumerate(story(0, 0)[:4])]
    assert "放，头八天来了人。" in [
        one.text
        for one in lines_of(page(line("放，", 0, 40), line("头八天来了人。", 20, 40), *rest))
    ]


@pytest.mark.parametrize(("end", "told"), [("记者秦望摄", 1), ("渡口的灯亮", 0)])
def test_who_took_a_photo_ends_its_caption_in_a_size_measured_roughly(end: str, told: int) -> None:
    """A scan tells the type of a few words by their ink alone; other words are no caption's."""
    first = line("一早就有人来走新修的步道，挑担的", 20, 106)
    rows = [first, line(end, 2, 120, size=8.2)]
    under = [*story(0, 150), *story(124, 150)]
    head = line("渡口步道修好了", 0, 134, size=14)
    arranged = arrange(page(*rows, head, *under, pictures=(Box(0, 0, 184, 100),)))
    assert told == sum(first.text in x for x in texts(arranged, "caption"))


def test_a_caption_of_three_lines_is_one() -> None:
    """Set in from its photo, and as large as the text."""
    rows = ["九月十日，社工秦宁", "在云坞村检查防汛的", "仓库。"]
    words = [line(text, 138, 124 + 14 * at) for at, text in enumerate(rows)]
    head = line("渡口步道修好", 0, 10, size=18)
    arranged = arrange(page(head, *story(0, 40), *words, pictures=(Box(130, 40, 250, 120),)))
    assert ["".join(rows)] == texts(arranged, "caption")


def test_a_row_that_a_vertical_headline_ends_is_not_parted() -> None:
    """Level columns of one width stay together, beside others under a headline."""
    upright = TextLine(text="清水塘修渠", box=Box(430, 10, 446, 110), size=16)
    left = [line("渡口步道修好", 0, 10, size=18), *story(0, 40)]
    arranged = arrange(page(*left, *story(140, 10), *story(290, 10), upright))
    order = [block.kind for block in arranged.blocks]
    assert ["headline", "", "headline", "", ""] == order


def test_a_column_under_a_photo_has_the_heading_over_the_row() -> None:
    """A heading centred over a photo and two columns heads the text under the photo as well."""
    photo = Box(0, 40, 110, 110)
    text = [*story(0, 124), *story(140, 40), *story(280, 40)]
    other = line("清水塘修渠引水", -300, 10, size=18), *story(-300, 40), *story(-300, 110)
    arranged = arrange(
        page(line("渡口步道修好", 146, 10, size=18), *text, *other, pictures=(photo,))
    )
    assert ["清水塘修渠引水", "渡口步道修好"] == texts(arranged, "headline")
    order = [block.kind for block in arranged.blocks]
    assert 3 == sum(not kind for kind in order[order.index("headline", 1) :])


def test_a_column_goes_on_under_what_interrupts_it() -> None:
    """Under a photo, a frame around one, or a quotation, a column keeps its headline, though a
    column of another story stands nearer at its left."""
    other = [line("清水塘修渠引水", -140, 0, size=18), *story(-140, 30)]
    other += [*story(-140, 104), *story(-140, 178)]
    head, upper, lower = line("渡口步道修好", 0, 0, size=18), story(0, 30), story(0, 184)
    photo, rules = Box(0, 110, 110, 176), (Box(0, 122, 110, 124), Box(0, 150, 110, 152))
    quote = line("“桥头也亮了”", 20, 132, size=10.5)
    caption = line("秦明摄", 20, 150, size=8)
    for more in (
        page(head, *upper, *lower, *other, pictures=(photo,)),
        page(
            head, *upper, caption, *lower, *other, rules=(photo,), pictures=(Box(5, 115, 90, 145),)
        ),
        page(head, *upper, quote, *lower, *other, rules=rules),
    ):
        order = [block.kind for block in arrange(more).blocks]
        assert 2 == sum(not kind for kind in order[order.index("headline", 1) :])


def test_texts_that_stand_over_each_other_have_no_heading() -> None:
    """Lines closer than a type size are over each other both ways, and a column of a thousand
    short pieces goes on below a thousand times: neither is asked for ever."""
    scale = Scale(body=10, pitch=15)
    level = [Region("text", Box(0, top, 100, top + 8)) for top in (0, 1)]
    pieces = [Region("text", Box(0, 12 * at, 100, 12 * at + 10)) for at in range(1500)]
    assert [None, None] == [heading_over(one, level, scale) for one in level]
    assert heading_over(pieces[-1], pieces, scale) is None


def test_a_row_beside_its_headline_is_one() -> None:
    """Level columns of one width belong to the block at their left, not to the vertical headline
    of other columns at their right."""
    block = line("渡口步道", 0, 10, size=24), line("全修好了", 0, 40, size=24)
    upright = TextLine(text="清水塘修渠", box=Box(392, 0, 408, 100), size=16)
    wide = [replace(one, text=one.text * 2) for one in story(420, 0)]
    wide = [replace(x, box=replace(x.box, right=x.box.left + 220)) for x in wide if x.box]
    arranged = arrange(
        page(
            *block, *story(130, 0), *story(260, 0), upright, *wide, pictures=(Box(0, -2, 110, 80),)
        )
    )
    assert ["headline", "", "", "headline", ""] == [block.kind for block in arranged.blocks]


def test_a_column_may_begin_beside_its_headline() -> None:
    """Right of a rule, a column that begins level with the headline over the next ones is the
    first of that story; where rules cross, they may be interrupted."""
    left = [line("清水塘修渠引水", -300, 0, size=18), *story(-300, 30), *story(-170, 30)]
    tall = [*story(0, 0), line("才叫好路，大家都说好。", 0, 70)]
    right = [line("渡口步道修好", 180, 0, size=20), *story(130, 30), *story(260, 30)]
    under = [line("书屋添了灯", 0, 130, size=18), *story(0, 160), *story(130, 160)]
    rules = (Box(-20, 0, -20, 104), Box(-20, 124, -20, 230), Box(-300, 114, -28, 114))
    rules = (*rules, Box(-12, 114, 380, 114))
    lower = [line("山上修路", -300, 130, size=18), *story(-300, 160), *story(-170, 160)]
    arranged = arrange(page(*left, *tall, *right, *under, *lower, rules=rules))
    order = [block.kind or block.lines[0].text[:4] for block in arranged.blocks]
    at = next(n for n, x in enumerate(arranged.blocks) if x.lines[0].text == "渡口步道修好")
    assert ["headline", *["渡口的步"] * 3] == order[at : at + 4]


def test_headlines_of_two_lines_side_by_side_are_two() -> None:
    """Where two lines of one type end and begin at the same places, a gutter is between; a
    headline whose second line is set further in is one."""
    heads = [
        line(text, left, top, size=20)
        for left, rows in ((0, ("渡口的步道", "上周修好了")), (116, ("山上的书屋", "添了新的灯")))
        for text, top in zip(rows, (0, 26), strict=True)
    ]
    stepped = line("河湾村的", 232, 0, size=16), line("巡河日记", 272, 20, size=16)
    columns = [one for left in (0, 116, 232) for one in story(left, 60)]
    columns = [
        replace(x, text=x.text[:9], box=replace(x.box, right=x.box.left + 90))
        for x in columns
        if x.box
    ]
    arranged = arrange(page(*heads, *stepped, *columns))
    assert ["渡口的步道上周修好了", "山上的书屋添了新的灯", "河湾村的巡河日记"] == texts(
        arranged, "headline"
    )


@pytest.mark.parametrize("left", [70, 0])
def test_a_deck_under_a_stepped_headline_is_its_own(left: int) -> None:
    """It stands in the middle of both lines or at the left end, under neither of the two alone."""
    heads = [line("渡口步道", 0, 0, size=22), line("今日修好", 60, 26, size=22)]
    deck = line("书屋添了灯", left, 56, size=14)
    columns = [one for n in range(2) for one in story(130 * n, 84)]
    arranged = arrange(page(*heads, deck, *columns))
    assert ["渡口步道今日修好"] == texts(arranged, "headline")
    assert ["书屋添了灯"] == texts(arranged, "deck")


def test_a_label_in_the_type_of_the_headline_under_it_is_no_part_of_that() -> None:
    """简讯 at the left of a box, over briefs as large."""
    heads = [line("简讯", 0, 0, size=14), line("渡口步道修好", 0, 22, size=14)]
    arranged = arrange(page(*MAST, *heads, *story(0, 44)))
    assert ["渡口步道修好"] == texts(arranged, "headline")


def test_a_deck_behind_a_dash_is_one() -> None:
    """A line behind a dash under a headline is its deck, wherever it begins, and the byline under
    it goes to the names."""
    head, deck = line("渡口步道修好", 0, 0, size=20), line("——走访见闻", 106, 26)
    by = line("□ 本报记者 程安之", 110, 42, size=10.7)
    arranged = arrange(page(head, deck, by, *story(0, 62), *story(132, 62), *story(264, 62)))
    assert ["渡口步道修好", "——走访见闻"] == texts(arranged, "headline", "deck")
    assert [by.text] == texts(arranged, "byline")
    assert "headline" == arranged.blocks[0].kind


def test_a_heading_is_centred_over_a_photo_between_columns() -> None:
    """Its row ends where the last column does, not as far on as the photo is wide."""
    above = [line("清水塘修渠引水", 0, -150, size=18), *story(0, -120)]
    columns = [
        one for left in (0, 140, 280, 420) for one in story(left, 120 * (left in (140, 280)))
    ]
    head = line("渡口步道修好", 195, -30, size=24)
    arranged = arrange(page(*above, head, *columns, pictures=(Box(130, 0, 400, 110),)))
    order = [block.kind for block in arranged.blocks]
    assert 4 == sum(not kind for kind in order[order.index("headline", 1) :])


def test_briefs_in_a_box_keep_their_headlines() -> None:
    """Headlines no larger than the page's text head the smaller text of a box, and behind a mark
    they may be no larger than that; what names all of them is a label."""
    page_text = [line(text * 2, 300, 16 * at, size=11) for at, text in enumerate(STORY * 4)]
    for size, mark in ((11.0, ""), (10.0, "■")):
        found = [line("山里这几天", 0, 0, size=16)]
        for top in (24, 124, 224):
            found += [line(f"{mark}渡口步道修好", 0, top, size=size), *story(0, top + 16)]
        alone = line(f"{mark}书屋添了灯", 0, 330, size=size)  # its text went elsewhere
        box = Box(-8, -8, 130, 350)
        arranged = arrange(page(*found, alone, *page_text, rules=(box,)))
        assert not any("书屋" in text for text in texts(arranged, ""))
        assert ["渡口步道修好"] * 3 == texts(arranged, "headline")
        assert ["山里这几天", alone.text[-5:]] == texts(arranged, "banner")


def test_an_entry_of_a_list_heads_nothing() -> None:
    """It names its value behind the colon; the line that it goes on in is set in as text is."""
    items = [line("●地点：渡口书屋门前广场", 0, 84), line("的台阶下", 20, 98)]
    items += [line("●时间：每天早上八点到十", 0, 112), line("点", 20, 126)]
    found = [line("渡口的步道修好了", 0, -30, size=20), *story(0, 14), *items, *story(0, 140)]
    arranged = arrange(page(*found, *(x for top in range(0, 210, 70) for x in story(140, top))))
    assert ["渡口的步道修好了"] == texts(arranged, "headline")
    assert not texts(arranged, "crosshead")


def test_a_title_in_the_gutter_between_two_columns_heads_both() -> None:
    """So stands the short title of a poem, whose lines are short as well, between its columns."""
    lines = ("雨停以后", "路还是湿的鞋也湿", "渡口没有人", "船在对岸等着我")
    poem = [line(x, left, 40 + 14 * n) for left in (0, 140) for n, x in enumerate(lines)]
    others = [x for top in range(0, 350, 70) for x in story(400, top)]
    arranged = arrange(page(line("渡口", 92, 10, size=18), *poem, *others))
    assert ["渡口"] == texts(arranged, "headline")


def test_a_title_in_the_middle_of_its_measure_heads_the_poem_left_of_it() -> None:
    """Lines without a mark that do not end level are verse, though few end apart."""
    lines = ["渡口的步道修好了", "挑担的走得轻", "鞋底上不沾泥", "守船人数着脚步", "数到灯亮"]
    poem = [line(x, 0, 40 + 14 * n) for n, x in enumerate(lines)]
    others = [line("清水塘修渠引水", 240, 10, size=18), *story(240, 40)]
    arranged = arrange(page(line("夜渡", 100, 10, size=18), *poem, *others))
    kinds = [block.kind for block in arranged.blocks]
    assert ["headline", *["verse"] * 5, "headline"] == kinds[:7]


def test_the_column_that_opens_a_row_left_of_its_headline_is_that_ones() -> None:
    """The last column of its measure is empty, so the headline stands further right; not one right
    of a photo that no rule parts from it."""
    head = part("heading", [LayoutLine(PageText("清水塘修渠引水"), Box(140, 10, 266, 28), 18)])
    rows = columns_of_lines(lines_of(page(*story(0, 40), *story(140, 40))), Scale(10, 14))
    assert 0 == with_wide_heads([head, *rows], Scale(10, 14))[0].box.left
    parts = [head, *rows, Region("picture", Box(-130, 40, -20, 110))]
    assert head in with_wide_heads(parts, Scale(10, 14))
    rule = Box(-10, 0, -9, 120)
    assert 0 == with_wide_heads(parts, Scale(10, 14, (rule,)))[0].box.left


def test_a_byline_level_with_the_next_column_is_the_first_line_of_its_own() -> None:
    """Else its headline would reach lower than the columns under it begin."""
    byline = LayoutLine(PageText("□ 本报记者 程安之"), Box(10, 26, 100, 36), 10)
    for top, count in ((26, 6), (40, 5)):
        lines = lines_of(page(*story(0, 40), *story(140, top)))
        columns = columns_of_lines(lines, Scale(10, 14, exact=True), (), [byline])
        assert count == len(min(columns, key=lambda one: one.box.left).lines)


@pytest.mark.parametrize("left", [72, 98])
def test_a_title_over_the_later_column_of_a_poem_heads_both(left: float) -> None:
    """The columns are set in from the places between which the title stands in the middle."""
    lines = ("雨停以后", "路还是湿的鞋也湿", "渡口没有人", "船在对岸等着我")
    poem = [line(x, at, 40 + 14 * n) for at in (0, 160) for n, x in enumerate(lines)]
    others = [x for top in range(40, 390, 70) for x in story(-140, top)]
    heads = line("渡口步道修好", -138, 10, size=18), line("渡口边的人", left, 10, size=18)
    arranged = arrange(page(*heads, *poem, *others))
    assert [x.text for x in heads] == texts(arranged, "headline")
    assert [*lines] * 2 == texts(arranged, "verse")


def test_a_headline_over_photos_does_not_head_what_stands_far_under_them() -> None:
    """The title of a photo has its caption; the column below goes to the headline beside it."""
    title, photo = line("云上人家", 40, 0, size=18), Box(0, 30, 392, 150)
    caption = line("图为清水塘的早晨。", 0, 156, size=8)
    head = line("渡口步道修好", 146, 250, size=18)
    columns = [one for left in (0, 140, 280) for one in story(left, 280)]
    arranged = arrange(page(title, caption, head, *columns, pictures=(photo,)))
    assert ["headline", "", "", ""] == [one.kind for one in arranged.blocks][-4:]


def test_a_crosshead_may_begin_a_column_under_a_photo_beside_an_upright_headline() -> None:
    """The headline ends higher than the columns begin; the photo between belongs to it."""
    upright = TextLine(text="清水塘修渠", box=Box(0, 0, 20, 110), size=20)
    row = [*story(30, 162), line("难处也说清", 200, 162, size=11), *story(170, 180)]
    row += story(310, 162)
    arranged = arrange(page(upright, *row, pictures=(Box(30, 0, 422, 150),)))
    assert ["难处也说清"] == texts(arranged, "crosshead")


def test_what_stands_over_two_columns_draws_no_crosshead_into_the_first() -> None:
    """A crosshead level with text of the first is in the second."""
    boxes = (Box(50, 0, 208, 10), Box(0, 20, 110, 90), Box(140, 20, 250, 60), Box(140, 76, 250, 90))
    by, left, right, below = (Region("text", box) for box in boxes)
    crosshead = Region("crosshead", Box(176, 64, 231, 75))
    assert ((by, left), (right, crosshead, below)) == columns_of(
        [by, left, right, crosshead, below]
    )


@pytest.mark.parametrize("inset", [0, 25])
@pytest.mark.parametrize(("columns", "white"), [(1, 8), (2, 8), (2, 0)])
def test_headlines_of_briefs_may_be_no_larger_than_the_text(
    columns: int, white: int, inset: int
) -> None:
    """Under a label over a rule each short line, flush or centred, is over a paragraph of its own;
    where text stands over the first one they are crossheads of one story."""
    names = [f"{name}修好" for name in ("渡口步道", "城西菜场", "河岸路灯", "村里水塔")]
    for opened in (False, True):
        label = line("每日一报", 40 * columns, 0, size=17)
        rule = Box(0, 22, 140 * columns - 20, 23)
        found, tops = [label], [32 + 14 * opened] * columns
        for at, name in enumerate(names):
            n = at % columns
            found += [line(name, 140 * n + inset, tops[n]), *story(140 * n, tops[n] + 14 + white)]
            tops[n] += 84 + 2 * white
        found += [line("路修好了。", 140 * n + 20, 32) for n in range(columns) if opened]
        beside = [x for top in range(0, 490, 70) for x in story(320, top)]
        arranged = arrange(page(*found, *beside, rules=(rule,)))
        assert opened == (not set(names) <= {*texts(arranged, "headline")})
        assert opened == ("每日一报" not in texts(arranged, "banner"))


def test_briefs_whose_headline_runs_into_their_text_are_parted() -> None:
    """■城西菜场搬迁 本报讯 is a headline and the first line of its text, or the headline alone."""
    found = []
    for top, tail in ((0, " 本报讯"), (70, " 本报"), (140, "")):
        found += [line(f"■渡口步道修好{tail}", 0, top), *story(0, top)[1:]]
    arranged = arrange(page(*found, line("山上修路", 200, 0, size=18), *story(200, 30)))
    assert 3 == texts(arranged, "headline").count("渡口步道修好")
    assert ["本报讯", "本报"] == [b.lines[0].text for b in arranged.blocks if not b.kind][:2]


@pytest.mark.parametrize(
    ("firsts", "heads"),
    [
        (["渡口步道修好 一早就有", "城西菜场搬迁 摊主先看"], ["渡口步道修好", "城西菜场搬迁"]),
        # One takes all of its line, and one two lines; a mark leaves no room for a space.
        (["▲渡口步道修好 一早就有", "▲“最美老街”今天开街"], ["渡口步道修好", "“最美老街”今天开街"]),
        (["▲渡口步道修好 一早就有", "▲城西“村咖”一早有人，"], ["渡口步道修好", "城西“村咖”"]),
        (
            ["渡口步道修好 一早就有人", "渡口步道上周修好今天起开"],
            ["渡口步道修好", "渡口步道上周修好今天起开放"],
        ),
        (["【渡口步道修好】一早有", "【城西菜场搬迁】摊主先"], ["渡口步道修好", "城西菜场搬迁"]),
        (["渡口步道修好 一早就有人", "城西菜场今天搬迁，摊主先"], []),  # one has none
        (["本报讯 一早就有人来走，", "本报讯 城西菜场搬了家，"], []),
    ],
)
def test_briefs_whose_paragraphs_all_begin_with_a_headline_are_parted(
    firsts: list[str], heads: list[str]
) -> None:
    """They begin flush, a wide space follows the headline; where one has none, it is a story."""
    found, top = [line("简讯", 0, -24, size=14)], 0
    for first in firsts:
        rest = "放 走的人，挑担的也不" if first.endswith("起开") else "走的人，挑担的也不绕路。"
        found += [line(first, 0, top), line(rest, 0, top + 14), line("就这样。", 0, top + 28)]
        top += 42
    arranged = arrange(page(*found, line("山上修路", 200, 0, size=18), *story(200, 30)))
    told = [x for x in texts(arranged, "headline") if x != "山上修路"]
    assert heads == told or not (heads or set(told) & {x.split(" ")[0] for x in firsts})


@pytest.mark.parametrize("white", [8, 0])
def test_white_over_a_full_line_shows_the_headline_of_a_brief(white: int) -> None:
    """The last line of the brief over it is nearly full; without white it may be of that."""
    found, top = [line("简讯", 0, -24, size=14)], 0
    for first in ("渡口步道修好 一早就有人", "城西菜场今天起搬迁开放", "书屋夜里亮灯 孩子们都来"):
        for at, row in enumerate((first, "走的人，挑担的也不绕路，", "大家都说这样真是好了。")):
            found.append(line(row, 0, top + 14 * at))
        top += 42 + white
    arranged = arrange(page(*found, line("山上修路", 200, 0, size=18), *story(200, 30)))
    assert (white > 0) == ("城西菜场今天起搬迁开放" in texts(arranged, "headline"))


def test_briefs_may_be_set_in_like_paragraphs() -> None:
    """Their text begins where the column does."""
    found = [line("简讯", 0, -24, size=14)]
    for top, first in ((0, "●渡口步道修好 一早就"), (42, "●城西菜场搬迁 摊主先")):
        found += [line(first, 20, top), line("走的人，挑担的也不绕路。", 0, top + 14)]
        found.append(line("就好。", 0, top + 28))
    arranged = arrange(page(*found, line("山上修路", 200, 0, size=18), *story(200, 30)))
    assert ["渡口步道修好", "城西菜场搬迁", "山上修路"] == texts(arranged, "headline")
    assert 3 == len(texts(arranged, ""))


def test_the_first_lines_of_two_columns_are_no_brief() -> None:
    """A paragraph begins in one without a mark of a sentence, and a full line stands beside it;
    below both the columns go on."""
    words = ("渡口步道今年修好", "一早，就有人来走了。", "书屋添灯后的夜里", "挑担的，不再绕远路。")
    left = [line(one, 20 * (one[0] in "渡书"), 14 * at) for at, one in enumerate(words)]
    right = [line("路，鞋底都不沾泥，人", 117, 14 * at) for at in range(4)]
    lines = lines_of(page(*left, *right))
    assert (lines, []) == with_run_in_heads(lines, 12.0)


def test_a_box_that_says_advert_is_left_out() -> None:
    """The text of a box with 广告 at its edge is no story."""
    box = (Box(-8, -24, 130, 110),)
    advert = [line("广告", 100, -20, size=7), line("渡口步道修好", 0, 0, size=18), *story(0, 24)]
    arranged = arrange(page(*advert, *story(300, 0), rules=box))
    assert [] == texts(arranged, "headline")
    assert 1 == len(texts(arranged, ""))


def test_a_headline_on_a_photo_heads_the_text_under_it() -> None:
    """Large type on a picture is the headline of the columns right under it."""
    words = line("走，看渡口步道", 10, 10, size=24)
    columns = [*story(0, 110), *story(130, 110)]
    arranged = arrange(page(words, *columns, pictures=(Box(0, 0, 240, 100),)))
    assert [words.text] == texts(arranged, "headline")
    assert 2 == len(texts(arranged, ""))


def test_a_headline_on_a_photo_stands_over_a_byline_or_a_label() -> None:
    """What is right under the photo need not be the text: who wrote it, or a label at the left."""
    words = line("走，看渡口步道", 10, 10, size=24)
    photo, second = Box(0, 0, 240, 100), story(130, 110)
    for under in ([line("本报记者 李明", 170, 104), *story(0, 128)], story(0, 140)):
        arranged = arrange(page(words, *under, *second, pictures=(photo,)))
        assert [words.text] == texts(arranged, "headline")


def test_a_headline_on_a_photo_stands_over_its_caption_and_a_row_of_columns() -> None:
    """With a kicker over it, and a deck under the caption; under a headline of its own, or over a
    narrower row, the words on a photo are no headline."""
    words, photo = line("走，看渡口步道", 10, 60, size=24), Box(0, 0, 242, 100)
    small = [line("春日里的一天", 10, 44, size=12), line("早晚都有人走", 0, 119, size=12)]
    caption = line("渡口的步道。（程安之 摄）", 0, 104, size=8)
    columns = [*story(0, 136), *story(130, 136)]
    arranged = arrange(page(words, *small, caption, *columns, pictures=(photo,)))
    assert [words.text] == texts(arranged, "headline")
    assert ["早晚都有人走"] == texts(arranged, "deck")
    assert 2 == len(texts(arranged, ""))
    over = line("图书车今天进村了", 0, -40, size=24)
    arranged = arrange(page(over, words, caption, *columns, pictures=(photo,)))
    assert [over.text] == texts(arranged, "headline")
    wide = replace(photo, right=400)
    arranged = arrange(page(words, caption, *columns, pictures=(wide,)))
    assert [] == texts(arranged, "headline")


def test_a_headline_on_a_photo_stands_over_another_photo() -> None:
    """That one begins the row; the columns beside it have the headline over it."""
    words, columns = line("走，看渡口步道", 10, 10, size=24), [*story(130, 110), *story(250, 110)]
    photos = Box(0, 0, 370, 100), Box(0, 110, 115, 190)
    arranged = arrange(page(words, *story(0, 204), *columns, pictures=photos))
    assert [words.text] == texts(arranged, "headline")


def test_a_headline_on_a_ground_heads_the_columns_beside_it() -> None:
    """The nearest line of them may end a sentence."""
    words, first = line("渡口步道", 10, 10, size=20), "　　步道修好了。"
    beside = column([first, "步道早晚都有人走。", "老人慢慢地散着步。"], 120, 0)
    arranged = arrange(page(words, *beside, *story(260, 0), pictures=(Box(0, 0, 110, 80),)))
    assert [words.text] == texts(arranged, "headline")


def test_large_words_of_an_advert_are_no_headline_of_the_column_beside_it() -> None:
    """A headline in a frame may stand so beside its text; this frame says that it is an advert."""
    frame, words = Box(0, 100, 160, 170), line("文明出行礼让斑马线", 10, 110, size=16)
    text = (line("渡口步道", 180, 0, size=20), *column(["步道早晚都有人走。"] * 9, 180, 40))
    arranged = arrange(page(*text, words, line("公益广告", 60, 150), rules=(frame,)))
    assert words.text in texts(arranged, "caption")


def test_text_under_a_box_that_an_opening_mark_begins_is_no_caption() -> None:
    """The mark leaves half of its square bare; a caption is set in from the box."""
    upper, lower = column(["步道早晚都有人走，"] * 3, 0, 0), [line("“早晚都有人走，”", 5, 100)]
    lower += column(["老人慢慢地散着步。"] * 3, 0, 114)
    head = line("渡口步道", 0, -40, size=20)
    arranged = arrange(page(head, *upper, *lower, pictures=(Box(0, 44, 90, 94),)))
    assert not texts(arranged, "caption")


def test_a_story_of_several_columns_between_rules_is_no_quotation() -> None:
    """Two rules over a whole row of columns hold no words of one of them."""
    upper, lower = [*story(0, 30), *story(130, 30)], [*story(0, 180), *story(130, 180)]
    rules = (Box(0, 108, 240, 109), Box(0, 172, 240, 173))
    own = line("菜场开门", 20, 120, size=14)
    head = line("渡口步道修好", 0, 0, size=18)
    arranged = arrange(page(head, *upper, own, *lower, rules=rules))
    assert own.text not in texts(arranged, "caption")


def test_an_upright_headline_heads_the_column_that_it_is_centred_beside() -> None:
    """It may stand at half the height of a taller column."""
    found = lines_of(page(*story(0, 220), TextLine(text="修渠", box=Box(262, 0, 278, 70), size=16)))
    upright = [one for one in found if one.vertical]
    text = Region("text", Box(0, 220, 110, 420), tuple(x for x in found if x not in upright))
    heading = Region("heading", Box(118, 290, 134, 360), tuple(upright))
    assert heading is heading_over(text, [text, heading], Scale(10.0, 14.0, exact=True))


def test_large_words_over_the_end_of_a_column_are_no_headline() -> None:
    """An advert in large type stands in a column of the story that goes on under it."""
    words = line("请走人行道", 140, 30, size=24)
    rest = [line("不走老路。", 130, 105), *story(130, 119)]
    head = line("渡口步道修好", 0, 0, size=18)
    arranged = arrange(page(head, *story(0, 105), words, *rest, pictures=(Box(130, 20, 240, 95),)))
    assert [head.text] == texts(arranged, "headline")


def test_a_line_behind_a_dash_goes_on_with_none_beside_it() -> None:
    """Decks of two stories may end and begin closer than a square."""
    decks = line("下雨也不绕路的一条步道", 60, 26, size=16), line("——走访见闻", 250, 27, size=15)
    columns = [x for left in (0, 125, 250, 375) for x in story(left, 54)]
    assert decks[1].text in [x.text for x in lines_of(page(*decks, *columns))]


def test_a_block_beside_its_text_is_the_headline() -> None:
    """A box of large type alone heads the columns that begin level with it without a headline."""
    block = [line("渡口步道", 10, 10, size=24), line("修好", 10, 40, size=24)]
    columns = [*story(140, 2), *story(270, 2)]
    arranged = arrange(page(*block, *columns, rules=(Box(0, 0, 120, 75),)))
    assert ["渡口步道修好"] == texts(arranged, "headline")
    assert ["渡口步道修好", STORY[0].strip("　")] == [
        "".join(x.text for x in block.lines)[: len("渡口步道修好")]
        if not at
        else block.lines[0].text
        for at, block in enumerate(arranged.blocks[:2])
    ]


@pytest.mark.parametrize(
    ("words", "size"),
    [("鞋底都不沾泥", 10.5), ("“鞋底都不沾泥。”", 10), ("“鞋底都不沾泥", 10)],  # OCR lost its end
)
def test_a_quotation_between_rules_is_no_text(words: str, size: float) -> None:
    """Words of a story between two rules in its column stand in no paragraph, in quotation marks
    even if they are set as the text is; in whatever order a file gives its lines."""
    upper, lower = story(0, 30), [line("的新路，人人都走得快。", 0, 190)]
    rules = (Box(0, 110, 110, 112), Box(0, 170, 110, 172))
    for parts in ([words], [words[:4], words[4:]]):
        quote = [line(text, 20, 125 + 15 * at, size=size) for at, text in enumerate(parts)]
        head = line("渡口步道修好", 0, 0, size=18)
        arranged = arrange(page(head, *upper, *reversed(quote), *lower, rules=rules))
        assert not any("不沾泥的" in text or text in parts for text in texts(arranged, ""))
        assert sorted(parts) == sorted(texts(arranged, "caption"))


def test_a_headline_between_rules_under_who_wrote_the_story_above_is_no_quotation() -> None:
    """That story has ended."""
    lower = [line("　　鞋底不再沾泥，人人", 0, 190), *story(0, 202)]
    rules = (Box(0, 142, 110, 143), Box(0, 184, 110, 185))
    signed, head = line("（江树）", 60, 126), line("书屋添了灯", 10, 155, size=18)
    heads = [line("渡口步道修好", 0, 0, size=18), head]
    arranged = arrange(page(*heads, *story(0, 30), signed, *lower, rules=rules))
    assert ["渡口步道修好", "书屋添了灯"] == texts(arranged, "headline")


def test_a_crosshead_may_stand_over_a_quotation_between_rules() -> None:
    """The quotation interrupts the column between it and the text that it heads."""
    upper, lower = story(0, 30), story(0, 200)
    rules = (Box(0, 130, 110, 132), Box(0, 180, 110, 182))
    quote, head = line("鞋底都不沾泥", 20, 150, size=10.5), line("渡口步道修好", 0, 0, size=18)
    arranged = arrange(
        page(head, *upper, line("从头来过", 20, 112, size=11), quote, *lower, rules=rules)
    )
    assert ["从头来过"] == texts(arranged, "crosshead")
    assert [quote.text] == texts(arranged, "caption")
    bare, scale = Region("heading", Box(0, 0, 110, 11)), Scale(10, 14, exact=True)
    ends = [with_quote(bare, [Box(0, top, 110, 60)], [], scale).box.bottom for top in (20, 30)]
    assert [60, 11] == ends  # a line of text has room over the second


def test_a_lead_in_larger_type_is_text() -> None:
    """Lines of sentences that are set larger are text; single ones of that size are headlines."""
    lead = [line("渡口的步道上周修好，", 20, 30, size=11), line("一早就有人来走。", 0, 46, size=11)]
    other = [line("山上修路", 300, 8, size=11), *story(300, 26)]
    found = lines_of(page(*lead, *other, *story(0, 64), *story(150, 30)))
    sizes = {one.text: one.size for one in found}
    assert (10, 10, 11) == tuple(sizes[one.text] for one in (*lead, other[0]))


def test_columns_under_a_frame_are_not_joined() -> None:
    """Single lines under a frame that stands in two columns are two lines."""
    upper = [*story(0, 0), *story(122, 0)]
    under = [line("的新路，人人都走得快，", 0, 190), line("山上的新路下个月开工。", 122, 190)]
    found = {one.text for one in lines_of(page(*upper, *under, pictures=(Box(0, 80, 240, 180),)))}
    assert {one.text for one in under} <= found


def test_the_head_of_a_page_without_rules_heads_no_story() -> None:
    """Where no rule is drawn, the row at the top that names the page is its head."""
    head = [line("02版 民生", 0, 0, size=14), line("青溪日报", 200, 2)]
    columns = [*story(0, 60), *story(122, 60), *story(244, 60)]
    arranged = arrange(page(*head, line("渡口步道修好", 90, 30, size=20), *columns))
    assert {"02版 民生", "青溪日报"} == set(texts(arranged, "masthead"))
    assert ["渡口步道修好"] == texts(arranged, "headline")


def test_briefs_under_a_ruled_label_are_no_part_of_the_story_beside_them() -> None:
    """A label between rules heads the columns under it, and is no quotation."""
    head = line("渡口步道修好", 0, 0, size=18)
    label = line("短波", 100, 128, size=18)
    rules = (Box(0, 116, 250, 117), Box(0, 152, 250, 153))
    columns = [*story(0, 40), *story(140, 40), *story(0, 160), *story(140, 160)]
    arranged = arrange(page(head, *columns, label, rules=rules))
    order = [block.kind for block in arranged.blocks]
    assert ["渡口步道修好", "短波"] == texts(arranged, "headline")
    assert order.count("") / 2 == order[: order.index("headline", 1)].count("")


def test_the_text_under_a_photo_without_a_headline_is_its_caption() -> None:
    """Indented and in the size of the text, if who took the photo is named at its end."""
    rows = [
        "　　九月十日，社工秦宁在云坞",
        "村检查防汛的仓库，一间一间地",
        "看。通讯员秦明摄影报道",
    ]
    words = [
        line(text.strip("　"), 140 + 20 * text.startswith("　"), 124 + 14 * at)
        for at, text in enumerate(rows)
    ]
    photo = Box(140, 40, 280, 120)
    found = [line("渡口步道修好", 0, 10, size=18), *story(0, 40), *words]
    assert 1 == len(texts(arrange(page(*found, pictures=(photo,))), "caption"))
    headed = page(*found, line("云坞查仓库", 150, 16, size=18), pictures=(photo,))
    assert not texts(arrange(headed), "caption")


def test_a_column_goes_on_under_a_small_head() -> None:
    """It keeps its headline, though its text over the small head is one short line and a column of
    another story stands nearer at its left."""
    head = line("渡口的步道上周全部修好", 0, 0, size=18)
    corner = [line("清水塘修渠", 10, 118, size=16), *story(0, 146), *story(0, 216)]
    second = [line("说好了。", 130, 30), line("走得快", 165, 52, size=11), *story(130, 74)]
    second += [line("修得好", 165, 152, size=11), *story(130, 174)]
    arranged = arrange(page(head, *story(0, 30), *corner, *second, rules=(Box(0, 108, 110, 109),)))
    order = [block.kind for block in arranged.blocks]
    assert 2 == order[: order.index("headline", 1)].count("crosshead")
    assert 2 == order[order.index("headline", 1) :].count("")


def test_a_headline_elsewhere_makes_no_label_of_a_word() -> None:
    """The heading that 简讯 names stands under it, not far to its side."""
    head, far = line("简讯", 30, 0, size=18), line("渡口步道修好", 300, 30, size=15)
    arranged = arrange(page(head, *story(0, 30), far, *story(300, 60)))
    assert ["简讯", "渡口步道修好"] == texts(arranged, "headline")


def test_a_vertical_byline_with_spaces_is_one() -> None:
    """Who wrote the story stands beside its vertical headline, word by word."""
    words, top = [], 40.0
    for word in ("□", "本报记者", "秦明", "通讯员", "周宁"):
        bottom = top + 10 * len(word)
        words.append(TextLine(text=word, box=Box(0, top, 10, bottom), size=10))
        top = bottom + 12
    upright = TextLine(text="渡口步道修好", box=Box(14, 20, 34, 140), size=20)
    arranged = arrange(page(*words, upright, *story(50, 20), *story(180, 20)))
    assert ["渡口步道修好"] == texts(arranged, "headline")
    assert ["□本报记者秦明通讯员周宁"] == texts(arranged, "byline")


def test_an_underlined_headline_stays_over_its_text() -> None:
    """A rule as wide as the words right over it parts nothing."""
    under = (Box(0, 31, 108, 33),)
    arranged = arrange(page(line("渡口步道修好", 0, 12, size=18), *story(0, 40), rules=under))
    assert ["渡口步道修好"] == texts(arranged, "headline")


def test_a_spaced_name_under_a_headline_signs_the_essay() -> None:
    """A short word set wide under the headline is no deck, though no family name begins it."""
    arranged = arrange(
        page(line("渡口步道修好", 0, 12, size=18), line("石 榴", 40, 36, size=10.8), *story(0, 58))
    )
    assert ["石 榴"] == texts(arranged, "byline")
    for name in ("秦川", "□高建国"):  # places, too
        rows = (line("渡口步道修好", 0, 12, size=18), line(name, 40, 36, size=10.8))
        assert [name] == texts(arrange(page(*rows, *story(0, 58))), "byline")


@pytest.mark.parametrize(("size", "kinds"), [(20, ["banner", "kicker", "headline"]), (13, None)])
def test_a_topic_over_a_story_is_not_its_headline(size: float, kinds: list[str] | None) -> None:
    """Below it stand a kicker and a headline of its own; two decks are no story's heading."""
    rows = (line("共建美丽河湾", 0, 0, size=30), line("东港码头改造记", 0, 40, size=11))
    lines = tuple(lines_of(page(*rows, line("旧码头亮起新灯火", 0, 60, size=size))))
    region = Region("heading", lines[0].box, lines)
    found = _heading([region], Scale(10.0, 14.0, exact=True), spare=False)
    assert (kinds or ["headline", "deck", "deck"]) == [block.kind for block in found]


@pytest.mark.parametrize(
    ("words", "told"), [("本期讲三个渡口的故事。", True), ("渡口通了新船。", False)]
)
def test_what_opens_a_special_page_and_its_topic_are_no_headlines(
    words: str, *, told: bool
) -> None:
    """A sentence about the page, over its headlines; a story's first one stands under its own."""
    intro = f"河上没有桥，船在人就在，天亮开船，天黑收篙，{words}"
    rows = (line("守渡口的人", 60, 0, size=30), line(intro, 0, 40))
    heads = (line("渡口步道修好", 0, 70, size=18), line("老船换上新桨", 160, 70, size=18))
    arranged = arrange(page(*rows, *heads, *story(0, 100), *story(160, 100)))
    assert told is ({"守渡口的人", intro} <= {*texts(arranged, "banner")})
    assert {head.text for head in heads} <= {*texts(arranged, "headline")}


@pytest.mark.parametrize(("size", "told"), [(25, True), (16, False)])
def test_a_note_over_headlines_tells_a_topic_hardly_larger(size: float, *, told: bool) -> None:
    """开栏的话 stands between a topic and the headlines; a story's own one, over its deck."""
    intro = "开栏的话：河上没有桥，船在人就在，今起看摆渡人怎样把日子过得红火。"
    rows = (
        line("守渡口的人", 60, 0, size=30),
        line(intro, 0, 40),
        line("三十年", 0, 70, size=size),
    )
    other = (line("渡口步道修好", 0, 260, size=25), *story(0, 300), *story(160, 300))
    lines = lines_of(page(*rows, *story(0, 110), *story(160, 110), *other))
    labels = take_label_words(lines, [], [], 10.0)[0]
    assert [intro, "守渡口的人"][: 2 * told] == [label.lines[0].text for label in labels]


@pytest.mark.parametrize(("size", "labels"), [(26, ["河湾新风"]), (12, [])])
def test_a_few_words_alone_on_a_long_bar_are_a_label(size: float, labels: list[str]) -> None:
    """A larger headline stands under it; over a deck and the text they are the headline."""
    rows = (line("河湾新风", 120, 4, size=20), line("渡口步道修好了", 60, 40, size=size))
    issue = replace(page(*rows, *story(0, 80), *story(160, 80)), pictures=(Box(0, 0, 330, 30),))
    assert labels == [block.lines[0].text for block in take_labels(issue)[1]]


def test_a_strip_with_figures_under_the_papers_name_is_of_the_head() -> None:
    """The paper's site at its left end is no label, the telephone no kicker."""
    strip = (line("河湾新闻网", 4, 2, size=9), line("热线：0570", 70, 2, size=9))
    rows = (*strip, line("渡口步道修好了", 60, 40, size=26), *story(0, 80), *story(160, 80))
    arranged = arrange(replace(page(*rows), rules=(Box(0, 0, 330, 14),)))
    assert ["河湾新闻网 热线：0570"] == texts(arranged, "masthead")


@pytest.mark.parametrize(("words", "count"), [("“灯都亮了。”", 1), ("“灯都亮了”", 0)])
def test_a_quotation_between_two_rules_may_end_its_column(words: str, count: int) -> None:
    """With a full stop it is no headline, whatever stands under it."""
    lines = lines_of(
        page(*column(["渡口的步道上周修好了"] * 4, 0, 0), line(words, 10, 75, size=12))
    )
    rules = [Box(0, top, 100, top + 1) for top in (64, 98)]
    assert count == len(take_pull_quotes(lines, rules, 10.0)[0])


@pytest.mark.parametrize(
    ("words", "count"), [("渡口的步道修好了，灯也亮了", 1), ("渡口旁又开了两家新店铺", 0)]
)
def test_words_of_the_text_between_two_rules_are_no_text_of_it(words: str, count: int) -> None:
    """A pull quote says them again, at the end of its column too; others may be a headline."""
    rows = ["周一渡口的步道修好了", "，灯也亮了，人也多了"]
    lines = lines_of(page(*column(rows * 2, 0, 0), line(words, 0, 75, size=12)))
    rules = [Box(0, top, 160, top + 1) for top in (64, 98)]
    assert count == len(take_pull_quotes(lines, rules, 10.0)[0])


@pytest.mark.parametrize(("size", "told"), [(24, ["渡口步道修好了", "老人天天来走"]), (32, None)])
def test_a_headline_may_step_in_with_a_somewhat_larger_line(
    size: float, *, told: list[str] | None
) -> None:
    """Its second line begins further in; one that is much larger is a headline of its own."""
    head = (line("渡口步道修好了", 0, 0, size=19), line("老人天天来走", 70, 22, size=size))
    arranged = arrange(page(*head, *story(0, 70), *story(140, 70)))
    heads = [[x.text for x in block.lines] for block in arranged.blocks if block.kind == "headline"]
    assert (told in heads) is (told is not None)


@pytest.mark.parametrize(
    ("words", "size", "kept"),
    [
        ("挑担的少绕路", 11, True),
        ("本报记者 程安之", 10, True),
        ("步道修好了。", 10, False),
        ("书屋晚上开门", 22, False),
    ],
)
def test_rules_over_and_under_a_deck_part_it_from_no_headline(
    words: str, size: float, *, kept: bool
) -> None:
    """Nor those around who wrote it; a sentence between rules, or larger type, is none of its."""
    head, fenced = line("渡口步道修好", 60, 0, size=18), line(words, 85, 30, size=size)
    low = 30 + size + 4
    rules = (Box(20, 26, 220, 27), Box(20, low, 220, low + 1))
    found = [TextLine(text=x.text, box=x.box, size=x.size or 10) for x in (head, fenced)]
    lines = [LayoutLine(PageText(x.text), x.box or Box(0, 0, 0, 0), x.size or 10) for x in found]
    assert without_fences(rules, lines, 10) == ([] if kept else [*rules])


@pytest.mark.parametrize(
    ("words", "under", "parts"),
    [("本报记者 程安之", 30, False), ("挑担的少绕路", 30, True), ("本报记者 程安之", 90, True)],
)
def test_a_box_around_who_wrote_a_story_parts_it_from_no_headline(
    words: str, under: float, *, parts: bool
) -> None:
    """One around a label does, and one that stands under no headline."""
    head, named = line("渡口步道修好", 60, 0, size=18), line(words, 85, under)
    box = Box(70, under - 4, 180, under + 14)
    found = [TextLine(text=x.text, box=x.box, size=x.size or 10) for x in (head, named)]
    lines = [LayoutLine(PageText(x.text), x.box or Box(0, 0, 0, 0), x.size or 10) for x in found]
    assert without_fences([box], lines, 10) == ([box] if parts else [])


def test_a_rule_over_a_label_still_parts_the_stories() -> None:
    """Under a text, two rules around a word are no part of a headline further up."""
    text = [LayoutLine(PageText(x.text), x.box or Box(0, 0, 0, 0), 10) for x in story(0, 24)]
    head = LayoutLine(PageText("渡口步道修好"), Box(0, 0, 108, 18), 18)
    label = LayoutLine(PageText("清水塘"), Box(40, 106, 70, 116), 10)
    rules = [Box(0, 101, 132, 102), Box(0, 119, 132, 120)]
    assert rules == without_fences(rules, [head, *text, label], 10)


def test_a_deck_between_rules_leaves_the_headline_its_text() -> None:
    """The headline over it is the story's; a second pair of rules may hold who wrote it."""
    upper = [line("书屋添了灯", 70, 0, size=18), *story(0, 24), *story(132, 24)]
    head, deck = line("渡口步道修好", 60, 110, size=20), line("挑担的少绕路", 85, 136, size=11)
    by = line("本报记者 程安之", 80, 158, size=10)
    rules = (Box(20, 133, 220, 134), Box(20, 150, 220, 151))
    rules += (Box(75, 155, 165, 156), Box(75, 170, 165, 171))
    arranged = arrange(page(*upper, head, deck, by, *story(0, 180), *story(132, 180), rules=rules))
    assert ["书屋添了灯", "渡口步道修好"] == texts(arranged, "headline")
    assert ["挑担的少绕路"] == texts(arranged, "deck")
    assert ["本报记者 程安之"] == texts(arranged, "byline")


def test_who_wrote_a_story_may_stand_in_a_box() -> None:
    """It is no label, and the box no picture."""
    head, by = line("渡口步道修好", 60, 0, size=20), line("本报记者 程安之", 80, 28, size=10)
    told = page(head, by, *story(0, 50), *story(132, 50), rules=(Box(74, 24, 166, 42),))
    arranged = arrange(told)
    assert ["本报记者 程安之"] == texts(arranged, "byline")
    assert [] == texts(arranged, "banner")


@pytest.mark.parametrize(("pages", "guide"), [("258", True), ("2", False)])
def test_headlines_with_their_pages_in_a_row_head_no_column(pages: str, *, guide: bool) -> None:
    """A column right under the row goes on from the one before it; one such line may head it."""
    row = [line(f"书屋添了灯 第{n}版", 132 * at + 132, 0, size=11) for at, n in enumerate(pages)]
    head, texts_ = line("渡口步道修好", 10, 20, size=18), [*story(0, 44), *story(132, 16)]
    arranged = arrange(page(*row, head, *texts_, line("了。", 132, 86)))
    assert (len(texts(arranged, "teaser")) == 1) == guide
    assert (row[0].text not in texts(arranged, "headline")) == guide


@pytest.mark.parametrize("headed", [True, False])
def test_upright_words_on_a_bar_are_the_label_of_the_headline_beside(*, headed: bool) -> None:
    """Without one they are the headline themselves."""
    words = TextLine(text="清水塘", box=Box(4, 4, 16, 44), size=12)
    head = [line("渡口步道修好", 50, 0, size=20)] if headed else []
    told = page(words, *head, *story(24, 28), *story(156, 28))
    arranged = arrange(replace(told, pictures=(Box(0, 0, 20, 50),)))
    assert (["清水塘"] if headed else []) == texts(arranged, "banner")
    assert [one.text for one in head or [words]] == texts(arranged, "headline")


@pytest.mark.parametrize("ended", [True, False])
def test_words_at_the_edge_sign_no_paragraph_that_goes_on(*, ended: bool) -> None:
    """A justified line may leave a gap behind a full stop; a name stands at a paragraph's end."""
    said = line("老秦说不滑了。 石门村", 0, 66)  # the last words look like a name
    under = column(["　　书屋晚上也开门。" if ended else "便把水渠清了一遍。"], 0, 80)
    told = page(line("渡口步道修好", 0, 0, size=20), *story(0, 24)[:3], said, *under)
    assert (["石门村"] if ended else []) == texts(arrange(told), "byline")


@pytest.mark.parametrize("end", ["", "也不用绕路。", "（程安之 桂小轩）", "桂小轩）"])
def test_a_column_beside_a_headline_goes_on_from_the_story_under_it(end: str) -> None:
    """Not from a story further down, which is cut in the column before too; from that where the
    one above is whole, or signed at its end."""

    def region(words: list[str], left: float, top: float) -> Region:
        rows = ((x.text, x.box) for x in column(words, left, top))
        return part("text", [LayoutLine(PageText(x), box, 10.0) for x, box in rows if box])

    cut = ["　　渡口的步道上周修好，", "一早就有人来走，挑担的", "也不用绕路了。守渡口的"]
    upper, lower = region([*cut[:2], end or cut[2]], 0, 40), region(cut, 0, 140)
    beside = region(["老秦说，从前一下雨就打", "滑，现在鞋底都不沾泥。"], 132, 0)
    found = goes_on_from(beside, [upper, lower, beside], Scale(10.0, 14.0, exact=True))
    assert found is (lower if end else upper)
    named = region(["□本报记者 程安之"], 132, 0)
    assert not goes_on_from(named, [upper, lower, named], Scale(10.0, 14.0, exact=True))
