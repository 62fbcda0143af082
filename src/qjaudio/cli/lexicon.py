"""`qjaudio lexicon`."""

from typing import Any

import click

from qjaudio import config as settings
from qjaudio.cli import options
from qjaudio.pipeline import lexicons


@click.group("lexicon", invoke_without_command=True)
@options.json_option
@click.pass_context
def command(context: click.Context, as_json: bool) -> None:
    """List the readings of your own lexicon, or add one.

    Example: qjaudio lexicon add 贵丽青 "gui4 li4 qing1"
    """
    if context.invoked_subcommand:
        return
    entries = lexicons.own_lexicon(settings.load()).entries.values()
    rows: list[dict[str, Any]] = [
        {"text": entry.text, "reading": list(entry.reading), "homophone": entry.homophone}
        for entry in entries
    ]
    if as_json:
        options.print_json(rows)
    else:
        for row in rows:
            click.echo(f"{row['text']}  {' '.join(row['reading'])}  {row['homophone']}".rstrip())


@command.command("add", short_help="add a reading of your own")
@click.argument("text")
@click.argument("reading")
@click.option("--homophone", default="", help="What to write for the online voice instead.")
def add_to_lexicon(text: str, reading: str, homophone: str) -> None:
    """Add the READING of TEXT: pinyin with tone digits, one syllable per character.

    Example: qjaudio lexicon add 廿里 "nian4 li3" --homophone 念里
    """
    click.echo(lexicons.add_reading(settings.load(), text, reading, homophone))
