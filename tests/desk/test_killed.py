"""A desk that is killed at any write, or statement of SQL, leaves all that was saved, and whole."""

import os
import sqlite3
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "pipeline"))
from crashing import Strike, armed, forked

from commands import folder  # noqa: F401 - a fixture
from desk.conftest import DATE, PASSWORD, QUICK
from desk.faulty_page import ADVERT, HEADLINE, NAME, NUMBER, PAGE
from desk.test_edits import name_of
from qjaudio import config as settings
from qjaudio.desk.accounts import FILE, ROLES, Account, Accounts
from qjaudio.desk.editions import Editions
from qjaudio.desk.edits import Editor
from qjaudio.pipeline.journal import Journal
from qjaudio.pipeline.lexicons import read_lexicon

EVERY = 25 if os.environ.get("QJAUDIO_NIGHTLY", "0") in ("", "0") else 1
"""Which touches are tried: at night all of some two hundred."""
OWN = "村民说，电费不用自己出。"
BOSS = Account(name="王主编", roles=frozenset(ROLES))


@dataclass
class Place:
    """A folder with a desk in it."""

    editor: Editor
    accounts: Accounts

    @property
    def out(self) -> Path:
        """Its output folder."""
        return self.editor.editions.out.root

    def line(self, words: str) -> tuple[str, int, int]:
        """The key of the first sentence that has these words, its part and its place there."""
        shown = self.editor.editions.open(DATE).stories
        lines = [line for story in shown if story.number for line in story.lines]
        line = next(line for line in lines if words in line.line.text)
        return line.key, line.part, line.index

    def text(self, name: str) -> str:
        """A file of the date."""
        path = self.out / DATE / name
        return path.read_text("utf-8") if path.exists() else ""


def head(place: Place) -> None:
    story = next(s for s in place.editor.editions.open(DATE).stories if s.title == HEADLINE[0])
    assert story.name == name_of(HEADLINE[0])
    place.editor.correct_story(story.name, story.version, {"headline": HEADLINE[1]})


def number(place: Place) -> None:
    key, part, index = place.line(NUMBER[0])
    story = place.editor.editions.open(DATE).line(key, part, index)
    assert story
    place.editor.reword(key, part, index, str(story.line.text).replace(*NUMBER))


def advert(place: Place) -> None:
    story = next(s for s in place.editor.editions.open(DATE).stories if s.title == ADVERT)
    place.editor.correct_story(story.name, story.version, {"advert": True})


STEPS: dict[str, tuple[Callable[[Place], Any], Callable[[Place], bool]]] = {
    "boss": (
        lambda place: place.accounts.accept(place.accounts.invite("", ROLES), "王主编", PASSWORD),
        lambda place: any(one.name == "王主编" for one in place.accounts.everybody()),
    ),
    "invited": (
        lambda place: place.accounts.invite("李编辑", ["编辑"]),
        lambda place: any(one.name == "李编辑" for one, _ in place.accounts.invitations()),
    ),
    "logged in": (
        lambda place: place.accounts.log_in("王主编", PASSWORD, "a"),
        lambda place: bool(place.accounts.everybody()),
    ),
    "taken back": (
        lambda place: place.accounts.take_back("李编辑"),
        lambda place: not place.accounts.invitations(),
    ),
    "roles": (
        lambda place: place.accounts.change(BOSS, "王主编", ["管理员", "终审"]),
        lambda place: {"管理员", "终审"} == place.accounts.everybody()[0].roles,
    ),
    "headline": (head, lambda place: f"## 2. {HEADLINE[1]}" in place.text("script.md")),
    "own words": (
        lambda place: place.editor.rewrite(*place.line("电费由村里出"), OWN),
        lambda place: OWN in place.text("script.md"),
    ),
    "number": (number, lambda place: NUMBER[1] in place.text("script.md")),
    "advert": (advert, lambda place: ADVERT not in place.text("script.md")),
    "here": (
        lambda place: place.editor.add_reading(NAME, "xie4 xiao3 zeng1", "", show=False),
        lambda place: NAME in place.text("lexicon.tsv"),
    ),
    "everywhere": (
        lambda place: place.editor.add_reading(NAME, "xie4 xiao3 zeng1", "", show=True),
        lambda place: NAME in (place.out.parent / "lexicon.tsv").read_text("utf-8"),
    ),
}
"""What is done at a desk, one after the other, and how it is known to be done."""


def struck(place: Place, act: Callable[[Place], Any], at: int) -> list[str]:
    """Do something in a child that is killed at a touch; 0 = at none: then its touches."""

    def work() -> dict[str, Any]:
        strike = Strike(Path.cwd(), "killed", at)
        armed(strike)
        connect = sqlite3.connect

        def watched(*words: Any, **named: Any) -> sqlite3.Connection:
            base = connect(*words, **named)
            base.set_trace_callback(lambda _: strike.touch("sql", Path.cwd()) and None)
            return base

        sqlite3.connect = watched  # type: ignore[assignment]
        act(place)
        return {"touches": strike.seen}

    answer = forked(work)
    assert {"touches"} == set(answer) or (at and {"killed"} == set(answer)), answer
    return list(answer.get("touches", []))


def look(place: Place, done: list[str], rows: int) -> int:
    """Make sure that all is whole and that what was done is there; how many rows it has."""
    journal = Journal(place.editor.editions.out)
    assert () == journal.faults()
    assert rows <= len(journal.entries()) <= rows + 1
    assert [] == [name for name in done if not STEPS[name][1](place)]
    tomllib.loads(place.text("corrections.toml"))
    for path in (place.out / DATE / "lexicon.tsv", Path("lexicon.tsv")):
        if path.exists():
            read_lexicon(path)
    edition = Editions(place.editor.editions.config).open(DATE)
    assert () == edition.misfits
    assert "结束语" in edition.scripted.markdown
    return len(journal.entries())


@pytest.mark.slow
def test_whatever_was_saved_is_there_and_whole(
    folder: Path,  # noqa: F811
) -> None:
    """Accounts, corrections, script, lexicon and journal: each the former or the new, no half."""
    (folder / "issues" / DATE / "page1.md").write_text(PAGE, "utf-8")
    config = settings.load({"review": "one"})
    place = Place(
        Editor(Editions(config), DATE, "王编辑"), Accounts(config.out_folder / FILE, hasher=QUICK)
    )
    rows, done, tried = 0, list[str](), 0
    for name, (act, _) in STEPS.items():
        before = {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
        place.editor.editions.open(DATE)

        def restore(before: dict[Path, bytes] = before) -> None:
            for path in sorted(folder.rglob("*")):
                if path.is_file() and path not in before:
                    path.unlink()
            for path, content in before.items():
                path.write_bytes(content)

        touches = struck(place, act, 0)
        restore()
        for at in range(1 + len(done) % EVERY, len(touches) + 1, EVERY):
            struck(place, act, at)
            look(place, [one for one in done if one != "invited"], rows)
            tried += 1
            restore()
        act(place)
        done.append(name)
        rows = look(place, [one for one in done if one != "invited"], rows)
    assert tried > 200 // EVERY
    assert 6 == rows
