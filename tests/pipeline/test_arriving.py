"""No paper, a late paper, a site that is down: three different things."""

import datetime
import functools
import shutil
from pathlib import Path

import pytest

from commands import SAMPLE, finished
from qjaudio.config import Config
from qjaudio.errors import EngineError, NotAnIssueError
from qjaudio.paper.model import Issue
from qjaudio.pipeline.making import LateError, NotMade, Order, find_issue
from qjaudio.pipeline.reading import CHINA
from qjaudio.sources.epaper.fetch import Limits
from site_pages import first_page, site
from site_server import Answer, SiteServer

__all__ = ["finished"]
DAY = datetime.date(2025, 5, 20)
"""A Tuesday."""
NINE = datetime.time(9, 0)
TEMPLATE = first_page("founder").replace("2025-05/20", "{year}-{month}/{day}")


def at(hour: int) -> datetime.datetime:
    return datetime.datetime(2025, 5, 20, hour, 30, tzinfo=CHINA)


def ask(
    folder: Path,
    *,
    hour: int = 7,
    origin: str | None = None,
    expect_by: datetime.time | None = NINE,
    **settings: str,
) -> Issue | NotMade:
    config = Config(out=str(folder / "out"), issues=str(folder / "issues"), **settings)
    order = Order(origin=origin, may_lack=True, expect_by=expect_by)
    return find_issue(DAY, config, order, at(hour))


def test_before_the_time_no_paper_is_no_failure(tmp_path: Path) -> None:
    """No folder, and a folder that nobody has filled yet: nothing to make, and the place named."""
    answer = ask(tmp_path)
    assert isinstance(answer, NotMade)
    assert ("2025-05-20", True) == (answer.date, "issues" in answer.reason)
    (tmp_path / "issues/2025-05-20").mkdir(parents=True)
    (tmp_path / "issues/2025-05-20/.uploading").touch()
    assert answer == ask(tmp_path)


def test_after_the_time_it_is_late(tmp_path: Path) -> None:
    """Exit code 4, with the time, the reason and the way out; without a time it never is."""
    with pytest.raises(LateError, match=r"09:00.*no issue for 2025-05-20") as caught:
        ask(tmp_path, hour=9)
    assert (4, True) == (caught.value.exit_code, "make 2025-05-20" in caught.value.hint)
    assert isinstance(ask(tmp_path, hour=23, expect_by=None), NotMade)


@pytest.mark.parametrize("rest", [{"days": "mon, wed-fri"}, {"no_paper": "2025-05-19..2025-05-21"}])
def test_a_day_of_rest_is_never_late(tmp_path: Path, rest: dict[str, str]) -> None:
    """On weekends and holidays of the settings the answer says that none is expected."""
    answer = ask(tmp_path, hour=23, **rest)
    assert isinstance(answer, NotMade)
    assert "no paper is expected on Tuesday 2025-05-20" in answer.reason


def test_a_paper_on_a_day_of_rest_is_taken(tmp_path: Path) -> None:
    """An extra edition on a Sunday is made all the same."""
    shutil.copytree(SAMPLE, tmp_path / "issues/2025-05-20")
    assert isinstance(ask(tmp_path, days="sun"), Issue)


FIRST = first_page("founder")
WITHOUT = "<html><body><p>{}</p></body></html>"


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param({}, id="404"),
        pytest.param({FIRST: WITHOUT.format("今天没有报纸")}, id="a page that says so"),
        pytest.param(
            {FIRST: '<meta http-equiv="refresh" content="0; url=../19/node_17.htm">'},
            id="leads to yesterday's",
        ),
    ],
)
def test_a_site_without_the_issue_has_no_paper(tmp_path: Path, answers: dict[str, str]) -> None:
    """Missing pages, soft ones and the issue of another day: not yet before nine, late after."""
    yesterday = FIRST.replace("05/20", "05/19")
    pages = {**answers, yesterday: WITHOUT.format("昨天")}
    files = {path: Answer(body=text.encode()) for path, text in pages.items()}
    with SiteServer(files) as server:
        epaper = server.url + TEMPLATE
        assert isinstance(ask(tmp_path, epaper=epaper), NotMade)
        with pytest.raises(LateError):
            ask(tmp_path, hour=9, epaper=epaper)


@pytest.mark.parametrize("fault", ["unavailable", "forbidden", "cut"])
@pytest.mark.parametrize("hour", [7, 9])
def test_a_site_that_is_down_says_nothing_of_the_paper(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, hour: int
) -> None:
    """Exit code 6 at any time: not `no paper`, and not `late`."""
    hasty = functools.partial(Limits, pause_s=0, retry_s=0)
    monkeypatch.setattr("qjaudio.sources.epaper.fetch.Limits", hasty)
    site_server = SiteServer(site("founder"), {FIRST: fault})
    with site_server as server, pytest.raises(EngineError) as caught:
        ask(tmp_path, hour=hour, epaper=server.url + TEMPLATE)
    assert 6 == caught.value.exit_code


def test_pages_of_an_earlier_day_are_not_new(tmp_path: Path) -> None:
    """A folder named with --from that still holds the last paper: wait; a later one is an error."""
    old, later = datetime.date(2025, 5, 21), datetime.date(2025, 5, 19)
    config = Config(out=str(tmp_path / "out"))
    order = Order(origin=str(SAMPLE), may_lack=True)
    answer = find_issue(old, config, order, at(7))
    assert isinstance(answer, NotMade)
    assert "2025-05-20" in answer.reason
    with pytest.raises(NotAnIssueError, match="2025-05-20"):
        find_issue(later, config, order, at(7))


def test_pages_that_cannot_be_read_are_a_failure(tmp_path: Path) -> None:
    """An empty file in the day's place is not a day without a paper."""
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues/2025-05-20.md").touch()
    with pytest.raises(NotAnIssueError) as caught:
        ask(tmp_path)
    assert NotAnIssueError is type(caught.value)


def test_a_finished_episode_needs_no_paper(tmp_path: Path, finished: Path) -> None:
    """Pages tidied away, the site down: the episode is there, nothing is late."""
    shutil.copytree(finished, tmp_path / "out")
    for epaper in ("", "http://127.0.0.1:9/{year}-{month}/{day}/node_1.htm"):
        answer = ask(tmp_path, hour=23, epaper=epaper, voice="silent")
        assert isinstance(answer, NotMade)
        assert "finished" in answer.reason
