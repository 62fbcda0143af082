"""`qjaudio desk`."""

import contextlib
import datetime
import re
import ssl

import click

from qjaudio import config as settings
from qjaudio.cli import options
from qjaudio.errors import UsageError, unreadable


@click.command("desk")
@options.out_option
@click.option("--port", type=click.IntRange(0, 65535), metavar="PORT", default=8020,
              show_default=True, help="The port; 0 picks a free one.")  # fmt: skip
@click.option("--lan", is_flag=True, help="Allow other computers of the office.")
@click.option("--cert", metavar="FILE", help="A certificate, and its key, in PEM: serve by https.")
@click.option("--host", metavar="NAME", default="", help="A name of this computer, for --lan.")
def command(out: str | None, port: int, lan: bool, cert: str | None, host: str) -> None:
    """Open the desk: read an edition beside its pages, put it right, hear it, sign it.

    The first start prints an address at which the first administrator chooses a password.

    Example: qjaudio desk --lan --cert desk.pem
    """
    from qjaudio.desk.accounts import FILE, ROLES, Accounts  # late, so that --help is quick
    from qjaudio.desk.app import create_desk
    from qjaudio.pipeline.locking import BusyError, locked
    from qjaudio.web.server import serve_app

    if host and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}", host):
        reason = f"--host {host[:60]!r} is not the name of a computer"
        raise UsageError(reason, hint="give it alone: --host radio-pc")
    config = settings.load({"out": out})
    accounts = Accounts(config.out_folder / FILE)
    key = "" if accounts.everybody() else accounts.invite("", ROLES)
    tls = _certificate(cert) if cert else None
    if lan and not tls:
        options.tell(
            "warning: without --cert passwords and pages cross the network readable to whoever "
            "listens there; do this only in a network that you trust"
        )

    def announce(addresses: tuple[str, ...]) -> None:
        named = f"{addresses[0].partition(':')[0]}://{host}:{port}/" if host else ""
        for address in (*([named] if named else []), *addresses):
            options.answer(f"desk  {address}")
        if key:
            options.answer(
                f"first administrator, once, within 24 hours: {addresses[-1]}invited/{key}"
            )

    address = "0.0.0.0" if lan else "127.0.0.1"  # noqa: S104 - --lan asks for it
    desk = create_desk(config, accounts, host=host, tls=tls is not None)
    with contextlib.ExitStack() as alone:
        try:
            alone.enter_context(locked(config.output, "desk", datetime.datetime.now(datetime.UTC)))
        except BusyError:
            options.tell(
                "warning: another desk of this show is running: open that one, or stop it; "
                "people at two desks do not see each other"
            )
        serve_app(desk, address, port, announce, tls)


def _certificate(path: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(path)
    except OSError as error:  # also what is no certificate: ssl.SSLError is one
        raise unreadable(
            path, error, "give a file with a certificate and its key, in PEM"
        ) from error
    return context
