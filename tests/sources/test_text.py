"""Pages from text files, folders and standard input."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.text import han
from qjaudio.sources.model import Source
from qjaudio.sources.text import (
    MAX_BYTES,
    TextSource,
    blocks_of,
    decode_text,
    print_lines,
    split_pages,
)


def numbers(location: Path) -> list[int]:
    return [page.number for page in TextSource().pages(str(location))]


def test_it_is_a_source() -> None:
    """A plain class fits the protocol, and judges locations by their look."""
    source = TextSource()
    assert isinstance(source, Source)
    looks = {"-": True, "a.txt": True, "a.MD": True, "issues/2025-05-20": True, "2024.03.14": True}
    looks |= {"a.pdf": False, "a.png": False, "https://example.com/a.txt": False}
    assert looks == {location: source.accepts(location) for location in looks}


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    """Letters after a dot are no suffix of a folder."""
    for name in ("pages.may", "2025.05.20.final", "第一版.文字", "pages.pdf"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "page1.txt").write_text("新桥通车", encoding="utf-8")
        assert TextSource().accepts(str(folder))
        assert [1] == numbers(folder)
    assert not TextSource().accepts(str(tmp_path / "page.may"))
    assert not TextSource().accepts("a\0.may")


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_gives_the_same_text(codec: str) -> None:
    """UTF-8 with or without its mark, GB18030 and UTF-16 are told apart."""
    assert "今日石桥：新桥通车。" == decode_text("今日石桥：新桥通车。".encode(codec))


@pytest.mark.parametrize("raw", [b"\x00\x01", b"%PDF-1.4\n\xff\xff\xff", b"\x89PNG\r\n\x1a\n\x00"])
def test_what_is_no_text_is_refused(raw: bytes) -> None:
    """Bytes of another kind are refused with advice."""
    with pytest.raises(NotAnIssueError) as caught:
        decode_text(raw, "page.txt")
    assert "page.txt" in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(
    "form", ["0{}版-{}-{}", "A0{}-{} {}", "0{}版/{}-头条 {}", "第{}版（要闻）/{}.{}"]
)
def test_files_that_hold_a_story_each_make_one_page(tmp_path: Path, form: str) -> None:
    """Their names tell the headline, so that a kicker above it ends no other story."""
    story = "本报讯（记者 李明）渡口的老船昨天修好了，三个村的人又能坐船过河赶集。"
    rows = [
        (1, "老船下水", "老船下水"),
        (1, "书屋开门", "全村都来\n书屋开门"),
        (2, "河灯亮了", "河灯亮了"),
    ]
    for at, (page, head, lines) in enumerate(rows, 1):
        path = tmp_path / f"{form.format(page, at, head)}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{lines}\n{story}", encoding="utf-8")
    pages = list(TextSource().pages(str(tmp_path)))
    found = [(x.number, [b.lines[0].text for b in x.blocks if b.level == 1]) for x in pages]
    assert [(1, ["老船下水", "书屋开门"]), (2, ["河灯亮了"])] == found


def test_a_headline_below_the_running_head_is_none_of_it() -> None:
    """Where no blank line parts them, all lines are as long."""
    head = "2026年5月20日 星期三 河湾日报"
    found = blocks_of(
        f"{head}\n渡口老船修好三个村又能坐船赶集\n" + "本报讯（记者 李明）渡口的老船昨天\n" * 3
    )
    assert [head] == [line.text for line in found[0].lines]


def test_two_lines_wider_than_any_column_are_two_paragraphs() -> None:
    """As in the file of one story; narrow ones may be those of a column."""
    lines = [
        "渡口的老船昨天修好了，三个村的人又能坐船过河赶集了。",
        "船工老周说，每天开八趟，头一趟在早上六点整开出码头。",
    ]
    assert lines == [block.lines[0].text for block in blocks_of("\n".join(lines))]
    assert 1 == len(
        blocks_of("老船昨天修好了，能坐船过河赶集了。\n船工老周说，头一趟在早上六点开。")
    )


def test_a_folder_with_the_number_of_a_page_may_hold_pages(tmp_path: Path) -> None:
    """It alone does not make them stories."""
    folder = tmp_path / "01版"
    folder.mkdir()
    for name in ("page1", "page2"):
        (folder / f"{name}.txt").write_text(f"{name}：新桥通车", encoding="utf-8")
    assert [1, 2] == numbers(folder)


def test_a_folder_is_read_in_natural_order(tmp_path: Path) -> None:
    """Page 10 comes after page 2; README, dot files and other kinds are not pages."""
    for name in ("page10.txt", "page2.txt", "page1.md", "README.md", ".hidden.txt", "scan.png"):
        (tmp_path / name).write_text("新桥通车", encoding="utf-8")
    assert [1, 2, 10] == numbers(tmp_path)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["第1版.txt", "第2版.txt"], [1, 2]),
        (["2025-05-20_03.txt", "2025-05-20_04.txt"], [3, 4]),
        (["A01.txt", "B01.txt"], [1, 2]),
        (["front.txt", "inside.txt"], [1, 2]),
    ],
)
def test_page_numbers_come_from_the_names(
    names: list[str], expected: list[int], tmp_path: Path
) -> None:
    """A name gives the number where the names rise, else the place does."""
    for name in names:
        (tmp_path / name).write_text("新桥通车", encoding="utf-8")
    assert expected == numbers(tmp_path)


@pytest.mark.parametrize(
    ("names", "expected", "unsure"),
    [
        (("page1", "page2", "scan64"), [1, 2, 3], [3]),
        (("A01", "B01"), [1, 2], []),
        (("scan61", "scan62"), [61, 62], []),
        (("page1", "page5"), [1, 5], []),
        (("scan64",), [64], []),
    ],
)
def test_a_number_that_other_files_contradict_is_in_doubt(
    names: tuple[str, ...], expected: list[int], unsure: list[int], tmp_path: Path
) -> None:
    """A picture's number is no page of a paper of four; then the order counts."""
    for name in names:
        (tmp_path / f"{name}.md").write_text(f"新桥通车{name}", encoding="utf-8")
    pages = list(TextSource().pages(str(tmp_path)))
    assert expected == [page.number for page in pages]
    assert unsure == [page.number for page in pages if page.doubts]


def test_a_date_in_the_name_is_no_page_number(tmp_path: Path) -> None:
    """A file named for its day is page one."""
    path = tmp_path / "2025-05-20.md"
    path.write_text("新桥通车", encoding="utf-8")
    assert [1] == numbers(path)


def test_a_file_holds_several_pages() -> None:
    """A form feed or a folio line of its own begins the next page."""
    assert 2 == len(split_pages("新桥通车\f村民走上桥头"))
    assert [0, 2] == [
        page.number for page in split_pages("新桥通车\n\n第二版 要闻\n\n村民走上桥头")
    ]


def test_a_folio_in_radicals_begins_a_page(tmp_path: Path) -> None:
    """Fonts give ⼆ for 二, which only looks like it."""
    (tmp_path / "page.txt").write_text("新桥通车\n\n第⼆版\n\n村民走上桥头", encoding="utf-8")
    assert [1, 2] == numbers(tmp_path / "page.txt")


@pytest.mark.parametrize(
    "head",
    [
        "石桥报 2025年5月20日 星期二\n第2版 社会",
        "石桥报 2025年5月20日 星期二 第2版 社会",
        "第二版 社会\n石桥报 2025年5月20日 星期二",
    ],
)
def test_a_running_head_names_the_page(head: str) -> None:
    """Name, date and folio may stand in one block; how many pages there are is no folio."""
    pages = split_pages(f"新桥通车\n\n{head}\n\n村民走上桥头")
    assert [0, 2] == [page.number for page in pages]
    assert 1 == len(split_pages("新桥通车\n\n石桥报 2025年5月20日 星期二\n今日4版"))


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dash stands for standard input."""
    stdin = io.TextIOWrapper(io.BytesIO("新桥通车".encode()))
    monkeypatch.setattr("sys.stdin", stdin)
    assert ["新桥通车"] == [
        block.lines[0].text for page in TextSource().pages("-") for block in page.blocks
    ]


def test_bad_locations_are_refused_with_advice(tmp_path: Path) -> None:
    """Nothing there, an empty file, a folder without pages, a giant: our error, two lines."""
    (tmp_path / "empty.txt").touch()
    (tmp_path / "blank.txt").write_text(" \n\n ")
    (tmp_path / "folder").mkdir()
    (tmp_path / "large.txt").write_bytes(b"a" * (MAX_BYTES + 1))
    for name in ("absent.txt", "empty.txt", "blank.txt", "folder", "large.txt", "nul\0.txt"):
        with pytest.raises(NotAnIssueError) as caught:
            list(TextSource().pages(str(tmp_path / name)))
        assert caught.value.hint


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    """Nothing but our own error is ever raised."""
    try:
        split_pages(decode_text(raw))
    except NotAnIssueError as error:
        assert error.hint


@settings(deadline=None)  # the first text loads the rules
@given(st.text(alphabet="新桥通车，。# \n\t　\f*_第二版A3", max_size=120))
def test_no_character_of_the_text_is_lost_or_doubled(text: str) -> None:
    """Blocks hold the characters of the file, in order."""
    found = "".join(
        line.text for page in split_pages(text) for block in page.blocks for line in block.lines
    )
    assert han(text) == han(found)


def texts(text: str) -> list[list[str]]:
    return [[line.text for line in block.lines] for block in blocks_of(text)]


def test_a_poem_right_under_its_title_and_name_keeps_its_lines() -> None:
    """No blank line parts the three, and the day's line above is not short text of the poem."""
    lines = ["风从岭上下来", "把桃花吹成了路", "老牛站在水边", "数着自己的脚步"]
    text = "\n".join(["2025年6月18日 第4版", "", "春到石溪", "林小满", *lines])
    assert lines == [x.lines[0].text for x in blocks_of(text) if x.kind == "verse"]


COLUMN = ["老船昨天修好了，三个村的人又", "能坐船过河赶集，再也不用绕路。"] * 5


@pytest.mark.parametrize(
    "inside",
    [
        ["昨天渡口的老船下水，三个村的人来看它过河。记者 李明 摄"],
        ["三个村又能过河", "本报讯（记者 李明）老船昨天修好了。"],
        ["遗失声明", "李明遗失船证。"],
    ],
)
def test_what_stands_between_columns_without_blank_lines(inside: list[str]) -> None:
    """A line wider than the column, a headline over a dateline, the title of a notice."""
    found = texts("\n".join([*COLUMN, *inside]))
    assert [" ".join(COLUMN), *inside] == [" ".join(lines) for lines in found]


def test_a_line_short_by_an_indent_begins_a_paragraph() -> None:
    """What copies text may drop the indent; then a full stop at the end of a full line tells."""
    full, rest = "三个村的人又能坐船过河赶集，再也不绕", "路，一趟五分钟，来回一共只要两块钱。"
    first = "老船昨天修好了，三个村的人都来看"
    lines = [first, full, full, rest]
    assert [lines, lines] == texts("\n".join([*lines, *lines]))


def test_headings_keep_their_level() -> None:
    """Markdown marks become levels; the space inside a heading stays."""
    blocks = blocks_of("# 新桥通车 村民过河\n\n### 第一步\n新桥很长。")
    assert [1, 3, 0] == [block.level for block in blocks]
    assert "新桥通车 村民过河" == blocks[0].lines[0].text


def test_a_line_that_is_set_in_opens_a_paragraph() -> None:
    """Where other lines are not; where all are, it says nothing."""
    lines = ["桥通了的消息传遍全村。", "　　老人们走上新桥，", "看了又看。"]
    assert [None, True] == [block.opens for block in blocks_of("\n".join(lines))]
    assert [None] == [block.opens for block in blocks_of(lines[1])]


def test_spaces_of_a_column_are_line_breaks() -> None:
    """In a piece of a column a space is the end of a printed line."""
    column = "清晨六点,石门乡的茶山 上已经有了人影,茶农走进 茶园采摘。"
    assert tuple(column.split()) == print_lines(column)


def test_a_stray_space_is_no_line_break() -> None:
    """What still fits the column is one line: names and numbers with spaces about them."""
    lines = print_lines(
        "本报讯(记者 陈小立)5月 16日上午,全县农业生产大会 召开,讨论夏粮收割和入库。"
    )
    assert ("本报讯(记者 陈小立)5月", "16日上午,全县农业生产大会") == lines[:2]


@pytest.mark.parametrize(
    "line", ["贯彻会议精神 推动粮食生产", "责任编辑 王小丽 版式 李飞", "Open Source"]
)
def test_a_line_that_is_no_column_stays_whole(line: str) -> None:
    """Headings, credits and Latin keep their spaces."""
    assert (line,) == print_lines(line)


def test_wrapped_lines_of_a_file_are_one_block() -> None:
    """Lines of equal width are one paragraph, a short one ends it."""
    text = (
        "清晨六点石门乡的茶山\n上已经有了人影茶农走\n进茶园。\n茶农吴根生提着竹篓走\n进茶园采茶。"
    )
    assert [3, 2] == [len(lines) for lines in texts(text)]


def test_a_line_with_figures_is_as_wide_as_the_others() -> None:
    """Where figures are set as wide as characters, a line with many of them is no short one."""
    lines = texts("石门乡茶山装了新水泵村\n民说出水275600\n吨比过去多了一倍半。")
    assert [3] == [len(block) for block in lines]


@pytest.mark.parametrize(
    "lines",
    [
        [f"{line}三个村的人又能坐船赶集。" for line in ("老船修好，", "船票不变，", "已过三年，")],
        [
            "　　老船昨天修好了，过河的人多起来。",
            "灯亮了老街",
            "　　老街昨天装了一百盏灯，夜里亮了。",
        ],
        ["老" * 50 + "。", "三个村的人又能坐船。", "船票还是"],
    ],
)
def test_lines_that_are_paragraphs_are_not_joined(lines: list[str]) -> None:
    """All of them end, or a heading stands between two that are set in."""
    assert [[line.strip()] for line in lines] == texts("\n".join(lines))


def test_two_figures_under_the_head_name_the_page() -> None:
    """Not where text stands above them."""
    head = "石桥报\n2025年5月20日 星期二\n要闻\n责任编辑 李明"
    pages = split_pages(f"{head}\n\n02\n\n新桥通车\n\n{'桥长一百米，' * 8}\n\n03\n\n桥上")
    assert [2] == [page.number for page in pages]


def test_an_indent_begins_a_block() -> None:
    """Two wide spaces at the front begin a paragraph."""
    assert 2 == len(texts("　　新桥很长很长很长。\n　　村民走上长长桥头。"))


def test_long_lines_are_paragraphs_of_their_own() -> None:
    """A line wider than any column is not a printed line."""
    line = "新桥很长，" * 12
    assert 2 == len(texts(f"{line}\n{line}"))
