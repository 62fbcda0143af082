"""`qjaudio make`."""

import datetime
from typing import TYPE_CHECKING, Any

import click

from qjaudio import config as settings
from qjaudio import log
from qjaudio.cli import options
from qjaudio.cli.export import export_published
from qjaudio.cli.options import Talk

if TYPE_CHECKING:
    from qjaudio.episode.model import Episode
    from qjaudio.pipeline.making import Made, NotMade, Rehearsed

DRY_RUN = "a dry run writes nothing"
SILENCE = 'silence is published only if qjaudio.toml has voice = "silent"'


@click.command("make")
@click.argument("dates", metavar="DATE|A..B", nargs=-1)
@options.all_of(
    options.from_option, options.minutes_option, options.voice_option, options.out_option,
    options.force_option, options.wait_option,
)  # fmt: skip
@click.option("--since", metavar="DATE", help="Every date from DATE until today.")
@click.option("--missing", is_flag=True, help="Only dates without a finished episode.")
@click.option("--shows", metavar="DIR", help="Make every show in DIR: folders with a qjaudio.toml.")
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Make the dates on Dask workers: tcp://HOST:PORT or local:N.",
)
@click.option("--dry-run", is_flag=True, help="Write nothing; report length, chapters and remarks.")
@click.option("--if-new", is_flag=True, help="Exit with 0 when there is no paper or nothing new.")
@click.option(
    "--expect-by",
    metavar="HH:MM",
    help="Like --if-new, but fail (exit 4) without a paper by this time in China.",
)
@click.option(
    "--verify", is_flag=True, help="Listen to every clip with Whisper; speak unclear ones again."
)
@click.option("--strict", is_flag=True, help="Make nothing while a place is in grave doubt.")
@options.verbose_option
@options.json_option
def command(  # noqa: PLR0913, PLR0917 - the options of the design
    dates: tuple[str, ...],
    origin: str | None,
    minutes: float | None,
    voice: str | None,
    out: str | None,
    force: bool,
    wait: float | None,
    since: str | None,
    missing: bool,
    shows: str | None,
    cluster: str | None,
    dry_run: bool,
    if_new: bool,
    expect_by: str | None,
    verify: bool,
    strict: bool,
    as_json: bool,
) -> int:
    """Make the episode of DATE (or today, yesterday) and update the feed.

    Of several dates, or of a range A..B with both ends, every one that has an issue is made;
    one that fails does not stop the others.

    Example: qjaudio make 2025-05-20 --from pages/page1.md
    """
    if not (dates or since or missing):
        raise click.UsageError("Missing argument 'DATE|A..B'.")
    from qjaudio.pipeline import making, reading  # late: they load all that a run needs

    flags = {"minutes": minutes, "voice": voice, "out": out, "strict": strict or None, "wait": wait}
    now = datetime.datetime.now(datetime.UTC)
    order = making.Order(
        origin=origin,
        force=force,
        verify=verify,
        dry_run=dry_run,
        may_lack=if_new,
        expect_by=reading.parse_time(expect_by) if expect_by else None,
        words=tuple(options.words_of("make")),
    )
    if since or missing or shows or cluster or len(dates) > 1 or ".." in dates[0]:
        from qjaudio.cli.many import Many, make_many

        many = Many(
            words=dates, since=since, missing=missing, shows=shows, flags=flags, cluster=cluster
        )
        return make_many(many, order, now, as_json=as_json)
    day, config = reading.parse_date(dates[0], now), settings.load(flags)
    _publish_due(config, now, dry_run=dry_run)
    made = making.make_day(day, config, order, now=now, progress=Talk())
    if isinstance(made, making.NotMade):
        _print_not_made(made, as_json=as_json)
    elif isinstance(made, making.Rehearsed):
        _print_rehearsed(made, DRY_RUN if dry_run else SILENCE, as_json=as_json)
    else:
        _print_made(made, as_json=as_json, briefly=if_new)
        if config.exports and not made.draft:
            export_published(config, (made.episode.date,), now)
    return 0


def _publish_due(config: settings.Config, now: datetime.datetime, *, dry_run: bool) -> None:
    """Publish what is signed and due, and export it; a slip in the settings of that is told."""
    from qjaudio.pipeline.review import Review

    due = () if dry_run else Review(config=config, now=now, progress=Talk()).publish_due()
    if due:
        export_published(config, due, now)


def _print_not_made(answer: "NotMade", *, as_json: bool) -> None:
    if as_json:
        options.print_json({"date": answer.date, "made": False, "reason": answer.reason})
    else:
        options.answer(f"nothing made: {log.one_line(answer.reason)}")


def _print_rehearsed(rehearsed: "Rehearsed", reason: str, *, as_json: bool) -> None:
    """What the episode would be: its length and its chapters; the remarks are on stderr."""
    episode = rehearsed.episode
    if as_json:
        answer = {"date": episode.date, "made": False, "dry_run": True, "reason": reason}
        lengths = {"duration_s": episode.duration_ms / 1000, "engine": episode.engine}
        remarks = {"remarks": list(rehearsed.remarks), "chapters": _chapters_answer(episode)}
        options.print_json({**answer, **lengths, **remarks})
        return
    rows = [f"nothing made: {reason}", f"length   {options.clock_text(episode.duration_ms)}"]
    rows += [f"{options.clock_text(one.start_ms):>8}  {one.title}" for one in episode.chapters]
    options.answer("\n".join(map(log.one_line, rows)))


def _chapters_answer(episode: "Episode") -> list[dict[str, Any]]:
    return [
        {"start_s": chapter.start_ms // 1000, "title": chapter.title, "kind": chapter.kind}
        for chapter in episode.chapters
    ]


def _print_made(made: "Made", *, as_json: bool, briefly: bool) -> None:
    """File, length and feed; `briefly` says of a finished episode only that it is."""
    from qjaudio.pipeline.making import UNCHANGED

    if as_json:
        reason = {} if made.fresh else {"reason": UNCHANGED}
        options.print_json(_made_answer(made) | reason)
    elif briefly and not made.fresh:
        options.answer(f"nothing made: {UNCHANGED}")
    else:
        options.answer(_made_summary(made))


def _made_summary(made: "Made") -> str:
    """File, length, feed, and how many places are to be checked."""
    episode = made.episode
    length = options.clock_text(episode.duration_ms)
    stories = sum(chapter.kind == "story" for chapter in episode.chapters)
    voice = episode.engine if made.fresh else f"{episode.engine}, nothing changed"
    sign = f"qjaudio approve {episode.date} --as NAME"
    waits = f"draft    nothing public shows it; hear it, then {sign}" if made.draft else ""
    count, grave = sum(made.doubts.values()), made.doubts.get("grave", 0)
    look = f"see qjaudio read {episode.date} --html"
    check = f"\ncheck    {count} places, {grave} of them grave: {look}" if count else ""
    return (
        f"episode  {made.audio}\n"
        f"length   {length}, {stories} stories, voice {voice}\n"
        f"{waits or f'feed     {made.feed}'}{check}"
    )


def _made_answer(made: "Made") -> dict[str, Any]:
    """The same for a program."""
    return {
        "date": made.episode.date,
        "made": made.fresh,
        "audio": str(made.audio),
        "feed": str(made.feed),
        "duration_s": made.episode.duration_ms / 1000,
        "engine": made.episode.engine,
        "offline": made.episode.offline,
        "fresh": made.fresh,
        "clips_spoken": made.clips_spoken,
        "doubts": {kind: made.doubts.get(kind, 0) for kind in ("grave", "slight")},
        **({"listened": made.listened} if made.listened else {}),
        **({"draft": True} if made.draft else {}),
        "chapters": _chapters_answer(made.episode),
    }
