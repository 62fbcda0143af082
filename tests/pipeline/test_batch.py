"""Many dates: which they are, how each ends, and when the feed is written."""

import dataclasses
import datetime
import itertools
import os
import pickle
import shutil
from pathlib import Path

import pytest

from commands import SAMPLE
from qjaudio.config import Config
from qjaudio.errors import NoPaperError, NotWritableError, UsageError
from qjaudio.paper.model import Issue
from qjaudio.pipeline import batch, freshness, locking, making
from qjaudio.pipeline.batch import Outcome, dates_of, local_dates, make_one
from qjaudio.pipeline.making import Order
from qjaudio.pipeline.reporting import Quiet
from qjaudio.store import OutFolder

NOW = datetime.datetime(2025, 6, 3, 1, 0, tzinfo=datetime.UTC)
SITE = "https://paper.example/{year}-{month}/{day}/node_1.htm"


def config_in(folder: Path, **more: str) -> Config:
    short = Config(voice="silent", minutes=0.2, sting=None, bed=None, closing=None)
    places = {"out": str(folder / "out"), "issues": str(folder / "issues")}
    return dataclasses.replace(short, **places, **more)


def with_pages(folder: Path, *dates: str) -> Config:
    """A folder with the sample issue on these dates."""
    for date in dates:
        shutil.copytree(SAMPLE, folder / "issues" / date)
    return config_in(folder)


def made(date: str, config: Config, *, force: bool = True) -> Outcome:
    return make_one(date, config, Order(force=force), now=NOW, progress=Quiet())


def test_a_range_is_its_dates_with_pages(tmp_path: Path) -> None:
    """Both ends included, oldest first, each once; an empty folder and other names are no dates."""
    folder = tmp_path / "issues"
    for name in ("2024-01-01", "2024-01-03", "2024-01-05", "2024-01-06", "notes", "2024-13-01"):
        (folder / name).mkdir(parents=True)
        (folder / name / "page1.md").write_text("x")
    (folder / "2024-01-04").mkdir()
    (folder / "2024-01-02.pdf").write_text("x")
    config = config_in(tmp_path)
    assert "2024-13-01" not in local_dates(config)
    words = ["2024-01-03..2024-01-05", "2024-01-01..2024-01-03"]
    wanted = ("2024-01-01", "2024-01-02", "2024-01-03", "2024-01-05")
    assert wanted == dates_of(words, config, None, False, NOW)
    assert ("2024-01-05", "2024-01-06") == dates_of((), config, "2024-01-04", False, NOW)


def test_a_named_date_is_taken_whatever_is_there(tmp_path: Path) -> None:
    """Whoever names it wants to hear of it."""
    config = with_pages(tmp_path, "2024-01-05")
    wanted = ("2024-01-02", "2024-01-05")
    assert wanted == dates_of(["2024-01-02", "2024-01-05"], config, None, False, NOW)


def test_of_a_site_every_expected_day_until_today_is_asked(tmp_path: Path) -> None:
    """Not the days without a paper, and none that has not come yet in China."""
    config = config_in(tmp_path, epaper=SITE, days="mon-fri", no_paper="2025-05-30")
    wanted = ("2025-05-29", "2025-06-02", "2025-06-03")
    assert wanted == dates_of(["2025-05-29..2025-12-31"], config, None, False, NOW)


def test_missing_leaves_out_what_is_finished(tmp_path: Path) -> None:
    """A record without its whole MP3 is not finished."""
    config = with_pages(tmp_path, "2025-05-20", "2025-05-21")
    made("2025-05-20", config)
    assert ("2025-05-21",) == dates_of((), config, None, True, NOW)
    made("2025-05-21", config)
    assert () == dates_of((), config, None, True, NOW)
    (tmp_path / "out" / "2025-05-20.mp3").write_bytes(b"half")
    assert ("2025-05-20",) == dates_of(["2025-01-01..2025-12-31"], config, None, True, NOW)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("2024-02-01..2024-01-01", "2024-01-01..2024-02-01"),
        ("2024-01-01..", "year-month-day"),
        ("2024-01-01...2024-01-05", "year-month-day"),
        ("0001-01-01..2024-01-01", "years"),
    ],
)
def test_what_is_no_range_is_refused(tmp_path: Path, word: str, said: str) -> None:
    """The hint says what to write."""
    with pytest.raises(UsageError) as caught:
        dates_of([word], config_in(tmp_path), None, False, NOW)
    assert said in caught.value.hint


def test_a_range_without_any_issue(tmp_path: Path) -> None:
    """It is not a paper, and the message names both ends."""
    with pytest.raises(NoPaperError, match="2024-01-01 to 2024-12-31"):
        dates_of(["2024-01-01..2024-12-31"], config_in(tmp_path), None, False, NOW)


def test_missing_of_nothing_asks_where_to_begin(tmp_path: Path) -> None:
    """A site has no first day that we could know."""
    with pytest.raises(UsageError, match="begin"):
        dates_of((), config_in(tmp_path, epaper=SITE), None, True, NOW)


def test_an_outcome_travels(tmp_path: Path) -> None:
    """It survives pickling, and is small."""
    outcome = made("2025-05-20", with_pages(tmp_path, "2025-05-20"))
    assert outcome == pickle.loads(pickle.dumps(outcome))  # noqa: S301 - our own bytes
    assert ("made", True, True, 0) == (
        outcome.state, outcome.made, outcome.fresh, outcome.exit_code,
    )  # fmt: skip
    assert outcome.duration_s > 1
    assert 1_000 > len(pickle.dumps(outcome))


def test_without_publish_no_feed_is_written(tmp_path: Path) -> None:
    """The episode is whole; feed and pages come from the caller."""
    config = with_pages(tmp_path, "2025-05-20")
    made("2025-05-20", config)
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert "2025-05-20.mp3" in names
    assert set() == names & {"feed.xml", "index.html"}
    batch.feed_writer(config)()
    assert "2025-05-20.mp3" in (tmp_path / "out" / "feed.xml").read_text("utf-8")


def test_errors_become_outcomes(tmp_path: Path) -> None:
    """Their exit code, message and hint stay; a day without a paper is none."""
    config = with_pages(tmp_path, "2025-05-21")
    wrong = made("2025-05-21", config, force=False)
    assert (4, "failed", False) == (wrong.exit_code, wrong.state, wrong.made)
    assert "2025-05-20" in wrong.message
    assert "--force" in wrong.hint
    none = made("2025-05-22", config)
    assert (0, "no paper", False) == (none.exit_code, none.state, none.made)


def test_a_bug_is_an_outcome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One date that breaks us must not stop a year; the log has the traceback."""

    def broken(*_: object) -> Issue:
        raise ZeroDivisionError("no such luck")

    monkeypatch.setattr(making, "find_issue", broken)
    outcome = made("2025-05-20", with_pages(tmp_path, "2025-05-20"))
    assert (1, "failed") == (outcome.exit_code, outcome.state)
    assert "no such luck" in (tmp_path / "out/2025-05-20/run.log").read_text("utf-8")


def test_a_finished_date_is_not_looked_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not read again until pages, settings, script or episode look different."""
    config = with_pages(tmp_path, "2025-05-20")
    made("2025-05-20", config)
    looked = []

    def look(day: datetime.date, *_: object, **__: object) -> object:
        looked.append(day)
        raise NoPaperError("looked")

    monkeypatch.setattr(batch, "make_day", look)
    assert "unchanged" == made("2025-05-20", config).state
    made("2025-05-20", dataclasses.replace(config, title="Another"))
    assert [] == looked, "a title is not heard"
    made("2025-05-20", dataclasses.replace(config, chime=None))
    assert 1 == len(looked), "the sound before a story is heard"
    path = tmp_path / "issues/2025-05-20/page1.md"
    os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns + 1))
    made("2025-05-20", config)
    assert 2 == len(looked), "a page was edited"


@pytest.mark.parametrize("name", ["out/2025-05-20/script.md", "out/2025-05-20.mp3"])
def test_an_edited_or_lost_file_is_noticed(tmp_path: Path, name: str) -> None:
    """An editor's script is spoken, a lost episode made again."""
    config = with_pages(tmp_path, "2025-05-20")
    made("2025-05-20", config)
    path = tmp_path / name
    if path.suffix == ".md":
        path.write_text(path.read_text("utf-8").rstrip() + "\n\n再见。\n", encoding="utf-8")
    else:
        path.unlink()
    assert "made" == made("2025-05-20", config).state


def test_a_site_is_asked_again_only_for_the_last_days(tmp_path: Path) -> None:
    """An old issue is no longer repaired."""
    config = config_in(tmp_path, epaper=SITE)
    old, new = datetime.date(2025, 6, 1), datetime.date(2025, 6, 2)
    assert freshness.fingerprint_of_looks(old, config, NOW, force=False)
    assert None is freshness.fingerprint_of_looks(new, config, NOW, force=False)


def test_a_date_that_another_run_makes_comes_again(tmp_path: Path) -> None:
    """At the end that run has finished it; one that is still at it is a failure of its own kind."""
    config = with_pages(tmp_path, "2025-05-20", "2025-05-21")
    out = OutFolder(config.out_folder)
    asked = []

    def make(date: str) -> Outcome:
        asked.append(date)
        return made(date, config)

    with locking.locked(out, "2025-05-20", NOW):
        found = list(batch.make_all(["2025-05-20", "2025-05-21"], make, lambda: None))
    assert ["2025-05-20", "2025-05-21", "2025-05-20"] == asked
    assert [("2025-05-21", 0), ("2025-05-20", 2)] == [(one.date, one.exit_code) for one in found]
    assert "another run" in found[-1].message


def outcomes(*seconds: float, feed_cost: float = 1.0) -> list[float]:
    """When the feed is written while dates take so many seconds each."""
    at = 0.0
    written = []

    def make(date: str) -> Outcome:
        nonlocal at
        at += seconds[int(date)]
        return Outcome(date=date, made=True, fresh=True)

    def publish() -> None:
        nonlocal at
        written.append(at)
        at += feed_cost

    list(batch.make_all([str(n) for n in range(len(seconds))], make, publish, clock=lambda: at))
    return written


def test_the_feed_takes_a_twentieth_of_the_time_at_most() -> None:
    """After a long date at once, between short ones now and then, and always at the end."""
    assert [1.0, 51.0, 102.0] == outcomes(1.0, 49.0, 5.0, 45.0)[:3]
    written = outcomes(*[1.0] * 100)
    assert [1.0] == written[:1]
    assert 20 <= min(later - one for one, later in itertools.pairwise(written[:-1]))
    assert 100 + len(written) - 1 == written[-1]


def test_a_stopped_run_still_writes_its_feed() -> None:
    """What was finished before Ctrl-C is in the feed."""
    written = []

    def make(date: str) -> Outcome:
        if date == "2":
            raise KeyboardInterrupt
        return Outcome(date=date, made=True, fresh=True)

    run = batch.make_all(["1", "2", "3"], make, lambda: written.append("feed"))
    assert "1" == next(run).date
    with pytest.raises(KeyboardInterrupt):
        next(run)
    assert ["feed", "feed"] == written


def test_a_feed_that_cannot_be_written_is_a_failure() -> None:
    """The dates are told first; the last attempt counts."""

    def publish() -> None:
        raise NotWritableError("cannot write feed.xml", hint="free some space")

    found = list(batch.make_all(["1"], lambda date: Outcome(date=date, fresh=True), publish))
    assert [("1", 0), ("", 7)] == [(one.date, one.exit_code) for one in found]
    assert 7 == batch.exit_code_of(found)
