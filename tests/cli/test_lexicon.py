"""Readings of one's own."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from commands import Command
from qjaudio.config import Config
from qjaudio.pipeline.lexicons import add_reading, own_lexicon


def pinyin(qjaudio: Command, text: str) -> list[str]:
    return list(json.loads(qjaudio("say", text, "--explain", "--json").out)["pinyin"])


def test_a_reading_that_is_added_is_used(qjaudio: Command, folder: Path) -> None:
    """The file beside qjaudio.toml holds it, `say` follows it, `lexicon` lists it."""
    assert ["zhong4", "zhong4"] != pinyin(qjaudio, "重重")
    answer = qjaudio("lexicon", "add", "重重", "zhong4 zhong4", "--homophone", "众众")
    assert (0, "lexicon.tsv\n") == (answer.code, answer.out)
    assert ["zhong4", "zhong4"] == pinyin(qjaudio, "重重")
    wanted = [{"text": "重重", "reading": ["zhong4", "zhong4"], "homophone": "众众"}]
    assert wanted == json.loads(qjaudio("lexicon", "--json").out)


def test_a_second_reading_replaces_the_first(qjaudio: Command, folder: Path) -> None:
    """One word, one line; comments and other lines stay."""
    (folder / "lexicon.tsv").write_text("# 我的\n重重\tzhong4 zhong4\n单\tshan4\n", "utf-8")
    qjaudio("lexicon", "add", "重重", "chong2 chong2")
    text = (folder / "lexicon.tsv").read_text("utf-8")
    assert "# 我的\n单\tshan4\n重重\tchong2 chong2\n" == text


def test_readings_that_are_added_at_once_are_all_kept(tmp_path: Path) -> None:
    """Whoever reads the file, adds a line and writes it does so alone."""
    config = Config(lexicon=str(tmp_path / "lexicon.tsv"))
    (tmp_path / "lexicon.tsv").touch()
    words = [f"重{char}" for char in "甲乙丙丁戊己庚辛"]
    with ThreadPoolExecutor(len(words)) as pool:
        list(pool.map(lambda word: add_reading(config, word, "chong2 jia3", ""), words))
    assert set(words) == set(own_lexicon(config).entries)


@pytest.mark.parametrize("reading", ["chong2", "chong2 chong2 chong2", "chong2 xx9", ""])
def test_a_reading_that_does_not_fit_is_refused(
    qjaudio: Command, folder: Path, reading: str
) -> None:
    """Exit code 2 with the reason; no file is written."""
    answer = qjaudio("lexicon", "add", "重重", reading)
    assert 2 == answer.code
    assert "hint" in answer.err
    assert not (folder / "lexicon.tsv").exists()


def test_a_wrong_line_is_named(qjaudio: Command, folder: Path) -> None:
    """The number of the line, and the way out."""
    (folder / "lexicon.tsv").write_text("廿里\tnian4\n", "utf-8")
    answer = qjaudio("say", "廿里", "--explain")
    assert 2 == answer.code
    assert "lexicon.tsv, line 1" in answer.err
