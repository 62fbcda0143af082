"""Pages from text files, folders and standard input."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjaudio.errors import NotAnIssueError
from qjaudio.paper.characters import han
from qjaudio.sources.model import Source
from qjaudio.sources.text import MAX_BYTES, TextSource, decode, pages_of


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
    assert "今日石桥：新桥通车。" == decode("今日石桥：新桥通车。".encode(codec))


@pytest.mark.parametrize("raw", [b"\x00\x01", b"%PDF-1.4\n\xff\xff\xff", b"\x89PNG\r\n\x1a\n\x00"])
def test_what_is_no_text_is_refused(raw: bytes) -> None:
    """Bytes of another kind are refused with advice."""
    with pytest.raises(NotAnIssueError) as caught:
        decode(raw, "page.txt")
    assert "page.txt" in str(caught.value)
    assert caught.value.hint


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


def test_a_date_in_the_name_is_no_page_number(tmp_path: Path) -> None:
    """A file named for its day is page one."""
    path = tmp_path / "2025-05-20.md"
    path.write_text("新桥通车", encoding="utf-8")
    assert [1] == numbers(path)


def test_a_file_holds_several_pages() -> None:
    """A form feed or a folio line of its own begins the next page."""
    assert 2 == len(pages_of("新桥通车\f村民走上桥头"))
    assert [0, 2] == [page.number for page in pages_of("新桥通车\n\n第二版 要闻\n\n村民走上桥头")]


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


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    """Nothing but our own error is ever raised."""
    try:
        pages_of(decode(raw))
    except NotAnIssueError as error:
        assert error.hint


@given(st.text(alphabet="新桥通车，。# \n\t　\f*_第二版A3", max_size=120))
def test_no_character_of_the_text_is_lost_or_doubled(text: str) -> None:
    """Blocks hold the characters of the file, in order."""
    found = "".join(
        line.text for page in pages_of(text) for block in page.blocks for line in block.lines
    )
    assert han(text) == han(found)
