"""Nothing is ever half written."""

import errno
import json
import types
from pathlib import Path

import pytest

from qjaudio import store
from qjaudio.errors import NotWritableError


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    """When the block fails the file keeps its old content and no temporary file stays."""
    path = tmp_path / "feed.xml"
    path.write_text("old")
    with pytest.raises(RuntimeError), store.writing(path) as beside:
        beside.write_text("half")
        raise RuntimeError
    assert "old" == path.read_text()
    assert [path] == list(tmp_path.iterdir())


def test_an_unchanged_file_is_not_touched(tmp_path: Path) -> None:
    """No change, no new bytes: the file is the same file."""
    path = tmp_path / "a.txt"
    store.write_text(path, "文")
    before = path.stat().st_ino
    store.write_text(path, "文")
    assert before == path.stat().st_ino


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """The error has the path, exit code 7 and a way out."""
    (tmp_path / "out").write_text("a file where a folder should be")
    with pytest.raises(NotWritableError, match=r"out.*a\.txt") as caught:
        store.write_text(tmp_path / "out" / "a.txt", "x")
    assert 7 == caught.value.exit_code
    assert "choose another folder" in caught.value.hint


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"schema": 0}', "\ud800".encode("utf-8", "replace").decode()]
)
def test_a_foreign_json_file_counts_as_missing(tmp_path: Path, text: str) -> None:
    """Damaged, empty or of another schema: it will be made again, never crashed on."""
    path = tmp_path / "a.json"
    path.write_text(text)
    assert store.read_json(path) is None


def test_json_files_carry_the_schema(tmp_path: Path) -> None:
    """What we write we read back, with the number of the layout."""
    path = tmp_path / "a.json"
    store.write_json(path, {"报": 1})
    assert (
        {"schema": store.SCHEMA, "报": 1} == store.read_json(path) == json.loads(path.read_text())
    )


def test_dates_are_those_with_a_record(tmp_path: Path) -> None:
    """Foreign folders and half episodes are not dates of ours."""
    out = store.OutFolder(tmp_path)
    for name in (
        "2025-05-21/episode.json",
        "2025-05-20/episode.json",
        "2025-05-22/script.md",
        "x/episode.json",
    ):
        store.write_text(tmp_path / name, "{}")
    assert ("2025-05-20", "2025-05-21") == out.dates()


def test_a_temporary_file_that_is_cleared_away_at_once_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its making and its locking nobody can tell it from a dead run's."""
    locks = store.system_locks()
    assert locks is not None
    held: list[Path] = []

    def late(handle: int, how: int) -> None:
        if not held:
            held.append(next(tmp_path.glob("*.tmp")))
            held[0].unlink()
        locks.flock(handle, how)

    slow = types.SimpleNamespace(flock=late, LOCK_EX=locks.LOCK_EX)
    monkeypatch.setattr(store, "system_locks", lambda: slow)
    store.write_text(tmp_path / "page", "whole")
    assert "whole" == (tmp_path / "page").read_text()
    assert [tmp_path / "page"] == list(tmp_path.iterdir())


def test_a_file_that_cannot_be_read_for_now_is_not_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else an episode would leave the feed for want of a file handle."""
    path = tmp_path / "episode.json"
    store.write_json(path, {})
    for number in (errno.EMFILE, errno.EIO, errno.EACCES, errno.EPERM, errno.ESTALE):
        refused = OSError(number, "for now", str(path))

        def fail(*_: object, error: OSError = refused) -> bytes:
            raise error

        monkeypatch.setattr(store, "bytes_of", fail)
        with pytest.raises(OSError, match="for now"):
            store.read_json(path)
