"""`qjaudio say`."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from qjaudio import config as settings
from qjaudio.cli import options
from qjaudio.cli.options import Talk
from qjaudio.errors import UsageError
from qjaudio.language import translated
from qjaudio.pipeline.lexicons import lexicon_of
from qjaudio.script.pronounce import explain


@click.command("say")
@click.argument("text")
@click.option("-o", "--output", metavar="FILE", help="Where the MP3 goes.  [default: say.mp3]")
@options.voice_option
@click.option("--explain", "explaining", is_flag=True, help="Show spoken form and readings only.")
@options.json_option
def command(
    text: str, output: str | None, voice: str | None, explaining: bool, as_json: bool
) -> None:
    """Speak one line, or explain it. With TEXT -, read one text per line from stdin.

    Example: qjaudio say 廿里镇2025年增长5% --explain
    """
    config = settings.load({"voice": voice})
    if explaining:
        lexicon = lexicon_of(config)
        for line in _input_texts(text):
            found = explain(line, lexicon)
            if as_json:
                click.echo(options.json_text(found.as_json()))
            else:
                for *row, why in found.as_table():
                    said = ", ".join(map(translated, why.split(", ")))
                    click.echo("  ".join((*row, translated(said))))
        return
    from qjaudio.pipeline.voicing import say

    path = Path(output or "say.mp3")
    length = say("\n".join(_input_texts(text)), config, path, Talk().say)
    if as_json:
        options.print_json({"audio": str(path), "duration_s": length})
    else:
        click.echo(path)


def _input_texts(words: str) -> Iterator[str]:
    """The text on the command line, or each line of stdin, which must be UTF-8."""
    if words != "-":
        yield words
        return
    try:
        for line in sys.stdin.buffer:
            # Half a surrogate pair, as some programs write for an emoji, is no other encoding.
            text = line.decode("utf-8", "surrogatepass").rstrip("\r\n")
            yield text.encode("utf-8", "replace").decode("utf-8")
    except UnicodeDecodeError as error:
        reason = "stdin is not UTF-8"
        raise UsageError(reason, hint="convert it: iconv -f gb18030 -t utf-8") from error
