"""`qjaudio check`."""

from dataclasses import asdict

import click

from qjaudio import config as settings
from qjaudio.cli import options
from qjaudio.pipeline import checking
from qjaudio.pipeline.reading import parse_date
from qjaudio.store import OutFolder

MISSING = 5


@click.command("check")
@click.argument("date", required=False)
@options.all_of(options.out_option, options.json_option)
def command(date: str | None, out: str | None, as_json: bool) -> int:
    """Check the installation, or prove that the episode of DATE says all of its script.

    Example: qjaudio check 2025-05-20
    """
    config = settings.load({"out": out})
    if date:
        _prove(OutFolder(config.out_folder), parse_date(date).isoformat(), as_json=as_json)
        return 0
    findings = list(checking.installation(config))
    if as_json:
        options.print_json([asdict(finding) for finding in findings])
    for finding in [] if as_json else findings:
        mark = "ok " if finding.good else "NO " if finding.needed else "-  "
        click.echo(f"{mark} {finding.what:14} {finding.found}")
    return 0 if all(finding.good or not finding.needed for finding in findings) else MISSING


def _prove(out: OutFolder, date: str, *, as_json: bool) -> None:
    proof = checking.prove(out, date)
    if as_json:
        options.print_json(asdict(proof))
        return
    click.echo(f"coverage  {proof.spoken_chars} of {proof.selected_chars} characters spoken")
    click.echo(f"length    {proof.duration_ms / 1000:.1f} s")
    click.echo(f"loudness  {proof.lufs:.1f} LUFS, true peak {proof.true_peak:.1f} dBTP")
