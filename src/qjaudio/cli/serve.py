"""`qjaudio serve`."""

import click

from qjaudio import config as settings
from qjaudio.cli import options
from qjaudio.errors import NotAnIssueError
from qjaudio.pipeline.publishing import served_base
from qjaudio.web.qr import terminal_qr
from qjaudio.web.server import serve


@click.command("serve")
@options.out_option
@click.option("--port", type=click.IntRange(0, 65535), default=8010, show_default=True,
              help="The port; 0 takes a free one.")  # fmt: skip
@click.option("--lan", is_flag=True, help="Let phones in the same network in; prints a QR code.")
def command(out: str | None, port: int, lan: bool) -> None:
    """Serve the output folder to podcast apps and browsers until Ctrl-C.

    Example: qjaudio serve --lan
    """
    config = settings.load({"out": out})
    root = config.out_folder
    if not root.is_dir():
        raise NotAnIssueError(f"there is no folder {root}", hint="make an episode first")

    def announce(addresses: tuple[str, ...]) -> None:
        for address in addresses:
            click.echo(f"page  {address}\nfeed  {address}feed.xml")
        if lan:
            click.echo(terminal_qr(f"{addresses[0]}feed.xml"))

    host = "0.0.0.0" if lan else "127.0.0.1"  # noqa: S104 - --lan asks for it
    serve(root, host=host, port=port, base_url=served_base(config), announce=announce)
