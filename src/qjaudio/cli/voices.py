"""`qjaudio voices`."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from qjaudio import config as settings
from qjaudio.cli import options
from qjaudio.language import padded, translated

if TYPE_CHECKING:
    from qjaudio.pipeline.voicing import Audition


@click.command("voices")
@click.option("--test", "testing", is_flag=True, help="Have each voice of the cast say a word.")
@options.json_option
def command(testing: bool, as_json: bool) -> None:
    """List the voices of each engine, best first; * marks those of the cast.

    Example: qjaudio voices --test
    """
    from qjaudio.pipeline import voicing  # late, so that --help does not wait for the engines

    config = settings.load()
    cast = voicing.cast_of(config, voicing.EngineChain(engines=config.chain))
    if testing:
        _tell(list(voicing.auditions(config, cast)), as_json=as_json)
        return
    rows = []
    for name, offered in voicing.voices_offered(config).items():
        taken = {reader.voice(name, offered): reader.name for reader in cast.readers.values()}
        rows += [{"voice": f"{name}:{voice}", "reader": taken.get(voice, "")} for voice in offered]
    if as_json:
        options.print_json({"voices": rows})
        return
    for row in rows:
        mark = "*" if row["reader"] else " "
        sample = f"qjaudio say 您好。 --voice {row['voice']}"
        click.echo(f"{mark} {row['voice']:26} {sample:54} {row['reader']}".rstrip())


def _tell(heard: "list[Audition]", *, as_json: bool) -> None:
    """One line for each voice, then what `make` would do now."""
    if as_json:
        options.print_json({"voices": [asdict(one) for one in heard]})
        return
    for one in heard:
        state = padded(translated("NO" if one.reason else "ok"), 3)
        cost = f"{one.minute_costs} a minute" if one.minute_costs else ""
        told = translated(one.reason) or f"{one.seconds:.1f} s {one.reader}  {translated(cost)}"
        click.echo(f"{state} {one.voice:28} {told}".rstrip())
    able = next((one.voice.partition(":")[0] for one in heard if not one.reason), "no engine")
    options.answer(f"--voice auto takes {able} now")
