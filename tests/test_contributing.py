"""The pages of CONTRIBUTING.md, followed word by word in a copy of the program."""

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path
from typing import Any

import pytest

import qjaudio
import site_pages
from site_server import SiteServer

ROOT = Path(__file__).parents[1]
_BLOCK = re.compile(r"^( *)```\w+ (\S+)\n(.*?)^\1```$", re.M | re.S)


def blocks(section: str) -> dict[str, str]:
    """The files of one page of CONTRIBUTING.md, by path."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    page = text.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    return {path: textwrap.dedent(block) for _, path, block in _BLOCK.findall(page)}


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A copy of the program, to be changed."""
    ignored = shutil.ignore_patterns("*.pyc.*")  # half written by another test
    shutil.copytree(Path(qjaudio.__file__).parent, tmp_path / "src" / "qjaudio", ignore=ignored)
    return tmp_path


def run(program: Path, *words: str) -> str:
    """What Python prints when it runs the copy."""
    environ = os.environ | {"PYTHONPATH": str(program / "src"), "PYTHONUTF8": "1"}
    command = [sys.executable, *words]
    done = subprocess.run(
        command, check=False, env=environ, cwd=program, capture_output=True, timeout=120
    )
    assert 0 == done.returncode, done.stderr.decode() + done.stdout.decode()
    return done.stdout.decode()


ALL = """
import contextlib, io, json, sys
from qjaudio.cli import run
from qjaudio.pipeline import voicing

voicing.PATIENCE_S = 60  # a busy machine takes seconds to start a program

def answer(words):
    with contextlib.redirect_stdout(io.StringIO()) as answer:
        code = run(words)
    assert 0 == code, words
    return answer.getvalue()

print(json.dumps([answer(words) for words in json.loads(sys.argv[1])]))
"""


def answers(program: Path, *commands: tuple[str, ...]) -> list[str]:
    """What commands of the copy print, run one after the other in one process."""
    found: list[str] = json.loads(run(program, "-c", ALL, json.dumps(commands)))
    return found


def articles(program: Path, *words: str) -> list[dict[str, Any]]:
    """The articles that `qjaudio read … --json` of the copy prints."""
    found: list[dict[str, Any]] = json.loads(run(program, *words))["articles"]
    return found


def insert(path: Path, text: str, before: str) -> None:
    """Put text into a file above a line."""
    old = path.read_text(encoding="utf-8")
    assert f"\n{before}\n" in old
    path.write_text(old.replace(f"\n{before}\n", f"\n{text}\n{before}\n", 1), encoding="utf-8")


READ_AT_ONCE = """
import sys
from qjaudio.cli import main
from qjaudio.sources.epaper import fetch
limits = fetch.Limits(pause_s=0)
fetch.Limits = lambda: limits
sys.argv = ["qjaudio", "read", sys.argv[1], "--json"]
main()
"""


def test_an_epaper_system_is_one_table(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the table of the page its site gives every headline, name and paragraph."""
    added = blocks("Add an e-paper system")
    sites = program / "sites"
    shutil.copytree(site_pages.SITES, sites)
    (sites / "harbour.toml").write_text(added["tests/sources/sites/harbour.toml"], encoding="utf-8")
    monkeypatch.setattr(site_pages, "SITES", sites)
    wanted = site_pages.issue()["article"]
    rules = program / "src/qjaudio/rules/epaper.toml"
    with SiteServer(site_pages.site("harbour")) as server:
        address = server.url + site_pages.first_page("harbour")
        insert(rules, added["src/qjaudio/rules/epaper.toml"], "[tags]")
        read = articles(program, "-c", READ_AT_ONCE, address)
    heads = [(row["headline"], row.get("kicker", ""), row.get("deck", "")) for row in wanted]
    assert heads == [(row["headline"], row["kicker"] or "", row["deck"] or "") for row in read]
    assert [row["body"] for row in wanted] == [row["body"] for row in read]
    assert [row.get("byline", []) for row in wanted] == [row["byline"] for row in read]


def install(program: Path, project: str) -> None:
    """Make the entry points of a piece of pyproject.toml known, as an installation would."""
    known = program / "src" / "added-0.dist-info"
    known.mkdir()
    (known / "METADATA").write_text("Metadata-Version: 2.1\nName: added\nVersion: 0\n")
    groups = tomllib.loads(project)["project"]["entry-points"]
    lines = [
        line
        for group, points in groups.items()
        for line in (f"[{group}]", *(f"{name} = {place}" for name, place in points.items()))
    ]
    (known / "entry_points.txt").write_text("\n".join(lines) + "\n")


def test_a_source_is_one_class(program: Path) -> None:
    """Class and entry point make `qjaudio read` take the new files; its own test passes, too."""
    added = blocks("Add a source")
    (program / "src/qjaudio/sources/jsonl.py").write_text(
        added["src/qjaudio/sources/jsonl.py"], encoding="utf-8"
    )
    install(program, added["pyproject.toml"])
    test = program / "test_jsonl.py"
    test.write_text(added["tests/sources/test_jsonl.py"], encoding="utf-8")
    run(program, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test))
    page = (ROOT / "issues" / "2025-05-20" / "page1.md").read_text(encoding="utf-8")
    row = json.dumps({"page": 1, "text": page})
    (program / "day.jsonl").write_text(row + "\n", encoding="utf-8")
    (program / "day.md").write_text(page, encoding="utf-8")
    both = answers(program, ("read", "day.md", "--json"), ("read", "day.jsonl", "--json"))
    of_text, of_lines = (json.loads(answer)["articles"] for answer in both)
    assert of_text == of_lines
    assert of_text


def test_an_engine_is_one_class(program: Path) -> None:
    """Class and entry point are enough: its test passes, and with four lines of settings it reads.

    It stands in the chain, has its settings, its place in `voices`, and the next engine behind it.
    """
    added = blocks("Add an engine")
    (program / "src/qjaudio/engines/program.py").write_text(
        added["src/qjaudio/engines/program.py"], encoding="utf-8"
    )
    install(program, added["pyproject.toml"])
    shutil.copytree(ROOT / "voices", program / "voices")
    test = program / "test_program.py"
    test.write_text(added["tests/engines/test_program.py"], encoding="utf-8")
    run(program, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test))
    hum = re.search(r'HUM = """(.*?)"""', test.read_text("utf-8"), re.S)
    assert hum
    (program / "hum.py").write_text(hum[1], encoding="utf-8")
    settings = 'chain = ["program", "silent"]\n[engine.program]\nvoices = ["{voice}"]\n'
    command = f"command = {json.dumps([sys.executable, 'hum.py'])}\n"
    say = ("say", "河边的步道修好了。", "--json")
    (program / "qjaudio.toml").write_text(settings + command, encoding="utf-8")
    named, spoken, voices = answers(program, (*say, "--voice", "program"), say, ("voices",))
    assert 8 * 0.22 < json.loads(spoken)["duration_s"]
    assert named == spoken
    assert "program:{voice}" in voices
    (program / "hum.py").write_text("raise SystemExit(1)", encoding="utf-8")
    text = "别的话说不出来了。"
    assert json.loads(run(program, "-m", "qjaudio", "say", text, "--json"))["duration_s"] > 1


PAGE = "# 村里的新鲜事\n\n本报讯（记者 李明）%s大家都说好，来的人一天比一天多。\n"


def test_an_ocr_rule_is_one_row(program: Path) -> None:
    """With the row of the page the slip is put right, and a true word stays."""
    added = blocks("Add an OCR rule")
    read, printed, right = re.findall('"(.+?)"', added["tests/paper/test_repair.py"])
    page = program / "page.md"

    def read_aloud(sentence: str) -> str:
        page.write_text(PAGE % sentence, encoding="utf-8")
        return str(articles(program, "-m", "qjaudio", "read", str(page), "--json")[0])

    assert read in read_aloud(read)
    rules = program / "src/qjaudio/rules/confusions.tsv"
    with rules.open("a", encoding="utf-8") as file:
        file.write(added["src/qjaudio/rules/confusions.tsv"])
    assert printed in read_aloud(read)
    assert right in read_aloud(right)


def test_a_rule_is_one_row(program: Path) -> None:
    """With the rows of the page its examples are said and read as it says, and not before."""
    shutil.copytree(ROOT / "voices", program / "voices")
    added = blocks("Add a rule")
    tables = {path: text.splitlines() for path, text in added.items()}
    spoken = dict(row.split("\t") for row in tables.pop("tests/script/cases/spoken.tsv"))
    cases = [row.split("\t") for row in tables.pop("tests/script/cases/readings.tsv")]
    readings = {text: reading.split() for text, reading, _ in cases}

    def explained() -> dict[str, dict[str, Any]]:
        texts = [*spoken, *readings]
        told = answers(program, *(("say", text, "--explain", "--json") for text in texts))
        return dict(zip(texts, map(json.loads, told), strict=True))

    before = explained()
    assert [] == [text for text in spoken if before[text]["spoken"] == spoken[text]]
    assert [] == [text for text in readings if before[text]["pinyin"] == readings[text]]
    assert 3 == len(tables)
    for name, rows in tables.items():
        path = program / name
        old = path.read_text(encoding="utf-8").splitlines()
        for row in rows:
            same = [at for at, line in enumerate(old) if line.split("\t")[0] == row.split("\t")[0]]
            old.insert(same[0] if same else len(old), row)
        path.write_text("\n".join(old) + "\n", encoding="utf-8")
    after = explained()
    assert spoken == {text: after[text]["spoken"] for text in spoken}
    assert readings == {text: after[text]["pinyin"] for text in readings}
