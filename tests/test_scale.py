"""The plan for years and regions: its arithmetic, and that the docs show what it says."""

import json
import sys
from pathlib import Path

import pytest

from qjaudio.config import Config
from qjaudio.pipeline.reading import issue_at

REPO = Path(__file__).parents[1]
sys.path.insert(0, str(REPO / "benchmarks"))
from scale_parts import issue_of  # noqa: E402
from scale_planning import (  # noqa: E402
    Costs,
    Traffic,
    Wish,
    core_seconds,
    lengths,
    lost_of,
    makespan,
    plan,
)
from scale_table import costs_of, duration, kept_bytes, render, size, speedup, traffic_of  # noqa: E402

DOC = REPO / "docs" / "explanation" / "scale.md"
TOLD = json.loads(DOC.with_suffix(".json").read_text(encoding="utf-8"))
BEGIN, END = "<!-- begin of the tables -->\n", "<!-- end of the tables -->"
COSTS = Costs(date_s=100.0, speedup=1.6, take_s=0.5, feed_s=1.0, new_s=0.01, known_s=0.001)


def test_docs_show_what_the_generator_prints() -> None:
    """The tables in the docs are those of the recorded measures, to the character."""
    shown = DOC.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    assert render(TOLD) == shown


def test_tables_follow_the_measures() -> None:
    """Other measures give other tables: nothing in them is written by hand."""
    told = json.loads(json.dumps(TOLD))
    told["dates"]["kokoro"]["stages"]["synthesis"]["core_s"] *= 2
    told["feed_3652"]["feed_bytes"] += 1_000_000
    changed = [new != old for new, old in zip(
        render(told).split("\n\n"), render(TOLD).split("\n\n"), strict=True
    )]  # fmt: skip
    assert sum(changed) >= 4


def test_costs_give_back_what_was_measured() -> None:
    """The line through the two measured feeds passes through both."""
    costs, many = costs_of(TOLD), TOLD["feed_3652"]
    assert costs.feed(0, 3652) == pytest.approx(many["one_more_core_s"])
    assert costs.feed(3652, 0) == pytest.approx(
        many["whole_core_s"] - many["one_more_core_s"] + TOLD["feed_1"]["one_more_core_s"]
    )


def test_speedup_counts_core_seconds_alone() -> None:
    """Synthesis is halved by a second core, the rest is not; wall times of a busy machine are not
    asked."""
    pairs = [
        {
            "one_core_each": {"core_s": core, "wall_s": wall},
            "two_cores": {"core_s": 20.0, "synthesis_core_s": 16.0, "wall_s": wall},
        }
        for core, wall in ((18.0, 50.0), (60.0, 10.0), (12.0, 99.0))
    ]
    assert speedup({"pairs": pairs}) == 18.0 / 12.0


def test_one_worker_takes_the_sum() -> None:
    """Alone nobody can be faster than one date after the other."""
    assert makespan([3.0, 1.0, 2.0], 1) == 6.0


def test_dates_go_in_order_to_whoever_is_free() -> None:
    """List scheduling: the third date goes to the worker that ends first."""
    assert makespan([4.0, 1.0, 2.0, 3.0], 2) == 6.0


def test_longest_date_bounds_the_wall_time() -> None:
    """With a worker for each date, and more, the longest decides."""
    assert makespan([3.0, 9.0, 2.0], 100) == 9.0


@pytest.mark.parametrize("workers", [1, 2, 3, 7, 64, 500])
def test_never_below_the_bounds_and_never_above_twice_them(workers: int) -> None:
    """Graham's bound: list scheduling takes at most the even share and the longest together."""
    dates = lengths(300, 10.0)
    share, longest = sum(dates) / workers, max(dates)
    took = makespan(dates, workers)
    assert max(share, longest) <= took + 1e-9
    assert took <= share + longest + 1e-9


def test_no_dates_take_no_time() -> None:
    """A range without an issue is over at once."""
    assert makespan([], 4, take_s=1.0) == 0.0


def test_caller_takes_one_date_at_a_time() -> None:
    """Eight dates that end together wait for the caller in a row."""
    assert makespan([10.0] * 8, 8, take_s=2.0) == 26.0


def test_worker_waits_until_its_date_is_taken() -> None:
    """It gets no next date before: no more are on their way than there are workers."""
    assert makespan([10.0, 10.0, 10.0, 10.0], 2, take_s=1.0) == 23.0


def test_lost_date_is_made_again() -> None:
    """Its time is lost, and the next free worker begins it again."""
    assert makespan([5.0, 1.0], 2, lost=[0]) == 10.0
    assert makespan([5.0, 1.0], 1, lost=[1]) == 7.0


def test_lost_date_delays_nobody_who_has_work() -> None:
    """It goes to the front of those that wait."""
    assert makespan([2.0, 2.0, 6.0], 2, lost=[0]) == 8.0


def test_lengths_have_their_mean_and_spread() -> None:
    """The first is the measured date; all lie between half and one and a half times of it."""
    found = lengths(1000, 10.0)
    assert found[0] == 10.0
    assert sum(found) / 1000 == pytest.approx(10.0, rel=0.01)
    assert 5.0 <= min(found) < 5.1
    assert 14.9 < max(found) <= 15.0


def test_one_core_takes_the_core_seconds() -> None:
    """On one core nothing is won and nothing waits."""
    wish = Wish(papers=3, days=50)
    assert plan(wish, COSTS, 1).wall_s == pytest.approx(core_seconds(wish, COSTS))


def test_core_seconds_are_dates_lost_ones_and_feeds() -> None:
    """Each counted by hand."""
    wish = Wish(papers=2, days=100)
    dates = lengths(200, 100.0)
    assert list(lost_of(wish)) == [99, 199]
    expected = sum(dates) + dates[99] + dates[199] + 2 * (1.0 + 100 * 0.01)
    assert core_seconds(wish, COSTS) == pytest.approx(expected)


def test_one_date_is_as_fast_as_two_cores_are() -> None:
    """More cores than a date can use do not help it; its feed is written after it."""
    for cores in (2, 3, 8, 512):
        took = plan(Wish(papers=1, days=1), COSTS, cores).wall_s
        assert took == pytest.approx(100.0 / 1.6 + 1.01 + (0.5 if cores >= 4 else 0.0))


def test_feeds_are_written_one_after_the_other() -> None:
    """The caller writes each paper's once, at the end, however many cores there are."""
    dear = Costs(date_s=1.0, speedup=1.6, take_s=0.0, feed_s=50.0, new_s=0.0, known_s=0.0)
    few = plan(Wish(papers=10, days=1), dear, 512)
    assert few.wall_s == pytest.approx(500.0 + max(lengths(10, 1.0)) / 1.6)
    assert few.bottleneck == "feeds and pages"


@pytest.mark.parametrize("cores", [1, 8, 64, 512])
def test_no_plan_beats_its_bounds(cores: int) -> None:
    """Whatever is called a bound is one."""
    told = plan(Wish(papers=9, days=40), COSTS, cores)
    assert max(told.bounds.values()) <= told.wall_s + 1e-6


def test_slow_caller_becomes_the_bottleneck() -> None:
    """When all workers together finish dates faster than one caller takes them."""
    slow = Costs(date_s=100.0, speedup=1.6, take_s=2.0, feed_s=1.0, new_s=0.01, known_s=0.001)
    assert plan(Wish(papers=1, days=1000), slow, 512).bottleneck == "the caller's taking"
    assert plan(Wish(papers=1, days=1000), slow, 8).bottleneck == "speaking"


def test_traffic_counts_every_answer() -> None:
    """One poll of the day brings the feed, the others a 304; rude apps fetch it each time."""
    traffic = Traffic(episode=1000.0, feed=50.0, unchanged=3.0, plain_feed=200.0)
    assert traffic.audio(10) == 10_000.0
    assert traffic.polls(10, 24) == 10 * (50.0 + 23 * 3.0)
    assert traffic.polls(10, 24, polite=False) == 10 * 24 * 200.0


def test_episode_of_the_plan_is_what_was_made() -> None:
    """96 kbit/s are 12 kB a second; what is kept of a date is more than what apps fetch."""
    date = TOLD["dates"]["kokoro"]
    assert date["bytes"][".mp3"] == pytest.approx(date["duration_s"] * 12_000, rel=0.05)
    assert date["bytes"][".mp3"] < traffic_of(TOLD).episode < kept_bytes(TOLD)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.5, "0.50 s"), (89.4, "89 s"), (90, "1.5 min"), (5400, "1.5 h"), (172_800, "2.0 d"),
     (86_400 * 1234, "1,234 d")],
)  # fmt: skip
def test_duration_has_the_unit_that_people_would_use(seconds: float, told: str) -> None:
    """Two digits that count, or all of a large number."""
    assert duration(seconds) == told


@pytest.mark.parametrize(
    ("count", "told"), [(999, "999 B"), (1000, "1.0 kB"), (15_126_163, "15 MB"), (2e15, "2.0 PB")]
)
def test_size_is_decimal(count: float, told: str) -> None:
    """As hosts bill it."""
    assert size(count) == told


def test_measured_issue_is_a_whole_paper(tmp_path: Path) -> None:
    """Four pages of eight articles, of the day that was asked for, each day in other words."""
    for date in ("2025-05-19", "2025-05-20"):
        issue_of(tmp_path / date, date, 4)
    one, other = (issue_at(str(tmp_path / d), Config()) for d in ("2025-05-19", "2025-05-20"))
    assert one.masthead.date == "2025-05-19"
    assert [article.page for article in one.articles] == sorted([1, 2, 3, 4] * 8)
    leads = [{article.paragraphs[0] for article in issue.articles} for issue in (one, other)]
    assert len(leads[0]) == 32
    assert not leads[0] & leads[1]
