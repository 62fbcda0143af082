"""One line, spoken or explained."""

import io
import json
from pathlib import Path

import pytest
from mutagen.mp3 import MP3

from commands import Command


def test_explain_as_json_is_the_contract(qjaudio: Command) -> None:
    """text, spoken, and a syllable with tone digit for each Han character of spoken."""
    answer = qjaudio("say", "衢江2家", "--explain", "--json")
    assert 1 == answer.out.count("\n")
    wanted = {
        "text": "衢江2家",
        "spoken": "衢江两家",
        "pinyin": ["qu2", "jiang1", "liang3", "jia1"],
    }
    got = json.loads(answer.out)
    assert wanted == {**got, "spoken": got["spoken"].rstrip("。")}


def test_stdin_gives_an_object_a_line(qjaudio: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many lines out as in, in order, also for empty and foreign ones."""
    lines = ["廿里", "", "Hello", "3·15", "😀"]
    stdin = io.TextIOWrapper(io.BytesIO("\n".join(lines).encode() + b"\n"), encoding="utf-8")
    monkeypatch.setattr("sys.stdin", stdin)
    answer = qjaudio("say", "-", "--explain", "--json")
    assert lines == [json.loads(row)["text"] for row in answer.out.splitlines()]


def test_explain_for_people_names_each_word(qjaudio: Command) -> None:
    """A row for each word with its reading."""
    answer = qjaudio("say", "廿里镇", "--explain")
    assert "nian4" in answer.out
    assert 0 == answer.code


def test_say_writes_an_mp3(qjaudio: Command, folder: Path) -> None:
    """A line becomes a playable file."""
    answer = qjaudio("say", "新桥通车了。", "-o", "一句.mp3", "--voice", "silent")
    assert "一句.mp3\n" == answer.out
    assert 1 < MP3(folder / "一句.mp3").info.length < 5


def test_nothing_to_say_is_refused(qjaudio: Command) -> None:
    """Marks alone are no speech."""
    assert 2 == qjaudio("say", "……！", "--voice", "silent").code


def test_other_encodings_are_explained(qjaudio: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stdin in GB18030 gets the command that converts it."""
    stdin = io.TextIOWrapper(io.BytesIO("报纸".encode("gb18030")), encoding="utf-8")
    monkeypatch.setattr("sys.stdin", stdin)
    answer = qjaudio("say", "-", "--explain")
    assert 2 == answer.code
    assert "iconv" in answer.err
