"""`qjaudio make`."""

import datetime
from typing import Any

import click

from qjaudio import config as settings
from qjaudio import log
from qjaudio.cli import options
from qjaudio.cli.many import Many, make_many
from qjaudio.cli.options import Talk
from qjaudio.pipeline import arriving, days, making
from qjaudio.pipeline.batch import is_range
from qjaudio.pipeline.days import parse_date
from qjaudio.pipeline.one_day import Order, make_day


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
@click.option("--dry-run", is_flag=True, help="Speak timed silence: the same as --voice silent.")
@click.option("--if-new", is_flag=True, help="Do nothing, kindly, when there is no paper.")
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
    flags = {"minutes": minutes, "voice": "silent" if dry_run else voice, "out": out}
    now = datetime.datetime.now(datetime.UTC)
    order = Order(
        origin=origin,
        force=force,
        verify=verify,
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
    if isinstance(made, arriving.NotMade):
        _tell_not_made(made, as_json=as_json)
    elif as_json:
        options.print_json(as_answer(made))
    elif if_new and not made.fresh:
        click.echo(f"nothing made: {arriving.UNCHANGED}")
    else:
        click.echo(summary(made))
    return 0


def _tell_not_made(answer: arriving.NotMade, *, as_json: bool) -> None:
    if as_json:
        options.print_json({"date": answer.date, "made": False, "reason": answer.reason})
    else:
        click.echo(f"nothing made: {log.one_line(answer.reason)}")


def summary(made: making.Made) -> str:
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


def as_answer(made: making.Made) -> dict[str, Any]:
    """The same for a program."""
    reason = {} if made.fresh else {"reason": arriving.UNCHANGED}
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
        "chapters": [
            {"start_s": chapter.start_ms // 1000, "title": chapter.title, "kind": chapter.kind}
            for chapter in made.episode.chapters
        ],
    }
