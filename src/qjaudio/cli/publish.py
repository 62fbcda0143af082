"""`qjaudio publish`."""

import datetime
from typing import TYPE_CHECKING, Any

import click

from qjaudio import config as settings
from qjaudio.cli import options
from qjaudio.cli.options import Talk

if TYPE_CHECKING:
    from qjaudio.pipeline.publishing import Mirrored


@click.command("publish")
@click.argument("target", required=False)
@options.out_option
@click.option("--dry-run", is_flag=True, help="Send nothing; list what would be sent, in order.")
@click.option("--adopt", is_flag=True, help="Replace files there that this show did not send.")
@options.json_option
def command(target: str | None, out: str | None, dry_run: bool, adopt: bool, as_json: bool) -> None:
    """Publish the show to TARGET: a folder, sftp://user@host/path or s3://bucket/folder.

    Without TARGET the setting publish_to is taken. Only what changed is sent, the feed last;
    an interrupted run is resumed by the next.

    Example: qjaudio publish sftp://radio@example.cn/srv/www/qj
    """
    from qjaudio.pipeline.publishing import mirror  # late, so that --help is quick
    from qjaudio.pipeline.review import Review

    config, now = settings.load({"out": out}), datetime.datetime.now(datetime.UTC)
    if not dry_run:
        Review(config=config, now=now, progress=Talk()).publish_due()
    mirrored = mirror(
        target=target, config=config, out=config.output, progress=Talk(), now=now, dry_run=dry_run,
        adopt=adopt,
    )  # fmt: skip
    if as_json:
        options.print_json(publish_answer(mirrored))
    else:
        options.answer(publish_summary(mirrored))


def publish_summary(mirrored: "Mirrored") -> str:
    """A line with the numbers; before it, for a dry run, a line for each file."""
    count, size = len(mirrored.sent), mirrored.sent_bytes
    files = f"{count} files to send" if mirrored.dry_run else f"{count} files sent"
    lines = [f"{one.size:>12,}  {one.name}" for one in mirrored.sent] if mirrored.dry_run else []
    lines.append(f"{mirrored.target}  {files}, {size:,} bytes; {mirrored.unchanged} unchanged")
    if mirrored.removed:
        lines.append(f"withdrawn: {len(mirrored.removed)} files removed there")
    if mirrored.left:
        lines.append(f"withdrawn, to be removed there by hand: {', '.join(mirrored.left)}")
    return "\n".join(lines)


def publish_answer(mirrored: "Mirrored") -> dict[str, Any]:
    """The same for a program."""
    return {
        "target": mirrored.target,
        "dry_run": mirrored.dry_run,
        "sent": [{"name": one.name, "bytes": one.size} for one in mirrored.sent],
        "sent_bytes": mirrored.sent_bytes,
        "unchanged": mirrored.unchanged,
        **({"removed": mirrored.removed} if mirrored.removed else {}),
        **({"left": mirrored.left} if mirrored.left else {}),
    }
