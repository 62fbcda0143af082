"""`qjaudio make`."""

import datetime
from typing import Any

import click

from qjaudio import config as settings
from qjaudio import log
from qjaudio.cli import options
from qjaudio.cli.many import Many, make_many
from qjaudio.cli.options import Talk
from qjaudio.episode.model import Episode
from qjaudio.pipeline import days, making
from qjaudio.pipeline.batch import is_range
from qjaudio.pipeline.days import parse_date
from qjaudio.pipeline.making import Order, make_day

DRY_RUN = "a dry run writes nothing"


@click.command("make")
@click.argument("dates", metavar="DATE|A..B", nargs=-1)
@options.all_of(
    options.from_option,
    options.minutes_option,
    options.voice_option,
    options.out_option,
    options.force_option,
)
@click.option("--since", metavar="DATE", help="Every date from DATE until today.")
@click.option("--missing", is_flag=True, help="Only dates without a finished episode.")
@click.option("--shows", metavar="DIR", help="Make every show in DIR: each folder with settings.")
@click.option(
    "--cluster", metavar="ADDRESS", help="Dask workers make the dates: tcp://HOST:PORT or local:N."
)
@click.option("--dry-run", is_flag=True, help="Write nothing; tell length, chapters and remarks.")
@click.option("--if-new", is_flag=True, help="No paper, or nothing new, is no failure (exit 0).")
@click.option(
    "--expect-by",
    metavar="HH:MM",
    help="As --if-new; no paper by this time in China is a failure (exit 4).",
)
@click.option(
    "--verify", is_flag=True, help="Listen to every clip with Whisper; say again what is unclear."
)
@options.verbose_option
@options.json_option
def command(  # noqa: PLR0913, PLR0917 - the options of the design
    dates: tuple[str, ...],
    origin: str | None,
    minutes: float | None,
    voice: str | None,
    out: str | None,
    force: bool,
    since: str | None,
    missing: bool,
    shows: str | None,
    cluster: str | None,
    dry_run: bool,
    if_new: bool,
    expect_by: str | None,
    verify: bool,
    as_json: bool,
) -> int:
    """Make the episode of DATE (or today, yesterday) and update the feed.

    Of several dates, or of a range A..B with both ends, every one that has an issue is made;
    one that fails does not stop the others.

    Example: qjaudio make 2025-05-20 --from pages/page1.md
    """
    if not (dates or since or missing):
        raise click.UsageError("Missing argument 'DATE|A..B'.")
    flags = {"minutes": minutes, "voice": voice, "out": out}
    now = datetime.datetime.now(datetime.UTC)
    order = Order(
        origin=origin,
        force=force,
        verify=verify,
        dry_run=dry_run,
        may_lack=if_new,
        expect_by=days.parse_time(expect_by) if expect_by else None,
        words=tuple(options.words_of("make")),
    )
    if since or missing or shows or cluster or len(dates) > 1 or any(map(is_range, dates)):
        many = Many(
            words=dates, since=since, missing=missing, shows=shows, flags=flags, cluster=cluster
        )
        return make_many(many, order, now, as_json=as_json)
    config = settings.load(flags)
    made = make_day(parse_date(dates[0], now), config, order, now=now, progress=Talk())
    if isinstance(made, making.NotMade):
        _tell_not_made(made, as_json=as_json)
    elif isinstance(made, making.Rehearsed):
        _print_rehearsed(made, as_json=as_json)
    elif as_json:
        options.print_json(make_answer(made))
    elif if_new and not made.fresh:
        click.echo(f"nothing made: {making.UNCHANGED}")
    else:
        click.echo(make_summary(made))
    return 0


def _tell_not_made(answer: making.NotMade, *, as_json: bool) -> None:
    if as_json:
        options.print_json({"date": answer.date, "made": False, "reason": answer.reason})
    else:
        click.echo(f"nothing made: {log.one_line(answer.reason)}")


def _print_rehearsed(rehearsed: making.Rehearsed, *, as_json: bool) -> None:
    """What the episode would be: its length and its chapters; the remarks are on stderr."""
    episode = rehearsed.episode
    if as_json:
        answer = {"date": episode.date, "made": False, "dry_run": True}
        lengths = {"duration_s": episode.duration_ms / 1000, "engine": episode.engine}
        remarks = {"remarks": list(rehearsed.remarks), "chapters": _chapters_answer(episode)}
        options.print_json({**answer, "reason": DRY_RUN, **lengths, **remarks})
        return
    minutes, seconds = divmod(round(episode.duration_ms / 1000), 60)
    rows = [f"nothing made: {DRY_RUN}", f"length   {minutes}:{seconds:02d}"]
    for chapter in episode.chapters:
        minutes, seconds = divmod(chapter.start_ms // 1000, 60)
        rows.append(f"{f'{minutes}:{seconds:02d}':>8}  {chapter.title}")
    click.echo("\n".join(map(log.one_line, rows)))


def _chapters_answer(episode: Episode) -> list[dict[str, Any]]:
    return [
        {"start_s": chapter.start_ms // 1000, "title": chapter.title, "kind": chapter.kind}
        for chapter in episode.chapters
    ]


def make_summary(made: making.Made) -> str:
    """Three lines: file, length, feed."""
    minutes, seconds = divmod(round(made.episode.duration_ms / 1000), 60)
    stories = sum(chapter.kind == "story" for chapter in made.episode.chapters)
    already = "" if made.fresh else ", nothing changed"
    voice = made.episode.engine + already
    return (
        f"episode  {made.audio}\n"
        f"length   {minutes}:{seconds:02d}, {stories} stories, voice {voice}\n"
        f"feed     {made.feed}"
    )


def make_answer(made: making.Made) -> dict[str, Any]:
    """The same for a program."""
    reason = {} if made.fresh else {"reason": making.UNCHANGED}
    return {
        "date": made.episode.date,
        "made": made.fresh,
        **reason,
        "audio": str(made.audio),
        "feed": str(made.feed),
        "duration_s": made.episode.duration_ms / 1000,
        "engine": made.episode.engine,
        "offline": made.episode.offline,
        "fresh": made.fresh,
        "clips_spoken": made.clips_spoken,
        **({"listened": made.listened} if made.listened else {}),
        "chapters": _chapters_answer(made.episode),
    }
