"""`make --if-new`: no paper yet is no failure, a late one is."""

import datetime
import logging
from dataclasses import dataclass

from qjaudio.config import Config
from qjaudio.errors import EngineError, NoPaperError, NotAnIssueError
from qjaudio.paper.model import Issue
from qjaudio.pipeline import catalogue, days
from qjaudio.pipeline.reading import issue_of
from qjaudio.store import OutFolder

UNCHANGED = "the episode is finished already, and nothing has changed"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMade:
    """Why nothing was made, and that this is as it should be."""

    date: str
    reason: str


class LateError(NotAnIssueError):
    """The time by which a paper was expected is over, and there is none."""


def arrived(
    day: datetime.date,
    origin: str | None,
    config: Config,
    *,
    force: bool,
    expect_by: datetime.time | None,
    now: datetime.datetime,
) -> Issue | NotMade:
    """The issue of a day, or why there is nothing to make of it today.

    A finished episode needs nothing: then neither a site that is down nor one that has taken the
    issue away is a failure.

    Raises:
        LateError: there is no paper and no episode, and `expect_by` (in China) is over on a day
            that should have one.
        EngineError: the site cannot be reached, which says nothing about the paper.
        NotAnIssueError: what is there cannot be read.
    """
    expected_days = days.paper_days(config)
    try:
        return issue_of(day, origin, config, force=force)
    except (NoPaperError, EngineError) as error:
        _log.info("no_paper", extra={"facts": {"kind": type(error).__name__, "reason": error}})
        if catalogue.finished_episode(OutFolder(config.out_folder), day.isoformat()):
            reason = f"the episode is finished; its paper could not be read again: {error}"
            return NotMade(date=day.isoformat(), reason=reason)
        if isinstance(error, EngineError):
            raise
        if expect_by and days.is_late(day, expect_by, now, expected_days):
            raise LateError(
                f"late: at {expect_by:%H:%M} in China there was no paper: {error}",
                hint=f"when it is out: qjaudio make {day.isoformat()}; "
                "days without one: days, no_paper in qjaudio.toml",
            ) from error
        expected = (
            ""
            if expected_days.has(day)
            else f"no paper is expected on {day:%A} {day.isoformat()}: "
        )
        return NotMade(date=day.isoformat(), reason=f"{expected}{error}")
