"""What all pages of the player share."""

import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from qjaudio.player import pages
from qjaudio.player.pages import program_fingerprint


@pytest.fixture(autouse=True)
def _forget_fingerprint() -> Iterator[None]:
    program_fingerprint.cache_clear()
    yield
    program_fingerprint.cache_clear()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the player that the fingerprint is made of, to be changed."""
    copy = tmp_path / "player"
    shutil.copytree(str(files("qjaudio.player")), copy)
    monkeypatch.setattr(pages, "files", lambda _name: copy)
    return copy


@pytest.mark.parametrize("name", ["pages.py", "words.toml", "templates/episode.html"])
def test_a_change_of_code_words_or_templates_changes_the_fingerprint(
    package: Path, name: str
) -> None:
    """Whatever shapes a page makes the pages of an earlier program stale."""
    before = program_fingerprint()
    program_fingerprint.cache_clear()
    with (package / name).open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")
    assert before != program_fingerprint()


def test_another_release_has_another_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    """Code outside this package shapes the pages too; a release stands for all of it."""
    before = program_fingerprint()
    program_fingerprint.cache_clear()
    monkeypatch.setattr(pages, "__version__", "999.0")
    assert before != program_fingerprint()


def test_the_same_program_has_the_same_fingerprint(package: Path) -> None:
    """A copy elsewhere makes no page again, and neither do Python's compiled files."""
    before = program_fingerprint()
    program_fingerprint.cache_clear()
    (package / "__pycache__").mkdir(exist_ok=True)
    (package / "__pycache__" / "page.pyc").write_bytes(b"x")
    assert before == program_fingerprint()
