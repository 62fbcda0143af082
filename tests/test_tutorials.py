"""The Chinese pages: every command in them works, in the order in which it stands there."""

import datetime
import re
import shlex
import shutil
import textwrap
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from commands import REPO, SAMPLE, finished, folder, made, sample_sound, unmixed  # noqa: F401 - fixtures
from qjaudio import config
from qjaudio.cli import run
from qjaudio.outlets import loudspeaker
from qjaudio.sources.epaper import fetch
from qjaudio.speech.plan import parse_cast
from qjaudio.web import server
from site_pages import first_page, site
from site_server import SiteServer
from test_language import has_english
from tool_samples import written

PAGES = REPO / "docs" / "zh"
ONE_DAY = ("technician", "editor", "chief-editor")
"""Pages that tell of one show from its beginning, each where the one before has ended."""
OTHERS = sorted(path.stem for path in PAGES.glob("*.md") if path.stem not in ONE_DAY)
TESTED_ELSEWHERE = {
    "pip": "test_wheel",
    "pipx": "test_wheel",
    "qjaudio read page1.png": "test_scan",
}
"""Lines that install, and the one that reads a picture by a model."""
IN_TEST = {"kokoro:zm_yunxi": "silent"}
"""Words that would take minutes, and what the test says instead."""
LOG = (
    '1.1.1.1 - - [20/May/2025:07:01:02 +0800] "GET /2025-05-20.mp3 HTTP/1.1" 200 9999999 "-" "x"\n'
)
STORY = "# 村里的新鲜事\n\n本报讯（记者 李明）渡口的步道修好了。大家都说好，来的人一天比一天多。\n"
_SHELL = re.compile(r"^ *```(?:sh|console)\n(.*?)^ *```$", re.M | re.S)
_FENCED = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.M | re.S)


def typed(page: str) -> list[str]:
    """The lines to type: those of the shell; of a session those behind the prompt."""
    lines = []
    for block in _SHELL.findall((PAGES / f"{page}.md").read_text("utf-8")):
        rows = [row.strip() for row in block.splitlines() if row.strip()]
        lines += [row[2:] for row in rows if row.startswith("$ ")] or rows
    return lines


def failures(lines: list[str], monkeypatch: pytest.MonkeyPatch, words: dict[str, str]) -> list[str]:
    """The lines that do not end well, run one after the other in this process."""
    failed = []
    for line in lines:
        for command in line.partition(" > ")[0].split(" && "):
            first, *others = shlex.split(command, comments=True)
            if first == "cd":
                monkeypatch.chdir(others[0])
            elif command not in TESTED_ELSEWHERE and first not in TESTED_ELSEWHERE:
                for word, instead in words.items():
                    others = [other.replace(word, instead) for other in others]
                if first != "qjaudio" or run(others):
                    failed.append(line)
    return failed


def english_lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What was told in English, but for the files of timers."""
    told = "".join(capsys.readouterr()).splitlines()
    return [line for line in told if has_english(line) and not line.startswith("Description=")]


@pytest.mark.usefixtures("unmixed")
def test_one_day_of_three_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From an empty folder to a signed edition that is taken back; all that is told is Chinese."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QJAUDIO_VOICE", "silent")
    monkeypatch.setenv("QJAUDIO_EDGE_ENDPOINT", "ws://127.0.0.1:9/edge")
    monkeypatch.setenv("QJAUDIO_LANG", "zh")
    shutil.copytree(SAMPLE, "radio/issues/2025-05-20")
    assert [] == [line for page in ONE_DAY for line in failures(typed(page), monkeypatch, {})]
    assert [] == english_lines(capsys)


@pytest.fixture
def show(made: Path, finished: Path, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: F811
    """A show with an episode, and what the pages suppose to be there."""
    root = made.parent
    monkeypatch.setenv("QJAUDIO_LANG", "zh")
    monkeypatch.setenv("QJAUDIO_BASE_URL", "https://example.cn/qj/")
    monkeypatch.setenv("QJAUDIO_PUBLISH_TO", str(root / "www"))
    today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
    for day in ("2024-03-05", str(today)):
        for issues in ("issues", "papers/east/issues"):
            (root / issues / day).mkdir(parents=True)
            (root / issues / day / "page1.md").write_text(STORY, "utf-8")
    (root / "papers/east/qjaudio.toml").write_text('paper = "东乡日报"\n', "utf-8")
    (root / "output").mkdir()
    written(root / "output", "day_content_list.json")
    shutil.copy(REPO / "tests/sources/pages/two_pages.pdf", root / "2025-06-03.pdf")
    (root / "access.log").write_text(LOG, "utf-8")

    def serve(*_: Any, announce: Any = None, audience: Path | None = None, **__: Any) -> None:
        if audience:
            audience.mkdir()
            (audience / "2025-05-20.jsonl").write_text(LOG, "utf-8")
        if announce:
            announce(("http://127.0.0.1:8010/",))

    sound = sample_sound(finished)
    monkeypatch.setattr(loudspeaker, "mix", lambda *words, **_: sound(*words[:3]))
    monkeypatch.setattr(server, "serve", serve)
    monkeypatch.setattr(
        server, "serve_app", lambda _, __, ___, announce, ____: serve(announce=announce)
    )
    return root


@contextmanager
def epaper(page: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The site that a page reads, without pauses, by what stands for it."""
    if page != "read-an-epaper-site":
        yield {}
        return
    limits = fetch.Limits(pause_s=0)
    monkeypatch.setattr(fetch, "Limits", lambda: limits)
    with SiteServer(site("founder")) as running:
        first = running.url + first_page("founder")
        yield {"http://epaper.example.cn/html/2025-05/20/node_1.htm": first}


@pytest.mark.usefixtures("unmixed")
@pytest.mark.parametrize("page", [page for page in OTHERS if typed(page)])
def test_every_command_of_a_page_works(
    page: str, show: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a show that has its pages, an episode and its logs; all that is told is Chinese."""
    if page == "review-and-withdraw":  # it begins before anything is published
        shutil.rmtree(show / "out")
        (show / "qjaudio.toml").write_text('review = "three"\n', "utf-8")
    instead = IN_TEST | {"/var/log/nginx/access.log*": str(show / "access.log")}
    with epaper(page, monkeypatch) as words:
        assert [] == failures(typed(page), monkeypatch, instead | words)
    assert [] == english_lines(capsys)


@pytest.mark.parametrize("page", [*ONE_DAY, *OTHERS])
def test_a_page_holds_nothing_else_to_type(page: str, tmp_path: Path) -> None:
    """Blocks of other kinds hold none; what is set in TOML is what the program takes."""
    text = (PAGES / f"{page}.md").read_text("utf-8")
    for _, kind, block in _FENCED.findall(text):
        if kind not in ("sh", "console"):
            assert not re.search(r"^ *(\$ )?qjaudio [a-z]", block, re.M), block
        if kind == "toml":
            tables = tomllib.loads(textwrap.dedent(block))
            if "readers" in tables:
                parse_cast(tables)
            elif not {"correction", "opening", "voices"} & tables.keys():
                (tmp_path / config.FILE).write_text(block, "utf-8")
                config.load({}, {}, tmp_path)
    assert not re.search(r"^    +qjaudio [a-z]", _FENCED.sub("", text), re.M)
