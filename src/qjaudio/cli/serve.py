"""`qjaudio serve`."""

import os

import click

from qjaudio import config as settings
from qjaudio.cli import options
from qjaudio.errors import NotAnIssueError


@click.command("serve")
@options.out_option
@click.option("--port", type=click.IntRange(0, 65535), metavar="PORT", default=8010,
              show_default=True, help="The port; 0 picks a free one.")  # fmt: skip
@click.option("--lan", is_flag=True,
              help="Allow phones on the same network; prints QR codes.")  # fmt: skip
@click.option("--key", is_flag=False, flag_value="", metavar="[KEY]",
              help="Serve only under /KEY/; alone: as the setting says, or a new one.")  # fmt: skip
@click.option("--count", "counts", is_flag=True,
              help="Keep count of who listens, without addresses, for qjaudio stats.")  # fmt: skip
def command(out: str | None, port: int, lan: bool, key: str | None, counts: bool) -> None:
    """Serve the output folder to podcast apps and browsers until Ctrl-C.

    Example: qjaudio serve --lan
    """
    if counts:  # read by aiohttp when it is imported: what the system sends is not counted
        os.environ["AIOHTTP_NOSENDFILE"] = "1"
    from qjaudio.pipeline.publishing import served_base  # late, so that --help is quick
    from qjaudio.web.addresses import new_key, terminal_qr
    from qjaudio.web.server import serve

    config = settings.load({"out": out, "key": key or None})
    root = config.out_folder
    if not root.is_dir():
        raise NotAnIssueError(f"there is no folder {root}", hint="make an episode first")
    chosen = config.key
    if key is not None and not chosen:
        chosen = new_key()
        options.tell('a new key, for this run; to keep it write key = "…" in qjaudio.toml')

    def announce(addresses: tuple[str, ...]) -> None:
        for address in addresses:
            options.answer(f"page  {address}\nfeed  {address}feed.xml")
        if lan:
            for name, address in (("page", addresses[0]), ("feed", f"{addresses[0]}feed.xml")):
                click.echo(f"\n{name}  {address}\n{terminal_qr(address)}")

    host = "0.0.0.0" if lan else "127.0.0.1"  # noqa: S104 - --lan asks for it
    serve(
        root,
        host=host,
        port=port,
        base_url=served_base(config),
        key=chosen,
        audience=config.output.audience if counts else None,
        announce=announce,
    )
