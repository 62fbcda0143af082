"""`qjaudio stats`."""

import csv
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qjaudio import config as settings
from qjaudio.cli import options
from qjaudio.errors import NotAnIssueError
from qjaudio.language import translated

if TYPE_CHECKING:
    from qjaudio.web.audience import Audience

_MOST_APPS = 3


@click.command("stats")
@click.argument("logs", nargs=-1, type=click.Path(), metavar="[LOG]…")
@click.option("--csv", "as_csv", is_flag=True, help="Print episode, day and downloads as CSV.")
@options.all_of(options.out_option, options.json_option)
def command(logs: tuple[str, ...], out: str | None, as_csv: bool, as_json: bool) -> None:
    """Count who listened, by access logs of nginx, Apache, Caddy or S3, or by serve --count.

    Example: qjaudio stats /var/log/nginx/access.log*
    """
    from qjaudio.pipeline.catalogue import recorded_episode  # late, so that --help is quick
    from qjaudio.web.audience import Track, count_downloads

    folder = settings.load({"out": out}).output
    paths = [Path(log) for log in logs] or sorted(folder.audience.glob("*.jsonl"))
    if not paths:
        raise NotAnIssueError(
            f"there is no log in {folder.audience}",
            hint="name the web server's access logs, or let qjaudio serve --count write one",
        )

    def track_of(stem: str) -> Track | None:
        record = recorded_episode(folder, stem)
        return Track.of(record.episode, folder.published(stem, ".mp3")) if record else None

    audience = count_downloads(paths, track_of)
    if as_json:
        episodes = [asdict(one) | {"downloads": one.downloads} for one in audience.episodes]
        options.print_json({"episodes": episodes, "ignored": audience.ignored})
    elif as_csv:
        _print_csv(audience)
    else:
        _tell_audience(audience)


def _print_csv(audience: "Audience") -> None:
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(("episode", "day", "downloads"))
    for one in audience.episodes:
        rows.writerows((one.stem, day, count) for day, count in one.by_day.items())


def _tell_audience(audience: "Audience") -> None:
    if any(share is None for one in audience.episodes for _, share in one.stories):
        options.tell(
            "· this log does not say which bytes were asked for: a part that was sent twice counts "
            "twice, and who heard which story is not known (nginx: $http_range)"
        )
    for one in audience.episodes:
        apps = list(one.by_app.items())[:_MOST_APPS]
        told = ", ".join(f"{app or translated('other')} {count}" for app, count in apps)
        options.answer(f"{one.stem}  {one.downloads:6} downloads  {told}")
        for title, share in one.stories:
            if share is not None:
                click.echo(f"            {share:6.0%}  {title}")
    left_out = ", ".join(
        f"{count} {translated(what.replace('_', ' '))}" for what, count in audience.ignored.items()
    )
    options.answer(f"not counted: {left_out or '-'}")
