"""Characters of a text layer become runs: what certainly belongs together."""

from pathlib import Path

import pypdfium2
import pytest

from qjaudio.paper.model import TextLine
from qjaudio.paper.text import Box
from qjaudio.sources import pdf as pdf_source
from qjaudio.sources.pdf import (
    MIN_ON_IMAGE,
    _drawings,
    _is_drawn_by,
    _trim,
    is_bar,
    is_frame,
    read_page,
)
from qjaudio.sources.pdf_page import (
    NAMELESS,
    Glyph,
    Sheet,
    _first_over,
    glyphs_on,
    objects_on,
    runs_of,
    square,
)
from sources.made_pdf import pdf, with_placed_form

SHEET = Sheet(0, 0, 600, 800)


def _row(text: str, left: float, top: float, *, size: float = 10, step: float = 10) -> list[Glyph]:
    boxes = [
        Box(left + at * step, top, left + at * step + size, top + size) for at in range(len(text))
    ]
    return [Glyph(char, box, size, box) for char, box in zip(text, boxes, strict=True)]


def _texts(*glyphs: Glyph) -> list[str]:
    return [run.text for run in runs_of(glyphs)]


def test_neighbours_on_a_line_are_one_run() -> None:
    """Justified text with a little air between its characters is one run."""
    assert ["河边的步道修好了"] == _texts(*_row("河边的步道修好了", 0, 0, step=12))


@pytest.mark.parametrize(
    ("across", "up", "seen"), [(0.98, 0.17, "42"), (0, 1, "42"), (0.71, 0.71, ""), (-0.87, 0.5, "")]
)
def test_a_watermark_across_the_page_is_not_read(across: float, up: float, seen: str) -> None:
    """Text of a page is level or upright, give or take the lean of a headline."""
    drawn = b"BT /F 10 Tf %f %f %f %f 50 700 Tm (42) Tj ET" % (across, up, -up, across)
    page = pypdfium2.PdfDocument(pdf(drawn))[0]
    found = glyphs_on(page, SHEET, [*objects_on(page, SHEET)])
    assert seen == "".join(glyph.char for glyph in found)


def test_condensed_figures_stay_in_their_line() -> None:
    """They are as high as the text, though not as wide: `42` at 80 % stands at its size of 10."""
    page = pypdfium2.PdfDocument(pdf(b"BT /F 10 Tf 80 Tz 50 700 Td (42) Tj ET"))[0]
    found = [
        (glyph.char, glyph.size) for glyph in glyphs_on(page, SHEET, [*objects_on(page, SHEET)])
    ]
    assert [("4", 10), ("2", 10)] == found


@pytest.mark.parametrize(
    ("drawn", "seen"),
    [
        (b"BT 50 700 Td (42) Tj ET 1 g 40 690 90 30 re f", ""),
        (b"BT 50 700 Td (42) Tj ET 0.9 g 40 690 90 30 re f", ""),
        (b"BT 50 700 Td (42) Tj ET 1 g 40 690 90 30 re n", "42"),
        (b"1 g 40 690 90 30 re f 0 g BT 50 700 Td (42) Tj ET", "42"),
        (b"1 g BT 50 700 Td (42) Tj ET", ""),
        (b"0 g 40 690 90 30 re f 1 g BT 50 700 Td (42) Tj ET", "42"),
        (b"1 g BT 50 700 Td (42) Tj ET 0 g BT 50 700 Td (42) Tj ET", "42"),
        (b"1 g BT 50 700 Td (42) Tj ET 0 g BT 50 700 Td (56) Tj ET", "56"),
    ],
)
def test_what_nobody_sees_is_not_read(drawn: bytes, seen: str) -> None:
    """Text under a box that was drawn later, and white text on white, is not printed; one that
    was drawn again in black is, of which pdfium tells but the white."""
    other = b" 0 g BT 50 300 Td (7777) Tj ET"
    stream = b"/F 10 Tf " + drawn + other
    page = pypdfium2.PdfDocument(pdf(stream))[0]
    found = "".join(glyph.char for glyph in glyphs_on(page, SHEET, [*objects_on(page, SHEET)]))
    assert seen + "7777" == found


def test_white_text_on_a_gradient_is_seen() -> None:
    """Pdfium calls the gradient white, as it does white paper: a viewer's picture tells."""
    shading = b"<</ShadingType 2/ColorSpace/DeviceRGB/Coords[0 0 600 0]/Function 7 0 R/Extend[%s]>>"
    shading %= b"true true"
    resources = b"/Resources<</Pattern<</P <</PatternType 2/Shading %s>>>>>>" % shading
    colours = b"7 0 obj<</FunctionType 2/Domain[0 1]/C0[.7 0 0]/C1[.9 .4 0]/N 1>>endobj"
    bar = b"/Pattern cs /P scn 40 490 200 30 re f 1 g /F 10 Tf "
    texts = b"BT 50 500 Td (2026) Tj ET BT 50 300 Td (7777) Tj ET 0 g BT 50 100 Td (88888) Tj ET"
    page = pypdfium2.PdfDocument(pdf(bar + texts, filters=b"", extra=colours, resources=resources))[
        0
    ]
    found = "".join(glyph.char for glyph in glyphs_on(page, SHEET, [*objects_on(page, SHEET)]))
    assert "202688888" == found


def test_a_white_box_is_no_frame_on_white() -> None:
    """Nobody sees it; on a tint it is one."""
    page = pypdfium2.PdfDocument(pdf(b"1 g 40 690 90 30 re f"))[0]
    assert ([], [], []) == _drawings([*objects_on(page, SHEET)], SHEET)
    tinted = b"0.8 g 30 600 200 150 re f 1 g 40 690 90 30 re f"
    page = pypdfium2.PdfDocument(pdf(tinted))[0]
    _, areas, _ = _drawings([*objects_on(page, SHEET)], SHEET)
    assert 2 == len(areas)


@pytest.mark.parametrize(
    ("text", "small", "down", "printed"),
    [
        ("面积8000m约", "2", -0.5, "面积8000m²约"),
        ("减排CO约1万", "2", 6, "减排CO₂约1万"),
        ("每升10个", "12", -0.5, "每升10¹²个"),
    ],
)
def test_shifted_figures_stand_behind_what_they_hang_on(
    text: str, small: str, down: float, printed: str
) -> None:
    """A raised or lowered figure is a figure of its line, and no line of its own."""
    at = next(
        at for at, (one, other) in enumerate(zip(text, printed, strict=False)) if one != other
    )
    before, after = text[:at], text[at:]
    row = _row(before, 0, 0)
    figures = _row(small, 10 * at, down, size=6, step=6)
    rest = _row(after, 10 * at + 6 * len(small), 0)
    other_row = _row("再下一行的字", 0, 20)
    assert [printed, "再下一行的字"] == _texts(*row, *rest, *other_row, *figures)


def test_text_beside_a_drop_cap_is_not_shifted() -> None:
    """Nor is a figure at the end of small type beside large type."""
    drop_cap, beside = _row("在", 0, 0, size=26), _row("7月2日", 26, 0)
    assert ["7月2日", "在"] == sorted(_texts(*drop_cap, *beside))
    name, date = _row("简讯", 0, 0, size=14, step=14), _row("3月", 28, 3.7)
    assert "3月" in "".join(_texts(*name, *date))
    words, number = _row("同心", 0, 0, size=20, step=20), _row("139", 40, 17)
    assert ["139", "同心"] == sorted(_texts(*words, *number))


def test_a_wide_gap_ends_a_run() -> None:
    """What may be a gutter is left to the layout."""
    assert ["左栏", "右栏"] == _texts(*_row("左栏", 0, 0), *_row("右栏", 30, 0))


def test_a_narrow_gap_that_stands_out_is_a_space() -> None:
    """A name with a space before it keeps the space."""
    glyphs = [*_row("记者", 0, 0), *_row("江树", 24, 0)]
    assert ["记者 江树"] == _texts(*glyphs)


def test_a_mark_may_leave_half_its_square_bare() -> None:
    """The room beside a comma ends no run and is not a space."""
    comma = Glyph("，", Box(20, 0, 30, 10), 10, Box(21, 7, 24, 10))
    glyphs = [*_row("河边", 0, 0), comma, *_row("路灯", 31, 0)]
    assert ["河边，路灯"] == _texts(*glyphs)


def test_white_behind_a_mark_s_square_may_be_a_gutter() -> None:
    """A comma in the middle of its square leaves little of it bare."""
    comma = Glyph("，", Box(20, 0, 30, 10), 10, Box(23, 5, 26, 9))
    glyphs = [*_row("河边", 0, 0), comma, *_row("路灯", 34.5, 0)]
    assert ["河边，", "路灯"] == _texts(*glyphs)


@pytest.mark.parametrize(("height", "parts"), [(200, 2), (30, 1)])
def test_no_line_goes_on_across_a_rule_between_columns(height: float, parts: int) -> None:
    """Two headlines may fill their columns; a bar between the halves of one is as high as that."""
    glyphs = [
        *_row("渡口步道", 0, 0, size=25, step=25),
        *_row("书屋灯亮", 112, 0, size=25, step=25),
    ]
    rules = [Box(105, -2, 107, height - 2), Box(60, 300, 61, 500)]
    assert parts == len(runs_of(glyphs, rules))


def test_characters_below_each_other_are_a_vertical_run() -> None:
    """Three characters that follow each other downward are a vertical line."""
    glyphs = [_row(char, 50, at * 28, size=25)[0] for at, char in enumerate("渡口步道")]
    runs = runs_of(glyphs)
    assert ["渡口步道"] == [run.text for run in runs]
    assert runs[0].box == Box(50, 0, 75, 109)


def test_lines_that_a_file_gives_column_by_column_are_level() -> None:
    """The characters beside each other are nearer than those of the next line."""
    rows = [_row(text, 0, 15 * at) for at, text in enumerate(("河边路灯", "渡口步道", "巷口书屋"))]
    glyphs = [row[at] for at in range(4) for row in rows]
    assert ["河边路灯", "渡口步道", "巷口书屋"] == _texts(*glyphs)


def test_a_block_higher_than_wide_that_a_file_gives_downward_is_upright() -> None:
    """Its characters may stand nearer to those beside them; a file gives them as they are read."""
    lines = [(50, "渡口修了新步道"), (20, "村里人都说好")]
    glyphs = [_row(c, x, at * 35, size=25)[0] for x, text in lines for at, c in enumerate(text)]
    assert [text for _, text in lines] == [run.text for run in runs_of(glyphs)]
    wide = [
        _row(c, 30 * x, at * 35, size=25)[0] for x in range(9) for at, c in enumerate("渡口修了")
    ]
    assert ["渡" * 9, "口" * 9, "修" * 9, "了" * 9] == [run.text for run in runs_of(wide)]


def test_two_vertical_headlines_of_a_column_are_two_runs() -> None:
    """White of most of a character ends one; a rule may stand in it, which the layout looks for."""
    upper = [_row(char, 50, at * 25, size=25)[0] for at, char in enumerate("渡口步道")]
    lower = [_row(char, 50, 120 + at * 25, size=25)[0] for at, char in enumerate("巷口书屋")]
    assert ["渡口步道", "巷口书屋"] == [run.text for run in runs_of([*upper, *lower])]


def test_the_ends_of_two_lines_that_a_file_gives_first_are_no_vertical_line() -> None:
    """In whatever order it gives the characters."""
    upper, lower = _row("河边的路", 0, 0), _row("修好了吧", 0, 12)
    ends = [upper.pop(), lower.pop()]
    assert ["河边的路", "修好了吧"] == _texts(*ends, *_row("栏", 300, 300), *upper, *lower)[:2]


def test_a_short_last_line_over_an_indent_is_no_vertical_line() -> None:
    """A line that ends over the first character of the next paragraph stays level."""
    first, second = _row("实效。", 0, 0), _row("会议指出", 20, 14)
    assert ["实效。", "会议指出"] == sorted(_texts(*first, *second), key=len)


def test_marks_at_the_ends_of_two_lines_are_no_vertical_line() -> None:
    """Also where the file gives the marks, which hang out of the column, by themselves."""
    rows = [_row("渡口新修好步道", 0, top) for top in (0, 14)]
    marks = [_row("，", 70, top, size=10)[0] for top in (0, 14)]
    assert ["渡口新修好步道，"] * 2 == _texts(*rows[0], *rows[1], *marks)


def test_two_lines_given_at_once_are_level() -> None:
    """A file may give the characters of two lines from left to right, not line by line."""
    both = [_row(char, 10 * (at // 2), 12 * (at % 2))[0] for at, char in enumerate("渡步口道")]
    assert ["步道", "渡口"] == sorted(_texts(*both))


def test_type_printed_twice_to_look_bold_is_read_once() -> None:
    """A character a hair beside itself is one character."""
    assert ["步道"] == _texts(*_row("步道", 0, 0), *_row("步道", 0.4, 0))
    upright = [_row(char, 0, 10 * at)[0] for at, char in enumerate("渡口步道")]
    assert ["渡口步道"] == _texts(*upright, *upright)


def test_a_han_character_fills_its_square() -> None:
    """The box of a Han character is its square, whatever of it is inked; a letter's is its ink."""
    assert Box(10, 11.2, 20, 21.2) == square(10, 20, 10, Box(11, 19, 19, 19.6), "一")
    assert 14.5 == square(10, 20, 10, Box(10.5, 12, 14, 20), "a").right


def test_a_font_for_vertical_text_is_placed_by_its_ink() -> None:
    """Where the origin lies outside the character, the ink alone counts."""
    ink = Box(40, 40, 50, 50)
    assert ink == square(10, 20, 10, ink, "道")


@pytest.mark.parametrize(
    ("area", "held", "bar"),
    [
        (Box(0, 0, 500, 40), [Box(20, 7, 280, 33)], True),
        (Box(0, 0, 500, 80), [Box(20, 7, 280, 33), Box(20, 40, 200, 66)], True),
        (Box(0, 0, 500, 40), [Box(20, 7, 98, 33)], False),
        (Box(0, 0, 500, 300), [Box(20, 260, 280, 286)], False),
        (Box(0, 0, 300, 14), [Box(4, 2, 200, 12)], False),
        (
            Box(0, 0, 500, 90),
            [Box(20, 7, 280, 33), *(Box(20, y, 280, y + 18) for y in (36, 60))],
            False,
        ),
    ],
)
def test_a_bar_behind_a_headline_is_no_photo(area: Box, held: list[Box], bar: bool) -> None:
    """White words on a dark bar are a headline; a label, a title on a photo, a caption are not."""
    text = [Box(0, 400 + 14 * at, 160, 410 + 14 * at) for at in range(9)]
    assert bar == is_bar(area, [*held, *text])


@pytest.mark.parametrize(("under", "bar"), [((36, 18), True), ((36, 30), False), ((130, 30), True)])
def test_words_on_a_bar_over_a_headline_as_large_are_a_topic(
    under: tuple[float, float], bar: bool
) -> None:
    """Not over a deck, or where the next headline is far."""
    text = [Box(0, 200 + 14 * at, 160, 210 + 14 * at) for at in range(9)]
    head = Box(0, 40 + under[0], 200, 40 + sum(under))
    assert bar == is_bar(Box(0, 0, 500, 40), [Box(140, 7, 360, 33), head, *text])


@pytest.mark.parametrize(
    ("letters", "size", "bar"), [(7, 28, False), (7, 18, True), (12, 28, True)]
)
def test_words_that_fill_a_bar_over_a_larger_headline_are_a_label(
    letters: int, size: float, bar: bool
) -> None:
    """Not over a deck; and a kicker is longer than a label."""
    text = [Box(0, 200 + 14 * at, 160, 210 + 14 * at) for at in range(9)]
    under = [Box(40, 36, 180, 50), Box(20, 56, 200, 56 + size)]
    words = Box(8, 6, 8 + 17 * letters, 23)
    assert bar == is_bar(Box(0, 0, 16 + 17 * letters, 28), [words, *under, *text])


def test_a_photo_with_a_label_and_a_caption_is_no_frame() -> None:
    """What stands on a photo fills it far less than text fills a frame."""
    photo, label, caption = Box(0, 0, 200, 70), Box(5, 2, 60, 12), Box(5, 61, 80, 66)
    assert not is_frame(photo, [label, caption])
    rows = [Box(5, 2 + 9 * n, 190, 8 + 9 * n) for n in range(6)]
    assert is_frame(photo, rows)
    assert not is_frame(photo, rows, MIN_ON_IMAGE)  # an image: words on a photo


def test_a_story_with_photos_on_a_ground_is_in_a_frame() -> None:
    """Photos at its head and foot leave its text less than a frame's share; an advert shows one
    with a few lines of words."""
    ground, photos = Box(0, 0, 200, 500), [Box(5, 5, 195, 190), Box(5, 330, 195, 495)]
    rows = [Box(5, 195 + 13 * n, 195, 205 + 13 * n) for n in range(10)]
    assert not is_frame(ground, rows)
    assert is_frame(ground, rows[:6], shown=photos)  # a poem
    assert not is_frame(ground, rows[:4], shown=photos)
    large = [Box(5, 5, 195, 305)]  # below it a story of ten lines
    assert is_frame(
        ground, [Box(5, 310 + 15 * n, 195, 320 + 15 * n) for n in range(10)], shown=large
    )


def test_a_side_column_of_briefs_over_an_advert_is_in_a_frame() -> None:
    """What the advert's ground covers is no room for text, nor are its words of the frame; briefs
    that fill little of what is left do not make one."""
    ground, advert = Box(0, 0, 140, 1000), Box(10, 500, 130, 990)
    rows = [Box(10, 20 + 15 * n, 130, 30 + 15 * n) for n in range(20)]
    words = [Box(30, 700, 110, 730), Box(40, 800, 100, 812)]
    assert not is_frame(ground, [*rows, *words])
    assert is_frame(ground, [*rows, *words], shown=[advert, Box(10, 600, 130, 990)])
    assert not is_frame(ground, [*rows[:7], *words], shown=[advert])


def test_marks_at_one_place_in_two_lines_are_no_gutter() -> None:
    """Where two lines happen to have marks one over the other, no column begins after them."""

    def glyph(char: str, n: int, top: float) -> Glyph:
        box = Box(x := 10.0 * n + 3.5 * (n > 1), top, x + 10, top + 10)
        ink = (
            box
            if char not in "，。“"
            else Box(x + 5 * (char == "“"), top, x + 5 + 5 * (char == "“"), top + 10)
        )
        return Glyph(char, box, 10.0, ink)

    texts = ["去。“走过渡口的", "水，现在鞋底都泥"]
    glyphs = [glyph(c, n, 14.0 * row) for row, text in enumerate(texts) for n, c in enumerate(text)]
    assert "水， 现在鞋底都泥" in [run.text for run in runs_of(glyphs)]


@pytest.mark.parametrize(("spread", "parts"), [(0.4, 1), (1.2, 2)])
def test_two_marks_in_a_line_are_no_gutter_where_it_is_spaced_evenly(
    spread: float, parts: int
) -> None:
    """A comma and a quotation mark leave a square bare; if one hangs into a gutter, they stand
    otherwise apart than the characters around them."""
    inks = {"，": (0, 3), "“": (7, 10)}

    def glyph(char: str, n: int) -> Glyph:
        left = 10.4 * n + (spread - 0.4) * (n > 3)
        low, high = inks.get(char, (0, 10))
        ink = Box(left + low, 0, left + high, 10)
        return Glyph(char, Box(left, 0, left + 10, 10), 10.0, ink)

    assert parts == len(runs_of(glyph(char, n) for n, char in enumerate("老陈说，“水来了")))


def test_a_line_set_too_long_is_cut_where_the_next_column_begins() -> None:
    """Hanging over after a mark it all but meets the next column, which the row above shows."""

    def row(text: str, left: float, top: float) -> list[Glyph]:
        boxes = [Box(left + 10 * n, top, left + 10 * n + 10, top + 10) for n in range(len(text))]
        ink = [
            Box(b.left, b.top, b.left + 4, b.bottom) if c in "，。" else b
            for c, b in zip(text, boxes, strict=True)
        ]
        return [Glyph(c, b, 10.0, i) for c, b, i in zip(text, boxes, ink, strict=True)]

    left = row("渡口的步道，", 0, 0) + row("修好了目前，", 3.4, 14)
    right = row("柳家湾的秧", 65.2, 0) + row("都说方便了", 65.2, 14)
    assert 4 == len(runs_of(left + right))


def test_a_justified_line_is_not_cut_where_columns_near_it_happen_to_begin() -> None:
    """One whose characters stand there as far apart as everywhere goes on in one line."""
    step = 10.3

    def glyph(char: str, left: float, top: float) -> Glyph:
        box = Box(left, top, left + 10, top + 10)
        return Glyph(char, box, 10.0, box)

    for shift, parts in ((0.0, 1), (1.0, 2)):
        text = "渡口的步道修好了呀"
        long = [glyph(c, n * step - shift * (n < 4), 70) for n, c in enumerate(text)]
        rows = [
            glyph(c, 4 * step + 10 * n, top)
            for top in (14, 28, 42, 56)
            for n, c in enumerate("都说很方便")
        ]
        level = [run for run in runs_of(rows + long) if run.box and run.box.top == 70]
        assert parts == len(level)


def test_what_lies_outside_the_crop_box_is_not_taken() -> None:
    """A box beside the page, where printers put their marks, is not shown, however it is turned."""
    for turn in (0, 90, 180, 270):
        sheet = Sheet(0, 0, 200, 100, turn)
        assert sheet.shows(sheet.box(150, 10, 160, 20))
        assert not sheet.shows(sheet.box(-30, 10, -20, 20))
        assert not sheet.shows(sheet.box(10, 120, 20, 130))


def test_crop_marks_show_where_the_paper_ends() -> None:
    """At both ends of each edge; rules of the page itself are none."""
    sheet, inside = Box(0, 0, 700, 900), Box(100, 400, 101, 430)
    marks = [Box(x, y, x + 0.5, y + 25) for x in (40, 660) for y in (5, 870)]
    marks += [Box(x, y, x + 25, y + 0.5) for x in (5, 670) for y in (40, 860)]
    assert Box(40, 40, 660, 860) == _trim([*marks, inside], sheet)
    assert _trim([*marks[:3], *marks[5:], inside], sheet) is None


@pytest.mark.parametrize(
    ("frame", "seen"),
    [
        (b"100 400 120 60 re W n ", Box(100, 340, 220, 400)),
        (b"100 400 120 60 re W n 150 400 m 300 400 l 300 600 l h W n ", Box(150, 340, 220, 400)),
        (b"400 10 20 20 re W n ", Box(100, 250, 300, 450)),  # odd: nothing would be seen
        (b"", Box(100, 250, 300, 450)),
    ],
)
def test_a_cropped_photo_is_as_large_as_its_frame(frame: bytes, seen: Box) -> None:
    """Layout programs and browsers place the whole photo and show a part of it."""
    image = b"BI /W 1 /H 1 /CS /G /BPC 8 ID x EI"
    content = b"q " + frame + b"200 0 0 200 100 350 cm " + image + b" Q"
    page = pypdfium2.PdfDocument(pdf(content, filters=b""))[0]
    _, _, images = _drawings([*objects_on(page, SHEET)], SHEET)
    assert [seen] == [Box(*map(round, (x.left, x.top, x.right, x.bottom))) for x in images]


def test_rules_inside_forms_lie_where_they_are_seen(tmp_path: Path) -> None:
    """What a form draws lies where the form is put, as when a page is turned as a whole."""
    path = tmp_path / "page.pdf"
    path.write_bytes(with_placed_form(b"1 0 0 1 50 300 cm", b"0 0 200 1 re f"))
    page = pypdfium2.PdfDocument(path)[0]
    rules, _, _ = _drawings([*objects_on(page, SHEET)], SHEET)
    assert [Box(50.0, 499.0, 250.0, 500.0)] == [
        Box(*map(round, (x.left, x.top, x.right, x.bottom))) for x in rules
    ]


def test_a_headline_whose_font_names_no_characters_is_read_as_a_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its characters have numbers for private use; the text beside it is taken as it is."""
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding"
    names = b"<</Differences[65/uniE001/uniE002/uniE003]>>>>"
    resources = b"0 0 600 800]/Resources<</Font<</F 6 0 R>>>>/Old[0"
    stream = b"BT /F 30 Tf 50 700 Td (ABCABC) Tj ET BT /F 10 Tf 50 600 Td (2468) Tj ET"
    raw = pdf(stream, filters=b"", box=resources, extra=b"6 0 obj" + font + names + b"endobj")
    page = pypdfium2.PdfDocument(raw)[0]

    def read(_page: object, boxes: list[Box]) -> list[TextLine]:
        return [TextLine(text="河边的步道", box=box, size=box.height) for box in boxes]

    monkeypatch.setattr(pdf_source, "read_shapes", lambda _page, _boxes: [])
    unread = [line.text for block in read_page(page, 1, "").blocks for line in block.lines]
    assert {"2468", 6 * NAMELESS} == set(unread)
    monkeypatch.setattr(pdf_source, "read_shapes", read)
    lines = [line.text for block in read_page(page, 1, "").blocks for line in block.lines]
    assert ["2468", "河边的步道"] == lines


def test_a_code_that_no_font_explains_is_no_character() -> None:
    """A drawn glyph with a name of its own is whatever it looks like, and no A for its code."""
    font = b"<</Type/Font/Subtype/Type3/FontBBox[0 0 999 999]/FontMatrix[.001 0 0 .001 0 0]"
    font += b"/FirstChar 65/LastChar 66/Widths[1000 1000]/CharProcs<</a1 7 0 R/a2 7 0 R>>"
    font += b"/Encoding<</Differences[65/a1/a2]>>>>"
    glyph = b"<</Length 41>>stream\n1000 0 0 0 900 900 d1 0 0 900 900 re f    \nendstream"
    objects = b"6 0 obj%sendobj\n7 0 obj%sendobj" % (font, glyph)
    fonts = b"/Resources<</Font<</F 6 0 R>>>>"
    raw = pdf(b"BT /F 10 Tf 50 700 Td (AB) Tj ET", filters=b"", extra=objects, resources=fonts)
    page = pypdfium2.PdfDocument(raw)[0]
    found = [glyph.char for glyph in glyphs_on(page, SHEET, [*objects_on(page, SHEET)])]
    assert [NAMELESS, NAMELESS] == found


def test_the_first_box_over_an_ink_is_found() -> None:
    """Of boxes in their order: a page-wide one, a row of the page, one beside, one too small."""
    ink, low = Box(100, 100, 110, 110), Box(100, 500, 110, 510)
    boxes = [Box(90, 90, 105, 120), Box(0, 99, 60, 120), Box(0, 99, 600, 120), Box(0, 0, 600, 800)]
    assert {1: 2, 2: 3} == _first_over(enumerate(boxes), {1: ink, 2: low})


def test_the_shape_of_a_headline_may_reach_far_out_on_one_side() -> None:
    """A stroke's pointed end makes its box several times as high; a photo stands further off."""
    headline = Box(640, 72, 970, 96)
    assert _is_drawn_by(Box(639, 22, 971, 97), headline)
    assert not _is_drawn_by(Box(640, 100, 970, 220), headline)
