"""`qjaudio export`."""

import datetime
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qjaudio import config as settings
from qjaudio.cli import options
from qjaudio.errors import UsageError

if TYPE_CHECKING:
    from qjaudio.outlets import Exported


@click.command("export")
@click.argument("date")
@click.option(
    "--as",
    "kinds",
    metavar="KIND",
    multiple=True,
    help="loudspeaker, stories, wechat, video, epub or m4b; may be given several times."
    "  [default: kinds in [export]]",
)
@click.option("--to", metavar="DIR", help="Where the files go.  [default: exports]")
@click.option(
    "--with",
    "given",
    metavar="NAME=VALUE",
    multiple=True,
    help="A setting of the kind, such as length=30:00 or lufs=-23.",
)
@click.option("--slow", is_flag=True, help="Export the slow edition, into slow/ of that folder.")
@options.all_of(options.out_option, options.json_option)
def command(
    date: str,
    kinds: tuple[str, ...],
    to: str | None,
    given: tuple[str, ...],
    slow: bool,
    out: str | None,
    as_json: bool,
) -> None:
    """Write the finished episode of DATE for other outlets; unchanged files stay.

    Example: qjaudio export 2025-05-20 --as loudspeaker --with length=30:00
    """
    from qjaudio import outlets  # late, as all that is heavy
    from qjaudio.pipeline.reading import parse_date

    now = datetime.datetime.now(datetime.UTC)
    config = settings.load({"out": out})
    config = replace(config, slow=True).editions[1] if slow else config
    wanted = outlets.wanted(config)
    more = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or len(kinds) != 1:
            reason = f"--with {text[:60]} sets nothing" if not equals else "--with is for one kind"
            raise UsageError(reason, hint="--as loudspeaker --with length=30:00")
        more[name.strip()] = value.strip()
    if kinds:
        wanted = {
            kind: outlets.outlet_of(kind, outlets.outlet_settings(config, kind) | more)
            for kind in kinds
        }
    if not wanted:
        raise UsageError("no kind of export is named", hint=f"--as {'|'.join(outlets.KINDS)}")
    day = parse_date(date, now).isoformat()
    made = outlets.export(
        config, day, wanted, now=now, progress=options.Talk(), folder=Path(to) if to else None
    )
    _tell_exports(made, as_json=as_json)


def _tell_exports(exports: Iterable["Exported"], *, as_json: bool) -> None:
    """Print each kind as it is ready; what is left out goes to stderr."""
    answers = []
    for one in exports:
        for remark in one.remarks:
            options.tell(f"· {one.kind}: {remark}")
        files = list(map(str, one.files))
        answers.append({"kind": one.kind, "files": files, "fresh": one.fresh,
                        "remarks": list(one.remarks)})  # fmt: skip
        if not as_json:
            told = files if one.fresh else [f"{path}  (nothing changed)" for path in files]
            options.answer("\n".join(f"{one.kind:12}{path}" for path in told))
    if as_json:
        options.print_json({"exports": answers})


def export_published(config: settings.Config, dates: Iterable[str], now: datetime.datetime) -> None:
    """Write what the settings `[export]` ask for of episodes that are published; told on stderr."""
    if not config.exports:
        return
    from qjaudio import outlets

    kinds = outlets.wanted(config)
    for date in dates if kinds else ():
        for one in outlets.export(config, date, kinds, now=now, progress=options.Talk()):
            for text in (*one.remarks, *map(str, one.files)):
                options.tell(f"· {one.kind}: {text}")
