"""The whole job of one day, as `make` does it: read, write the script, speak, mix, publish."""

import datetime
from dataclasses import dataclass

from qjaudio.config import Config
from qjaudio.paper.model import Issue
from qjaudio.pipeline import arriving, making, reporting
from qjaudio.pipeline.reading import issue_of
from qjaudio.pipeline.reporting import Progress
from qjaudio.pipeline.scripting import script_issue
from qjaudio.store import OutFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How a day is to be made: the options of `make` that are no settings."""

    origin: str | None = None
    """Where the pages are; None = as the settings say."""
    force: bool = False
    verify: bool = False
    may_lack: bool = False
    """A day without a paper is no error."""
    expect_by: datetime.time | None = None
    """The same, until this time in China."""
    publish: bool = True
    """Whether to write feed and pages; else the caller does."""
    words: tuple[str, ...] = ("make",)
    """The words of the command, for the log."""


def make_day(
    day: datetime.date,
    config: Config,
    order: Order,
    *,
    now: datetime.datetime,
    progress: Progress,
) -> making.Made | arriving.NotMade:
    """Make the episode of a day, or say why there is nothing to make.

    Raises:
        QjaudioError: it could not be made; what was published before is as it was.
    """
    out = OutFolder(config.out_folder)
    with reporting.logged(out, day.isoformat(), config, now, list(order.words)) as run:
        talk = reporting.Logged(progress, run)
        with reporting.stage("reading"):
            issue = _issue(day, config, order, now)
        if isinstance(issue, arriving.NotMade):
            return issue
        talk.say(f"{issue.masthead.paper} {day}: {len(issue.articles)} articles")
        with reporting.stage("script"):
            scripted = script_issue(issue, config, out)
        for remark in scripted.told:
            talk.say(remark)
        made = making.make(
            issue=issue,
            scripted=scripted,
            config=config,
            out=out,
            progress=talk,
            now=now,
            verify=order.verify and config.voice != "silent",
            publish=order.publish,
        )
        reporting.tell_made(made)
        return made


def _issue(
    day: datetime.date, config: Config, order: Order, now: datetime.datetime
) -> Issue | arriving.NotMade:
    if not (order.may_lack or order.expect_by):
        return issue_of(day, order.origin, config, force=order.force)
    return arriving.arrived(
        day, order.origin, config, force=order.force, expect_by=order.expect_by, now=now
    )
