"""`qjaudio make A..B`: years in one command."""

import json
import shlex
import shutil
from pathlib import Path

import feedparser
import pytest

from commands import SAMPLE, Command, snapshot
from qjaudio.cli import run
from qjaudio.pipeline import making

RANGE = "2025-05-19..2025-05-23"
FAST = ("--voice", "silent", "--minutes", "0.2")


def page_of(folder: Path, day: int, *, printed: int = 0) -> None:
    """Pages of a day in May; with `printed` their masthead names another one."""
    target = folder / "issues" / f"2025-05-{day}"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(SAMPLE, target)
    page = target / "page1.md"
    text = page.read_text("utf-8").replace("5月20日", f"5月{printed or day}日", 1)
    page.write_text(text.replace("农历乙巳年四月廿三", "").replace("星期二", ""), encoding="utf-8")


@pytest.fixture
def days(folder: Path) -> Path:
    """Issues of the 20th and 22nd, and between them one whose pages are those of another day."""
    page_of(folder, 20)
    page_of(folder, 21, printed=2)
    page_of(folder, 22)
    return folder


def dates_in_feed(folder: Path) -> list[str]:
    feed = feedparser.parse((folder / "out" / "feed.xml").read_bytes())
    return sorted(Path(entry.enclosures[0].href).stem for entry in feed.entries)


def test_one_broken_date_stops_no_other(qjaudio: Command, days: Path) -> None:
    """Dates in order, the failure with its exit code, and a command that makes it again."""
    answer = qjaudio("make", RANGE, *FAST)
    assert 4 == answer.code
    assert ["2025-05-20", "2025-05-22"] == dates_in_feed(days)
    lines = answer.out.splitlines()
    assert "dates    2 made, 1 failed" == lines[0]
    assert lines[2].startswith("failed   2025-05-21  exit 4: the masthead says 2025-05-02")
    assert answer.err.index("2025-05-20: made") < answer.err.index("2025-05-21: failed")
    assert answer.err.index("2025-05-21: failed") < answer.err.index("2025-05-22: made")

    page_of(days, 21)
    words = shlex.split(lines[3].removeprefix("rerun"))
    assert ["qjaudio", "make", "2025-05-21"] == words[:3]
    assert 0 == run(words[1:])
    assert ["2025-05-20", "2025-05-21", "2025-05-22"] == dates_in_feed(days)


def test_json_tells_each_outcome(qjaudio: Command, days: Path) -> None:
    """One object, every date in it with its state; the exit code is that of the process."""
    answer = qjaudio("make", RANGE, *FAST, "--json")
    result = json.loads(answer.out)
    assert answer.code == result["exit_code"] == 4
    found = [(one["date"][-2:], one["state"], one["exit_code"]) for one in result["outcomes"]]
    assert [("20", "made", 0), ("21", "failed", 4), ("22", "made", 0)] == found
    assert {"made": 2, "unchanged": 0, "no_paper": 0, "failed": 1} == result["counts"]
    assert "--force" in result["outcomes"][1]["hint"]
    assert str(Path("out/feed.xml")) == result["feed"]
    assert "2025-05-21" in result["rerun"]


def test_a_second_run_reads_nothing(
    qjaudio: Command, days: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is finished and looks the same is skipped unread, and no file has other bytes."""
    shutil.rmtree(days / "issues" / "2025-05-21")
    assert 0 == qjaudio("make", RANGE, *FAST).code
    before = snapshot(days / "out")
    monkeypatch.setattr(making, "find_issue", None)
    answer = qjaudio("make", RANGE, *FAST)
    assert (0, "dates    2 unchanged") == (answer.code, answer.out.splitlines()[0])
    assert before == snapshot(days / "out")


def test_the_same_bytes_as_one_by_one(qjaudio: Command, days: Path) -> None:
    """Episodes and feed of a range are those of single commands."""
    shutil.rmtree(days / "issues" / "2025-05-21")
    assert 0 == qjaudio("make", RANGE, *FAST, "--out", "range").code
    for date in ("2025-05-20", "2025-05-22"):
        assert 0 == qjaudio("make", date, *FAST, "--out", "single").code
    files = [snapshot(days / name) for name in ("range", "single")]
    ours, theirs = (
        {name: found[name] for name in found if not name.startswith(".cache")} for found in files
    )
    assert ours == theirs


def test_missing_makes_only_what_is_not_there(qjaudio: Command, days: Path) -> None:
    """Without any date it means all that is known; when nothing is missing, that is said."""
    page_of(days, 21)
    assert 0 == qjaudio("make", "2025-05-21", *FAST).code
    answer = qjaudio("make", "--missing", *FAST, "--json")
    found = [one["date"] for one in json.loads(answer.out)["outcomes"]]
    assert ["2025-05-20", "2025-05-22"] == found
    again = qjaudio("make", "--missing", *FAST)
    assert (0, "dates    nothing is missing") == (again.code, again.out.splitlines()[0])


def test_since_reaches_to_today(qjaudio: Command, days: Path) -> None:
    """Both ends included."""
    answer = qjaudio("make", "--since", "2025-05-22", *FAST, "--json")
    assert ["2025-05-22"] == [one["date"] for one in json.loads(answer.out)["outcomes"]]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["2025-05-22..2025-05-20"], 2, "ends before it begins"),
        (["2025-05-20..soon"], 2, "is not a date"),
        (["../pages/page1.pdf"], 2, "'../pages/page1.pdf' is not a date"),
        (["page1.md"], 2, "after --from"),
        (["--since", "2999-01-01"], 2, "has not come yet"),
        (["2025-05-20..2025-05-22", "--from", "pages"], 2, "one date"),
        (["2025-05-20..2025-05-22", "--voice", "nobody"], 2, "nobody"),
        (["1999-01-01..1999-12-31"], 4, "no issue from 1999-01-01 to 1999-12-31"),
        (["1999-01-01", "1999-01-02"], 4, "no issue for 1999-01-02"),
    ],
)
def test_bad_words_are_two_lines(
    qjaudio: Command, days: Path, words: list[str], code: int, said: str
) -> None:
    """What and what now; nothing is made."""
    answer = qjaudio("make", *words)
    assert (code, "", 2) == (answer.code, answer.out, answer.err.count("\n")), answer.err
    assert said in answer.err
    assert "hint: " in answer.err
    assert not (days / "out").exists()


def test_without_any_date_the_usage_is_shown(qjaudio: Command) -> None:
    """As click does it for a missing argument."""
    answer = qjaudio("make")
    assert 2 == answer.code
    assert "DATE" in answer.err


def test_if_new_is_kind_to_an_empty_range(qjaudio: Command) -> None:
    """Exit 0, and why nothing was made."""
    answer = qjaudio("make", "1999-01-01..1999-12-31", "--if-new")
    assert 0 == answer.code
    assert "no issue from 1999-01-01" in answer.out


def test_ctrl_c_leaves_what_is_finished(
    qjaudio: Command, days: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 130; the dates before are finished and in the feed, the next run goes on."""
    page_of(days, 21)
    read = making.find_issue

    def stopped(day: object, *rest: object) -> object:
        if str(day) == "2025-05-22":
            raise KeyboardInterrupt
        return read(day, *rest)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(making, "find_issue", stopped)
        assert 130 == qjaudio("make", RANGE, *FAST).code
    assert ["2025-05-20", "2025-05-21"] == dates_in_feed(days)
    answer = qjaudio("make", RANGE, *FAST)
    assert "dates    1 made, 2 unchanged" == answer.out.splitlines()[0]
    assert ["2025-05-20", "2025-05-21", "2025-05-22"] == dates_in_feed(days)


def test_failed_neighbours_are_one_range(qjaudio: Command, days: Path) -> None:
    """The command to rerun stays short, whatever fails."""
    page_of(days, 19, printed=2)
    page_of(days, 20, printed=2)
    page_of(days, 23, printed=2)
    answer = qjaudio("make", RANGE, *FAST, "--json")
    words = shlex.split(json.loads(answer.out)["rerun"])
    assert ["2025-05-19..2025-05-21", "2025-05-23"] == words[2:4]
