"""What OCR tools and chat models add to a page is told from its text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjaudio.sources.formula import print_formulas
from qjaudio.sources.sheets import drop_embedded, pages_of_fields, sort_sheets
from qjaudio.sources.text import split_pages

STORY = "本报讯（记者 李明）渡口的老船昨天修好了，三个村的人又能坐船过河赶集。"


def kinds(text: str) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for sheet in sort_sheets(text) for one in sheet.passages]


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        (r"提高 $32.5\%$ ，", "提高 32.5% ，"),
        (r"$3 2 . 5 \%$", "32.5%"),
        (r"$5\textperthousand$", "5‰"),
        (r"5\textperthousand", "5‰"),
        (r"约$3.2\times10^{4}$亩", "约3.2×10⁴亩"),
        (r"10^{4}亩", "10⁴亩"),
        (r"$10^{-3}$克", "10⁻³克"),
        (r"$\mathrm{km}^2$", "km²"),
        (r"$25 ^ { \circ } \mathrm { C }$", "25℃"),
        (r"$\frac{1}{3}$", "1/3"),
        (r"$\text{PM}_{2.5}$", "PM2.5"),
        (r"\(5\%\)", "5%"),
        ("$100，共$200", "$100，共$200"),
        ("从$5-$10", "从$5-$10"),
        (r"$\unknown{3}$", r"\unknown{3}"),
    ],
)
def test_a_formula_is_what_print_shows(written: str, printed: str) -> None:
    """No figure changes, no percentage becomes dollars, and prices stay prices."""
    assert printed == print_formulas(written)


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (f"# 题\n\n{STORY}", [("", f"# 题\n\n{STORY}")]),
        ("水面420 m<sup>2</sup>，10<sup>4</sup>亩", [("", "水面420 m2，10⁴亩")]),
        ("![](a.jpg)  \n老船下水。 李明 摄", [("caption", "老船下水。 李明 摄")]),
        ("<table><tr><td>站名</td><td>末班</td></tr></table>", [("table", "站名 末班")]),
        ("| 站名 | 末班 |\n|---|---|\n| 渡口 | 9:30 |", [("table", "站名 末班 渡口 9:30")]),
        ("<h2>老船下水</h2><p>船好了。</p>", [("", "## 老船下水\n\n船好了。")]),
        ("甲&nbsp;乙 &lt;3", [("", "甲 乙 <3")]),
        (f"以下是图片中的文字：\n\n{STORY}", [("tool", "以下是图片中的文字："), ("", STORY)]),
        ("<|ref|>老船<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>", [("", "老船")]),
    ],
)
def test_each_passage_has_its_kind(page: str, found: list[tuple[str, str]]) -> None:
    """Text stays text; tables, captions and talk of the tool are no text."""
    assert found == kinds(page)


@pytest.mark.parametrize("mark", ["===第2页===", "## Page 2", "<!-- page 2 -->", "[第2页]"])
def test_a_page_mark_begins_a_page(mark: str) -> None:
    """Its number is the page's; it stays with what is left out."""
    assert [0, 2] == [page.number for page in split_pages(f"{STORY}\n\n{mark}\n\n{STORY}")]


def test_letters_spaced_by_ocr_are_closed_up() -> None:
    """A sheet in which nearly all letters are spaced loses the spaces, another one keeps them."""
    spaced = " ".join(STORY.replace(" ", ""))
    assert [("", STORY.replace(" ", ""))] == kinds(spaced)
    assert [("", "一 心 一 意")] == kinds("一 心 一 意")


def test_headings_lose_the_numbers_of_a_list() -> None:
    """1. 2. 3. of a tool are no part of the headlines; a lone 1. may be."""
    assert "# 甲乙\n" in kinds("### 1. 甲乙\n\n文。\n\n### 2. 丙丁\n\n文。")[0][1]
    assert "### 1. 甲乙" in kinds("### 1. 甲乙\n\n文。")[0][1]


def test_an_export_with_fields_is_marked() -> None:
    """标题 and 正文 say what each line is; 版次 is the page."""
    text = (
        "标题：老船下水\n作者：李明\n版次：03\n正文：\n　　船好了。\n\n标题：桥通了\n正文：桥好了。"
    )
    (page,) = pages_of_fields(text, "day.txt")
    assert (3, True) == (page.number, page.marked)
    assert [
        ("headline", "老船下水"), ("byline", "李明"), ("body", "船好了。"),
        ("headline", "桥通了"), ("body", "桥好了。"),
    ] == [(block.kind, block.lines[0].text) for block in page.blocks]  # fmt: skip
    assert [] == pages_of_fields(f"标题：\n\n{STORY}", "day.txt")


def test_a_picture_inside_the_text_is_dropped() -> None:
    """A megabyte of base64 is not a line of print."""
    text = f"![](data:image/png;base64,{'A' * 1_000_000})\n\n{STORY}"
    assert len(drop_embedded(text)) < 100


@given(st.text(alphabet="本报讯。 \n#<>/$\\{}^_|`!()[]&;bhtdiv12", max_size=300))
def test_any_text_is_sorted(text: str) -> None:
    """Broken markup of any kind is not a crash, and leaves no line without a character."""
    blocks = [block for page in split_pages(text) for block in page.blocks]
    assert all(line.text.strip() for block in blocks for line in block.lines)
