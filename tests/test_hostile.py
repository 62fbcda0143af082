"""Hostile input and the code that meets it: limits, terminal, records, addresses, no traps."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import article, issue
from feed.shows import HOSTILE, episode
from qjaudio import config, rules, store
from qjaudio.cli.options import Talk
from qjaudio.cli.read import outline
from qjaudio.engines import kokoro
from qjaudio.episode.model import from_record, to_record
from qjaudio.errors import MissingPartError, NotAnIssueError, UsageError
from qjaudio.script.lexicon import parse_lexicon
from qjaudio.script.model import Script
from qjaudio.script.prepare import MAX_LINE, from_markdown
from qjaudio.sources import text
from qjaudio.sources.epaper.fetch import is_public

SOURCE = Path(__file__).parent.parent / "src"
EMPTY = Script(paper="今日衢江", date="2025-05-20", parts=())


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("桥" * (text.MAX_LINE + 1), "a line of more than"),
        ("桥\n" * (text.MAX_ISSUE_CHARS // 2 + 1), "characters of text"),
        ("标题\x1b[2J", "is not text"),
    ],
)
def test_text_beyond_its_limits_is_refused(tmp_path: Path, page: str, words: str) -> None:
    """No rule ever sees a line, an issue or a control character that no newspaper prints."""
    (tmp_path / "page1.txt").write_text(page, encoding="utf-8")
    with pytest.raises(NotAnIssueError, match=words):
        list(text.TextSource().pages(str(tmp_path)))


@pytest.mark.parametrize("line", ["桥" * (MAX_LINE + 1), "桥\n" * 300_001])
def test_an_edited_script_has_limits(line: str) -> None:
    """A script.md of megabytes is refused before it is parsed."""
    with pytest.raises(UsageError, match="longer than"):
        from_markdown(f"## 一\n{line}", EMPTY, rules.phrases("phrases"))


def test_unclosed_comments_take_no_quadratic_time() -> None:
    """119,000 comments are read, or refused where they never end, within seconds: each once."""
    code = (
        "from qjaudio import rules\n"
        "from qjaudio.script.prepare import from_markdown\n"
        "from qjaudio.script.model import Script\n"
        "from qjaudio.errors import UsageError\n"
        "empty = Script(paper='x', date='2025-05-20', parts=())\n"
        "words = rules.phrases('phrases')\n"
        "from_markdown('## 一\\n' + '<!---->' * 1_400, empty, words)\n"
        "from_markdown('## 一\\n桥。\\n' + '<!--\\n-->' * 59_000, empty, words)\n"
        "try:\n"
        "    from_markdown('## 一\\n' + '<!--\\n' * 119_000, empty, words)\n"
        "except UsageError:\n"
        "    raise SystemExit(0)\n"
        "raise SystemExit('not refused')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], timeout=120, check=False)
    assert 0 == done.returncode


@pytest.mark.parametrize("row", ["\tma1", f"{'桥' * 61}\tqiao2"])
def test_a_lexicon_holds_words_only(row: str) -> None:
    """An entry without a word would match everywhere; one of a page's length is not a word."""
    with pytest.raises(UsageError, match="word"):
        parse_lexicon(row, "lexicon.tsv")


DAMAGED: list[dict[str, Any]] = [
    {"duration_ms": "90"},
    {"duration_ms": -1},
    {"duration_ms": True},
    {"paper": None},
    {"title": ["x"]},
    {"issue_number": "1"},
    {"stem": "../../etc/cron"},
    {"stem": "a/b"},
    {"stem": ".hidden"},
    {"date": "../x"},
    {"chapters": 1},
    {"chapters": [1]},
    {"cues": [{"start_ms": 0, "end_ms": "1", "text": "x"}]},
    {"cues": [{"start_ms": 0, "end_ms": 1, "text": 5}]},
    {"cues": [{"start_ms": 0, "end_ms": 1, "text": "x", "evil": 1}]},
]


@pytest.mark.parametrize("damage", DAMAGED, ids=str)
def test_a_damaged_record_is_no_episode(damage: dict[str, Any]) -> None:
    """A wrong type, a negative time or a name that leaves the folder: None, never a crash."""
    record = json.loads(json.dumps(to_record(episode())))
    assert episode() == from_record(record)
    assert from_record({**record, **damage}) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda some: st.lists(some, max_size=3) | st.dictionaries(st.text(max_size=5), some),
    max_leaves=6,
)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(sorted(to_record(episode()))), JSON)
def test_no_value_of_a_record_raises(name: str, value: Any) -> None:
    """Whatever stands in one field, the answer is an episode or None."""
    from_record({**json.loads(json.dumps(to_record(episode()))), name: value})


def test_deep_nesting_is_damage(tmp_path: Path) -> None:
    """JSON and TOML nested a hundred thousand deep are named as damaged, not a bug in qjaudio."""
    (tmp_path / "episode.json").write_text("[" * 100_000, encoding="utf-8")
    assert store.read_json(tmp_path / "episode.json") is None
    (tmp_path / config.FILE).write_text("paper = " + "[" * 100_000, encoding="utf-8")
    with pytest.raises(UsageError, match="cannot read"):
        config.load(folder=tmp_path, environ={})


def test_talk_does_not_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Escape sequences and marks that turn the line around do not reach stderr."""
    Talk().say(HOSTILE.replace("\ud800", "") + "\x1b]0;owned\x07\u202e")
    assert not set(capsys.readouterr().err.rstrip("\n")) & set("\x00\x07\x1b\n\u202e")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
        "224.0.0.1", "::1", "fe80::1", "fd00::1", "ff02::1", "::ffff:127.0.0.1", "::127.0.0.1",
        "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b:1::1", "no address",
    ],
)  # fmt: skip
def test_addresses_of_private_networks_are_not_public(address: str) -> None:
    """Neither plain nor wrapped in IPv6, as 6to4 and NAT64 do."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "2002:808:808::"])
def test_public_addresses_are_public(address: str) -> None:
    """The guard does not shut out the web."""
    assert is_public(address)


def test_a_damaged_voice_is_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The vectors of each voice are those of upstream, to the byte."""
    assert set(kokoro.VOICES) == set(kokoro.VECTORS_SHA256)
    for voice in kokoro.VOICES:
        assert (510, 1, 256) == kokoro.style_vectors(voice).shape
    (tmp_path / "kokoro").mkdir()
    (tmp_path / "kokoro" / "zm_yunxi.bin").write_bytes(b"\0" * 510 * 1024)
    monkeypatch.setattr(kokoro, "voices_folder", lambda: tmp_path)
    with pytest.raises(MissingPartError, match="sha256"):
        kokoro.style_vectors("zm_yunxi")


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield f"{path.name}:{node.lineno} {ast.unparse(node.func)}", node


def test_no_code_is_run_from_text() -> None:
    """No eval, exec, pickle, os.system, and no shell anywhere in the program."""
    forbidden = {"eval", "exec", "compile", "system", "popen"}
    found = [
        where
        for where, call in _calls()
        if where.split()[1] in {*forbidden, "os.system", "os.popen"}
        or where.split()[1].startswith(("pickle.", "marshal.", "shelve.", "yaml."))
        or any(word.arg == "shell" for word in call.keywords)
    ]
    assert [] == found


def test_every_program_has_a_time_limit() -> None:
    """Each subprocess.run names a timeout: nothing that we start can hang for ever."""
    runs = [(where, call) for where, call in _calls() if where.endswith("subprocess.run")]
    assert runs
    assert [] == [
        where for where, call in runs if not any(word.arg == "timeout" for word in call.keywords)
    ]


def test_an_outline_does_not_steer_the_terminal() -> None:
    """Marks of writing direction and escapes in a headline become blanks; rows stay rows."""
    shown = outline(issue(article("\u202e桥\x1b[2J通车了\u2067")))
    assert all(char.isprintable() or char == "\n" for char in shown)
    assert 3 == len(shown.splitlines())
