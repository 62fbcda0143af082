"""From the lines of a file to the lines of the print."""

import pytest

from qjaudio.sources.lines import blocks_of, print_lines


def texts(text: str) -> list[list[str]]:
    return [[line.text for line in block.lines] for block in blocks_of(text)]


def test_headings_keep_their_level() -> None:
    """Markdown marks become levels; the space inside a heading stays."""
    blocks = blocks_of("# 新桥通车 村民过河\n\n### 第一步\n新桥很长。")
    assert [1, 3, 0] == [block.level for block in blocks]
    assert "新桥通车 村民过河" == blocks[0].lines[0].text


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


def test_an_indent_begins_a_block() -> None:
    """Two wide spaces at the front begin a paragraph."""
    assert 2 == len(texts("　　新桥很长很长很长。\n　　村民走上长长桥头。"))


def test_long_lines_are_paragraphs_of_their_own() -> None:
    """A line wider than any column is no printed line."""
    line = "新桥很长，" * 12
    assert 2 == len(texts(f"{line}\n{line}"))
