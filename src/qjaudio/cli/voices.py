"""`qjaudio voices`."""

import click

from qjaudio import config as settings
from qjaudio import plugins
from qjaudio.cli import options
from qjaudio.pipeline import voicing


@click.command("voices")
@click.option("--test", "testing", is_flag=True, help="Ask the online voice whether it answers.")
@options.json_option
def command(testing: bool, as_json: bool) -> None:
    """List the voices of each engine, best first; * marks those of the cast.

    Example: qjaudio voices --test
    """
    config = settings.load()
    cast = voicing.cast_of(config, voicing.Choice(engine="auto"))
    rows = []
    for name in plugins.names(plugins.ENGINES):
        offered = voicing.bare_engine(name, config).voices
        taken = {reader.voice(name, offered): reader.name for reader in cast.readers.values()}
        rows += [{"voice": f"{name}:{voice}", "reader": taken.get(voice, "")} for voice in offered]
    state = ("no: " + reason if (reason := voicing.probe(config)) else "yes") if testing else None
    if as_json:
        options.print_json({"voices": rows, "online_answers": state})
        return
    for row in rows:
        click.echo(f"{'*' if row['reader'] else ' '} {row['voice']:28} {row['reader']}".rstrip())
    if state:
        click.echo(f"online voice answers: {state}")
