"""A show is begun with one command, which overwrites nothing."""

from pathlib import Path

import pytest

from qjaudio import language
from qjaudio.cli import init, run
from qjaudio.config import load, setting_names
from qjaudio.pipeline import checking

WORDS = ["--paper", "今日衢江", "--places", "廿里，上方镇", "--days", "mon-fri", "--yes"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for part in ("_model", "_ffmpeg"):  # each is read or run whole, and has tests of its own
        monkeypatch.setattr(checking, part, lambda: "as it should be")
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
        ["--places", "abc"],
        ["--voice", "nobody"],
        ["--publish-to", "ftp://example.cn/x"],
        ["--epaper", "example.cn"],
        ["--lang", "fr"],
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


@pytest.mark.parametrize(("lang", "word"), [("zh", "怎么办"), ("en", "hint")])
def test_a_wrong_answer_is_asked_for_again(
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    lang: str,
    word: str,
) -> None:
    """At once, with what is wrong and a way out; the answers before it are not lost."""
    wrong = {
        "base_url": "example.cn", "days": "someday", "email": "nobody", "epaper": "x.cn",
        "places": "abc", "publish_to": "ftp://x", "review": "four", "voice": "nosuch",
    }  # fmt: skip
    right = {"paper": "今日衢江", "voice": "silent", "places": "上方镇"}
    rows = [one._replace(asked=language.translated(one.asked, lang)) for one in init.QUESTIONS]
    rows.append(init.PLACES._replace(asked=language.translated(init.PLACES.asked, lang)))

    def answer(text: str, **_: object) -> str:
        (name,) = (one.name for one in rows if text.startswith(one.asked))
        return wrong.pop(name, None) or right.get(name, "")

    monkeypatch.setenv("QJAUDIO_LANG", lang)
    monkeypatch.setattr("click.prompt", answer)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    asked = len(wrong)
    assert 0 == run(["init", "radio"])
    assert {} == wrong
    told = capsys.readouterr().err
    assert asked == told.count("qjaudio: ") == sum(word in row for row in told.splitlines())
    config = load({}, {}, here / "radio")
    assert ("今日衢江", "silent", "") == (config.paper, config.voice, config.email)


@pytest.mark.parametrize("name", ["issues", "lexicon.tsv", "out", "phrases.toml"])
def test_a_folder_of_others_stays_as_it_is(here: Path, name: str) -> None:
    """Whatever lies there is neither changed nor taken for ours; what is in the way is told."""
    (here / name).write_text("of somebody", "utf-8")
    (here / "README.md").write_text("# another project", "utf-8")
    assert {"issues": 7, "lexicon.tsv": 2, "out": 7, "phrases.toml": 0}[name] == run(
        ["init", "--yes", "--voice", "silent"]
    )
    assert "of somebody" == (here / name).read_text("utf-8")
    assert "# another project" == (here / "README.md").read_text("utf-8")


def test_a_folder_that_cannot_be_made_is_told(here: Path) -> None:
    """Exit status 7, as everywhere."""
    (here / "file").write_text("", "utf-8")
    assert 7 == run(["init", "file/radio", "--yes"])
