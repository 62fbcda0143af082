"""Images of pages: opened within limits, made level; rules and pictures found on them."""

import io
from dataclasses import astuple, replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.model import TextLine
from qjaudio.paper.text import Box
from qjaudio.sources.pictures import images_of
from qjaudio.sources.raster import (
    MAX_AREA,
    _classify,
    character_height,
    ink_level,
    level_page,
    skew,
    unify_sizes,
    working_size,
)
from qjaudio.sources.ruled import clear_of_next, clear_of_rules
from qjaudio.sources.rules import _framed_boxes, drawn_through, straight_lines, with_frames
from qjaudio.sources.scan import (
    _up_to_frame,
    shades_of,
)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _lined(angle: float) -> np.ndarray:  # type: ignore[type-arg]
    """A page of dashes like lines of text, turned."""
    image = Image.new("L", (1200, 1600), 235)
    draw = ImageDraw.Draw(image)
    for top in range(150, 1450, 30):
        for left in range(150, 1050, 24):
            draw.rectangle((left, top, left + 16, top + 16), fill=20)
    return np.asarray(image.rotate(angle, Image.Resampling.BICUBIC, fillcolor=235))


@pytest.mark.parametrize("angle", [-2.0, -0.6, 0.0, 0.5, 3.0])
def test_a_page_that_lies_askew_is_made_level(angle: float) -> None:
    """The angle is found to a tenth of a degree, and nothing of it is left."""
    page = _lined(angle)
    assert abs(skew(page) + angle) < 0.1
    assert abs(skew(level_page(page))) < 0.1


def test_a_picture_does_not_turn_the_page() -> None:
    """A dark shape that slants, with far more ink than the text, leaves the page as it is."""
    page = Image.fromarray(_lined(0))
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 300, 1200, 1600), fill=235)
    draw.polygon([(100, 400), (1100, 312), (1100, 1300), (100, 1388)], fill=90)
    assert abs(skew(np.asarray(page))) < 0.1


def test_a_blank_page_is_not_turned() -> None:
    """Without ink there is no angle."""
    assert 0.0 == skew(np.full((800, 600), 240, np.uint8))


def test_ink_is_told_from_grey_paper() -> None:
    """The threshold lies between the paper's grey and the ink."""
    assert 20 < ink_level(_lined(0)) <= 235


def test_an_image_of_600_megapixels_is_refused_before_it_is_decoded() -> None:
    """The size in the header is enough: the pixels are never unpacked."""
    small = _png(Image.new("1", (400, 400)))
    width = (30_000).to_bytes(4, "big") + (20_000).to_bytes(4, "big")
    claimed = bytearray(small[:16] + width + small[24:])
    import zlib

    claimed[29:33] = zlib.crc32(bytes(claimed[12:29])).to_bytes(4, "big")
    with pytest.raises(NotAnIssueError, match="more than 170 million pixels"):
        images_of(bytes(claimed), "huge.png")


@pytest.mark.parametrize("raw", [b"", b"not an image", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_what_is_no_image_is_refused(raw: bytes) -> None:
    """Broken bytes are our error with a hint."""
    with pytest.raises(NotAnIssueError, match="not an image") as caught:
        images_of(raw, "page.png")
    assert caught.value.hint


def test_a_truncated_image_is_refused() -> None:
    """Half an image is not read as half a page."""
    whole = _png(Image.effect_noise((800, 800), 60).convert("L"))
    with pytest.raises(NotAnIssueError, match="not an image"):
        images_of(whole[: len(whole) // 2], "page.png")


def test_a_stamp_is_too_small() -> None:
    """An image that can hold no page says so."""
    with pytest.raises(NotAnIssueError, match="only 120 × 90"):
        images_of(_png(Image.new("L", (120, 90), 255)), "icon.png")


def test_a_tiff_may_hold_several_pages() -> None:
    """Each frame is a page."""
    out = io.BytesIO()
    frames = [Image.new("L", (600, 800), shade) for shade in (255, 200)]
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:])
    assert 2 == len(images_of(out.getvalue(), "issue.tiff"))


def test_transparent_paper_is_white() -> None:
    """A page without a background is not a black page."""
    image = Image.new("RGBA", (600, 800), (0, 0, 0, 0))
    assert 255 == int(images_of(_png(image), "page.png")[0].min())


def test_pages_are_read_at_a_size_that_is_enough() -> None:
    """Large scans are reduced, small ones enlarged, proportions kept."""
    width, height = working_size(6000, 9000)
    assert abs(width * height - MAX_AREA) < 0.01 * MAX_AREA
    assert abs(height / width - 1.5) < 0.01
    assert working_size(1000, 1500)[0] > 1000


def test_a_sheet_of_two_pages_is_read_at_the_size_of_both() -> None:
    """Two pages side by side keep type as large as one page's."""
    assert abs(working_size(12000, 9000)[1] - working_size(6000, 9000)[1]) < 2


@pytest.mark.parametrize(("text", "grey_of_box"), [(0, 220), (24, 220), (12, 224), (24, 227)])
def test_a_tinted_box_on_grained_paper_is_found_whole(text: int, grey_of_box: int) -> None:
    """Grain and the bright edges that reducing gives to ink hide no tint, under text either."""
    grain = np.random.default_rng(3).standard_normal((1800, 1800)) * 9
    grey = np.full((1800, 1800), 235.0)
    grey[400:1400, 400:1400] = grey_of_box
    for at in range(430, 1370, text) if text else ():
        grey[at : at + 3, 430:1370] = 20
        grey[430:1370, at : at + 3] = 20
    image = Image.fromarray((grey + grain).clip(0, 255).astype(np.uint8))
    page = np.asarray(image.resize((900, 900), Image.Resampling.LANCZOS))
    (tint,) = shades_of(page)[1]
    assert max(abs(a - b) for a, b in zip(astuple(tint), (200, 200, 700, 700), strict=True)) < 12


@pytest.mark.parametrize("boxed", [False, True])
def test_light_words_along_its_edge_do_not_end_a_picture(*, boxed: bool) -> None:
    """A caption inside a photo, in white or on white, is in it."""
    page = np.full((900, 900), 235, np.uint8)
    page[200:600, 200:700] = 120
    for at in range(212, 680, 20):
        page[550:594, at : at + (20 if boxed else 8)] = 250
    (picture,) = shades_of(page)[0]
    assert abs(picture.bottom - 600) < 12 and abs(picture.top - 200) < 12


def test_a_photo_with_a_streak_of_shade_beside_it_is_no_tinted_box() -> None:
    """A box has its tint beside its photo, too."""
    page = np.full((900, 900), 235, np.uint8)
    page[200:600, 400:800] = 120
    page[200:310, 60:400] = 222
    page[200:600, 60:100] = 222
    assert [] == shades_of(page)[1]
    page[200:600, 60:400] = 222
    assert 1 == len(shades_of(page)[1])


@pytest.mark.parametrize("sky", [205, 235])
def test_a_photo_reaches_through_its_light_sky_to_its_frame(sky: int) -> None:
    """What is white below a rule is no sky: the rule parts what is over it from the photo."""
    page = np.full((900, 900), 235, np.uint8)
    page[200:600, 200:700] = 120
    page[130:200, 200:700] = sky
    page[127:130, 200:700] = 20
    (picture,) = shades_of(page)[0]
    assert picture.top > 180
    grown = _up_to_frame(picture, [Box(199, 126, 701, 131)], page, 20)
    assert (grown.top < 130) == (sky < 235) and abs(grown.bottom - 600) < 12


@pytest.mark.parametrize("kind", ["negative", "16 bits", "12 bits", "32 bits", "shares"])
def test_pages_of_more_bits_and_negatives_are_read_as_they_look(kind: str) -> None:
    """Paper stays light and ink dark: nothing is cut off at 255, black and white are not taken
    for each other."""
    page = _lined(0)
    values = {
        "negative": 255 - page,
        "16 bits": page.astype(np.uint16) * 257,
        "12 bits": page.astype(np.uint16) * 16,
        "32 bits": page.astype(np.int32) * 257,
        "shares": (page / 255).astype(np.float32),
    }[kind]
    out = io.BytesIO()
    Image.fromarray(values).save(out, "TIFF")
    (grey,) = images_of(out.getvalue(), "page1.tif")
    assert abs(int(np.median(grey)) - 235) < 3
    assert grey.min() < 40


def test_lines_of_a_headline_are_one_size_though_their_ink_differs() -> None:
    """Characters without high strokes are lower in ink; a kicker stays smaller, text as it was."""
    sizes = [(20.0,)] * 3 + [(40.0,), (43.0,), (30.0,), (40.0,)]
    lengths = [12, 12, 12, 7, 7, 7, 7]
    classed = _classify(sizes, lengths, [[0, 1, 2], [3, 4], [5, 6]])
    assert classed[3] == classed[4] and classed[5] < 0.8 * classed[6]
    assert [20.0] * 3 == classed[:3]


def test_a_short_line_of_text_under_small_print_is_text() -> None:
    """The words to a photo stand in its column, over the last line beside the photo."""
    sizes = [(20.0, 20.0)] * 4 + [(17.0, 16.6), (17.0, 16.8), (19.4,), (16.5,)]
    classed = _classify(sizes, [16] * 6 + [5, 5], [[0, 1, 2, 3], [4, 5, 6, 7]])
    assert [20.0, 20.0] == [classed[0], classed[6]]
    assert classed[4] == classed[7] < 18


def test_a_rule_beside_a_frame_makes_no_frame_with_it() -> None:
    """The foot's rule under an advert is none of its sides; a label may stand in one of them."""
    level = [Box(100, top, 900, top + 2) for top in (200, 600, 620)]
    whole = [Box(x, 200, x + 2, 602) for x in (100, 898)]
    assert [Box(100, 200, 900, 602)] == _framed_boxes(level, whole, 16)
    parted = [whole[0], Box(898, 230, 900, 602)]
    assert [Box(100, 200, 900, 602)] == _framed_boxes(level[:2], parted, 16)


def test_a_label_stands_in_the_top_of_a_frame() -> None:
    """Boxes side by side have sides where their rules end; the rule around both is no top."""
    tops = [Box(100, 200, 400, 203), Box(600, 200, 900, 203)]
    foot = Box(100, 600, 900, 603)
    sides = [Box(x, 200, x + 3, 603) for x in (100, 897)]
    assert [Box(100, 200, 900, 603)] == _framed_boxes([*tops, foot], sides, 16)
    inner = [Box(x, 200, x + 3, 500) for x in (398, 600)]
    assert [] == _framed_boxes([*tops, foot], [*sides, *inner], 16)


def test_rules_between_columns_make_no_frame_of_a_quotation() -> None:
    """The two rules over and under it end short of them."""
    level = [Box(110, top, 390, top + 3) for top in (300, 400)]
    sides = [Box(x, 100, x + 2, 700) for x in (98, 400)]
    assert [] == _framed_boxes(level, sides, 16)
    assert [Box(110, 300, 390, 403)] == _framed_boxes(
        level, [Box(108, 100, 111, 700), Box(388, 100, 391, 700)], 16
    )


@pytest.mark.parametrize("into", [700, 1000])
def test_a_rule_thinner_than_a_pixel_is_one(into: int) -> None:
    """It is grey, and may run into a picture; the edge of lines of text is none."""
    page = np.full((1200, 900), 235, np.uint8)
    page[100:700, 450:452] = 190
    page[into:1100, 200:800] = 90
    for top in range(100, 650, 30):
        page[top : top + 18, 200:420] = 20
    rules, frames = with_frames(*straight_lines(drawn_through(page, 18)))
    assert [(449, 453)] == [(rule.left, rule.right) for rule in rules if rule.is_tall]
    assert [] == frames


@pytest.mark.parametrize(("dot", "step"), [(3, 10), (14, 22)])
def test_dotted_and_dashed_rules_are_rules(dot: int, step: int) -> None:
    """What stands under each other in lines of text, as marks do, is none."""
    page = np.full((900, 900), 235, np.uint8)
    for at in range(100, 700, step):
        page[at : at + dot, 300:302] = page[800:802, at : at + dot] = 20
    for top in range(100, 700, 34):
        page[top : top + 18, 320:620:22] = page[top + 14 : top + 18, 500:504] = 20
        for left in range(320, 480, 22):
            page[top : top + 18, left : left + 18] = 20
    rules, _ = with_frames(*straight_lines(drawn_through(page, character_height(page))))
    assert [True, False] == sorted((rule.is_tall for rule in rules), reverse=True)
    assert not any(straight_lines(page)[:2])


def test_a_shadow_across_a_page_is_no_tinted_box() -> None:
    """It falls aslant; a box has its tint from edge to edge."""
    down, across = np.mgrid[0:900, 0:900]
    page = np.where(abs(down - across) < 120, 222, 235).astype(np.uint8)
    assert ([], []) == shades_of(page)


def test_the_box_of_a_headline_ends_where_its_deck_begins() -> None:
    """OCR draws it into the deck, and the type seems half as large again; two lines alike stay."""
    text = [
        TextLine(text="河边新修了步道", box=Box(0, 300 + y, 90, 310 + y)) for y in range(0, 90, 15)
    ]
    inked = np.full((400, 400), 240, np.uint8)
    inked[:, ::6] = 20  # no row between them is bare
    head, deck = Box(0, 20, 200, 80), Box(20, 66, 180, 84)
    for other, ends in (
        (deck, 66),
        (replace(deck, left=190, right=350), 80),
        (replace(deck, bottom=120), 80),
    ):
        rows = [TextLine(text=name, box=box) for name, box in (("渡口通了", head), ("步道", other))]
        first, *_ = clear_of_next([*rows, *text], inked)
        assert first.box == replace(head, bottom=ends)
    kicker = TextLine(text="村里的事", box=Box(20, 10, 180, 28))
    first, *_ = clear_of_next([rows[0], kicker, *text], inked)
    assert first.box == replace(head, top=28)


def test_two_lines_of_a_small_headline_have_one_size_where_their_boxes_meet() -> None:
    """The box of the upper one takes in the first strokes of the lower one."""
    page, lines = np.full((500, 400), 240, np.uint8), list[TextLine]()
    for at, (text, size) in enumerate(
        [("渡口新栈桥", 30), ("通到了东岸", 30), *[("村里的人", 20)] * 6]
    ):
        top = 20 + 36 * at
        for left in range(40, 40 + size * len(text), size):
            page[top : top + size - 2, left + 1 : left + size - 1] = 20
        lines.append(TextLine(text=text, box=Box(40, top - 2, 40 + size * len(text), top + size)))
    lines[0] = replace(lines[0], box=Box(40, 18, 190, 59))
    first, second, *_ = unify_sizes(clear_of_next(lines, page), page)
    assert first.size == second.size
    apart = replace(lines[1], box=Box(240, 54, 390, 86))  # of the next column
    assert lines[0] == clear_of_next([lines[0], apart], page)[0]


def test_the_figures_that_end_a_paragraph_are_as_large_as_its_text() -> None:
    """Figures and marks tell their type roughly, by their ink alone; so does their box."""
    page, lines = Image.new("L", (600, 400), 240), list[TextLine]()
    draw = ImageDraw.Draw(page)
    for top in range(40, 280, 30):
        for left in range(60, 380, 20):
            for step in (0, 7, 14):
                draw.rectangle((left, top + step, left + 17, top + step + 3), fill=20)
        lines.append(
            TextLine(text="渡口新修了步道大家都说走着稳当", box=Box(60, top, 380, top + 19))
        )
    for left in range(60, 120, 15):
        draw.rectangle((left, 281, left + 4, 296), fill=20)
    found = unify_sizes(
        [*lines, TextLine(text="47%。", box=Box(60, 276, 120, 300))], np.asarray(page)
    )
    assert found[-1].size == found[0].size
    heights = [round(one.box.height, 3) for one in (found[0], found[-1]) if one.box]
    assert len(heights) == 2 and heights[0] == heights[1]


@pytest.mark.parametrize(("wide", "clear"), [(300, True), (60, False)])
def test_a_line_found_with_the_rules_around_it_ends_before_them(*, wide: int, clear: bool) -> None:
    """It is as wide as its words; a short stroke near its edge is one of a character."""
    grey = np.full((100, 400), 230, np.uint8)
    grey[30:32, 50 : 50 + wide], grey[58:60, 50 : 50 + wide] = 20, 20
    for at in range(120, 280, 20):
        grey[36:54, at : at + 16] = 20
    rules = [Box(50, 30, 50 + wide, 32), Box(50, 58, 50 + wide, 60)]
    found = Box(50.0, 29.0, 350.0, 61.0)
    assert [Box(120.0, 32, 276.0, 58) if clear else found] == clear_of_rules([found], rules, grey)
