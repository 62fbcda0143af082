"""Labels and headlines in boxes and on bars, asides in boxes, and briefs that go on in a column."""

from printed import line, page, texts
from qjaudio.paper.layout import arrange
from qjaudio.paper.model import TextLine
from qjaudio.paper.text import Box

ROWS = (
    "渡口的步道上周修好，",
    "一早就有人来走，挑担的",
    "也不用绕路了。守渡口的",
    "老秦说，从前一下雨就打",
    "滑，现在鞋底都不沾泥。",
)
ON = ("书屋里添了灯，放学以后", "孩子们都来，老人也来，", "一直坐到天黑才走。")


def text(left: float, top: float, rows: tuple[str, ...] = ROWS, indent: int = 2) -> list[TextLine]:
    """Lines of text, the first one set in."""
    return [line(row, left + 10 * indent * (at == 0), top + 14 * at) for at, row in enumerate(rows)]


def test_short_headlines_on_bars_over_their_text_are_no_labels() -> None:
    """Two of one make in a column; a bar over a headline holds a label."""
    bars = tuple(Box(0, top, 132, top + 16) for top in (0, 100))
    heads = [line("渡口步道修好", 4, 3, size=11.5), line("书屋夜里亮灯", 4, 103, size=11.5)]
    arranged = arrange(page(*heads, *text(0, 20), *text(0, 120, ON), pictures=bars))
    assert ["渡口步道修好", "书屋夜里亮灯"] == texts(arranged, "headline")
    label = line("乡间见闻", 4, 3, size=11.5)
    head = line("渡口步道修好", 0, 24, size=18)
    arranged = arrange(page(label, head, *text(0, 50), pictures=bars[:1]))
    assert ["乡间见闻"] == texts(arranged, "banner")
    assert ["渡口步道修好"] == texts(arranged, "headline")


def test_a_headline_on_a_bar_over_a_row_of_columns_is_no_label() -> None:
    """Nor where the bar is no wider than a label's; one over a headline is a label."""
    bar = (Box(0, 0, 234, 26),)
    rows = [*text(0, 34), *text(124, 34, ON, 0)]
    arranged = arrange(page(line("渡口步道全都修好了", 4, 4, size=18), *rows, rules=bar))
    assert ["渡口步道全都修好了"] == texts(arranged, "headline")
    head = line("书屋夜里亮灯", 0, 34, size=22)
    rows = [*text(0, 64), *text(124, 64, ON, 0)]
    arranged = arrange(page(line("乡间的一日见闻小录", 4, 4, size=18), head, *rows, rules=bar))
    assert ["书屋夜里亮灯"] == texts(arranged, "headline")
    assert ["乡间的一日见闻小录"] == texts(arranged, "banner")


def test_an_upright_headline_alone_in_a_frame_heads_the_columns_right_of_it() -> None:
    """As a level one does."""
    words = TextLine(text="渡口步道修好了", box=Box(20, 6, 42, 160), size=22)
    rows = [*text(80, 2), *text(204, 2, ON, 0)]
    over = [line("书屋夜里亮灯", 0, -60, size=18), *text(0, -36, ON[2:]), *text(124, -36, ON[2:])]
    arranged = arrange(page(*over, words, *rows, rules=(Box(10, 0, 52, 166),)))
    assert ["书屋夜里亮灯", "渡口步道修好了"] == texts(arranged, "headline")


def test_a_small_heading_high_in_a_column_beside_its_headline_is_no_story() -> None:
    """In a frame whose headline stands lower, at the left; alone in it, it heads a story."""
    words = [line("渡口步道", 10, 40, size=24), line("修好了", 10, 68, size=24)]
    last, small = [line(row, 290, 2 + 14 * at) for at, row in enumerate(ON[1:])], (316, 34)
    rows = [*text(150, 2), *last, line("灯亮以后", *small, size=11.5), *text(290, 50, ROWS)]
    for head, told in ((words, ["渡口步道修好了"]), ([], ["灯亮以后"])):
        arranged = arrange(page(*head, *rows, rules=(Box(-4, -6, 420, 140),)))
        assert told == texts(arranged, "headline")


def test_a_headline_alone_in_a_frame_heads_the_text_under_it() -> None:
    """Where it fills that; a box amid a text that goes on under it is an advert's."""
    frame = (Box(0, 0, 260, 60),)
    words = [line("省下的钱有了去处", 60, 5, size=13), line("渡口步道修好了", 50, 26, size=22)]
    entries = [line("书屋里的灯夜里也亮着", 0, top, size=8) for top in (-40, -25)]  # of 导读
    for over in ([], entries):
        arranged = arrange(page(*over, *words, *text(0, 70), *text(150, 70, ON), rules=frame))
        assert ["渡口步道修好了"] == texts(arranged, "headline")
        assert 2 == len([x for x in texts(arranged, "") if "书屋里的灯" not in x])
    advert = [line("山泉好茶", 10, 145, size=22), line("送货上门", 10, 172, size=14)]
    rows = [*text(0, 60, ROWS[:4]), *text(0, 210, ROWS[4:], 0)]
    head = line("渡口步道修好了", 0, 20, size=18)
    arranged = arrange(page(head, *rows, *advert, rules=(Box(0, 125, 112, 195),)))
    assert ["渡口步道修好了"] == texts(arranged, "headline")


def test_a_headline_reaches_over_the_label_beside_it() -> None:
    """Its first column begins under the label; one with a headline of its own there does not."""
    label, box = line("乡间见闻", 5, 10, size=12), (Box(2, 6, 56, 26),)
    head = line("渡口步道修好了", 140, 4, size=22)
    rows = [*text(0, 40), *text(150, 40, ON, 0), *text(260, 40, ON)]
    arranged = arrange(page(label, head, *rows, pictures=box))
    assert ["渡口步道修好了"] == texts(arranged, "headline")
    assert texts(arranged, "")[0].startswith("渡口的步道")
    own = line("书屋添了灯", 0, 34, size=16)
    rows = [*text(0, 60, ON), *text(140, 40)]
    arranged = arrange(page(label, own, head, *rows, pictures=box))
    assert ["渡口步道修好了", "书屋添了灯"] == sorted(texts(arranged, "headline"), reverse=True)
    after = texts(arranged, "")
    assert {"书屋里添了灯，放学以后孩子们都来，老人也来，一直坐到天黑才走。"} & set(after)


def test_a_label_in_two_lines_is_one() -> None:
    """民生 over 关注 in a square; a headline in two lines on a bar is longer."""
    label = [line("乡间", 5, 5, size=14), line("见闻", 5, 22, size=14)]
    head = line("渡口步道修好了", 60, 10, size=22)
    arranged = arrange(
        page(*label, head, *text(0, 50), *text(150, 50, ON), rules=(Box(0, 0, 39, 41),))
    )
    assert {"乡间", "见闻"} <= set(texts(arranged, "banner"))
    words = [line("渡口步道", 5, 5, size=18), line("修好以后", 5, 28, size=18)]
    arranged = arrange(page(*words, *text(0, 60), rules=(Box(0, 0, 112, 50),)))
    assert ["渡口步道修好以后"] == texts(arranged, "headline")


def test_a_short_line_behind_a_thick_bar_over_a_headline_is_a_label() -> None:
    """Also at the left end of a long bar; a crosshead with such a bar is none."""
    head = line("渡口步道修好了", 0, 30, size=22)
    for bar in (Box(0, 3, 6, 20), Box(0, 2, 240, 21)):
        label = line("乡间见闻", 10, 5, size=13)
        rows = [*text(0, 60), *text(150, 60, ON, 0)]
        arranged = arrange(page(label, head, *rows, pictures=(bar,)))
        assert ["乡间见闻"] == texts(arranged, "banner")
    cross = line("书屋添了灯", 10, 134, size=13)
    rows = [*text(0, 60), cross, *text(0, 154, ON)]
    arranged = arrange(page(head, *rows, pictures=(Box(0, 132, 6, 148),)))
    assert not texts(arranged, "banner")


def test_a_figure_or_a_quotation_in_a_box_is_no_headline() -> None:
    """They stand amid a text; a box with a sentence of its own is a story."""
    head = line("渡口步道修好了", 0, 0, size=22)
    asides = (
        [line("1.2公里", 10, 112, size=24), line("步道的长度", 10, 140)],
        [line("“鞋底不沾泥，", 6, 112, size=15), line("走得就安心”", 6, 132, size=15)],
    )
    for aside in asides:
        rows = [*text(0, 30), *text(0, 165, ON)]
        arranged = arrange(page(head, *rows, *aside, rules=(Box(0, 106, 112, 155),)))
        assert ["渡口步道修好了"] == texts(arranged, "headline")
        assert not any("公里" in x or "安心" in x for x in texts(arranged, ""))
    story = [line("3个书屋", 10, 112, size=18), *text(4, 138, ON)]
    rows = [*text(0, 30), *story]
    arranged = arrange(page(head, *rows, rules=(Box(0, 106, 118, 186),)))
    assert "3个书屋" in texts(arranged, "headline")


def test_text_that_goes_on_under_its_first_line_is_no_caption() -> None:
    """It begins set in under a photo as wide as two columns."""
    head = line("渡口步道修好了", 0, 0, size=22)
    rows = [*text(0, 135, (*ROWS, *ON)), *text(150, 135, ON, 0)]
    arranged = arrange(page(head, *rows, pictures=(Box(0, 30, 260, 130),)))
    assert not texts(arranged, "caption")


def test_a_brief_goes_on_at_the_top_of_the_next_column() -> None:
    """What begins there amid a sentence belongs to the last brief before, no other headline."""
    heads = [line("渡口步道修好", 0, 30, size=12), line("书屋夜里亮灯", 0, 120, size=12)]
    end, last = ("从前一下雨就打滑，如今", "好走多了。"), line("茶园开了门", 150, 64, size=12)
    rows = [*text(0, 46), *text(0, 136, ON[:2]), *text(150, 32, end, 0), *text(150, 80, ROWS)]
    label = line("简讯", 0, 4, size=16)
    arranged = arrange(page(label, *heads, last, *rows, rules=(Box(-8, -4, 285, 190),)))
    said = [block.lines[0].text for block in arranged.blocks]
    at = said.index("书屋夜里亮灯")
    assert "从前一下雨就打滑" in "".join(x.text for x in arranged.blocks[at + 1].lines)


def test_briefs_with_run_in_headlines_go_on_in_the_next_column() -> None:
    """The end of one stands over the next; a headline has a comma where others have none."""
    firsts = ("渡口步道修好 一早就", "走，去看书屋 放学以后")
    rows, top = list[TextLine](), 30
    for first in firsts:
        rows += [
            line(first, 20, top),
            *text(0, top + 14, ("人来走了，守渡口的老秦", "也不用绕路。"), 0),
        ]
        top += 42
    rows.append(line("茶园开了门 山下的人都", 20, top))
    rows += text(150, 30, ("来了，一早就排起了长队", "不散。"), 0)
    rows += [
        line("菜场搬了家 摊主们先去", 170, 58),
        *text(150, 72, ("看了，说是宽敞得多了，", "好。"), 0),
    ]
    label, frame = line("乡间短讯", 0, 4, size=15), (Box(-8, -4, 285, 150),)
    arranged = arrange(page(label, *rows, rules=frame))
    heads = ["渡口步道修好", "走，去看书屋", "茶园开了门", "菜场搬了家"]
    assert sorted(heads) == sorted(texts(arranged, "headline"))
    said = [block.lines[0].text for block in arranged.blocks]
    after = arranged.blocks[said.index("茶园开了门") + 1]
    assert "排起了长队" in "".join(x.text for x in after.lines)


def test_a_sentence_that_fills_its_first_line_is_no_headline_of_a_brief() -> None:
    """Bold words begin one paragraph of a story, and the next one has no mark in its first line."""
    first = [
        line("早晚都有人走 一早", 20, 30),
        *text(0, 44, ("就有人来，挑担的人也不", "绕路。"), 0),
    ]
    words = line("守渡口的老秦家里说", 20, 72)
    last = text(0, 86, ("这样的路，从前想也不敢", "想，如今好走。"), 0)
    head = line("步道通了", 20, 4, size=18)
    arranged = arrange(page(head, *first, words, *last, *text(150, 30)))
    assert ["步道通了"] == texts(arranged, "headline")
