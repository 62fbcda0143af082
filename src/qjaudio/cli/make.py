"""`qjaudio make`."""

import datetime
from typing import Any

import click

from qjaudio import config as settings
from qjaudio.cli import options
from qjaudio.cli.talk import Talk
from qjaudio.pipeline import making
from qjaudio.pipeline.reading import issue_of, parse_date
from qjaudio.pipeline.scripting import script_issue
from qjaudio.store import OutFolder


@click.command("make")
@click.argument("date")
@options.all_of(
    options.from_option,
    options.minutes_option,
    options.voice_option,
    options.out_option,
    options.force_option,
)
@click.option("--dry-run", is_flag=True, help="Speak timed silence: the same as --voice silent.")
@options.json_option
def command(  # noqa: PLR0913, PLR0917 - the options of the design
    date: str,
    origin: str | None,
    minutes: float | None,
    voice: str | None,
    out: str | None,
    force: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Make the episode of DATE and update the feed.

    Example: qjaudio make 2025-05-20 --from pages/page1.md
    """
    voice = "silent" if dry_run else voice
    config = settings.load({"minutes": minutes, "voice": voice, "out": out})
    folder = OutFolder(config.out_folder)
    talk = Talk()
    day = parse_date(date)
    issue = issue_of(day, origin, config, force=force)
    talk.say(f"{issue.masthead.paper} {date}: {len(issue.articles)} articles")
    scripted = script_issue(issue, config, folder)
    for remark in scripted.told:
        talk.say(remark)
    made = making.make(
        issue=issue,
        scripted=scripted,
        config=config,
        out=folder,
        progress=talk,
        now=datetime.datetime.now(datetime.UTC),
    )
    if as_json:
        options.print_json(as_answer(made))
    else:
        click.echo(summary(made))


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
    return {
        "date": made.episode.date,
        "audio": str(made.audio),
        "feed": str(made.feed),
        "duration_s": made.episode.duration_ms / 1000,
        "engine": made.episode.engine,
        "offline": made.episode.offline,
        "fresh": made.fresh,
        "clips_spoken": made.clips_spoken,
        "chapters": [
            {"start_s": chapter.start_ms // 1000, "title": chapter.title, "kind": chapter.kind}
            for chapter in made.episode.chapters
        ],
    }
