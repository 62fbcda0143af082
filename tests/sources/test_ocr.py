"""Lines of a scan: the size of their type, told by their ink, and where they are cut."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from qjaudio.paper.model import TextLine
from qjaudio.paper.text import Box

pytest.importorskip("cv2")

from qjaudio.sources import ocr
from qjaudio.sources.bars import inked_pieces, labels_of
from qjaudio.sources.raster import (
    Grey,
    ink_of,
    inked_columns,
    space_out,
    unify_sizes,
    unread_ink,
)

PAPER, INK = 225, 40
BODY = 20
"""Pixels of the type of the text."""


def _page(*lines: tuple[int, int, str, int]) -> tuple[Grey, list[TextLine]]:
    """A page with lines (left, top, text, size), each character a block with strokes in it."""
    grey = np.full((400, 600), PAPER, np.uint8)
    found = []
    for left, top, text, size in lines:
        for at, char in enumerate(text):
            x = left + at * size
            if char in "，。":
                grey[top + size - 5 : top + size + 1, x + 2 : x + 5] = INK
            elif char != " ":
                grey[top + 1 : top + size - 1 : 3, x + 1 : x + size - 1] = INK
                grey[top + size - 2, x + 1 : x + size - 1] = INK
        box = Box(left, top - 2, left + len(text) * size, top + size + 2)
        found.append(TextLine(text=text, box=box))
    return grey, found


def test_type_is_measured_by_its_ink_and_text_has_one_size() -> None:
    """A line with a hanging comma, a short one and a long one are text; a larger one is none."""
    grey, lines = _page(
        (20, 20, "秋收以后村里腾出一块空地准备来年", BODY),
        (20, 50, "再添几台设备，", BODY),
        (20, 80, "大家都说好", BODY),
        (20, 120, "空地有了新用处", 30),
        (20, 160, "图为新添的设备", 17),
    )
    sizes = [line.size for line in unify_sizes(lines, grey)]
    assert sizes[0] == sizes[1] == sizes[2] == pytest.approx(BODY, rel=0.08)
    assert sizes[3] == pytest.approx(30, rel=0.1)
    assert sizes[4] == pytest.approx(17, rel=0.1)


def test_small_bold_headings_are_told_from_the_text_under_them() -> None:
    """Their strokes are thicker; the lines of a brief have one size, however few are long."""
    text = "秋收以后村里腾出一块空地准备来年"
    grey, lines = _page(
        *((20, 20 + 26 * at, text, BODY) for at in range(6)),
        (20, 196, text[:10], 18),
        (20, 220, text[:7], 17),
        (20, 242, text, 17),
        (20, 264, text[:5], 17),
    )
    grey[197:213, 20:200] = INK
    grey[200:213:8, 20:200] = PAPER
    sizes = [line.size or 0 for line in unify_sizes(lines, grey)]
    assert len({*sizes[7:]}) == 1 and sizes[7] < sizes[6] and sizes[7] < 0.9 * BODY


def test_the_words_to_a_photo_over_text_keep_their_size() -> None:
    """They are a little smaller than the text that follows them in the same column."""
    text = "秋收以后村里腾出一块空地准备来年"
    grey, lines = _page(
        *((20, 20 + 26 * at, text, BODY) for at in range(4)),
        (20, 150, text, 17),
        *((20, 174 + 26 * at, text, BODY) for at in range(3)),
    )
    sizes = [line.size or 0 for line in unify_sizes(lines, grey)]
    assert sizes[4] == pytest.approx(17, rel=0.05)
    assert {sizes[0]} == {*sizes[:4], *sizes[5:]}


def test_squeezed_headlines_are_as_large_as_they_are_high() -> None:
    """Nine characters and more tell type by their width, but where that is much less."""
    text = "秋收以后村里腾出一块空地准备来年"
    grey, lines = _page(
        *((20, 20 + 26 * at, text, BODY) for at in range(6)), (20, 200, "空地新用处", 40)
    )
    squeezed, narrow = "秋收以后添了几台设备", 30
    for at in range(len(squeezed)):
        left = 20 + at * narrow
        grey[261:299:3, left + 1 : left + narrow - 1] = grey[298, left + 1 : left + 29] = INK
    box = Box(20, 258, 20 + narrow * len(squeezed), 302)
    *_, short, long = unify_sizes([*lines, TextLine(text=squeezed, box=box)], grey)
    assert short.size == long.size == pytest.approx(40, rel=0.1)


def test_both_lines_of_a_small_headline_are_as_large() -> None:
    """Their ink differs by a stroke; one that stands far under the other is another heading."""
    text = "秋收以后村里腾出一块空地准备来年"
    rows = [(20, 20 + 26 * at, text, BODY) for at in range(6)]
    grey, lines = _page(*rows, (20, 190, "添了设备", 26), (20, 220, "大家都说好", 25))
    first, second = [line.size for line in unify_sizes(lines, grey)][-2:]
    assert first == second
    grey, lines = _page(*rows, (20, 190, "添了设备", 26), (20, 300, "大家都说好", 24))
    first, second = [line.size for line in unify_sizes(lines, grey)][-2:]
    assert first != second


def test_a_line_whose_spaces_were_lost_is_as_large_as_its_ink() -> None:
    """A dateline: what is wide for its characters stands apart."""
    text = "秋收以后村里腾出一块空地准备来年"
    rows = [(20, 20 + 26 * at, text, BODY) for at in range(6)]
    grey, lines = _page(*rows, (60, 180, "添了设备 大家 都说好", BODY), (20, 206, text[:9], BODY))
    lines[6] = replace(lines[6], text=lines[6].text.replace(" ", ""))
    assert len({line.size for line in unify_sizes(lines, grey)}) == 1


def test_light_type_on_a_dark_ground_is_as_large_as_dark_type() -> None:
    """The ground of a label is higher than its words."""
    grey, lines = _page(
        (20, 20, "秋收以后村里腾出一块空地准备来年", BODY), (60, 102, "栏目名字", 30)
    )
    grey[90:145, 40:200] = 255 - grey[90:145, 40:200]
    _, light = unify_sizes(lines, grey)
    assert light.size == pytest.approx(30, rel=0.1)


def test_a_comma_of_small_print_is_ink_and_a_speck_is_none() -> None:
    """Both are two pixels wide; gaps beside lost commas were taken for gutters."""
    ink = np.zeros((30, 100), bool)
    ink[20:25, 40:42] = ink[10:12, 60:62] = True
    assert [40, 41] == [*inked_columns(Box(0, 0, 99, 29), ink)]


def test_a_box_of_small_type_has_one_size() -> None:
    """Single lines of a small box are measured as the page's text; together they are smaller.

    A bold heading over them is not measured with them.
    """
    text = "秋收以后村里腾出一块空地准备来年"
    small = [(20, 220 + 24 * at, text[: 16 - at % 2], 18) for at in range(4)]
    grey, lines = _page(
        *((20, 20 + 26 * at, text, BODY) for at in range(6)), (20, 196, text[:9], 18), *small
    )
    grey[198:212:3, 20:182] = INK
    *body, _, first, second, third, last = (line.size or 0 for line in unify_sizes(lines, grey))
    assert 1 == len({*body}) == len({first, second, third, last})
    assert first < 0.95 * body[0]


def test_marks_and_dashes_that_ocr_loses_come_back_from_the_ink() -> None:
    """A full square before a heading, and a dash that is read as 一 or as a hyphen."""
    grey, (line,) = _page((40, 20, "一座天桥", BODY))
    grey[22:38, 18:34] = INK
    box = replace(line.box, left=18)
    read = ocr.cut_at_gutters([box], [], grey, lambda _: [ocr.ReadText("一座天桥")])
    assert ["■一座天桥"] == [one.text for one in read]
    grey[24:36:6, 20:32] = PAPER  # a dense character, like 圈
    read = ocr.cut_at_gutters([box], [], grey, lambda _: [ocr.ReadText("圈一座天桥")])
    assert ["圈一座天桥"] == [one.text for one in read]
    grey, (line,) = _page((60, 20, "走访见闻", BODY))
    grey[29:31, 20:58] = INK
    read = ocr.cut_at_gutters(
        [replace(line.box, left=20)], [], grey, lambda _: [ocr.ReadText("-一走访见闻")]
    )
    assert ["——走访见闻"] == [one.text for one in read]


def test_what_the_model_was_not_sure_of_is_known() -> None:
    """A figure with an unsure digit is named whole, a Han character alone."""
    text = "今年来了418户，岙口"
    certain = [0.99] * len(text)
    certain[4], certain[9] = 0.86, 0.3
    assert ("418", "岙") == ocr.ReadText(text, certain).unsure
    assert ("都",) == ocr.ReadText("（记者 都明）", [0.99] * 4 + [0.75] + [0.99] * 2).unsure
    assert () == ocr.ReadText(text, [0.91] * len(text)).unsure
    grey, (line,) = _page((20, 20, "今年来了418户", BODY))
    seen = ocr.ReadText("今年来了418户", certain)
    (told,) = ocr.cut_at_gutters([line.box], [], grey, lambda _: [seen])
    assert ("418",) == told.unsure


def test_spaces_beside_chinese_characters_are_left_to_the_ink() -> None:
    """What is read of a line has none but between Latin words; certainties stay with their own."""
    pytest.importorskip("rapidocr")
    text = "（记者 都明） 说 QR code"
    told = SimpleNamespace(
        word_cols=[[at for at, char in enumerate(text) if char != " "]],
        confs=[0.5 if char == "都" else 0.99 for char in text],
        line_txt_len=len(text),
    )
    engine = SimpleNamespace(
        text_det=SimpleNamespace(session=SimpleNamespace()), text_rec=_Reads(text, told)
    )
    blank = np.full((24, 300), PAPER, np.uint8)
    (read,) = ocr.LineReader(engine, (None, None)).read([blank])
    assert ("（记者都明）说QR code", ("都",)) == (read, read.unsure)


class _Reads:
    """Stands for the model that reads lines: it reads this of every one."""

    def __init__(self, text: str, told: SimpleNamespace) -> None:
        self.session = SimpleNamespace()
        self.found = SimpleNamespace(txts=(text,), scores=(0.97,), word_results=(told,))

    def __call__(self, _: object) -> SimpleNamespace:
        return self.found


def test_ink_between_two_characters_is_one_that_was_not_read() -> None:
    """As high and as wide as they are; a space, a comma and a mark like ■ are none."""
    text = "秋收以后村里腾出，好 地"
    grey, _ = _page((20, 20, text, BODY))
    line = grey[18:42, 20:260]
    places = [((at + 0.5) / 12, char != "，") for at, char in enumerate(text) if char != " "]
    assert [] == unread_ink(line, places)
    assert [] == unread_ink(line, places[:8] + places[9:])
    assert [2] == unread_ink(line, places[:2] + places[3:])
    assert [0] == unread_ink(line, places[1:])
    line[3:21, 2:18] = INK
    assert [] == unread_ink(line, places[1:])


def test_a_line_in_doubt_is_read_again_in_other_sizes() -> None:
    """The surest reading counts; what two read alike is sure, what none does is said."""
    grey, (line,) = _page((20, 20, "桥头4户住在岙口", BODY))

    def told(*readings: tuple[str, list[float]]) -> TextLine:
        left = iter([ocr.ReadText(text, certain) for text, certain in readings])
        (one,) = ocr.cut_at_gutters([line.box], [], grey, lambda _: [next(left)])
        assert not [*left]
        return one

    sure = [0.99] * 8
    poor = [*sure[:2], 0.7, *sure[3:7], 0.2]
    alike = told(("桥头4户住在岙口", poor), ("桥头4户住在岙口", sure))
    assert ("桥头4户住在岙口", ()) == (alike.text, alike.unsure)
    other = told(("桥头1户住在香口", poor), ("桥头4户住在岙口", sure), ("", []))
    assert ("桥头4户住在岙口", ("4", "岙")) == (other.text, other.unsure)
    short = ("桥头4户住在口", sure[1:])
    kept = told(("桥头4户住在香口", [*sure[:6], 0.3, 0.99]), short, short)
    assert ("桥头4户住在香口", ("香",)) == (kept.text, kept.unsure)
    assert ocr.UNREAD == told(("", []), ("", []), ("", [])).text


def test_the_two_lines_of_a_headline_have_one_size() -> None:
    """What differs by less than can be measured is one size."""
    text = "秋收以后村里腾出一块空地准备来年"
    grey, lines = _page((20, 20, text, BODY), (20, 60, "空地有了", 40), (20, 110, "新用处", 41))
    first, second = (line.size for line in unify_sizes(lines, grey)[1:])
    assert first == second


def test_all_spaces_between_names_come_back() -> None:
    """OCR closes up 本报记者, a name and another name; the ink shows where they are apart."""
    grey, (line,) = _page((20, 20, "本报记者 秦望 左安", BODY))
    tight = TextLine(text="本报记者秦望左安", box=line.box)
    read = ocr.cut_at_gutters(
        [tight.box] if tight.box else [], [], grey, lambda _: [ocr.ReadText(tight.text)]
    )
    assert [line.text] == [one.text for one in read]


@pytest.mark.parametrize(("bold", "gap", "spaced"), [(6, 10, True), (3, 10, False), (6, 1, False)])
def test_a_space_behind_bold_words_comes_back(bold: int, gap: int, *, spaced: bool) -> None:
    """It is half as wide as others; text in one type is spaced by its marks."""
    grey = np.full((80, 400), PAPER, np.uint8)
    for start, step in ((20, bold), (140 + gap, 3)):
        for left in range(start, start + 120, 10):
            grey[32:50, left : left + step] = INK
    box = Box(18, 30, 264 + gap, 52)
    cut = space_out(TextLine(text="渡口新修栈桥渡口新修栈桥", box=box), ink_of(grey))
    assert cut.text == ("渡口新修栈桥 渡口新修栈桥" if spaced else "渡口新修栈桥渡口新修栈桥")


def test_no_space_is_put_inside_a_number() -> None:
    """A narrow figure or its point leaves as much bare; words behind it stand apart."""
    grey, (line,) = _page((20, 20, "修渠3 . 5里 新桥", BODY))
    tight = line.text.replace(" ", "")
    read = ocr.cut_at_gutters(
        [line.box] if line.box else [], [], grey, lambda _: [ocr.ReadText(tight)]
    )
    assert ["修渠3.5里 新桥"] == [one.text for one in read]


def test_small_marks_and_thin_strokes_are_ink_on_tinted_ground() -> None:
    """What is thinner than a pixel is grey, also in a box that is grey itself."""
    grey = np.full((300, 600), PAPER, np.uint8)
    grey[100:200] = 180
    grey[50, 100:130] = PAPER - 80
    grey[150, 100:130] = 180 - 80
    ink = ink_of(grey)
    assert ink[50, 110] and ink[150, 110]
    assert not ink[140, 300] and not ink[20, 300]


def test_boxes_of_labels_are_told_from_characters() -> None:
    """A black box and one drawn with a line are labels' boxes; a character like 国 is none."""
    grey = np.full((300, 600), PAPER, np.uint8)
    grey[50:80, 50:130] = INK
    grey[50:80, 200:280] = INK
    grey[53:77, 203:277] = PAPER
    grey[50:80, 400:430] = INK
    grey[53:77, 403:427] = PAPER
    assert [50, 200] == [box.left for box in labels_of(*inked_pieces(grey), BODY)]


class _Found:
    def __init__(self, boxes: np.ndarray | None) -> None:
        self.boxes = boxes


class _Engine:
    """Stands for RapidOCR: finds every black bar of a band, and counts the bands."""

    def __init__(self, *away: int) -> None:
        """Pixels by which boxes lie off the lines, in one band and in the next."""
        self.text_det, self.away = self, away or (0, 0)
        self.text_rec = SimpleNamespace(session=SimpleNamespace())
        self.session = SimpleNamespace()
        self.seen: list[int] = []

    def __call__(self, image: np.ndarray) -> _Found:
        self.seen.append(image.shape[0] * image.shape[1])
        rows = np.flatnonzero(image[:, 5, 0] < 100)
        runs = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1) if len(rows) else []
        away = self.away[len(self.seen) % 2]
        spans = [(run[0] + away, run[-1] + 1 + away) for run in runs]
        corners = [[(0, a), (9, a), (9, b), (0, b)] for a, b in spans]
        return _Found(np.array(corners) if corners else None)


@pytest.mark.parametrize("away", [(0, 0), (-2, 2), (2, -2)])
def test_lines_are_found_once_in_bands_of_the_page(
    monkeypatch: pytest.MonkeyPatch, away: tuple[int, int]
) -> None:
    """A line on the edge of a band is found whole and once; no band is larger than it may be.

    Nor is one lost, or found twice, whose middle is seen on the other side of the edge.
    """
    monkeypatch.setattr(ocr, "BAND_PIXELS", 300 * 400)
    engine = _Engine(*away)
    grey = np.full((2000, 300), PAPER, np.uint8)
    tops = range(33, 1953, 20)  # a band is 220 rows: a line stands on each edge
    for top in tops:
        grey[top : top + 14] = INK
    boxes = ocr.LineReader(engine, (None, None)).find(grey)
    assert [top // 20 for top in tops] == [box.top // 20 for box in boxes]
    assert len(engine.seen) > 4
    assert max(engine.seen) <= ocr.BAND_PIXELS


@pytest.mark.parametrize("turns", range(4))
def test_a_page_on_its_side_or_head_is_turned_by_what_is_read(
    monkeypatch: pytest.MonkeyPatch, turns: int
) -> None:
    """The side is told by the lines, head and foot by which way round they are read for certain."""
    grey = np.full((400, 600), PAPER, np.uint8)
    boxes = [Box(20, top, 220, top + BODY) for top in range(20, 320, 40)]
    for box in boxes:
        grey[int(box.bottom) - 4, 20:220] = INK
    wide, tall = grey.shape[1], grey.shape[0]
    for _ in range(turns):
        boxes = [Box(b.top, wide - b.right, b.bottom, wide - b.left) for b in boxes]
        wide, tall = tall, wide

    def read(crops: list[Grey]) -> list[ocr.ReadText]:
        upright = [crop.mean(axis=1).argmin() > len(crop) / 2 for crop in crops]
        return [ocr.ReadText("秋", [0.97 if one else 0.6]) for one in upright]

    monkeypatch.setattr(ocr, "reader", lambda: SimpleNamespace(read=read))
    page = np.ascontiguousarray(np.rot90(grey, turns))
    assert (4 - turns) % 4 == ocr._quarters(page, boxes)
    assert 0 == ocr._quarters(page, [])


def test_a_mark_outside_a_line_s_box_is_read_with_it() -> None:
    """A dash or a quotation mark that the detector leaves out; not the edge of another line."""
    grey, (line,) = _page((80, 20, "走访见闻", BODY))
    grey[29:31, 40:76] = INK

    def read(crops: list[Grey]) -> list[ocr.ReadText]:
        return [ocr.ReadText("一走访见闻") for _ in crops]

    assert line.box
    box = replace(line.box, left=64.0)
    (told,) = ocr.cut_at_gutters([box], [], grey, read)
    assert told.box and ("——走访见闻", 40) == (told.text, told.box.left)
    beside = Box(10.0, box.top, 39.0, box.bottom)
    first, *_ = ocr.cut_at_gutters([box, beside], [], grey, read)
    assert first.box and first.box.left >= 64
    grey[10:60, 50:60] = INK
    first, *_ = ocr.cut_at_gutters([box], [], grey, read)
    assert first.box and first.box.left >= 60


@pytest.mark.parametrize(("rows", "parts"), [(7, 2), (2, 1)])
def test_the_short_end_of_a_column_is_cut_off_the_line_beside_it(rows: int, parts: int) -> None:
    """Where the gutter goes on for lines; the indent of a first line does not."""
    lines = [(60, 20 + 28 * at, "一座天桥修在村口边", BODY) for at in range(rows + 1)]
    ends = [(258, 20 + 28 * at, "一座天桥修在村口边", BODY) for at in range(rows)]
    grey, found = _page(*lines, *ends, (258, 20 + 28 * rows, "桥。", BODY))
    for box in (line.box for line in found if line.box):
        grey[int(box.top) + 3 : int(box.bottom) - 3, int(box.left) + 2 : int(box.right) - 2] = INK
    box = replace(found[rows].box or Box(0, 0, 0, 0), right=300.0)
    others = [
        one.box for one in found if one.box and one.box not in (found[rows].box, found[-1].box)
    ]

    def parts_with(boxes: list[Box], rules: list[Box]) -> int:
        read = ocr.cut_at_gutters(
            [box, *boxes], rules, grey, lambda crops: [ocr.ReadText("桥")] * len(crops)
        )
        return sum(one.box is not None and one.box.centre > others[-1].bottom for one in read)

    assert parts == parts_with([], [])
    assert 2 == parts_with(others, [])  # the lines above end and begin there
    last = others[-1]
    assert 2 == parts_with([*others[:-1], replace(last, left=last.left + 2 * BODY)], [])
    assert 2 == parts_with([], [Box(others[0].right + 8, 0, others[0].right + 9, 400)])


def test_two_upright_lines_of_a_headline_side_by_side_are_read_one_by_one() -> None:
    """The detector gives them as one; the level lines of the text have their size."""
    grey, body = _page(*[(200, 20 + 28 * at, "一座天桥修在村口边", BODY) for at in range(6)])
    for left in (40, 92):
        for top in range(20, 260, 48):
            grey[top : top + 44 : 3, left : left + 44] = grey[top : top + 44, left : left + 4] = INK
            grey[top : top + 44, left + 40 : left + 44] = INK
    for bottom in (262, 156):  # of all characters, or of so few that the box is hardly tall
        both = TextLine(text="不再难", box=Box(36, 16, 140, bottom))
        read = ocr.with_upright(
            [*body, both], [], [], grey, lambda strips: ["天桥修通了"] * len(strips)
        )
        places = [line.box.left for line in read[len(body) :] if line.box]
        assert both not in read and [36, 88] == sorted(round(place) for place in places)


@pytest.mark.parametrize(("rows", "upright"), [(4, True), (2, False)])
def test_the_heads_of_two_upright_lines_are_no_level_line(rows: int, *, upright: bool) -> None:
    """The detector may give nothing but the first row; as many rows as columns are level lines."""
    grey, body = _page(*[(200, 20 + 28 * at, "一座天桥修在村口边", BODY) for at in range(6)])
    for left in (40, 92):
        for top in range(20, 20 + 58 * rows, 58):
            grey[top : top + 44 : 3, left : left + 44] = grey[top : top + 44, left : left + 4] = INK
            grey[top : top + 44, left + 40 : left + 44] = INK
    first = TextLine(text="不再", box=Box(38, 18, 138, 66))
    read = ocr.with_upright([*body, first], [], [], grey, lambda strips: ["天桥修通"] * len(strips))
    assert (first not in read) == upright and len(read) - len(body) == 1 + upright


def test_characters_of_an_upright_line_may_be_narrower_than_the_others() -> None:
    """Where it grows from one of those, and almost touches the line beside it."""
    grey, body = _page(*[(200, 20 + 28 * at, "一座天桥修在村口边", BODY) for at in range(6)])
    for left, inset in ((40, 3), (88, 0)):
        for at, top in enumerate(range(20, 260, 58)):
            x, wide = left + inset * (at % 2 == 0), 44 - 2 * inset * (at % 2 == 0)
            grey[top : top + 44 : 3, x : x + wide] = grey[top : top + 44, x : x + 4] = INK
            grey[top : top + 44, x + wide - 4 : x + wide] = INK
    seeds = [Box(86, 18, 134, 124), Box(42, 18, 90, 66)]
    read = ocr.with_upright(body, seeds, [], grey, lambda strips: ["天桥修通了"] * len(strips))
    places = [round(line.box.width) for line in read[len(body) :] if line.box]
    assert 2 == len(places) and all(44 < wide < 56 for wide in places)
