"""Files of pages: found in order, read whole, refused in two lines."""

from pathlib import Path

import pytest

from qjaudio.errors import NotAnIssueError
from qjaudio.sources.files import bytes_of, files_of, is_folder_of

PDF = (".pdf",)


def test_pages_come_in_natural_order(tmp_path: Path) -> None:
    """Page 10 comes after page 2; hidden files and others are passed over."""
    for name in ("page10.pdf", "page2.pdf", ".page1.pdf", "photo.png"):
        (tmp_path / name).write_bytes(b"x")
    assert ["page2.pdf", "page10.pdf"] == [path.name for path in files_of(str(tmp_path), PDF)]


def test_a_folder_with_text_belongs_to_the_text_source(tmp_path: Path) -> None:
    """PDFs beside pages of text are not read; a README is no page."""
    (tmp_path / "issue.pdf").write_bytes(b"x")
    (tmp_path / "README.md").write_text("about", encoding="utf-8")
    assert is_folder_of(str(tmp_path), PDF)
    (tmp_path / "page1.txt").write_text("text", encoding="utf-8")
    assert not is_folder_of(str(tmp_path), PDF)


@pytest.mark.parametrize("location", ["", "https://example.org/a.pdf", "a\0b", "notes.txt"])
def test_other_locations_are_refused(location: str) -> None:
    """An address, text and nonsense are none of our files."""
    assert not is_folder_of(location, PDF)


def test_a_missing_or_empty_file_is_named(tmp_path: Path) -> None:
    """The message names the file, the hint says what to do."""
    with pytest.raises(NotAnIssueError, match="there is no file") as missing:
        files_of(str(tmp_path / "none.pdf"), PDF)
    (tmp_path / "empty.pdf").touch()
    with pytest.raises(NotAnIssueError, match=r"empty\.pdf is empty") as empty:
        bytes_of(tmp_path / "empty.pdf", 10)
    assert missing.value.hint
    assert empty.value.hint


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    """No more than the limit is read."""
    (tmp_path / "large.pdf").write_bytes(b"x" * 11)
    with pytest.raises(NotAnIssueError, match="larger"):
        bytes_of(tmp_path / "large.pdf", 10)


def test_a_file_that_vanishes_is_our_error(tmp_path: Path) -> None:
    """A file that goes away between finding and reading gives two lines."""
    with pytest.raises(NotAnIssueError, match="cannot read"):
        bytes_of(tmp_path / "gone.pdf", 10)
