"""The run over a corpus counts, scores and shows; the corpus itself lies elsewhere."""

import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).parents[2] / "benchmarks" / "corpus.py"
CORPUS = "# source\tsentence\na\t<p>桥长3米。</p>\nb\t他们3:15，大家都走了。\nb\t桥长3米。\n"
CASES = (
    "spoken\t走进2025。\t走进二零二五。\t\tyear\n"
    "pinyin\t重庆很远。\t\t重庆=chong2 qing4\tplace\n"
    "pinyin\t重庆很远。\t\t重庆=zhong4 qing4\tplace\n"
    "pause\ta note\t\t\tnote\n"
)


def printed(tmp_path: Path, *words: str) -> str:
    """What the program prints of our small corpus."""
    corpus, cases = tmp_path / "corpus.tsv", tmp_path / "cases.tsv"
    corpus.write_text(CORPUS, encoding="utf-8")
    cases.write_text(CASES, encoding="utf-8")
    command = [sys.executable, str(PROGRAM), str(corpus), *words]
    return subprocess.run(command, capture_output=True, check=True, text=True, cwd=tmp_path).stdout


def test_rules_doubts_and_cases_are_counted(tmp_path: Path) -> None:
    """A sentence counts once, a doubt by its reason, a case by its class."""
    found = printed(tmp_path, "--cases", "cases.tsv")
    assert "for 2 sentences" in found
    assert "in doubt: " in found
    assert "place                              1 of 2" in found
    assert "cases said right: 66.67 %" in found


def test_a_sample_is_drawn_by_its_seed(tmp_path: Path) -> None:
    """The same seed shows the same sentences, as they are said."""
    first = printed(tmp_path, "--sample", "1", "--seed", "4")
    assert first == printed(tmp_path, "--sample", "1", "--seed", "4")
    assert "桥长三米。" in first or "三点十五分" in first
