"""Columns side by side in a text are put one after another, or refused; nothing else is touched."""

import unicodedata

import pytest

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.reading import read_issue
from qjaudio.sources.columns import part_columns
from qjaudio.sources.model import give_numbers
from qjaudio.sources.text import split_pages

LEFT = [
    "渡口的老船修好了",
    "",
    "　　本报讯（记者 李明）渡口",
    "的老船昨天修好，三个村的人又",
    "能坐船过河赶集。",
    "　　船工老周说，船底换了十二",
    "块新板，再用十年不成问题。",
]
RIGHT = [
    "石桥边开了书屋",
    "",
    "　　本报讯（通讯员 王芳）石",
    "桥边的书屋上周开门，孩子放学",
    "就来看书。",
    "　　书屋的书都是大家捐的，已",
    "经有两千多本，还在增加。",
]


def beside(left: list[str], right: list[str], wide: int, gap: int = 3) -> str:
    """Two columns as a program sets them that counts a Han character as `wide` places."""

    def places(text: str) -> int:
        return sum(wide if ord(char) > 255 else 1 for char in text)

    edge = max(map(places, left)) + gap
    rows = zip(left, right, strict=True)
    return "\n".join(f"{a}{' ' * (edge - places(a))}{b}".rstrip() for a, b in rows)


@pytest.mark.parametrize("wide", [1, 2])
def test_columns_come_one_after_another(wide: int) -> None:
    """Whether a Han character takes one place or two, no line is mixed and no indent lost."""
    assert "\n".join([*LEFT, "", *RIGHT]) == part_columns(beside(LEFT, RIGHT, wide)).strip("\n")


def test_a_masthead_above_is_in_no_column() -> None:
    """Wide gaps between the facts of the masthead are no gutters."""
    head = "石桥日报    2025年5月28日    星期三    第1版"
    found = part_columns(f"{head}\n\n{beside(LEFT, RIGHT, 1)}")
    assert [head, *LEFT] == [line for line in found.split("\n") if line][:1] + LEFT
    assert found.index(LEFT[-1]) < found.index(RIGHT[0])


def test_three_columns_are_told() -> None:
    """A column in the middle is cut from both sides."""
    two = beside(LEFT, RIGHT, 1)
    found = part_columns(beside(two.split("\n"), LEFT, 1))
    assert [found.index(LEFT[-1]), found.rindex(LEFT[0])] == sorted(
        [found.index(LEFT[-1]), found.rindex(LEFT[0])]
    )
    assert found.index(LEFT[-1]) < found.index(RIGHT[0]) < found.rindex(LEFT[0])


def test_of_two_ways_to_part_columns_the_one_in_fewer_pieces_is_taken() -> None:
    """Counted in other places, the lines of the middle column stand among those of the last."""
    columns = [
        [
            "　　能坐过河赶集工周说底换十，",
            "灯亮渡口老船修好三个村人又1",
            "2换，十二块新板再用年不。",
            "",
            "",
            "",
            "",
        ],
        [
            "二。",
            "　　能坐过河赶集工2.8周说，",
            "成问题灯亮渡口老4120船修，",
            "集工周说17.3%。",
            "　　“不成问题灯亮渡口老。”",
            "河赶集工周说底换十，二块新板",
            "用年不成问题灯亮渡口老船修好。",
        ],
        [
            "54块，新板再用，年不成问题",
            "底。",
            "　　好三个村，人又能坐过河赶",
            "底换十二块470新，板再用年",
            "船修好三6个，村人又能坐过2",
            "再。",
            "　　三个村人又能坐过，河赶集",
        ],
    ]

    def places(text: str) -> int:
        return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)

    rows = [""] * len(columns[0])
    for edge, column in zip((0, 38, 76), columns, strict=True):
        rows = [f"{a}{' ' * (edge - places(a))}{b}" for a, b in zip(rows, column, strict=True)]
    found = [line for line in part_columns("\n".join(rows)).split("\n") if line]
    assert [line for column in columns for line in column if line] == found


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(LEFT),
        "站名    首班    末班\n渡口    6:30    21:00\n石桥    6:40    21:10\n东门    6:50    21:20",
        "李 明  王 芳  周 敏\n吴海生  郑 欣  何 永\n孙立群  赵一平  陈国强",
        "",
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    """Print lines, tables and lists of names have no columns of prose."""
    assert text == part_columns(text)


def test_columns_that_cannot_be_told_are_refused() -> None:
    """Gaps that stand everywhere mix sentences: better nothing than that."""
    rows = [
        f"{'渡口的老船昨天修好了'[: 7 + n % 3]}{' ' * (3 + 5 * (n % 4))}三个村的人能坐船，过河赶集"
        for n in range(12)
    ]
    with pytest.raises(NotAnIssueError, match="side by side") as refused:
        part_columns("\n".join(rows), "page1.txt")
    assert "PDF" in (refused.value.hint or "")


@pytest.mark.parametrize("wide", [1, 2])
@pytest.mark.parametrize("head", ["第{}版 副刊", "石桥日报  2025年5月20日  星期二  第{}版"])
def test_two_pages_on_one_sheet_are_parted(head: str, wide: int) -> None:
    """The outer sheet of a short paper: its last page stands left of its first."""
    sheet = beside([head.format(4), "", *LEFT], [head.format(1), "", *RIGHT], wide, 6)
    pages = give_numbers(split_pages(sheet))
    assert [1, 4] == [page.number for page in pages]
    heads = [article.headline.main for article in read_issue(pages).articles]
    assert [RIGHT[0], LEFT[0]] == list(map(str, heads))


def test_a_headline_over_three_columns_is_in_none() -> None:
    """It stands alone between blank lines, though right of the first gutter."""
    rows = beside(beside(LEFT[2:], RIGHT[2:], 1).split("\n"), LEFT[2:], 1)
    head = " " * 18 + "渡口石桥两样新"
    whole = part_columns(f"{head}\n\n{rows}\n\n{head}新\n\n{rows}")
    found = [line.strip() for line in whole.split("\n") if line.strip()]
    columns = [line.strip() for line in (*LEFT[2:], *RIGHT[2:], *LEFT[2:])]
    assert [head.strip(), *columns, f"{head.strip()}新", *columns] == found
