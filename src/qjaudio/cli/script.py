"""`qjaudio script`."""

import datetime

import click

from qjaudio import config as settings
from qjaudio.cli import options
from qjaudio.cli.options import Talk


@click.command("script")
@click.argument("date")
@options.all_of(
    options.from_option, options.minutes_option, options.out_option, options.force_option,
    options.verbose_option, options.json_option,
)  # fmt: skip
def command(
    date: str,
    origin: str | None,
    minutes: float | None,
    out: str | None,
    force: bool,
    as_json: bool,
) -> None:
    """Write the script of DATE, to be read and edited before `qjaudio make` speaks it.

    Example: qjaudio script 2025-05-20
    """
    from qjaudio.pipeline import scripting  # late, so that --help is quick
    from qjaudio.pipeline.locking import locked
    from qjaudio.pipeline.reading import issue_of, parse_date
    from qjaudio.script.model import script_json

    config = settings.load({"minutes": minutes, "out": out})
    folder = config.output
    now = datetime.datetime.now(datetime.UTC)
    day = parse_date(date, now)
    issue = issue_of(day, origin, config, force=force)
    with locked(folder, day.isoformat(), now):
        found = scripting.find_script(folder, day.isoformat(), links_to=config.links_to)
        scripted = scripting.script_issue(issue, config, folder, found)
        kept = scripting.write_stages(folder, issue, scripted, found)
    see = str(folder.stage(day.isoformat(), scripting.SCRIPT_JSON))
    for remark in (*scripted.messages(see=see), *kept):
        Talk().say(remark)
    if as_json:
        options.print_json({"edited": scripted.edited, **script_json(scripted.script)})
    else:
        click.echo(folder.stage(day.isoformat(), scripting.SCRIPT))
