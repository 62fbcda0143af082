"""TARGET is understood, and a password in it is never shown."""

from pathlib import Path

import pytest

from qjaudio.errors import UsageError
from qjaudio.targets import place_of
from qjaudio.targets.model import Place


@pytest.mark.parametrize(
    ("word", "place"),
    [
        ("/srv/节 目", Place(kind="folder", path="/srv/节 目")),
        ("/srv/50%25", Place(kind="folder", path="/srv/50%25")),
        ("file:///srv/%E8%8A%82 目", Place(kind="folder", path="/srv/节 目")),
        ("file://localhost/srv/a", Place(kind="folder", path="/srv/a")),
        ("sftp://h/srv/a/", Place(kind="sftp", host="h", path="/srv/a")),
        ("SFTP://h", Place(kind="sftp", host="h", path="")),
        ("sftp://h/~/节目", Place(kind="sftp", host="h", path="节目")),
        (
            "sftp://me:p%40ss@h.cn:2222/a b/c#1",
            Place(kind="sftp", host="h.cn", port=2222, user="me", password="p@ss", path="/a b/c#1"),  # noqa: S106
        ),
        ("s3://bucket", Place(kind="s3", path="bucket", endpoint="http://e")),
        ("s3://bucket/节目/a/", Place(kind="s3", path="bucket/节目/a", endpoint="http://e")),
    ],
)
def test_targets_are_understood(word: str, place: Place) -> None:
    """Folders as they stand, URLs decoded; Chinese and spaces may stand in both."""
    assert place == place_of(word, endpoint="http://e")


def test_a_folder_is_taken_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative folder is one below the current one; ~ is the home."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    assert str(tmp_path / "www") == place_of("www").path
    assert str(tmp_path / "me/www") == place_of("~/www").path


@pytest.mark.parametrize(
    "word",
    ["", "  ", "ftp://me:secret@h/a", "https://h/a", "sftp:///a", "s3:///a", "file://other/a",
     "sftp://h:99999/a", "sftp://h:x/a", "s3://id:secret@bucket/a"],
)  # fmt: skip
def test_other_targets_are_refused(word: str) -> None:
    """Exit code 2, with the ways there are, and without the password."""
    with pytest.raises(UsageError) as caught:
        place_of(word)
    assert "sftp://" in caught.value.hint
    assert "secret" not in str(caught.value)


def test_a_password_is_not_shown() -> None:
    """Neither in the label nor by way of the name of the manifest."""
    place = place_of("sftp://me:secret@h:22/a")
    assert "sftp://me@h:22/a" == place.label
    assert place.key == place_of("sftp://me:other@h:22/a").key
    assert place.key != place_of("sftp://me:secret@h:22/b").key
