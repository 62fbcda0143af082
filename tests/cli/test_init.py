"""A show is begun with one command, which overwrites nothing."""

from pathlib import Path

import pytest

from qjaudio.cli import run
from qjaudio.config import load, setting_names

WORDS = ["--paper", "今日衢江", "--places", "廿里，上方镇", "--days", "mon-fri", "--yes"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_show_is_begun_and_checked(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Settings that can be loaded, folders, a lexicon whose readings are right, and the check."""
    assert 0 == run(["init", "radio", *WORDS, "--voice", "silent"])
    told = capsys.readouterr().out
    assert "written" in told
    assert "offline voice" in told
    config = load({}, {}, here / "radio")
    assert ("今日衢江", "mon-fri", "silent") == (config.paper, config.days, config.voice)
    assert (here / "radio/issues").is_dir()
    lexicon = (here / "radio/lexicon.tsv").read_text("utf-8")
    assert "廿里\tnian4 li3\t" in lexicon
    assert "上方镇\tshang4 fang1 zhen4\t" in lexicon


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_line_to_fill_in_is_a_setting(here: Path, lang: str) -> None:
    """Without the mark of a comment each of them is known and in its language explained."""
    assert 0 == run(["init", "radio", "--yes", "--voice", "silent", "--lang", lang])
    path = here / "radio/qjaudio.toml"
    lines = path.read_text("utf-8").splitlines()
    rows = [line.removeprefix("# ") for line in lines if " = " in line]
    names = {row.partition(" = ")[0] for row in rows}
    assert {"paper", "epaper", "review", "logo", "cover", "phrases", "footer"} <= names
    assert names <= setting_names()
    path.write_text("\n".join(rows), "utf-8")
    assert load({}, {}, here / "radio").review == "three"
    comments = [line for line in lines if line.startswith("# ") and " = " not in line]
    assert (lang == "zh") == any("报纸名称" in line for line in comments)


def test_nothing_is_overwritten(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second init ends with 2; a lexicon that is there is kept."""
    (here / "lexicon.tsv").write_text("廿里\tnian4 li3\n", "utf-8")
    assert 0 == run(["init", "--yes", "--voice", "silent"])
    assert "廿里\tnian4 li3\n" == (here / "lexicon.tsv").read_text("utf-8")
    before = (here / "qjaudio.toml").read_text("utf-8")
    assert 2 == run(["init", *WORDS])
    assert "nothing is overwritten" in capsys.readouterr().err
    assert before == (here / "qjaudio.toml").read_text("utf-8")


@pytest.mark.parametrize(
    "words",
    [
        ["--email", "nobody"],
        ["--base-url", "example.cn"],
        ["--review", "four"],
        ["--days", "someday"],
        ["--places", "a\tb"],
    ],
)
def test_a_wrong_answer_writes_nothing(here: Path, words: list[str]) -> None:
    """What the settings would refuse later is refused now."""
    assert 2 == run(["init", "radio", "--yes", *words])
    assert not (here / "radio").exists()


def test_it_asks_for_what_is_not_given(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal; an empty answer leaves the line open."""
    asked: list[str] = []

    def answer(text: str, **_: object) -> str:
        asked.append(text)
        return "编辑部" if "publishes" in text else ""

    monkeypatch.setattr("click.prompt", answer)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    assert 0 == run(["init", "radio", "--paper", "今日衢江", "--voice", "silent"])
    assert not any("masthead" in text for text in asked)
    assert "编辑部" == load({}, {}, here / "radio").author


def test_a_folder_that_cannot_be_made_is_told(here: Path) -> None:
    """Exit status 7, as everywhere."""
    (here / "file").write_text("", "utf-8")
    assert 7 == run(["init", "file/radio", "--yes"])
